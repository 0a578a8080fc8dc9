// Keys that roll at each refresh, as the official client meets them.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { after, before, describe, it } from "node:test";
import { removeFolders } from "./harness.mjs";
import { refusedByPocketBase } from "./support/expect.mjs";
import { startEmbedded } from "./support/start.mjs";
import { claims } from "./support/token.mjs";
import { client } from "./support/world.mjs";

after(removeFolders);

const grace = 2; // seconds
// A token's age counts from the end of the second that it was issued in.
const arrived = (grace + 1) * 1000 + 100;

describe("rolling keys", () => {
  let world;
  before(async () => {
    world = await startEmbedded({ HAPTA_SESSIONS_ROTATION_GRACE: `${grace}s` });
  });
  after(() => world.stop());

  /** Someone else with that token. */
  function holder(token) {
    const other = client(world.url);
    other.authStore.save(token, null);
    return other;
  }
  const refresh = (who) => who.collection("users").authRefresh();
  const generation = (who) => claims(who.authStore.token).gen;

  /** Uses a token without refreshing it. */
  const listed = (who) => who.send("/api/hapta/sessions", {});
  const isSignedIn = async (who) => assert.equal((await listed(who)).items.length, 1);
  const isGuest = (who) => refusedByPocketBase(listed(who), 401);
  const thefts = (id) => world.hapta.entries().filter(({ msg, session }) => /stolen/.test(msg) && session?.record === id);

  async function powerCut() {
    await world.hapta.kill();
    world.hapta = await world.start();
    world.servers = [world.hapta];
  }

  it("keep the old token until the new one has arrived", async () => {
    const { client: mine, token, id } = await world.user();
    const old = holder(token);
    await refresh(mine);
    assert.notEqual(mine.authStore.token, token);
    assert.deepEqual([claims(token).gen, generation(mine)], [0, 1]);
    assert.equal(claims(mine.authStore.token).sid, claims(token).sid, "it is the same session");
    await isSignedIn(old);
    await isSignedIn(mine);
    await pause(arrived);
    await isSignedIn(old); // nobody has shown the new one since
    await isSignedIn(mine);
    await isGuest(old);
    await isGuest(mine);
    assert.equal(thefts(id).length, 1);
  });

  it("answer a token from before with the newest", async () => {
    const { client: mine, token, id } = await world.user();
    const late = holder(token);
    await refresh(mine);
    await refresh(late);
    assert.equal(generation(late), 1, "it was rolled once");
    await pause(arrived);
    for (const who of [mine, late]) await isSignedIn(who);
    assert.deepEqual(thefts(id), []);
  });

  it("leave everybody signed in when fifty refresh at once", async () => {
    const { token, id } = await world.user();
    const tabs = Array.from({ length: 50 }, () => holder(token));
    await Promise.all(tabs.map(refresh));
    for (const tab of tabs) assert.equal(generation(tab), 1, "one of them rolled");
    await pause(arrived);
    await Promise.all(tabs.map(isSignedIn));
    await isGuest(holder(token));
    assert.equal(thefts(id).length, 1, "the token that all have replaced is the one to mistrust");
  });

  it("go on where they were after a power cut", async () => {
    const { client: mine, id } = await world.user();
    await refresh(mine);
    const old = holder(mine.authStore.token);
    await refresh(mine);
    await powerCut();
    await isSignedIn(old);
    await refresh(old);
    assert.equal(generation(old), 2, "what was rolled is rolled still");
    await refresh(mine);
    assert.equal(generation(mine), 3);
    await isSignedIn(mine);
    assert.deepEqual(thefts(id), []);
  });

  it("know after a power cut which tokens have arrived", async () => {
    const { client: mine, token, id } = await world.user();
    await refresh(mine);
    await pause(arrived);
    await isSignedIn(mine);
    await powerCut();
    await isSignedIn(mine);
    await isGuest(holder(token));
    await isGuest(mine);
    assert.equal(thefts(id).length, 1);
    await powerCut();
    await isGuest(mine);
  });
});
