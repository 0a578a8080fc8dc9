// What a policy writes out in its handlers and what its manifest says have to
// agree; the server would refuse the operation otherwise, when it is too late.
import { NodeKind } from "assemblyscript";
import { textOf } from "./constants.mjs";
import { walkFunctions } from "./types.mjs";

const VERDICTS = ["refuse", "hide", "allow"];
const WRITERS = ["Create", "Update"];
const OF_CALLER = ["id", "collectionId", "collectionName"];

/** Reports codes and fields that are written out, or consts of one of the sources, and not declared. */
export function checkDeclared(source, sources, manifest, report) {
  walkFunctions(source, (node, typeOf, ancestors) => {
    if (node.kind !== NodeKind.Call) return;
    const ask = (list, argument, more = []) => {
      const text = argument && textOf(argument, ancestors, source, sources);
      if (text === undefined || manifest[list].includes(text) || more.includes(text)) return;
      report(argument.range, `"${text}" is not declared: add it to ${list} in the manifest`);
    };
    const { expression: callee, args: [first] } = node;
    if (callee.kind === NodeKind.Identifier && VERDICTS.includes(callee.text)) ask("codes", first);
    if (callee.kind !== NodeKind.PropertyAccess) return;
    const type = typeOf(callee.expression);
    const method = callee.property.text;
    if (type === "View" && method === "mask") ask("masks", first);
    if (WRITERS.includes(type) && ["set", "setNull", "unset"].includes(method)) ask("writes", first);
    if (["Record", "Stored"].includes(type) && ["relation", "relations"].includes(method)) ask("relations", first);
    if (type === "Caller" && method === "get") ask("caller", first, OF_CALLER);
  });
}
