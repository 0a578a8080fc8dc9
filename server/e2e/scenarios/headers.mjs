import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { send } from "../support/send.mjs";

export default (world) => describe("headers", () => {
  const path = "/api/collections/posts/records?perPage=1";

  it("number each request", async () => {
    const ids = new Set();
    for (const where of [path, "/api/settings", "/api/hapta/health"]) ids.add((await send(world.url, "GET", where)).headers.get("x-request-id"));
    assert.equal(ids.size, 3);
    assert.ok(!ids.has(null));
  });

  it("let pages of other origins ask", async () => {
    const preflight = await send(world.url, "OPTIONS", path, { headers: { Origin: "https://app.example.com", "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization,content-type" } });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
    assert.match(preflight.headers.get("access-control-allow-methods"), /\bPATCH\b/);
    assert.match(preflight.headers.get("access-control-allow-headers"), /authorization/i);
    const answer = await send(world.url, "GET", path, { headers: { Origin: "https://app.example.com" } });
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  });

  it("tell nothing of what stands behind", async () => {
    const answer = await send(world.url, "GET", path);
    assert.equal(answer.headers.get("server"), null);
    for (const [name, value] of answer.headers) assert.ok(!value.includes(new URL(world.databaseURL).host), `${name}: ${value}`);
  });

  it("name JSON as JSON", async () => {
    for (const where of [path, "/api/settings", "/api/collections/posts/records/none"]) {
      assert.match((await send(world.url, "GET", where)).headers.get("content-type"), /^application\/json/);
    }
  });
});
