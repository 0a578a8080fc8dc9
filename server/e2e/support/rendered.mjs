// Apps that render their pages on a server, with the README's code as it stands:
// a framework's part is played by a small HTTP server.
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { folder, tree } from "../harness.mjs";
import { startBetween } from "./between.mjs";
import { script } from "./readme.mjs";
import { claims } from "./token.mjs";

// Two modules of Next.js, as far as the README uses them; NextResponse tells what
// it passes on in the headers that the real one uses.
const next = {
  "node_modules/next/package.json": '{"type":"module","exports":{"./server":"./server.js","./headers":"./headers.js"}}',
  "node_modules/next/server.js": `export class NextResponse extends Response {
    static next({ request }) {
      const headers = new Headers({ "x-middleware-next": "1", "x-middleware-override-headers": [...request.headers.keys()].join(",") });
      for (const [name, value] of request.headers) headers.set("x-middleware-request-" + name, value);
      return new NextResponse(null, { headers });
    }
  }`,
  "node_modules/next/headers.js": `import { AsyncLocalStorage } from "node:async_hooks";
    export const rendering = new AsyncLocalStorage();
    export const headers = async () => rendering.getStore();`,
};

/** What makes an answer of a request and a page, per framework. */
export const frameworks = {
  async SvelteKit(url) {
    const load = await written({ "src/hooks.server.js": script("src/hooks.server.js", url) });
    const { handle } = await load("src/hooks.server.js");
    return (request, page) => handle({ event: { request, locals: {} }, resolve: (event) => page(event.locals.pb) });
  },
  async Next(url) {
    const load = await written({ ...next, "proxy.js": script("proxy.js", url), "lib/pocketbase.js": script("lib/pocketbase.js", url) });
    const [{ proxy }, { pocketbase }] = [await load("proxy.js"), await load("lib/pocketbase.js")];
    const { rendering } = await load("node_modules/next/headers.js");
    return async (request, page) => {
      const passed = await proxy(request);
      const names = passed.headers.get("x-middleware-override-headers").split(",");
      const headers = new Headers(names.map((name) => [name, passed.headers.get(`x-middleware-request-${name}`)]));
      const response = await rendering.run(headers, async () => page(await pocketbase()));
      for (const cookie of passed.headers.getSetCookie()) response.headers.append("set-cookie", cookie);
      return response;
    };
  },
};

async function written(files) {
  const dir = await folder("rendered");
  for (const [name, text] of Object.entries({ "package.json": '{"type":"module"}', ...files })) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  await mkdir(join(dir, "node_modules"), { recursive: true });
  await symlink(join(tree, "server/e2e/node_modules/pocketbase"), join(dir, "node_modules/pocketbase"));
  return (name) => import(pathToFileURL(join(dir, name)));
}

/**
 * Starts an app whose page /<id> shows who asks, and whether they may read the
 * post of that id. rendered is every page there was, those included that nobody
 * waited for.
 */
export async function startApp(framework, hapta) {
  const between = await startBetween(hapta);
  const answer = await frameworks[framework](between.url);
  const app = { between, rendered: [], running: 0 };
  const page = (id) => async (pb) => {
    const { token, record } = pb.authStore;
    const reads = await pb
      .collection("posts")
      .getOne(id)
      .then(
        () => true,
        (error) => (error.status === 404 ? false : Promise.reject(error)),
      );
    const shown = { user: record?.id ?? null, reads, generation: token ? claims(token).gen : null };
    app.rendered.push(shown);
    return Response.json(shown);
  };
  const server = createServer(async (incoming, outgoing) => {
    app.running++;
    try {
      const request = new Request(app.url + incoming.url, { headers: incoming.headers });
      const response = await answer(request, page(incoming.url.slice(1)));
      const body = await response.text();
      outgoing.setHeader("Set-Cookie", response.headers.getSetCookie());
      outgoing.end(body);
    } catch (error) {
      outgoing.writeHead(500).end(String(error));
    } finally {
      app.running--;
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  app.url = `http://127.0.0.1:${server.address().port}`;
  app.stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await between.stop();
  };
  return app;
}
