//! The keys from the command line: what is told of them, changing them, and shares that bring the master key back.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot read what it needs has failed"
)]

use std::{
    fs,
    io::{Read, Write},
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
    set_up_with(more, &[])
}

fn set_up_with(more: &[&str], environment: &[(&str, &Path)]) -> (TempDir, PathBuf, String) {
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
    let (code, words) = candour(&args, environment);
    assert_eq!(code, 0, "{words}");
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
    // The folder of the shares is made, for its owner only.
    let shares = home.path().join("shares");
    let share = |number: u8| shares.join(format!("share-{number}.txt"));
    let mut said = ends(
        0,
        &[
            "keys",
            "split",
            "--data",
            text(&data),
            "--to",
            text(&shares),
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
            text(&shares),
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

const PHRASE: &str = "slate heron lantern orchard weir";
const OTHER: &str = "another five words drawn by chance";

/// A file readable by its owner only.
fn private(path: PathBuf, words: &str) -> PathBuf {
    fs::write(&path, format!("{words}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

#[test]
fn a_passphrase_is_needed_at_every_start_and_changing_keys_shares_and_backups_keep_it() {
    let (home, data, _) = set_up(&["--no-shares"]);
    let at = |name: &str| home.path().join(name);
    let plain = fs::read_to_string(data.join("master.key")).unwrap();
    let secret = plain.trim_end().rsplit(' ').next().unwrap().to_owned();
    let phrase = private(at("phrase"), PHRASE);
    let other = private(at("other"), OTHER);
    let with = [("CANDOUR_PASSPHRASE_FILE", phrase.as_path())];
    let run = |args: &[&str], environment: &[(&str, &Path)], code: i32| {
        let (ended, words) = candour(args, environment);
        assert_eq!(ended, code, "{args:?}: {words}");
        assert!(!words.contains(PHRASE) && !words.contains(OTHER) && !words.contains(&secret));
        words
    };
    let folder = text(&data);
    let status = ["keys", "status", "--data", folder];

    // Too short, and from a file others can read: nothing is changed.
    let short = private(at("short"), "heron");
    let set = ["keys", "passphrase", "--data", folder];
    let words = run(&set, &[("CANDOUR_PASSPHRASE_FILE", &short)], 2);
    assert!(words.contains("at least 16"), "{words}");
    fs::set_permissions(&phrase, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(run(&set, &with, 2).contains("chmod 600"));
    fs::set_permissions(&phrase, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(fs::read_to_string(data.join("master.key")).unwrap(), plain);

    run(&set, &with, 0);
    assert!(!data.join("master.key").exists() && !data.join("master.key.sealed.part").exists());
    let sealed = fs::read_to_string(data.join("master.key.sealed")).unwrap();
    assert!(sealed.contains("argon2id m=65536 t=3 p=4") && !sealed.contains(&secret));
    let mode = fs::metadata(data.join("master.key.sealed")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);

    // Without it, with a wrong one, with the right one.
    assert!(run(&status, &[], 2).contains("sealed under a passphrase, and there is no terminal"));
    let wrong = [("CANDOUR_PASSPHRASE_FILE", other.as_path())];
    assert!(run(&status, &wrong, 2).contains("this passphrase does not open it"));
    assert!(run(&status, &with, 0).contains("It is sealed under a passphrase"));

    // A plain file left by an interruption goes at the next opening.
    private(data.join("master.key"), plain.trim_end());
    run(&status, &with, 0);
    assert!(!data.join("master.key").exists());

    // Changed, with the one of before.
    let change = [with[0], ("CANDOUR_NEW_PASSPHRASE_FILE", other.as_path())];
    run(&set, &change, 0);
    assert!(run(&status, &with, 2).contains("this passphrase does not open it"));
    run(&status, &wrong, 0);
    let back = [wrong[0], ("CANDOUR_NEW_PASSPHRASE_FILE", phrase.as_path())];
    run(&set, &back, 0);

    // The keys are changed: the new one is sealed too, and so is the old one that is kept.
    let old = at("old.key");
    let rotate = ["keys", "rotate", "--data", folder, "--keep-old", text(&old)];
    assert!(run(&rotate, &[], 2).contains("no terminal"));
    run(&rotate, &with, 0);
    let now = fs::read_to_string(data.join("master.key.sealed")).unwrap();
    assert_ne!(now, sealed);
    for path in [&old, &data.join("master.key.sealed")] {
        let held = fs::read_to_string(path).unwrap();
        assert!(
            held.starts_with("candour-master-key-sealed/1\n"),
            "{path:?}"
        );
    }
    run(&["record", "verify", "--data", folder], &with, 0);

    // A backup that carries the key carries it sealed, and is restored with the passphrase only.
    let (backup, again) = (at("backup"), at("again"));
    let make = [
        "backup",
        "--data",
        folder,
        "--to",
        text(&backup),
        "--plain",
        "--with-key",
    ];
    run(&make, &with, 0);
    let inside = std::fs::read(&backup).unwrap();
    let holds = |words: &[u8]| inside.windows(words.len()).any(|found| found == words);
    assert!(holds(b"candour-master-key-sealed/1\n") && !holds(b"candour-master-key/1 "));
    let restore = ["restore", "--from", text(&backup), "--data", text(&again)];
    assert!(run(&restore, &[], 1).contains("no terminal"));
    assert!(run(&restore, &wrong, 1).contains("this passphrase does not open it"));
    run(&restore, &with, 0);
    run(&["record", "verify", "--data", text(&again)], &with, 0);

    // Forgotten: two shares bring the key back, under a new passphrase.
    let split = ["keys", "split", "--data", folder, "--to", text(home.path())];
    run(&split, &with, 0);
    let shares = [at("share-1.txt"), at("share-3.txt")];
    let bring = [
        "keys",
        "restore",
        "--data",
        folder,
        "--share",
        text(&shares[0]),
        "--share",
        text(&shares[1]),
        "--passphrase",
    ];
    let new = [("CANDOUR_NEW_PASSPHRASE_FILE", other.as_path())];
    assert!(run(&bring, &new, 2).contains("is there already"));
    fs::remove_file(data.join("master.key.sealed")).unwrap();
    run(&bring, &new, 0);
    assert!(!data.join("master.key").exists());
    run(&status, &wrong, 0);
}

#[test]
fn a_new_folder_may_have_a_passphrase_from_the_start_given_by_a_file_descriptor_or_typed_unseen() {
    let home = tempfile::tempdir().unwrap();
    let phrase = private(home.path().join("phrase"), PHRASE);
    let (_other, data, words) = set_up_with(
        &["--passphrase", "--no-shares"],
        &[("CANDOUR_PASSPHRASE_FILE", &phrase)],
    );
    assert!(words.contains("sealed under the passphrase"), "{words}");
    assert!(data.join("master.key.sealed").exists() && !data.join("master.key").exists());

    let binary = env!("CARGO_BIN_EXE_candour");
    let status = format!("'{binary}' keys status --data '{}'", text(&data));
    let by_descriptor = Command::new("sh")
        .args([
            "-c",
            &format!("CANDOUR_PASSPHRASE_FD=3 {status} 3<'{}'", text(&phrase)),
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&by_descriptor.stdout);
    assert!(
        said.contains("It is sealed under a passphrase"),
        "{by_descriptor:?}"
    );

    // A terminal of its own; what is typed is not shown on it.
    let mut terminal = Command::new("script")
        .args(["-qec", &status, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut shown = Vec::new();
    let mut screen = terminal.stdout.take().unwrap();
    let mut keyboard = terminal.stdin.take().unwrap();
    let mut piece = [0; 256];
    while !String::from_utf8_lossy(&shown).contains("not shown): ") {
        let read = screen.read(&mut piece).unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&shown));
        shown.extend_from_slice(&piece[..read]);
    }
    // The echo is turned off right after the question is asked; nobody types faster than this.
    std::thread::sleep(std::time::Duration::from_secs(2));
    keyboard
        .write_all(format!("{PHRASE}\n").as_bytes())
        .unwrap();
    screen.read_to_end(&mut shown).unwrap();
    let shown = String::from_utf8_lossy(&shown);
    assert!(terminal.wait().unwrap().success(), "{shown}");
    assert!(shown.contains("It is sealed under a passphrase"), "{shown}");
    assert!(!shown.contains("heron"), "{shown}");
}

#[test]
fn a_new_master_key_and_one_brought_back_go_where_the_environment_says() {
    let keys = tempfile::tempdir().unwrap();
    let elsewhere = keys.path().join("key");
    let named = [("CANDOUR_MASTER_KEY_FILE", elsewhere.as_path())];
    let (home, data, _) = set_up_with(&["--shares", text(keys.path())], &named);
    assert!(!data.join("master.key").exists());
    let key = fs::read_to_string(&elsewhere).unwrap();
    fs::remove_file(&elsewhere).unwrap();
    let (first, third) = (
        keys.path().join("share-1.txt"),
        keys.path().join("share-3.txt"),
    );
    let bring = [
        "keys",
        "restore",
        "--data",
        text(&data),
        "--share",
        text(&first),
        "--share",
        text(&third),
    ];
    let (code, words) = candour(&bring, &named);
    assert!(code == 0 && words.contains(text(&elsewhere)), "{words}");
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), key);
    assert!(!data.join("master.key").exists());
    let (code, words) = candour(&bring, &named);
    assert!(code == 2 && words.contains("is there already"), "{words}");

    // What cannot be written from here is said, with what to do; no folder that is half made is left.
    fs::rename(&elsewhere, keys.path().join("candour-master-key")).unwrap();
    let credential = [("CREDENTIALS_DIRECTORY", keys.path())];
    let (code, words) = candour(&bring, &credential);
    assert!(
        code == 2 && words.contains("make the credential `candour-master-key` from the file"),
        "{words}"
    );
    let nowhere = home.path().join("nowhere/key");
    let (code, words) = candour(&bring, &[("CANDOUR_MASTER_KEY_FILE", &nowhere)]);
    assert!(
        code == 2 && words.contains("is not there; make it"),
        "{words}"
    );
}
