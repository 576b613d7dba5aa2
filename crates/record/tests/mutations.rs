//! 10,000 mutations of a log as it lies in a file: every one is found against a checkpoint, and the first broken entry is named.
//! The mutations are those that happen (flipped bits, lost and doubled writes, a cut end) and those someone does who can compute hashes.

mod shared;

use record::{
    Broken, Entry, Hash,
    audit::{Audit, Audited, Run},
    canonical,
    checkpoint::Checkpoint,
    parse,
};
use shared::{Dice, Row, checkpoint, log, relink};

/// A log in a file: for each entry its canonical bytes, its hash and its sealed content, each with its length in front.
fn file(rows: &[Row]) -> Vec<Vec<u8>> {
    rows.iter()
        .map(|row| {
            let mut bytes = Vec::new();
            for part in [
                canonical(&row.entry).as_slice(),
                &row.hash.0,
                row.sealed.as_slice(),
            ] {
                bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
                bytes.extend_from_slice(part);
            }
            bytes
        })
        .collect()
}

type Read = (Entry, Hash, Vec<u8>);

/// The next entry of a file, if there is one.
fn read(rest: &mut &[u8]) -> Option<Read> {
    let mut part = || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (part, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        *rest = after;
        Some(part)
    };
    let (bytes, hash, sealed) = (part()?, part()?, part()?);
    Some((
        parse(bytes).ok()?,
        Hash(hash.try_into().ok()?),
        sealed.to_vec(),
    ))
}

/// Reads and checks a file against checkpoints, entry by entry.
fn audit(bytes: &[u8], checkpoints: &[Checkpoint]) -> Result<Audited, Broken> {
    let mut audit = Audit::new(checkpoints.to_vec());
    let mut rest = bytes;
    while !rest.is_empty() {
        let position = audit.verified().entries + 1;
        let Some((entry, hash, sealed)) = read(&mut rest) else {
            return Err(Broken {
                position,
                why: "it cannot be read".into(),
            });
        };
        audit.push(&entry, &hash, Some(&sealed))?;
    }
    audit.finish()
}

/// The same in runs of this length, each checked by itself and joined.
fn audit_in_runs(
    bytes: &[u8],
    checkpoints: &[Checkpoint],
    length: usize,
) -> Result<Audited, Broken> {
    let mut audit = Audit::new(checkpoints.to_vec());
    let (mut rest, mut readable, mut rows) = (bytes, true, Vec::new());
    while readable && !rest.is_empty() {
        match read(&mut rest) {
            Some(row) => rows.push(row),
            None => readable = false,
        }
    }
    for rows in rows.chunks(length) {
        let run = Run::check(
            rows.iter()
                .map(|(entry, hash, sealed)| (entry, hash, Some(sealed.as_slice()))),
        );
        if audit.join(&run).is_none() {
            for (entry, hash, sealed) in rows {
                audit.push(entry, hash, Some(sealed))?;
            }
        }
    }
    if !readable {
        return Err(Broken {
            position: audit.verified().entries + 1,
            why: "it cannot be read".into(),
        });
    }
    audit.finish()
}

const SIZE: usize = 40;

