//! What the record costs beside what it stands on: durable appends beside bare SQLite commits on the same disk, and checking a log
//! beside hashing the same bytes. Bounded in count and time. Run with `cargo bench -p store`.
//! `CANDOUR_BENCH_SECONDS` (3) is the length of a round, `CANDOUR_BENCH_ENTRIES` (200,000) the length of the log that is checked,
//! `CANDOUR_BENCH_DIR` where the files lie.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures and stops at the first thing that fails"
)]

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use access::Permit;
use jiff::Timestamp;
use record::audit::{Audit, Run};
use record::{Entry, Hash, canonical, content_hash, time_text};
use rusqlite::{Connection, ToSql};
use sha2::{Digest, Sha256};
use store::{NewEntry, Store};

const WRITERS: usize = 32;
const ROUNDS: usize = 3;
/// The tables an entry goes into.
const LAYOUT: [&str; 3] = [
    include_str!("../migrations/sqlite/0001_record.sql"),
    include_str!("../migrations/sqlite/0005_tree.sql"),
    include_str!("../migrations/sqlite/0011_positions.sql"),
];

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(usual)
}

fn new_entry() -> NewEntry {
    NewEntry {
        kind: "consideration.element-considered".into(),
        version: 1,
        at: Timestamp::now(),
        actor: "person-1".into(),
        content: vec![b'w'; 1024],
    }
}

/// Commits of one row of the same size through one connection with the same settings as the store's.
fn bare(dir: &Path, length: Duration) -> f64 {
    let connection = Connection::open(dir.join("bare.sqlite")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             CREATE TABLE IF NOT EXISTS entry (position integer primary key, sealed blob not null)",
        )
        .unwrap();
    let (begin, mut commits) = (Instant::now(), 0u32);
    while begin.elapsed() < length {
        let mut insert = connection
            .prepare_cached("INSERT INTO entry (sealed) VALUES ($1)")
            .unwrap();
        insert.execute([vec![b'w'; 1024]]).unwrap();
        commits += 1;
    }
    f64::from(commits) / begin.elapsed().as_secs_f64()
}

