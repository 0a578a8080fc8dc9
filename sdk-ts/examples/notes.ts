// notes.ts: everyone reads notes, but drafts; writing is for their owners.
import { Create, List, Update, Verdict, View, allow, fields, hide, refuse, where } from "hapta";

export const manifest = {
  codes: ["sign_in_required", "ownership_required", "field_forbidden"],
  writes: ["owner"],
  masks: ["history"],
};

const editable = fields(["title", "text", "draft"]);

export function list(c: List): Verdict {
  c.narrow(where("draft").equals(false));
  return allow();
}

export function view(c: View): Verdict {
  const mine = c.stored.get("owner").equals(c.caller.id);
  if (!mine) c.mask("history");
  return mine || !c.stored.get("draft").isTrue ? allow() : hide();
}

export function create(c: Create): Verdict {
  if (!c.signedIn) return refuse("sign_in_required", "sign in to write a note");
  c.set("owner", c.caller.id);
  return allow();
}

export function update(c: Update): Verdict {
  if (!c.stored.get("owner").equals(c.caller.id)) return refuse("ownership_required", "this note is another's");
  const other = c.incoming.firstNotIn(editable);
  if (other.exists) return refuse("field_forbidden", `${other} may not be changed`);
  return allow();
}
