// A handler is an exported function named after its operation. `delete` is a
// reserved word, so its handler is called remove.
import { CommonFlags, NodeKind } from "assemblyscript";

/** Handlers in the order of the ABI's operations. */
export const HANDLERS = [
  { handler: "list", type: "List", operation: "list" },
  { handler: "view", type: "View", operation: "view" },
  { handler: "create", type: "Create", operation: "create" },
  { handler: "update", type: "Update", operation: "update" },
  { handler: "remove", type: "Delete", operation: "delete" },
];

/** The handlers that a policy exports; anything else it exports is a mistake, a misspelt handler above all. */
export function findHandlers(policy, report) {
  const found = new Set();
  for (const statement of policy.statements) {
    if (statement.kind === NodeKind.Export || statement.kind === NodeKind.ExportDefault || statement.kind === NodeKind.ExportImport) {
      report(statement.range, "handlers are exported where they are written: export function update(c: Update): Verdict { … }");
    } else if (statement.kind === NodeKind.Variable) {
      for (const one of statement.declarations.filter(isExported)) reportExport(one, report);
    } else if (isExported(statement)) {
      const kind = statement.kind === NodeKind.FunctionDeclaration && HANDLERS.find((one) => one.handler === statement.name.text);
      if (!kind) reportExport(statement, report);
      else if (!fits(statement, kind)) reportSignature(statement, kind, report);
      else found.add(kind);
    }
  }
  return HANDLERS.filter((kind) => found.has(kind));
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

function reportExport({ name }, report) {
  const exported = ["manifest", ...HANDLERS.map((one) => one.handler)].join(", ");
  report(name.range, name.text === "delete"
    ? "delete is a reserved word, so its handler is called remove: export function remove(c: Delete): Verdict"
    : `${name.text} is no handler: a policy exports ${exported}, and nothing else`);
}

function reportSignature(declaration, { handler, type }, report) {
  report(declaration.name.range, `this handler is written: export function ${handler}(c: ${type}): Verdict`);
}
