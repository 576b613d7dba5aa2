//! Files in a backup: copied as they lie, sealed, each against the hash that was written down when it was kept;
//! and the check that a backup brings every file its database speaks of.

use std::{collections::HashMap, fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path};

use record::Hash;
use sha2::{Digest, Sha256};
use sqlx::{AnyPool, Row};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{FOLDER, shelf};
use crate::{
    Store, StoreError,
    error::{file, sql},
    row::unreadable,
    store::{new_private_file, sync_folder},
};

/// The name under which a backup lists a file; `None` when the name is no such one.
pub(crate) fn listed_id(name: &str) -> Option<&str> {
    name.strip_prefix(FOLDER)?
        .strip_prefix('/')
        .filter(|id| shelf::is_name(id))
}

impl Store {
    /// Copies every file that a copied database speaks of into the folder of that backup, and answers their names and hashes.
    pub(crate) async fn copy_files(
        &self,
        copied: &AnyPool,
        backup: &Path,
    ) -> Result<Vec<(String, Hash)>, StoreError> {
        let folder = backup.join(FOLDER);
        let wanted = wanted(copied, self.partnership()).await?;
        let mut names = Vec::with_capacity(wanted.len());
        if wanted.is_empty() {
            return Ok(names);
        }
        DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(file("create the folder", &folder))?;
        for (id, expected) in wanted {
            match self.copy_one(&id, &folder.join(&id)).await? {
                Some(hash) if hash == expected => names.push((format!("{FOLDER}/{id}"), hash)),
                found => {
                    let why = match found {
                        Some(_) => "its bytes have been altered",
                        None => "it is missing from the folder of files",
                    };
                    return Err(unreadable(format!("the file `{id}`"), why.to_owned()));
                }
            }
        }
        sync_folder(&folder)?;
        Ok(names)
    }

    async fn copy_one(&self, id: &str, to: &Path) -> Result<Option<Hash>, StoreError> {
        let failed = file("write the backup", to);
        let Some(mut source) = self.inner.files.shelf.get(id).await? else {
            return Ok(None);
        };
        let mut target = tokio::fs::File::from_std(new_private_file(to)?);
        let mut piece = vec![0; 1 << 18];
        let mut sha = Sha256::new();
        loop {
            let read = source.read(&mut piece).await.map_err(&failed)?;
            if read == 0 {
                break;
            }
            sha.update(&piece[..read]);
            target.write_all(&piece[..read]).await.map_err(&failed)?;
        }
        target.flush().await.map_err(&failed)?;
        target.sync_all().await.map_err(&failed)?;
        Ok(Some(Hash(sha.finalize().into())))
    }
}

/// Refuses a backup that does not bring every file its database speaks of; the error says which is missing.
pub(crate) async fn check_listed(
    copied: &AnyPool,
    partnership: &str,
    names: &[(String, Hash)],
) -> Result<(), StoreError> {
    let listed: HashMap<&str, Hash> = names
        .iter()
        .filter_map(|(name, hash)| Some((listed_id(name)?, *hash)))
        .collect();
    for (id, expected) in wanted(copied, partnership).await? {
        if listed.get(id.as_str()) != Some(&expected) {
            return Err(unreadable(
                format!("the file `{id}`"),
                "it is missing from the backup, or is another".to_owned(),
            ));
        }
    }
    Ok(())
}

/// The files a copied database (always SQLite) speaks of and that were not destroyed, with their hashes.
pub(crate) async fn wanted(
    copied: &AnyPool,
    partnership: &str,
) -> Result<Vec<(String, Hash)>, StoreError> {
    let failed = sql("list the files of the backup");
    // A backup made before there were files has no table of them.
    let table = sqlx::query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'file'")
        .fetch_optional(copied)
        .await
        .map_err(&failed)?;
    if table.is_none() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(
        "SELECT f.id, f.sealed_hash FROM file f LEFT JOIN destroyed_key d ON d.key_id = f.id \
         WHERE f.partnership = $1 AND d.key_id IS NULL ORDER BY f.id",
    )
    .bind(partnership)
    .fetch_all(copied)
    .await
    .map_err(&failed)?;
    rows.iter()
        .map(|row| {
            let id: String = row.try_get(0).map_err(&failed)?;
            let hash: Vec<u8> = row.try_get(1).map_err(&failed)?;
            match hash.try_into() {
                Ok(hash) => Ok((id, Hash(hash))),
                Err(_) => Err(unreadable(
                    format!("the file `{id}`"),
                    "its hash is not 32 bytes long".to_owned(),
                )),
            }
        })
        .collect()
}
