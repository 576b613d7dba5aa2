//! Planted words: one in every text field of a case file, and in whatever else a person can type, send or look for.
//! While the program runs, after it was aborted and after it ended, none of them is in any file it wrote, in its logs, in a backup or in a core file;
//! with the record on SQLite, and on a private PostgreSQL whose every file is looked at as well.
//! Loopback only.
#![cfg(target_os = "linux")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a check that cannot reach the program has to stop"
)]

#[path = "shared/second_step.rs"]
mod second_step;

#[path = "../../store/tests/shared/postgres.rs"]
mod postgres;

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const CANDOUR: &str = env!("CARGO_BIN_EXE_candour");
/// What every planted word begins with; letters alone, so that no encoding of a form or a log changes it.
const MARK: &str = "quernmoss";
const PASSWORD: &str = "lantern meadow quernmosspassword";

struct Answer {
    status: u16,
    head: String,
    body: String,
}

fn send(port: u16, method: &str, path: &str, cookie: &str, kind: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nCookie: candour={cookie}\r\n\
         Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let text = String::from_utf8_lossy(&all).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").expect("an answer");
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

fn get(port: u16, path: &str, cookie: &str) -> Answer {
    send(port, "GET", path, cookie, "text/plain", b"")
}

fn post(port: u16, path: &str, cookie: &str, body: &str) -> Answer {
    let kind = "application/x-www-form-urlencoded";
    send(port, "POST", path, cookie, kind, body.as_bytes())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map_or("", |(found, _)| found)
}

/// The program as it runs, with a temporary folder and a log of its own; it does not outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Running {
    fn start(home: &Path, port: u16) -> Running {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(home.join("log"))
            .unwrap();
        // A core file may be as large as it likes as far as the shell is concerned, and would land in the folder it runs in.
        let child = Command::new("sh")
            .args([
                "-c",
                "ulimit -c unlimited; exec \"$0\" serve --data ../data --listen \"$1\"",
                CANDOUR,
                &format!("127.0.0.1:{port}"),
            ])
            .current_dir(home.join("work"))
            .env("TMPDIR", home.join("tmp"))
            .env("CANDOUR_LOG", "debug")
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .map(Running)
            .unwrap();
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "it starts");
            std::thread::sleep(Duration::from_millis(20));
        }
        child
    }

    fn signal(&mut self, signal: &str) {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        self.0.wait().unwrap();
    }
}

/// Adds a word to every text that people write: whatever has a space in it is one.
fn plant(value: &mut serde_json::Value, next: &mut usize) {
    match value {
        serde_json::Value::String(text) if text.contains(' ') => {
            text.push_str(&format!(" {MARK}{}", letters(*next)));
            *next += 1;
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| plant(item, next)),
        serde_json::Value::Object(fields) => {
            fields.values_mut().for_each(|field| plant(field, next))
        }
        _ => {}
    }
}

fn letters(number: usize) -> String {
    let letter = |value: usize| char::from(b'a' + u8::try_from(value % 26).unwrap());
    [number / 26, number].map(letter).iter().collect()
}

