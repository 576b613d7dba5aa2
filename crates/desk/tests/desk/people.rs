//! Who sees and does what: barred people, the administrator, covers, hand-over, authority by date, and the possible same child.

#[path = "../shared/signed_in.rs"]
pub mod signed_in;

use access::office::{Absence, Delegation};
use cases::Command;
use cases::context::Authority;
use cases::decision::{Command as D, Given, View, ViewGiven};
use cases::members::{Event as Member, Part};
use desk::DeskError;

use crate::world::*;

#[tokio::test]
async fn a_case_is_seen_only_by_those_added_to_it_never_by_rank() {
    let world = World::new().await;
    let case = world.case().await;
    for (who, sees) in [
        ("Orla", true),
        ("Ivo", true),
        ("Nia", false),
        ("Maud", false),
        ("Tam", false),
        ("Sol", false),
    ] {
        let actor = world.who(who);
        assert_eq!(
            world
                .desk
                .view(&actor, &case.id, access::Act::ReadCase, "the case")
                .await
                .is_ok(),
            sees,
            "{who}"
        );
        assert_eq!(
            world.desk.cases(&actor, "").len(),
            usize::from(sees),
            "{who}"
        );
    }
    assert!(not_there(
        world
            .desk
            .view(
                &world.who("Nia"),
                &case.id,
                access::Act::ReadCase,
                "the case"
            )
            .await
    ));
    assert!(
        not_there(
            world
                .desk
                .view(
                    &world.who("Nia"),
                    "no-such-case",
                    access::Act::ReadCase,
                    "the case"
                )
                .await
        ),
        "the same answer as for a case that is not there"
    );
}

#[tokio::test]
async fn a_barred_person_sees_the_same_as_for_a_case_that_is_not_there_also_as_cover() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    world
        .desk
        .add_member(
            &orla,
            &case.id,
            desk::NewMember::new(&world.id("Nia"), Part::Manages, "helps"),
        )
        .await
        .unwrap();
    assert!(
        world
            .desk
            .view(
                &world.who("Nia"),
                &case.id,
                access::Act::ReadCase,
                "the case"
            )
            .await
            .is_ok()
    );
    let bar = Member::PersonBarred {
        person: world.id("Nia"),
        name: "Nia Coombe".into(),
        why: "a neighbour".into(),
    };
    world
        .desk
        .act(&orla, &case.id, None, false, vec![Command::Members(bar)])
        .await
        .unwrap();
    cover(&world, "Orla", "Nia").await;
    let nia = world.who("Nia");
    assert!(not_there(
        world
            .desk
            .view(&nia, &case.id, access::Act::ReadCase, "the case")
            .await
    ));
    assert!(not_there(world.desk.story(&nia, &case.id).await));
    assert!(not_there(world.desk.export(&nia, &case.id).await));
    assert!(not_there(
        world
            .desk
            .act(
                &nia,
                &case.id,
                None,
                false,
                vec![found("improvements", "x")]
            )
            .await
    ));
    assert!(world.desk.cases(&nia, "").is_empty() && world.desk.needs(&nia).is_empty());
    assert!(matches!(
        world
            .desk
            .hand_over(&orla, &world.id("Orla"), &world.id("Nia"), "leave")
            .await,
        Err(DeskError::Refused(_))
    ));
}

