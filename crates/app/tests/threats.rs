//! The threat model names the test that holds each line; a name without a test is a promise that nobody checks.
#![expect(
    clippy::expect_used,
    reason = "a check that cannot read its files has to stop"
)]

use std::{collections::BTreeSet, fs, path::Path};

/// Every function in the tests and sources of the workspace.
fn functions(folder: &Path, into: &mut BTreeSet<String>) {
    for item in fs::read_dir(folder).expect("a folder") {
        let path = item.expect("an item").path();
        if path.is_dir() {
            functions(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("text");
            into.extend(text.lines().filter_map(|line| {
                let (_, after) = line.split_once("fn ")?;
                let name = after
                    .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .next()?;
                Some(name.to_owned())
            }));
        }
    }
}

/// What stands in backticks and reads like a test: a sentence of at least four words.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.matches('_').count() >= 3 && !name.contains(['/', '.', ' ']))
}

#[test]
fn every_test_the_threat_model_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut there = BTreeSet::new();
    functions(&root.join("crates"), &mut there);
    let text = fs::read_to_string(root.join("docs/threat-model.md")).expect("the threat model");
    let missing: Vec<&str> = named(&text).filter(|name| !there.contains(*name)).collect();
    assert!(missing.is_empty(), "no such test: {missing:?}");
    assert!(named(&text).count() > 40);
}
