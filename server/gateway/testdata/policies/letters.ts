// For letters: drafts are their owner's alone, and everyone else sees a letter
// without what may be masked.
import { Create, Delete, List, Update, Verdict, View, allow, hide, refuse, where } from "hapta";

export const manifest = {
  codes: ["ownership_required"],
  masks: ["m_text", "m_number", "m_bool", "m_date", "m_json", "m_spot", "m_tags", "m_to", "m_cc", "m_file", "m_mail"],
};

export function list(c: List): Verdict {
  const published = where("draft").equals(false);
  c.narrow(c.signedIn ? published.or(where("owner").equals(c.caller.id)) : published);
  return allow();
}

export function view(c: View): Verdict {
  if (c.stored.get("owner").equals(c.caller.id)) return allow();
  if (c.stored.get("draft").isTrue) return hide();
  c.mask("m_text");
  c.mask("m_number");
  c.mask("m_bool");
  c.mask("m_date");
  c.mask("m_json");
  c.mask("m_spot");
  c.mask("m_tags");
  c.mask("m_to");
  c.mask("m_cc");
  c.mask("m_file");
  c.mask("m_mail");
  return allow();
}

export function create(c: Create): Verdict {
  return allow();
}

export function update(c: Update): Verdict {
  return allow();
}

export function remove(c: Delete): Verdict {
  return c.stored.get("owner").equals(c.caller.id) ? allow() : refuse("ownership_required");
}
