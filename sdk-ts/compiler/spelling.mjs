// Names of fields that are written out have to be the collection's.
import { NodeKind } from "assemblyscript";
import { textOf } from "./constants.mjs";
import { isArray } from "./manifest.mjs";
import { walkFunctions } from "./types.mjs";
import { walk } from "./walk.mjs";

// What is masked, written or followed is declared in the manifest, whose names
// are checked there.
const READERS = { Stored: ["get"], Incoming: ["get", "has", "modifier"] };

/** Reports names that the collection of the policy does not have. */
export function checkSpelling(source, sources, schema, report) {
  if (!schema) return;
  const ask = (argument, ancestors, fault) => {
    const text = argument && textOf(argument, ancestors, source, sources);
    const said = text === undefined ? "" : fault(text);
    if (said) report(argument.range, said);
  };

  for (const statement of source.statements) {
    walk(statement, (node, ancestors) => {
      if (node.kind !== NodeKind.Call || node.expression.kind !== NodeKind.Identifier) return;
      const [first] = node.args;
      if (node.expression.text === "where") ask(first, ancestors, (path) => schema.faultOfPath(path));
      if (node.expression.text !== "fields" || !first || !isArray(first)) return;
      for (const item of first.elementExpressions) ask(item, ancestors, (name) => schema.fault(name));
    });
  }
  walkFunctions(source, (node, typeOf, ancestors) => {
    if (node.kind !== NodeKind.Call || node.expression.kind !== NodeKind.PropertyAccess) return;
    const { expression: record, property } = node.expression;
    if (READERS[typeOf(record)]?.includes(property.text)) ask(node.args[0], ancestors, (name) => schema.fault(name));
  });
}
