// Never comes to an end by itself.
import { Verdict, View, allow } from "hapta";

export const manifest = {};

export function view(c: View): Verdict {
  while (c.stored.get("id").exists) {}
  return allow();
}
