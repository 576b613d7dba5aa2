//! Erasure from the desk: two people, the waiting time by the clock, a hold in between, and after it no word, no key and no list
//! that remembers; the certificate stays, the record holds, and an older copy of the record is brought to the same.

use std::fs;
use std::path::Path;

use access::office::OfficeEvent;
use cases::closing::{Event as Closing, Mark};
use cases::erasure::{Certificate, Command as Erasure, Rule, Target};
use cases::members::{Event as Members, Part};
use cases::{Command, Event};
use desk::{Acted, Actor, Clock, Desk, DeskError, ErasuresFile, Format};

use crate::files::{PDF, add};
use crate::world::*;

/// Words of another family, which must be nowhere afterwards.
const WORDS: &str = "The Quillfeather family of 9 Larch Row was visited twice.";

const APPROVED: &str = "2026-06-01T09:00:00Z";
const JUST_BEFORE: &str = "2026-06-29T08:59:59Z";
const DUE: &str = "2026-06-29T09:00:00Z";

fn rule(desk: &Desk, id: &str) -> Rule {
    let settings = desk.settings();
    let found = settings.erasure.rules.iter().find(|r| r.id == id).unwrap();
    Rule {
        id: found.id.clone(),
        title: found.title.clone(),
        at_once_when_hidden: found.at_once_when_hidden,
    }
}

async fn ask(desk: &Desk, who: &Actor, case: &str, command: Command) -> Result<Acted, DeskError> {
    desk.act(who, case, None, true, vec![command]).await
}

async fn propose(world: &World, case: &str, target: Target) -> Result<String, DeskError> {
    let command = Command::Erasure(Erasure::Propose {
        target,
        rule: Some(rule(&world.desk, "another-family")),
        why: "It is not of this family".into(),
    });
    let acted = ask(&world.desk, &world.who("Orla"), case, command).await?;
    let last = acted.case.erasure.proposals.last().unwrap();
    Ok(last.proposal.id.clone())
}

async fn approve(world: &World, who: &str, case: &str, id: &str) -> Result<Acted, DeskError> {
    let command = Command::Erasure(Erasure::Approve {
        proposal: id.into(),
        wait_days: world.desk.settings().erasure.wait_days,
    });
    ask(&world.desk, &world.who(who), case, command).await
}

async fn hold(world: &World, who: &str, case: &str) -> Result<Acted, DeskError> {
    let command = Command::Erasure(Erasure::PlaceHold {
        required_by: "the coroner for Merrowshire".into(),
        why: "An inquest was opened".into(),
    });
    ask(&world.desk, &world.who(who), case, command).await
}

async fn lift(world: &World, case: &str) {
    let orla = world.who("Orla");
    let view = world
        .desk
        .view(&orla, case, access::Act::ReadCase, "a test")
        .await
        .unwrap();
    let id = view.case.erasure.standing().next().unwrap().hold.id.clone();
    let command = Command::Erasure(Erasure::LiftHold {
        hold: id,
        why: "The inquest ended".into(),
    });
    ask(&world.desk, &orla, case, command).await.unwrap();
}

/// A case with words of another family in it; its id and the number of that entry.
async fn mistaken(world: &World) -> (String, u64) {
    let case = world.case().await;
    let acted = ask(
        &world.desk,
        &world.who("Orla"),
        &case.id,
        found("improvements", WORDS),
    )
    .await
    .unwrap();
    (case.id.clone(), acted.case.version())
}

/// A proposal that was approved at nine on Monday 1 June.
async fn approved(world: &World, case: &str, target: Target) -> String {
    let id = propose(world, case, target).await.unwrap();
    approve(world, "Ivo", case, &id).await.unwrap();
    id
}

/// Everything a person can read of a case, as text.
async fn all_of(desk: &Desk, who: &Actor, case: &str) -> String {
    let story = desk.story(who, case).await.unwrap();
    let view = desk
        .view_whole(who, case, access::Act::ReadCase, "a test")
        .await
        .unwrap();
    let past = desk
        .view_past(who, case, "2026-06-01".parse().unwrap())
        .await
        .unwrap();
    let export = desk.export(who, case).await.unwrap();
    format!(
        "{:?}{:?}{:?}{}{:?}{:?}{:?}",
        story.lines,
        view.case,
        past.case,
        serde_json::to_string(&export).unwrap(),
        desk.cases(who, ""),
        desk.needs(who),
        desk.drafts(who).await.unwrap()
    )
}

