//! Witnesses from the outside: a served installation mails its checkpoint, also when it is killed between sending and marking;
//! and a bundle written on the command line is checked there, by the second checker, and after one altered byte.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use access::Witness;
use age::secrecy::ExposeSecret;
use desk::{Clock, Desk, NewCase, NewPerson, Setup};

#[path = "../../desk/tests/shared/smtp.rs"]
mod smtp;
use smtp::Smtp;

const EMAIL: &str = "ada@example.test";

fn candour(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(args)
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// A partnership with one case, one witness and one checkpoint; its folder and the case's reference.
async fn set_up(dir: &Path) -> (PathBuf, String) {
    let example = candour(&["init", "--example", "--data", "none"]);
    let setup = Setup {
        settings: String::from_utf8(example.stdout).unwrap(),
        people: vec![NewPerson {
            name: "Ada Example".into(),
            email: EMAIL.into(),
            role: access::Role::BusinessManager,
            seat: None,
            agency: None,
            password: "a long sentence nobody guesses".into(),
        }],
    };
    let data = dir.join("data");
    let desk = Desk::create(&data, Clock::real(), setup).await.unwrap();
    let ada = desk.actor(&desk.person_by_email(EMAIL).unwrap());
    let child = cases::people::Child {
        id: "child".into(),
        name: "Wilfred Oakenshaw".into(),
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
        members: Vec::new(),
        known: vec![cases::Command::People(cases::people::Command::RecordChild(
            child,
        ))],
    };
    let case = desk.open_case(&ada, new).await.unwrap().case;
    let scrutineer = Witness {
        who: "the independent scrutineer".into(),
        address: "scrutineer@example.org".into(),
    };
    desk.name_witnesses(&ada, vec![scrutineer]).await.unwrap();
    desk.checkpoint("on request").await.unwrap();
    let reference = case.reference().to_owned();
    desk.close().await;
    (data, reference)
}

/// The program as it runs; it does not outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn serve(data: &Path, smtp: u16) -> Child {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(["--smtp-host", "127.0.0.1", "--smtp-tls", "none"])
        .args(["--smtp-from", "candour@merrowshire.example"])
        .args(["--smtp-port", &smtp.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn wait_for(what: &str, there: impl Fn() -> bool) {
    let begun = Instant::now();
    while !there() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "waited for {what}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn a_mail_that_a_kill_left_unmarked_comes_again_as_the_same_mail_and_then_never_more() {
    let dir = tempfile::tempdir().unwrap();
    let (data, _) = set_up(dir.path()).await;
    let running: Arc<Mutex<Option<Child>>> = Arc::default();
    // The first mail is taken in full, and the program killed before it hears so.
    let smtp = {
        let running = running.clone();
        Smtp::answering(move |_| {
            if let Some(mut first) = running.lock().unwrap().take() {
                first.kill().unwrap();
                first.wait().unwrap();
            }
            true
        })
    };
    {
        // Held until the child stands there, so that the mail cannot come before.
        let mut place = running.lock().unwrap();
        *place = Some(serve(&data, smtp.port));
    }
    wait_for("the first mail", || {
        smtp.mails().len() == 1 && running.lock().unwrap().is_none()
    });
    let second = Running(serve(&data, smtp.port));
    wait_for("the mail again", || smtp.mails().len() == 2);
    // Longer than it takes to look at the outbox again, and once more after another start.
    std::thread::sleep(Duration::from_secs(7));
    drop(second);
    let third = Running(serve(&data, smtp.port));
    std::thread::sleep(Duration::from_secs(7));
    drop(third);
    let mails = smtp.mails();
    assert_eq!(mails.len(), 2, "sent again after it was marked");
    let id = mails[0].header("Message-ID");
    assert!(id.len() > 30 && id == mails[1].header("Message-ID"), "{id}");
    assert!(mails.iter().all(|m| m.to == ["scrutineer@example.org"]));
}

#[test]
fn settings_for_mail_that_could_not_work_are_refused_before_anything_is_served() {
    for (args, says) in [
        (vec!["--smtp-from", "c@example.org"], "--smtp-host"),
        (vec!["--smtp-host", "mail.example.org"], "--smtp-from"),
        (
            vec!["--smtp-host", "mail.example.org", "--smtp-from", "nobody"],
            "`nobody`",
        ),
        (
            vec![
                "--smtp-host",
                "mail.example.org",
                "--smtp-from",
                "c@example.org",
                "--smtp-tls",
                "none",
            ],
            "unprotected",
        ),
        (
            vec![
                "--smtp-host",
                "mail.example.org",
                "--smtp-from",
                "c@example.org",
                "--smtp-user",
                "c",
            ],
            "--smtp-password-file",
        ),
    ] {
        let output = candour(&[vec!["serve", "--data", "no-such-folder"], args].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(words(&output).contains(says), "{says}: {}", words(&output));
    }
}

/// What the second checker answers.
fn second(bundle: &str, key: &str) -> Option<i32> {
    let python = ["/usr/bin/python3", "python3"].into_iter().find(|python| {
        Command::new(python)
            .args(["-c", "import nacl.bindings"])
            .output()
            .is_ok_and(|output| output.status.success())
    });
    let Some(python) = python else {
        panic!(
            "the second checker needs Python 3 with PyNaCl: install it with `sudo apt-get install python3-nacl`"
        );
    };
    Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify/verify.py"))
        .args(["bundle", bundle, "--key", key])
        .output()
        .unwrap()
        .status
        .code()
}

#[tokio::test]
async fn a_bundle_is_written_checked_sealed_and_opened_on_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let (data, reference) = set_up(dir.path()).await;
    let path = |name: &str| dir.path().join(name).display().to_string();
    let (data, out, key) = (data.display().to_string(), path("b.zip"), path("key.txt"));
    let keys = candour(&["record", "keys", "--data", &data]);
    std::fs::write(&key, &keys.stdout).unwrap();
    let bundle = |more: &[&str]| {
        let all = ["bundle", &reference, "--data", &data, "--as", EMAIL];
        candour(&[&all, more].concat())
    };
    let made = bundle(&["--out", &out]);
    assert_eq!(made.status.code(), Some(0), "{}", words(&made));
    assert!(words(&made).contains("not sealed"), "{}", words(&made));
    let again = bundle(&["--out", &out]);
    assert_eq!(
        again.status.code(),
        Some(2),
        "a file that is there is left alone"
    );

    let checked = candour(&["bundle-verify", &out, "--key", &key]);
    assert_eq!(checked.status.code(), Some(0), "{}", words(&checked));
    assert!(!words(&checked).contains("compare it with one you have"));
    let alone = candour(&["bundle-verify", &out]);
    assert_eq!(alone.status.code(), Some(0));
    assert!(words(&alone).contains("compare it with one you have"));
    assert_eq!(second(&out, &key), Some(0));

    let mut bytes = std::fs::read(&out).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let altered = path("altered.zip");
    std::fs::write(&altered, &bytes).unwrap();
    let found = candour(&["bundle-verify", &altered, "--key", &key]);
    assert_eq!(found.status.code(), Some(1), "{}", words(&found));
    for nothing in [&key, &path("no-such-file")] {
        let told = candour(&["bundle-verify", nothing]);
        assert_eq!(told.status.code(), Some(2), "{}", words(&told));
    }

    let identity = age::x25519::Identity::generate();
    std::fs::write(path("identity"), identity.to_string().expose_secret()).unwrap();
    let sealed = path("b.zip.age");
    let made = bundle(&[
        "--out",
        &sealed,
        "--recipient",
        &identity.to_public().to_string(),
        "--with-names",
    ]);
    assert_eq!(made.status.code(), Some(0), "{}", words(&made));
    let closed = candour(&["bundle-verify", &sealed, "--key", &key]);
    assert_eq!(closed.status.code(), Some(2), "{}", words(&closed));
    let opened = candour(&[
        "bundle-verify",
        &sealed,
        "--key",
        &key,
        "--identity",
        &path("identity"),
    ]);
    assert_eq!(opened.status.code(), Some(0), "{}", words(&opened));
    let nobody = bundle(&["--out", &path("c.zip"), "--recipient", "age1nobody"]);
    assert_eq!(nobody.status.code(), Some(2), "{}", words(&nobody));
    assert!(!Path::new(&path("c.zip")).exists());
    let verified = candour(&["record", "verify", "--data", &data]);
    assert_eq!(verified.status.code(), Some(0), "{}", words(&verified));
}
