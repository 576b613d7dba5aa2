//! The second checker, in Python, against the store's own, on the very same file: sound, and with one bit flipped anywhere in it.
//! It needs PyNaCl; where that is missing the test fails and says what to install.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use std::{fs, path::Path, process::Command};

use shared::{append, at, new_store, permit};
use store::{Store, StoreError};

/// Exit code, the entry named, and all that was said.
fn second(database: &Path) -> (i32, Option<u64>, String) {
    let python = ["/usr/bin/python3", "python3"]
        .into_iter()
        .find(|python| {
            Command::new(python)
                .args(["-c", "import nacl.bindings, sqlite3"])
                .output()
                .is_ok_and(|output| output.status.success())
        })
        .expect("the second checker needs Python 3 with PyNaCl: install it with `sudo apt-get install python3-nacl`");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify/verify.py");
    let output = Command::new(python)
        .arg(script)
        .arg("log")
        .arg(database)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    let entry = said
        .strip_prefix("broken at entry ")
        .and_then(|rest| rest.split(':').next()?.parse().ok());
    (output.status.code().unwrap_or(-1), entry, said)
}

/// A closed installation with a few hundred entries, checkpoints, a destroyed entry and a destroyed case, in one file.
async fn installation() -> (tempfile::TempDir, String) {
    let (dir, store) = new_store().await;
    for round in 0..30 {
        let words: Vec<String> = (0..10)
            .map(|n| format!("{round} {n}: {}", "calm words ".repeat(60)))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let stream = format!("case/{}", round % 4);
        append(&store, &stream, None, &words).await.unwrap();
        if round % 7 == 0 {
            store.checkpoint("a decision", at()).await.unwrap();
        }
    }
    let gone = store.stream("case/1", 0).await.unwrap()[3].key_id.clone();
    store.destroy_content(permit(), &gone).await.unwrap();
    let whole = store::Erase {
        streams: vec!["case/2".into()],
        rule: "an invented rule".into(),
        at: at(),
        ..store::Erase::default()
    };
    store.erase(permit(), &whole).await.unwrap();
    let root = store.tree_head().await.unwrap().root.to_hex();
    store.close().await;
    (dir, root)
}

/// Everything of the data folder, so that it can be damaged again and again from the same beginning.
fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).unwrap();
    for found in fs::read_dir(from).unwrap() {
        let found = found.unwrap();
        if found.file_type().unwrap().is_file() {
            fs::copy(found.path(), to.join(found.file_name())).unwrap();
        }
    }
}

#[tokio::test]
async fn the_second_checker_finds_a_log_the_store_wrote_sound_and_computes_the_same_root() {
    let (dir, root) = installation().await;
    let (code, _, said) = second(&dir.path().join("data/candour.sqlite"));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("300 entries, "), "{said}");
    assert!(said.contains(&root), "{said}, the store: {root}");
    assert!(said.contains("5 checkpoints"), "{said}");
}

#[tokio::test]
async fn a_bit_flipped_anywhere_in_the_file_gives_both_the_same_verdict() {
    let (dir, _) = installation().await;
    let (whole, damaged) = (dir.path().join("data"), dir.path().join("damaged"));
    let bytes = fs::read(whole.join("candour.sqlite")).unwrap();
    let mut dice: u64 = 0x5ec0_4d1e;
    let mut below = |limit: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice % limit as u64) as usize
    };
    let (mut sound, mut named) = (0, 0);
    for _ in 0..30 {
        copy(&whole, &damaged);
        let mut bytes = bytes.clone();
        let (at, bit) = (below(bytes.len()), below(8));
        bytes[at] ^= 1 << bit;
        let file = damaged.join("candour.sqlite");
        fs::write(&file, &bytes).unwrap();
        let (code, entry, there) = second(&file);
        let here = match Store::open(&damaged).await {
            Ok(store) => {
                let verdict = store.verify().await;
                store.close().await;
                verdict
            }
            // What is damaged is no part of the log, or so much that nothing can be read.
            Err(error) => {
                assert!(
                    code == 1 || code == 0,
                    "byte {at}, bit {bit}: {error}, there {there}"
                );
                continue;
            }
        };
        match here {
            Ok(_) => {
                assert_eq!(code, 0, "byte {at}, bit {bit}: sound here, there {there}");
                sound += 1;
            }
            // Only the store has the master key.
            Err(StoreError::Broken(broken)) if broken.why.contains("key") => {}
            // Where the database itself cannot read a page, which entry it stops at depends on the way to it.
            Err(StoreError::Broken(broken)) if broken.why.contains("malformed") => {
                assert_eq!(
                    code, 1,
                    "byte {at}, bit {bit}: here {broken}, there {there}"
                );
            }
            Err(StoreError::Broken(broken)) => {
                assert_eq!(
                    (code, entry),
                    (1, Some(broken.position)),
                    "byte {at}, bit {bit}: here {broken}, there {there}"
                );
                named += 1;
            }
            Err(other) => assert_eq!(code, 1, "byte {at}, bit {bit}: here {other}, there {there}"),
        }
    }
    assert!(
        sound > 1 && named > 4,
        "{sound} sound, {named} named by both"
    );
}
