//! README's policies compile, and pass the tests in them.

use std::fs;
use std::path::Path;
use std::process::Command;

const SDK: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn examples_work() {
    let readme = fs::read_to_string(Path::new(SDK).join("README.md")).unwrap();
    let examples = readme.split("```rust\n").skip(1);
    let examples: Vec<_> = examples
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(examples.len(), 2);
    let notes = fs::read_to_string(Path::new(SDK).join("examples/notes.rs")).unwrap();
    assert_eq!(examples[0], notes, "examples/notes.rs is another policy");
    for (at, example) in examples.iter().enumerate() {
        let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("example{at}.rs"));
        fs::write(&source, example).unwrap();
        run(
            "build-policy.sh",
            &[&source, &source.with_extension("wasm")],
        );
        run("test-policy.sh", &[&source]);
    }
}

fn run(script: &str, args: &[&Path]) {
    let output = Command::new(Path::new(SDK).join(script))
        .args(args)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {told}");
    assert!(!told.contains("warning"), "{script}: {told}");
}
