//! The arrows between the rooms point one way only: this reads what cargo knows of the workspace and fails on an edge that is not allowed.
//! A new crate, or a new edge, is a decision: write it here and in ARCHITECTURE.md.
#![expect(
    clippy::expect_used,
    reason = "a check that cannot read its input has to stop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Which rooms a room may know.
/// `web` knows the types of the pure rooms and reaches everything else through `desk`; `store` does not know what a case is.
const ALLOWED: [(&str, &[&str]); 12] = [
    ("calendar", &[]),
    ("guidance", &["calendar"]),
    ("cases", &["calendar", "guidance"]),
    ("access", &["cases"]),
    ("record", &[]),
    ("store", &["access", "record"]),
    ("examine", &[]),
    ("chronology", &[]),
    ("papers", &["calendar", "cases", "guidance"]),
    (
        "desk",
        &[
            "access", "calendar", "cases", "examine", "guidance", "papers", "record", "store",
        ],
    ),
    ("web", &["access", "calendar", "cases", "desk", "guidance"]),
    (
        "app",
        &[
            "access",
            "calendar",
            "cases",
            "chronology",
            "desk",
            "examine",
            "guidance",
            "papers",
            "record",
            "store",
            "web",
        ],
    ),
];

/// Rooms without input, output, clock, chance or waiting.
const PURE: [&str; 6] = [
    "calendar",
    "guidance",
    "cases",
    "chronology",
    "access",
    "record",
];

/// Packages that would bring one of these into a pure room.
const IMPURE: [&str; 12] = [
    "axum",
    "tokio",
    "tower",
    "tower-http",
    "sqlx",
    "getrandom",
    "rand",
    "reqwest",
    "tracing",
    "typst",
    "futures",
    "async-trait",
];

/// What no room may bring in, at any depth.
const NOWHERE: [&str; 4] = ["openssl-sys", "openssl", "native-tls", "aws-lc-sys"];

/// Package -> what it depends on, tests and build scripts left out.
type Edges = BTreeMap<String, BTreeSet<String>>;

fn metadata(arguments: &[&str]) -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(arguments)
        .output()
        .expect("cargo can be started");
    assert!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn edges(metadata: &Value) -> Edges {
    let packages = metadata["packages"]
        .as_array()
        .expect("packages are listed");
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"]
                .as_array()
                .expect("dependencies are listed");
            let normal = dependencies
                .iter()
                .filter(|d| d["kind"].is_null())
                .map(|d| text(d, "name").to_owned());
            (text(package, "name").to_owned(), normal.collect())
        })
        .collect()
}

/// Every edge between rooms that is not allowed, as a sentence.
fn forbidden(edges: &Edges) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let mut found = Vec::new();
    for (room, knows) in edges {
        let Some(may) = allowed.get(room.as_str()) else {
            found.push(format!("`{room}` is a room that has no line in this test"));
            continue;
        };
        for other in knows
            .iter()
            .filter(|o| edges.contains_key(*o) && !may.contains(&o.as_str()))
        {
            found.push(format!("`{room}` must not know `{other}`"));
        }
    }
    found
}

#[test]
fn every_arrow_between_the_rooms_is_one_of_those_allowed() {
    let edges = edges(&metadata(&["--no-deps"]));
    let rooms: BTreeSet<&str> = edges.keys().map(String::as_str).collect();
    assert_eq!(
        rooms,
        ALLOWED.iter().map(|(room, _)| *room).collect(),
        "the rooms of the workspace are those of this test"
    );
    assert_eq!(forbidden(&edges), Vec::<String>::new());
}

#[test]
fn an_arrow_that_is_not_allowed_is_found_and_named() {
    let mut edges = edges(&metadata(&["--no-deps"]));
    edges
        .get_mut("web")
        .expect("the room is there")
        .insert("store".into());
    edges.insert("attic".into(), BTreeSet::new());
    assert_eq!(
        forbidden(&edges),
        [
            "`attic` is a room that has no line in this test",
            "`web` must not know `store`"
        ]
    );
}

#[test]
fn the_pure_rooms_bring_in_no_clock_no_chance_and_no_waiting() {
    let edges = edges(&metadata(&["--no-deps"]));
    for room in PURE {
        let impure: Vec<&String> = edges[room]
            .iter()
            .filter(|d| IMPURE.contains(&d.as_str()))
            .collect();
        assert!(
            impure.is_empty(),
            "`{room}` is pure and must not depend on {impure:?}"
        );
    }
}

/// The packages among `NOWHERE` that a lock file names.
fn kept_out(lock: &str) -> Vec<&str> {
    lock.lines()
        .filter_map(|l| l.strip_prefix("name = \"")?.strip_suffix('"'))
        .filter(|n| NOWHERE.contains(n))
        .collect()
}

/// The lock file names every package for every system and feature, and can be read where only this system's were fetched.
#[test]
fn nothing_brings_in_a_second_cryptography_in_c() {
    let lock = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let lock = std::fs::read_to_string(lock).expect("the lock file can be read");
    assert!(
        lock.contains("name = \"app\""),
        "this is the lock file of the workspace"
    );
    let found = kept_out(&lock);
    assert!(
        found.is_empty(),
        "these packages must not be in the tree: {found:?}"
    );
}

#[test]
fn a_package_that_is_kept_out_is_found_in_a_lock_file() {
    let lock =
        "[[package]]\nname = \"native-tls\"\nversion = \"0.2.0\"\n\n[[package]]\nname = \"jiff\"\n";
    assert_eq!(kept_out(lock), ["native-tls"]);
}
