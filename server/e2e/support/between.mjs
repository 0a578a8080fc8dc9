// Stands between a client and Hapta, to lose an answer or to see it come: no real
// network does so when it is told to.
import { once } from "node:events";
import { createServer } from "node:http";

/** refreshed is called when Hapta has answered a refresh; if it returns false, the answer is lost. */
export async function startBetween(hapta) {
  const between = { refreshed: () => {} };
  const server = createServer(async (incoming, outgoing) => {
    const headers = { ...incoming.headers };
    for (const name of ["host", "connection", "content-length", "transfer-encoding", "expect"]) delete headers[name];
    const body = Buffer.concat(await incoming.toArray());
    const answer = await fetch(hapta + incoming.url, { method: incoming.method, headers, ...(body.length && { body }) });
    const text = await answer.text();
    if (incoming.url.endsWith("/auth-refresh") && (await between.refreshed()) === false) return outgoing.destroy();
    outgoing.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "" }).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  between.url = `http://127.0.0.1:${server.address().port}`;
  between.stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return between;
}
