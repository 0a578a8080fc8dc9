import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { removeFolders } from "./harness.mjs";
import { send } from "./support/send.mjs";
import { startEmbedded } from "./support/start.mjs";

// Whom PocketBase's own hook takes a request to come from; support/collections.mjs has the hook.
const address = async (world, headers) => {
  const { json, text } = await send(world.url, "POST", "/api/collections/notes/records", { json: { title: "who?" }, headers });
  assert.ok(json?.body, text);
  return JSON.parse(json.body).address;
};

describe("behind a proxy", () => {
  const worlds = [];
  const start = async (env) => {
    worlds.push(await startEmbedded(env));
    return worlds.at(-1);
  };
  after(async () => {
    for (const world of worlds) await world.stop();
    await removeFolders();
  });

  it("that is trusted, PocketBase sees the client", async () => {
    const world = await start({ HAPTA_SERVER_TRUSTED_PROXIES: "127.0.0.1, 10.0.0.0/8" });
    assert.equal(await address(world, {}), "127.0.0.1");
    assert.equal(await address(world, { "X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.1.2.3" }), "203.0.113.9");
    assert.equal(await address(world, { "X-Real-IP": "6.6.6.6" }), "127.0.0.1");
  });

  it("that nobody named, PocketBase sees the proxy", async () => {
    const world = await start({});
    assert.equal(await address(world, { "X-Forwarded-For": "203.0.113.9" }), "127.0.0.1");
  });
});
