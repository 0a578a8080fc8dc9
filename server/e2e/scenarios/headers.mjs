import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { send, sendLine } from "../support/send.mjs";

export default (world) =>
  describe("headers", () => {
    const path = "/api/collections/posts/records?perPage=1";

    it("number each request", async () => {
      const ids = new Set();
      for (const where of [path, "/api/settings", "/api/hapta/health"])
        ids.add((await send(world.url, "GET", where)).headers.get("x-request-id"));
      assert.equal(ids.size, 3);
      assert.ok(!ids.has(null));
    });

    it("let pages of other origins ask", async () => {
      const preflight = await send(world.url, "OPTIONS", path, {
        headers: {
          Origin: "https://app.example.com",
          "Access-Control-Request-Method": "PATCH",
          "Access-Control-Request-Headers": "authorization,content-type",
        },
      });
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

    // What PocketBase's rules saw of a request.
    const seen = async (query, headers) => {
      const { status, text } = await sendLine(world.url, `GET /api/collections/mirror/records?sort=seen${query} HTTP/1.1`, headers);
      assert.equal(status, 200, text);
      return JSON.parse(text).items.map((item) => item.seen);
    };

    it("and the query are there for PocketBase's rules", async () => {
      assert.deepEqual(await seen("", {}), []);
      assert.deepEqual(await seen("&q=yes", { "X-Custom": "yes" }), ["custom", "query"]);
    });

    it("say nothing in Hapta's name, however they are written", async () => {
      for (const name of ["X-Hapta-Caller", "X_Hapta_Caller", "x.hapta.caller", "X-HAPTA_CALLER", "x-hapta.caller"]) {
        assert.deepEqual(await seen("", { [name]: "users/someone", "X-Custom": "yes" }), ["custom"], name);
      }
    });

    it("claim no address and carry no cookie", async () => {
      for (const name of [
        "X-Forwarded-For",
        "X_Forwarded_For",
        "x.forwarded.for",
        "X-Real-IP",
        "X_Real_IP",
        "Forwarded",
        "CF-Connecting-IP",
      ]) {
        assert.deepEqual(await seen("", { [name]: "6.6.6.6" }), [], name);
      }
      assert.deepEqual(await seen("", { Cookie: "pb_auth=x" }), []);
    });

    it("name JSON as JSON", async () => {
      for (const where of [path, "/api/settings", "/api/collections/posts/records/none"]) {
        assert.match((await send(world.url, "GET", where)).headers.get("content-type"), /^application\/json/);
      }
    });
  });
