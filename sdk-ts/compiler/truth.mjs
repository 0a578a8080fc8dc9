// What is asked whether it is true, and always would be: a condition would be lost
// without a word.
import { NodeKind } from "assemblyscript";
import { CONDITION, VALUE, VERDICT, WHERE, baseNames } from "./library.mjs";
import { bare } from "./walk.mjs";

const FILTER = `where(…) is no condition of if, !, && or ==, for the database alone can answer it: join with .and(…) and .or(…), turn round with .notEquals(…), pass it to c.narrow(…)`;
const MESSAGES = new Map([
  [VERDICT, "a verdict is no condition, for there always is one: return it, or ask a function that answers true or false"],
  [VALUE, "a value is no condition, for it would hold whenever there is one, even false: ask .isTrue, .exists or .equals(…)"],
  [CONDITION, FILTER],
  [WHERE, FILTER],
]);

/** What is wrong with a condition of this type, or null. */
export function faultOfCondition(type, { range }) {
  if (type.isNullableReference) return null;
  const name = baseNames(type).find((one) => MESSAGES.has(one));
  return name ? { range, message: MESSAGES.get(name) } : null;
}

/** What is wrong with one side of == or !=, of this type, or null. */
export function faultOfCompared(type, side, other) {
  if (bare(other).kind === NodeKind.Null) return faultOfCondition(type, side);
  const isFilter = baseNames(type).some((one) => one === CONDITION || one === WHERE);
  return isFilter ? { range: side.range, message: FILTER } : null;
}
