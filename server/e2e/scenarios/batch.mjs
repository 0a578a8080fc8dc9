import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { answersRefusal, refused } from "../support/expect.mjs";
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

    it("are refused where a policy decides, whole", async () => {
      const text = unique("batch");
      const f = async (add) => {
        const batch = ann.client.createBatch();
        batch.collection("notes").create({ text, owner: ann.id });
        add(batch);
        await refused(batch.send(), 403, "batch_not_judged");
      };
      await f((batch) => batch.collection("posts").create({ title: "x", author: ann.id }));
      await f((batch) => batch.collection("posts").update(post.id, { internal_score: 9 }));
      await f((batch) => batch.collection("posts").upsert({ id: post.id, title: "x" }));
      await f((batch) => batch.collection("posts").delete(post.id));
      await f((batch) => batch.collection("users").update(ann.id, { validVerified: true }));
      await f((batch) => batch.collection("comments").create({ post: post.id, body: "x", author: ann.id }));
      await f((batch) => batch.collection("PoStS").delete(post.id));
      await f((batch) => batch.collection(post.collectionId).delete(post.id));
      assert.equal((await notes(text)).length, 0);
      assert.equal((await world.stored("posts", post.id)).title, post.title);
    });

    it("reach nothing that is not there for clients", async () => {
      const superusers = await world.collectionId("_superusers");
      for (const name of ["_superusers", "_SUPERUSERS", superusers, "nothing"]) {
        const answer = await send_([member(`/api/collections/${name}/records`)]);
        assert.equal(answer.status, 404, answer.text);
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

    it("cross into nothing that a policy decides", async () => {
      answersRefusal(
        await send_([member("/api/collections/notes/records?expand=owner", { body: { text: "x", owner: ann.id } })]),
        400,
        "expand_refused",
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
