// Names and codes go to the host once, when the policy starts, and are integers
// from then on. A string's header has two words that the stub runtime leaves at
// zero; they keep the ids, so that a literal finds its own without a search.
// @ts-ignore: editors do not know the modules of the runtime
import { OBJECT, TOTAL_OVERHEAD } from "rt/common";
import * as abi from "./abi";
import { bytes, size } from "./text";

let names: StaticArray<string> = [];
let codes: StaticArray<string> = [];

/** Makes the policy's names and codes known to the host; only while the policy starts. */
export function learn(someNames: StaticArray<string>, someCodes: StaticArray<string>): void {
  names = someNames;
  codes = someCodes;
  for (let i = 0; i < names.length; i++) intern(unchecked(names[i]));
  for (let i = 0; i < codes.length; i++) {
    const code = unchecked(codes[i]);
    header(code).gcInfo2 = abi.code(bytes(code), size);
  }
}

/** Makes one name known to the host; only while the policy starts. */
export function intern(name: string): i32 {
  const id = abi.name(bytes(name), size);
  header(name).gcInfo = id;
  return id;
}

/** The id of a name, or 0 when it was not made known. */
export function nameOf(name: string): i32 {
  return header(name).gcInfo || header(same(names, name)).gcInfo;
}

/** The id of a code, or 0 when the manifest does not list it. */
export function codeOf(code: string): i32 {
  return header(code).gcInfo2 || header(same(codes, code)).gcInfo2;
}

// The string of the list that reads like this one, or this one.
function same(list: StaticArray<string>, text: string): string {
  for (let i = 0; i < list.length; i++) {
    if (unchecked(list[i]) == text) return unchecked(list[i]);
  }
  return text;
}

// @ts-ignore: decorator
@inline function header(text: string): OBJECT {
  return changetype<OBJECT>(changetype<usize>(text) - TOTAL_OVERHEAD);
}
