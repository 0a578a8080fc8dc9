#![no_std]
// Code generated from abi/testdata/asking.json by the tests of server/policy; DO NOT EDIT.

use hapta::prelude::*;

hapta::policy! {
    operations: [view, create],
    codes: [failed, other],
    fields: [author, count, flag, bio, email, post, tags, a, n, id, t, b, f, l, m, o, p, q, e, z, part, u, w, x, body, title],
    sets: { set0: [body, tags], set1: [author], set2: [title, body], set3: [title, body, tags], set4: [] },
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
        _ => refuse(failed, "there is no such vector"),
    }
}

fn create(c: &mut Create) -> Verdict {
    match c.now() - 1714564800123 {
        16 => vector16(c),
        _ => refuse(failed, "there is no such vector"),
    }
}

// absent equals nothing, absent included
fn vector0(c: &mut View) -> Verdict {
    if nothing(c) == nothing(c) {
        return refuse(failed, "step 0 (equals)");
    }
    let v1 = c.stored();
    let v2 = v1.get(a);
    let v3 = v1.get(n);
    if v2 == nothing(c) {
        return refuse(failed, "step 4 (equals)");
    }
    if nothing(c) == v3 {
        return refuse(failed, "step 5 (equals)");
    }
    if !(v3 == v3) {
        return refuse(failed, "step 6 (equals)");
    }
    allow()
}

// a guest is no author
fn vector1(c: &mut View) -> Verdict {
    let v0 = c.caller();
    let v1 = v0.get(id);
    let v2 = c.stored();
    let v3 = v2.get(author);
    if v1 == v3 {
        return refuse(failed, "step 4 (equals)");
    }
    allow()
}

// values that are equal
fn vector2(c: &mut View) -> Verdict {
    let v0 = c.caller();
    let v1 = c.stored();
    if !(v0.value() == v1.value()) {
        return refuse(failed, "step 2 (equals)");
    }
    allow()
}

// values that are not equal
fn vector3(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    let v2 = v0.get(n);
    if v1 == v2 {
        return refuse(failed, "step 3 (equals)");
    }
    let v4 = v0.get(b);
    let v5 = v0.get(f);
    if v4 == v5 {
        return refuse(failed, "step 6 (equals)");
    }
    if v4 == v2 {
        return refuse(failed, "step 7 (equals)");
    }
    let v8 = v0.get(l);
    let v9 = v0.get(m);
    if v8 == v9 {
        return refuse(failed, "step 10 (equals)");
    }
    let v11 = v0.get(o);
    let v12 = v0.get(p);
    let v13 = v0.get(q);
    if v11 == v12 {
        return refuse(failed, "step 14 (equals)");
    }
    if v11 == v13 {
        return refuse(failed, "step 15 (equals)");
    }
    allow()
}

// equal to a text
fn vector4(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    if !(v1 == "é") {
        return refuse(failed, "step 2 (equals_text)");
    }
    if v1 == "é" {
        return refuse(failed, "step 3 (equals_text)");
    }
    if v1 == e.name() {
        return refuse(failed, "step 5 (equals_name)");
    }
    let v6 = v0.get(n);
    if v6 == "1" {
        return refuse(failed, "step 7 (equals_text)");
    }
    let v8 = v0.get(z);
    if v8 == "" {
        return refuse(failed, "step 9 (equals_text)");
    }
    if nothing(c) == "" {
        return refuse(failed, "step 10 (equals_text)");
    }
    if nothing(c) == e.name() {
        return refuse(failed, "step 11 (equals_name)");
    }
    allow()
}

// an escaped text is the same text
fn vector5(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    if !(v1 == "ab\n") {
        return refuse(failed, "step 2 (equals_text)");
    }
    if v1.size() != 3 {
        return refuse(failed, "step 3 (size)");
    }
    allow()
}

// order
fn vector6(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(a);
    let v2 = v0.get(b);
    if v1.compare(v2) != core::cmp::Ordering::Less {
        return refuse(failed, "step 3 (compare)");
    }
    if v2.compare(v1) != core::cmp::Ordering::Greater {
        return refuse(failed, "step 4 (compare)");
    }
    if v1.compare(v1) != core::cmp::Ordering::Equal {
        return refuse(failed, "step 5 (compare)");
    }
    let v6 = v0.get(m);
    let v7 = v0.get(n);
    if v6.compare(v7) != core::cmp::Ordering::Less {
        return refuse(failed, "step 8 (compare)");
    }
    if v7.compare(v6) != core::cmp::Ordering::Greater {
        return refuse(failed, "step 9 (compare)");
    }
    allow()
}

// the order of two kinds traps
fn vector7(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(a);
    let v2 = v0.get(n);
    let _ = v1.compare(v2);
    allow()
}

// the order of absent values traps
fn vector8(c: &mut View) -> Verdict {
    let _ = nothing(c).compare(nothing(c));
    allow()
}

// the order of booleans traps
fn vector9(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(b);
    let _ = v1.compare(v1);
    allow()
}

