//! Backup and restore: there and back without loss, and nothing altered, cut off or misplaced is ever restored.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use serde_json::json;
use shared::*;
use store::{Content, NewAccount, NewSession, Store, StoreError, restore};

async fn lived_in() -> (tempfile::TempDir, Store) {
    let (dir, store) = new_store().await;
    let gone = append(
        &store,
        "case/1",
        None,
        &["one", "entered in error", "three"],
    )
    .await
    .unwrap();
    store
        .destroy_content(permit(), &gone[1].key_id)
        .await
        .unwrap();
    append(&store, "case/2", None, &["four"]).await.unwrap();
    store
        .put_draft("p1", "/page", None, &json!({ "typed": "words" }), at())
        .await
        .unwrap();
    let account = NewAccount {
        id: "a1".into(),
        email: "jo@merrowshire.example".into(),
        password_hash: "x".into(),
        person: "p1".into(),
    };
    store.create_account(account).await.unwrap();
    let session = NewSession {
        id_hash: [1; 32],
        account: "a1".into(),
        created: at(),
        csrf_secret: vec![1; 32],
    };
    store.begin_session(session).await.unwrap();
    (dir, store)
}

async fn check(store: &Store) {
    let opened = store.stream("case/1", 0).await.unwrap();
    assert_eq!(words(&opened), ["one", "(destroyed)", "three"]);
    assert_eq!(opened[1].content, Content::Destroyed);
    assert_eq!(store.verify().await.unwrap().entries, 4);
    assert_eq!(
        store.draft("p1", "/page").await.unwrap().unwrap().values,
        json!({ "typed": "words" })
    );
    assert!(store.account("a1").await.unwrap().is_some());
    assert!(
        store.sessions_of("a1").await.unwrap().is_empty(),
        "everyone signs in again"
    );
    append(store, "case/1", Some(3), &["goes on"])
        .await
        .unwrap();
}

