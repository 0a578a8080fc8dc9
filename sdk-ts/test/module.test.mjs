// What a compiled policy is made of, as the server's loader will want it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { compile } from "../compiler/compile.mjs";
import { compiled, withFiles } from "./compiled.mjs";

const policies = new URL("../../policies/", import.meta.url);

const sections = (wasm, name) => WebAssembly.Module.customSections(new WebAssembly.Module(wasm), name);
const manifestOf = (wasm) => sections(wasm, "hapta_manifest").map((one) => JSON.parse(new TextDecoder().decode(one)));
const exportsOf = (wasm) => WebAssembly.Module.exports(new WebAssembly.Module(wasm)).map(({ name }) => name).sort();

test("the manifest is one section, with operations and name filled in", async () => {
  const { wasm } = await compiled(`
    import { Create, Delete, Verdict, allow, refuse } from "hapta";
    export const manifest = { codes: ["no_more"], writes: ["author"], public: ["title"], drops: true, fuel: 5000 } as const;
    export function remove(c: Delete): Verdict { return refuse("no_more"); }
    export function create(c: Create): Verdict { c.set("author", 1); return allow(); }
  `);
  assert.deepEqual(manifestOf(wasm), [{
    name: "policy", operations: ["create", "delete"], codes: ["no_more"], writes: ["author"], masks: [],
    always_masked: [], public: ["title"], relations: [], caller: [], drops: true, fuel: 5000,
  }]);
});

test("exports follow the handlers", async () => {
  const f = async (handlers, exports) => {
    const { wasm } = await compiled(`import { Create, Delete, List, Update, Verdict, View, allow } from "hapta";\n` +
      handlers.map(([name, type]) => `export function ${name}(c: ${type}): Verdict { return allow(); }`).join("\n"));
    assert.deepEqual(exportsOf(wasm), exports);
  };
  await f([["view", "View"]], ["hapta_init", "hapta_page", "hapta_record", "memory"]);
  await f([["list", "List"]], ["hapta_filter", "hapta_init", "memory"]);
  await f([["update", "Update"], ["remove", "Delete"]], ["hapta_before", "hapta_init", "memory"]);
  await f([["create", "Create"], ["list", "List"], ["view", "View"]],
    ["hapta_before", "hapta_filter", "hapta_init", "hapta_page", "hapta_record", "memory"]);
});

test("nothing is imported but the ABI and abort", async () => {
  for (const name of ["users", "posts"]) {
    const { wasm } = await compile(new URL(`${name}.ts`, policies).pathname);
    for (const { module, name: function_ } of WebAssembly.Module.imports(new WebAssembly.Module(wasm))) {
      assert.ok(module === "hapta_v1" || (module === "env" && function_ === "abort"), `${module}.${function_}`);
    }
  }
});

test("a module is small, bare, and has no start section", async () => {
  for (const name of ["users", "posts"]) {
    const { wasm } = await compile(new URL(`${name}.ts`, policies).pathname);
    assert.ok(wasm.length < 8192, `${name} has ${wasm.length} bytes`);
    const { ids, memory } = outline(wasm);
    assert.deepEqual(sections(wasm, "name"), []);
    assert.equal(ids.includes(8), false, "it has a start section");
    assert.equal(ids.filter((id) => id === 0).length, 1, "it has custom sections beside the manifest");
    assert.deepEqual(memory, { least: 1, most: 16 });
  }
});

test("the same source is the same module, wherever it lies", async () => {
  const source = await readFile(new URL("posts.ts", policies), "utf8");
  const one = await withFiles({ "posts.ts": source }, (folder) => compile(`${folder}/posts.ts`));
  const two = await withFiles({ "a/deeper/folder/posts.ts": source }, (folder) => compile(`${folder}/a/deeper/folder/posts.ts`));
  assert.deepEqual(one.wasm, two.wasm);
});

test("the committed policies come out of their sources", async () => {
  for (const name of ["users", "posts"]) {
    const { wasm } = await compile(new URL(`${name}.ts`, policies).pathname);
    const committed = await readFile(new URL(`${name}.wasm`, policies));
    assert.ok(committed.equals(wasm), `policies/${name}.wasm is not what its source gives: compile it again`);
  }
});

test("a policy may be a folder, and have files beside it", async () => {
  const files = {
    "posts/index.ts": `import { Delete, Verdict } from "hapta"; import { never } from "./rules/never";
      export const manifest = { codes: ["never"] };
      export function remove(c: Delete): Verdict { return never(); }`,
    "posts/rules/never.ts": `import { Verdict, refuse } from "hapta"; export function never(): Verdict { return refuse("never"); }`,
  };
  const { manifest, problems } = await withFiles(files, (folder) => compile(`${folder}/posts`));
  assert.deepEqual(problems.map(String), []);
  assert.equal(manifest.name, "posts");
});

// The ids of a module's sections, and the bounds of its memory.
function outline(wasm) {
  let at = 8;
  const ids = [];
  let memory = null;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < wasm.length) {
    const id = wasm[at++];
    const end = number() + at;
    ids.push(id);
    if (id === 5) {
      assert.equal(number(), 1, "one memory");
      memory = number() === 1 ? { least: number(), most: number() } : { least: number() };
    }
    at = end;
  }
  return { ids, memory };
}
