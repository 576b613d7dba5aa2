//! Erasure from the outside: what is due is carried out by the program that serves, listed, written to a file, and carried out
//! again where an older backup is restored; the record still verifies, and a wrong file changes nothing.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use cases::Command as Asked;
use cases::erasure::{Command as Erasure, Rule, Target};
use cases::members::Part;
use desk::{Clock, Desk, NewCase, NewPerson, Setup};

fn candour(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[track_caller]
fn ends(code: i32, args: &[&str]) -> String {
    let output = candour(args);
    let words = words(&output);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {words}");
    words
}

fn person(name: &str, role: access::Role) -> NewPerson {
    NewPerson {
        name: name.into(),
        email: format!("{}@example.test", name.to_lowercase()),
        role,
        seat: None,
        agency: None,
        password: "a long sentence nobody guesses".into(),
    }
}

/// A partnership with two cases; erasing the first was approved sixty days ago. Its folder, and the references.
async fn set_up(dir: &Path) -> (PathBuf, [String; 2]) {
    let example = candour(&["init", "--example", "--data", "none"]);
    let setup = Setup {
        settings: String::from_utf8(example.stdout).unwrap(),
        people: vec![
            person("Ada", access::Role::BusinessManager),
            person("Maud", access::Role::Chair),
        ],
    };
    let data = dir.join("data");
    let then = jiff::Timestamp::now()
        .checked_sub(jiff::SignedDuration::from_hours(60 * 24))
        .unwrap();
    let desk = Desk::create(&data, Clock::standing_at(then), setup)
        .await
        .unwrap();
    let who = |name: &str| desk.actor(&desk.person_by_email(name).unwrap());
    let (ada, maud) = (who("ada@example.test"), who("maud@example.test"));
    let mut references = Vec::new();
    let mut first = String::new();
    for name in ["Wilfred Oakenshaw", "Perdita Quillfeather"] {
        let child = cases::people::Child {
            id: "child".into(),
            name: name.into(),
            pseudonym: "Child B".into(),
            parts: vec![cases::people::Part::Subject],
            ..Default::default()
        };
        let new = NewCase {
            danger: cases::incident::Danger::No,
            danger_action: String::new(),
            old_reference: None,
            heard_on: None,
            under_way: false,
            members: vec![(maud.person.id.clone(), Part::Chairs)],
            known: vec![Asked::People(cases::people::Command::RecordChild(child))],
        };
        let case = desk.open_case(&ada, new).await.unwrap().case;
        if first.is_empty() {
            first.clone_from(&case.id);
        }
        references.push(case.reference().to_owned());
    }
    let propose = Erasure::Propose {
        target: Target::Case,
        rule: Some(Rule {
            id: "invented".into(),
            title: "An invented rule".into(),
            at_once_when_hidden: false,
        }),
        why: "The time is over".into(),
    };
    let act = async |who: &desk::Actor, command| {
        desk.act(who, &first, None, true, vec![Asked::Erasure(command)])
            .await
            .unwrap()
            .case
    };
    let case = act(&ada, propose).await;
    let proposal = case.erasure.proposals.first().unwrap().proposal.id.clone();
    act(
        &maud,
        Erasure::Approve {
            proposal,
            wait_days: 28,
        },
    )
    .await;
    desk.close().await;
    (data, references.try_into().unwrap())
}

/// The program as it runs; it does not outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn a_restored_backup_is_brought_to_the_same_erasures_and_a_wrong_file_is_refused_before_anything_is_restored()
 {
    let dir = tempfile::tempdir().unwrap();
    let (data, [gone, stays]) = set_up(dir.path()).await;
    let (backup, file, again) = (
        dir.path().join("old.backup"),
        dir.path().join("erasures.json"),
        dir.path().join("again"),
    );
    let (data, backup, file) = (text(&data), text(&backup), text(&file));
    ends(
        0,
        &[
            "backup",
            "--data",
            data,
            "--to",
            backup,
            "--plain",
            "--with-key",
        ],
    );
    assert!(ends(0, &["erasures", "list", "--data", data]).contains("Nothing has been erased."));
    assert!(
        ends(0, &["erasures", "due", "--data", data]).contains("1 erasure due and carried out")
    );
    assert!(ends(0, &["erasures", "due", "--data", data]).contains("0 erasures"));
    let list = ends(0, &["erasures", "list", "--data", data]);
    assert!(
        list.contains(&gone) && list.contains("rule: An invented rule"),
        "{list}"
    );
    ends(0, &["record", "verify", "--data", data]);
    let verified = ends(0, &["record", "verify", "--files", "--data", data]);
    assert!(!verified.is_empty());
    ends(0, &["erasures", "export", "--data", data, "--out", file]);
    let written = std::fs::read_to_string(file).unwrap();
    assert!(!written.contains("Oakenshaw"));

    let wrong = dir.path().join("wrong.json");
    std::fs::write(&wrong, "{}").unwrap();
    let refused = ends(
        2,
        &[
            "restore",
            backup,
            "--data",
            text(&again),
            "--erasures",
            text(&wrong),
        ],
    );
    assert!(refused.contains("candour erasures export"), "{refused}");
    assert!(!again.exists(), "nothing was restored");

    let done = ends(
        0,
        &[
            "restore",
            backup,
            "--data",
            text(&again),
            "--erasures",
            file,
        ],
    );
    assert!(done.contains("1 erasure carried out again"), "{done}");
    let list = ends(0, &["erasures", "list", "--data", text(&again)]);
    assert!(list.contains(&gone), "{list}");
    ends(0, &["record", "verify", "--data", text(&again)]);
    let desk = Desk::open(&again, Clock::real()).await.unwrap();
    let ada = desk.actor(&desk.person_by_email("ada@example.test").unwrap());
    assert!(desk.own_reference(&ada, &gone).is_none());
    assert!(desk.own_reference(&ada, &stays).is_some());
    desk.close().await;
    let twice = ends(0, &["erasures", "apply", file, "--data", text(&again)]);
    assert!(
        twice.contains("0 erasures carried out again, 0 keys destroyed"),
        "{twice}"
    );

    // A backup restored without the file says what is to be done.
    let third = dir.path().join("third");
    let told = ends(0, &["restore", backup, "--data", text(&third)]);
    assert!(told.contains("candour erasures apply"), "{told}");
}

#[tokio::test]
async fn the_program_that_serves_carries_out_by_itself_what_is_due() {
    let dir = tempfile::tempdir().unwrap();
    let (data, [gone, _]) = set_up(dir.path()).await;
    let running = Running(
        Command::new(env!("CARGO_BIN_EXE_candour"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    // Ready for a good while, and then killed without a word of warning.
    tokio::time::sleep(Duration::from_secs(8)).await;
    drop(running);
    let list = ends(0, &["erasures", "list", "--data", text(&data)]);
    assert!(list.contains(&gone), "{list}");
    ends(0, &["record", "verify", "--data", text(&data)]);
}
