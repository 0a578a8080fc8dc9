// Mistakes in setting a server up: one clear sentence that says what to do, the
// right exit status, and nothing left behind.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { access, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { folder, folderWithPolicies, launchServer, removeFolders, run, startServer } from "./harness.mjs";
import { freePort } from "./support/ports.mjs";
import { startPocketBase } from "./support/start.mjs";
import { credentials, superuser } from "./support/world.mjs";

after(removeFolders);
const free = async () => ({ HAPTA_SERVER_PORT: String(await freePort()), HAPTA_UPSTREAM_DASHBOARD: "" });

/** The command ends with this status and these words, each in one line of stderr. */
async function ends(code, words, dir, args, env = {}) {
  const ended = await run(dir, args, { ...(await free()), ...env });
  assert.equal(ended.code, code, ended.stderr);
  assert.equal(ended.stdout, "");
  for (const word of [words].flat()) assert.match(ended.stderr, word);
  assert.doesNotMatch(ended.stderr, /panic|goroutine|\.go:\d/);
  return ended.stderr;
}

async function withFile(name, text) {
  const dir = await folderWithPolicies("hapta-startup");
  await writeFile(join(dir, name), text);
  return dir;
}

describe("the command line", () => {
  it("tells the version of everything", async () => {
    const { code, stdout, stderr } = await run(await folder(), ["version"]);
    assert.deepEqual([code, stderr], [0, ""]);
    for (const part of [/go1\.\d+/, /hapta_v1/, /0\.39\.11/]) assert.match(stdout, part);
  });

  it("helps", async () => {
    for (const args of [["--help"], ["help"], ["serve", "--help"], ["check", "-h"], ["policy", "remove", "--help"]]) {
      const { code, stdout, stderr } = await run(await folder(), args);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /hapta-server/);
    }
  });

  it("says what it does not understand", async () => {
    const dir = await folder();
    await ends(2, /unknown command "sevre"/, dir, ["sevre"]);
    await ends(2, /unknown flag --prot/, dir, ["serve", "--prot", "1"]);
    await ends(2, /serve takes flags only, not "here"/, dir, ["serve", "here"]);
    await ends(2, /a value is missing after --config/, dir, ["--config"]);
    await ends(2, /one collection, not 2/, dir, ["policy", "remove", "a", "b"]);
    await ends(2, /unknown command "policy reomve"/, dir, ["policy", "reomve"]);
    assert.deepEqual(await readdir(dir), []);
  });
});

