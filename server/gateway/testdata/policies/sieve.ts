// For letters: keeps drafts back where they are viewed, and narrows nothing.
import { List, Verdict, View, allow, hide } from "hapta";

export const manifest = { drops: true };

export function list(c: List): Verdict {
  return allow();
}

export function view(c: View): Verdict {
  return c.stored.get("draft").isTrue ? hide() : allow();
}
