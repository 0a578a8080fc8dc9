// Shows what posts.ts shows, but looks at the clock for it. So what it decided on one
// request says nothing about the next, and it is called on every one.
import { Context, List, Verdict, View, allow, hide, where } from "hapta";

export function list(c: List): Verdict {
  const published = where("published").equals(true);
  if (isUser(c)) c.narrow(published.or(where("author").equals(c.caller.id)));
  else c.narrow(published);
  return allow();
}

export function view(c: View): Verdict {
  const mine = isUser(c) && c.stored.get("author").equals(c.caller.id);
  return c.now > 0 && (mine || c.stored.get("published").isTrue) ? allow() : hide();
}

function isUser(c: Context): boolean {
  return c.caller.collectionName.equals("users");
}
