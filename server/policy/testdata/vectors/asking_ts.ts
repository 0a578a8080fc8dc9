// Code generated from abi/testdata/asking.json by the tests of server/policy; DO NOT EDIT.
import { Context, Create, Delete, Kind, List, Modifier, Value, Verdict, View, allow, fields, hide, refuse, where } from "hapta";

export const manifest = {
  codes: ["failed", "other"],
  writes: ["author", "count", "flag"],
  masks: ["bio", "email"],
  relations: ["post", "tags"],
};

const set0 = fields(["body", "tags"]);
const set1 = fields(["author"]);
const set2 = fields(["title", "body"]);
const set3 = fields(["title", "body", "tags"]);
const set4 = fields([]);

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
    default: return refuse("failed", "there is no such vector");
  }
}

export function create(c: Create): Verdict {
  switch (<i32>(c.now - 1714564800123)) {
    case 16: return vector16(c);
    default: return refuse("failed", "there is no such vector");
  }
}

// absent equals nothing, absent included
function vector0(c: View): Verdict {
  if (nothing(c).equals(nothing(c))) {
    return refuse("failed", "step 0 (equals)");
  }
  const v1 = c.stored;
  const v2 = v1.get("a");
  const v3 = v1.get("n");
  if (v2.equals(nothing(c))) {
    return refuse("failed", "step 4 (equals)");
  }
  if (nothing(c).equals(v3)) {
    return refuse("failed", "step 5 (equals)");
  }
  if (!v3.equals(v3)) {
    return refuse("failed", "step 6 (equals)");
  }
  return allow();
}

// a guest is no author
function vector1(c: View): Verdict {
  const v0 = c.caller;
  const v1 = v0.get("id");
  const v2 = c.stored;
  const v3 = v2.get("author");
  if (v1.equals(v3)) {
    return refuse("failed", "step 4 (equals)");
  }
  return allow();
}

// values that are equal
function vector2(c: View): Verdict {
  const v0 = c.caller;
  const v1 = c.stored;
  if (!v0.equals(v1)) {
    return refuse("failed", "step 2 (equals)");
  }
  return allow();
}

// values that are not equal
function vector3(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  const v2 = v0.get("n");
  if (v1.equals(v2)) {
    return refuse("failed", "step 3 (equals)");
  }
  const v4 = v0.get("b");
  const v5 = v0.get("f");
  if (v4.equals(v5)) {
    return refuse("failed", "step 6 (equals)");
  }
  if (v4.equals(v2)) {
    return refuse("failed", "step 7 (equals)");
  }
  const v8 = v0.get("l");
  const v9 = v0.get("m");
  if (v8.equals(v9)) {
    return refuse("failed", "step 10 (equals)");
  }
  const v11 = v0.get("o");
  const v12 = v0.get("p");
  const v13 = v0.get("q");
  if (v11.equals(v12)) {
    return refuse("failed", "step 14 (equals)");
  }
  if (v11.equals(v13)) {
    return refuse("failed", "step 15 (equals)");
  }
  return allow();
}

// equal to a text
function vector4(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  if (!v1.equals("é")) {
    return refuse("failed", "step 2 (equals_text)");
  }
  if (v1.equals("é")) {
    return refuse("failed", "step 3 (equals_text)");
  }
  if (!v1.equals("é")) {
    return refuse("failed", "step 4 (equals_name)");
  }
  if (v1.equals("e")) {
    return refuse("failed", "step 5 (equals_name)");
  }
  const v6 = v0.get("n");
  if (v6.equals("1")) {
    return refuse("failed", "step 7 (equals_text)");
  }
  const v8 = v0.get("z");
  if (v8.equals("")) {
    return refuse("failed", "step 9 (equals_text)");
  }
  if (nothing(c).equals("")) {
    return refuse("failed", "step 10 (equals_text)");
  }
  if (nothing(c).equals("e")) {
    return refuse("failed", "step 11 (equals_name)");
  }
  return allow();
}

// an escaped text is the same text
function vector5(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  if (!v1.equals("ab\n")) {
    return refuse("failed", "step 2 (equals_text)");
  }
  if (v1.size != 3) {
    return refuse("failed", "step 3 (size)");
  }
  return allow();
}

// order
function vector6(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("a");
  const v2 = v0.get("b");
  if (v1.compare(v2) != -1) {
    return refuse("failed", "step 3 (compare)");
  }
  if (v2.compare(v1) != 1) {
    return refuse("failed", "step 4 (compare)");
  }
  if (v1.compare(v1) != 0) {
    return refuse("failed", "step 5 (compare)");
  }
  const v6 = v0.get("m");
  const v7 = v0.get("n");
  if (v6.compare(v7) != -1) {
    return refuse("failed", "step 8 (compare)");
  }
  if (v7.compare(v6) != 1) {
    return refuse("failed", "step 9 (compare)");
  }
  return allow();
}

// the order of two kinds traps
function vector7(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("a");
  const v2 = v0.get("n");
  dropped(v1.compare(v2));
  return allow();
}

// the order of absent values traps
function vector8(c: View): Verdict {
  dropped(nothing(c).compare(nothing(c)));
  return allow();
}

// the order of booleans traps
function vector9(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("b");
  dropped(v1.compare(v1));
  return allow();
}

