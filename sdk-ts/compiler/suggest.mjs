// What a name that is not there was most likely meant to be.
import { exportsOf, membersOf } from "./library.mjs";
import { nearest } from "./nearest.mjs";

// What JavaScript has, and values have under another name.
const KNOWN_AS = {
  length: ".size", includes: ".contains(…)", startsWith: `.matches("x*")`, endsWith: `.matches("*x")`,
  isEmpty: ".isBlank", toBe: ".equals(…)", eq: ".equals(…)",
};
const IN_HANDLERS = {
  stored: "c.stored is there in view, update and remove: what is listed or made is not stored yet",
  incoming: "c.incoming is there in create and update: the other handlers are sent no fields",
};
const IN_QUOTES = /'([^']*)'/g;

/** The way out of a diagnostic about a name, as the compiler said it, or "". */
export function suggest(message, program) {
  const [name, type] = [...message.matchAll(IN_QUOTES)].map(([, quoted]) => quoted);
  if (/^Property '/.test(message)) return suggestMember(name, type, program);
  if (/^Cannot find name '/.test(message)) return suggestExport(name, program);
  if (/^Module '~lib\/hapta' has no/.test(message)) return meant(nearest(type, exportsOf(program)));
  return "";
}

function suggestMember(name, type, program) {
  const members = membersOf(program, type);
  const near = nearest(name, members.map(plain));
  if (near) return meant(members.find((member) => plain(member) === near));
  if (!members.length) return "";
  if (type.includes("/operations/") && Object.hasOwn(IN_HANDLERS, name)) return IN_HANDLERS[name];
  return members.includes("exists") && Object.hasOwn(KNOWN_AS, name) ? `here it is ${KNOWN_AS[name]}` : "";
}

function suggestExport(name, program) {
  const exported = exportsOf(program);
  if (exported.includes(name)) return `import it: import { ${name} } from "hapta";`;
  return meant(nearest(name, exported));
}

function meant(name) {
  return name ? `did you mean ${name}?` : "";
}

const plain = (member) => member.replace("()", "");
