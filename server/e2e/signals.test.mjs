// SIGTERM finishes what runs; SIGHUP reads the configuration again.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { folderWithPolicies, removeFolders, startServer } from "./harness.mjs";
import { prepareCollections } from "./support/collections.mjs";
import { answersRefusal, refused } from "./support/expect.mjs";
import { freePort } from "./support/ports.mjs";
import { send } from "./support/send.mjs";
import { startEmbedded } from "./support/start.mjs";
import { openStream } from "./support/stream.mjs";
import { eventually, within } from "./support/wait.mjs";
import { client, credentials, superuserOf, unique } from "./support/world.mjs";

after(removeFolders);

describe("SIGTERM", () => {
  /** A create whose body is only half sent; finish() sends the rest. */
  function halfSent(world, user, title) {
    const body = JSON.stringify({ title, author: user.id, published: true });
    const out = request(`${world.url}/api/collections/posts/records`, {
      method: "POST",
      agent: false,
      headers: { "Content-Type": "application/json", "Content-Length": body.length, Authorization: user.token },
    });
    const answer = new Promise((done, failed) => {
      out.on("error", failed);
      out.on("response", (incoming) => {
        let text = "";
        incoming
          .setEncoding("utf8")
          .on("data", (part) => (text += part))
          .on("end", () => done({ status: incoming.statusCode, text }));
      });
    });
    out.write(body.slice(0, 10));
    return { answer: within(20_000, answer, "the request was never answered"), finish: () => out.end(body.slice(10)) };
  }

  it("finishes a request that runs, takes no new one, and ends with 0", async () => {
    const world = await startEmbedded(),
      user = await world.user(),
      title = unique("drained");
    const running = halfSent(world, user, title);
    await world.hapta.health(); // answered after the half has arrived
    world.hapta.signal("SIGTERM");
    await eventually(
      () =>
        send(world.url, "GET", "/api/health", { headers: { Connection: "close" } }).then(
          ({ status }) => status === 503,
          () => true,
        ),
      "new requests are still served",
    );
    running.finish();
    const { status, text } = await running.answer;
    assert.equal(status, 200, text);
    assert.equal(JSON.parse(text).title, title);
    assert.equal((await world.hapta.exit()).code, 0, world.hapta.log);

    world.hapta = await world.start();
    assert.equal(
      (
        await client(world.url)
          .collection("posts")
          .getList(1, 1, { filter: `title = "${title}"` })
      ).totalItems,
      1,
    );
    world.servers = [world.hapta];
    await world.stop();
  });

  it("cuts off what takes longer than shutdown_grace", async () => {
    const world = await startEmbedded({ HAPTA_SERVER_SHUTDOWN_GRACE: "300ms" }),
      user = await world.user();
    const running = halfSent(world, user, unique("cut"));
    running.answer.catch(() => {});
    await world.hapta.health();
    await world.stop();
    assert.match(world.hapta.log, /did not finish within shutdown_grace/);
  });

  it("ends event streams", async () => {
    const world = await startEmbedded(),
      stream = await openStream(world.url);
    await world.stop();
    await eventually(() => stream.ended, "the stream goes on");
  });

  it("says nothing on stdout", async () => {
    const world = await startEmbedded();
    await world.stop();
    assert.equal(world.hapta.stdout, "");
  });
});

describe("SIGHUP", async () => {
  const dir = await folderWithPolicies("hapta-sighup"),
    file = join(dir, "hapta.toml"),
    dashboard = await freePort();
  const posts = '[collections.posts]\nauthority = "policy"\n';
  await writeFile(file, posts);
  const hapta = await startServer(dir, await freePort(), {
    args: ["--demo"],
    env: { ...credentials, HAPTA_UPSTREAM_DASHBOARD: `127.0.0.1:${dashboard}` },
  });
  await prepareCollections(await superuserOf(`http://127.0.0.1:${dashboard}`));
  after(() => hapta.stop());

  const guest = client(hapta.url);
  const reload = async (said) => {
    const from = hapta.log.length;
    hapta.signal("SIGHUP");
    await hapta.logged(said, from);
    return hapta.log.slice(from);
  };
  const read = "the configuration was read again";

  it("takes up what changed", async () => {
    await guest.collection("notes").getList(1, 1);
    await writeFile(file, `[policies]\nfallback = "deny"\n${posts}`);
    await reload(read);
    await refused(guest.collection("notes").getList(1, 1), 403, "no_policy");
    await guest.collection("posts").getList(1, 1);
  });

  it("keeps what was in force when the file is wrong, and says what is wrong where", async () => {
    for (const [text, problem] of [
      [`[policies]\nfallback = "rules"\n${posts}nonsense =\n`, /hapta\.toml:5/],
      [`[policies]\nfallback = "perhaps"\n`, /hapta\.toml:2: policies\.fallback/],
      [`[policies]\nfallbck = "rules"\n`, /hapta\.toml:2: policies\.fallbck/],
    ]) {
      await writeFile(file, text);
      assert.match(await reload("the one in force stays"), problem);
      await refused(guest.collection("notes").getList(1, 1), 403, "no_policy");
      await guest.collection("posts").getList(1, 1);
    }
  });

  it("takes it up once it is mended", async () => {
    await writeFile(file, `[policies]\nfallback = "deny"\n[collections.notes]\nauthority = "rules"\n${posts}`);
    await reload(read);
    await guest.collection("notes").getList(1, 1);
    answersRefusal(await send(hapta.url, "GET", "/api/collections/vault/records"), 403, "no_policy");
  });

  it("says what waits for the next start", async () => {
    await writeFile(file, `[server]\nport = 1\n[upstream]\ntimeout = "7s"\n${posts}`);
    assert.match(await reload(/next start[^\n]*upstream/), /next start/);
    await guest.collection("notes").getList(1, 1);
  });

  it("keeps what is in force when the file is gone or empty", async () => {
    await writeFile(file, `[policies]\nfallback = "deny"\n${posts}`);
    await reload(read);
    for (const lose of [() => writeFile(file, ""), () => rm(file)]) {
      await lose();
      await reload(/one in force stays[^\n]*gone or empty/);
      answersRefusal(await send(hapta.url, "GET", "/api/collections/notes/records"), 403, "no_policy");
    }
  });
});
