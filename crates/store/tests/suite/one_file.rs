//! A backup in one file: online, sealed, read back; refused when cut off, altered or another's; restored anywhere, to any entry.
use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::shared::*;
use serde_json::json;
use store::{
    BackUp, Content, DatabaseAt, Identities, NewAccount, NewSession, Recipients, Restore, Store,
    StoreError, TableSum, back_up, check_backup, dump, restore, restore_as,
};

/// A pair from the documentation of age: it opens nothing but what these tests write.
const RECIPIENT: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
const IDENTITY: &str = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";

/// A store on the database this module is named after, with something in every kind of table.
async fn lived_in() -> (Home, Store) {
    let (home, store) = new_store_on(Engine::of(module_path!())).await;
    fill(&store).await;
    (home, store)
}

/// Entries 1 to 3 are of the first case, 4 adds a file to it, 5 is of a second case, 6 adds another file. The second entry is destroyed.
async fn fill(store: &Store) {
    let gone = append(store, "case/1", None, &["one", "entered in error", "three"])
        .await
        .unwrap();
    store
        .destroy_content(permit(), &gone[1].key_id)
        .await
        .unwrap();
    keep_file(store, "case/1", &[7; 70_000]).await;
    append(store, "case/2", None, &["of another family"])
        .await
        .unwrap();
    keep_file(store, "case/2", b"a letter").await;
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
            csrf_secret: vec![1; 32],
        })
        .await
        .unwrap();
}

async fn keep_file(store: &Store, stream: &str, content: &[u8]) {
    let mut writer = store.begin_file(stream).await.unwrap();
    writer.write(content).await.unwrap();
    let file = writer.finish().await.unwrap();
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
}

fn sealed() -> BackUp {
    let mut recipients = Recipients::default();
    recipients.add(RECIPIENT).unwrap();
    BackUp {
        recipients,
        plain: false,
        with_key: true,
    }
}

fn plain() -> BackUp {
    BackUp {
        plain: true,
        with_key: true,
        ..BackUp::default()
    }
}

