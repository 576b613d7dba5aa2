//! Asking the record itself: whether every entry holds, what a checkpoint kept elsewhere says, and a new checkpoint.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use desk::{Clock, Desk, FilesChecked};
use record::{audit::Audited, checkpoint::VerifierKey};
use serde_json::json;
use store::{Store, StoreError};

use super::{DataArgs, Stop, print_json, read, with_sources};

/// What can be asked of the record.
#[derive(Debug, Subcommand)]
pub enum RecordCommand {
    /// Check every entry; names the first broken one and exits with 1.
    Verify(VerifyArgs),
    /// Sign the head of the log as it is now and print it, or write it to a file.
    Checkpoint {
        #[command(flatten)]
        data: DataArgs,
        /// The file to write; without it the checkpoint is printed.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print the public keys the log signs with, one a line; a witness keeps them beside the checkpoints.
    Keys {
        #[command(flatten)]
        data: DataArgs,
    },
}

/// What `record verify` takes.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    data: DataArgs,
    /// A checkpoint kept elsewhere; may be given several times. The log it was made from has to be a beginning of this one.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// The log's public keys as kept elsewhere, one a line; without it those in the data folder are believed.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Read every file of every case as well: its sealed bytes against the hash that was kept, and that against the record.
    #[arg(long)]
    files: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs `record`.
pub async fn record(command: RecordCommand) -> Result<(), Stop> {
    match command {
        RecordCommand::Verify(args) => verify(args).await,
        RecordCommand::Checkpoint { data, out } => checkpoint(&data, out).await,
        RecordCommand::Keys { data } => keys(&data).await,
    }
}

async fn open(data: &DataArgs) -> Result<Store, Stop> {
    Store::open(&data.data)
        .await
        .map_err(|e| Stop::BadInput(with_sources(&e)))
}

async fn verify(args: VerifyArgs) -> Result<(), Stop> {
    let notes = args
        .checkpoint
        .iter()
        .map(|file| read(file))
        .collect::<Result<Vec<_>, _>>()?;
    let keys = match &args.key {
        Some(file) => verifier_keys(&read(file)?)?,
        None => Vec::new(),
    };
    let store = open(&args.data).await?;
    let audited = store.audit(&notes, &keys).await;
    let signatures = match &audited {
        Ok(_) => Some(desk::check_signatures(&store).await),
        Err(_) => None,
    };
    store.close().await;
    match audited {
        Ok(found) => {
            let signatures = signatures.transpose()?.unwrap_or_default();
            let files = match args.files {
                true => Some(check_files(&args.data).await?),
                false => None,
            };
            if args.json {
                print_json(&json!({
                    "entries": found.log.entries,
                    "last": found.log.last.to_hex(),
                    "root": found.root.to_hex(),
                    "checkpoints": found.checkpoints,
                    "broken": null,
                    "passkey-signatures": signatures.sound,
                    "unproved-signatures": signatures.wrong.iter().map(|(position, why)| json!({"position": position, "why": why})).collect::<Vec<_>>(),
                    "files": files.as_ref().map(files_json),
                }))?;
            } else {
                tell(&found, notes.len());
                if signatures.sound > 0 {
                    say!(
                        "Signatures made with a passkey, each over its exact text: {}.",
                        signatures.sound
                    );
                }
            }
            if !signatures.wrong.is_empty() {
                let all: Vec<String> = signatures
                    .wrong
                    .iter()
                    .map(|(position, why)| format!("entry {position}: {why}"))
                    .collect();
                return Err(Stop::Failed(if args.json {
                    String::new()
                } else {
                    all.join("\n")
                }));
            }
            files.map_or(Ok(()), |files| judge(&files, args.json))
        }
        Err(error @ StoreError::Unfit { .. }) => Err(Stop::BadInput(with_sources(&error))),
        Err(error) if args.json => {
            let position = match &error {
                StoreError::Broken(broken) => Some(broken.position),
                _ => None,
            };
            print_json(&json!({"broken": {"position": position, "why": with_sources(&error)}}))?;
            Err(Stop::Failed(String::new()))
        }
        Err(error) => Err(Stop::Failed(with_sources(&error))),
    }
}

async fn check_files(data: &DataArgs) -> Result<FilesChecked, Stop> {
    let desk = Desk::open(&data.data, Clock::real()).await?;
    let checked = desk.verify_files().await;
    desk.close().await;
    Ok(checked?)
}

fn files_json(checked: &FilesChecked) -> serde_json::Value {
    let damaged: Vec<_> = checked
        .verified
        .damaged
        .iter()
        .map(|d| json!({"id": d.id, "stream": d.stream, "position": d.position, "why": d.why}))
        .collect();
    json!({
        "whole": checked.verified.whole,
        "destroyed": checked.verified.destroyed,
        "damaged": damaged,
        "differing": checked.differing,
    })
}

/// Says how the files are, and stops with a failure when one is not as it should be.
fn judge(checked: &FilesChecked, quiet: bool) -> Result<(), Stop> {
    let verified = &checked.verified;
    if !quiet {
        say!(
            "{} files checked, {} bytes as they were put there.",
            verified.whole,
            verified.bytes
        );
        if verified.destroyed > 0 {
            say!(
                "Destroyed, so that only the record speaks of them: {}.",
                verified.destroyed
            );
        }
    }
    let mut wrong: Vec<String> = verified
        .damaged
        .iter()
        .map(|d| {
            format!(
                "the file `{}`, of which entry {} speaks: {}",
                d.id, d.position, d.why
            )
        })
        .collect();
    wrong.extend(checked.differing.iter().cloned());
    match wrong.is_empty() {
        true => Ok(()),
        false if quiet => Err(Stop::Failed(String::new())),
        false => Err(Stop::Failed(wrong.join("\ncandour: "))),
    }
}

fn tell(found: &Audited, held: usize) {
    say!(
        "{} entries checked, none broken. The last is {}.",
        found.log.entries,
        found.log.last.spoken()
    );
    say!("The root of the tree over them is {}.", found.root.spoken());
    if held > 0 {
        say!("The log begins with what every checkpoint given here saw: {held}.");
    }
    let kept = found.checkpoints.saturating_sub(held as u64);
    if kept > 0 {
        say!("Checkpoints kept in the data folder that hold: {kept}.");
    }
}

pub(super) fn verifier_keys(text: &str) -> Result<Vec<VerifierKey>, Stop> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            line.parse::<VerifierKey>()
                .map_err(|e| Stop::BadInput(e.to_string()))
        })
        .collect()
}

async fn checkpoint(data: &DataArgs, out: Option<PathBuf>) -> Result<(), Stop> {
    let store = open(data).await?;
    let made = store
        .checkpoint("asked for on the machine", jiff::Timestamp::now())
        .await;
    store.close().await;
    let made = made
        .map_err(|e| Stop::Failed(with_sources(&e)))?
        .ok_or_else(|| {
            Stop::Missing("nothing is recorded yet, so there is nothing to sign".into())
        })?;
    match out {
        Some(file) => {
            std::fs::write(&file, &made.note)
                .map_err(|e| Stop::BadInput(format!("write `{}`: {e}", file.display())))?;
            say!(
                "A checkpoint of {} entries is in {}. Give it to someone who does not run this machine.",
                made.head.size,
                file.display()
            );
        }
        None => say!("{}", made.note.trim_end()),
    }
    Ok(())
}

async fn keys(data: &DataArgs) -> Result<(), Stop> {
    let store = open(data).await?;
    let keys = store.log_keys().await;
    store.close().await;
    for key in keys.map_err(|e| Stop::Failed(with_sources(&e)))? {
        say!("{key}");
    }
    Ok(())
}
