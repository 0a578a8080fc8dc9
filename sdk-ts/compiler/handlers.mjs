// A handler is an exported function named after its operation. `delete` is a
// reserved word, so its handler is called remove.
import { CommonFlags, NodeKind } from "assemblyscript";
import { nearest } from "./nearest.mjs";

/** Handlers in the order of the ABI's operations. */
export const HANDLERS = [
  { handler: "list", type: "List", operation: "list" },
  { handler: "view", type: "View", operation: "view" },
  { handler: "create", type: "Create", operation: "create" },
  { handler: "update", type: "Update", operation: "update" },
  { handler: "remove", type: "Delete", operation: "delete" },
];

/**
 * The handlers that a policy exports, and whether it exports anything else: that is
 * a mistake, a misspelt handler above all.
 */
export function findHandlers(policy, report) {
  const found = new Set();
  let isFaulty = false;
  const fault = (node, message) => {
    isFaulty = true;
    report(node.range, message);
  };
  for (const statement of policy.statements) {
    if (statement.kind === NodeKind.Export || statement.kind === NodeKind.ExportDefault || statement.kind === NodeKind.ExportImport) {
      fault(statement, "handlers are exported where they are written: export function update(c: Update): Verdict { … }");
    } else if (statement.kind === NodeKind.Variable) {
      for (const { name } of statement.declarations.filter(isExported)) fault(name, faultOfVariable(name.text));
    } else if (isExported(statement)) {
      const kind = statement.kind === NodeKind.FunctionDeclaration && handlerOf(statement.name.text);
      if (!kind) fault(statement.name, faultOfName(statement.name.text));
      else if (!fits(statement, kind)) fault(statement.name, `this handler is written: ${written(kind)}`);
      else found.add(kind);
    }
  }
  return { handlers: HANDLERS.filter((kind) => found.has(kind)), isFaulty };
}

function handlerOf(name) {
  return HANDLERS.find((one) => one.handler === name);
}

function isExported(declaration) {
  return (declaration.flags & CommonFlags.Export) !== 0;
}

function fits({ signature, typeParameters }, { type }) {
  const [context, ...others] = signature.parameters;
  return !typeParameters && others.length === 0 && typeName(context?.type) === type && typeName(signature.returnType) === "Verdict";
}

/** The plain name of a type, or "". */
export function typeName(type) {
  return type?.kind === NodeKind.NamedType && !type.isNullable && !type.name.next ? type.name.identifier.text : "";
}

function faultOfVariable(name) {
  const kind = handlerOf(name);
  return kind ? `a handler is a function, not a variable: write ${written(kind)} { … }` : faultOfName(name);
}

function faultOfName(name) {
  if (name === "delete") return `delete is a reserved word, so its handler is called remove: ${written(handlerOf("remove"))}`;
  const known = HANDLERS.map((one) => one.handler);
  const near = nearest(name, known);
  return near
    ? `${name} is no handler: did you mean ${near}?`
    : `${name} is no handler: a policy exports manifest, ${known.join(", ")}, and nothing else`;
}

function written({ handler, type }) {
  return `export function ${handler}(c: ${type}): Verdict`;
}
