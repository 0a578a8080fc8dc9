//! What a server looks at is there, and nothing that it refuses.

use std::path::Path;

use crate::build::{build, folder, write, SDK, WHOLE};
use crate::module::{custom, exports, imports, pages};

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