async fn cover(world: &World, away: &str, cover: &str) {
    let absence = Absence {
        person: world.id(away),
        from: "2026-06-01".parse().unwrap(),
        until: "2026-06-05".parse().unwrap(),
        cover: world.id(cover),
    };
    world
        .desk
        .record_absence(&world.who("Orla"), absence)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_administrator_sees_no_content_even_when_added_by_mistake() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    let sol = world.who("Sol");
    assert!(matches!(
        world
            .desk
            .add_member(
                &orla,
                &case.id,
                desk::NewMember::new(&sol.person.id, Part::Reads, "x")
            )
            .await,
        Err(DeskError::Field { .. })
    ));
    let event = Member::MemberAdded {
        person: sol.person.id.clone(),
        name: "Sol Adder".into(),
        part: Part::Manages,
        why: String::new(),
        agency: None,
        until: None,
    };
    world
        .desk
        .act(&orla, &case.id, None, false, vec![Command::Members(event)])
        .await
        .unwrap();
    assert!(not_there(
        world
            .desk
            .view(&sol, &case.id, access::Act::ReadCase, "the case")
            .await
    ));
    assert!(world.desk.cases(&sol, "").is_empty() && world.desk.needs(&sol).is_empty());
    assert!(
        world
            .desk
            .open_case(
                &sol,
                desk::NewCase {
                    danger: cases::incident::Danger::No,
                    danger_action: String::new(),
                    old_reference: None,
                    heard_on: None,
                    under_way: false,
                    members: Vec::new(),
                    known: Vec::new(),
                }
            )
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_cover_has_all_powers_for_the_days_of_the_absence_and_none_before_or_after() {
    let world = World::new().await;
    let case = world.case().await;
    cover(&world, "Orla", "Nia").await;
    let nia = world.who("Nia");
    for (time, sees) in [
        ("2026-05-31T12:00:00Z", false),
        ("2026-06-01T12:00:00Z", true),
        ("2026-06-05T12:00:00Z", true),
        ("2026-06-06T12:00:00Z", false),
    ] {
        world.desk.clock().set(at(time));
        assert_eq!(
            world
                .desk
                .view(&nia, &case.id, access::Act::ReadCase, "the case")
                .await
                .is_ok(),
            sees,
            "{time}"
        );
        assert_eq!(
            world.desk.cases(&nia, "").len(),
            usize::from(sees),
            "{time}"
        );
    }
    world.desk.clock().set(at("2026-06-02T12:00:00Z"));
    world
        .desk
        .act(
            &nia,
            &case.id,
            None,
            false,
            vec![found("improvements", "Written by the cover.")],
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_cover_who_also_reads_the_case_has_the_powers_of_a_cover() {
    let world = World::new().await;
    let case = world.case().await;
    world
        .desk
        .add_member(
            &world.who("Orla"),
            &case.id,
            desk::NewMember::new(&world.id("Nia"), Part::Reads, "reads along"),
        )
        .await
        .unwrap();
    assert!(
        world
            .desk
            .act(
                &world.who("Nia"),
                &case.id,
                None,
                false,
                vec![found("improvements", "x")]
            )
            .await
            .is_err()
    );
    cover(&world, "Orla", "Nia").await;
    world
        .desk
        .act(
            &world.who("Nia"),
            &case.id,
            None,
            false,
            vec![found("improvements", "Written by the cover.")],
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_hand_over_moves_cases_and_drafts_in_one_act() {
    let world = World::new().await;
    let (orla, nia) = (world.who("Orla"), world.who("Nia"));
    let case = world.case().await;
    let typed = [("reasons".to_owned(), vec!["Half a sentence".to_owned()])].into();
    world
        .desk
        .keep_draft(
            &orla,
            "/cases/MER-2026-001/decision",
            Some(case.version()),
            &typed,
        )
        .await
        .unwrap();
    assert!(matches!(
        world
            .desk
            .hand_over(&orla, &orla.person.id, &world.id("Ivo"), "leave")
            .await,
        Err(DeskError::Field { .. })
    ));
    assert!(matches!(
        world
            .desk
            .hand_over(&orla, &orla.person.id, &nia.person.id, " ")
            .await,
        Err(DeskError::Field { .. })
    ));
    let done = world
        .desk
        .hand_over(&orla, &orla.person.id, &nia.person.id, "maternity leave")
        .await
        .unwrap();
    assert_eq!(
        (done.cases, done.drafts),
        (vec!["MER-2026-001".to_owned()], 1)
    );
    let view = world
        .desk
        .view(&nia, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap();
    assert_eq!(
        view.case.members.owner.as_deref(),
        Some(nia.person.id.as_str())
    );
    let draft = world
        .desk
        .draft(&nia, "/cases/MER-2026-001/decision")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((draft.values, draft.handed_over), (typed, true));
    assert!(world.desk.drafts(&orla).await.unwrap().is_empty());
    assert!(
        world
            .desk
            .needs(&nia)
            .iter()
            .any(|n| n.case.1 == "MER-2026-001")
    );
}

#[tokio::test]
async fn a_delegate_signs_only_while_the_recorded_authority_lasts_and_the_manager_never_for_them() {
    let world = World::new().await;
    let case = world.case().await;
    let (orla, ivo) = (world.who("Orla"), world.who("Ivo"));
    let view = |given| {
        Command::Decision(D::GiveView(ViewGiven {
            seat: police(),
            view: View::Agrees,
            note: String::new(),
            given,
            provisional: false,
        }))
    };
    let in_person = view(Given::InPerson);
    assert!(
        world
            .desk
            .act(&ivo, &case.id, None, false, vec![in_person.clone()])
            .await
            .is_err(),
        "no authority is recorded"
    );
    let authority = Authority {
        seat: police(),
        capacity: "delegate".into(),
        from_whom: "the chief constable".into(),
        from: "2026-06-01".parse().unwrap(),
        until: Some("2026-06-02".parse().unwrap()),
    };
    let delegation = Delegation {
        person: ivo.person.id.clone(),
        authority,
    };
    assert!(
        world
            .desk
            .delegate(&world.who("Sol"), delegation.clone())
            .await
            .is_err(),
        "the administrator delegates no authority"
    );
    world.desk.delegate(&orla, delegation).await.unwrap();
    let today = "2026-06-01".parse().unwrap();
    assert!(
        world
            .desk
            .end_authority(&world.who("Sol"), &ivo.person.id, today, "x")
            .await
            .is_err(),
        "nor ends it"
    );
    world
        .desk
        .act(&ivo, &case.id, None, false, vec![in_person.clone()])
        .await
        .unwrap();
    assert!(matches!(
        world
            .desk
            .act(&orla, &case.id, None, false, vec![in_person.clone()])
            .await,
        Err(DeskError::Denied(_))
    ));
    let on_paper = view(Given::Otherwise {
        way: "telephone".into(),
        person: "Ivo Larkfield".into(),
        on: "2026-06-01".parse().unwrap(),
        kept: String::new(),
    });
    world
        .desk
        .act(&orla, &case.id, None, false, vec![on_paper])
        .await
        .unwrap();
    world.desk.clock().set(at("2026-06-03T09:00:00Z"));
    assert!(
        world
            .desk
            .act(&ivo, &case.id, None, false, vec![in_person])
            .await
            .is_err(),
        "the authority has ended"
    );
}

#[tokio::test]
async fn the_possible_same_child_is_named_to_those_who_see_the_other_case_and_only_hinted_at_to_a_manager()
 {
    let world = World::new().await;
    let first = world.case().await;
    let (orla, nia, ivo, tam) = (
        world.who("Orla"),
        world.who("Nia"),
        world.who("Ivo"),
        world.who("Tam"),
    );
    let members = vec![
        (ivo.person.id.clone(), Part::Decides),
        (tam.person.id.clone(), Part::Reads),
    ];
    let second = world
        .open(
            "Nia",
            members,
            vec![
                child("x", "HOLLINS, Wren", "Child C"),
                child("y", "Ash Moor", "Child D"),
            ],
        )
        .await;
    let hint = world.desk.possible_same_children(&nia, &second);
    assert_eq!(hint.len(), 1);
    assert_eq!(
        (
            hint[0].child.as_str(),
            hint[0].other.as_ref(),
            hint[0].why.as_str()
        ),
        ("x", None, "")
    );
    let seen = world.desk.possible_same_children(&ivo, &second);
    assert_eq!(
        seen[0].other,
        Some((first.id.clone(), first.reference().to_owned()))
    );
    assert!(!seen[0].why.is_empty());
    assert!(
        world.desk.possible_same_children(&tam, &second).is_empty(),
        "a reader of one case learns nothing of the other"
    );
    assert_eq!(
        world.desk.possible_same_children(&orla, &first)[0].other,
        None
    );
}

#[tokio::test]
async fn whoever_has_left_cannot_sign_in_and_cannot_leave_while_running_open_cases() {
    let world = World::new().await;
    world.case().await;
    let nia = world.who("Nia");
    assert!(matches!(
        world
            .desk
            .person_left(&nia, &world.id("Orla"), "retired")
            .await,
        Err(DeskError::Field { .. })
    ));
    world
        .desk
        .hand_over(&nia, &world.id("Orla"), &nia.person.id, "retired")
        .await
        .unwrap();
    let signed_in = signed_in::sign_in(&world.desk, "orla.penhallow@example.org", PASSWORD)
        .await
        .unwrap();
    assert!(
        world
            .desk
            .session(&signed_in.secret)
            .await
            .unwrap()
            .is_some()
    );
    world
        .desk
        .person_left(&nia, &world.id("Orla"), "retired")
        .await
        .unwrap();
    assert!(
        world
            .desk
            .session(&signed_in.secret)
            .await
            .unwrap()
            .is_none(),
        "open sessions end at once"
    );
    assert!(matches!(
        world
            .desk
            .sign_in("orla.penhallow@example.org", PASSWORD, "")
            .await,
        Err(DeskError::NotSignedIn)
    ));
}

#[tokio::test]
async fn an_account_has_twenty_sessions_and_the_one_left_alone_longest_gives_way() {
    let world = World::new().await;
    let (desk, email) = (&world.desk, world.who("Ivo").person.email);
    let mut secrets = Vec::new();
    for _ in 0..21 {
        let signed = signed_in::sign_in(desk, &email, PASSWORD).await.unwrap();
        secrets.push(signed.secret);
    }
    assert!(desk.session(&secrets[0]).await.unwrap().is_none());
    for secret in &secrets[1..] {
        assert!(desk.session(secret).await.unwrap().is_some());
    }
}
