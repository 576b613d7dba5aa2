//! Opening, acting, two people at once, a form sent twice, reading, and the story.

use cases::Command;
use cases::closing::{Event as Whole, Mark};
use desk::{Clock, Desk, DeskError};

use crate::world::*;

#[tokio::test]
async fn a_case_is_opened_acted_on_and_there_again_after_a_restart() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    assert_eq!(case.reference(), "MER-2026-001");
    assert_eq!(world.desk.next_reference(), "MER-2026-002");
    let acted = world
        .desk
        .act(
            &orla,
            &case.id,
            Some(case.version()),
            false,
            vec![found("improvements", "Two services missed it.")],
        )
        .await
        .unwrap();
    assert_eq!(acted.entries.len(), 1);
    assert_eq!(acted.entries[0].by.name, "Orla Penhallow");
    world.desk.close().await;
    let again = Desk::open(
        &world.dir.path().join("data"),
        Clock::standing_at(at("2026-06-01T10:00:00Z")),
    )
    .await
    .unwrap();
    let view = again
        .view(&orla, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap();
    assert_eq!(*view.case, *acted.case);
    assert_eq!(again.cases(&orla, "").len(), 1);
    again.verify().await.unwrap();
}

#[tokio::test]
async fn when_two_people_write_the_same_text_the_second_gets_the_others_text_and_nothing_is_overwritten_unseen()
 {
    let world = World::new().await;
    let (orla, ivo) = (world.who("Orla"), world.who("Ivo"));
    let case = world.case().await;
    let seen = Some(case.version());
    world
        .desk
        .act(
            &orla,
            &case.id,
            seen,
            false,
            vec![found("improvements", "What Orla wrote.")],
        )
        .await
        .unwrap();
    world
        .desk
        .act(
            &ivo,
            &case.id,
            seen,
            false,
            vec![found("recurrent-themes", "Another page.")],
        )
        .await
        .unwrap();
    match world
        .desk
        .act(
            &ivo,
            &case.id,
            seen,
            false,
            vec![found("improvements", "What Ivo wrote.")],
        )
        .await
    {
        Err(DeskError::Stale(others)) => {
            assert_eq!(others.len(), 1, "only the same text clashes");
            assert!(
                serde_json::to_string(&*others[0])
                    .unwrap()
                    .contains("What Orla wrote.")
            );
        }
        other => panic!("the form was stale, and the answer was {other:?}"),
    }
    let after = world
        .desk
        .view(&orla, &case.id, access::Act::ReadCase, "the case")
        .await
        .unwrap()
        .case;
    assert_eq!(
        after
            .consideration
            .of("improvements")
            .unwrap()
            .finding
            .reasons,
        "What Orla wrote."
    );
    let acted = world
        .desk
        .act(
            &ivo,
            &case.id,
            seen,
            true,
            vec![found("improvements", "What both agreed.")],
        )
        .await
        .unwrap();
    assert_eq!(
        acted
            .case
            .consideration
            .of("improvements")
            .unwrap()
            .finding
            .reasons,
        "What both agreed."
    );
    assert!(
        serde_json::to_string(
            &acted
                .case
                .story
                .iter()
                .map(|r| (**r).clone())
                .collect::<Vec<_>>()
        )
        .unwrap()
        .contains("What Orla wrote.")
    );
}

