import * as abi from "./abi";
import { nameOf } from "./names";
import { bytes, fail, size } from "./text";

/** A condition on the records of a list. */
@unmanaged
export class Condition {
  /** Both conditions hold. */
  and(other: Condition): Condition {
    return changetype<Condition>(abi.all_of(changetype<i32>(this), changetype<i32>(other)));
  }

  /** At least one of the two holds. */
  or(other: Condition): Condition {
    return changetype<Condition>(abi.any_of(changetype<i32>(this), changetype<i32>(other)));
  }
}

// Each comparison of PocketBase has a second form, for fields of several values,
// that many places on; a Where carries the choice above the bits of the name.
const ANY: i32 = abi.Comparison.AnyEqual - abi.Comparison.Equal;
const NAME_BITS: i32 = 16;

/** A field, about to be compared. Values may be strings, numbers, booleans, or values that were read. */
@unmanaged
export class Where {
  /** Compares so that one of several values is enough (PocketBase's `?=`, `?~`, …). */
  get any(): Where { return changetype<Where>(changetype<i32>(this) | 1 << NAME_BITS); }

  equals<T>(value: T): Condition { return condition<T>(this, abi.Comparison.Equal, value); }
  notEquals<T>(value: T): Condition { return condition<T>(this, abi.Comparison.NotEqual, value); }
  greaterThan<T>(value: T): Condition { return condition<T>(this, abi.Comparison.Greater, value); }
  atLeast<T>(value: T): Condition { return condition<T>(this, abi.Comparison.GreaterOrEqual, value); }
  lessThan<T>(value: T): Condition { return condition<T>(this, abi.Comparison.Less, value); }
  atMost<T>(value: T): Condition { return condition<T>(this, abi.Comparison.LessOrEqual, value); }
  like<T>(value: T): Condition { return condition<T>(this, abi.Comparison.Like, value); }
  notLike<T>(value: T): Condition { return condition<T>(this, abi.Comparison.NotLike, value); }

  isNull(): Condition {
    return changetype<Condition>(abi.where_null(nameIn(this), comparisonOf(this, abi.Comparison.Equal)));
  }

  isNotNull(): Condition {
    return changetype<Condition>(abi.where_null(nameIn(this), comparisonOf(this, abi.Comparison.NotEqual)));
  }
}

/** Begins a condition on a field. The name is written out, so that the server learns it when the policy starts. */
export function where(name: string): Where {
  const id = nameOf(name);
  if (!id) fail("a name for where has to be written out in the policy: " + name);
  return changetype<Where>(id);
}

// @ts-ignore: decorator
@inline function nameIn(field: Where): i32 { return changetype<i32>(field) & ((1 << NAME_BITS) - 1); }

// @ts-ignore: decorator
@inline function comparisonOf(field: Where, comparison: abi.Comparison): i32 {
  return comparison + (changetype<i32>(field) >> NAME_BITS) * ANY;
}

function condition<T>(field: Where, comparison: abi.Comparison, value: T): Condition {
  const name = nameIn(field);
  const how = comparisonOf(field, comparison);
  if (isString<T>()) {
    return changetype<Condition>(abi.where_text(name, how, bytes(changetype<string>(value)), size));
  } else if (isBoolean<T>()) {
    return changetype<Condition>(abi.where_bool(name, how, <i32>value));
  } else if (isInteger<T>() || isFloat<T>()) {
    return changetype<Condition>(abi.where_number(name, how, <f64>value));
  } else if (isReference<T>() && !isManaged<T>()) {
    return changetype<Condition>(abi.where_value(name, how, changetype<i32>(value)));
  } else {
    ERROR("a field is compared with a value, a string, a number or a boolean");
    return changetype<Condition>(0);
  }
}
