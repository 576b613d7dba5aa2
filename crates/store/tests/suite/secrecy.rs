//! Content is nowhere on disk in clear, whatever touched it; and whatever is altered on disk is found and named.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::shared::*;
use serde_json::json;
use store::{NewSession, Store, StoreError};

const CANARY: &str = "kestrel-lantern-quarry";

/// A new store on the database this module is named after.
async fn new_store() -> (Home, Store) {
    new_store_on(Engine::of(module_path!())).await
}

#[tokio::test]
async fn planted_words_are_in_no_file_of_the_data_folder_or_of_a_backup() {
    let (dir, store) = new_store().await;
    for round in 0..50 {
        append(&store, "case/1", None, &[&format!("{CANARY} {round}")])
            .await
            .unwrap();
    }
    store
        .put_draft(
            "person-1",
            "/cases/1/incident",
            Some(3),
            &json!({ "what": CANARY }),
            at(),
        )
        .await
        .unwrap();
    sign_in(&store).await;
    store
        .put_notice(&[7; 32], &format!("Saved. {CANARY}"))
        .await
        .unwrap();
    store
        .backup(&dir.path().join("backup"), true)
        .await
        .unwrap();
    // The write-ahead file and its index are there now, and so is the backup.
    if dir.engine() == Engine::Sqlite {
        assert!(dir.path().join("data/candour.sqlite-wal").exists());
    } else {
        raw_on(&dir).await.run("CHECKPOINT").await.unwrap();
    }
    let found = |needle: &[u8]| dir.on_disk().iter().any(|place| anywhere(place, needle));
    assert!(
        found(b"note"),
        "the search itself works: kinds are in clear"
    );
    assert!(!found(CANARY.as_bytes()));
    store.close().await;
    assert!(!found(CANARY.as_bytes()));
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert_eq!(
        words(&store.log(0, 1).await.unwrap()),
        [format!("{CANARY} 0")]
    );
    assert_eq!(
        store.take_notice(&[7; 32]).await.unwrap(),
        Some(format!("Saved. {CANARY}"))
    );
}

#[tokio::test]
async fn nothing_in_the_data_folder_can_be_read_by_others() {
    let (dir, store) = new_store().await;
    append(&store, "case/1", None, &["words"]).await.unwrap();
    let data = dir.path().join("data");
    assert_eq!(
        fs::metadata(&data).unwrap().permissions().mode() & 0o777,
        0o700
    );
    let mut seen = 0;
    for item in fs::read_dir(&data).unwrap() {
        let item = item.unwrap();
        let about = item.metadata().unwrap();
        let owner_only = if about.is_dir() { 0o700 } else { 0o600 };
        let mode = about.permissions().mode() & 0o777;
        assert_eq!(mode, owner_only, "{:?}", item.file_name());
        seen += 1;
    }
    assert!(seen >= 3, "key, lock, and the database or where it is");
}

#[tokio::test]
async fn a_master_key_that_others_can_read_is_refused_with_what_to_do() {
    let (dir, store) = new_store().await;
    store.close().await;
    let data = dir.path().join("data");
    let key = data.join("master.key");
    for mode in [0o640, 0o604, 0o644, 0o660] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let refused = Store::open(&data).await.unwrap_err();
        assert!(matches!(refused, StoreError::MasterKeyExposed { .. }));
        assert!(refused.to_string().contains("run `chmod 600 "), "{refused}");
    }
    fs::set_permissions(&key, fs::Permissions::from_mode(0o400)).unwrap();
    Store::open(&data).await.unwrap();
}

#[tokio::test]
async fn a_missing_damaged_or_foreign_master_key_is_told_apart() {
    let (dir, store) = new_store().await;
    store.close().await;
    let data = dir.path().join("data");
    let key = data.join("master.key");
    let text = fs::read(&key).unwrap();

    fs::write(&key, &text[..text.len() - 5]).unwrap();
    assert!(matches!(
        Store::open(&data).await,
        Err(StoreError::MasterKeyMalformed(_))
    ));

    let other = tempfile::tempdir().unwrap();
    Store::create(&other.path().join("data"), "tilbrook")
        .await
        .unwrap();
    fs::write(
        &key,
        fs::read(other.path().join("data/master.key")).unwrap(),
    )
    .unwrap();
    assert!(matches!(
        Store::open(&data).await,
        Err(StoreError::MasterKeyOther(_))
    ));

    fs::remove_file(&key).unwrap();
    assert!(matches!(
        Store::open(&data).await,
        Err(StoreError::MasterKeyMissing(_))
    ));
}

