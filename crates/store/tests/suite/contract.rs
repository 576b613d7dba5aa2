//! What every database behind the store must do: append, refuse, group, survive, verify.

use crate::shared::*;
use access::Permit;
use futures::join_all;
use record::Hash;
use sqlx::Connection;
use store::{Change, Claim, Content, FormDone, Store, StoreError};

mod futures {
    /// Runs everything at once on the runtime and collects the answers in order.
    pub async fn join_all<F>(tasks: Vec<F>) -> Vec<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let handles: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
        let mut answers = Vec::new();
        for handle in handles {
            answers.push(handle.await.unwrap());
        }
        answers
    }
}

/// A new store on the database this module is named after.
async fn new_store() -> (Home, Store) {
    new_store_on(Engine::of(module_path!())).await
}

#[tokio::test]
async fn what_is_appended_is_read_back_in_order_with_its_place() {
    let (_dir, store) = new_store().await;
    let first = append(&store, "case/1", Some(0), &["told by the hospital"])
        .await
        .unwrap();
    append(&store, "case/2", Some(0), &["another case"])
        .await
        .unwrap();
    append(&store, "case/1", Some(1), &["second", "third"])
        .await
        .unwrap();

    assert_eq!((first[0].position, first[0].number), (1, 1));
    let opened = store.stream("case/1", 0).await.unwrap();
    let places: Vec<_> = opened
        .iter()
        .map(|entry| (entry.position, entry.number))
        .collect();
    assert_eq!(places, [(1, 1), (3, 2), (4, 3)]);
    assert_eq!(words(&opened), ["told by the hospital", "second", "third"]);
    assert_eq!(opened[0].actor, "person-1");
    assert_eq!(opened[0].kind, "note");
    assert_eq!(opened[0].version, 1);
    assert_eq!(opened[0].at, at());
    assert_eq!(opened[0].hash, first[0].hash);
    assert_eq!(opened[0].key_id, first[0].key_id);

    assert_eq!(words(&store.stream("case/1", 2).await.unwrap()), ["third"]);
    assert!(store.stream("case/9", 0).await.unwrap().is_empty());
    assert_eq!(
        words(&store.log(1, 2).await.unwrap()),
        ["another case", "second"]
    );
}

#[tokio::test]
async fn the_heads_follow_the_log() {
    let (_dir, store) = new_store().await;
    let empty = store.head().await.unwrap();
    assert_eq!((empty.position, empty.hash), (0, Hash::ZERO));
    append(&store, "case/1", None, &["a", "b"]).await.unwrap();
    let last = append(&store, "case/2", None, &["c"]).await.unwrap();
    let head = store.head().await.unwrap();
    assert_eq!((head.position, head.hash), (3, last[0].hash));
    let streams: Vec<_> = store
        .streams()
        .await
        .unwrap()
        .into_iter()
        .map(|head| (head.stream, head.entries, head.last_position))
        .collect();
    assert_eq!(
        streams,
        [("case/1".to_owned(), 2, 2), ("case/2".to_owned(), 1, 3)]
    );
    let verified = store.verify().await.unwrap();
    assert_eq!((verified.entries, verified.last), (3, last[0].hash));
}

