// The policy author's commands: what they print, how they end, and that they
// leave nothing behind.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folder, folderWithPolicies, removeFolders, run } from "./harness.mjs";

after(removeFolders);

const dir = await folderWithPolicies("hapta-author");
const temporary = await folder();
const files = await readdir(join(dir, "policies"));

/** The command ends with this status and prints what matches; on 2 nothing but what is wrong. */
async function policy(args, code, { out = [], err = [], env = {} } = {}) {
  const ended = await run(dir, ["policy", ...args], { TMPDIR: temporary, ...env });
  assert.equal(ended.code, code, ended.stdout + ended.stderr);
  for (const want of [out].flat()) assert.match(ended.stdout, want);
  for (const want of [err].flat()) assert.match(ended.stderr, want);
  if (code === 0) assert.equal(ended.stderr, "");
  assert.doesNotMatch(ended.stderr, /panic|goroutine|\.go:\d/);
  assert.deepEqual(await readdir(temporary), [], "what was compiled is still there");
  return ended;
}

/** Changes a file for as long as a test takes. */
async function changed(name, text, test) {
  const path = join(dir, "policies", name);
  const before = await readFile(path, "utf8");
  await writeFile(path, text(before));
  await test().finally(() => writeFile(path, before));
}

describe("policy test", () => {
  it("passes", async () => {
    await policy(["test"], 0, { out: /^\d\d passed, 0 failed\n$/ });
    await policy(["test", "-v", "posts"], 0, { out: [/^ok {3}policies\/posts\.test\.json:\d+: a guest sees a post$/m, /^25 passed/m] });
    await policy(["test", "policies/users.test.json", "policies/posts.wasm", "policies"], 0, { out: /, 0 failed/ });
  });

  it("fails, and tells how decisions differ", async () => {
    const wrong = (text) => text.replace('"verdict": "hide", "status": 404', '"verdict": "refuse", "code": "sign_in_required"');
    await changed("posts.test.json", wrong, async () => {
      const out = [
        /^FAIL policies\/posts\.test\.json:18: a guest sees no draft\n {5}verdict {2}expected refuse, got hide\n {5}code {5}expected sign_in_required, got nothing\n/m,
        /, 1 failed\n$/,
      ];
      await policy(["test"], 1, { out, err: /^hapta-server: not every policy decides as its cases expect\n$/ });
    });
  });

  it("runs with the limits of the configuration", async () => {
    const env = { HAPTA_POLICIES_MAX_FUEL: "50" };
    await policy(["test", "posts"], 2, { env, err: /policies\/posts\.wasm: its init failed: policy_out_of_fuel/ });
    await policy(["inspect", "posts"], 0, { env: { HAPTA_POLICIES_MAX_FUEL: "54321" }, out: /at most 54321 a call/ });
    await policy(["test"], 2, { env: { HAPTA_POLICIES_MAX_FUEL: "x" }, err: /HAPTA_POLICIES_MAX_FUEL: expected/ });
    await policy(["test"], 2, { env: { HAPTA_POLICIES_DIR: "elsewhere" }, err: /there are no policies in elsewhere/ });
  });

  it("says what cannot be tested", async () => {
    await changed(
      "users.test.json",
      (text) => text.replace('"stored": "ann", "expect"', '"stord": "ann", "expect"'),
      async () => {
        const err = /^hapta-server: policies\/users\.test\.json:12: "stord" is no member of a case; did you mean stored\?\n$/;
        await policy(["test"], 2, { err, out: /0 failed/ });
      },
    );
    await policy(["test", "pots"], 2, { err: /there is no pots\.wasm in policies; did you mean posts\?/ });
    await policy(["test", "gone.test.json"], 2, { err: /gone\.test\.json cannot be read/ });
  });
});

describe("policy eval", () => {
  it("shows how a case is decided", async () => {
    const { stdout } = await policy(["eval", "posts", "--case", "a post keeps its author"], 0);
    const [, trace, decision, fuel] = stdout.match(/^([^]*?)^(\{[^]*^\})\n(.*)\n$/m);
    assert.match(trace, /^equals\(stored\.author, caller\.id\) → true$/m);
    assert.match(trace, /^verdict refuse field_forbidden 403 "author may not be changed"$/m);
    assert.deepEqual(JSON.parse(decision), {
      verdict: "refuse",
      code: "field_forbidden",
      status: 403,
      message: "author may not be changed",
    });
    assert.match(fuel, /^fuel \d+ of 1000000 \(0\.\d\d %\)$/);
  });

  it("takes a case by itself", async () => {
    const file = join(dir, "policies", "one.json");
    await writeFile(file, '{"operation": "list", "caller": "ann"}');
    await policy(["eval", "posts", "--input", file], 0, { out: /"filter": "\(published = true \|\| author = 'ann'\)"/ });
    await policy(["eval", "posts", "--input", "gone.json"], 2, { err: /the case cannot be read: .*; name a file as --input/ });
    await policy(["eval", "posts", "--input", "-"], 2, { err: /the case:1: it is not JSON/ });
    await policy(["eval", "posts", "--case", "nothing"], 2, { err: /policies\/posts\.test\.json has no case "nothing"/ });
  });
});

describe("policy inspect and bench", () => {
  it("tell of a module", async () => {
    const out = [/^operations +create update delete$/m, /^relations +post$/m, /^exports +hapta_init hapta_before$/m];
    await policy(["inspect", "comments"], 0, { out });
    await policy(["inspect", "policies/users.wasm"], 0, { out: /^masks +followers bio$/m });
    await policy(["inspect", "policies/gone.wasm"], 2, { err: /gone\.wasm cannot be read/ });
  });

  it("measure", async () => {
    const out = [
      /memory 1 page of 64 pages/,
      /^case +time per call +fuel +of max_fuel +allocations +decision$/m,
      /^a guest sees a post +\S+s +\d+ +0\.\d\d % +\d+ +allow$/m,
    ];
    await policy(["bench", "posts", "--case", "a guest sees a post"], 0, { out });
    await policy(["bench", "posts", "--case", "nothing"], 2, { err: /has no case "nothing"/ });
  });
});

describe("the author's command line", () => {
  it("helps and says what it does not understand", async () => {
    for (const command of ["new", "build", "test", "eval", "bench", "inspect"]) {
      await policy([command, "--help"], 0, { out: new RegExp(`^hapta-server policy ${command}`) });
    }
    await policy(["eval", "posts"], 2, { err: /takes either --case or --input\nhapta-server: try: hapta-server policy eval --help/ });
    await policy(["inspect"], 2, { err: /policy inspect takes one collection, not 0/ });
    await policy(["new", "notes", "--lang", "go"], 2, { err: /--lang is ts or rust, not "go"/ });
  });

  it("leaves nothing behind", async () => {
    assert.deepEqual(await readdir(dir), ["policies"]);
    assert.deepEqual((await readdir(join(dir, "policies"))).sort(), [...files, "one.json"].sort());
  });
});