fn anywhere(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).into_iter().flatten().any(|item| {
        let path = item.unwrap().path();
        if path.is_dir() {
            return anywhere(&path, needle);
        }
        fs::read(&path).is_ok_and(|b| b.windows(needle.len()).any(|w| w == needle))
    })
}

/// What someone typed and has not sent.
fn typed() -> std::collections::BTreeMap<String, Vec<String>> {
    [("reasons".to_owned(), vec![WORDS.to_owned()])].into()
}

fn refused<T: std::fmt::Debug>(result: Result<T, DeskError>) -> String {
    match result {
        Err(DeskError::Refused(why)) => why.to_string(),
        Err(DeskError::Denied(why)) => why.to_string(),
        other => panic!("it was to be refused: {other:?}"),
    }
}

async fn held_true(world: &World) {
    let verified = world.desk.verify().await.unwrap();
    assert!(verified.entries > 0);
}

#[tokio::test]
async fn only_whoever_runs_the_case_proposes_and_only_someone_else_who_decides_or_chairs_approves()
{
    let world = World::new().await;
    let (case, entry) = mistaken(&world).await;
    let orla = world.who("Orla");
    for (who, part) in [
        ("Maud", Part::Chairs),
        ("Tam", Part::Reads),
        ("Nia", Part::Manages),
    ] {
        let member = Members::MemberAdded {
            person: world.id(who),
            name: who.into(),
            part,
            why: "invented".into(),
            agency: None,
            until: None,
        };
        ask(&world.desk, &orla, &case, Command::Members(member))
            .await
            .unwrap();
    }
    for who in ["Ivo", "Maud", "Tam"] {
        let command = Command::Erasure(Erasure::Propose {
            target: Target::Entry(entry),
            rule: Some(rule(&world.desk, "court-order")),
            why: "Because".into(),
        });
        refused(ask(&world.desk, &world.who(who), &case, command).await);
        refused(hold(&world, who, &case).await);
    }
    let id = propose(&world, &case, Target::Entry(entry)).await.unwrap();
    for who in ["Orla", "Nia", "Tam"] {
        refused(approve(&world, who, &case, &id).await);
    }
    assert!(approve(&world, "Sol", &case, &id).await.is_err());
    approve(&world, "Maud", &case, &id).await.unwrap();
    assert!(refused(world.desk.erase_now(&case, &id).await).contains("waiting"));
    refused(world.desk.erasures(&world.who("Ivo")).map(|_| ()));
    assert!(world.desk.erasures(&world.who("Nia")).unwrap().is_empty());
}

