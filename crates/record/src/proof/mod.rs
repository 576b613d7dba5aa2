//! Proofs as they are handed out: each is JSON, and each is checked with a checkpoint and nothing else.
//! A single entry, the way from one checkpoint to another, and a whole [bundle](Manifest) of entries and documents.

mod bundle;
mod entry;
mod manifest;

pub use bundle::{Bundle, BundleError, BundleHolds, File, check_bundle};
pub use entry::{EntryFields, NotShown, Shown, ShownEntry};
pub use manifest::{
    BUNDLE_FORMAT, DocumentLine, EarlierCheckpoint, EntriesLine, Manifest, StreamLine, seal_text,
    sign_manifest,
};

use serde::{Deserialize, Serialize};

use crate::{
    Hash,
    tree::{
        Nodes, TreeError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion,
    },
};

/// That the entry at a position is in a log of some size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// The position of the entry; the first is 1.
    pub position: u64,
    /// How many entries the log has.
    pub size: u64,
    /// The hashes that lead from the entry to the root, its neighbour first.
    pub hashes: Vec<Hash>,
}

impl InclusionProof {
    /// Makes the proof for the entry at `position` (from 1) in the log of the first `size` entries.
    pub fn new(
        position: u64,
        size: u64,
        nodes: &(impl Nodes + ?Sized),
    ) -> Result<InclusionProof, TreeError> {
        let leaf = position.checked_sub(1).ok_or(TreeError::LeafOutside {
            leaf: u64::MAX,
            size,
        })?;
        Ok(InclusionProof {
            position,
            size,
            hashes: inclusion_proof(leaf, size, nodes)?,
        })
    }

    /// Checks that an entry with this hash is at that position of the log with this root.
    pub fn check(&self, entry: &Hash, root: &Hash) -> Result<(), TreeError> {
        let leaf = self.position.checked_sub(1).ok_or(TreeError::LeafOutside {
            leaf: u64::MAX,
            size: self.size,
        })?;
        verify_inclusion(entry, leaf, self.size, &self.hashes, root)
    }
}

/// That one log begins with another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyProof {
    /// How many entries the older log has.
    pub old: u64,
    /// How many the newer has.
    pub new: u64,
    /// The hashes that lead to both roots.
    pub hashes: Vec<Hash>,
}

impl ConsistencyProof {
    /// Makes the proof that the log of the first `new` entries begins with that of the first `old`.
    pub fn new(
        old: u64,
        new: u64,
        nodes: &(impl Nodes + ?Sized),
    ) -> Result<ConsistencyProof, TreeError> {
        Ok(ConsistencyProof {
            old,
            new,
            hashes: consistency_proof(old, new, nodes)?,
        })
    }

    /// Checks it against both roots.
    pub fn check(&self, old_root: &Hash, new_root: &Hash) -> Result<(), TreeError> {
        verify_consistency(self.old, self.new, &self.hashes, old_root, new_root)
    }
}
