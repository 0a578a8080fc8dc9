// That handlers reach the host, and the host's answers reach handlers.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { compiled } from "./compiled.mjs";
import { host } from "./host.mjs";

const VIEW = 2, CREATE = 3, UPDATE = 4, DELETE = 5, LIST = 1, ASKED = 1;
const committed = async (name) => host(await readFile(new URL(`../../policies/${name}.wasm`, import.meta.url)));

const record = (id, collection, more) => ({ id, collectionId: `id_of_${collection}`, collectionName: collection, ...more });
const anna = record("anna", "users"), bert = record("bert", "users");

test("users", async () => {
  const users = await committed("users");
  const f = (name, operation, input, want) => assert.deepEqual(users.call(name, [operation, ASKED], input), want);
  const own = { verdict: "allow" };
  const alien = { verdict: "refuse", code: "ownership_required", message: "only the user themselves may change this" };
  const masked = { verdict: "allow", masks: ["followers", "bio"] };

  f("hapta_before", UPDATE, { caller: anna, stored: anna, incoming: { bio: "hi" } }, own);
  f("hapta_before", UPDATE, { caller: bert, stored: anna, incoming: { bio: "hi" } }, alien);
  f("hapta_before", UPDATE, { stored: anna, incoming: { bio: "hi" } }, alien);
  f("hapta_before", UPDATE, { caller: record("anna", "admins"), stored: anna, incoming: { bio: "hi" } }, alien);
  for (const name of ["validVerified", "postr_plus", "followers", "postr_subscriber_since"]) {
    f("hapta_before", UPDATE, { caller: anna, stored: anna, incoming: { bio: "hi", [name]: 1 } },
      { verdict: "refuse", code: "field_forbidden", message: `${name} may not be changed` });
  }
  f("hapta_before", DELETE, { caller: anna, stored: anna }, own);
  f("hapta_before", DELETE, { caller: bert, stored: anna }, { ...alien, message: "only the user themselves may delete this" });

  const hidden = { ...anna, private: true };
  f("hapta_record", VIEW, { stored: hidden }, masked);
  f("hapta_record", VIEW, { caller: bert, stored: hidden }, masked);
  f("hapta_record", VIEW, { caller: anna, stored: hidden }, own);
  f("hapta_record", VIEW, { caller: bert, stored: { ...anna, private: false } }, own);
  assert.deepEqual(users.call("hapta_page", [VIEW, ASKED, 3], { caller: anna, records: [hidden, { ...bert, private: true }, bert] }),
    [own, masked, own]);
});

test("posts", async () => {
  const posts = await committed("posts");
  const f = (name, operation, input, want) => {
    const { verdict, code, message, narrow } = posts.call(name, [operation, ASKED], input);
    assert.deepEqual([verdict, code, narrow].filter((one) => one !== undefined), want, message);
    return message;
  };
  const refuse = (code) => ["refuse", code];
  const published = ["published", 1, true];

  f("hapta_filter", LIST, {}, ["allow", [published]]);
  f("hapta_filter", LIST, { caller: anna }, ["allow", [["or", published, ["author", 1, "anna"]]]]);
  f("hapta_filter", LIST, { caller: record("anna", "admins") }, ["allow", [published]]);

  f("hapta_record", VIEW, { stored: { published: true, author: "anna" } }, ["allow"]);
  f("hapta_record", VIEW, { stored: { published: false, author: "anna" } }, ["hide"]);
  f("hapta_record", VIEW, { stored: { published: false } }, ["hide"]);
  f("hapta_record", VIEW, { caller: anna, stored: { published: false, author: "anna" } }, ["allow"]);
  f("hapta_record", VIEW, { caller: bert, stored: { published: false, author: "anna" } }, ["hide"]);

  f("hapta_before", CREATE, { incoming: { title: "" } }, refuse("sign_in_required"));
  f("hapta_before", CREATE, { caller: anna, incoming: { title: "", author: "bert" } }, refuse("ownership_required"));
  f("hapta_before", CREATE, { caller: anna, incoming: { title: "A" } }, refuse("ownership_required"));
  f("hapta_before", CREATE, { caller: anna, incoming: { title: " ", author: "anna" } }, refuse("invalid_title"));
  f("hapta_before", CREATE, { caller: anna, incoming: { author: "anna" } }, refuse("invalid_title"));
  f("hapta_before", CREATE, { caller: anna, incoming: { title: "A", author: "anna" } }, ["allow"]);

  const stored = { published: true, author: "anna" };
  f("hapta_before", UPDATE, { caller: anna, stored, incoming: { title: "A", body: "", tags: [], image: "", published: false } }, ["allow"]);
  f("hapta_before", UPDATE, { caller: bert, stored, incoming: { author: "bert" } }, refuse("ownership_required"));
  f("hapta_before", UPDATE, { stored, incoming: {} }, refuse("ownership_required"));
  assert.equal(f("hapta_before", UPDATE, { caller: anna, stored, incoming: { title: "A", author: "bert" } }, refuse("field_forbidden")),
    "author may not be changed");

  f("hapta_before", DELETE, { caller: anna, stored }, ["allow"]);
  f("hapta_before", DELETE, { caller: bert, stored }, refuse("ownership_required"));
  f("hapta_before", DELETE, { stored }, refuse("ownership_required"));
});

