//! A process that is killed in the middle of its work loses nothing that it was told is recorded.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use shared::*;
use store::Store;

const DIR: &str = "CANDOUR_TEST_KILLED_DIR";

/// The process to be killed: eight writers that say each acknowledged position, until the end comes from outside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "is run by the other test, in a process of its own"]
async fn the_process_that_is_killed() {
    let Ok(dir) = env::var(DIR) else { return };
    let store = Store::open(Path::new(&dir)).await.unwrap();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0u64.. {
                    let done = append(&store, &format!("case/{writer}"), None, &["words", "more"])
                        .await
                        .unwrap();
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "recorded {} {}", done[1].position, done[1].hash).unwrap();
                    out.flush().unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn a_killed_process_loses_nothing_it_was_told_is_recorded() {
    kill(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_killed_process_loses_nothing_on_postgresql_either() {
    kill(Engine::Postgres).await;
}

async fn kill(engine: Engine) {
    let (dir, store) = new_store_on(engine).await;
    store.close().await;
    let data = dir.path().join("data");
    let mut kept = 0;
    for round in 0u64..20 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "the_process_that_is_killed",
                "--ignored",
                "--nocapture",
            ])
            .env(DIR, &data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines
            .by_ref()
            .map(|line| line.unwrap())
            .find(|line| line.contains("recorded "))
            .unwrap();
        tokio::time::sleep(Duration::from_millis(round * 37 % 50)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let mut told = vec![first];
        // The last line may have been cut off by the kill; a whole one ends with all 64 digits of its hash.
        told.extend(
            lines
                .map_while(Result::ok)
                .filter(|line| line.contains("recorded ")),
        );

        let store = Store::open(&data).await.unwrap();
        let verified = store.verify().await.unwrap();
        assert_eq!(
            verified.entries % 2,
            0,
            "a request is there whole or not at all"
        );
        assert!(verified.entries > kept);
        let log = store.log(kept, u32::MAX).await.unwrap();
        for line in told {
            let words: Vec<&str> = line.split("recorded ").last().unwrap().split(' ').collect();
            let [position, hash] = words[..] else {
                continue;
            };
            if hash.len() < 64 {
                continue;
            }
            let position: u64 = position.parse().unwrap();
            let entry = &log[usize::try_from(position - kept - 1).unwrap()];
            assert_eq!(
                (entry.position, entry.hash.to_hex().as_str()),
                (position, hash)
            );
        }
        kept = verified.entries;
        store.close().await;
    }
}
