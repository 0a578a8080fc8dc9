import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { withFiles } from "./compiled.mjs";

const bin = fileURLToPath(new URL("../bin/hapta-asc.mjs", import.meta.url));
const run = (cwd, ...args) => spawnSync(process.execPath, [bin, ...args], { cwd, encoding: "utf8" });
const right = `import { View, Verdict, allow } from "hapta";\nexport function view(c: View): Verdict { return allow(); }\n`;

test("a policy is written whole, with nothing on stdout and nothing left beside it", () =>
  withFiles({ "policies/posts.ts": right }, async (folder) => {
    const { status, stdout, stderr } = run(folder, "policies/posts.ts", "-o", "posts.wasm");
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" });
    assert.ok(WebAssembly.validate(await readFile(`${folder}/posts.wasm`)));
    assert.deepEqual((await readdir(folder)).sort(), ["policies", "posts.wasm"]);
  }));

test("a mistake is shown as it was written, and nothing is written out", () =>
  withFiles({ "policies/posts.ts": right.replace("allow()", "alow()") }, async (folder) => {
    const { status, stdout, stderr } = run(folder, "policies/posts.ts", "-o", "posts.wasm");
    assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
    assert.match(stderr, /^policies\/posts\.ts:2:49: Cannot find name 'alow'\.\n    did you mean allow\?\n  \| export function view.*\n  \| {49}\^$/m);
    assert.deepEqual(await readdir(folder), ["policies"]);
  }));

test("wrong usage", () =>
  withFiles({ "posts.ts": right, "odd name.ts": right }, (folder) => {
    const f = (args, status, message) => {
      const out = run(folder, ...args);
      assert.match(out.stderr, message);
      assert.equal(out.status, status);
    };
    f([], 2, /^usage: /);
    f(["posts.ts"], 2, /^usage: /);
    f(["posts.ts", "-o", "posts.wasm", "--fast"], 2, /--fast.*\nusage: /s);
    f(["other.ts", "-o", "posts.wasm"], 2, /^other\.ts: there is no such policy/);
    f(["odd name.ts", "-o", "posts.wasm"], 2, /"odd name" names no collection/);
    f(["posts.ts", "-o", "nowhere/posts.wasm"], 1, /^cannot write nowhere\/posts\.wasm/);
  }));
