// A verdict that is not returned decides nothing, a condition that narrows no list
// keeps nothing back, and everyone gets through.
import { NodeKind, Token } from "assemblyscript";
import { CONDITION, VERDICT, WHERE, baseNames } from "./library.mjs";
import { walk } from "./walk.mjs";

/** What is wrong with a value of this type that nobody looks at, or null. */
export function faultOfDropped(type, node) {
  const message = messageOf(type, node);
  return message && { range: node.range, message };
}

/** What is wrong with a variable of this type that is declared and never read, or null. */
export function faultOfUnused(type, { name }, body) {
  return messageOf(type, name) && !isRead(name, body) ? faultOfDropped(type, name) : null;
}

function messageOf(type, node) {
  const names = baseNames(type);
  if (names.includes(VERDICT)) return `this verdict is made and dropped: ${wayOut(node)}`;
  if (names.includes(CONDITION)) {
    return "this condition is made and dropped, so it keeps nothing back: pass it to c.narrow(…); .and(…) and .or(…) answer the joined condition, and change neither part";
  }
  return names.includes(WHERE) ? `this field is compared with nothing: write c.narrow(where("field").equals(…))` : null;
}

function wayOut(node) {
  if (node.kind === NodeKind.Identifier) return `write return ${node.text}`;
  const callee = node.expression?.range.toString() ?? "";
  return node.kind === NodeKind.Call && /^[\w.]+$/.test(callee) ? `write return ${callee}(…)` : "return it";
}

// What is read to be assigned to the variable itself, f = f.or(…), is not yet read.
function isRead(name, body) {
  let found = false;
  walk(body, (node, ancestors) => {
    if (node.kind !== NodeKind.Identifier || node.text !== name.text) return;
    const isDeclared = ancestors.at(-1).kind === NodeKind.VariableDeclaration && ancestors.at(-1).name === node;
    found ||= !isDeclared && !ancestors.some((one, i) => assignsTo(name, one, ancestors[i - 1]));
  });
  return found;
}

function assignsTo(name, node, parent) {
  return node.kind === NodeKind.Binary && node.operator === Token.Equals && node.left.text === name.text
    && parent?.kind === NodeKind.Expression;
}