/// Makes one mutation; answers with the file and the entry that has to be named.
fn mutate(
    dice: &mut Dice,
    rows: &[Row],
    entries: &[Vec<u8>],
    checked: &[usize],
) -> (&'static str, Vec<u8>, u64) {
    let at = dice.below(SIZE);
    let position = at as u64 + 1;
    let mut parts = entries.to_vec();
    let (what, expected) = match dice.below(9) {
        0 | 1 => {
            let byte = dice.below(parts[at].len());
            parts[at][byte] ^= 1 << dice.below(8);
            ("a flipped bit", position)
        }
        2 => {
            let byte = dice.below(parts[at].len());
            let wrong = (1 + dice.below(255)) as u8;
            parts[at][byte] = parts[at][byte].wrapping_add(wrong);
            ("another byte", position)
        }
        3 => {
            let count = 1 + dice.below(SIZE - at);
            parts.drain(at..at + count);
            ("dropped entries", position)
        }
        4 => {
            let mut other = dice.below(SIZE);
            if other == at {
                other = (at + 1) % SIZE;
            }
            parts.swap(at, other);
            ("two swapped entries", at.min(other) as u64 + 1)
        }
        5 => {
            let bytes = parts.concat();
            let end = dice.below(bytes.len());
            let (mut whole, mut length) = (0, 0);
            while length + parts[whole].len() <= end {
                length += parts[whole].len();
                whole += 1;
            }
            return ("a cut end", bytes[..end].to_vec(), whole as u64 + 1);
        }
        6 => {
            let to = dice.below(SIZE + 1);
            let copy = parts[at].clone();
            parts.insert(to, copy);
            // Put before or behind itself, it is the second of the two that is wrong.
            let wrong = if to == at { to + 1 } else { to };
            ("a replayed entry", wrong as u64 + 1)
        }
        7 => {
            let mut rewritten = rows.to_vec();
            let actor = &mut rewritten[at].entry.actor;
            *actor = format!("{actor}-another");
            relink(&mut rewritten, at);
            parts = file(&rewritten);
            // With hashes that fit, it is known only between which checkpoints it is.
            let proven = checked.iter().filter(|size| **size <= at).max();
            (
                "rewritten to the end",
                proven.map_or(1, |size| *size as u64 + 1),
            )
        }
        _ => {
            let mut rewritten = rows.to_vec();
            rewritten.remove(at);
            relink(&mut rewritten, at);
            // Numbers in streams stay as they were, so the next of the stream is out of step; with none, only checkpoints tell.
            let stream = &rows[at].entry.stream;
            let next = (at + 1..SIZE).find(|later| rows[*later].entry.stream == *stream);
            let proven = checked
                .iter()
                .filter(|size| **size <= at)
                .max()
                .map_or(0, |size| *size);
            let compared = checked
                .iter()
                .filter(|size| **size > at && **size < SIZE)
                .min();
            parts = file(&rewritten);
            let expected = match (next, compared) {
                // The entry that was the next of its stream stands one earlier now.
                (Some(next), Some(size)) if next <= *size => next,
                (Some(next), None) => next,
                (_, Some(_)) => proven + 1,
                (None, None) => SIZE,
            };
            ("dropped and relinked", expected as u64)
        }
    };
    (what, parts.concat(), expected)
}

#[test]
fn of_10_000_mutations_all_are_found_and_the_first_broken_entry_is_named() {
    let rows = log(SIZE as u64);
    let entries = file(&rows);
    let whole = entries.concat();
    let mut found = std::collections::BTreeMap::new();
    let mut dice = Dice(0x5eed_1e55_c0ff_ee11);
    let sizes: [&[usize]; 4] = [
        &[SIZE],
        &[13, SIZE],
        &[1, 2, 3, 20, 33, SIZE],
        &[8, 16, 32, SIZE],
    ];
    let checkpoints = sizes.map(|sizes| {
        sizes
            .iter()
            .map(|size| checkpoint(&rows, *size))
            .collect::<Vec<_>>()
    });
    for held in &checkpoints {
        let sound = audit(&whole, held).unwrap();
        assert_eq!(sound.checkpoints, held.len() as u64);
        assert_eq!(sound.root, checkpoint(&rows, SIZE).root);
        assert_eq!(audit_in_runs(&whole, held, 7), Ok(sound));
    }
    for round in 0..10_000 {
        let which = round % 4;
        let (what, bytes, expected) = mutate(&mut dice, &rows, &entries, sizes[which]);
        assert_ne!(bytes, whole, "{what} changed nothing");
        let broken = audit(&bytes, &checkpoints[which])
            .expect_err(&format!("{what}, entry {expected}, went unseen"));
        assert_eq!(broken.position, expected, "{what}, round {round}: {broken}");
        let length = 1 + dice.below(SIZE + 5);
        assert_eq!(
            audit_in_runs(&bytes, &checkpoints[which], length),
            Err(broken),
            "{what}, round {round}, in runs of {length}"
        );
        *found.entry(what).or_insert(0u32) += 1;
    }
    assert_eq!(found.values().sum::<u32>(), 10_000);
    assert_eq!(found.len(), 8);
    assert!(found.values().all(|times| *times > 800), "{found:?}");
}

