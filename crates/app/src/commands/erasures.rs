//! Erasures on the command line: what was erased, taking that to an older copy of the record, and freeing PostgreSQL's files of it.

use std::path::PathBuf;

use clap::Subcommand;
use desk::{Clock, Desk, ErasuresFile};

use super::{DataArgs, Stop, print_json, read, with_sources};

/// What can be done with erasures.
#[derive(Debug, Subcommand)]
pub enum ErasuresCommand {
    /// List what was erased; stop the program that serves it first.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Write every erasure to a file, to be carried out again where an older backup is restored. No content is in it.
    Export {
        #[command(flatten)]
        data: DataArgs,
        /// The file to write; without it the file is printed.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Carry out again, on a restored backup, what was erased since it was made.
    Apply {
        /// The file that `erasures export` wrote.
        file: PathBuf,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Carry out what is due now; `candour serve` does this by itself every quarter of an hour.
    Due {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Write PostgreSQL's tables of keys anew, so that its files hold no deleted row; SQLite needs no such step.
    Sweep {
        /// The address of the role that owns the tables.
        #[arg(long, value_name = "URL")]
        database_owner: String,
    },
}

/// Runs `erasures`.
pub async fn erasures(command: ErasuresCommand) -> Result<(), Stop> {
    match command {
        ErasuresCommand::List { data } => list(&data).await,
        ErasuresCommand::Export { data, out } => export(&data, out).await,
        ErasuresCommand::Apply { file, data } => apply(&file_of(&file)?, &data).await,
        ErasuresCommand::Due { data } => due(&data).await,
        ErasuresCommand::Sweep { database_owner } => {
            store::vacuum_keys(&database_owner)
                .await
                .map_err(|e| Stop::Failed(with_sources(&e)))?;
            say!(
                "The tables of keys were written anew. What PostgreSQL logged before stays in its log until that is recycled, and in archives of it."
            );
            Ok(())
        }
    }
}

fn erasures_in(n: u64) -> String {
    format!("{n} {}", if n == 1 { "erasure" } else { "erasures" })
}

fn keys_in(n: u64) -> String {
    format!("{n} {}", if n == 1 { "key" } else { "keys" })
}

async fn open(data: &DataArgs) -> Result<Desk, Stop> {
    Ok(Desk::open(&data.data, Clock::real()).await?)
}

async fn list(data: &DataArgs) -> Result<(), Stop> {
    let desk = open(data).await?;
    for c in &desk.office().erasures {
        say!(
            "{}  {}  {}  rule: {}  certificate {}",
            calendar::words::moment(&desk.clock().local(c.at)),
            c.reference,
            c.target.words(),
            c.rule.title,
            c.id
        );
    }
    if desk.office().erasures.is_empty() {
        say!("Nothing has been erased.");
    }
    desk.close().await;
    Ok(())
}

async fn export(data: &DataArgs, out: Option<PathBuf>) -> Result<(), Stop> {
    let desk = open(data).await?;
    let file = desk.export_erasures().await;
    desk.close().await;
    let file = file?;
    let Some(out) = out else {
        return print_json(&file);
    };
    let text = serde_json::to_string_pretty(&file).map_err(|e| Stop::Failed(e.to_string()))?;
    std::fs::write(&out, text + "\n")
        .map_err(|e| Stop::Failed(format!("write `{}`: {e}", out.display())))?;
    say!(
        "{} and {} written to {}.",
        erasures_in(file.certificates.len() as u64),
        keys_in(file.keys.len() as u64),
        out.display()
    );
    Ok(())
}

/// Reads a file of erasures.
pub fn file_of(path: &std::path::Path) -> Result<ErasuresFile, Stop> {
    serde_json::from_str(&read(path)?).map_err(|e| {
        Stop::BadInput(format!(
            "read `{}`: it is no file that `candour erasures export` wrote ({e})",
            path.display()
        ))
    })
}

/// Carries out again what a file names.
pub async fn apply(file: &ErasuresFile, data: &DataArgs) -> Result<(), Stop> {
    let desk = open(data).await?;
    let done = desk.apply_erasures(file).await;
    desk.close().await;
    let done = done?;
    say!(
        "{} carried out again, {} destroyed; {} that the file names belong to entries that are not in this record.",
        erasures_in(done.certificates),
        keys_in(done.keys),
        keys_in(done.unknown)
    );
    if done.known == 0 && done.unknown > 0 {
        say!("Nothing that the file names is in this record: look whether it is the right file.");
    }
    Ok(())
}

async fn due(data: &DataArgs) -> Result<(), Stop> {
    let desk = open(data).await?;
    let done = desk.erase_due().await;
    desk.close().await;
    say!("{} due and carried out.", erasures_in(done?));
    Ok(())
}
