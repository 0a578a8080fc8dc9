// Codes and fields that are consts are held against the manifest and the schema as literals are.
import { test } from "node:test";
import { compiled, refused } from "./compiled.mjs";
import { mistake } from "./mistake.mjs";
import assert from "node:assert/strict";

const head = `import { Update, Verdict, View, allow, hide, refuse } from "hapta"; export const manifest = { codes: ["a_code"], writes: ["owner"], masks: ["bio"], relations: ["post"], caller: ["role"] };`;
const update = (code, after = "") => `${head}\nexport function update(c: Update): Verdict {\n${code}\n  return allow();\n}\n${after}`;

mistake("a code", update(`  const code = "no";\n  return refuse(code);`), "policy.ts:4:17", /^"no" is not declared: add it to codes in the manifest$/);
mistake("a code at the top", update(`  return c.signedIn ? hide(NO) : refuse((NO));`, `const NO = "no";`), ["policy.ts:3:28", "policy.ts:3:41"], /^"no" is not declared/);
mistake("fields", update(`  c.set(field, 1); c.setNull(field); c.unset(field);`, `const field = "bio";`),
  ["policy.ts:3:9", "policy.ts:3:30", "policy.ts:3:46"], /^"bio" is not declared: add it to writes/);
mistake("a mask", `${head}\nexport function view(c: View): Verdict { const a = "b"; c.mask(a); return allow(); }`, "policy.ts:2:64", /add it to masks/);
mistake("a relation", update(`  const a = "b";\n  if (c.stored.relation(a).exists) return hide();`), "policy.ts:4:25", /add it to relations/);
mistake("a caller's field", update(`  const a = "b";\n  if (c.caller.get(a).exists) return hide();`), "policy.ts:4:20", /add it to caller/);

test("an imported one", async () => {
  const codes = { "codes.ts": `export const NO = "no";` };
  const [problem, ...others] = await refused(update(`  return refuse(REASON);`, `import { NO as REASON } from "./codes";`), codes);
  assert.deepEqual([problem.place, others.length], ["policy.ts:3:17", 0]);
  assert.match(problem.message, /^"no" is not declared/);
});

test("one that names a field which the collection has not", async () => {
  const [problem] = await refused(update(`  const a = "ttile";\n  if (c.stored.get(a).isTrue) return hide();`),
    { ".hapta/schema/policy.json": `["owner", "bio", "post", "title"]` });
  assert.equal(problem.place, "policy.ts:4:20");
  assert.match(problem.message, /did you mean "title"/);
});

test("what is declared, changes, or comes in is no mistake", () => compiled(update(`
  const field = "owner";
  c.set(field, 1);
  let code = "no";
  code = "a_code";
  if (c.signedIn) return refuse(code);
  return no(RIGHT);`, `const RIGHT = "a_code";\nconst reason = "no";\nfunction no(reason: string): Verdict { return refuse(reason); }`)));
