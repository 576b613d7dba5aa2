//! The tree in the database, its signed heads, and what a checkpoint kept elsewhere finds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use record::{
    Hash,
    tree::{verify_consistency, verify_inclusion},
};
use shared::*;
use sqlx::Connection;
use store::{Store, StoreError};

#[tokio::test]
async fn the_head_of_the_tree_covers_every_entry_and_proofs_lead_to_it() {
    let (_dir, store) = new_store().await;
    let mut hashes: Vec<Hash> = Vec::new();
    let mut heads = vec![store.tree_head().await.unwrap()];
    for round in 0..6 {
        let words: Vec<String> = (0..round * 37 + 1)
            .map(|n| format!("{round} {n}"))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        for appended in append(&store, &format!("case/{}", round % 2), None, &words)
            .await
            .unwrap()
        {
            hashes.push(appended.hash);
        }
        heads.push(store.tree_head().await.unwrap());
    }
    let end = *heads.last().unwrap();
    assert_eq!(end.size, hashes.len() as u64);
    assert_eq!(end.root, record::tree::root_of(&hashes));
    assert!(end.size > 512, "more than two kept subtrees: {}", end.size);
    for position in [1, 2, 255, 256, 257, 300, end.size] {
        let proof = store.inclusion(position, end.size).await.unwrap();
        let leaf = hashes[position as usize - 1];
        verify_inclusion(&leaf, position - 1, end.size, &proof, &end.root).unwrap();
        assert!(verify_inclusion(&Hash::ZERO, position - 1, end.size, &proof, &end.root).is_err());
    }
    for old in heads.iter().filter(|h| h.size > 0) {
        let proof = store.consistency(old.size, end.size).await.unwrap();
        verify_consistency(old.size, end.size, &proof, &old.root, &end.root).unwrap();
    }
}

#[tokio::test]
async fn a_checkpoint_is_signed_once_for_each_size_and_kept() {
    let (dir, store) = new_store().await;
    assert_eq!(store.checkpoint("nothing yet", at()).await.unwrap(), None);
    append(&store, "case/1", None, &["one", "two"])
        .await
        .unwrap();
    let first = store.checkpoint("a decision", at()).await.unwrap().unwrap();
    assert_eq!(first.head, store.tree_head().await.unwrap());
    assert_eq!(
        store.checkpoint("the day", at()).await.unwrap().unwrap(),
        first,
        "the same head is not signed twice"
    );
    append(&store, "case/1", None, &["three"]).await.unwrap();
    let second = store.checkpoint("the day", at()).await.unwrap().unwrap();
    assert_eq!(
        store.checkpoints().await.unwrap(),
        [first.clone(), second.clone()]
    );
    assert_eq!(store.checkpoint_over(2).await.unwrap(), Some(first.clone()));
    assert_eq!(store.checkpoint_over(3).await.unwrap(), Some(second));
    assert_eq!(store.checkpoint_over(4).await.unwrap(), None);
    let keys = store.log_keys().await.unwrap();
    let opened = record::checkpoint::Checkpoint::open(&first.note, &keys).unwrap();
    assert_eq!((opened.size, opened.root), (2, first.head.root));
    store.close().await;
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert_eq!(store.log_keys().await.unwrap(), keys, "the key stays");
    let audited = store.audit(&[first.note], &keys).await.unwrap();
    assert_eq!((audited.log.entries, audited.checkpoints), (3, 3));
}

