// An app in a browser, on an origin of its own: a page with a button that signs
// in by the official SDK's popup, and what came of it.
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:http";
import { freePort } from "./ports.mjs";

const sdk = await readFile(new URL("../node_modules/pocketbase/dist/pocketbase.umd.js", import.meta.url));

const page = `<!doctype html>
<title>An app</title>
<script src="sdk.js"></script>
<script>
  const { url, collection } = Object.fromEntries(new URLSearchParams(location.search));
  const app = { settled: false };
  app.signIn = () => {
    app.outcome = new PocketBase(url).collection(collection).authWithOAuth2({ provider: "oidc" })
      .catch((error) => ({ status: error.status, response: error.response, wrong: String(error.originalError ?? error) }))
      .finally(() => (app.settled = true));
  };
</script>
<button id="sign-in" onclick="app.signIn()">Sign in</button>`;

/** Serves it. at(url, collection) is its address, for signing in there. */
export async function serveApp() {
  const server = createServer((request, answer) => {
    const script = request.url === "/sdk.js";
    answer.setHeader("Content-Type", script ? "text/javascript" : "text/html").end(script ? sdk : page);
  });
  const origin = `http://127.0.0.1:${await freePort()}`;
  server.listen(Number(new URL(origin).port), "127.0.0.1");
  await once(server, "listening");
  return {
    at: (url, collection) => `${origin}/?${new URLSearchParams({ url, collection })}`,
    stop: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}
