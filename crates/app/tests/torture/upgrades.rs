//! The program is killed while it brings an earlier layout up to date: at each write, fsync and change of a file on SQLite,
//! at each message to PostgreSQL. The next start completes it, and nothing that was written is lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sqlx::any::AnyRow;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AssertSqlSafe, Column, Connection, Executor, Row};

use crate::house::{CANDOUR, may, times};
use crate::postgres::{self, Database};

/// What each sweep strikes at.
const CALLS: [&str; 3] = [
    "pwrite64,pwritev,write,writev",
    "fsync,fdatasync",
    "ftruncate,unlink,unlinkat,rename,renameat,renameat2",
];
/// What goes to the database's server.
const MESSAGES: &str = "sendto,sendmsg,write,writev";
/// The tables of the second layout that hold something.
const TABLES: [&str; 7] = [
    "meta",
    "entry",
    "entry_key",
    "stream_key",
    "stream_head",
    "log_head",
    "account",
];

fn store(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../store")
        .join(path)
}

/// A data folder of an earlier layout, as it is kept.
fn copy_of(name: &str, to: &Path, files: &[&str]) {
    fs::create_dir(to).expect("a folder");
    for file in files {
        let from = store("tests/written").join(name).join(file);
        fs::copy(from, to.join(file)).expect("a copy");
    }
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(to.join("master.key"), private).expect("a private key");
}

fn run(before: &[&str], args: &[&str]) -> Output {
    let words: Vec<&str> = before.iter().copied().chain([CANDOUR]).collect();
    Command::new(words[0])
        .args(&words[1..])
        .args(args)
        .env_remove("CANDOUR_DATABASE_URL")
        .env_remove("CANDOUR_DATABASE_OWNER")
        .output()
        .expect("the program runs")
}

/// The same, killed at the n-th of these calls.
fn killed(calls: &str, n: usize, args: &[&str]) -> Output {
    let trace = format!("trace={calls}");
    let inject = format!("inject={calls}:signal=SIGKILL:when={n}");
    let before = [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        &trace,
        "-e",
        &inject,
    ];
    run(&before, args)
}

#[track_caller]
fn holds(data: &str, when: &str) {
    let checked = run(&[], &["record", "verify", "--data", data]);
    let said = String::from_utf8_lossy(&[checked.stdout, checked.stderr].concat()).into_owned();
    assert!(
        checked.status.success() && said.contains("2 entries"),
        "{when}: {said}"
    );
}

#[test]
fn killed_at_each_write_of_an_upgrade_the_next_start_completes_it() {
    if !may("killing at each write of an upgrade", &["strace"]) {
        return;
    }
    let home = tempfile::tempdir().expect("a folder");
    let (mut kills, mut copies) = (0, 0);
    for name in ["v1", "layout-2", "layout-10"] {
        for calls in CALLS {
            let mut n = 1;
            for _ in 0..times(3, 2000) {
                copies += 1;
                let folder = home.path().join(copies.to_string());
                copy_of(name, &folder, &["candour.sqlite", "master.key"]);
                let data = folder.display().to_string();
                let struck = killed(calls, n, &["record", "verify", "--data", &data]);
                if struck.status.success() {
                    break;
                }
                kills += 1;
                holds(&data, &format!("{name}, {calls} {n}"));
                // It stays so.
                holds(&data, &format!("{name}, {calls} {n}, again"));
                fs::remove_dir_all(&folder).expect("removed");
                n += times(17, 1);
            }
        }
    }
    assert!(kills >= 8, "only {kills} kills");
    println!("{kills} kills while a layout was brought up to date on SQLite");
}

