// Keeps names back from one program, by what it says of itself.
import { List, Verdict, View, allow } from "hapta";

export const manifest = { masks: ["name"] };

export function list(c: List): Verdict {
  return allow();
}

export function view(c: View): Verdict {
  if (c.headers.get("user-agent").equals("no")) c.mask("name");
  return allow();
}
