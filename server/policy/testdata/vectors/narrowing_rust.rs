#![no_std]
// Code generated from abi/testdata/narrowing.json by the tests of server/policy; DO NOT EDIT.

use hapta::prelude::*;

hapta::policy! {
    operations: [list, view],
    codes: [failed, other],
    fields: [author, count, flag, bio, email, post, tags, published, id, a, b, d, n, e, f, z, g],
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

fn list(c: &mut List) -> Verdict {
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
        _ => refuse(failed, "there is no such vector"),
    }
}

fn view(c: &mut View) -> Verdict {
    match c.now() - 1714564800123 {
        12 => vector12(c),
        _ => refuse(failed, "there is no such vector"),
    }
}

// not narrowed
fn vector0(_: &mut List) -> Verdict {
    allow()
}

// one condition
fn vector1(c: &mut List) -> Verdict {
    let v0 = field(published).equals(true);
    c.narrow(v0);
    allow()
}

// published ones, and one's own
fn vector2(c: &mut List) -> Verdict {
    let v0 = field(published).equals(true);
    let v1 = c.caller();
    let v2 = v1.get(id);
    let v3 = field(author).equals(v2);
    let v4 = v0.or(v3);
    c.narrow(v4);
    allow()
}

// every kind of value
fn vector3(c: &mut List) -> Verdict {
    let v0 = field(a).is_not_null();
    c.narrow(v0);
    let v2 = field(b).greater_than(-1.5);
    c.narrow(v2);
    let v4 = field(d).like("it's");
    c.narrow(v4);
    let v6 = c.query();
    let v7 = v6.get(n);
    let v8 = field(e).at_most(v7);
    c.narrow(v8);
    let v10 = v6.get(b);
    let v11 = field(f).any().equals(v10);
    c.narrow(v11);
    let v13 = v6.get(z);
    let v14 = field(g).any().not_like(v13);
    c.narrow(v14);
    allow()
}

// all_of
fn vector4(c: &mut List) -> Verdict {
    let v0 = field(a).equals(false);
    let v1 = field(b).equals(false);
    let v2 = v0.and(v1);
    c.narrow(v2);
    allow()
}

// a refused list is not narrowed
fn vector5(c: &mut List) -> Verdict {
    let v0 = field(a).equals(false);
    c.narrow(v0);
    refuse(failed, "")
}

// an absent value traps
fn vector6(c: &mut List) -> Verdict {
    let _ = field(author).equals(nothing(c));
    allow()
}

// an object as a value traps
fn vector7(c: &mut List) -> Verdict {
    let v0 = c.caller();
    let _ = field(author).equals(v0.value());
    allow()
}

// a backslash in a text traps
fn vector8(_: &mut List) -> Verdict {
    let _ = field(a).equals("x\\");
    allow()
}

// a control character in a text traps
fn vector9(_: &mut List) -> Verdict {
    let _ = field(a).equals("x\ny");
    allow()
}

// a wildcard in a pattern traps
fn vector10(_: &mut List) -> Verdict {
    let _ = field(a).like("50%");
    allow()
}

// a wildcard in a pattern for any traps
fn vector11(_: &mut List) -> Verdict {
    let _ = field(a).any().like("50%");
    allow()
}

// narrowing a record traps
fn vector12(_: &mut View) -> Verdict {
    let _ = field(a).is_null();
    allow()
}
