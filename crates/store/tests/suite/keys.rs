//! The keys are changed, shared, brought back and counted, and nothing of the record is rewritten by it.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::shared::*;
use store::{Rotate, Secret, Store, StoreError, restore_master_key, rotate_keys};

const WORDS: [&str; 3] = ["first calm words", "second calm words", "third calm words"];

/// A store with three entries in two streams, a draft and a session's notice; closed.
async fn filled() -> Home {
    let (home, store) = new_store_on(Engine::of(module_path!())).await;
    append(&store, "case/1", None, &WORDS[..2]).await.unwrap();
    append(&store, "case/2", None, &WORDS[2..]).await.unwrap();
    let typed = serde_json::json!({ "what": "half a sentence" });
    store
        .put_draft("person-1", "/cases/1", Some(2), &typed, at())
        .await
        .unwrap();
    store.close().await;
    home
}

/// Everything opens, and the record is the one it was.
async fn whole(home: &Home) -> String {
    let store = Store::open(&home.path().join("data")).await.unwrap();
    assert_eq!(words(&store.log(0, 10).await.unwrap()), WORDS);
    let draft = store.draft("person-1", "/cases/1").await.unwrap().unwrap();
    assert_eq!(draft.values["what"], "half a sentence");
    let status = store.keys_status().await.unwrap();
    assert_eq!((status.unopened, status.streams, status.entries), (0, 2, 3));
    let verified = store.verify().await.unwrap();
    assert_eq!(verified.entries, 3);
    store.close().await;
    verified.last.to_hex()
}

fn both() -> Rotate {
    Rotate {
        master: true,
        partnership: true,
        keep_old: None,
    }
}

#[tokio::test]
async fn both_keys_are_changed_and_the_record_stays_as_it_was() {
    let home = filled().await;
    let data = home.path().join("data");
    let before = whole(&home).await;
    let old = fs::read(data.join("master.key")).unwrap();
    let done = rotate_keys(&data, &both()).await.unwrap();
    assert_eq!((done.streams, done.unopened), (2, 0));
    assert_ne!(done.before, done.fingerprint);
    assert_eq!(whole(&home).await, before);
    let new = fs::read(data.join("master.key")).unwrap();
    fs::write(data.join("master.key"), old).unwrap();
    assert!(matches!(
        Store::open(&data).await,
        Err(StoreError::MasterKeyOther(_))
    ));
    fs::write(data.join("master.key"), new).unwrap();
    assert_eq!(whole(&home).await, before);
}

#[tokio::test]
async fn keys_are_not_changed_while_the_store_is_open() {
    let home = filled().await;
    let data = home.path().join("data");
    let store = Store::open(&data).await.unwrap();
    assert!(matches!(
        rotate_keys(&data, &both()).await,
        Err(StoreError::InUse(_))
    ));
    store.close().await;
    whole(&home).await;
}

#[tokio::test]
async fn two_shares_bring_a_lost_master_key_back_and_those_of_an_earlier_one_do_not() {
    let home = filled().await;
    let data = home.path().join("data");
    let store = Store::open(&data).await.unwrap();
    assert!(store.keys_risk().await.unwrap().is_some());
    let shares = store.split_master_key("Merrowshire").await.unwrap();
    assert!(store.keys_risk().await.unwrap().is_none());
    store.close().await;
    let pages: Vec<(String, Secret)> = [&shares[2], &shares[0]]
        .iter()
        .map(|share| (share.number.to_string(), Secret::new(share.page().into())))
        .collect();
    let key = fs::read(data.join("master.key")).unwrap();
    fs::remove_file(data.join("master.key")).unwrap();
    let restored = restore_master_key(&data, &pages).await.unwrap();
    assert_eq!(fs::read(&restored.path).unwrap(), key);
    whole(&home).await;

    rotate_keys(&data, &both()).await.unwrap();
    let store = Store::open(&data).await.unwrap();
    assert!(store.keys_status().await.unwrap().shares_out_of_date);
    store.close().await;
    fs::rename(data.join("master.key"), home.path().join("kept")).unwrap();
    let refused = restore_master_key(&data, &pages).await.unwrap_err();
    assert!(
        refused.to_string().contains("this folder needs another"),
        "{refused}"
    );
    fs::rename(home.path().join("kept"), data.join("master.key")).unwrap();
    whole(&home).await;
}

/// Written by the program of before, in which the master key wrapped the streams' keys itself.
#[tokio::test]
async fn a_folder_of_before_opens_wherever_its_database_is_moved_and_its_keys_can_be_changed() {
    let home = Home::new(Engine::of(module_path!())).await;
    let data = home.path().join("data");
    fs::create_dir(&data).unwrap();
    let written = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/written/v1");
    for name in ["candour.sqlite", "master.key"] {
        fs::copy(written.join(name), data.join(name)).unwrap();
        let private = fs::Permissions::from_mode(0o600);
        fs::set_permissions(data.join(name), private).unwrap();
    }
    let store = Store::open(&data).await.unwrap();
    let closing = store.clone();
    if home.engine() == Engine::Postgres {
        store.move_to(&home.at()).await.unwrap();
    }
    closing.close().await;
    for _ in 0..2 {
        let store = Store::open(&data).await.unwrap();
        let verified = store.verify().await.unwrap();
        assert_eq!(verified.entries, 2);
        assert!(verified.last.to_hex().starts_with("947f3bc77cbbd8fc"));
        let texts = words(&store.log(0, 10).await.unwrap());
        assert!(texts.iter().all(|text| !text.is_empty()));
        assert_eq!(store.keys_status().await.unwrap().unopened, 0);
        store.close().await;
        rotate_keys(&data, &both()).await.unwrap();
    }
}
