//! Checkpoints and notes against the vectors of Go's `note` package, and against every kind of tampering.
#![expect(
    clippy::unwrap_used,
    reason = "what a test prepares is known to be right"
)]

use proptest::prelude::*;
use record::{
    Hash,
    checkpoint::{
        Checkpoint, CheckpointError, Note, SigningKey, VerifierKey, open_note, sign_note,
    },
    content_hash,
};

/// The keys and signatures of `note_test.go` in golang.org/x/mod/sumdb/note.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const PETER_SECRET: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE: &str = "\u{2014} EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

fn key(text: &str) -> VerifierKey {
    text.parse().unwrap()
}

fn note(lines: &[&str]) -> String {
    format!("{TEXT}\n{}", lines.concat())
}

const ORIGIN: &str = "candour.example/merrowshire";

fn ours() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new(ORIGIN, 42, content_hash(b"root"))
}

#[test]
fn the_published_keys_are_read_and_written() {
    for text in [PETER, ENOCH] {
        assert_eq!(key(text).to_string(), text);
    }
    assert_eq!(key(PETER).name(), "PeterNeumann");
    assert_eq!(key(PETER).id(), 0xc74f_20a3);
}

#[test]
fn signing_with_the_published_secret_gives_the_published_note() {
    use base64ct::{Base64, Encoding};
    let secret = Base64::decode_vec(PETER_SECRET).unwrap();
    let seed = secret[1..].try_into().unwrap();
    let signer = SigningKey::from_seed("PeterNeumann", &seed).unwrap();
    assert_eq!(signer.verifier().to_string(), PETER);
    assert_eq!(sign_note(TEXT, &[&signer]).unwrap(), note(&[PETER_LINE]));
}

#[test]
fn the_published_note_opens_and_unknown_signatures_are_ignored() {
    let both = note(&[PETER_LINE, ENOCH_LINE]);
    let (opened, by) = open_note(&both, &[key(PETER)]).unwrap();
    assert_eq!(opened.text, TEXT);
    assert_eq!(by.len(), 1);
    assert_eq!(by[0].name, "PeterNeumann");
    assert_eq!(opened.signatures.len(), 2);
    let (_, by) = open_note(&both, &[key(ENOCH), key(PETER)]).unwrap();
    assert_eq!(by.len(), 2);
    let (_, by) = open_note(&note(&[PETER_LINE, PETER_LINE]), &[key(PETER)]).unwrap();
    assert_eq!(by.len(), 1);
    assert_eq!(
        open_note(&both, &[]).unwrap_err().to_string(),
        "check the signatures: none is by a key that is known here (it is signed by PeterNeumann+c74f20a3, EnochRoot+af0cfe78)"
    );
}

#[test]
fn a_key_that_shares_only_its_name_or_only_its_id_is_another_key() {
    let namesake = SigningKey::from_seed("PeterNeumann", &[1; 32]).unwrap();
    let signed = sign_note(TEXT, &[&namesake]).unwrap();
    let line = &signed[TEXT.len() + 1..];
    assert!(matches!(
        open_note(&note(&[line]), &[key(PETER)]),
        Err(CheckpointError::Unsigned(_))
    ));
    open_note(&note(&[line, PETER_LINE]), &[key(PETER)]).unwrap();
}

#[test]
fn every_mangling_of_a_key_is_refused() {
    for start in 0..PETER.len() {
        for end in start + 1..=PETER.len() {
            if (start, end) != (0, PETER.len()) {
                assert!(PETER[start..end].parse::<VerifierKey>().is_err());
            }
        }
    }
    let mut bytes = PETER.as_bytes().to_vec();
    for at in 0..bytes.len() {
        for bit in 0..7 {
            bytes[at] ^= 1 << bit;
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.parse::<VerifierKey>().is_err(), "{text}");
            bytes[at] ^= 1 << bit;
        }
    }
    // Another length, and another kind of key, each with an id that fits.
    for text in [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(text.parse::<VerifierKey>().is_err());
    }
}

