//! A file is shown to a virus scanner while it arrives, over clamd's own protocol (`INSTREAM`), when one was named.
//! What it does not pass is not added; when it cannot be asked, nothing is added either.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

/// How long the scanner may be silent.
const SILENCE: Duration = Duration::from_secs(60);
/// How much goes to it in one piece.
const PIECE: usize = 256 * 1024;
/// How long an answer may be.
const ANSWER: u64 = 1024;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// A socket in the file system.
    Socket(PathBuf),
    /// A host and a port. What it is sent is not protected on the way: on this machine or a network of one's own.
    Network(String),
}

/// What the scanner said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It found nothing.
    Passed,
    /// It found this.
    Found(String),
    /// It takes no file as large as this.
    TooLarge,
    /// It could not be asked, or said something else.
    NoAnswer(String),
}

impl Scanner {
    /// Reads `unix:PATH`, a path, or `HOST:PORT`.
    ///
    /// # Errors
    /// What is expected.
    pub fn read(text: &str) -> Result<Scanner, String> {
        let path = text.strip_prefix("unix:").unwrap_or(text);
        if path.starts_with('/') {
            return Ok(Scanner::Socket(path.into()));
        }
        match text.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
                Ok(Scanner::Network(text.to_owned()))
            }
            _ => Err(format!(
                "read `{text}` as the address of clamd: expected the path of its socket, or HOST:PORT"
            )),
        }
    }

    /// Whether it answers now.
    pub async fn answers(&self) -> bool {
        let asked = async {
            let mut line = self.connect().await?;
            line.write_all(b"zPING\0").await?;
            line.flush().await?;
            heard(&mut line).await
        };
        matches!(timeout(SILENCE, asked).await, Ok(Ok(said)) if said == "PONG")
    }

    async fn connect(&self) -> std::io::Result<Box<dyn Line>> {
        Ok(match self {
            Scanner::Socket(path) => Box::new(UnixStream::connect(path).await?),
            Scanner::Network(address) => Box::new(TcpStream::connect(address).await?),
        })
    }
}

trait Line: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Line for T {}

async fn heard(line: &mut Box<dyn Line>) -> std::io::Result<String> {
    let mut said = Vec::new();
    let ended = line.take(ANSWER).read_to_end(&mut said).await;
    // A scanner that stops in the middle of a file answers and cuts the line.
    if said.is_empty() {
        ended?;
    }
    let said = String::from_utf8_lossy(&said);
    Ok(said.trim_end_matches(['\0', '\n', '\r']).to_owned())
}

/// A file on its way through the scanner.
pub(super) struct Scan {
    /// `Err` once the scanner has gone silent or away; what comes after is not sent.
    line: Result<Box<dyn Line>, String>,
}

impl std::fmt::Debug for Scan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scan")
    }
}

impl Scan {
    /// Begins one.
    pub(super) async fn begin(scanner: &Scanner) -> Scan {
        let begun = async {
            let mut line = scanner.connect().await?;
            line.write_all(b"zINSTREAM\0").await?;
            Ok(line)
        };
        Scan {
            line: in_time(begun).await,
        }
    }

    /// Sends more of the file.
    pub(super) async fn send(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE) {
            let Ok(line) = &mut self.line else { return };
            let length = u32::try_from(piece.len()).unwrap_or(0).to_be_bytes();
            let sent = in_time(async {
                line.write_all(&length).await?;
                line.write_all(piece).await
            })
            .await;
            if let Err(why) = sent {
                // It may have said why before it closed: that the file is too large for it.
                let said = match &mut self.line {
                    Ok(line) => in_time(heard(line)).await.unwrap_or_default(),
                    Err(_) => String::new(),
                };
                self.line = Err(if said.is_empty() { why } else { said });
            }
        }
    }

    /// Says that the file is whole and hears what was found.
    pub(super) async fn finish(self) -> Verdict {
        let mut line = match self.line {
            Ok(line) => line,
            Err(why) => return verdict(why),
        };
        let asked = async {
            // When this cannot be sent, it may have said why before it cut the line.
            let _ = line.write_all(&0_u32.to_be_bytes()).await;
            heard(&mut line).await
        };
        verdict(in_time(asked).await.unwrap_or_else(|why| why))
    }
}

/// Reads the scanner's words; whatever is not plainly a pass is none.
fn verdict(said: String) -> Verdict {
    if said == "stream: OK" {
        return Verdict::Passed;
    }
    let found = said
        .strip_prefix("stream: ")
        .and_then(|rest| rest.strip_suffix(" FOUND"));
    match found {
        Some(what) => Verdict::Found(what.to_owned()),
        None if said.contains("size limit exceeded") => Verdict::TooLarge,
        None => Verdict::NoAnswer(said),
    }
}

async fn in_time<T>(asked: impl Future<Output = std::io::Result<T>>) -> Result<T, String> {
    match timeout(SILENCE, asked).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it is silent".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_pass_is_one() {
        assert_eq!(verdict("stream: OK".into()), Verdict::Passed);
        assert_eq!(
            verdict("stream: Eicar-Test-Signature FOUND".into()),
            Verdict::Found("Eicar-Test-Signature".into())
        );
        assert_eq!(
            verdict("INSTREAM size limit exceeded. ERROR".into()),
            Verdict::TooLarge
        );
        for said in ["", "stream: OK ", "OK", "stream: lstat() failed ERROR"] {
            assert!(
                matches!(verdict(said.into()), Verdict::NoAnswer(_)),
                "{said}"
            );
        }
    }

    #[test]
    fn an_address_is_a_socket_or_a_host_with_a_port() {
        let socket = Scanner::Socket("/run/clamav/clamd.ctl".into());
        assert_eq!(Scanner::read("/run/clamav/clamd.ctl"), Ok(socket.clone()));
        assert_eq!(Scanner::read("unix:/run/clamav/clamd.ctl"), Ok(socket));
        assert_eq!(
            Scanner::read("127.0.0.1:3310"),
            Ok(Scanner::Network("127.0.0.1:3310".into()))
        );
        for wrong in ["", "clamd", ":3310", "localhost:scan"] {
            assert!(Scanner::read(wrong).is_err(), "{wrong}");
        }
    }
}
