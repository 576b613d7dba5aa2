//! What the writer remembers is never believed against the database.

use std::sync::Arc;

use access::Permit;
use sqlx::Row;
use tokio::sync::{mpsc, oneshot};

use super::*;
use crate::{Change, NewEntry, Store};

fn change(stream: &str, expected: Option<u64>) -> Change {
    Change {
        stream: stream.to_owned(),
        expected,
        entries: vec![NewEntry {
            kind: "note".into(),
            version: 1,
            at: "2026-11-23T09:32:00Z".parse().unwrap(),
            actor: "person-1".into(),
            content: b"something".to_vec(),
        }],
        files: Vec::new(),
    }
}

async fn append(store: &Store, stream: &str, expected: Option<u64>) -> Answer {
    let changes = vec![change(stream, expected)];
    store
        .append_all(Permit::for_system("test"), changes, None)
        .await
}

/// A second writer on the same database, which there never is: the first does not hear of what it does.
fn second_writer(store: &Store) -> Writer {
    let inner = &store.inner;
    Writer::new(
        inner.writing.clone(),
        inner.partnership.clone(),
        inner.partnership_key.clone(),
        Halt::default(),
        At::Sqlite(store.dir().join(database::DATABASE_FILE)),
        Others::default(),
        Arc::new(tempfile::tempfile().unwrap()),
    )
}

#[tokio::test]
async fn a_full_disk_is_told_apart_and_heals_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("data"), "merrowshire")
        .await
        .unwrap();
    let mut writer = second_writer(&store);
    let request = |size| {
        let mut change = change("case/1", None);
        change.entries[0].content = vec![b'x'; size];
        [Request {
            changes: vec![change],
            form: None,
        }]
    };
    writer.commit(&request(10)).await.unwrap();
    for _ in 0..3 {
        writer.direct.as_ref().unwrap().leave_room(2);
        let refused = writer.commit(&request(100_000)).await.unwrap_err();
        assert!(matches!(refused, StoreError::NoSpace { .. }), "{refused:?}");
        assert!(writer.halt.check().is_ok());
        writer.commit(&request(10)).await.unwrap();
    }
    assert_eq!(store.verify().await.unwrap().entries, 4);
    assert_eq!(store.stream("case/1", 0).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_writer_that_is_behind_reads_again_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("data"), "merrowshire")
        .await
        .unwrap();
    append(&store, "case/1", Some(0)).await.unwrap();
    append(&store, "case/1", Some(1)).await.unwrap();
    let second = second_writer(&store);
    let (queue, waiting) = mpsc::channel(1);
    tokio::spawn(run(Arc::new(Mutex::new(second)), waiting));
    for number in 2..4 {
        let (answer, answered) = oneshot::channel();
        let request = Request {
            changes: vec![change("case/1", Some(number))],
            form: None,
        };
        assert!(queue.send(Job::Append(request, answer)).await.is_ok());
        answered.await.unwrap().unwrap();
    }
    // Based on what only the first knows of: taken up, refused by the database, read again, and then a conflict.
    let refused = append(&store, "case/1", Some(2)).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Conflict { now: 4, .. }),
        "{refused:?}"
    );
    let appended = append(&store, "case/1", None).await.unwrap();
    assert_eq!(appended[0][0].position, 5);
    assert_eq!(store.verify().await.unwrap().entries, 5);
    assert_eq!(store.stream("case/1", 0).await.unwrap().len(), 5);
}

#[tokio::test]
async fn the_writer_forgets_what_others_may_have_changed() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("data"), "merrowshire")
        .await
        .unwrap();
    append(&store, "case/1", None).await.unwrap();
    append(&store, "case/1", None).await.unwrap();
    let mut tx = store.begin("destroy the key of a stream").await.unwrap();
    sqlx::query("DELETE FROM stream_key")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    // A key that was destroyed seals nothing more.
    append(&store, "case/1", Some(2)).await.unwrap();
    let keys = sqlx::query("SELECT count(*) FROM stream_key WHERE stream = 'case/1'")
        .fetch_one(&store.inner.writing)
        .await
        .unwrap()
        .get::<i64, _>(0);
    assert_eq!(keys, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_finds_the_writer_idle_and_whoever_waits_write_one_gap_free_log() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("data"), "merrowshire")
        .await
        .unwrap();
    let mut tasks = Vec::new();
    for task in 0..8 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            for number in 0..25 {
                let stream = format!("case/{task}");
                let at = append(&store, &stream, Some(number)).await.unwrap();
                assert_eq!(at[0][0].number, number + 1);
                // In between, what is not of the record.
                if number % 5 == task % 5 {
                    store.begin("a test").await.unwrap().commit().await.unwrap();
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(store.verify().await.unwrap().entries, 200);
}

#[tokio::test]
async fn an_append_waits_for_its_turn_and_forgets_what_was_changed_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("data"), "merrowshire")
        .await
        .unwrap();
    append(&store, "case/1", None).await.unwrap();
    let tx = store.begin("a test").await.unwrap();
    assert!(store.inner.turns.try_lock().is_err());
    let other = store.clone();
    let waiting = tokio::spawn(async move { append(&other, "case/1", Some(1)).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    tx.commit().await.unwrap();
    waiting.await.unwrap().unwrap();
    // A change that is given up gives the turn back as well.
    drop(store.begin("a test").await.unwrap());
    append(&store, "case/1", Some(2)).await.unwrap();
}

#[tokio::test]
async fn a_closed_store_takes_nothing_more_from_those_who_would_commit_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("data"), "merrowshire")
        .await
        .unwrap();
    append(&store, "case/1", None).await.unwrap();
    store.inner.turns.lock().await.quick = true;
    store.close().await;
    assert!(!store.inner.turns.lock().await.is_quick());
    let refused = append(&store, "case/1", None).await.unwrap_err();
    assert!(matches!(refused, StoreError::Closed), "{refused:?}");
}