#[test]
fn a_key_of_small_order_that_would_accept_anything_is_refused() {
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};
    let mut public = [0; 32];
    public[0] = 1;
    let bytes = [[1].as_slice(), &public].concat();
    let id = Sha256::digest([b"weak\n".as_slice(), &bytes].concat());
    let id: String = id[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("weak+{id}+{}", Base64::encode_string(&bytes));
    assert_eq!(
        text.parse::<VerifierKey>().unwrap_err().to_string(),
        format!("read the key `{text}`: its public key is none")
    );
}

#[test]
fn notes_that_are_malformed_in_the_published_ways_are_refused() {
    let whole = note(&[PETER_LINE]);
    let bad_name = PETER_LINE.replace("PeterNeumann", "Bad Name");
    for text in [
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        whole[..whole.len() - 1].to_owned(),
        format!("\u{1}{whole}"),
        note(&[bad_name.as_str()]),
        format!("{whole}Unexpected line.\n"),
        note(&[PETER_LINE; 101]),
        note(&["\u{2014} PeterNeumann x08goA==\n"]),
        note(&["- PeterNeumann x08go/ZJkuBS9UG\n"]),
    ] {
        assert!(
            matches!(
                open_note(&text, &[key(PETER)]),
                Err(CheckpointError::Note(_))
            ),
            "{text}"
        );
    }
    open_note(&note(&[PETER_LINE; 100]), &[key(PETER)]).unwrap();
}

#[test]
fn a_wrong_signature_of_a_known_key_refuses_the_note_even_beside_a_right_one() {
    let (start, end) = PETER_LINE.split_at(60);
    let wrong = format!("{start}ABCD{end}");
    for lines in [&[wrong.as_str()][..], &[PETER_LINE, &wrong]] {
        assert_eq!(
            open_note(&note(lines), &[key(PETER)]).unwrap_err(),
            CheckpointError::BadSignature("PeterNeumann+c74f20a3".into())
        );
    }
}

#[test]
fn a_checkpoint_is_three_lines_and_a_signature() {
    let signed = checkpoint().sign(&ours()).unwrap();
    let lines: Vec<&str> = signed.split('\n').collect();
    assert_eq!(lines[0], ORIGIN);
    assert_eq!(lines[1], "42");
    assert_eq!(lines[2].len(), 44);
    assert_eq!(lines[3], "");
    assert!(lines[4].starts_with("\u{2014} candour.example/merrowshire "));
    assert_eq!(lines[5], "");
    assert_eq!(lines.len(), 6);
    let keys = [ours().verifier()];
    assert_eq!(Checkpoint::open(&signed, &keys).unwrap(), checkpoint());
    assert_eq!(Checkpoint::read_unchecked(&signed).unwrap(), checkpoint());
}

#[test]
fn a_checkpoint_with_further_lines_keeps_them() {
    let mut with = checkpoint();
    with.extensions = vec!["something of another program".into()];
    let signed = with.sign(&ours()).unwrap();
    assert_eq!(
        Checkpoint::open(&signed, &[ours().verifier()]).unwrap(),
        with
    );
}

#[test]
fn a_checkpoint_countersigned_by_a_witness_still_opens() {
    let witness = SigningKey::from_seed("witness.example", &[9; 32]).unwrap();
    let text = checkpoint().text().unwrap();
    let both = sign_note(&text, &[&witness, &ours()]).unwrap();
    let keys = [ours().verifier(), witness.verifier()];
    Checkpoint::open(&both, &keys).unwrap();
    Checkpoint::open(&both, &keys[..1]).unwrap();
    // A witness alone does not speak for the log.
    assert!(matches!(
        Checkpoint::open(&both, &keys[1..]),
        Err(CheckpointError::OtherLog { .. })
    ));
}

#[test]
fn a_checkpoint_of_another_log_or_key_is_refused() {
    let other = SigningKey::from_seed("candour.example/tilbrook", &[8; 32]).unwrap();
    assert!(checkpoint().sign(&other).is_err());
    let signed = checkpoint().sign(&ours()).unwrap();
    assert!(matches!(
        Checkpoint::open(&signed, &[other.verifier()]),
        Err(CheckpointError::Unsigned(_))
    ));
}

