//! `candour import` and `candour export`: the case file in and out, in the name of a person of the partnership.

use std::path::PathBuf;

use cases::case_file::CaseFile;
use clap::Args;
use desk::{Actor, Clock, Desk};
use serde_json::json;

use super::{DataArgs, Stop, print_json, read};

/// What `import` takes.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The case file.
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// The e-mail address of the manager in whose name it is brought in.
    #[arg(long = "as", value_name = "EMAIL")]
    who: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `export` takes.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The case's reference.
    case: String,
    #[command(flatten)]
    data: DataArgs,
    /// The e-mail address of the person in whose name it is exported.
    #[arg(long = "as", value_name = "EMAIL")]
    who: String,
}

pub(super) fn actor(desk: &Desk, email: &str) -> Result<Actor, Stop> {
    desk.person_by_email(email)
        .map(|p| desk.actor(&p))
        .ok_or_else(|| Stop::BadInput(format!("nobody here has the e-mail address `{email}`")))
}

/// Runs `import`.
pub async fn import(args: ImportArgs) -> Result<(), Stop> {
    let file = CaseFile::parse(&read(&args.file)?)
        .map_err(|e| Stop::BadInput(format!("{}: {e}", args.file.display())))?;
    let desk = Desk::open(&args.data.data, Clock::real()).await?;
    let who = actor(&desk, &args.who)?;
    let imported = desk.import(&who, file).await;
    desk.close().await;
    let imported = imported?;
    if args.json {
        print_json(
            &json!({"reference": imported.case.reference(), "entries": imported.case.version(), "refused": imported.refused}),
        )?;
    } else {
        say!(
            "Brought in as {}, {} entries.",
            imported.case.reference(),
            imported.case.version()
        );
        for refused in &imported.refused {
            eprintln!("not taken: {refused}");
        }
    }
    if imported.refused.is_empty() {
        Ok(())
    } else {
        Err(Stop::Missing(if args.json {
            String::new()
        } else {
            "part of the file was not taken".into()
        }))
    }
}

/// Runs `export`.
pub async fn export(args: ExportArgs) -> Result<(), Stop> {
    let desk = Desk::open(&args.data.data, Clock::real()).await?;
    let who = actor(&desk, &args.who)?;
    let id = desk.find_reference(&args.case).ok_or_else(|| {
        Stop::BadInput(format!(
            "there is no case `{}`, or it is not theirs to see",
            args.case
        ))
    })?;
    let file = desk.export(&who, &id).await;
    desk.close().await;
    print_json(&file?)
}
