//! The record as mathematics: what an entry is in bytes, its hash, and the chain that ties each entry to the one before.
//! Nothing here reads a file, a clock or a key; it works on bytes that are already sealed.
//! The format is described for a second implementation in `docs/record-format.md`.
//!
//! Three layers stand over the chain, none of which changes an entry: [`tree`], the Merkle tree over the hashes of
//! the entries; [`checkpoint`], its size and root signed; and proofs, which are checked without the log.

mod canonical;
mod chain;
pub mod checkpoint;
mod entry;
mod hash;
pub mod tree;

pub use canonical::{FORMAT, Malformed, canonical, parse};
pub use chain::{Broken, Chain, Linked, Verified, verify_chain};
pub use entry::{Entry, Nonce, time_text};
pub use hash::{Hash, NotAHash, content_hash, leaf_hash};
