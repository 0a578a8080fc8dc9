// What a policy writes out in its handlers and what its manifest says have to
// agree; the server would refuse the operation otherwise, when it is too late.
import { NodeKind } from "assemblyscript";
import { isString } from "./manifest.mjs";
import { walkFunctions } from "./types.mjs";

const VERDICTS = ["refuse", "hide", "allow"];
const WRITERS = ["Create", "Update"];
const OF_CALLER = ["id", "collectionId", "collectionName"];

/** Reports codes and fields that are written out and not declared. */
export function checkDeclared(source, manifest, report) {
  const ask = (list, argument, more = []) => {
    if (!argument || !isString(argument) || more.includes(argument.value)) return;
    if (manifest[list].includes(argument.value)) return;
    report(argument.range, `"${argument.value}" is not declared: add it to ${list} in the manifest`);
  };

  walkFunctions(source, (node, typeOf) => {
    if (node.kind !== NodeKind.Call) return;
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
