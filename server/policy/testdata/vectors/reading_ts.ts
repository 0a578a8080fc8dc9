// Code generated from abi/testdata/reading.json by the tests of server/policy; DO NOT EDIT.
import { Context, Create, Delete, Kind, List, Modifier, Value, Verdict, View, allow, fields, hide, refuse, where } from "hapta";

export const manifest = {
  codes: ["failed", "other"],
  writes: ["author", "count", "flag"],
  masks: ["bio", "email"],
  relations: ["post", "tags"],
};

function nothing(c: Context): Value {
  return c.query.get("nothing");
}

// What is not written out is the server's to refuse, not the compiler's.
function computed<T>(value: T): T {
  return value;
}

// The compiler lets nobody drop a condition.
function dropped<T>(value: T): void {}

export function view(c: View): Verdict {
  switch (<i32>(c.now - 1714564800123)) {
    case 0: return vector0(c);
    case 1: return vector1(c);
    case 2: return vector2(c);
    case 3: return vector3(c);
    case 4: return vector4(c);
    case 5: return vector5(c);
    case 6: return vector6(c);
    case 7: return vector7(c);
    case 8: return vector8(c);
    case 9: return vector9(c);
    case 10: return vector10(c);
    case 11: return vector11(c);
    case 12: return vector12(c);
    case 13: return vector13(c);
    case 14: return vector14(c);
    case 15: return vector15(c);
    case 16: return vector16(c);
    case 17: return vector17(c);
    case 18: return vector18(c);
    case 19: return vector19(c);
    case 20: return vector20(c);
    case 21: return vector21(c);
    case 22: return vector22(c);
    case 23: return vector23(c);
    case 24: return vector24(c);
    case 25: return vector25(c);
    case 26: return vector26(c);
    case 27: return vector27(c);
    case 31: return vector31(c);
    default: return refuse("failed", "there is no such vector");
  }
}

export function create(c: Create): Verdict {
  switch (<i32>(c.now - 1714564800123)) {
    case 28: return vector28(c);
    case 29: return vector29(c);
    default: return refuse("failed", "there is no such vector");
  }
}

export function remove(c: Delete): Verdict {
  switch (<i32>(c.now - 1714564800123)) {
    case 30: return vector30(c);
    default: return refuse("failed", "there is no such vector");
  }
}

// now
function vector0(c: View): Verdict {
  if (c.now != 1714564800123) {
    return refuse("failed", "step 0 (now)");
  }
  return allow();
}

// a field of the stored record
function vector1(c: View): Verdict {
  const v0 = c.stored;
  if (v0.kind != Kind.Object) {
    return refuse("failed", "step 1 (kind)");
  }
  if (!v0.get("title").equals("Tea")) {
    return refuse("failed", "step 2 (get)");
  }
  if (!v0.get("title").equals("Tea")) {
    return refuse("failed", "step 3 (get_text)");
  }
  return allow();
}

// absent, null and empty are three things
function vector2(c: View): Verdict {
  const v0 = c.stored;
  if (v0.get("x").exists) {
    return refuse("failed", "step 1 (get)");
  }
  const v2 = v0.get("n");
  if (v2.kind != Kind.Null) {
    return refuse("failed", "step 3 (kind)");
  }
  const v4 = v0.get("e");
  if (v4.kind != Kind.Text) {
    return refuse("failed", "step 5 (kind)");
  }
  if (nothing(c).kind != Kind.Absent) {
    return refuse("failed", "step 6 (kind)");
  }
  return allow();
}

// chains over what is absent
function vector3(c: View): Verdict {
  if (c.caller.exists) {
    return refuse("failed", "step 0 (root)");
  }
  if (nothing(c).get("id").exists) {
    return refuse("failed", "step 1 (get)");
  }
  if (nothing(c).get("id").exists) {
    return refuse("failed", "step 2 (get_text)");
  }
  if (nothing(c).at(0).exists) {
    return refuse("failed", "step 3 (at)");
  }
  if (nothing(c).key(0).exists) {
    return refuse("failed", "step 4 (key)");
  }
  if (c.caller.relation("post").exists) {
    return refuse("failed", "step 5 (relation)");
  }
  if (nothing(c).size != 0) {
    return refuse("failed", "step 6 (size)");
  }
  return allow();
}

// chains over null
function vector4(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("n");
  if (v1.get("id").exists) {
    return refuse("failed", "step 2 (get)");
  }
  if (v1.at(0).exists) {
    return refuse("failed", "step 3 (at)");
  }
  if (v1.key(0).exists) {
    return refuse("failed", "step 4 (key)");
  }
  if (v1.size != 0) {
    return refuse("failed", "step 5 (size)");
  }
  return allow();
}

// roots that the phase does not have are absent
function vector5(c: View): Verdict {
  if (c.session.exists) {
    return refuse("failed", "step 1 (root)");
  }
  return allow();
}

// a root asked for twice is the same value
function vector6(c: View): Verdict {
  const v0 = c.stored;
  const v1 = c.stored;
  if (!v0.equals(v1)) {
    return refuse("failed", "step 2 (equals)");
  }
  return allow();
}

// get on a text traps
function vector7(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  dropped(v1.get("t"));
  return allow();
}

// get on a list traps
function vector8(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  dropped(v1.get("t"));
  return allow();
}

// items of a list
function vector9(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("l");
  if (v1.kind != Kind.List) {
    return refuse("failed", "step 2 (kind)");
  }
  if (v1.size != 3) {
    return refuse("failed", "step 3 (size)");
  }
  if (!v1.at(0).equals("a")) {
    return refuse("failed", "step 4 (at)");
  }
  const v5 = v1.at(1);
  if (v5.integer != 2) {
    return refuse("failed", "step 6 (integer)");
  }
  const v7 = v1.at(2);
  if (v7.kind != Kind.Null) {
    return refuse("failed", "step 8 (kind)");
  }
  if (v1.at(3).exists) {
    return refuse("failed", "step 9 (at)");
  }
  if (v1.at(-1).exists) {
    return refuse("failed", "step 10 (at)");
  }
  return allow();
}