#[tokio::test]
async fn a_backup_with_its_key_restores_everything_but_sign_ins() {
    let (dir, store) = lived_in().await;
    let head = store.head().await.unwrap();
    let backup = dir.path().join("backups/monday");
    let made = store.backup(&backup, true).await.unwrap();
    assert_eq!((made.verified.entries, made.verified.last), (4, head.hash));
    append(&store, "case/1", None, &["after the backup"])
        .await
        .unwrap();

    let into = dir.path().join("restored");
    let restored = restore(&backup, &into).await.unwrap();
    assert!(restored.with_key);
    assert_eq!(restored.verified, made.verified);
    assert_eq!(
        fs::metadata(into.join("master.key"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
    check(&Store::open(&into).await.unwrap()).await;
}

#[tokio::test]
async fn a_backup_holds_no_key_unless_asked_and_opens_once_the_key_is_put_back() {
    let (dir, store) = lived_in().await;
    let backup = dir.path().join("backup");
    store.backup(&backup, false).await.unwrap();
    let key = fs::read(dir.path().join("data/master.key")).unwrap();
    let digits = &key[key.len() - 65..key.len() - 1];
    assert!(!anywhere(&backup, digits));
    let into = dir.path().join("restored");
    fs::create_dir(&into).unwrap();
    assert!(!restore(&backup, &into).await.unwrap().with_key);
    assert!(matches!(
        Store::open(&into).await,
        Err(StoreError::MasterKeyMissing(_))
    ));
    fs::copy(dir.path().join("data/master.key"), into.join("master.key")).unwrap();
    check(&Store::open(&into).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_of_one_moment_while_writing_goes_on() {
    let (dir, store) = new_store().await;
    append(&store, "case/0", None, &["first"]).await.unwrap();
    let writer = {
        let store = store.clone();
        tokio::spawn(async move {
            for round in 0..200 {
                append(
                    &store,
                    &format!("case/{}", round % 5),
                    None,
                    &["words", "more"],
                )
                .await
                .unwrap();
            }
        })
    };
    for round in 0..3 {
        let backup = dir.path().join(format!("backup-{round}"));
        let made = store.backup(&backup, true).await.unwrap();
        let restored = restore(&backup, &dir.path().join(format!("restored-{round}")))
            .await
            .unwrap();
        assert_eq!(restored.verified, made.verified);
        assert_eq!(
            made.verified.entries % 2,
            1,
            "the entries of one request are in it together or not at all"
        );
    }
    writer.await.unwrap();
    assert_eq!(store.verify().await.unwrap().entries, 401);
}

#[tokio::test]
async fn a_backup_never_overwrites_and_a_restore_needs_an_empty_folder() {
    let (dir, store) = lived_in().await;
    let backup = dir.path().join("backup");
    store.backup(&backup, true).await.unwrap();
    assert!(matches!(
        store.backup(&backup, true).await,
        Err(StoreError::TargetInUse(_))
    ));
    let into = dir.path().join("in use");
    fs::create_dir(&into).unwrap();
    fs::write(into.join("someone's file"), "words").unwrap();
    assert!(matches!(
        restore(&backup, &into).await,
        Err(StoreError::TargetInUse(_))
    ));
    assert_eq!(fs::read_dir(&into).unwrap().count(), 1);
    assert!(matches!(
        restore(&backup, &dir.path().join("data")).await,
        Err(StoreError::TargetInUse(_))
    ));
}

#[tokio::test]
async fn an_altered_cut_off_or_incomplete_backup_is_refused_and_nothing_is_touched() {
    let (dir, store) = lived_in().await;
    let whole = dir.path().join("backup");
    store.backup(&whole, true).await.unwrap();
    let into = dir.path().join("restored");
    for name in ["SHA256SUMS", "backup.json", "candour.sqlite", "master.key"] {
        let bytes = fs::read(whole.join(name)).unwrap();
        let mut variants = vec![
            None,
            Some(vec![]),
            Some(bytes[..bytes.len() / 2].to_vec()),
            Some(bytes[..bytes.len() - 1].to_vec()),
        ];
        for place in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
            let mut altered = bytes.clone();
            altered[place] ^= 1;
            variants.push(Some(altered));
        }
        for (which, variant) in variants.into_iter().enumerate() {
            let copy = dir.path().join("altered");
            copy_folder(&whole, &copy);
            match variant {
                Some(bytes) => fs::write(copy.join(name), bytes).unwrap(),
                None => fs::remove_file(copy.join(name)).unwrap(),
            }
            let refused = restore(&copy, &into).await.unwrap_err();
            assert!(
                matches!(refused, StoreError::BadBackup { .. }),
                "{name} {which}: {refused}"
            );
            assert!(
                refused.to_string().ends_with("nothing was restored"),
                "{name} {which}: {refused}"
            );
            assert!(!into.exists(), "{name} {which}");
            fs::remove_dir_all(&copy).unwrap();
        }
    }
    restore(&whole, &into).await.unwrap();
}

#[tokio::test]
async fn a_backup_altered_together_with_its_checksums_is_still_found_by_the_chain() {
    let (dir, store) = lived_in().await;
    let backup = dir.path().join("backup");
    store.backup(&backup, false).await.unwrap();
    let database = backup.join("candour.sqlite");
    let mut bytes = fs::read(&database).unwrap();
    let place = bytes
        .windows(8)
        .position(|window| window == b"person-1")
        .unwrap();
    bytes[place + 7] = b'2';
    fs::write(&database, &bytes).unwrap();
    let sums = fs::read_to_string(backup.join("SHA256SUMS")).unwrap();
    let sums: Vec<String> = sums
        .lines()
        .map(|line| match line.ends_with("candour.sqlite") {
            true => format!("{}  candour.sqlite", record::content_hash(&bytes)),
            false => line.to_owned(),
        })
        .collect();
    fs::write(backup.join("SHA256SUMS"), sums.join("\n") + "\n").unwrap();
    let refused = restore(&backup, &dir.path().join("restored"))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("the record is broken at entry"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_backup_of_a_broken_record_is_not_made() {
    let (dir, store) = lived_in().await;
    use sqlx::Executor;
    raw(&dir)
        .await
        .execute("UPDATE log_head SET hash = (SELECT previous FROM entry WHERE position = 2)")
        .await
        .unwrap();
    let backup = dir.path().join("backup");
    assert!(matches!(
        store.backup(&backup, true).await,
        Err(StoreError::Broken(_))
    ));
    assert!(!backup.exists());
    assert!(!dir.path().join("backup.unfinished").exists());
}

#[tokio::test]
async fn a_restore_that_was_cut_short_is_done_again_from_the_start() {
    let (dir, store) = lived_in().await;
    let backup = dir.path().join("backup");
    store.backup(&backup, true).await.unwrap();
    let into = dir.path().join("restored");
    fs::create_dir_all(into.join("restore.unfinished")).unwrap();
    fs::write(into.join("restore.unfinished/candour.sqlite"), "half a").unwrap();
    assert!(matches!(
        Store::open(&into).await,
        Err(StoreError::NotAStore(_))
    ));
    restore(&backup, &into).await.unwrap();
    let mut names: Vec<_> = fs::read_dir(&into)
        .unwrap()
        .map(|item| item.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["candour.sqlite", "master.key"],
        "nothing else is left behind"
    );
    check(&Store::open(&into).await.unwrap()).await;
}

/// The page describes the format well enough for a second implementation: this is one, in another language.
#[tokio::test]
#[ignore = "needs python3 and sha256sum on the path"]
async fn the_checker_on_the_format_page_agrees_and_finds_an_altered_entry() {
    let (dir, store) = lived_in().await;
    let backup = dir.path().join("backup");
    let made = store.backup(&backup, false).await.unwrap();
    let sums = Command::new("sha256sum")
        .args(["--check", "SHA256SUMS"])
        .current_dir(&backup)
        .output()
        .unwrap();
    assert!(sums.status.success());

    let page = include_str!("../../../docs/record-format.md");
    let checker = page
        .split("```python")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let database = backup.join("candour.sqlite");
    let check = || {
        Command::new("python3")
            .arg("-c")
            .arg(checker)
            .arg(&database)
            .output()
            .unwrap()
    };
    let said = check();
    assert!(
        said.status.success(),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
    let expected = format!("4 entries, last {}\n", made.verified.last);
    assert_eq!(String::from_utf8(said.stdout).unwrap(), expected);

    let mut bytes = fs::read(&database).unwrap();
    let place = bytes
        .windows(8)
        .position(|window| window == b"person-1")
        .unwrap();
    bytes[place + 7] = b'2';
    fs::write(&database, &bytes).unwrap();
    let said = check();
    assert!(!said.status.success());
    assert!(
        String::from_utf8(said.stderr)
            .unwrap()
            .contains("broken at entry")
    );
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        fs::copy(item.path(), to.join(item.file_name())).unwrap();
    }
}
