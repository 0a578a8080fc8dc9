import { describe, it } from "node:test";
import { answersRefusal, refused, refusedByPocketBase } from "../support/expect.mjs";
import { send } from "../support/send.mjs";

export default (world) =>
  describe("ways to sign in whose tokens are not exchanged", () => {
    const code = "sign_in_way_unavailable";

    it("leaves it to PocketBase whether there are one-time passwords", async () => {
      await refusedByPocketBase(world.guest().collection("users").requestOTP("user01@example.com"), 403);
      await refusedByPocketBase(world.guest().collection("users").authWithOTP("x", "123456"), 403);
    });

    it("refuses the provider's own way back", async () => {
      for (const method of ["GET", "POST"]) answersRefusal(await send(world.url, method, "/api/oauth2-redirect?state=x&code=y"), 403, code);
    });
  });