#[tokio::test]
async fn many_at_once_lose_nothing() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    let mut tasks = Vec::new();
    for at in 0..20 {
        let (desk, orla, id) = (world.desk.clone(), orla.clone(), case.id.clone());
        let agency = cases::agencies::Agency {
            name: format!("Agency {at}"),
            ..Default::default()
        };
        tasks.push(tokio::spawn(async move {
            desk.act(
                &orla,
                &id,
                None,
                false,
                vec![Command::Agencies(cases::agencies::Command::RecordAgency(
                    agency,
                ))],
            )
            .await
            .map(|_| ())
        }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(
        world
            .desk
            .view(&orla, &case.id, access::Act::ReadCase, "the case")
            .await
            .unwrap()
            .case
            .agencies
            .list
            .len(),
        20
    );
}

#[tokio::test]
async fn nothing_is_written_when_one_of_several_things_is_refused() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    let result = world
        .desk
        .act(
            &orla,
            &case.id,
            None,
            false,
            vec![
                found("improvements", "Right."),
                found("recurrent-themes", " "),
            ],
        )
        .await;
    assert!(matches!(result, Err(DeskError::Refused(_))));
    assert_eq!(
        world
            .desk
            .view(&orla, &case.id, access::Act::ReadCase, "the case")
            .await
            .unwrap()
            .case
            .version(),
        case.version()
    );
}

#[tokio::test]
async fn a_form_sent_twice_is_done_once_and_one_that_was_refused_may_be_sent_again() {
    let world = World::new().await;
    let (orla, case) = (world.who("Orla"), world.case().await);
    let token = world.desk.token().unwrap();
    world.desk.claim(&token).await.unwrap();
    assert!(
        matches!(world.desk.claim(&token).await, Err(DeskError::AlreadySent(path)) if path.is_empty())
    );
    let form = desk::SentForm {
        pasted: &[],
        token: &token,
        leads: &|acted| format!("/cases/{}/{}", acted.case.id, acted.entries.len()),
    };
    let commands = vec![found("improvements", "Right.")];
    world
        .desk
        .carry_out(&orla, &case.id, None, false, commands, Some(form))
        .await
        .unwrap();
    let led = format!("/cases/{}/1", case.id);
    assert!(
        matches!(world.desk.claim(&token).await, Err(DeskError::AlreadySent(path)) if path == led)
    );
    // A form that was carried out is not given back, whatever is believed of it.
    world.desk.let_go(&token).await;
    assert!(
        matches!(world.desk.claim(&token).await, Err(DeskError::AlreadySent(path)) if path == led)
    );
    let other = world.desk.token().unwrap();
    assert_ne!(token, other);
    world.desk.claim(&other).await.unwrap();
    world.desk.release(&other).await.unwrap();
    world.desk.claim(&other).await.unwrap();
}

#[tokio::test]
async fn a_read_is_written_once_in_ten_minutes_for_each_person_case_and_part() {
    let world = World::new().await;
    let (orla, ivo) = (world.who("Orla"), world.who("Ivo"));
    let case = world.case().await;
    let looks = async |part: &str| {
        let readers = world.desk.readers(&orla, &case.id).await.unwrap();
        readers.into_iter().filter(|r| r.part == part).count()
    };
    for time in [
        "2026-06-01T09:00:00Z",
        "2026-06-01T09:05:00Z",
        "2026-06-01T09:09:59Z",
    ] {
        world.desk.clock().set(at(time));
        world
            .desk
            .view(&orla, &case.id, access::Act::ReadCase, "the family")
            .await
            .unwrap();
    }
    assert_eq!(looks("the family").await, 1);
    world.desk.clock().set(at("2026-06-01T09:10:00Z"));
    world
        .desk
        .view(&orla, &case.id, access::Act::ReadCase, "the family")
        .await
        .unwrap();
    assert_eq!(looks("the family").await, 2);
    world
        .desk
        .view(&ivo, &case.id, access::Act::ReadCase, "the family")
        .await
        .unwrap();
    world
        .desk
        .view(&ivo, &case.id, access::Act::ReadCase, "the decision")
        .await
        .unwrap();
    let mut named = ivo.clone();
    named.names = true;
    world
        .desk
        .view(&named, &case.id, access::Act::ReadCase, "the family")
        .await
        .unwrap();
    assert_eq!(
        (looks("the family").await, looks("the decision").await),
        (4, 1),
        "with names is another look"
    );
}

#[tokio::test]
async fn a_look_that_was_refused_is_not_a_read_and_only_whoever_runs_the_case_sees_who_read() {
    let world = World::new().await;
    let case = world.case().await;
    assert!(not_there(
        world
            .desk
            .view(
                &world.who("Tam"),
                &case.id,
                access::Act::ReadCase,
                "the case"
            )
            .await
    ));
    assert!(matches!(
        world.desk.readers(&world.who("Ivo"), &case.id).await,
        Err(DeskError::Denied(_))
    ));
    let tam = world.id("Tam");
    assert!(
        world
            .desk
            .readers(&world.who("Orla"), &case.id)
            .await
            .unwrap()
            .iter()
            .all(|r| r.person != tam)
    );
}

#[tokio::test]
async fn a_past_day_shows_what_was_recorded_by_then_and_a_day_before_the_opening_is_refused() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    world.desk.clock().set(at("2026-06-10T09:00:00Z"));
    world
        .desk
        .act(
            &orla,
            &case.id,
            None,
            false,
            vec![found("improvements", "Later.")],
        )
        .await
        .unwrap();
    let past = world
        .desk
        .view_past(&orla, &case.id, "2026-06-09".parse().unwrap())
        .await
        .unwrap();
    assert!(past.case.consideration.of("improvements").is_none());
    let past = world
        .desk
        .view_past(&orla, &case.id, "2026-06-10".parse().unwrap())
        .await
        .unwrap();
    assert!(past.case.consideration.of("improvements").is_some());
    assert!(
        matches!(world.desk.view_past(&orla, &case.id, "2026-05-31".parse().unwrap()).await, Err(DeskError::Field { field, .. }) if field == "day")
    );
    assert!(not_there(
        world
            .desk
            .view_past(&world.who("Tam"), &case.id, "2026-06-10".parse().unwrap())
            .await
    ));
}