#[test]
fn the_same_mutations_of_the_end_pass_without_a_checkpoint_which_is_why_there_are_any() {
    let rows = log(SIZE as u64);
    let cut = file(&rows[..30]).concat();
    assert_eq!(audit(&cut, &[]).unwrap().log.entries, 30);
    let mut rewritten = rows.clone();
    rewritten[20].entry.actor = "someone-else".into();
    relink(&mut rewritten, 20);
    assert!(audit(&file(&rewritten).concat(), &[]).is_ok());
    // A checkpoint from before the rewritten entry does not help; one from after it does.
    assert!(audit(&file(&rewritten).concat(), &[checkpoint(&rows, 20)]).is_ok());
    assert!(audit(&file(&rewritten).concat(), &[checkpoint(&rows, 21)]).is_err());
}

#[test]
fn runs_of_any_length_with_checkpoints_anywhere_give_the_same_answer() {
    let rows = log(700);
    let bytes = file(&rows).concat();
    let sizes = [0, 1, 255, 256, 257, 300, 511, 512, 640, 699, 700];
    let held: Vec<Checkpoint> = sizes.iter().map(|size| checkpoint(&rows, *size)).collect();
    let sound = audit(&bytes, &held).unwrap();
    assert_eq!(sound.checkpoints, 11);
    for length in [1, 3, 100, 255, 256, 257, 512, 700, 1000] {
        assert_eq!(audit_in_runs(&bytes, &held, length), Ok(sound), "{length}");
    }
    for wrong in 0..held.len() {
        let mut held = held.clone();
        held[wrong].root.0[5] ^= 1;
        let broken = audit(&bytes, &held).unwrap_err();
        let before = if wrong == 0 { 0 } else { sizes[wrong - 1] };
        assert_eq!(broken.position, before as u64 + 1);
        for length in [1, 100, 256, 700] {
            assert_eq!(audit_in_runs(&bytes, &held, length), Err(broken.clone()));
        }
    }
}

#[test]
fn joining_a_run_gives_the_same_hashes_to_keep_as_pushing_its_entries() {
    let rows = log(1300);
    let mut one_by_one = Audit::new([]);
    let pushed: Vec<_> = rows
        .iter()
        .flat_map(|row| {
            one_by_one
                .push(&row.entry, &row.hash, Some(&row.sealed))
                .unwrap()
        })
        .collect();
    assert_eq!(pushed.len(), 5);
    for length in [1, 100, 256, 300, 1024, 1300] {
        let mut joined = Audit::new([]);
        let kept: Vec<_> = rows
            .chunks(length)
            .flat_map(|rows| {
                let run = Run::check(
                    rows.iter()
                        .map(|row| (&row.entry, &row.hash, Some(row.sealed.as_slice()))),
                );
                joined.join(&run).unwrap()
            })
            .collect();
        assert_eq!(kept, pushed, "runs of {length}");
        assert_eq!(joined.streams(), one_by_one.streams());
        assert_eq!(joined.frontier(), one_by_one.frontier());
    }
}

#[test]
fn a_time_that_is_none_is_found_though_its_hash_fits() {
    let mut rows = log(10);
    for wrong in [
        "2026-02-30T09:00:00.000000Z",
        "2026-11-23T24:00:00.000000Z",
        "2026-11-23T09:60:00.000000Z",
        "2026-11-23 09:00:00.000000Z",
        "2026-11-23T09:00:00.00000Z",
        "2026-11-23T09:00:00.000000+",
        "0000-11-23T09:00:00.000000Z",
        "",
    ] {
        rows[4].entry.at = wrong.into();
        relink(&mut rows, 4);
        let bytes = file(&rows).concat();
        let broken = audit(&bytes, &[]).unwrap_err();
        assert_eq!(
            broken.to_string(),
            "the record is broken at entry 5: its time is not a time"
        );
        assert_eq!(audit_in_runs(&bytes, &[], 4), Err(broken));
    }
}
