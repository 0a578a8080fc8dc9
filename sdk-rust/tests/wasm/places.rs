//! A policy is the same wherever it lies, as a file, as a folder and by cargo.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::build::{build, folder, write, SDK, WHOLE};
use crate::module::{custom, exports};

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
