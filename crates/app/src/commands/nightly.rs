//! The backup that `candour serve` makes by itself once a day, at a time of the day in England, and the old ones it removes.
//! It is due when none was made since that time last came round, so that a night on which the machine was off is made up for.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use desk::Desk;
use jiff::{Timestamp, civil::Time, tz::TimeZone};
use store::BackUp;

use super::keep::SealArgs;
use super::{Stop, with_sources};

/// How often it is looked whether one is due; after a failure it is tried again as often.
const EVERY: Duration = Duration::from_secs(60);
const BEGINS: &str = "candour-";

/// What `serve` takes for it.
#[derive(Debug, Args)]
pub struct NightlyArgs {
    /// Write a backup into this folder once a day.
    #[arg(long, value_name = "DIR")]
    backup_to: Option<PathBuf>,
    /// At this time of the day in England.
    #[arg(
        long,
        value_name = "HH:MM",
        default_value = "02:30",
        requires = "backup_to"
    )]
    backup_at: String,
    /// How many of them to keep; older ones are removed once a newer one is verified. All, when nothing is said.
    #[arg(long, value_name = "N", requires = "backup_to")]
    keep: Option<usize>,
    #[command(flatten)]
    seal: SealArgs,
}

/// A backup to be made once a day.
#[derive(Clone)]
pub struct Nightly {
    to: PathBuf,
    at: Time,
    keep: Option<usize>,
    how: BackUp,
}

impl NightlyArgs {
    /// What was chosen; refuses what could not work, before anything is served.
    pub fn chosen(&self) -> Result<Option<Nightly>, Stop> {
        let Some(to) = &self.backup_to else {
            return match self.seal.given() {
                true => Err(Stop::BadInput(
                    "recipients are for the daily backup: say where it goes with `--backup-to DIR`"
                        .into(),
                )),
                false => Ok(None),
            };
        };
        let at = Time::strptime("%H:%M", &self.backup_at).map_err(|_| {
            Stop::BadInput(format!(
                "`{}` is not a time of the day like 02:30",
                self.backup_at
            ))
        })?;
        if self.keep == Some(0) {
            return Err(Stop::BadInput("`--keep 0` would keep no backup".into()));
        }
        if !to.is_dir() {
            return Err(Stop::BadInput(format!(
                "`{}` is not a folder",
                to.display()
            )));
        }
        Ok(Some(Nightly {
            to: to.clone(),
            at,
            keep: self.keep,
            how: self.seal.chosen(false)?,
        }))
    }
}

impl Nightly {
    /// The same into a folder of its own below, for one of several partnerships.
    pub fn below(&self, name: &str) -> Result<Nightly, Stop> {
        let to = self.to.join(name);
        std::fs::create_dir_all(&to)
            .map_err(|e| Stop::Failed(format!("make the folder `{}`: {e}", to.display())))?;
        Ok(Nightly { to, ..self.clone() })
    }

    /// Makes one whenever one is due, until it is stopped.
    pub async fn run(self, desk: Desk) {
        let mut every = tokio::time::interval(EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            let now = Timestamp::now();
            match self.due(now) {
                Ok(true) => match self.make(&desk, now).await {
                    Ok(written) => {
                        tracing::info!(file = %written.display(), "the daily backup was written and verified")
                    }
                    Err(error) => {
                        tracing::error!(%error, "the daily backup could not be made; it is tried again in a minute")
                    }
                },
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, "the folder of the daily backups cannot be read")
                }
            }
        }
    }

    /// Whether none was made since the time last came round.
    fn due(&self, now: Timestamp) -> Result<bool, Stop> {
        let since = last_time(self.at, now).map_err(|e| Stop::Failed(e.to_string()))?;
        Ok(!backups(&self.to)?.iter().any(|(made, _)| *made >= since))
    }

    /// The file of one made at this moment.
    fn file(&self, now: Timestamp) -> PathBuf {
        let ending = match self.how.plain {
            true => "backup",
            false => "backup.age",
        };
        let stamp = now.strftime("%Y%m%dT%H%M%SZ");
        self.to.join(format!("{BEGINS}{stamp}.{ending}"))
    }

    /// Makes one, then removes those that are more than are to be kept.
    async fn make(&self, desk: &Desk, now: Timestamp) -> Result<PathBuf, Stop> {
        let file = self.file(now);
        desk.back_up(&file, &self.how)
            .await
            .map_err(|e| Stop::Failed(with_sources(&e)))?;
        self.remove_old()?;
        Ok(file)
    }

    /// Removes those that are more than are to be kept.
    fn remove_old(&self) -> Result<(), Stop> {
        if let Some(keep) = self.keep {
            let mut all = backups(&self.to)?;
            all.sort();
            let over = all.len().saturating_sub(keep);
            for (_, old) in &all[..over] {
                std::fs::remove_file(old).map_err(|e| {
                    Stop::Failed(format!("remove the old backup `{}`: {e}", old.display()))
                })?;
            }
        }
        Ok(())
    }
}

