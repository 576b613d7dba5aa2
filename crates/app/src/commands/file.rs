//! `candour file`: the documents of a case that were added as files, listed and written out, in the name of a person of the partnership.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use desk::{Actor, Clock, Desk, FileOut};
use serde_json::json;

use super::{DataArgs, Stop, print_json, with_sources};

/// What can be done with files.
#[derive(Debug, Subcommand)]
pub enum FileCommand {
    /// List the documents of a case with their ids, sizes and hashes.
    List {
        #[command(flatten)]
        case: CaseArgs,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a document of a case to a file, as it came; that it was opened is written down.
    Get {
        #[command(flatten)]
        case: CaseArgs,
        /// The id of the file, as `candour file list` and `candour export` name it.
        id: String,
        /// The new file; without it, one in this folder named after the case and the entry.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Which case, and who asks.
#[derive(Debug, Args)]
pub struct CaseArgs {
    /// The case's reference.
    case: String,
    #[command(flatten)]
    data: DataArgs,
    /// The e-mail address of the person in whose name it is read.
    #[arg(long = "as", value_name = "EMAIL")]
    who: String,
}

/// Runs `file`.
pub async fn file(command: FileCommand) -> Result<(), Stop> {
    let case = match &command {
        FileCommand::List { case, .. } | FileCommand::Get { case, .. } => case,
    };
    let desk = Desk::open(&case.data.data, Clock::real()).await?;
    let done = with(&desk, case, &command).await;
    desk.close().await;
    done
}

async fn with(desk: &Desk, case: &CaseArgs, command: &FileCommand) -> Result<(), Stop> {
    let who = desk
        .person_by_email(&case.who)
        .map(|p| desk.actor(&p))
        .ok_or_else(|| {
            Stop::BadInput(format!("nobody here has the e-mail address `{}`", case.who))
        })?;
    let id = desk.find_reference(&case.case).ok_or_else(|| {
        Stop::BadInput(format!(
            "there is no case `{}`, or it is not theirs to see",
            case.case
        ))
    })?;
    match command {
        FileCommand::List { json, .. } => list(desk, &who, &id, *json).await,
        FileCommand::Get { id: file, out, .. } => get(desk, &who, &id, file, out.as_deref()).await,
    }
}

async fn list(desk: &Desk, who: &Actor, case: &str, json: bool) -> Result<(), Stop> {
    let view = desk
        .view(
            who,
            case,
            access::Act::Read(access::Section::Documents),
            "the list of documents",
        )
        .await?;
    let documents: Vec<_> = view.case.documents.in_use().collect();
    if json {
        let list: Vec<_> = documents
            .iter()
            .map(|f| json!({"entry": f.entry, "here": f.here, "document": f.document}))
            .collect();
        return print_json(&list);
    }
    if documents.is_empty() {
        say!("No document has been added to this case as a file.");
    }
    for filed in documents {
        let d = &filed.document;
        say!(
            "{}  {}, {} bytes, SHA-256 {}",
            d.id,
            d.title,
            d.size,
            d.sha_256
        );
    }
    Ok(())
}

async fn get(
    desk: &Desk,
    who: &Actor,
    case: &str,
    file: &str,
    out: Option<&Path>,
) -> Result<(), Stop> {
    let opened = desk
        .open_file(who, case, file)
        .await
        .map_err(|error| match error {
            desk::DeskError::NotThere => Stop::BadInput(format!(
                "the case has no document `{file}`, or it is not theirs to open"
            )),
            other => other.into(),
        })?;
    let to = out.map_or_else(|| PathBuf::from(plain(&opened.name)), Path::to_owned);
    let mut target = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&to)
        .map_err(|e| Stop::BadInput(format!("write `{}`: {e}", to.display())))?;
    if let Err(stop) = pour(opened, &mut target).await {
        // Half a document is no document.
        std::fs::remove_file(&to)
            .map_err(|e| Stop::Failed(format!("{stop}; remove `{}`: {e}", to.display())))?;
        return Err(stop);
    }
    say!("Written to {}.", to.display());
    Ok(())
}

async fn pour(mut opened: FileOut, target: &mut File) -> Result<(), Stop> {
    while let Some(piece) = opened
        .reader
        .next()
        .await
        .map_err(|e| Stop::Failed(with_sources(&e)))?
    {
        target
            .write_all(&piece)
            .map_err(|e| Stop::Failed(format!("write the document: {e}")))?;
    }
    target
        .sync_all()
        .map_err(|e| Stop::Failed(format!("write the document: {e}")))
}

/// A name without folders: a reference may have been brought in from elsewhere.
fn plain(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => c,
            _ => '-',
        })
        .collect()
}
