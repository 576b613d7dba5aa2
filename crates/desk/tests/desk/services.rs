//! Other systems: let in with a token, from their networks, while somebody answers for them; kept from what that person is kept from.

use access::{Act, Role, Section};
use cases::members::Part;
use cases::{Command, members};
use desk::{DeskError, NewMember, NewService, NotLetIn, TOKEN_PREFIX};

use crate::world::*;

fn clocks(world: &World) -> NewService {
    NewService {
        name: "Case management of the council".into(),
        purpose: "shows the next clock beside its own case".into(),
        owner: world.id("Nia"),
        agency: None,
        until: "2026-12-31".parse().ok(),
        networks: "192.0.2.0/24\n2001:db8::1".into(),
    }
}

fn refused_field(done: Result<impl std::fmt::Debug, DeskError>) -> String {
    match done {
        Err(DeskError::Field { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

const HOME: &str = "192.0.2.7";

async fn asks(world: &World, token: &str, from: &str) -> Result<desk::Actor, NotLetIn> {
    world.desk.service(token, from.parse().ok(), from).await
}

/// A system that reads a case, with Nia who answers for it, and its token.
async fn reading(world: &World, case: &str) -> (String, String) {
    let orla = world.who("Orla");
    let service = world
        .desk
        .give_service(&orla, clocks(world))
        .await
        .unwrap()
        .id;
    let member = NewMember {
        person: service.clone(),
        part: Part::Reads,
        why: "shows the clocks".into(),
        agency: None,
        until: None,
    };
    world.desk.add_member(&orla, case, member).await.unwrap();
    let token = world
        .desk
        .make_service_token(&world.who("Nia"), &service)
        .await
        .unwrap();
    (service, token)
}

#[tokio::test]
async fn another_system_reads_the_cases_it_is_added_to_and_does_nothing_else() {
    let world = World::new().await;
    let case = world.case().await;
    let (_, token) = reading(&world, &case.id).await;
    assert!(token.starts_with(TOKEN_PREFIX));
    let it = asks(&world, &token, HOME).await.unwrap();
    let desk = &world.desk;
    assert_eq!(desk.cases(&it, "").len(), 1);
    let act = Act::Read(Section::Course);
    let view = desk.view(&it, &case.id, act, "over the api").await.unwrap();
    for act in Act::IN_CASE {
        let may = desk.may(&it, &view, act);
        let section = matches!(act, Act::Read(section) if !section.is_apart());
        assert_eq!(may, act == Act::ReadCase || section, "{act:?}");
    }
    // It is seen who reads, as of any person.
    let readers = desk.readers(&world.who("Orla"), &case.id).await.unwrap();
    assert!(readers.iter().any(|r| r.person == it.person.id));
    // It has no way in as a person.
    assert!(desk.sign_in("", "", HOME).await.is_err());
    let decides = NewMember {
        person: it.person.id.clone(),
        part: Part::Decides,
        why: "tried".into(),
        agency: None,
        until: None,
    };
    let done = desk.add_member(&world.who("Orla"), &case.id, decides).await;
    assert_eq!(refused_field(done), "part");
}

#[tokio::test]
async fn a_token_ends_with_its_time_its_network_its_owner_and_its_account() {
    let world = World::new().await;
    let case = world.case().await;
    let (service, token) = reading(&world, &case.id).await;
    let desk = &world.desk;
    let (orla, nia) = (world.who("Orla"), world.who("Nia"));
    for (token, from) in [
        (token.as_str(), "198.51.100.1"),
        (&token[..token.len() - 1], HOME),
        (&token[TOKEN_PREFIX.len()..], HOME),
        ("", HOME),
    ] {
        let no = asks(&world, token, from).await;
        assert!(matches!(no, Err(NotLetIn::No)), "{from}");
    }
    assert!(asks(&world, &token, "2001:db8::1").await.is_ok());
    // A second token takes the place of the first, which goes on for a week; then one is ended by name.
    let second = desk.make_service_token(&nia, &service).await.unwrap();
    assert!(asks(&world, &token, HOME).await.is_ok());
    let called = |token: &str| token[TOKEN_PREFIX.len()..][..6].to_owned();
    let lines = desk.own_services(&nia).await.unwrap();
    let ends: Vec<bool> = lines[0]
        .tokens
        .iter()
        .map(|t| t.ends_at.is_some())
        .collect();
    assert_eq!(ends.iter().filter(|ends| **ends).count(), 1);
    let tam = world.who("Tam");
    let done = desk
        .end_service_token(&tam, &service, &called(&token))
        .await;
    assert!(matches!(done, Err(DeskError::Denied(_))), "{done:?}");
    desk.end_service_token(&orla, &service, &called(&token))
        .await
        .unwrap();
    assert!(asks(&world, &token, HOME).await.is_err());
    assert!(asks(&world, &second, HOME).await.is_ok());
    // Only whoever answers for it makes a token.
    let done = desk.make_service_token(&orla, &service).await;
    assert!(matches!(done, Err(DeskError::NotThere)), "{done:?}");
    // Someone else answers for it: what Nia made is over.
    let mut change = clocks(&world);
    change.owner = world.id("Orla");
    desk.change_service(&orla, &service, change).await.unwrap();
    assert!(asks(&world, &second, HOME).await.is_err());
    let third = desk.make_service_token(&orla, &service).await.unwrap();
    assert!(asks(&world, &third, HOME).await.is_ok());
    // Its last day passes.
    desk.clock().set(at("2027-01-01T09:00:00Z"));
    assert!(asks(&world, &third, HOME).await.is_err());
    let done = desk.make_service_token(&orla, &service).await;
    assert_eq!(refused_field(done), "token");
    desk.clock().set(at("2026-06-02T09:00:00Z"));
    assert!(asks(&world, &third, HOME).await.is_ok());
    // And it ends like a person's account.
    desk.person_left(&orla, &service, "switched off")
        .await
        .unwrap();
    assert!(asks(&world, &third, HOME).await.is_err());
    assert!(desk.services(&orla).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_system_is_kept_from_what_the_person_who_answers_for_it_is_kept_from() {
    let world = World::new().await;
    let case = world.case().await;
    let (_, token) = reading(&world, &case.id).await;
    let it = asks(&world, &token, HOME).await.unwrap();
    let bar = members::Event::PersonBarred {
        person: world.id("Nia"),
        name: "Nia Coombe".into(),
        why: "knows the family".into(),
    };
    let desk = &world.desk;
    desk.act(
        &world.who("Orla"),
        &case.id,
        None,
        true,
        vec![Command::Members(bar)],
    )
    .await
    .unwrap();
    let done = desk
        .view(&it, &case.id, Act::ReadCase, "over the api")
        .await;
    assert!(matches!(done, Err(DeskError::NotThere)));
    assert!(desk.cases(&it, "").is_empty());
}

#[tokio::test]
async fn what_a_system_is_given_is_checked_and_only_the_manager_gives_it() {
    let world = World::new().await;
    let desk = &world.desk;
    let orla = world.who("Orla");
    for who in ["Sol", "Ivo", "Tam"] {
        let done = desk.give_service(&world.who(who), clocks(&world)).await;
        assert!(matches!(done, Err(DeskError::Denied(_))), "{who}: {done:?}");
    }
    let wrong = |change: &dyn Fn(&mut NewService)| {
        let mut new = clocks(&world);
        change(&mut new);
        new
    };
    for (field, new) in [
        ("name", wrong(&|new| new.name = " ".into())),
        ("purpose", wrong(&|new| new.purpose = String::new())),
        // The administrator sees no case, and so holds no key to one.
        ("owner", wrong(&|new| new.owner = world.id("Sol"))),
        ("owner", wrong(&|new| new.owner = "nobody".into())),
        ("agency", wrong(&|new| new.agency = Some("none".into()))),
        ("until", wrong(&|new| new.until = None)),
        ("until", wrong(&|new| new.until = "2026-05-31".parse().ok())),
        ("until", wrong(&|new| new.until = "2027-06-30".parse().ok())),
        ("networks", wrong(&|new| new.networks = "the office".into())),
    ] {
        assert_eq!(refused_field(desk.give_service(&orla, new).await), field);
    }
    // A role that people are invited with it is not.
    assert!(!desk.roles().contains(&Role::ServiceAccount));
}

#[tokio::test]
async fn a_wrong_token_tried_again_and_again_waits_and_holds_up_no_other_system() {
    let world = World::new().await;
    let case = world.case().await;
    let (_, token) = reading(&world, &case.id).await;
    let wrong = format!("{TOKEN_PREFIX}an-old-one");
    for _ in 0..10 {
        assert!(matches!(
            asks(&world, &wrong, HOME).await,
            Err(NotLetIn::No)
        ));
    }
    let held = asks(&world, &wrong, HOME).await;
    assert!(
        matches!(held, Err(NotLetIn::TooManyAttempts(_))),
        "{held:?}"
    );
    assert!(asks(&world, &token, HOME).await.is_ok());
    // More than a machine in order would ask.
    let mut let_in = 1;
    for _ in 0..1300 {
        match asks(&world, &token, HOME).await {
            Ok(_) => let_in += 1,
            Err(NotLetIn::TooOften) => return assert!(let_in <= 1200, "{let_in}"),
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("nobody counted");
}
