//! Writing a backup in one file: copied beside the running program, verified, sealed, read back, and only then under its name.
//! Long enough to read from top to bottom: the order of the steps is the promise.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use age::x25519;
use jiff::Timestamp;
use record::{Hash, Verified, time_text};
use sha2::{Digest, Sha256};
use sqlx::AnyPool;
use tokio::io::AsyncReadExt;

use super::{
    FORMAT, Manifest, More, Wanted,
    beside::Beside,
    envelope::{Identities, Recipients},
    open,
    tar::Packer,
};
use crate::{
    Store, StoreError,
    backup::{ABOUT_FILE, SUMS_FILE, parent, partial_name, sum},
    checkpoints,
    database::{self, DATABASE_FILE},
    error::{file, sql},
    files::{self, Directory, Shelf},
    key::{Key, MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE},
    keys, meta, restore,
    row::unreadable,
    store::{new_private_file, sync_folder},
    transfer, tree,
    verify::verify,
};

/// The folder in the data folder in which the copy is prepared, and the file that keeps a second backup out meanwhile.
const SCRATCH: &str = "backup.unfinished";
const TURN: &str = "backup.lock";

/// How a backup is to be written.
#[derive(Clone, Default)]
pub struct BackUp {
    /// Those who may open it.
    pub recipients: Recipients,
    /// Write it unsealed. Texts and files in it are ciphertext all the same; accounts, settings, times and who did something are not.
    pub plain: bool,
    /// Put the master key into it: then it opens everything by itself.
    pub with_key: bool,
}

/// A backup that was written and verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// How far the record in it goes.
    pub verified: Verified,
    /// How many files of cases it brings.
    pub files: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// SHA-256 of the file as it lies there.
    pub hash: Hash,
    /// Whether the master key is in it.
    pub with_key: bool,
}

/// Writes everything a data folder holds to a new file, while the folder may be in use.
///
/// The copy is of one moment. Its chain is verified and every entry opened before it is written, and what was written is read back
/// and compared. The file appears under its name only then; when anything fails, none is left.
pub async fn back_up(dir: &Path, to: &Path, how: &BackUp) -> Result<Written, StoreError> {
    back_up_with(dir, to, how, None).await
}

impl Store {
    /// The same of an open store, with the master key it holds: a passphrase need not be given again.
    pub async fn back_up(&self, to: &Path, how: &BackUp) -> Result<Written, StoreError> {
        back_up_with(self.dir(), to, how, Some(&self.inner.master_key)).await
    }
}

async fn back_up_with(
    dir: &Path,
    to: &Path,
    how: &BackUp,
    master: Option<&Key>,
) -> Result<Written, StoreError> {
    let unfit = |why: &str| StoreError::Unfit {
        doing: "write a backup",
        why: why.into(),
    };
    match (how.recipients.is_empty(), how.plain) {
        (true, false) => {
            return Err(unfit(
                "nobody is named who may open it; name a recipient, or say that it is to be written unsealed",
            ));
        }
        (false, true) => return Err(unfit("it is either sealed for recipients or plain")),
        _ => {}
    }
    if to.exists() {
        return Err(StoreError::TargetInUse(to.to_owned()));
    }
    let partial = partial_name(to)?;
    let beside = Beside::open(dir).await?;
    let scratch = dir.join(SCRATCH);
    let done = async {
        let _turn = turn(dir)?;
        clear(&scratch, &partial)?;
        DirBuilder::new()
            .mode(0o700)
            .create(&scratch)
            .map_err(file("create the folder", &scratch))?;
        let master = match master {
            Some(master) => Ok(master.clone()),
            None => beside.master_key(),
        };
        let done = match master {
            Ok(master) => write(&beside, &master, &scratch, &partial, to, how).await,
            Err(error) => Err(error),
        };
        let cleared = clear(&scratch, &partial);
        let done = done?;
        cleared?;
        Ok(done)
    }
    .await;
    beside.close().await;
    done
}

