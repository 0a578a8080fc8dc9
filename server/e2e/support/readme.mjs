// The README's code, so that tests run what people read.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { tree } from "../harness.mjs";

const readme = await readFile(join(tree, "README.md"), "utf8");

export const blocks = (language) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, text]) => text.trim());

/** The JavaScript whose first line is this comment, talking to url. */
export function script(comment, url) {
  const found = blocks("js").filter((text) => text.startsWith(`// ${comment}\n`));
  assert.equal(found.length, 1, `the README has ${found.length} blocks that begin with // ${comment}`);
  return found[0].replaceAll("http://127.0.0.1:3000", url);
}
