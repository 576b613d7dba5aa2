//! `candour chronology merge` as a person meets it: what it writes, what it says, and how it ends.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read what it needs has failed"
)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn merge(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(["chronology", "merge", "--today", "2026-11-24"])
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

fn two() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let health =
        "Date,Source,What happened\n22.05.16,Clinic record,Weighed\nsome day,Clinic record,Rang\n";
    let school = "When;Source;Event\nearly 2017;School log;Late again\n";
    std::fs::write(dir.path().join("Merrow Health chronology.csv"), health).unwrap();
    std::fs::write(dir.path().join("b.csv"), school).unwrap();
    dir
}

const FILES: [&str; 2] = ["Merrow Health chronology.csv", "Larch Row School=b.csv"];

#[test]
fn two_files_become_one_and_the_rows_to_mend_are_told_with_their_cells() {
    let dir = two();
    let at = |name: &str| dir.path().join(name);
    let args = [
        &FILES[..],
        &[
            "--out",
            "all.csv",
            "--mend",
            "mend.csv",
            "--child-born",
            "2016-05-01",
            "--json",
        ],
    ]
    .concat();
    let out = merge(dir.path(), &args);
    assert_eq!(out.status.code(), Some(3), "{}", said(&out));
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(told["entries"], 2);
    assert_eq!(told["rows_to_mend"], 1);
    assert_eq!(told["files"][1]["agency"], "Merrow Health");
    assert!(
        said(&out)
            .contains("1 row is to mend, which makes no entries yet: they stand in `mend.csv`")
            || said(&out).contains("1 row is to mend"),
        "{}",
        said(&out)
    );
    let all = std::fs::read_to_string(at("all.csv")).unwrap();
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(lines.len(), 3, "{all}");
    assert!(
        lines[1].contains("22/05/2016")
            && lines[1].contains("Merrow Health")
            && lines[1].contains("3 weeks"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].contains("early 2017") && lines[2].contains("Larch Row School"),
        "{}",
        lines[2]
    );
    let mend = std::fs::read_to_string(at("mend.csv")).unwrap();
    assert!(
        mend.contains("A3") && mend.contains("some day") && mend.contains("Rang"),
        "{mend}"
    );
    // What is there is not written over, unless that is said.
    let again = merge(dir.path(), &args);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        said(&again).contains("is there already"),
        "{}",
        said(&again)
    );
    let forced = merge(dir.path(), &[&args[..], &["--force"]].concat());
    assert_eq!(forced.status.code(), Some(3), "{}", said(&forced));
    assert_eq!(std::fs::read_to_string(at("all.csv")).unwrap(), all);
    assert!(!at("all.csv.part").exists());
}

#[test]
fn a_workbook_and_json_are_written_and_a_workbook_goes_in_again() {
    let dir = two();
    for name in ["all.xlsx", "all.json"] {
        let out = merge(dir.path(), &[&FILES[..], &["--out", name]].concat());
        assert_eq!(out.status.code(), Some(3), "{}", said(&out));
    }
    let json: Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("all.json")).unwrap()).unwrap();
    assert!(json.is_object());
    let out = merge(dir.path(), &["all.xlsx", "--out", "again.csv"]);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let again = std::fs::read_to_string(dir.path().join("again.csv")).unwrap();
    assert_eq!(again.lines().count(), 3, "{again}");
    assert!(
        again.contains("Merrow Health") && again.contains("Larch Row School"),
        "{again}"
    );
}

#[test]
fn what_cannot_be_read_is_said_all_at_once_and_nothing_is_written() {
    let dir = two();
    std::fs::write(dir.path().join("c.pdf"), "%PDF-1.7").unwrap();
    let out = merge(
        dir.path(),
        &["b.csv", "c.pdf", "none.csv", "--out", "all.xlsx"],
    );
    assert_eq!(out.status.code(), Some(2));
    for words in [
        "`c.pdf`: this is a PDF",
        "`none.csv`",
        "nothing was written",
    ] {
        assert!(said(&out).contains(words), "{words}: {}", said(&out));
    }
    assert!(!dir.path().join("all.xlsx").exists());
    for (args, words) in [
        (&["b.csv", "--out", "all.txt"][..], "has to end in"),
        (
            &["b.csv", "--out", "all.csv", "--child-born", "2030-01-01"],
            "born after today",
        ),
        (&["--out", "all.csv"], "FILE"),
    ] {
        let out = merge(dir.path(), args);
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        assert!(said(&out).contains(words), "{args:?}: {}", said(&out));
    }
}
