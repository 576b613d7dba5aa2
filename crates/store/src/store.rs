//! The data folder: creating it, opening it for one process only, and closing it.
//! The folder holds the master key and says where the database is: in it, or on a PostgreSQL server.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use sqlx::AnyPool;
use tokio::sync::{mpsc, oneshot};

use crate::{
    StoreError,
    append::Job,
    backup::parent,
    checkpoints,
    condition::{Halt, Others},
    database::{self, DATABASE_FILE},
    error::file,
    files::{self, Files},
    forms, grants,
    key::{Key, MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE},
    keys::{self, MasterSource},
    lease::Lease,
    meta,
    place::{self, Address, DatabaseAt, Place, SETTINGS_FILE},
    tree,
    writer::{At, Turns, Writer},
};

/// How many requests to append may wait; more wait outside.
const QUEUE: usize = 1024;

/// An open data folder. Cloning is cheap and gives the same store.
///
/// Call [`close`](Store::close) before opening the folder again: a store that is only dropped frees it a moment later,
/// when its writer has ended.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) dir: PathBuf,
    pub(crate) partnership: String,
    /// What seals and wraps everything below it: the partnership's key, which the master key wraps.
    pub(crate) partnership_key: Key,
    /// For a backup that is to carry it, and for its shares.
    pub(crate) master_key: Key,
    pub(crate) reading: AnyPool,
    pub(crate) writing: AnyPool,
    pub(crate) queue: mpsc::Sender<Job>,
    pub(crate) turns: Turns,
    pub(crate) place: Place,
    pub(crate) halt: Halt,
    pub(crate) others: Others,
    pub(crate) lease: Option<Arc<Lease>>,
    pub(crate) files: Files,
    pub(crate) doubtful: forms::Doubtful,
    lock: Arc<File>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("dir", &self.inner.dir)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Creates the data folder (readable by its owner only), its master key and its database, for one partnership.
    /// Refuses a folder that already holds a store or a master key.
    /// The master key goes where `CANDOUR_MASTER_KEY_FILE` says, or into the folder; it is sealed if a passphrase was given.
    pub async fn create(dir: &Path, partnership: &str) -> Result<Store, StoreError> {
        Store::create_on(dir, partnership, &DatabaseAt::Folder).await
    }

    /// The same, with the database where it is wanted.
    /// On PostgreSQL the database must be empty, and the server's role another than the owner of the tables.
    pub async fn create_on(
        dir: &Path,
        partnership: &str,
        at: &DatabaseAt,
    ) -> Result<Store, StoreError> {
        if partnership.trim().is_empty() {
            return Err(StoreError::Unfit {
                doing: "create a store",
                why: "the partnership has no name".to_owned(),
            });
        }
        let place = match at {
            DatabaseAt::Folder => Place::Sqlite(dir.join(DATABASE_FILE)),
            DatabaseAt::Postgres { server, .. } => Place::Postgres(Address::read(server)?),
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(file("create the data folder", dir))?;
        let lock = lock(dir)?;
        if [
            DATABASE_FILE,
            SETTINGS_FILE,
            MASTER_KEY_FILE,
            MASTER_KEY_SEALED_FILE,
        ]
        .iter()
        .any(|name| dir.join(name).exists())
        {
            return Err(StoreError::AlreadyThere(dir.to_owned()));
        }
        let key_file = keys::new_key_file(dir)?;
        // The database may refuse; only then is anything written to the folder.
        let ready = match (&place, at) {
            (Place::Postgres(server), DatabaseAt::Postgres { owner, .. }) => {
                Some(prepare_postgres(server, owner).await?)
            }
            _ => None,
        };
        let master = Key::random()?;
        keys::write_new_key(&key_file, &master)?;
        sync_folder(parent(&key_file))?;
        let writing = match ready {
            Some(writing) => writing,
            None => {
                new_private_file(&dir.join(DATABASE_FILE))?;
                let writing = database::writing(&place).await?;
                database::migrate(&writing, &place).await?;
                writing
            }
        };
        meta::found(&writing, partnership, &master).await?;
        if let Place::Postgres(address) = &place {
            place::keep(dir, address)?;
        }
        sync_folder(dir)?;
        Store::start(dir, partnership.to_owned(), master, writing, place, lock).await
    }

    /// Opens a data folder for this process alone.
    /// Refuses one in use, one written by a newer program, and a master key that is missing, exposed or another's.
    pub async fn open(dir: &Path) -> Result<Store, StoreError> {
        let place = Place::of(dir)?.ok_or_else(|| StoreError::NotAStore(dir.to_owned()))?;
        let lock = lock(dir)?;
        let source = MasterSource::of(dir);
        let master = source.read();
        if !keys::pending(&source) {
            master.as_ref().map_err(Clone::clone)?;
        }
        let writing = database::writing(&place).await?;
        match &place {
            Place::Sqlite(_) => database::migrate(&writing, &place).await?,
            Place::Postgres(address) => {
                database::check_layout(&writing, &place).await?;
                grants::check(&writing, address).await?;
            }
        }
        let founded = meta::founded(&writing)
            .await?
            .ok_or_else(|| StoreError::NotAStore(dir.to_owned()))?;
        let master = keys::settle(dir, &source, master, &founded.master_fingerprint)?;
        if let Some(to) = meta::moved_to(&writing).await? {
            return Err(StoreError::Moved {
                from: place.name().display().to_string(),
                to,
            });
        }
        Store::start(dir, founded.partnership, master, writing, place, lock).await
    }

    async fn start(
        dir: &Path,
        partnership: String,
        master_key: Key,
        writing: AnyPool,
        place: Place,
        lock: File,
    ) -> Result<Store, StoreError> {
        let lease = match &place {
            Place::Sqlite(_) => None,
            Place::Postgres(address) => Some(Arc::new(Lease::take(address, &partnership).await?)),
        };
        let partnership_key = keys::unlock(&writing, &partnership, &master_key).await?;
        tree::catch_up(&writing, &partnership).await?;
        checkpoints::prepare(&writing, &partnership, &partnership_key).await?;
        let doubtful = forms::give_back(&writing).await?;
        let reading = database::reading(&place).await?;
        let lock = Arc::new(lock);
        let (queue, waiting) = mpsc::channel(QUEUE);
        let halt = Halt::default();
        let others = Others::default();
        let writer = Writer::new(
            writing.clone(),
            partnership.clone(),
            partnership_key.clone(),
            halt.clone(),
            match (&place, &lease) {
                (Place::Sqlite(path), _) => At::Sqlite(path.clone()),
                (Place::Postgres(_), None) => return Err(StoreError::Superseded),
                (Place::Postgres(_), Some(lease)) => At::Postgres(lease.clone()),
            },
            others.clone(),
            lock.clone(),
        );
        let turns = writer
            .spawn(waiting)
            .map_err(file("start the writer for", dir))?;
        let inner = Arc::new(Inner {
            dir: dir.to_owned(),
            partnership,
            partnership_key,
            master_key,
            reading,
            writing,
            queue,
            turns,
            files: Files::in_folder(dir)?,
            doubtful,
            place,
            halt,
            others,
            lease,
            lock,
        });
        files::keep_swept(&inner).await?;
        Ok(Store { inner })
    }

    /// The partnership whose record this is.
    pub fn partnership(&self) -> &str {
        &self.inner.partnership
    }

    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// Commits what is waiting, closes the database and frees the folder for another process.
    /// Afterwards every clone of this store answers [`StoreError::Closed`] or a database error.
    pub async fn close(&self) {
        let (done, finished) = oneshot::channel();
        if self.inner.queue.send(Job::Close(done)).await.is_ok() {
            // An error only says that the writer has already ended.
            let _ = finished.await;
        }
        self.inner.reading.close().await;
        self.inner.writing.close().await;
        if let Some(lease) = &self.inner.lease {
            lease.give_back().await;
        }
        if let Err(error) = self.inner.lock.unlock() {
            tracing::warn!(%error, "the lock of the data folder could not be given back");
        }
    }
}

