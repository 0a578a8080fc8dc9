import * as abi from "./abi";
import { nameOf } from "./names";
import { fail } from "./text";
import { Value, handleOf } from "./value";

/** A record of the database, or the absent one. */
@unmanaged
export class Record extends Value {
  get id(): Value { return this.get("id"); }

  get collectionId(): Value { return this.get("collectionId"); }

  get collectionName(): Value { return this.get("collectionName"); }

  /** The very same record: same id, same collection. Never true for an absent one. */
  is(other: Record): boolean {
    return this.id.equals(other.id) && this.collectionId.equals(other.collectionId);
  }

  /** The record that a relation points to; the manifest's `relations` lists it. */
  relation(name: string): Record { return changetype<Record>(related(this, name)); }

  /** The records that a relation of several points to; the manifest's `relations` lists it. */
  relations(name: string): Records { return changetype<Records>(related(this, name)); }
}

/** A list of records. */
@unmanaged
export class Records extends Value {
  /** A record of the list, from 0. */
  record(index: i32): Record { return changetype<Record>(this.at(index)); }
}

function related(record: Record, name: string): i32 {
  const id = nameOf(name);
  if (!id) fail("not among the manifest's relations: " + name);
  return abi.relation(handleOf(record), id);
}
