//! Restoring a backup: every byte is checked before anything is written to its place, and only into an empty or new folder.
//! Sign-ins are not restored: everyone signs in again.

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use record::Verified;
use zeroize::Zeroizing;

use crate::{
    StoreError,
    backup::parent,
    database::{self, DATABASE_FILE},
    dump::{self, Identities, Opened, Wanted},
    error::{file, sql},
    files,
    key::{Key, MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE},
    keys, meta,
    place::{self, Address, DatabaseAt, Place},
    store::{prepare_postgres, sync_folder},
    transfer, tree,
    verify::verify,
};

/// The folder inside the target in which a restore is prepared.
const UNFINISHED: &str = "restore.unfinished";

/// The tables whose rows are not restored: who was signed in or invited, and which forms were sent.
pub(crate) const FORGOTTEN: [&str; 5] = [
    "session",
    "used_form",
    "half_signed_in",
    "attempt",
    "invitation",
];

/// How a backup is to be restored.
#[derive(Clone)]
pub struct Restore {
    /// What opens it, when it is sealed.
    pub identities: Identities,
    /// Where the database goes: into the folder, or to an empty PostgreSQL.
    pub database: DatabaseAt,
    /// The last entry of the record to be restored; all of them when none is said.
    pub to_entry: Option<u64>,
    /// The partnership whose backup it must be.
    pub partnership: Option<String>,
}

impl Default for Restore {
    fn default() -> Restore {
        Restore {
            identities: Identities::default(),
            database: DatabaseAt::Folder,
            to_entry: None,
            partnership: None,
        }
    }
}

/// A backup that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Whose it is.
    pub partnership: String,
    /// How far the record goes, as verified before it was restored.
    pub verified: Verified,
    /// How many entries the backup has; more than were restored when an earlier moment was asked for.
    pub in_backup: u64,
    /// Whether the master key is in the folder; if not, put `master.key` into it before opening it.
    pub with_key: bool,
}

/// Restores a backup into a new or empty folder.
/// Refuses an altered, cut off or incomplete backup before touching anything, and a folder that holds anything.
pub async fn restore(from: &Path, into: &Path) -> Result<Restored, StoreError> {
    restore_as(from, into, &Restore::default()).await
}

/// Restores a backup into a new folder, or one that holds nothing but its master key; see [`Restore`].
pub async fn restore_as(from: &Path, into: &Path, how: &Restore) -> Result<Restored, StoreError> {
    let there = into.exists();
    if there && !is_free(into)? {
        return Err(StoreError::TargetInUse(into.to_owned()));
    }
    let partial = into.join(UNFINISHED);
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(file("remove the unfinished restore", &partial))?;
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&partial)
        .map_err(file("create the folder", &partial))?;
    let restored = prepare_and_place(from, into, &partial, how).await;
    if restored.is_err() {
        let left = fs::remove_dir_all(&partial).and_then(|()| match there {
            true => Ok(()),
            false => fs::remove_dir(into),
        });
        if let Err(left) = left {
            tracing::warn!(error = %left, "an unfinished restore could not be removed");
        }
    }
    restored
}

async fn prepare_and_place(
    from: &Path,
    into: &Path,
    partial: &Path,
    how: &Restore,
) -> Result<Restored, StoreError> {
    let opened = dump::open(from, &how.identities, Wanted::All(partial))?;
    let about = &opened.manifest;
    if let Some(expected) = &how.partnership
        && *expected != about.partnership
    {
        return Err(bad(
            from,
            format!(
                "it is a backup of `{}`, not of `{expected}`",
                about.partnership
            ),
        ));
    }
    let (mut verified, mut key) = check_record(from, partial, &opened).await?;
    if let Some(there) = key_there(into)? {
        let resting = database::resting(&partial.join(DATABASE_FILE)).await?;
        let fits = fits(from, &resting, &about.partnership, &there, verified).await;
        resting.close().await;
        key = Some(fits?);
    }
    if let Some(entries) = how.to_entry.filter(|entries| *entries != about.entries) {
        if entries == 0 || entries > about.entries {
            return Err(bad(
                from,
                format!(
                    "it has the entries 1 to {}, and no entry {entries}",
                    about.entries
                ),
            ));
        }
        dump::cut(partial, &about.partnership, entries).await?;
        let resting = database::resting(&partial.join(DATABASE_FILE)).await?;
        let again = verify(&resting, &about.partnership, key.as_ref()).await;
        let wanted = files::wanted(&resting, &about.partnership).await;
        resting.close().await;
        verified = again?;
        keep_only(partial, &wanted?)?;
    }
    place_all(
        into,
        partial,
        &how.database,
        &about.partnership,
        key.as_ref(),
    )
    .await?;
    Ok(Restored {
        partnership: about.partnership.clone(),
        verified,
        in_backup: about.entries,
        with_key: [MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE]
            .iter()
            .any(|name| into.join(name).exists()),
    })
}

