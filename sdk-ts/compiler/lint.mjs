// Mistakes that compile, or that the compiler reports somewhere else.
import { NodeKind } from "assemblyscript";
import { walkFunctions } from "./types.mjs";
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
    walk(statement, (node, ancestors) => checkGlobal(node, ancestors, own, report));
  }
  walkFunctions(source, (node) => checkFields(node, report));
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

function checkFields(node, report) {
  if (node.kind === NodeKind.Call && node.expression.kind === NodeKind.Identifier && node.expression.text === "fields") {
    report(node.range, "fields() belongs at the top of the file, outside of functions: const some = fields([…]);");
  }
}
