// Policies change in every way a file can, while requests run. None that the
// rules allow may fail, and none that they forbid may pass.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { appendFile, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { removeFolders, tree } from "./harness.mjs";
import { adminKey, versionInForce } from "./support/admin.mjs";
import { lacks, notFound, refused } from "./support/expect.mjs";
import { Load } from "./support/load.mjs";
import { committed, compiled, twin, version } from "./support/modules.mjs";
import { startEmbedded } from "./support/start.mjs";
import { eventually } from "./support/wait.mjs";

const world = await startEmbedded({ HAPTA_ADMIN_KEY: adminKey });
after(async () => {
  await world.stop();
  await removeFolders();
});

const [ann, bob] = [await world.user({ private: true, bio: "Mine" }), await world.user()];
const [published, draft] = [await world.post(ann), await world.post(ann, { published: false })];
const comment = await world.comment(ann, published);
const guest = world.guest();
const publishedCount = (await guest.collection("posts").getList(1, 1)).totalItems;

const allowed = [
  [
    "a guest lists posts",
    async () => {
      const page = await guest.collection("posts").getList(1, 20, { sort: "-created" });
      assert.equal(page.totalItems, publishedCount);
      for (const item of page.items) assert.ok(item.published, `a draft was listed: ${item.id}`);
    },
  ],
  ["a guest reads a post", async () => lacks(await guest.collection("posts").getOne(published.id), "internal_score")],
  ["an author reads a draft", async () => assert.equal((await ann.client.collection("posts").getOne(draft.id)).id, draft.id)],
  ["an author changes a post", () => ann.client.collection("posts").update(published.id, { body: "changed" })],
  [
    "a user comments",
    async () =>
      assert.equal((await bob.client.collection("comments").create({ post: published.id, body: "x", author: ann.id })).author, bob.id),
  ],
  ["an author changes a comment", () => ann.client.collection("comments").update(comment.id, { body: "changed" })],
  ["a guest reads a user", async () => lacks(await guest.collection("users").getOne(ann.id), "bio", "followers")],
];
const forbidden = [
  ["a guest reads a draft", () => notFound(guest.collection("posts").getOne(draft.id))],
  ["another reads a draft", () => notFound(bob.client.collection("posts").getOne(draft.id))],
  [
    "another changes a post",
    () => refused(bob.client.collection("posts").update(published.id, { title: "stolen" }), 403, "ownership_required"),
  ],
  [
    "an author gives a post away",
    () => refused(ann.client.collection("posts").update(published.id, { author: bob.id }), 403, "field_forbidden"),
  ],
  ["a guest comments", () => refused(guest.collection("comments").create({ post: published.id, body: "x" }), 403, "sign_in_required")],
  [
    "another changes a comment",
    () => refused(bob.client.collection("comments").update(comment.id, { body: "stolen" }), 403, "ownership_required"),
  ],
];

const path = (name) => join(world.hapta.dir, "policies", `${name}.wasm`);
const originals = { posts: await committed("posts"), comments: await committed("comments") };

// Each puts a module in force in the way of some tool, or of some mishap.
const ways = {
  "written beside and renamed": async (file, wasm) => {
    await writeFile(`${file}.tmp`, wasm);
    await rename(`${file}.tmp`, file);
  },
  "moved away and written anew, as editors do": async (file, wasm) => {
    await rename(file, `${file}~`);
    await writeFile(file, wasm);
    await rm(`${file}~`);
  },
  "emptied, then written": async (file, wasm) => {
    const handle = await open(file, "w");
    await pause(150);
    await handle.writeFile(wasm);
    await handle.close();
  },
  "written in halves": async (file, wasm) => {
    await writeFile(file, wasm.subarray(0, wasm.length / 2));
    await pause(300);
    await appendFile(file, wasm.subarray(wasm.length / 2));
  },
  "replaced by garbage, and mended": async (file, wasm) => {
    const from = world.hapta.log.length;
    await writeFile(file, "this is no policy");
    await world.hapta.logged("the version before it stays", from);
    await writeFile(file, wasm);
  },
  "deleted, and back within a second": async (file, wasm) => {
    await rm(file);
    await pause(400);
    await writeFile(file, wasm);
  },
};

describe("policies that change under load", () => {
  for (const [way, put] of Object.entries(ways)) {
    it(way, async () => {
      const load = new Load(16, [...allowed, ...forbidden]);
      try {
        for (const name of ["posts", "comments"]) {
          const wasm = twin(originals[name]);
          await put(path(name), wasm);
          await versionInForce(world.url, name, version(wasm));
          const enough = load.done + 64;
          await eventually(() => load.done >= enough, "the load stands still");
        }
      } finally {
        await load.stop();
      }
      assert.deepEqual([...new Set(load.wrong)], [], `${load.wrong.length} of ${load.done} requests went wrong`);
    });
  }

  it("a rule that changes is in force, and nothing else changes", async () => {
    const stricter = await compiled(
      (await readFile(join(tree, "policies/posts.ts"), "utf8"))
        .replace('"invalid_title",', '"invalid_title", "no_shouting",')
        .replace(
          '  if (c.incoming.get("title").isBlank)',
          '  if (c.incoming.get("title").equals("SHOUT")) return refuse("no_shouting", "lower your voice");\n$&',
        ),
      "posts",
    );
    const create = () => ann.client.collection("posts").create({ title: "SHOUT", author: ann.id, published: false });
    await create();
    const load = new Load(16, [...allowed, ...forbidden]);
    await ways["written beside and renamed"](path("posts"), stricter);
    await versionInForce(world.url, "posts", version(stricter));
    await refused(create(), 403, "no_shouting");
    await ways["written beside and renamed"](path("posts"), originals.posts);
    await versionInForce(world.url, "posts", version(originals.posts));
    await create();
    await load.stop();
    assert.deepEqual([...new Set(load.wrong)], [], `${load.wrong.length} of ${load.done} requests went wrong`);
  });
});
