//! What is handed out: entries in clear and withheld, proofs as JSON, and whole bundles, each with everything that could be altered in it.

mod shared;

use record::{
    Hash,
    checkpoint::SigningKey,
    content::{committing_key_id, content_binding, open_content, seals_to},
    content_hash,
    proof::{
        Bundle, BundleError, ConsistencyProof, InclusionProof, NotShown, Shown, ShownEntry,
        check_bundle,
    },
    tree::root_of,
};
use shared::{
    bundle::{Made, bundle},
    checkpoint, leaves, log, shown, signer,
};

#[test]
fn an_inclusion_proof_survives_being_written_as_json() {
    let rows = log(21);
    let leaves = leaves(&rows);
    for position in 1..=21 {
        let proof = InclusionProof::new(position, 21, leaves.as_slice()).unwrap();
        let json = serde_json::to_string(&proof).unwrap();
        let read: InclusionProof = serde_json::from_str(&json).unwrap();
        let own = leaves[position as usize - 1];
        read.check(&own, &root_of(&leaves)).unwrap();
        assert!(
            read.check(&leaves[position as usize % 21], &root_of(&leaves))
                .is_err()
        );
    }
    assert!(InclusionProof::new(0, 21, leaves.as_slice()).is_err());
    assert!(InclusionProof::new(22, 21, leaves.as_slice()).is_err());
}

#[test]
fn a_consistency_proof_survives_being_written_as_json() {
    let rows = log(21);
    let leaves = leaves(&rows);
    for old in 0..=21u64 {
        let proof = ConsistencyProof::new(old, 21, leaves.as_slice()).unwrap();
        let json = serde_json::to_string(&proof).unwrap();
        let read: ConsistencyProof = serde_json::from_str(&json).unwrap();
        read.check(&root_of(&leaves[..old as usize]), &root_of(&leaves))
            .unwrap();
    }
}

#[test]
fn an_entry_in_clear_holds_and_its_words_cannot_be_changed() {
    let rows = log(9);
    let at = checkpoint(&rows, 9);
    for (index, row) in rows.iter().enumerate() {
        let line = shown(&rows, index, 9, Shown::clear(&row.clear, &row.key));
        let json = serde_json::to_string(&line).unwrap();
        let read: ShownEntry = serde_json::from_str(&json).unwrap();
        assert_eq!(read.check(9, &at.root).unwrap(), row.entry);

        let mut words = row.clear.clone();
        words[12] ^= 1;
        let other = shown(&rows, index, 9, Shown::clear(&words, &row.key));
        assert_eq!(other.check(9, &at.root), Err(NotShown::OtherWords));

        let mut key = row.key;
        key[3] ^= 4;
        let other = shown(&rows, index, 9, Shown::clear(&row.clear, &key));
        let expected = if row.entry.key_id.starts_with("sha256:") {
            NotShown::OtherKey
        } else {
            NotShown::OtherWords
        };
        assert_eq!(other.check(9, &at.root), Err(expected));
    }
}

#[test]
fn an_entry_withheld_or_destroyed_shows_that_it_is_there_and_its_hash() {
    let rows = log(9);
    let at = checkpoint(&rows, 9);
    for content in [
        Shown::Withheld {
            why: "it concerns another family".into(),
        },
        Shown::Destroyed {
            why: "destroyed on 1 December 2026".into(),
        },
    ] {
        let line = shown(&rows, 4, 9, content);
        let json = serde_json::to_string(&line).unwrap();
        assert!(!json.contains("bruises"));
        let read: ShownEntry = serde_json::from_str(&json).unwrap();
        assert_eq!(read.hash, rows[4].hash);
        read.check(9, &at.root).unwrap();
    }
}

#[test]
fn content_that_is_not_text_is_shown_as_bytes() {
    let key = [9; 32];
    let Shown::Bytes { base64, .. } = Shown::clear(&[0xff, 0], &key) else {
        panic!("it is not text");
    };
    assert_eq!(base64, "/wA=");
    let opened = Shown::clear(&[0xff, 0], &key).opened().unwrap().unwrap();
    assert_eq!(opened, (vec![0xff, 0], key));
}

