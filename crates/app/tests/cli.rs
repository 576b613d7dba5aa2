//! The command line as a person meets it: what it prints where, its exit codes, and a case carried out and in without loss.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read what it needs has failed"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const EMAIL: &str = "ada@example.test";
/// A pair from the documentation of age: it opens nothing but what these tests write.
const RECIPIENT: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
const IDENTITY: &str = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
const EDITION: &str = "working-together-2023";

fn candour(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("candour starts")
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs, and says everything when the exit code is another.
#[track_caller]
fn ends(code: i32, args: &[&str]) -> Output {
    let out = candour(args);
    assert_eq!(
        out.status.code(),
        Some(code),
        "{args:?}\nout: {}\nerr: {}",
        words(&out.stdout),
        words(&out.stderr)
    );
    out
}

/// Bad input: the code, nothing on standard output, and the reason on standard error.
#[track_caller]
fn refuses(code: i32, args: &[&str], because: &str) {
    let out = ends(code, args);
    assert!(
        out.stdout.is_empty(),
        "{args:?} printed {}",
        words(&out.stdout)
    );
    assert!(
        words(&out.stderr).contains(because),
        "{args:?}: `{because}` is not in: {}",
        words(&out.stderr)
    );
}

#[track_caller]
fn json(code: i32, args: &[&str]) -> Value {
    let out = ends(code, args);
    serde_json::from_slice(&out.stdout)
        .unwrap_or_else(|e| panic!("{args:?}: {e}: {}", words(&out.stdout)))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn example(name: &str) -> String {
    root()
        .join("examples")
        .join(format!("{name}.json"))
        .display()
        .to_string()
}

/// A folder with a partnership in `a` (and whatever else is asked for), and nothing of it left afterwards.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(TempDir::new().expect("a temporary folder"))
    }
    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.at(name), text).expect("a file is written");
        self.at(name)
    }
    fn init(&self, name: &str) -> String {
        let settings = self.put(
            "settings.toml",
            ends(0, &["init", "--data", &self.at(name), "--example"]).stdout,
        );
        let password = self.put("password", "a long sentence nobody guesses 27\n");
        let data = self.at(name);
        ends(
            0,
            &[
                "init",
                "--data",
                &data,
                "--settings",
                &settings,
                "--name",
                "Ada Example",
                "--email",
                EMAIL,
                "--password-file",
                &password,
            ],
        );
        data
    }
    fn with_case(&self, name: &str, file: &str) -> (String, String) {
        let data = self.init(name);
        let done = json(
            0,
            &["import", file, "--data", &data, "--as", EMAIL, "--json"],
        );
        assert_eq!(done["refused"], serde_json::json!([]));
        (
            data,
            done["reference"].as_str().expect("a reference").to_owned(),
        )
    }
}

fn export(data: &str, reference: &str) -> Value {
    json(0, &["export", reference, "--data", data, "--as", EMAIL])
}

fn clocks(events: &[&str]) -> Vec<Value> {
    let mut args = vec!["clocks", "--edition", EDITION, "--json"];
    events.iter().for_each(|e| args.extend(["--event", e]));
    json(0, &args).as_array().expect("an array").clone()
}

#[track_caller]
fn clock(events: &[&str], id: &str) -> Value {
    clocks(events)
        .into_iter()
        .find(|c| c["clock"] == id)
        .unwrap_or_else(|| panic!("no clock {id}"))
}

#[test]
fn every_trigger_starts_its_clocks_and_each_says_all_it_must() {
    let all = clocks(&[
        "aware=2024-06-03",
        "notified=2024-06-05",
        "review-decided=2024-07-31",
        "publication=2025-02-03",
    ]);
    for (id, start, due) in [
        ("notify-panel", "2024-06-03", Some("2024-06-10")),
        ("rapid-review", "2024-06-05", Some("2024-06-26")),
        ("publish-report", "2024-07-31", Some("2025-01-31")),
        ("send-before-publication", "2025-02-03", None),
        ("keep-published", "2025-02-03", Some("2026-02-03")),
    ] {
        let one = all
            .iter()
            .find(|c| c["clock"] == id)
            .unwrap_or_else(|| panic!("no clock {id}"));
        for key in [
            "clock", "start", "due", "length", "skipped", "owed_by", "owed_to", "source",
            "standing",
        ] {
            assert!(!one[key].is_null(), "{id}: `{key}` is missing");
        }
        assert_eq!(one["start"], start, "{id}");
        if let Some(due) = due {
            assert_eq!(one["due"], due, "{id}");
        }
    }
}

