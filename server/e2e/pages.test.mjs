// The page that PocketBase's mails link to: its script against a real server,
// and the page itself in a real browser where there is one.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { confirm, readLink, resend } from "../pages/links.js";
import { removeFolders } from "./harness.mjs";
import { refusedByPocketBase } from "./support/expect.mjs";
import { findBrowser, startBrowser } from "./support/browser.mjs";
import { catchMails } from "./support/mail.mjs";
import { startEmbedded, startRemote } from "./support/start.mjs";
import { password, signIn, unique } from "./support/world.mjs";

const browserPath = await findBrowser();

for (const start of [startEmbedded, startRemote]) {
  describe(`${start.name}, links in mails`, () => {
    let world, mails;
    before(async () => {
      world = await start();
      mails = await catchMails(world.root, world.url);
    });
    after(async () => {
      await world.stop();
      await mails.close();
    });

    /** The address in the next mail to someone, as PocketBase wrote it. */
    async function mailed(address) {
      const text = await mails.to(address);
      const [link] = /http:\/\/127\.0\.0\.1:\d+\/_\/#\/auth\/[\w-]+\/[\w.-]+/.exec(text) ?? assert.fail(`no link in ${text}`);
      assert.ok(link.startsWith(`${world.url}/_/`), link);
      return link;
    }
    const resetOf = async (user) => (await world.guest().collection("users").requestPasswordReset(user.email), mailed(user.email));
    const verificationOf = async (user) => (await world.guest().collection("users").requestVerification(user.email), mailed(user.email));
    const changeOf = async (user, email) => (await user.client.collection("users").requestEmailChange(email), mailed(email));
    const base = () => world.url;

    it("set a new password", async () => {
      const user = await world.user();
      const link = readLink(new URL(await resetOf(user)).hash);
      assert.deepEqual([link.kind, link.email], ["confirm-password-reset", user.email]);
      const set = (password, passwordConfirm) => confirm(link, { password, passwordConfirm }, base());
      assert.match((await set("short", "short")).password, /between 8 and/);
      assert.ok((await set("another password", "a third password")).passwordConfirm);
      assert.deepEqual(await set("another password", "another password"), {});
      await signIn(world.url, { ...user, password: "another password" });
      await refusedByPocketBase(signIn(world.url, user), 400);
      assert.match((await set("another password", "another password")).token, /no longer valid/);
    });

    it("verify an address, and send another mail for it", async () => {
      const user = await world.user();
      const link = readLink(new URL(await verificationOf(user)).hash);
      assert.deepEqual([link.kind, link.email], ["confirm-verification", user.email]);
      assert.match((await confirm({ ...link, token: `${link.token}x` }, {}, base())).token, /no longer valid/);
      assert.equal((await world.stored("users", user.id)).verified, false);
      assert.deepEqual(await confirm(link, {}, base()), {});
      assert.equal((await world.stored("users", user.id)).verified, true);
      assert.deepEqual(await resend({ ...link, email: (await world.user()).email }, base()), {});
    });

    it("change an address", async () => {
      const user = await world.user();
      const email = `${unique("new")}@example.com`;
      const link = readLink(new URL(await changeOf(user, email)).hash);
      assert.deepEqual([link.kind, link.email], ["confirm-email-change", email]);
      assert.ok((await confirm(link, { password: "wrong" }, base())).password);
      assert.deepEqual(await confirm(link, { password }, base()), {});
      await signIn(world.url, { email, password });
    });

    it("are told apart from what is none", () => {
      for (const hash of ["", "#/", "#/auth/confirm-verification", "#/auth/confirm-verification/x.y.z", "#/auth/nothing/x", "#/collections", "#/auth/__proto__/x"]) {
        assert.deepEqual(readLink(hash), { kind: "unknown" }, hash);
      }
      assert.deepEqual(readLink("#/auth/oauth2-redirect-failure"), { kind: "oauth2-redirect-failure" });
    });

    it("cannot be asked of a server that is not there", async () => {
      const wrong = await confirm({ kind: "confirm-verification", token: "x", collection: "users" }, {}, "http://127.0.0.1:1");
      assert.match(wrong.form, /cannot be reached/);
    });

    describe("in a browser", { skip: !browserPath && "there is no Chromium; install it, or name one as CHROMIUM" }, () => {
      let browser, page;
      before(async () => {
        browser = await startBrowser(browserPath);
        page = await browser.page();
      });
      after(() => browser.close());

      it("set a new password", async () => {
        const user = await world.user();
        await page.goto(await resetOf(user));
        await page.shows(user.email);
        await page.type("password", "short");
        await page.type("passwordConfirm", "short");
        await page.click("submit");
        await page.shows("between 8 and");
        assert.equal(await page.evaluate("document.activeElement.id"), "password");
        await page.type("password", "-and-now-longer");
        await page.type("passwordConfirm", "-and-now-longer");
        await page.click("submit");
        await page.shows("Your password is changed");
        assert.equal(await page.evaluate("location.href"), `${world.url}/_/`, "the token is still in the address");
        await signIn(world.url, { ...user, password: "short-and-now-longer" });
      });

      it("verify an address at once, and no second time", async () => {
        const user = await world.user();
        const link = await verificationOf(user);
        await page.goto(link.replace(/.(?=.$)/, (c) => (c === "A" ? "B" : "A")));
        await page.shows("no longer valid");
        await page.click("resend");
        await page.shows("A new link is on its way");
        assert.equal((await world.stored("users", user.id)).verified, false);
        await page.goto(link);
        await page.shows("Your address is confirmed");
        assert.equal((await world.stored("users", user.id)).verified, true);
      });

      it("change an address", async () => {
        const user = await world.user();
        const email = `${unique("new")}@example.com`;
        await page.goto(await changeOf(user, email));
        await page.shows(email);
        await page.type("password", "wrong");
        await page.click("submit");
        await page.shows("Confirm your new address");
        await page.shows("nvalid");
        await page.evaluate(`document.getElementById("password").value = ""`);
        await page.type("password", password);
        await page.click("submit");
        await page.shows("Your address is changed");
        await signIn(world.url, { email, password });
      });

      it("tell how a sign-in with another service went", async () => {
        for (const [name, text] of [
          ["success", "Go back to the app"],
          ["failure", "Signing in failed"],
          ["nothing", "This link does not work"],
        ]) {
          await page.goto(`${world.url}/_/#/auth/oauth2-redirect-${name}`);
          await page.shows(text);
        }
      });

      it("close the window that an app has opened, unless something went wrong", async () => {
        await page.evaluate(`window.open("${world.url}/_/#/auth/oauth2-redirect-failure"), null`);
        const failed = await page.popup();
        await page.evaluate(`window.open("${world.url}/_/#/auth/oauth2-redirect-success"), null`);
        await page.popupCloses(1);
        await failed.shows("Signing in failed");
        await failed.close();
      });

      it("load nothing that the page's own policy refuses", () => {
        const refused = page.complaints().filter((text) => /Content Security Policy|Refused/.test(text));
        assert.deepEqual(refused, []);
      });
    });
  });
}

after(removeFolders);
