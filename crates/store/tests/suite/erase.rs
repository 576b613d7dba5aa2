//! Erasure: what it takes away, what it leaves, that it can be done again, and that the record holds without what went.

use std::{fs, path::Path};

use crate::shared::*;
use serde_json::json;
use store::{Content, Erase, KeptSummary, Rotate, Store, StoreError, vacuum_keys};

/// A new store on the database this module is named after.
async fn new_store() -> (Home, Store) {
    new_store_on(Engine::of(module_path!())).await
}

/// A file of a case, and its id.
async fn keep(store: &Store, stream: &str, content: &[u8]) -> String {
    let mut writer = store.begin_file(stream).await.unwrap();
    writer.write(content).await.unwrap();
    let file = writer.finish().await.unwrap();
    let id = file.id().to_owned();
    store
        .append_with_files(
            permit(),
            stream,
            None,
            vec![entry("a file was added")],
            vec![file],
        )
        .await
        .unwrap();
    id
}

/// Everything of a case: its entries, its readers, and what lies about of it.
fn whole(case: &str) -> Erase {
    Erase {
        streams: vec![format!("case/{case}"), format!("reads/{case}")],
        drafts: Some(format!("/cases/{case}")),
        summaries: vec![format!("case/{case}")],
        rule: "an invented rule".into(),
        at: at(),
        ..Erase::default()
    }
}

fn of_keys(keys: &[&str]) -> Erase {
    Erase {
        keys: keys.iter().map(|&key| key.to_owned()).collect(),
        rule: "an invented rule".into(),
        at: at(),
        ..Erase::default()
    }
}

/// Two cases with readers, a file each, drafts and summaries; the first file's id.
async fn lived_in() -> (Home, Store, String) {
    let (home, store) = new_store().await;
    let mut file = String::new();
    for case in ["2", "1"] {
        append(&store, &format!("case/{case}"), None, &["one", "two"])
            .await
            .unwrap();
        append(&store, &format!("reads/{case}"), None, &["read"])
            .await
            .unwrap();
        file = keep(&store, &format!("case/{case}"), b"the words of a file").await;
        for page in ["", "/incident"] {
            store
                .put_draft(
                    "person-1",
                    &format!("/cases/{case}{page}"),
                    None,
                    &json!({ "what": "typed" }),
                    at(),
                )
                .await
                .unwrap();
        }
        let kept = KeptSummary {
            stream: format!("case/{case}"),
            entries: 3,
            content: b"of the case".to_vec(),
        };
        store.put_summaries(&[kept]).await.unwrap();
    }
    (home, store, file)
}

async fn key_rows(home: &Home) -> Vec<Vec<u8>> {
    let mut raw = raw_on(home).await;
    let mut all = Vec::new();
    for query in [
        "SELECT k.wrapped FROM entry_key k JOIN entry e ON e.position = k.position WHERE e.stream IN ('case/1', 'reads/1')",
        "SELECT k.wrapped FROM file_key k JOIN file f ON f.id = k.id WHERE f.stream = 'case/1'",
        "SELECT wrapped FROM stream_key WHERE stream IN ('case/1', 'reads/1')",
    ] {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(query)
            .fetch_all(&mut raw.connection)
            .await
            .unwrap();
        assert!(!rows.is_empty(), "{query}");
        all.extend(rows);
    }
    all
}

/// Whether bytes stand in a file under a folder, PostgreSQL's own log left aside.
fn in_tables(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).into_iter().flatten().any(|item| {
        let path = item.unwrap().path();
        if path.is_dir() {
            return path.file_name().is_some_and(|name| name != "pg_wal")
                && in_tables(&path, needle);
        }
        path.is_file()
            && fs::read(&path)
                .is_ok_and(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
    })
}

#[tokio::test]
async fn a_whole_case_is_erased_with_its_file_its_readers_its_drafts_and_its_summary_and_no_other()
{
    let (home, store, file) = lived_in().await;
    let head = store.head().await.unwrap();
    let done = store.erase(permit(), &whole("1")).await.unwrap();
    // Two entries, one of a file, one of a reader; a file; two streams.
    assert_eq!((done.keys, done.drafts, done.unknown), (7, 2, 0));
    assert_eq!(done.swept, home.engine() == Engine::Sqlite);
    let opened = store.stream("case/1", 0).await.unwrap();
    assert_eq!(opened.len(), 3);
    assert!(opened.iter().all(|e| e.content == Content::Destroyed));
    assert_eq!(opened[0].kind, "note", "that it was there is still known");
    assert!(matches!(
        store.read_file("case/1", &file).await,
        Err(StoreError::FileDestroyed(_))
    ));
    assert!(!home.path().join("data/files").join(&file).exists());
    assert_eq!(
        words(&store.stream("case/2", 0).await.unwrap()),
        ["one", "two", "a file was added"]
    );
    let drafts = store.drafts("person-1").await.unwrap();
    assert!(drafts.iter().all(|d| d.page.starts_with("/cases/2")));
    assert_eq!(drafts.len(), 2);
    let summaries = store.summaries().await.unwrap();
    assert_eq!(summaries.len(), 1);
    assert_eq!(summaries[0].stream, "case/2");
    let verified = store.verify().await.unwrap();
    assert_eq!((verified.entries, verified.last), (8, head.hash));
    assert_eq!(store.verify_files().await.unwrap().destroyed, 1);
    let rules: Vec<String> = (store.destroyed_keys().await.unwrap().into_iter())
        .map(|key| key.rule)
        .collect();
    assert_eq!(rules, vec!["an invented rule"; 7]);
    let streams = ["case/1", "reads/1"].map(str::to_owned);
    assert!(
        store
            .still_kept(&[file], &streams)
            .await
            .unwrap()
            .is_empty()
    );

    // Done again it finds nothing, and the store opens, rotates its keys and goes on.
    assert_eq!(store.erase(permit(), &whole("1")).await.unwrap().keys, 0);
    store.close().await;
    let data = home.path().join("data");
    let rotate = Rotate {
        master: true,
        partnership: true,
        ..Rotate::default()
    };
    store::rotate_keys(&data, &rotate).await.unwrap();
    let store = Store::open(&data).await.unwrap();
    assert_eq!(store.stream("case/1", 0).await.unwrap().len(), 3);
    append(&store, "case/2", Some(3), &["goes on"])
        .await
        .unwrap();
    store.verify().await.unwrap();
}

