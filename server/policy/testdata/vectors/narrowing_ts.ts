// Code generated from abi/testdata/narrowing.json by the tests of server/policy; DO NOT EDIT.
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

export function list(c: List): Verdict {
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
    default: return refuse("failed", "there is no such vector");
  }
}

export function view(c: View): Verdict {
  switch (<i32>(c.now - 1714564800123)) {
    case 15: return vector15(c);
    default: return refuse("failed", "there is no such vector");
  }
}

// not narrowed
function vector0(c: List): Verdict {
  return allow();
}

// one condition
function vector1(c: List): Verdict {
  const v0 = where("published").equals(true);
  c.narrow(v0);
  return allow();
}

// published ones, and one's own
function vector2(c: List): Verdict {
  const v0 = where("published").equals(true);
  const v1 = c.caller;
  const v2 = v1.get("id");
  const v3 = where("author").equals(v2);
  const v4 = v0.or(v3);
  c.narrow(v4);
  return allow();
}

// every kind of value
function vector3(c: List): Verdict {
  const v0 = where("a").isNotNull();
  c.narrow(v0);
  const v2 = where("b").greaterThan(-1.5);
  c.narrow(v2);
  const v4 = where("d").like("it's");
  c.narrow(v4);
  const v6 = c.query;
  const v7 = v6.get("n");
  const v8 = where("e").atMost(v7);
  c.narrow(v8);
  const v10 = v6.get("b");
  const v11 = where("f").any.equals(v10);
  c.narrow(v11);
  const v13 = v6.get("z");
  const v14 = where("g").any.notLike(v13);
  c.narrow(v14);
  return allow();
}

// a path as a name
function vector4(c: List): Verdict {
  const v0 = where("author.name").equals("ann");
  c.narrow(v0);
  return allow();
}

// all_of
function vector5(c: List): Verdict {
  const v0 = where("a").equals(false);
  const v1 = where("b").equals(false);
  const v2 = v0.and(v1);
  c.narrow(v2);
  return allow();
}

// a refused list is not narrowed
function vector6(c: List): Verdict {
  const v0 = where("a").equals(false);
  c.narrow(v0);
  return refuse("failed");
}

// an absent value traps
function vector7(c: List): Verdict {
  dropped(where("author").equals(nothing(c)));
  return allow();
}

// an object as a value traps
function vector8(c: List): Verdict {
  const v0 = c.caller;
  dropped(where("author").equals(v0));
  return allow();
}

// a macro as a name traps
function vector9(c: List): Verdict {
  dropped(where("@request.auth.id").isNull());
  return allow();
}

// an expression as a name traps
function vector10(c: List): Verdict {
  dropped(where("a = 1 || b").isNull());
  return allow();
}

// a backslash in a text traps
function vector11(c: List): Verdict {
  dropped(where("a").equals("x\\"));
  return allow();
}

// a control character in a text traps
function vector12(c: List): Verdict {
  dropped(where("a").equals("x\ny"));
  return allow();
}

// a wildcard in a pattern traps
function vector13(c: List): Verdict {
  dropped(where("a").like("50%"));
  return allow();
}

// a wildcard in a pattern for any traps
function vector14(c: List): Verdict {
  dropped(where("a").any.like("50%"));
  return allow();
}

// narrowing a record traps
function vector15(c: View): Verdict {
  dropped(where("a").isNull());
  return allow();
}