#[tokio::test]
async fn a_change_based_on_an_older_state_is_refused_and_writes_nothing() {
    let (_dir, store) = new_store().await;
    append(&store, "case/1", Some(0), &["first"]).await.unwrap();
    let refused = append(&store, "case/1", Some(0), &["late"])
        .await
        .unwrap_err();
    assert!(
        matches!(refused, StoreError::Conflict { ref stream, expected: 0, now: 1 } if stream == "case/1")
    );
    assert_eq!(words(&store.stream("case/1", 0).await.unwrap()), ["first"]);
    append(&store, "case/1", Some(1), &["second"])
        .await
        .unwrap();
    append(&store, "case/1", None, &["unconditional"])
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_writers_based_on_the_same_state_exactly_one_wins() {
    let (_dir, store) = new_store().await;
    let tasks = (0..40)
        .map(|writer| {
            let store = store.clone();
            async move { append(&store, "case/1", Some(0), &[&format!("writer {writer}")]).await }
        })
        .collect();
    let answers = join_all(tasks).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(
        answers
            .iter()
            .filter_map(|answer| answer.as_ref().err())
            .all(|error| matches!(
                error,
                StoreError::Conflict {
                    expected: 0,
                    now: 1,
                    ..
                }
            ))
    );
    assert_eq!(store.verify().await.unwrap().entries, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_writers_at_once_lose_nothing() {
    let (_dir, store) = new_store().await;
    let tasks = (0..200)
        .map(|writer| {
            let store = store.clone();
            async move {
                append(
                    &store,
                    &format!("case/{}", writer % 7),
                    None,
                    &[&format!("words {writer}"), "and more"],
                )
                .await
            }
        })
        .collect();
    let mut positions: Vec<_> = join_all(tasks)
        .await
        .into_iter()
        .flat_map(|answer| answer.unwrap())
        .map(|entry| entry.position)
        .collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=400).collect::<Vec<u64>>());
    assert_eq!(store.verify().await.unwrap().entries, 400);
    for writer in 0..200 {
        let stream = words(
            &store
                .stream(&format!("case/{}", writer % 7), 0)
                .await
                .unwrap(),
        );
        let place = stream
            .iter()
            .position(|words| *words == format!("words {writer}"))
            .unwrap();
        assert_eq!(
            stream[place + 1],
            "and more",
            "the entries of one request stay together"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_together_is_committed_together() {
    let (dir, store) = new_store().await;
    append(&store, "case/1", None, &["first"]).await.unwrap();
    let mut raw = raw_on(&dir).await;
    raw.run("BEGIN IMMEDIATE").await.unwrap();
    let waiting: Vec<_> = (0..200)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { append(&store, "case/1", None, &["words"]).await })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(
        waiting.iter().all(|one| !one.is_finished()),
        "nobody is answered before the commit"
    );
    let before = commits(&dir).await;
    raw.run("ROLLBACK").await.unwrap();
    for one in waiting {
        one.await.unwrap().unwrap();
    }
    // What the writer had taken when it met the lock, and then the rest.
    let needed = commits(&dir).await - before;
    assert!(
        (1..=4).contains(&needed),
        "200 requests took {needed} commits"
    );
    assert_eq!(store.verify().await.unwrap().entries, 201);
}

/// How many commits have added entries. In SQLite those that stand in the write-ahead file: frames that carry a database size,
/// with the salt of the file's head. In PostgreSQL the different transactions that the rows were made by.
async fn commits(dir: &Home) -> usize {
    if dir.engine() == Engine::Postgres {
        let count: i64 = sqlx::query_scalar("SELECT count(DISTINCT xmin::text) FROM entry")
            .fetch_one(&mut raw_on(dir).await.connection)
            .await
            .unwrap();
        return usize::try_from(count).unwrap();
    }
    let wal = std::fs::read(dir.path().join("data/candour.sqlite-wal")).unwrap();
    let page = u32::from_be_bytes(wal[8..12].try_into().unwrap()) as usize;
    wal[32..]
        .chunks_exact(24 + page)
        .filter(|frame| frame[8..16] == wal[16..24] && frame[4..8] != [0; 4])
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_commit_answers_an_error_to_everyone_in_it_and_the_store_goes_on() {
    let (dir, store) = new_store().await;
    append(&store, "case/1", None, &["before"]).await.unwrap();
    let mut raw = raw_on(&dir).await;
    raw.run(match dir.engine() {
        Engine::Sqlite => {
            "CREATE TRIGGER entry_is_full BEFORE INSERT ON entry BEGIN SELECT raise(abort, 'no'); END"
        }
        Engine::Postgres => {
            "CREATE TRIGGER entry_is_full BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION refuse('no')"
        }
    })
    .await
    .unwrap();
    let tasks = (0..20)
        .map(|_| {
            let store = store.clone();
            async move { append(&store, "case/1", None, &["lost"]).await }
        })
        .collect();
    for answer in join_all(tasks).await {
        assert!(matches!(answer, Err(StoreError::Database { .. })));
    }
    raw.run("DROP TRIGGER entry_is_full").await.unwrap();
    append(&store, "case/1", Some(1), &["after"]).await.unwrap();
    assert_eq!(
        words(&store.stream("case/1", 0).await.unwrap()),
        ["before", "after"]
    );
    assert_eq!(store.verify().await.unwrap().entries, 2);
}

#[tokio::test]
async fn entries_and_keys_cannot_be_changed_or_deleted_even_by_hand() {
    let (dir, store) = new_store().await;
    append(&store, "case/1", None, &["words"]).await.unwrap();
    let mut raw = raw_on(&dir).await;
    for (attempt, said) in [
        (
            "UPDATE entry SET actor = 'someone else'",
            "an entry of the record is never changed",
        ),
        (
            "DELETE FROM entry",
            "an entry of the record is never deleted",
        ),
        (
            "UPDATE entry_key SET wrapped = x'00'",
            "the key of an entry is never changed",
        ),
        (
            "DELETE FROM entry_key",
            "only after its destruction is written down",
        ),
    ] {
        let refused = raw.run(attempt).await.unwrap_err().to_string();
        assert!(refused.contains(said), "{attempt}: {refused}");
    }
    assert_eq!(store.verify().await.unwrap().entries, 1);
}

#[tokio::test]
async fn destroyed_content_cannot_be_read_and_the_record_still_verifies() {
    let (dir, store) = new_store().await;
    let appended = append(
        &store,
        "case/1",
        None,
        &["kept", "entered in error", "kept too"],
    )
    .await
    .unwrap();
    let head = store.head().await.unwrap();
    let wrapped: Vec<u8> = sqlx::query_scalar("SELECT wrapped FROM entry_key WHERE key_id = $1")
        .bind(&appended[1].key_id)
        .fetch_one(&mut raw_on(&dir).await.connection)
        .await
        .unwrap();
    let on_disk = dir.engine() == Engine::Sqlite;
    assert!(
        !on_disk || anywhere(dir.path(), &wrapped),
        "the sealed key is on disk before"
    );

    let done = store
        .destroy_content(permit(), &appended[1].key_id)
        .await
        .unwrap();
    // PostgreSQL does its own housekeeping, and the answer says that it is still to come.
    assert_eq!((done.swept, done.already), (on_disk, false));
    let opened = store.stream("case/1", 0).await.unwrap();
    assert_eq!(opened[1].content, Content::Destroyed);
    assert_eq!(opened[1].kind, "note");
    assert_eq!(
        words(&[opened[0].clone(), opened[2].clone()]),
        ["kept", "kept too"]
    );
    let verified = store.verify().await.unwrap();
    assert_eq!((verified.entries, verified.last), (3, head.hash));
    assert!(
        !on_disk || !anywhere(dir.path(), &wrapped),
        "the sealed key is nowhere on disk after"
    );

    assert!(
        store
            .destroy_content(permit(), &appended[1].key_id)
            .await
            .unwrap()
            .already
    );
    let unknown = store
        .destroy_content(permit(), "no-such-key")
        .await
        .unwrap_err();
    assert!(matches!(unknown, StoreError::NoSuchKey(_)));
    let kept: Vec<(String, String)> = sqlx::query_as("SELECT key_id, rule FROM destroyed_key")
        .fetch_all(&mut raw_on(&dir).await.connection)
        .await
        .unwrap();
    assert_eq!(kept, [(appended[1].key_id.clone(), "test".to_owned())]);
}

#[tokio::test]
async fn a_reopened_store_has_everything_and_goes_on_from_there() {
    let (dir, store) = new_store().await;
    append(&store, "case/1", None, &["first"]).await.unwrap();
    let gone = append(&store, "case/1", None, &["gone"]).await.unwrap();
    store
        .destroy_content(permit(), &gone[0].key_id)
        .await
        .unwrap();
    store.close().await;
    assert!(matches!(
        append(&store, "case/1", None, &["too late"]).await,
        Err(StoreError::Closed)
    ));

    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert_eq!(store.partnership(), "merrowshire");
    append(&store, "case/1", Some(2), &["third"]).await.unwrap();
    let opened = store.stream("case/1", 0).await.unwrap();
    assert_eq!(opened[1].content, Content::Destroyed);
    assert_eq!(
        words(&[opened[0].clone(), opened[2].clone()]),
        ["first", "third"]
    );
    assert_eq!(store.verify().await.unwrap().entries, 3);
}

#[tokio::test]
async fn a_closing_store_first_commits_what_is_waiting() {
    let (dir, store) = new_store().await;
    let waiting: Vec<_> = (0..30)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { append(&store, "case/1", None, &["words"]).await.is_ok() })
        })
        .collect();
    tokio::task::yield_now().await;
    store.close().await;
    let mut answered = 0;
    for one in waiting {
        answered += u64::from(one.await.unwrap());
    }
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert_eq!(store.verify().await.unwrap().entries, answered);
}

#[tokio::test]
async fn an_append_with_nothing_in_it_or_without_names_is_told_so() {
    let (_dir, store) = new_store().await;
    assert!(
        append(&store, "case/1", Some(0), &[])
            .await
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        append(&store, "", None, &["words"]).await,
        Err(StoreError::Unfit { .. })
    ));
    assert!(store.streams().await.unwrap().is_empty());
    assert_eq!(store.verify().await.unwrap().entries, 0);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_in_plain_words() {
    let (dir, store) = new_store().await;
    store.close().await;
    let mut raw = raw_on(&dir).await;
    raw.run(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9000, 'from the future', true, x'00', 0)",
    )
    .await
    .unwrap();
    raw.connection.close().await.unwrap();
    let refused = Store::open(&dir.path().join("data")).await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 9000, .. }));
    assert!(refused.to_string().contains("written by a newer Candour"));
}

