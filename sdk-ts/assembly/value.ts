import * as abi from "./abi";
import { nameOf } from "./names";
import { bytes, read, size } from "./text";

/**
 * A value that the server holds: a field of a record, a part of a JSON field, a
 * query parameter. It is read only when asked, and what is not there is a value
 * too, an absent one: it equals nothing, not even another absent one, and it has
 * no fields, so questions can be chained without checks.
 */
// A Value is the host's handle itself: the reference is the number, nothing is
// allocated, and `this` is never followed as an address.
@unmanaged
export class Value {
  /** False when there is no such value. Null is there. */
  get exists(): boolean { return handleOf(this) != 0; }

  get isNull(): boolean { return this.kind == abi.Kind.Null; }

  /** True only for the boolean true. */
  get isTrue(): boolean { return this.kind == abi.Kind.Boolean && this.bool; }

  /** Absent, null, white space alone, or an empty list or object. */
  get isBlank(): boolean { return abi.blank(handleOf(this)) != 0; }

  get kind(): abi.Kind { return <abi.Kind>abi.kind(handleOf(this)); }

  /** The text; ends the call when this is none. */
  get text(): string { return read(handleOf(this)); }

  /** The number; ends the call when this is none. */
  get number(): f64 { return abi.number(handleOf(this)); }

  /** The whole number up to 2^53 either way; ends the call when this is none. */
  get integer(): i64 { return abi.integer(handleOf(this)); }

  /** The boolean; ends the call when this is none. */
  get bool(): boolean { return abi.boolean(handleOf(this)) != 0; }

  /** Items of a list, fields of an object, characters of a text; 0 when absent. */
  get size(): i32 { return abi.size(handleOf(this)); }

  /** A field of an object. */
  get(name: string): Value {
    const id = nameOf(name);
    return valueOf(id ? abi.get(handleOf(this), id) : abi.get_text(handleOf(this), bytes(name), size));
  }

  /** An item of a list, or the value of an object's n-th field, from 0. */
  at(index: i32): Value { return valueOf(abi.at(handleOf(this), index)); }

  /** The name of an object's n-th field, from 0. */
  key(index: i32): Value { return valueOf(abi.key(handleOf(this), index)); }

  /** Same kind and same value, as another value, a string, a number or a boolean. */
  equals<T>(other: T): boolean {
    if (isString<T>()) {
      const text = changetype<string>(other);
      const id = nameOf(text);
      return (id ? abi.equals_name(handleOf(this), id) : abi.equals_text(handleOf(this), bytes(text), size)) != 0;
    } else if (isBoolean<T>()) {
      return this.kind == abi.Kind.Boolean && this.bool == <bool>other;
    } else if (isInteger<T>() || isFloat<T>()) {
      return this.kind == abi.Kind.Number && this.number == <f64>other;
    } else if (isReference<T>() && !isManaged<T>()) {
      return abi.equals(handleOf(this), changetype<i32>(other)) != 0;
    } else {
      ERROR("equals takes a value, a string, a number or a boolean");
      return false;
    }
  }

  /** A list has this item, or a text has this part. */
  contains<T>(other: T): boolean {
    if (isString<T>()) {
      return abi.contains_text(handleOf(this), bytes(changetype<string>(other)), size) != 0;
    } else if (isReference<T>() && !isManaged<T>()) {
      return abi.contains(handleOf(this), changetype<i32>(other)) != 0;
    } else {
      ERROR("contains takes a value or a string");
      return false;
    }
  }

  /** A text matches a pattern of * (any characters) and ? (one). */
  matches(pattern: string): boolean { return abi.glob(handleOf(this), bytes(pattern), size) != 0; }

  /** -1, 0 or 1 for two numbers or two texts; ends the call for anything else. */
  compare(other: Value): i32 { return abi.compare(handleOf(this), handleOf(other)); }

  /** The text, for templates. */
  toString(): string { return this.text; }

  @operator("==") protected same(other: Value): boolean { return this.equals(other); }
  @operator("!=") protected differs(other: Value): boolean { return !this.equals(other); }
}

// @ts-ignore: decorator
@inline export function handleOf(value: Value): i32 { return changetype<i32>(value); }

// @ts-ignore: decorator
@inline export function valueOf(handle: i32): Value { return changetype<Value>(handle); }