#[test]
fn a_report_goes_to_its_readers_seven_clear_working_days_before_it_is_published() {
    // Published on Monday 3 February 2025: between that day and the day it is sent lie 7 working days (23 to 31 January).
    assert_eq!(
        clock(&["publication=2025-02-03"], "send-before-publication")["due"],
        "2025-01-22"
    );
}

#[test]
fn awareness_before_christmas_skips_each_day_with_its_reason() {
    let one = clock(&["aware=2024-12-20"], "notify-panel");
    assert_eq!(one["due"], "2024-12-31");
    let skipped: Vec<(&str, &str)> = one["skipped"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|s| {
            (
                s["date"].as_str().expect("a date"),
                s["why"].as_str().expect("why"),
            )
        })
        .collect();
    let days: Vec<&str> = skipped.iter().map(|s| s.0).collect();
    assert_eq!(
        days,
        [
            "2024-12-21",
            "2024-12-22",
            "2024-12-25",
            "2024-12-26",
            "2024-12-28",
            "2024-12-29"
        ]
    );
    assert_eq!(skipped[0].1, "Saturday");
    assert!(
        skipped[2].1.contains("Christmas Day") && skipped[3].1.contains("Boxing Day"),
        "{skipped:?}"
    );
}

#[test]
fn awareness_before_easter_skips_good_friday_and_easter_monday() {
    let one = clock(&["aware=2025-04-16"], "notify-panel");
    assert_eq!(one["due"], "2025-04-25");
    let why = one["skipped"].to_string();
    assert!(
        why.contains("Good Friday") && why.contains("Easter Monday"),
        "{why}"
    );
}

#[test]
fn beyond_the_published_bank_holidays_the_clocks_refuse_and_say_so() {
    refuses(
        2,
        &[
            "clocks",
            "--edition",
            EDITION,
            "--event",
            "aware=2028-12-29",
        ],
        "not yet published",
    );
    refuses(
        2,
        &[
            "clocks",
            "--edition",
            EDITION,
            "--event",
            "aware=2029-06-04",
            "--json",
        ],
        "31 December 2028",
    );
}

#[test]
fn wrong_usage_exits_with_2_and_says_why_on_standard_error() {
    refuses(2, &["nonsense"], "nonsense");
    refuses(2, &["clocks", "--edition", EDITION], "--event");
    refuses(
        2,
        &[
            "clocks",
            "--edition",
            "working-together-1066",
            "--event",
            "aware=2024-06-03",
        ],
        "working-together-1066",
    );
    refuses(
        2,
        &["clocks", "--edition", EDITION, "--event", "aware"],
        "aware=",
    );
    refuses(
        2,
        &["clocks", "--edition", EDITION, "--event", "aware=31 2 2024"],
        "",
    );
    refuses(
        2,
        &["clocks", "--edition", EDITION, "--event", "born=2024-06-03"],
        "`born` is no trigger",
    );
    refuses(2, &["assess", "no-such-file.json"], "no-such-file.json");
}

fn assessed(name: &str, code: i32) -> Value {
    let value = json(code, &["assess", &example(name), "--json"]);
    for key in [
        "edition",
        "definition",
        "criteria",
        "circumstances",
        "decision",
        "family",
        "clocks",
    ] {
        assert!(!value[key].is_null(), "{name}: `{key}` is missing");
    }
    assert!(value["definition"]["limbs"].is_array() && value["family"]["missing"].is_array());
    assert_eq!(
        value["refused"],
        serde_json::json!([]),
        "{name}: the example is taken whole"
    );
    value
}

