//! Stepping back: from everything the case is as if it were not there, on every way in; from a part its acts are refused with the rule.

use std::collections::BTreeMap;

use access::{Act, Denied};
use cases::interests::{Answer, Command as Interest, Kind, Outcome, Scope};
use cases::members::Part;
use cases::{Case, Command};
use desk::{DeskError, Format, Paper};

use crate::world::*;

/// Someone's interest is declared by the manager and decided about by the chair.
async fn steps_back(world: &World, case: &Case, name: &str, from: &[Scope]) {
    let orla = world.who("Orla");
    let declared = world
        .desk
        .interest_of(
            &world.id(name),
            Kind::Practice,
            "He led the team.",
            "since 2019",
        )
        .unwrap();
    let declare = Command::Interests(Interest::DeclareFor(declared));
    let acted = world
        .desk
        .act(&orla, &case.id, None, true, vec![declare])
        .await
        .unwrap();
    let interest = acted.case.interests.list.last().unwrap();
    let answer = Answer {
        interest: interest.declared.id.clone(),
        outcome: Outcome::StepsBack,
        from: from.iter().copied().collect(),
        stated: String::new(),
        why: "He would look at his own work.".into(),
        on: world.desk.today(),
    };
    let decide = Command::Interests(Interest::Decide(answer));
    // Whoever runs the case does not decide.
    let own = world
        .desk
        .act(&orla, &case.id, None, true, vec![decide.clone()])
        .await;
    assert!(matches!(own, Err(DeskError::Denied(Denied::NotYours(_)))));
    world
        .desk
        .act(&world.who("Maud"), &case.id, None, true, vec![decide])
        .await
        .unwrap();
}

async fn case(world: &World) -> std::sync::Arc<Case> {
    let known = vec![
        child("girl", "Wren Hollins", "Child A"),
        child("brother", "Jay Hollins", "Child B"),
    ];
    let members = vec![
        (world.id("Ivo"), Part::Decides),
        (world.id("Maud"), Part::Chairs),
        (world.id("Nia"), Part::Manages),
        (world.id("Tam"), Part::Reads),
    ];
    world.open("Orla", members, known).await
}

#[tokio::test]
async fn whoever_stepped_back_from_everything_sees_the_same_as_for_a_case_that_is_not_there() {
    let world = World::new().await;
    let case = case(&world).await;
    let (desk, nia) = (&world.desk, world.who("Nia"));
    let page = format!("/cases/{}/incident", case.id);
    let typed = BTreeMap::from([("summary".to_owned(), vec!["typed before".to_owned()])]);
    desk.keep_draft(&nia, &page, None, &typed).await.unwrap();
    assert_eq!(desk.drafts(&nia).await.unwrap().len(), 1);
    assert!(desk.own_reference(&nia, case.reference()).is_some());
    steps_back(&world, &case, "Nia", &[Scope::Everything]).await;
    assert!(not_there(
        desk.view(&nia, &case.id, access::Act::ReadCase, "the case")
            .await
    ));
    assert!(not_there(
        desk.view_past(&nia, &case.id, desk.today()).await
    ));
    assert!(not_there(desk.story(&nia, &case.id).await));
    assert!(not_there(desk.export(&nia, &case.id).await));
    assert!(not_there(desk.bundle(&nia, &case.id, &[]).await));
    assert!(not_there(desk.readers(&nia, &case.id).await));
    for paper in [Paper::DecisionRecord, Paper::Matrix] {
        assert!(not_there(
            desk.paper(&nia, &case.id, &paper, Format::Docx).await
        ));
    }
    assert!(not_there(
        desk.act(&nia, &case.id, None, true, vec![found("improvements", "x")])
            .await
    ));
    assert!(not_there(
        desk.begin_file(&nia, &case.id, "a.pdf").await.map(|_| ())
    ));
    assert!(desk.cases(&nia, "").is_empty() && desk.cases(&nia, "child").is_empty());
    assert!(desk.needs(&nia).is_empty() && desk.drafts(&nia).await.unwrap().is_empty());
    assert!(desk.own_reference(&nia, case.reference()).is_none());
    assert!(!desk.may_act_in(&nia, &case.id).await.unwrap());
    // Also not by opening it with a reason, by covering, or by being given the work.
    let opened = desk
        .open_with_reason(&nia, case.reference(), "I want to see it")
        .await;
    assert!(matches!(opened, Err(DeskError::Field { field, .. }) if field == "reference"));
    let absence = access::office::Absence {
        person: world.id("Orla"),
        from: "2026-06-01".parse().unwrap(),
        until: "2026-06-05".parse().unwrap(),
        cover: world.id("Nia"),
    };
    let orla = world.who("Orla");
    desk.record_absence(&orla, absence).await.unwrap();
    assert!(not_there(
        desk.view(&nia, &case.id, access::Act::ReadCase, "the case")
            .await
    ));
    let over = desk
        .hand_over(&orla, &world.id("Orla"), &world.id("Nia"), "leave")
        .await;
    assert!(matches!(over, Err(DeskError::Refused(_))));
    let added = desk
        .add_member(
            &orla,
            &case.id,
            desk::NewMember::new(&world.id("Nia"), Part::Reads, "again"),
        )
        .await;
    assert!(matches!(added, Err(DeskError::Refused(_))));
}

