//! Changing the keys is killed 20 times at random moments; after each the record opens, nothing of it is lost, and the keys can be changed again.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read what it needs has failed"
)]

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const CANDOUR: &str = env!("CARGO_BIN_EXE_candour");

fn run(args: &[&str]) -> String {
    let out = Command::new(CANDOUR)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
    assert!(out.status.success(), "{args:?}: {words}");
    words
}

#[test]
fn a_change_of_keys_killed_at_any_moment_is_finished_or_forgotten_at_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name).display().to_string();
    let (data, settings, password) = (at("data"), at("settings"), at("password"));
    fs::write(&settings, run(&["init", "--example", "--data", &data])).unwrap();
    fs::write(&password, "seven quiet herons by the weir\n").unwrap();
    let mut init = vec!["init", "--data", &data, "--settings", &settings];
    init.extend(["--name", "Imogen Farrow", "--email", "imogen@example.org"]);
    init.extend(["--password-file", &password, "--no-shares"]);
    run(&init);
    let root = env!("CARGO_MANIFEST_DIR").to_owned() + "/../../examples/";
    for name in ["met.json", "not-met.json", "not-yet-known.json"] {
        let case = format!("{root}{name}");
        let who = ["--as", "imogen@example.org", "--data", &data];
        run(&[&["import", &case], who.as_slice()].concat());
    }
    let key = home.path().join("data/master.key");
    let rotate = ["keys", "rotate", "--data", &data];
    let began = Instant::now();
    run(&rotate);
    let whole = began.elapsed();

    let mut seed = u64::from(std::process::id()).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let (mut done, mut not_done) = (0, 0);
    for kill in 0..20 {
        let before = fs::read(&key).unwrap();
        let mut child = Command::new(CANDOUR)
            .args(rotate)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let most = u64::try_from(whole.as_micros()).unwrap();
        std::thread::sleep(Duration::from_micros(seed % most));
        child.kill().unwrap();
        child.wait().unwrap();
        run(&["record", "verify", "--data", &data]);
        let status = run(&["keys", "status", "--data", &data, "--json"]);
        let status: serde_json::Value = serde_json::from_str(&status).unwrap();
        assert_eq!(status["unopened"], 0, "after kill {kill}");
        assert!(!home.path().join("data/master.key.new").exists());
        match fs::read(&key).unwrap() == before {
            true => not_done += 1,
            false => done += 1,
        }
    }
    println!(
        "killed 20 times: {done} changes were finished, {not_done} forgotten; one takes {whole:?}"
    );
    let text = run(&[
        "export",
        "EXM-2025-001",
        "--as",
        "imogen@example.org",
        "--data",
        &data,
    ]);
    assert!(text.contains("Linnet"), "{text}");
    run(&rotate);
    run(&["record", "verify", "--data", &data]);
}