#[test]
fn every_field_of_an_entry_handed_out_is_covered() {
    let rows = log(9);
    let root = checkpoint(&rows, 9).root;
    let row = &rows[5];
    let line = shown(&rows, 5, 9, Shown::clear(&row.clear, &row.key));
    let altered: [fn(&mut ShownEntry); 14] = [
        |l| l.entry.partnership.push('x'),
        |l| l.entry.position += 1,
        |l| l.entry.stream.push('x'),
        |l| l.entry.number += 1,
        |l| l.entry.kind.push('x'),
        |l| l.entry.version += 1,
        |l| l.entry.at = "2026-11-23T09:00:07.000000Z".into(),
        |l| l.entry.actor.push('x'),
        |l| l.entry.key_id.push('0'),
        |l| l.entry.nonce.replace_range(0..1, "f"),
        |l| l.entry.content_hash = Hash::ZERO,
        |l| l.entry.previous = Hash::ZERO,
        |l| l.hash = Hash::ZERO,
        |l| {
            l.proof.pop();
        },
    ];
    line.check(9, &root).unwrap();
    for (index, alter) in altered.iter().enumerate() {
        let mut other = line.clone();
        alter(&mut other);
        assert!(other.check(9, &root).is_err(), "field {index}");
        if index < 12 {
            // Even with a hash that fits, it is not in the log.
            other.hash = other.entry.entry().unwrap().hash();
            assert!(matches!(other.check(9, &root), Err(NotShown::NotInLog(_))));
        }
    }
}

#[test]
fn content_opens_only_with_its_key_and_in_its_place() {
    let rows = log(6);
    let row = &rows[2];
    assert_eq!(
        open_content(&row.key, &row.entry, &row.sealed).as_deref(),
        Some(row.clear.as_slice())
    );
    assert!(seals_to(&row.key, &row.entry, &row.clear));
    assert!(open_content(&rows[3].key, &row.entry, &row.sealed).is_none());
    let mut elsewhere = row.entry.clone();
    elsewhere.number += 1;
    assert!(open_content(&row.key, &elsewhere, &row.sealed).is_none());
    assert!(!seals_to(&row.key, &elsewhere, &row.clear));
}

#[test]
fn the_binding_of_content_is_that_of_the_format_page() {
    let bytes = content_binding("merrowshire", "case/MR-0001", 1, "incident-recorded");
    let mut expected = Vec::new();
    for field in [
        b"candour-content/1".as_slice(),
        b"merrowshire",
        b"case/MR-0001",
        &1u64.to_be_bytes(),
        b"incident-recorded",
    ] {
        expected.extend_from_slice(&(field.len() as u64).to_be_bytes());
        expected.extend_from_slice(field);
    }
    assert_eq!(bytes, expected);
}

#[test]
fn a_key_id_computed_from_the_key_is_another_for_another_key() {
    let id = committing_key_id(&[7; 32]);
    assert_eq!(id.len(), 7 + 64);
    assert!(id.starts_with("sha256:"));
    assert_ne!(id, committing_key_id(&[8; 32]));
}

fn checked(made: &Made) -> Result<u64, BundleError> {
    check_bundle(&made.bundle(), &[signer().verifier()]).map(|holds| holds.in_clear)
}

#[test]
fn a_bundle_holds_and_says_what_is_in_it() {
    let made = bundle();
    let holds = check_bundle(&made.bundle(), &[signer().verifier()]).unwrap();
    assert!(holds.key_known);
    assert_eq!(holds.checkpoint.size, 30);
    assert_eq!(holds.manifest.earlier.len(), 2);
    assert!(holds.in_clear > 3 && (holds.in_clear as usize) < holds.entries.len());
    let alone = check_bundle(&made.bundle(), &[]).unwrap();
    assert!(!alone.key_known);
}

#[test]
fn a_bundle_of_another_log_or_signed_by_someone_else_is_refused() {
    let made = bundle();
    let other = SigningKey::from_seed(shared::ORIGIN, &[1; 32]).unwrap();
    assert!(matches!(
        check_bundle(&made.bundle(), &[other.verifier()]),
        Err(BundleError::Checkpoint(_))
    ));
    // Someone who makes a bundle of their own fits together, but not with the key known from elsewhere.
    let mut forged = bundle();
    forged.manifest.checkpoint = checkpoint(&forged.rows, 30).sign(&other).unwrap();
    forged.manifest.earlier.clear();
    forged.manifest.key = other.verifier().to_string();
    forged.seal_with(&other);
    assert!(!check_bundle(&forged.bundle(), &[]).unwrap().key_known);
    assert!(checked(&forged).is_err());
}