// items of a list and parts of a text
function vector10(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("l");
  const v2 = v0.get("t");
  const v3 = v0.get("a");
  const v4 = v0.get("n");
  const v5 = v0.get("z");
  const v6 = v0.get("part");
  if (!v1.contains(v3)) {
    return refuse("failed", "step 7 (contains)");
  }
  if (!v1.contains(v4)) {
    return refuse("failed", "step 8 (contains)");
  }
  if (!v1.contains(v5)) {
    return refuse("failed", "step 9 (contains)");
  }
  if (v1.contains(v2)) {
    return refuse("failed", "step 10 (contains)");
  }
  if (v1.contains(nothing(c))) {
    return refuse("failed", "step 11 (contains)");
  }
  if (nothing(c).contains(v3)) {
    return refuse("failed", "step 12 (contains)");
  }
  if (v5.contains(v3)) {
    return refuse("failed", "step 13 (contains)");
  }
  if (v2.contains(v5)) {
    return refuse("failed", "step 14 (contains)");
  }
  if (!v2.contains(v6)) {
    return refuse("failed", "step 15 (contains)");
  }
  if (v6.contains(v2)) {
    return refuse("failed", "step 16 (contains)");
  }
  if (!v1.contains("a")) {
    return refuse("failed", "step 17 (contains_text)");
  }
  if (v1.contains("1")) {
    return refuse("failed", "step 18 (contains_text)");
  }
  if (!v2.contains("tim")) {
    return refuse("failed", "step 19 (contains_text)");
  }
  if (v2.contains("Tim")) {
    return refuse("failed", "step 20 (contains_text)");
  }
  if (nothing(c).contains("")) {
    return refuse("failed", "step 21 (contains_text)");
  }
  return allow();
}

// a number contains nothing: trap
function vector11(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("n");
  dropped(v1.contains("1"));
  return allow();
}

// a text contains no number: trap
function vector12(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("n");
  const v2 = v0.get("t");
  dropped(v2.contains(v1));
  return allow();
}

// patterns
function vector13(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("t");
  if (!v1.matches("*.pdf")) {
    return refuse("failed", "step 2 (glob)");
  }
  if (!v1.matches("report-????.*")) {
    return refuse("failed", "step 3 (glob)");
  }
  if (!v1.matches("*")) {
    return refuse("failed", "step 4 (glob)");
  }
  if (v1.matches("report")) {
    return refuse("failed", "step 5 (glob)");
  }
  if (!v1.matches("*2024*")) {
    return refuse("failed", "step 6 (glob)");
  }
  if (v1.matches("*.pd")) {
    return refuse("failed", "step 7 (glob)");
  }
  if (v1.matches("")) {
    return refuse("failed", "step 8 (glob)");
  }
  const v9 = v0.get("e");
  if (!v9.matches("")) {
    return refuse("failed", "step 10 (glob)");
  }
  if (!v9.matches("**")) {
    return refuse("failed", "step 11 (glob)");
  }
  if (v9.matches("?")) {
    return refuse("failed", "step 12 (glob)");
  }
  const v13 = v0.get("u");
  if (!v13.matches("a?b")) {
    return refuse("failed", "step 14 (glob)");
  }
  if (v13.matches("a??b")) {
    return refuse("failed", "step 15 (glob)");
  }
  if (nothing(c).matches("*")) {
    return refuse("failed", "step 16 (glob)");
  }
  return allow();
}

// a pattern for a list traps
function vector14(c: View): Verdict {
  const v0 = c.stored;
  const v1 = v0.get("l");
  dropped(v1.matches("*"));
  return allow();
}

// blank
function vector15(c: View): Verdict {
  if (!nothing(c).isBlank) {
    return refuse("failed", "step 0 (blank)");
  }
  const v1 = c.stored;
  if (v1.isBlank) {
    return refuse("failed", "step 2 (blank)");
  }
  const v3 = v1.get("z");
  if (!v3.isBlank) {
    return refuse("failed", "step 4 (blank)");
  }
  const v5 = v1.get("e");
  if (!v5.isBlank) {
    return refuse("failed", "step 6 (blank)");
  }
  const v7 = v1.get("w");
  if (!v7.isBlank) {
    return refuse("failed", "step 8 (blank)");
  }
  const v9 = v1.get("x");
  if (v9.isBlank) {
    return refuse("failed", "step 10 (blank)");
  }
  const v11 = v1.get("l");
  if (!v11.isBlank) {
    return refuse("failed", "step 12 (blank)");
  }
  const v13 = v1.get("m");
  if (v13.isBlank) {
    return refuse("failed", "step 14 (blank)");
  }
  const v15 = v1.get("o");
  if (!v15.isBlank) {
    return refuse("failed", "step 16 (blank)");
  }
  const v17 = v1.get("p");
  if (v17.isBlank) {
    return refuse("failed", "step 18 (blank)");
  }
  const v19 = v1.get("n");
  if (v19.isBlank) {
    return refuse("failed", "step 20 (blank)");
  }
  const v21 = v1.get("f");
  if (v21.isBlank) {
    return refuse("failed", "step 22 (blank)");
  }
  return allow();
}

// set questions go in the order of the fields, modifiers or not
function vector16(c: Create): Verdict {
  const v0 = c.incoming;
  if (!v0.firstIn(set0).equals("tags")) {
    return refuse("failed", "step 1 (first_in)");
  }
  if (v0.firstIn(set1).exists) {
    return refuse("failed", "step 2 (first_in)");
  }
  if (!v0.firstNotIn(set2).equals("tags")) {
    return refuse("failed", "step 3 (first_not_in)");
  }
  if (v0.firstNotIn(set3).exists) {
    return refuse("failed", "step 4 (first_not_in)");
  }
  if (!v0.firstNotIn(set4).equals("title")) {
    return refuse("failed", "step 5 (first_not_in)");
  }
  return allow();
}
