// What becomes of a collection when its policy comes, breaks, is lost, and is
// taken away on purpose.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeFolders, run } from "./harness.mjs";
import { adminKey, closed, inForce, removePolicy, versionInForce } from "./support/admin.mjs";
import { answersRefusal, notFound, refused } from "./support/expect.mjs";
import { committed, compiled, twin, version } from "./support/modules.mjs";
import { send } from "./support/send.mjs";
import { restartEmbedded, startEmbedded } from "./support/start.mjs";
import { openStream } from "./support/stream.mjs";
import { eventually } from "./support/wait.mjs";

const world = await startEmbedded({ HAPTA_ADMIN_KEY: adminKey });
after(async () => {
  await world.stop();
  await removeFolders();
});

const [ann, bob] = [await world.user(), await world.user()];
const post = await world.post(ann);
const comment = await world.comment(ann, post);
const guest = world.guest();
const originals = { posts: await committed("posts"), comments: await committed("comments") };
const path = (name) => join(world.hapta.dir, "policies", `${name}.wasm`);
const restart = (meanwhile) => restartEmbedded(world, meanwhile);

async function isClosed(name, id, code) {
  for (const { client } of [{ client: guest }, ann]) {
    const records = client.collection(name);
    await refused(records.getList(1, 1), 403, code);
    await refused(records.getOne(id), 403, code);
    await refused(records.create({ title: "x", body: "x", post: post.id, author: ann.id }), 403, code);
    await refused(records.update(id, { body: "changed" }), 403, code);
    await refused(records.delete(id), 403, code);
  }
}

async function isOpen() {
  assert.equal((await guest.collection("posts").getOne(post.id)).id, post.id);
  await ann.client.collection("comments").update(comment.id, { body: "mine" });
  await refused(bob.client.collection("comments").update(comment.id, { body: "stolen" }), 403, "ownership_required");
}

describe("a policy that is dropped in", () => {
  const source = `
    import { Create, Update, Verdict, View, allow, hide, refuse } from "hapta";
    export const manifest = { codes: ["sign_in_required"], writes: ["owner"] };
    export function view(c: View): Verdict { return c.caller.is(c.stored) || c.stored.get("owner").equals(c.caller.id) ? allow() : hide(); }
    export function create(c: Create): Verdict {
      if (!c.signedIn) return refuse("sign_in_required", "sign in to write a note");
      c.set("owner", c.caller.id);
      return allow();
    }
  `;
  let note;

  it("narrows at once, and cuts the event streams it closes", async () => {
    note = await ann.client.collection("notes").create({ text: "mine", owner: ann.id });
    assert.equal((await guest.collection("notes").getOne(note.id)).text, "mine");
    const stream = await openStream(world.url);
    const topics = { clientId: stream.clientId, subscriptions: ["notes/*"] };
    assert.equal((await send(world.url, "POST", "/api/realtime", { json: topics })).status, 204);

    const wasm = await compiled(source, "notes");
    await writeFile(path("notes"), wasm);
    await versionInForce(world.url, "notes", version(wasm));
    await notFound(guest.collection("notes").getOne(note.id));
    await refused(guest.collection("notes").create({ text: "x" }), 403, "sign_in_required");
    assert.equal((await bob.client.collection("notes").create({ text: "x", owner: ann.id })).owner, bob.id);
    await eventually(() => stream.ended, "the stream goes on");
    answersRefusal(await send(world.url, "POST", "/api/realtime", { json: topics }), 403, "topic_not_judged");
  });

  it("leaves to PocketBase's rules what it does not handle", async () => {
    assert.equal((await ann.client.collection("notes").update(note.id, { text: "changed" })).text, "changed");
    await assert.rejects(bob.client.collection("notes").update(note.id, { text: "stolen" }), { status: 404 });
    await assert.rejects(ann.client.collection("notes").delete(note.id), { status: 403 });
  });

  it("closes the collection when its file is gone, and opens it for no restart", async () => {
    await rm(path("notes"));
    await closed(world.url, "notes", "policy_missing");
    await refused(guest.collection("notes").getOne(note.id), 403, "policy_missing");
    await restart();
    await refused(guest.collection("notes").getOne(note.id), 403, "policy_missing");
  });

  it("leaves PocketBase's rules once it is taken away", async () => {
    for (const headers of [{}, { "X-Hapta-Admin-Key": "wrong" }]) {
      answersRefusal(await removePolicy(world.url, "notes", { headers }), 401, "admin_key_required");
      answersRefusal(await send(world.url, "GET", "/api/hapta/admin/policies", { headers }), 401, "admin_key_required");
    }
    assert.equal((await removePolicy(world.url, "notes")).status, 204);
    await closed(world.url, "notes", undefined);
    assert.equal((await guest.collection("notes").getOne(note.id)).id, note.id);
    await restart();
    assert.equal((await guest.collection("notes").getOne(note.id)).id, note.id);
  });

  it("is not there to be taken away twice", async () => {
    assert.equal((await removePolicy(world.url, "notes")).status, 404);
    const again = await run(world.hapta.dir, ["policy", "remove", "notes", "--demo"]);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /notes has no policy/);
  });
});

