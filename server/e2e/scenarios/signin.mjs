import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { lacks, notFound, refused, refusedByPocketBase } from "../support/expect.mjs";
import { claims, payload } from "../support/token.mjs";
import { client, password, signIn } from "../support/world.mjs";

export default (world) =>
  describe("signing in", () => {
    let user, draft;
    before(async () => {
      user = await world.user({ bio: "Mine", private: true });
      draft = await world.post(user, { published: false });
    });

    it("returns a token of Hapta's that the SDK takes", async () => {
      const { id, type, collectionId, exp, refreshable } = claims(user.token);
      assert.deepEqual(
        { id, type, collectionId, refreshable },
        { id: user.id, type: "auth", collectionId: await world.collectionId("users"), refreshable: true },
      );
      const duration = (await world.root.collections.getOne("users")).authToken.duration;
      assert.ok(Math.abs(exp - Date.now() / 1000 - duration) < 60, `exp ${exp} is not ${duration} s from now`);

      const { authStore } = user.client;
      assert.ok(authStore.isValid);
      assert.equal(authStore.record.id, user.id);
      assert.equal(authStore.isSuperuser, false);
    });

    it("writes no - and _ into any token's payload, for the SDK hands it to atob", async () => {
      for (let n = 0; n < 5; n++) {
        const again = await signIn(world.url, user);
        assert.match(payload(again.authStore.token), /^[A-Za-z0-9]+$/);
        assert.equal(JSON.parse(atob(payload(again.authStore.token))).id, user.id);
      }
    });

    it("shows the user their own record whole, and no hidden field", async () => {
      const { record } = await world.guest().collection("users").authWithPassword(user.email, password);
      assert.equal(record.bio, "Mine");
      assert.equal(record.email, user.email);
      lacks(record, "moderation_note", "tokenKey", "password");
    });

    it("takes the collection by id and by name in any case", async () => {
      for (const name of ["USERS", "uSeRs", await world.collectionId("users")]) {
        const { token, record } = await world.guest().collection(name).authWithPassword(user.email, password);
        assert.equal(record.id, user.id);
        assert.equal(claims(token).id, user.id);
      }
    });

    it("picks fields, and hands out Hapta's token alone whatever is picked", async () => {
      const f = async (fields, keys) => {
        const answer = await world
          .guest()
          .send("/api/collections/users/auth-with-password", {
            method: "POST",
            body: { identity: user.email, password },
            query: { fields },
          });
        assert.deepEqual(Object.keys(answer).sort(), keys);
        if (answer.token) assert.equal(typeof claims(answer.token).sid, "string", "not a session's token");
      };
      await f("token", ["token"]);
      await f("record.id", ["record"]);
      await f("token,record.name", ["record", "token"]);
    });

    it("is refused with a wrong password", async () => {
      await refusedByPocketBase(world.guest().collection("users").authWithPassword(user.email, "wrong-password"), 400);
      await refusedByPocketBase(world.guest().collection("users").authWithPassword("nobody@example.com", password), 400);
    });

    it("is not there for what has no accounts", async () => {
      await notFound(world.guest().collection("notes").authWithPassword(user.email, password));
      await notFound(world.guest().collection("nothing").authWithPassword(user.email, password));
    });

    it("refreshes the session, and the token of the answer works", async () => {
      const mine = await signIn(world.url, user);
      const { token, record } = await mine.collection("users").authRefresh();
      assert.equal(record.id, user.id);
      assert.equal(mine.authStore.token, token);
      assert.match(payload(token), /^[A-Za-z0-9]+$/);
      assert.equal((await mine.collection("posts").getOne(draft.id)).id, draft.id);
      lacks(record, "moderation_note", "tokenKey");
    });

    it("lets no guest refresh", () => refusedByPocketBase(world.guest().collection("users").authRefresh(), 401));

    it("keeps PocketBase from taking Hapta's token", async () => {
      const direct = client(world.databaseURL);
      direct.authStore.save(user.token, null);
      await refusedByPocketBase(direct.collection("users").authRefresh(), 401);
    });

    it("takes PocketBase's own token for a guest's", async () => {
      const direct = await signIn(world.databaseURL, user);
      const mistaken = world.guest();
      mistaken.authStore.save(direct.authStore.token, direct.authStore.record);
      await notFound(mistaken.collection("posts").getOne(draft.id));
      await refused(mistaken.collection("comments").create({ post: draft.id, body: "x", author: user.id }), 403, "sign_in_required");
      await refusedByPocketBase(mistaken.collection("users").authRefresh(), 401);
    });

    it("takes a token that does not verify for a guest's", async () => {
      const [head, body, signature] = user.token.split(".");
      const f = async (token) => {
        const mistaken = world.guest();
        mistaken.authStore.save(token, null);
        await notFound(mistaken.collection("posts").getOne(draft.id));
        assert.ok((await mistaken.collection("posts").getList(1, 1)).totalItems > 0, "public reads need no token");
      };
      await f("nonsense");
      await f(`${head}.${body}.${signature.split("").reverse().join("")}`);
      await f(`${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${body}.`);
      await f(`${head}.${Buffer.from(JSON.stringify({ ...claims(user.token), exp: 1 })).toString("base64url")}.${signature}`);
    });

    it("takes the token with and without the scheme", async () => {
      const answer = await fetch(`${world.url}/api/collections/posts/records/${draft.id}`, {
        headers: { Authorization: `Bearer ${user.token}` },
      });
      assert.equal(answer.status, 200);
      assert.equal((await answer.json()).id, draft.id);
    });

    it("lists the ways to sign in", async () => {
      assert.equal((await world.guest().collection("users").listAuthMethods()).password.enabled, true);
    });

    after(() => world.root.collection("users").delete(user.id));
  });
