//! What `docs/record-format.md` shows of the tree, checkpoints and proofs is what comes out here.

use record::{
    Hash,
    checkpoint::{Checkpoint, SigningKey},
    content::committing_key_id,
    proof::seal_text,
    tree::{Frontier, consistency_proof, empty_root, inclusion_proof, root_of},
};

/// Everything the page shows, without regard to spaces and line ends.
fn shows(what: &str) {
    let squeezed = |text: &str| -> String { text.split_whitespace().collect() };
    let page = squeezed(include_str!("../../../docs/record-format.md"));
    assert!(
        page.contains(&squeezed(what)),
        "the page should show: {what}"
    );
}

#[test]
fn the_worked_example_of_the_tree_holds() {
    let leaves = [1, 2, 3].map(|byte| Hash([byte; 32]));
    shows(&empty_root().to_hex());
    shows(&format!("root of all three: {}", root_of(&leaves)));
    shows(&format!("root of the first two: {}", root_of(&leaves[..2])));
    let proof = inclusion_proof(0, 3, leaves.as_slice()).unwrap();
    shows(&format!(
        "proof of entry 1 in three: {}, {}",
        proof[0], proof[1]
    ));
    let proof = inclusion_proof(2, 3, leaves.as_slice()).unwrap();
    shows(&format!("proof of entry 3 in three: {}", proof[0]));
    let proof = consistency_proof(2, 3, leaves.as_slice()).unwrap();
    shows(&format!("proof that three continue two: {}", proof[0]));
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.push(leaf);
    }
    let bytes: String = frontier
        .to_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    shows(&bytes);
}

#[test]
fn the_worked_example_of_a_checkpoint_holds() {
    let key = SigningKey::from_seed("candour/merrowshire", &[7; 32]).unwrap();
    let root = root_of(&[1, 2, 3].map(|byte| Hash([byte; 32])));
    shows(&key.verifier().to_string());
    shows(
        &Checkpoint::new("candour/merrowshire", 3, root)
            .sign(&key)
            .unwrap(),
    );
}

#[test]
fn the_worked_examples_of_a_key_id_and_of_a_manifest_s_seal_hold() {
    shows(&committing_key_id(&[7; 32]));
    shows(&seal_text("candour/merrowshire", b"{}"));
}
