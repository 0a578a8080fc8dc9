import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { refused } from "../support/expect.mjs";

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

    const expand = (collection, path) => refused(ann.client.collection(collection).getList(1, 1, { expand: path }), 400, "expand_refused");
    const ask = async (collection, path, code = "crosses_policy") => {
      await refused(ann.client.collection(collection).getList(1, 1, { filter: `${path} != "x"` }), 400, code);
      await refused(ann.client.collection(collection).getList(1, 1, { filter: `id = "x" || (id != "" && "x" ~ ${path})` }), 400, code);
      await refused(ann.client.collection(collection).getList(1, 1, { sort: `-id,${path}` }), 400, code);
    };

    it("refuses expansions into a collection with a policy, from anywhere", async () => {
      for (const [collection, paths] of Object.entries({
        posts: ["author", "comments_via_post", "comments_via_post.author", "author.following"],
        comments: ["post", "author", "post.author", "author,post", "author.posts_via_author"],
        users: ["followers", "following", "posts_via_author", "comments_via_author.post", "notes_via_owner.owner"],
        notes: ["owner", "owner.posts_via_author"],
      }))
        for (const path of paths) await expand(collection, path);
    });

    it("refuses them by id and by name in any case", async () => {
      for (const name of names.posts) await expand("users", `${name}_via_author`);
      for (const name of names.comments) await expand("users", `${name}_via_author`);
      for (const users of names.users) await expand(users, "followers");
    });

    it("refuses them in views and in answers to writes", async () => {
      const post = await world.post(ann),
        comment = await world.comment(ann, post);
      await refused(ann.client.collection("comments").getOne(comment.id, { expand: "post" }), 400, "expand_refused");
      await refused(ann.client.collection("comments").update(comment.id, { body: "changed" }, { expand: "post" }), 400, "expand_refused");
      await refused(ann.client.collection("comments").create({ post: post.id, body: "x" }, { expand: "author" }), 400, "expand_refused");
      await refused(ann.client.collection("posts").update(post.id, { title: "changed" }, { expand: "author" }), 400, "expand_refused");
      assert.equal((await world.stored("comments", comment.id)).body, comment.body);
      assert.equal((await world.stored("posts", post.id)).title, post.title);
    });

    it("refuses them with a sign-in", async () => {
      await refused(
        world.guest().collection("users").authWithPassword(ann.email, ann.password, { expand: "following" }),
        400,
        "expand_refused",
      );
      await refused(ann.client.collection("users").authRefresh({ expand: "posts_via_author" }), 400, "expand_refused");
    });

    it("leaves out an expansion that leads nowhere, as PocketBase does", async () => {
      const { items } = await ann.client.collection("comments").getList(1, 1, { expand: "nothing,body,author_via_x" });
      assert.ok(!("expand" in items[0]) || Object.keys(items[0].expand).length === 0);
    });

    it("refuses filters and sorts that cross", async () => {
      for (const [collection, paths] of Object.entries({
        posts: ["author.name", "author.email", "author.bio", "comments_via_post.body", "author.posts_via_author.title"],
        comments: ["post.title", "post.published", "post.internal_score", "author.name", "author.bio", "post.author.name"],
        users: ["posts_via_author.title", "comments_via_author.body", "following.name", "notes_via_owner.owner.name"],
        notes: ["owner.name", "owner.bio", "owner.posts_via_author.title"],
      }))
        for (const path of paths) await ask(collection, path);
    });

    it("refuses them by id and by name in any case", async () => {
      for (const name of names.posts) await ask("users", `${name}_via_author.title`);
      for (const name of names.comments) await ask("users", `${name}_via_author.body`);
      for (const name of names.posts) await ask(name, "author.name");
    });

    it("refuses them as arguments of functions", async () => {
      const f = (collection, filter) => refused(ann.client.collection(collection).getList(1, 1, { filter }), 400, "crosses_policy");
      await f("comments", "geoDistance(post.internal_score, 1, 2, 3) < 5");
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
