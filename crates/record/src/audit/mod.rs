//! The check of a whole log at once: the chain, the ciphertext beside it, the tree, and every checkpoint someone holds.
//! A log whose end was cut off, or that was rewritten to its end with hashes that fit, passes the chain; only a checkpoint kept elsewhere finds it.

mod run;

pub use run::Run;

use crate::{
    Broken, Chain, Entry, Hash, Verified,
    checkpoint::Checkpoint,
    content_hash,
    tree::{Frontier, Kept},
};

/// The answer when every entry and every checkpoint holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Audited {
    /// How many entries were checked, and the hash of the last.
    pub log: Verified,
    /// The root of the tree over them.
    pub root: Hash,
    /// How many checkpoints were found to be beginnings of this log.
    pub checkpoints: u64,
}

/// The check in progress: entries are pushed one at a time or in [runs](Run), so a log need not fit in memory.
#[derive(Debug)]
pub struct Audit {
    chain: Chain,
    frontier: Frontier,
    /// In order of size.
    checkpoints: Vec<Checkpoint>,
    /// How many of them were compared, and up to which entry they prove the log.
    compared: usize,
    proven: u64,
}

impl Audit {
    /// A check that begins before the first entry of a log and will compare it with these checkpoints.
    /// Their signatures are checked before, by [`Checkpoint::open`].
    pub fn new(checkpoints: impl IntoIterator<Item = Checkpoint>) -> Audit {
        let mut checkpoints: Vec<Checkpoint> = checkpoints.into_iter().collect();
        checkpoints.sort_by_key(|checkpoint| checkpoint.size);
        Audit {
            chain: Chain::new(),
            frontier: Frontier::new(),
            checkpoints,
            compared: 0,
            proven: 0,
        }
    }

    /// Checks the next entry, the hash kept beside it and, where it is at hand, the sealed content.
    /// Answers with the hashes of subtrees that are now complete, to compare with those kept.
    pub fn push(
        &mut self,
        entry: &Entry,
        hash: &Hash,
        sealed: Option<&[u8]>,
    ) -> Result<Vec<Kept>, Broken> {
        self.compare()?;
        self.chain.push(entry, hash)?;
        let position = entry.position;
        if sealed.is_some_and(|sealed| content_hash(sealed) != entry.content_hash) {
            return Err(Broken {
                position,
                why: "its sealed content does not match its hash; it has been altered".to_owned(),
            });
        }
        Ok(self.frontier.push(*hash))
    }

    /// Takes over a run of entries that was checked by itself, if it follows from what was checked so far.
    /// `None` when it does not: then push its entries one by one, which names the first that fails.
    pub fn join(&mut self, run: &Run) -> Option<Vec<Kept>> {
        if self.compare().is_err() || !run.follows(&self.chain) {
            return None;
        }
        // Compared within the run on a copy, so that nothing is taken over when a checkpoint in it fails.
        let (mut frontier, mut compared) = (self.frontier.clone(), self.compared);
        let kept = run.grow(
            &mut frontier,
            |grown| {
                while let Some(next) = self.checkpoints.get(compared) {
                    if next.size > grown.size() {
                        break;
                    }
                    if next.size < grown.size() || next.root != grown.root() {
                        return false;
                    }
                    compared += 1;
                }
                true
            },
            &self.checkpoints,
        )?;
        if compared > self.compared {
            self.proven = self.checkpoints[compared - 1].size;
        }
        (self.frontier, self.compared) = (frontier, compared);
        run.pass(&mut self.chain);
        Some(kept)
    }

    /// How many entries each stream has so far.
    pub fn streams(&self) -> &std::collections::HashMap<String, u64> {
        self.chain.streams()
    }

    /// The edge of the tree so far.
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The chain so far.
    pub fn verified(&self) -> Verified {
        self.chain.verified()
    }

    /// The end of the log: the remaining checkpoints have to be of this size; a longer one says that the end is missing.
    pub fn finish(mut self) -> Result<Audited, Broken> {
        self.compare()?;
        let log = self.chain.verified();
        if let Some(longer) = self.checkpoints.get(self.compared) {
            return Err(Broken {
                position: log.entries + 1,
                why: format!(
                    "the log ends before it, but a checkpoint was signed when the log had {} entries; its end is missing",
                    longer.size
                ),
            });
        }
        Ok(Audited {
            log,
            root: self.frontier.root(),
            checkpoints: self.compared as u64,
        })
    }

    /// Compares with the checkpoints of exactly as many entries as there are now.
    fn compare(&mut self) -> Result<(), Broken> {
        let size = self.frontier.size();
        while let Some(checkpoint) = self.checkpoints.get(self.compared) {
            if checkpoint.size != size {
                break;
            }
            if checkpoint.root != self.frontier.root() {
                return Err(Broken {
                    position: self.proven + 1,
                    why: format!(
                        "the log was another when a checkpoint of {size} entries was signed; what was rewritten is among the entries {} to {size}",
                        self.proven + 1
                    ),
                });
            }
            self.compared += 1;
            self.proven = size;
        }
        Ok(())
    }
}
