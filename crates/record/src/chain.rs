//! The chain check: that entries follow one another without a gap, a change or a swap.
//! It finds everything but a missing end, which only a head known from elsewhere can show ([`Verified::last`] is what to compare).

use std::collections::HashMap;

use crate::{Entry, Hash};

/// An entry with the hash that was kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The entry.
    pub entry: Entry,
    /// The hash kept beside it, to be compared with the one computed.
    pub hash: Hash,
}

/// The answer when every entry holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// How many entries were checked.
    pub entries: u64,
    /// The hash of the last; [`Hash::ZERO`] when there are none.
    pub last: Hash,
}

/// The first place where the record does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error("the record is broken at entry {position}: {why}")]
pub struct Broken {
    /// The position at which an intact entry was expected.
    pub position: u64,
    /// What is wrong there, in plain words.
    pub why: String,
}

/// The check in progress: entries are pushed one at a time, so a log need not fit in memory.
#[derive(Debug, Default)]
pub struct Chain {
    partnership: Option<String>,
    entries: u64,
    last: Option<Hash>,
    streams: HashMap<String, u64>,
}

impl Chain {
    /// A check that begins before the first entry of a log.
    pub fn new() -> Chain {
        Chain::default()
    }

    /// Checks the next entry: its place, its number in its stream, its link to the one before, and its own hash.
    pub fn push(&mut self, entry: &Entry, hash: &Hash) -> Result<(), Broken> {
        self.push_computed(entry, hash, &entry.hash())
    }

    /// The same, with [`Entry::hash`] computed by the caller.
    pub(crate) fn push_computed(
        &mut self,
        entry: &Entry,
        hash: &Hash,
        computed: &Hash,
    ) -> Result<(), Broken> {
        let expected = self.entries + 1;
        let broken = |why: String| Broken {
            position: expected,
            why,
        };
        if entry.position != expected {
            return Err(broken(format!(
                "the entry found there says it is entry {}; an entry is missing, repeated or out of order",
                entry.position
            )));
        }
        match &self.partnership {
            Some(partnership) if *partnership != entry.partnership => {
                return Err(broken(format!(
                    "it belongs to the partnership `{}`, the entries before it to `{partnership}`",
                    entry.partnership
                )));
            }
            _ => {}
        }
        let number = self.streams.get(&entry.stream).copied().unwrap_or(0) + 1;
        if entry.number != number {
            return Err(broken(format!(
                "it says it is number {} of the stream `{}`; number {number} was expected",
                entry.number, entry.stream
            )));
        }
        if entry.previous != self.last() {
            return Err(broken(
                "it does not follow from the entry before it".to_owned(),
            ));
        }
        if !crate::is_time_text(&entry.at) {
            return Err(broken("its time is not a time".to_owned()));
        }
        if computed != hash {
            return Err(broken(
                "its bytes do not match its hash; it has been altered".to_owned(),
            ));
        }
        if self.partnership.is_none() {
            self.partnership = Some(entry.partnership.clone());
        }
        match self.streams.get_mut(&entry.stream) {
            Some(kept) => *kept = number,
            None => {
                self.streams.insert(entry.stream.clone(), number);
            }
        }
        self.entries = expected;
        self.last = Some(*hash);
        Ok(())
    }

    /// Goes on behind entries that were checked elsewhere to follow from the last one checked here.
    pub(crate) fn skip(
        &mut self,
        partnership: &str,
        entries: u64,
        last: Hash,
        streams: impl Iterator<Item = (String, u64)>,
    ) {
        self.partnership
            .get_or_insert_with(|| partnership.to_owned());
        self.entries += entries;
        self.last = Some(last);
        self.streams.extend(streams);
    }

    /// The partnership of the entries so far.
    pub(crate) fn partnership(&self) -> Option<&str> {
        self.partnership.as_deref()
    }

    /// How many entries each stream has so far.
    pub fn streams(&self) -> &HashMap<String, u64> {
        &self.streams
    }

    /// The result so far.
    pub fn verified(&self) -> Verified {
        Verified {
            entries: self.entries,
            last: self.last(),
        }
    }

    fn last(&self) -> Hash {
        self.last.unwrap_or(Hash::ZERO)
    }
}

/// Checks a whole log from its first entry, and says where it first fails.
pub fn verify_chain(log: impl IntoIterator<Item = Linked>) -> Result<Verified, Broken> {
    let mut chain = Chain::new();
    for linked in log {
        chain.push(&linked.entry, &linked.hash)?;
    }
    Ok(chain.verified())
}
