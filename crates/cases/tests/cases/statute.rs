//! The page that joins paragraphs, rules and tests: what it names must exist.

use std::path::Path;

fn every_source(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            every_source(&path, text);
        } else if path.extension().is_some_and(|e| e == "rs") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_test_and_file_the_statute_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/statute.md")).unwrap();
    let mut tests = String::new();
    for part in ["cases", "desk", "guidance"] {
        every_source(&root.join("crates").join(part).join("tests"), &mut tests);
    }
    let rows: Vec<&str> = page
        .lines()
        .filter(|l| l.starts_with("| ") && l.contains('`'))
        .collect();
    assert!(rows.len() >= 30, "every paragraph is a row");
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        for file in cells[2].split('`').filter(|w| w.contains('/')) {
            assert!(root.join(file).is_file(), "`{file}` is not there: {row}");
        }
        let named: Vec<&str> = cells[3].split('`').filter(|w| w.contains('_')).collect();
        assert!(!named.is_empty(), "a row without a test: {row}");
        for name in named {
            assert!(
                tests.contains(&format!("fn {name}(")),
                "`{name}` is not there: {row}"
            );
        }
    }
}
