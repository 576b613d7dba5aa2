//! Where the bytes of files lie: named heaps of ciphertext that are written once, read, and taken away.
//! A shelf knows nothing of keys, cases or people; a folder is one, a store of objects elsewhere can be another.

use std::{fmt, future::Future, pin::Pin, time::SystemTime};

use tokio::io::AsyncRead;

use crate::StoreError;

/// What a shelf answers in its own time.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Something that lies on a shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnShelf {
    /// Its name.
    pub name: String,
    /// When it was put there.
    pub since: SystemTime,
}

/// A place for sealed bytes under names of 32 hexadecimal digits.
pub trait Shelf: Send + Sync + fmt::Debug {
    /// Begins to put something under a name that is not taken. Nothing is seen under it before [`Putting::finish`].
    fn put<'a>(&'a self, name: &'a str) -> Later<'a, Box<dyn Putting>>;

    /// The bytes under a name, from the first on; `None` when nothing lies there.
    fn get<'a>(&'a self, name: &'a str) -> Later<'a, Option<Box<dyn AsyncRead + Send + Unpin>>>;

    /// Takes away what lies under a name; nothing there is no error.
    fn delete<'a>(&'a self, name: &'a str) -> Later<'a, ()>;

    /// Everything that was finished and lies here.
    fn list(&self) -> Later<'_, Vec<OnShelf>>;
}

/// Something that is being put on a shelf. Dropped before it is finished, it leaves nothing.
pub trait Putting: Send {
    /// Adds bytes at the end.
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> Later<'a, ()>;

    /// Answers when everything is where a power cut cannot take it, and is seen under its name.
    fn finish(self: Box<Self>) -> Later<'static, ()>;
}

/// Whether a name is one of ours; everything else is refused, so that no name leads out of the shelf.
pub(crate) fn is_name(name: &str) -> bool {
    name.len() == 32
        && name
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The refusal of a name that is not one of ours.
pub(crate) fn check(name: &str) -> Result<(), StoreError> {
    if is_name(name) {
        Ok(())
    } else {
        Err(StoreError::Unfit {
            doing: "look for a file",
            why: "that is not the name of one".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_lead_elsewhere_is_none_of_ours() {
        assert!(is_name("0123456789abcdef0123456789abcdef"));
        for wrong in [
            "",
            "..",
            "../master.key",
            "/etc/passwd",
            "0123456789abcdef0123456789abcde",
            "0123456789abcdef0123456789abcdef.part",
            "0123456789ABCDEF0123456789ABCDEF",
            "0123456789abcdef/../0123456789ab",
            "0123456789abcdef0123456789abcde\0",
        ] {
            assert!(!is_name(wrong), "{wrong}");
            assert!(check(wrong).is_err());
        }
    }
}
