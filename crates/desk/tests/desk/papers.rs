//! Papers through the desk: each can be made in both forms, making one is a read, and a letter says nothing that is not decided.

use std::io::Read as _;

use cases::decision::{Command as Decide, Given, Proposal, Signature, View};
use cases::family::{Command as Family, Letter, LetterKind, SafetyCheck};
use cases::members::Part;
use cases::{Command, Seat};
use desk::{DeskError, Format, Paper};

use crate::world::*;

fn seats() -> [Seat; 3] {
    [
        ("local-authority", "merrowshire-council"),
        ("health", "tilbrook"),
        ("police", "merrow-police"),
    ]
    .map(|(partner, body)| Seat {
        partner: partner.into(),
        body: body.into(),
    })
}

/// A decision that all partners signed on paper.
pub fn decided(conduct: bool) -> Vec<Command> {
    let text = Decide::WriteText(Proposal {
        conduct: Some(conduct),
        reasons: "The meeting thought so.".into(),
        decided_on: Some("2026-05-30".parse().unwrap()),
        ..Proposal::default()
    });
    let signed = seats().map(|seat| {
        Decide::Sign(Signature {
            seat,
            view: View::Agrees,
            note: String::new(),
            given: Given::Otherwise {
                way: "paper".into(),
                person: "The delegate".into(),
                on: "2026-05-30".parse().unwrap(),
                kept: String::new(),
            },
            authority: None,
            text: String::new(),
            passkey: None,
        })
    });
    std::iter::once(text)
        .chain(signed)
        .map(Command::Decision)
        .collect()
}

pub fn letter(person: &str) -> Vec<Command> {
    let check = SafetyCheck {
        person: person.into(),
        address: "2 Larch Row, Tilbrook".into(),
        ..SafetyCheck::default()
    };
    let letter = Letter {
        person: person.into(),
        kind: LetterKind::YoungerChild,
        salutation: "Dear Jay".into(),
        text: "We would like to talk to you.".into(),
        signed_by: "Maud Ellery, chair".into(),
        dated: "2026-06-01".parse().unwrap(),
    };
    vec![
        Command::Family(Family::CheckSafety(check)),
        Command::Family(Family::ReleaseLetter(letter)),
    ]
}

#[tokio::test]
async fn every_paper_is_made_in_both_forms_and_its_file_name_names_no_one() {
    let world = World::new().await;
    let (orla, case) = (world.who("Orla"), world.case().await);
    world
        .desk
        .act(&orla, &case.id, None, true, letter("brother"))
        .await
        .unwrap();
    let mut papers = vec![
        Paper::DecisionRecord,
        Paper::Matrix,
        Paper::ConsiderationForm,
        Paper::DefinitionForm("girl".into()),
        Paper::ViewsForm("brother".into()),
        Paper::Letter("brother".into(), 1),
    ];
    papers.extend(seats().map(Paper::PartnerForm));
    for paper in papers {
        assert_eq!(
            Paper::from_name(&paper.name()),
            Some(paper.clone()),
            "its address leads back to it"
        );
        for (format, start, ending) in [
            (Format::Pdf, &b"%PDF"[..], ".pdf"),
            (Format::Docx, &b"PK"[..], ".docx"),
        ] {
            let (bytes, name) = world
                .desk
                .paper(&orla, &case.id, &paper, format)
                .await
                .unwrap();
            assert!(bytes.starts_with(start), "{name}");
            assert!(
                name.starts_with("MER-2026-001-") && name.ends_with(ending),
                "{name}"
            );
            for never in ["brother", "girl", "Jay", "Wren", "Hollins"] {
                assert!(!name.contains(never), "{name}");
            }
        }
    }
}

