//! One stored entry of every kind, as it was first written; they are kept and read for ever.
//! A change to an event adds a file beside the old one and a step in `upcast`, never an edit here.

use std::collections::BTreeSet;
use std::path::PathBuf;

use cases::event::{EVENT_VERSION, upcast};
use cases::{Event, Recorded};
use serde_json::Value;

fn folder(version: u16) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/written")).join(format!("v{version}"))
}

fn files(version: u16) -> Vec<(String, Value)> {
    let mut list: Vec<(String, Value)> = std::fs::read_dir(folder(version))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| {
            let value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap())
                .unwrap_or_else(|why| panic!("{}: {why}", path.display()));
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                value,
            )
        })
        .collect();
    list.sort_by(|a, b| a.0.cmp(&b.0));
    list
}

fn word(schema: &Value, key: &str) -> Option<String> {
    schema
        .pointer(&format!("/properties/{key}/const"))
        .and_then(Value::as_str)
        .map(str::to_owned)
}

/// The kinds the program knows, read from the schema of its own type.
fn kinds() -> BTreeSet<String> {
    let schema = serde_json::to_value(schemars::schema_for!(Event)).unwrap();
    let mut kinds = BTreeSet::new();
    for stage in schema["oneOf"].as_array().unwrap() {
        let name = word(stage, "stage").unwrap();
        let at = stage["properties"]["event"]["$ref"]
            .as_str()
            .unwrap()
            .trim_start_matches('#');
        let inner = schema.pointer(at).unwrap();
        for one in inner["oneOf"].as_array().unwrap() {
            kinds.insert(format!("{name}.{}", word(one, "is").unwrap()));
        }
    }
    kinds
}

#[test]
fn every_entry_ever_written_is_still_read_and_written_back_equal() {
    for version in 1..=EVENT_VERSION {
        for (name, value) in files(version) {
            let newest = upcast(version, value.clone()).unwrap();
            let recorded: Recorded = serde_json::from_value(newest.clone())
                .unwrap_or_else(|why| panic!("v{version}/{name}: {why}"));
            // A second shape of the same kind stands beside the first: KIND~what-is-new.
            assert_eq!(
                Some(recorded.event.kind().as_str()),
                name.split('~').next(),
                "the file is named after its kind"
            );
            assert_eq!(
                serde_json::to_value(&recorded).unwrap(),
                newest,
                "v{version}/{name} lost or gained something"
            );
        }
    }
}

#[test]
fn every_kind_of_event_has_a_stored_entry() {
    let kinds = kinds();
    assert!(kinds.len() > 40, "the schema lists the kinds: {kinds:?}");
    let written: BTreeSet<String> = files(EVENT_VERSION)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        kinds.difference(&written).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "write one entry of each of these kinds"
    );
}

#[test]
fn an_entry_of_a_newer_version_is_refused_in_words() {
    assert!(
        upcast(EVENT_VERSION + 1, Value::Null)
            .unwrap_err()
            .contains("newer")
    );
}