#[tokio::test]
async fn an_approved_entry_goes_when_the_waiting_time_is_over_and_not_a_second_before() {
    let world = World::new().await;
    let (case, entry) = mistaken(&world).await;
    let (orla, desk) = (world.who("Orla"), &world.desk);
    desk.keep_draft(
        &orla,
        &format!("/cases/{case}/criteria/improvements"),
        None,
        &typed(),
    )
    .await
    .unwrap();
    assert!(all_of(desk, &orla, &case).await.contains("Quillfeather"));
    let id = approved(&world, &case, Target::Entry(entry)).await;
    desk.clock().set(at(JUST_BEFORE));
    assert_eq!(desk.erase_due().await.unwrap(), 0);
    assert!(all_of(desk, &orla, &case).await.contains("Quillfeather"));
    desk.clock().set(at(DUE));
    assert_eq!(desk.erase_due().await.unwrap(), 1);
    assert_eq!(desk.erase_due().await.unwrap(), 0, "once");

    for who in ["Orla", "Ivo"] {
        let who = world.who(who);
        let story = desk.story(&who, &case).await.unwrap();
        let line = story.lines.iter().find(|l| l.line.number == entry).unwrap();
        assert!(line.erased && line.line.details.is_empty());
        assert!(
            line.line
                .said
                .ends_with("content erased on 29 June 2026 at 10:00am, rule: Data of another family, entered by mistake"),
            "{}",
            line.line.said
        );
    }
    let seen = all_of(desk, &orla, &case).await;
    assert!(!seen.contains("Quillfeather"), "{seen}");
    // What it said counts no more.
    let view = desk
        .view(&orla, &case, access::Act::ReadCase, "a test")
        .await
        .unwrap();
    assert!(view.case.consideration.of("improvements").is_none());
    let past = desk
        .view_past(&orla, &case, "2026-06-01".parse().unwrap())
        .await
        .unwrap();
    assert!(past.case.erasure.entries.contains_key(&entry));
    let bundle = desk.bundle(&orla, &case, &[]).await.unwrap();
    let keys = desk.log_keys().await.unwrap();
    desk::check_bundle_file(&bundle.bytes, &keys).unwrap();
    assert!(!bundle.bytes.windows(12).any(|w| w == b"Quillfeather"));
    held_true(&world).await;
    assert!(!anywhere(world.dir.path(), b"Quillfeather"));

    let certificate = desk.erasures(&orla).unwrap().remove(0);
    assert_eq!(certificate.id, id);
    assert_eq!(certificate.entries.len(), 1);
    assert_eq!(certificate.proposed.by.name, "Orla Penhallow");
    assert_eq!(certificate.approved.by.name, "Ivo Larkfield");
    assert_eq!(certificate.approved.at, at(APPROVED));
    assert!(
        !serde_json::to_string(&certificate)
            .unwrap()
            .contains("Larch")
    );
    for format in [Format::Pdf, Format::Docx] {
        let paper = desk.certificate(&orla, &id, format).await.unwrap();
        assert!(paper.bytes.starts_with(match format {
            Format::Pdf => b"%PDF",
            Format::Docx => b"PK\x03\x04",
        }));
        assert!(!paper.name.contains("Orla"));
    }
    assert!(
        desk.certificate(&world.who("Tam"), &id, Format::Pdf)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_hold_placed_meanwhile_stops_what_was_approved_until_it_is_lifted() {
    let world = World::new().await;
    let (case, entry) = mistaken(&world).await;
    let id = approved(&world, &case, Target::Entry(entry)).await;
    hold(&world, "Orla", &case).await.unwrap();
    world.desk.clock().set(at(DUE));
    assert_eq!(world.desk.erase_due().await.unwrap(), 0);
    assert!(refused(world.desk.erase_now(&case, &id).await).contains("the coroner"));
    assert!(refused(propose(&world, &case, Target::Case).await).contains("the coroner"));
    lift(&world, &case).await;
    assert_eq!(world.desk.erase_due().await.unwrap(), 1);
}

#[tokio::test]
async fn what_was_withdrawn_is_not_carried_out() {
    let world = World::new().await;
    let (case, entry) = mistaken(&world).await;
    let id = approved(&world, &case, Target::Entry(entry)).await;
    let withdraw = Command::Erasure(Erasure::Withdraw {
        proposal: id,
        why: "It is of this family after all".into(),
    });
    ask(&world.desk, &world.who("Ivo"), &case, withdraw)
        .await
        .unwrap();
    world.desk.clock().set(at(DUE));
    assert_eq!(world.desk.erase_due().await.unwrap(), 0);
    assert!(
        all_of(&world.desk, &world.who("Orla"), &case)
            .await
            .contains("Quillfeather")
    );
}

#[tokio::test]
async fn an_entry_hidden_as_another_familys_goes_as_soon_as_a_second_person_approves() {
    let world = World::new().await;
    let (case, entry) = mistaken(&world).await;
    let orla = world.who("Orla");
    let mark = Mark {
        entry,
        why: "It is of another family".into(),
        correction: None,
        hidden: true,
        visible_to: vec![orla.person.id.clone()],
    };
    ask(
        &world.desk,
        &orla,
        &case,
        Command::Closing(Closing::EntryMarked(mark)),
    )
    .await
    .unwrap();
    let id = approved(&world, &case, Target::Entry(entry)).await;
    world.desk.erase_now(&case, &id).await.unwrap();
    assert!(
        !all_of(&world.desk, &orla, &case)
            .await
            .contains("Quillfeather")
    );
    held_true(&world).await;
}

#[tokio::test]
async fn a_file_goes_and_what_the_record_says_of_it_stays() {
    let world = World::new().await;
    let case = world.case().await;
    let (orla, desk) = (world.who("Orla"), &world.desk);
    let file = add(&world, &orla, &case.id, "chronology.pdf", PDF)
        .await
        .unwrap();
    let id = approved(&world, &case.id, Target::File(file.clone())).await;
    desk.clock().set(at(DUE));
    assert_eq!(desk.erase_due().await.unwrap(), 1);
    let told = refused(desk.open_file(&orla, &case.id, &file).await.map(|_| ()));
    assert!(
        told.contains("was erased on 29 June 2026 at 10:00am"),
        "{told}"
    );
    let view = desk
        .view(&orla, &case.id, access::Act::ReadCase, "a test")
        .await
        .unwrap();
    assert_eq!(
        view.case.documents.find(&file).unwrap().document.title,
        "Chronology"
    );
    let certificate = desk.erasures(&orla).unwrap().remove(0);
    assert_eq!((certificate.id, certificate.files.len()), (id, 1));
    assert!(!world.dir.path().join("data/files").join(&file).exists());
    desk.verify_files().await.unwrap();
    held_true(&world).await;
}

#[tokio::test]
async fn a_whole_case_goes_from_every_list_and_stays_known_by_its_reference_to_the_manager_alone() {
    let world = World::new().await;
    let (case, _) = mistaken(&world).await;
    let (orla, desk) = (world.who("Orla"), &world.desk);
    let file = add(&world, &orla, &case, "chronology.pdf", PDF)
        .await
        .unwrap();
    desk.keep_draft(&orla, &format!("/cases/{case}/facts"), None, &typed())
        .await
        .unwrap();
    let view = desk
        .view(&orla, &case, access::Act::ReadCase, "a test")
        .await
        .unwrap();
    let reference = view.case.reference().to_owned();
    let entries = view.case.version() + 2;
    let id = approved(&world, &case, Target::Case).await;
    desk.clock().set(at(DUE));
    assert_eq!(desk.erase_due().await.unwrap(), 1);
    let gone = async |desk: &Desk| {
        for who in ["Orla", "Ivo"] {
            let who = world.who(who);
            assert!(not_there(
                desk.view(&who, &case, access::Act::ReadCase, "a test")
                    .await
            ));
            assert!(not_there(
                desk.view_whole(&who, &case, access::Act::ReadCase, "a test")
                    .await
            ));
            assert!(not_there(desk.story(&who, &case).await));
            assert!(not_there(desk.export(&who, &case).await));
            assert!(not_there(desk.readers(&who, &case).await));
            assert!(not_there(
                desk.open_file(&who, &case, &file).await.map(|_| ())
            ));
            assert!(desk.cases(&who, "").is_empty());
            assert!(desk.needs(&who).is_empty());
            assert!(desk.own_reference(&who, &reference).is_none());
            assert!(desk.drafts(&who).await.unwrap().is_empty());
        }
        assert!(desk.find_reference(&reference).is_none());
        assert_ne!(desk.next_reference(), reference, "it is not given twice");
        let known = desk
            .erased_reference(&world.who("Nia"), &reference)
            .unwrap();
        assert_eq!(known.id, id);
        assert_eq!(known.entries.len() as u64, entries);
        assert_eq!(known.files.len(), 1);
        assert!(known.reads.is_some_and(|r| r.count > 0));
        assert!(
            desk.erased_reference(&world.who("Ivo"), &reference)
                .is_none()
        );
    };
    gone(desk).await;
    held_true(&world).await;
    desk.verify_files().await.unwrap();
    // It is open to nobody to write into it either.
    assert!(hold(&world, "Orla", &case).await.is_err());
    // Another case goes on, with another reference.
    assert_ne!(world.case().await.reference(), reference);

    // Also after a start from what was kept.
    desk.close().await;
    for name in [&b"Quillfeather"[..], b"Hollins"] {
        assert!(!anywhere(&world.dir.path().join("data"), name));
    }
    let again = Desk::open(&world.dir.path().join("data"), Clock::standing_at(at(DUE)))
        .await
        .unwrap();
    let pdf = again.certificate(&orla, &id, Format::Pdf).await.unwrap();
    assert!(pdf.bytes.starts_with(b"%PDF"));
    assert!(not_there(
        again
            .view(&orla, &case, access::Act::ReadCase, "a test")
            .await
    ));
    assert_eq!(again.cases(&orla, "").len(), 1, "the other one");
    again.verify().await.unwrap();
    again.close().await;
}

#[tokio::test]
async fn an_erasure_that_was_stopped_after_its_certificate_is_finished_at_the_next_start() {
    let world = World::new().await;
    let (case, entry) = mistaken(&world).await;
    let (orla, id) = (
        world.who("Orla"),
        approved(&world, &case, Target::Case).await,
    );
    let view = world
        .desk
        .view_whole(&orla, &case, access::Act::ReadCase, "a test")
        .await
        .unwrap();
    let proposed = view.case.erasure.find(&id).unwrap().clone();
    let reference = view.case.reference().to_owned();
    drop(view);
    world.desk.close().await;
    // What the desk writes first, and then the power fails.
    let data = world.dir.path().join("data");
    let store = store::Store::open(&data).await.unwrap();
    let (said, due) = proposed.approved.clone().unwrap();
    let certificate = Certificate {
        id,
        case: case.clone(),
        reference,
        target: Target::Case,
        rule: proposed.proposal.rule.clone(),
        proposed: cases::erasure::Signed {
            by: proposed.proposed.by.clone(),
            at: proposed.proposed.at,
        },
        approved: cases::erasure::Signed {
            by: said.by,
            at: said.at,
        },
        due,
        at: at(DUE),
        before: cases::erasure::Head {
            size: 1,
            root: "aa".into(),
        },
        entries: Vec::new(),
        files: Vec::new(),
        reads: None,
    };
    let event = OfficeEvent::ContentErased(Box::new(certificate));
    let new = store::NewEntry {
        kind: event.kind(),
        version: 1,
        at: at(DUE),
        actor: "candour".into(),
        content: serde_json::to_vec(&event).unwrap(),
    };
    let permit = access::Permit::for_system("a test");
    store
        .append(permit, "office", None, vec![new])
        .await
        .unwrap();
    let still = store.stream(&format!("case/{case}"), 0).await.unwrap();
    assert!(matches!(
        still[usize::try_from(entry).unwrap() - 1].content,
        store::Content::Clear(_)
    ));
    store.close().await;
    let again = Desk::open(&data, Clock::standing_at(at(DUE)))
        .await
        .unwrap();
    assert!(not_there(
        again
            .view(&orla, &case, access::Act::ReadCase, "a test")
            .await
    ));
    again.close().await;
    let store = store::Store::open(&data).await.unwrap();
    let gone = store.stream(&format!("case/{case}"), 0).await.unwrap();
    assert!(gone.iter().all(|e| e.content == store::Content::Destroyed));
    store.close().await;
}

#[tokio::test]
async fn an_older_copy_of_the_record_is_brought_to_the_same_by_the_file_of_erasures_and_a_foreign_one_is_refused()
 {
    let world = World::new().await;
    let (case, entry) = mistaken(&world).await;
    let (orla, desk) = (world.who("Orla"), &world.desk);
    let other = world.case().await;
    approved(&world, &case, Target::Entry(entry)).await;
    approved(&world, &other.id, Target::Case).await;
    let backup = world.dir.path().join("backup");
    let how = store::BackUp {
        plain: true,
        with_key: true,
        ..store::BackUp::default()
    };
    let backup = desk.back_up(&backup, &how).await.unwrap().path;
    desk.clock().set(at(DUE));
    // This entry is not in the backup at all.
    let again = format!("{WORDS} It was entered twice.");
    let late = ask(desk, &orla, &case, found("improvements", &again))
        .await
        .unwrap();
    assert_eq!(desk.erase_due().await.unwrap(), 2);
    approved(&world, &case, Target::Entry(late.case.version())).await;
    desk.clock().set(at("2026-08-03T09:00:00Z"));
    assert_eq!(desk.erase_due().await.unwrap(), 1);
    let file = desk.export_erasures().await.unwrap();
    assert_eq!(file.certificates.len(), 3);
    let text = serde_json::to_string(&file).unwrap();
    assert!(!text.contains("Quillfeather") && !text.contains("Hollins"));
    let file: ErasuresFile = serde_json::from_str(&text).unwrap();

    let data = world.dir.path().join("restored");
    store::restore(&backup, &data).await.unwrap();
    let old = Desk::open(&data, Clock::standing_at(at("2026-08-04T09:00:00Z")))
        .await
        .unwrap();
    assert!(all_of(&old, &orla, &case).await.contains("Quillfeather"));
    for wrong in [
        ErasuresFile {
            form: "something-else/1".into(),
            ..file.clone()
        },
        ErasuresFile {
            partnership: "tilbrook".into(),
            ..file.clone()
        },
    ] {
        assert!(matches!(
            old.apply_erasures(&wrong).await,
            Err(DeskError::Field { .. })
        ));
    }
    // Another entry under the same number is not what the file names.
    let mut foreign = file.clone();
    foreign.keys.clear();
    foreign.certificates.retain(|c| c.target != Target::Case);
    for entry in foreign.certificates.iter_mut().flat_map(|c| &mut c.entries) {
        entry.key = "0123456789abcdef0123456789abcdef".into();
    }
    let done = old.apply_erasures(&foreign).await.unwrap();
    assert_eq!((done.certificates, done.keys), (0, 0));
    assert!(all_of(&old, &orla, &case).await.contains("Quillfeather"));

    let done = old.apply_erasures(&file).await.unwrap();
    assert_eq!(done.certificates, 2, "the third names nothing that is here");
    assert!(done.unknown > 0);
    assert!(!all_of(&old, &orla, &case).await.contains("Quillfeather"));
    assert!(not_there(
        old.view(&orla, &other.id, access::Act::ReadCase, "a test")
            .await
    ));
    assert_eq!(old.erasures(&orla).unwrap().len(), 2);
    old.verify().await.unwrap();
    let again = old.apply_erasures(&file).await.unwrap();
    assert_eq!((again.certificates, again.keys), (0, 0));
    assert_eq!(old.erase_due().await.unwrap(), 0);
    old.close().await;
}

#[tokio::test]
async fn what_the_register_keeps_says_where_an_erasure_is_due_also_after_a_start() {
    let world = World::new().await;
    let (case, entry) = mistaken(&world).await;
    approved(&world, &case, Target::Entry(entry)).await;
    world.desk.close().await;
    let data = world.dir.path().join("data");
    let again = Desk::open(&data, Clock::standing_at(at(JUST_BEFORE)))
        .await
        .unwrap();
    assert_eq!(again.erase_due().await.unwrap(), 0);
    again.clock().set(at(DUE));
    assert_eq!(again.erase_due().await.unwrap(), 1);
    again.close().await;
}

#[tokio::test]
async fn a_hold_goes_with_a_case_that_is_split_and_is_named_where_a_case_is_brought_in() {
    let world = World::new().await;
    let case = world.case().await;
    let orla = world.who("Orla");
    hold(&world, "Orla", &case.id).await.unwrap();
    let (here, there) = world
        .desk
        .split(&orla, &case.id, vec!["brother".into()], "Two reviews")
        .await
        .unwrap();
    for case in [&here.case, &there.case] {
        let held: Vec<_> = case.erasure.standing().collect();
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].hold.required_by, "the coroner for Merrowshire");
    }
    let file = world.desk.export(&orla, &case.id).await.unwrap();
    let brought = world.desk.import(&orla, file).await.unwrap();
    assert_eq!(brought.case.erasure.standing().count(), 0);
    assert!(
        brought
            .refused
            .iter()
            .any(|r| r.contains("the coroner for Merrowshire")),
        "{:?}",
        brought.refused
    );
    let is_erasure = |r: &&std::sync::Arc<cases::Recorded>| matches!(r.event, Event::Erasure(_));
    assert_eq!(brought.case.story.iter().filter(is_erasure).count(), 0);
}
