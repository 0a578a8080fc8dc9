// What a name stands for, as far as it is a const that a string was written into.
import { CommonFlags, NodeKind } from "assemblyscript";
import { isString } from "./manifest.mjs";
import { bare, isFunction, walk } from "./walk.mjs";

/**
 * The text of an argument that is a string, or a const of one: of the function around
 * it, of its source, or imported from another of the sources. Undefined for any other.
 */
export function textOf(argument, ancestors, source, sources) {
  const node = bare(argument);
  if (isString(node)) return node.value;
  if (node.kind !== NodeKind.Identifier) return undefined;
  const name = node.text;
  const inner = ancestors.findLast(isFunction);
  const own = inner ? declaredIn(inner, name) : [];
  return own.length ? textOfConst(own) : textOfConst(declaredAt(source, name, sources));
}

// Parameters are among them, and are no constants.
function declaredIn(declaration, name) {
  const found = [];
  walk(declaration, (node) => {
    if ([NodeKind.VariableDeclaration, NodeKind.Parameter].includes(node.kind) && node.name.text === name) found.push(node);
  });
  return found;
}

function declaredAt(source, name, sources) {
  for (const statement of source.statements) {
    if (statement.kind === NodeKind.Variable) {
      const found = statement.declarations.filter((one) => one.name.text === name);
      if (found.length) return found;
    }
    const imported = statement.kind === NodeKind.Import && statement.declarations?.find((one) => one.name.text === name);
    if (!imported) continue;
    const { internalPath } = statement;
    const from = sources.find((one) => [internalPath, `${internalPath}/index`].includes(one.internalPath));
    return from ? declaredAt(from, imported.foreignName.text, []) : []; // and not on from there: imports may go in circles
  }
  return [];
}

// A name that is used for two things stands for neither.
function textOfConst([declaration, ...others]) {
  if (!declaration || others.length || declaration.kind !== NodeKind.VariableDeclaration) return undefined;
  const { initializer, flags } = declaration;
  return flags & CommonFlags.Const && initializer && isString(initializer) ? initializer.value : undefined;
}
