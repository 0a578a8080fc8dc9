// What an expression of the library's types is, as far as it can be told before
// the compiler knows types: enough to name mistakes at the place they are made.
import { NodeKind } from "assemblyscript";
import { typeName } from "./handlers.mjs";
import { isFunction, walk } from "./walk.mjs";

const context = {
  caller: "Caller", session: "Value", request: "Value", query: "Value", headers: "Value",
  stored: "Stored", incoming: "Incoming",
};
const value = { "get()": "Value", "at()": "Value", "key()": "Value" };
const record = { ...value, id: "Value", collectionId: "Value", collectionName: "Value", "relation()": "Record", "relations()": "Records" };

const MEMBERS = {
  Context: context, List: context, View: context, Create: context, Update: context, Delete: context,
  Value: value,
  Record: record, Caller: record, Stored: record,
  Records: { ...value, "record()": "Record" },
  Incoming: { ...value, "firstIn()": "Value", "firstNotIn()": "Value" },
};

/** Calls visit(node, typeOf, ancestors) for every node inside a function of the source. */
export function walkFunctions(source, visit) {
  for (const statement of source.statements) {
    walk(statement, (node, ancestors) => {
      const inner = ancestors.findLast(isFunction);
      if (inner) visit(node, (expression) => typeOf(expression, namesOf(inner)), ancestors);
    });
  }
}

const known = new WeakMap();

// The types of a function's parameters and variables; a name used for two things has none.
function namesOf(declaration) {
  let names = known.get(declaration);
  if (names) return names;
  names = new Map();
  known.set(declaration, names);
  const put = (name, type) => names.set(name, names.has(name) && names.get(name) !== type ? "" : type);
  for (const parameter of declaration.signature.parameters) put(parameter.name.text, typeName(parameter.type));
  if (!declaration.body) return names;
  walk(declaration.body, (node) => {
    if (node.kind !== NodeKind.VariableDeclaration) return;
    put(node.name.text, node.type ? typeName(node.type) : node.initializer ? typeOf(node.initializer, names) : "");
  });
  return names;
}

function typeOf(expression, names) {
  switch (expression.kind) {
    case NodeKind.Identifier: return names.get(expression.text) ?? "";
    case NodeKind.Parenthesized: return typeOf(expression.expression, names);
    case NodeKind.PropertyAccess: return memberOf(expression, names, "");
    case NodeKind.Call:
      return expression.expression.kind === NodeKind.PropertyAccess ? memberOf(expression.expression, names, "()") : "";
    default: return "";
  }
}

function memberOf({ expression, property }, names, call) {
  return MEMBERS[typeOf(expression, names)]?.[property.text + call] ?? "";
}
