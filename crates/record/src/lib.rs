//! The record as mathematics: what an entry is in bytes, its hash, and the chain that ties each entry to the one before.
//! Nothing here reads a file, a clock or a key; it works on bytes that are already sealed.
//! The format is described for a second implementation in `docs/record-format.md`.
//!
//! Seams left on purpose: [`leaf_hash`] is the leaf of an RFC 6962 tree, so a Merkle tree, signed
//! checkpoints and inclusion proofs can be built over the log as it is, without changing an entry.

mod canonical;
mod chain;
mod entry;
mod hash;

pub use canonical::{FORMAT, Malformed, canonical, parse};
pub use chain::{Broken, Chain, Linked, Verified, verify_chain};
pub use entry::{Entry, Nonce, time_text};
pub use hash::{Hash, NotAHash, content_hash, leaf_hash};
