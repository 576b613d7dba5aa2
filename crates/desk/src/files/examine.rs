//! A file is looked at while it arrives, in a process apart that is started for it and has nothing: no network, no files, little memory
//! and time. What that process does not pass is not added; when it cannot be asked, nothing is added either.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use ::examine::child::{Answer, Asked, COMMAND};
use ::examine::{Holds, Limits, Looked, Refused, Shape};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::FIELD;
use crate::error::DeskError;

/// How long it may be silent, while it takes what arrives and after the file is whole.
const SILENCE: Duration = Duration::from_secs(60);
/// How long its answer may be.
const ANSWER: u64 = 64 * 1024;
/// How many files are looked at at a time.
const AT_A_TIME: usize = 8;

/// What starts the process apart.
#[derive(Debug, Clone)]
pub struct Examiner {
    program: PathBuf,
    places: std::sync::Arc<Semaphore>,
}

impl Examiner {
    /// The program that looks at files when it is told to: this one.
    pub fn this_program() -> Examiner {
        // On Linux the program as it runs, also after another was laid in its place.
        let itself = PathBuf::from("/proc/self/exe");
        let program = match itself.exists() {
            true => itself,
            false => std::env::current_exe().unwrap_or(itself),
        };
        Examiner::of(program)
    }

    /// Another program that does so.
    pub fn of(program: PathBuf) -> Examiner {
        Examiner {
            program,
            places: std::sync::Arc::new(Semaphore::new(AT_A_TIME)),
        }
    }

    async fn start(&self, asked: &Asked) -> Result<Examination, String> {
        let place = timeout(SILENCE, self.places.clone().acquire_owned()).await;
        let place = place
            .map_err(|_| "too many files are looked at already".to_owned())?
            .map_err(|error| error.to_string())?;
        let mut child = Command::new(&self.program)
            .arg(COMMAND)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| error.to_string())?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("it has no way in or out".into());
        };
        let mut line = serde_json::to_vec(asked).map_err(|error| error.to_string())?;
        line.push(b'\n');
        let mut begun = Examination {
            child,
            stdin: Some(stdin),
            stdout,
            _place: place,
        };
        begun.send(&line).await;
        Ok(begun)
    }

    /// Asks for something besides a file, to see that it is held where it has to be.
    ///
    /// # Errors
    /// It could not be started, or said nothing.
    pub async fn ask(&self, asked: Asked) -> Result<Answer, String> {
        self.start(&asked).await?.finish().await
    }
}

/// How a file of this kind is looked at; none where there is nothing to look into.
fn shape(media_type: &str) -> Option<Shape> {
    let (kind, what) = media_type.split_once('/')?;
    Some(match (kind, what) {
        ("application", "pdf") => Shape::Pdf,
        ("application", "rtf") => Shape::RichText,
        ("application", "msword" | "vnd.ms-excel" | "vnd.ms-powerpoint" | "vnd.ms-outlook") => {
            Shape::Ole
        }
        ("application", what) if what.starts_with("vnd.openxmlformats-") => Shape::OfficeOpen,
        ("application", what) if what.starts_with("vnd.oasis.") => Shape::OpenDocument,
        ("message", _) => Shape::Mail,
        ("image", _) => Shape::Picture,
        _ => return None,
    })
}

/// A file on its way through the process apart.
#[derive(Debug)]
pub(super) struct Examination {
    child: Child,
    /// `None` once it takes no more: it has made up its mind, or is gone.
    stdin: Option<ChildStdin>,
    stdout: ChildStdout,
    _place: OwnedSemaphorePermit,
}

impl Examination {
    /// Begins one; none where a file of this kind has nothing to look into.
    pub(super) async fn begin(
        examiner: &Examiner,
        media_type: &str,
    ) -> Option<Result<Examination, String>> {
        let shape = shape(media_type)?;
        let limits = Limits::default();
        Some(examiner.start(&Asked::Look { shape, limits }).await)
    }

