// Looks at calls and conditions at the moment when their types are known.
// AssemblyScript knows types only while it makes code, and gives nobody a place
// to ask for them there. So the methods of its compiler that meet a call or a
// condition are wrapped; what they make stays as it is. package.json names the
// one version that this fits.
import { Compiler, DiagnosticCode, SourceKind, Type } from "assemblyscript";
import { faultOfCall, faultOfTypes, typeOf } from "./calls.mjs";
import { faultOfDropped, faultOfUnused } from "./dropped.mjs";
import { placed } from "./placed.mjs";
import { faultOfCompared, faultOfCondition } from "./truth.mjs";

const DROPS = 8; // Constraints.WillDrop: nobody looks at the value

wrap("compileCallExpression", (compiler, compile, call, ...more) => {
  if (!isOwn(call)) return compile(call, ...more);
  const { diagnostics } = compiler;
  const before = diagnostics.length;
  const isWrong = report(compiler, faultOfCall(compiler, call));
  const reported = diagnostics.length;
  const code = compile(call, ...more);
  if (isWrong) diagnostics.length = reported; // the rest follows from it
  for (const one of diagnostics.slice(before)) claim(one, call);
  return code;
});

wrap("compileCallDirect", (compiler, compile, callee, args, node, self, constraints) => {
  if (isOwn(node)) {
    report(compiler, faultOfTypes(callee, args));
    if (constraints & DROPS) report(compiler, faultOfDropped(callee.signature.returnType, node));
  }
  return compile(callee, args, node, self, constraints);
});

// Properties and templates come here, too.
wrap("makeCallDirect", (compiler, make, callee, operands, node, ...more) => {
  const known = isOwn(node) && placed(compiler, callee, operands, node);
  return known ? make(known.callee, known.operands, node, ...more) : make(callee, operands, node, ...more);
});

wrap("compileCallIndirect", (compiler, compile, signature, index, args, node, self, drops) => {
  if (drops && isOwn(node)) report(compiler, faultOfDropped(signature.returnType, node));
  return compile(signature, index, args, node, self, drops);
});

wrap("makeIsTrueish", (compiler, make, code, type, node) => {
  if (isOwn(node)) report(compiler, faultOfCondition(type, node));
  return make(code, type, node);
});

// Of what is no call: a variable, a property, a choice.
wrap("convertExpression", (compiler, convert, code, from, to, isExplicit, node) => {
  if (to === Type.void && isOwn(node)) report(compiler, faultOfDropped(from, node));
  return convert(code, from, to, isExplicit, node);
});

wrap("compileVariableStatement", (compiler, compile, statement) => {
  const code = compile(statement);
  const { body } = compiler.currentFlow.sourceFunction.declaration;
  if (!body || !isOwn(statement)) return code;
  for (const declaration of statement.declarations) {
    const local = compiler.currentFlow.lookupLocal(declaration.name.text);
    if (local) report(compiler, faultOfUnused(local.type, declaration, body));
  }
  return code;
});

wrap("compileCommutativeCompareBinaryExpression", (compiler, compile, comparison, ...more) => {
  if (!isOwn(comparison)) return compile(comparison, ...more);
  const { left, right } = comparison;
  const isWrong = [[left, right], [right, left]].some(([side, other]) => {
    const type = typeOf(compiler, side);
    return type && report(compiler, faultOfCompared(type, side, other));
  });
  const reported = compiler.diagnostics.length;
  const code = compile(comparison, ...more);
  if (isWrong) compiler.diagnostics.length = reported; // the rest follows from it
  return code;
});

function wrap(name, around) {
  const method = Compiler.prototype[name];
  if (!method) throw new Error(`AssemblyScript's compiler has no ${name} in this version`);
  Compiler.prototype[name] = function (...args) {
    return around(this, (...same) => method.apply(this, same), ...args);
  };
}

// Of the policy: neither the library's nor of the entry that is written around it.
function isOwn({ range }) {
  return range.source.sourceKind === SourceKind.User;
}

function report(compiler, fault) {
  if (fault) compiler.error(DiagnosticCode.User_defined_0, fault.range, fault.message);
  return Boolean(fault);
}

// What the library finds wrong inside itself is the call's, and its last argument's most likely.
function claim(diagnostic, call) {
  if (diagnostic.range?.source.isLibrary) diagnostic.range = (call.args.at(-1) ?? call).range;
}
