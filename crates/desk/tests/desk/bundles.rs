//! Evidence bundles: what is made is found to hold, also by the second checker; one altered byte is found; what is withheld is not in it.

use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command as Process;

use cases::Command;
use cases::closing::{Event as Closing, Mark};
use cases::members::Part;
use desk::{BundleFault, DeskError, MadeBundle, check_bundle_file};
use record::checkpoint::VerifierKey;
use record::proof::Shown;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::papers::{decided, letter};
use crate::world::*;

type Members = Vec<(String, Vec<u8>)>;

/// A case with a decision, a letter, and an entry that is hidden.
async fn lived_in(world: &World) -> String {
    let orla = world.who("Orla");
    let case = world.case().await;
    let act = async |commands| {
        world
            .desk
            .act(&orla, &case.id, None, true, commands)
            .await
            .unwrap()
    };
    act(letter("brother")).await;
    act(vec![found("improvements", "Words of another family.")]).await;
    let wrong = world
        .desk
        .view_whole(&orla, &case.id, access::Act::ReadCase, "a test")
        .await
        .unwrap();
    let mark = Mark {
        entry: wrong.case.version(),
        why: "It is about the Quillfeather family.".into(),
        correction: None,
        hidden: true,
        visible_to: vec![orla.person.id.clone()],
    };
    act(vec![Command::Closing(Closing::EntryMarked(mark))]).await;
    act(decided(true)).await;
    case.id.clone()
}

async fn made(world: &World, id: &str) -> MadeBundle {
    world
        .desk
        .bundle(&world.who("Orla"), id, &[])
        .await
        .unwrap()
}

async fn keys(world: &World) -> Vec<VerifierKey> {
    world.desk.log_keys().await.unwrap()
}