/// What stands in a case without a space in it and names someone or something: pseudonyms, references, places.
fn names(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (field, value) in fields {
                match value.as_str() {
                    Some(text)
                        if [
                            "pseudonym",
                            "reference",
                            "normal-residence",
                            "place",
                            "name",
                        ]
                        .contains(&field.as_str())
                            && text.len() > 5
                            && !text.contains(' ')
                            && text.starts_with(|letter: char| letter.is_ascii_uppercase()) =>
                    {
                        found.insert(text.to_ascii_lowercase());
                    }
                    _ => names(value, found),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    // A database's server makes and removes folders while it is looked at.
    for item in fs::read_dir(folder).into_iter().flatten() {
        let path = item.unwrap().path();
        match path.is_dir() && !path.is_symlink() {
            true => found.extend(files_under(&path)),
            false => found.push(path),
        }
    }
    found
}

/// The first file under the folder with these bytes in it, in any case of letters, and what stands around them.
fn where_is(home: &Path, needle: &[u8]) -> Option<String> {
    files_under(home).into_iter().find_map(|path| {
        // It may have gone since it was listed.
        let mut bytes = fs::read(&path).unwrap_or_default();
        bytes.make_ascii_lowercase();
        let at = (bytes.windows(needle.len())).position(|part| part == needle)?;
        let near = &bytes[at.saturating_sub(80)..(at + 60).min(bytes.len())];
        let near = String::from_utf8_lossy(near);
        Some(format!("{}: {near}", path.display()))
    })
}

/// Where everything that the program and its database write lies, and what must not be in it.
struct Looked<'a> {
    home: &'a Path,
    database: Option<&'a Path>,
    names: BTreeSet<String>,
}

impl Looked<'_> {
    /// Fails when a planted word, also as UTF-16, or a name is in any file.
    #[track_caller]
    fn nothing(&self, when: &str) {
        assert!(
            where_is(self.home, b"candour-master-key/1").is_some(),
            "the search itself works: the heading of the key's file is in clear"
        );
        if let Some(folder) = self.database {
            assert!(
                where_is(folder, b"consideration.element-considered").is_some(),
                "the search itself works: the kinds of entries are in clear"
            );
        }
        let mut needles = vec![MARK.as_bytes().to_vec()];
        needles.push(MARK.bytes().flat_map(|byte| [byte, 0]).collect());
        needles.extend(self.names.iter().map(|name| name.as_bytes().to_vec()));
        for folder in [Some(self.home), self.database].into_iter().flatten() {
            for needle in &needles {
                if let Some(found) = where_is(folder, needle) {
                    let needle = String::from_utf8_lossy(needle);
                    panic!("{when}: `{needle}` is in {found}");
                }
            }
        }
    }
}

fn run(home: &Path, args: &[&str]) -> String {
    let out = Command::new(CANDOUR)
        .args(args)
        .current_dir(home.join("work"))
        .env("TMPDIR", home.join("tmp"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
    assert!(out.status.success(), "{args:?}: {words}");
    words
}

/// The pattern of core files, changed to a plain file for this test and put back at its end.
struct CorePattern(Option<String>);

const PATTERN: &str = "/proc/sys/kernel/core_pattern";

impl CorePattern {
    fn plain() -> CorePattern {
        let before = fs::read_to_string(PATTERN).ok();
        // Only when it is not plain already; this needs root, and other programs on the machine see it.
        let piped = before
            .as_ref()
            .is_some_and(|text| text.contains(['|', '/']));
        match piped && fs::write(PATTERN, "core").is_ok() {
            true => CorePattern(before),
            false => {
                if piped {
                    eprintln!(
                        "core files go elsewhere here and that could not be changed: only the limit is looked at"
                    );
                }
                CorePattern(None)
            }
        }
    }
}

impl Drop for CorePattern {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            fs::write(PATTERN, before).ok();
        }
    }
}

/// That another program, aborted in the same way, leaves a core file, so that none of ours means something. Said when the machine writes none.
fn a_core_file_would_be_left(folder: &Path) {
    let mut other = Command::new("sh")
        .args(["-c", "ulimit -c unlimited; exec sleep 60"])
        .current_dir(folder)
        .spawn()
        .map(Running)
        .unwrap();
    while !fs::read_to_string(format!("/proc/{}/comm", other.0.id()))
        .is_ok_and(|name| name == "sleep\n")
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    other.signal("-ABRT");
    let left = files_under(folder);
    if !left.iter().any(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("core"))
    }) {
        eprintln!(
            "no program leaves a core file on this machine: that this one leaves none says nothing here"
        );
    }
}

