//! Keeping what is there: backup, its check, restore, the sum over everything, and a newer list of bank holidays.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use desk::{Clock, Desk};
use store::{BackUp, Identities, Recipients, Restore, StoreError};

use super::database::DatabaseArgs;
use super::{DataArgs, Stop, read, with_sources};

/// Who may open a backup.
#[derive(Debug, Args, Clone)]
pub struct SealArgs {
    /// Seal it for this recipient, `age1...`; may be given more than once. The identity that opens it is kept elsewhere.
    #[arg(long, value_name = "AGE")]
    recipient: Vec<String>,
    /// Seal it for the recipients in this file, one on a line.
    #[arg(long, value_name = "FILE")]
    recipients_file: Vec<PathBuf>,
    /// Write it unsealed: texts and files in it are sealed all the same, accounts, settings, times and who did something are not.
    #[arg(long)]
    plain: bool,
}

impl SealArgs {
    /// Whether anything was said.
    pub fn given(&self) -> bool {
        self.plain || !self.recipient.is_empty() || !self.recipients_file.is_empty()
    }

    /// What was chosen.
    pub fn chosen(&self, with_key: bool) -> Result<BackUp, Stop> {
        let mut recipients = Recipients::default();
        for text in &self.recipient {
            recipients.add(text).map_err(stopped)?;
        }
        for path in &self.recipients_file {
            recipients.add_file(path).map_err(stopped)?;
        }
        match (recipients.is_empty(), self.plain) {
            (true, false) => Err(Stop::Missing(
                "say who may open the backup, with `--recipient age1...` or `--recipients-file FILE` (make one with `age-keygen`, and keep what it prints away from this machine), or write it unsealed with `--plain`".into(),
            )),
            (false, true) => Err(Stop::BadInput("`--plain` and recipients exclude one another".into())),
            _ => Ok(BackUp { recipients, plain: self.plain, with_key }),
        }
    }
}

/// What `backup` takes.
#[derive(Debug, Args)]
pub struct BackupArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The new file the backup goes to.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    seal: SealArgs,
    /// Put the master key into the backup: then the backup alone opens everything.
    #[arg(long)]
    with_key: bool,
}

/// What `check-backup` takes.
#[derive(Debug, Args)]
pub struct CheckBackupArgs {
    /// The backup: a file, or a folder as earlier versions wrote them.
    file: PathBuf,
    /// The file of the identity that opens it, as `age-keygen` writes it.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

/// What `restore` takes.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The backup: a file, or a folder as earlier versions wrote them.
    #[arg(required_unless_present = "from")]
    file: Option<PathBuf>,
    /// The same.
    #[arg(long, value_name = "FILE", hide = true, conflicts_with = "file")]
    from: Option<PathBuf>,
    /// The new data folder; it may hold the master key already, and nothing else.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The file of the identity that opens it, as `age-keygen` writes it.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Restore the record up to this entry, and none after it.
    #[arg(long, value_name = "N")]
    to_entry: Option<u64>,
    /// Carry out again what was erased since the backup was made: the file that `candour erasures export` wrote.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    /// The partnership it must be the backup of.
    #[arg(long, value_name = "NAME")]
    partnership: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// What `dump` takes.
#[derive(Debug, Args)]
pub struct DumpArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Only one sum over all tables.
    #[arg(long)]
    hash: bool,
}

/// What can be done with bank holidays.
#[derive(Debug, Subcommand)]
pub enum HolidaysCommand {
    /// Load a newer official list (JSON) into a partnership.
    Load {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        data: DataArgs,
    },
}

/// A backup that could not be written or does not hold is a failure; everything else is for the caller to put right.
fn stopped(error: StoreError) -> Stop {
    match error {
        StoreError::BadBackup { .. }
        | StoreError::Unreadable { .. }
        | StoreError::File { .. }
        | StoreError::PassphraseNeeded { .. }
        | StoreError::PassphraseWrong(_) => Stop::Failed(with_sources(&error)),
        error => Stop::from(desk::DeskError::from(error)),
    }
}

/// Runs `backup`.
pub async fn backup(args: BackupArgs) -> Result<(), Stop> {
    let how = args.seal.chosen(args.with_key)?;
    let done = store::back_up(&args.data.data, &args.to, &how)
        .await
        .map_err(stopped)?;
    say!(
        "{} entries and {} files written to {}, read back and verified.\nSHA-256 of the file: {}",
        done.verified.entries,
        done.files,
        done.path.display(),
        done.hash
    );
    match (done.with_key, how.plain) {
        (false, false) => {
            say!("The master key is not in it: keep it, or its shares, apart from it.");
        }
        (false, true) => say!(
            "It is not sealed: whoever has it can read accounts, settings, times and who did something, and no text of a case.\nThe master key is not in it: keep it, or its shares, apart from it."
        ),
        (true, false) => {
            say!("The master key is in it: whoever can open this file can read everything.");
        }
        (true, true) => say!(
            "The master key is in it and it is not sealed: whoever has this file can read everything."
        ),
    }
    Ok(())
}

