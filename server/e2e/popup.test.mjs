// Signing in by the official SDK's popup, in a real browser, at a real provider.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folderWithPolicies, removeFolders } from "./harness.mjs";
import { serveApp } from "./support/app.mjs";
import { findBrowser, startBrowser } from "./support/browser.mjs";
import { compiled } from "./support/modules.mjs";
import { freePort } from "./support/ports.mjs";
import { configured, startProvider } from "./support/provider.mjs";
import { startIn } from "./support/start.mjs";
import { claims } from "./support/token.mjs";
import { eventually } from "./support/wait.mjs";
import { unique } from "./support/world.mjs";

const browserPath = await findBrowser();

const policy = `
  import { Create, Verdict, allow, refuse } from "hapta";
  export const manifest = { codes: ["not_invited"] };
  export function create(c: Create): Verdict {
    return c.incoming.get("email").matches("stranger*") ? refuse("not_invited", "you are not invited") : allow();
  }`;

describe("the popup of a sign-in", { skip: !browserPath && "there is no Chromium; install it, or name one as CHROMIUM" }, () => {
  const ports = {};
  let provider, app, browser, module;
  before(async () => {
    for (const what of ["embedded", "remote"]) ports[what] = await freePort();
    provider = await startProvider(Object.values(ports).map((port) => `http://127.0.0.1:${port}/api/oauth2-redirect`));
    app = await serveApp();
    browser = await startBrowser(browserPath);
    module = await compiled(policy, "people");
  });
  after(async () => {
    await browser.close();
    await app.stop();
    await provider.stop();
    await removeFolders();
  });

  /** people send back by the query, formpeople by a form. */
  async function prepare(root) {
    for (const [name, mode] of [
      ["people", "query"],
      ["formpeople", "form_post"],
    ])
      await root.collections.create({
        name,
        type: "auth",
        viewRule: "",
        createRule: "",
        oauth2: configured(provider, mode),
        fields: [{ name: "name", type: "text" }],
      });
  }

  for (const what of ["embedded", "remote"])
    describe(what, () => {
      let hapta, root, stop;
      before(async () => {
        const dir = await folderWithPolicies(`hapta-popup-${what}`);
        await writeFile(join(dir, "policies/people.wasm"), module);
        ({ hapta, root, stop } = await startIn(dir, what, prepare, { port: ports[what] }));
      });
      after(() => stop());

      /** Somebody with the app before them who has pressed its button: { page, popup }. */
      async function begin(collection = "people") {
        const page = await browser.page();
        await page.goto(app.at(hapta.url, collection));
        await page.shows("Sign in");
        await page.click("sign-in");
        return { page, popup: await page.popup() };
      }
      const press = (popup, what) => popup.evaluate(`document.querySelector('${what}').click()`);
      async function logIn(popup, user) {
        await popup.shows("Sign-in");
        await popup.evaluate(`document.querySelector("[name=login]").value = "${user}", document.querySelector("[name=password]").value = "any"`);
        await press(popup, "[type=submit]");
        await popup.shows("Continue");
        await press(popup, "[type=submit]");
      }
      const outcome = (page) => page.evaluate("app.outcome");
      const stored = (user) => root.collection("people").getFullList({ filter: `email = "${user}@example.com"` });

      for (const collection of ["people", "formpeople"])
        it(`ends with a session of Hapta's, and closes: ${collection}`, async () => {
          const user = unique("ann");
          const { page, popup } = await begin(collection);
          await logIn(popup, user);
          const { token, record, meta } = await outcome(page);
          assert.ok(claims(token).sid, "the token is Hapta's");
          assert.deepEqual([record.collectionName, record.email, meta.isNew], [collection, `${user}@example.com`, true]);
          await eventually(popup.isClosed, "the popup stays");
        });

      it("is each one's own when two sign in at the same time", async () => {
        const [ann, bob] = [unique("ann"), unique("bob")];
        const [first, second] = [await begin(), await begin()];
        await logIn(second.popup, bob);
        const ofSecond = await outcome(second.page);
        assert.equal(await first.page.evaluate("app.settled"), false, "the first has what was for the second");
        await logIn(first.popup, ann);
        const ofFirst = await outcome(first.page);
        assert.deepEqual([ofFirst.record.email, ofSecond.record.email], [`${ann}@example.com`, `${bob}@example.com`]);
      });

      it("tells of somebody who changes their mind at the provider", async () => {
        const { page, popup } = await begin();
        await popup.shows("Cancel");
        await press(popup, ".login-help a");
        const { token, wrong } = await outcome(page);
        assert.equal(token, undefined);
        assert.match(wrong, /access_denied/);
        await eventually(popup.isClosed, "the popup stays");
      });

      it("opens no session for who is refused by the policy", async () => {
        const user = unique("stranger");
        const { page, popup } = await begin();
        await logIn(popup, user);
        const { status, response } = await outcome(page);
        assert.deepEqual([status, response.data.hapta], [403, { code: "not_invited", message: "you are not invited" }]);
        assert.deepEqual(await stored(user), []);
        await eventually(popup.isClosed, "the popup stays");
      });

      it("is not ended by a state that is none", async () => {
        const user = unique("ann");
        const { page, popup } = await begin();
        const other = await browser.page();
        await other.goto(`${hapta.url}/api/oauth2-redirect?state=nothing&code=stolen`);
        await other.shows("Signing in failed");
        assert.equal(await page.evaluate("app.settled"), false);
        await logIn(popup, user);
        assert.equal((await outcome(page)).record.email, `${user}@example.com`);
      });

      it("leaves neither code nor state in the log", async () => {
        assert.ok(provider.sent.length >= 5);
        for (const { code, state } of provider.sent)
          for (const secret of [code, state]) assert.ok(secret && !hapta.log.includes(secret), `the log holds ${secret}`);
      });
    });
});