describe("the configuration", () => {
  for (const command of ["serve", "check"]) {
    it(`is missing though it was named (${command})`, async () => {
      const dir = await folder();
      await ends(2, /mine\.toml: there is no such file; create it or name another with --config/, dir, [command, "--config", "mine.toml"]);
      await ends(2, /mine\.env: there is no such file; create it or name another with --env/, dir, [command, "--env", "mine.env"]);
      assert.deepEqual(await readdir(dir), []);
    });

    it(`is wrong (${command})`, async () => {
      for (const [toml, problem] of [
        ["[server]\nport = \n", /hapta\.toml:2: is not valid TOML/],
        ["[server\n", /hapta\.toml:1: is not valid TOML/],
        ["[server]\nprot = 1\n", /hapta\.toml:2: server\.prot: is not a key of \[server\]; .*port/],
        ["[sevrer]\nport = 1\n", /hapta\.toml:1: sevrer: .*; .*server/],
        ['[server]\nport = "much"\n', /hapta\.toml:2: server\.port: expected .*, found "much"/],
        ["[server]\nport = 99999\n", /hapta\.toml:2: server\.port: expected .*, found 99999/],
        ['[policies]\nfallback = "open"\n', /hapta\.toml:2: policies\.fallback: expected .*"rules".*"deny".*, found "open"/],
        ['[collections.posts]\nauthority = "none"\n', /hapta\.toml:2: collections\.posts\.authority: expected .*, found "none"/],
        ['[upstream]\ndata_dir = "all"\n[server]\nstate_dir = "all/state"\n', /lie one in the other/],
        ['ADMIN_PASSWORD = "hunter2hunter2"\n', /environment or \.env/],
      ]) {
        const dir = await withFile("hapta.toml", toml);
        const said = await ends(2, problem, dir, [command]);
        assert.ok(!said.includes("hunter2"), said);
        assert.deepEqual((await readdir(dir)).sort(), ["hapta.toml", "policies"]);
      }
    });
  }

  it("is wrong in several places, all of which are told, in order", async () => {
    const dir = await withFile("hapta.toml", "[server]\nprot = 1\nhostname = 7\n[policies]\nmax_fuel = -1\n");
    const said = await ends(2, [], dir, ["serve"]);
    assert.deepEqual(
      [...said.matchAll(/hapta\.toml:(\d+)/g)].map(([, line]) => line),
      ["2", "3", "5"],
    );
  });

  it("is wrong in the environment", async () => {
    const dir = await folder();
    await ends(2, /HAPTA_SERVER_PORT: expected .*, found "x"/, dir, ["serve"], { HAPTA_SERVER_PORT: "x" });
    await ends(2, /HAPTA_SERVER_PROT/, dir, ["serve"], { HAPTA_SERVER_PROT: "1" });
    await ends(2, /JWT_SECRET: expected at least 32 bytes, found 5; make one with: openssl rand -hex 32/, dir, ["serve"], {
      JWT_SECRET: "short",
    });
    await ends(2, /HAPTA_ADMIN_KEY: expected at least 32 bytes, found 5/, dir, ["serve"], { HAPTA_ADMIN_KEY: "short" });
    await ends(2, /needs a superuser's ADMIN_EMAIL; set ADMIN_EMAIL/, dir, ["serve"], { DB_URL: "http://127.0.0.1:1" });
    await ends(2, /DB_URL/, dir, ["serve"], { ...credentials, DB_URL: "nonsense" });
    await ends(2, /tls\.cert: .*SSL_ENABLED/, dir, ["serve"], { SSL_ENABLED: "true" });
    assert.deepEqual(await readdir(dir), []);
  });

  it("is wrong in .env, whose secrets are not told", async () => {
    const dir = await withFile(".env", `ADMIN_EMAIL=nobody\nADMIN_PASSWORD=hunter2\nJWT_SECRET=hunter2\n`);
    const said = await ends(2, [/\.env:1: ADMIN_EMAIL/, /\.env:2: ADMIN_PASSWORD/, /\.env:3: JWT_SECRET/], dir, ["serve"]);
    assert.ok(!said.includes("hunter2"), said);
  });
});

describe("the machine", () => {
  it("has the port in use", async () => {
    const taken = createServer();
    await new Promise((listening) => taken.listen(0, "127.0.0.1", listening));
    const { port } = taken.address();
    try {
      const dir = await folderWithPolicies();
      await ends(
        2,
        new RegExp(`cannot listen on 127\\.0\\.0\\.1:${port}: .*already in use; stop what uses it, or set \\[server\\] hostname and port`),
        dir,
        ["serve"],
        { HAPTA_SERVER_PORT: String(port) },
      );
      assert.deepEqual(await readdir(dir), ["policies"]);
      await ends(2, new RegExp(`\\[upstream\\] dashboard: .*127\\.0\\.0\\.1:${port}`), dir, ["serve"], {
        HAPTA_UPSTREAM_DASHBOARD: `127.0.0.1:${port}`,
      });
    } finally {
      taken.close();
    }
  });

  // Tests may run as root, whom no mode of a folder stops.
  it("cannot write data_dir", async () => {
    for (const where of ["a-file", "a-file/below", "/proc/nowhere"]) {
      const dir = await withFile("a-file", "kept");
      await ends(
        2,
        new RegExp(`\\[upstream\\] data_dir: the folder "${where}" cannot be written .*; name one that this user may write to`),
        dir,
        ["serve"],
        { HAPTA_UPSTREAM_DATA_DIR: where },
      );
      assert.equal(await readFile(join(dir, "a-file"), "utf8"), "kept");
    }
  });

  it("cannot write state_dir", async () => {
    for (const where of ["a-file", "a-file/below", "/proc/nowhere"]) {
      const dir = await withFile("a-file", "kept");
      await ends(2, /server\.state_dir: .*; make it writable for this user or name another state_dir/, dir, ["serve"], {
        HAPTA_SERVER_STATE_DIR: where,
      });
      assert.equal(await readFile(join(dir, "a-file"), "utf8"), "kept");
      await assert.rejects(access(join(dir, "pb_data")), { code: "ENOENT" });
    }
  });

  it("has a folder of policies that is none", async () => {
    const dir = await withFile("a-file", "kept");
    await ends(2, /folder of policies cannot be (read|made).*dir/, dir, ["serve"], { HAPTA_POLICIES_DIR: "a-file" });
    await ends(2, /folder of policies cannot be (read|made).*dir/, dir, ["serve"], { HAPTA_POLICIES_DIR: "a-file/below" });
  });

  it("has damaged state, which is told and kept", async () => {
    for (const [name, content, words] of [
      ["jwt_secret", "short", /expected at least 32 bytes/],
      ["policies.json", "{", /policies\.json is damaged/],
      ["sessions.db", "no database at all, but long enough to be taken for one".repeat(30), /sessions\.db/],
    ]) {
      const dir = await folderWithPolicies(),
        state = join(dir, "hapta_state");
      await mkdir(state);
      await writeFile(join(state, name), content);
      const { code, stderr } = await run(dir, ["serve"], await free());
      assert.ok(code === 1 || code === 2, `${name}: ${code} ${stderr}`);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /panic|goroutine/);
      assert.equal(await readFile(join(state, name), "utf8"), content);
    }
  });
});

