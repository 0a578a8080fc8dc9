// What the library takes, and what not.
import { test } from "node:test";
import { compiled } from "./compiled.mjs";
import { mistake } from "./mistake.mjs";

const head = `import { Condition, Create, List, Value, Verdict, allow, hide, refuse, where } from "hapta"; export const manifest = { codes: ["a_code"], writes: ["owner"] };`;
const handler = (first) => (code, after = "") => `${head}\nexport function ${first}: Verdict {\n${code}\n  return allow();\n}\n${after}`;
const create = handler("create(c: Create)");
const list = handler("list(c: List)");

const settable = /^a field is set to a string, a number, a boolean or a value that was read; setNull/;
mistake("set to null", create(`  c.set("owner", null);`), "policy.ts:3:18", /c\.setNull\(field\)/);
mistake("set to a null of some type", create(`  c.set<Value | null>("owner", (null));`), "policy.ts:3:32", /c\.setNull\(field\)/);
mistake("set to undefined", create(`  c.set("owner", undefined);`), "policy.ts:3:18", settable);
mistake("set to an object", create(`  c.set("owner", { a: 1 });`), "policy.ts:3:18", settable);
mistake("set to a list", create(`  c.set("owner", ["a"]);`), "policy.ts:3:18", settable);
mistake("set to a variable of another type", create(`  const all = ["a"];\n  c.set("owner", all);`), "policy.ts:4:18", settable);
mistake("set to a context", create(`  c.set("owner", c);`), "policy.ts:3:18", settable);

for (const name of ["equals", "notEquals", "greaterThan", "atLeast", "lessThan", "atMost", "like", "notLike"]) {
  mistake(`${name} null`, list(`  c.narrow(where("a").any.${name}(null));`), `policy.ts:3:${28 + name.length}`, /where\(…\)\.isNull\(\)/);
}
mistake("equals null of a value", create(`  if (c.incoming.get("a").equals(null)) return hide();`), "policy.ts:3:34", /\.isNull of a value/);
mistake("contains null", create(`  if (c.incoming.get("a").contains(null)) return hide();`), "policy.ts:3:36", /\.isNull of a value/);
mistake("contains a number", create(`  if (c.incoming.get("a").contains(1)) return hide();`), "policy.ts:3:36", /^contains takes a string or a value/);
mistake("compared with a condition", list(`  c.narrow(where("a").equals(where("b")));`), "policy.ts:3:30", /^this compares with a string/);
mistake("what the standard library cannot do is the call's", list(`  const all = [c];\n  if (all.join("").length > 0) return hide();`), "policy.ts:4:16", /./);

const status = /^a refusal's status is 400 to 499/;
for (const one of ["500", "200", "399", "0", "-1"]) {
  mistake(`the status ${one}`, create(`  return refuse("a_code", "no", ${one});`), "policy.ts:3:33", status);
}
mistake("a status that is a const", create(`  return refuse("a_code", "no", teapot);`, `const teapot = 500;`), "policy.ts:3:33", status);
test("statuses that are right or not known yet", () => compiled(create(`
  let status = 0;
  if (!c.signedIn) status = 401;
  if (status) return refuse("a_code", "no", status);
  const least = 400;
  return c.incoming.isBlank ? refuse("a_code", "no", least) : refuse("a_code", "no", 499);`)));

const name = /^a name for where is written out/;
mistake("a name that is put together", list(`  c.narrow(where("a" + "b").isNull());`), "policy.ts:3:18", name);
mistake("a name from a template", list("  const one = \"a\";\n  c.narrow(where(`${one}.b`).isNull());"), "policy.ts:4:18", name);
mistake("a name that was read", list(`  c.narrow(where(c.query.get("by").text).isNull());`), "policy.ts:3:18", name);
mistake("a name in a variable", list(`  const by = c.query.get("by").text;\n  c.narrow(where(by).isNull());`), "policy.ts:4:18", name);
test("names that are written out", () => compiled(list(`
  const one = "a";
  c.narrow(where(one).isNull().and(where(two).isNull()));
  c.narrow(where(c.signedIn ? one : \`c\`).isNull());
  c.narrow(missing("d"));`, `const two = "b";\nfunction missing(name: string): Condition { return where(name).isNull(); }`)));
