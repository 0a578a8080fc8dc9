// Who may change users: the rule that is measured. The others in this folder say
// the same. goja walks a list fastest by index.
const kept = ["validVerified", "postr_plus", "followers", "postr_subscriber_since"];

const refuse = (code, message) => ({ code, message });

function update(caller, stored, incoming) {
  if (caller === null || caller.id !== stored.id) {
    return refuse("ownership_required", "only the user themselves may change this");
  }
  for (let i = 0; i < kept.length; i++) {
    if (kept[i] in incoming) return refuse("field_forbidden", kept[i] + " may not be changed");
  }
  return null;
}
