import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { EventSource } from "eventsource";
import { removeFolders } from "./harness.mjs";
import { notFound, refusedByPocketBase } from "./support/expect.mjs";
import { send } from "./support/send.mjs";
import { startEmbedded, startRemote } from "./support/start.mjs";
import { claims } from "./support/token.mjs";
import { eventually } from "./support/wait.mjs";
import { client, signIn, superuser, unique } from "./support/world.mjs";

// Superusers through Hapta, by [server] expose_superuser_api. Everything else
// goes on as without it.
globalThis.EventSource = EventSource; // node has none; the official client takes it from here

for (const start of [startEmbedded, startRemote]) {
  describe(`${start.name}, superusers that are let through`, () => {
    let world, root, user, draft;
    before(async () => {
      world = await start({ HAPTA_SERVER_EXPOSE_SUPERUSER_API: "true" });
      root = client(world.url);
      await root.collection("_superusers").authWithPassword(superuser.email, superuser.password);
      user = await world.user();
      draft = await world.post(user, { published: false });
      await world.root.collection("posts").update(draft.id, { attachment: new File(["kept"], "kept.txt") });
      draft = await world.stored("posts", draft.id);
    });
    after(() => world.stop());

    it("use PocketBase's own tokens", async () => {
      assert.equal(claims(root.authStore.token).sid, undefined);
      assert.equal(root.authStore.isSuperuser, true);
      await root.collection("_superusers").authRefresh();
    });

    it("have collections, settings, logs and crons", async () => {
      const { id } = await root.collections.create({ name: unique("made").replace("-", "_"), type: "base" });
      await root.collections.delete(id);
      assert.ok((await root.collections.getFullList()).some(({ name }) => name === "posts"));
      assert.equal(typeof (await root.settings.getAll()).meta.appName, "string");
      await root.logs.getList(1, 1);
      assert.ok((await root.crons.getFullList()).length > 0);
      assert.equal((await root.health.check()).data.canBackup, true);
    });

    it("have records, whatever a policy says", async () => {
      assert.equal((await root.collection("posts").getOne(draft.id)).published, false);
      await root.collection("posts").update(draft.id, { title: "by a superuser" });
      const batch = root.createBatch();
      batch.collection("posts").update(draft.id, { body: "in a batch" });
      await batch.send();
      assert.equal((await world.stored("posts", draft.id)).body, "in a batch");
    });

    it("hear what happens to records, whatever a policy says", async () => {
      const seen = [];
      await root.collection("posts").subscribe(draft.id, (event) => seen.push(event.record.title));
      await world.root.collection("posts").update(draft.id, { title: "heard" });
      await eventually(() => seen.includes("heard"), "no event came");
      await root.realtime.unsubscribe();
    });

    it("have protected files and backups by their token in the URL", async () => {
      const token = await root.files.getToken();
      assert.equal(claims(token).sid, undefined);
      assert.equal(await (await fetch(root.files.getURL(draft, draft.attachment, { token }))).text(), "kept");
      const name = `${unique("copy")}.zip`;
      await root.backups.create(name);
      const backup = await fetch(root.backups.getDownloadURL(token, name));
      assert.equal(backup.status, 200);
      assert.equal(Buffer.from(await backup.arrayBuffer()).subarray(0, 2).toString(), "PK");
      await root.backups.delete(name);
    });

    it("impersonate", async () => {
      const other = await root.collection("users").impersonate(user.id, 60);
      assert.equal(claims(other.authStore.token).id, user.id);
    });

    it("have the dashboard", async () => {
      const page = await send(world.url, "GET", "/_/");
      assert.equal(page.status, 200);
      const assets = [...page.text.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(([, path]) => path);
      assert.ok(assets.length >= 2, page.text);
      for (const path of assets) {
        const asset = await send(world.url, "GET", `/_/${path}`);
        assert.equal(asset.status, 200);
        assert.match(asset.headers.get("content-type"), path.endsWith(".css") ? /text\/css/ : /javascript/);
      }
      assert.equal((await send(world.url, "GET", "/_")).headers.get("location"), "/_/");
    });

    it("are the only ones", async () => {
      const forged = root.authStore.token.replace(/[^.]+$/, "AAAA");
      for (const token of [undefined, forged, "nonsense"]) {
        assert.equal((await send(world.url, "GET", "/api/settings", { token })).status, 401);
        assert.equal((await send(world.url, "GET", `/api/collections/posts/records/${draft.id}`, { token })).status, 404);
        assert.equal((await send(world.url, "GET", "/api/collections/_superusers/records", { token })).status, 403);
        assert.equal((await send(world.url, "GET", `/api/files/posts/${draft.id}/${draft.attachment}?token=${forged}`, { token })).status, 404);
      }
      await refusedByPocketBase(user.client.settings.getAll(), 403);
      await refusedByPocketBase(user.client.collections.getFullList(), 403);
      await refusedByPocketBase(user.client.collection("users").impersonate(user.id, 60), 403);
      await refusedByPocketBase(user.client.collection("_superusers").getFullList(), 403);
    });

    it("are so until PocketBase says otherwise", async () => {
      const email = `${unique("second")}@example.com`;
      const password = "a second superuser";
      const { id } = await world.root.collection("_superusers").create({ email, password, passwordConfirm: password });
      const second = client(world.url);
      await second.collection("_superusers").authWithPassword(email, password);
      assert.equal((await second.collection("posts").getOne(draft.id)).id, draft.id);
      await world.root.collection("_superusers").delete(id);
      await notFound(second.collection("posts").getOne(draft.id));
      await refusedByPocketBase(second.settings.getAll(), 401);
    });

    it("change nothing for users", async () => {
      const again = await signIn(world.url, user);
      assert.equal(typeof claims(again.authStore.token).sid, "string");
      assert.equal((await again.collection("posts").getOne(draft.id)).id, draft.id);
      await notFound(world.guest().collection("posts").getOne(draft.id));
      assert.equal((await send(world.url, "GET", "/nothing")).status, 404);
    });
  });
}

after(removeFolders);
