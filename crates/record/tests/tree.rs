//! The tree against the published vectors, against an independent implementation, and against every flipped bit.
#![expect(
    clippy::unwrap_used,
    reason = "what a test prepares is known to be right"
)]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use record::{
    Hash, leaf_hash,
    tree::{
        Frontier, Loaded, Nodes, Read, TreeError, consistency_proof, empty_root, frontier_at,
        inclusion_proof, node_hash, reads_for_consistency, reads_for_frontier, reads_for_inclusion,
        root_of, verify_consistency, verify_inclusion,
    },
};
use sha2::Sha256;

fn hash(hex: &str) -> Hash {
    Hash::from_hex(hex).unwrap()
}

/// The eight leaves Certificate Transparency implementations are tested with (transparency-dev/merkle, `testonly/constants.go`).
fn vector_leaves() -> Vec<Hash> {
    let inputs: [&[u8]; 8] = [
        b"",
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
            0x6e, 0x6f,
        ],
    ];
    inputs.into_iter().map(leaf_hash).collect()
}

/// Their roots, by the number of leaves.
const VECTOR_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Leaf (counted from 0), size, proof (transparency-dev/merkle, `testonly/reference_test.go`).
const VECTOR_INCLUSIONS: [(u64, u64, &[&str]); 7] = [
    (0, 1, &[]),
    (
        0,
        2,
        &["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"],
    ),
    (
        1,
        2,
        &["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    ),
    (
        2,
        3,
        &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    ),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
];

/// Older size, newer size, proof (same source).
const VECTOR_CONSISTENCIES: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
];

fn hashes(hex: &[&str]) -> Vec<Hash> {
    hex.iter().map(|hex| hash(hex)).collect()
}

fn input(number: u64) -> Vec<u8> {
    format!("entry {number}").into_bytes()
}

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|number| leaf_hash(&input(number))).collect()
}

/// The independent implementation, with the same leaves.
fn oracle(size: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|number| tree.push(input(number)));
    tree
}

fn bytes(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

/// The leaves and kept subtrees of a log, as a store has them; counts how many it was asked for.
struct Shelf {
    leaves: Vec<Hash>,
    kept: Loaded,
}

impl Shelf {
    fn new(leaves: Vec<Hash>) -> (Shelf, Frontier) {
        let (mut kept, mut frontier) = (Loaded::new(), Frontier::new());
        for leaf in &leaves {
            for found in frontier.push(*leaf) {
                kept.insert(found.level, found.index, found.hash);
            }
        }
        (Shelf { leaves, kept }, frontier)
    }

    fn load(&self, reads: &[Read]) -> (Loaded, u64) {
        let (mut loaded, mut count) = (Loaded::new(), 0);
        for read in reads {
            for index in read.range.clone() {
                let hash = match read.level {
                    0 => self.leaves[usize::try_from(index).unwrap()],
                    level => self.kept.hash(level, index).unwrap(),
                };
                loaded.insert(read.level, index, hash);
                count += 1;
            }
        }
        (loaded, count)
    }
}

#[test]
fn the_published_roots_are_met() {
    let leaves = vector_leaves();
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), hash(VECTOR_ROOTS[0]));
    assert_eq!(empty_root(), hash(VECTOR_ROOTS[0]));
    for (size, root) in VECTOR_ROOTS.into_iter().enumerate() {
        assert_eq!(root_of(&leaves[..size]), hash(root), "{size} leaves");
        if size > 0 {
            frontier.push(leaves[size - 1]);
        }
        assert_eq!(
            frontier.root(),
            hash(root),
            "{size} leaves, added one by one"
        );
    }
}

#[test]
fn the_published_inclusion_proofs_are_made_and_hold() {
    let leaves = vector_leaves();
    for (leaf, size, proof) in VECTOR_INCLUSIONS {
        let proof = hashes(proof);
        assert_eq!(
            inclusion_proof(leaf, size, leaves.as_slice()).unwrap(),
            proof,
            "leaf {leaf} of {size}"
        );
        let root = hash(VECTOR_ROOTS[size as usize]);
        verify_inclusion(&leaves[leaf as usize], leaf, size, &proof, &root).unwrap();
    }
}

#[test]
fn the_published_consistency_proofs_are_made_and_hold() {
    let leaves = vector_leaves();
    for (old, new, proof) in VECTOR_CONSISTENCIES {
        let proof = hashes(proof);
        assert_eq!(
            consistency_proof(old, new, leaves.as_slice()).unwrap(),
            proof,
            "{old} in {new}"
        );
        let root = |size: u64| hash(VECTOR_ROOTS[size as usize]);
        verify_consistency(old, new, &proof, &root(old), &root(new)).unwrap();
    }
}