#[test]
fn the_example_that_meets_the_definition_can_be_signed() {
    let value = assessed("met", 0);
    assert_eq!(value["definition"]["outcome"], "met");
    assert_eq!(
        value["decision"],
        serde_json::json!({"can_sign": true, "missing": []})
    );
    assert!(
        value["edition"]
            .as_str()
            .expect("an id")
            .starts_with("working-together-2023")
    );
    assert_eq!(value["criteria"][0]["state"], "It does");
    let rapid = value["clocks"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|c| c["clock"] == "rapid-review" || c["id"] == "rapid-review")
        .expect("the clock");
    assert_eq!(rapid["due"], "2025-02-14");
}

#[test]
fn the_examples_that_are_not_ready_list_what_is_missing_with_its_source() {
    for (name, outcome, edition) in [
        ("not-met", "not met", "sefton-2021"),
        ("not-yet-known", "not yet known", "working-together-2026"),
    ] {
        let value = assessed(name, 3);
        assert_eq!(value["definition"]["outcome"], outcome);
        assert!(value["edition"].as_str().expect("an id").contains(edition));
        assert_eq!(value["decision"]["can_sign"], false);
        let missing = value["decision"]["missing"].as_array().expect("a list");
        assert!(
            missing.iter().any(|m| m["what"]
                .as_str()
                .is_some_and(|w| w.contains("whether a review"))),
            "{missing:?}"
        );
        assert!(
            missing
                .iter()
                .all(|m| !m["source"].as_str().unwrap_or_default().is_empty()),
            "{missing:?}"
        );
        assert!(
            words(&ends(3, &["assess", &example(name)]).stderr).contains("cannot be signed yet")
        );
    }
}

#[test]
fn a_case_file_with_an_unknown_key_is_refused_by_line() {
    let place = Place::new();
    let wrong = place.put(
        "wrong.json",
        "{\n  \"format\": \"candour-case/1\",\n  \"perpetrators\": []\n}\n",
    );
    refuses(2, &["assess", &wrong], "line 3");
    refuses(
        2,
        &[
            "assess",
            &place.put("other.json", "{\"format\": \"candour-case/9\"}"),
        ],
        "candour-case/1",
    );
}

#[test]
fn the_schema_in_the_docs_is_the_one_the_program_prints() {
    let kept = std::fs::read_to_string(root().join("docs/case-file.schema.json"))
        .expect("docs/case-file.schema.json");
    let printed = words(&ends(0, &["schema"]).stdout);
    assert!(
        kept == printed,
        "docs/case-file.schema.json is out of date: run `cargo run -p app -- schema > docs/case-file.schema.json`"
    );
}

#[test]
fn the_packs_are_listed_shown_and_compared() {
    let list = json(0, &["guidance", "list", "--json"]);
    for id in [
        "working-together-2018",
        "working-together-2023",
        "working-together-2026",
        "sefton-2021",
        "panel-2025-06",
    ] {
        assert!(
            list.as_array()
                .expect("a list")
                .iter()
                .any(|p| p["id"] == id),
            "{id} is not listed"
        );
        assert!(words(&ends(0, &["guidance", "list"]).stdout).contains(id));
    }
    assert_eq!(
        json(0, &["guidance", "show", EDITION, "--json"])["criteria"]
            .as_array()
            .map(Vec::len),
        Some(4)
    );
    assert!(words(&ends(0, &["guidance", "show", EDITION]).stdout).contains("clock rapid-review"));
    refuses(2, &["guidance", "show", "no-such-pack"], "no-such-pack");
    assert!(
        !json(
            0,
            &[
                "guidance",
                "diff",
                "working-together-2018",
                EDITION,
                "--json"
            ]
        )
        .as_array()
        .expect("a list")
        .is_empty()
    );
    assert!(
        json(0, &["guidance", "diff", EDITION, EDITION, "--json"])
            .as_array()
            .expect("a list")
            .is_empty()
    );
}