#[test]
fn every_byte_of_a_bundle_is_covered() {
    let made = bundle();
    let flipped = |part: usize, at: usize| {
        let mut other = made.clone();
        let bytes = match part {
            0 => &mut other.bytes,
            1 => &mut other.lines,
            _ => return,
        };
        bytes[at] ^= 1;
        assert!(checked(&other).is_err(), "part {part}, byte {at}");
    };
    (0..made.bytes.len())
        .step_by(7)
        .for_each(|at| flipped(0, at));
    (0..made.lines.len())
        .step_by(13)
        .for_each(|at| flipped(1, at));
    for at in 0..made.seal.len() {
        let mut seal = made.seal.clone().into_bytes();
        seal[at] ^= 1;
        if let Ok(seal) = String::from_utf8(seal) {
            let mut other = made.clone();
            other.seal = seal;
            assert!(checked(&other).is_err(), "byte {at} of the signature");
        }
    }
    for at in 0..made.files.len() {
        let mut other = made.clone();
        other.files[at].sha256 = content_hash(b"another file");
        assert!(matches!(checked(&other), Err(BundleError::File { .. })));
        let mut other = made.clone();
        other.files.remove(at);
        assert!(matches!(checked(&other), Err(BundleError::File { .. })));
        let mut other = made.clone();
        other.files[at].path = "documents/added.pdf".into();
        assert!(matches!(checked(&other), Err(BundleError::File { .. })));
    }
}

/// What even the partnership cannot put into a bundle it signs, by what the answer says.
#[test]
fn a_bundle_signed_anew_still_cannot_show_what_is_not_in_the_log() {
    type Alter = fn(&mut Made);
    let cases: Vec<(&str, Alter)> = vec![
        ("its fields do not match its hash", |made| {
            made.shown[2].entry.actor.push('x');
        }),
        ("it is not entry", |made| {
            made.shown[2].entry.actor.push('x');
            made.shown[2].hash = made.shown[2].entry.entry().unwrap().hash();
        }),
        ("not the content that was sealed", |made| {
            let Shown::Clear { text, .. } = &mut made.shown[0].content else {
                panic!("the first entry is shown in clear");
            };
            *text = text.replace("twice", "once");
        }),
        ("number 3 was expected", |made| made.shown.swap(2, 3)),
        ("it is repeated or out of order", |made| {
            made.manifest.streams.clear();
            made.shown.swap(2, 3);
        }),
        ("it is repeated or out of order", |made| {
            let line = made.shown[2].clone();
            made.shown.insert(3, line);
        }),
        ("number", |made| {
            made.shown.remove(1);
        }),
        ("are in the bundle", |made| {
            made.shown.pop();
        }),
        ("does not begin with it", |made| {
            made.manifest.earlier[0].proof.pop();
        }),
        ("does not begin with it", |made| {
            let mut other = checkpoint(&made.rows, 11);
            other.root.0[0] ^= 1;
            made.manifest.earlier[0].checkpoint = other.sign(&signer()).unwrap();
        }),
        ("expected `candour-bundle/1`", |made| {
            made.manifest.format = "candour-bundle/2".into();
        }),
        ("belongs to the partnership", |made| {
            made.manifest.partnership = "tilbrook".into();
        }),
        ("its name leads out of the bundle", |made| {
            made.manifest.documents[0].path = "../outside.pdf".into();
        }),
        ("cannot be read", |made| {
            let Shown::Clear { key, .. } = &mut made.shown[0].content else {
                panic!("the first entry is shown in clear");
            };
            key.pop();
        }),
    ];
    for (expected, alter) in cases {
        let mut made = bundle();
        alter(&mut made);
        made.write();
        made.seal_with(&signer());
        let error = checked(&made).unwrap_err().to_string();
        assert!(error.contains(expected), "`{error}`, expected `{expected}`");
    }
}