#[tokio::test]
async fn a_data_folder_is_used_by_one_at_a_time() {
    let (dir, store) = new_store().await;
    let data = dir.path().join("data");
    assert!(matches!(
        Store::open(&data).await,
        Err(StoreError::InUse(_))
    ));
    store.close().await;
    Store::open(&data).await.unwrap();
}

#[tokio::test]
async fn a_store_is_never_created_over_another_nor_opened_where_there_is_none() {
    let (dir, store) = new_store().await;
    store.close().await;
    let again = Store::create(&dir.path().join("data"), "tilbrook").await;
    assert!(matches!(again, Err(StoreError::AlreadyThere(_))));
    assert!(matches!(
        Store::open(&dir.path().join("nothing")).await,
        Err(StoreError::NotAStore(_))
    ));
    assert!(!dir.path().join("nothing").exists());
}

#[tokio::test]
async fn a_path_with_unusual_letters_works() {
    let dir = Home::new(Engine::of(module_path!())).await;
    let data = dir.path().join("a folder, 100% & more? #1 é");
    let store = Store::create_on(&data, "merrowshire", &dir.at())
        .await
        .unwrap();
    append(&store, "case/1", None, &["words"]).await.unwrap();
    store
        .backup(&dir.path().join("back up?"), false)
        .await
        .unwrap();
    assert_eq!(
        data.join("candour.sqlite").exists(),
        dir.engine() == Engine::Sqlite
    );
}

