//! Restoring a backup: every byte is checked before anything is written, and only into an empty or new folder.
//! Sign-ins are not restored: everyone signs in again.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

use record::{Hash, Verified};
use zeroize::Zeroizing;

use crate::{
    StoreError,
    backup::{ABOUT_FILE, About, FORMAT, SUMS_FILE, parent, sum},
    database::{self, DATABASE_FILE},
    error::{file, sql},
    files,
    key::{Key, MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE},
    keys, meta,
    store::{new_private_file, sync_folder},
    verify::verify,
};

/// The folder inside the target in which a restore is prepared.
const UNFINISHED: &str = "restore.unfinished";

/// A backup that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How far the record goes, as verified before it was restored.
    pub verified: Verified,
    /// Whether the master key came with it; if not, put `master.key` into the folder before opening it.
    pub with_key: bool,
}

/// Restores a backup into a new or empty folder.
/// Refuses an altered, cut off or incomplete backup before touching anything, and a folder that holds anything.
pub async fn restore(from: &Path, into: &Path) -> Result<Restored, StoreError> {
    let (about, names, master) = check_files(from)?;
    let verified = check_record(from, &about, &names, master.as_ref()).await?;
    if into.exists() && !is_empty(into)? {
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
    let placed = place(from, into, &partial, &names).await;
    if placed.is_err()
        && let Err(left) = fs::remove_dir_all(&partial)
    {
        tracing::warn!(error = %left, "an unfinished restore could not be removed");
    }
    placed?;
    Ok(Restored {
        verified,
        with_key: about.with_key,
    })
}

/// Whether nothing is in a folder but, perhaps, a restore that was cut short.
fn is_empty(folder: &Path) -> Result<bool, StoreError> {
    let failed = file("look into", folder);
    for item in fs::read_dir(folder).map_err(&failed)? {
        if item.map_err(&failed)?.file_name() != UNFINISHED {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Copies the files beside their places and moves them in when all are whole, the database last:
/// a folder without it is not a store. The folder itself may be a mounted one and is not replaced.
async fn place(
    from: &Path,
    into: &Path,
    partial: &Path,
    names: &[(String, Hash)],
) -> Result<(), StoreError> {
    let folder = partial.join(files::FOLDER);
    if names
        .iter()
        .any(|(name, _)| files::listed_id(name).is_some())
    {
        DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(file("create the folder", &folder))?;
    }
    for (name, expected) in names.iter().filter(|(name, _)| name != ABOUT_FILE) {
        let target = partial.join(name);
        copy(&from.join(name), &target)?;
        if sum(&target)? != *expected {
            return Err(bad(from, format!("`{name}` changed while it was copied")));
        }
    }
    if folder.exists() {
        sync_folder(&folder)?;
    }
    forget_sign_ins(&partial.join(DATABASE_FILE)).await?;
    for name in [
        files::FOLDER,
        MASTER_KEY_FILE,
        MASTER_KEY_SEALED_FILE,
        DATABASE_FILE,
    ] {
        let source = partial.join(name);
        if source.exists() {
            fs::rename(&source, into.join(name)).map_err(file("move into place", &source))?;
            sync_folder(into)?;
        }
    }
    fs::remove_dir_all(partial).map_err(file("remove the folder", partial))?;
    sync_folder(into)?;
    sync_folder(parent(into))
}

type Files = (About, Vec<(String, Hash)>, Option<Key>);

/// Checks every file against its checksum, without opening the database.
fn check_files(from: &Path) -> Result<Files, StoreError> {
    let sums = fs::read_to_string(from.join(SUMS_FILE)).map_err(|error| {
        bad(
            from,
            format!("its list of checksums `{SUMS_FILE}` cannot be read ({error})"),
        )
    })?;
    let mut names = Vec::new();
    for line in sums.lines() {
        let (digits, name) = line
            .split_once("  ")
            .ok_or_else(|| bad(from, format!("`{SUMS_FILE}` is damaged")))?;
        let expected =
            Hash::from_hex(digits).map_err(|_| bad(from, format!("`{SUMS_FILE}` is damaged")))?;
        if ![
            ABOUT_FILE,
            DATABASE_FILE,
            MASTER_KEY_FILE,
            MASTER_KEY_SEALED_FILE,
        ]
        .contains(&name)
            && files::listed_id(name).is_none()
        {
            return Err(bad(
                from,
                format!("`{SUMS_FILE}` lists `{name}`, which is no part of a backup"),
            ));
        }
        match sum(&from.join(name)) {
            Ok(found) if found == expected => names.push((name.to_owned(), expected)),
            Ok(_) => return Err(bad(from, format!("`{name}` has been altered or cut off"))),
            Err(_) => return Err(bad(from, format!("`{name}` is missing or cannot be read"))),
        }
    }
    let listed = |name: &str| names.iter().any(|(listed, _)| listed == name);
    if !sums.ends_with('\n') || !listed(ABOUT_FILE) || !listed(DATABASE_FILE) {
        return Err(bad(from, format!("`{SUMS_FILE}` is cut off")));
    }
    let text = fs::read(from.join(ABOUT_FILE)).map_err(file("read", &from.join(ABOUT_FILE)))?;
    let about: About = serde_json::from_slice(&text)
        .map_err(|error| bad(from, format!("`{ABOUT_FILE}` is damaged ({error})")))?;
    if about.format != FORMAT {
        return Err(bad(
            from,
            format!(
                "its format is `{}`, this program knows `{FORMAT}`",
                about.format
            ),
        ));
    }
    let key_file = [MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE]
        .into_iter()
        .find(|name| listed(name));
    if about.with_key != key_file.is_some() {
        return Err(bad(
            from,
            "the master key is missing from it, or was added to it".to_owned(),
        ));
    }
    let master = key_file
        .map(|name| {
            let path = from.join(name);
            let text = Zeroizing::new(fs::read(&path).map_err(file("read", &path))?);
            keys::open_key_text(&path, &text).map_err(|error| match error {
                StoreError::MasterKeyMalformed(_) => {
                    bad(from, "its master key is damaged".to_owned())
                }
                other => other,
            })
        })
        .transpose()?;
    Ok((about, names, master))
}

/// Checks the record in the backup against itself and against what the backup says of it.
async fn check_record(
    from: &Path,
    about: &About,
    names: &[(String, Hash)],
    master: Option<&Key>,
) -> Result<Verified, StoreError> {
    let resting = database::resting(&from.join(DATABASE_FILE)).await?;
    let founded = meta::founded(&resting).await;
    let opening = match (master, &founded) {
        (Some(master), Ok(Some(founded))) if master.fingerprint() == founded.master_fingerprint => {
            Some(keys::held(&resting, &about.partnership, master).await)
        }
        (master, _) => master.cloned().map(Ok),
    };
    let verified = match opening.transpose() {
        Ok(opening) => verify(&resting, &about.partnership, opening.as_ref()).await,
        Err(error) => Err(error),
    };
    let brought = files::check_listed(&resting, &about.partnership, names).await;
    resting.close().await;
    let verified = verified.map_err(|error| bad(from, error.to_string()))?;
    brought.map_err(|error| bad(from, error.to_string()))?;
    let founded =
        founded?.ok_or_else(|| bad(from, "its database does not say whose it is".to_owned()))?;
    if founded.partnership != about.partnership
        || (verified.entries, verified.last) != (about.entries, about.last)
    {
        return Err(bad(
            from,
            format!("`{ABOUT_FILE}` and the database do not belong together"),
        ));
    }
    if master.is_some_and(|master| master.fingerprint() != founded.master_fingerprint) {
        return Err(bad(
            from,
            "its master key belongs to another store".to_owned(),
        ));
    }
    Ok(verified)
}

async fn forget_sign_ins(database: &Path) -> Result<(), StoreError> {
    let failed = sql("forget the sign-ins of the backup");
    let pool = database::alone(database).await?;
    let mut tx = database::begin(&pool).await.map_err(&failed)?;
    for query in ["DELETE FROM session", "DELETE FROM used_form"] {
        sqlx::query(query)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
    }
    tx.commit().await.map_err(&failed)?;
    pool.close().await;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let failed = file("copy the backup to", to);
    let mut source = fs::File::open(from).map_err(&failed)?;
    let mut target = new_private_file(to)?;
    io::copy(&mut source, &mut target).map_err(&failed)?;
    target
        .set_permissions(fs::Permissions::from_mode(0o600))
        .map_err(&failed)?;
    target.sync_all().map_err(&failed)
}

fn bad(from: &Path, why: String) -> StoreError {
    StoreError::BadBackup {
        path: from.to_owned(),
        why,
    }
}
