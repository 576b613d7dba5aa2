//! Where the hashes of complete subtrees come from when a proof is made, and which of them are worth keeping.
//! Kept are the leaves, which are in the log anyway, and one hash for every 256 leaves, every 65,536, and so on: a proof in a log of a million entries then reads a few hundred hashes instead of a million.

use std::{collections::HashMap, ops::Range};

use super::{TreeError, node_hash};
use crate::Hash;

/// Every how many levels of the tree hashes are kept: 0 (the leaves), 8, 16, ...
pub const KEPT_EVERY: u8 = 8;

/// The kept level at or below this one.
pub fn kept_level(level: u8) -> u8 {
    level / KEPT_EVERY * KEPT_EVERY
}

/// A complete subtree: the leaves from `index` times two to the power `level`, two to that power of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subtree {
    /// Its height: 0 is a leaf.
    pub level: u8,
    /// Its place among the subtrees of its level, counted from 0.
    pub index: u64,
}

/// Kept hashes to be read: those of one kept level at these places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// 0 for the hashes of entries, 8, 16, ... for those of kept subtrees.
    pub level: u8,
    /// Their places, counted from 0. At level 0, leaf `n` is the entry at position `n + 1`.
    pub range: Range<u64>,
}

/// Gives the hashes of kept levels.
/// A store that cannot answer at once asks beforehand what will be needed (such as [`reads_for_inclusion`](super::reads_for_inclusion)),
/// reads it, and gives [`Loaded`].
pub trait Nodes {
    /// The hash of the complete subtree at this place of a kept level; `None` when it is not there.
    fn hash(&self, level: u8, index: u64) -> Option<Hash>;
}

/// All leaves in memory; for short logs and for tests.
impl Nodes for [Hash] {
    fn hash(&self, level: u8, index: u64) -> Option<Hash> {
        let length = 1usize.checked_shl(level.into())?;
        let start = usize::try_from(index).ok()?.checked_mul(length)?;
        let end = start.checked_add(length)?;
        self.get(start..end).map(super::root_of)
    }
}

/// Kept hashes that were read beforehand.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    hashes: HashMap<(u8, u64), Hash>,
}

impl Loaded {
    /// None yet.
    pub fn new() -> Loaded {
        Loaded::default()
    }

    /// Adds one.
    pub fn insert(&mut self, level: u8, index: u64, hash: Hash) {
        self.hashes.insert((level, index), hash);
    }
}

impl Nodes for Loaded {
    fn hash(&self, level: u8, index: u64) -> Option<Hash> {
        self.hashes.get(&(level, index)).copied()
    }
}

/// The hash of a complete subtree from the kept hashes at or below its level, at most 128 of them.
pub fn subtree_hash(nodes: &(impl Nodes + ?Sized), subtree: Subtree) -> Result<Hash, TreeError> {
    let Subtree { level, index } = subtree;
    if kept_level(level) == level {
        return nodes
            .hash(level, index)
            .ok_or(TreeError::Missing { level, index });
    }
    let below = |index| {
        subtree_hash(
            nodes,
            Subtree {
                level: level - 1,
                index,
            },
        )
    };
    let left = index.saturating_mul(2);
    Ok(node_hash(&below(left)?, &below(left | 1)?))
}

/// The complete subtrees that make up a run of leaves which stands for itself in a tree, from the left, the largest first.
pub(super) fn subtrees_of(range: Range<u64>) -> Vec<Subtree> {
    let (mut start, mut left) = (range.start, range.end - range.start);
    let mut subtrees = Vec::new();
    while left > 0 {
        let level = (u64::BITS - 1 - left.leading_zeros()) as u8;
        subtrees.push(Subtree {
            level,
            index: start >> level,
        });
        start += 1 << level;
        left -= 1 << level;
    }
    subtrees
}

/// The hash of a run of leaves which stands for itself in a tree.
pub(super) fn range_hash(
    nodes: &(impl Nodes + ?Sized),
    range: Range<u64>,
) -> Result<Hash, TreeError> {
    let mut hash = None;
    for subtree in subtrees_of(range).into_iter().rev() {
        let left = subtree_hash(nodes, subtree)?;
        hash = Some(match hash {
            Some(right) => node_hash(&left, &right),
            None => left,
        });
    }
    Ok(hash.unwrap_or_else(super::empty_root))
}

/// What has to be read to compute the hashes of these runs of leaves: in order, without overlap, neighbours joined.
pub(super) fn reads_of(ranges: impl IntoIterator<Item = Range<u64>>) -> Vec<Read> {
    let mut reads: Vec<Read> = ranges
        .into_iter()
        .flat_map(subtrees_of)
        .map(|Subtree { level, index }| {
            let kept = kept_level(level);
            let above = level - kept;
            Read {
                level: kept,
                range: index << above..(index + 1) << above,
            }
        })
        .collect();
    reads.sort_by_key(|read| (read.level, read.range.start));
    let mut joined: Vec<Read> = Vec::new();
    for read in reads {
        match joined.last_mut() {
            Some(last) if last.level == read.level && last.range.end >= read.range.start => {
                last.range.end = last.range.end.max(read.range.end);
            }
            _ => joined.push(read),
        }
    }
    joined
}