test("an operation that the policy does not handle gets no verdict", async () => {
  assert.deepEqual((await committed("users")).call("hapta_before", [CREATE, ASKED], { incoming: {} }), {});
});

const asks = (code) => compiled(`import { Create, Kind, Modifier, Verdict, allow, log, refuse } from "hapta";
  export const manifest = { codes: ["no", "computed_code"], writes: ["a", "b"] };
  export function create(c: Create): Verdict { const v = c.incoming; ${code}; return allow(); }`)
  .then(({ wasm }) => host(wasm));

test("values", async () => {
  const input = { incoming: { text: "héllo 🙂", number: 3.5, whole: 7, yes: true, no: false, nothing: null, list: ["a", "b"], deep: { er: "x" } } };
  const f = async (condition) => {
    const policy = await asks(`if (!(${condition})) return refuse("no")`);
    assert.equal(policy.call("hapta_before", [CREATE, ASKED], input).verdict, "allow", condition);
  };
  await f([
    `v.get("text").text == "héllo 🙂"`, `v.get("text").equals("héllo 🙂")`, `!v.get("text").equals("hello")`,
    `v.get("number").number == 3.5`, `v.get("number").equals(3.5)`, `v.get("whole").equals(7)`, `v.get("whole").integer == 7`,
    `v.get("yes").isTrue`, `!v.get("no").isTrue`, `v.get("no").equals(false)`, `!v.get("text").isTrue`, `!v.get("whole").equals(true)`,
    `v.get("nothing").exists`, `v.get("nothing").isNull`, `!v.get("missing").exists`, `!v.get("missing").isNull`,
    `!v.get("missing").equals(v.get("missing"))`, `v.get("text") == v.get("text")`, `v.get("text") != v.get("list")`,
    `v.get("list").contains("a")`, `!v.get("list").contains("c")`, `v.get("list").size == 2`, `v.get("list").at(1).equals("b")`,
    `v.get("deep").get("er").equals("x")`, `!v.get("deep").get("less").get("more").exists`, `v.get("deep").key(0).text == "er"`,
    `v.get("text").matches("h*")`, `v.get("missing").isBlank`, `v.get("list").kind == Kind.List`,
    `v.get("te" + "xt").exists`, `v.get("dee" + "p").get("e" + "r").equals("x" + "")`, `v.modifier("text") == Modifier.None`,
  ].join(" && "));
});

test("effects, codes that are computed, a log, long texts", async () => {
  const f = async (code, input, want) => {
    const policy = await asks(code);
    assert.deepEqual(policy.call("hapta_before", [CREATE, ASKED], { incoming: input }), want);
  };
  await f(`c.set("a", "text"); c.set("b", 1); c.set("a", true); c.set("b", v.get("x")); c.setNull("a"); c.unset("b")`, { x: "y" },
    { verdict: "allow", set: [["a", "text"], ["b", 1], ["a", true], ["b", "y"], ["a", null]], unset: ["b"] });
  await f(`return refuse("computed" + "_code", "why", 422)`, {}, { verdict: "refuse", code: "computed_code", message: "why", status: 422 });
  await f(`log("note " + v.get("x").text)`, { x: "é".repeat(300) }, { verdict: "allow", log: [`note ${"é".repeat(300)}`] });
  await f(`return refuse("no", v.get("x").text)`, { x: "a🙂".repeat(300) }, { verdict: "refuse", code: "no", message: "a🙂".repeat(200) });
  await f(`return refuse("no", "🙂".slice(0, 1))`, {}, { verdict: "refuse", code: "no", message: "\ufffd" });
});

test("misuse ends the call with a reason", async () => {
  const f = async (code, reason) => {
    const policy = await asks(code);
    assert.throws(() => policy.call("hapta_before", [CREATE, ASKED], { incoming: { x: "bio" } }), reason);
  };
  await f(`return refuse(v.get("x").text)`, /not among the manifest's codes: bio/);
  await f(`c.unset(v.get("x").text)`, /not among the manifest's fields: bio/);
  await f(`log(v.get("missing").text)`, /no text to read/);
  await f(`throw new Error("x")`, /abort/);
});

test("a text that is not there is missed at a line of the author's own", async () => {
  const { wasm } = await compiled(`import { Create, Verdict, allow, log } from "hapta";
import { textOf } from "./lib/shared";
export function create(c: Create): Verdict {
  const x = c.incoming.get("x");
  const how = c.incoming.get("how");
  if (how.equals("template")) log(\`it is \${x} now\`);
  if (how.equals("method")) log(x.toString());
  if (how.equals("record")) log("a" + c.caller.id.text);
  if (how.equals("beside")) log(textOf(x));
  log(x.text);
  return allow();
}`, { "lib/shared.ts": `import { Value } from "hapta";\nexport function textOf(v: Value): string { return v.text; }` });
  const f = (how, place) => assert.throws(() => host(wasm).call("hapta_before", [CREATE, ASKED], { incoming: { how } }),
    { message: `there is no text to read at ${place}: the value is absent or null; ask .exists or .isNull first` });
  f("template", "policy.ts:6:44");
  f("method", "policy.ts:7:33");
  f("record", "policy.ts:8:39");
  f("beside", "lib/shared.ts:2:51");
  f("property", "policy.ts:10:7");
});
