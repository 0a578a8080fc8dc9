import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { lacks, notFound, refused } from "../support/expect.mjs";

// A collection is the same one by id and by name in any case.
export default (world) =>
  describe("collections by other names", () => {
    let ann, bob, draft, published, comment, posts, users, comments;
    before(async () => {
      [ann, bob] = [await world.user({ private: true, bio: "Mine" }), await world.user()];
      [draft, published] = [await world.post(ann, { published: false }), await world.post(ann)];
      comment = await world.comment(ann, published);
      posts = ["POSTS", "pOsTs", await world.collectionId("posts")];
      users = ["USERS", "uSERs", await world.collectionId("users")];
      comments = ["COMMENTS", "Comments", await world.collectionId("comments")];
    });

    it("judges posts alike", async () => {
      for (const name of posts) {
        await notFound(bob.client.collection(name).getOne(draft.id));
        assert.equal((await ann.client.collection(name).getOne(draft.id)).id, draft.id);
        assert.equal((await bob.client.collection(name).getList(1, 1, { filter: "published = false" })).totalItems, 0);
        await refused(world.guest().collection(name).create({ title: "x" }), 403, "sign_in_required");
        await refused(bob.client.collection(name).update(published.id, { title: "x" }), 403, "ownership_required");
        await refused(ann.client.collection(name).update(published.id, { author: bob.id }), 403, "field_forbidden");
        await refused(bob.client.collection(name).delete(published.id), 403, "ownership_required");
        lacks(await bob.client.collection(name).getOne(published.id), "internal_score");
      }
    });

    it("judges users alike", async () => {
      for (const name of users) {
        lacks(await bob.client.collection(name).getOne(ann.id), "bio", "email", "moderation_note");
        await refused(bob.client.collection(name).update(ann.id, { name: "x" }), 403, "ownership_required");
        await refused(ann.client.collection(name).update(ann.id, { validVerified: true }), 403, "field_forbidden");
        await refused(bob.client.collection(name).getList(1, 1, { filter: 'bio != ""' }), 400, "field_masked");
      }
    });

    it("judges comments alike", async () => {
      for (const name of comments) {
        await refused(world.guest().collection(name).create({ post: published.id, body: "x" }), 403, "sign_in_required");
        await refused(bob.client.collection(name).update(comment.id, { body: "x" }), 403, "ownership_required");
        assert.equal((await bob.client.collection(name).create({ post: published.id, body: "x", author: ann.id })).author, bob.id);
      }
    });

    it("knows no id in another case, and no name that is none", async () => {
      for (const name of [posts[2].toUpperCase(), "post", "posts ", "posts_"]) {
        await notFound(bob.client.collection(name).getList(1, 1));
      }
    });
  });
