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

    it("refuses OAuth2", async () => {
      await refused(world.guest().collection("users").authWithOAuth2Code("github", "code", "verifier", `${world.url}/done`), 403, code);
      for (const method of ["GET", "POST"]) answersRefusal(await send(world.url, method, "/api/oauth2-redirect?state=x&code=y"), 403, code);
    });

    it("refuses it by id and in any case too", async () => {
      for (const name of ["USERS", await world.collectionId("users")]) {
        answersRefusal(await send(world.url, "POST", `/api/collections/${name}/auth-with-oauth2`, { json: {} }), 403, code);
      }
    });
  });
