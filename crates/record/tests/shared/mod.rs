//! A log made up for the tests, with real sealed content, and its proofs.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test uses a part; what a test prepares is known to be right"
)]

pub mod bundle;

use record::{
    Entry, Hash,
    checkpoint::{Checkpoint, SigningKey},
    content::{ContentKey, committing_key_id, sealed_again},
    content_hash,
    proof::{Shown, ShownEntry},
    tree::{inclusion_proof, root_of},
};

/// The name of the log and of its key.
pub const ORIGIN: &str = "candour/merrowshire";

/// An entry with what is kept beside it, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub entry: Entry,
    pub hash: Hash,
    pub sealed: Vec<u8>,
    pub key: ContentKey,
    pub clear: Vec<u8>,
}

/// The key the log signs with.
pub fn signer() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

/// A log of this many entries in a few streams.
pub fn log(size: u64) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut numbers = [0u64; 3];
    for index in 0..size {
        let stream = (index * index % 7 % 3) as usize;
        numbers[stream] += 1;
        rows.push(row(
            &rows,
            format!("case/MR-000{stream}"),
            numbers[stream],
            index,
            format!("{{\"said\":\"entry {index}: The school saw bruises — “twice”.\"}}"),
        ));
    }
    rows
}

/// The next entry behind these.
pub fn row(before: &[Row], stream: String, number: u64, index: u64, clear: String) -> Row {
    let key: ContentKey = content_hash(format!("key {index}").as_bytes()).0;
    let mut nonce = [0; 24];
    nonce[..8].copy_from_slice(&index.to_be_bytes());
    let mut entry = Entry {
        partnership: "merrowshire".into(),
        position: before.len() as u64 + 1,
        stream,
        number,
        kind: if index.is_multiple_of(2) {
            "incident-recorded".into()
        } else {
            "note-added".into()
        },
        version: 1,
        at: format!(
            "2026-11-23T09:{:02}:{:02}.000000Z",
            index / 60 % 60,
            index % 60
        ),
        actor: format!("person-{}", index % 4),
        key_id: if index.is_multiple_of(3) {
            format!("{index:032x}")
        } else {
            committing_key_id(&key)
        },
        nonce,
        content_hash: Hash::ZERO,
        previous: before.last().map_or(Hash::ZERO, |row| row.hash),
    };
    let sealed = sealed_again(&key, &entry, clear.as_bytes()).unwrap();
    entry.content_hash = content_hash(&sealed);
    Row {
        hash: entry.hash(),
        entry,
        sealed,
        key,
        clear: clear.into_bytes(),
    }
}

/// The rows from `from` on, with every link and hash computed anew, as someone would who can rewrite the database.
pub fn relink(rows: &mut [Row], from: usize) {
    for at in from..rows.len() {
        let previous = if at == 0 {
            Hash::ZERO
        } else {
            rows[at - 1].hash
        };
        let row = &mut rows[at];
        row.entry.previous = previous;
        row.entry.position = at as u64 + 1;
        row.hash = row.entry.hash();
    }
}

/// The hashes of the entries.
pub fn leaves(rows: &[Row]) -> Vec<Hash> {
    rows.iter().map(|row| row.hash).collect()
}

/// The checkpoint of the first `size` of these entries.
pub fn checkpoint(rows: &[Row], size: usize) -> Checkpoint {
    Checkpoint::new(ORIGIN, size as u64, root_of(&leaves(&rows[..size])))
}

/// An entry as it is handed out with the checkpoint of the first `size`.
pub fn shown(rows: &[Row], at: usize, size: usize, content: Shown) -> ShownEntry {
    let leaves = leaves(&rows[..size]);
    let proof = inclusion_proof(at as u64, size as u64, leaves.as_slice()).unwrap();
    ShownEntry::new(&rows[at].entry, proof, content)
}

/// A small generator of numbers, so that a test does the same each time.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `below`.
    pub fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}