#[test]
fn lines_that_are_not_entries_are_named_by_their_number() {
    let mut made = bundle();
    made.lines = [b"{}\n".as_slice(), &made.lines].concat();
    made.manifest.entries.count += 1;
    made.manifest.entries.sha256 = content_hash(&made.lines);
    made.bytes = serde_json::to_vec(&made.manifest).unwrap();
    made.seal_with(&signer());
    assert!(matches!(
        checked(&made),
        Err(BundleError::Line { line: 1, .. })
    ));
    let mut unended = bundle();
    unended.lines.pop();
    unended.manifest.entries.sha256 = content_hash(&unended.lines);
    unended.bytes = serde_json::to_vec(&unended.manifest).unwrap();
    unended.seal_with(&signer());
    assert!(matches!(checked(&unended), Err(BundleError::Line { .. })));
}

/// Whoever has no key from elsewhere reads what anyone may have written: numbers at their limits, text in the wrong places.
#[test]
fn a_bundle_made_to_do_harm_is_refused_or_holds_and_never_stops_the_program() {
    let mut dice = shared::Dice(0x0bad_cafe);
    let numbers = [
        "0",
        "1",
        "18446744073709551615",
        "18446744073709551616",
        "-1",
        "1.0",
        "1e3",
        "\"1\"",
        "null",
    ];
    let (mut refused, mut held) = (0, 0);
    let whole = bundle();
    for _ in 0..1500 {
        let mut made = whole.clone();
        let (text, entries) = match dice.below(2) {
            0 => (String::from_utf8(made.bytes.clone()).unwrap(), false),
            _ => (String::from_utf8(made.lines.clone()).unwrap(), true),
        };
        // Another number for one of those that stand there, or a piece of the text doubled or dropped.
        let starts: Vec<usize> = text
            .match_indices(':')
            .map(|(at, _)| at + 1)
            .filter(|at| {
                text[*at..]
                    .trim_start()
                    .starts_with(|c: char| c.is_ascii_digit())
            })
            .collect();
        let at = starts[dice.below(starts.len())];
        let end = at + text[at..].find([',', '}', '\n']).unwrap();
        let altered = match dice.below(4) {
            0 => format!("{}{}", &text[..at], &text[end..]),
            1 => format!("{},{}", &text[..end], &text[at..]),
            _ => format!(
                "{}{}{}",
                &text[..at],
                numbers[dice.below(numbers.len())],
                &text[end..]
            ),
        };
        if entries {
            made.lines = altered.into_bytes();
            made.manifest.entries.sha256 = content_hash(&made.lines);
            made.seal_with(&signer());
        } else {
            made.bytes = altered.into_bytes();
            made.seal = record::proof::sign_manifest(&made.bytes, &signer()).unwrap();
        }
        match check_bundle(&made.bundle(), &[]) {
            Ok(_) => held += 1,
            Err(_) => refused += 1,
        }
    }
    // Only a number that happens to be the one that was there holds.
    assert!(refused > 1300, "{refused} refused, {held} held");
}

#[test]
fn the_greatest_number_in_a_stream_has_none_after_it() {
    let mut made = bundle();
    let key = signer();
    let two: Vec<shared::Row> = [1, 2]
        .iter()
        .scan(Vec::new(), |rows: &mut Vec<shared::Row>, index| {
            let next = shared::row(rows, "case/last".into(), u64::MAX, *index, "words".into());
            rows.push(next.clone());
            Some(next)
        })
        .collect();
    made.manifest.checkpoint = checkpoint(&two, 2).sign(&key).unwrap();
    made.manifest.earlier.clear();
    made.manifest.streams.clear();
    made.shown = (0..2)
        .map(|at| shown(&two, at, 2, Shown::clear(&two[at].clear, &two[at].key)))
        .collect();
    made.write();
    made.seal_with(&key);
    let error = checked(&made).unwrap_err().to_string();
    assert!(
        error.contains("number 18446744073709551616 was expected"),
        "{error}"
    );
}

#[test]
fn content_is_not_printed_by_accident() {
    let rows = log(2);
    let line = shown(&rows, 0, 2, Shown::clear(&rows[0].clear, &rows[0].key));
    assert!(!format!("{line:?}").contains("bruises"));
    let bundle = bundle();
    let printed: Bundle<'_> = bundle.bundle();
    assert!(!format!("{:?}", check_bundle(&printed, &[])).contains("bruises"));
}