#[test]
fn every_root_and_proof_up_to_130_leaves_is_that_of_an_independent_implementation() {
    let leaves = leaves(130);
    for size in 0..=130u64 {
        let tree = oracle(size);
        let ours = &leaves[..size as usize];
        let root = root_of(ours);
        if size > 0 {
            assert_eq!(root.0.as_slice(), tree.root().as_bytes().as_slice());
        }
        for leaf in 0..size {
            let proof = inclusion_proof(leaf, size, ours).unwrap();
            assert_eq!(
                bytes(&proof),
                tree.prove_inclusion(leaf as usize).as_bytes(),
                "leaf {leaf} of {size}"
            );
            verify_inclusion(&ours[leaf as usize], leaf, size, &proof, &root).unwrap();
        }
        for old in 0..=size {
            let proof = consistency_proof(old, size, ours).unwrap();
            if old > 0 {
                assert_eq!(
                    bytes(&proof),
                    tree.prove_consistency((size - old) as usize).as_bytes(),
                    "{old} in {size}"
                );
            }
            let before = root_of(&ours[..old as usize]);
            verify_consistency(old, size, &proof, &before, &root).unwrap();
        }
    }
}

#[test]
fn a_proof_with_any_bit_flipped_any_hash_dropped_added_or_swapped_is_refused() {
    let leaves = leaves(70);
    for size in [1u64, 2, 3, 5, 8, 13, 64, 69, 70] {
        let ours = &leaves[..size as usize];
        let root = root_of(ours);
        for leaf in 0..size {
            let proof = inclusion_proof(leaf, size, ours).unwrap();
            let own = ours[leaf as usize];
            let holds = |proof: &[Hash]| verify_inclusion(&own, leaf, size, proof, &root).is_ok();
            assert!(holds(&proof));
            refused_in_every_mutation(&proof, holds);
            assert!(verify_inclusion(&leaf_hash(b"another"), leaf, size, &proof, &root).is_err());
            for other in (0..size).filter(|other| *other != leaf) {
                assert!(
                    verify_inclusion(&own, other, size, &proof, &root).is_err(),
                    "leaf {leaf} of {size} passed for leaf {other}"
                );
            }
        }
        for old in 0..=size {
            let proof = consistency_proof(old, size, ours).unwrap();
            let before = root_of(&ours[..old as usize]);
            let holds =
                |proof: &[Hash]| verify_consistency(old, size, proof, &before, &root).is_ok();
            assert!(holds(&proof));
            refused_in_every_mutation(&proof, holds);
            for other in (0..=size).filter(|other| *other != old) {
                assert!(
                    verify_consistency(other, size, &proof, &before, &root).is_err(),
                    "{old} in {size} passed for {other}"
                );
            }
            let mut wrong = before;
            wrong.0[0] ^= 1;
            assert!(verify_consistency(old, size, &proof, &wrong, &root).is_err());
            if old > 0 {
                let mut wrong = root;
                wrong.0[31] ^= 128;
                assert!(verify_consistency(old, size, &proof, &before, &wrong).is_err());
            }
        }
    }
}