/// A log whose newest entries were written again by someone who can compute hashes, and who has the server's keys.
#[tokio::test]
async fn a_log_rewritten_or_cut_off_by_whoever_runs_the_server_is_found_by_a_checkpoint_kept_elsewhere()
 {
    let (dir, store) = new_store().await;
    append(&store, "case/1", None, &["one", "two"])
        .await
        .unwrap();
    let early = store.checkpoint("held", at()).await.unwrap().unwrap();
    append(&store, "case/1", None, &["three", "four"])
        .await
        .unwrap();
    let late = store.checkpoint("held", at()).await.unwrap().unwrap();
    let keys = store.log_keys().await.unwrap();
    store.close().await;
    let mut raw = raw(&dir).await;
    // The end is cut off, with every head put back to what it was: chain and tree hold again.
    for query in [
        "DROP TRIGGER entry_is_never_deleted",
        "DROP TRIGGER checkpoint_is_never_deleted",
        "DELETE FROM entry WHERE position > 3",
        "DROP TRIGGER entry_key_is_deleted_only_when_destroyed",
        "DELETE FROM entry_key WHERE position > 3",
        "DELETE FROM checkpoint WHERE size > 2",
        "UPDATE log_head SET position = 3, hash = (SELECT hash FROM entry WHERE position = 3), edge = NULL",
        "CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry BEGIN SELECT raise(abort, 'no'); END",
    ] {
        sqlx::query(query).execute(&mut raw).await.unwrap();
    }
    raw.close().await.unwrap();
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert_eq!(
        store.verify().await.unwrap().entries,
        3,
        "by itself the shorter log holds"
    );
    store
        .audit(std::slice::from_ref(&early.note), &keys)
        .await
        .expect("what the early one saw is still there");
    let found = store.audit(std::slice::from_ref(&late.note), &keys).await;
    assert!(
        matches!(&found, Err(StoreError::Broken(broken)) if broken.position == 4 && broken.why.contains("its end is missing")),
        "{found:?}"
    );
    // Another fourth entry is written in place of the one that was there.
    append(&store, "case/1", None, &["another"]).await.unwrap();
    store.verify().await.unwrap();
    let found = store.audit(&[early.note, late.note], &keys).await;
    assert!(
        matches!(&found, Err(StoreError::Broken(broken)) if broken.position == 3 && broken.why.contains("rewritten")),
        "the early one proves entries 1 and 2: {found:?}"
    );
}

#[tokio::test]
async fn a_checkpoint_of_another_log_is_refused_and_one_altered_in_the_database_is_found() {
    let (dir, store) = new_store().await;
    append(&store, "case/1", None, &["one"]).await.unwrap();
    let mine = store.checkpoint("held", at()).await.unwrap().unwrap();
    let (_other_dir, other) = new_store().await;
    append(&other, "case/1", None, &["one"]).await.unwrap();
    let theirs = other.checkpoint("held", at()).await.unwrap().unwrap();
    let refused = store.audit(std::slice::from_ref(&theirs.note), &[]).await;
    assert!(
        matches!(refused, Err(StoreError::Unfit { .. })),
        "{refused:?}"
    );
    store.close().await;
    let mut raw = raw(&dir).await;
    sqlx::query("DROP TRIGGER checkpoint_is_never_updated")
        .execute(&mut raw)
        .await
        .unwrap();
    sqlx::query("UPDATE checkpoint SET note = $1")
        .bind(theirs.note)
        .execute(&mut raw)
        .await
        .unwrap();
    raw.close().await.unwrap();
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert!(matches!(store.verify().await, Err(StoreError::Broken(_))));
    assert_ne!(mine.head.size, 0);
}

#[tokio::test]
async fn a_record_without_a_tree_gets_one_when_it_is_opened() {
    let (dir, store) = new_store().await;
    let words: Vec<String> = (0..600).map(|n| n.to_string()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    append(&store, "case/1", None, &words).await.unwrap();
    let head = store.tree_head().await.unwrap();
    store.close().await;
    let mut raw = raw(&dir).await;
    for query in [
        "DROP TRIGGER tree_node_is_never_deleted",
        "DELETE FROM tree_node",
        "UPDATE log_head SET edge = NULL",
    ] {
        sqlx::query(query).execute(&mut raw).await.unwrap();
    }
    raw.close().await.unwrap();
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert_eq!(store.tree_head().await.unwrap(), head);
    store.verify().await.unwrap();
    store.inclusion(3, 600).await.unwrap();
}

#[tokio::test]
async fn an_altered_tree_is_found() {
    for query in [
        "UPDATE log_head SET edge = zeroblob(8)",
        "DROP TRIGGER tree_node_is_never_updated; UPDATE tree_node SET hash = zeroblob(32)",
    ] {
        let (dir, store) = new_store().await;
        let words: Vec<String> = (0..300).map(|n| n.to_string()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        append(&store, "case/1", None, &words).await.unwrap();
        store.verify().await.unwrap();
        let mut raw = raw(&dir).await;
        sqlx::raw_sql(query).execute(&mut raw).await.unwrap();
        raw.close().await.unwrap();
        assert!(store.verify().await.is_err(), "{query}");
    }
}