#[tokio::test]
async fn making_a_paper_is_written_down_as_a_read_and_a_reader_makes_none() {
    let world = World::new().await;
    let (orla, tam) = (world.who("Orla"), world.who("Tam"));
    let case = world
        .open(
            "Orla",
            vec![(tam.person.id.clone(), Part::Reads)],
            vec![child("girl", "Wren Hollins", "Child A")],
        )
        .await;
    let made = |who| {
        let (desk, id) = (world.desk.clone(), case.id.clone());
        async move { desk.paper(&who, &id, &Paper::Matrix, Format::Docx).await }
    };
    assert!(matches!(made(tam).await, Err(DeskError::Denied(_))));
    assert!(
        not_there(made(world.who("Nia")).await),
        "for a stranger there is no such case"
    );
    made(orla.clone()).await.unwrap();
    let reads = format!("{:?}", world.desk.readers(&orla, &case.id).await.unwrap());
    assert_eq!(reads.matches("a paper: what was weighed").count(), 1);
}

#[tokio::test]
async fn nothing_is_made_for_a_letter_or_person_that_is_not_there() {
    let world = World::new().await;
    let (orla, case) = (world.who("Orla"), world.case().await);
    for paper in [
        Paper::Letter("brother".into(), 0),
        Paper::Letter("brother".into(), 1),
        Paper::ViewsForm("nobody".into()),
        Paper::DefinitionForm("nobody".into()),
        Paper::PartnerForm(Seat {
            partner: "police".into(),
            body: "elsewhere".into(),
        }),
    ] {
        assert!(
            not_there(
                world
                    .desk
                    .paper(&orla, &case.id, &paper, Format::Docx)
                    .await
            ),
            "{paper:?}"
        );
    }
}

#[tokio::test]
async fn a_suggested_letter_tells_only_what_is_decided_and_stands() {
    let world = World::new().await;
    let (orla, case) = (world.who("Orla"), world.case().await);
    let suggested = || async {
        let view = world
            .desk
            .view(&orla, &case.id, access::Act::ReadCase, "a letter")
            .await
            .unwrap();
        world.desk.suggested_letter(&view, LetterKind::Adult)
    };
    let before = suggested().await;
    assert!(
        !before.contains("will go ahead") && before.contains("Nothing is decided yet"),
        "{before}"
    );
    assert!(
        papers::letters::to_fill_in(&before),
        "it cannot be released as it is"
    );
    world
        .desk
        .act(&orla, &case.id, None, true, decided(true))
        .await
        .unwrap();
    assert!(suggested().await.contains("The review will go ahead."));
    let again = Command::Decision(Decide::Reconsider {
        why: "A new fact came.".into(),
    });
    world
        .desk
        .act(&orla, &case.id, None, true, vec![again])
        .await
        .unwrap();
    assert!(
        !suggested().await.contains("will go ahead"),
        "the earlier decision no longer stands"
    );
    world
        .desk
        .act(&orla, &case.id, None, true, decided(false))
        .await
        .unwrap();
    let after = suggested().await;
    assert!(
        !after.contains("will go ahead") && after.contains("[Say here in plain words why"),
        "{after}"
    );
}

#[tokio::test]
async fn what_is_hidden_is_in_no_paper_also_when_someone_who_may_see_it_makes_it() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    let wrong = vec![found("improvements", "The address is 4 Larch Row.")];
    let acted = world
        .desk
        .act(&orla, &case.id, None, false, wrong)
        .await
        .unwrap();
    let words = async || {
        let (bytes, _) = world
            .desk
            .paper(&orla, &case.id, &Paper::DecisionRecord, Format::Docx)
            .await
            .unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut part = archive.by_name("word/document.xml").unwrap();
        std::io::read_to_string(&mut part).unwrap()
    };
    assert!(
        words().await.contains("4 Larch Row"),
        "it stood there before"
    );
    let mark = cases::closing::Mark {
        entry: acted.case.version(),
        why: "wrong case".into(),
        correction: None,
        hidden: true,
        visible_to: vec![world.id("Orla")],
    };
    let mark = Command::Closing(cases::closing::Event::EntryMarked(mark));
    world
        .desk
        .act(&orla, &case.id, None, false, vec![mark])
        .await
        .unwrap();
    assert!(!words().await.contains("Larch Row"));
}

