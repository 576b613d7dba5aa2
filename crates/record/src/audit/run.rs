//! A stretch of the log checked by itself, so that all cores can work on one log.
//! What a run cannot know, what came before it, is left open and settled when it is [joined](super::Audit::join).

use std::collections::HashMap;

use crate::{
    Chain, Entry, Hash,
    canonical::hash_in,
    checkpoint::Checkpoint,
    content_hash,
    tree::{Frontier, Kept, root_of},
};

/// The leaves of one kept subtree; the tree is computed in pieces of at most this many.
const PIECE: u64 = 256;

/// What is known of a stretch of the log once it was checked by itself.
#[derive(Debug, Clone)]
pub struct Run {
    /// The first entry of the run as it says of itself; `None` when the run has no entries.
    first: Option<First>,
    last: Hash,
    leaves: Vec<Hash>,
    /// For each stream, the first number and the last.
    streams: HashMap<String, (u64, u64)>,
    /// The complete subtrees the leaves fall into, from the left: how many leaves each has, and its hash.
    pieces: Vec<(u64, Hash)>,
    sound: bool,
}

#[derive(Debug, Clone)]
struct First {
    partnership: String,
    position: u64,
    previous: Hash,
}

impl Run {
    /// Checks entries that should follow one another, each with the hash kept beside it and, where it is at hand, its sealed content.
    /// Nothing is refused here; a run that is not sound is not joined.
    pub fn check<'a>(
        rows: impl IntoIterator<Item = (&'a Entry, &'a Hash, Option<&'a [u8]>)>,
    ) -> Run {
        let mut run = Run {
            first: None,
            last: Hash::ZERO,
            leaves: Vec::new(),
            streams: HashMap::new(),
            pieces: Vec::new(),
            sound: true,
        };
        let mut place = Vec::new();
        for (entry, hash, sealed) in rows {
            run.sound &= run.add(entry, hash, sealed, &mut place);
            if !run.sound {
                break;
            }
        }
        if run.sound {
            run.pieces = run.cut();
        }
        run
    }

    fn add(
        &mut self,
        entry: &Entry,
        hash: &Hash,
        sealed: Option<&[u8]>,
        place: &mut Vec<u8>,
    ) -> bool {
        match &self.first {
            None => {
                self.first = Some(First {
                    partnership: entry.partnership.clone(),
                    position: entry.position,
                    previous: entry.previous,
                });
            }
            Some(first) => {
                let follows = first.position.checked_add(self.leaves.len() as u64)
                    == Some(entry.position)
                    && entry.partnership == first.partnership
                    && entry.previous == self.last;
                if !follows {
                    return false;
                }
            }
        }
        match self.streams.get_mut(&entry.stream) {
            Some((_, last)) => {
                if last.checked_add(1) != Some(entry.number) {
                    return false;
                }
                *last = entry.number;
            }
            None => {
                let both = (entry.number, entry.number);
                self.streams.insert(entry.stream.clone(), both);
            }
        }
        self.last = *hash;
        self.leaves.push(*hash);
        crate::is_time_text(&entry.at)
            && hash_in(entry, place) == *hash
            && sealed.is_none_or(|sealed| content_hash(sealed) == entry.content_hash)
    }

    /// The leaves as complete subtrees of at most [`PIECE`] leaves, each beginning where one can begin.
    fn cut(&self) -> Vec<(u64, Hash)> {
        let mut pieces = Vec::new();
        let Some(mut place) = self.first.as_ref().and_then(|f| f.position.checked_sub(1)) else {
            return pieces;
        };
        let mut rest = self.leaves.as_slice();
        while !rest.is_empty() {
            let longest = 1 << (u64::BITS - 1 - (rest.len() as u64).leading_zeros());
            let fits = if place == 0 {
                PIECE
            } else {
                place & place.wrapping_neg()
            };
            let length = fits.min(longest).min(PIECE);
            let (piece, after) = rest.split_at(length as usize);
            pieces.push((length, root_of(piece)));
            place = place.saturating_add(length);
            rest = after;
        }
        pieces
    }

    /// Whether the run is sound and its first entries, of the log and of each stream, are the next.
    pub(super) fn follows(&self, chain: &Chain) -> bool {
        let before = chain.verified();
        self.sound
            && self.first.as_ref().is_none_or(|first| {
                first.position == before.entries + 1
                    && first.previous == before.last
                    && chain
                        .partnership()
                        .is_none_or(|partnership| partnership == first.partnership)
            })
            && self.streams.iter().all(|(stream, (first, _))| {
                *first == chain.streams().get(stream).copied().unwrap_or(0) + 1
            })
    }

    /// Lets the tree grow by the run, asking `holds` wherever a checkpoint might be; `None` when it says no.
    pub(super) fn grow(
        &self,
        frontier: &mut Frontier,
        mut holds: impl FnMut(&Frontier) -> bool,
        checkpoints: &[Checkpoint],
    ) -> Option<Vec<Kept>> {
        let (mut kept, mut leaves) = (Vec::new(), self.leaves.as_slice());
        for (length, hash) in &self.pieces {
            let (piece, after) = leaves.split_at(*length as usize);
            leaves = after;
            let (start, end) = (frontier.size(), frontier.size() + length);
            let at = checkpoints.partition_point(|checkpoint| checkpoint.size <= start);
            if checkpoints.get(at).is_some_and(|next| next.size < end) {
                for leaf in piece {
                    kept.extend(frontier.push(*leaf));
                    if !holds(frontier) {
                        return None;
                    }
                }
            } else {
                let level = length.trailing_zeros() as u8;
                kept.extend(frontier.push_subtree(level, *hash).ok()?);
                if !holds(frontier) {
                    return None;
                }
            }
        }
        Some(kept)
    }

    /// Moves the chain behind the run.
    pub(super) fn pass(&self, chain: &mut Chain) {
        if let Some(first) = &self.first {
            chain.skip(
                &first.partnership,
                self.leaves.len() as u64,
                self.last,
                self.streams
                    .iter()
                    .map(|(stream, (_, last))| (stream.clone(), *last)),
            );
        }
    }
}
