import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { lacks, notFound } from "../support/expect.mjs";
import { send } from "../support/send.mjs";

// policies/posts.ts, which alone decides: PocketBase's own rules are null.
export default (world) =>
  describe("posts: who may read them", () => {
    let ann, bob, published, draft;
    before(async () => {
      [ann, bob] = [await world.user(), await world.user()];
      [published, draft] = [await world.post(ann, { body: "Out" }), await world.post(ann, { published: false, body: "Not yet" })];
    });
    const ids = (records) => records.map((record) => record.id).sort();
    const stored = async (filter) => ids(await world.root.collection("posts").getFullList({ filter, fields: "id" }));

    it("keeps posts to superusers in PocketBase itself", async () => {
      const { listRule, viewRule, createRule, updateRule, deleteRule } = await world.root.collections.getOne("posts");
      assert.deepEqual([listRule, viewRule, createRule, updateRule, deleteRule], [null, null, null, null, null]);
    });

    it("lists the published ones to a guest", async () => {
      assert.deepEqual(ids(await world.guest().collection("posts").getFullList({ batch: 50 })), await stored("published = true"));
    });

    it("lists one's own drafts too, and nobody else's", async () => {
      assert.deepEqual(ids(await ann.client.collection("posts").getFullList()), await stored(`published = true || author = "${ann.id}"`));
      assert.deepEqual(ids(await bob.client.collection("posts").getFullList()), await stored("published = true"));
    });

    it("counts what the caller may list, page by page", async () => {
      const f = async (who, filter) => {
        const total = (await stored(filter)).length;
        const page = await who.collection("posts").getList(2, 7);
        assert.deepEqual(
          [page.page, page.perPage, page.totalItems, page.totalPages, page.items.length],
          [2, 7, total, Math.ceil(total / 7), Math.min(7, total - 7)],
        );
      };
      await f(world.guest(), "published = true");
      await f(ann.client, `published = true || author = "${ann.id}"`);
    });

    it("joins the client's own filter, whatever it says", async () => {
      const f = async (who, filter, want) => {
        const page = await who.collection("posts").getList(1, 500, { filter });
        assert.deepEqual(ids(page.items), await stored(want), filter);
        assert.equal(page.totalItems, page.items.length, filter);
      };
      await f(world.guest(), "published = false", 'id = ""');
      await f(world.guest(), 'id != "" || published = false', "published = true");
      await f(world.guest(), `published = false || id = "${draft.id}"`, 'id = ""');
      await f(ann.client, "published = false", `published = false && author = "${ann.id}"`);
      await f(bob.client, `id = "${published.id}" || id = "${draft.id}"`, `id = "${published.id}"`);
      await f(bob.client, `author = "${ann.id}"`, `author = "${ann.id}" && published = true`);
    });

    it("takes no filter that is no filter", async () => {
      for (const filter of ["published = true) || (id != ''", "id = ", "(", "1=1;--", 'id = "x" || ']) {
        const answer = await send(world.url, "GET", `/api/collections/posts/records?filter=${encodeURIComponent(filter)}`);
        assert.deepEqual([answer.status, answer.json.data.hapta.code], [400, "bad_filter"], `${filter}: ${answer.text}`);
      }
    });

    it("shows a published post to everyone", async () => {
      for (const viewer of [world.guest(), bob.client, ann.client]) {
        const record = await viewer.collection("posts").getOne(published.id);
        assert.equal(record.body, published.body);
        lacks(record, "internal_score");
      }
    });

    it("shows a draft to its author", async () => {
      assert.equal((await ann.client.collection("posts").getOne(draft.id)).body, draft.body);
    });

    it("hides another's draft like one that does not exist", async () => {
      for (const viewer of [world.guest(), bob.client]) await notFound(viewer.collection("posts").getOne(draft.id));
      const path = (id) => `/api/collections/posts/records/${id}`;
      const [hidden, missing] = [await send(world.url, "GET", path(draft.id)), await send(world.url, "GET", path("doesnotexist000"))];
      assert.equal(hidden.status, missing.status);
      assert.equal(hidden.text, missing.text);
      const names = (answer) => [...answer.headers.keys()].sort();
      assert.deepEqual(names(hidden), names(missing));
    });

    it("shows no draft of the author's under another's name", async () => {
      const { items } = await bob.client.collection("posts").getList(1, 1, { filter: `id = "${draft.id}"`, skipTotal: true });
      assert.deepEqual(items, []);
      await assert.rejects(bob.client.collection("posts").getFirstListItem(`id = "${draft.id}"`), { status: 404 });
    });

    it("picks fields", async () => {
      assert.deepEqual(await bob.client.collection("posts").getOne(published.id, { fields: "id,title" }), {
        id: published.id,
        title: published.title,
      });
      assert.deepEqual(await bob.client.collection("posts").getOne(published.id, { fields: "internal_score" }), {});
      const page = await bob.client.collection("posts").getList(1, 3, { fields: "id,internal_score" });
      assert.deepEqual(Object.keys(page).sort(), ["items", "page", "perPage", "totalItems", "totalPages"]);
      for (const item of page.items) assert.deepEqual(Object.keys(item), ["id"]);
    });

    it("sorts and turns pages", async () => {
      const sorted = await world.guest().collection("posts").getList(1, 10, { sort: "-created,title" });
      const times = sorted.items.map((item) => item.created);
      assert.deepEqual(times, [...times].sort().reverse());
    });
  });
