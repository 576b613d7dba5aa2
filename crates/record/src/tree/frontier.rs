//! The growing edge of the tree: what has to be remembered to add the next entry and to know the root.
//! One hash for each complete subtree, at most 64, so that an appender needs neither the log nor the tree in memory.

use super::{TreeError, empty_root, kept_level, node_hash};
use crate::Hash;

/// The complete subtrees that make up a tree of some size, from the left; the largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

/// The hash of a complete subtree that has just been filled and is worth keeping, so that proofs need not start at the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// 8, 16, 24, ...: the subtree has two to this power leaves.
    pub level: u8,
    /// Its place among the subtrees of its level, counted from 0.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Frontier {
    /// The edge of a tree without leaves.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next leaf, the hash of the next entry; answers with what to keep, which is nothing 255 times of 256.
    pub fn push(&mut self, leaf: Hash) -> Vec<Kept> {
        self.add(0, leaf)
    }

    /// Adds a complete subtree of two to the power `level` leaves at once, where one begins.
    pub fn push_subtree(&mut self, level: u8, hash: Hash) -> Result<Vec<Kept>, TreeError> {
        let none = TreeError::NoSubtreeHere {
            level,
            size: self.size,
        };
        if level > 62 || self.size.trailing_zeros() < u32::from(level) {
            return Err(none);
        }
        if self.size + (1 << level) > i64::MAX as u64 {
            return Err(none);
        }
        Ok(self.add(level, hash))
    }

    fn add(&mut self, level: u8, hash: Hash) -> Vec<Kept> {
        let mut kept = Vec::new();
        let (mut level, mut hash) = (level, hash);
        // Complete the subtrees to the left as long as there is one of the same size, as carrying in an addition.
        loop {
            let index = self.size >> level;
            if level > 0 && kept_level(level) == level {
                kept.push(Kept { level, index, hash });
            }
            if index & 1 == 0 {
                break;
            }
            let Some(left) = self.subtrees.pop() else {
                break;
            };
            hash = node_hash(&left, &hash);
            self.size -= 1 << level;
            level += 1;
        }
        self.subtrees.push(hash);
        self.size += 1 << level;
        kept
    }

    /// The root of the tree as it is now.
    pub fn root(&self) -> Hash {
        self.subtrees
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(empty_root)
    }

    /// The size (eight bytes, most significant first), then the 32 bytes of each complete subtree, from the left.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for hash in &self.subtrees {
            bytes.extend_from_slice(&hash.0);
        }
        bytes
    }

    /// Reads what [`to_bytes`](Frontier::to_bytes) wrote.
    /// Whether it is the edge of this log is known only by comparing the root.
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, TreeError> {
        let wrong = || TreeError::NotAFrontier(bytes.len());
        let (size, hashes) = bytes.split_first_chunk().ok_or_else(wrong)?;
        let size = u64::from_be_bytes(*size);
        let (hashes, rest) = hashes.as_chunks::<32>();
        // A log of 2^63 entries cannot be stored; that the size is smaller keeps every sum within its bounds.
        let fits = size <= i64::MAX as u64;
        if !fits || !rest.is_empty() || u32::try_from(hashes.len()) != Ok(size.count_ones()) {
            return Err(wrong());
        }
        Ok(Frontier {
            size,
            subtrees: hashes.iter().copied().map(Hash).collect(),
        })
    }

    pub(super) fn from_subtrees(size: u64, subtrees: Vec<Hash>) -> Frontier {
        Frontier { size, subtrees }
    }
}
