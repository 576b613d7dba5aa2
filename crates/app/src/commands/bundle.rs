//! `candour bundle` and `candour bundle-verify`: a case's evidence for someone outside, and the check of it, which needs no data folder.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::Args;
use desk::{BundleFault, Clock, Desk, check_bundle_file};
use store::Identities;

use super::exchange::actor;
use super::record::verifier_keys;
use super::{DataArgs, Stop, read, with_sources};

/// What `bundle` takes.
#[derive(Debug, Args)]
pub struct BundleArgs {
    /// The case's reference.
    case: String,
    #[command(flatten)]
    data: DataArgs,
    /// The e-mail address of the person in whose name it is made.
    #[arg(long = "as", value_name = "EMAIL")]
    who: String,
    /// The file to write; one that is there already is left alone.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Seal it for this recipient of the age format; may be given several times.
    #[arg(long, value_name = "AGE1...")]
    recipient: Vec<String>,
    /// Show entries that hold names, too; it is written down that they were handed out.
    #[arg(long)]
    with_names: bool,
}

/// What `bundle-verify` takes.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The bundle.
    file: PathBuf,
    /// The log's public keys as you have them from elsewhere, one a line; without it the one in the bundle is used, which shows only that the bundle fits together.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The identities that open a sealed bundle, as `age-keygen` writes them.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

/// Runs `bundle`.
pub async fn bundle(args: BundleArgs) -> Result<(), Stop> {
    if args.out.exists() {
        return Err(Stop::BadInput(format!(
            "`{}` is there already",
            args.out.display()
        )));
    }
    let desk = Desk::open(&args.data.data, Clock::real()).await?;
    let made = async {
        let mut who = actor(&desk, &args.who)?;
        who.names = args.with_names;
        let id = desk.find_reference(&args.case).ok_or_else(|| {
            Stop::BadInput(format!(
                "there is no case `{}`, or it is not theirs to see",
                args.case
            ))
        })?;
        Ok::<_, Stop>(desk.bundle(&who, &id, &args.recipient).await?)
    }
    .await;
    desk.close().await;
    let made = made?;
    let wrong = |e| Stop::BadInput(format!("write `{}`: {e}", args.out.display()));
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&args.out)
        .and_then(|mut file| {
            file.write_all(&made.bytes)?;
            file.sync_all()
        })
        .map_err(wrong)?;
    say!(
        "{}: {} entries, {} of them in clear, proved to a checkpoint of {} entries.",
        args.out.display(),
        made.entries,
        made.in_clear,
        made.checkpoint
    );
    match made.sealed {
        true => say!("It is sealed: only the recipients can open it."),
        false => say!("It is not sealed: whoever has the file can read it."),
    }
    Ok(())
}

/// Runs `bundle-verify`.
pub fn verify(args: &VerifyArgs) -> Result<(), Stop> {
    let mut bytes = std::fs::read(&args.file)
        .map_err(|e| Stop::BadInput(format!("read `{}`: {e}", args.file.display())))?;
    if let Some(identity) = &args.identity {
        bytes = Identities::of_file(identity)
            .and_then(|identities| identities.open(&bytes))
            .map_err(|e| Stop::BadInput(with_sources(&e)))?;
    }
    let keys = match &args.key {
        Some(file) => {
            let keys = verifier_keys(&read(file)?)?;
            if keys.is_empty() {
                return Err(Stop::BadInput(format!("`{}` has no key", file.display())));
            }
            keys
        }
        None => Vec::new(),
    };
    let checked = check_bundle_file(&bytes, &keys).map_err(|fault| match fault {
        BundleFault::NotABundle(_) => Stop::BadInput(fault.to_string()),
        _ => Stop::Failed(with_sources(&fault)),
    })?;
    let passkeys = checked.passkeys;
    let holds = checked.holds;
    say!("{}", holds.manifest.title);
    say!(
        "{} entries hold, {} of them in clear, and {} files. The record had {} entries then.",
        holds.entries.len(),
        holds.in_clear,
        checked.documents,
        holds.checkpoint.size
    );
    say!(
        "The root of the tree is {}.",
        holds.checkpoint.root.spoken()
    );
    if passkeys > 0 {
        say!("Signatures made with a passkey, each over its exact text: {passkeys}.");
    }
    for earlier in &holds.manifest.earlier {
        let size = earlier.checkpoint.lines().nth(1).unwrap_or_default();
        say!("The record continues the checkpoint of {size} entries.");
    }
    if !holds.key_known {
        say!(
            "The key came with the bundle: compare it with one you have from elsewhere.\n{}",
            holds.manifest.key
        );
    }
    Ok(())
}
