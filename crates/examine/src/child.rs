//! The process apart: it is told on its standard input in one line what to do, reads the file after it, and answers in one line.
//! `candour` starts itself as this, before anything else of it has begun.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::{Limits, Looked, Refused, Shape, jail, look};

/// The word on the command line that makes the program this.
pub const COMMAND: &str = "look-at-file";

/// What is asked of it. It can grow: what reads tables of chronologies belongs here too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Asked {
    /// Looks at the file that follows.
    Look {
        /// What it is.
        shape: Shape,
        /// How much it may ask for.
        limits: Limits,
    },
    /// Tries what it must not be able to do, and says what it could.
    Try,
    /// Computes without end, to be ended.
    Hang,
    /// Takes memory without end, to be stopped.
    Grow,
}

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What came of it.
    pub looked: Looked,
    /// What the system would not take away from it, in words.
    pub open: Vec<String>,
    /// What it could do that it must not, when it was asked to try.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub could: Vec<String>,
}

/// The longest line in which something is asked.
const LONGEST: u64 = 4096;

/// Does what is asked, once.
pub fn run() -> ExitCode {
    // A reason to stop is no reason to write down what was in memory.
    std::panic::set_hook(Box::new(|_| {}));
    let open = jail::close();
    let mut stdin = BufReader::new(std::io::stdin().lock());
    let mut line = String::new();
    let read = (&mut stdin).take(LONGEST).read_line(&mut line);
    let asked = match read {
        Ok(_) => serde_json::from_str::<Asked>(&line),
        Err(_) => return ExitCode::from(2),
    };
    let mut could = Vec::new();
    let looked = match asked {
        Ok(Asked::Look { shape, limits }) => {
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                look(shape, &limits, &mut stdin)
            }));
            done.unwrap_or(Looked::Refused {
                why: Refused::Broken,
            })
        }
        Ok(Asked::Try) => {
            could = tried();
            Looked::Taken { holds: Vec::new() }
        }
        Ok(Asked::Hang) => loop {
            std::hint::spin_loop();
        },
        Ok(Asked::Grow) => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                all.push(vec![1; 16 << 20]);
                std::hint::black_box(&all);
            }
        }
        Err(_) => return ExitCode::from(2),
    };
    let answer = Answer {
        looked,
        open: open.into_iter().map(str::to_owned).collect(),
        could,
    };
    let Ok(text) = serde_json::to_string(&answer) else {
        return ExitCode::from(1);
    };
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(1),
    }
}

/// Tries to reach out, each in its own way; answers with what succeeded.
fn tried() -> Vec<String> {
    let mut could = Vec::new();
    let mut tries = |what: &str, done: bool| {
        if done {
            could.push(what.to_owned());
        }
    };
    tries("read a file", std::fs::read("/etc/hostname").is_ok());
    tries("list a folder", std::fs::read_dir("/").is_ok());
    let path = std::env::temp_dir().join("candour-reached-out");
    tries("write a file", std::fs::write(path, "x").is_ok());
    tries(
        "listen on the network",
        std::net::TcpListener::bind("127.0.0.1:0").is_ok(),
    );
    let nobody = std::net::TcpStream::connect("127.0.0.1:9");
    let refused = |error: std::io::Error| error.kind() == std::io::ErrorKind::ConnectionRefused;
    tries("reach the network", nobody.map_or_else(refused, |_| true));
    tries(
        "send over the network",
        std::net::UdpSocket::bind("127.0.0.1:0").is_ok(),
    );
    tries(
        "start a program",
        std::process::Command::new("/bin/true").status().is_ok(),
    );
    tries(
        "start a thread",
        std::thread::Builder::new().spawn(|| {}).is_ok(),
    );
    could
}
