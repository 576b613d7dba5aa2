//! Properties of the chain: whatever is flipped, dropped, swapped or repeated is found, and where.

use proptest::prelude::*;
use record::{
    Entry, Hash, Linked, Malformed, Verified, canonical, content_hash, leaf_hash, parse,
    verify_chain,
};

fn log(streams: &[u8]) -> Vec<Linked> {
    let mut previous = Hash::ZERO;
    let mut numbers = [0u64; 4];
    let mut log = Vec::new();
    for (index, stream) in streams.iter().enumerate() {
        let stream = usize::from(stream % 4);
        numbers[stream] += 1;
        let entry = Entry {
            partnership: "merrowshire".into(),
            position: index as u64 + 1,
            stream: format!("case-{stream}"),
            number: numbers[stream],
            kind: "incident-recorded".into(),
            version: 1,
            at: "2026-11-23T09:32:00.000000Z".into(),
            actor: "person-1".into(),
            key_id: format!("key-{index}"),
            nonce: [index as u8; 24],
            content_hash: content_hash(&[index as u8]),
            previous,
        };
        previous = entry.hash();
        log.push(Linked {
            hash: previous,
            entry,
        });
    }
    log
}

fn logs() -> impl Strategy<Value = Vec<Linked>> {
    proptest::collection::vec(any::<u8>(), 2..24).prop_map(|streams| log(&streams))
}