#[tokio::test]
async fn the_permit_is_needed_by_value() {
    let (_dir, store) = new_store().await;
    let permit = Permit::for_system("test");
    // Used up here: a second append would not compile with the same permit.
    store
        .append(permit, "case/1", None, vec![entry("words")])
        .await
        .unwrap();
    assert_eq!(store.head().await.unwrap().position, 1);
}

fn change(stream: &str, expected: Option<u64>, words: &[&str]) -> Change {
    Change {
        stream: stream.into(),
        expected,
        entries: words.iter().map(|words| entry(words)).collect(),
        files: Vec::new(),
    }
}

#[tokio::test]
async fn changes_of_several_streams_are_recorded_together_or_not_at_all() {
    let (_dir, store) = new_store().await;
    append(&store, "case/1", Some(0), &["opened"])
        .await
        .unwrap();
    let both = || {
        vec![
            change("case/1", Some(1), &["split"]),
            change("case/2", Some(0), &["opened", "from case 1"]),
        ]
    };
    let appended = store.append_all(permit(), both(), None).await.unwrap();
    let places: Vec<Vec<_>> = appended
        .iter()
        .map(|list| list.iter().map(|a| (a.position, a.number)).collect())
        .collect();
    assert_eq!(places, [vec![(2, 2)], vec![(3, 1), (4, 2)]]);
    let refused = store.append_all(permit(), both(), None).await;
    assert!(
        matches!(&refused, Err(StoreError::Conflict { stream, expected: 1, now: 2 }) if stream == "case/1"),
        "{refused:?}"
    );
    // The first fits, the second does not: neither is written.
    let half = vec![
        change("case/1", Some(2), &["more"]),
        change("case/2", Some(1), &["more"]),
    ];
    assert!(store.append_all(permit(), half, None).await.is_err());
    assert_eq!(store.verify().await.unwrap().entries, 4);
    assert_eq!(words(&store.stream("case/1", 0).await.unwrap()).len(), 2);
    let twice = vec![
        change("case/1", None, &["more"]),
        change("case/1", None, &["more"]),
    ];
    assert!(matches!(
        store.append_all(permit(), twice, None).await,
        Err(StoreError::Unfit { .. })
    ));
}

#[tokio::test]
async fn a_form_is_written_down_as_carried_out_with_what_it_recorded() {
    let (_dir, store) = new_store().await;
    let done = |path: &str| {
        Some(FormDone {
            token: "token-1".into(),
            path: path.into(),
        })
    };
    assert_eq!(store.claim("token-1", at()).await.unwrap(), Claim::Yours);
    let refused = vec![change("case/1", Some(5), &["words"])];
    assert!(
        store
            .append_all(permit(), refused, done("/never"))
            .await
            .is_err()
    );
    assert_eq!(store.claim("token-1", at()).await.unwrap(), Claim::Underway);
    let fits = vec![change("case/1", Some(0), &["words"])];
    store
        .append_all(permit(), fits, done("/cases/1"))
        .await
        .unwrap();
    assert_eq!(
        store.claim("token-1", at()).await.unwrap(),
        Claim::Done("/cases/1".into())
    );
}
