//! The command line: what each command takes, and the exit codes.

/// Prints a line to standard output; a reader that has gone away (`| head`) is no error, anything else is said on standard error.
macro_rules! say {
    ($($what:tt)*) => {{
        use std::io::Write as _;
        match writeln!(std::io::stdout(), $($what)*) {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => eprintln!("candour: write to standard output: {e}"),
            _ => {}
        }
    }};
}

mod assess;
mod bundle;
mod chronology;
mod clocks;
mod database;
mod erasures;
mod exchange;
mod file;
mod guidance;
mod init;
mod keep;
mod keys;
mod mail;
mod nightly;
mod record;
mod serve;
mod several;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Candour keeps the record of Local Child Safeguarding Practice Reviews.
#[derive(Debug, Parser)]
#[command(name = "candour", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start with an invented partnership and invented cases.
    Demo(serve::DemoArgs),
    /// Set up a partnership in a new data folder.
    Init(init::InitArgs),
    /// Serve a partnership.
    Serve(Box<serve::ServeArgs>),
    /// Write a verified backup of everything into a new file, also while the program serves.
    Backup(keep::BackupArgs),
    /// Check a backup as a restore would, without restoring it.
    CheckBackup(keep::CheckBackupArgs),
    /// Put a backup into a new folder; an altered or cut-off one is refused before anything is touched.
    Restore(keep::RestoreArgs),
    /// Print what each table holds as a sum, to compare a restored folder with another.
    Dump(keep::DumpArgs),
    /// Show and change the keys, and make shares of the master key; stop the program that serves it first.
    Keys {
        #[command(subcommand)]
        command: keys::KeysCommand,
    },
    /// Bring the layout of the database up to date; make a backup first.
    Upgrade(database::UpgradeArgs),
    /// Move a whole installation between SQLite and PostgreSQL; stop the program that serves it first.
    Move(database::MoveArgs),
    /// Work out the clocks of an edition from the days of its triggers.
    Clocks(clocks::ClocksArgs),
    /// Assess a case file: every limb, criterion and circumstance, and whether the decision can be signed.
    Assess(assess::AssessArgs),
    /// Bring a case file in as a new case.
    Import(exchange::ImportArgs),
    /// Write a case as a file.
    Export(exchange::ExportArgs),
    /// Write a case's evidence bundle: documents, entries with their proofs, the checkpoint, and how to check them.
    Bundle(bundle::BundleArgs),
    /// Check an evidence bundle, without a data folder; exits with 1 and names what is wrong if it does not hold.
    BundleVerify(bundle::VerifyArgs),
    /// List the documents of a case that were added as files, and write one out.
    File {
        #[command(subcommand)]
        command: file::FileCommand,
    },
    /// List erasures, take them to a restored backup, and carry out what is due.
    Erasures {
        #[command(subcommand)]
        command: erasures::ErasuresCommand,
    },
    /// Check the record.
    Record {
        #[command(subcommand)]
        command: record::RecordCommand,
    },
    /// Merge the chronologies of many agencies into one; no data folder is needed.
    Chronology {
        #[command(subcommand)]
        command: chronology::ChronologyCommand,
    },
    /// Show, check and compare the packs of guidance.
    Guidance {
        #[command(subcommand)]
        command: guidance::GuidanceCommand,
    },
    /// Load a newer official list of bank holidays.
    Holidays {
        #[command(subcommand)]
        command: keep::HolidaysCommand,
    },
    /// Print the schema of the case file.
    #[command(hide = true)]
    Schema,
}

/// Where the data are.
#[derive(Debug, Args)]
pub struct DataArgs {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}

/// Why a command ends otherwise than complete.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// A check failed.
    #[error("{0}")]
    Failed(String),
    /// Bad input.
    #[error("{0}")]
    BadInput(String),
    /// Something required is missing; it has been listed.
    #[error("{0}")]
    Missing(String),
}

impl Stop {
    fn code(&self) -> ExitCode {
        match self {
            Stop::Failed(_) => ExitCode::from(1),
            Stop::BadInput(_) => ExitCode::from(2),
            Stop::Missing(_) => ExitCode::from(3),
        }
    }
}

impl From<desk::DeskError> for Stop {
    fn from(error: desk::DeskError) -> Stop {
        use desk::DeskError as E;
        let words = with_sources(&error);
        match error {
            E::Store(store::StoreError::Broken(_))
            | E::Store(
                store::StoreError::Database { .. }
                | store::StoreError::NoSpace { .. }
                | store::StoreError::Disk { .. }
                | store::StoreError::Unavailable { .. }
                | store::StoreError::Unknown { .. },
            )
            | E::Entry { .. } => Stop::Failed(words),
            _ => Stop::BadInput(words),
        }
    }
}

/// An error with what lies behind it.
pub fn with_sources(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let more = inner.to_string();
        if !words.contains(&more) {
            words.push_str(": ");
            words.push_str(&more);
        }
        source = inner.source();
    }
    words
}

/// Writes a value as JSON to standard output.
pub fn print_json(value: &impl serde::Serialize) -> Result<(), Stop> {
    use std::io::Write as _;
    let text = serde_json::to_string_pretty(value).map_err(|e| Stop::Failed(e.to_string()))?;
    let mut out = std::io::stdout();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        // A reader that has read enough, like `head`, is no failure; a full disk is.
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Stop::Failed(format!("write to standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// Reads a file, naming it when it cannot be read.
pub fn read(path: &std::path::Path) -> Result<String, Stop> {
    std::fs::read_to_string(path)
        .map_err(|e| Stop::BadInput(format!("read `{}`: {e}", path.display())))
}

/// Runs a command.
pub async fn run(cli: Cli) -> ExitCode {
    let done = match cli.command {
        Command::Demo(args) => serve::demo(args).await,
        Command::Init(args) => init::init(args).await,
        Command::Serve(args) => serve::serve(*args).await,
        Command::Backup(args) => keep::backup(args).await,
        Command::CheckBackup(args) => keep::check_backup(args).await,
        Command::Dump(args) => keep::dump(args).await,
        Command::Restore(args) => keep::restore(args).await,
        Command::Keys { command } => keys::keys(command).await,
        Command::Upgrade(args) => database::upgrade(args).await,
        Command::Move(args) => database::move_it(args).await,
        Command::Clocks(args) => clocks::clocks(&args),
        Command::Assess(args) => assess::assess(&args),
        Command::Import(args) => exchange::import(args).await,
        Command::Export(args) => exchange::export(args).await,
        Command::Bundle(args) => bundle::bundle(args).await,
        Command::BundleVerify(args) => bundle::verify(&args),
        Command::File { command } => file::file(command).await,
        Command::Erasures { command } => erasures::erasures(command).await,
        Command::Record { command } => record::record(command).await,
        Command::Chronology { command } => chronology::run(command),
        Command::Guidance { command } => guidance::run(command),
        Command::Holidays { command } => keep::holidays(command).await,
        Command::Schema => print_json(&schemars::schema_for!(cases::case_file::CaseFile)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            let words = stop.to_string();
            if !words.is_empty() {
                eprintln!("candour: {words}");
            }
            stop.code()
        }
    }
}
