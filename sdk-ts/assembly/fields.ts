import * as abi from "./abi";
import { intern } from "./names";

/** A set of field names, known to the server. */
@unmanaged
export class Fields {
  /** What the server calls the set. */
  get id(): i32 { return changetype<i32>(this); }
}

/** Makes a set of field names. It belongs at the top of the file: sets are made once, when the policy starts. */
export function fields(names: string[]): Fields {
  const ids = heap.alloc(names.length << 2);
  for (let i = 0; i < names.length; i++) store<i32>(ids + (i << 2), intern(unchecked(names[i])));
  return changetype<Fields>(abi.name_set(ids, names.length));
}
