import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { notFound, refused, refusedByPocketBase } from "../support/expect.mjs";
import { unique } from "../support/world.mjs";

// policies/comments.rs, under PocketBase's rules.
export default (world) =>
  describe("comments: who may write them", () => {
    let ann, bob, eve, post;
    before(async () => {
      [ann, bob, eve] = [await world.user(), await world.user(), await world.user()];
      post = await world.post(bob);
    });
    const comments = (who) => who.client.collection("comments");
    const guest = () => world.guest().collection("comments");
    const stored = (id) => world.stored("comments", id);

    it("sets the author to the caller, whatever was sent", async () => {
      for (const sent of [
        {},
        { author: ann.id },
        { author: bob.id },
        { author: "" },
        { author: null },
        { author: "nobody000000000" },
        { "author+": bob.id },
      ]) {
        const record = await comments(ann).create({ post: post.id, body: "Hello", ...sent });
        assert.equal(record.author, ann.id, JSON.stringify(sent));
        assert.equal((await stored(record.id)).author, ann.id, JSON.stringify(sent));
        assert.equal(record.body, "Hello");
      }
      const form = new FormData();
      form.set("post", post.id);
      form.set("body", "From a form");
      form.set("author", bob.id);
      assert.equal((await comments(ann).create(form)).author, ann.id);
    });

    it("lets no guest comment", async () => {
      const body = unique("guest");
      await refused(guest().create({ post: post.id, body, author: ann.id }), 403, "sign_in_required");
      assert.equal((await world.root.collection("comments").getList(1, 1, { filter: `body = "${body}"` })).totalItems, 0);
    });

    it("leaves to PocketBase what a comment needs", async () => {
      await refusedByPocketBase(comments(ann).create({ post: post.id, body: "" }), 400);
      await refusedByPocketBase(comments(ann).create({ post: "nothing00000000", body: "x" }), 400);
    });

    it("lets everyone read, as PocketBase's rules do", async () => {
      const comment = await world.comment(ann, post);
      assert.equal((await guest().getOne(comment.id)).body, comment.body);
      assert.equal((await guest().getList(1, 1, { filter: `id = "${comment.id}"` })).totalItems, 1);
    });

    it("lets the author update", async () => {
      const comment = await world.comment(ann, post);
      assert.equal((await comments(ann).update(comment.id, { body: "Better" })).body, "Better");
      assert.equal((await stored(comment.id)).body, "Better");
    });

    it("lets nobody else update, the post's author included", async () => {
      const comment = await world.comment(ann, post);
      for (const client of [comments(bob), comments(eve), guest()]) {
        await refused(client.update(comment.id, { body: "Changed" }), 403, "ownership_required");
      }
      assert.equal((await stored(comment.id)).body, comment.body);
    });

    it("lets the author and the post's author delete", async () => {
      for (const who of [ann, bob]) {
        const comment = await world.comment(ann, post);
        assert.equal(await comments(who).delete(comment.id), true);
        await world.isGone("comments", comment.id);
      }
    });

    it("lets nobody else delete", async () => {
      const comment = await world.comment(ann, post);
      for (const client of [comments(eve), guest()]) await refused(client.delete(comment.id), 403, "ownership_required");
      assert.equal((await stored(comment.id)).id, comment.id);
    });

    it("follows the post the comment is under, not one that is sent along", async () => {
      const [comment, own] = [await world.comment(ann, post), await world.post(eve)];
      const answer = eve.client.send(`/api/collections/comments/records/${comment.id}`, { method: "DELETE", body: { post: own.id } });
      await refused(answer, 403, "ownership_required");
    });

    it("answers 404 for comments that are not there", async () => {
      await notFound(comments(ann).update("nothing00000000", { body: "x" }));
      await notFound(comments(ann).delete("nothing00000000"));
    });
  });
