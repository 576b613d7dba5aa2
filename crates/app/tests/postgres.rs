//! A partnership on PostgreSQL from the command line: set up, checked, backed up, moved to SQLite and back; and what is refused in plain words.
#![expect(
    clippy::expect_used,
    reason = "a check that cannot reach the program has to stop"
)]

#[path = "../../store/tests/shared/postgres.rs"]
mod postgres;

use std::{path::PathBuf, process::Command};

use postgres::Database;

const CANDOUR: &str = env!("CARGO_BIN_EXE_candour");

struct Place {
    folder: tempfile::TempDir,
    database: Database,
}

impl Place {
    fn new() -> Place {
        let database = tokio::runtime::Runtime::new()
            .expect("a runtime")
            .block_on(postgres::server().database());
        Place {
            folder: tempfile::tempdir().expect("a folder"),
            database,
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> String {
        self.at("data").display().to_string()
    }

    /// Runs a command and answers its exit code, what it printed and what it complained of.
    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let out = Command::new(CANDOUR)
            .args(args)
            .env_remove("CANDOUR_DATABASE_URL")
            .env_remove("CANDOUR_DATABASE_OWNER")
            .output()
            .expect("the program runs");
        (
            out.status.code().unwrap_or(-1),
            String::from_utf8_lossy(&out.stdout).into_owned(),
            String::from_utf8_lossy(&out.stderr).into_owned(),
        )
    }

    #[track_caller]
    fn ends(&self, code: i32, args: &[&str]) -> String {
        let (ended, said, complained) = self.run(args);
        assert_eq!(ended, code, "{args:?}\n{said}\n{complained}");
        format!("{said}{complained}")
    }

    fn init(&self, more: &[&str]) -> (i32, String, String) {
        let (_, example, _) = self.run(&["init", "--example", "--data", "none"]);
        std::fs::write(self.at("settings.toml"), example).expect("write the settings");
        std::fs::write(self.at("password"), "lantern meadow oak").expect("write the password");
        let (data, settings, password) = (
            self.data(),
            self.at("settings.toml").display().to_string(),
            self.at("password").display().to_string(),
        );
        let mut args = vec![
            "init",
            "--data",
            &data,
            "--settings",
            &settings,
            "--name",
            "Robin Kestrel",
            "--email",
            "robin@example.org",
            "--password-file",
            &password,
        ];
        args.extend(more);
        self.run(&args)
    }
}

#[test]
fn a_partnership_is_set_up_on_postgresql_checked_backed_up_and_moved_to_sqlite_and_back() {
    let place = Place::new();
    let (server, owner) = (&place.database.server, &place.database.owner);
    let (code, said, complained) = place.init(&["--database", server, "--database-owner", owner]);
    assert_eq!(code, 0, "{said}{complained}");
    let data = place.data();
    assert!(!place.at("data/candour.sqlite").exists());
    let kept = std::fs::read_to_string(place.at("data/database.toml")).expect("the settings");
    assert!(!kept.contains("_owner"), "{kept}");

    let checked = place.ends(0, &["record", "verify", "--data", &data]);
    let said = place.ends(0, &["erasures", "sweep", "--database-owner", owner]);
    assert!(said.contains("written anew"), "{said}");
    // The server's role may not, and it is not said to be done.
    let said = place.ends(1, &["erasures", "sweep", "--database-owner", server]);
    assert!(said.contains("owns the tables"), "{said}");
    let backup = place.at("backup").display().to_string();
    place.ends(
        0,
        &[
            "backup",
            "--data",
            &data,
            "--to",
            &backup,
            "--plain",
            "--with-key",
        ],
    );
    let restored = place.at("restored").display().to_string();
    place.ends(0, &["restore", &backup, "--data", &restored]);
    assert_eq!(
        place.ends(0, &["record", "verify", "--data", &restored]),
        checked
    );
    place.ends(3, &["upgrade", "--data", &data]);
    place.ends(0, &["upgrade", "--data", &data, "--database-owner", owner]);

    // Without --yes nothing happens.
    let said = place.ends(0, &["move", "--data", &data, "--to", "sqlite"]);
    assert!(said.contains("--yes"), "{said}");
    assert!(place.at("data/database.toml").exists());
    place.ends(0, &["move", "--data", &data, "--to", "sqlite", "--yes"]);
    assert!(place.at("data/candour.sqlite").exists());
    assert_eq!(
        place.ends(0, &["record", "verify", "--data", &data]),
        checked
    );
    // The old database is not empty; another takes it back.
    let back = [
        "move",
        "--data",
        &data,
        "--to",
        server,
        "--database-owner",
        owner,
        "--yes",
    ];
    let refused = place.ends(2, &back);
    assert!(refused.contains("name an empty database"), "{refused}");
    let second = Place::new();
    let said = place.ends(
        0,
        &[
            "move",
            "--data",
            &data,
            "--to",
            &second.database.server,
            "--database-owner",
            &second.database.owner,
            "--yes",
        ],
    );
    assert!(said.contains("compared and the same"), "{said}");
    assert_eq!(
        place.ends(0, &["record", "verify", "--data", &data]),
        checked
    );
}

#[test]
fn what_is_missing_or_too_powerful_is_refused_in_plain_words_and_leaves_nothing() {
    let place = Place::new();
    let (server, owner) = (&place.database.server, &place.database.owner);
    for (args, expected, said) in [
        (vec!["--database", server], 3, "--database-owner"),
        (
            vec!["--database", owner, "--database-owner", owner],
            2,
            "name a role that does not own the tables",
        ),
        (
            vec!["--database", "mysql://a@b/c", "--database-owner", owner],
            2,
            "postgres://role@host/database",
        ),
        (
            vec![
                "--database",
                "postgres://nobody@localhost/none?host=/nowhere",
                "--database-owner",
                "postgres://owner@localhost/none?host=/nowhere",
            ],
            1,
            "cannot be reached",
        ),
    ] {
        let (code, _, complained) = place.init(&args);
        assert!(complained.contains(said), "{args:?}: {complained}");
        assert_eq!(code, expected, "{args:?}: {complained}");
        assert!(!place.at("data/master.key").exists(), "{args:?}");
    }
}
