import * as abi from "./abi";
import { Fields } from "./fields";
import { nameOf } from "./names";
import { Value, handleOf, valueOf } from "./value";

/**
 * The fields that a client wants written, each under its plain name and with
 * the value that results, also where it was sent as `followers+` or `tags-`.
 */
@unmanaged
export class Incoming extends Value {
  /** The client sent this field, with a modifier or without. */
  has(name: string): boolean { return this.get(name).exists; }

  /** The name of the first field that is one of these; absent when none is. */
  firstIn(names: Fields): Value {
    return valueOf(abi.first_in(handleOf(this), names.id));
  }

  /** The name of the first field that is none of these; absent when all are. */
  firstNotIn(names: Fields): Value {
    return valueOf(abi.first_not_in(handleOf(this), names.id));
  }

  /** How the field came: plain, or with a modifier. */
  modifier(name: string): abi.Modifier {
    const id = nameOf(name);
    return id ? <abi.Modifier>abi.modifier(handleOf(this), id) : abi.Modifier.None;
  }
}
