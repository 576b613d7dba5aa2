//! A whole installation moves from SQLite to PostgreSQL and back without loss, and what was moved away is not taken for the record again.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use serde_json::json;
use shared::*;
use store::{Claim, DatabaseAt, NewAccount, NewSession, Store, StoreError};

/// A store that has something in every table, with a destroyed entry, bytes of every kind and texts of every length.
async fn lived_in(home: &Home, place: &DatabaseAt) -> Store {
    let store = Store::create_on(&home.path().join("data"), "merrowshire", place)
        .await
        .unwrap();
    let many: Vec<String> = (0..700).map(|n| format!("words {n} é \u{1F44B}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let gone = append(&store, "case/1", None, &many).await.unwrap();
    append(&store, "case/2", None, &["", &"long ".repeat(100_000)])
        .await
        .unwrap();
    store
        .destroy_content(permit(), &gone[1].key_id)
        .await
        .unwrap();
    store.checkpoint("a test", at()).await.unwrap();
    store
        .put_draft("p1", "/page", None, &json!({ "typed": "words" }), at())
        .await
        .unwrap();
    store
        .create_account(NewAccount {
            id: "a1".into(),
            email: "jo@merrowshire.example".into(),
            password_hash: "x".into(),
            person: "p1".into(),
        })
        .await
        .unwrap();
    store
        .begin_session(NewSession {
            id_hash: [1; 32],
            account: "a1".into(),
            created: at(),
            csrf_secret: (0..=255).collect(),
        })
        .await
        .unwrap();
    store.put_notice(&[1; 32], "Saved.").await.unwrap();
    store.claim("token", at()).await.unwrap();
    store.finish_form("token", "/cases/1").await.unwrap();
    store.put_meta("holidays", "{}").await.unwrap();
    store
}

async fn check(store: &Store) {
    assert_eq!(store.partnership(), "merrowshire");
    let opened = store.stream("case/1", 698).await.unwrap();
    assert_eq!(
        words(&opened),
        ["words 698 é \u{1F44B}", "words 699 é \u{1F44B}"]
    );
    assert_eq!(store.verify().await.unwrap().entries, 702);
    assert_eq!(
        store.draft("p1", "/page").await.unwrap().unwrap().values,
        json!({ "typed": "words" })
    );
    let session = store.session(&[1; 32]).await.unwrap().unwrap();
    assert_eq!(session.csrf_secret, (0..=255).collect::<Vec<u8>>());
    assert_eq!(
        store.claim("token", at()).await.unwrap(),
        Claim::Done("/cases/1".into())
    );
    assert_eq!(store.checkpoints().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_moves_to_postgresql_and_back_and_nothing_is_lost() {
    let home = Home::new(Engine::Postgres).await;
    let data = home.path().join("data");
    let store = lived_in(&home, &DatabaseAt::Folder).await;
    let before = store.logical_dump().await.unwrap();
    assert!(before.iter().filter(|sum| sum.rows > 0).count() >= 12);

    let moved = store.move_to(&home.at()).await.unwrap();
    assert_eq!(moved.tables, before);
    assert_eq!(moved.verified.entries, 702);
    assert!(!data.join("candour.sqlite").exists());
    assert!(data.join("candour.sqlite.moved").exists());
    let store = Store::open(&data).await.unwrap();
    assert_eq!(store.logical_dump().await.unwrap(), before);
    check(&store).await;

    let back = store.move_to(&DatabaseAt::Folder).await.unwrap();
    assert_eq!(back.tables, before);
    assert!(!data.join("database.toml").exists());
    let store = Store::open(&data).await.unwrap();
    assert_eq!(store.logical_dump().await.unwrap(), before);
    check(&store).await;
    append(&store, "case/1", Some(700), &["goes on"])
        .await
        .unwrap();
    store.close().await;

    // The old places are not the record any more.
    let other = tempfile::tempdir().unwrap();
    let folder = other.path().join("data");
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(data.join("master.key"), folder.join("master.key")).unwrap();
    let server = &home.database.as_ref().unwrap().server;
    std::fs::write(
        folder.join("database.toml"),
        format!("url = \"{server}\"\n"),
    )
    .unwrap();
    let refused = Store::open(&folder).await.unwrap_err();
    assert!(matches!(refused, StoreError::Moved { .. }), "{refused}");
    std::fs::remove_file(folder.join("database.toml")).unwrap();
    std::fs::copy(
        data.join("candour.sqlite.moved"),
        folder.join("candour.sqlite"),
    )
    .unwrap();
    let refused = Store::open(&folder).await.unwrap_err();
    assert!(matches!(refused, StoreError::Moved { .. }), "{refused}");
}

#[tokio::test]
async fn a_copy_does_not_change_where_the_record_is() {
    let home = Home::new(Engine::Postgres).await;
    let store = lived_in(&home, &DatabaseAt::Folder).await;
    store.copy_to(&home.at()).await.unwrap();
    append(&store, "case/1", Some(700), &["goes on"])
        .await
        .unwrap();
    store.close().await;
    let store = Store::open(&home.path().join("data")).await.unwrap();
    assert_eq!(store.verify().await.unwrap().entries, 703);
    // What was copied is there now: a second copy over it is refused.
    let refused = store.copy_to(&home.at()).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotEmpty(_)), "{refused}");
}

#[tokio::test]
async fn a_backup_of_postgresql_is_restored_into_a_folder_with_everything_but_sign_ins() {
    let home = Home::new(Engine::Postgres).await;
    let store = lived_in(&home, &home.at()).await;
    let backup = home.path().join("backup");
    let made = store.backup(&backup, true).await.unwrap();
    assert_eq!(made.verified.entries, 702);
    store.close().await;
    let into = home.path().join("restored");
    store::restore(&backup, &into).await.unwrap();
    let restored = Store::open(&into).await.unwrap();
    assert_eq!(restored.verify().await.unwrap().entries, 702);
    assert!(restored.sessions_of("a1").await.unwrap().is_empty());
    assert!(restored.account("a1").await.unwrap().is_some());
}

#[tokio::test]
async fn a_database_that_holds_anything_else_is_not_filled() {
    let home = Home::new(Engine::Postgres).await;
    let database = home.database.as_ref().unwrap();
    let mut owner = postgres::connect(&database.owner).await;
    sqlx::Executor::execute(&mut owner, "CREATE TABLE someone_elses (a text)")
        .await
        .unwrap();
    let refused = Store::create_on(&home.path().join("data"), "merrowshire", &home.at())
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::NotEmpty(_)), "{refused}");
    assert!(!home.path().join("data/master.key").exists());
}
