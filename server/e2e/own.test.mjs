import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { removeFolders, run } from "./harness.mjs";
import { answersRefusal } from "./support/expect.mjs";
import { send } from "./support/send.mjs";
import { startEmbedded, startRemote } from "./support/start.mjs";
import { claims } from "./support/token.mjs";
import { newUser, signIn } from "./support/world.mjs";

// The app's own routes, by [upstream] passthrough; support/collections.mjs has
// them as PocketBase does.
const env = { HAPTA_UPSTREAM_PASSTHROUGH: "/" };

for (const start of [startEmbedded, startRemote]) {
  describe(`${start.name}, routes of the app's own`, () => {
    let world, user;
    before(async () => {
      world = await start(env);
      user = await world.user({ bio: "Mine", private: true });
    });
    after(() => world.stop());

    it("meet the caller with PocketBase's own token", async () => {
      const seen = await user.client.send("/api/own/who", { method: "POST", body: { a: 1 } });
      assert.equal(seen.auth, user.id);
      assert.deepEqual(seen.body, { a: 1 });
      assert.equal(claims(seen.headers.authorization).sid, undefined);
      assert.equal((await world.guest().send("/api/own/who", { method: "POST" })).auth, "");
    });

    it("sign in with a session of Hapta's", async () => {
      const guest = world.guest();
      const { token, record } = await guest.send("/api/own/login", { method: "POST", body: { email: user.email } });
      assert.equal(typeof claims(token).sid, "string");
      guest.authStore.save(token, record);
      assert.equal((await guest.collection("users").authRefresh()).record.id, user.id);
    });

    it("let no token of PocketBase's out otherwise", async () => {
      const answer = await send(world.url, "POST", "/api/own/token", { token: user.token });
      answersRefusal(answer, 502, "token_withheld");
    });

    it("are the app's pages as well", async () => {
      assert.equal((await send(world.url, "GET", "/app.js")).text, "app();");
      for (const path of ["/", "/posts/5"]) assert.equal((await send(world.url, "GET", path)).text, "<p>home</p>");
    });

    it("do not open what is PocketBase's or Hapta's", async () => {
      const root = world.root.authStore.token;
      for (const path of [
        "/api/collections",
        "/API/collections",
        "/api/collect%69ons/users",
        "/api/settings",
        "/api/logs",
        "/api/backups/x.zip?token=x",
        "/api/crons",
        "/api/sql",
        "/metrics",
        "/_hapta/",
        "/api/hapta/admin/policies",
        `/api/collections/users/impersonate/${user.id}`,
        "/api/collections/_superusers/records",
        "/api/collections/_SUPERUSERS/records",
      ]) {
        for (const token of [undefined, user.token, root]) {
          for (const method of ["GET", "POST", "PUT"]) {
            const answer = await send(world.url, method, path, { token });
            assert.equal(answer.status, 404, `${method} ${path}: ${answer.status} ${answer.text}`);
            assert.equal(answer.json.status, 404);
          }
        }
      }
    });
  });
}

describe("routes that are listed nowhere", () => {
  let world;
  before(async () => (world = await startEmbedded()));
  after(() => world.stop());

  it("are not there, and the log names the key", async () => {
    const token = (await signIn(world.url, await newUser(world.root))).authStore.token;
    assert.equal((await send(world.url, "POST", "/api/own/who", { token })).status, 404);
    await world.hapta.logged("[upstream] passthrough");
  });

  it("cannot be PocketBase's, says check", async () => {
    const { code, stdout } = await run(world.hapta.dir, ["check", "--demo"], { HAPTA_UPSTREAM_PASSTHROUGH: "/api/settings/" });
    assert.equal(code, 2);
    assert.match(stdout, /\[upstream\] passthrough names \/api\/settings\//);
  });
});

after(removeFolders);
