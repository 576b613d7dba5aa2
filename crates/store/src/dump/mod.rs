//! A backup in one file: `candour-backup/2`, a tar file sealed with age for those who may open it.
//! Inside are what it says of itself, a copy of the database as of one moment, the sealed files, and the sum of each;
//! `age --decrypt` and `tar` take it apart without this program. Described in `docs/guide/backup.md`.

mod beside;
mod envelope;
mod moment;
mod open;
mod tar;
mod write;

use record::Hash;
use serde::{Deserialize, Serialize};

use crate::TableSum;

pub use beside::dump;
pub use envelope::{Identities, Recipients};
pub use open::{CheckedBackup, check_backup};
pub use write::{BackUp, Written, back_up};

pub(crate) use moment::cut;
pub(crate) use open::{Opened, Wanted, open};

/// What a backup in one file calls itself.
pub(crate) const FORMAT: &str = "candour-backup/2";

/// What a backup says about itself. The fields that only the newer format has are missing in `candour-backup/1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) format: String,
    pub(crate) partnership: String,
    pub(crate) made_at: String,
    pub(crate) entries: u64,
    pub(crate) last: Hash,
    pub(crate) with_key: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) more: Option<More>,
}

/// What the newer format says besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct More {
    /// The program that made it.
    pub(crate) program: String,
    /// The layout of the database in it.
    pub(crate) layout: i64,
    /// The root of the tree over the entries.
    pub(crate) tree_root: Hash,
    /// The last checkpoint that was given out, a signed note.
    pub(crate) checkpoint: Option<String>,
    /// How many sealed files it brings.
    pub(crate) files: u64,
    /// What each table holds: how many rows, and the sum over them.
    pub(crate) tables: Vec<TableSum>,
}
