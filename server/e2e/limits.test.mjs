// What one caller may cost, seen by the official SDK and by an app's own server.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folderWithPolicies, removeFolders, startServer } from "./harness.mjs";
import { adminKey } from "./support/admin.mjs";
import { refused } from "./support/expect.mjs";
import { freePort } from "./support/ports.mjs";
import { send } from "./support/send.mjs";
import { startEmbedded } from "./support/start.mjs";
import { eventually } from "./support/wait.mjs";

const worlds = [];
const start = async (env) => {
  worlds.push(await startEmbedded(env));
  return worlds.at(-1);
};
after(async () => {
  for (const world of worlds) await world.stop();
  await removeFolders();
});

const notes = "/api/collections/notes/records";

describe("a caller who asks too often", () => {
  let world;
  before(async () => {
    world = await start({ HAPTA_RATELIMITS_LIST_LIMIT: "3", HAPTA_RATELIMITS_LIST_EVERY: "10m", HAPTA_ADMIN_KEY: adminKey });
  });

  it("is told so in the SDK's own error, and when to come back", async () => {
    const ann = await world.user();
    const seen = [];
    ann.client.afterSend = (response, data) => {
      seen.push(response.headers.get("ratelimit"));
      return data;
    };
    for (let i = 0; i < 3; i++) await ann.client.collection("notes").getList(1, 1);
    await refused(ann.client.collection("notes").getList(1, 1), 429, "too_many_requests");
    assert.deepEqual(seen, [2, 1, 0, 0].map((left) => `"list";r=${left};t=200`));
    const bob = await world.user();
    await bob.client.collection("notes").getList(1, 1); // another user, from the same address
    const { status, headers } = await send(world.url, "GET", notes, { token: ann.client.authStore.token });
    assert.equal(status, 429);
    assert.equal(headers.get("ratelimit-policy"), `"list";q=3;w=600`);
    assert.ok(Number(headers.get("retry-after")) > 190 && Number(headers.get("retry-after")) <= 200, headers.get("retry-after"));
    await ann.client.collection("notes").create({ title: "writing is another matter" });
  });

  it("and goes on nevertheless is put off, which the operator can lift", async () => {
    const ask = () => send(world.url, "GET", notes);
    await eventually(async () => (await ask()).json.data?.hapta.code === "put_off");
    const admin = (method, query = "") =>
      send(world.url, method, `/api/hapta/admin/limits${query}`, { headers: { "X-Hapta-Admin-Key": adminKey } });
    const { json } = await admin("GET");
    assert.deepEqual(json.items.map(({ caller, limit, times }) => ({ caller, limit, times })), [{ caller: "127.0.0.1", limit: "list", times: 1 }]);
    assert.deepEqual((await admin("DELETE", "?caller=127.0.0.1")).json, { lifted: 1 });
    assert.equal((await ask()).json.data.hapta.code, "too_many_requests");
    assert.equal((await send(world.url, "GET", notes, { headers: { "X-Hapta-Admin-Key": adminKey } })).status, 200);
    const metrics = (await send(world.url, "GET", "/metrics", { headers: { "X-Hapta-Admin-Key": adminKey } })).text;
    assert.match(metrics, /hapta_callers_put_off_total 1\n/);
    assert.match(world.hapta.log, /"a caller keeps asking for what is refused and is put off".*"127\.0\.0\.1"/);
  });
});

describe("guests of an app that is rendered on a server", () => {
  const env = { HAPTA_RATELIMITS_LIST_LIMIT: "1", HAPTA_RATELIMITS_LIST_EVERY: "10m" };
  const visit = async (world, address) => (await send(world.url, "GET", notes, { headers: { "X-Forwarded-For": address } })).status;

  it("have a limit each where it is trusted to name them", async () => {
    const world = await start({ ...env, HAPTA_SERVER_TRUSTED_PROXIES: "127.0.0.1" });
    assert.deepEqual([await visit(world, "203.0.113.1"), await visit(world, "203.0.113.2"), await visit(world, "203.0.113.1")], [200, 200, 429]);
  });

  it("share one where it is not", async () => {
    const world = await start(env);
    assert.deepEqual([await visit(world, "203.0.113.1"), await visit(world, "203.0.113.2")], [200, 429]);
  });
});

describe("limits in hapta.toml", () => {
  it("change on SIGHUP, and what was counted stays counted", async () => {
    const [dir, port] = [await folderWithPolicies("hapta-limits"), await freePort()];
    const configure = (limit, more = "") =>
      writeFile(join(dir, "hapta.toml"), `[upstream]\ndashboard = ""\n[ratelimits.list]\nlimit = ${limit}\nevery = "10m"\n${more}`);
    await configure(2);
    const hapta = await startServer(dir, port, { args: ["--demo"] });
    worlds.push(hapta);
    const list = (collection) => send(hapta.url, "GET", `/api/collections/${collection}/records?perPage=1`);
    const posts = async () => (await list("posts")).headers.get("ratelimit-policy");
    assert.deepEqual([(await list("posts")).status, (await list("posts")).status, (await list("posts")).status], [200, 200, 429]);
    await configure(2, `[admission]\nheader_timeout = 0\n`);
    hapta.signal("SIGHUP");
    await hapta.logged(/the one in force stays.*header_timeout/);
    assert.equal(await posts(), `"list";q=2;w=600`);
    await configure(4, `[collections.comments.ratelimits.list]\nlimit = 0\n`);
    hapta.signal("SIGHUP");
    await eventually(async () => (await posts()) === `"list";q=4;w=600`);
    assert.deepEqual([(await list("posts")).status, (await list("posts")).status], [200, 429]); // of four, three were spent
    for (let i = 0; i < 6; i++) assert.equal((await list("comments")).status, 200);
    await configure(4, `[admission]\nexempt = ["127.0.0.0/8"]\n`);
    hapta.signal("SIGHUP");
    await eventually(async () => (await list("posts")).status === 200);
  });
});
