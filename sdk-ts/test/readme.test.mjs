import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { compiled } from "./compiled.mjs";

test("every policy in the README compiles", async () => {
  const text = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const snippets = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  if (snippets.length < 2) throw new Error("the README shows no policies");
  for (const snippet of snippets) await compiled(snippet);
  const notes = await readFile(new URL("../examples/notes.ts", import.meta.url), "utf8");
  assert.equal(notes, snippets[0], "examples/notes.ts is another policy");
});