proptest! {
    #[test]
    fn an_untouched_log_verifies_to_its_last_hash(log in logs()) {
        let last = log[log.len() - 1].hash;
        let entries = log.len() as u64;
        prop_assert_eq!(verify_chain(log), Ok(Verified { entries, last }));
    }

    #[test]
    fn bytes_read_back_are_the_same_entry(log in logs()) {
        for linked in log {
            prop_assert_eq!(parse(&canonical(&linked.entry)), Ok(linked.entry));
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_in_an_entry_is_found_at_that_entry(log in logs(), which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let which = which.index(log.len());
        let mut bytes = canonical(&log[which].entry);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        // Either the bytes are no longer an entry at all, or the chain breaks where they stand.
        if let Ok(entry) = parse(&bytes) {
            let mut log = log;
            log[which].entry = entry;
            let broken = verify_chain(log).expect_err("an altered entry must be found");
            prop_assert_eq!(broken.position, which as u64 + 1);
        }
    }

    #[test]
    fn a_flipped_bit_in_a_kept_hash_is_found(mut log in logs(), which in any::<prop::sample::Index>(), at in 0usize..32, bit in 0u8..8) {
        let which = which.index(log.len());
        log[which].hash.0[at] ^= 1 << bit;
        let broken = verify_chain(log).expect_err("an altered hash must be found");
        prop_assert_eq!(broken.position, which as u64 + 1);
    }

    #[test]
    fn an_entry_altered_together_with_its_own_hash_is_found_at_the_next(mut log in logs(), which in any::<prop::sample::Index>()) {
        let which = which.index(log.len() - 1);
        log[which].entry.actor = "person-2".into();
        log[which].hash = log[which].entry.hash();
        let broken = verify_chain(log).expect_err("a rewritten entry must be found");
        prop_assert_eq!(broken.position, which as u64 + 2);
    }

    #[test]
    fn a_dropped_entry_is_found(mut log in logs(), which in any::<prop::sample::Index>()) {
        let last = log[log.len() - 1].hash;
        let which = which.index(log.len());
        log.remove(which);
        match verify_chain(log) {
            Err(broken) => prop_assert_eq!(broken.position, which as u64 + 1),
            // Dropping the very end is what a known head is for.
            Ok(verified) => prop_assert_ne!(verified.last, last),
        }
    }

    #[test]
    fn two_swapped_entries_are_found(mut log in logs(), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let (one, other) = (one.index(log.len()), other.index(log.len()));
        prop_assume!(one != other);
        log.swap(one, other);
        let broken = verify_chain(log).expect_err("swapped entries must be found");
        prop_assert_eq!(broken.position, one.min(other) as u64 + 1);
    }

    #[test]
    fn a_repeated_entry_is_found(mut log in logs(), which in any::<prop::sample::Index>()) {
        let which = which.index(log.len());
        log.insert(which, log[which].clone());
        let broken = verify_chain(log).expect_err("a repeated entry must be found");
        prop_assert_eq!(broken.position, which as u64 + 2);
    }

    #[test]
    fn any_bytes_are_either_exactly_one_entry_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(entry) = parse(&bytes) {
            prop_assert_eq!(canonical(&entry), bytes);
        }
    }
}

#[test]
fn moving_a_letter_from_one_field_to_the_next_changes_the_hash() {
    let mut entries = log(&[0]);
    let mut one = entries.remove(0).entry;
    let mut other = one.clone();
    (one.kind, one.at) = ("ab".into(), "c".into());
    (other.kind, other.at) = ("a".into(), "bc".into());
    assert_ne!(one.hash(), other.hash());
}

#[test]
fn an_empty_log_verifies_to_zero() {
    assert_eq!(
        verify_chain([]),
        Ok(Verified {
            entries: 0,
            last: Hash::ZERO
        })
    );
}

#[test]
fn an_entry_of_another_partnership_is_found() {
    let mut log = log(&[0, 1, 2]);
    log[2].entry.partnership = "tilbrook".into();
    log[2].hash = log[2].entry.hash();
    assert_eq!(verify_chain(log).unwrap_err().position, 3);
}

#[test]
fn a_format_from_the_future_is_refused_by_name() {
    let mut bytes = canonical(&log(&[0])[0].entry);
    let digit = 4 + record::FORMAT.len() - 1;
    bytes[digit] = b'2';
    assert_eq!(
        parse(&bytes),
        Err(Malformed::Format("candour-entry/2".into()))
    );
}

#[test]
fn something_after_the_last_field_is_refused() {
    let mut bytes = canonical(&log(&[0])[0].entry);
    bytes.push(0);
    assert_eq!(parse(&bytes), Err(Malformed::Trailing(1)));
}

#[test]
fn the_leaf_hash_is_that_of_rfc_6962() {
    // Leaf hash of the empty entry and of "L123456", as published with the Certificate Transparency tests.
    assert_eq!(
        leaf_hash(b"").to_hex(),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    );
    assert_eq!(
        leaf_hash(b"L123456").to_hex(),
        "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    );
}

#[test]
fn the_worked_example_of_the_format_page_holds() {
    let page = include_str!("../../../docs/record-format.md");
    let example = Entry {
        partnership: "merrowshire".into(),
        position: 1,
        stream: "case/MR-0001".into(),
        number: 1,
        kind: "incident-recorded".into(),
        version: 1,
        at: "2026-11-23T09:32:00.000000Z".into(),
        actor: "person-1".into(),
        key_id: "00112233445566778899aabbccddeeff".into(),
        nonce: [7; 24],
        content_hash: content_hash(b"sealed"),
        previous: Hash::ZERO,
    };
    let bytes: String = canonical(&example)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let shown: String = page.split_whitespace().collect();
    assert!(
        shown.contains(&bytes),
        "the page should show these bytes: {bytes}"
    );
    assert!(
        shown.contains(&example.hash().to_hex()),
        "the page should show this hash: {}",
        example.hash()
    );
}

#[test]
fn a_hash_is_read_aloud_as_four_groups_of_four() {
    let hash = content_hash(b"test");
    assert_eq!(hash.spoken(), "9f86 d081 884c 7d65");
    assert_eq!(hash.to_hex().parse(), Ok(hash));
    assert!(Hash::from_hex("9F86").is_err());
    assert!(Hash::from_hex(&hash.to_hex().to_uppercase()).is_err());
}

#[test]
fn a_time_always_has_six_decimals_and_is_utc() {
    let time = |text: &str| record::time_text(text.parse().unwrap());
    assert_eq!(time("2026-11-23T09:32:00Z"), "2026-11-23T09:32:00.000000Z");
    assert_eq!(
        time("2026-07-01T10:00:00.123456789+01:00"),
        "2026-07-01T09:00:00.123456Z"
    );
}