/// One backup of a folder at a time; the lock goes with the process.
fn turn(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join(TURN);
    let failed = file("lock the backup with", &path);
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(&failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(StoreError::Unfit {
            doing: "write a backup",
            why: "another backup of this data folder is being written; wait until it is done"
                .into(),
        }),
        Err(fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Removes what this backup, or one that was cut short, left unfinished.
fn clear(scratch: &Path, partial: &Path) -> Result<(), StoreError> {
    let gone = |done: io::Result<()>, path: &Path| match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(file("remove the unfinished backup", path)(error))
        }
        _ => Ok(()),
    };
    let first = gone(fs::remove_dir_all(scratch), scratch);
    gone(fs::remove_file(partial), partial).and(first)
}

async fn write(
    beside: &Beside,
    master: &Key,
    scratch: &Path,
    partial: &Path,
    to: &Path,
    how: &BackUp,
) -> Result<Written, StoreError> {
    let copy = scratch.join(DATABASE_FILE);
    beside.copy(&copy).await?;
    restore::prepare(&copy).await?;
    let resting = database::resting(&copy).await?;
    let looked = async {
        let founded = meta::founded(&resting)
            .await?
            .ok_or_else(|| StoreError::NotAStore(beside.dir.clone()))?;
        if founded.master_fingerprint != master.fingerprint() {
            return Err(StoreError::MasterKeyOther(beside.dir.clone()));
        }
        let partnership = founded.partnership;
        let key = keys::held(&resting, &partnership, master).await?;
        let verified = verify(&resting, &partnership, Some(&key)).await?;
        let wanted = files::wanted(&resting, &partnership).await?;
        let manifest = describe(&resting, partnership, &verified, &wanted, how).await?;
        Ok::<_, StoreError>((verified, manifest, wanted))
    }
    .await;
    resting.close().await;
    let (verified, manifest, wanted) = looked?;

    let mut members = vec![DATABASE_FILE];
    if how.with_key {
        members.push(match keys::copy_key(&beside.dir, master, scratch)? {
            true => MASTER_KEY_SEALED_FILE,
            false => MASTER_KEY_FILE,
        });
    }
    let mut about = serde_json::to_vec_pretty(&manifest).map_err(|error| StoreError::Unfit {
        doing: "describe the backup",
        why: error.to_string(),
    })?;
    about.push(b'\n');

    let own = x25519::Identity::generate();
    let failed = file("write the backup", partial);
    let target = Summed::new(BufWriter::with_capacity(
        1 << 18,
        new_private_file(partial)?,
    ));
    let (target, bytes) = match how.plain {
        true => {
            let packer = pack(
                beside,
                scratch,
                &about,
                &members,
                &wanted,
                Packer::new(target),
            );
            let packed = packer.await?.finish().map_err(&failed)?;
            packed.finish().map_err(&failed)?
        }
        false => {
            // One more recipient, whose identity never leaves this process: with it, what was written is opened and read back.
            let extra = own.to_public();
            let recipients = how.recipients.0.iter().chain([&extra]);
            let sealed = age::Encryptor::with_recipients(
                recipients.map(|recipient| recipient as &dyn age::Recipient),
            )
            .map_err(|why| StoreError::Unfit {
                doing: "seal the backup",
                why: why.to_string(),
            })?;
            let packer = Packer::new(sealed.wrap_output(target).map_err(&failed)?);
            let packed = pack(beside, scratch, &about, &members, &wanted, packer).await?;
            let sealed = packed.finish().map_err(&failed)?;
            let target = sealed.finish().map_err(&failed)?;
            target.finish().map_err(&failed)?
        }
    };

    // What is on the disk must be what was sent there, and must open to what was verified.
    if sum(partial)? != target {
        return Err(damaged(to));
    }
    let again = {
        let (partial, identities) = (partial.to_owned(), Identities::own(own));
        tokio::task::spawn_blocking(move || open(&partial, &identities, Wanted::Nothing))
            .await
            .map_err(|error| StoreError::Unfit {
                doing: "read the backup back",
                why: error.to_string(),
            })?
    }?;
    if again.manifest != manifest || again.names.len() != members.len() + wanted.len() + 1 {
        return Err(damaged(to));
    }
    if to.exists() {
        return Err(StoreError::TargetInUse(to.to_owned()));
    }
    fs::rename(partial, to).map_err(file("name the finished backup", to))?;
    sync_folder(parent(to))?;
    Ok(Written {
        path: to.to_owned(),
        verified,
        files: wanted.len() as u64,
        bytes,
        hash: target,
        with_key: how.with_key,
    })
}

fn damaged(to: &Path) -> StoreError {
    StoreError::BadBackup {
        path: to.to_owned(),
        why: "what was read back from the disk is not what was written; the disk may be failing, and no backup was left".into(),
    }
}

async fn describe(
    resting: &AnyPool,
    partnership: String,
    verified: &Verified,
    wanted: &[(String, Hash)],
    how: &BackUp,
) -> Result<Manifest, StoreError> {
    let tables = transfer::sums_in(resting).await?;
    let mut connection = resting
        .acquire()
        .await
        .map_err(sql("describe the backup"))?;
    let edge = tree::edge(&mut connection, &partnership).await?;
    let checkpoint = checkpoints::all(&mut connection, &partnership).await?.pop();
    Ok(Manifest {
        format: FORMAT.to_owned(),
        partnership,
        made_at: time_text(Timestamp::now()),
        entries: verified.entries,
        last: verified.last,
        with_key: how.with_key,
        more: Some(More {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            layout: database::known_layout(),
            tree_root: edge.root(),
            checkpoint: checkpoint.map(|given| given.note),
            files: wanted.len() as u64,
            tables,
        }),
    })
}

/// Writes the members: what it says of itself first, the sums of all others last.
async fn pack<W: Write>(
    beside: &Beside,
    scratch: &Path,
    about: &[u8],
    members: &[&str],
    wanted: &[(String, Hash)],
    mut packer: Packer<W>,
) -> Result<Packer<W>, StoreError> {
    let failed = file("write the backup of", &beside.dir);
    let mut sums = String::new();
    whole(&mut packer, ABOUT_FILE, about).map_err(&failed)?;
    sums.push_str(&format!("{}  {ABOUT_FILE}\n", record::content_hash(about)));
    for name in members {
        let path = scratch.join(name);
        let source = tokio::fs::File::open(&path).await.map_err(&failed)?;
        let size = source.metadata().await.map_err(&failed)?.len();
        let hash = stream(&mut packer, name, source, size)
            .await
            .map_err(&failed)?;
        sums.push_str(&format!("{hash}  {name}\n"));
    }
    let shelf = Directory::beside(&beside.dir.join(files::FOLDER));
    for (id, expected) in wanted {
        let name = format!("{}/{id}", files::FOLDER);
        let path = beside.dir.join(&name);
        let lost = |why: &str| unreadable(format!("the file `{id}`"), why.to_owned());
        let source = shelf.get(id).await?.ok_or_else(|| {
            lost("it is missing from the folder of files; if it was destroyed while the backup was being written, write the backup again")
        })?;
        let size = fs::metadata(&path)
            .map_err(file("read the file", &path))?
            .len();
        match stream(&mut packer, &name, source, size).await {
            Ok(hash) if hash == *expected => sums.push_str(&format!("{hash}  {name}\n")),
            Ok(_) => return Err(lost("its bytes have been altered")),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(lost("its bytes have been altered"));
            }
            Err(error) => return Err(failed(error)),
        }
    }
    whole(&mut packer, SUMS_FILE, sums.as_bytes()).map_err(&failed)?;
    Ok(packer)
}

