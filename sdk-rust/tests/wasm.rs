//! What `build-policy.sh` makes of a policy: the sections that a server looks at,
//! and the same bytes wherever the files lie.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SDK: &str = env!("CARGO_MANIFEST_DIR");

/// Everything that a policy can be made of, a panic included.
const WHOLE: &str = r##"#![no_std]
use hapta::prelude::*;

hapta::policy! {
    operations: [create, list, view, delete],
    codes: [failed],
    fields: [title, r#type],
    sets: { both: [title, r#type] },
    writes: [r#type],
    drops: true,
}

fn list(c: &mut List) -> Verdict {
    c.narrow(field(title).like("x"));
    hide()
}

fn view(c: &mut View) -> Verdict {
    if c.stored().get(title).integer() / c.now() > 3 {
        panic!("much");
    }
    allow()
}

fn create(c: &mut Create) -> Verdict {
    match c.incoming().first_not_in(both) {
        Some(name) => refuse(failed, text!["not ", name]),
        None => allow(),
    }
}

fn delete(_: &mut Delete) -> Verdict {
    allow()
}
"##;

/// A folder of its own for each test, emptied.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the script of this SDK and gives what it made, or what it complained of.
fn build(sdk: &Path, source: &Path) -> Result<Vec<u8>, String> {
    let out = source.with_extension("wasm");
    let mut command = Command::new(sdk.join("build-policy.sh"));
    let output = command.arg(source).arg(&out).output().unwrap();
    if output.status.success() {
        return Ok(fs::read(out).unwrap());
    }
    assert!(!out.exists(), "{} was left behind", out.display());
    Err(String::from_utf8(output.stderr).unwrap())
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// The sections of a module: id and content.
fn sections(module: &[u8]) -> Vec<(u8, Vec<u8>)> {
    assert_eq!(&module[..8], b"\0asm\x01\0\0\0");
    let mut rest = &module[8..];
    let mut sections = Vec::new();
    while let Some((id, after)) = rest.split_first() {
        rest = after;
        let size = number(&mut rest);
        sections.push((*id, rest[..size].to_vec()));
        rest = &rest[size..];
    }
    sections
}

/// An unsigned LEB128 number.
fn number(bytes: &mut &[u8]) -> usize {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}

fn text(bytes: &mut &[u8]) -> String {
    let size = number(bytes);
    let text = String::from_utf8(bytes[..size].to_vec()).unwrap();
    *bytes = &bytes[size..];
    text
}

/// Names and contents of the custom sections.
fn custom(module: &[u8]) -> Vec<(String, String)> {
    let split = |(_, content): (u8, Vec<u8>)| {
        let mut rest = &content[..];
        (text(&mut rest), String::from_utf8_lossy(rest).into_owned())
    };
    let all = sections(module).into_iter();
    all.filter(|(id, _)| *id == 0).map(split).collect()
}

/// The modules that functions are imported from, and the names of the functions.
fn imports(module: &[u8]) -> Vec<(String, String)> {
    let all = sections(module);
    let mut rest = match all.iter().find(|(id, _)| *id == 2) {
        Some((_, content)) => &content[..],
        None => return Vec::new(),
    };
    let count = number(&mut rest);
    let import = |_| {
        let import = (text(&mut rest), text(&mut rest));
        assert_eq!(number(&mut rest), 0, "{import:?} is no function");
        number(&mut rest);
        import
    };
    (0..count).map(import).collect()
}

/// Exported functions and memories, in order of name.
fn exports(module: &[u8]) -> Vec<String> {
    let all = sections(module);
    let mut rest = &all.iter().find(|(id, _)| *id == 7).unwrap().1[..];
    let count = number(&mut rest);
    let export = |_| {
        let name = text(&mut rest);
        let kind = number(&mut rest);
        number(&mut rest);
        (kind, name)
    };
    let exports: Vec<_> = (0..count).map(export).collect();
    let wanted = exports.into_iter().filter(|(kind, _)| *kind != 3);
    let mut names: Vec<_> = wanted.map(|(_, name)| name).collect();
    names.sort();
    names
}

/// The pages that the memory begins with.
fn pages(module: &[u8]) -> usize {
    let all = sections(module);
    let mut rest = &all.iter().find(|(id, _)| *id == 5).unwrap().1[2..];
    number(&mut rest)
}

#[test]
fn a_policy_is_what_a_server_takes() {
    let folder = folder("whole");
    let module = build(Path::new(SDK), &write(&folder, "whole.rs", WHOLE)).unwrap();
    let manifest = r#"{"name":"whole","operations":["create","list","view","delete"],"codes":["failed"],"writes":["type"],"drops":true}"#;
    assert_eq!(
        custom(&module),
        [("hapta_manifest".into(), manifest.into())]
    );
    assert_eq!(
        exports(&module),
        [
            "hapta_before",
            "hapta_filter",
            "hapta_init",
            "hapta_page",
            "hapta_record",
            "memory"
        ]
    );
    let imports = imports(&module);
    assert!(
        imports.iter().all(|(module, _)| module == "hapta_v1"),
        "{imports:?}"
    );
    assert!(
        imports.iter().any(|(_, name)| name == "panic"),
        "{imports:?}"
    );
    assert_eq!(pages(&module), 1);
    let all = String::from_utf8_lossy(&module);
    assert!(all.contains("whole.rs"), "a panic doesn't know its file");
}

#[test]
fn only_needed_exports_are_there() {
    let folder = folder("little");
    let f = |operations: &str, want: &[&str]| {
        let rules = "fn view(_: &mut View) -> Verdict { allow() }
            fn delete(_: &mut Delete) -> Verdict { allow() }";
        let source = format!(
            "#![no_std]\n#![allow(dead_code)]\nuse hapta::prelude::*;\n
            hapta::policy! {{ operations: [{operations}] }}\n{rules}"
        );
        let module = build(Path::new(SDK), &write(&folder, "little.rs", &source)).unwrap();
        assert_eq!(exports(&module), want);
        assert!(module.len() < 1000, "{} bytes", module.len());
    };
    f(
        "view",
        &["hapta_init", "hapta_page", "hapta_record", "memory"],
    );
    f("delete", &["hapta_before", "hapta_init", "memory"]);
}

#[test]
fn the_same_bytes_come_from_anywhere() {
    let folder = folder("anywhere");
    let first = write(&folder, "whole.rs", WHOLE);
    let sdk = folder.join("a copy/sdk");
    fs::create_dir_all(&sdk).unwrap();
    let copied = Command::new("cp")
        .arg("-R")
        .args(["src", "build-policy.sh", "compiler.sh"].map(|name| Path::new(SDK).join(name)))
        .arg(&sdk)
        .status();
    assert!(copied.unwrap().success());
    let second = write(&folder.join("a copy"), "whole.rs", WHOLE);
    let module = build(Path::new(SDK), &first).unwrap();
    assert!(module == build(&sdk, &second).unwrap(), "the bytes differ");
    let text = String::from_utf8_lossy(&module);
    assert!(!text.contains(&*folder.to_string_lossy()), "a path got in");
}

#[test]
fn a_folder_is_a_policy() {
    let folder = folder("folders").join("some notes");
    fs::create_dir_all(folder.join("notes/src")).unwrap();
    fs::create_dir_all(folder.join("other/src")).unwrap();
    let notes = folder.join("notes");
    write(&notes, "src/lib.rs", WHOLE);
    let module = build(Path::new(SDK), &notes).unwrap();
    assert!(custom(&module)[0].1.starts_with(r#"{"name":"notes","#));

    // The same by cargo, wherever it lies.
    let package = |name: &str, kind: &str| {
        format!("[package]\nname = \"{name}\"\nedition = \"2021\"\nversion = \"0.1.0\"\n[lib]\ncrate-type = [\"{kind}\"]\n[dependencies]\nhapta = {{ path = {SDK:?} }}\n")
    };
    write(&notes, "Cargo.toml", &package("notes", "cdylib"));
    let by_cargo = build(Path::new(SDK), &notes).unwrap();
    assert_eq!(custom(&by_cargo), custom(&module));
    assert_eq!(exports(&by_cargo), exports(&module));

    // The policy is called like the folder, whatever the package's name.
    let other = folder.join("other");
    write(&other, "src/lib.rs", WHOLE);
    write(&other, "Cargo.toml", &package("match", "cdylib"));
    let module = build(Path::new(SDK), &other).unwrap();
    assert!(custom(&module)[0].1.starts_with(r#"{"name":"other","#));
    write(&other, "Cargo.toml", &package("match", "rlib"));
    fs::remove_file(other.with_extension("wasm")).unwrap();
    let complaint = build(Path::new(SDK), &other).unwrap_err();
    let want = "other/Cargo.toml makes no .wasm: it needs crate-type = [\"cdylib\"]";
    assert!(complaint.contains(want), "{complaint}");
    let moved = folder.join("moved/notes");
    fs::create_dir_all(moved.join("src")).unwrap();
    write(&moved, "src/lib.rs", WHOLE);
    write(&moved, "Cargo.toml", &package("notes", "cdylib"));
    assert!(
        by_cargo == build(Path::new(SDK), &moved).unwrap(),
        "the bytes differ"
    );
    let text = String::from_utf8_lossy(&by_cargo);
    assert!(!text.contains(&*folder.to_string_lossy()), "a path got in");
}

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

/// Compiles a policy that is wrong, and gives what was complained of.
fn wrong(folder: &Path, text: &str) -> String {
    build(Path::new(SDK), &write(folder, "wrong.rs", text)).unwrap_err()
}

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

#[test]
fn complaints_name_files_as_whoever_calls_does() {
    let folder = folder("some & | folders");
    let wrong = "#![no_std]\nfn wrong() {\n    nothing();\n}\n";
    fs::create_dir_all(folder.join("notes/src")).unwrap();
    write(&folder, "notes.rs", wrong);
    write(&folder, "notes/src/lib.rs", wrong);
    let f = |from: &str, script: &str, source: &str| {
        let mut command = Command::new(Path::new(SDK).join(script));
        let output = command
            .args([source, "out.wasm"])
            .current_dir(folder.join(from))
            .output();
        let told = String::from_utf8(output.unwrap().stderr).unwrap();
        let file = if source.ends_with(".rs") {
            ""
        } else {
            "/src/lib.rs"
        };
        let source = source.trim_end_matches('/');
        let want = format!("--> {source}{file}:3:5\n");
        assert!(told.contains(&want), "{told}\nwant {want}");
    };
    f("", "build-policy.sh", "notes.rs");
    f("", "build-policy.sh", "notes");
    f("", "build-policy.sh", "notes/");
    f("notes", "build-policy.sh", "../notes.rs");
    f("notes", "test-policy.sh", "../notes.rs");
    let absolute = folder.join("notes.rs");
    f("", "build-policy.sh", absolute.to_str().unwrap());
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