#[test]
fn a_program_that_is_older_than_the_database_says_so_and_leaves_it_alone() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("data");
    copy_of("layout-2", &folder, &["candour.sqlite", "master.key"]);
    let data = folder.display().to_string();
    holds(&data, "before");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let file = folder.join("candour.sqlite");
    runtime.block_on(async {
        let mut connection = connect(&format!("sqlite://{}", file.display())).await;
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'of a newer program', 1, x'00', 0)";
        connection.execute(newer).await.expect("newer");
        connection.close().await.expect("closed");
    });
    let before = fs::read(&file).expect("the database");
    for args in [
        ["record", "verify", "--data"].as_slice(),
        &["serve", "--listen", "127.0.0.1:0", "--data"],
        &["upgrade", "--data"],
    ] {
        let args: Vec<&str> = args.iter().copied().chain([data.as_str()]).collect();
        let refused = run(&[], &args);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success(), "{args:?}: {said}");
        assert!(
            said.contains("newer") && !said.contains("panicked"),
            "{args:?}: {said}"
        );
    }
    assert!(fs::read(&file).expect("the database") == before);
}

async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnection::connect(url).await.expect("a connection")
}

/// A database with the tables of the second layout and what the kept folder of that layout holds.
/// PostgreSQL came with a later layout; but an upgrade that was interrupted, and a program of its first days, left just this.
async fn of_the_second_layout(database: &Database) {
    let mut to = connect(&database.owner).await;
    let migrations = Migrator::new(store("migrations/postgres"))
        .await
        .expect("the migrations");
    migrations.run_to(2, &mut to).await.expect("the layout");
    let kept = store("tests/written/layout-2/candour.sqlite");
    let mut from = connect(&format!("sqlite://{}?mode=ro&immutable=1", kept.display())).await;
    for table in TABLES {
        let rows = from
            .fetch_all(AssertSqlSafe(format!("SELECT * FROM {table}")))
            .await
            .expect("the rows");
        assert!(!rows.is_empty(), "{table} holds something");
        for row in &rows {
            insert(&mut to, table, row).await;
        }
    }
    from.close().await.expect("closed");
    to.close().await.expect("closed");
}

async fn insert(to: &mut AnyConnection, table: &str, row: &AnyRow) {
    let columns: Vec<&str> = row.columns().iter().map(Column::name).collect();
    // What is empty is left out.
    let there: Vec<usize> = (0..columns.len())
        .filter(|at| !is_empty(row, *at))
        .collect();
    let names: Vec<&str> = there.iter().map(|at| columns[*at]).collect();
    let places: Vec<String> = (1..=there.len()).map(|n| format!("${n}")).collect();
    let text = format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        places.join(", ")
    );
    let mut query = sqlx::query(AssertSqlSafe(text));
    for at in there {
        query = if let Ok(number) = row.try_get::<i64, _>(at) {
            query.bind(number)
        } else if let Ok(text) = row.try_get::<String, _>(at) {
            query.bind(text)
        } else {
            query.bind(row.try_get::<Vec<u8>, _>(at).expect("bytes"))
        };
    }
    query.execute(to).await.expect("inserted");
}

fn is_empty(row: &AnyRow, at: usize) -> bool {
    use sqlx::ValueRef;
    row.try_get_raw(at).is_ok_and(|value| value.is_null())
}

#[test]
fn killed_at_each_message_of_an_upgrade_of_postgresql_the_next_completes_it() {
    if !may("killing at each message to PostgreSQL", &["strace"]) {
        return;
    }
    let home = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (mut n, mut kills) = (1, 0);
    for _ in 0..times(4, 2000) {
        let database = runtime.block_on(postgres::server().database());
        runtime.block_on(of_the_second_layout(&database));
        let folder = home.path().join(n.to_string());
        copy_of("layout-2", &folder, &["master.key"]);
        let place = format!("url = \"{}\"\n", database.server);
        fs::write(folder.join("database.toml"), place).expect("where it is");
        let data = folder.display().to_string();
        let upgrade = [
            "upgrade",
            "--data",
            &data,
            "--database-owner",
            &database.owner,
        ];
        let struck = killed(MESSAGES, n, &upgrade);
        let whole = struck.status.success();
        if !whole {
            kills += 1;
            let again = run(&[], &upgrade);
            let said = String::from_utf8_lossy(&again.stderr).into_owned();
            assert!(again.status.success(), "message {n}: {said}");
        }
        holds(&data, &format!("message {n}"));
        if whole {
            break;
        }
        n += times(23, 1);
    }
    assert!(kills >= 3, "only {kills} kills");
    println!("{kills} kills while a layout was brought up to date on PostgreSQL");
}