fn refused_in_every_mutation(proof: &[Hash], holds: impl Fn(&[Hash]) -> bool) {
    let mut altered = proof.to_vec();
    for at in 0..proof.len() {
        for bit in 0..256 {
            altered[at].0[bit / 8] ^= 1 << (bit % 8);
            assert!(!holds(&altered), "bit {bit} of hash {at}");
            altered[at].0[bit / 8] ^= 1 << (bit % 8);
        }
        let mut shorter = proof.to_vec();
        shorter.remove(at);
        assert!(!holds(&shorter), "without hash {at}");
        let mut longer = proof.to_vec();
        longer.insert(at, proof[at]);
        assert!(!holds(&longer), "hash {at} twice");
        if at > 0 && proof[at] != proof[at - 1] {
            let mut swapped = proof.to_vec();
            swapped.swap(at, at - 1);
            assert!(!holds(&swapped), "hash {at} before {}", at - 1);
        }
    }
    let mut longer = proof.to_vec();
    longer.push(Hash::ZERO);
    assert!(!holds(&longer), "a hash added");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn proofs_of_longer_logs_are_made_from_what_was_said_to_be_needed(size in 131u64..20_000, leaf in any::<prop::sample::Index>(), old in any::<prop::sample::Index>()) {
        let leaf = leaf.index(size as usize) as u64;
        let old = old.index(size as usize) as u64 + 1;
        let (shelf, frontier) = Shelf::new(leaves(size));
        let root = frontier.root();
        prop_assert_eq!(root_of(&shelf.leaves), root);

        let (loaded, _) = shelf.load(&reads_for_inclusion(leaf, size).unwrap());
        let proof = inclusion_proof(leaf, size, &loaded).unwrap();
        prop_assert_eq!(&proof, &inclusion_proof(leaf, size, shelf.leaves.as_slice()).unwrap());
        prop_assert_eq!(verify_inclusion(&shelf.leaves[leaf as usize], leaf, size, &proof, &root), Ok(()));

        let before = root_of(&shelf.leaves[..old as usize]);
        let (loaded, _) = shelf.load(&reads_for_consistency(old, size).unwrap());
        let proof = consistency_proof(old, size, &loaded).unwrap();
        prop_assert_eq!(verify_consistency(old, size, &proof, &before, &root), Ok(()));

        let (loaded, _) = shelf.load(&reads_for_frontier(old));
        prop_assert_eq!(frontier_at(old, &loaded).unwrap().root(), before);
    }

    #[test]
    fn an_edge_written_and_read_back_goes_on_as_before(size in 0u64..2_000, more in 1u64..600) {
        let all = leaves(size + more);
        let mut frontier = Frontier::new();
        all[..size as usize].iter().for_each(|leaf| { frontier.push(*leaf); });
        let bytes = frontier.to_bytes();
        prop_assert_eq!(bytes.len(), 8 + 32 * size.count_ones() as usize);
        let mut read = Frontier::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&read, &frontier);
        all[size as usize..].iter().for_each(|leaf| { read.push(*leaf); });
        prop_assert_eq!(read.root(), root_of(&all));
        prop_assert_eq!(read.size(), size + more);
        prop_assert!(Frontier::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        prop_assert!(Frontier::from_bytes(&[bytes.as_slice(), &[0; 32]].concat()).is_err());
    }

    #[test]
    fn runs_computed_apart_and_joined_give_the_same_root_and_the_same_to_keep(size in 0u64..5_000, level in 0u8..11) {
        let all = leaves(size);
        let (shelf, whole) = Shelf::new(all.clone());
        let mut joined = Frontier::new();
        for run in all.chunks(1 << level) {
            let kept = if run.len() == 1 << level {
                joined.push_subtree(level, root_of(run)).unwrap()
            } else {
                run.iter().flat_map(|leaf| joined.push(*leaf)).collect()
            };
            for found in kept {
                prop_assert_eq!(shelf.kept.hash(found.level, found.index), Some(found.hash));
            }
        }
        prop_assert_eq!(joined, whole);
    }

    #[test]
    fn any_bytes_are_an_edge_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(frontier) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(frontier.to_bytes(), bytes);
        }
    }
}

#[test]
fn a_proof_in_a_log_of_a_million_entries_reads_a_few_hundred_hashes() {
    let size = 1_000_000;
    let (shelf, frontier) = Shelf::new(leaves(size));
    for leaf in [0, 255, 256, 65_535, 500_000, 999_934, 999_999] {
        let (loaded, count) = shelf.load(&reads_for_inclusion(leaf, size).unwrap());
        assert!(count < 900, "leaf {leaf} reads {count}");
        let proof = inclusion_proof(leaf, size, &loaded).unwrap();
        let own = shelf.leaves[leaf as usize];
        verify_inclusion(&own, leaf, size, &proof, &frontier.root()).unwrap();
        assert!(proof.len() <= 20);
    }
    for old in [1, 255, 65_536, 777_777, 999_999] {
        let before = root_of(&shelf.leaves[..old as usize]);
        let (loaded, count) = shelf.load(&reads_for_consistency(old, size).unwrap());
        assert!(count < 900, "{old} reads {count}");
        let proof = consistency_proof(old, size, &loaded).unwrap();
        verify_consistency(old, size, &proof, &before, &frontier.root()).unwrap();
    }
}

#[test]
fn what_cannot_be_asked_is_refused_in_words() {
    let leaves = leaves(4);
    let nodes = leaves.as_slice();
    assert_eq!(
        inclusion_proof(4, 4, nodes).unwrap_err().to_string(),
        "prove leaf 4 (counted from 0): the tree has 4 leaves"
    );
    assert_eq!(
        consistency_proof(5, 4, nodes).unwrap_err().to_string(),
        "compare a log of 5 entries with one of 4: the older cannot be the longer"
    );
    assert_eq!(
        verify_consistency(5, 4, &[], &Hash::ZERO, &Hash::ZERO),
        Err(TreeError::Shrunk { old: 5, new: 4 })
    );
    assert_eq!(
        inclusion_proof(0, 5, nodes),
        Err(TreeError::Missing { level: 0, index: 4 })
    );
    let mut frontier = Frontier::new();
    frontier.push(leaves[0]);
    assert_eq!(
        frontier.push_subtree(1, Hash::ZERO),
        Err(TreeError::NoSubtreeHere { level: 1, size: 1 })
    );
    assert!(Frontier::new().push_subtree(64, Hash::ZERO).is_err());
    let full = [[0xff; 8].as_slice(), &[0; 64 * 32]].concat();
    assert!(Frontier::from_bytes(&full).is_err());
    assert_eq!(nodes.hash(200, 0), None);
    assert_eq!(nodes.hash(8, u64::MAX), None);
}

#[test]
fn a_node_is_never_taken_for_a_leaf() {
    let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
    assert_ne!(
        node_hash(&left, &right),
        leaf_hash(&[left.0, right.0].concat())
    );
}
