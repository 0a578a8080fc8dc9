import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compile } from "../compiler/compile.mjs";

/** Calls run(folder) with a folder that holds these files, by name, and takes it away. */
export async function withFiles(files, run) {
  const folder = await mkdtemp(join(tmpdir(), "policy-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Compiles a source text as policy.ts, which has to succeed. */
export async function compiled(text, more = {}) {
  return withFiles({ "policy.ts": text, ...more }, async (folder) => {
    const { wasm, manifest, problems } = await compile(join(folder, "policy.ts"));
    assert.deepEqual(problems.map(String), []);
    return { wasm, manifest };
  });
}

/** Compiles a source text as policy.ts, which has to fail; the problems, as "line:column: message" and remedy. */
export async function refused(text, more = {}) {
  return withFiles({ "policy.ts": text, ...more }, async (folder) => {
    const { wasm, problems } = await compile(join(folder, "policy.ts"));
    assert.equal(wasm, null, "it compiled");
    return problems.map(({ file, line, column, message, remedy }) => {
      assert.equal(file.startsWith(folder), true, `${file} is not where the policy was`);
      return { place: `${file.slice(folder.length + 1)}:${line}:${column}`, message, remedy };
    });
  });
}
