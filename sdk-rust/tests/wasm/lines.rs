//! A line of `policy!` that is wrong is named, with what to write.

use crate::build::{folder, wrong};

#[test]
fn the_line_that_is_wrong_is_named() {
    let f = |lines: &'static str, want: &'static str| (lines, want);
    let mistakes = [
        f("", "policy! begins with `operations: [create, update]`"),
        f(
            r#"operations: ["list"]"#,
            "write operations without quotes: `operations: [list]`",
        ),
        f("operations: []", "with one operation or more"),
        f(
            "fuel: 5, operations: [list]",
            "and not with `fuel`: put that line first",
        ),
        f(
            "operations: [list] codes: [a]",
            "a comma is missing between the lines `operations` and `codes`",
        ),
        f(
            "operations: [list], fields: [a] codes: [a]",
            "a comma is missing between the lines `fields` and `codes`",
        ),
        f(
            "operations: [list], fuel: -5, codes: [a]",
            "`fuel` is negative: write a whole number such as `fuel: 100_000`",
        ),
        f(
            "operations: [list], codes = [a]",
            "write the line `codes` as `codes: …,`",
        ),
        f(
            "operations: [list], masks: [a]; fields: [b]",
            "after the line `masks` comes `; fields : [b]`",
        ),
        f(
            r#"operations: [list], codes: ["nope", "more"]"#,
            "write codes without quotes: `codes: [nope]`",
        ),
        f(
            r#"operations: [list], writes: ["a"]"#,
            "write writes without quotes: `writes: [a]`",
        ),
        f(
            r#"operations: [list], always_masked: ["a"]"#,
            "write always_masked without quotes: `always_masked: [a]`",
        ),
        f("operations: [list], public: a", "has no line `public: a`"),
    ];
    let modules = mistakes.iter().enumerate();
    let modules: String = modules
        .map(|(at, (lines, _))| {
            format!("mod m{at} {{ hapta::policy! {{ {lines} }} fn list() {{}} }}\n")
        })
        .collect();
    let complaint = wrong(&folder("lines"), &format!("#![no_std]\n{modules}"));
    for (_, want) in mistakes {
        assert!(complaint.contains(want), "{complaint}\nwant {want}");
    }
}
