//! Files of a case: in and out without a byte changed, damage found wherever it is, and nothing left of what was broken off.
use std::{fs, path::PathBuf, time::Duration};

use crate::shared::*;
use sha2::{Digest, Sha256};
use store::{FinishedFile, Store, StoreError};

/// A new store on the database this module is named after.
async fn new_store() -> (Home, Store) {
    new_store_on(Engine::of(module_path!())).await
}

const PIECE: usize = 256 * 1024;
const HEAD: usize = 38;

/// Bytes that repeat nowhere soon.
fn bytes(length: usize) -> Vec<u8> {
    (0..length as u64)
        .map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8)
        .collect()
}

async fn arrive(store: &Store, stream: &str, content: &[u8]) -> FinishedFile {
    let mut writer = store.begin_file(stream).await.unwrap();
    for part in content.chunks(10_007) {
        writer.write(part).await.unwrap();
    }
    writer.finish().await.unwrap()
}

/// A file that counts, and its id.
async fn keep(store: &Store, stream: &str, content: &[u8]) -> String {
    let file = arrive(store, stream, content).await;
    let id = file.id().to_owned();
    let entry = entry("a file was added");
    store
        .append_with_files(permit(), stream, None, vec![entry], vec![file])
        .await
        .unwrap();
    id
}

async fn read(store: &Store, stream: &str, id: &str) -> Result<Vec<u8>, StoreError> {
    let mut reader = store.read_file(stream, id).await?;
    let mut all = Vec::new();
    while let Some(piece) = reader.next().await? {
        all.extend_from_slice(&piece);
    }
    assert_eq!(all.len() as u64, reader.size());
    Ok(all)
}

fn folder(dir: &Home) -> PathBuf {
    dir.path().join("data/files")
}

fn names(dir: &Home) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder(dir))
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn sha(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

async fn with_case(words: &str) -> (Home, Store) {
    let (dir, store) = new_store().await;
    append(&store, "case/1", None, &[words]).await.unwrap();
    append(&store, "case/2", None, &["another case"])
        .await
        .unwrap();
    (dir, store)
}

#[tokio::test]
async fn a_file_of_any_length_comes_out_as_it_went_in() {
    let (dir, store) = with_case("opened").await;
    for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 77] {
        let content = bytes(length);
        let file = arrive(&store, "case/1", &content).await;
        assert_eq!(file.size(), length as u64);
        assert_eq!(file.hash().0, sha(&content));
        let lying = fs::read(folder(&dir).join(file.id())).unwrap();
        assert_eq!(file.sealed_hash().0, sha(&lying));
        let id = file.id().to_owned();
        let entry = entry("a file was added");
        let appended = store
            .append_with_files(permit(), "case/1", None, vec![entry], vec![file])
            .await
            .unwrap();
        assert_eq!(read(&store, "case/1", &id).await.unwrap(), content);
        let row = store.files_of("case/1").await.unwrap().pop().unwrap();
        assert_eq!(
            (row.id, row.size, row.position),
            (id, length as u64, appended[0].position)
        );
    }
    let verified = store.verify_files().await.unwrap();
    assert_eq!((verified.whole, verified.damaged.len()), (7, 0));
}

#[tokio::test]
async fn nothing_of_a_file_stands_in_clear_on_the_disk() {
    let (dir, store) = with_case("opened").await;
    let mut content = bytes(2 * PIECE);
    content[70_000..70_019].copy_from_slice(b"a canary in a cage ");
    keep(&store, "case/1", &content).await;
    let hash = sha(&content);
    if dir.engine() == Engine::Postgres {
        raw_on(&dir).await.run("CHECKPOINT").await.unwrap();
    }
    let found = |needle: &[u8]| dir.on_disk().iter().any(|place| anywhere(place, needle));
    assert!(!found(b"a canary in a cage"));
    assert!(
        !found(&hash),
        "its hash would tell whoever holds a copy that it is here"
    );
}

