// Who may see and end sessions, and what goes with them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { EventSource } from "eventsource";
import { removeFolders } from "./harness.mjs";
import { adminKey, sessionsOf } from "./support/admin.mjs";
import { answersRefusal, notFound, refusedByPocketBase } from "./support/expect.mjs";
import { script } from "./support/readme.mjs";
import { send } from "./support/send.mjs";
import { startEmbedded } from "./support/start.mjs";
import { claims } from "./support/token.mjs";
import { eventually } from "./support/wait.mjs";
import { client, signIn, unique } from "./support/world.mjs";

after(removeFolders);

describe("sessions may be ended", () => {
  let world;
  before(async () => {
    globalThis.EventSource = EventSource; // node has none; the official client takes it from here
    world = await startEmbedded({ HAPTA_ADMIN_KEY: adminKey, HAPTA_SESSIONS_MAX_PER_USER: "4" });
  });
  after(() => world.stop());

  const own = async (who) => (await who.send("/api/hapta/sessions", {})).items;
  const end = (who, which) => who.send(`/api/hapta/sessions${which}`, { method: "DELETE" });
  const sid = (who) => claims(who.authStore.token).sid;
  const isGuest = async (who) => {
    await refusedByPocketBase(own(who), 401);
    await refusedByPocketBase(
      client(world.url)
        .collection("users")
        .authRefresh({ headers: { Authorization: who.authStore.token } }),
      401,
    );
  };
  const admin = (method, rest, headers = { "X-Hapta-Admin-Key": adminKey }) =>
    send(world.url, method, `/api/hapta/admin/sessions${rest}`, { headers });

  it("by their user, as the README shows", async () => {
    const user = await world.user();
    const other = await signIn(world.url, user);
    const { json } = await send(world.url, "POST", "/api/collections/users/auth-with-password", {
      json: { identity: user.email, password: user.password },
      headers: { "User-Agent": "curl/8.0" },
    });
    const curl = client(world.url);
    curl.authStore.save(json.token, null);
    const [newest, , oldest] = await own(user.client);
    assert.deepEqual(
      [newest.id, newest.device, newest.collection, newest.record, newest.address, newest.current],
      [sid(curl), "curl/8.0", "users", user.id, "127.0.0.1", undefined],
    );
    assert.deepEqual([oldest.id, oldest.current], [sid(user.client), true]);
    for (const name of ["created", "used", "expires"]) assert.match(newest[name], /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z$/);

    const stranger = await world.user();
    await notFound(end(stranger.client, `/${newest.id}`));
    await refusedByPocketBase(end(world.guest(), "/current"), 401);
    await own(curl);

    const run = new (async () => {}).constructor("pb", script("a user's own sessions", world.url));
    await run(user.client);
    assert.equal(user.client.authStore.token, "");
    for (const who of [curl, other]) await isGuest(who);
    user.client.authStore.save(user.token, null);
    await isGuest(user.client);
    assert.equal((await own(stranger.client)).length, 1);
    assert.deepEqual(await sessionsOf(world.url, "users", user.id), []);
  });

  it("all at once, or all others", async () => {
    const user = await world.user();
    const [second, third] = [await signIn(world.url, user), await signIn(world.url, user)];
    await end(second, "/others");
    assert.deepEqual(
      (await own(second)).map((session) => session.id),
      [sid(second)],
    );
    for (const who of [user.client, third]) await isGuest(who);
    const fourth = await signIn(world.url, user);
    await end(fourth, "");
    for (const who of [second, fourth]) await isGuest(who);
  });

  it("by the operator", async () => {
    const [ann, bob] = [await world.user(), await world.user()];
    const second = await signIn(world.url, ann);
    assert.deepEqual(
      (await sessionsOf(world.url, "users", ann.id)).map((session) => session.id),
      [sid(second), sid(ann.client)],
    );
    const all = (await admin("GET", "?collection=users")).json.items.map((session) => session.id);
    for (const who of [ann.client, second, bob.client]) assert.ok(all.includes(sid(who)));
    for (const headers of [{}, { "X-Hapta-Admin-Key": `${adminKey}x` }, { Authorization: ann.token }]) {
      for (const method of ["GET", "DELETE"]) assert.equal((await admin(method, "?collection=users", headers)).status, 401);
    }
    answersRefusal(await admin("DELETE", ""), 400, "bad_query");
    answersRefusal(await admin("DELETE", "?collection=posts"), 400, "bad_query");

    assert.equal((await admin("DELETE", `/${sid(second)}`)).status, 204);
    assert.equal((await admin("DELETE", `/${sid(second)}`)).status, 404);
    await isGuest(second);
    await own(ann.client);
    assert.deepEqual((await admin("DELETE", `?collection=users&record=${ann.id}`)).json, { ended: 1 });
    await isGuest(ann.client);
    await own(bob.client);
    assert.ok((await admin("DELETE", "?collection=users")).json.ended >= 1);
    await isGuest(bob.client);
    assert.deepEqual((await admin("GET", "?collection=users")).json, { items: [] });
  });

  it("by a sign-in too many: the oldest goes", async () => {
    const user = await world.user();
    const more = [];
    for (let i = 0; i < 3; i++) more.push(await signIn(world.url, user));
    await own(user.client); // four are allowed
    more.push(await signIn(world.url, user));
    await isGuest(user.client);
    assert.deepEqual(
      (await own(more[0])).map((session) => session.id),
      more.map(sid).reverse(),
    );
  });

  it("with their event streams, and the client comes back as a guest", async (t) => {
    const user = await world.user();
    const other = await signIn(world.url, user);
    const secret = await world.root.collection("vault").create({ owner: user.id });
    const seen = new Map([user.client, other].map((who) => [who, { mine: 0, texts: [], cut: 0 }]));
    for (const [who, saw] of seen) {
      t.after(() => who.realtime.unsubscribe()); // or it would come back forever
      await who.collection("vault").subscribe(secret.id, () => saw.mine++);
      await who.collection("notes").subscribe("*", (event) => saw.texts.push(event.record.text));
      who.realtime.onDisconnect = (topics) => topics.length > 0 && saw.cut++;
    }
    /** Changes the secret, and then what everyone sees, which comes after it. */
    const change = async () => {
      const text = unique("change");
      await world.root.collection("vault").update(secret.id, { owner: user.id });
      await world.root.collection("notes").create({ text });
      for (const [, saw] of seen) await eventually(() => saw.texts.includes(text), "an event never came");
    };
    await change();
    for (const [, saw] of seen) assert.deepEqual([saw.mine, saw.cut], [1, 0]);

    await user.client.collection("users").authRefresh();
    await change();
    for (const [, saw] of seen) assert.deepEqual([saw.mine, saw.cut], [2, 0], "a refresh leaves streams open");

    await end(other, `/${sid(user.client)}`);
    await eventually(() => seen.get(user.client).cut === 1, "the stream was not cut");
    await eventually(() => user.client.realtime.isConnected, "the client did not come back");
    await change();
    assert.equal(seen.get(user.client).mine, 2, "a guest sees nothing of the vault");
    assert.deepEqual([seen.get(other).mine, seen.get(other).cut], [3, 0]);
  });
});