// fields of an object in order
function vector10(c: View): Verdict {
  const v0 = c.stored;
  if (v0.size != 2) {
    return refuse("failed", "step 1 (size)");
  }
  if (!v0.key(0).equals("b")) {
    return refuse("failed", "step 2 (key)");
  }
  if (!v0.key(1).equals("a")) {
    return refuse("failed", "step 3 (key)");
  }
  if (!v0.at(1).equals("x")) {
    return refuse("failed", "step 4 (at)");
  }
  if (v0.key(2).exists) {
    return refuse("failed", "step 5 (key)");
  }
  if (v0.at(2).exists) {
    return refuse("failed", "step 6 (at)");
  }
  return allow();
}

// at on a text traps
function vector11(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  dropped(v1.at(0));
  return allow();
}

// key of a list traps
function vector12(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  dropped(v1.key(0));
  return allow();
}

// the size of a text is in code points
function vector13(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  if (v1.size != 3) {
    return refuse("failed", "step 2 (size)");
  }
  if (v1.text != "a€😀") {
    return refuse("failed", "step 3 (read)");
  }
  return allow();
}

// a text that does not fit is not written
function vector14(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  if (v1.text != "four") {
    return refuse("failed", "step 3 (read)");
  }
  return allow();
}

// reading a number as text traps
function vector15(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("n");
  dropped(v1.text);
  return allow();
}

// the size of a number traps
function vector16(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("n");
  dropped(v1.size);
  return allow();
}

// booleans and numbers
function vector17(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  if (!v1.bool) {
    return refuse("failed", "step 2 (boolean)");
  }
  const v3 = v0.get("f");
  if (v3.bool) {
    return refuse("failed", "step 4 (boolean)");
  }
  const v5 = v0.get("n");
  if (v5.number != -2.5) {
    return refuse("failed", "step 6 (number)");
  }
  const v7 = v0.get("i");
  if (v7.integer != -7) {
    return refuse("failed", "step 8 (integer)");
  }
  const v9 = v0.get("big");
  if (v9.integer != 9007199254740991) {
    return refuse("failed", "step 10 (integer)");
  }
  return allow();
}

// an integer that is not whole traps
function vector18(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("n");
  dropped(v1.integer);
  return allow();
}

// an integer that an f64 cannot hold traps
function vector19(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("n");
  dropped(v1.integer);
  return allow();
}

// a number that does not fit traps
function vector20(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("n");
  dropped(v1.number);
  return allow();
}

// a boolean of what is absent traps
function vector21(c: View): Verdict {
  dropped(nothing(c).bool);
  return allow();
}

// a number of what is absent traps
function vector22(c: View): Verdict {
  dropped(nothing(c).number);
  return allow();
}

// an integer of null traps
function vector23(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("n");
  dropped(v1.integer);
  return allow();
}

// relations
function vector24(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.relation("post");
  if (v1.kind != Kind.Object) {
    return refuse("failed", "step 2 (kind)");
  }
  if (!v1.get("author").equals("u1")) {
    return refuse("failed", "step 3 (get)");
  }
  const v4 = v0.relations("tags");
  if (v4.size != 2) {
    return refuse("failed", "step 5 (size)");
  }
  return allow();
}

// a relation that points at nothing is absent
function vector25(c: View): Verdict {
  const v0 = c.stored;
  if (v0.relation("post").exists) {
    return refuse("failed", "step 1 (relation)");
  }
  return allow();
}

// a relation that is not declared traps
function vector26(c: View): Verdict {
  const v0 = c.stored;
  dropped(v0.relation(computed("author")));
  return allow();
}

// a relation of another value traps
function vector27(c: View): Verdict {
  const v0 = c.caller;
  dropped(v0.relation("post"));
  return allow();
}

// incoming fields and their modifiers
function vector28(c: Create): Verdict {
  const v0 = c.incoming;
  if (v0.size != 3) {
    return refuse("failed", "step 1 (size)");
  }
  if (!v0.key(1).equals("tags")) {
    return refuse("failed", "step 2 (key)");
  }
  if (!v0.get("title").equals("Tea")) {
    return refuse("failed", "step 3 (get)");
  }
  if (v0.modifier("title") != Modifier.None) {
    return refuse("failed", "step 4 (modifier)");
  }
  if (v0.modifier("tags") != Modifier.Append) {
    return refuse("failed", "step 5 (modifier)");
  }
  if (v0.modifier("pin") != Modifier.Autogenerate) {
    return refuse("failed", "step 6 (modifier)");
  }
  if (v0.modifier("none") != Modifier.None) {
    return refuse("failed", "step 7 (modifier)");
  }
  return allow();
}

// incoming without a field is there and empty
function vector29(c: Create): Verdict {
  const v0 = c.incoming;
  if (v0.kind != Kind.Object) {
    return refuse("failed", "step 1 (kind)");
  }
  if (v0.size != 0) {
    return refuse("failed", "step 2 (size)");
  }
  return allow();
}

// a delete has no incoming fields
function vector30(c: Delete): Verdict {
  const v1 = c.stored;
  if (v1.kind != Kind.Object) {
    return refuse("failed", "step 2 (kind)");
  }
  return allow();
}

// text that is too long traps
function vector31(c: View): Verdict {
  dropped(nothing(c).get("\0".repeat(65537)));
  return allow();
}
