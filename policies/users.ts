// Who may do what with users. PocketBase's own rules have to agree as well.
import { Delete, Update, Verdict, View, allow, fields, refuse } from "hapta";

export const manifest = {
  codes: ["ownership_required", "field_forbidden"],
  masks: ["followers", "bio"],
};

// What the app itself keeps up to date, never the user.
const forbidden = fields(["validVerified", "postr_plus", "followers", "postr_subscriber_since"]);

/** A private user's followers and bio are for that user's eyes. */
export function view(c: View): Verdict {
  if (c.stored.get("private").isTrue && !c.caller.is(c.stored)) {
    c.mask("followers");
    c.mask("bio");
  }
  return allow();
}

export function update(c: Update): Verdict {
  if (!c.caller.is(c.stored)) return refuse("ownership_required", "only the user themselves may change this");

  // Also true of "followers+" and the like: incoming fields go by their plain name.
  const touched = c.incoming.firstIn(forbidden);
  if (touched.exists) return refuse("field_forbidden", `${touched} may not be changed`);
  return allow();
}

// The handler of delete, which is a reserved word.
export function remove(c: Delete): Verdict {
  if (!c.caller.is(c.stored)) return refuse("ownership_required", "only the user themselves may delete this");
  return allow();
}
