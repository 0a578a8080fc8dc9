// Asks the server for one thing without end.
import { Verdict, View, allow } from "hapta";

export const manifest = {};

export function view(c: View): Verdict {
  while (c.stored.get("bio").matches("*a*b*c*")) {}
  while (!c.stored.get("bio").matches("*a*b*c*")) {}
  return allow();
}
