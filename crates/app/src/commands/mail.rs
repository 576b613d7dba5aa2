//! How `candour serve` reaches the mail server through which the checkpoints go to the witnesses.
//! The password comes from a file and never from the command line, where everyone on the machine could read it.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use desk::{Desk, MailServer, Protection};

use super::{Stop, read};

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_secs(5);

/// What `serve` takes for it.
#[derive(Debug, Args)]
pub struct MailArgs {
    /// The mail server through which checkpoints go to the witnesses; without it no mail is sent.
    #[arg(long, value_name = "HOST", env = "CANDOUR_SMTP_HOST")]
    smtp_host: Option<String>,
    /// Its port; 587 with starttls, 465 with implicit, 25 with none, when nothing is said.
    #[arg(long, value_name = "PORT", env = "CANDOUR_SMTP_PORT")]
    smtp_port: Option<u16>,
    /// How the connection is protected; `none` only to a server on this machine.
    #[arg(
        long,
        value_name = "HOW",
        env = "CANDOUR_SMTP_TLS",
        default_value = "starttls"
    )]
    smtp_tls: Tls,
    /// The user's name at the mail server, if it asks for one.
    #[arg(long, value_name = "NAME", env = "CANDOUR_SMTP_USER")]
    smtp_user: Option<String>,
    /// A file with the user's password.
    #[arg(long, value_name = "FILE", env = "CANDOUR_SMTP_PASSWORD_FILE")]
    smtp_password_file: Option<PathBuf>,
    /// The address the mails come from.
    #[arg(long, value_name = "ADDRESS", env = "CANDOUR_SMTP_FROM")]
    smtp_from: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tls {
    /// After a command, and nothing is sent without it.
    Starttls,
    /// From the first byte.
    Implicit,
    /// Unprotected.
    None,
}

impl MailArgs {
    /// What was chosen; refuses what could not work, before anything is served.
    pub fn chosen(&self) -> Result<Option<MailServer>, Stop> {
        let Some(host) = &self.smtp_host else {
            let others = self.smtp_user.is_some()
                || self.smtp_password_file.is_some()
                || self.smtp_from.is_some()
                || self.smtp_port.is_some();
            return match others {
                true => Err(Stop::BadInput(
                    "settings for mail need the mail server: name it with `--smtp-host HOST`"
                        .into(),
                )),
                false => Ok(None),
            };
        };
        let Some(from) = &self.smtp_from else {
            return Err(Stop::BadInput(
                "mails need an address they come from: give it with `--smtp-from ADDRESS`".into(),
            ));
        };
        let login = match (&self.smtp_user, &self.smtp_password_file) {
            (Some(user), Some(file)) => {
                let password = read(file)?;
                Some((user.clone(), password.trim_end_matches(['\r', '\n']).into()))
            }
            (None, None) => None,
            _ => {
                return Err(Stop::BadInput(
                    "`--smtp-user` and `--smtp-password-file` belong together".into(),
                ));
            }
        };
        let protection = match self.smtp_tls {
            Tls::Starttls => Protection::StartTls,
            Tls::Implicit => Protection::Implicit,
            Tls::None => Protection::None,
        };
        MailServer::new(host, self.smtp_port, protection, login, from)
            .map(Some)
            .map_err(Stop::BadInput)
    }
}

/// Queues what was not queued, and sends what is due, as long as the program runs.
pub async fn send_what_waits(desk: Desk) {
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        if let Err(error) = desk.queue_newest().await {
            tracing::error!(%error, "the newest checkpoint could not be queued for the witnesses");
        }
        if let Err(error) = desk.queue_digests().await {
            tracing::error!(%error, "who has access could not be queued for the agencies");
        }
        if let Err(error) = desk.send_waiting_mail().await {
            tracing::error!(%error, "what waits in the outbox could not be sent");
        }
    }
}
