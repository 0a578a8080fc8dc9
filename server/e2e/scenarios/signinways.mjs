import { describe, it } from "node:test";
import { answersRefusal, refused } from "../support/expect.mjs";
import { send } from "../support/send.mjs";

export default (world) =>
  describe("ways to sign in whose tokens are not exchanged", () => {
    const code = "sign_in_way_unavailable";

    it("refuses one-time passwords", async () => {
      await refused(world.guest().collection("users").requestOTP("user01@example.com"), 403, code);
      await refused(world.guest().collection("users").authWithOTP("x", "123456"), 403, code);
    });

    it("refuses the provider's own way back", async () => {
      for (const method of ["GET", "POST"]) answersRefusal(await send(world.url, method, "/api/oauth2-redirect?state=x&code=y"), 403, code);
    });

    it("refuses them by id and in any case too", async () => {
      for (const name of ["USERS", await world.collectionId("users")]) {
        for (const way of ["request-otp", "auth-with-otp"]) {
          answersRefusal(await send(world.url, "POST", `/api/collections/${name}/${way}`, { json: {} }), 403, code);
        }
      }
    });
  });
