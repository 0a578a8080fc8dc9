// Who may change users, and what of them others see: the rule that is measured.
// The others in this folder say the same.
import { Update, Verdict, View, allow, fields, refuse } from "hapta";

export const manifest = {
  codes: ["ownership_required", "field_forbidden"],
  masks: ["followers", "bio"],
};

const kept = fields(["validVerified", "postr_plus", "followers", "postr_subscriber_since"]);

/** A private user's followers and bio are for that user's eyes. */
export function view(c: View): Verdict {
  if (c.stored.get("private").isTrue && !c.stored.id.equals(c.caller.id)) {
    c.mask("followers");
    c.mask("bio");
  }
  return allow();
}

/** Users change their own record, but not what the app keeps of them. */
export function update(c: Update): Verdict {
  if (!c.stored.id.equals(c.caller.id)) return refuse("ownership_required", "only the user themselves may change this");

  const field = c.incoming.firstIn(kept);
  if (field.exists) return refuse("field_forbidden", `${field} may not be changed`);
  return allow();
}
