// A verdict that is not returned decides nothing, and everyone gets through.
import { baseNames } from "./library.mjs";

const VERDICT = "~lib/hapta/verdict/Verdict";
const VALUE = "~lib/hapta/value/Value";

/** What is wrong with a call whose value nobody looks at, or null. */
export function faultOfDropped({ returnType }, call) {
  if (!baseNames(returnType).includes(VERDICT)) return null;
  return { range: call.range, message: `this verdict is made and dropped: ${wayOut(call)}` };
}

/** What is wrong with a condition of this type, or null. */
export function faultOfCondition(type, { range }) {
  if (type.isNullableReference) return null;
  const names = baseNames(type);
  if (names.includes(VERDICT)) {
    return { range, message: "a verdict is no condition, for there always is one: return it, or ask a function that answers true or false" };
  }
  if (names.includes(VALUE)) {
    return { range, message: "a value is no condition, for it would hold whenever there is one, even false: ask .isTrue, .exists or .equals(…)" };
  }
  return null;
}

function wayOut({ expression: { range } }) {
  const callee = range.toString();
  return /^[\w.]+$/.test(callee) ? `write return ${callee}(…)` : "return it";
}
