// What sessions outlive, and what ends them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { removeFolders } from "./harness.mjs";
import { notFound, refusedByPocketBase } from "./support/expect.mjs";
import { restartEmbedded, startEmbedded, startRemote } from "./support/start.mjs";
import { claims } from "./support/token.mjs";
import { eventually } from "./support/wait.mjs";
import { signIn } from "./support/world.mjs";

after(removeFolders);

/** A user whose session shows in what they may read. */
async function withDraft(world) {
  const user = await world.user();
  const draft = await world.post(user, { published: false });
  return {
    ...user,
    isSignedIn: async (who = user.client) => assert.equal((await who.collection("posts").getOne(draft.id)).id, draft.id),
    isGuest: async (who = user.client) => {
      await notFound(who.collection("posts").getOne(draft.id));
      await refusedByPocketBase(who.collection("users").authRefresh(), 401);
    },
  };
}

describe("sessions", () => {
  let world;
  before(async () => {
    world = await startEmbedded({ HAPTA_SESSIONS_RECHECK: "0" });
  });
  after(() => world.stop());

  it("survive a restart, and a power cut", async () => {
    const user = await withDraft(world);
    await restartEmbedded(world);
    await user.isSignedIn();
    await user.client.collection("users").authRefresh();
    await world.hapta.kill();
    world.hapta = await world.start();
    world.servers = [world.hapta];
    await user.isSignedIn();
    await user.client.collection("users").authRefresh();
    await user.isSignedIn();
  });

  it("end when the password is changed, here or behind Hapta", async () => {
    const change = { password: "another-password", passwordConfirm: "another-password" };
    const here = await withDraft(world);
    const other = await signIn(world.url, here);
    await here.client.collection("users").update(here.id, { ...change, oldPassword: here.password });
    await here.isGuest();
    await here.isGuest(other);
    await here.isSignedIn(await signIn(world.url, { ...here, password: "another-password" }));

    const behind = await withDraft(world);
    await world.root.collection("users").update(behind.id, change);
    await behind.isGuest();
  });

  it("end when the user is deleted, here or behind Hapta", async () => {
    const here = await world.user();
    await here.client.collection("users").delete(here.id);
    await refusedByPocketBase(here.client.collection("users").authRefresh(), 401);
    const behind = await world.user();
    await world.root.collection("users").delete(behind.id);
    await refusedByPocketBase(behind.client.collection("users").authRefresh(), 401);
    await assert.rejects(
      behind.client.collection("comments").create({ body: "x" }),
      (error) => error.response.data.hapta.code === "sign_in_required",
    );
  });

  it("end when the collection's secret changes", async () => {
    const user = await withDraft(world);
    await world.root.collections.update("users", { authToken: { duration: 604800, secret: "s".repeat(50) } });
    await user.isGuest();
    await user.isSignedIn(await signIn(world.url, user));
  });

  it("take the collection's own duration", async () => {
    await world.root.collections.update("users", { authToken: { duration: 60 } });
    const user = await world.user();
    assert.ok(claims(user.token).exp <= Date.now() / 1000 + 60);
    await world.root.collections.update("users", { authToken: { duration: 604800 } });
  });

  it("keep what is secret to whoever runs the server", async () => {
    const dir = join(world.hapta.dir, "demo_data/hapta_state");
    const files = await readdir(dir);
    for (const name of ["jwt_secret", "sessions.db"]) assert.ok(files.includes(name), files.join());
    for (const name of files) assert.equal((await stat(join(dir, name))).mode & 0o077, 0, `${name} can be read by others`);
    assert.equal((await stat(dir)).mode & 0o077, 0);
    const secret = (await readFile(join(dir, "jwt_secret"), "utf8")).trim();
    assert.ok(secret.length >= 32);
    assert.ok(!world.hapta.log.includes(secret));
  });
});

describe("between two proofs", () => {
  it("a change through Hapta ends sessions at once", async () => {
    const world = await startEmbedded({ HAPTA_SESSIONS_RECHECK: "1h" });
    const change = { password: "another-password", passwordConfirm: "another-password" };
    const user = await withDraft(world);
    const other = await signIn(world.url, user);
    await user.isSignedIn(other);
    await user.client.collection("users").update(user.id, { ...change, oldPassword: user.password });
    await user.isGuest();
    await user.isGuest(other);
    const gone = await withDraft(world);
    await gone.client.collection("users").delete(gone.id);
    await refusedByPocketBase(gone.client.collection("users").authRefresh(), 401);
    await world.stop();
  });

  it("a change in a separate PocketBase ends sessions at once", async () => {
    const world = await startRemote({ HAPTA_SESSIONS_RECHECK: "1h" });
    await world.hapta.logged("changes that are made elsewhere are followed");
    const ends = (isGuest) =>
      eventually(
        () =>
          isGuest().then(
            () => true,
            () => false,
          ),
        "the session goes on",
      );
    const [changed, stays, gone] = [await withDraft(world), await withDraft(world), await world.user()];
    const change = { password: "another-password", passwordConfirm: "another-password" };
    await changed.isSignedIn();
    await world.root.collection("users").update(changed.id, change);
    await ends(changed.isGuest);
    await gone.client.send("/api/hapta/sessions", {});
    await world.root.collection("users").delete(gone.id);
    await ends(() => refusedByPocketBase(gone.client.send("/api/hapta/sessions", {}), 401));
    await stays.isSignedIn();
    await world.stop();
  });
});

describe("the environment", () => {
  const [first, second] = ["first-secret-of-at-least-32-bytes", "second-secret-of-at-least-32-byte"];

  it("lengthens no session past [sessions] lifetime", async () => {
    const world = await startEmbedded({ HAPTA_SESSIONS_LIFETIME: "1m" });
    const user = await withDraft(world);
    assert.ok(claims(user.token).exp <= Date.now() / 1000 + 61);
    await user.isSignedIn();
    await world.stop();
  });

  it("rolls JWT_SECRET: the first signs, all verify", async () => {
    const env = { JWT_SECRET: first };
    const world = await startEmbedded(env);
    const user = await withDraft(world);
    world.setEnv({ JWT_SECRET: `${second},${first}` });
    await restartEmbedded(world);
    await user.isSignedIn();
    const { token } = await user.client.collection("users").authRefresh();
    world.setEnv({ JWT_SECRET: second });
    await restartEmbedded(world);
    await user.isSignedIn();
    user.client.authStore.save(user.token, null);
    await notFound(user.client.collection("posts").getOne((await world.post(user, { published: false })).id));
    assert.notEqual(token, user.token);
    await world.stop();
  });
});