#[tokio::test]
async fn a_letter_with_the_familys_address_is_handed_only_to_those_who_may_release_one() {
    let world = World::new().await;
    let (orla, case) = (world.who("Orla"), world.case().await);
    world
        .desk
        .act(&orla, &case.id, None, true, letter("brother"))
        .await
        .unwrap();
    let police = world.who("Ivo");
    let (desk, paper) = (&world.desk, Paper::Letter("brother".into(), 1));
    assert!(
        desk.paper(&police, &case.id, &Paper::DecisionRecord, Format::Docx)
            .await
            .is_ok(),
        "a delegate prints papers"
    );
    assert!(
        desk.paper(&police, &case.id, &paper, Format::Docx)
            .await
            .is_err()
    );
    assert!(
        desk.paper(&orla, &case.id, &paper, Format::Docx)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn each_recipient_gets_a_copy_with_a_number_and_the_record_says_whose_it_is() {
    let world = World::new().await;
    let case = world.case().await;
    let (desk, orla) = (&world.desk, world.who("Orla"));
    let none = desk
        .copies(
            &orla,
            &case.id,
            &Paper::Matrix,
            Format::Docx,
            vec![" ".into()],
        )
        .await;
    assert!(none.is_err());
    let letter = Paper::Letter("girl".into(), 1);
    let refused = desk
        .copies(&orla, &case.id, &letter, Format::Docx, vec!["x".into()])
        .await;
    assert!(refused.is_err(), "a letter is not copied");
    for first in [1, 3] {
        let to = vec!["Ivo Larkfield".to_owned(), "The scrutineer".to_owned()];
        let (zip, name) = desk
            .copies(&orla, &case.id, &Paper::Matrix, Format::Docx, to)
            .await
            .unwrap();
        assert!(name.ends_with("-matrix-copies.zip"), "{name}");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
        assert_eq!(zip.len(), 2);
        for (at, who) in ["Ivo Larkfield", "The scrutineer"].into_iter().enumerate() {
            let mut bytes = Vec::new();
            zip.by_index(at).unwrap().read_to_end(&mut bytes).unwrap();
            let mut paper = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
            let mut header = String::new();
            paper
                .by_name("word/header1.xml")
                .unwrap()
                .read_to_string(&mut header)
                .unwrap();
            let copy = format!("Copy {}, for {who}, 1 June 2026", first + at);
            assert!(header.contains(&copy), "{header}");
            assert!(header.contains("OFFICIAL-SENSITIVE"), "{header}");
        }
    }
    let view = desk
        .view(&orla, &case.id, access::Act::ReadCase, "a test")
        .await
        .unwrap();
    let copies: Vec<(u64, &str)> = (view.case.documents.copies.iter())
        .map(|c| (c.number, c.recipient.as_str()))
        .collect();
    assert_eq!(
        copies,
        [
            (1, "Ivo Larkfield"),
            (2, "The scrutineer"),
            (3, "Ivo Larkfield"),
            (4, "The scrutineer")
        ]
    );
    // Nobody is given a copy of what they do not read.
    let agency = cases::agencies::Agency {
        id: "health".into(),
        name: "Merrow Health".into(),
        ..cases::agencies::Agency::default()
    };
    let advises = cases::members::Event::MemberAdded {
        person: world.id("Maud"),
        name: "Maud Ellery".into(),
        part: Part::Contributes,
        why: "x".into(),
        agency: Some("health".into()),
        until: None,
    };
    let agency = cases::agencies::Command::RecordAgency(agency);
    for command in [Command::Agencies(agency), Command::Members(advises)] {
        desk.act(&orla, &case.id, None, true, vec![command])
            .await
            .unwrap();
    }
    let refused = desk
        .copies(
            &orla,
            &case.id,
            &Paper::Matrix,
            Format::Docx,
            vec!["Maud Ellery".into()],
        )
        .await;
    assert!(matches!(&refused, Err(DeskError::Field { field, .. }) if field == "recipients"));
    // Whoever only reads makes none.
    let tam = desk::NewMember::new(&world.id("Tam"), cases::members::Part::Reads, "reads");
    desk.add_member(&orla, &case.id, tam).await.unwrap();
    let refused = desk
        .copies(
            &world.who("Tam"),
            &case.id,
            &Paper::Matrix,
            Format::Docx,
            vec!["x".into()],
        )
        .await;
    assert!(matches!(refused, Err(DeskError::Denied(_))));
}