/// The last moment at which it was this time of the day in England.
fn last_time(at: Time, now: Timestamp) -> Result<Timestamp, jiff::Error> {
    let england = TimeZone::get("Europe/London")?;
    let here = now.to_zoned(england.clone());
    // A time that the clocks leave out in spring is taken an hour later; jiff does that by itself.
    let today = here.date().to_datetime(at).to_zoned(england.clone())?;
    if today <= here {
        return Ok(today.timestamp());
    }
    Ok(here
        .date()
        .yesterday()?
        .to_datetime(at)
        .to_zoned(england)?
        .timestamp())
}

/// The backups in a folder that were made by this program once a day, with their times. Nothing else there is ever touched.
fn backups(folder: &Path) -> Result<Vec<(Timestamp, PathBuf)>, Stop> {
    let failed = |e: std::io::Error| Stop::Failed(format!("look into `{}`: {e}", folder.display()));
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder).map_err(failed)? {
        let path = item.map_err(failed)?.path();
        let made = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_prefix(BEGINS))
            .and_then(|name| {
                name.strip_suffix(".backup.age")
                    .or(name.strip_suffix(".backup"))
            })
            .and_then(|stamp| jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).ok())
            .and_then(|made| made.to_zoned(TimeZone::UTC).ok());
        if let Some(made) = made {
            found.push((made.timestamp(), path));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_once_a_day_by_the_clock_in_england_in_summer_and_winter() {
        let at = Time::constant(2, 30, 0, 0);
        for (now, since) in [
            ("2026-11-23T02:29:59Z", "2026-11-22T02:30:00Z"),
            ("2026-11-23T02:30:00Z", "2026-11-23T02:30:00Z"),
            ("2026-07-01T01:29:00Z", "2026-06-30T01:30:00Z"),
            ("2026-07-01T01:31:00Z", "2026-07-01T01:30:00Z"),
        ] {
            assert_eq!(
                last_time(at, now.parse().unwrap()).unwrap(),
                since.parse().unwrap(),
                "{now}"
            );
        }
        // The night on which 1:30 does not exist, and the one on which it comes twice.
        let at = Time::constant(1, 30, 0, 0);
        for now in ["2026-03-29T12:00:00Z", "2026-10-25T12:00:00Z"] {
            let now: Timestamp = now.parse().unwrap();
            let since = last_time(at, now).unwrap();
            assert!(
                since < now && since > now - jiff::SignedDuration::from_hours(24),
                "{since}"
            );
        }
    }

    #[test]
    fn as_many_as_are_to_be_kept_stay_and_nothing_else_is_touched() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().to_owned();
        std::fs::write(to.join("candour-of-someone.backup"), "someone's").unwrap();
        let nightly = Nightly {
            to: to.clone(),
            at: Time::constant(2, 30, 0, 0),
            keep: Some(2),
            how: BackUp::default(),
        };
        for day in 1..=4 {
            let now: Timestamp = format!("2026-11-0{day}T02:31:00Z").parse().unwrap();
            assert!(nightly.due(now).unwrap());
            std::fs::write(nightly.file(now), "a backup").unwrap();
            nightly.remove_old().unwrap();
            assert!(!nightly.due(now).unwrap());
        }
        let mut names: Vec<_> = std::fs::read_dir(&to)
            .unwrap()
            .map(|item| item.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "candour-20261103T023100Z.backup.age",
                "candour-20261104T023100Z.backup.age",
                "candour-of-someone.backup"
            ]
        );
    }
}