// items of a list and parts of a text
fn vector10(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(l);
    let v2 = v0.get(t);
    let v3 = v0.get(a);
    let v4 = v0.get(n);
    let v5 = v0.get(z);
    let v6 = v0.get(part);
    if !v1.contains(v3) {
        return refuse(failed, "step 7 (contains)");
    }
    if !v1.contains(v4) {
        return refuse(failed, "step 8 (contains)");
    }
    if !v1.contains(v5) {
        return refuse(failed, "step 9 (contains)");
    }
    if v1.contains(v2) {
        return refuse(failed, "step 10 (contains)");
    }
    if v1.contains(nothing(c)) {
        return refuse(failed, "step 11 (contains)");
    }
    if nothing(c).contains(v3) {
        return refuse(failed, "step 12 (contains)");
    }
    if v5.contains(v3) {
        return refuse(failed, "step 13 (contains)");
    }
    if v2.contains(v5) {
        return refuse(failed, "step 14 (contains)");
    }
    if !v2.contains(v6) {
        return refuse(failed, "step 15 (contains)");
    }
    if v6.contains(v2) {
        return refuse(failed, "step 16 (contains)");
    }
    if !v1.contains_text("a") {
        return refuse(failed, "step 17 (contains_text)");
    }
    if v1.contains_text("1") {
        return refuse(failed, "step 18 (contains_text)");
    }
    if !v2.contains_text("tim") {
        return refuse(failed, "step 19 (contains_text)");
    }
    if v2.contains_text("Tim") {
        return refuse(failed, "step 20 (contains_text)");
    }
    if nothing(c).contains_text("") {
        return refuse(failed, "step 21 (contains_text)");
    }
    allow()
}

// a number contains nothing: trap
fn vector11(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(n);
    let _ = v1.contains_text("1");
    allow()
}

// a text contains no number: trap
fn vector12(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(n);
    let v2 = v0.get(t);
    let _ = v2.contains(v1);
    allow()
}

// patterns
fn vector13(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(t);
    if !v1.matches("*.pdf") {
        return refuse(failed, "step 2 (glob)");
    }
    if !v1.matches("report-????.*") {
        return refuse(failed, "step 3 (glob)");
    }
    if !v1.matches("*") {
        return refuse(failed, "step 4 (glob)");
    }
    if v1.matches("report") {
        return refuse(failed, "step 5 (glob)");
    }
    if !v1.matches("*2024*") {
        return refuse(failed, "step 6 (glob)");
    }
    if v1.matches("*.pd") {
        return refuse(failed, "step 7 (glob)");
    }
    if v1.matches("") {
        return refuse(failed, "step 8 (glob)");
    }
    let v9 = v0.get(e);
    if !v9.matches("") {
        return refuse(failed, "step 10 (glob)");
    }
    if !v9.matches("**") {
        return refuse(failed, "step 11 (glob)");
    }
    if v9.matches("?") {
        return refuse(failed, "step 12 (glob)");
    }
    let v13 = v0.get(u);
    if !v13.matches("a?b") {
        return refuse(failed, "step 14 (glob)");
    }
    if v13.matches("a??b") {
        return refuse(failed, "step 15 (glob)");
    }
    if nothing(c).matches("*") {
        return refuse(failed, "step 16 (glob)");
    }
    allow()
}

// a pattern for a list traps
fn vector14(c: &mut View) -> Verdict {
    let v0 = c.stored();
    let v1 = v0.get(l);
    let _ = v1.matches("*");
    allow()
}

// blank
fn vector15(c: &mut View) -> Verdict {
    if !nothing(c).is_blank() {
        return refuse(failed, "step 0 (blank)");
    }
    let v1 = c.stored();
    if v1.value().is_blank() {
        return refuse(failed, "step 2 (blank)");
    }
    let v3 = v1.get(z);
    if !v3.is_blank() {
        return refuse(failed, "step 4 (blank)");
    }
    let v5 = v1.get(e);
    if !v5.is_blank() {
        return refuse(failed, "step 6 (blank)");
    }
    let v7 = v1.get(w);
    if !v7.is_blank() {
        return refuse(failed, "step 8 (blank)");
    }
    let v9 = v1.get(x);
    if v9.is_blank() {
        return refuse(failed, "step 10 (blank)");
    }
    let v11 = v1.get(l);
    if !v11.is_blank() {
        return refuse(failed, "step 12 (blank)");
    }
    let v13 = v1.get(m);
    if v13.is_blank() {
        return refuse(failed, "step 14 (blank)");
    }
    let v15 = v1.get(o);
    if !v15.is_blank() {
        return refuse(failed, "step 16 (blank)");
    }
    let v17 = v1.get(p);
    if v17.is_blank() {
        return refuse(failed, "step 18 (blank)");
    }
    let v19 = v1.get(n);
    if v19.is_blank() {
        return refuse(failed, "step 20 (blank)");
    }
    let v21 = v1.get(f);
    if v21.is_blank() {
        return refuse(failed, "step 22 (blank)");
    }
    allow()
}

// set questions go in the order of the fields, modifiers or not
fn vector16(c: &mut Create) -> Verdict {
    let v0 = c.incoming();
    if v0.first_in(set0) != Some("tags") {
        return refuse(failed, "step 1 (first_in)");
    }
    if v0.first_in(set1).is_some() {
        return refuse(failed, "step 2 (first_in)");
    }
    if v0.first_not_in(set2) != Some("tags") {
        return refuse(failed, "step 3 (first_not_in)");
    }
    if v0.first_not_in(set3).is_some() {
        return refuse(failed, "step 4 (first_not_in)");
    }
    if v0.first_not_in(set4) != Some("title") {
        return refuse(failed, "step 5 (first_not_in)");
    }
    allow()
}