#[tokio::test]
async fn no_wrapped_key_of_what_was_erased_is_left_in_any_file_of_the_tables() {
    let (home, store, _) = lived_in().await;
    let wrapped = key_rows(&home).await;
    assert_eq!(wrapped.len(), 7);
    let postgres = home.engine() == Engine::Postgres;
    let settle = async || {
        if postgres {
            raw_on(&home).await.run("CHECKPOINT").await.unwrap();
        }
    };
    let found = |needle: &[u8]| home.on_disk().iter().any(|place| in_tables(place, needle));
    settle().await;
    assert!(
        wrapped.iter().all(|key| found(key)),
        "they are there before"
    );
    store.erase(permit(), &whole("1")).await.unwrap();
    assert_eq!(store.keeps_deleted_until_vacuum(), postgres);
    if let Some(database) = &home.database {
        // The server's role owns no table, and is refused; the owner does it.
        assert!(vacuum_keys(&database.server).await.is_err());
        vacuum_keys(&database.owner).await.unwrap();
    }
    settle().await;
    assert!(
        !wrapped.iter().any(|key| found(key)),
        "they are nowhere after"
    );
    store.verify().await.unwrap();
}

#[tokio::test]
async fn one_entry_or_one_file_is_erased_and_what_stands_beside_it_stays() {
    let (_home, store, file) = lived_in().await;
    let opened = store.stream("case/1", 0).await.unwrap();
    let done = store
        .erase(permit(), &of_keys(&[&opened[0].key_id]))
        .await
        .unwrap();
    assert_eq!(done.keys, 1);
    assert_eq!(
        words(&store.stream("case/1", 0).await.unwrap()),
        ["(destroyed)", "two", "a file was added"]
    );
    store.read_file("case/1", &file).await.unwrap();
    store.erase(permit(), &of_keys(&[&file])).await.unwrap();
    assert!(store.read_file("case/1", &file).await.is_err());
    assert_eq!(
        words(&store.stream("case/1", 0).await.unwrap()),
        ["(destroyed)", "two", "a file was added"]
    );
    store.verify().await.unwrap();
}

#[tokio::test]
async fn keys_the_record_does_not_know_are_counted_and_leave_it_as_it_is() {
    let (_home, store, _) = lived_in().await;
    let opened = store.stream("case/1", 0).await.unwrap();
    let what = of_keys(&["0123456789abcdef0123456789abcdef", &opened[1].key_id]);
    let done = store.erase(permit(), &what).await.unwrap();
    assert_eq!((done.keys, done.unknown), (1, 1));
    let again = store.erase(permit(), &what).await.unwrap();
    assert_eq!((again.keys, again.unknown), (0, 1), "known to be destroyed");
    assert_eq!(store.destroyed_keys().await.unwrap().len(), 1);
    store.verify().await.unwrap();
}

#[tokio::test]
async fn what_an_erasure_left_behind_when_it_was_stopped_is_named_and_taken_away_by_doing_it_again()
{
    let (home, store, file) = lived_in().await;
    let lies = home.path().join("data/files").join(&file);
    let sealed = fs::read(&lies).unwrap();
    let keys: Vec<String> = (store.stream("case/1", 0).await.unwrap().iter())
        .map(|e| e.key_id.clone())
        .chain([file.clone()])
        .collect();
    let streams = ["case/1", "reads/1"].map(str::to_owned);
    let left = store.still_kept(&keys, &streams).await.unwrap();
    assert_eq!(left.len(), 6, "every key and both streams");
    store.erase(permit(), &whole("1")).await.unwrap();
    // The program stopped before the bytes were taken off the shelf, and a read was written late.
    fs::write(&lies, sealed).unwrap();
    append(&store, "reads/1", None, &["read late"])
        .await
        .unwrap();
    let left = store.still_kept(&keys, &streams).await.unwrap();
    assert_eq!(
        left.into_iter().collect::<Vec<_>>(),
        [file.clone(), "reads/1".to_owned()]
    );
    let again = Erase {
        keys: keys.clone(),
        ..whole("1")
    };
    store.erase(permit(), &again).await.unwrap();
    assert!(store.still_kept(&keys, &streams).await.unwrap().is_empty());
    assert!(!lies.exists());
    store.verify().await.unwrap();
}

#[tokio::test]
async fn a_backup_of_an_erased_case_is_made_checked_and_restored_without_it() {
    let (home, store, file) = lived_in().await;
    store.erase(permit(), &whole("1")).await.unwrap();
    let backup = home.path().join("backup");
    store.backup(&backup, true).await.unwrap();
    let into = home.path().join("again");
    store::restore(&backup, &into).await.unwrap();
    let again = Store::open(&into).await.unwrap();
    let opened = again.stream("case/1", 0).await.unwrap();
    assert!(opened.iter().all(|e| e.content == Content::Destroyed));
    let streams = ["case/1", "reads/1"].map(str::to_owned);
    assert!(
        again
            .still_kept(&[file], &streams)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        words(&again.stream("case/2", 0).await.unwrap())[0],
        "one",
        "and the other case is there"
    );
    again.verify().await.unwrap();
}
