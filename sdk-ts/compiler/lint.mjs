// Mistakes that compile, or that the compiler reports somewhere else.
import { NodeKind, Token } from "assemblyscript";
import { VALUES, walkFunctions } from "./types.mjs";
import { walk } from "./walk.mjs";

const GLOBALS = {
  console: `console is not there: use log("…") from "hapta", which development mode shows`,
  Date: "Date is not there: c.now is the time in milliseconds since 1970, and dates of records are texts that compare() orders",
  JSON: "JSON is not there: what the server holds is read with .get(name) and .at(index)",
  RegExp: `RegExp is not there: .matches("*@example.com") of a value knows * and ?`,
  process: "process is not there: a policy sees the call and nothing of the machine",
  crypto: "crypto is not there: a policy decides the same way each time, so it has no random numbers",
  performance: "performance is not there: c.now is the time, which stands still during a call",
  trace: `trace is not there: use log("…") from "hapta", which development mode shows`,
};

/** Reports what TypeScript authors are used to and a policy cannot have. */
export function lint(source, report) {
  const own = declaredIn(source);
  for (const statement of source.statements) {
    walk(statement, (node, ancestors) => {
      checkGlobal(node, ancestors, own, report);
      checkComparison(node, report);
    });
  }
  walkFunctions(source, (node, typeOf) => {
    checkFields(node, report);
    for (const condition of conditionsOf(node)) {
      if (VALUES.has(typeOf(condition))) {
        report(condition.range, "a value is no condition, for it would hold whenever there is one, even false: ask .isTrue, .exists or .equals(…)");
      }
    }
  });
}

function declaredIn(source) {
  const names = new Set();
  for (const statement of source.statements) {
    walk(statement, (node) => {
      if (node.name?.kind === NodeKind.Identifier) names.add(node.name.text);
    });
  }
  return names;
}

function checkGlobal(node, ancestors, own, report) {
  if (node.kind !== NodeKind.Identifier || own.has(node.text)) return;
  const parent = ancestors.at(-1);
  const isMember = parent?.kind === NodeKind.PropertyAccess && parent.property === node;
  if (isMember && node.text === "random" && parent.expression.text === "Math") {
    report(parent.range, "Math.random is not there: a policy decides the same way each time");
  } else if (!isMember && Object.hasOwn(GLOBALS, node.text) && !isName(node, parent)) {
    report(node.range, GLOBALS[node.text]);
  }
}

// The key of an object that is written out, and the like.
function isName(node, parent) {
  return Boolean(parent?.names?.includes(node));
}

// The library would report these inside itself.
function checkComparison(node, report) {
  if (node.kind !== NodeKind.Call || node.expression.kind !== NodeKind.PropertyAccess) return;
  if (!["equals", "notEquals"].includes(node.expression.property.text)) return;
  const [other] = node.args;
  if (other?.kind === NodeKind.Null) {
    report(other.range, "null is asked for by name: .isNull of a value, where(…).isNull() and .isNotNull() of a list");
  } else if (other && ("elementExpressions" in other || "names" in other)) {
    report(other.range, "this compares with a value, a string, a number or a boolean, one at a time");
  }
}

function checkFields(node, report) {
  if (node.kind === NodeKind.Call && node.expression.kind === NodeKind.Identifier && node.expression.text === "fields") {
    report(node.range, "fields() belongs at the top of the file, outside of functions: const some = fields([…]);");
  }
}

function conditionsOf(node) {
  switch (node.kind) {
    case NodeKind.If: case NodeKind.While: case NodeKind.Do: case NodeKind.For: case NodeKind.Ternary:
      return node.condition ? [node.condition] : [];
    case NodeKind.UnaryPrefix: return node.operator === Token.Exclamation ? [node.operand] : [];
    case NodeKind.Binary:
      return [Token.Ampersand_Ampersand, Token.Bar_Bar].includes(node.operator) ? [node.left, node.right] : [];
    default: return [];
  }
}
