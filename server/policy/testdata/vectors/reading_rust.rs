#![no_std]
// Code generated from abi/testdata/reading.json by the tests of server/policy; DO NOT EDIT.

use hapta::prelude::*;

hapta::policy! {
    operations: [view, create, delete],
    codes: [failed, other],
    fields: [author, count, flag, bio, email, post, tags, title, x, n, e, id, t, l, f, i, big, pin, none],
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
        8 => vector8(c),
        9 => vector9(c),
        10 => vector10(c),
        11 => vector11(c),
        12 => vector12(c),
        13 => vector13(c),
        14 => vector14(c),
        15 => vector15(c),
        16 => vector16(c),
        17 => vector17(c),
        18 => vector18(c),
        19 => vector19(c),
        20 => vector20(c),
        21 => vector21(c),
        22 => vector22(c),
        23 => vector23(c),
        24 => vector24(c),
        25 => vector25(c),
        26 => vector26(c),
        27 => vector27(c),
        31 => vector31(c),
        _ => refuse(failed, "there is no such vector"),
    }
}

fn create(c: &mut Create) -> Verdict {
    match c.now() - 1714564800123 {
        28 => vector28(c),
        29 => vector29(c),
        _ => refuse(failed, "there is no such vector"),
    }
}

fn delete(c: &mut Delete) -> Verdict {
    match c.now() - 1714564800123 {
        30 => vector30(c),
        _ => refuse(failed, "there is no such vector"),
    }
}

// now
fn vector0(c: &mut View) -> Verdict {
    if c.now() != 1714564800123 {
        return refuse(failed, "step 0 (now)");
    }
    allow()
}

// a field of the stored record
fn vector1(c: &mut View) -> Verdict {
    let v0 = c.stored();
    if v0.value().kind() != Kind::OBJECT {
        return refuse(failed, "step 1 (kind)");
    }
    if !(v0.get(title) == "Tea") {
        return refuse(failed, "step 2 (get)");
    }
    if !(v0.value().named("title") == "Tea") {
        return refuse(failed, "step 3 (get_text)");
    }
    allow()
}

// absent, null and empty are three things
fn vector2(c: &mut View) -> Verdict {
    let v0 = c.stored();
    if v0.get(x).exists() {
        return refuse(failed, "step 1 (get)");
    }
    let v2 = v0.get(n);
    if v2.kind() != Kind::NULL {
        return refuse(failed, "step 3 (kind)");
    }
    let v4 = v0.get(e);
    if v4.kind() != Kind::TEXT {
        return refuse(failed, "step 5 (kind)");
    }
    if nothing(c).kind() != Kind::ABSENT {
        return refuse(failed, "step 6 (kind)");
    }
    allow()
}

// chains over what is absent
fn vector3(c: &mut View) -> Verdict {
    if c.caller().exists() {
        return refuse(failed, "step 0 (root)");
    }
    if nothing(c).get(id).exists() {
        return refuse(failed, "step 1 (get)");
    }
    if nothing(c).named("id").exists() {
        return refuse(failed, "step 2 (get_text)");
    }
    if nothing(c).at(0).exists() {
        return refuse(failed, "step 3 (at)");
    }
    if nothing(c).key(0).exists() {
        return refuse(failed, "step 4 (key)");
    }
    if c.caller().relation(post).exists() {
        return refuse(failed, "step 5 (relation)");
    }
    if nothing(c).size() != 0 {
        return refuse(failed, "step 6 (size)");
    }
    if nothing(c).text().is_some() {
        return refuse(failed, "step 7 (read)");
    }
    allow()
}

// chains over null
fn vector4(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(n);
    if v1.get(id).exists() {
        return refuse(failed, "step 2 (get)");
    }
    if v1.at(0).exists() {
        return refuse(failed, "step 3 (at)");
    }
    if v1.key(0).exists() {
        return refuse(failed, "step 4 (key)");
    }
    if v1.size() != 0 {
        return refuse(failed, "step 5 (size)");
    }
    if v1.text().is_some() {
        return refuse(failed, "step 6 (read)");
    }
    allow()
}

// roots that the phase does not have are absent
fn vector5(c: &mut View) -> Verdict {
    if c.session().exists() {
        return refuse(failed, "step 1 (root)");
    }
    allow()
}

// a root asked for twice is the same value
fn vector6(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = c.stored();
    if !(v0.value() == v1.value()) {
        return refuse(failed, "step 2 (equals)");
    }
    allow()
}

// get on a text traps
fn vector7(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    let _ = v1.get(t);
    allow()
}

// get on a list traps
fn vector8(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    let _ = v1.get(t);
    allow()
}

// items of a list
fn vector9(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(l);
    if v1.kind() != Kind::LIST {
        return refuse(failed, "step 2 (kind)");
    }
    if v1.size() != 3 {
        return refuse(failed, "step 3 (size)");
    }
    if !(v1.at(0) == "a") {
        return refuse(failed, "step 4 (at)");
    }
    let v5 = v1.at(1);
    if v5.integer() != 2 {
        return refuse(failed, "step 6 (integer)");
    }
    let v7 = v1.at(2);
    if v7.kind() != Kind::NULL {
        return refuse(failed, "step 8 (kind)");
    }
    if v1.at(3).exists() {
        return refuse(failed, "step 9 (at)");
    }
    if v1.at(0_usize.wrapping_sub(1)).exists() {
        return refuse(failed, "step 10 (at)");
    }
    allow()
}