fn opening(home: &Home) -> Restore {
    let path = home.path().join("identity");
    fs::write(&path, format!("# from the documentation\n{IDENTITY}\n")).unwrap();
    Restore {
        identities: Identities::of_file(&path).unwrap(),
        ..Restore::default()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn rows(dir: &Path) -> Vec<TableSum> {
    dump(dir).await.unwrap()
}

#[tokio::test]
async fn a_backup_of_an_open_store_is_sealed_checked_and_restored_to_the_same_rows() {
    let (home, store) = lived_in().await;
    let data = home.path().join("data");
    let file = home.path().join("monday.backup.age");
    let before = names(&data);
    let made = back_up(&data, &file, &sealed()).await.unwrap();
    assert_eq!((made.verified.entries, made.files), (6, 2));
    assert_eq!(made.bytes, fs::metadata(&file).unwrap().len());
    let after: Vec<String> = names(&data)
        .into_iter()
        .filter(|name| name != "backup.lock")
        .collect();
    assert_eq!(after, before, "nothing is left in the data folder");
    let bytes = fs::read(&file).unwrap();
    for word in ["merrowshire", "case/1", "candour-master-key"] {
        assert!(
            !bytes
                .windows(word.len())
                .any(|found| found == word.as_bytes())
        );
    }

    let how = opening(&home);
    let checked = check_backup(&file, &how.identities).await.unwrap();
    assert!(checked.sealed && checked.opened && checked.with_key);
    assert_eq!((checked.verified, checked.files), (made.verified, 2));
    assert_eq!(checked.partnership, "merrowshire");
    let refused = check_backup(&file, &Identities::default())
        .await
        .unwrap_err();
    assert!(
        matches!(refused, StoreError::IdentityNeeded(_)),
        "{refused}"
    );

    let before = rows(&data).await;
    append(&store, "case/1", None, &["after the backup"])
        .await
        .unwrap();
    let into = home.path().join("restored");
    let restored = restore_as(&file, &into, &how).await.unwrap();
    assert_eq!((restored.verified, restored.in_backup), (made.verified, 6));
    assert_eq!(names(&into), ["candour.sqlite", "files", "master.key"]);
    assert_eq!(rows(&into).await, before);
    let again = Store::open(&into).await.unwrap();
    assert_eq!(
        rows(&into).await,
        before,
        "also while it is open, and opening changes nothing"
    );
    let opened = again.stream("case/1", 0).await.unwrap();
    assert_eq!(
        words(&opened),
        ["one", "(destroyed)", "three", "a file was added"]
    );
    assert_eq!(again.verify_files().await.unwrap().whole, 2);
    assert!(again.sessions_of("a1").await.unwrap().is_empty());
    assert!(again.draft("p1", "/page").await.unwrap().is_some());
    append(&again, "case/1", Some(4), &["goes on"])
        .await
        .unwrap();
    let refused = back_up(&data, &file, &sealed()).await.unwrap_err();
    assert!(matches!(refused, StoreError::TargetInUse(_)), "{refused}");
}

#[tokio::test]
async fn a_backup_is_written_unsealed_or_with_its_key_only_when_that_is_said() {
    let (home, store) = lived_in().await;
    let file = home.path().join("backup");
    let refused = store.back_up(&file, &BackUp::default()).await.unwrap_err();
    assert!(refused.to_string().contains("nobody is named"), "{refused}");
    assert!(!file.exists());

    let without = BackUp {
        with_key: false,
        ..plain()
    };
    store.back_up(&file, &without).await.unwrap();
    let key = fs::read(home.path().join("data/master.key")).unwrap();
    let digits = &key[key.len() - 65..key.len() - 1];
    let bytes = fs::read(&file).unwrap();
    assert!(!bytes.windows(64).any(|found| found == digits));
    for word in ["of another family", "entered in error", "a letter"] {
        assert!(
            !bytes
                .windows(word.len())
                .any(|found| found == word.as_bytes())
        );
    }
    let checked = check_backup(&file, &Identities::default()).await.unwrap();
    assert!(!checked.opened && !checked.sealed && !checked.with_key);

    // Into a folder in which the key lies already; another's key is refused.
    let into = home.path().join("restored");
    fs::create_dir(&into).unwrap();
    fs::write(
        into.join("master.key"),
        format!("candour-master-key/1 {}\n", "ab".repeat(32)),
    )
    .unwrap();
    let refused = restore(&file, &into).await.unwrap_err().to_string();
    assert!(refused.contains("another partnership's"), "{refused}");
    assert_eq!(names(&into), ["master.key"]);
    fs::remove_file(into.join("master.key")).unwrap();
    fs::copy(home.path().join("data/master.key"), into.join("master.key")).unwrap();
    assert!(restore(&file, &into).await.unwrap().with_key);
    assert_eq!(
        Store::open(&into)
            .await
            .unwrap()
            .verify()
            .await
            .unwrap()
            .entries,
        6
    );
}

#[tokio::test]
async fn a_backup_cut_off_or_altered_anywhere_is_refused_and_nothing_is_written() {
    let (home, store) = lived_in().await;
    let how = opening(&home);
    for (name, made) in [("sealed", sealed()), ("plain", plain())] {
        let file = home.path().join(name);
        store.back_up(&file, &made).await.unwrap();
        let whole = fs::read(&file).unwrap();
        let altered = home.path().join(format!("{name}.altered"));
        let into = home.path().join("never");
        let mut variants: Vec<(String, Vec<u8>)> = [0, 1, 10, 50, 99]
            .into_iter()
            .map(|percent| {
                (
                    format!("cut at {percent} %"),
                    whole[..whole.len() * percent / 100].to_vec(),
                )
            })
            .collect();
        variants.push(("one byte short".into(), whole[..whole.len() - 1].to_vec()));
        variants.push((
            "one block short".into(),
            whole[..whole.len() - 512].to_vec(),
        ));
        variants.push(("one byte longer".into(), [whole.as_slice(), &[0]].concat()));
        for block in 0..whole.len().div_ceil(4096) {
            let place = (block * 4096 + block * 37 % 4096).min(whole.len() - 1);
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << (block % 8);
            variants.push((format!("altered at {place}"), bytes));
        }
        for (which, (what, bytes)) in variants.into_iter().enumerate() {
            fs::write(&altered, bytes).unwrap();
            let refused = restore_as(&altered, &into, &how).await;
            assert!(
                matches!(refused, Err(StoreError::BadBackup { .. })),
                "{name}, {what}: {refused:?}"
            );
            assert!(!into.exists(), "{name}, {what}");
            if which % 8 == 0 {
                let refused = check_backup(&altered, &how.identities).await;
                assert!(refused.is_err(), "{name}, {what}");
            }
        }
        restore_as(&file, &into, &how).await.unwrap();
        fs::remove_dir_all(&into).unwrap();
    }
}

#[tokio::test]
async fn what_is_foreign_or_sealed_for_others_is_refused_and_what_lives_is_never_restored_over() {
    let (home, store) = lived_in().await;
    let file = home.path().join("backup");
    store.back_up(&file, &sealed()).await.unwrap();
    let data = home.path().join("data");
    let before = rows(&data).await;
    let mut how = opening(&home);
    let refused = restore_as(&file, &data, &how).await.unwrap_err();
    assert!(matches!(refused, StoreError::TargetInUse(_)), "{refused}");
    assert_eq!(rows(&data).await, before);

    let into = home.path().join("never");
    how.partnership = Some("Tilbrook".into());
    let refused = restore_as(&file, &into, &how)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("a backup of `merrowshire`, not of `Tilbrook`"),
        "{refused}"
    );
    how.partnership = None;

    let mut recipients = Recipients::default();
    recipients
        .add("age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg")
        .unwrap();
    let others = home.path().join("others");
    let made = BackUp {
        recipients,
        ..sealed()
    };
    store.back_up(&others, &made).await.unwrap();
    let refused = restore_as(&others, &into, &how)
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("sealed for others"), "{refused}");
    assert!(!into.exists());

    let mut both = Recipients::default();
    assert!(
        both.add(IDENTITY)
            .unwrap_err()
            .to_string()
            .contains("secret")
    );
    assert!(both.is_empty());
}

