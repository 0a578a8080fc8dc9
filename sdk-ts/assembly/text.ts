// Strings are UTF-16 here and UTF-8 on the wire. One buffer serves both ways:
// what it holds is good until the next conversion.
import * as abi from "./abi";

let capacity: i32 = 256;
let buffer: usize = memory.data(256);

/** Bytes that the last `bytes` wrote. */
export let size: i32 = 0;

function reserve(need: i32): void {
  if (need <= capacity) return;
  buffer = heap.alloc(need);
  capacity = need;
}

/** The address of `text` as UTF-8; `size` tells how long it is. Half a surrogate pair becomes U+FFFD. */
export function bytes(text: string): usize {
  reserve(text.length * 3);
  size = <i32>String.UTF8.encodeUnsafe(
    changetype<usize>(text), text.length, buffer, false, String.UTF8.ErrorMode.REPLACE,
  );
  return buffer;
}

/** Like `bytes`, cut after at most `limit` bytes, never inside a character. */
export function bytesUpTo(text: string, limit: i32): usize {
  bytes(text);
  if (size > limit) {
    size = limit;
    while (size > 0 && (load<u8>(buffer + size) & 0xc0) == 0x80) size--;
  }
  return buffer;
}

/** The text behind a handle. The compiler says at which place of the policy it is read. */
export function read(handle: i32, place: string = ""): string {
  let length = abi.read(handle, buffer, capacity);
  if (<u32>length > <u32>capacity) length = readLong(handle, length, place);
  return String.UTF8.decodeUnsafe(buffer, length);
}

// What does not fit into the buffer; a length of -1 is that of no text.
function readLong(handle: i32, length: i32, place: string): i32 {
  if (length < 0) fail("there is no text to read" + place + ": the value is absent or null; ask .exists or .isNull first");
  reserve(length);
  return abi.read(handle, buffer, capacity);
}

/** Ends the call with a line for the server's log; the operation is refused. */
export function fail(message: string): void {
  abi.panic(bytesUpTo(message, abi.Limit.Message), size);
  unreachable();
}