#[test]
fn a_checkpoint_signed_before_the_key_was_changed_opens_with_the_old_key() {
    let new = SigningKey::from_seed(ORIGIN, &[8; 32]).unwrap();
    let signed = checkpoint().sign(&ours()).unwrap();
    Checkpoint::open(&signed, &[new.verifier(), ours().verifier()]).unwrap();
}

#[test]
fn every_bit_flipped_in_a_checkpoint_is_found() {
    let signed = checkpoint().sign(&ours()).unwrap();
    let keys = [ours().verifier()];
    let mut bytes = signed.clone().into_bytes();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            let opened = std::str::from_utf8(&bytes)
                .ok()
                .map(|note| Checkpoint::open(note, &keys));
            assert!(
                !matches!(opened, Some(Ok(_))),
                "bit {bit} of byte {at} went unseen"
            );
            bytes[at] ^= 1 << bit;
        }
    }
    for end in 0..signed.len() {
        if signed.is_char_boundary(end) {
            assert!(Checkpoint::open(&signed[..end], &keys).is_err());
        }
    }
}

#[test]
fn texts_that_are_not_a_checkpoint_are_refused() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    Checkpoint::parse(&format!("log\n0\n{root}\n")).unwrap();
    for text in [
        String::new(),
        "log\n1\n".into(),
        format!("\n1\n{root}\n"),
        format!("log\n01\n{root}\n"),
        format!("log\n+1\n{root}\n"),
        format!("log\n-1\n{root}\n"),
        format!("log\n\n{root}\n"),
        format!("log\n18446744073709551616\n{root}\n"),
        format!("log\n1\n{}\n", &root[..40]),
        format!("log\n1\n{root}A\n"),
        format!("log\n1\n{}\n", root.replace("2I=", "2J=")),
        format!("log\n1\n{root}"),
        format!("log\n1\n{root}\n\n"),
        format!("log\n1\n{root}\nmore\n\n"),
        format!("log\r\n1\n{root}\n"),
    ] {
        assert!(
            matches!(Checkpoint::parse(&text), Err(CheckpointError::Text(_))),
            "{text:?}"
        );
    }
}

#[test]
fn what_could_be_read_as_another_line_is_not_written() {
    for origin in ["", "a\nb"] {
        assert!(Checkpoint::new(origin, 1, Hash::ZERO).text().is_err());
    }
    for name in ["", "two words", "a+b", "a\nb", "a\u{a0}b"] {
        assert!(SigningKey::from_seed(name, &[1; 32]).is_err());
    }
}

#[test]
fn a_signing_key_does_not_show_its_secret() {
    let shown = format!("{:?}", ours());
    assert!(
        shown.starts_with("SigningKey(candour.example/merrowshire+"),
        "{shown}"
    );
    assert!(shown.len() < 60);
}

proptest! {
    #[test]
    fn a_checkpoint_signed_and_opened_is_the_same(size: u64, root: [u8; 32], seed: [u8; 32], more in proptest::collection::vec("[!-~]{1,20}", 0..3)) {
        let key = SigningKey::from_seed(ORIGIN, &seed).unwrap();
        let mut checkpoint = Checkpoint::new(ORIGIN, size, Hash(root));
        checkpoint.extensions = more;
        let signed = checkpoint.sign(&key).unwrap();
        prop_assert_eq!(Checkpoint::open(&signed, &[key.verifier()]).unwrap(), checkpoint);
        let text = key.verifier().to_string();
        prop_assert_eq!(text.parse::<VerifierKey>().unwrap(), key.verifier());
    }

    #[test]
    fn any_text_is_a_note_or_refused(text in "(\u{2014} |[a-z+]|\n|=){0,60}") {
        if let Ok(note) = Note::parse(&text) {
            prop_assert!(note.text.ends_with('\n'));
        }
        let _ = Checkpoint::parse(&text);
        let _ = text.parse::<VerifierKey>();
    }
}
