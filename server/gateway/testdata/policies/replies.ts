// For replies: what one is about is its author's to know.
import { Create, Delete, List, Update, Verdict, View, allow } from "hapta";

export const manifest = { masks: ["about"], public: ["text", "letter"] };

export function list(c: List): Verdict {
  return allow();
}

export function view(c: View): Verdict {
  if (!c.stored.get("author").equals(c.caller.id)) c.mask("about");
  return allow();
}

export function create(c: Create): Verdict {
  return allow();
}

export function update(c: Update): Verdict {
  return allow();
}

export function remove(c: Delete): Verdict {
  return allow();
}
