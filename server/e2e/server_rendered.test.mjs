// Pages rendered on a server, with the README's hooks: a browser that keeps a
// cookie, an app that refreshes on each page, and a real Hapta behind.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { after, before, describe, it } from "node:test";
import { removeFolders } from "./harness.mjs";
import { adminKey, sessionsOf } from "./support/admin.mjs";
import { CookieKeeper } from "./support/cookies.mjs";
import { frameworks, startApp } from "./support/rendered.mjs";
import { startEmbedded } from "./support/start.mjs";

after(removeFolders);

const grace = 3; // seconds
// A token's age counts from the end of the second that it was issued in.
const arrived = (grace + 1) * 1000 + 100;

for (const rotateAfter of ["0", "1m"]) {
  describe(`pages rendered on a server, rotate_after = "${rotateAfter}"`, { concurrency: true }, () => {
    let world;
    before(async () => {
      world = await startEmbedded({
        HAPTA_SESSIONS_ROTATION_GRACE: `${grace}s`,
        HAPTA_SESSIONS_ROTATE_AFTER: rotateAfter,
        HAPTA_ADMIN_KEY: adminKey,
      });
    });
    after(() => world.stop());

    /** A test with a user whose sign-in is kept in a cookie of such an app. */
    const visit = (framework, name, test) =>
      it(`${framework}: ${name}`, async () => {
        const user = await world.user();
        const draft = await world.post(user, { published: false });
        const app = await startApp(framework, world.url);
        const browser = new CookieKeeper(app, `/${draft.id}`, user.client.authStore.exportToCookie());
        const isSignedIn = async (who = browser) => {
          const page = await who.load();
          assert.deepEqual([page.user, page.reads], [user.id, true]);
        };
        const isGuest = async (who = browser) => {
          assert.deepEqual(await who.load(), { user: null, reads: false, generation: null });
          assert.equal(who.token, "", "the cookie is taken back");
        };
        const revoked = () => world.hapta.entries().filter(({ msg, session }) => /stolen/.test(msg) && session?.record === user.id);
        try {
          await test({ user, app, browser, isSignedIn, isGuest, revoked });
        } finally {
          await app.stop();
        }
      });

    const isHonest = async ({ user, revoked }) => {
      assert.equal((await sessionsOf(world.url, "users", user.id)).length, 1);
      assert.deepEqual(revoked(), []);
    };

    for (const framework of Object.keys(frameworks)) {
      visit(framework, "pages that nobody waited for sign nobody out", async (visitor) => {
        const { browser, isSignedIn, user } = visitor;
        for (const [apart, times] of [
          [0, 3],
          [1000, 3],
          [arrived, 2],
        ]) {
          for (let i = 0; i < times; i++) {
            const had = browser.generation;
            const unseen = await browser.leave();
            assert.deepEqual([unseen.user, unseen.reads], [user.id, true]);
            if (had === 0 || rotateAfter === "0") assert.equal(unseen.generation, had + 1, "what is lost is a newer token");
            await pause(apart);
          }
          await isSignedIn();
          await pause(apart);
          await isSignedIn();
        }
        await isHonest(visitor);
      });

      visit(framework, "cookies may come in any order", async (visitor) => {
        const { app, browser, isSignedIn } = visitor;
        for (let round = 0; round < 3; round++) {
          const answers = await Promise.all(Array.from({ length: 6 }, () => browser.ask()));
          for (const answer of answers.reverse()) {
            browser.keep(answer); // whichever comes last
            await isSignedIn();
          }
        }
        let letGo;
        app.between.refreshed = () => new Promise((done) => (letGo = done));
        const late = browser.ask();
        while (!letGo) await pause(5);
        app.between.refreshed = () => {};
        for (let i = 0; i < 3; i++) await isSignedIn();
        letGo();
        browser.keep(await late); // older than what the browser had by then
        await isSignedIn();
        await pause(arrived);
        await isSignedIn();
        await isHonest(visitor);
      });

      visit(framework, "an answer lost on the way to the app signs nobody out", async (visitor) => {
        const { app, browser, isSignedIn } = visitor;
        for (const apart of [0, arrived]) {
          app.between.refreshed = () => false;
          const had = browser.cookie;
          for (let i = 0; i < 2; i++) {
            const page = await browser.load();
            assert.deepEqual([page.user, page.reads], [null, false], "nobody is believed unproved");
            await pause(apart);
          }
          assert.equal(browser.cookie, had);
          app.between.refreshed = () => {};
          await isSignedIn();
          await pause(apart);
          await isSignedIn();
        }
        await isHonest(visitor);
      });

      for (const first of ["owner", "thief"]) {
        visit(
          framework,
          `a copied cookie is found when the ${first} moved first`,
          async ({ user, browser, isSignedIn, isGuest, revoked }) => {
            const copy = browser.copy();
            const [ahead, behind] = first === "owner" ? [browser, copy] : [copy, browser];
            await isSignedIn(ahead);
            await pause(arrived);
            await isSignedIn(ahead);
            await isGuest(behind);
            await isGuest(ahead);
            assert.deepEqual(await sessionsOf(world.url, "users", user.id), []);
            assert.equal(revoked().length, 1);
            for (const token of [...browser.seen, ...copy.seen])
              assert.ok(!world.hapta.log.includes(token.split(".")[2]), "the log tells a token");
          },
        );
      }
    }
  });
}