#[test]
fn every_shipped_pack_is_right_and_a_wrong_one_is_named_by_file_line_and_key() {
    for entry in std::fs::read_dir(root().join("policies")).expect("policies") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "toml") {
            ends(0, &["guidance", "check", &path.display().to_string()]);
        }
    }
    let place = Place::new();
    let wrong = place.put("wrong.toml", "id = \"x\"\ntitle = 3\n");
    refuses(
        1,
        &["guidance", "check", &wrong],
        &format!("{wrong}:2: `title`: expected"),
    );
    let value = json(1, &["guidance", "check", &wrong, "--json"]);
    assert!(
        value["wrong"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|w| w["key"] == "title" && w["line"] == 2),
        "{value}"
    );
}

#[test]
fn init_says_what_is_missing_and_where_the_settings_are_wrong() {
    let place = Place::new();
    let data = place.at("a");
    refuses(3, &["init", "--data", &data], "settings file is needed");
    let text = words(&ends(0, &["init", "--data", &data, "--example"]).stdout);
    let right = place.put("right.toml", &text);
    refuses(
        3,
        &["init", "--data", &data, "--settings", &right],
        "Name of the business manager",
    );
    let wrong = text.replace("session-minutes = 30", "session-minutes = \"long\"");
    let line = wrong
        .lines()
        .position(|l| l.starts_with("session-minutes"))
        .expect("the line")
        + 1;
    let file = place.put("wrong.toml", &wrong);
    refuses(
        2,
        &["init", "--data", &data, "--settings", &file],
        &format!("{file}:{line}: `session-minutes`"),
    );
    assert!(
        !Path::new(&data).exists(),
        "nothing is made when something is wrong"
    );
    place.init("a");
    ends(
        2,
        &[
            "init",
            "--data",
            &data,
            "--settings",
            &right,
            "--name",
            "A",
            "--email",
            "b@example.test",
            "--password-file",
            &place.at("password"),
        ],
    );
}

