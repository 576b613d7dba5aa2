//! The keys from the command line: what is told of them, changing them, and shares that bring the master key back.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot read what it needs has failed"
)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// Runs, and gives the exit code and everything that was printed.
fn candour(args: &[&str], environment: &[(&str, &Path)]) -> (i32, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(args)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("candour starts");
    let words = [out.stdout, out.stderr].concat();
    (
        out.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&words).into_owned(),
    )
}

#[track_caller]
fn ends(code: i32, args: &[&str]) -> String {
    let (ended, words) = candour(args, &[]);
    assert_eq!(ended, code, "{args:?}: {words}");
    words
}

/// A new data folder, with whatever else `init` is asked for.
fn set_up(more: &[&str]) -> (TempDir, PathBuf, String) {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).display().to_string();
    let example = ends(0, &["init", "--data", &path("data"), "--example"]);
    fs::write(path("settings.toml"), example).unwrap();
    fs::write(path("password"), "seven quiet herons by the weir\n").unwrap();
    let (data, settings, password) = (path("data"), path("settings.toml"), path("password"));
    let mut args = vec![
        "init",
        "--data",
        &data,
        "--settings",
        &settings,
        "--name",
        "Imogen Farrow",
        "--email",
        "imogen@merrowshire.example",
        "--password-file",
        &password,
    ];
    args.extend(more);
    let words = ends(0, &args);
    let data = home.path().join("data");
    (home, data, words)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn whoever_makes_no_shares_is_told_the_risk_then_and_ever_after() {
    let (_home, data, words) = set_up(&["--no-shares"]);
    assert!(words.contains("loses everything"), "{words}");
    let words = ends(0, &["keys", "status", "--data", text(&data)]);
    assert!(
        words.contains("It was decided") && words.contains("loses everything"),
        "{words}"
    );
    let json = ends(0, &["keys", "status", "--data", text(&data), "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["unopened"], 0);
    assert!(json["shares_made"].is_null() && json["shares_declined"].is_string());
}

#[test]
fn any_two_shares_bring_back_a_lost_master_key_and_no_command_shows_it() {
    let (home, data, _) = set_up(&["--no-shares"]);
    let key = fs::read_to_string(data.join("master.key")).unwrap();
    let secret = key.trim_end().rsplit(' ').next().unwrap().to_owned();
    let share = |number: u8| home.path().join(format!("share-{number}.txt"));
    let mut said = ends(
        0,
        &[
            "keys",
            "split",
            "--data",
            text(&data),
            "--to",
            text(home.path()),
        ],
    );
    assert_eq!(
        fs::metadata(share(1)).unwrap().permissions().mode() & 0o777,
        0o600
    );
    said += &ends(0, &["keys", "status", "--data", text(&data)]);
    assert!(!said.contains("At risk"), "{said}");
    // Shares are never written over.
    said += &ends(
        2,
        &[
            "keys",
            "split",
            "--data",
            text(&data),
            "--to",
            text(home.path()),
        ],
    );

    fs::remove_file(data.join("master.key")).unwrap();
    said += &ends(2, &["keys", "status", "--data", text(&data)]);
    said += &ends(
        2,
        &[
            "keys",
            "restore",
            "--data",
            text(&data),
            "--share",
            text(&share(2)),
        ],
    );
    let damaged = home.path().join("damaged.txt");
    fs::write(
        &damaged,
        fs::read_to_string(share(1))
            .unwrap()
            .replace("of 3", "of  3")
            .replace("Made: 2", "Made: 3"),
    )
    .unwrap();
    let two = |a: &Path, b: &Path| {
        [
            "keys",
            "restore",
            "--data",
            text(&data),
            "--share",
            text(a),
            "--share",
            text(b),
        ]
        .map(str::to_owned)
    };
    let wrong = two(&share(2), &damaged);
    let words = ends(2, &wrong.each_ref().map(String::as_str));
    assert!(words.contains("damaged.txt`: it is damaged"), "{words}");
    said += &words;
    let right = two(&share(3), &share(1));
    said += &ends(0, &right.each_ref().map(String::as_str));
    assert_eq!(fs::read_to_string(data.join("master.key")).unwrap(), key);
    said += &ends(0, &["record", "verify", "--data", text(&data)]);
    assert!(!said.contains(&secret));
}

#[test]
fn after_a_change_of_keys_the_record_opens_and_shares_of_before_are_said_to_be_out_of_date() {
    let (home, data, _) = set_up(&[]);
    ends(
        0,
        &[
            "keys",
            "split",
            "--data",
            text(&data),
            "--to",
            text(home.path()),
        ],
    );
    let old = home.path().join("old.key");
    let before = fs::read_to_string(data.join("master.key")).unwrap();
    let words = ends(
        0,
        &[
            "keys",
            "rotate",
            "--data",
            text(&data),
            "--keep-old",
            text(&old),
        ],
    );
    assert!(
        words.contains("Backups made before need the old one"),
        "{words}"
    );
    assert_eq!(fs::read_to_string(&old).unwrap(), before);
    assert_ne!(fs::read_to_string(data.join("master.key")).unwrap(), before);
    ends(0, &["record", "verify", "--data", text(&data)]);
    let words = ends(0, &["keys", "status", "--data", text(&data)]);
    assert!(words.contains("of an earlier master key"), "{words}");
}

#[test]
fn the_master_key_may_lie_elsewhere_or_be_a_credential() {
    let (home, data, _) = set_up(&[]);
    let elsewhere = home.path().join("candour-master-key");
    fs::rename(data.join("master.key"), &elsewhere).unwrap();
    let args = ["keys", "status", "--data", text(&data)];
    let (code, words) = candour(&args, &[("CANDOUR_MASTER_KEY_FILE", &elsewhere)]);
    assert!(
        code == 0 && words.contains("named by CANDOUR_MASTER_KEY_FILE"),
        "{words}"
    );
    let (code, words) = candour(&args, &[("CREDENTIALS_DIRECTORY", home.path())]);
    assert!(
        code == 0 && words.contains("credential of systemd"),
        "{words}"
    );
    let rotate = ["keys", "rotate", "--data", text(&data)];
    let (code, words) = candour(&rotate, &[("CREDENTIALS_DIRECTORY", home.path())]);
    assert!(
        code == 2 && words.contains("CANDOUR_MASTER_KEY_FILE"),
        "{words}"
    );
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o644)).unwrap();
    let (code, words) = candour(&args, &[("CANDOUR_MASTER_KEY_FILE", &elsewhere)]);
    assert!(code == 2 && words.contains("chmod 600"), "{words}");
}
