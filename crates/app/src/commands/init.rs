//! `candour init`: a new data folder for a partnership, with its checked settings and its first manager.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use access::Role;
use clap::Args;
use desk::{Clock, Desk, NewPerson, Setup};
use guidance::Settings;

use super::serve::WARNING;
use super::{Stop, read};

/// What the command takes; what is left out is asked for when someone is there to answer.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The new data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// A settings file; an example is printed with `--example`.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Print an example of the settings file and stop.
    #[arg(long)]
    example: bool,
    /// The business manager's name.
    #[arg(long)]
    name: Option<String>,
    /// The business manager's e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// A file whose first line is the business manager's password.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// A folder for three shares of the master key, any two of which restore it: one for each safeguarding partner.
    #[arg(long, value_name = "DIR", conflicts_with = "no_shares")]
    shares: Option<PathBuf>,
    /// Make no shares of the master key: whoever loses its file loses everything.
    #[arg(long)]
    no_shares: bool,
    /// Seal the master key under a passphrase, which is then needed at every start.
    #[arg(long)]
    passphrase: bool,
    #[command(flatten)]
    database: super::database::DatabaseArgs,
}

/// An example with invented names.
fn example() -> Settings {
    use guidance::{BodySetting, Numbers, PartnerSetting};
    let partner = |id: &str, body: &str, name: &str| PartnerSetting {
        id: id.into(),
        bodies: vec![BodySetting {
            id: body.into(),
            name: name.into(),
        }],
    };
    Settings {
        name: "Exampleshire Safeguarding Children Partnership".into(),
        short: "EXA".into(),
        area: "Exampleshire".into(),
        session_minutes: 30,
        largest_file: 500,
        front_door: Numbers {
            front_door: "Exampleshire front door, 01632 960001".into(),
            out_of_hours: "Emergency duty team, 01632 960002".into(),
            emergency: "999".into(),
        },
        partners: vec![
            partner("local-authority", "council", "Exampleshire Council"),
            partner("health", "icb", "NHS Exampleshire Integrated Care Board"),
            partner("police", "police", "Exampleshire Police"),
        ],
        ..Settings::default()
    }
}

fn ask(what: &str, given: Option<String>) -> Result<String, Stop> {
    if let Some(given) = given {
        return Ok(given);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Stop::Missing(format!(
            "{what} is needed: give it as an option"
        )));
    }
    print!("{what}: ");
    std::io::stdout().flush().ok();
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|e| Stop::BadInput(e.to_string()))?;
    Ok(line.trim().to_owned())
}

/// Runs the command.
pub async fn init(args: InitArgs) -> Result<(), Stop> {
    if args.example {
        print!("{}", example().to_toml());
        return Ok(());
    }
    let settings = match &args.settings {
        Some(path) => {
            let text = read(path)?;
            Settings::parse(&path.display().to_string(), &text)
                .map_err(|wrong| Stop::BadInput(wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
            text
        }
        None => return Err(Stop::Missing("a settings file is needed: `candour init --data DIR --example > settings.toml`, change it, and give it with `--settings settings.toml`".into())),
    };
    let name = ask("Name of the business manager", args.name)?;
    let email = ask("E-mail address of the business manager", args.email)?;
    let password = match &args.password_file {
        Some(path) => read(path)?.lines().next().unwrap_or_default().to_owned(),
        None => ask(
            "Password of the business manager (it is shown as you type)",
            None,
        )?,
    };
    let manager = NewPerson {
        name,
        email,
        role: Role::BusinessManager,
        seat: None,
        agency: None,
        password,
    };
    let database = args.database.chosen()?;
    if args.passphrase {
        let passphrase = crate::passphrase::ask_new(true).map_err(Stop::BadInput)?;
        store::give_passphrase(passphrase).map_err(super::keys::stop)?;
    }
    let desk = Desk::create_on(
        &args.data,
        Clock::real(),
        Setup {
            settings,
            people: vec![manager],
        },
        &database,
    )
    .await?;
    say!(
        "{} is set up in {}.",
        desk.settings().name,
        args.data.display()
    );
    match args.passphrase {
        true => say!(
            "The master key is sealed under the passphrase. The two together open everything: keep a copy of the key's file apart from the data, and the passphrase apart from both. Without either nothing can be read, by anyone."
        ),
        false => say!(
            "The file of the master key opens everything: keep a copy of it apart from the data. Without it nothing can be read, by anyone."
        ),
    }
    say!(
        "{WARNING}\nStart with: candour serve --data {}",
        args.data.display()
    );
    desk.close().await;
    super::keys::offer(&args.data, args.shares.as_deref(), args.no_shares).await
}
