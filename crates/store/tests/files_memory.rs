//! Alone in its process, so that it can look at how much memory that takes: a large file goes in and out in pieces.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod shared;

use shared::{append, entry, new_store, permit};

/// The most memory this process has held so far, in KiB.
fn most() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_file_of_48_mib_takes_a_few_mib_of_memory() {
    const MIB: usize = 1024 * 1024;
    let (_dir, store) = new_store().await;
    append(&store, "case/1", None, &["opened"]).await.unwrap();
    let part = vec![7; MIB];
    let before = most();
    let mut writer = store.begin_file("case/1").await.unwrap();
    for _ in 0..48 {
        writer.write(&part).await.unwrap();
    }
    let file = writer.finish().await.unwrap();
    let id = file.id().to_owned();
    let entry = entry("a file was added");
    store
        .append_with_files(permit(), "case/1", None, vec![entry], vec![file])
        .await
        .unwrap();
    let mut reader = store.read_file("case/1", &id).await.unwrap();
    let mut size = 0;
    while let Some(piece) = reader.next().await.unwrap() {
        size += piece.len();
    }
    assert_eq!(size, 48 * MIB);
    store.verify_files().await.unwrap();
    let grown = (most() - before) / 1024;
    assert!(grown < 24, "grew by {grown} MiB");
}
