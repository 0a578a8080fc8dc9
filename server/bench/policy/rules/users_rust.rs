#![no_std]

// Who may change users, and what of them others see: the rule that is measured.
// The others in this folder say the same.

use hapta::prelude::*;

hapta::policy! {
    operations: [view, update],
    codes: [ownership_required, field_forbidden],
    fields: [private, followers, bio, validVerified, postr_plus, postr_subscriber_since],
    sets: { kept: [validVerified, postr_plus, followers, postr_subscriber_since] },
    masks: [followers, bio],
}

/// A private user's followers and bio are for that user's eyes.
fn view(c: &mut View) -> Verdict {
    if c.stored().get(private).is_true() && c.stored().id() != c.caller().id() {
        c.mask(followers);
        c.mask(bio);
    }
    allow()
}

/// Users change their own record, but not what the app keeps of them.
fn update(c: &mut Update) -> Verdict {
    if c.stored().id() != c.caller().id() {
        return refuse(ownership_required, "only the user themselves may change this");
    }
    if let Some(field) = c.incoming().first_in(kept) {
        return refuse(field_forbidden, text![field, " may not be changed"]);
    }
    allow()
}
