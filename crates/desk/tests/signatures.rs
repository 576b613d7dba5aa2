//! Signatures that a passkey made, as they lie in the record: one that another program made is found sound, and an altered one is named.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::path::Path;

use access::Permit;
use desk::check_signatures;
use serde_json::{Value, json};
use store::{NewEntry, Store};

/// The kept sample: signed by a Python program with an Ed25519 key of its own.
fn sample() -> Value {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../cases/tests/written/v1/decision.signed~with-a-passkey.json");
    serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap()
}

async fn record(store: &Store, content: &Value) -> u64 {
    let entry = NewEntry {
        kind: "decision.signed".into(),
        version: 1,
        at: jiff::Timestamp::now(),
        actor: "p7".into(),
        content: content.to_string().into_bytes(),
    };
    let permit = Permit::for_system("a test");
    let appended = store.append(permit, "case/one", None, vec![entry]);
    appended.await.unwrap()[0].position
}

#[tokio::test]
async fn a_passkeys_signature_is_proved_by_what_is_kept_and_any_change_of_it_is_named() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::create(&home.path().join("data"), "Merrowshire")
        .await
        .unwrap();
    record(&store, &sample()).await;
    // One without a passkey is the entry itself.
    let mut plain = sample();
    plain["event"]["with"]
        .as_object_mut()
        .unwrap()
        .remove("passkey");
    record(&store, &plain).await;
    let checked = check_signatures(&store).await.unwrap();
    assert_eq!((checked.sound, checked.wrong.as_slice()), (1, &[][..]));

    let mut wrong = Vec::new();
    for (field, value) in [
        ("text", json!("MER-2021-004: another decision")),
        ("view", json!("agrees")),
        ("note", json!("No review is needed.")),
        (
            "seat",
            json!({"partner": "police", "body": "another-police"}),
        ),
    ] {
        let mut altered = sample();
        altered["event"]["with"][field] = value;
        wrong.push(record(&store, &altered).await);
    }
    for (field, value) in [
        ("site", "evil.example"),
        (
            "public-key",
            "pAEBAycgBiFYIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ),
        ("signature", "AAAA"),
        ("client-data", "e30"),
        ("authenticator-data", ""),
    ] {
        let mut altered = sample();
        altered["event"]["with"]["passkey"][field] = json!(value);
        wrong.push(record(&store, &altered).await);
    }
    let checked = check_signatures(&store).await.unwrap();
    let found: Vec<u64> = checked
        .wrong
        .iter()
        .map(|(position, _)| *position)
        .collect();
    assert_eq!((checked.sound, found), (1, wrong));
    store.close().await;
}

/// What the second checker says of the content of an entry.
fn second(content: &str) -> String {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify");
    let program = "import sys\nfrom form import Broken\nfrom passkey import check_signature\n\
        try: print(check_signature(sys.argv[1], 1))\nexcept Broken as broken: print('broken:', broken.why)";
    // PyNaCl comes with the system's Python; see script/prepare.
    let python = ["/usr/bin/python3", "python3"]
        .into_iter()
        .find(|python| {
            let there = std::process::Command::new(python)
                .args(["-c", "import nacl.bindings"])
                .output();
            there.is_ok_and(|out| out.status.success())
        })
        .unwrap();
    let out = std::process::Command::new(python)
        .args(["-c", program, content])
        .current_dir(tools)
        .output()
        .unwrap();
    String::from_utf8_lossy(&[out.stdout, out.stderr].concat())
        .trim()
        .to_owned()
}

#[test]
fn the_second_checker_proves_it_too_and_finds_the_same_alterations() {
    assert_eq!(second(&sample().to_string()), "True");
    for (field, value) in [
        ("site", "evil.example"),
        ("signature", "AAAA"),
        ("client-data", "e30"),
        ("authenticator-data", ""),
    ] {
        let mut altered = sample();
        altered["event"]["with"]["passkey"][field] = json!(value);
        let said = second(&altered.to_string());
        assert!(said.starts_with("broken: "), "{field}: {said}");
    }
    let mut altered = sample();
    altered["event"]["with"]["text"] = json!("MER-2021-004: another decision");
    assert_eq!(
        second(&altered.to_string()),
        "broken: the passkey signed something else than this text"
    );
}
