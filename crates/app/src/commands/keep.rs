//! Keeping what is there: backup, restore, and a newer list of bank holidays.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use desk::{Clock, Desk};

use super::{DataArgs, Stop, read, with_sources};

/// What `backup` takes.
#[derive(Debug, Args)]
pub struct BackupArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The new folder the backup goes to.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Put the master key into the backup: then the backup alone opens everything.
    #[arg(long)]
    with_key: bool,
}

/// What `restore` takes.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The backup.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The new data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
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

/// Runs `backup`.
pub async fn backup(args: BackupArgs) -> Result<(), Stop> {
    let desk = Desk::open(&args.data.data, Clock::real()).await?;
    let done = desk.backup(&args.to, args.with_key).await;
    desk.close().await;
    let done = done?;
    say!(
        "{} entries written to {} and verified there.",
        done.verified.entries,
        done.path.display()
    );
    if !done.with_key {
        say!("The master key is not in it: keep a copy of master.key apart from it.");
    }
    Ok(())
}

/// Runs `restore`.
pub async fn restore(args: RestoreArgs) -> Result<(), Stop> {
    let restored = store::restore(&args.from, &args.data)
        .await
        .map_err(|e| Stop::Failed(with_sources(&e)))?;
    say!(
        "{} entries restored into {}.",
        restored.verified.entries,
        args.data.display()
    );
    if !restored.with_key {
        say!("Put master.key into the folder before you start Candour.");
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
