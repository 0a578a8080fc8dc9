import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { answersRefusal, holds, lacks } from "../support/expect.mjs";
import { send } from "../support/send.mjs";
import { eventually } from "../support/wait.mjs";

// What PocketBase shows to superusers alone stays so, whoever asks upstream.
export default (world) =>
  describe("hidden fields and e-mail addresses", () => {
    let ann, shown, bob, post;
    before(async () => {
      bob = await world.user();
      ann = await world.user({ emailVisibility: false, moderation_note: "watch her" });
      shown = await world.user({ emailVisibility: true });
      post = await world.post(ann, { internal_score: 7 });
    });

    it("never leave: moderation_note", async () => {
      for (const viewer of [world.guest(), bob.client, ann.client]) {
        for (const fields of [undefined, "*", "moderation_note", "id,moderation_note"]) {
          lacks(await viewer.collection("users").getOne(ann.id, { fields }), "moderation_note", "tokenKey", "password");
        }
        const { items } = await viewer.collection("users").getList(1, 1, { filter: `id = "${ann.id}"` });
        lacks(items[0], "moderation_note", "tokenKey", "password");
      }
      lacks(await ann.client.collection("users").update(ann.id, { name: "Ann" }), "moderation_note", "tokenKey");
      lacks((await ann.client.collection("users").authRefresh()).record, "moderation_note", "tokenKey");
    });

    it("never leave: internal_score", async () => {
      for (const viewer of [world.guest(), bob.client, ann.client]) {
        for (const fields of [undefined, "*", "internal_score"]) {
          lacks(await viewer.collection("posts").getOne(post.id, { fields }), "internal_score");
        }
        const { items } = await viewer.collection("posts").getList(1, 1, { filter: `id = "${post.id}"` });
        lacks(items[0], "internal_score");
      }
      lacks(await ann.client.collection("posts").update(post.id, { body: "x" }), "internal_score");
    });

    it("are never written by a client", async () => {
      for (const change of [{ internal_score: 99 }, { "internal_score+": 1 }, { "internal_score-": 1 }]) {
        const record = await ann.client.collection("posts").update(post.id, { title: "Still fine", ...change });
        assert.equal(record.title, "Still fine");
        assert.equal((await world.stored("posts", post.id)).internal_score, 7);
      }
      const made = await ann.client.collection("posts").create({ title: "x", author: ann.id, internal_score: 99 });
      assert.equal((await world.stored("posts", made.id)).internal_score, 0);
      const form = new FormData();
      form.set("title", "x");
      form.set("internal_score", "99");
      await ann.client.collection("posts").update(post.id, form);
      await ann.client.collection("users").update(ann.id, { name: "Ann", moderation_note: "a saint", "tokenKey:autogenerate": "" });
      assert.equal((await world.stored("posts", post.id)).internal_score, 7);
      assert.equal((await world.stored("users", ann.id)).moderation_note, "watch her");
    });

    it("cannot be asked about by filter or sort", async () => {
      const f = async (collection, name, text) => {
        const answer = await send(world.url, "GET", `/api/collections/${collection}/records?${name}=${encodeURIComponent(text)}`, {
          token: bob.token,
        });
        assert.equal(answer.status, 400, `${text}: ${answer.text}`);
        if (collection === "posts") answersRefusal(answer, 400, "field_unknown");
      };
      await f("posts", "filter", "internal_score > 5");
      await f("posts", "filter", "published = true && internal_score:length > 5");
      await f("posts", "filter", "geoDistance(internal_score, 1, 2, 3) < 5");
      await f("posts", "sort", "internal_score");
      await f("posts", "sort", "-created,-internal_score");
      await f("users", "filter", 'moderation_note != ""');
      await f("users", "filter", 'tokenKey ~ "a"');
      await f("users", "filter", 'password != ""');
      await f("users", "sort", "moderation_note");
    });

    it("are not asked about the one who asks upstream", async () => {
      const f = async (name, text) => {
        const answer = await send(world.url, "GET", `/api/collections/posts/records?${name}=${encodeURIComponent(text)}`, {
          token: bob.token,
        });
        answersRefusal(answer, 400, "field_unknown");
      };
      await f("filter", '@request.auth.id != ""');
      await f("filter", '@request.auth.email ~ "root"');
      await f("filter", '@request.auth.tokenKey ~ "a"');
      await f("filter", '@collection.users.email ~ "a"');
      await f("filter", '@collection._superusers.email ~ "a"');
      await f("filter", "published = @request.query.x");
      await f("sort", "@request.auth.email");
      await f("sort", "@collection.users.email");
    });

    it("are nothing to ask under the rules either", async () => {
      for (const text of ['@request.auth.id != ""', '@collection.posts.title ~ "a"', '@collection._superusers.email ~ "a"']) {
        for (const collection of ["users", "comments", "notes"]) {
          const answer = await send(world.url, "GET", `/api/collections/${collection}/records?filter=${encodeURIComponent(text)}`, {
            token: bob.token,
          });
          assert.ok([400, 403].includes(answer.status), `${collection} ${text}: ${answer.text}`);
        }
      }
    });

    it("include the address of who does not show it, but for its owner", async () => {
      for (const viewer of [world.guest(), bob.client]) {
        lacks(await viewer.collection("users").getOne(ann.id), "email");
        lacks(await viewer.collection("users").getOne(ann.id, { fields: "id,email" }), "email");
        assert.equal((await viewer.collection("users").getOne(shown.id)).email, shown.email);
        const { items } = await viewer.collection("users").getList(1, 2, { filter: `id = "${ann.id}" || id = "${shown.id}"` });
        lacks(
          items.find((item) => item.id === ann.id),
          "email",
        );
        holds(
          items.find((item) => item.id === shown.id),
          "email",
        );
      }
      assert.equal((await ann.client.collection("users").getOne(ann.id)).email, ann.email);
    });

    it("include it in filters", async () => {
      const total = async (viewer, filter) => (await viewer.collection("users").getList(1, 1, { filter })).totalItems;
      for (const viewer of [world.guest(), bob.client]) {
        assert.equal(await total(viewer, `email = "${ann.email}"`), 0);
        assert.equal(await total(viewer, `email = "${shown.email}"`), 1);
        assert.equal(await total(viewer, `id = "${ann.id}" && email ~ "@"`), 0);
      }
    });

    it("stay hidden from the moment they are added", async () => {
      const name = `secret_${world.what}`;
      const { fields } = await world.root.collections.getOne("posts");
      await world.root.collections.update("posts", { fields: [...fields, { name, type: "text", hidden: true }] });
      await world.root.collection("posts").update(post.id, { [name]: "kept" });
      lacks(await ann.client.collection("posts").getOne(post.id), name);
      const { items } = await world
        .guest()
        .collection("posts")
        .getList(1, 1, { filter: `id = "${post.id}"` });
      lacks(items[0], name);
    });

    it("give way to a visible field, which is seen soon after it was added", async () => {
      for (const name of ["subtitle", "footnote"]) {
        const { fields } = await world.root.collections.getOne("posts");
        await world.root.collections.update("posts", { fields: [...fields, { name, type: "text" }] });
        await world.root.collection("posts").update(post.id, { [name]: "below" });
        await eventually(
          async () => (await world.guest().collection("posts").getOne(post.id))[name] === "below",
          `${name} never came`,
          3_000,
        );
      }
    });
  });