    /// Sends more of the file.
    pub(super) async fn send(&mut self, bytes: &[u8]) {
        if let Some(stdin) = &mut self.stdin
            && !matches!(timeout(SILENCE, stdin.write_all(bytes)).await, Ok(Ok(())))
        {
            self.stdin = None;
        }
    }

    /// Says that the file is whole and hears what came of it.
    pub(super) async fn finish(mut self) -> Result<Answer, String> {
        if let Some(mut stdin) = self.stdin.take() {
            let _ = timeout(SILENCE, stdin.shutdown()).await;
        }
        let mut said = Vec::new();
        let heard = timeout(
            SILENCE,
            (&mut self.stdout).take(ANSWER).read_to_end(&mut said),
        )
        .await;
        if heard.is_err() {
            let _ = self.child.kill().await;
            return Ok(too_much());
        }
        let ended = self.child.wait().await.map_err(|error| error.to_string())?;
        match serde_json::from_slice(&said) {
            Ok(answer) => Ok(answer),
            // It was stopped by its limits: by a signal, or because it got no memory.
            Err(_) if ended.code().is_none() => Ok(too_much()),
            Err(_) => Err(format!("it ended with {ended} and said nothing")),
        }
    }
}

fn too_much() -> Answer {
    Answer {
        looked: Looked::Refused {
            why: Refused::TooMuch,
        },
        open: Vec::new(),
        could: Vec::new(),
    }
}

/// What a file holds, unless it is refused. Why goes to the log, without the file's name and without a word of it.
pub(super) fn passed(
    answer: Result<Answer, String>,
    case: &str,
) -> Result<Vec<(Holds, u32)>, DeskError> {
    let answer = answer.map_err(|why| {
        tracing::error!(case, why, "a file could not be looked at; it was not added");
        DeskError::field(
            FIELD,
            "This file was not added: it cannot be looked at for harm at the moment. Try again in a few minutes; if it stays so, tell whoever runs this system",
        )
    })?;
    if !answer.open.is_empty() {
        static SAID: std::sync::Once = std::sync::Once::new();
        let open = answer.open.join(", ");
        SAID.call_once(|| {
            tracing::warn!(
                open,
                "the system does not let the process that looks at files give these up"
            );
        });
    }
    match answer.looked {
        Looked::Taken { holds } => Ok(holds),
        Looked::Refused { why } => {
            tracing::warn!(case, ?why, "a file was refused");
            Err(DeskError::field(FIELD, words(why)))
        }
    }
}

/// Why a file is not taken, and what to do.
fn words(why: Refused) -> &'static str {
    match why {
        Refused::Broken => {
            "This file was not added: it is not whole, or not what it seems to be. Open it, save it again and choose the new file, or ask the sender for it again"
        }
        Refused::Password => {
            "This file was not added: it can be opened only with a password, so that nobody could read it in the record. Open it, take the password off, save it and choose the new file"
        }
        Refused::Macros => {
            "This file was not added: it has macros, which are small programs. Save it without them, as docx, xlsx or pptx, or as a PDF, and choose the new file"
        }
        Refused::FetchesElsewhere => {
            "This file was not added: when it is opened it fetches or starts something that is not in it. Save it as a PDF, or copy its text into a new file, and choose that; if you did not expect this, tell whoever looks after your computers"
        }
        Refused::TooLargeInside => {
            "This file was not added: unpacked it is far larger than a document is. Save it as a PDF or in parts, and choose those"
        }
        Refused::TooManyParts => {
            "This file was not added: it has more parts than any document. Save it as a PDF and choose that"
        }
        Refused::NameLeadsOut | Refused::OwnEntities => {
            "This file was not added: it is built as no office program builds one. Ask the sender how it was made; if you did not expect it, tell whoever looks after your computers"
        }
        Refused::TooManyPoints => {
            "This image was not added: it has more points than any camera takes. Save it smaller and choose the new file"
        }
        Refused::TooMuch => {
            "This file was not added: looking at it for harm took too long. Save it as a PDF or in parts, and choose those"
        }
    }
}