/// The key that opens the record, from the master key that lies in the target already, which must be this backup's.
async fn fits(
    from: &Path,
    resting: &sqlx::AnyPool,
    partnership: &str,
    master: &Key,
    verified: Verified,
) -> Result<Key, StoreError> {
    let founded = meta::founded(resting).await?;
    if founded.is_none_or(|founded| founded.master_fingerprint != master.fingerprint()) {
        return Err(bad(
            from,
            "the master key in the folder is another partnership's, or another than the backup was made with".to_owned(),
        ));
    }
    let key = keys::held(resting, partnership, master).await?;
    match verify(resting, partnership, Some(&key)).await {
        Ok(again) if again == verified => Ok(key),
        Ok(_) => Err(bad(from, "it changed while it was read".to_owned())),
        Err(error) => Err(bad(from, error.to_string())),
    }
}

/// The master key that lies in a folder in clear, if one does.
fn key_there(folder: &Path) -> Result<Option<Key>, StoreError> {
    let path = folder.join(MASTER_KEY_FILE);
    if !path.exists() {
        return Ok(None);
    }
    let text = Zeroizing::new(fs::read(&path).map_err(file("read the master key", &path))?);
    keys::open_key_text(&path, &text).map(Some)
}

/// Whether nothing is in a folder but, perhaps, its master key and a restore that was cut short.
fn is_free(folder: &Path) -> Result<bool, StoreError> {
    let failed = file("look into", folder);
    for item in fs::read_dir(folder).map_err(&failed)? {
        let name = item.map_err(&failed)?.file_name();
        if ![UNFINISHED, MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE]
            .iter()
            .any(|free| name == *free)
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes the files that belong to later entries.
fn keep_only(partial: &Path, wanted: &[(String, record::Hash)]) -> Result<(), StoreError> {
    let folder = partial.join(files::FOLDER);
    if !folder.exists() {
        return Ok(());
    }
    let failed = file("look into", &folder);
    for item in fs::read_dir(&folder).map_err(&failed)? {
        let item = item.map_err(&failed)?;
        if !wanted.iter().any(|(id, _)| item.file_name() == id.as_str()) {
            fs::remove_file(item.path()).map_err(&failed)?;
        }
    }
    Ok(())
}

/// Moves everything in when all is whole, the database last: a folder without it is not a store.
/// The folder itself may be a mounted one and is not replaced.
async fn place_all(
    into: &Path,
    partial: &Path,
    database: &DatabaseAt,
    partnership: &str,
    key: Option<&Key>,
) -> Result<(), StoreError> {
    let folder = partial.join(files::FOLDER);
    if folder.exists() {
        sync_folder(&folder)?;
    }
    let server = match database {
        DatabaseAt::Folder => None,
        DatabaseAt::Postgres { server, owner } => {
            let address = Address::read(server)?;
            let target = prepare_postgres(&address, owner).await?;
            let filled = async {
                transfer::file_to(&partial.join(DATABASE_FILE), &target).await?;
                verify(&target, partnership, key).await
            }
            .await;
            target.close().await;
            filled?;
            Some(address)
        }
    };
    for name in [
        files::FOLDER,
        MASTER_KEY_FILE,
        MASTER_KEY_SEALED_FILE,
        DATABASE_FILE,
    ] {
        let (source, target) = (partial.join(name), into.join(name));
        let stays = name == DATABASE_FILE && server.is_some()
            // The same key lies there already.
            || name == MASTER_KEY_FILE && target.exists();
        if source.exists() && !stays {
            fs::rename(&source, &target).map_err(file("move into place", &source))?;
            sync_folder(into)?;
        }
    }
    if let Some(address) = &server {
        place::keep(into, address)?;
    }
    fs::remove_dir_all(partial).map_err(file("remove the folder", partial))?;
    sync_folder(into)?;
    sync_folder(parent(into))
}

/// Brings a copy of a database to the layout of this program, without sign-ins, and with a tree.
pub(crate) async fn prepare(database: &Path) -> Result<(), StoreError> {
    let failed = sql("forget the sign-ins of the backup");
    let pool = database::alone(database).await?;
    let done = async {
        database::migrate(&pool, &Place::Sqlite(database.to_owned())).await?;
        let mut tx = database::begin(&pool).await.map_err(&failed)?;
        for table in FORGOTTEN {
            sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}")))
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
        }
        tx.commit().await.map_err(&failed)?;
        match meta::founded(&pool).await? {
            Some(founded) => tree::catch_up(&pool, &founded.partnership).await,
            None => Ok(()),
        }
    }
    .await;
    pool.close().await;
    done
}

/// Checks the record that was taken out of a backup into `folder` against itself and against what the backup says of it.
/// Answers the key that opens it, when the backup brings its master key.
pub(crate) async fn check_record(
    from: &Path,
    folder: &Path,
    opened: &Opened,
) -> Result<(Verified, Option<Key>), StoreError> {
    let about = &opened.manifest;
    let database = folder.join(DATABASE_FILE);
    let said = |error: StoreError| match error {
        StoreError::Newer { found, known, .. } => bad(
            from,
            format!(
                "a newer Candour made it (layout {found}, this program knows {known}); restore it with that one"
            ),
        ),
        error => bad(from, crate::error::with_sources(&error)),
    };
    if let Some(more) = &about.more {
        if more.layout > database::known_layout() {
            return Err(said(StoreError::Newer {
                path: database,
                found: more.layout,
                known: database::known_layout(),
            }));
        }
        let resting = database::as_it_lies(&database).await.map_err(said)?;
        let tables = transfer::sums_in(&resting).await;
        resting.close().await;
        if tables.map_err(said)? != more.tables {
            return Err(bad(
                from,
                "its tables are not those it says it has".to_owned(),
            ));
        }
    }
    prepare(&database).await.map_err(said)?;
    let master = [MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE]
        .into_iter()
        .map(|name| folder.join(name))
        .find(|path| path.exists())
        .map(|path| {
            let text = Zeroizing::new(fs::read(&path).map_err(file("read", &path))?);
            keys::open_key_text(&path, &text).map_err(|error| match error {
                StoreError::MasterKeyMalformed(_) => {
                    bad(from, "its master key is damaged".to_owned())
                }
                other => other,
            })
        })
        .transpose()?;
    let resting = database::resting(&database).await?;
    let checked = compare(from, &resting, opened, master.as_ref()).await;
    resting.close().await;
    checked
}

async fn compare(
    from: &Path,
    resting: &sqlx::AnyPool,
    opened: &Opened,
    master: Option<&Key>,
) -> Result<(Verified, Option<Key>), StoreError> {
    let about = &opened.manifest;
    let bad = |why: &str| bad(from, why.to_owned());
    let founded = meta::founded(resting)
        .await?
        .ok_or_else(|| bad("its database does not say whose it is"))?;
    let key = match master {
        Some(master) if master.fingerprint() != founded.master_fingerprint => {
            return Err(bad("its master key belongs to another store"));
        }
        Some(master) => Some(
            keys::held(resting, &about.partnership, master)
                .await
                .map_err(|error| bad(&error.to_string()))?,
        ),
        None => None,
    };
    let verified = verify(resting, &about.partnership, key.as_ref())
        .await
        .map_err(|error| bad(&error.to_string()))?;
    files::check_listed(resting, &about.partnership, &opened.names)
        .await
        .map_err(|error| bad(&error.to_string()))?;
    let same = founded.partnership == about.partnership
        && (verified.entries, verified.last) == (about.entries, about.last);
    let root = {
        let mut connection = resting.acquire().await.map_err(sql("read the tree"))?;
        tree::edge(&mut connection, &about.partnership)
            .await?
            .root()
    };
    if !same
        || about
            .more
            .as_ref()
            .is_some_and(|more| more.tree_root != root)
    {
        return Err(bad(
            "what it says of itself and its database do not belong together",
        ));
    }
    Ok((verified, key))
}

pub(crate) fn bad(from: &Path, why: String) -> StoreError {
    StoreError::BadBackup {
        path: from.to_owned(),
        why,
    }
}