/// Every column of an entry, what someone could put there, and what the check says.
#[tokio::test]
async fn whatever_is_altered_in_an_entry_is_found_and_its_position_named() {
    let cases = [
        ("partnership = 'tilbrook'", "missing"),
        ("stream = 'case/2'", "number 2 of the stream `case/2`"),
        ("number = 9", "number 9 of the stream"),
        ("number = -1", "none below zero"),
        ("kind = 'other'", "altered"),
        ("kind_version = 2", "altered"),
        ("kind_version = 70000", "too large"),
        ("recorded_at = '2026-11-23T09:32:00.123457Z'", "altered"),
        ("actor = 'person-2'", "altered"),
        ("key_id = 'another'", "altered"),
        ("nonce = zeroblob(24)", "altered"),
        ("nonce = zeroblob(23)", "23 bytes where 24 belong"),
        ("content_hash = zeroblob(32)", "altered"),
        ("previous = zeroblob(32)", "does not follow"),
        ("hash = zeroblob(32)", "altered"),
        (
            "sealed = CAST(sealed || x'00' AS BLOB)",
            "sealed content does not match",
        ),
        (
            "sealed = zeroblob(length(sealed))",
            "sealed content does not match",
        ),
        ("actor = x'ff'", ""),
    ];
    for (change, said) in cases {
        let (dir, store) = new_store().await;
        if dir.engine() == Engine::Postgres && change.contains("x'ff'") {
            // PostgreSQL takes no text that is not text.
            continue;
        }
        append(&store, "case/1", None, &["one", "two", "three"])
            .await
            .unwrap();
        store.verify().await.unwrap();
        let mut raw = raw_on(&dir).await;
        raw.run("DROP TRIGGER entry_is_never_updated")
            .await
            .unwrap();
        raw.run(&format!("UPDATE entry SET {change} WHERE position = 2"))
            .await
            .unwrap();
        match store.verify().await {
            Err(StoreError::Broken(broken)) => {
                assert_eq!(broken.position, 2, "{change}: {broken}");
                assert!(broken.why.contains(said), "{change}: {broken}");
            }
            other => panic!("{change}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn one_flipped_byte_of_ciphertext_is_found_at_its_entry() {
    let (dir, store) = new_store().await;
    append(&store, "case/1", None, &["one", "two", "three"])
        .await
        .unwrap();
    let mut raw = raw_on(&dir).await;
    raw.run("DROP TRIGGER entry_is_never_updated")
        .await
        .unwrap();
    let mut sealed: Vec<u8> = sqlx::query_scalar("SELECT sealed FROM entry WHERE position = 3")
        .fetch_one(&mut raw.connection)
        .await
        .unwrap();
    sealed[1] ^= 1;
    sqlx::query("UPDATE entry SET sealed = $1 WHERE position = 3")
        .bind(sealed)
        .execute(&mut raw.connection)
        .await
        .unwrap();
    assert!(
        matches!(store.verify().await, Err(StoreError::Broken(broken)) if broken.position == 3)
    );
    assert!(
        matches!(store.stream("case/1", 0).await, Err(StoreError::Unreadable { what, .. }) if what == "entry 3")
    );
}

#[tokio::test]
async fn altered_keys_and_heads_and_missing_ends_are_found() {
    let cases = [
        (
            "DROP TRIGGER entry_is_never_deleted; DELETE FROM entry WHERE position = 2",
            2,
            "missing",
        ),
        (
            "DROP TRIGGER entry_is_never_deleted; DELETE FROM entry WHERE position = 3",
            4 - 1,
            "the log ends at entry 2",
        ),
        (
            "DROP TRIGGER entry_key_is_never_updated; UPDATE entry_key SET wrapped = zeroblob(72) WHERE key_id = (SELECT key_id FROM entry WHERE position = 2)",
            2,
            "key does not open",
        ),
        (
            "DROP TRIGGER entry_key_is_deleted_only_when_destroyed; DELETE FROM entry_key WHERE key_id = (SELECT key_id FROM entry WHERE position = 2)",
            2,
            "its key is missing",
        ),
        (
            "INSERT INTO destroyed_key SELECT key_id, '2026', 'x', 'x' FROM entry WHERE position = 2",
            2,
            "still there",
        ),
        (
            "UPDATE stream_key SET wrapped = zeroblob(72)",
            1,
            "altered or moved",
        ),
        ("DELETE FROM stream_key", 1, "it is missing"),
        (
            "DROP TRIGGER entry_key_is_never_updated; UPDATE entry_key SET position = position + 10 WHERE position = 3",
            3,
            "its key is missing",
        ),
        (
            "DROP TRIGGER entry_key_is_never_updated; UPDATE entry_key SET key_id = 'another' WHERE position = 3",
            3,
            "its key is missing",
        ),
        ("DELETE FROM log_head", 4, "kept head is entry 0"),
    ];
    for (change, position, said) in cases {
        let (dir, store) = new_store().await;
        append(&store, "case/1", None, &["one", "two", "three"])
            .await
            .unwrap();
        raw_on(&dir).await.run(change).await.unwrap();
        match store.verify().await {
            Err(StoreError::Broken(broken)) => {
                assert_eq!(broken.position, position, "{change}: {broken}");
                assert!(broken.why.contains(said), "{change}: {broken}");
            }
            other => panic!("{change}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn what_holds_content_or_secrets_does_not_print_them() {
    let (_dir, store) = new_store().await;
    append(&store, "case/1", None, &[CANARY]).await.unwrap();
    let opened = store.stream("case/1", 0).await.unwrap();
    sign_in(&store).await;
    let session = store.session(&[7; 32]).await.unwrap();
    for printed in [
        format!("{opened:?}"),
        format!("{:?}", entry(CANARY)),
        format!("{session:?} {store:?}"),
    ] {
        assert!(!printed.contains(CANARY), "{printed}");
        assert!(!printed.contains("csrf"), "{printed}");
    }
}

async fn sign_in(store: &Store) {
    store
        .create_account(store::NewAccount {
            id: "account-1".into(),
            email: "manager@merrowshire.example".into(),
            password_hash: "$argon2id$invented".into(),
            person: "person-1".into(),
        })
        .await
        .unwrap();
    let session = NewSession {
        id_hash: [7; 32],
        account: "account-1".into(),
        created: at(),
        csrf_secret: vec![1; 32],
    };
    store.begin_session(session).await.unwrap();
}