#[tokio::test]
async fn a_file_of_one_case_is_not_there_for_another() {
    let (_dir, store) = with_case("opened").await;
    let id = keep(&store, "case/1", b"only here").await;
    assert!(matches!(
        read(&store, "case/2", &id).await,
        Err(StoreError::NoSuchFile(_))
    ));
    for trick in [
        "",
        "..",
        "../master.key",
        "/etc/passwd",
        "%2e%2e%2fmaster.key",
    ] {
        assert!(matches!(
            read(&store, "case/1", trick).await,
            Err(StoreError::NoSuchFile(_))
        ));
    }
    // Whoever moves the row to another case in the database moves nothing that opens there.
    assert!(
        store.begin_file("case/none").await.is_err(),
        "a file needs a case that is there"
    );
}

#[tokio::test]
async fn a_row_moved_to_another_case_does_not_open_there() {
    let (dir, store) = with_case("opened").await;
    let id = keep(&store, "case/1", b"only here").await;
    let mut raw = raw_on(&dir).await;
    for query in [
        "DROP TRIGGER file_is_never_updated",
        "UPDATE file SET stream = 'case/2'",
    ] {
        raw.run(query).await.unwrap();
    }
    assert!(matches!(
        read(&store, "case/2", &id).await,
        Err(StoreError::Unreadable { .. })
    ));
    assert_eq!(store.verify_files().await.unwrap().damaged.len(), 1);
}

#[tokio::test]
async fn what_is_known_of_a_file_is_never_changed_or_deleted() {
    let (dir, store) = with_case("opened").await;
    keep(&store, "case/1", b"words").await;
    let mut raw = raw_on(&dir).await;
    for query in [
        "UPDATE file SET size = 1",
        "DELETE FROM file",
        "UPDATE file_key SET wrapped = zeroblob(1)",
        "DELETE FROM file_key",
    ] {
        let refused = raw.run(query).await.unwrap_err();
        assert!(
            refused.to_string().contains("never changed") || refused.to_string().contains("delete"),
            "{query}: {refused}"
        );
    }
}

/// Damages the bytes of a file and says whether reading and checking both find it.
async fn is_found(store: &Store, dir: &Home, id: &str, whole: &[u8], damaged: &[u8]) {
    let path = folder(dir).join(id);
    fs::write(&path, damaged).unwrap();
    let read = read(store, "case/1", id).await;
    assert!(
        matches!(read, Err(StoreError::Unreadable { .. })),
        "{read:?}"
    );
    let verified = store.verify_files().await.unwrap();
    assert_eq!(verified.damaged.len(), 1);
    assert_eq!(verified.damaged[0].id, id);
    fs::write(&path, whole).unwrap();
}

#[tokio::test]
async fn altered_swapped_doubled_missing_and_cut_off_pieces_are_found() {
    let (dir, store) = with_case("opened").await;
    let content = bytes(3 * PIECE + 500);
    let id = keep(&store, "case/1", &content).await;
    let whole = fs::read(folder(&dir).join(&id)).unwrap();
    let piece = |n: usize| {
        let from = HEAD + n * (PIECE + 16);
        from..(from + PIECE + 16).min(whole.len())
    };
    for place in [
        0,
        20,
        35,
        37,
        HEAD,
        HEAD + PIECE,
        whole.len() / 2,
        whole.len() - 1,
    ] {
        let mut altered = whole.clone();
        altered[place] ^= 1;
        is_found(&store, &dir, &id, &whole, &altered).await;
    }
    let put_together = |pieces: &[usize]| {
        let mut file = whole[..HEAD].to_vec();
        for n in pieces {
            file.extend_from_slice(&whole[piece(*n)]);
        }
        file
    };
    assert_eq!(put_together(&[0, 1, 2, 3]), whole);
    for order in [
        &[1, 0, 2, 3][..],
        &[0, 1, 3],
        &[0, 0, 1, 2, 3],
        &[0, 1, 2],
        &[0],
        &[3],
        &[],
        &[0, 1, 2, 3, 3],
    ] {
        is_found(&store, &dir, &id, &whole, &put_together(order)).await;
    }
    for kept in [0, 5, HEAD, HEAD + 1, whole.len() - 17, whole.len() - 1] {
        is_found(&store, &dir, &id, &whole, &whole[..kept]).await;
    }
    let longer = [whole.as_slice(), b"more"].concat();
    is_found(&store, &dir, &id, &whole, &longer).await;
    // A whole file of the same case in its place.
    let other = keep(&store, "case/1", &bytes(3 * PIECE + 500)).await;
    let other = fs::read(folder(&dir).join(other)).unwrap();
    is_found(&store, &dir, &id, &whole, &other).await;
    fs::remove_file(folder(&dir).join(&id)).unwrap();
    assert!(read(&store, "case/1", &id).await.is_err());
    assert!(
        store.verify_files().await.unwrap().damaged[0]
            .why
            .contains("missing")
    );
    fs::write(folder(&dir).join(&id), &whole).unwrap();
    assert_eq!(read(&store, "case/1", &id).await.unwrap(), content);
}

