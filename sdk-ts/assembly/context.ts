import * as abi from "./abi";
import { Record } from "./record";
import { Value } from "./value";

// Roots are asked for once a call. The server puts globals back after each call.
const UNREAD: i32 = -1;
let caller: i32 = UNREAD;
let stored: i32 = UNREAD;
let incoming: i32 = UNREAD;
let reason: abi.Reason = abi.Reason.Asked;

/** What every handler is given. */
// Like a Value, a context is no object in memory: all it knows is the host's.
@unmanaged
export class Context {
  /** Someone has signed in. */
  get signedIn(): boolean { return this.caller.exists; }

  /**
   * The record of whoever asks; absent for a guest. It has id, collectionId,
   * collectionName, and the fields that the manifest's `caller` lists.
   */
  get caller(): Record {
    if (caller == UNREAD) caller = abi.root(abi.Root.Caller);
    return changetype<Record>(caller);
  }

  /** id and created of the caller's session; absent for a guest. */
  get session(): Value { return changetype<Value>(abi.root(abi.Root.Session)); }

  /** id, collection, address, operation and record (the id asked for) of the request. */
  get request(): Value { return changetype<Value>(abi.root(abi.Root.Request)); }

  /** The URL's parameters. */
  get query(): Value { return changetype<Value>(abi.root(abi.Root.Query)); }

  /** accept-language, origin, referer and user-agent; no others. */
  get headers(): Value { return changetype<Value>(abi.root(abi.Root.Headers)); }

  /** Why the policy is asked. */
  get reason(): abi.Reason { return reason; }

  /** Milliseconds since 1970; stands still during a call. */
  get now(): i64 { return abi.now(); }
}

/** Begins a call. */
export function begin(why: i32): void { reason = <abi.Reason>why; }

/** Turns to a record of a page. */
export function turnTo(index: i32): void {
  abi.select(index);
  stored = UNREAD;
}

export function storedRoot(): i32 {
  if (stored == UNREAD) stored = abi.root(abi.Root.Stored);
  return stored;
}

export function incomingRoot(): i32 {
  if (incoming == UNREAD) incoming = abi.root(abi.Root.Incoming);
  return incoming;
}