fn whole<W: Write>(packer: &mut Packer<W>, name: &str, bytes: &[u8]) -> io::Result<()> {
    let size = bytes.len() as u64;
    packer.begin(name, size)?;
    packer.bytes(bytes)?;
    packer.pad(size)
}

/// Writes one member in pieces and answers its hash.
async fn stream<W: Write>(
    packer: &mut Packer<W>,
    name: &str,
    mut source: impl tokio::io::AsyncRead + Unpin,
    size: u64,
) -> io::Result<Hash> {
    packer.begin(name, size)?;
    let mut sha = Sha256::new();
    let mut piece = vec![0; 1 << 18];
    let mut left = size;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        let read = source.read(&mut piece[..most]).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        sha.update(&piece[..read]);
        packer.bytes(&piece[..read])?;
        left -= read as u64;
    }
    packer.pad(size)?;
    Ok(Hash(sha.finalize().into()))
}

/// A file that is being written, with the sum of what was sent to it.
struct Summed {
    out: BufWriter<File>,
    sha: Sha256,
    bytes: u64,
}

impl Summed {
    fn new(out: BufWriter<File>) -> Summed {
        Summed {
            out,
            sha: Sha256::new(),
            bytes: 0,
        }
    }

    /// Brings everything to the disk and answers the sum and the length.
    fn finish(mut self) -> io::Result<(Hash, u64)> {
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        Ok((Hash(self.sha.finalize().into()), self.bytes))
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sha.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
