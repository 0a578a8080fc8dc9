// A condition that is lost on its way to the database would show every record.
import { test } from "node:test";
import { compiled } from "./compiled.mjs";
import { mistake } from "./mistake.mjs";

const head = `import { Condition, List, Value, Verdict, Where, allow, hide, where } from "hapta";`;
const list = (code, after = "") => `${head}\nexport function list(c: List): Verdict {\n${code}\n  return allow();\n}\n${after}`;
const mine = `function mine(c: List): Condition { return where("author").equals(c.caller.id); }`;
const maybe = `function maybe(c: List): Condition | null { return c.signedIn ? where("a").equals(1) : null; }`;

const tested = /^where\(…\) is no condition of if.*\.and\(…\) and \.or\(…\).*c\.narrow\(…\)$/;
mistake("&&", list(`  c.narrow(where("a").equals(1) && where("author").equals("x"));`), "policy.ts:3:12", tested);
mistake("||", list(`  c.narrow(where("a").equals(1) || where("author").equals("x"));`), "policy.ts:3:12", tested);
mistake("&& of variables", list(`  const a = where("a").equals(1); const b = mine(c);\n  c.narrow(a && b);`, mine), "policy.ts:4:12", tested);
mistake("&& as a statement", list(`  c.signedIn && where("a").equals(1);`), "policy.ts:3:17", tested);
mistake("!", list(`  if (!where("a").equals(1)) return hide();`), "policy.ts:3:8", tested);
mistake("if", list(`  if (where("a").equals(1)) return hide();`), "policy.ts:3:7", tested);
mistake("if, of a function's", list(`  if (mine(c)) return hide();`, mine), "policy.ts:3:7", tested);
mistake("a choice", list(`  return where("a").equals(1) ? allow() : hide();`), "policy.ts:3:10", tested);
mistake("while", list(`  while (where("a").isNull()) return hide();`), "policy.ts:3:10", tested);
mistake("do", list(`  do c.narrow(where("a").isNull()); while (where("a").isNull());`), "policy.ts:3:44", tested);
mistake("for", list(`  for (let i = 0; where("a").isNull(); i++) return hide();`), "policy.ts:3:19", tested);
mistake("assert", list(`  assert(where("a").equals(1));`), "policy.ts:3:10", tested);
mistake("assert of a value", list(`  assert(c.query.get("a"));`), "policy.ts:3:10", /^a value is no condition/);
mistake("where alone as a condition", list(`  if (where("a")) return hide();`), "policy.ts:3:7", tested);
mistake("== of two", list(`  if (where("a").equals(1) == where("b").equals(1)) return hide();`), "policy.ts:3:7", tested);
mistake("== of two that may be null", list(`  if (maybe(c) == maybe(c)) return hide();`, maybe), "policy.ts:3:7", tested);
mistake("== of two fields", list(`  if (where("a") == where("b")) return hide();`), "policy.ts:3:7", tested);
mistake("null", list(`  if (null != where("a").equals(1)) return hide();`), "policy.ts:3:15", tested);
mistake("=== null", list(`  if (where("a").equals(1) === null) return hide();`), "policy.ts:3:7", tested);
mistake("== true", list(`  if (where("a").equals(1) == true) return hide();`), "policy.ts:3:7", tested);
mistake("== of a field and a value", list(`  if (where("a") == c.caller.id) return hide();`), "policy.ts:3:7", tested);
mistake("a verdict that always is there", list(`  if (allow() != null) return hide();`), "policy.ts:3:7", /^a verdict is no condition/);
mistake("&& after a question", list(`  c.narrow(c.signedIn && where("a").equals(1));`), ["policy.ts:3:12", "policy.ts:2:32"], /'bool' and 'Condition'/, /\.and\(…\)/);
mistake("an answer of true or false", list(`  if (own()) return hide();`, `function own(): bool { return where("a").equals(1); }`), "policy.ts:6:31", /'Condition'.*'bool'/, /\.and\(…\)/);
mistake("<", list(`  if (where("a") < where("b")) return hide();`), "policy.ts:3:7", /cannot be applied/);

const dropped = /^this condition is made and dropped, so it keeps nothing back: pass it to c\.narrow\(…\)/;
mistake("dropped", list(`  where("title").equals("a");`), "policy.ts:3:3", dropped);
mistake("dropped: or", list(`  const f = where("a").equals(1);\n  f.or(where("published").equals(true));\n  c.narrow(f);`), "policy.ts:4:3", dropped);
mistake("dropped: of a function", list(`  mine(c);`, mine), "policy.ts:3:3", dropped);
mistake("dropped: of one that may have none", list(`  maybe(c);`, maybe), "policy.ts:3:3", dropped);
mistake("dropped: a choice", list(`  c.signedIn ? mine(c) : where("a").isNull();`, mine), ["policy.ts:3:16", "policy.ts:3:26"], dropped);
mistake("dropped: after a comma", list(`  let n = 0;\n  (n++, where("a").isNull());`), "policy.ts:4:9", dropped);
mistake("dropped: in a helper", list(`  helper(c);`, `function helper(c: List): void { where("a").isNull(); }`), "policy.ts:6:34", dropped);
mistake("dropped: a variable", list(`  const f = mine(c);\n  f;`, mine), "policy.ts:4:3", dropped);
mistake("a variable that is never read", list(`  const f = where("a").equals(1);`), "policy.ts:3:9", dropped);
mistake("a variable that is joined and never read", list(`  let f = where("a").equals(1);\n  if (c.signedIn) f = f.or(mine(c));`, mine), "policy.ts:3:7", dropped);
mistake("a verdict in a variable that is never read", list(`  const v = hide();`), "policy.ts:3:9", /^this verdict is made and dropped: write return v$/);
mistake("a verdict in a variable, dropped", list(`  const v = hide();\n  v;`), "policy.ts:4:3", /^this verdict is made and dropped: write return v$/);
const field = /^this field is compared with nothing/;
mistake("dropped: where", list(`  where("a");`), "policy.ts:3:3", field);
mistake("dropped: any", list(`  where("a").any;`), "policy.ts:3:3", field);
mistake("where in a variable that is never read", list(`  const a = where("a");`), "policy.ts:3:9", field);

test("conditions that are kept, joined, or asked for null are no mistake", () => compiled(list(`
  let f: Condition | null = maybe(c);
  if (f == null) f = where("b").isNull();
  const other = maybe(c);
  if (other) f = f.and(other);
  c.narrow(c.signedIn ? f : where("c").any.equals(c.caller.id));
  const d = where("d");
  const list = [d.equals(1)];
  for (let i = 0; i < list.length; i++) c.narrow(list[i]);`, maybe)));
