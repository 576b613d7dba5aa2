//! The keys: what there is, changing them, and shares of the master key for the three safeguarding partners.
//! Nobody may be serving the folder meanwhile.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{IsTerminal, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use store::{KeyShare, KeysStatus, Rotate, Store, StoreError};

use super::{DataArgs, Stop, print_json};

/// What can be done with the keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Say where the master key comes from, which keys there are, and what is at risk.
    Status {
        #[command(flatten)]
        data: DataArgs,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Change the master key, the partnership's key, or both; nothing of the record is rewritten.
    Rotate(RotateArgs),
    /// Seal the master key under a passphrase, or under another one; it is then needed at every start.
    Passphrase {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Make three shares of the master key; any two of them restore it.
    Split {
        #[command(flatten)]
        data: DataArgs,
        /// A folder for the three pages, each in a file readable by its owner only; without it they are shown on the terminal.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Write the master key back into a data folder from two shares.
    Restore {
        #[command(flatten)]
        data: DataArgs,
        /// A file with the page of one share; give two different ones.
        #[arg(long = "share", value_name = "FILE", required = true)]
        shares: Vec<PathBuf>,
        /// Seal it under a new passphrase.
        #[arg(long)]
        passphrase: bool,
    },
}

/// What `keys rotate` takes; both keys are changed when neither is named.
#[derive(Debug, Args)]
pub struct RotateArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Change the master key.
    #[arg(long)]
    master: bool,
    /// Change the partnership's key.
    #[arg(long)]
    partnership: bool,
    /// A new file for the old master key, so that backups made before can still be read.
    #[arg(long, value_name = "FILE")]
    keep_old: Option<PathBuf>,
}

/// Runs `keys`.
pub async fn keys(command: KeysCommand) -> Result<(), Stop> {
    match command {
        KeysCommand::Status { data, json } => status(&data.data, json).await,
        KeysCommand::Rotate(args) => rotate(args).await,
        KeysCommand::Split { data, to } => split(&data.data, to.as_deref()).await,
        KeysCommand::Passphrase { data } => passphrase(&data.data).await,
        KeysCommand::Restore {
            data,
            shares,
            passphrase,
        } => restore(&data.data, &shares, passphrase).await,
    }
}

async fn status(dir: &Path, json: bool) -> Result<(), Stop> {
    let store = Store::open(dir).await.map_err(stop)?;
    let status = store.keys_status().await;
    store.close().await;
    let status = status.map_err(stop)?;
    if json {
        print_json(&status)?;
    } else {
        show(&status);
    }
    match status.unopened {
        0 => Ok(()),
        _ => Err(Stop::Failed(format!(
            "{} of the keys do not open; restore a backup, or ask for help before anything else is done",
            status.unopened
        ))),
    }
}

fn show(status: &KeysStatus) {
    say!("Master key: {} ({})", status.source, status.path);
    say!(
        "{}",
        match status.sealed {
            true => "It is sealed under a passphrase.",
            false => "It is not protected by a passphrase: whoever has the file has the key.",
        }
    );
    say!("Its fingerprint: {}", short(&status.fingerprint));
    say!(
        "The partnership's key: made {}, last wrapped {}",
        status.partnership_key_made,
        status.partnership_key_wrapped
    );
    say!(
        "Below it: the keys of {} streams, {} entries and {} files; {} keys were destroyed.",
        status.streams,
        status.entries,
        status.files,
        status.destroyed
    );
    if let Some(made) = &status.shares_made {
        say!("Shares of the master key were made {made}; any two of the three restore it.");
    }
    if let Some(declined) = &status.shares_declined
        && status.shares_made.is_none()
    {
        say!("It was decided {declined} to make no shares.");
    }
    if let Some(risk) = status.risk() {
        say!("At risk: {risk}");
    }
}

async fn passphrase(dir: &Path) -> Result<(), Stop> {
    // Opening asks for the one in force, so that nobody types a new one in vain.
    let store = Store::open(dir).await.map_err(stop)?;
    let status = store.keys_status().await;
    store.close().await;
    let first = !status.map_err(stop)?.sealed;
    let new = crate::passphrase::ask_new(first).map_err(Stop::BadInput)?;
    let done = store::set_passphrase(dir, new).await.map_err(stop)?;
    match done.changed {
        true => say!(
            "The passphrase is another one; the sealed master key is in {}.",
            done.path.display()
        ),
        false => say!(
            "The master key is sealed under the passphrase, in {}; the plain file was overwritten and removed.",
            done.path.display()
        ),
    }
    say!(
        "Copies of the file made before still open as they did: replace them with copies of this one, and destroy them."
    );
    say!(
        "Whoever forgets the passphrase needs two shares of the master key. A sealed file without its passphrase opens nothing."
    );
    Ok(())
}

async fn rotate(args: RotateArgs) -> Result<(), Stop> {
    let both = !args.master && !args.partnership;
    let what = Rotate {
        master: args.master || both,
        partnership: args.partnership || both,
        keep_old: args.keep_old,
    };
    if what.keep_old.is_some() && !what.master {
        return Err(Stop::BadInput(
            "the master key is not changed, so there is no old one to keep; leave out --keep-old"
                .into(),
        ));
    }
    let done = store::rotate_keys(&args.data.data, &what)
        .await
        .map_err(stop)?;
    if what.partnership {
        say!(
            "The partnership's key is new; the keys of {} streams were wrapped again.",
            done.streams
        );
    }
    if what.master {
        say!("The master key is new: {}.", short(&done.fingerprint));
        match &what.keep_old {
            Some(path) => say!(
                "Backups made before need the old one, {}. It is in {}: keep it apart from them, and destroy it with the last of them.",
                short(&done.before),
                path.display()
            ),
            None => say!(
                "The old one, {}, was destroyed here. Backups made before need it: only one made with --with-key, or a copy you keep elsewhere, still opens them. Make a new backup now.",
                short(&done.before)
            ),
        }
        say!(
            "Shares of the old key do not restore the new one: make new ones with `candour keys split`."
        );
    }
    if done.unopened > 0 {
        say!(
            "{} things did not open before either and were left as they are.",
            done.unopened
        );
    }
    Ok(())
}

async fn split(dir: &Path, to: Option<&Path>) -> Result<(), Stop> {
    if to.is_none() && !std::io::stdout().is_terminal() {
        return Err(Stop::Missing(
            "name a folder for the shares with `--to DIR`; they are shown only on a terminal"
                .into(),
        ));
    }
    let store = Store::open(dir).await.map_err(stop)?;
    let made = hand_out(&store, store.partnership(), to).await;
    store.close().await;
    made
}

/// Offers shares of the master key of a new folder. Whoever declines is told the risk, and it is written down so that
/// `keys status` goes on telling it.
pub async fn offer(dir: &Path, to: Option<&Path>, none: bool) -> Result<(), Stop> {
    let asked =
        !none && to.is_none() && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let wanted = to.is_some() || (asked && yes()?);
    let store = Store::open(dir).await.map_err(stop)?;
    let done = match wanted {
        true => hand_out(&store, store.partnership(), to).await,
        false if none || asked => store.decline_key_shares().await.map_err(stop),
        // Nobody was there to answer.
        false => Ok(()),
    };
    let status = store.keys_status().await;
    store.close().await;
    done?;
    if let Some(risk) = status.map_err(stop)?.risk() {
        say!("At risk: {risk}");
    }
    Ok(())
}

fn yes() -> Result<bool, Stop> {
    print!(
        "Make three shares of the master key now, one for each safeguarding partner, any two of which restore it? (yes or no): "
    );
    std::io::stdout().flush().ok();
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|e| Stop::BadInput(e.to_string()))?;
    Ok(["y", "yes"].contains(&line.trim().to_lowercase().as_str()))
}

