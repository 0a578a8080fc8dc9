// A verdict that nobody returns would let everyone through.
import { test } from "node:test";
import { compiled } from "./compiled.mjs";
import { mistake } from "./mistake.mjs";

const head = `import { Create, Verdict, allow, hide, refuse } from "hapta"; export const manifest = { codes: ["a_code"] };`;
const body = (code, after = "") => `${head}\nexport function create(c: Create): Verdict {\n${code}\n  return allow();\n}\n${after}`;
const check = `function check(c: Create): Verdict { return c.signedIn ? allow() : hide(); }`;
const guard = `function guard(c: Create): Verdict | null { return c.signedIn ? null : hide(); }`;

mistake("refuse", body(`  if (!c.signedIn) refuse("a_code", "sign in");`), "policy.ts:3:20", /^this verdict is made and dropped: write return refuse\(…\)$/);
mistake("hide and allow", body(`  hide();\n  allow("a_code");`), ["policy.ts:3:3", "policy.ts:4:3"], /write return hide\(…\)/);
mistake("a choice", body(`  c.signedIn ? allow() : refuse("a_code");`), ["policy.ts:3:16", "policy.ts:3:26"], /made and dropped/);
mistake("in parentheses, after a comma", body(`  let n = 0;\n  (n++, hide());`), "policy.ts:4:9", /made and dropped/);
mistake("under another name", body(`  no("a_code");\n  h.hide();`, `import { refuse as no } from "hapta"; import * as h from "hapta";`), ["policy.ts:3:3", "policy.ts:4:3"], /write return no\(…\)/);
mistake("of a function", body(`  check(c);`, check), "policy.ts:3:3", /write return check\(…\)/);
mistake("of a function that may have none", body(`  guard(c);`, guard), "policy.ts:3:3", /write return guard\(…\)/);
mistake("of a variable that holds a function", body(`  const f = check;\n  f(c);`, check), "policy.ts:4:3", /write return f\(…\)/);
mistake("of a method", body(`  new Guard().check(c);`, `class Guard { check(c: Create): Verdict { return hide(); } }`), "policy.ts:3:3", /dropped: return it$/);
mistake("in a function of the policy", body(`  careless(c);`, `function careless(c: Create): void { if (!c.signedIn) hide(); }`), "policy.ts:6:55", /made and dropped/);
mistake("in a loop, which the compiler reads twice", body(`  let v: Verdict | null = null;\n  for (let i = 0; i < 3; i++) {\n    if (v) hide();\n    v = guard(c);\n  }`, guard), "policy.ts:5:12", /made and dropped/);
mistake("a verdict as a condition", body(`  if (!check(c)) return hide();`, check), "policy.ts:3:8", /a verdict is no condition/);
mistake("a verdict after ||", body(`  c.signedIn || hide();`), "policy.ts:3:17", /a verdict is no condition/);

test("verdicts that are kept, returned or asked for null are no mistake", () => compiled(body(`
  const none = guard(c);
  if (none) return none;
  let verdict = allow();
  if (!c.signedIn) verdict = check(c);
  return c.signedIn ? verdict : (check(c));`, check + guard)));
