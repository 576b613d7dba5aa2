//! The record as mathematics: what an entry is in bytes, its hash, and the chain that ties each entry to the one before.
//! Nothing here reads a file, a clock or a key; it works on bytes that are already sealed.
//! The format is described for a second implementation in `docs/record-format.md`.
//!
//! Over the chain stand, none of which changes an entry: [`tree`], the Merkle tree over the hashes of the entries;
//! [`checkpoint`], its size and root signed; [`audit`], the check of a whole log against checkpoints; [`content`], the opening
//! of one entry; [`proof`], what is handed out and checked without the log;
//! and [`passkey`], the check of a signature that a passkey made.

pub mod audit;
mod canonical;
mod chain;
pub mod checkpoint;
pub mod content;
mod entry;
mod hash;
pub mod passkey;
pub mod proof;
pub mod tree;

pub use canonical::{FORMAT, Malformed, canonical, parse};
pub use chain::{Broken, Chain, Linked, Verified, verify_chain};
pub use entry::{Entry, Nonce, is_time_text, time_text};
pub use hash::{Hash, NotAHash, content_hash, leaf_hash};
