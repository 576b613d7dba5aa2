//! The page about the ASVS lists every requirement of levels 1 and 2 once, and names tests that exist; the numbers and levels are in `asvs/ids.txt`.
#![expect(
    clippy::expect_used,
    reason = "a check that cannot read its files has to stop"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const STATES: [&str; 5] = [
    "held",
    "held by how it is built",
    "partly",
    "not met",
    "does not apply",
];

/// One line of the page.
struct Row {
    level: String,
    asked: String,
    state: String,
    by: String,
}

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).expect("a file of the repository")
}

/// The number of a requirement, such as `6.2.10`.
fn is_number(text: &str) -> bool {
    text.split('.').count() == 3 && text.split('.').all(|part| part.parse::<u8>().is_ok())
}

fn levels() -> BTreeMap<String, String> {
    let text = read("crates/app/tests/asvs/ids.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(id, level)| (id.to_owned(), level.to_owned()))
        .collect()
}

fn rows() -> BTreeMap<String, Row> {
    let mut rows = BTreeMap::new();
    for line in read("docs/asvs.md").lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [id, level, asked, state, by] = cells.as_slice() else {
            continue;
        };
        if !is_number(id) {
            continue;
        }
        let row = Row {
            level: (*level).to_owned(),
            asked: (*asked).to_owned(),
            state: (*state).to_owned(),
            by: (*by).to_owned(),
        };
        let twice = rows.insert((*id).to_owned(), row);
        assert!(twice.is_none(), "{id} stands there twice");
    }
    rows
}

/// The tests a line names: `crate/path/file.rs::function`, or a file of the tests in the browser.
fn named(by: &str) -> impl Iterator<Item = &str> {
    by.split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.contains("::") || name.starts_with("tests/"))
}

#[test]
fn every_requirement_of_levels_1_and_2_is_on_the_page_with_its_level() {
    let (levels, rows) = (levels(), rows());
    assert_eq!(levels.len(), 345);
    let missing: Vec<&String> = levels
        .iter()
        .filter(|(id, level)| *level != "3" && !rows.contains_key(*id))
        .map(|(id, _)| id)
        .collect();
    assert!(missing.is_empty(), "not on the page: {missing:?}");
    for (id, row) in &rows {
        assert_eq!(levels.get(id), Some(&row.level), "the level of {id}");
        assert!(STATES.contains(&row.state.as_str()), "{id}: {}", row.state);
        assert!(!row.asked.is_empty() && !row.by.is_empty(), "{id}");
    }
    assert!(rows.values().filter(|row| row.level == "3").count() >= 40);
}

#[test]
fn what_is_said_to_be_held_names_a_test_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (id, row) in rows() {
        for name in named(&row.by) {
            let Some((file, test)) = name.split_once("::") else {
                assert!(root.join(name).exists(), "{id} names {name}");
                continue;
            };
            let text = fs::read_to_string(root.join("crates").join(file));
            let there = text.is_ok_and(|text| text.contains(&format!("fn {test}(")));
            assert!(there, "{id} names {name}");
        }
        let tests = named(&row.by).count();
        assert!(row.state != "held" || tests > 0, "{id} names no test");
    }
}

#[test]
fn the_sums_on_the_page_are_those_of_its_lines() {
    let (page, rows) = (read("docs/asvs.md"), rows());
    for level in ["1", "2", "3"] {
        let of = |state: &str| {
            let of_level = rows.values().filter(|row| row.level == level);
            of_level.filter(|row| row.state == state).count()
        };
        let counts: Vec<usize> = STATES.iter().map(|state| of(state)).collect();
        let all: usize = counts.iter().sum();
        let cells: Vec<String> = counts.iter().chain([&all]).map(usize::to_string).collect();
        let line = format!("| {level} | {} |", cells.join(" | "));
        assert!(page.contains(&line), "the sums of level {level} are {line}");
    }
}
