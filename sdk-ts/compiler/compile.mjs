// Compiles one policy. Nothing of the machine reaches the output: the compiler
// sees the policy's folder as its whole world, under relative names, and the
// library under the name of its package.
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { explain } from "./explain.mjs";
import { foreignImports } from "./imports.mjs";
import { withReadableKeys } from "./manifest.mjs";
import { Problem } from "./problem.mjs";
import { readSchema } from "./schema.mjs";
import { policyTransform } from "./transform.mjs";
import "./typed.mjs";

const library = fileURLToPath(new URL("../assembly/", import.meta.url));
const LIBRARY = "library:";
const NAME = /^[\w.-]{1,64}$/;

const flags = [
  "--runtime", "stub", // memory goes back to what it was after every call, so nothing is ever freed
  "--exportStart", "hapta_init", // what stands at the top of a file runs there, not in a start section
  "--initialMemory", "1", "--maximumMemory", "16", // pages of 64 KiB
  "--optimizeLevel", "3", "--shrinkLevel", "0", "--converge",
  "--lib", LIBRARY,
];

/**
 * Compiles the policy in `source`, a file, or a folder with an index.ts.
 * Resolves to { wasm, manifest, problems }; `wasm` is null when there are problems.
 */
export async function compile(source) {
  const policy = await locate(source);
  if (!policy) return failure(new Problem(source, "there is no such policy: name a .ts file, or a folder with an index.ts"));
  if (!NAME.test(policy.name)) return failure(new Problem(source, `"${policy.name}" names no collection: use letters, digits, _ . and -, at most 64`));

  const { schema, fault } = await readSchema(policy.beside, policy.name);
  if (fault) return failure(new Problem(source, fault));

  const problems = [];
  const texts = new Map();
  let wasm = null;
  const transform = policyTransform(policy, schema);
  const { error } = await asc.main([policy.entry, ...flags, "--outFile", "policy.wasm"], {
    transforms: [transform],
    listFiles: () => [],
    readFile: async (name, from) => {
      const text = await read(from === LIBRARY ? library : policy.folder, name, from === LIBRARY);
      if (text === null || from === LIBRARY) return text;
      texts.set(name, text);
      return withReadableKeys(text);
    },
    writeFile: (_, contents) => { wasm = contents; },
    reportDiagnostic: (diagnostic) => {
      const problem = explain(diagnostic, policy.shown, texts, transform.program);
      if (problem) problems.push(problem);
    },
  });

  if (!problems.length && wasm) problems.push(...foreignImports(wasm, source));
  if (!problems.length && error) problems.push(new Problem(source, error.message));
  if (problems.length) return failure(...bestByPlace(withoutEchoes(problems)));
  return { wasm, manifest: transform.manifest, problems };
}

function failure(...problems) {
  return { wasm: null, manifest: null, problems };
}

// Once the reader of a file stumbles over something that has a way out, it stumbles on.
function withoutEchoes(problems) {
  return problems.filter((one, i) => !one.isSyntax || one.remedy ||
    !problems.slice(0, i).some((earlier) => earlier.isSyntax && earlier.remedy && earlier.file === one.file));
}

// Of several complaints about one place, the first that says what to do.
function bestByPlace(problems) {
  const best = new Map();
  for (const one of problems) {
    const place = `${one.file}:${one.line}:${one.column}`;
    if (!one.line) best.set(one, one);
    else if (!best.has(place) || (one.remedy && !best.get(place).remedy)) best.set(place, one);
  }
  return [...best.values()];
}

// Where the policy lies and its module will, what it is called, and how to show one of its files.
async function locate(source) {
  const whole = resolve(source);
  for (const [folder, entry, name] of [
    [dirname(whole), basename(whole), basename(whole, ".ts")],
    [whole, "index.ts", basename(whole)],
  ]) {
    if (!entry.endsWith(".ts") || (await read(folder, entry)) === null) continue;
    const shown = folder === whole ? source : dirname(source);
    return { folder, beside: dirname(whole), entry, name, shown: (file) => join(shown, file) };
  }
  return null;
}

async function read(folder, name, isLibrary = false) {
  if (isLibrary) {
    if (!name.startsWith("hapta/")) return null;
    name = name.slice("hapta/".length);
  }
  try {
    return await readFile(join(folder, name), "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EISDIR") return null;
    throw error;
  }
}