#[tokio::test]
async fn a_backup_is_restored_on_the_other_database_with_the_same_rows() {
    let engine = Engine::of(module_path!());
    let (home, store) = lived_in().await;
    let file = home.path().join("backup");
    store.back_up(&file, &plain()).await.unwrap();
    let other = Home::new(match engine {
        Engine::Sqlite => Engine::Postgres,
        Engine::Postgres => Engine::Sqlite,
    })
    .await;
    let into = other.path().join("data");
    let how = Restore {
        database: other.at(),
        ..Restore::default()
    };
    restore_as(&file, &into, &how).await.unwrap();
    assert_eq!(
        into.join("candour.sqlite").exists(),
        how.database == DatabaseAt::Folder
    );
    assert_eq!(rows(&into).await, rows(&home.path().join("data")).await);
    let again = Store::open(&into).await.unwrap();
    assert_eq!(again.verify().await.unwrap(), store.verify().await.unwrap());
    assert_eq!(again.verify_files().await.unwrap().whole, 2);
    append(&again, "case/1", Some(4), &["goes on"])
        .await
        .unwrap();
    again.close().await;
    if let DatabaseAt::Postgres { .. } = how.database {
        let refused = restore_as(&file, &other.path().join("second"), &how)
            .await
            .unwrap_err();
        assert!(matches!(refused, StoreError::NotEmpty(_)), "{refused}");
        assert!(!other.path().join("second").exists());
    }
}

