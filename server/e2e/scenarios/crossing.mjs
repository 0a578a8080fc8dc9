import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { lacks, refused } from "../support/expect.mjs";
import { signIn } from "../support/world.mjs";

// Filters, sorts and expansions that would tell what another policy keeps back.
export default (world) =>
  describe("crossing into other collections", () => {
    let ann, ids, names;
    before(async () => {
      ann = await world.user();
      ids = {};
      for (const name of ["users", "posts", "comments"]) ids[name] = await world.collectionId(name);
      names = {
        users: ["users", "USERS", ids.users],
        posts: ["posts", "PoStS", ids.posts],
        comments: ["comments", "COMMENTS", ids.comments],
      };
      const post = await world.post(ann);
      await world.comment(ann, post);
      await world.root.collection("notes").create({ text: "n", owner: ann.id });
    });

    const ask = async (collection, path, code = "crosses_policy") => {
      await refused(ann.client.collection(collection).getList(1, 1, { filter: `${path} != "x"` }), 400, code);
      await refused(ann.client.collection(collection).getList(1, 1, { filter: `id = "x" || (id != "" && "x" ~ ${path})` }), 400, code);
      await refused(ann.client.collection(collection).getList(1, 1, { sort: `-id,${path}` }), 400, code);
    };

    it("judges what is expanded by the policy of its own collection", async () => {
      const [bob, shy] = [await world.user(), await world.user({ private: true, bio: "shy", followers: [ann.id] })];
      const shown = await world.post(shy, { internal_score: 7 }),
        draft = await world.post(shy, { published: false });
      const [first, second] = [await world.comment(bob, shown), await world.comment(bob, draft)];
      const one = (client, comment, expand) => client.collection("comments").getOne(comment.id, { expand });

      const { expand } = await one(ann.client, first, "post.author,author");
      assert.deepEqual([expand.post.title, expand.author.id, expand.post.expand.author.id], [shown.title, bob.id, shy.id]);
      lacks(expand.post, "internal_score");
      lacks(expand.post.expand.author, "bio", "followers", "email");
      assert.deepEqual((await one(ann.client, second, "post.author")).expand, {}, "another's draft");
      assert.equal((await one(await signIn(world.url, shy), second, "post")).expand.post.id, draft.id, "one's own");
    });

    it("judges it by id and by name in any case, back along relations, in lists and in answers to writes", async () => {
      const bob = await world.user();
      const [shown, draft] = [await world.post(bob), await world.post(bob, { published: false })];
      for (const name of names.posts) {
        const key = `${name}_via_author`;
        const { expand } = await ann.client.collection("users").getOne(bob.id, { expand: key });
        assert.deepEqual(
          expand[key].map((post) => post.id),
          [shown.id],
          key,
        );
      }
      const comment = await ann.client.collection("comments").create({ post: draft.id, body: "x" }, { expand: "post,author" });
      assert.deepEqual(Object.keys(comment.expand), ["author"]);
      const list = await ann.client.collection("comments").getFullList({ filter: `id = "${comment.id}"`, expand: "post,author" });
      assert.deepEqual(Object.keys(list[0].expand), ["author"]);
      const changed = await bob.client.collection("posts").update(shown.id, { title: "changed" }, { expand: "author.posts_via_author" });
      assert.equal(changed.expand.author.expand.posts_via_author.length, 2, "both are one's own");
    });

    it("judges it with a sign-in", async () => {
      const bob = await world.user({ following: [ann.id] });
      await world.post(ann, { published: false });
      const { record } = await world.guest().collection("users").authWithPassword(bob.email, bob.password, { expand: "following.posts_via_author" });
      assert.equal(record.expand.following[0].id, ann.id);
      assert.ok(record.expand.following[0].expand.posts_via_author.every((post) => post.published));
    });

    it("leaves out an expansion that leads nowhere, as PocketBase does", async () => {
      const { items } = await ann.client.collection("comments").getList(1, 1, { expand: "nothing,body,author_via_x" });
      assert.ok(!("expand" in items[0]) || Object.keys(items[0].expand).length === 0);
    });

    it("refuses filters and sorts that cross", async () => {
      for (const [collection, paths] of Object.entries({
        posts: ["author.name", "author.email", "author.bio", "comments_via_post.body", "author.posts_via_author.title"],
        comments: ["post.title", "post.published", "author.name", "author.bio", "post.author.name"],
        users: ["posts_via_author.title", "comments_via_author.body", "following.name", "notes_via_owner.owner.name"],
        notes: ["owner.name", "owner.bio", "owner.posts_via_author.title"],
      }))
        for (const path of paths) await ask(collection, path);
    });

    it("knows no hidden field there", () => ask("comments", "post.internal_score", "field_unknown"));

    it("refuses them by id and by name in any case", async () => {
      for (const name of names.posts) await ask("users", `${name}_via_author.title`);
      for (const name of names.comments) await ask("users", `${name}_via_author.body`);
      for (const name of names.posts) await ask(name, "author.name");
    });

    it("refuses them as arguments of functions", async () => {
      const f = (collection, filter) => refused(ann.client.collection(collection).getList(1, 1, { filter }), 400, "crosses_policy");
      await f("comments", "geoDistance(post.published, 1, 2, 3) < 5");
      await f("comments", 'strftime("%Y", post.created) = "2024"');
      await f("notes", "geoDistance(1, 2, owner.bio, 3) < 5");
    });

    it("takes relations as they are stored", async () => {
      const f = async (collection, filter) => assert.ok((await ann.client.collection(collection).getList(1, 1, { filter })).totalItems > 0);
      await f("posts", `author = "${ann.id}"`);
      await f("comments", `author = "${ann.id}" && post != ""`);
      await f("notes", `owner = "${ann.id}"`);
    });

    it("takes no word for it when ids are asked across", async () => {
      // author.id is author, but says whether that record is there.
      await ask("comments", "post.id");
      await ask("users", "posts_via_author.id");
    });
  });
