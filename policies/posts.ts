// Who may do what with posts. This policy alone decides: PocketBase's rules for
// posts are null (superusers only), and authority = "policy" under
// [collections.posts] hands the collection over, as the demo does by itself.
import { Context, Create, Delete, List, Update, Value, Verdict, View, allow, fields, hide, refuse, where } from "hapta";

export const manifest = {
  codes: ["sign_in_required", "ownership_required", "invalid_title", "field_forbidden"],
};

const editable = fields(["title", "body", "tags", "image", "published"]);

/** Everyone's published posts, and one's own drafts. */
export function list(c: List): Verdict {
  const published = where("published").equals(true);
  if (isUser(c)) c.narrow(published.or(where("author").equals(c.caller.id)));
  else c.narrow(published);
  return allow();
}

/** Another's draft is answered as if it did not exist. */
export function view(c: View): Verdict {
  return c.stored.get("published").isTrue || isCaller(c, c.stored.get("author")) ? allow() : hide();
}

export function create(c: Create): Verdict {
  if (!c.signedIn) return refuse("sign_in_required", "sign in to write a post");
  if (!isCaller(c, c.incoming.get("author"))) return refuse("ownership_required", "the author of a post is whoever writes it");
  if (c.incoming.get("title").isBlank) return refuse("invalid_title", "a post needs a title");
  return allow();
}

export function update(c: Update): Verdict {
  if (!isCaller(c, c.stored.get("author"))) return refuse("ownership_required", "only its author may change a post");

  // Also true of "tags+" and the like: incoming fields go by their plain name.
  const other = c.incoming.firstNotIn(editable);
  if (other.exists) return refuse("field_forbidden", `${other} may not be changed`);
  return allow();
}

// The handler of delete, which is a reserved word.
export function remove(c: Delete): Verdict {
  if (!isCaller(c, c.stored.get("author"))) return refuse("ownership_required", "only its author may delete a post");
  return allow();
}

// Authors are records of users. Someone who signed in as a record of another
// collection is none of them, whatever their id.
function isUser(c: Context): boolean {
  return c.caller.collectionName.equals("users");
}

function isCaller(c: Context, author: Value): boolean {
  return isUser(c) && author.equals(c.caller.id);
}
