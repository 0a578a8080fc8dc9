//! Runs `build-policy.sh` as an author would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const SDK: &str = env!("CARGO_MANIFEST_DIR");

/// Everything that a policy can be made of, a panic included.
pub const WHOLE: &str = r##"#![no_std]
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
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the script of this SDK and gives what it made, or what it complained of.
pub fn build(sdk: &Path, source: &Path) -> Result<Vec<u8>, String> {
    let out = source.with_extension("wasm");
    let mut command = Command::new(sdk.join("build-policy.sh"));
    let output = command.arg(source).arg(&out).output().unwrap();
    if output.status.success() {
        return Ok(fs::read(out).unwrap());
    }
    assert!(!out.exists(), "{} was left behind", out.display());
    Err(String::from_utf8(output.stderr).unwrap())
}

pub fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// Compiles a policy that is wrong, and gives what was complained of.
pub fn wrong(folder: &Path, text: &str) -> String {
    build(Path::new(SDK), &write(folder, "wrong.rs", text)).unwrap_err()
}
