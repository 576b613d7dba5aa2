//! The Merkle tree of RFC 6962, section 2.1, over the hashes of the entries as they stand.
//! Its root says in 32 bytes what the whole log says, and with a handful of hashes one can show that an entry is in it, or that one log continues another.
//! A place in the tree is counted from 0; the entry at position 1 is leaf 0.

mod frontier;
mod nodes;
mod proofs;
mod verify;

pub use frontier::{Frontier, Kept};
pub use nodes::{KEPT_EVERY, Loaded, Nodes, Read, Subtree, kept_level, subtree_hash};
pub use proofs::{
    consistency_proof, frontier_at, inclusion_proof, reads_for_consistency, reads_for_frontier,
    reads_for_inclusion,
};
pub use verify::{verify_consistency, verify_inclusion};

use sha2::{Digest, Sha256};

use crate::Hash;

/// Why a proof cannot be made, or is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The leaf asked for is not in a tree of that size.
    #[error("prove leaf {leaf} (counted from 0): the tree has {size} leaves")]
    LeafOutside {
        /// The leaf, counted from 0.
        leaf: u64,
        /// How many leaves the tree has.
        size: u64,
    },
    /// The tree said to be the older is the larger.
    #[error("compare a log of {old} entries with one of {new}: the older cannot be the longer")]
    Shrunk {
        /// The size of the older tree.
        old: u64,
        /// The size of the newer tree.
        new: u64,
    },
    /// A kept hash that is needed was not given.
    #[error("compute the tree: the hash of subtree {index} at level {level} is missing")]
    Missing {
        /// The level: the subtree has two to this power leaves.
        level: u8,
        /// Its place among the subtrees of its level, counted from 0.
        index: u64,
    },
    /// The proof has more or fewer hashes than a tree of that size needs.
    #[error("check the proof: it has {found} hashes, a tree of this size needs {expected}")]
    Length {
        /// How many it has.
        found: usize,
        /// How many it needs.
        expected: usize,
    },
    /// The proof leads to another root.
    #[error("check the proof: it leads to the root {found}, not to {expected}")]
    OtherRoot {
        /// The root it leads to.
        found: Hash,
        /// The root it should lead to.
        expected: Hash,
    },
    /// The hashes of a subtree can be added only where such a subtree begins.
    #[error("add a subtree at level {level} after {size} leaves: none begins there")]
    NoSubtreeHere {
        /// The level of the subtree.
        level: u8,
        /// How many leaves the tree has.
        size: u64,
    },
    /// The bytes are not a frontier.
    #[error("read the frontier of a tree: {0} bytes are too few or too many for its size")]
    NotAFrontier(usize),
}

/// The hash of a node above two others: SHA-256 of a one byte and both hashes (RFC 6962, section 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(&left.0);
    bytes[33..].copy_from_slice(&right.0);
    Hash(Sha256::digest(bytes).into())
}

/// The root of a tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// The root of the tree whose leaves these are, in order; the plain definition of RFC 6962.
///
/// Also the hash of any run of leaves that stands for itself in a larger tree: split the leaves of a long log into
/// runs of one power of two (the last may be shorter), compute each on its own thread, and join them with [`Frontier::push_subtree`].
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// The largest power of two smaller than `size`, which is at least 2.
fn split(size: usize) -> usize {
    1 << (usize::BITS - 1 - (size - 1).leading_zeros())
}