#[test]
fn the_memory_of_the_program_is_closed_to_other_processes_of_the_same_user() {
    // A process that nobody of its own user may look into belongs to root under /proc, whoever runs it; that shows only when another does.
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let pipe = folder.path().join("case");
    let made = Command::new("mkfifo")
        .args(["-m", "666"])
        .arg(&pipe)
        .status();
    assert!(made.unwrap().success());
    let owner = |program: &str, args: &[&std::ffi::OsStr]| {
        let child = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", program])
            .args(args)
            .stderr(Stdio::null())
            .spawn()
            .map(Running)
            .ok()?;
        std::thread::sleep(Duration::from_millis(700));
        fs::metadata(format!("/proc/{}/environ", child.0.id()))
            .ok()
            .map(|about| about.uid())
    };
    if owner("sleep", &["60".as_ref()]) != Some(65534) {
        eprintln!("this needs root, to run programs as another user: not looked at");
        return;
    }
    let ours = owner(CANDOUR, &["assess".as_ref(), pipe.as_os_str()]);
    assert_eq!(ours, Some(0), "others of the same user may look into it");
}

#[test]
fn no_planted_word_is_in_any_file_log_backup_or_core_file() {
    no_planted_word(None);
}

#[test]
fn no_planted_word_is_in_any_file_of_postgresql_either() {
    // With so little memory for sorting that it writes temporary files.
    let server = postgres::Server::start(&["-c", "fsync=off", "-c", "work_mem=64kB"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(server.database());
    no_planted_word(Some((&server, &database)));
}

fn no_planted_word(on: Option<(&postgres::Server, &postgres::Database)>) {
    // What is looked at lies under `seen`; what plants the words does not.
    let both = tempfile::tempdir().unwrap();
    let (outside, home) = (both.path().join("outside"), both.path().join("seen"));
    for folder in [&outside, &home, &home.join("work"), &home.join("tmp")] {
        fs::create_dir(folder).unwrap();
    }
    let out = |name: &str| outside.join(name).display().to_string();
    let example = run(&home, &["init", "--example", "--data", "../data"]);
    fs::write(out("settings"), example).unwrap();
    fs::write(out("password"), PASSWORD).unwrap();
    let (settings, password) = (out("settings"), out("password"));
    let mut init = vec![
        "init",
        "--data",
        "../data",
        "--settings",
        &settings,
        "--name",
        "Robin Kestrel",
        "--email",
        "robin@example.org",
        "--password-file",
        &password,
        "--no-shares",
    ];
    if let Some((_, database)) = on {
        init.extend(["--database", &database.server]);
        init.extend(["--database-owner", &database.owner]);
    }
    run(&home, &init);
    let mut looked = Looked {
        home: &home,
        database: on.map(|(server, _)| server.folder.as_path()),
        names: BTreeSet::new(),
    };
    let mut planted = 0;
    for name in ["met", "not-met", "not-yet-known"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
        let text = fs::read_to_string(root.join(format!("{name}.json"))).unwrap();
        let mut case: serde_json::Value = serde_json::from_str(&text).unwrap();
        names(&case, &mut looked.names);
        plant(&mut case, &mut planted);
        fs::write(out(name), case.to_string()).unwrap();
        let args = [
            "import",
            &out(name),
            "--data",
            "../data",
            "--as",
            "robin@example.org",
        ];
        run(&home, &args);
    }
    assert!(planted > 100, "{planted} words were planted");
    assert!(looked.names.len() > 4, "{:?}", looked.names);

    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .unwrap()
        .port();
    let mut program = Running::start(&home, port);
    let wrong = format!("email={MARK}%40example.org&password={MARK}+wrong");
    assert_ne!(post(port, "/sign-in", "", &wrong).status, 303);
    let right = format!(
        "email=robin%40example.org&password={}",
        PASSWORD.replace(' ', "+")
    );
    let signed = post(port, "/sign-in", "", &right);
    let code = second_step::code(port, "robin@example.org", &signed.body);
    let half = format!("; candour-step={}", second_step::step_cookie(&signed.head));
    let signed = post(port, "/sign-in/code", &half, &format!("code={code}"));
    let cookie = between(&signed.head, "candour=", ";").to_owned();
    assert!(!cookie.is_empty(), "{}", signed.head);
    // Neither the key of the app nor a code on paper is in clear anywhere.
    second_step::keep(port, "robin@example.org", &signed.body);
    looked
        .names
        .insert(second_step::code(port, "robin@example.org", ""));

    let found = get(port, &format!("/?q={MARK}aa"), &cookie);
    assert_eq!(found.status, 200, "{}", found.body);
    let form = get(port, "/open-a-case", &cookie);
    let csrf = between(&form.body, "name=\"csrf\" value=\"", "\"").to_owned();
    let body = format!("csrf={csrf}&form-token=first&danger=no");
    let opened = post(port, "/open-a-case", &cookie, &body);
    let case = between(&opened.head, "location: ", "\r\n").to_owned();
    assert!(case.starts_with("/cases/"), "{}", opened.body);

    // A draft, a form that is saved, one that is refused and stays, a file, a paper, and a page that is not there.
    let contact = format!("{case}/incident/contact");
    let draft =
        format!("csrf={csrf}&page={contact}&contact-from={MARK}draft&contact-how={MARK}draft");
    assert_eq!(post(port, "/drafts/keep", &cookie, &draft).status, 204);
    let words = |day: &str, token: &str| {
        format!(
            "csrf={csrf}&form-token={token}&do=save&contact-on-day={day}&contact-on-month=3&contact-on-year=2026&contact-from={MARK}{token}&how={MARK}how"
        )
    };
    assert_eq!(
        post(port, &contact, &cookie, &words("2", "saved")).status,
        303
    );
    assert_eq!(
        post(port, &contact, &cookie, &words("45", "refused")).status,
        422
    );
    let seen = get(port, &format!("{case}/incident"), &cookie);
    assert!(seen.body.contains("quernmosssaved"), "{}", seen.body);
    let part = |name: &str, more: &str, value: &str| {
        format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n"
        )
    };
    let long = format!("{MARK}inside a file that is kept.\n").repeat(20_000);
    let document = [
        part("csrf", "", &csrf),
        part("form-token", "", "document"),
        part("do", "", "save"),
        part("title", "", &format!("{MARK} title")),
        part("source", "", &format!("{MARK} source")),
        part(
            "file",
            &format!("; filename=\"{MARK}name.txt\"\r\nContent-Type: text/plain"),
            &long,
        ),
        "--edge--\r\n".to_owned(),
    ]
    .concat();
    let kind = "multipart/form-data; boundary=edge";
    let added = send(
        port,
        "POST",
        &format!("{case}/documents/add"),
        &cookie,
        kind,
        document.as_bytes(),
    );
    assert_eq!(added.status, 303, "{}", added.body);
    let missing = get(port, &format!("/cases/{MARK}/{MARK}?{MARK}"), &cookie);
    assert_eq!(missing.status, 404);
    for page in [
        "",
        "/story",
        "/documents",
        "/people",
        "/family",
        "/decision",
    ] {
        get(port, &format!("{case}{page}"), &cookie);
    }

    looked.nothing("while it serves");
    assert_eq!(
        home.join("data/candour.sqlite-wal").exists(),
        on.is_none(),
        "the write-ahead file was looked at"
    );
    let id = program.0.id();
    let limits = fs::read_to_string(format!("/proc/{id}/limits")).unwrap();
    let cores = limits
        .lines()
        .find(|line| line.contains("core file"))
        .unwrap();
    assert_eq!(cores.split_whitespace().nth(4), Some("0"), "{cores}");
    let pattern = CorePattern::plain();
    program.signal("-ABRT");
    a_core_file_would_be_left(&outside);
    drop(pattern);
    looked.nothing("after it was aborted");
    assert_eq!(
        files_under(&home.join("work")),
        Vec::<PathBuf>::new(),
        "no core file"
    );

    let mut program = Running::start(&home, port);
    assert_eq!(
        get(port, &contact, &cookie).status,
        200,
        "what was written is there"
    );
    program.signal("-TERM");
    run(
        &home,
        &[
            "backup",
            "--data",
            "../data",
            "--to",
            "../backup",
            "--plain",
        ],
    );
    run(&home, &["record", "verify", "--data", "../data"]);
    looked.nothing("after it ended");
    let log = fs::read_to_string(home.join("log")).unwrap();
    assert!(log.lines().count() > 2, "the log was written: {log}");
}