#[tokio::test]
async fn an_upload_broken_off_at_every_64_kib_leaves_nothing() {
    let (dir, store) = with_case("opened").await;
    let content = bytes(1024 * 1024);
    for sent in (0..=content.len()).step_by(64 * 1024) {
        let mut writer = store.begin_file("case/1").await.unwrap();
        writer.write(&content[..sent]).await.unwrap();
        drop(writer);
        assert_eq!(names(&dir), Vec::<String>::new(), "after {sent} bytes");
    }
    assert_eq!(store.files_of("case/1").await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_file_without_its_entry_is_swept_away_and_one_that_arrives_is_not() {
    let (dir, store) = with_case("opened").await;
    let kept = keep(&store, "case/1", b"stays").await;
    let left = arrive(&store, "case/1", b"goes").await;
    assert_eq!(
        store.sweep_files(Duration::ZERO).await.unwrap(),
        0,
        "its entry may still come"
    );
    let left_id = left.id().to_owned();
    drop(left);
    assert_eq!(
        store.sweep_files(Duration::from_secs(60)).await.unwrap(),
        0,
        "it is young"
    );
    assert_eq!(store.sweep_files(Duration::ZERO).await.unwrap(), 1);
    assert_eq!(names(&dir), vec![kept.clone()]);
    assert!(read(&store, "case/1", &left_id).await.is_err());
    assert_eq!(read(&store, "case/1", &kept).await.unwrap(), b"stays");
}

#[tokio::test]
async fn what_a_crash_left_behind_is_gone_after_the_next_start() {
    let (dir, store) = with_case("opened").await;
    let kept = keep(&store, "case/1", b"stays").await;
    std::mem::forget(arrive(&store, "case/1", b"no entry").await);
    let mut half = store.begin_file("case/1").await.unwrap();
    half.write(&bytes(300_000)).await.unwrap();
    std::mem::forget(half);
    assert_eq!(names(&dir).len(), 3);
    store.close().await;
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    assert_eq!(names(&dir), vec![kept.clone()]);
    assert_eq!(read(&store, "case/1", &kept).await.unwrap(), b"stays");
}

#[tokio::test]
async fn entry_and_file_count_together_or_neither() {
    let (_dir, store) = with_case("opened").await;
    let file = arrive(&store, "case/1", b"words").await;
    let id = file.id().to_owned();
    let refused = store
        .append_with_files(permit(), "case/1", Some(7), vec![entry("x")], vec![file])
        .await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    assert!(read(&store, "case/1", &id).await.is_err());
    let file = arrive(&store, "case/1", b"words").await;
    let refused = store
        .append_with_files(permit(), "case/2", None, vec![entry("x")], vec![file])
        .await;
    assert!(matches!(refused, Err(StoreError::Unfit { .. })));
    let file = arrive(&store, "case/1", b"words").await;
    assert!(
        store
            .append_with_files(permit(), "case/1", None, Vec::new(), vec![file])
            .await
            .is_err(),
        "a file needs an entry"
    );
    assert_eq!(store.sweep_files(Duration::ZERO).await.unwrap(), 3);
    store.verify().await.unwrap();
}

#[tokio::test]
async fn a_destroyed_file_cannot_be_read_and_the_record_still_verifies() {
    let (dir, store) = with_case("opened").await;
    let other = keep(&store, "case/1", b"stays").await;
    let id = keep(&store, "case/1", b"not to be kept").await;
    let lying = fs::read(folder(&dir).join(&id)).unwrap();
    let done = store.destroy_file(permit(), "case/1", &id).await.unwrap();
    assert!(!done.already);
    assert_eq!(done.swept, dir.engine() == Engine::Sqlite);
    assert!(matches!(
        read(&store, "case/1", &id).await,
        Err(StoreError::FileDestroyed(_))
    ));
    assert_eq!(names(&dir), vec![other.clone()]);
    // Also with the bytes put back from a copy.
    fs::write(folder(&dir).join(&id), lying).unwrap();
    assert!(matches!(
        read(&store, "case/1", &id).await,
        Err(StoreError::FileDestroyed(_))
    ));
    assert!(
        store
            .destroy_file(permit(), "case/1", &id)
            .await
            .unwrap()
            .already
    );
    assert!(matches!(
        store.destroy_file(permit(), "case/2", &other).await,
        Err(StoreError::NoSuchFile(_))
    ));
    let verified = store.verify_files().await.unwrap();
    assert_eq!(
        (verified.whole, verified.destroyed, verified.damaged.len()),
        (1, 1, 0)
    );
    store.verify().await.unwrap();
}

#[tokio::test]
async fn a_backup_brings_every_file_and_one_that_lacks_a_file_is_refused() {
    let (dir, store) = with_case("opened").await;
    let content = bytes(PIECE + 9);
    let id = keep(&store, "case/1", &content).await;
    let gone = keep(&store, "case/1", b"not to be kept").await;
    store.destroy_file(permit(), "case/1", &gone).await.unwrap();
    let backup = dir.path().join("backup");
    store.backup(&backup, true).await.unwrap();
    assert!(!backup.join("files").join(&gone).exists());
    let again = dir.path().join("again");
    store::restore(&backup, &again).await.unwrap();
    let restored = Store::open(&again).await.unwrap();
    assert_eq!(read(&restored, "case/1", &id).await.unwrap(), content);
    let verified = restored.verify_files().await.unwrap();
    assert_eq!(
        (verified.whole, verified.destroyed, verified.damaged.len()),
        (1, 1, 0)
    );
    restored.close().await;

    let kept = backup.join("files").join(&id);
    let whole = fs::read(&kept).unwrap();
    let refused = |n: usize| {
        let (backup, into) = (backup.clone(), dir.path().join(format!("refused-{n}")));
        async move {
            let refused = store::restore(&backup, &into).await;
            assert!(
                matches!(refused, Err(StoreError::BadBackup { .. })),
                "{refused:?}"
            );
            assert!(!into.exists(), "nothing was touched");
        }
    };
    fs::write(&kept, &whole[..whole.len() - 1]).unwrap();
    refused(1).await;
    fs::remove_file(&kept).unwrap();
    refused(2).await;
    // Also when its line was taken out of the list of checksums.
    let sums = fs::read_to_string(backup.join("SHA256SUMS")).unwrap();
    let fewer: String = sums
        .lines()
        .filter(|line| !line.contains("files/"))
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(backup.join("SHA256SUMS"), fewer).unwrap();
    refused(3).await;
    // A store whose file is damaged makes no backup that says it is whole.
    fs::write(folder(&dir).join(&id), &whole[..20]).unwrap();
    assert!(
        store
            .backup(&dir.path().join("second"), false)
            .await
            .is_err()
    );
    assert!(!dir.path().join("second").exists());
}
