// Moving an app over: users go on with the tokens that PocketBase gave them, by
// [sessions] accept_pocketbase_tokens.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { removeFolders } from "./harness.mjs";
import { lacks, notFound, refusedByPocketBase } from "./support/expect.mjs";
import { restartEmbedded, startEmbedded, startRemote } from "./support/start.mjs";
import { claims } from "./support/token.mjs";
import { client, newUser, signIn } from "./support/world.mjs";

for (const start of [startEmbedded, startRemote]) {
  describe(`${start.name}, PocketBase's own tokens`, () => {
    let world;
    before(async () => (world = await start({ HAPTA_SESSIONS_ACCEPT_POCKETBASE_TOKENS: "true" })));
    after(() => world.stop());

    /** A user who signed in at PocketBase, and whose app now talks to Hapta. */
    async function moved() {
      const user = await newUser(world.root);
      const direct = await signIn(world.databaseURL, user);
      const app = client(world.url);
      app.authStore.save(direct.authStore.token, direct.authStore.record);
      return { user, app, old: direct.authStore.token, draft: await world.post(user, { published: false }) };
    }
    const withToken = (token) => {
      const app = client(world.url);
      app.authStore.save(token, null);
      return app;
    };

    it("speak for their user, under the same policies", async () => {
      const { app, draft } = await moved();
      assert.equal((await app.collection("posts").getOne(draft.id)).id, draft.id);
      const other = await newUser(world.root, { private: true, bio: "told" });
      lacks(await app.collection("users").getOne(other.id), "bio");
    });

    it("are exchanged for a session once, and are spent then", async () => {
      const { user, app, old, draft } = await moved();
      await app.collection("users").authRefresh();
      assert.equal(typeof claims(app.authStore.token).sid, "string");
      assert.equal((await app.collection("posts").getOne(draft.id)).id, draft.id);
      assert.equal((await app.collection("users").authRefresh()).record.id, user.id);
      await notFound(withToken(old).collection("posts").getOne(draft.id));
      await refusedByPocketBase(withToken(old).collection("users").authRefresh(), 401);
      if (world.what === "embedded") {
        await restartEmbedded(world);
        await refusedByPocketBase(withToken(old).collection("users").authRefresh(), 401);
        assert.equal((await app.collection("users").authRefresh()).record.id, user.id);
      }
    });

    it("made by impersonation keep their end", async () => {
      const user = await newUser(world.root);
      const direct = await world.root.collection("users").impersonate(user.id, 3600);
      const app = withToken(direct.authStore.token);
      await app.collection("users").authRefresh();
      const [before, now] = [claims(direct.authStore.token), claims(app.authStore.token)];
      assert.deepEqual([now.exp, now.refreshable], [before.exp, false]);
    });

    it("of superusers, and such as do not hold, are a guest's", async () => {
      const { old, draft } = await moved();
      for (const token of [world.root.authStore.token, old.replace(/[^.]+$/, "AAAA")]) {
        await notFound(withToken(token).collection("posts").getOne(draft.id));
      }
    });

    it("leave the way back open: PocketBase takes sign-ins as ever", async () => {
      const { user, app } = await moved();
      await app.collection("users").authRefresh();
      const back = client(world.databaseURL);
      back.authStore.save(app.authStore.token, app.authStore.record);
      await refusedByPocketBase(back.collection("users").authRefresh(), 401);
      assert.ok((await signIn(world.databaseURL, user)).authStore.isValid);
    });
  });
}

after(removeFolders);
