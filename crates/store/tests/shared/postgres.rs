//! A private PostgreSQL for the tests of one process: made in the temporary folder, reached through a socket only,
//! stopped and removed when the process ends, however it ends.
//! When it cannot be started the tests fail and say what to install.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses its own part of this, and stops at the first thing that is not as it should be"
)]

use std::{
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

const MISSING: &str = "the tests need PostgreSQL 15 or newer (initdb and postgres): install it with `sudo apt-get install postgresql`";

/// Waits until its input ends, which it does when the tests end or are killed; then stops the server and removes the folder.
const WATCH: &str = r#"trap '' INT TERM HUP
folder=$1; shift
"$@" >"$folder/log" 2>&1 </dev/null &
cat >/dev/null
server=$(head -n 1 "$folder/data/postmaster.pid" 2>/dev/null || echo $!)
kill -QUIT "$server" 2>/dev/null
tries=0
while kill -0 "$server" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
kill -KILL "$server" 2>/dev/null
rm -rf "$folder"
"#;

/// A running server.
pub struct Server {
    /// Everything of it: data, socket and log.
    pub folder: PathBuf,
    port: u16,
    /// Its input is kept open: when it closes, the server goes.
    _watch: Child,
}

/// An empty database with a role that owns it and one for the server, as an administrator would have made them.
pub struct Database {
    /// Its name.
    pub name: String,
    /// The address for the server's role.
    pub server: String,
    /// The address for the owner.
    pub owner: String,
    /// The address for someone who may do anything.
    pub root: String,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The server of this process, started when it is first asked for.
pub fn server() -> &'static Server {
    SERVER.get_or_init(|| Server::start(&["-c", "fsync=off"]))
}

impl Server {
    /// Starts one more server, with these settings.
    pub fn start(settings: &[&str]) -> Server {
        let bin = programs();
        let folder = std::env::temp_dir().join(format!(
            "candour-pg-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        ));
        let template = template(&bin);
        fs::create_dir_all(folder.join("socket")).unwrap();
        run(Command::new("cp")
            .arg("-a")
            .arg(&template)
            .arg(folder.join("data")));
        if root() {
            run(Command::new("chown")
                .arg("postgres:")
                .arg(&folder)
                .arg(folder.join("socket")));
        }
        let mut watch = Command::new("sh");
        watch.args(["-c", WATCH, "watch"]).arg(&folder);
        watch.args(unprivileged()).arg(bin.join("postgres"));
        watch.arg("-D").arg(folder.join("data"));
        watch.arg("-k").arg(folder.join("socket"));
        watch.args(["-h", "", "-c", "max_connections=300"]);
        watch.args([
            "-c",
            "shared_buffers=32MB",
            "-c",
            "dynamic_shared_memory_type=mmap",
        ]);
        watch.args(settings);
        let watch = watch
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            .process_group(0)
            .spawn()
            .unwrap();
        let port = settings
            .iter()
            .find_map(|setting| setting.strip_prefix("port=")?.parse().ok())
            .unwrap_or(5432);
        let server = Server {
            port,
            _watch: watch,
            folder,
        };
        server.wait();
        server
    }

    /// Waits until it answers.
    pub fn wait(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let ready = Command::new(programs().join("pg_isready"))
                .args(["-q", "-p", &self.port.to_string(), "-h"])
                .arg(self.folder.join("socket"))
                .status()
                .unwrap()
                .success();
            if ready {
                return;
            }
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(
                Instant::now() < until,
                "PostgreSQL does not start: {log}\n{MISSING}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops and starts it as an administrator would, cutting off whoever is connected.
    pub fn restart(&self) {
        self.stop();
        self.go_on();
    }

    /// Stops it, cutting off whoever is connected.
    pub fn stop(&self) {
        let pid = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap().to_owned();
        run(Command::new("kill").args(["-INT", &pid]));
        while self.folder.join("data/postmaster.pid").exists() {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Starts it again and waits until it answers.
    pub fn go_on(&self) {
        let mut command = Command::new("setsid");
        command.arg("--wait");
        command.args(unprivileged()).arg(programs().join("pg_ctl"));
        command.arg("-D").arg(self.folder.join("data"));
        command
            .arg("-o")
            .arg(format!("-k {} -h ''", self.folder.join("socket").display()));
        command.args(["-l", "/dev/null", "-W", "start"]);
        run(command.current_dir("/"));
        self.wait();
    }

    /// The address of a database for a role.
    pub fn url(&self, role: &str, database: &str) -> String {
        let (socket, port) = (self.folder.join("socket"), self.port);
        format!(
            "postgres://{role}@localhost:{port}/{database}?host={}",
            socket.display()
        )
    }

    /// Makes an empty database; its owner and server role are made with it.
    pub async fn database(&self) -> Database {
        let name = format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let (owner, role) = (format!("{name}_owner"), format!("{name}_server"));
        let mut root = connect(&self.url("postgres", "postgres")).await;
        for statement in [
            format!("CREATE ROLE {owner} LOGIN"),
            format!("CREATE ROLE {role} LOGIN"),
            format!("CREATE DATABASE {name} OWNER {owner}"),
        ] {
            root.execute(AssertSqlSafe(statement)).await.unwrap();
        }
        let _ = root.close().await;
        Database {
            server: self.url(&role, &name),
            owner: self.url(&owner, &name),
            root: self.url("postgres", &name),
            name,
        }
    }
}

/// A connection as whoever the address names.
pub async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnection::connect(url).await.unwrap()
}

/// The folder of the newest PostgreSQL installed.
fn programs() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|item| {
            let item = item.ok()?;
            let version = item.file_name().to_str()?.parse().ok()?;
            Some((version, item.path().join("bin")))
        })
        .collect();
    found.extend(
        std::env::var_os("PATH")
            .iter()
            .flat_map(std::env::split_paths)
            .map(|path| (0, path)),
    );
    found.sort();
    found
        .into_iter()
        .rev()
        .map(|(_, path)| path)
        .find(|path| path.join("initdb").exists() && path.join("postgres").exists())
        .unwrap_or_else(|| panic!("{MISSING}"))
}

/// An empty server's data, made once for all tests because making it takes a second.
fn template(bin: &Path) -> PathBuf {
    let stamp: String = bin
        .to_string_lossy()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let kept = std::env::temp_dir().join(format!("candour-pg-template{stamp}-{}", user()));
    let lock = fs::File::create(kept.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    if !kept.join("data/PG_VERSION").exists() {
        let fresh = std::env::temp_dir().join(format!("candour-pg-fresh-{}", std::process::id()));
        let _ = fs::remove_dir_all(&fresh);
        let _ = fs::remove_dir_all(&kept);
        fs::create_dir(&fresh).unwrap();
        if root() {
            run(Command::new("chown").arg("postgres:").arg(&fresh));
        }
        let unprivileged = unprivileged();
        let mut words = unprivileged.iter();
        let mut command = match words.next() {
            Some(first) => {
                let mut command = Command::new(first);
                command.args(words).arg(bin.join("initdb"));
                command
            }
            None => Command::new(bin.join("initdb")),
        };
        run(command
            .args([
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ])
            .arg("--wal-segsize=1")
            .arg("-D")
            .arg(fresh.join("data"))
            .current_dir("/"));
        fs::rename(&fresh, &kept).unwrap();
    }
    kept.join("data")
}

/// Gives a folder and what is in it to the user the server runs as.
pub fn give_to_server(folder: &Path) {
    if root() {
        run(Command::new("chown").args(["-R", "postgres:"]).arg(folder));
    }
}

fn user() -> String {
    let out = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

fn root() -> bool {
    user() == "0"
}

/// PostgreSQL refuses to run as root; what to put before its programs then.
fn unprivileged() -> Vec<String> {
    if !root() {
        return Vec::new();
    }
    [
        "setpriv",
        "--reuid=postgres",
        "--regid=postgres",
        "--init-groups",
        "--",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn run(command: &mut Command) {
    let done = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}\n{MISSING}"));
    assert!(
        done.status.success(),
        "{command:?}: {}\n{MISSING}",
        String::from_utf8_lossy(&done.stderr)
    );
}
