//! A PostgreSQL that goes away and comes back: what was answered as recorded is there once, what was answered as an error is not,
//! and the store heals by itself within five seconds.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use shared::*;
use sqlx::Executor;
use store::{Condition, Store, StoreError};

/// A home on a server of its own, which may be restarted without disturbing other tests.
async fn alone(settings: &[&str]) -> (Home, postgres::Server) {
    let server = postgres::Server::start(settings);
    let home = Home {
        dir: tempfile::tempdir().unwrap(),
        database: Some(server.database().await),
    };
    (home, server)
}

const CUT_OFF: &str = "SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity \
     WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Writers that never stop, each in a stream of its own; what each was told.
async fn under_load(store: &Store, stop: &Arc<AtomicBool>) -> Vec<(Vec<String>, Vec<String>)> {
    let writers: Vec<_> = (0..6)
        .map(|writer| {
            let (store, stop) = (store.clone(), stop.clone());
            tokio::spawn(async move {
                let (mut told, mut refused) = (Vec::new(), Vec::new());
                for n in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let words = format!("writer {writer} words {n}");
                    match append(&store, &format!("case/{writer}"), None, &[&words]).await {
                        Ok(_) => told.push(words),
                        Err(StoreError::Unknown { .. }) => {}
                        Err(_) => refused.push(words),
                    }
                }
                (told, refused)
            })
        })
        .collect();
    let mut answers = Vec::new();
    for one in writers {
        answers.push(one.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_cut_off_at_random_lose_nothing_and_double_nothing() {
    let (home, store) = new_store_on(Engine::Postgres).await;
    let stop = Arc::new(AtomicBool::new(false));
    let cutting = {
        let (stop, root) = (stop.clone(), home.database.as_ref().unwrap().root.clone());
        tokio::spawn(async move {
            let mut root = postgres::connect(&root).await;
            for round in 0u64..40 {
                tokio::time::sleep(Duration::from_millis(13 + round * 37 % 90)).await;
                (&mut root).execute(CUT_OFF).await.unwrap();
            }
            stop.store(true, Ordering::Relaxed);
        })
    };
    let answers = under_load(&store, &stop).await;
    cutting.await.unwrap();
    let began = Instant::now();
    append(&store, "case/after", None, &["after"])
        .await
        .unwrap();
    assert!(began.elapsed() < Duration::from_secs(5));
    let recorded = compare(&store, &answers).await;
    assert!(recorded > 40, "only {recorded} were recorded");
}

/// Compares every answer with what is there, beside the one entry written after.
async fn compare(store: &Store, answers: &[(Vec<String>, Vec<String>)]) -> usize {
    let mut recorded = 0;
    for (writer, (told, refused)) in answers.iter().enumerate() {
        let there = words(&store.stream(&format!("case/{writer}"), 0).await.unwrap());
        for words in told {
            let times = there.iter().filter(|there| *there == words).count();
            assert_eq!(times, 1, "`{words}` was answered as recorded");
        }
        for words in refused {
            assert!(!there.contains(words), "`{words}` was answered as an error");
        }
        recorded += there.len();
    }
    assert_eq!(
        usize::try_from(store.verify().await.unwrap().entries).unwrap(),
        recorded + 1
    );
    recorded
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_restarted_is_waited_for_and_nothing_is_lost() {
    let (home, server) = alone(&[]).await;
    let store = Store::create_on(&home.path().join("data"), "merrowshire", &home.at())
        .await
        .unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let load = {
        let (store, stop) = (store.clone(), stop.clone());
        tokio::spawn(async move { under_load(&store, &stop).await })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    let server = tokio::task::spawn_blocking(move || {
        server.restart();
        server
    })
    .await
    .unwrap();
    let back = Instant::now();
    while append(&store, "case/after", None, &["after"])
        .await
        .is_err()
    {
        assert!(back.elapsed() < Duration::from_secs(5), "it heals in time");
    }
    assert!(back.elapsed() < Duration::from_secs(5), "it heals in time");
    stop.store(true, Ordering::Relaxed);
    let answers = load.await.unwrap();
    let recorded = compare(&store, &answers).await;
    assert!(recorded > 6, "only {recorded} were recorded");
    assert_eq!(store.condition(), Condition::Writing);
    store.close().await;
    drop(server);
}

#[tokio::test]
async fn a_database_is_used_by_one_process_at_a_time() {
    let (home, store) = new_store_on(Engine::Postgres).await;
    // Another data folder with the same key and the same database, as on a second machine.
    let second = home.path().join("second");
    std::fs::create_dir(&second).unwrap();
    for name in ["master.key", "database.toml"] {
        std::fs::copy(home.path().join("data").join(name), second.join(name)).unwrap();
    }
    let refused = Store::open(&second).await.unwrap_err();
    assert!(matches!(refused, StoreError::Occupied(_)), "{refused}");
    store.close().await;
    Store::open(&second).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_lost_its_lock_to_another_writes_nothing_more() {
    let (home, store) = new_store_on(Engine::Postgres).await;
    append(&store, "case/1", None, &["first"]).await.unwrap();
    // As if the second process had opened the database while the first was cut off from it.
    let mut root = raw_on(&home).await;
    root.run("UPDATE meta SET value = 'another' WHERE name = 'store.opened'")
        .await
        .unwrap();
    let refused = append(&store, "case/1", None, &["too late"])
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::Superseded), "{refused}");
    assert!(matches!(store.condition(), Condition::Halted(_)));
    let again = append(&store, "case/1", None, &["too late"])
        .await
        .unwrap_err();
    assert!(matches!(again, StoreError::Halted(_)), "{again}");
    assert_eq!(words(&store.stream("case/1", 0).await.unwrap()), ["first"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_was_cut_off_is_looked_up_and_answered_as_it_was() {
    let (home, store) = new_store_on(Engine::Postgres).await;
    append(&store, "case/1", None, &["first"]).await.unwrap();
    // The connection is cut after the work of the commit and before its answer: a deferred trigger sleeps in between.
    let mut root = raw_on(&home).await;
    root.connection
        .execute(
            "CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.8); RETURN NULL; END $$; \
             CREATE CONSTRAINT TRIGGER nap AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nap()",
        )
        .await
        .unwrap();
    let writing = {
        let store = store.clone();
        tokio::spawn(async move { append(&store, "case/1", Some(1), &["second"]).await })
    };
    tokio::time::sleep(Duration::from_millis(400)).await;
    (&mut root.connection).execute(CUT_OFF).await.unwrap();
    let answer = writing.await.unwrap();
    let there = words(&store.stream("case/1", 0).await.unwrap());
    match answer {
        Ok(_) => assert_eq!(there, ["first", "second"]),
        Err(error) => assert_eq!(there, ["first"], "{error}"),
    }
    assert_eq!(store.verify().await.unwrap().entries, there.len() as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_was_made_though_its_answer_never_came_is_found_and_answered_as_recorded() {
    let (home, _server) = alone(&["-c", "fsync=off"]).await;
    let store = Store::create_on(&home.path().join("data"), "merrowshire", &home.at())
        .await
        .unwrap();
    append(&store, "case/1", None, &["first"]).await.unwrap();
    // A commit that waits for a copy elsewhere is already made here; cut off then, it is never answered.
    let mut root = raw_on(&home).await.connection;
    for change in [
        "ALTER SYSTEM SET synchronous_standby_names = 'elsewhere'",
        "SELECT pg_reload_conf()",
    ] {
        (&mut root).execute(change).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let writing = {
        let store = store.clone();
        tokio::spawn(async move { append(&store, "case/1", Some(1), &["second"]).await })
    };
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!writing.is_finished(), "it waits for the copy elsewhere");
    (&mut root).execute(CUT_OFF).await.unwrap();
    for change in [
        "ALTER SYSTEM RESET synchronous_standby_names",
        "SELECT pg_reload_conf()",
    ] {
        (&mut root).execute(change).await.unwrap();
    }
    let answer = writing.await.unwrap().unwrap();
    assert_eq!((answer[0].position, answer[0].number), (2, 2));
    append(&store, "case/1", Some(2), &["third"]).await.unwrap();
    assert_eq!(
        words(&store.stream("case/1", 0).await.unwrap()),
        ["first", "second", "third"]
    );
    assert_eq!(store.verify().await.unwrap().entries, 3);
}

#[tokio::test]
async fn a_full_disk_is_told_apart_and_heals() {
    // A table space of its own on a small disk would need an administrator; the server's own words for a full disk do the same.
    let (home, store) = new_store_on(Engine::Postgres).await;
    append(&store, "case/1", None, &["first"]).await.unwrap();
    let mut root = raw_on(&home).await;
    root.connection
        .execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$; \
             CREATE TRIGGER no_room BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION no_room()",
        )
        .await
        .unwrap();
    let refused = append(&store, "case/1", None, &["lost"]).await.unwrap_err();
    assert!(matches!(refused, StoreError::NoSpace { .. }), "{refused}");
    assert_eq!(store.condition(), Condition::Writing);
    root.connection
        .execute("DROP TRIGGER no_room ON entry")
        .await
        .unwrap();
    append(&store, "case/1", Some(1), &["second"])
        .await
        .unwrap();
}

#[tokio::test]
async fn a_failing_disk_stops_all_writing_until_the_store_is_opened_again() {
    let (home, store) = new_store_on(Engine::Postgres).await;
    append(&store, "case/1", None, &["first"]).await.unwrap();
    let mut root = raw_on(&home).await;
    root.connection
        .execute(
            "CREATE FUNCTION failing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'input/output error' USING ERRCODE = '58030'; END $$; \
             CREATE TRIGGER failing BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION failing()",
        )
        .await
        .unwrap();
    let refused = append(&store, "case/1", None, &["lost"]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Disk { .. }), "{refused}");
    root.connection
        .execute("DROP TRIGGER failing ON entry")
        .await
        .unwrap();
    assert!(matches!(store.condition(), Condition::Halted(_)));
    let refused = append(&store, "case/1", None, &["lost"]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Halted(_)), "{refused}");
    assert!(matches!(
        store.put_meta("holidays", "{}").await,
        Err(StoreError::Halted(_))
    ));
    assert_eq!(words(&store.stream("case/1", 0).await.unwrap()), ["first"]);
    store.close().await;
    let store = Store::open(&home.path().join("data")).await.unwrap();
    append(&store, "case/1", Some(1), &["second"])
        .await
        .unwrap();
}
