// Names of fields are held against what the collection is noted to have.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { compile } from "../compiler/compile.mjs";
import { compiled, refused, withFiles } from "./compiled.mjs";

const schema = { ".hapta/schema/policy.json": `["id", "owner", "title", "draft"]` };
const head = (manifest = "{}") => `import { List, Update, Verdict, allow, fields, hide, where } from "hapta"; export const manifest = ${manifest};`;
const policy = (code, manifest) => `${head(manifest)}\nexport function update(c: Update): Verdict {\n${code}\n  return allow();\n}\n`;
const list = (code) => `${head()}\nexport function list(c: List): Verdict {\n${code}\n  return allow();\n}\n`;

const wrong = (name, source, place, message) => test(name, async () => {
  const problems = await refused(source, schema);
  assert.deepEqual(problems.map((one) => one.place), [place].flat(), JSON.stringify(problems, null, 2));
  for (const problem of problems) assert.match(problem.message, message);
});
const right = (name, source, files = schema) => test(name, () => compiled(source, files));

const told = /^policy has no field "ttile" in \.hapta\/schema\/policy\.json: did you mean "title"\?$/;
wrong("a stored field", policy(`  if (c.stored.get("ttile").isTrue) return hide();`), "policy.ts:3:20", told);
wrong("an incoming field", policy(`  if (c.incoming.has("ttile") || c.incoming.get("ttile").isTrue) return hide();`), ["policy.ts:3:22", "policy.ts:3:49"], told);
wrong("a field through a variable", policy(`  const sent = c.incoming;\n  if (sent.get("ttile").isTrue) return hide();`), "policy.ts:4:16", told);
wrong("a set of fields", `${policy("")}const some = fields(["title", "ttile"]);`, "policy.ts:6:31", told);
wrong("a condition", list(`  c.narrow(where("ttile").equals(1));`), "policy.ts:3:18", told);
wrong("a path in a condition", list(`  c.narrow(where("ttile.name").equals(1));`), "policy.ts:3:18", told);
for (const key of ["writes", "masks", "always_masked", "public", "relations"]) {
  wrong(`the manifest's ${key}`, policy("", `{ ${key}: ["title", "ttile"] }`), `policy.ts:1:${head(`{ ${key}: ["title", "`).length - 1}`, told);
}
wrong("nothing like it", policy(`  if (c.stored.get("x").isTrue) return hide();`), "policy.ts:3:20", /: it has id, owner, title, draft$/);

right("fields that are there", policy(`  if (c.stored.get("draft").isTrue || c.stored.get("collectionName").equals("x")) return hide();`, `{ writes: ["owner"] }`));
right("fields of others", policy(`
  if (c.caller.get("role").equals("x") || c.stored.relation("owner").get("name").equals("x")) return hide();
  if (c.query.get("page").exists) return hide();`, `{ caller: ["role"], relations: ["owner"] }`));
right("paths to others", list(`  c.narrow(where("owner.name").equals(1).or(where("comments_via_note.text").equals(1)));`));
right("a schema of another collection", policy(`  if (c.stored.get("ttile").isTrue) return hide();`), { ".hapta/schema/other.json": `["id"]` });

test("a note that is none is told of", async () => {
  const problems = await refused(policy(""), { ".hapta/schema/policy.json": `{"id":` });
  assert.match(problems[0].message, /policy\.json is no list of field names/);
});

test("a policy in a folder has its schema beside the folder", () =>
  withFiles({
    ".hapta/schema/notes.json": `["id", "title"]`,
    "notes/index.ts": policy(`  if (c.stored.get("ttile").isTrue) return hide();`),
  }, async (folder) => {
    const { problems } = await compile(join(folder, "notes"));
    assert.match(problems[0].message, /^notes has no field "ttile"/);
  }));
