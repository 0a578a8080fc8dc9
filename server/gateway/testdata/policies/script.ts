// Does what a test's request asks for in its "do" parameter, such as
// "update:refuse", and what the title of a record says.
import { Context, Create, Delete, List, Update, Verdict, View, allow, hide, refuse, where } from "hapta";

export const manifest = {
  codes: ["told_to"],
  writes: ["title", "secret", "count"],
  masks: ["bio"],
  relations: ["peer"],
};

export function list(c: List): Verdict {
  if (told(c, "list:narrow")) c.narrow(where("count").greaterThan(1));
  return judged(c, "list");
}

export function view(c: View): Verdict {
  const title = c.stored.get("title");
  if (title.equals("poison")) unreachable();
  if (title.equals("unseen")) return refuse("told_to", "this one is not to be seen");
  // level is a hidden field: only a whole record has it.
  if (c.stored.get("level").exists && c.stored.get("level").number > 5) c.mask("bio");
  if (told(c, "view:undeclared")) c.mask(named("count"));
  return judged(c, "view");
}

export function create(c: Create): Verdict {
  return written(c, "create");
}

export function update(c: Update): Verdict {
  return written(c, "update");
}

export function remove(c: Delete): Verdict {
  return judged(c, "delete");
}

function written(c: Create, operation: string): Verdict {
  if (told(c, "set:title")) c.set("title", "set by the policy");
  if (told(c, "unset:title")) c.unset("title");
  if (told(c, "set:secret")) c.set("secret", "set by the policy");
  if (told(c, "set:count")) c.set("count", "no number");
  if (told(c, "undeclared")) return undeclared(c);
  return judged(c, operation);
}

function undeclared(c: Create): Verdict {
  c.set(named("bio"), "in masks, and not in writes");
  return allow();
}

function judged(c: Context, operation: string): Verdict {
  if (told(c, operation + ":refuse")) return refuse("told_to", "told to refuse");
  if (told(c, operation + ":teapot")) return refuse("told_to", "told to refuse", 418);
  if (told(c, operation + ":tell")) return refuse("told_to", known(c));
  if (told(c, operation + ":hide")) return hide();
  if (told(c, operation + ":trap")) unreachable();
  if (told(c, operation + ":spin")) while (true) {}
  if (told(c, operation + ":hoard")) hoard();
  return allow();
}

// What the policy knows besides records.
function known(c: Context): string {
  const request = c.request;
  const who = c.signedIn ? `${c.session.get("id")} ${c.session.get("created")} ${c.caller.get("id")}` : "a guest";
  return `${who} ${request.get("operation")} ${request.get("collection")} ${request.get("address")} ${c.headers.get("user-agent")}`;
}

function hoard(): void {
  for (let i = 0; i < 1000; i++) new StaticArray<u8>(1 << 20);
}

function told(c: Context, what: string): boolean {
  return c.query.get("do").contains(what);
}

// A name that the compiler cannot look up in the manifest.
function named(field: string): string {
  return field;
}
