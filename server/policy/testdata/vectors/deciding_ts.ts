// Code generated from abi/testdata/deciding.json by the tests of server/policy; DO NOT EDIT.
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
    case 17: return vector17(c);
    case 18: return vector18(c);
    case 19: return vector19(c);
    default: return refuse("failed", "there is no such vector");
  }
}

export function create(c: Create): Verdict {
  switch (<i32>(c.now - 1714564800123)) {
    case 9: return vector9(c);
    case 10: return vector10(c);
    case 11: return vector11(c);
    case 12: return vector12(c);
    case 13: return vector13(c);
    case 14: return vector14(c);
    case 15: return vector15(c);
    case 16: return vector16(c);
    default: return refuse("failed", "there is no such vector");
  }
}

// allow
function vector0(c: View): Verdict {
  return allow();
}

// allow with a code
function vector1(c: View): Verdict {
  return allow("other");
}

// refuse
function vector2(c: View): Verdict {
  return refuse("failed", "No é.");
}

// refuse with a status
function vector3(c: View): Verdict {
  return refuse("failed", "", computed(422));
}

// hide
function vector4(c: View): Verdict {
  return hide();
}

// a refusal without a code traps
function vector5(c: View): Verdict {
  return refuse(computed(""));
}

// an unknown code traps
function vector6(c: View): Verdict {
  return refuse(computed("undeclared"));
}

// a status below 400 traps
function vector7(c: View): Verdict {
  return refuse("failed", "", computed(399));
}

// a status above 499 traps
function vector8(c: View): Verdict {
  return refuse("failed", "", computed(500));
}

// effects
function vector9(c: Create): Verdict {
  const v0 = c.caller;
  const v1 = v0.get("id");
  c.set("author", v1);
  c.set("count", 2.5);
  c.unset("flag");
  return allow();
}

// a later effect replaces an earlier one, in its place
function vector10(c: Create): Verdict {
  c.set("author", "a");
  c.set("flag", true);
  c.setNull("author");
  return allow();
}

// effects of a refusal do not apply
function vector11(c: Create): Verdict {
  c.setNull("author");
  return refuse("failed");
}

// effects after the verdict
function vector12(c: Create): Verdict {
  const verdict = allow();
  c.set("author", "é<");
  return verdict;
}

// a list as a value
function vector13(c: Create): Verdict {
  const v0 = c.incoming;
  const v1 = v0.get("l");
  c.set("count", v1);
  return allow();
}

// writing an absent value traps
function vector14(c: Create): Verdict {
  c.set("author", nothing(c));
  return allow();
}

// writing what is not declared traps
function vector15(c: Create): Verdict {
  c.setNull(computed("title"));
  return allow();
}

// unsetting what is not declared traps
function vector16(c: Create): Verdict {
  c.unset(computed("title"));
  return allow();
}

// masks
function vector17(c: View): Verdict {
  c.mask("bio");
  c.mask("email");
  c.mask("bio");
  return allow();
}

// masking what is not declared traps
function vector18(c: View): Verdict {
  c.mask(computed("title"));
  return allow();
}

// a page
function vector19(c: View): Verdict {
  if (c.stored.id.equals("c")) {
    const v1 = c.stored;
    if (!v1.get("id").equals("c")) {
      return refuse("failed", "step 2 (get)");
    }
    return hide();
  }
  if (c.stored.id.equals("a")) {
    const v5 = c.stored;
    if (!v5.get("id").equals("a")) {
      return refuse("failed", "step 6 (get)");
    }
    c.mask("bio");
    return allow();
  }
  if (c.stored.id.equals("b")) {
    return refuse("other");
  }
  return allow();
}