/// Commits of the rows of one entry into the same tables with the same indexes: what the layout costs.
fn bare_layout(dir: &Path, length: Duration) -> f64 {
    let path = dir.join("layout.sqlite");
    let fresh = !path.exists();
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        .unwrap();
    if fresh {
        for tables in LAYOUT {
            connection.execute_batch(tables).unwrap();
        }
    }
    let first: i64 = connection
        .query_row(
            "SELECT coalesce(max(position), 0) + 1 FROM entry",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let (begin, mut commits) = (Instant::now(), 0u32);
    while begin.elapsed() < length {
        let position = first + i64::from(commits);
        let hash = content_hash(&position.to_be_bytes()).0.to_vec();
        let key: String = hash[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let run = |text: &str, values: &[&dyn ToSql]| {
            let mut statement = connection.prepare_cached(text).unwrap();
            statement.execute(values).unwrap();
        };
        run("BEGIN IMMEDIATE", &[]);
        run(
            "INSERT INTO entry VALUES ('benchshire', $1, 'case/0', $1, 'consideration.element-considered', 1, \
             '2026-11-23T09:32:00.000000Z', 'person-1', $2, $3, $3, $3, $3, $4)",
            &[&position, &key, &hash, &vec![b'w'; 1040]],
        );
        run(
            "INSERT INTO entry_key VALUES ('benchshire', $1, $2, $3)",
            &[&position, &key, &vec![b'k'; 72]],
        );
        run(
            "INSERT INTO log_head VALUES ('benchshire', $1, $2, $3) \
             ON CONFLICT DO UPDATE SET position = excluded.position, hash = excluded.hash, edge = excluded.edge",
            &[
                &position,
                &hash,
                &vec![b'f'; 8 + 32 * position.count_ones() as usize],
            ],
        );
        run("COMMIT", &[]);
        commits += 1;
    }
    f64::from(commits) / begin.elapsed().as_secs_f64()
}

/// Appends of one entry, each waiting for its own answer, from so many writers at once.
async fn appends(store: &Store, writers: usize, length: Duration) -> f64 {
    let begin = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let (stream, mut done) = (format!("case/{writer}"), 0u32);
                while begin.elapsed() < length {
                    let permit = Permit::for_system("bench");
                    store
                        .append(permit, &stream, None, vec![new_entry()])
                        .await
                        .unwrap();
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    f64::from(done) / begin.elapsed().as_secs_f64()
}

/// A log in memory, as it would be read from a file: each entry, its hash, its sealed content.
fn log(entries: u64) -> Vec<(Entry, Hash, Vec<u8>)> {
    let mut previous = Hash::ZERO;
    let mut list = Vec::with_capacity(entries as usize);
    let at = time_text(Timestamp::now());
    for position in 1..=entries {
        let mut sealed = vec![b'w'; 1024];
        sealed[..8].copy_from_slice(&position.to_be_bytes());
        let entry = Entry {
            partnership: "benchshire".into(),
            position,
            stream: format!("case/{}", (position - 1) % 5_000),
            number: (position - 1) / 5_000 + 1,
            kind: "consideration.element-considered".into(),
            version: 1,
            at: at.clone(),
            actor: "person-1".into(),
            key_id: format!("{position:032x}"),
            nonce: [7; 24],
            content_hash: content_hash(&sealed),
            previous,
        };
        let hash = entry.hash();
        previous = hash;
        list.push((entry, hash, sealed));
    }
    list
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Only the hashing: every byte of the canonical entries and of the contents once, on all cores.
fn hashing(bytes: &[(Vec<u8>, &[u8])]) -> Duration {
    let begin = Instant::now();
    thread::scope(|scope| {
        for part in bytes.chunks(bytes.len().div_ceil(cores())) {
            scope.spawn(move || {
                for (canonical, sealed) in part {
                    std::hint::black_box(Sha256::digest(canonical));
                    std::hint::black_box(Sha256::digest(sealed));
                }
            });
        }
    });
    begin.elapsed()
}

/// The whole check: chain, contents, tree, on all cores.
fn checking(log: &[(Entry, Hash, Vec<u8>)]) -> Duration {
    let begin = Instant::now();
    let mut audit = Audit::new([]);
    for stretch in log.chunks(cores() * 65_536) {
        let runs: Vec<Run> = thread::scope(|scope| {
            let threads: Vec<_> = stretch
                .chunks(stretch.len().div_ceil(cores()))
                .map(|part| {
                    scope.spawn(move || {
                        Run::check(part.iter().map(|(e, h, s)| (e, h, Some(s.as_slice()))))
                    })
                })
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        for run in &runs {
            audit.join(run).unwrap();
        }
    }
    let audited = audit.finish().unwrap();
    assert_eq!(audited.log.entries, log.len() as u64);
    begin.elapsed()
}

#[tokio::main]
async fn main() {
    let length = Duration::from_secs(setting("CANDOUR_BENCH_SECONDS", 3));
    let entries = setting("CANDOUR_BENCH_ENTRIES", 200_000);
    let place =
        std::env::var("CANDOUR_BENCH_DIR").map_or_else(|_| std::env::temp_dir(), PathBuf::from);
    let dir = tempfile::tempdir_in(place).unwrap();

    println!(
        "Durable appends of 1 kB, one entry per commit, rounds of {} s:",
        length.as_secs()
    );
    let store = Store::create(&dir.path().join("data"), "benchshire")
        .await
        .unwrap();
    for _ in 0..ROUNDS {
        let raw = bare(dir.path(), length);
        let layout = bare_layout(dir.path(), length);
        let one = appends(&store, 1, length).await;
        let many = appends(&store, WRITERS, length).await;
        println!(
            "  bare SQLite {raw:.0} a second, with the record's tables {layout:.0} ({:.2} of it); the record {one:.0} ({:.2} of it) with one writer, {many:.0} ({:.1} times) with {WRITERS}",
            layout / raw,
            one / raw,
            many / raw
        );
    }
    let begin = Instant::now();
    let there = store.verify().await.unwrap().entries;
    println!(
        "Checking that record in its database, opening every entry: {there} entries in {:.2} s",
        begin.elapsed().as_secs_f64()
    );
    store.close().await;
    let begin = Instant::now();
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    println!(
        "Opening it again: {:.0} ms",
        begin.elapsed().as_secs_f64() * 1000.0
    );
    store.close().await;

    println!(
        "A log of {entries} entries of 1 kB in memory, {} cores:",
        cores()
    );
    let log = log(entries);
    let bytes: Vec<(Vec<u8>, &[u8])> = log
        .iter()
        .map(|(entry, _, sealed)| (canonical(entry), sealed.as_slice()))
        .collect();
    for _ in 0..ROUNDS {
        let hashed = hashing(&bytes);
        let checked = checking(&log);
        println!(
            "  hashing alone {:.2} s; chain, contents and tree {:.2} s, {:.2} times",
            hashed.as_secs_f64(),
            checked.as_secs_f64(),
            checked.as_secs_f64() / hashed.as_secs_f64()
        );
    }
}
