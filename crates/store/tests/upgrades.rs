//! Data folders and backups of every earlier layout are opened and brought up to date, whenever that is interrupted.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod shared;

use std::{fs, path::Path};

use shared::*;
use sqlx::{
    AssertSqlSafe, Connection, Executor, Row, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use store::{Store, StoreError, dump, restore};

const LAYOUTS: [&str; 3] = ["layout-2", "v1", "layout-10"];

fn written(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/written")
        .join(name)
}

fn copy_of(name: &str, to: &Path) {
    fs::create_dir(to).unwrap();
    for item in fs::read_dir(written(name)).unwrap() {
        let item = item.unwrap();
        fs::copy(item.path(), to.join(item.file_name())).unwrap();
    }
    let key = to.join("master.key");
    if key.exists() {
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(key, private).unwrap();
    }
}

async fn connect(dir: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(dir.join("candour.sqlite"))
        .journal_mode(SqliteJournalMode::Wal);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Everything the layout consists of, and which migrations are said to be done.
async fn layout(dir: &Path) -> Vec<String> {
    let mut connection = connect(dir).await;
    let mut all = Vec::new();
    for query in [
        "SELECT coalesce(sql, name) FROM sqlite_master ORDER BY type, name",
        "SELECT CAST(version AS TEXT) FROM _sqlx_migrations WHERE success ORDER BY version",
    ] {
        for row in connection.fetch_all(query).await.unwrap() {
            all.push(row.get::<String, _>(0));
        }
    }
    connection.close().await.unwrap();
    all
}

/// Opens it as the program would, and sees that nothing of it was lost.
async fn check(dir: &Path) {
    let store = Store::open(dir).await.unwrap();
    assert_eq!(store.verify().await.unwrap().entries, 2);
    let opened = store.stream("office", 0).await.unwrap();
    assert!(
        opened
            .iter()
            .all(|entry| matches!(entry.content, store::Content::Clear(_)))
    );
    assert_eq!(store.tree_head().await.unwrap().size, 2);
    append(&store, "case/1", Some(0), &["goes on"])
        .await
        .unwrap();
    assert_eq!(store.verify().await.unwrap().entries, 3);
    store.close().await;
}

#[tokio::test]
async fn every_earlier_layout_is_opened_and_brought_up_to_date() {
    let home = tempfile::tempdir().unwrap();
    let fresh = home.path().join("fresh");
    Store::create(&fresh, "merrowshire")
        .await
        .unwrap()
        .close()
        .await;
    for name in LAYOUTS {
        let dir = home.path().join(name);
        copy_of(name, &dir);
        check(&dir).await;
        assert_eq!(layout(&dir).await, layout(&fresh).await, "{name}");
    }
}

/// The statements of a migration; a trigger's own statements belong to it.
fn statements(sql: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for line in sql
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
    {
        let last = all.last_mut().unwrap();
        last.push_str(line);
        last.push('\n');
        let trigger = last
            .trim_start()
            .to_lowercase()
            .starts_with("create trigger");
        if line
            .trim_end()
            .ends_with(if trigger { "end;" } else { ";" })
        {
            all.push(String::new());
        }
    }
    all.retain(|statement| !statement.trim().is_empty());
    all
}

/// The files as they lie there at this moment are what a killed process leaves: its transaction was never committed.
#[tokio::test]
async fn an_upgrade_killed_after_any_statement_of_any_migration_is_completed_by_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let fresh = home.path().join("fresh");
    Store::create(&fresh, "merrowshire")
        .await
        .unwrap()
        .close()
        .await;
    let whole = layout(&fresh).await;
    let migrations = Migrator::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite"))
        .await
        .unwrap();
    let mut kills = 0;
    for name in LAYOUTS {
        let running = home.path().join(format!("{name}-running"));
        copy_of(name, &running);
        for migration in migrations.iter() {
            let mut connection = connect(&running).await;
            let done: i64 = sqlx::query("SELECT count(*) FROM _sqlx_migrations WHERE version = $1")
                .bind(migration.version)
                .fetch_one(&mut connection)
                .await
                .unwrap()
                .get(0);
            if done > 0 {
                continue;
            }
            connection
                .execute("PRAGMA cache_spill = 1; PRAGMA cache_size = 1")
                .await
                .unwrap();
            connection.execute("BEGIN IMMEDIATE").await.unwrap();
            for statement in statements(migration.sql.as_str()) {
                connection
                    .execute(AssertSqlSafe(statement.clone()))
                    .await
                    .unwrap();
                let killed = home.path().join(format!("{name}-killed-{kills}"));
                fs::create_dir(&killed).unwrap();
                for item in fs::read_dir(&running).unwrap() {
                    let item = item.unwrap();
                    // The shared memory goes with the process.
                    if !item.file_name().to_string_lossy().ends_with("-shm") {
                        fs::copy(item.path(), killed.join(item.file_name())).unwrap();
                    }
                }
                check(&killed).await;
                assert_eq!(layout(&killed).await, whole, "{name}, after {statement}");
                fs::remove_dir_all(&killed).unwrap();
                kills += 1;
            }
            connection.execute("ROLLBACK").await.unwrap();
            migrations
                .run_to(migration.version, &mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
        }
    }
    assert!(kills >= 19, "{kills}");
}

#[tokio::test]
async fn a_backup_of_the_first_format_is_restored_for_ever() {
    let home = tempfile::tempdir().unwrap();
    let from = written("backup-1");
    let into = home.path().join("restored");
    assert!(!restore(&from, &into).await.unwrap().with_key);
    fs::copy(written("v1").join("master.key"), into.join("master.key")).unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(into.join("master.key"), private).unwrap();
    assert!(!dump(&into).await.unwrap().is_empty());
    check(&into).await;

    let altered = home.path().join("altered");
    for name in ["backup.json", "candour.sqlite", "SHA256SUMS"] {
        copy_of("backup-1", &altered);
        let mut bytes = fs::read(altered.join(name)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(altered.join(name), bytes).unwrap();
        let never = home.path().join("never");
        let refused = restore(&altered, &never).await.unwrap_err();
        assert!(
            matches!(refused, StoreError::BadBackup { .. }),
            "{name}: {refused}"
        );
        assert!(!never.exists());
        fs::remove_dir_all(&altered).unwrap();
    }
}

#[tokio::test]
async fn a_backup_in_one_file_of_an_earlier_layout_is_restored_for_ever() {
    let home = tempfile::tempdir().unwrap();
    let from = written("backup-10").join("candour.backup");
    let into = home.path().join("restored");
    let restored = restore(&from, &into).await.unwrap();
    assert!(restored.with_key);
    assert_eq!(restored.verified.entries, 2);
    check(&into).await;
    let earlier = home.path().join("earlier");
    let how = store::Restore {
        to_entry: Some(1),
        ..store::Restore::default()
    };
    let restored = store::restore_as(&from, &earlier, &how).await.unwrap();
    assert_eq!((restored.verified.entries, restored.in_backup), (1, 2));
    let store = Store::open(&earlier).await.unwrap();
    assert_eq!(store.verify().await.unwrap().entries, 1);
    assert_eq!(store.streams().await.unwrap().len(), 1);
    store.close().await;

    let mut bytes = fs::read(&from).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let altered = home.path().join("altered");
    fs::write(&altered, bytes).unwrap();
    let refused = restore(&altered, &home.path().join("never")).await;
    assert!(matches!(refused.unwrap_err(), StoreError::BadBackup { .. }));
}

#[tokio::test]
async fn a_backup_made_by_a_newer_program_is_refused_in_plain_words() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    Store::create(&data, "merrowshire")
        .await
        .unwrap()
        .close()
        .await;
    let mut connection = connect(&data).await;
    connection
        .execute("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'newer', 1, x'00', 0)")
        .await
        .unwrap();
    connection.close().await.unwrap();
    let how = store::BackUp {
        plain: true,
        ..store::BackUp::default()
    };
    let file = home.path().join("backup");
    let refused = store::back_up(&data, &file, &how).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Newer { found: 9999, .. }),
        "{refused}"
    );
    assert!(!file.exists());
}
