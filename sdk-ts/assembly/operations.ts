import * as abi from "./abi";
import { Condition } from "./condition";
import { Context, incomingRoot, storedRoot } from "./context";
import { Incoming } from "./incoming";
import { nameOf } from "./names";
import { bytes, fail, size } from "./text";
import { Record } from "./record";

/** A list is asked for. It can be narrowed before it is fetched; its records then come to `view`. */
@unmanaged
export class List extends Context {
  /** Keeps only the records that meet the condition, and all earlier ones. */
  narrow(condition: Condition): void { abi.narrow(changetype<i32>(condition)); }
}

/** A record is about to leave: asked for, in a list, expanded, or as the answer to a write. */
@unmanaged
export class View extends Context {
  /** The record. */
  get stored(): Record { return changetype<Record>(storedRoot()); }

  /** Leaves a field out of the answer; the manifest's `masks` lists it. */
  mask(name: string): void { abi.mask(effect(name)); }
}

/** A record is to be made. */
@unmanaged
export class Create extends Context {
  /** The fields that were sent. */
  get incoming(): Incoming { return changetype<Incoming>(incomingRoot()); }

  /** Writes this value, whatever was sent; the manifest's `writes` lists the field. */
  set<T>(name: string, value: T): void { write<T>(name, value); }

  /** Writes null; the manifest's `writes` lists the field. */
  setNull(name: string): void { abi.set_null(effect(name)); }

  /** Leaves the field out of what is written; the manifest's `writes` lists it. */
  unset(name: string): void { abi.unset(effect(name)); }
}

/** A record is to be changed. */
@unmanaged
export class Update extends Create {
  /** The record as it is. */
  get stored(): Record { return changetype<Record>(storedRoot()); }
}

/** A record is to be deleted. */
@unmanaged
export class Delete extends Context {
  /** The record as it is. */
  get stored(): Record { return changetype<Record>(storedRoot()); }
}

function write<T>(field: string, value: T): void {
  const name = effect(field);
  if (isString<T>()) {
    abi.set_text(name, bytes(changetype<string>(value)), size);
  } else if (isBoolean<T>()) {
    abi.set_bool(name, <i32>value);
  } else if (isInteger<T>() || isFloat<T>()) {
    abi.set_number(name, <f64>value);
  } else if (isReference<T>() && !isManaged<T>()) {
    abi.set_value(name, changetype<i32>(value));
  } else {
    ERROR("a field is set to a value, a string, a number or a boolean");
  }
}

function effect(name: string): i32 {
  const id = nameOf(name);
  if (!id) fail("not among the manifest's fields: " + name);
  return id;
}
