import { NodeKind } from "assemblyscript";
import { isString } from "./manifest.mjs";
import { walk } from "./walk.mjs";

const NAME = /^[A-Za-z_]\w*([.:]\w+)*$/; // a field, or a path of fields in a filter

/**
 * Every string of a source that could be a name. The server learns them when
 * the policy starts, so that reading a field, or comparing with such a string,
 * passes a number. One too many does no harm.
 */
export function namesIn(source) {
  const names = [];
  for (const statement of source.statements.filter((one) => one.kind !== NodeKind.Import)) {
    walk(statement, (node) => {
      if (isString(node) && node.value.length <= 255 && NAME.test(node.value)) names.push(node.value);
    });
  }
  return names;
}