fn unpacked(bytes: &[u8]) -> Members {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut member = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            member.read_to_end(&mut content).unwrap();
            (member.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn packed(members: &Members) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in members {
        zip.start_file(name.as_str(), plain).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What the second checker says: its exit code and its words.
fn second(bundle: &Path, key: &str) -> (i32, String) {
    let python = ["/usr/bin/python3", "python3"]
        .into_iter()
        .find(|python| {
            Process::new(python)
                .args(["-c", "import nacl.bindings"])
                .output()
                .is_ok_and(|output| output.status.success())
        })
        .unwrap_or_else(|| panic!("the second checker needs Python 3 with PyNaCl: install it with `sudo apt-get install python3-nacl`"));
    let output = Process::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify/verify.py"))
        .arg("bundle")
        .arg(bundle)
        .args(["--key", key])
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[tokio::test]
async fn a_bundle_holds_for_both_checkers_and_proves_the_decision_to_its_own_checkpoint() {
    let world = World::new().await;
    let id = lived_in(&world).await;
    let bundle = made(&world, &id).await;
    let keys = keys(&world).await;
    let checked = check_bundle_file(&bundle.bytes, &keys).unwrap();
    let holds = &checked.holds;
    assert!(holds.key_known);
    assert_eq!(holds.entries.len() as u64, bundle.entries);
    assert_eq!(holds.in_clear, bundle.in_clear);
    assert!(0 < holds.in_clear && holds.in_clear < bundle.entries);
    assert_eq!(
        holds.manifest.streams[0].entries, bundle.entries,
        "the whole case is in it"
    );
    assert_eq!(
        holds.manifest.earlier.len(),
        1,
        "the checkpoint made after the decision, and the way from it"
    );
    assert_eq!(checked.documents, 6);
    let file = world.dir.path().join("bundle.zip");
    std::fs::write(&file, &bundle.bytes).unwrap();
    let (code, said) = second(&file, &keys[0].to_string());
    assert_eq!(code, 0, "{said}");
    // Another log's key knows nothing of it, here and there.
    let other = World::new().await;
    let foreign = other.desk.log_keys().await.unwrap();
    assert!(check_bundle_file(&bundle.bytes, &foreign).is_err());
    assert_eq!(second(&file, &foreign[0].to_string()).0, 1);
}

#[tokio::test]
async fn what_is_withheld_stands_in_its_place_and_says_nothing() {
    let world = World::new().await;
    let id = lived_in(&world).await;
    let bundle = made(&world, &id).await;
    let members = unpacked(&bundle.bytes);
    for (name, content) in members.iter().filter(|(name, _)| !name.ends_with(".pdf")) {
        let text = String::from_utf8_lossy(content);
        for never in [
            "Wren Hollins",
            "Jay Hollins",
            "Larch Row",
            "another family",
            "Quillfeather",
        ] {
            assert!(!text.contains(never), "{name} says {never}");
        }
    }
    let checked = check_bundle_file(&bundle.bytes, &keys(&world).await).unwrap();
    let withheld: Vec<&str> = checked
        .holds
        .entries
        .iter()
        .filter(|e| matches!(e.content, Shown::Withheld { .. }))
        .map(|e| e.entry.kind.as_str())
        .collect();
    assert_eq!(
        withheld,
        [
            "people.child-recorded",
            "people.child-recorded",
            "family.safety-checked",
            "consideration.element-considered",
            "closing.entry-marked"
        ]
    );
    // With names turned on, those are shown, and it is written down; the address and what is hidden are not.
    let mut orla = world.who("Orla");
    orla.names = true;
    let named = world.desk.bundle(&orla, &id, &[]).await.unwrap();
    let entries = unpacked(&named.bytes)
        .into_iter()
        .find(|(name, _)| name == "entries.jsonl")
        .unwrap()
        .1;
    let entries = String::from_utf8(entries).unwrap();
    assert!(entries.contains("Wren Hollins"));
    for never in ["Larch Row", "another family", "Quillfeather"] {
        assert!(!entries.contains(never), "{never}");
    }
    let reads = world.desk.readers(&orla, &id).await.unwrap();
    let bundles: Vec<&str> = reads
        .iter()
        .map(|r| r.part.as_str())
        .filter(|part| part.contains("bundle"))
        .collect();
    assert!(bundles.contains(&"an evidence bundle, to be handed on, with names"));
    assert!(bundles.contains(&"an evidence bundle, to be handed on"));
}

#[tokio::test]
async fn one_altered_byte_in_any_file_of_a_bundle_is_found() {
    let world = World::new().await;
    let id = lived_in(&world).await;
    let bundle = made(&world, &id).await;
    let keys = keys(&world).await;
    let members = unpacked(&bundle.bytes);
    assert!(check_bundle_file(&packed(&members), &keys).is_ok());
    let file = world.dir.path().join("altered.zip");
    for at in 0..members.len() {
        let length = members[at].1.len();
        for byte in (0..length).step_by((length / 60).max(1)) {
            let mut altered = members.clone();
            altered[at].1[byte] ^= 1 << (byte % 8);
            let altered = packed(&altered);
            let found = check_bundle_file(&altered, &keys);
            assert!(
                found.is_err(),
                "byte {byte} of `{}` was altered unseen",
                members[at].0
            );
            if byte == 0 {
                std::fs::write(&file, &altered).unwrap();
                let (code, said) = second(&file, &keys[0].to_string());
                assert_eq!(code, 1, "`{}`: {said}", members[at].0);
            }
        }
        // A file that is missing, and one that was put in.
        let mut fewer = members.clone();
        fewer.remove(at);
        assert!(check_bundle_file(&packed(&fewer), &keys).is_err());
    }
    let mut more = members.clone();
    more.push(("documents/more.txt".into(), b"more".to_vec()));
    assert!(check_bundle_file(&packed(&more), &keys).is_err());
}

#[tokio::test]
async fn an_archive_that_could_be_read_in_two_ways_is_refused() {
    let world = World::new().await;
    let id = lived_in(&world).await;
    let bundle = made(&world, &id).await;
    let keys = keys(&world).await;
    // The archive itself, bit by bit: found, or every file reads as it was.
    let members = unpacked(&bundle.bytes);
    let length = bundle.bytes.len();
    for byte in (0..length).step_by((length / 400).max(1)) {
        let mut altered = bundle.bytes.clone();
        altered[byte] ^= 1 << (byte % 8);
        if check_bundle_file(&altered, &keys).is_ok() {
            assert_eq!(unpacked(&altered), members, "byte {byte}");
        }
    }
    // The same name twice: some readers show the first, some the last.
    let mut twice = members.clone();
    twice.push(("READ-ME.txu".into(), b"Something else".to_vec()));
    let mut twice = packed(&twice);
    while let Some(at) = twice.windows(11).position(|w| w == b"READ-ME.txu") {
        twice[at + 10] = b't';
    }
    assert!(matches!(
        check_bundle_file(&twice, &keys),
        Err(BundleFault::Archive(_))
    ));
    let before = [b"PK\x03\x04".to_vec(), bundle.bytes.clone()].concat();
    assert!(check_bundle_file(&before, &keys).is_err());
    let after = [bundle.bytes.clone(), b"more".to_vec()].concat();
    assert!(check_bundle_file(&after, &keys).is_err());
    assert!(matches!(
        check_bundle_file(b"something else", &keys),
        Err(BundleFault::NotABundle(_))
    ));
    for cut in [10, length / 2, length - 1] {
        assert!(check_bundle_file(&bundle.bytes[..cut], &keys).is_err());
    }
}

#[tokio::test]
async fn a_sealed_bundle_opens_for_its_recipient_alone() {
    use age::secrecy::ExposeSecret;
    let world = World::new().await;
    let id = lived_in(&world).await;
    let (mine, other) = (
        age::x25519::Identity::generate(),
        age::x25519::Identity::generate(),
    );
    let orla = world.who("Orla");
    let sealed = world
        .desk
        .bundle(&orla, &id, &[mine.to_public().to_string()])
        .await
        .unwrap();
    assert!(sealed.sealed && sealed.name.ends_with(".zip.age"));
    assert!(!sealed.bytes.windows(4).any(|w| w == b"PK\x03\x04"));
    let keys = keys(&world).await;
    assert!(matches!(
        check_bundle_file(&sealed.bytes, &keys),
        Err(BundleFault::NotABundle(_))
    ));
    let identity = |of: &age::x25519::Identity, name: &str| {
        let path = world.dir.path().join(name);
        std::fs::write(&path, of.to_string().expose_secret()).unwrap();
        store::Identities::of_file(&path).unwrap()
    };
    let opened = identity(&mine, "mine").open(&sealed.bytes).unwrap();
    assert!(check_bundle_file(&opened, &keys).is_ok());
    assert!(identity(&other, "other").open(&sealed.bytes).is_err());
    let mut altered = sealed.bytes.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    assert!(identity(&mine, "mine").open(&altered).is_err());
    for wrong in ["age1nobody", mine.to_string().expose_secret()] {
        let done = world.desk.bundle(&orla, &id, &[wrong.to_owned()]).await;
        match done {
            Err(DeskError::Field { field, message }) => {
                assert!(field == "recipient" && !message.contains(wrong));
            }
            other => panic!("{wrong}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn only_whoever_may_export_a_case_makes_its_bundle() {
    let world = World::new().await;
    let case = world
        .open(
            "Orla",
            vec![
                (world.id("Ivo"), Part::Decides),
                (world.id("Tam"), Part::Reads),
            ],
            vec![child("girl", "Wren Hollins", "Child A")],
        )
        .await;
    let asked = async |who: &str| world.desk.bundle(&world.who(who), &case.id, &[]).await;
    for who in ["Ivo", "Tam"] {
        assert!(
            matches!(asked(who).await, Err(DeskError::Denied(_))),
            "{who}"
        );
    }
    for who in ["Nia", "Sol"] {
        assert!(not_there(asked(who).await), "{who}");
    }
    asked("Orla").await.unwrap();
}
