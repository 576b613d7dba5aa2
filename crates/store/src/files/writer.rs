//! A file on its way in: sealed piece by piece as it arrives, with at most one piece in memory.
//! It counts only when an entry of the record speaks of it: see [`Store::append_with_files`].

use std::fmt;

use record::Hash;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{
    Guard,
    pieces::{PIECE, Pieces, TAG},
    rows,
    shelf::Putting,
};
use crate::{
    Store, StoreError,
    key::{Key, random_handle},
    seal::{Bound, seal},
};

/// A file that is arriving. Dropped before it is finished, it leaves nothing behind.
pub struct FileWriter {
    about: FinishedFile,
    pieces: Pieces,
    putting: Box<dyn Putting>,
    waiting: Zeroizing<Vec<u8>>,
    number: u32,
    clear: Sha256,
    sealed: Sha256,
}

/// A file that lies on the shelf, whole and sealed, and waits for its entry in the record.
/// Dropped instead, it is swept away later.
pub struct FinishedFile {
    pub(super) id: String,
    pub(super) stream: String,
    pub(super) wrapped: Vec<u8>,
    pub(super) size: u64,
    pub(super) sealed_size: u64,
    pub(super) hash: Hash,
    pub(super) sealed_hash: Hash,
    pub(super) _arriving: Guard,
}

impl fmt::Debug for FileWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileWriter").field(&self.about).finish()
    }
}

impl fmt::Debug for FinishedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FinishedFile")
            .field("id", &self.id)
            .field("stream", &self.stream)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl FinishedFile {
    /// Its id, by which it is read again: 32 hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it was begun for this stream.
    pub(crate) fn is_of(&self, stream: &str) -> bool {
        self.stream == stream
    }

    /// How many bytes it has in clear.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// SHA-256 of it in clear. It tells anyone who holds a copy that this is the same file: keep it sealed.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// SHA-256 of its sealed bytes as they lie on the shelf.
    pub fn sealed_hash(&self) -> Hash {
        self.sealed_hash
    }
}

impl Store {
    /// Begins a file that is to belong to a stream, which must have entries.
    /// The stream's own entries say who may do so: nothing counts before [`Store::append_with_files`], which asks for a permit.
    pub async fn begin_file(&self, stream: &str) -> Result<FileWriter, StoreError> {
        let stream_key = rows::stream_key(&self.inner, stream).await?;
        let (key, id) = (Key::random()?, random_handle()?);
        let partnership = self.partnership();
        let bound = Bound::FileKey {
            partnership,
            stream,
            file: &id,
        };
        let wrapped = seal(&stream_key, &bound, key.bytes())?.joined();
        let (pieces, head) = Pieces::begin(&key, partnership, stream, &id)?;
        let arriving = self.inner.files.arriving.enter(&id);
        let mut writer = FileWriter {
            putting: self.inner.files.shelf.put(&id).await?,
            about: FinishedFile {
                id,
                stream: stream.to_owned(),
                wrapped,
                size: 0,
                sealed_size: 0,
                hash: Hash([0; 32]),
                sealed_hash: Hash([0; 32]),
                _arriving: arriving,
            },
            pieces,
            waiting: Zeroizing::new(Vec::with_capacity(PIECE + TAG)),
            number: 0,
            clear: Sha256::new(),
            sealed: Sha256::new(),
        };
        writer.put(&head).await?;
        Ok(writer)
    }

    /// Takes a finished file away at once, where it is known that no entry will speak of it.
    pub async fn discard_file(&self, finished: FinishedFile) -> Result<(), StoreError> {
        self.inner.files.shelf.delete(&finished.id).await
    }
}

impl FileWriter {
    /// Adds bytes. After an error the file is lost and has to be sent again.
    pub async fn write(&mut self, mut clear: &[u8]) -> Result<(), StoreError> {
        self.about.size += clear.len() as u64;
        self.clear.update(clear);
        while !clear.is_empty() {
            // A full piece is sealed only when more follows: the last one is sealed as the last.
            if self.waiting.len() == PIECE {
                self.seal_waiting(false).await?;
            }
            let taken = clear.len().min(PIECE - self.waiting.len());
            self.waiting.extend_from_slice(&clear[..taken]);
            clear = &clear[taken..];
        }
        Ok(())
    }

    /// How many bytes in clear have arrived.
    pub fn size(&self) -> u64 {
        self.about.size
    }

    /// Seals what is left as the last piece, and answers when the whole lies on the shelf and survives a power cut.
    pub async fn finish(mut self) -> Result<FinishedFile, StoreError> {
        self.seal_waiting(true).await?;
        let FileWriter {
            mut about,
            putting,
            clear,
            sealed,
            ..
        } = self;
        putting.finish().await?;
        about.hash = Hash(clear.finalize().into());
        about.sealed_hash = Hash(sealed.finalize().into());
        Ok(about)
    }

    async fn seal_waiting(&mut self, last: bool) -> Result<(), StoreError> {
        let mut piece = std::mem::take(&mut *self.waiting);
        self.pieces.seal(self.number, last, &mut piece)?;
        self.number = self
            .number
            .checked_add(1)
            .ok_or_else(|| StoreError::Unfit {
                doing: "seal a file",
                why: "it is too large".to_owned(),
            })?;
        self.put(&piece).await?;
        // What stood there in clear was sealed in its place; the room is used again.
        piece.clear();
        *self.waiting = piece;
        Ok(())
    }

    async fn put(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.sealed.update(bytes);
        self.about.sealed_size += bytes.len() as u64;
        self.putting.write(bytes).await
    }
}