describe("the demo", () => {
  it("leaves the configured folders alone", async () => {
    const dir = await folderWithPolicies("hapta-demo");
    const server = await startServer(dir, await freePort(), { args: ["--demo"], env: { HAPTA_UPSTREAM_DASHBOARD: "" } });
    assert.match(server.log, /Hapta serves demo records at http:\/\/127\.0\.0\.1:\d+\. Try/);
    await server.stop();
    assert.equal(server.stdout, "");
    assert.deepEqual((await readdir(dir)).sort(), ["demo_data", "policies"]);
  });

  it("is at odds with a database of one's own", async () => {
    await ends(2, /--demo brings a database of its own.*; unset it or drop --demo/, await folder(), ["serve", "--demo"], {
      ...credentials,
      DB_URL: "http://127.0.0.1:1",
    });
  });
});

describe("the superuser", async () => {
  const pocketbase = await startPocketBase();
  after(() => pocketbase.server.stop());
  const env = { DB_URL: pocketbase.databaseURL };

  it("is wrong", async () => {
    for (const wrong of [{ ADMIN_PASSWORD: "wrong-password" }, { ADMIN_EMAIL: "nobody@example.com" }]) {
      const dir = await folderWithPolicies();
      const said = await ends(
        2,
        /ADMIN_EMAIL, ADMIN_PASSWORD: PocketBase does not accept them; set them to a superuser of the PocketBase that DB_URL names/,
        dir,
        ["serve"],
        { ...credentials, ...env, ...wrong },
      );
      assert.ok(!said.includes("wrong-password"), said);
    }
  });

  it("is checked: right, wrong, and not to be reached", async () => {
    const dir = await folderWithPolicies();
    await writeFile(join(dir, "hapta.toml"), '[collections.posts]\nauthority = "policy"\n');
    const good = await run(dir, ["check"], { ...credentials, ...env });
    assert.deepEqual([good.code, good.stderr], [0, ""], good.stdout);
    for (const line of [
      /^ok +configuration is valid$/m,
      /^ok +policies\/posts\.wasm, version [0-9a-f]{12}$/m,
      /^ok +PocketBase at http.* has \d+ collections$/m,
    ])
      assert.match(good.stdout, line);
    assert.ok(!(good.stdout + good.stderr).includes(superuser.password));

    const bad = await run(dir, ["check"], { ...credentials, ...env, ADMIN_PASSWORD: "wrong-password" });
    assert.equal(bad.code, 2, bad.stdout);
    assert.match(bad.stdout, /^problem +ADMIN_EMAIL, ADMIN_PASSWORD: PocketBase does not accept them/m);
    assert.deepEqual((await readdir(dir)).sort(), ["hapta.toml", "policies"]);
  });
});
