// Reads that are asked again: what each caller sees has a tag of its own, and who has
// it already gets no body, be it a program, the official SDK or a browser.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { removeFolders } from "./harness.mjs";
import { serveApp } from "./support/app.mjs";
import { findBrowser, startBrowser } from "./support/browser.mjs";
import { send } from "./support/send.mjs";
import { restartEmbedded, startEmbedded, startRemote } from "./support/start.mjs";
import { eventually } from "./support/wait.mjs";

after(removeFolders);
const browserPath = await findBrowser();
const path = (id) => `/api/collections/users/records/${id}`;

for (const start of [startEmbedded, startRemote]) {
  describe(`${start.name}, asking again`, () => {
    let world, ann, bob;
    before(async () => {
      world = await start();
      ann = await world.user({ name: "Ann", private: true, bio: "A private life" }); // which others do not see
      bob = await world.user();
    });
    after(() => world.stop());

    const ask = (token, tag, method = "GET") =>
      send(world.url, method, path(ann.id), { token, headers: tag ? { "If-None-Match": tag } : {} });
    const tagFor = async (token) => {
      const { status, headers } = await ask(token);
      assert.equal(status, 200);
      assert.equal(headers.get("cache-control"), "private, no-cache");
      assert.match(headers.get("vary"), /\bAuthorization\b/);
      return headers.get("etag");
    };
    const isNotModified = ({ status, headers, text }, tag) => {
      assert.deepEqual([status, text, headers.get("etag"), headers.get("content-type")], [304, "", tag, null]);
      assert.ok(headers.get("x-request-id") && headers.get("ratelimit"));
    };

    it("brings no body to who has it, and another one to who sees something else", async () => {
      const [own, others] = [await tagFor(ann.token), await tagFor(bob.token)];
      assert.notEqual(own, others);
      assert.equal(await tagFor(undefined), others, "a guest sees what Bob sees");
      for (const method of ["GET", "HEAD"]) {
        isNotModified(await ask(ann.token, own, method), own);
        isNotModified(await ask(bob.token, `"x", W/${others}`, method), others);
      }
      const asBob = await ask(bob.token, own);
      assert.deepEqual([asBob.status, asBob.headers.get("etag"), asBob.json.bio], [200, others, undefined]);
      assert.equal((await ask(ann.token, others)).json.bio, "A private life");
    });

    it("tells whoever sees a change, and nobody else", async () => {
      const [own, others] = [await tagFor(ann.token), await tagFor(bob.token)];
      await ann.client.collection("users").update(ann.id, { name: "Anna" });
      assert.equal((await ask(ann.token, own)).json.name, "Anna");
      assert.equal((await ask(bob.token, others)).json.name, "Anna");
    });

    it("is the official SDK's to do", async () => {
      const kept = { status: [] }; // an app's own store of one answer
      ann.client.beforeSend = (url, options) => {
        if (kept.tag) options.headers = { ...options.headers, "If-None-Match": kept.tag };
        return { url, options };
      };
      ann.client.afterSend = (response, data) => {
        kept.status.push(response.status);
        if (response.status === 304) return kept.data;
        return Object.assign(kept, { tag: response.headers.get("etag"), data }).data;
      };
      const get = () => ann.client.collection("users").getOne(ann.id);
      const first = await get();
      assert.deepEqual(await get(), first);
      await world.root.collection("users").update(ann.id, { bio: "Another life" });
      await eventually(async () => (await get()).bio === "Another life");
      assert.deepEqual([...new Set(kept.status)], [200, 304]);
      assert.equal(kept.status.at(-1), 200);
      ann.client.beforeSend = ann.client.afterSend = null;
    });

    it("is done by browsers, with nothing changed in an app", { skip: !browserPath && "there is no Chromium; install it, or name one as CHROMIUM" }, async () => {
      const [app, browser] = [await serveApp(), await startBrowser(browserPath)];
      const page = await browser.page();
      await page.goto(app.at(world.url, "users")); // another origin than Hapta's
      await page.shows("Sign in");
      const get = () => page.evaluate(`pb.collection("users").getOne("${ann.id}", { fields: "bio" })`);
      await page.evaluate(`globalThis.pb = new PocketBase("${world.url}"), pb.collection("users").authWithPassword("${ann.email}", "${ann.password}")`);
      await world.root.collection("users").update(ann.id, { bio: "Once" });
      await eventually(async () => (await get()).bio === "Once");
      assert.deepEqual(await get(), { bio: "Once" });
      assert.deepEqual(await get(), { bio: "Once" });
      await world.root.collection("users").update(ann.id, { bio: "Twice" });
      await eventually(async () => (await get()).bio === "Twice");
      await page.evaluate(`pb.authStore.clear()`);
      assert.deepEqual(await get(), {}, "who has signed out is shown what was kept");
      const seen = () => page.statuses().join(" ");
      await eventually(() => /200 304 304( 304)* 200 200$/.test(seen()), () => `the browser was answered by ${seen()}`);
      await browser.close();
      await app.stop();
    });

    if (start === startEmbedded)
      it("goes on after a restart", async () => {
        const tag = await tagFor(bob.token);
        await restartEmbedded(world);
        isNotModified(await ask(bob.token, tag), tag);
      });
  });
}
