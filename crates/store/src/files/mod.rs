//! Files of a case: each under a random key of its own, sealed in pieces, so that a large one never stands in memory whole.
//!
//! The bytes lie on a [`Shelf`]; what belongs to which case, the sealed hash and the wrapped key stand in the database,
//! written in the same transaction as the entry of the record that speaks of the file.
//! What lies on the shelf and in no such row is an upload that came to nothing, and is swept away.

mod directory;
mod kept;
mod pieces;
mod reader;
mod rows;
mod shelf;
mod sweep;
mod verify;
mod writer;

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex},
};

pub use reader::FileReader;
pub use rows::FileRow;
pub use shelf::{Later, OnShelf, Putting, Shelf};
pub use verify::{DamagedFile, FilesVerified};
pub use writer::{FileWriter, FinishedFile};

pub(crate) use directory::Directory;
pub(crate) use kept::{check_listed, listed_id, wanted};
pub(crate) use rows::insert;
pub(crate) use shelf::is_name;
pub(crate) use sweep::keep_swept;

use crate::StoreError;

/// The folder in the data folder.
pub(crate) const FOLDER: &str = "files";

/// Where the files of a store lie, and which of them are just arriving.
pub(crate) struct Files {
    pub(crate) shelf: Arc<dyn Shelf>,
    pub(crate) arriving: Arriving,
}

impl Files {
    /// The files in the data folder; what uploads left behind when the program was stopped is removed.
    pub(crate) fn in_folder(dir: &Path) -> Result<Files, StoreError> {
        Ok(Files {
            shelf: Arc::new(Directory::open(&dir.join(FOLDER))?),
            arriving: Arriving::default(),
        })
    }
}

/// The names of the files that are being written or wait for their entry: the sweep leaves them alone.
#[derive(Clone, Default)]
pub(crate) struct Arriving(Arc<Mutex<HashSet<String>>>);

impl Arriving {
    /// Enters a name until the returned guard is dropped.
    fn enter(&self, name: &str) -> Guard {
        if let Ok(mut names) = self.0.lock() {
            names.insert(name.to_owned());
        }
        Guard {
            arriving: self.clone(),
            name: name.to_owned(),
        }
    }

    /// Those that are arriving now.
    fn now(&self) -> HashSet<String> {
        self.0
            .lock()
            .map_or_else(|broken| broken.into_inner().clone(), |names| names.clone())
    }
}

/// Takes a name off the list of those arriving when dropped.
struct Guard {
    arriving: Arriving,
    name: String,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Ok(mut names) = self.arriving.0.lock() {
            names.remove(&self.name);
        }
    }
}
