// Policy modules: committed ones, their twins, freshly compiled ones, and
// broken ones put together by hand.
import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { folder, tree } from "../harness.mjs";

export const committed = (name) => readFile(join(tree, "policies", `${name}.wasm`));

/** What Hapta calls the version of a module. */
export const version = (wasm) => createHash("sha256").update(wasm).digest("hex").slice(0, 12);

let twins = 0;
/** A module that decides alike and has other bytes. */
export const twin = (wasm) => Buffer.concat([wasm, section(0, [...text(`twin_${++twins}`)])]);

/** Compiles TypeScript as an author would. */
export async function compiled(source, name = "policy") {
  const dir = await folder("policy-source");
  const [from, to] = [join(dir, `${name}.ts`), join(dir, `${name}.wasm`)];
  await writeFile(from, source);
  await promisify(execFile)(process.execPath, [join(tree, "sdk-ts/bin/hapta-asc.mjs"), from, "-o", to]);
  return readFile(to);
}

/**
 * A module from its parts: imports as [module, name] of functions without
 * parameters, exports as { name: number of i32 parameters }, and the manifest.
 */
export function assembled({ imports = [], exports: exported = {}, manifest, memory = true } = {}) {
  const arities = Object.values(exported);
  const types = [[0x60, 0, 0], ...arities.map((n) => [0x60, n, ...Array(n).fill(0x7f), 0])];
  const names = Object.keys(exported).map((name, i) => [...text(name), 0, imports.length + i]);
  return Buffer.concat([
    Buffer.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    section(1, vector(types)),
    section(2, vector(imports.map(([module, name]) => [...text(module), ...text(name), 0, 0]))),
    section(3, vector(arities.map((_, i) => [i + 1]))),
    section(5, vector([[0, 1]])),
    section(7, vector([...(memory ? [[...text("memory"), 2, 0]] : []), ...names])),
    section(10, vector(arities.map(() => [2, 0, 0x0b]))),
    ...(manifest ? [section(0, [...text("hapta_manifest"), ...Buffer.from(JSON.stringify(manifest))])] : []),
  ]);
}

const section = (id, content) => Buffer.from([id, ...size(content.length), ...content]);
const vector = (items) => [...size(items.length), ...items.flat()];
const text = (value) => [...size(Buffer.byteLength(value)), ...Buffer.from(value)];

// LEB128, as WebAssembly writes every number.
function size(n) {
  const out = [];
  do {
    out.push((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
    n >>>= 7;
  } while (n > 0);
  return out;
}
