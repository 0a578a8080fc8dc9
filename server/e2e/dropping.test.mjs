// A policy that drops records from a list: the official client sees the list of the
// others, whole and in order, before both kinds of database.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeFolders, tree } from "./harness.mjs";
import { adminKey, versionInForce } from "./support/admin.mjs";
import { refused } from "./support/expect.mjs";
import { version } from "./support/modules.mjs";
import { startEmbedded, startRemote } from "./support/start.mjs";

after(removeFolders);
const drops = await readFile(join(tree, "server/gateway/testdata/policies/drops.wasm")); // those with the title "hidden"

for (const start of [startEmbedded, startRemote]) {
  describe(start.name, async () => {
    const world = await start({ HAPTA_ADMIN_KEY: adminKey });
    after(() => world.stop());
    await writeFile(join(world.hapta.dir, "policies/notes.wasm"), drops);
    await versionInForce(world.url, "notes", version(drops));

    const ann = await world.user({ name: "Ann" });
    const titles = [];
    for (let i = 0; i < 23; i++) {
      const title = i % 3 === 2 ? `note ${i}` : "hidden";
      await world.root.collection("notes").create({ title, owner: ann.id });
      if (title !== "hidden") titles.push(title);
    }
    const notes = world.guest().collection("notes");
    const titlesOf = (items) => items.map((item) => item.title);

    it("is read whole, in batches of any size", async () => {
      for (const batch of [1, 2, 3, 7, 8, 1000]) assert.deepEqual(titlesOf(await notes.getFullList({ batch })), titles, `batches of ${batch}`);
      assert.deepEqual(titlesOf(await notes.getFullList({ sort: "-@rowid" })), titles.toReversed());
    });

    it("has full pages, and no totals", async () => {
      const { items, ...page } = await notes.getList(2, 3, { expand: "owner", fields: "title,expand.owner.name" });
      assert.deepEqual(items, titles.slice(3, 6).map((title) => ({ title, expand: { owner: { name: "Ann" } } })));
      assert.deepEqual(page, { page: 2, perPage: 3, totalItems: -1, totalPages: -1 });
      assert.deepEqual((await notes.getList(4, 3)).items, []);
    });

    it("has a first record, and none is looked for by what it holds", async () => {
      assert.equal((await notes.getFirstListItem("")).title, titles[0]);
      await refused(notes.getFirstListItem(`title = "${titles[1]}"`), 400, "filters_refused");
      await refused(notes.getList(1, 3, { sort: "-title" }), 400, "filters_refused");
    });
  });
}
