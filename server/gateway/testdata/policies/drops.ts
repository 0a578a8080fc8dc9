// Takes records out of lists, and says so.
import { List, Verdict, View, allow, hide } from "hapta";

export const manifest = { drops: true };

export function list(c: List): Verdict {
  return allow();
}

export function view(c: View): Verdict {
  return c.stored.get("title").equals("hidden") ? hide() : allow();
}
