// Each mistake is answered where it was made, with what to do instead.
import assert from "node:assert/strict";
import { test } from "node:test";
import { refused } from "./compiled.mjs";
import { mistake as f } from "./mistake.mjs";

const head = `import { Create, Update, Value, Verdict, View, allow, fields, hide, refuse } from "hapta"; export const manifest = { codes: ["a_code"] };`;
const body = (code, after = "") => `${head}\nexport function update(c: Update): Verdict {\n${code}\n  return allow();\n}\n${after}`;

f("a closure", body(`  let n = 0; [1].forEach((x) => { n += x; });`), "policy.ts:3:35", /Closures/, /write a loop/);
f("a closure that returns", body(`  const me = c.caller.id; if (["a"].some((x) => me.equals(x))) return hide();`), "policy.ts:3:49", /Closures/, /write a loop/);
f("try", body(`  try { c.stored.get("x"); } catch (e) { return refuse("a_code"); }`), "policy.ts:3:3", /Exceptions/, /\.exists/);
f("catch alone", body(`  try { c.stored.get("x"); } catch { return hide(); }`), "policy.ts:3:30", /expected/, /\.exists/);
f("finally", body(`  try { c.stored.get("x"); } finally { return hide(); }`), "policy.ts:3:3", /Exceptions/, /\.exists/);
f("for..of", body(`  const l = ["a"]; for (const x of l) { if (x == "a") return hide(); }`), "policy.ts:3:20", /Iterators/, /i < list\.length/);
f("for..in", body(`  for (const x in c.stored) { if (x == "a") return hide(); }`), "policy.ts:3:14", /initialized/, /value\.key\(i\)/);
f("optional chaining", body(`  const a = c.stored?.get("x");`), "policy.ts:3:22", /Expression expected/, /not needed/);
f("an optional index", body(`  const l = ["a"]; const a = l?.[0];`), "policy.ts:3:32", /Expression expected/, /not needed/);
f("??", body(`  const a = c.stored ?? c.caller;`), "policy.ts:3:23", /Expression expected/, /\.exists/);
f("any", body(`  const a: any = 1;`), "policy.ts:3:12", /'any'/, /Value/);
f("as any", body(`  const a = c as any;`), "policy.ts:3:18", /'any'/, /Value/);
f("a list of any", body(`  const a: any[] = [];`), "policy.ts:3:12", /'any'/, /Value/);
f("a union", body(`  const a: string | i32 = 1;`), "policy.ts:3:21", /union types/, /one type/);
f("undefined", body(`  const a = undefined;`), "policy.ts:3:13", /undefined/, /\.exists/);
f("destructuring", body(`  const { stored } = c;`), "policy.ts:3:3", /Identifier expected/, /const stored = c\.stored/);
f("destructuring of a list", body(`  const [a, b] = [1, 2];`), "policy.ts:3:3", /Identifier expected/, /destructuring is not there/);
f("destructuring in for..of", body(`  for (const [k, v] of [[1, 2]]) return hide();`), "policy.ts:3:8", /Identifier expected/, /destructuring is not there/);
f("a destructured parameter", body("", `function f({ stored }: Update): void {}`), "policy.ts:6:11", /Identifier expected/, /destructuring is not there/);
f("a swap by destructuring", body(`  let a = 1; let b = 2; [a, b] = [b, a];`), "policy.ts:3:25", /assign/, /destructuring is not there/);
f("spread", body(`  const a = [...[1], 2];`), "policy.ts:3:14", /Spread/, /concat/);
f("spread into a call", body(`  const l = [1.0]; if (Math.max(...l) > 1) return hide();`), "policy.ts:3:24", /arguments/, /spread is not there/);
f("spread of an object", body(`  const a = { ...c };`), "policy.ts:3:13", /Identifier expected/, /spread is not there/);
f("spread among fields", body(`  const a = { b: 1, ...c };`), "policy.ts:3:19", /Identifier expected/, /one by one/);
f("spread of an object into a call", body(`  g({ ...c });`), "policy.ts:3:5", /Identifier expected/, /one by one/);
f("an object literal", body(`  const a = { b: 1 };`), "policy.ts:3:13", /<object>/, /class Point/);
f("a regular expression", body(`  if (/a/.test("a")) return hide();`), "policy.ts:3:7", /Regular/, /\.matches/);
f("RegExp", body(`  if (new RegExp("a").test("a")) return hide();`), "policy.ts:3:11", /RegExp is not there.*\.matches/);
f("async", body("", `async function f(): void {}`), "policy.ts:6:1", /expected/, /nothing waits/);
f("an async handler", body("", `export async function create(c: Create): Verdict { return allow(); }`), "policy.ts:6:1", /expected/, /nothing waits/);
f("a bigint", body(`  const a = 10n;`), "policy.ts:3:15", /numeric literal/, /i64 = 10/);
f("satisfies", body(`  const a = 1 satisfies i32;`), "policy.ts:3:15", /Unexpected token/, /its type/);
f("a variable without a type", body(`  let a;`), "policy.ts:3:8", /Type expected/, /let name: string/);
f("a handler without a type", `${head}\nexport function create(c: Create) {\n  return allow();\n}`, "policy.ts:2:34", /Type expected/, /\): Verdict \{/);
f("a function without a type", body("", `class Guard { check() { return allow(); } }`), "policy.ts:6:22", /Type expected/, /\): Verdict \{/);
f("a parameter without a type", body(`  return check(c);`, `function check(c): Verdict { return allow(); }`), "policy.ts:6:17", /Type expected/, /^every parameter has a type/);
f("import type", `import type { Update } from "hapta";\n${body("")}`, "policy.ts:1:8", /'from' expected/, /like all else/);
f("a type among imports", `import { allow, type Update } from "hapta";`, "policy.ts:1:17", /expected/, /like all else/);
f("a default export", body("", `export default {\n  create(c: Create): Verdict { return allow(); }\n};`), "policy.ts:7:3", /expected/, /one by one/);
f("JSON", body(`  JSON.parse("{}");`), "policy.ts:3:3", /JSON is not there.*\.get\(name\)/);
f("Date", body(`  const a = Date.now();`), "policy.ts:3:13", /Date is not there.*c\.now/);
f("JSON.stringify", body(`  const a = JSON.stringify(1);`), "policy.ts:3:13", /JSON is not there/);
f("new Date", body(`  const a = new Date();`), "policy.ts:3:17", /Date is not there/);
f("console", body(`  console.log("x");`), "policy.ts:3:3", /console is not there.*log\(/);
f("Math.random", body(`  if (Math.random() > 0.5) return hide();`), "policy.ts:3:7", /Math\.random is not there/);
f("fetch", body(`  fetch("x");`), "policy.ts:3:3", /'fetch'/, /reaches nothing/);
f("a package", body("", `import * as fs from "fs";`), "policy.ts:6:21", /not found/, /packages are not there/);

f("a value as a condition", body(`  const p = c.stored.get("private"); if (p) return hide(); if (!c.incoming.get("a")) return hide();`),
  ["policy.ts:3:42", "policy.ts:3:65"], /no condition.*\.isTrue/);
f("a value compared by ==", body(`  if (c.stored.get("a") == "x") return hide();`), "policy.ts:3:7", /==/, /\.equals/);
f("a value compared by >", body(`  if (c.stored.get("a") > 3) return hide();`), "policy.ts:3:7", /'>'/, /\.number/);
f("a function as a condition", body(`  if (author(c)) return hide();`, `function author(c: Update): Value { return c.stored.get("author"); }`), "policy.ts:3:7", /no condition.*\.isTrue/);
f("a value compared with null", body(`  if (c.stored.get("a").equals(null)) return hide();`), "policy.ts:3:32", /\.isNull/);
f("a field as a property", body(`  if (c.stored.published) return hide();`), "policy.ts:3:16", /'published'/, /\.get\("name"\)/);
f("a misspelt property", body(`  if (c.stored.isBlnk) return hide();`), "policy.ts:3:16", /'isBlnk'/, /^did you mean isBlank\?$/);
f("a misspelt method", body(`  if (c.stored.id.equal("x")) return hide();`), "policy.ts:3:19", /'equal'/, /^did you mean equals\(\)\?$/);
f("a misspelt member of a context", body(`  if (c.signdIn) return hide();`), "policy.ts:3:9", /'signdIn'/, /^did you mean signedIn\?$/);
f("a member under JavaScript's name", body(`  if (c.stored.id.length > 3) return hide();`), "policy.ts:3:19", /'length'/, /\.size/);
f("a root that the handler has not", `${head}\nexport function create(c: Create): Verdict { return c.stored.exists ? hide() : allow(); }`, "policy.ts:2:55", /'stored'/, /view, update and remove/);
f("a property that is called", body(`  if (c.stored.id.isBlank() || c.signedIn()) return hide();`), ["policy.ts:3:19", "policy.ts:3:34"], /^isBlank is a property: write it without \(\)$/);
f("something that is not imported", body("", `export function remove(c: Delete): Verdict { return allow(); }`), "policy.ts:6:27", /'Delete'/, /import \{ Delete \} from "hapta"/);
f("a misspelt function", body(`  if (c.signedIn) return alow();`), "policy.ts:3:26", /'alow'/, /^did you mean allow\?$/);
f("a misspelt import", `import { Udpate } from "hapta";\n${body("")}`, "policy.ts:1:10", /'Udpate'/, /^did you mean Update\?$/);
f("no verdict", body(`  if (c.signedIn) return;`), "policy.ts:3:19", /'Verdict'/, /every way out/);
f("fields in a handler", body(`  c.incoming.firstIn(fields(["a"]));`), "policy.ts:3:22", /top of the file/);

f("a code that is not declared", body(`  return refuse("other_code");`), "policy.ts:3:17", /"other_code" is not declared: add it to codes/);
f("a mask that is not declared", `${head}\nexport function view(c: View): Verdict { c.mask("bio"); return allow(); }`, "policy.ts:2:49", /add it to masks/);
f("a write that is not declared", body(`  c.set("author", 1); c.unset("bio");`), ["policy.ts:3:9", "policy.ts:3:31"], /add it to writes/);
f("a relation that is not declared", body(`  if (c.stored.relation("post").exists) return hide();`), "policy.ts:3:25", /add it to relations/);
f("a caller's field that is not declared", body(`  const me = c.caller; if (me.get("role").exists) return hide();`), "policy.ts:3:35", /add it to caller/);

f("no handler", head, "policy.ts:1:1", /exports no handler/);
f("a misspelt handler", body("", `export function udpate(c: Update): Verdict { return allow(); }`), "policy.ts:6:17", /^udpate is no handler: did you mean update\?$/);
f("an export that is like no handler", body("", `export function shared(): void {}`), "policy.ts:6:17", /shared is no handler.*and nothing else/);
f("nothing but a handler of another shape", `${head}\nexport function create(c: Update): Verdict { return allow(); }`, "policy.ts:2:17", /create\(c: Create\): Verdict/);
f("a variable as a handler", `${head}\nexport const create = (c) => allow();`, "policy.ts:2:14", /write export function create\(c: Create\): Verdict/);
f("delete as a handler", body("", `export function delete(c: Update): Verdict { return allow(); }`), "policy.ts:6:17", /reserved word.*remove/);
f("a handler of another shape", body("", `export function view(c: Update): Verdict { return allow(); }`), "policy.ts:6:17", /view\(c: View\): Verdict/);

const manifest = (text) => `import { Update, Verdict, allow } from "hapta";\nexport const manifest = ${text};\nexport function update(c: Update): Verdict { return allow(); }`;
f("a manifest that is computed", manifest(`make()`), "policy.ts:2:14", /written out/);
f("an unknown key", manifest(`{ code: ["a"] }`), "policy.ts:2:27", /no key code; its keys are codes/);
f("a list that is none", manifest(`{ codes: "a" }`), "policy.ts:2:34", /list of strings/);
f("a list with a variable", manifest(`{ codes: [a] }`), "policy.ts:2:35", /written out/);
f("a code in another case", manifest(`{ codes: ["OwnershipRequired"] }`), "policy.ts:2:35", /lower_snake_case/);
f("a code of the server's", manifest(`{ codes: ["policy_no"] }`), "policy.ts:2:35", /begin with policy_/);
f("a code twice", manifest(`{ codes: ["a", "a"] }`), "policy.ts:2:40", /twice/);
f("a field that is none", manifest(`{ masks: ["a-b"] }`), "policy.ts:2:35", /no field name/);
f("a mask on the id", manifest(`{ masks: ["id"] }`), "policy.ts:2:35", /neither written nor masked/);
f("public and masked", manifest(`{ masks: ["bio"], public: ["bio"] }`), "policy.ts:2:52", /public and masked/);

test("a mistake in a file beside the policy is reported there", async () => {
  const problems = await refused(body(`  if (bad(c)) return hide();`, `import { bad } from "./lib/bad";`), {
    "lib/bad.ts": `import { Update } from "hapta";\nexport function bad(c: Update): bool { return c.stored.isTru; }`,
  });
  assert.equal(problems[0].place, "lib/bad.ts:2:56");
});
