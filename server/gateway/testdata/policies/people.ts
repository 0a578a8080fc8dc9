// For users: masks the bio of a private one, refuses those whose hidden role is
// "banned", and sets what it is told to.
import { Context, Create, List, Update, Verdict, View, allow, refuse } from "hapta";

export const manifest = { codes: ["banned"], masks: ["bio"], writes: ["role"], caller: ["role"] };

export function list(c: List): Verdict {
  return allow();
}

export function view(c: View): Verdict {
  if (c.stored.get("role").equals("banned")) return refuse("banned", "this account is closed");
  if (c.stored.get("private").isTrue && !c.caller.get("role").equals("moderator")) c.mask("bio");
  return allow();
}

export function create(c: Create): Verdict {
  return written(c);
}

export function update(c: Update): Verdict {
  return written(c);
}

function written(c: Create): Verdict {
  if (c.query.get("do").contains("set:role")) c.set("role", "set by the policy");
  return allow();
}
