//! A field is used for what `policy!` lists it for.

use std::path::Path;

use crate::build::{build, folder, write, wrong, SDK};

/// Uses a field for all that a line of `policy!` has to list it for.
const USES: &str = r##"#![no_std]
use hapta::prelude::*;

hapta::policy! {
    operations: [view, create, update, delete],
    fields: [id, used, other],
    writes: [used],
    masks: [used],
    relations: [used],
    caller: [used],
}

fn view(c: &mut View) -> Verdict {
    c.mask(used);
    if c.caller().get(id) == c.caller().get(used) { allow() } else { hide() }
}

fn create(c: &mut Create) -> Verdict {
    c.set(used, 1);
    allow()
}

fn update(c: &mut Update) -> Verdict {
    c.unset(used);
    allow()
}

fn delete(c: &mut Delete) -> Verdict {
    if c.stored().relations(used).any(|record| c.caller().is(record)) { allow() } else { hide() }
}
"##;

#[test]
fn fields_are_used_for_what_they_are_listed_for() {
    let folder = folder("uses");
    build(Path::new(SDK), &write(&folder, "right.rs", USES)).unwrap();
    let complaint = wrong(&folder, &USES.replace("(used", "(other"));
    let f = |want: &str| assert!(complaint.contains(want), "{complaint}\nwant {want}");
    f("ADD_IT_TO_MASKS");
    f("ADD_IT_TO_CALLER");
    f("ADD_IT_TO_WRITES");
    f("ADD_IT_TO_RELATIONS");
    f("wrong.rs:14:5\n");
    f("wrong.rs:15:30\n");
    f("wrong.rs:19:5\n");
    f("wrong.rs:29:8\n");
    let complaint = wrong(&folder, &USES.replace("unset(used", "unset(other"));
    assert!(complaint.contains("wrong.rs:24:5\n"), "{complaint}");
}
