// Writes down what it judged, in the field "seen" of the record itself.
import { Create, Kind, List, Modifier, Update, Value, Verdict, View, allow, fields } from "hapta";

export const manifest = { writes: ["seen"], always_masked: ["private_note"] };

// Modifiers are asked by names that are known when the policy starts.
const known = fields(["title", "count", "tags", "docs", "image", "pin", "meta"]);

export function list(c: List): Verdict {
  return allow();
}

export function view(c: View): Verdict {
  return allow();
}

export function create(c: Create): Verdict {
  c.set("seen", describe(c));
  return allow();
}

export function update(c: Update): Verdict {
  c.set("seen", describe(c));
  return allow();
}

function describe(c: Create): string {
  let out = "";
  for (let i = 0; i < c.incoming.size; i++) {
    const name = c.incoming.key(i).text;
    out += (i ? " " : "") + name + mark(c.incoming.modifier(name)) + "=" + shown(c.incoming.at(i));
  }
  return out;
}

function mark(m: Modifier): string {
  if (m == Modifier.Append) return "(append)";
  if (m == Modifier.Prepend) return "(prepend)";
  if (m == Modifier.Remove) return "(remove)";
  if (m == Modifier.Autogenerate) return "(autogenerate)";
  return "";
}

function shown(v: Value): string {
  if (v.kind == Kind.Null) return "null";
  if (v.kind == Kind.Boolean) return v.bool ? "true" : "false";
  if (v.kind == Kind.Number) return v.integer.toString();
  if (v.kind == Kind.Text) return v.text;
  let out = v.kind == Kind.List ? "[" : "{";
  for (let i = 0; i < v.size; i++) {
    if (i) out += ",";
    if (v.kind == Kind.Object) out += v.key(i).text + ":";
    out += shown(v.at(i));
  }
  return out + (v.kind == Kind.List ? "]" : "}");
}
