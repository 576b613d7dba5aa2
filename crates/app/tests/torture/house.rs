//! A partnership of its own for a test of faults: the program as a process, its forms by plain requests, and what must hold after each fault.
//! Everything listens on the loopback only, and nothing outlives the test that made it.

#[path = "../shared/second_step.rs"]
mod second_step;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub const CANDOUR: &str = env!("CARGO_BIN_EXE_candour");
const PASSWORD: &str = "lantern meadow oak";
/// How long a start may take after any fault.
pub const START: Duration = Duration::from_secs(5);

/// Whether the long counts are asked for.
pub fn long() -> bool {
    std::env::var("CANDOUR_TORTURE").is_ok_and(|v| v == "long")
}

/// The first count in a short run, the second in a long one.
pub fn times(short: usize, much: usize) -> usize {
    if long() { much } else { short }
}

/// Whether this machine lets the test mount and trace; says so when not.
pub fn may(what: &str, tools: &[&str]) -> bool {
    let root =
        std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    let lacking: Vec<&&str> = tools
        .iter()
        .filter(|tool| !run("sh", &["-c", &format!("command -v {tool} >/dev/null")]))
        .collect();
    if root && lacking.is_empty() {
        return true;
    }
    println!(
        "NOT RUN: {what}: {}",
        if root {
            format!("{lacking:?} missing")
        } else {
            "needs root".into()
        }
    );
    false
}

/// Runs a command quietly; whether it succeeded.
pub fn run(program: &str, args: &[&str]) -> bool {
    Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// A mounted file system, taken away at the end whatever happens.
pub struct Mount(pub PathBuf);

impl Mount {
    /// Mounts; `what` is the device, the image or `tmpfs`.
    pub fn new(at: PathBuf, options: &[&str]) -> Mount {
        std::fs::create_dir_all(&at).expect("a place to mount");
        let path = at.display().to_string();
        let mut args = options.to_vec();
        args.push(&path);
        assert!(run("mount", &args), "mount {args:?}");
        Mount(at)
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        for _ in 0..20 {
            if run("umount", &[&self.0.display().to_string()]) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        run("umount", &["-l", &self.0.display().to_string()]);
    }
}

/// What was answered.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// Where it leads.
    pub fn location(&self) -> String {
        self.head
            .lines()
            .find_map(|l| l.strip_prefix("location: "))
            .unwrap_or_default()
            .trim()
            .to_owned()
    }
}

/// One request on a connection of its own; `None` when the program went away before it answered.
pub fn ask(port: u16, method: &str, path: &str, cookie: &str, body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(70)))
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

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .expect("a free port")
        .port()
}

/// A child process that does not outlive the test.
pub struct Running(pub Child);

impl Running {
    pub fn kill(&mut self) {
        self.0.kill().ok();
        self.0.wait().expect("ended");
    }

    /// Whether it has ended by itself.
    pub fn ended(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(Some(_)))
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(&mut self) {
        run("kill", &["-TERM", &self.0.id().to_string()]);
        let began = Instant::now();
        while !self.ended() && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(10));
        }
        self.kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Starts the program, perhaps through another that is put before it, in this environment.
pub fn spawn(before: &[&str], environment: &[(&str, &str)], data: &Path, port: u16) -> Running {
    let at = format!("127.0.0.1:{port}");
    let mut words: Vec<&str> = before.to_vec();
    words.extend([CANDOUR, "serve", "--listen", &at, "--data"]);
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(log_of(port))
        .expect("a log");
    Command::new(words[0])
        .args(&words[1..])
        .arg(data)
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map(Running)
        .expect("the program starts")
}

/// Where the program says what goes wrong; looked through for a panic.
fn log_of(port: u16) -> PathBuf {
    std::env::temp_dir().join(format!("candour-torture-{}-{port}.log", std::process::id()))
}

/// Waits until it can serve, or has ended.
pub fn ready(child: &mut Running, port: u16) -> bool {
    ready_within(child, port, Duration::from_secs(30))
}