// fields of an object in order
fn vector10(c: &mut View) -> Verdict {
    let v0 = c.stored();
    if v0.value().size() != 2 {
        return refuse(failed, "step 1 (size)");
    }
    if !(v0.value().key(0) == "b") {
        return refuse(failed, "step 2 (key)");
    }
    if !(v0.value().key(1) == "a") {
        return refuse(failed, "step 3 (key)");
    }
    if !(v0.value().at(1) == "x") {
        return refuse(failed, "step 4 (at)");
    }
    if v0.value().key(2).exists() {
        return refuse(failed, "step 5 (key)");
    }
    if v0.value().at(2).exists() {
        return refuse(failed, "step 6 (at)");
    }
    allow()
}

// at on a text traps
fn vector11(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    let _ = v1.at(0);
    allow()
}

// key of a list traps
fn vector12(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    let _ = v1.key(0);
    allow()
}

// the size of a text is in code points
fn vector13(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    if v1.size() != 3 {
        return refuse(failed, "step 2 (size)");
    }
    if v1.text() != Some("a€😀") {
        return refuse(failed, "step 3 (read)");
    }
    allow()
}

// a text that does not fit is not written
fn vector14(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    if v1.text() != Some("four") {
        return refuse(failed, "step 3 (read)");
    }
    allow()
}

// reading a number as text traps
fn vector15(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(n);
    let _ = v1.text();
    allow()
}

// the size of a number traps
fn vector16(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(n);
    let _ = v1.size();
    allow()
}

// booleans and numbers
fn vector17(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    if !v1.boolean() {
        return refuse(failed, "step 2 (boolean)");
    }
    let v3 = v0.get(f);
    if v3.boolean() {
        return refuse(failed, "step 4 (boolean)");
    }
    let v5 = v0.get(n);
    if v5.number() != -2.5 {
        return refuse(failed, "step 6 (number)");
    }
    let v7 = v0.get(i);
    if v7.integer() != -7 {
        return refuse(failed, "step 8 (integer)");
    }
    let v9 = v0.get(big);
    if v9.integer() != 9007199254740991 {
        return refuse(failed, "step 10 (integer)");
    }
    allow()
}

// an integer that is not whole traps
fn vector18(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(n);
    let _ = v1.integer();
    allow()
}

// an integer that an f64 cannot hold traps
fn vector19(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(n);
    let _ = v1.integer();
    allow()
}

// a number that does not fit traps
fn vector20(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(n);
    let _ = v1.number();
    allow()
}

// a boolean of what is absent traps
fn vector21(c: &mut View) -> Verdict {
    let _ = nothing(c).boolean();
    allow()
}

// a number of what is absent traps
fn vector22(c: &mut View) -> Verdict {
    let _ = nothing(c).number();
    allow()
}

// an integer of null traps
fn vector23(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(n);
    let _ = v1.integer();
    allow()
}

// relations
fn vector24(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.relation(post);
    if v1.value().kind() != Kind::OBJECT {
        return refuse(failed, "step 2 (kind)");
    }
    if !(v1.get(author) == "u1") {
        return refuse(failed, "step 3 (get)");
    }
    let v4 = v0.relations(tags);
    if v4.count() != 2 {
        return refuse(failed, "step 5 (size)");
    }
    allow()
}

// a relation that points at nothing is absent
fn vector25(c: &mut View) -> Verdict {
    let v0 = c.stored();
    if v0.relation(post).exists() {
        return refuse(failed, "step 1 (relation)");
    }
    allow()
}

// a relation that is not declared traps
fn vector26(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let _ = v0.relation(author.name());
    allow()
}

// a relation of another value traps
fn vector27(c: &mut View) -> Verdict {
    let v0 = c.caller();
    let _ = v0.relation(post);
    allow()
}

// incoming fields and their modifiers
fn vector28(c: &mut Create) -> Verdict {
    let v0 = c.incoming();
    if v0.value().size() != 3 {
        return refuse(failed, "step 1 (size)");
    }
    if !(v0.value().key(1) == "tags") {
        return refuse(failed, "step 2 (key)");
    }
    if !(v0.get(title) == "Tea") {
        return refuse(failed, "step 3 (get)");
    }
    if v0.modifier(title) != Modifier::NONE {
        return refuse(failed, "step 4 (modifier)");
    }
    if v0.modifier(tags) != Modifier::APPEND {
        return refuse(failed, "step 5 (modifier)");
    }
    if v0.modifier(pin) != Modifier::AUTOGENERATE {
        return refuse(failed, "step 6 (modifier)");
    }
    if v0.modifier(none) != Modifier::NONE {
        return refuse(failed, "step 7 (modifier)");
    }
    allow()
}

// incoming without a field is there and empty
fn vector29(c: &mut Create) -> Verdict {
    let v0 = c.incoming();
    if v0.value().kind() != Kind::OBJECT {
        return refuse(failed, "step 1 (kind)");
    }
    if v0.value().size() != 0 {
        return refuse(failed, "step 2 (size)");
    }
    allow()
}

// a delete has no incoming fields
fn vector30(c: &mut Delete) -> Verdict {
    let v1 = c.stored();
    if v1.value().kind() != Kind::OBJECT {
        return refuse(failed, "step 2 (kind)");
    }
    allow()
}

// text that is too long traps
fn vector31(c: &mut View) -> Verdict {
    let _ = nothing(c).named(zeros(65537));
    allow()
}