/// Makes the tables in an empty database with the owner's role, and connects with the server's.
pub(crate) async fn prepare_postgres(server: &Address, owner: &str) -> Result<AnyPool, StoreError> {
    upgrade_postgres(server, &Address::read(owner)?, true).await?;
    let writing = database::writing(&Place::Postgres(server.clone())).await?;
    grants::check(&writing, server).await?;
    Ok(writing)
}

/// Brings the layout up to date with the owner's role, and gives the server's role its rights on what is new.
pub(crate) async fn upgrade_postgres(
    server: &Address,
    owner: &Address,
    fresh: bool,
) -> Result<(), StoreError> {
    if server.role() == owner.role() {
        return Err(StoreError::RoleTooStrong {
            database: server.to_string(),
            role: server.role(),
        });
    }
    let place = Place::Postgres(owner.clone());
    let pool = database::writing(&place).await?;
    let done = async {
        if fresh && meta::in_use(&pool).await? {
            return Err(StoreError::NotEmpty(server.to_string()));
        }
        database::migrate(&pool, &place).await?;
        grants::give(&pool, server).await
    }
    .await;
    pool.close().await;
    done
}

/// Brings the layout of a data folder's PostgreSQL up to date with the role that owns the tables; nobody may be using it.
/// A SQLite database needs no such step: opening it does the same.
pub async fn upgrade(dir: &Path, owner: &str) -> Result<(), StoreError> {
    let place = Place::of(dir)?.ok_or_else(|| StoreError::NotAStore(dir.to_owned()))?;
    let _lock = lock(dir)?;
    let Place::Postgres(server) = place else {
        return Ok(());
    };
    upgrade_postgres(&server, &Address::read(owner)?, false).await
}

/// Takes the folder for this process; the lock goes with the process, however that ends.
pub(crate) fn lock(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join("lock");
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(file("lock the data folder with", &path))?;
    // Whoever is just letting go has it a moment longer, and so has a child that was being started then, until it runs its own program.
    let mut tries = 0;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(fs::TryLockError::WouldBlock) if tries < 25 => tries += 1,
            Err(fs::TryLockError::WouldBlock) => return Err(StoreError::InUse(dir.to_owned())),
            Err(fs::TryLockError::Error(error)) => {
                return Err(file("lock the data folder with", &path)(error));
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// An empty file readable by its owner only; what SQLite writes beside it takes over the same permissions.
pub(crate) fn new_private_file(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(file("create the file", path))
}

/// Makes sure that new names in a folder survive a power cut.
pub(crate) fn sync_folder(dir: &Path) -> Result<(), StoreError> {
    File::open(dir)
        .and_then(|folder| folder.sync_all())
        .map_err(file("write the folder", dir))
}