/// Whether a master key lies in a folder, or is given from elsewhere.
fn has_key(dir: &Path) -> bool {
    std::env::var_os("CANDOUR_MASTER_KEY_FILE").is_some()
        || ["master.key", "master.key.sealed"]
            .iter()
            .any(|name| dir.join(name).exists())
}

fn identities(file: Option<&Path>) -> Result<Identities, Stop> {
    file.map_or_else(
        || Ok(Identities::default()),
        |file| Identities::of_file(file).map_err(stopped),
    )
}

/// Runs `check-backup`.
pub async fn check_backup(args: CheckBackupArgs) -> Result<(), Stop> {
    let identities = identities(args.identity.as_deref())?;
    let checked = store::check_backup(&args.file, &identities)
        .await
        .map_err(stopped)?;
    say!(
        "{} holds the record of {} as of {}: {} entries and {} files. Every byte, the chain and the tables are as they were written.",
        args.file.display(),
        checked.partnership,
        checked.made_at,
        checked.verified.entries,
        checked.files
    );
    match checked.opened {
        true => say!("Every entry was opened with the master key in it."),
        false => say!(
            "The master key is not in it, so no entry was opened; a restore beside its master key opens them all."
        ),
    }
    Ok(())
}

/// Runs `restore`.
pub async fn restore(args: RestoreArgs) -> Result<(), Stop> {
    let Some(from) = args.file.or(args.from) else {
        return Err(Stop::Missing("name the backup".into()));
    };
    // Read before anything is restored, so that a wrong file does not leave a restored record without its erasures.
    let erasures = args
        .erasures
        .as_deref()
        .map(super::erasures::file_of)
        .transpose()?;
    let how = Restore {
        identities: identities(args.identity.as_deref())?,
        database: args.database.chosen()?,
        to_entry: args.to_entry,
        partnership: args.partnership,
    };
    let restored = store::restore_as(&from, &args.data, &how)
        .await
        .map_err(stopped)?;
    say!(
        "{} entries of {} restored into {}.",
        restored.verified.entries,
        restored.partnership,
        args.data.display()
    );
    if restored.verified.entries < restored.in_backup {
        say!(
            "The backup has {}; the later ones were left out. Accounts, settings and drafts are no part of the record and are as of the backup.\nWhoever holds a checkpoint of a later entry will find that this record ends before it: tell them.",
            restored.in_backup
        );
    }
    let key_there = restored.with_key || has_key(&args.data);
    if !key_there {
        say!("Put master.key into the folder before you start Candour.");
    }
    match erasures {
        Some(file) if key_there => {
            super::erasures::apply(&file, &DataArgs { data: args.data }).await?;
        }
        Some(_) => {
            return Err(Stop::Missing(
                "the erasures were not carried out again, because the master key is not there: put it into the folder, then run `candour erasures apply FILE --data DIR` before anyone uses this record".into(),
            ));
        }
        None => say!(
            "If anything was erased since the backup was made, run `candour erasures apply FILE --data DIR` before anyone uses this record."
        ),
    }
    Ok(())
}

/// Runs `dump`.
pub async fn dump(args: DumpArgs) -> Result<(), Stop> {
    let tables = store::dump(&args.data.data).await.map_err(stopped)?;
    let lines: String = tables
        .iter()
        .map(|table| format!("{}  {} {}\n", table.hash, table.table, table.rows))
        .collect();
    match args.hash {
        true => say!("{}", record::content_hash(lines.as_bytes())),
        false => say!("{}", lines.trim_end()),
    }
    Ok(())
}

/// Runs `holidays`.
pub async fn holidays(command: HolidaysCommand) -> Result<(), Stop> {
    let HolidaysCommand::Load { file, data } = command;
    let text = read(&file)?;
    let desk = Desk::open(&data.data, Clock::real()).await?;
    let permit = desk.operator();
    let done = desk
        .load_holidays(permit, "operator", &text, &file.display().to_string())
        .await;
    desk.close().await;
    say!(
        "Bank holidays are known until {}.",
        calendar::words::long(done?.last_day())
    );
    Ok(())
}
