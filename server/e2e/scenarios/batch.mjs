import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { answersRefusal, lacks, refused } from "../support/expect.mjs";
import { png } from "../support/png.mjs";
import { send } from "../support/send.mjs";
import { unique } from "../support/world.mjs";

export default (world) =>
  describe("batches", () => {
    let ann, post;
    before(async () => {
      ann = await world.user();
      post = await world.post(ann);
    });
    const notes = async (text) => (await world.root.collection("notes").getList(1, 10, { filter: `text = "${text}"` })).items;
    const send_ = (requests, options = {}) => send(world.url, "POST", "/api/batch", { token: ann.token, json: { requests }, ...options });
    const member = (url, fields = {}) => ({ method: "POST", url, body: { text: "x" }, ...fields });

    it("pass where no policy decides, as the caller", async () => {
      const text = unique("batch");
      const batch = ann.client.createBatch();
      batch.collection("notes").create({ text, owner: ann.id });
      batch.collection("notes").create({ text, owner: ann.id });
      const [first, second] = await batch.send();
      assert.deepEqual([first.status, second.status, first.body.text], [200, 200, text]);
      assert.equal((await notes(text)).length, 2);
      const change = ann.client.createBatch();
      change.collection("notes").update(first.body.id, { text: `${text} changed` });
      assert.equal((await change.send())[0].body.text, `${text} changed`);
    });

    it("are judged member by member, and refused whole", async () => {
      const before = (await world.root.collection("posts").getList(1, 1)).totalItems;
      const f = async (status, code, add) => {
        const batch = ann.client.createBatch();
        batch.collection("posts").create({ title: "mine", author: ann.id });
        add(batch.collection("posts"), batch);
        const error = await batch.send().then(
          () => assert.fail("it was allowed"),
          (e) => e,
        );
        assert.deepEqual([error.status, error.response.message], [400, "Batch transaction failed."]);
        const { response } = error.response.data.requests["1"];
        assert.deepEqual([response.status, response.data.hapta?.code], [status, code], JSON.stringify(error.response));
      };
      const another = await world.post(await world.user());
      const draft = await world.post(await world.user(), { published: false });
      await f(403, "ownership_required", (posts) => posts.create({ title: "x", author: another.author }));
      await f(403, "ownership_required", (posts) => posts.update(another.id, { title: "x" }));
      await f(403, "ownership_required", (posts) => posts.delete(another.id));
      await f(403, "ownership_required", (posts) => posts.upsert({ id: another.id, title: "x" }));
      await f(403, "field_forbidden", (posts) => posts.update(post.id, { author: another.author }));
      await f(403, "invalid_title", (posts) => posts.upsert({ id: "abcdefghijklmno", author: ann.id, title: " " }));
      await f(404, undefined, (posts) => posts.update(draft.id, { title: "x" }));
      await f(404, undefined, (posts) => posts.delete("abcdefghijklmno"));
      assert.equal((await world.root.collection("posts").getList(1, 1)).totalItems, before + 2, "a refused batch stored something");
      assert.equal((await world.stored("posts", another.id)).title, another.title);
    });

    it("change a field in several ways, as the SDK splits a list of a name and an upload", async () => {
      const file = (name) => new File([png], name, { type: "image/png" });
      const mine = await world.post(ann, { image: file("old.png") });
      const change = async (fields) => {
        const batch = ann.client.createBatch();
        batch.collection("posts").update(mine.id, fields);
        await batch.send();
        return world.stored("posts", mine.id);
      };
      const listed = await change({ image: [mine.image, file("listed.png")], title: "listed" });
      assert.match(listed.image, /^listed_.*\.png$/);
      assert.equal(listed.title, "listed");
      const replaced = await change({ "image-": listed.image, "image+": file("replaced.png") });
      assert.match(replaced.image, /^replaced_.*\.png$/);
      const alone = await ann.client.collection("posts").update(mine.id, { "image-": replaced.image, "image+": file("alone.png") });
      assert.match(alone.image, /^alone_.*\.png$/);
    });

    it("store what was judged, and answer what may be seen", async () => {
      const batch = ann.client.createBatch();
      batch.collection("posts").create({ title: "first", author: ann.id, internal_score: 9, image: new File([png], "cat.png", { type: "image/png" }) });
      batch.collection("posts").update(post.id, { title: "second" }, { expand: "author", fields: "id,title,expand.author.id" });
      batch.collection("posts").upsert({ id: "batchupsert0001", title: "third", author: ann.id });
      const [first, second, third] = await batch.send();
      lacks(first.body, "internal_score");
      assert.equal((await world.stored("posts", first.body.id)).internal_score, 0, "a hidden field was written");
      assert.match(first.body.image, /^cat_.*\.png$/);
      assert.deepEqual(second.body, { id: post.id, title: "second", expand: { author: { id: ann.id } } });
      assert.equal((await world.stored("posts", "batchupsert0001")).title, "third");
      assert.equal(third.status, 200);
    });

    it("go as one identity, and write a judged record once", async () => {
      const f = async (code, add) => {
        const batch = ann.client.createBatch();
        add(batch);
        await refused(batch.send(), 400, code);
      };
      await f("batch_two_identities", (batch) => {
        batch.collection("notes").create({ text: "x", owner: ann.id });
        batch.collection("posts").create({ title: "x", author: ann.id });
      });
      await f("batch_written_twice", (batch) => {
        batch.collection("posts").update(post.id, { title: "x" });
        batch.collection("PoStS").delete(post.id);
      });
      const comments = ann.client.createBatch();
      comments.collection("comments").create({ post: post.id, body: "x" });
      comments.collection("notes").create({ text: "x", owner: ann.id });
      assert.deepEqual(
        (await comments.send()).map(({ status }) => status),
        [200, 200],
        "both as the caller",
      );
    });

    it("reach nothing that is not there for clients", async () => {
      const superusers = await world.collectionId("_superusers");
      for (const name of ["_superusers", "_SUPERUSERS", superusers, "nothing"]) {
        const answer = await send_([member(`/api/collections/${name}/records`)]);
        assert.deepEqual([answer.status, answer.json.data.requests["0"].response.status], [400, 404], answer.text);
      }
      for (const url of [
        "/api/settings",
        "/api/collections",
        "/api/collections/posts",
        "/api/../api/settings",
        "/api/collections/notes/../posts/records",
        "/api/collections/notes%2F..%2Fposts/records",
        "//api/collections/posts/records",
        "http://127.0.0.1/api/collections/posts/records",
        "/api/collections/notes/records/../../posts/records",
      ]) {
        const answer = await send_([member(url)]);
        assert.ok([400, 403, 404].includes(answer.status), `${url}: ${answer.text}`);
      }
    });

    it("are refused when a key is in another case, which PocketBase would fold", async () => {
      const url = "/api/collections/posts/records";
      answersRefusal(await send_([{ method: "POST", url: "/api/collections/notes/records", URL: url, body: {} }]), 400, "bad_body");
      answersRefusal(await send_([{ method: "POST", URL: url, body: {} }]), 400, "bad_body");
      answersRefusal(await send(world.url, "POST", "/api/batch", { token: ann.token, json: { Requests: [member(url)] } }), 400, "bad_body");
      answersRefusal(
        await send(
          world.url,
          "POST",
          `/api/batch?${new URLSearchParams({ "@jsonPayload": JSON.stringify({ requests: [member(url)] }) })}`,
          { token: ann.token, json: { requests: [] } },
        ),
        400,
        "field_in_query",
      );
    });

    it("run as the caller whatever their members' headers say", async () => {
      const text = unique("batch");
      const answer = await send_([
        member("/api/collections/notes/records", {
          body: { text },
          headers: { Authorization: world.root.authStore.token, "X-Hapta-Caller": "users/x" },
        }),
      ]);
      assert.equal(answer.status, 200, answer.text);
      const owned = await world.root.collection("notes").create({ text, owner: null });
      const update = await send_([
        {
          method: "PATCH",
          url: `/api/collections/notes/records/${owned.id}`,
          body: { text: "stolen" },
          headers: { Authorization: world.root.authStore.token },
        },
      ]);
      assert.equal(update.status, 400, update.text);
      assert.equal((await world.stored("notes", owned.id)).text, text);
    });
  });
