#![no_std]
// Code generated from abi/testdata/deciding.json by the tests of server/policy; DO NOT EDIT.

use hapta::prelude::*;

hapta::policy! {
    operations: [view, create],
    codes: [failed, other],
    fields: [author, count, flag, bio, email, post, tags, id, l, title],
    writes: [author, count, flag],
    masks: [bio, email],
    relations: [post, tags],
}

#[allow(dead_code)]
fn nothing(c: &Context) -> Value {
    c.query().named("nothing")
}

#[allow(dead_code)]
fn zeros(size: usize) -> Text {
    if size == 0 {
        return "";
    }
    let half = zeros(size / 2);
    text![half, half, if size % 2 == 1 { "\0" } else { "" }]
}

fn view(c: &mut View) -> Verdict {
    match c.now() - 1714564800123 {
        0 => vector0(c),
        1 => vector1(c),
        2 => vector2(c),
        3 => vector3(c),
        4 => vector4(c),
        5 => vector5(c),
        6 => vector6(c),
        7 => vector7(c),
        16 => vector16(c),
        17 => vector17(c),
        18 => vector18(c),
        _ => refuse(failed, "there is no such vector"),
    }
}

fn create(c: &mut Create) -> Verdict {
    match c.now() - 1714564800123 {
        8 => vector8(c),
        9 => vector9(c),
        10 => vector10(c),
        11 => vector11(c),
        12 => vector12(c),
        13 => vector13(c),
        14 => vector14(c),
        15 => vector15(c),
        _ => refuse(failed, "there is no such vector"),
    }
}

// allow
fn vector0(_: &mut View) -> Verdict {
    allow()
}

// allow with a code
fn vector1(_: &mut View) -> Verdict {
    allow().code(other)
}

// refuse
fn vector2(_: &mut View) -> Verdict {
    refuse(failed, "No é.")
}

// refuse with a status
fn vector3(_: &mut View) -> Verdict {
    refuse(failed, "").status(422)
}

// hide
fn vector4(_: &mut View) -> Verdict {
    hide()
}

// a status below 400 traps
fn vector5(_: &mut View) -> Verdict {
    refuse(failed, "").status(399)
}

// a status above 499 traps
fn vector6(_: &mut View) -> Verdict {
    refuse(failed, "").status(500)
}

// a status on allow traps
fn vector7(_: &mut View) -> Verdict {
    allow().status(403)
}

// effects
fn vector8(c: &mut Create) -> Verdict {
    let v0 = c.caller();
    let v1 = v0.get(id);
    c.set(author, v1);
    c.set(count, 2.5);
    c.unset(flag);
    allow()
}

// a later effect replaces an earlier one, in its place
fn vector9(c: &mut Create) -> Verdict {
    c.set(author, "a");
    c.set(flag, true);
    c.set(author, Null);
    allow()
}

// effects of a refusal do not apply
fn vector10(c: &mut Create) -> Verdict {
    c.set(author, Null);
    refuse(failed, "")
}

// effects after the verdict
fn vector11(c: &mut Create) -> Verdict {
    let verdict = allow();
    c.set(author, "é<");
    verdict
}

// a list as a value
fn vector12(c: &mut Create) -> Verdict {
    let v0 = c.incoming();
    let v1 = v0.get(l);
    c.set(count, v1);
    allow()
}

// writing an absent value traps
fn vector13(c: &mut Create) -> Verdict {
    c.set(author, nothing(c));
    allow()
}

// writing what is not declared traps
fn vector14(c: &mut Create) -> Verdict {
    c.set(title.name(), Null);
    allow()
}

// unsetting what is not declared traps
fn vector15(c: &mut Create) -> Verdict {
    c.unset(title.name());
    allow()
}

// masks
fn vector16(c: &mut View) -> Verdict {
    c.mask(bio);
    c.mask(email);
    c.mask(bio);
    allow()
}

// masking what is not declared traps
fn vector17(c: &mut View) -> Verdict {
    c.mask(title.name());
    allow()
}

// a page
fn vector18(c: &mut View) -> Verdict {
    if c.stored().id() == "c" {
        let v1 = c.stored();
        if !(v1.get(id) == "c") {
            return refuse(failed, "step 2 (get)");
        }
        return hide();
    }
    if c.stored().id() == "a" {
        let v5 = c.stored();
        if !(v5.get(id) == "a") {
            return refuse(failed, "step 6 (get)");
        }
        c.mask(bio);
        return allow();
    }
    if c.stored().id() == "b" {
        return refuse(other, "");
    }
    allow()
}
