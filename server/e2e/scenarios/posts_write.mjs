import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { lacks, notFound, refused } from "../support/expect.mjs";
import { png } from "../support/png.mjs";
import { unique } from "../support/world.mjs";

// policies/posts.ts: creating, updating, deleting.
export default (world) =>
  describe("posts: who may write them", () => {
    let ann, bob;
    before(async () => {
      [ann, bob] = [await world.user(), await world.user()];
    });
    const posts = (who) => who.client.collection("posts");
    const guest = () => world.guest().collection("posts");
    const stored = (id) => world.stored("posts", id);
    const storedTitled = async (title) => (await world.root.collection("posts").getList(1, 1, { filter: `title = "${title}"` })).totalItems;

    it("lets a user create under their own name", async () => {
      const record = await posts(ann).create({ title: "Hello", body: "World", author: ann.id, published: true, tags: ["film", "tech"] });
      assert.deepEqual([record.title, record.author, record.published, record.tags], ["Hello", ann.id, true, ["film", "tech"]]);
      lacks(record, "internal_score");
      assert.equal((await stored(record.id)).body, "World");
    });

    it("lets a user create with an image", async () => {
      const record = await posts(ann).create({
        title: "Picture",
        author: ann.id,
        tags: ["film"],
        image: new File([png], "cat.png", { type: "image/png" }),
      });
      assert.match(record.image, /^cat_\w+\.png$/);
      assert.deepEqual(record.tags, ["film"]);
    });

    it("lets a user write a draft, and answers it whole", async () => {
      const record = await posts(ann).create({ title: "Draft", author: ann.id, published: false });
      assert.equal(record.title, "Draft");
    });

    it("lets no guest create", async () => {
      const title = unique("guest");
      await refused(guest().create({ title, author: ann.id, published: true }), 403, "sign_in_required");
      await refused(guest().create({ title }), 403, "sign_in_required");
      assert.equal(await storedTitled(title), 0);
    });

    it("lets nobody create under another's name", async () => {
      const title = unique("other");
      for (const author of [{ author: bob.id }, {}, { author: "" }, { author: null }, { author: [bob.id] }, { author: [ann.id, bob.id] }]) {
        await refused(posts(ann).create({ title, published: true, ...author }), 403, "ownership_required");
      }
      assert.equal(await storedTitled(title), 0);
    });

    it("lets nobody create without a title", async () => {
      for (const title of [{ title: "" }, {}, { title: null }, { title: "   " }]) {
        await refused(posts(ann).create({ author: ann.id, body: "x", ...title }), 403, "invalid_title");
      }
      const form = new FormData();
      form.set("author", ann.id);
      form.set("title", "");
      await refused(posts(ann).create(form), 403, "invalid_title");
    });

    it("lets the author update every field that is theirs, with and without a modifier", async () => {
      const post = await world.post(ann, { tags: ["film"] });
      const f = async (change, want) => {
        const record = await posts(ann).update(post.id, change);
        for (const [field, value] of Object.entries(want)) assert.deepEqual([field, record[field]], [field, value]);
        const kept = await stored(post.id);
        for (const [field, value] of Object.entries(want)) assert.deepEqual([field, kept[field]], [field, value]);
      };
      await f({ title: "New" }, { title: "New" });
      await f({ body: "New body" }, { body: "New body", title: "New" });
      await f({ "tags+": "tech" }, { tags: ["film", "tech"] });
      await f({ "+tags": ["music"] }, { tags: ["music", "film", "tech"] });
      await f({ "tags-": ["film"] }, { tags: ["music", "tech"] });
      await f({ tags: [] }, { tags: [] });
      await f({ published: false }, { published: false });
      await f({ published: true, title: "Both" }, { published: true, title: "Both" });
    });

    it("lets the author put an image in and take it away", async () => {
      const post = await world.post(ann);
      const { image } = await posts(ann).update(post.id, { image: new File([png], "dog.png", { type: "image/png" }) });
      assert.match(image, /^dog_\w+\.png$/);
      const replaced = await posts(ann).update(post.id, { image: new File([png], "cow.png", { type: "image/png" }), title: "Cow" });
      assert.match(replaced.image, /^cow_\w+\.png$/);
      assert.equal((await posts(ann).update(post.id, { "image-": replaced.image })).image, "");
    });

    it("lets nobody else update a published post", async () => {
      const post = await world.post(ann, { title: "Ann's" });
      await refused(posts(bob).update(post.id, { title: "Bob's" }), 403, "ownership_required");
      await refused(posts(bob).update(post.id, { author: bob.id }), 403, "ownership_required");
      await refused(guest().update(post.id, { title: "Guest's" }), 403, "ownership_required");
      assert.equal((await stored(post.id)).title, "Ann's");
    });

    it("answers another's draft like one that does not exist", async () => {
      const draft = await world.post(ann, { published: false });
      for (const client of [posts(bob), guest()]) {
        await notFound(client.update(draft.id, { title: "x" }));
        await notFound(client.delete(draft.id));
        await notFound(client.update("doesnotexist000", { title: "x" }));
        await notFound(client.delete("doesnotexist000"));
      }
      assert.equal((await stored(draft.id)).title, draft.title);
    });

    it("lets the author change no other field", async () => {
      const post = await world.post(ann);
      const f = async (change, field) =>
        assert.match(await refused(posts(ann).update(post.id, change), 403, "field_forbidden"), new RegExp(`\\b${field}\\b`));
      await f({ author: bob.id }, "author");
      await f({ title: "x", author: bob.id }, "author");
      await f({ "author+": bob.id }, "author");
      await f({ "author-": ann.id }, "author");
      await f({ "+author": bob.id }, "author");
      await f({ id: "otherid00000000" }, "id");
      await f({ attachment: new File(["x"], "x.txt") }, "attachment");
      const kept = await stored(post.id);
      assert.deepEqual([kept.author, kept.title, kept.attachment], [ann.id, post.title, ""]);
    });

    it("lets the author delete", async () => {
      const post = await world.post(ann);
      assert.equal(await posts(ann).delete(post.id), true);
      await world.isGone("posts", post.id);
    });

    it("lets nobody else delete", async () => {
      const post = await world.post(ann);
      await refused(posts(bob).delete(post.id), 403, "ownership_required");
      await refused(guest().delete(post.id), 403, "ownership_required");
      assert.equal((await stored(post.id)).id, post.id);
    });

    it("takes nobody for an author who signed in elsewhere", async () => {
      const member = await newMember(world);
      const draft = await world.post(ann, { published: false });
      await notFound(member.collection("posts").getOne(draft.id));
      for (const author of [ann.id, member.authStore.record.id]) {
        await refused(member.collection("posts").create({ title: "x", author }), 403, "ownership_required");
      }
    });
  });

async function newMember(world) {
  const account = { email: `${unique("member")}@example.com`, password: "member-password" };
  await world.root.collection("members").create({ ...account, passwordConfirm: account.password });
  const client = world.guest();
  await client.collection("members").authWithPassword(account.email, account.password);
  return client;
}
