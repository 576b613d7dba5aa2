//! Abbreviations found in the texts, how often, and what they stand for where an author or the list of the field says so.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::columns::Place;
use crate::merge::Chronology;

/// An abbreviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Abbreviation {
    /// As it is written.
    pub letters: String,
    /// How often it is found.
    pub times: usize,
    /// What it stands for; nothing where nobody says.
    pub stands_for: Option<String>,
    /// Whether an author wrote it out, or it comes from the list of the field.
    pub written_out: bool,
    /// The place in the merged order, from 0, where it is found first.
    pub first: usize,
}

struct Found<'t> {
    times: usize,
    first: usize,
    written_out: Option<&'t str>,
}

/// The abbreviations of all texts but the agencies' names, by letter.
#[must_use]
pub fn glossary(chronology: &Chronology, threads: usize) -> Vec<Abbreviation> {
    let count = chronology.len();
    let size = count.div_ceil(threads.max(1)).max(1);
    let part = |from: usize| {
        let mut found: HashMap<&str, Found<'_>> = HashMap::new();
        for place in from..(from + size).min(count) {
            let Some(entry) = chronology.get(place) else {
                continue;
            };
            for text in [
                Place::What,
                Place::Response,
                Place::Voice,
                Place::Significance,
                Place::Analysis,
                Place::People,
                Place::Source,
            ] {
                look(entry.text(text), place, &mut found);
            }
        }
        found
    };
    let part = &part;
    let parts: Vec<HashMap<&str, Found<'_>>> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..count)
            .step_by(size)
            .map(|from| scope.spawn(move || part(from)))
            .collect();
        hands
            .into_iter()
            .map(|hand| {
                hand.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    let mut all: BTreeMap<&str, Found<'_>> = BTreeMap::new();
    for (letters, found) in parts.into_iter().flatten() {
        let one = all.entry(letters).or_insert(Found {
            times: 0,
            first: usize::MAX,
            written_out: None,
        });
        // Of two who write it out, the one that stands first; the parts come in order.
        one.written_out = one.written_out.or(found.written_out);
        one.times += found.times;
        one.first = one.first.min(found.first);
    }
    all.into_iter()
        .map(|(letters, found)| Abbreviation {
            letters: letters.to_owned(),
            times: found.times,
            stands_for: found
                .written_out
                .or_else(|| of_the_field(letters))
                .map(str::to_owned),
            written_out: found.written_out.is_some(),
            first: found.first,
        })
        .collect()
}

fn of_the_field(letters: &str) -> Option<&'static str> {
    include_str!("abbreviations.tsv").lines().find_map(|line| {
        line.split_once('\t')
            .filter(|(l, _)| *l == letters)
            .map(|(_, words)| words)
    })
}

/// Two to eight capitals on their own, with figures after the first; a text all in capitals has none.
fn look<'t>(text: &'t str, place: usize, found: &mut HashMap<&'t str, Found<'t>>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut shouted = None;
    while at < bytes.len() {
        if !bytes[at].is_ascii_uppercase() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && (bytes[at].is_ascii_uppercase() || bytes[at].is_ascii_digit()) {
            at += 1;
        }
        let inner = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
        let before = start.checked_sub(1).and_then(|b| bytes.get(b));
        let plural = bytes.get(at) == Some(&b's') && !bytes.get(at + 1).is_some_and(inner);
        let alone = !before.is_some_and(inner) && (plural || !bytes.get(at).is_some_and(inner));
        let capitals = bytes[start..at]
            .iter()
            .filter(|b| b.is_ascii_uppercase())
            .count();
        if !alone || !(2..=8).contains(&(at - start)) || capitals < 2 {
            while at < bytes.len() && inner(&bytes[at]) {
                at += 1;
            }
            continue;
        }
        if *shouted
            .get_or_insert_with(|| !bytes.iter().any(u8::is_ascii_lowercase) && text.contains(' '))
        {
            return;
        }
        let Some(letters) = text.get(start..at) else {
            return;
        };
        let one = found.entry(letters).or_insert(Found {
            times: 0,
            first: place,
            written_out: None,
        });
        one.times += 1;
        if one.written_out.is_none() {
            one.written_out = written_out(text, start, at);
        }
    }
}

/// `multi-agency safeguarding hub (MASH)`, or `MASH (multi-agency safeguarding hub)`: words whose first letters are the abbreviation.
fn written_out(text: &str, start: usize, end: usize) -> Option<&str> {
    let letters = text.get(start..end)?;
    let rest = text.get(end..)?;
    if let Some(inside) = rest.trim_start().strip_prefix('(')
        && let Some((words, _)) = inside.split_once(')')
        && initials(words, letters)
    {
        return Some(words.trim());
    }
    let before = text.get(..start)?.strip_suffix('(')?.trim_end();
    if !rest.starts_with(')') {
        return None;
    }
    // The fewest last words whose letters fit.
    before
        .rmatch_indices([' ', '\n'])
        .map(|(at, _)| before.get(at + 1..).unwrap_or_default())
        .chain([before])
        .take(letters.len() + 3)
        .find(|words| initials(words, letters))
}

fn initials(words: &str, letters: &str) -> bool {
    let mut wanted = letters
        .chars()
        .filter(char::is_ascii_uppercase)
        .map(|c| c.to_ascii_lowercase())
        .peekable();
    for word in words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        let first = word.chars().next().map(|c| c.to_ascii_lowercase());
        if first.is_some() && first == wanted.peek().copied() {
            wanted.next();
        } else if !["and", "of", "the", "for", "in", "to"]
            .contains(&word.to_ascii_lowercase().as_str())
        {
            return false;
        }
    }
    wanted.next().is_none()
}