/// The same for so long at most.
pub fn ready_within(child: &mut Running, port: u16, longest: Duration) -> bool {
    let began = Instant::now();
    while began.elapsed() < longest && !child.ended() {
        if ask(port, "GET", "/ready", "", "").is_some_and(|a| a.status == 200) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    false
}

/// A tracer fastened to a running program, which it lets go at the end.
pub struct Fault(Running);

impl Fault {
    /// Injects into the calls named, as strace writes it: `fsync,fdatasync:error=EIO`.
    pub fn on(child: &Running, inject: &str) -> Fault {
        let calls = inject.split(':').next().unwrap_or_default();
        let tracer = Command::new("strace")
            .args([
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                &format!("trace={calls}"),
                "-e",
                &format!("inject={inject}"),
                "-p",
                &child.0.id().to_string(),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Running)
            .expect("strace starts");
        let status = format!("/proc/{}/status", child.0.id());
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(5)
            && !std::fs::read_to_string(&status)
                .is_ok_and(|s| s.contains(&format!("TracerPid:\t{}", tracer.0.id())))
        {
            std::thread::sleep(Duration::from_millis(2));
        }
        Fault(tracer)
    }
}

impl Drop for Fault {
    fn drop(&mut self) {
        // Interrupted, it lets the traced program go on unharmed.
        run("kill", &["-INT", &self.0.0.id().to_string()]);
        let began = Instant::now();
        while !self.0.ended() && began.elapsed() < Duration::from_secs(3) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// What stands between two marks.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map_or("", |(found, _)| found)
}

/// A session.
#[derive(Clone)]
pub struct Signed {
    pub cookie: String,
    pub csrf: String,
}

pub fn sign_in(port: u16, email: &str) -> Signed {
    let body = format!(
        "email={}&password=lantern+meadow+oak",
        email.replace('@', "%40")
    );
    let signed = ask(port, "POST", "/sign-in", "", &body).expect("signed in");
    let code = second_step::code(port, email, &signed.body);
    let half = format!("; candour-step={}", second_step::step_cookie(&signed.head));
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
    let form = ask(port, "GET", "/open-a-case", &cookie, "").expect("the form");
    let csrf = between(&form.body, "name=\"csrf\" value=\"", "\"").to_owned();
    Signed { cookie, csrf }
}

/// A little randomness, different in each run.
pub fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// A seed; it is printed by those who use it.
pub fn seed() -> u64 {
    u64::from(std::process::id()).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1
}

/// A partnership with one case and one manager.
pub struct House {
    _folder: tempfile::TempDir,
    pub data: PathBuf,
    pub port: u16,
    pub robin: Signed,
    pub case: String,
    pub next: Arc<AtomicU64>,
}

/// What a load of forms came to.
#[derive(Default)]
pub struct Sent {
    /// Answered as recorded.
    pub acknowledged: Vec<u64>,
    /// Not answered, or answered as not recorded.
    pub open: Vec<u64>,
}

impl House {
    /// With its data folder in the temporary folder.
    pub fn new() -> (House, Running) {
        House::at(None, &[])
    }

    /// With its data folder somewhere else, or its database.
    pub fn at(place: Option<&Path>, init: &[&str]) -> (House, Running) {
        let folder = tempfile::tempdir().expect("a folder");
        let data = place.unwrap_or(folder.path()).join("data");
        let (settings, password) = (
            folder.path().join("settings.toml"),
            folder.path().join("password"),
        );
        let example = Command::new(CANDOUR)
            .args(["init", "--example", "--data", "none"])
            .output()
            .expect("an example of the settings");
        std::fs::write(&settings, example.stdout).expect("write the settings");
        std::fs::write(&password, PASSWORD).expect("write the password");
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
            .arg(&settings)
            .arg("--password-file")
            .arg(&password)
            .args(init)
            .output()
            .expect("init runs");
        assert!(made.status.success(), "{made:?}");
        let port = free_port();
        let mut child = spawn(&[], &[], &data, port);
        assert!(ready(&mut child, port), "the program did not become ready");
        let robin = sign_in(port, "robin@example.org");
        let body = format!("csrf={}&form-token=first&danger=no", robin.csrf);
        let case = ask(port, "POST", "/open-a-case", &robin.cookie, &body)
            .expect("the case is opened")
            .location();
        assert!(case.starts_with("/cases/"), "{case}");
        (
            House {
                _folder: folder,
                data,
                port,
                robin,
                case,
                next: Arc::default(),
            },
            child,
        )
    }

    /// Starts it; it must be there in time.
    pub fn start(&self) -> Running {
        let began = Instant::now();
        let mut child = spawn(&[], &[], &self.data, self.port);
        assert!(
            ready(&mut child, self.port),
            "the program did not become ready: {}",
            self.log()
        );
        assert!(
            began.elapsed() < START,
            "a start took {:?}",
            began.elapsed()
        );
        child
    }

    pub fn get(&self, path: &str) -> Answer {
        ask(self.port, "GET", path, &self.robin.cookie, "").expect("an answer")
    }

    /// Another number for a contact.
    pub fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Sends the form that records contact `n`.
    pub fn contact(&self, n: u64) -> Option<Answer> {
        let body = contact(&self.robin.csrf, n, "");
        ask(
            self.port,
            "POST",
            &format!("{}/incident/contact", self.case),
            &self.robin.cookie,
            &body,
        )
    }

    /// How often each contact is in the record.
    pub fn held(&self) -> BTreeMap<u64, u32> {
        let page = self.get(&format!("{}/incident", self.case));
        assert_eq!(page.status, 200, "{}", page.body);
        let mut held = BTreeMap::new();
        for part in page.body.split(", mark").skip(1) {
            if let Some(n) = part.split_once('x').and_then(|(n, _)| n.parse().ok()) {
                *held.entry(n).or_default() += 1;
            }
        }
        held
    }

    /// Writers until told to stop or the program is gone; what they were told.
    pub fn load(
        &self,
        writers: usize,
        stop: &Arc<AtomicBool>,
    ) -> Vec<std::thread::JoinHandle<Sent>> {
        (0..writers)
            .map(|_| {
                let (stop, next, robin, port) = (
                    stop.clone(),
                    self.next.clone(),
                    self.robin.clone(),
                    self.port,
                );
                let path = format!("{}/incident/contact", self.case);
                std::thread::spawn(move || {
                    let mut sent = Sent::default();
                    while !stop.load(Ordering::Relaxed) {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        match ask(
                            port,
                            "POST",
                            &path,
                            &robin.cookie,
                            &contact(&robin.csrf, n, ""),
                        ) {
                            Some(answer) if answer.status == 303 => sent.acknowledged.push(n),
                            Some(answer) => panic!("{}: {}", answer.status, answer.body),
                            None => {
                                sent.open.push(n);
                                break;
                            }
                        }
                    }
                    sent
                })
            })
            .collect()
    }

    /// After a fault, with the program running: what was acknowledged is there once, nothing is there twice,
    /// and what was not answered is carried out exactly once when it is sent again with the same token, three times over.
    pub fn settle(&self, sent: &mut Sent) {
        let held = self.held();
        for n in &sent.acknowledged {
            assert_eq!(held.get(n), Some(&1), "contact {n} was acknowledged");
        }
        assert!(
            held.values().all(|times| *times == 1),
            "a contact is there twice: {held:?}"
        );
        for n in std::mem::take(&mut sent.open) {
            for time in 0..3 {
                let answer = self.contact(n).expect("an answer");
                assert_eq!(
                    answer.status, 303,
                    "contact {n}, sent again ({time}): {}",
                    answer.body
                );
            }
            assert_eq!(self.held().get(&n), Some(&1), "contact {n}, sent again");
            sent.acknowledged.push(n);
        }
    }

    /// With the program stopped: the whole record is checked.
    pub fn verify(&self) {
        let verified = self.verified();
        assert!(verified.status.success(), "{verified:?}");
    }

    pub fn verified(&self) -> std::process::Output {
        Command::new(CANDOUR)
            .args(["record", "verify", "--data"])
            .arg(&self.data)
            .output()
            .expect("verify runs")
    }

    /// What the program complained of so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(log_of(self.port)).unwrap_or_default()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let log = self.log();
        std::fs::remove_file(log_of(self.port)).ok();
        if std::thread::panicking() {
            println!(
                "the program said:\n{}",
                log.lines().rev().take(30).collect::<Vec<_>>().join("\n")
            );
        } else {
            assert!(!log.contains("panicked"), "{log}");
        }
    }
}

/// The form that records contact `n`.
pub fn contact(csrf: &str, n: u64, how: &str) -> String {
    format!(
        "csrf={csrf}&form-token=t{n}&do=save&contact-on-day=2&contact-on-month=3&contact-on-year=2024&contact-from=mark{n}x&how={how}"
    )
}
