// A PocketBase elsewhere that is not there yet, goes away, and comes back.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { folderWithPolicies, launchServer, removeFolders } from "./harness.mjs";
import { answersRefusal, refused } from "./support/expect.mjs";
import { freePort } from "./support/ports.mjs";
import { send } from "./support/send.mjs";
import { inFrontOf, startPocketBase } from "./support/start.mjs";
import { eventually } from "./support/wait.mjs";
import { client, credentials, newUser, signIn, superuserOf, unique } from "./support/world.mjs";

after(removeFolders);
const posts = "/api/collections/posts/records";

describe("a PocketBase that restarts", async () => {
  const pocketbase = await startPocketBase();
  const root = await superuserOf(pocketbase.databaseURL);
  const [dir, port, options] = await inFrontOf(pocketbase.databaseURL);
  const hapta = launchServer(dir, port, options);
  after(async () => {
    await hapta.stop();
    await pocketbase.server.stop();
  });
  await hapta.becomesReady();
  const ann = await newUser(root);
  const signedIn = await signIn(hapta.url, ann);
  const write = () => signedIn.collection("posts").create({ title: unique("post"), author: ann.id, published: true });

  for (const end of ["is stopped", "is killed"]) {
    it(`${end}: Hapta says so, keeps living, and goes on once it is back`, async () => {
      await write();
      await (end === "is killed" ? pocketbase.server.kill() : pocketbase.server.stop());
      const answer = await send(hapta.url, "GET", posts);
      assert.ok(["upstream_unavailable", "not_ready"].includes(answer.json.data.hapta?.code), answer.text);
      assert.ok(!answer.text.includes(new URL(pocketbase.databaseURL).host), `the address leaked: ${answer.text}`);
      await hapta.becomesReady(false);
      assert.deepEqual(await hapta.health("live"), { status: 200, body: { live: true } });
      answersRefusal(await send(hapta.url, "GET", posts), 503, "not_ready");
      answersRefusal(
        await send(hapta.url, "POST", "/api/collections/users/auth-with-password", {
          json: { identity: ann.email, password: ann.password },
        }),
        503,
        "not_ready",
      );

      pocketbase.server = await pocketbase.start();
      await hapta.becomesReady();
      await write();
      assert.equal((await signedIn.collection("users").authRefresh()).record.id, ann.id);
      assert.ok(hapta.isRunning);
    });
  }

  it("keeps the secrets out of the log", () => {
    for (const secret of [...Object.values(credentials).slice(1), ann.password, signedIn.authStore.token])
      assert.ok(!hapta.log.includes(secret), hapta.log);
  });
});

describe("a PocketBase that is not there yet", () => {
  it("is waited for: liveness answers, nothing else does", async () => {
    const pocketbase = await startPocketBase();
    await pocketbase.server.stop();
    const hapta = launchServer(...(await inFrontOf(pocketbase.databaseURL)));
    await eventually(
      () =>
        hapta.health("live").then(
          ({ status }) => status === 200,
          () => false,
        ),
      "liveness never answered",
    );
    assert.deepEqual(await hapta.health("ready"), { status: 503, body: { live: true, ready: false } });
    for (const [method, path] of [
      ["GET", posts],
      ["GET", "/api/health"],
      ["GET", "/api/realtime"],
      ["POST", "/api/batch"],
      ["GET", "/api/files/posts/x/y"],
      ["GET", "/api/collections/users/auth-methods"],
    ]) {
      answersRefusal(await send(hapta.url, method, path), 503, "not_ready");
    }
    assert.equal((await send(hapta.url, "GET", "/api/settings")).status, 404);

    pocketbase.server = await pocketbase.start();
    await hapta.becomesReady();
    assert.ok((await client(hapta.url).collection("posts").getList(1, 1)).totalItems > 0);
    await hapta.stop();
    await pocketbase.server.stop();
  });

  it("can be given up by SIGTERM", async () => {
    const dir = await folderWithPolicies();
    await writeFile(join(dir, "hapta.toml"), "");
    const hapta = launchServer(dir, await freePort(), { env: { ...credentials, DB_URL: `http://127.0.0.1:${await freePort()}` } });
    await hapta.logged("trying again");
    await hapta.stop();
  });
});

describe("a superuser whose password changes", () => {
  it("makes Hapta unready until it is right again", async () => {
    const pocketbase = await startPocketBase();
    const hapta = launchServer(...(await inFrontOf(pocketbase.databaseURL)));
    await hapta.becomesReady();
    const root = await superuserOf(pocketbase.databaseURL);
    const another = { email: "another@example.com", password: "another-superuser" };
    await root.collection("_superusers").create({ ...another, passwordConfirm: another.password });
    await root
      .collection("_superusers")
      .update(root.authStore.record.id, { password: "changed-password", passwordConfirm: "changed-password" });
    await hapta.becomesReady(false, 30_000); // PocketBase ended its token with the password
    assert.ok(hapta.isRunning, "it had been accepted, so it goes on trying");
    await refused(client(hapta.url).collection("posts").getList(1, 1), 503, "not_ready");

    const other = client(pocketbase.databaseURL);
    await other.collection("_superusers").authWithPassword(another.email, another.password);
    await other
      .collection("_superusers")
      .update(root.authStore.record.id, { password: credentials.ADMIN_PASSWORD, passwordConfirm: credentials.ADMIN_PASSWORD });
    await hapta.becomesReady(true, 30_000);
    await hapta.stop();
    await pocketbase.server.stop();
  });
});
