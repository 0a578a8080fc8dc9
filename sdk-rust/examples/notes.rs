#![no_std]
// notes.rs: everyone reads notes, but drafts; writing is for their owners.
use hapta::prelude::*;

hapta::policy! {
    operations: [list, view, create, update],
    codes: [sign_in_required, ownership_required, field_forbidden],
    fields: [owner, title, text, draft, history],
    sets: { editable: [title, text, draft] },
    writes: [owner],
    masks: [history],
}

fn list(c: &mut List) -> Verdict {
    c.narrow(field(draft).equals(false));
    allow()
}

fn view(c: &mut View) -> Verdict {
    let mine = c.stored().get(owner) == c.caller().id();
    if !mine {
        c.mask(history);
    }
    if mine || !c.stored().get(draft).is_true() { allow() } else { hide() }
}

fn create(c: &mut Create) -> Verdict {
    if !c.signed_in() {
        return refuse(sign_in_required, "sign in to write a note");
    }
    c.set(owner, c.caller().id());
    allow()
}

fn update(c: &mut Update) -> Verdict {
    if c.stored().get(owner) != c.caller().id() {
        return refuse(ownership_required, "this note is another's");
    }
    if let Some(other) = c.incoming().first_not_in(editable) {
        return refuse(field_forbidden, text![other, " may not be changed"]);
    }
    allow()
}