describe("a policy that breaks", () => {
  it("stays as it was while the server runs", async () => {
    const from = world.hapta.log.length;
    await writeFile(path("comments"), "garbage");
    await world.hapta.logged(/cannot be used; the version before it stays[^\n]*comments/, from);
    await isOpen();
    assert.equal((await inForce(world.url)).comments.version, version(originals.comments));
  });

  it("closes its collection at a start, says so once, and no other", async () => {
    await restart();
    await isClosed("comments", comment.id, "policy_not_loaded");
    assert.equal((await guest.collection("posts").getOne(post.id)).id, post.id);
    const errors = world.hapta.entries().filter((entry) => entry.level === "ERROR");
    assert.equal(errors.length, 1, world.hapta.log);
    assert.match(errors[0].msg, /its collection is refused/);
    assert.match(errors[0].error, /comments\.wasm.*not a WebAssembly module/);
  });

  it("opens it again once it is mended, without a restart", async () => {
    const wasm = twin(originals.comments);
    await writeFile(path("comments"), wasm);
    await versionInForce(world.url, "comments", version(wasm));
    await isOpen();
  });
});

describe("a policy that is lost", () => {
  for (const name of ["comments", "posts"]) {
    const id = name === "posts" ? post.id : comment.id;

    it(`closes ${name}, now and after a restart`, async () => {
      await rm(path(name));
      await closed(world.url, name, "policy_missing");
      await isClosed(name, id, "policy_missing");
      await restart();
      await isClosed(name, id, "policy_missing");
    });

    it(`opens ${name} again once it is back`, async () => {
      await writeFile(path(name), originals[name]);
      await versionInForce(world.url, name, version(originals[name]));
      await isOpen();
    });
  }

  it("is missed at a start even if it went while nothing ran", async () => {
    await restart(() => rm(path("comments")));
    await isClosed("comments", comment.id, "policy_missing");
    await restart(() => writeFile(path("comments"), originals.comments));
    await isOpen();
  });

  it("is remembered by the collection's id, whatever its name is by now", async () => {
    await world.root.collections.update("comments", { name: "remarks" });
    try {
      await eventually(async () => (await inForce(world.url)).remarks?.closed === "policy_missing", "remarks was never closed");
      await refused(guest.collection("remarks").getOne(comment.id), 403, "policy_missing");
    } finally {
      await world.root.collections.update("remarks", { name: "comments" });
    }
    await versionInForce(world.url, "comments", version(originals.comments));
    await isOpen();
  });
});

describe("a policy that is taken away on purpose", () => {
  it("leaves comments to PocketBase's rules", async () => {
    const done = await run(world.hapta.dir, ["policy", "remove", "comments", "--demo"]);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /comments/);
    await assert.rejects(readFile(path("comments")), { code: "ENOENT" });
    await eventually(async () => (await inForce(world.url)).comments.policy === undefined, "the policy stays");
    assert.equal((await inForce(world.url)).comments.closed, undefined);

    const change = (who) => who.collection("comments").update(comment.id, { body: "by whoever is signed in" });
    await change(bob.client);
    await assert.rejects(change(guest), { status: 404 });
    await restart();
    await change(bob.client);
  });

  it("leaves posts closed, which configuration hands to a policy alone", async () => {
    const done = await run(world.hapta.dir, ["policy", "remove", "posts", "--demo"]);
    assert.equal(done.code, 0, done.stderr);
    await closed(world.url, "posts", "policy_missing");
    await isClosed("posts", post.id, "policy_missing");
  });
});

describe("a folder of policies that cannot be read", () => {
  it("changes nothing and is reported", async () => {
    const folder = join(world.hapta.dir, "policies"),
      before = (await inForce(world.url)).users.version;
    const from = world.hapta.log.length;
    await rename(folder, `${folder}-away`);
    await world.hapta.logged("the folder of policies cannot be read; the policies in force stay", from);
    assert.equal((await inForce(world.url)).users.version, before);
    await refused(bob.client.collection("users").update(ann.id, { name: "x" }), 403, "ownership_required");
    await rename(`${folder}-away`, folder);
    await world.hapta.logged("the folder of policies can be read again", from);
    assert.equal((await inForce(world.url)).users.version, before);
  });
});
