//! Killing the program at any moment loses no acknowledged change: it is killed 200 times at random while two people write,
//! and after each start every change that was answered is there exactly once,
//! and every form that was not answered is sent again and carried out exactly once. Loopback only, bounded in count and time.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a check that cannot reach the program has to stop"
)]

#[path = "shared/second_step.rs"]
mod second_step;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[path = "../../store/tests/shared/postgres.rs"]
mod postgres;

const LONGEST: Duration = Duration::from_secs(420);
const CANDOUR: &str = env!("CARGO_BIN_EXE_candour");
const PASSWORD: &str = "lantern meadow oak";

struct Answer {
    status: u16,
    head: String,
    body: String,
}

/// One request on a connection of its own; `None` when the program went away before it answered.
fn ask(port: u16, method: &str, path: &str, cookie: &str, body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nCookie: candour={cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all).ok()?;
    let text = String::from_utf8_lossy(&all).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .expect("a free port")
        .port()
}

/// The program as it runs; it does not outlive the test.
struct Running(Child);

impl Running {
    fn kill(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("ended");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Starts the program and waits until it can serve; answers how long that took.
fn start(data: &Path, port: u16) -> (Running, Duration) {
    let began = Instant::now();
    let child = Command::new(CANDOUR)
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(Running)
        .expect("the program starts");
    while began.elapsed() < Duration::from_secs(30) {
        if ask(port, "GET", "/ready", "", "").is_some_and(|a| a.status == 200) {
            return (child, began.elapsed());
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    panic!("the program did not become ready");
}

fn set_up(folder: &Path, database: Option<&postgres::Database>) -> std::path::PathBuf {
    let data = folder.join("data");
    let example = Command::new(CANDOUR)
        .args(["init", "--example", "--data", "none"])
        .output()
        .expect("an example of the settings");
    std::fs::write(folder.join("settings.toml"), example.stdout).expect("write the settings");
    std::fs::write(folder.join("password"), PASSWORD).expect("write the password");
    let made = Command::new(CANDOUR)
        .args([
            "init",
            "--name",
            "Robin Kestrel",
            "--email",
            "robin@example.org",
            "--data",
        ])
        .arg(&data)
        .arg("--settings")
        .arg(folder.join("settings.toml"))
        .arg("--password-file")
        .arg(folder.join("password"))
        .args(database.iter().flat_map(|database| {
            [
                "--database",
                &database.server,
                "--database-owner",
                &database.owner,
            ]
        }))
        .output()
        .expect("init runs");
    assert!(made.status.success(), "{made:?}");
    data
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map_or("", |(found, _)| found)
}

/// A little randomness, different in each run.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed_200_times_under_load() {
    kill_under_load(200, None);
}

#[test]
fn nothing_acknowledged_is_lost_on_postgresql_when_the_program_is_killed_40_times_under_load() {
    let database = tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(postgres::server().database());
    kill_under_load(40, Some(&database));
}

#[test]
fn while_the_database_is_away_nothing_typed_is_lost_and_afterwards_it_is_saved_once() {
    let server = postgres::Server::start(&[]);
    let database = tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(server.database());
    let folder = tempfile::tempdir().expect("a folder");
    let data = set_up(folder.path(), Some(&database));
    let port = free_port();
    let (mut child, _) = start(&data, port);
    let (cookie, csrf, case) = case_of_robin(port);
    let path = format!("{case}/incident/contact");
    ask(port, "GET", &path, &cookie, "").expect("the form");
    let body = format!(
        "csrf={csrf}&form-token=once&do=save&contact-on-day=2&contact-on-month=3&contact-on-year=2026&contact-from=mark7x&how="
    );

    server.stop();
    let away = ask(port, "POST", &path, &cookie, &body).expect("an answer");
    assert_eq!(away.status, 503, "{}", away.body);
    assert!(away.body.contains("mark7x"), "{}", away.body);
    assert!(
        away.body.contains("What you typed is still here"),
        "{}",
        away.body
    );
    assert_eq!(
        ask(port, "GET", "/ready", "", "").map(|answer| answer.status),
        Some(503)
    );

    server.go_on();
    let back = Instant::now();
    while ask(port, "GET", "/ready", "", "").is_none_or(|answer| answer.status != 200) {
        assert!(back.elapsed() < Duration::from_secs(5), "it heals in time");
        std::thread::sleep(Duration::from_millis(20));
    }
    // The same form, sent again twice, is carried out once.
    for _ in 0..2 {
        let sent = ask(port, "POST", &path, &cookie, &body).expect("an answer");
        assert_eq!(sent.status, 303, "{}", sent.body);
    }
    let page = ask(port, "GET", &format!("{case}/incident"), &cookie, "").expect("the case");
    assert_eq!(page.body.matches("mark7x").count(), 1, "{}", page.body);
    child.kill();
}

/// The cookie of the session, once the second step is done.
fn second_step(port: u16, email: &str, first: &Answer) -> String {
    let code = second_step::code(port, email, &first.body);
    let half = format!(
        "{}; candour-step={}",
        "",
        second_step::step_cookie(&first.head)
    );
    let signed = ask(
        port,
        "POST",
        "/sign-in/code",
        &half,
        &format!("code={code}"),
    );
    let signed = signed.expect("signed in");
    second_step::keep(port, email, &signed.body);
    let cookie = between(&signed.head, "candour=", ";").to_owned();
    assert!(!cookie.is_empty(), "{} {}", signed.head, signed.body);
    cookie
}

/// Signs Robin in and opens a case: the cookie, the token of forms, and where the case is.
fn case_of_robin(port: u16) -> (String, String, String) {
    let signed = ask(
        port,
        "POST",
        "/sign-in",
        "",
        "email=robin%40example.org&password=lantern+meadow+oak",
    )
    .expect("signed in");
    let cookie = second_step(port, "robin@example.org", &signed);
    let form = ask(port, "GET", "/open-a-case", &cookie, "").expect("the form");
    let csrf = between(&form.body, "name=\"csrf\" value=\"", "\"").to_owned();
    let opened = ask(
        port,
        "POST",
        "/open-a-case",
        &cookie,
        &format!("csrf={csrf}&form-token=first&danger=no"),
    )
    .expect("the case is opened");
    let case = opened
        .head
        .lines()
        .find_map(|l| l.strip_prefix("location: "))
        .expect("where the case is")
        .trim()
        .to_owned();
    (cookie, csrf, case)
}

/// The form that records contact `n`, with a token of its own.
fn contact(csrf: &str, n: u64) -> String {
    format!(
        "csrf={csrf}&form-token=t{n}&do=save&contact-on-day=2&contact-on-month=3&contact-on-year=2026&contact-from=mark{n}x&how="
    )
}

fn kill_under_load(times: u64, database: Option<&postgres::Database>) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = set_up(folder.path(), database);
    let port = free_port();
    let (mut child, _) = start(&data, port);
    let (cookie, csrf, case) = case_of_robin(port);

    let began = Instant::now();
    let mut seed = u64::from(std::process::id()).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = Arc::new(AtomicU64::new(0));
    let (mut acknowledged, mut kills, mut slowest) = (Vec::<u64>::new(), 0, Duration::ZERO);
    let mut resent = 0;
    while kills < times {
        assert!(
            began.elapsed() < LONGEST,
            "only {kills} kills in the time given"
        );
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let (stop, next, cookie, csrf, case) = (
                    stop.clone(),
                    next.clone(),
                    cookie.clone(),
                    csrf.clone(),
                    case.clone(),
                );
                std::thread::spawn(move || {
                    let (mut done, mut open) = (Vec::new(), None);
                    while !stop.load(Ordering::Relaxed) {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let body = contact(&csrf, n);
                        match ask(
                            port,
                            "POST",
                            &format!("{case}/incident/contact"),
                            &cookie,
                            &body,
                        ) {
                            Some(answer) if answer.status == 303 => done.push(n),
                            Some(answer) => panic!("{}: {}", answer.status, answer.body),
                            None => {
                                open = Some(n);
                                break;
                            }
                        }
                    }
                    (done, open)
                })
            })
            .collect();
        std::thread::sleep(Duration::from_micros(500 + random(&mut seed) % 60_000));
        child.kill();
        stop.store(true, Ordering::Relaxed);
        kills += 1;
        let mut open = Vec::new();
        for writer in writers {
            let (done, left) = writer.join().expect("a writer ended well");
            acknowledged.extend(done);
            open.extend(left);
        }
        let (again, took) = start(&data, port);
        child = again;
        slowest = slowest.max(took);
        let page = ask(port, "GET", &format!("{case}/incident"), &cookie, "").expect("the case");
        assert_eq!(page.status, 200);
        let mut held: BTreeMap<u64, u32> = BTreeMap::new();
        for part in page.body.split(", mark").skip(1) {
            if let Some(n) = part.split_once('x').and_then(|(n, _)| n.parse().ok()) {
                *held.entry(n).or_default() += 1;
            }
        }
        for n in &acknowledged {
            assert_eq!(held.get(n), Some(&1), "change {n} after kill {kills}");
        }
        assert!(
            held.values().all(|times| *times == 1),
            "a change is there twice"
        );
        // Whether the form was carried out before the kill or not: sent again, twice, it is there once.
        let path = format!("{case}/incident/contact");
        for n in open.iter().chain(&open) {
            let sent = ask(port, "POST", &path, &cookie, &contact(&csrf, *n)).expect("an answer");
            assert_eq!(sent.status, 303, "{}", sent.body);
        }
        if !open.is_empty() {
            let page =
                ask(port, "GET", &format!("{case}/incident"), &cookie, "").expect("the case");
            for n in &open {
                let times = page.body.matches(&format!(", mark{n}x")).count();
                assert_eq!(times, 1, "change {n}, sent again after kill {kills}");
            }
        }
        resent += open.len();
        acknowledged.extend(open);
    }
    child.kill();
    let verified = Command::new(CANDOUR)
        .args(["record", "verify", "--data"])
        .arg(&data)
        .output()
        .expect("verify runs");
    assert!(verified.status.success(), "{verified:?}");
    assert!(slowest < Duration::from_secs(5), "a start took {slowest:?}");
    assert!(
        acknowledged.len() as u64 > times,
        "hardly anything was written"
    );
    println!(
        "{kills} kills, {} acknowledged changes, {resent} of them sent again, none lost or doubled; slowest start {slowest:?}; {:?} in all",
        acknowledged.len(),
        began.elapsed()
    );
}
