//! Complaints name files as whoever calls does.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::build::{folder, write, SDK};

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
