// The manifest is data: what a policy says of itself before it ever runs.
import { LiteralKind, NodeKind } from "assemblyscript";

const LISTS = ["codes", "writes", "masks", "always_masked", "public", "relations", "caller"];
const FLAGS = ["drops"];
const NUMBERS = { fuel: 1, memory: 65536 }; // and what each is at least
const FIELD = /^[A-Za-z_]\w{0,254}$/;
const CODE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const OWN = ["id", "collectionId", "collectionName"]; // of every record; neither written nor masked
const MOST_CODES = 256;

/**
 * The source with the key `public` of its manifest as `Public`, which is as long:
 * the one is a word of the language, and AssemblyScript takes no such word as a key.
 */
export function withReadableKeys(text) {
  return text.replace(/(\bconst\s+manifest\b[^;]*?[{,]\s*)public(\s*:)/, "$1Public$2");
}

/**
 * Takes `export const manifest` out of a policy and returns it with every key
 * filled in. Its fields have to be the schema's, where one is known.
 */
export function takeManifest(policy, schema, report) {
  const manifest = Object.fromEntries([...LISTS.map((key) => [key, []]), ...FLAGS.map((key) => [key, false])]);
  const statement = policy.statements.find(declares);
  if (!statement) return manifest;

  policy.statements.splice(policy.statements.indexOf(statement), 1);
  const [declaration, ...others] = statement.declarations;
  const value = plain(declaration.initializer);
  if (others.length || !value || !isObject(value)) {
    report(declaration.range, `manifest is an object written out: export const manifest = { codes: ["a_code"] };`);
    return manifest;
  }
  const seen = new Set();
  value.names.forEach((name, i) => {
    const key = name.text === "Public" ? "public" : name.text;
    if (seen.has(key)) report(name.range, `manifest.${key} is written twice`);
    seen.add(key);
    readKey(manifest, key, name, value.values[i], schema, report);
  });
  return manifest;
}

// Without "as const", which editors like and which changes nothing here.
function plain(value) {
  return value?.kind === NodeKind.Assertion ? value.expression : value;
}

function declares(statement) {
  return statement.kind === NodeKind.Variable && statement.declarations.some((one) => one.name.text === "manifest");
}

function readKey(manifest, key, name, value, schema, report) {
  if (FLAGS.includes(key)) {
    if (value.kind === NodeKind.True) manifest[key] = true;
    else if (value.kind !== NodeKind.False) report(value.range, `manifest.${key} is true or false, written out`);
  } else if (Object.hasOwn(NUMBERS, key)) {
    if (isWhole(value) && Number(value.value) >= NUMBERS[key]) manifest[key] = Number(value.value);
    else report(value.range, `manifest.${key} is a whole number from ${NUMBERS[key]}, written out`);
  } else if (!LISTS.includes(key)) {
    report(name.range, `manifest has no key ${key}; its keys are ${[...LISTS, ...FLAGS, ...Object.keys(NUMBERS)].join(", ")}`);
  } else if (!isArray(value)) {
    report(value.range, `manifest.${key} is a list of strings written out, like ["one", "two"]`);
  } else {
    for (const item of value.elementExpressions) {
      const fault = isString(item)
        ? faultOf(key, item.value, manifest, schema)
        : `manifest.${key} holds strings written out, for it is read without running the policy`;
      if (fault) report(item.range, fault);
      else manifest[key].push(item.value);
    }
  }
}

function faultOf(key, text, manifest, schema) {
  if (manifest[key].includes(text)) return `manifest.${key} lists "${text}" twice`;
  if (key === "codes") {
    if (!CODE.test(text)) return `"${text}" is no code: codes are lower_snake_case`;
    if (text.startsWith("policy_")) return `"${text}" is a code of the server's: choose one that does not begin with policy_`;
    if (manifest.codes.length === MOST_CODES) return `a manifest has at most ${MOST_CODES} codes`;
    return "";
  }
  if (!FIELD.test(text)) return `"${text}" is no field name: one begins with a letter or _, and goes on with letters, digits and _`;
  if (["writes", "masks", "always_masked"].includes(key) && OWN.includes(text)) return `"${text}" can be neither written nor masked`;
  const opposite = key === "public" ? ["masks", "always_masked"] : ["masks", "always_masked"].includes(key) ? ["public"] : [];
  if (opposite.some((other) => manifest[other].includes(text))) return `"${text}" is public and masked at once`;
  return key === "caller" || !schema ? "" : schema.fault(text); // a caller is of another collection
}

const isObject = (node) => node.kind === NodeKind.Literal && "names" in node;

const isWhole = (node) => node.kind === NodeKind.Literal && node.literalKind === LiteralKind.Integer;

/** A list that is written out. */
export const isArray = (node) => node.kind === NodeKind.Literal && "elementExpressions" in node;

/** A string literal. */
export const isString = (node) => node.kind === NodeKind.Literal && typeof node.value === "string";
