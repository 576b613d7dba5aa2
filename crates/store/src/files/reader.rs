//! A file on its way out: opened piece by piece, each proved before it is handed on.

use std::fmt;

use tokio::io::{AsyncRead, AsyncReadExt};
use zeroize::Zeroizing;

use super::{
    pieces::{HEAD, Pieces, TAG},
    rows,
};
use crate::{
    Store, StoreError,
    key::Key,
    row::unreadable,
    seal::{Bound, Sealed, open},
};

/// A file that is being read.
pub struct FileReader {
    id: String,
    size: u64,
    given: u64,
    pieces: Pieces,
    source: Box<dyn AsyncRead + Send + Unpin>,
    ahead: Vec<u8>,
    number: u32,
    done: bool,
}

impl fmt::Debug for FileReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileReader")
            .field("id", &self.id)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a file of a stream for reading. [`StoreError::NoSuchFile`] when that stream has none with this id,
    /// [`StoreError::FileDestroyed`] when its key was destroyed.
    pub async fn read_file(&self, stream: &str, id: &str) -> Result<FileReader, StoreError> {
        let partnership = self.partnership();
        let (row, wrapped) = rows::one(&self.inner, stream, id)
            .await?
            .ok_or_else(|| StoreError::NoSuchFile(id.to_owned()))?;
        let wrong = |why: &str| unreadable(format!("the file `{id}`"), why.to_owned());
        let wrapped = match (wrapped, row.destroyed) {
            (Some(wrapped), false) => wrapped,
            (None, true) => return Err(StoreError::FileDestroyed(id.to_owned())),
            (None, false) => {
                return Err(wrong(
                    "its key is missing, and no destruction of it is written down",
                ));
            }
            (Some(_), true) => {
                return Err(wrong("its key is said to be destroyed and is still there"));
            }
        };
        let stream_key = rows::stream_key(&self.inner, stream).await?;
        let bound = Bound::FileKey {
            partnership,
            stream,
            file: id,
        };
        let key = Sealed::split(&wrapped)
            .and_then(|wrapped| open(&stream_key, &bound, &wrapped))
            .and_then(|bytes| Key::from_bytes(&bytes))
            .ok_or_else(|| wrong("its key does not open; the key has been altered or moved"))?;
        let mut source = self
            .inner
            .files
            .shelf
            .get(id)
            .await?
            .ok_or_else(|| wrong("it is missing from the folder of files"))?;
        let mut head = [0; HEAD];
        source
            .read_exact(&mut head)
            .await
            .map_err(|_| wrong("it is cut off"))?;
        let pieces = Pieces::read(&key, &head, partnership, stream, id)
            .ok_or_else(|| wrong("its heading has been altered"))?;
        Ok(FileReader {
            id: id.to_owned(),
            size: row.size,
            given: 0,
            ahead: Vec::with_capacity(pieces.length + TAG + 1),
            pieces,
            source,
            number: 0,
            done: false,
        })
    }
}

impl FileReader {
    /// How many bytes it has in clear.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The next piece, proved to be what was put there; `None` after the last.
    /// An error means that the file is damaged from here on: what was handed on before is right, but not the whole.
    pub async fn next(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        if self.done {
            return Ok(None);
        }
        let wrong = |why: String| unreadable(format!("the file `{}`", self.id), why);
        let full = self.pieces.length + TAG;
        // One byte more than a piece tells whether another follows.
        while self.ahead.len() <= full {
            let missing = (full + 1 - self.ahead.len()) as u64;
            let read = (&mut self.source)
                .take(missing)
                .read_buf(&mut self.ahead)
                .await
                .map_err(|error| wrong(error.to_string()))?;
            if read == 0 {
                break;
            }
        }
        let last = self.ahead.len() <= full;
        let piece = &self.ahead[..self.ahead.len().min(full)];
        let clear = self.pieces.open(self.number, last, piece).ok_or_else(|| {
            wrong("it does not open; it has been altered, moved or cut off".to_owned())
        })?;
        self.given += clear.len() as u64;
        if self.given > self.size || (last && self.given != self.size) {
            return Err(wrong(
                "it is not as long as it was when it was put there".to_owned(),
            ));
        }
        if last {
            self.done = true;
            self.ahead.clear();
        } else {
            self.ahead.drain(..full);
            self.number = self
                .number
                .checked_add(1)
                .ok_or_else(|| wrong("it is too long".to_owned()))?;
        }
        Ok(Some(clear))
    }
}
