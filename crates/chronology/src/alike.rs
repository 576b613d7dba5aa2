//! Entries that may tell of the same event: duplicates, and the same event with another date, other people or another account.
//! They are suggestions; both entries stay.

use serde::Serialize;

use crate::columns::{Place, bare};
use crate::likeness::Telling;
use crate::merge::{Chronology, day_number};

/// What two entries seem to have to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Alike {
    /// The same day, and nearly the same words.
    Duplicate,
    /// The same day and nearly the same words, about other people.
    OtherPeople,
    /// The same day and similar words of another agency.
    OtherAccount,
    /// Nearly the same words of another agency, within a month.
    OtherDate,
}

impl Alike {
    /// What it means, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Duplicate => "may be the same event twice",
            Self::OtherPeople => "same day and words, other people concerned",
            Self::OtherAccount => "same day, another account of it",
            Self::OtherDate => "similar words on another date",
        }
    }
}

/// A pair of entries to look at together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// The place of the first in the merged order, from 0.
    pub first: usize,
    /// The place of the second.
    pub second: usize,
    /// What they seem to have to do with each other.
    pub alike: Alike,
    /// The share of telling words in common, of 100.
    pub likeness: u32,
}

/// The pairs that were found, and how far was looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pairs {
    /// The pairs, by their places.
    pub pairs: Vec<Pair>,
    /// How many days apart entries were compared; 31, or fewer where there are too many entries.
    pub days: i32,
    /// With how many entries that follow it each was compared at most; nothing where that was not limited.
    pub following: Option<usize>,
    /// Whether there were more pairs than are listed.
    pub more: bool,
}

/// At least this share of words: nearly the same.
const NEARLY: u32 = 65;
/// At least this share: similar.
const SIMILAR: u32 = 40;
/// How many pairs are listed at most.
pub const MOST_PAIRS: usize = 10_000;
/// How many pairs are compared at most.
const BUDGET: usize = 60_000_000;

/// Compares entries that lie at most 31 days apart; with very many entries only those of the same day, and then only with the next few.
#[must_use]
pub fn alike(chronology: &Chronology, threads: usize) -> Pairs {
    let places: Vec<usize> = (0..chronology.len())
        .filter(|p| chronology.get(*p).is_some_and(|e| !e.is_note()))
        .collect();
    let days: Vec<i32> = places
        .iter()
        .filter_map(|p| chronology.get(*p).map(|e| day_number(e.when().from)))
        .collect();
    let ends = |apart: i32| {
        let mut end = 0;
        days.iter()
            .map(|day| {
                while days.get(end).is_some_and(|other| other - day <= apart) {
                    end += 1;
                }
                end
            })
            .collect::<Vec<usize>>()
    };
    let cost = |ends: &[usize]| {
        ends.iter()
            .enumerate()
            .map(|(at, end)| end - at - 1)
            .sum::<usize>()
    };
    let mut apart = 31;
    let mut until = ends(apart);
    if cost(&until) > BUDGET {
        apart = 0;
        until = ends(apart);
    }
    let following = (cost(&until) > BUDGET).then(|| (BUDGET / places.len().max(1)).max(1));
    if let Some(most) = following {
        for (at, end) in until.iter_mut().enumerate() {
            *end = (*end).min(at + 1 + most);
        }
    }
    let compare =
        |range: std::ops::Range<usize>| compared(chronology, &places, &days, &until, range);
    let (pairs, more) = in_parts(places.len(), threads, &compare);
    Pairs {
        pairs,
        days: apart,
        following,
        more,
    }
}

/// Divides the work among threads; the parts come back in order.
fn in_parts(
    count: usize,
    threads: usize,
    compare: &(impl Fn(std::ops::Range<usize>) -> Vec<Pair> + Sync),
) -> (Vec<Pair>, bool) {
    let size = count.div_ceil(threads.max(1)).max(1);
    let mut pairs: Vec<Pair> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..count)
            .step_by(size)
            .map(|from| scope.spawn(move || compare(from..(from + size).min(count))))
            .collect();
        hands
            .into_iter()
            .flat_map(|hand| {
                hand.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    let more = pairs.len() > MOST_PAIRS;
    pairs.truncate(MOST_PAIRS);
    (pairs, more)
}

fn compared(
    chronology: &Chronology,
    places: &[usize],
    days: &[i32],
    until: &[usize],
    range: std::ops::Range<usize>,
) -> Vec<Pair> {
    let mut found = Vec::new();
    // The words of the entries that may still be compared with.
    let mut window: std::collections::VecDeque<Telling> = std::collections::VecDeque::new();
    let mut begins = range.start;
    let mut ends = range.start;
    for at in range {
        while ends < until[at].max(at + 1) {
            window.push_back(telling(chronology, places[ends]));
            ends += 1;
        }
        while begins < at {
            window.pop_front();
            begins += 1;
        }
        let Some(one) = window.front() else { continue };
        for second in at + 1..until[at] {
            let Some(other) = window.get(second - at) else {
                break;
            };
            let same_day = days[at] == days[second];
            let least = if same_day { SIMILAR } else { NEARLY };
            let likeness = one.likeness(other, least);
            if likeness < least {
                continue;
            }
            if let Some(alike) = judged(chronology, places[at], places[second], same_day, likeness)
            {
                found.push(Pair {
                    first: places[at],
                    second: places[second],
                    alike,
                    likeness,
                });
            }
        }
        // One more than is listed, so that it is known that there are more.
        if found.len() > MOST_PAIRS {
            break;
        }
    }
    found
}

fn telling(chronology: &Chronology, place: usize) -> Telling {
    chronology
        .get(place)
        .map_or_else(Telling::default, |entry| {
            let what = entry.text(Place::What);
            Telling::of(if what.is_empty() {
                entry.text(Place::Response)
            } else {
                what
            })
        })
}

fn judged(
    chronology: &Chronology,
    first: usize,
    second: usize,
    same_day: bool,
    likeness: u32,
) -> Option<Alike> {
    let (a, b) = (chronology.get(first)?, chronology.get(second)?);
    let other_agency = a.agency() != b.agency();
    if !same_day {
        return (other_agency && likeness >= NEARLY).then_some(Alike::OtherDate);
    }
    if likeness < NEARLY {
        return other_agency.then_some(Alike::OtherAccount);
    }
    let (p, q) = (bare(a.text(Place::People)), bare(b.text(Place::People)));
    let other_people = !p.is_empty() && !q.is_empty() && p != q;
    Some(if other_people {
        Alike::OtherPeople
    } else {
        Alike::Duplicate
    })
}
