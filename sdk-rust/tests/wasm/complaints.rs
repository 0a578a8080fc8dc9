//! A mistake is told, with what to do instead.

use std::path::Path;

use crate::build::{build, folder, write, wrong, SDK, WHOLE};

#[test]
fn what_is_made_and_dropped_does_not_compile() {
    let text = WHOLE
        .replace(
            "    allow()\n",
            "    if c.signed_in() { hide(); }\n    allow()\n",
        )
        .replace("    hide()\n", "    field(title).equals(1);\n    hide()\n")
        .replace("delete(_:", "delete(c:");
    let complaint = wrong(&folder("dropped"), &text);
    let count = |text| complaint.matches(text).count();
    assert_eq!(
        count("note: a verdict counts when the rule returns it"),
        2,
        "{complaint}"
    );
    assert_eq!(
        count("note: a condition counts when a list is narrowed by it"),
        1,
        "{complaint}"
    );
}

#[test]
fn mistakes_are_told() {
    let folder = folder("mistakes");
    let f = |text: &str, want: &str| {
        let complaint = build(Path::new(SDK), &write(&folder, "wrong.rs", text)).unwrap_err();
        assert!(complaint.contains(want), "{complaint}");
    };
    let policy = |lines: &str| {
        format!("#![no_std]\nuse hapta::prelude::*;\nhapta::policy! {{ {lines} }}\nfn list(_: &mut List) -> Verdict {{ allow() }}")
    };
    f("fn main() {}", "make '#![no_std]' its first line");
    f(
        &policy("codes: [a]"),
        "policy! begins with `operations: [create, update]`",
    );
    f(
        &policy("operations: [list], write: [a]"),
        "policy! has no line `write: [a]`; its lines are codes,",
    );
    f(
        &policy("operations: [list], writes: [a]"),
        "cannot find value `a`",
    );
    f(&policy("operations: [view]"), "cannot find value `view`");
    let quoted = policy("operations: [list]").replace(
        "{ allow() }",
        "{ if c.caller().get(\"role\") == true { allow() } else { hide() } }",
    );
    f(
        &quoted.replace("_:", "c:"),
        "DeclareItUnderFieldsOrUseNamed",
    );
    let missing = build(Path::new(SDK), &folder.join("none.rs")).unwrap_err();
    assert!(
        missing.starts_with("build-policy.sh: there is no file "),
        "{missing}"
    );
}