#[tokio::test]
async fn a_restore_can_end_with_any_entry_and_brings_nothing_of_later_ones() {
    let (home, store) = lived_in().await;
    let file = home.path().join("backup");
    store.back_up(&file, &plain()).await.unwrap();
    let later = store.stream("case/2", 0).await.unwrap()[0].key_id.clone();
    let hashes: Vec<_> = [
        store.stream("case/1", 0).await.unwrap(),
        store.stream("case/2", 0).await.unwrap(),
    ]
    .concat()
    .iter()
    .map(|entry| entry.hash)
    .collect();
    for entries in 1..=6 {
        let other = Home::new(match entries {
            3 => Engine::Postgres,
            _ => Engine::Sqlite,
        })
        .await;
        let how = Restore {
            to_entry: Some(entries),
            database: other.at(),
            ..Restore::default()
        };
        let into = other.path().join("data");
        let restored = restore_as(&file, &into, &how).await.unwrap();
        assert_eq!(
            (restored.verified.entries, restored.in_backup),
            (entries, 6)
        );
        assert_eq!(restored.verified.last, hashes[entries as usize - 1]);
        let again = Store::open(&into).await.unwrap();
        assert_eq!(again.verify().await.unwrap().entries, entries);
        assert_eq!(again.tree_head().await.unwrap().size, entries);
        let files = again.verify_files().await.unwrap();
        let expected = u64::from(entries >= 4) + u64::from(entries >= 6);
        assert_eq!((files.whole, files.damaged.len()), (expected, 0));
        assert_eq!(names(&into.join("files")).len() as u64, expected);
        assert_eq!(
            again.checkpoints().await.unwrap().len(),
            usize::from(entries == 6)
        );
        if entries >= 2 {
            let opened = again.stream("case/1", 0).await.unwrap();
            assert_eq!(
                opened[1].content,
                Content::Destroyed,
                "an erasure is not undone"
            );
        }
        if entries < 5 && other.engine() == Engine::Sqlite {
            assert!(
                !anywhere(&into, later.as_bytes()),
                "no key of a later entry"
            );
            assert!(!anywhere(&into, b"case/2"));
        }
        assert!(again.account("a1").await.unwrap().is_some());
        let now = again.stream("case/1", 0).await.unwrap().len() as u64;
        append(&again, "case/1", Some(now), &["goes on"])
            .await
            .unwrap();
        again.checkpoint("goes on", at()).await.unwrap();
        assert_eq!(again.verify().await.unwrap().entries, entries + 1);
        again.close().await;
    }
    for entries in [0, 7] {
        let how = Restore {
            to_entry: Some(entries),
            ..Restore::default()
        };
        let into = home.path().join("never");
        let refused = restore_as(&file, &into, &how)
            .await
            .unwrap_err()
            .to_string();
        assert!(refused.contains("entries 1 to 6"), "{refused}");
        assert!(!into.exists());
    }
}

#[tokio::test]
async fn a_broken_record_or_a_damaged_file_makes_no_backup_and_leaves_none() {
    let (home, store) = lived_in().await;
    let file = home.path().join("backup");
    let folder = home.path().join("data/files");
    let one: PathBuf = folder.join(&names(&folder)[0]);
    let bytes = fs::read(&one).unwrap();
    let mut altered = bytes.clone();
    altered[50] ^= 1;
    for wrong in [Some(altered), Some(bytes[..40].to_vec()), None] {
        match wrong {
            Some(wrong) => fs::write(&one, wrong).unwrap(),
            None => fs::remove_file(&one).unwrap(),
        }
        let refused = store.back_up(&file, &sealed()).await.unwrap_err();
        assert!(
            matches!(refused, StoreError::Unreadable { .. }),
            "{refused}"
        );
        assert!(!file.exists() && !home.path().join("backup.unfinished").exists());
    }
    fs::write(&one, &bytes).unwrap();
    raw_on(&home)
        .await
        .run("UPDATE log_head SET hash = (SELECT previous FROM entry WHERE position = 2)")
        .await
        .unwrap();
    let refused = store.back_up(&file, &sealed()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Broken(_)), "{refused}");
    assert!(!file.exists() && !home.path().join("backup.unfinished").exists());
    assert!(!home.path().join("data/backup.unfinished").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_of_one_moment_while_writing_goes_on_and_one_that_was_cut_short_is_begun_again()
{
    let (home, store) = lived_in().await;
    let data = home.path().join("data");
    fs::create_dir(data.join("backup.unfinished")).unwrap();
    fs::write(data.join("backup.unfinished/candour.sqlite"), "half a").unwrap();
    fs::write(home.path().join("0.unfinished"), "half a").unwrap();
    let writer = {
        let store = store.clone();
        tokio::spawn(async move {
            for round in 0..100 {
                let stream = format!("case/{}", round % 5);
                append(&store, &stream, None, &["words", "more"])
                    .await
                    .unwrap();
            }
        })
    };
    for round in 0..3 {
        let file = home.path().join(format!("{round}"));
        let made = back_up(&data, &file, &plain()).await.unwrap();
        assert_eq!(
            made.verified.entries % 2,
            0,
            "the entries of one request are in it together or not at all"
        );
        let checked = check_backup(&file, &Identities::default()).await.unwrap();
        assert_eq!(checked.verified, made.verified);
    }
    writer.await.unwrap();
    assert_eq!(store.verify().await.unwrap().entries, 206);
}
