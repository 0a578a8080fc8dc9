//! Collections and fields may be called what a word of Rust is called.

use std::path::Path;
use std::process::Command;

use crate::build::{build, folder, write, wrong, SDK, WHOLE};
use crate::module::custom;

#[test]
fn a_file_may_be_called_anything_that_a_collection_may() {
    let folder = folder("names");
    let f = |name: &str| {
        let source = write(&folder, &format!("{name}.rs"), WHOLE);
        let module = build(Path::new(SDK), &source).unwrap();
        let want = format!("{{\"name\":\"{name}\",");
        let manifest = &custom(&module)[0].1;
        assert!(manifest.starts_with(&want), "{manifest}");
    };
    f("match");
    f("self");
    f("hapta");
    f("core");
    f("policy");
    f("2024");
    f("Some-notes");
    let source = write(&folder, "my \"notes\".rs", WHOLE);
    let complaint = build(Path::new(SDK), &source).unwrap_err();
    assert!(complaint.contains("rename "), "{complaint}");
}

/// Fields whose names are taken, and a path.
const RENAMED: &str = r##"#![no_std]
use hapta::prelude::*;

hapta::policy! {
    operations: [list, view, create],
    fields: [title, list_field = "list", its_self = "self", author_name = "author.name"],
    sets: { some: [title, list_field] },
    writes: [list_field],
    masks: [its_self],
    always_masked: [its_self],
    public: [title, list_field],
    relations: [list_field],
    caller: [its_self],
}

fn list(c: &mut List) -> Verdict {
    c.narrow(field(author_name).equals("ann").and(field(list_field).equals(1)));
    allow()
}

fn view(c: &mut View) -> Verdict {
    c.mask(its_self);
    let same = c.stored().relation(list_field).get(list_field) == c.caller().get(its_self);
    if same { allow() } else { hide() }
}

fn create(c: &mut Create) -> Verdict {
    c.set(list_field, c.incoming().first_in(some).unwrap_or(""));
    allow()
}

#[test]
fn names_are_the_fields_own() {
    POLICY.call().list().allowed().narrows("(author.name = 'ann' && list = 1)");
    let case = POLICY.call().incoming(r#"{"list":"a"}"#);
    case.create().allowed().writes(r#"{"list":"list"}"#);
    let case = POLICY.call().stored("{}").related("list", r#"{"id":"x","list":2}"#);
    case.caller(r#"{"self":2}"#).view().allowed().masks(&["self"]);
}
"##;

#[test]
fn fields_may_be_called_otherwise() {
    let folder = folder("renamed");
    let right = write(&folder, "right.rs", RENAMED);
    let module = build(Path::new(SDK), &right).unwrap();
    let manifest = r#"{"name":"right","operations":["list","view","create"],"writes":["list"],"masks":["self"],"always_masked":["self"],"public":["title","list"],"relations":["list"],"caller":["self"]}"#;
    assert_eq!(
        custom(&module),
        [("hapta_manifest".into(), manifest.into())]
    );
    let tests = Command::new(Path::new(SDK).join("test-policy.sh"))
        .arg(&right)
        .output()
        .unwrap();
    assert!(tests.status.success(), "{tests:?}");

    let f = |from: &str, to: &str, want: &str| {
        assert!(RENAMED.contains(from), "{from}");
        let complaint = wrong(&folder, &RENAMED.replace(from, to));
        assert!(complaint.contains(want), "{complaint}\nwant {want}");
    };
    f("c.set(list_field", "c.set(its_self", "ADD_IT_TO_WRITES");
    f("c.set(list_field", "c.set(author_name", "ADD_IT_TO_WRITES");
    f(
        ".get(list_field)",
        ".get(author_name)",
        "A_PATH_IS_FOR_CONDITIONS",
    );
    f(r#""self""#, r#""se\"lf""#, "error[E0080]");
    f(r#""self""#, r#""""#, "error[E0080]");
}