#[tokio::test]
async fn the_possible_same_child_in_a_case_one_stepped_back_from_is_not_pointed_to() {
    let world = World::new().await;
    let case = case(&world).await;
    let known = vec![child("girl", "Wren Hollins", "Child X")];
    let other = world
        .open("Orla", vec![(world.id("Ivo"), Part::Decides)], known)
        .await;
    // A manager who does not take part is told that there is another case; one who stepped back is not.
    for name in ["Ivo", "Nia"] {
        let who = world.who(name);
        let before = world.desk.possible_same_children(&who, &other);
        assert!(before.iter().any(|p| p.other.is_some()));
        steps_back(&world, &case, name, &[Scope::Everything]).await;
        assert_eq!(world.desk.possible_same_children(&who, &other), Vec::new());
    }
}

#[tokio::test]
async fn an_act_in_a_part_one_stepped_back_from_is_refused_with_the_rule() {
    let world = World::new().await;
    let case = case(&world).await;
    let (desk, ivo) = (&world.desk, world.who("Ivo"));
    steps_back(&world, &case, "Ivo", &[Scope::Decision, Scope::Documents]).await;
    let refused = desk
        .act(&ivo, &case.id, None, true, vec![found("improvements", "x")])
        .await;
    let Err(DeskError::Denied(Denied::NotYours(rule))) = refused else {
        panic!("{refused:?}");
    };
    assert!(rule.contains("stepped back from the decision"), "{rule}");
    let paper = desk
        .paper(&ivo, &case.id, &Paper::Matrix, Format::Docx)
        .await;
    let Err(DeskError::Denied(Denied::NotYours(rule))) = paper else {
        panic!("a paper was made");
    };
    assert!(rule.contains("stepped back from the documents"), "{rule}");
    // They still read the case, and are not asked to sign.
    let view = desk
        .view(&ivo, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap();
    assert!(!desk.may(&ivo, &view, Act::SignForPartner));
    assert!(desk.needs(&ivo).is_empty());
}

#[tokio::test]
async fn a_past_day_is_seen_with_what_one_may_do_today() {
    let world = World::new().await;
    let case = case(&world).await;
    let day = world.desk.today();
    world.desk.clock().set(at("2026-06-03T09:00:00Z"));
    steps_back(&world, &case, "Ivo", &[Scope::Decision]).await;
    let ivo = world.who("Ivo");
    let past = world.desk.view_past(&ivo, &case.id, day).await.unwrap();
    assert!(past.case.interests.list.is_empty());
    assert!(!world.desk.may(&ivo, &past, Act::WriteFinding));
}

#[tokio::test]
async fn only_the_roles_that_the_settings_name_decide_about_interests() {
    let world = World::new().await;
    let case = case(&world).await;
    let orla = world.who("Orla");
    let text = world.desk.office().settings.replace(
        "interests-decided-by = [\"chair\", \"delegate\"]",
        "interests-decided-by = [\"delegate\"]",
    );
    assert!(
        text.contains("interests-decided-by = [\"delegate\"]"),
        "{text}"
    );
    world.desk.write_settings(&orla, &text).await.unwrap();
    let maud = world.who("Maud");
    let view = world
        .desk
        .view(&maud, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap();
    let no = world.desk.permitted(&maud, &view, Act::DecideInterest);
    assert!(no.is_err_and(|no| no.rule().contains("settings")));
    let ivo = world.who("Ivo");
    let view = world
        .desk
        .view(&ivo, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap();
    assert!(world.desk.may(&ivo, &view, Act::DecideInterest));
}

#[tokio::test]
async fn names_that_match_are_pointed_out_and_nothing_follows_from_them() {
    let world = World::new().await;
    let known = vec![child("girl", "Wren Birch", "Child A")];
    let members = vec![
        (world.id("Tam"), Part::Reads),
        (world.id("Maud"), Part::Chairs),
    ];
    let case = world.open("Orla", members, known).await;
    let agency = cases::agencies::Agency {
        name: "Tilbrook Infirmary".into(),
        contact: "Dr Ellery, named doctor".into(),
        ..Default::default()
    };
    let orla = world.who("Orla");
    let record = Command::Agencies(cases::agencies::Command::RecordAgency(agency));
    world
        .desk
        .act(&orla, &case.id, None, true, vec![record])
        .await
        .unwrap();
    let view = world
        .desk
        .view(&orla, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap();
    let mut found: Vec<(String, String)> = world
        .desk
        .names_that_match(&view)
        .into_iter()
        .map(|m| (m.name, m.why))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            (
                "Maud Ellery".to_owned(),
                "the surname stands in what is recorded of the agencies".to_owned()
            ),
            (
                "Tam Birch".to_owned(),
                "the surname is also a name of Child A".to_owned()
            ),
        ]
    );
    assert!(
        world
            .desk
            .view(
                &world.who("Tam"),
                &case.id,
                access::Act::ReadCase,
                "the case"
            )
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn whoever_stepped_back_from_a_case_stepped_back_from_the_part_that_is_split_off() {
    let world = World::new().await;
    let case = case(&world).await;
    steps_back(&world, &case, "Ivo", &[Scope::Everything]).await;
    steps_back(&world, &case, "Tam", &[Scope::Documents]).await;
    let orla = world.who("Orla");
    let (there, here) = world
        .desk
        .split(&orla, &case.id, vec!["brother".into()], "two cases")
        .await
        .unwrap();
    for one in [&there.case, &here.case] {
        let ivo = world.who("Ivo");
        assert!(not_there(
            world
                .desk
                .view(&ivo, &one.id, access::Act::ReadCase, "the case")
                .await
        ));
        assert!(one.interests.keeps(&world.id("Tam"), Scope::Documents));
    }
    let held = there.case.interests.list[0].holds().unwrap();
    assert_eq!(held.by.name, "Maud Ellery", "as it was decided there");
}

#[tokio::test]
async fn an_interest_does_not_come_along_with_a_case_file_and_the_import_says_so() {
    let world = World::new().await;
    let case = case(&world).await;
    steps_back(&world, &case, "Ivo", &[Scope::Decision]).await;
    let orla = world.who("Orla");
    let file = world.desk.export(&orla, &case.id).await.unwrap();
    let imported = world.desk.import(&orla, file).await.unwrap();
    assert!(imported.case.interests.list.is_empty());
    let said = "the interest that Ivo Larkfield declared";
    assert!(
        imported.refused.iter().any(|r| r.starts_with(said)),
        "{:?}",
        imported.refused
    );
}

#[tokio::test]
async fn each_act_has_its_rule_and_everyone_who_sees_the_case_is_named() {
    let world = World::new().await;
    let case = case(&world).await;
    steps_back(&world, &case, "Ivo", &[Scope::Everything]).await;
    let maud = world.who("Maud");
    let view = world
        .desk
        .view(&maud, &case.id, access::Act::ReadCase, "why")
        .await
        .unwrap();
    let acts = world.desk.acts_in(&maud, &view);
    assert_eq!(acts.len(), Act::IN_CASE.len());
    for (act, answer) in &acts {
        let asked = world.desk.permitted(&maud, &view, *act);
        assert_eq!(answer.is_ok(), asked.is_ok());
        match answer {
            Ok(rule) => assert!(!rule.is_empty()),
            Err(rule) => assert!(!rule.is_empty()),
        }
    }
    let seen: Vec<String> = world
        .desk
        .who_sees(&view)
        .into_iter()
        .map(|s| s.name)
        .collect();
    assert_eq!(
        seen,
        ["Maud Ellery", "Nia Coombe", "Orla Penhallow", "Tam Birch"]
    );
}
