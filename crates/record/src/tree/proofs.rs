//! Making proofs: which runs of leaves a proof names (RFC 6962, sections 2.1.1 and 2.1.2), and their hashes.
//! For each kind of proof there is a function that says what will have to be read, so that a store can fetch it in one go.

use std::ops::Range;

use super::{
    Frontier, Nodes, Read, TreeError,
    nodes::{range_hash, reads_of, subtree_hash, subtrees_of},
};
use crate::Hash;

/// The hashes that lead from a leaf (counted from 0) to the root of the tree of the first `size` leaves, the leaf's sibling first.
pub fn inclusion_proof(
    leaf: u64,
    size: u64,
    nodes: &(impl Nodes + ?Sized),
) -> Result<Vec<Hash>, TreeError> {
    hashes(inclusion_ranges(leaf, size)?, nodes)
}

/// What [`inclusion_proof`] will ask for.
pub fn reads_for_inclusion(leaf: u64, size: u64) -> Result<Vec<Read>, TreeError> {
    Ok(reads_of(inclusion_ranges(leaf, size)?))
}

/// The hashes that show that the tree of the first `new` leaves begins with the tree of the first `old`.
/// Empty when the sizes are the same, or the older tree has no leaves.
pub fn consistency_proof(
    old: u64,
    new: u64,
    nodes: &(impl Nodes + ?Sized),
) -> Result<Vec<Hash>, TreeError> {
    hashes(consistency_ranges(old, new)?, nodes)
}

/// What [`consistency_proof`] will ask for.
pub fn reads_for_consistency(old: u64, new: u64) -> Result<Vec<Read>, TreeError> {
    Ok(reads_of(consistency_ranges(old, new)?))
}

/// The edge of the tree of the first `size` leaves, which knows its root: to begin appending, or to compare with a checkpoint.
pub fn frontier_at(size: u64, nodes: &(impl Nodes + ?Sized)) -> Result<Frontier, TreeError> {
    let subtrees = subtrees_of(0..size)
        .into_iter()
        .map(|subtree| subtree_hash(nodes, subtree))
        .collect::<Result<_, _>>()?;
    Ok(Frontier::from_subtrees(size, subtrees))
}

/// What [`frontier_at`] will ask for.
pub fn reads_for_frontier(size: u64) -> Vec<Read> {
    reads_of(std::iter::once(0..size))
}

fn hashes(ranges: Vec<Range<u64>>, nodes: &(impl Nodes + ?Sized)) -> Result<Vec<Hash>, TreeError> {
    ranges
        .into_iter()
        .map(|range| range_hash(nodes, range))
        .collect()
}

fn inclusion_ranges(leaf: u64, size: u64) -> Result<Vec<Range<u64>>, TreeError> {
    if leaf >= size {
        return Err(TreeError::LeafOutside { leaf, size });
    }
    let mut siblings = Vec::new();
    let mut inside = 0..size;
    while inside.end - inside.start > 1 {
        let middle = middle(&inside);
        let (left, right) = (inside.start..middle, middle..inside.end);
        if leaf < middle {
            siblings.push(right);
            inside = left;
        } else {
            siblings.push(left);
            inside = right;
        }
    }
    siblings.reverse();
    Ok(siblings)
}

fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range<u64>>, TreeError> {
    if old > new {
        return Err(TreeError::Shrunk { old, new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut ranges = Vec::new();
    let mut inside = 0..new;
    // Go down to the last subtree the older tree shares with the newer; all to the right of it is new.
    while inside.end != old {
        let middle = middle(&inside);
        let (left, right) = (inside.start..middle, middle..inside.end);
        if old <= middle {
            ranges.push(right);
            inside = left;
        } else {
            ranges.push(left);
            inside = right;
        }
    }
    // When that subtree is the whole older tree, its hash is known to whoever asks.
    if inside.start > 0 {
        ranges.push(inside);
    }
    ranges.reverse();
    Ok(ranges)
}

/// Where RFC 6962 splits a run of at least two leaves: after the largest power of two smaller than its length.
fn middle(range: &Range<u64>) -> u64 {
    let last = range.end - range.start - 1;
    range.start + (1 << (u64::BITS - 1 - last.leading_zeros()))
}
