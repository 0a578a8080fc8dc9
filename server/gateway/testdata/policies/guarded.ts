// Shows scans to whoever has signed in, as files alone, and none of "unseen".
import { Reason, Verdict, View, allow, hide } from "hapta";

export const manifest = { masks: ["scan"] };

export function view(c: View): Verdict {
  if (c.reason != Reason.File || !c.signedIn) return hide();
  if (c.stored.get("title").equals("unseen")) c.mask("scan");
  return allow();
}
