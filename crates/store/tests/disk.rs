//! A disk that fails under SQLite: never is success reported, writing stops and says so, and what was answered as recorded is there afterwards.
//! The failure is a real one of the system: a limit on the size of files, beyond which every write is refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use std::{env, path::Path, process::Command};

use serde_json::json;
use shared::*;
use store::{Condition, Store, StoreError};

const DIR: &str = "CANDOUR_TEST_DISK_DIR";

/// The process whose disk fails: it writes until it is refused, and says what it was told.
#[tokio::test]
#[ignore = "is run by the other test, in a process of its own"]
async fn the_process_whose_disk_fails() {
    let Ok(dir) = env::var(DIR) else { return };
    let store = Store::open(Path::new(&dir)).await.unwrap();
    let large = "x".repeat(100_000);
    let before = store.stream("case/1", 0).await.unwrap().len();
    let mut recorded = 0;
    let refused = loop {
        match append(&store, "case/1", None, &[&large]).await {
            Ok(_) => recorded += 1,
            Err(error) => break error,
        }
        assert!(recorded < 1000, "the limit was never met");
    };
    println!("\nrecorded {recorded}");
    assert!(
        matches!(
            refused,
            StoreError::Disk { .. } | StoreError::Unknown { .. }
        ),
        "{refused:?}"
    );
    assert!(matches!(store.condition(), Condition::Halted(_)));
    let again = append(&store, "case/1", None, &["small"])
        .await
        .unwrap_err();
    assert!(matches!(again, StoreError::Halted(_)), "{again:?}");
    let typed = json!("typed");
    let draft = store.put_draft("p1", "/page", None, &typed, at()).await;
    assert!(matches!(draft, Err(StoreError::Halted(_))));
    assert_eq!(
        store.stream("case/1", 0).await.unwrap().len(),
        before + recorded,
        "what is recorded can still be read"
    );
    println!("\nhalted");
}

#[tokio::test]
async fn a_disk_that_fails_stops_all_writing_and_loses_nothing_that_was_answered() {
    let (dir, store) = new_store().await;
    store.close().await;
    let data = dir.path().join("data");
    for blocks in [1500, 2500, 4000] {
        let before = {
            let store = Store::open(&data).await.unwrap();
            let entries = store.verify().await.unwrap().entries;
            store.close().await;
            entries
        };
        let out = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f $1; shift; exec \"$@\"", "sh"])
            .arg(blocks.to_string())
            .arg(env::current_exe().unwrap())
            .args([
                "--exact",
                "the_process_whose_disk_fails",
                "--ignored",
                "--nocapture",
            ])
            .env(DIR, &data)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(
            said.contains("\nhalted"),
            "{said}{}",
            String::from_utf8_lossy(&out.stderr)
        );
        let recorded: u64 = said
            .lines()
            .find_map(|line| line.strip_prefix("recorded ")?.trim().parse().ok())
            .unwrap();
        let store = Store::open(&data).await.unwrap();
        let entries = store.verify().await.unwrap().entries;
        // The one that was answered as not known may be there.
        assert!(
            (before + recorded..=before + recorded + 1).contains(&entries),
            "{before} and {recorded} more were recorded, {entries} are there"
        );
        store.close().await;
    }
}