/// What happened, without the numbers of the entries: the opening and who sees the case belong to the record it is in.
fn events(file: &Value) -> Vec<Value> {
    let own = |e: &Value| e["stage"] == "members" || e["event"]["is"] == "case-opened";
    let pick = |e: &Value| {
        serde_json::json!([
            e["at"],
            e["by"],
            e["edition"],
            e["stage"],
            e["event"],
            e["missing"]
        ])
    };
    file["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .filter(|e| !own(e))
        .map(pick)
        .collect()
}

#[test]
fn a_case_goes_out_and_comes_in_elsewhere_without_loss() {
    let place = Place::new();
    let (first, reference) = place.with_case("a", &example("met"));
    let out = export(&first, &reference);
    let text = std::fs::read_to_string(example("met")).expect("the example");
    let written: Value = serde_json::from_str(&text).expect("JSON");
    for section in [
        "awareness",
        "contacts",
        "incident",
        "children",
        "adults",
        "relationships",
        "notifications",
        "meetings",
        "decision",
    ] {
        assert_eq!(
            out[section], written[section],
            "`{section}` changed on the way"
        );
    }
    let file = place.put("out.json", out.to_string());
    let (second, again) = place.with_case("b", &file);
    let back = export(&second, &again);
    assert!(events(&out).len() > 40, "the whole case is there");
    assert_eq!(events(&out), events(&back));
    for section in [
        "children",
        "definition",
        "consideration",
        "decision",
        "views",
        "family-contacts",
        "family-views",
    ] {
        assert_eq!(
            out[section], back[section],
            "`{section}` changed on the way"
        );
    }
    refuses(
        2,
        &["export", "NO-2020-001", "--data", &first, "--as", EMAIL],
        "NO-2020-001",
    );
    refuses(
        2,
        &[
            "export",
            &reference,
            "--data",
            &first,
            "--as",
            "nobody@example.test",
        ],
        "nobody@example.test",
    );
}

#[test]
fn a_good_record_verifies_and_one_with_a_changed_byte_names_the_entry() {
    let place = Place::new();
    let (data, _) = place.with_case("a", &example("not-met"));
    let good = json(0, &["record", "verify", "--data", &data, "--json"]);
    assert!(
        good["entries"].as_u64().expect("a number") > 10 && good["broken"].is_null(),
        "{good}"
    );
    flip(Path::new(&data), good["last"].as_str().expect("a hash"));
    let out = ends(1, &["record", "verify", "--data", &data]);
    assert!(
        words(&out.stderr).contains("entry"),
        "{}",
        words(&out.stderr)
    );
    let broken = json(1, &["record", "verify", "--data", &data, "--json"]);
    assert!(broken["broken"]["position"].is_u64(), "{broken}");
    refuses(
        2,
        &["record", "verify", "--data", &place.at("nowhere")],
        "candour init",
    );
}

#[test]
fn a_checkpoint_kept_elsewhere_finds_a_log_that_was_cut_off() {
    let place = Place::new();
    let (data, _) = place.with_case("a", &example("not-met"));
    let (file, keys) = (place.at("held.txt"), place.at("keys.txt"));
    ends(
        0,
        &["record", "checkpoint", "--data", &data, "--out", &file],
    );
    let printed = words(&ends(0, &["record", "keys", "--data", &data]).stdout);
    std::fs::write(&keys, printed).expect("the keys are written");
    let args = [
        "record",
        "verify",
        "--data",
        &data,
        "--checkpoint",
        &file,
        "--key",
        &keys,
    ];
    let mut with_json = args.to_vec();
    with_json.push("--json");
    let good = json(0, &with_json);
    assert!(
        good["checkpoints"].as_u64().expect("a number") >= 1,
        "{good}"
    );
    let note = std::fs::read_to_string(&file).expect("a checkpoint");
    let size = note.lines().nth(1).expect("its size");
    assert_eq!(
        good["entries"].to_string(),
        size,
        "nothing was recorded since"
    );

    let longer = note.replacen(size, "9999", 1);
    std::fs::write(&file, &longer).expect("written");
    refuses(2, &args, "signature");
    std::fs::write(&file, "no checkpoint\n").expect("written");
    refuses(2, &args, "checkpoint");

    // The same folder, put back to an earlier state, is behind what the witness holds.
    let earlier = place.at("earlier");
    ends(
        0,
        &[
            "backup",
            "--data",
            &data,
            "--to",
            &place.at("copy"),
            "--plain",
            "--with-key",
        ],
    );
    ends(
        0,
        &["restore", "--from", &place.at("copy"), "--data", &earlier],
    );
    let import = ["import", &example("met"), "--data", &data, "--as", EMAIL];
    ends(0, &import);
    std::fs::remove_file(&file).expect("the first is no longer needed");
    ends(
        0,
        &["record", "checkpoint", "--data", &data, "--out", &file],
    );
    ends(0, &["record", "verify", "--data", &earlier]);
    let out = ends(
        1,
        &[
            "record",
            "verify",
            "--data",
            &earlier,
            "--checkpoint",
            &file,
            "--key",
            &keys,
        ],
    );
    assert!(
        words(&out.stderr).contains("its end is missing"),
        "{}",
        words(&out.stderr)
    );
}

/// Changes one bit of the hash of the last entry wherever the database file holds it.
fn flip(data: &Path, hash: &str) {
    let hash: Vec<u8> = (0..hash.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&hash[i..i + 2], 16).expect("hex"))
        .collect();
    let path = data.join("candour.sqlite");
    let mut bytes = std::fs::read(&path).expect("the database");
    let places: Vec<usize> = (0..bytes.len() - hash.len())
        .filter(|at| bytes[*at..].starts_with(&hash))
        .collect();
    assert!(!places.is_empty(), "the database holds the hash as it is");
    places.iter().for_each(|at| bytes[*at] ^= 1);
    std::fs::write(path, bytes).expect("the database is written");
}

