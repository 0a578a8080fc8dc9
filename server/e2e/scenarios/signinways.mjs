import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { refusedByPocketBase } from "../support/expect.mjs";
import { send } from "../support/send.mjs";

export default (world) =>
  describe("ways to sign in that nobody has begun", () => {
    it("leaves it to PocketBase whether there are one-time passwords", async () => {
      await refusedByPocketBase(world.guest().collection("users").requestOTP("user01@example.com"), 403);
      await refusedByPocketBase(world.guest().collection("users").authWithOTP("x", "123456"), 403);
    });

    it("sends whoever comes back from a provider on to a page", async () => {
      for (const [method, status] of [
        ["GET", 307],
        ["POST", 303],
      ]) {
        const answer = await send(world.url, method, "/api/oauth2-redirect?state=x&code=y");
        assert.deepEqual([answer.status, answer.headers.get("Location")], [status, "../_/#/auth/oauth2-redirect-failure"]);
      }
    });
  });
