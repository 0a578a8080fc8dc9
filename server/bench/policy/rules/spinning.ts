// Never comes to an end by itself.
import { Verdict, View, allow } from "hapta";

export const manifest = {};

export function view(c: View): Verdict {
  for (let n = 0; ; n++) if (n < 0) n = 0;
  return allow();
}
