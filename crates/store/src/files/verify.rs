//! The check of every file as it lies on the shelf: is it there, is it as long, are its bytes those that were hashed,
//! does its key open. It reads every byte and decrypts none.

use std::{collections::HashMap, sync::Arc};

use record::Hash;
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

use super::{FileRow, rows};
use crate::{
    Store, StoreError,
    key::Key,
    seal::{Bound, Sealed, open},
    store::Inner,
};

/// How the files are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesVerified {
    /// How many are whole.
    pub whole: u64,
    /// How many bytes those have on the shelf.
    pub bytes: u64,
    /// How many were destroyed, so that only the record speaks of them.
    pub destroyed: u64,
    /// Those that are not as they should be.
    pub damaged: Vec<DamagedFile>,
}

/// A file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedFile {
    /// Its id.
    pub id: String,
    /// The stream it belongs to.
    pub stream: String,
    /// The position of the entry that speaks of it.
    pub position: u64,
    /// What is wrong.
    pub why: String,
}

impl Store {
    /// Checks every file against what was written down when it was kept. Goes on after one that is damaged, to name them all.
    pub async fn verify_files(&self) -> Result<FilesVerified, StoreError> {
        let mut verified = FilesVerified::default();
        let mut keys: HashMap<String, Option<Key>> = HashMap::new();
        let mut last = String::new();
        loop {
            let files = rows::after(&self.inner, &last).await?;
            let Some((end, _)) = files.last() else {
                return Ok(verified);
            };
            last.clone_from(&end.id);
            for (file, wrapped) in files {
                let why = match (file.destroyed, wrapped) {
                    (true, None) => {
                        verified.destroyed += 1;
                        continue;
                    }
                    (true, Some(_)) => {
                        Some("its key is said to be destroyed and is still there".to_owned())
                    }
                    (false, None) => Some(
                        "its key is missing, and no destruction of it is written down".to_owned(),
                    ),
                    (false, Some(wrapped)) => {
                        if !keys.contains_key(&file.stream) {
                            let key = rows::stream_key(&self.inner, &file.stream).await.ok();
                            keys.insert(file.stream.clone(), key);
                        }
                        let key = keys.get(&file.stream).and_then(Option::as_ref);
                        if key.is_some_and(|key| self.opens(key, &file, &wrapped)) {
                            wrong_bytes(&self.inner, &file).await?
                        } else {
                            Some(
                                "its key does not open; the key has been altered or moved"
                                    .to_owned(),
                            )
                        }
                    }
                };
                match why {
                    None => {
                        verified.whole += 1;
                        verified.bytes += file.sealed_size;
                    }
                    Some(why) => verified.damaged.push(DamagedFile {
                        id: file.id,
                        stream: file.stream,
                        position: file.position,
                        why,
                    }),
                }
            }
        }
    }

    fn opens(&self, key: &Key, file: &FileRow, wrapped: &[u8]) -> bool {
        let bound = Bound::FileKey {
            partnership: self.partnership(),
            stream: &file.stream,
            file: &file.id,
        };
        Sealed::split(wrapped)
            .and_then(|wrapped| open(key, &bound, &wrapped))
            .is_some()
    }
}

/// What is wrong with the bytes on the shelf, if anything.
async fn wrong_bytes(inner: &Arc<Inner>, file: &FileRow) -> Result<Option<String>, StoreError> {
    let Some(mut source) = inner.files.shelf.get(&file.id).await? else {
        return Ok(Some("it is missing from the folder of files".to_owned()));
    };
    let mut piece = vec![0; 1 << 18];
    let (mut sha, mut size) = (Sha256::new(), 0);
    loop {
        match source.read(&mut piece).await {
            Ok(0) => break,
            Ok(read) => {
                sha.update(&piece[..read]);
                size += read as u64;
            }
            Err(error) => return Ok(Some(format!("it cannot be read ({error})"))),
        }
    }
    if size != file.sealed_size {
        return Ok(Some(format!(
            "it is {size} bytes long where {} were put",
            file.sealed_size
        )));
    }
    if Hash(sha.finalize().into()) != file.sealed_hash {
        return Ok(Some("its bytes have been altered".to_owned()));
    }
    Ok(None)
}
