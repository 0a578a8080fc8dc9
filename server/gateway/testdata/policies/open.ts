// For users: everyone may know their names.
import { List, Verdict, View, allow } from "hapta";

export const manifest = { public: ["name", "email"] };

export function list(c: List): Verdict {
  return allow();
}

export function view(c: View): Verdict {
  return allow();
}
