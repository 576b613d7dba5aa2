//! A backup: a consistent copy of the database while it is in use, with checksums, in a folder of its own.
//! The copy holds ciphertext and wrapped keys; the master key goes with it only when asked for. It is opened and verified before it counts.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use record::{Hash, Verified, time_text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Store, StoreError,
    database::{self, DATABASE_FILE},
    error::{file, sql},
    key::{MASTER_KEY_FILE, MASTER_KEY_SEALED_FILE},
    keys,
    place::Place,
    store::{new_private_file, sync_folder},
    transfer,
    verify::verify,
};

pub(crate) const ABOUT_FILE: &str = "backup.json";
pub(crate) const SUMS_FILE: &str = "SHA256SUMS";
pub(crate) const FORMAT: &str = "candour-backup/1";

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    pub(crate) format: String,
    pub(crate) partnership: String,
    pub(crate) made_at: String,
    pub(crate) entries: u64,
    pub(crate) last: Hash,
    pub(crate) with_key: bool,
}

/// A backup that was written and verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The folder.
    pub path: PathBuf,
    /// How far the record in it goes, as verified in the copy.
    pub verified: Verified,
    /// Whether the master key is in it.
    pub with_key: bool,
}

impl Store {
    /// Copies everything to a new folder `to` while the store stays in use, then opens the copy and verifies it.
    ///
    /// The folder appears under its name only when it is whole. Without the master key (`with_key` false) the
    /// copy gives nothing away, and cannot be read without a copy of the key kept elsewhere.
    pub async fn backup(&self, to: &Path, with_key: bool) -> Result<BackedUp, StoreError> {
        if to.exists() {
            return Err(StoreError::TargetInUse(to.to_owned()));
        }
        let partial = partial_name(to)?;
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(file("remove the unfinished backup", &partial))?;
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&partial)
            .map_err(file("create the folder", &partial))?;
        match self.fill(&partial, with_key).await {
            Ok(verified) => {
                fs::rename(&partial, to).map_err(file("name the finished backup", to))?;
                sync_folder(parent(to))?;
                Ok(BackedUp {
                    path: to.to_owned(),
                    verified,
                    with_key,
                })
            }
            Err(error) => {
                if let Err(left) = fs::remove_dir_all(&partial) {
                    tracing::warn!(error = %left, "an unfinished backup could not be removed");
                }
                Err(error)
            }
        }
    }

    async fn fill(&self, folder: &Path, with_key: bool) -> Result<Verified, StoreError> {
        let copy = folder.join(DATABASE_FILE);
        self.copy_database(&copy).await?;

        let resting = database::resting(&copy).await?;
        let verified = verify(
            &resting,
            self.partnership(),
            Some(&self.inner.partnership_key),
        )
        .await;
        let files = match &verified {
            Ok(_) => self.copy_files(&resting, folder).await,
            Err(_) => Ok(Vec::new()),
        };
        resting.close().await;
        let (verified, files) = (verified?, files?);

        let about = About {
            format: FORMAT.to_owned(),
            partnership: self.partnership().to_owned(),
            made_at: time_text(Timestamp::now()),
            entries: verified.entries,
            last: verified.last,
            with_key,
        };
        let text = serde_json::to_string_pretty(&about).map_err(|error| StoreError::Unfit {
            doing: "describe the backup",
            why: error.to_string(),
        })?;
        write(&folder.join(ABOUT_FILE), format!("{text}\n").as_bytes())?;
        let mut names = vec![ABOUT_FILE, DATABASE_FILE];
        if with_key {
            let name = match keys::copy_key(self.dir(), &self.inner.master_key, folder)? {
                true => MASTER_KEY_SEALED_FILE,
                false => MASTER_KEY_FILE,
            };
            names.push(name);
        }
        let mut sums = String::new();
        for name in names {
            sums.push_str(&format!("{}  {name}\n", sum(&folder.join(name))?));
        }
        for (name, hash) in files {
            sums.push_str(&format!("{hash}  {name}\n"));
        }
        write(&folder.join(SUMS_FILE), sums.as_bytes())?;
        sync_folder(folder)?;
        Ok(verified)
    }
}

impl Store {
    /// A copy of the database as of one moment in a new SQLite file, wherever the database is.
    async fn copy_database(&self, copy: &Path) -> Result<(), StoreError> {
        if let Place::Postgres(_) = self.inner.place {
            let mut snapshot = (self.inner.reading.begin())
                .await
                .map_err(sql("copy the database"))?;
            transfer::to_file(&mut snapshot, copy).await?;
            return Ok(());
        }
        // The file must not be readable by others even while it is written; SQLite accepts an empty one.
        drop(new_private_file(copy)?);
        let name = copy.to_str().ok_or_else(|| StoreError::Unfit {
            doing: "write a backup",
            why: format!("the path `{}` is not UTF-8", copy.display()),
        })?;
        let copying = database::copying(&self.inner.dir.join(DATABASE_FILE)).await?;
        let copied = sqlx::query("VACUUM INTO $1")
            .bind(name)
            .execute(&copying)
            .await;
        copying.close().await;
        copied.map_err(sql("copy the database"))?;
        File::open(copy)
            .and_then(|copy| copy.sync_all())
            .map_err(file("write the backup", copy))
    }
}

/// SHA-256 of a file, read in pieces.
pub(crate) fn sum(path: &Path) -> Result<Hash, StoreError> {
    let failed = file("read", path);
    let mut source = File::open(path).map_err(&failed)?;
    let mut sha = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match source.read(&mut piece) {
            Ok(0) => return Ok(Hash(sha.finalize().into())),
            Ok(read) => sha.update(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// The folder that a path stands in.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The same folder beside, under the name it has while it is not whole.
pub(crate) fn partial_name(target: &Path) -> Result<PathBuf, StoreError> {
    let name = target.file_name().ok_or_else(|| StoreError::Unfit {
        doing: "write a backup",
        why: format!("`{}` is not the name of a new folder", target.display()),
    })?;
    let mut partial = name.to_owned();
    partial.push(".unfinished");
    Ok(target.with_file_name(partial))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let failed = file("write", path);
    let mut target = new_private_file(path)?;
    target.write_all(bytes).map_err(&failed)?;
    target
        .set_permissions(fs::Permissions::from_mode(0o600))
        .map_err(&failed)?;
    target.sync_all().map_err(&failed)
}
