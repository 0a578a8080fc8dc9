import { Node, NodeKind } from "assemblyscript";

/** Calls visit(node, ancestors) for a node and all below it, the nearest ancestor last. */
export function walk(node, visit, ancestors = []) {
  visit(node, ancestors);
  ancestors.push(node);
  for (const child of children(node)) walk(child, visit, ancestors);
  ancestors.pop();
}

/** A node without parentheses and `as`. */
export function bare(node) {
  while (node.kind === NodeKind.Parenthesized || node.kind === NodeKind.Assertion) node = node.expression;
  return node;
}

export const isFunction = (node) => node.kind === NodeKind.FunctionDeclaration || node.kind === NodeKind.MethodDeclaration;

function* children(node) {
  for (const value of Object.values(node)) {
    if (value instanceof Node) yield value;
    else if (Array.isArray(value)) yield* value.filter((item) => item instanceof Node);
  }
}
