// What is wrong with the arguments of a call, and with how the library is called.
import { CommonFlags, ElementKind, LiteralKind, NodeKind, ReportMode, Token, Type } from "assemblyscript";
import { VALUE, WHERE, baseNames } from "./library.mjs";
import { faultOfCondition } from "./truth.mjs";
import { bare, walk } from "./walk.mjs";

const TEXT = "~lib/string/String";
const SET = "~lib/hapta/operations/Create#set";
const COMPARISONS = ["equals", "notEquals", "greaterThan", "atLeast", "lessThan", "atMost", "like", "notLike"];

// Which argument is any of the types that the server takes.
const OPEN = new Map([
  [SET, 1],
  ...["equals", "contains"].map((name) => [`${VALUE}#${name}`, 0]),
  ...COMPARISONS.map((name) => [`${WHERE}#${name}`, 0]),
]);

/** What is wrong with a call as it is written, or null. */
export function faultOfCall(compiler, call) {
  if (call.expression.kind === NodeKind.Super) return null;
  const callee = lookup(compiler, call.expression);
  if (!callee) return null;
  if (isProperty(callee)) return fault(call.expression.property, `${callee.name} is a property: write it without ()`);
  switch (callee.internalName) {
    case "~lib/hapta/verdict/refuse": return faultOfStatus(compiler, call.args[2]);
    case "~lib/hapta/condition/where": return faultOfName(compiler, call.args[0]);
    case "~lib/builtins/assert": return faultOfAsserted(compiler, call.args[0]);
    default: return faultOfOpen(callee.internalName, call.args);
  }
}

/** What is wrong with the types that a function of the library was called with, or null. */
export function faultOfTypes({ prototype: { internalName }, typeArguments }, args) {
  const argument = args[OPEN.get(internalName)];
  return !argument || !typeArguments || isTaken(typeArguments[0], internalName) ? null : fault(argument, expected(internalName));
}

// Contexts, conditions and sets are numbers of the server's as values are, and yet none.
function isTaken(type, internalName) {
  if (!type.isReference) return !internalName.endsWith("#contains");
  return baseNames(type).some((name) => name === VALUE || name === TEXT);
}

function fault({ range }, message) {
  return { range, message };
}

function lookup(compiler, node) {
  return compiler.resolver.lookupExpression(node, compiler.currentFlow, Type.auto, ReportMode.Swallow);
}

/** The type of an expression, or null. */
export function typeOf(compiler, node) {
  return compiler.resolver.resolveExpression(node, compiler.currentFlow, Type.auto, ReportMode.Swallow);
}

function isProperty({ kind, internalName }) {
  return [ElementKind.Property, ElementKind.PropertyPrototype].includes(kind) && internalName.startsWith("~lib/");
}

// null is a number to AssemblyScript; an object or undefined has no type, and what
// the compiler then says helps nobody.
function faultOfOpen(internalName, args) {
  const argument = args[OPEN.get(internalName)];
  const written = argument && bare(argument);
  if (written?.kind === NodeKind.Null) {
    return fault(argument, internalName === SET
      ? "null is written by name: c.setNull(field)"
      : "null is asked for by name: .isNull of a value, where(…).isNull() and .isNotNull() of a list");
  }
  if (written && ("elementExpressions" in written || "names" in written || written.text === "undefined")) {
    return fault(argument, expected(internalName));
  }
  return null;
}

function expected(internalName) {
  if (internalName === SET) {
    return "a field is set to a string, a number, a boolean or a value that was read; setNull(field) writes null, unset(field) leaves it out";
  }
  return internalName.endsWith("#contains")
    ? "contains takes a string or a value that was read"
    : "this compares with a string, a number, a boolean or a value that was read, one at a time";
}

function faultOfAsserted(compiler, argument) {
  const type = argument && typeOf(compiler, argument);
  return type ? faultOfCondition(type, argument) : null;
}

function faultOfStatus(compiler, argument) {
  const status = argument ? wholeNumber(compiler, argument) : 403;
  if (status === null || (status >= 400 && status <= 499)) return null;
  return fault(argument, "a refusal's status is 400 to 499; it is 403 when none is given");
}

// A number that is written out, here or as a const, or null.
function wholeNumber(compiler, node) {
  const written = bare(node);
  if (written.kind === NodeKind.UnaryPrefix && written.operator === Token.Minus) {
    const positive = wholeNumber(compiler, written.operand);
    return positive === null ? null : -positive;
  }
  if (written.kind === NodeKind.Identifier) {
    const variable = declarationOf(compiler, written);
    const isConst = variable?.initializer && variable.flags & CommonFlags.Const;
    return isConst && variable.initializer.kind !== NodeKind.Identifier ? wholeNumber(compiler, variable.initializer) : null;
  }
  return written.literalKind === LiteralKind.Integer ? Number(written.value) : null;
}

function faultOfName(compiler, argument) {
  if (!argument || !isComputed(compiler, argument)) return null;
  return fault(argument, `a name for where is written out, so that the server learns it when the policy starts: where("title"), or two of them, where(a ? "title" : "text")`);
}

// Put together or read while the policy runs. What comes in as a parameter may well
// be written out where the function is called.
function isComputed(compiler, node) {
  const written = bare(node);
  switch (written.kind) {
    case NodeKind.Ternary: return isComputed(compiler, written.ifThen) || isComputed(compiler, written.ifElse);
    case NodeKind.Binary: return written.operator === Token.Plus;
    case NodeKind.Literal: return written.literalKind === LiteralKind.Template && written.expressions.length > 0;
    case NodeKind.Identifier: {
      const value = declarationOf(compiler, written)?.initializer;
      return Boolean(value) && value.kind !== NodeKind.Identifier && isComputed(compiler, value);
    }
    case NodeKind.Call: return isLibrary(lookup(compiler, written.expression));
    case NodeKind.PropertyAccess: return isLibrary(lookup(compiler, written));
    default: return false;
  }
}

function isLibrary(element) {
  return Boolean(element?.internalName.startsWith("~lib/"));
}

// Where a variable is declared: the compiler knows it of those outside of functions.
function declarationOf(compiler, identifier) {
  const element = lookup(compiler, identifier);
  if (element?.kind !== ElementKind.Local) return element?.declaration;
  const found = [];
  const { body } = compiler.currentFlow.sourceFunction.declaration;
  if (body) walk(body, (node) => {
    if (node.kind === NodeKind.VariableDeclaration && node.name.text === identifier.text) found.push(node);
  });
  return found.length === 1 ? found[0] : undefined;
}