#[test]
fn a_backup_restores_to_the_same_case_and_an_altered_one_is_refused() {
    let place = Place::new();
    let (data, reference) = place.with_case("a", &example("not-met"));
    let before = export(&data, &reference);
    let backup = place.at("backup");
    let identity = place.put(
        "identity",
        format!("# A pair from the documentation.\n{IDENTITY}\n"),
    );
    let sealed = ["backup", "--data", &data, "--to", &backup, "--with-key"];
    refuses(3, &sealed, "--recipient");
    refuses(
        2,
        &[&sealed[..], &["--recipient", "age1nobody"]].concat(),
        "recipient",
    );
    ends(0, &[&sealed[..], &["--recipient", RECIPIENT]].concat());
    refuses(2, &["check-backup", &backup], "--identity");
    ends(0, &["check-backup", &backup, "--identity", &identity]);
    ends(
        0,
        &[
            "restore",
            &backup,
            "--data",
            &place.at("back"),
            "--identity",
            &identity,
        ],
    );
    assert_eq!(
        ends(0, &["dump", "--data", &data, "--hash"]).stdout,
        ends(0, &["dump", "--data", &place.at("back"), "--hash"]).stdout,
        "what was restored holds the same rows"
    );
    assert_eq!(
        events(&before),
        events(&export(&place.at("back"), &reference))
    );
    let file = Path::new(&backup);
    let mut bytes = std::fs::read(file).expect("the backup");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).expect("the backup is altered");
    let out = ends(
        1,
        &[
            "restore",
            &backup,
            "--data",
            &place.at("never"),
            "--identity",
            &identity,
        ],
    );
    assert!(!out.stderr.is_empty() && out.stdout.is_empty());
    assert!(
        !Path::new(&place.at("never")).exists(),
        "nothing is restored from an altered backup"
    );
    refuses(
        2,
        &[
            "backup",
            "--data",
            &place.at("nowhere"),
            "--to",
            &place.at("c"),
            "--plain",
        ],
        "candour init",
    );
}

/// The program as it serves; stopped when the test ends, however it ends.
struct Serving(std::process::Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_backup_is_made_while_the_program_serves_and_one_a_day_by_itself() {
    let place = Place::new();
    let (data, _) = place.with_case("a", &example("not-met"));
    let nightly = place.at("nightly");
    std::fs::create_dir(&nightly).expect("a folder");
    let serve = ["serve", "--data", &data, "--listen", "127.0.0.1:0"];
    refuses(2, &[&serve[..], &["--plain"]].concat(), "--backup-to");
    let daily = ["--backup-to", &nightly, "--keep", "3"];
    let serve = [&serve[..], &daily].concat();
    refuses(3, &serve, "--recipient");
    let child = Command::new(env!("CARGO_BIN_EXE_candour"))
        .args([&serve[..], &["--recipient", RECIPIENT]].concat())
        .stdout(Stdio::piped())
        .spawn()
        .expect("candour starts");
    let mut serving = Serving(child);
    let mut said = [0; 8];
    let out = serving.0.stdout.as_mut().expect("its output");
    std::io::Read::read_exact(out, &mut said).expect("it says that it serves");

    // Another program may not use the folder meanwhile; a backup may be made of it.
    refuses(2, &["record", "verify", "--data", &data], "another Candour");
    let made = || {
        std::fs::read_dir(&nightly)
            .expect("the folder")
            .filter_map(|item| item.expect("a file").file_name().into_string().ok())
            .find(|name| name.ends_with(".backup.age"))
    };
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while made().is_none() && std::time::Instant::now() < until {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let identity = place.put("identity", format!("{IDENTITY}\n"));
    let daily = Path::new(&nightly).join(made().expect("one was due"));
    let daily = daily.display().to_string();
    ends(0, &["check-backup", &daily, "--identity", &identity]);
    let backup = place.at("backup");
    ends(0, &["backup", "--data", &data, "--to", &backup, "--plain"]);
    ends(0, &["check-backup", &backup]);
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(["schema"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("candour starts");
    drop(child.stdout.take());
    let out = child.wait_with_output().expect("candour ends");
    assert_eq!(
        (out.status.code(), words(&out.stderr)),
        (Some(0), String::new())
    );
}
