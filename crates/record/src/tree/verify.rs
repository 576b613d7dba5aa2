//! Checking proofs, as in RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the same tree as RFC 6962, with the checks written out).
//! Needs nothing but the proof and two roots; a proof that is too short, too long or altered in one bit is refused.

use super::{TreeError, empty_root, node_hash};
use crate::Hash;

/// Checks that a leaf (counted from 0) with this hash is in the tree of `size` leaves with this root.
pub fn verify_inclusion(
    leaf_hash: &Hash,
    leaf: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), TreeError> {
    if leaf >= size {
        return Err(TreeError::LeafOutside { leaf, size });
    }
    let (mut place, mut last) = (leaf, size - 1);
    let expected = inclusion_length(leaf, size);
    if proof.len() != expected {
        return Err(TreeError::Length {
            found: proof.len(),
            expected,
        });
    }
    let mut hash = *leaf_hash;
    for sibling in proof {
        if place & 1 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            // The last node of a level without a partner moves up as it is.
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    same(&hash, root)
}

/// Checks that the tree of `new` leaves with the one root begins with the tree of `old` leaves with the other.
pub fn verify_consistency(
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), TreeError> {
    if old > new {
        return Err(TreeError::Shrunk { old, new });
    }
    let expected = consistency_length(old, new);
    if proof.len() != expected {
        return Err(TreeError::Length {
            found: proof.len(),
            expected,
        });
    }
    if old == 0 {
        // Every log continues the empty one; but the older root has to be that of the empty one.
        return same(&empty_root(), old_root);
    }
    if old == new {
        return same(old_root, new_root);
    }
    // A complete older tree is itself the first hash; it is not repeated in the proof.
    let mut rest = proof.iter();
    let first = if old.is_power_of_two() {
        old_root
    } else {
        rest.next().unwrap_or(old_root)
    };
    let (mut place, mut last) = (old - 1, new - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut older, mut newer) = (*first, *first);
    for sibling in rest {
        if place & 1 == 1 || place == last {
            older = node_hash(sibling, &older);
            newer = node_hash(sibling, &newer);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            newer = node_hash(&newer, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    same(&older, old_root)?;
    same(&newer, new_root)
}

fn same(found: &Hash, expected: &Hash) -> Result<(), TreeError> {
    if found == expected {
        Ok(())
    } else {
        Err(TreeError::OtherRoot {
            found: *found,
            expected: *expected,
        })
    }
}

/// How many hashes lead from this leaf to the root.
fn inclusion_length(leaf: u64, size: u64) -> usize {
    // Below the level where the paths of this leaf and of the last one meet, every level has a sibling; above it, each subtree to the left is one.
    let below = u64::BITS - (leaf ^ (size - 1)).leading_zeros();
    let above = leaf.checked_shr(below).unwrap_or(0).count_ones();
    (below + above) as usize
}

/// How many hashes show that a tree of `new` leaves begins with one of `old`.
fn consistency_length(old: u64, new: u64) -> usize {
    if old == 0 || old == new {
        return 0;
    }
    let level = old.trailing_zeros();
    let start = usize::from(!old.is_power_of_two());
    inclusion_length((old - 1) >> level, ((new - 1) >> level) + 1) + start
}
