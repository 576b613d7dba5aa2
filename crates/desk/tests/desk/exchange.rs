//! Export and import without loss, what an import refuses, and a split by child.

use cases::case_file::CaseFile;
use cases::closing::{Event as Whole, Mark};
use cases::members::{Event as Member, Part};
use cases::{Command, Event};
use desk::DeskError;

use crate::world::*;

fn carried(file: &CaseFile) -> Vec<(String, String, String)> {
    file.entries
        .iter()
        .filter(|r| {
            !matches!(
                r.event,
                Event::Members(_)
                    | Event::Incident(cases::incident::Event::CaseOpened(_))
                    | Event::Closing(Whole::EntryMarked(_))
            )
        })
        .map(|r| {
            (
                r.at.to_string(),
                r.by.name.clone(),
                serde_json::to_string(&r.event).unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn an_exported_case_comes_back_in_another_partnership_without_loss() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    for who in ["Maud", "Tam"] {
        world
            .desk
            .add_member(
                &orla,
                &case.id,
                desk::NewMember::new(&world.id(who), Part::Reads, "reads"),
            )
            .await
            .unwrap();
    }
    world.desk.clock().set(at("2026-06-02T09:00:00Z"));
    let acted = world
        .desk
        .act(
            &orla,
            &case.id,
            None,
            false,
            vec![
                found("improvements", "Wrong."),
                found("recurrent-themes", "Right."),
            ],
        )
        .await
        .unwrap();
    let wrong = acted.entries[0].number;
    let mark = Mark {
        entry: wrong,
        why: "wrong case".into(),
        correction: Some(wrong + 1),
        hidden: false,
        visible_to: Vec::new(),
    };
    world
        .desk
        .act(
            &orla,
            &case.id,
            None,
            false,
            vec![Command::Closing(Whole::EntryMarked(mark))],
        )
        .await
        .unwrap();
    let file = world.desk.export(&orla, &case.id).await.unwrap();

    let text = serde_json::to_string_pretty(&file).unwrap();
    let there = World::new().await;
    there.desk.clock().set(at("2026-07-01T09:00:00Z"));
    let imported = there
        .desk
        .import(&there.who("Orla"), CaseFile::parse(&text).unwrap())
        .await
        .unwrap();
    assert_eq!(imported.refused, Vec::<String>::new());
    assert_eq!(imported.case.reference(), "MER-2026-001");
    let back = there
        .desk
        .export(&there.who("Orla"), &imported.case.id)
        .await
        .unwrap();
    assert_eq!(
        carried(&back),
        carried(&file),
        "every entry with who recorded it and when"
    );
    assert_eq!(
        CaseFile {
            entries: Vec::new(),
            ..back.clone()
        },
        CaseFile {
            entries: Vec::new(),
            ..file.clone()
        }
    );
    assert!(back.entries.iter().skip(2).all(|r| {
        r.imported
            .as_ref()
            .is_some_and(|i| i.at == at("2026-07-01T09:00:00Z"))
    }));
    let (old, new) = (
        case.incident.opening.clone().unwrap(),
        imported.case.incident.opening.clone().unwrap(),
    );
    assert_eq!(new, old, "also how it was opened");

    let mark = imported.case.closing.marks.values().next().unwrap();
    let event_at = |number: u64| {
        imported
            .case
            .story
            .iter()
            .find(|r| r.number == number)
            .map(|r| r.event.about())
    };
    assert_eq!(
        event_at(mark.entry).as_deref(),
        Some("improvements"),
        "the mark follows its entry"
    );
    assert_eq!(
        mark.correction.and_then(event_at).as_deref(),
        Some("recurrent-themes")
    );
    assert!(imported.case.consideration.of("improvements").is_none());
}

#[tokio::test]
async fn a_case_brought_in_twice_gets_a_new_reference_and_the_old_one_still_finds_it() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let file = CaseFile {
        format: cases::case_file::FORMAT.into(),
        reference: "SCR 12".into(),
        ..CaseFile::default()
    };
    let first = world.desk.import(&orla, file.clone()).await.unwrap();
    assert_eq!(first.case.reference(), "SCR 12");
    let second = world.desk.import(&orla, file).await.unwrap();
    assert_eq!(second.case.reference(), "MER-2026-001");
    assert_eq!(
        second
            .case
            .incident
            .opening
            .as_ref()
            .unwrap()
            .old_reference
            .as_deref(),
        Some("SCR 12")
    );
    assert_eq!(
        world.desk.find_reference("scr 12").as_deref(),
        Some(first.case.id.as_str()),
        "the reference before an old reference"
    );
}

#[tokio::test]
async fn a_reference_leads_to_ones_own_case_and_tells_nothing_of_the_cases_of_others() {
    let world = World::new().await;
    let (orla, nia, tam) = (world.who("Orla"), world.who("Nia"), world.who("Tam"));
    let file = CaseFile {
        format: cases::case_file::FORMAT.into(),
        reference: "SCR 12".into(),
        ..CaseFile::default()
    };
    let hers = world.desk.import(&orla, file.clone()).await.unwrap();
    let mine = world.desk.import(&nia, file).await.unwrap();
    let found = |who| world.desk.own_reference(who, "scr 12");
    assert_eq!(found(&orla).as_deref(), Some(hers.case.id.as_str()));
    assert_eq!(
        found(&nia).as_deref(),
        Some(mine.case.id.as_str()),
        "the same words in a case that is not hers do not stand in the way"
    );
    assert_eq!(found(&tam), None);
}

#[tokio::test]
async fn an_import_says_what_it_refused_and_makes_no_signature() {
    let world = World::new().await;
    let signature = cases::decision::Signature {
        seat: police(),
        view: cases::decision::View::Agrees,
        note: String::new(),
        given: cases::decision::Given::InPerson,
        authority: None,
        text: "anything".into(),
        passkey: None,
    };
    let file = CaseFile {
        format: cases::case_file::FORMAT.into(),
        signatures: vec![signature],
        ..CaseFile::default()
    };
    let imported = world.desk.import(&world.who("Orla"), file).await.unwrap();
    assert_eq!(imported.refused.len(), 1);
    assert!(imported.case.decision.current.signatures.is_empty());
    assert!(
        world
            .desk
            .import(&world.who("Tam"), CaseFile::default())
            .await
            .is_err(),
        "a reader opens no case"
    );
}

#[tokio::test]
async fn a_split_takes_the_chosen_children_along_links_both_cases_and_keeps_bars() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    let bar = Member::PersonBarred {
        person: world.id("Tam"),
        name: "Tam Birch".into(),
        why: "a neighbour".into(),
    };
    world
        .desk
        .act(&orla, &case.id, None, false, vec![Command::Members(bar)])
        .await
        .unwrap();
    for (children, why) in [
        (vec![], "x"),
        (vec!["girl", "brother"], "x"),
        (vec!["brother"], " "),
    ] {
        let children = children.into_iter().map(str::to_owned).collect();
        assert!(matches!(
            world.desk.split(&orla, &case.id, children, why).await,
            Err(DeskError::Field { .. })
        ));
    }
    assert_eq!(
        world.desk.cases(&orla, "").len(),
        1,
        "a refused split opens no case"
    );
    let (here, there) = world
        .desk
        .split(&orla, &case.id, vec!["brother".into()], "another household")
        .await
        .unwrap();
    let there = world
        .desk
        .view(&orla, &there.case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap()
        .case;
    assert_eq!(
        here.case
            .people
            .children
            .iter()
            .map(|c| c.id.as_str())
            .collect::<Vec<_>>(),
        ["girl"]
    );
    assert_eq!(
        there
            .people
            .children
            .iter()
            .map(|c| c.id.as_str())
            .collect::<Vec<_>>(),
        ["brother"]
    );
    assert_eq!(here.case.closing.splits[0].0, there.reference());
    assert_eq!(there.closing.links[0].0, here.case.reference());
    assert!(there.members.barred.contains_key(&world.id("Tam")));
    assert!(
        world
            .desk
            .view(
                &world.who("Ivo"),
                &there.id,
                access::Act::ReadCase,
                "the case"
            )
            .await
            .is_ok(),
        "members come along"
    );
    assert!(not_there(
        world
            .desk
            .split(&world.who("Tam"), &case.id, vec!["girl".into()], "x")
            .await
    ));
}
