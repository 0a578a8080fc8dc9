import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { png } from "../support/png.mjs";
import { send } from "../support/send.mjs";
import { claims } from "../support/token.mjs";
import { signIn } from "../support/world.mjs";

export default (world) =>
  describe("files", () => {
    let ann, bob, post, kept;
    before(async () => {
      [ann, bob] = [await world.user(), await world.user()];
      post = await ann.client
        .collection("posts")
        .create({ title: "Picture", author: ann.id, published: true, image: new File([png], "cat.png", { type: "image/png" }) });
      await world.root.collection("posts").update(post.id, { attachment: new File(["kept"], "kept.txt") });
      post = await world.stored("posts", post.id);
      kept = await world.root.collection("vault").create({ owner: ann.id, attachment: new File(["mine"], "mine.txt") });
    });
    const get = async (path, options) => {
      const answer = await fetch(world.url + path, options);
      return {
        status: answer.status,
        type: answer.headers.get("content-type"),
        cache: answer.headers.get("cache-control"),
        bytes: Buffer.from(await answer.arrayBuffer()),
      };
    };
    const secret = (answer) => assert.ok(!/kept|mine/.test(answer.bytes.toString()), "the file leaked");

    it("are public by their URL, by name and by id", async () => {
      for (const collection of ["posts", "POSTS", post.collectionId]) {
        const answer = await get(`/api/files/${collection}/${post.id}/${post.image}`);
        assert.deepEqual([answer.status, answer.type], [200, "image/png"]);
        assert.deepEqual(answer.bytes, png);
        assert.match(answer.cache ?? "", /max-age=\d+/);
      }
      const head = await get(`/api/files/posts/${post.id}/${post.image}`, { method: "HEAD" });
      assert.deepEqual([head.status, head.type, head.bytes.length], [200, "image/png", 0]);
    });

    it("come by the URL that the SDK makes", async () => {
      const answer = await fetch(ann.client.files.getURL(post, post.image));
      assert.equal(answer.status, 200);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), png);
    });

    it("come in parts", async () => {
      const answer = await get(`/api/files/posts/${post.id}/${post.image}`, { headers: { Range: "bytes=1-3" } });
      assert.equal(answer.status, 206);
      assert.equal(answer.bytes.toString(), "PNG");
    });

    it("are 404 where there is none", async () => {
      for (const path of [
        `/api/files/posts/${post.id}/none.png`,
        `/api/files/posts/nothing/${post.image}`,
        `/api/files/nothing/${post.id}/${post.image}`,
      ]) {
        assert.equal((await get(path)).status, 404, path);
      }
    });

    it("are views of their record and field where they are protected and a policy decides", async () => {
      const draft = await world.root
        .collection("posts")
        .create({ title: "Draft", author: ann.id, published: false, attachment: new File(["kept"], "kept.txt") });
      const [mine, others] = [await ann.client.files.getToken(), await bob.client.files.getToken()];
      const upstream = await (await signIn(world.databaseURL, ann)).files.getToken();
      for (const name of ["posts", "POSTS", post.collectionId]) {
        const path = (of) => `/api/files/${name}/${of.id}/${of.attachment}`;
        for (const token of ["", mine, others]) {
          const answer = await get(`${path(post)}?token=${token}`);
          assert.deepEqual([answer.status, answer.bytes.toString(), answer.cache], [200, "kept", "private, no-cache"], "published");
        }
        assert.equal((await get(`${path(draft)}?token=${mine}`)).bytes.toString(), "kept", "one's own draft");
        for (const token of ["", "nonsense", others, upstream, ann.token]) {
          const answer = await get(`${path(draft)}?token=${token}`);
          secret(answer);
          assert.equal(answer.status, 404, "another's draft");
        }
      }
    });

    it("open with a token of Hapta's where PocketBase's rules decide", async () => {
      const token = await ann.client.files.getToken();
      assert.equal(claims(token).type, "file");
      const answer = await get(`/api/files/vault/${kept.id}/${kept.attachment}?token=${token}`);
      assert.deepEqual([answer.status, answer.bytes.toString()], [200, "mine"]);
    });

    it("stay shut without one, with another's, with another kind's and with PocketBase's own", async () => {
      const path = `/api/files/vault/${kept.id}/${kept.attachment}`;
      const upstream = await (await signIn(world.databaseURL, ann)).files.getToken();
      for (const token of ["", "nonsense", ann.token, upstream, await bob.client.files.getToken()]) {
        const answer = await get(`${path}?token=${encodeURIComponent(token)}`);
        secret(answer);
        assert.equal(answer.status, 404, token);
      }
    });

    it("gives PocketBase no file token of Hapta's to take", async () => {
      const token = await ann.client.files.getToken();
      const answer = await fetch(`${world.databaseURL}/api/files/vault/${kept.id}/${kept.attachment}?token=${token}`);
      assert.equal(answer.status, 404);
    });

    it("gives no guest a token", async () => {
      assert.equal((await send(world.url, "POST", "/api/files/token")).status, 401);
    });
  });