/// Makes the shares and shows each once, or writes each to a file of its own.
async fn hand_out(store: &Store, partnership: &str, to: Option<&Path>) -> Result<(), Stop> {
    // Nothing is said to have been made that could not be written.
    let targets = to.map(files_for).transpose()?;
    let shares = store.split_master_key(partnership).await.map_err(stop)?;
    match targets {
        Some(targets) => {
            for (share, (path, mut file)) in shares.iter().zip(targets) {
                file.write_all(share.page().as_bytes())
                    .and_then(|()| file.sync_all())
                    .map_err(|e| Stop::Failed(format!("write `{}`: {e}", path.display())))?;
                say!("Share {} is in {}", share.number, path.display());
            }
            say!(
                "Give one to each safeguarding partner, then remove the files. They are not shown again."
            );
        }
        None => shares
            .iter()
            .map(KeyShare::page)
            .for_each(|page| say!("{page}\n")),
    }
    Ok(())
}

fn files_for(folder: &Path) -> Result<Vec<(PathBuf, std::fs::File)>, Stop> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|e| Stop::BadInput(format!("create the folder `{}`: {e}", folder.display())))?;
    (1..=3)
        .map(|number| {
            let path = folder.join(format!("share-{number}.txt"));
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .map(|file| (path.clone(), file))
                .map_err(|e| Stop::BadInput(format!("create `{}`: {e}", path.display())))
        })
        .collect()
}

async fn restore(dir: &Path, shares: &[PathBuf], passphrase: bool) -> Result<(), Stop> {
    let mut pages = Vec::with_capacity(shares.len());
    for path in shares {
        let wrong = |e: std::io::Error| Stop::BadInput(format!("read `{}`: {e}", path.display()));
        let mut page = store::Secret::default();
        std::fs::File::open(path)
            .and_then(|file| file.take(1 << 16).read_to_string(&mut page))
            .map_err(wrong)?;
        pages.push((path.display().to_string(), page));
    }
    if passphrase {
        let new = crate::passphrase::ask_new(true).map_err(Stop::BadInput)?;
        store::give_passphrase(new).map_err(stop)?;
    }
    let restored = store::restore_master_key(dir, &pages).await.map_err(stop)?;
    say!(
        "The master key {} is in {}. Start Candour, and give the shares back to those who hold them.",
        short(&restored.fingerprint),
        restored.path.display()
    );
    Ok(())
}

/// The beginning of a fingerprint, as it stands on the shares.
fn short(fingerprint: &str) -> &str {
    fingerprint.get(..16).unwrap_or(fingerprint)
}

/// What a command says and how it ends when the store refused.
pub fn stop(error: StoreError) -> Stop {
    Stop::from(desk::DeskError::from(error))
}