#[tokio::test]
async fn a_hidden_entry_is_seen_by_named_people_and_by_no_one_else_not_even_in_an_export() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    let acted = world
        .desk
        .act(
            &orla,
            &case.id,
            None,
            false,
            vec![found("improvements", "The address is 4 Larch Row.")],
        )
        .await
        .unwrap();
    let mark = Mark {
        entry: acted.case.version(),
        why: "wrong case".into(),
        correction: None,
        hidden: true,
        visible_to: vec![world.id("Ivo")],
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
    let shown = async |who: &str| {
        format!(
            "{:?}",
            world
                .desk
                .story(&world.who(who), &case.id)
                .await
                .unwrap()
                .lines
        )
    };
    assert!(shown("Ivo").await.contains("Larch Row"));
    assert!(!shown("Orla").await.contains("Larch Row"));
    let file = world.desk.export(&orla, &case.id).await.unwrap();
    assert!(!serde_json::to_string(&file).unwrap().contains("Larch Row"));
}

#[tokio::test]
async fn the_lists_are_the_same_after_a_start_from_what_was_kept_and_from_the_record_alone() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    let before = (
        world.desk.cases(&orla, ""),
        world.desk.needs(&orla),
        world.desk.find_reference(case.reference()),
    );
    assert_eq!(before.0.len(), 1);
    world.desk.close().await;
    let folder = world.dir.path().join("data");
    let clock = || Clock::standing_at(at("2026-06-01T09:00:00Z"));
    // From what was kept when it was closed.
    let again = Desk::open(&folder, clock()).await.unwrap();
    let seen = (
        again.cases(&orla, ""),
        again.needs(&orla),
        again.find_reference(case.reference()),
    );
    assert_eq!(seen, before);
    // What was kept is behind by one entry: the case itself is read.
    let mark = cases::closing::Event::LateExplained {
        clock: "notify-panel".into(),
        why: "The form was with the duty desk over the weekend.".into(),
    };
    again
        .act(&orla, &case.id, None, true, vec![Command::Closing(mark)])
        .await
        .unwrap();
    let now = (again.cases(&orla, ""), again.needs(&orla));
    again.close().await;
    let store = store::Store::open(&folder).await.unwrap();
    let kept = store.summaries().await.unwrap();
    let behind: Vec<store::KeptSummary> = kept
        .iter()
        .map(|k| store::KeptSummary {
            entries: k.entries - 1,
            content: b"not what the register looks like".to_vec(),
            ..k.clone()
        })
        .collect();
    assert_eq!(behind.len(), 1);
    store.put_summaries(&behind).await.unwrap();
    store.close().await;
    let third = Desk::open(&folder, clock()).await.unwrap();
    assert_eq!((third.cases(&orla, ""), third.needs(&orla)), now);
    third.close().await;
    // On a later day the list is worked out anew.
    let later = Desk::open(&folder, Clock::standing_at(at("2026-07-20T09:00:00Z")))
        .await
        .unwrap();
    later.refresh_register().await.unwrap();
    assert_ne!(
        (later.cases(&orla, ""), later.needs(&orla)),
        now,
        "seven weeks later something else stands in the list"
    );
}
