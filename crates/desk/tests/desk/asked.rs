//! Agencies that are asked: their people see what their own agency is asked and nothing else, answer, sign, are reminded once.

use access::office::Agency as Listed;
use access::{Act, Role, Section};
use cases::agencies::asked::{Answer, Question, Request, State, Step};
use cases::agencies::{Agency, Command as Agencies};
use cases::members::Part;
use cases::{Case, Command, Refusal};
use desk::{DeskError, MailServer, NewMember, NewPerson, Protection};

use crate::witnesses::smtp::Smtp;
use crate::world::*;

fn step(step: Step) -> Command {
    Command::Agencies(Agencies::Request(step))
}

fn ask(agency: &str, due: &str) -> Command {
    step(Step::Asked(Request {
        agency: agency.into(),
        due: Some(due.parse().unwrap()),
        people: vec!["girl".into()],
        questions: vec![Question {
            id: "agency-involvement".into(),
            words: "What was your part?".into(),
        }],
        ..Request::default()
    }))
}

fn answer(request: &str, words: &str) -> Command {
    step(Step::Answered(Answer {
        request: request.into(),
        answers: [("agency-involvement".to_owned(), words.to_owned())].into(),
        ..Answer::default()
    }))
}

/// A case in which two agencies are recorded; Uma writes and Vera leads for the first, Wim for the second.
async fn world() -> (World, std::sync::Arc<Case>) {
    let world = World::new().await;
    let (desk, orla) = (&world.desk, world.who("Orla"));
    let case = world.case().await;
    for (id, name) in [("health", "Merrow Health"), ("school", "Larch Row School")] {
        let listed = Listed {
            id: String::new(),
            name: name.into(),
            kind: String::new(),
            mailbox: format!("{id}@example.org"),
            until: None,
        };
        let listed = desk.record_agency(&orla, listed).await.unwrap();
        let recorded = Command::Agencies(Agencies::RecordAgency(Agency {
            id: id.into(),
            of: listed.id.clone(),
            name: name.into(),
            ..Agency::default()
        }));
        act(&world, "Orla", &case, recorded).await.unwrap();
        let people: &[(&str, Role)] = match id {
            "health" => &[
                ("Uma Rendle", Role::AgencyAuthor),
                ("Vera Stoke", Role::AgencyLead),
            ],
            _ => &[("Wim Tarrant", Role::AgencyAuthor)],
        };
        for (name, role) in people {
            let new = NewPerson {
                name: (*name).into(),
                email: format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
                role: *role,
                seat: None,
                agency: Some(listed.id.clone()),
                password: "a long password for a test".into(),
            };
            let person = desk.add_person(&orla, new).await.unwrap();
            let member = NewMember {
                agency: Some(id.into()),
                ..NewMember::new(&person.id, Part::Contributes, "answers")
            };
            desk.add_member(&orla, &case.id, member).await.unwrap();
        }
    }
    (world, case)
}

async fn act(
    world: &World,
    who: &str,
    case: &Case,
    command: Command,
) -> Result<std::sync::Arc<Case>, DeskError> {
    let who = world.who(who);
    let done = world.desk.act(&who, &case.id, None, true, vec![command]);
    done.await.map(|acted| acted.case)
}

async fn request(world: &World, case: &Case) -> String {
    let view = (world.desk)
        .view(&world.who("Orla"), &case.id, Act::ReadCase, "a test")
        .await
        .unwrap();
    let newest = view.case.agencies.requests.last();
    newest.map(|r| r.request.id.clone()).unwrap()
}

#[tokio::test]
async fn the_people_of_an_agency_see_what_it_is_asked_and_no_section_of_the_case() {
    let (world, case) = world().await;
    act(&world, "Orla", &case, ask("health", "2026-06-08"))
        .await
        .unwrap();
    let desk = &world.desk;
    for name in ["Uma", "Vera", "Wim"] {
        let who = world.who(name);
        let view = desk
            .view(&who, &case.id, Act::ReadCase, "what is asked")
            .await
            .unwrap();
        for section in Section::ALL {
            assert!(!desk.may(&who, &view, Act::Read(section)), "{section:?}");
            let read = desk.view(&who, &case.id, Act::Read(section), "x").await;
            assert!(matches!(read, Err(DeskError::Denied(_))), "{section:?}");
        }
        assert!(desk.story(&who, &case.id).await.is_err());
        assert!(desk.latest_of(&who, &view, 20).is_empty());
        // The list names the case by its reference alone, and finds it by nothing else.
        let list = desk.cases(&who, "");
        assert_eq!(list[0].reference, case.reference());
        assert!(!format!("{list:?}").contains("Child A"), "{list:?}");
        assert!(desk.cases(&who, "child").is_empty());
        assert_eq!(desk.cases(&who, case.reference()).len(), 1);
    }
    let needs = desk.needs(&world.who("Uma"));
    assert_eq!(needs.len(), 1, "{needs:?}");
    assert_eq!(needs[0].due, "2026-06-08".parse().ok());
    assert!(desk.needs(&world.who("Wim")).is_empty());
}

#[tokio::test]
async fn an_agency_answers_for_itself_alone_and_its_lead_signs() {
    let (world, case) = world().await;
    act(&world, "Orla", &case, ask("health", "2026-06-08"))
        .await
        .unwrap();
    let id = request(&world, &case).await;
    let other = act(&world, "Wim", &case, answer(&id, "not ours")).await;
    assert!(
        matches!(other, Err(DeskError::Refused(Refusal::DoesNotFit(_)))),
        "{other:?}"
    );
    let sign = || {
        step(Step::Signed {
            request: id.clone(),
            told_by: String::new(),
            on: None,
        })
    };
    assert!(act(&world, "Vera", &case, sign()).await.is_err());
    let case = act(&world, "Uma", &case, answer(&id, "One visit"))
        .await
        .unwrap();
    let today = world.desk.today();
    let state = |case: &Case| case.agencies.request(&id).unwrap().state(today);
    assert_eq!(state(&case), State::Unsigned);
    assert!(act(&world, "Uma", &case, sign()).await.is_err());
    assert!(act(&world, "Wim", &case, sign()).await.is_err());
    let case = act(&world, "Vera", &case, sign()).await.unwrap();
    assert_eq!(state(&case), State::Complete);
    // A new answer is to be signed anew; one that is sent back is asked for again.
    let case = act(&world, "Uma", &case, answer(&id, "Two visits"))
        .await
        .unwrap();
    assert_eq!(state(&case), State::Unsigned);
    let back = step(Step::SentBack {
        request: id.clone(),
        note: "On which days?".into(),
    });
    assert!(act(&world, "Uma", &case, back.clone()).await.is_err());
    let case = act(&world, "Orla", &case, back).await.unwrap();
    assert_eq!(state(&case), State::SentBack);
    assert!(act(&world, "Vera", &case, sign()).await.is_err());
    let again = act(&world, "Orla", &case, ask("health", "2026-06-09")).await;
    assert!(again.is_err(), "one open request to an agency at a time");
}

#[tokio::test]
async fn nothing_held_is_an_answer_and_a_late_one_stays_late() {
    let (world, case) = world().await;
    act(&world, "Orla", &case, ask("school", "2026-06-02"))
        .await
        .unwrap();
    let id = request(&world, &case).await;
    world.desk.clock().set(at("2026-06-05T09:00:00Z"));
    let nil = step(Step::Answered(Answer {
        request: id.clone(),
        nothing_held: true,
        ..Answer::default()
    }));
    let case = act(&world, "Wim", &case, nil).await.unwrap();
    let found = case.agencies.request(&id).unwrap();
    assert_eq!(found.state(world.desk.today()), State::Complete);
    assert!(found.late());
    let both = step(Step::Answered(Answer {
        request: id,
        nothing_held: true,
        answers: [("agency-involvement".to_owned(), "something".to_owned())].into(),
        ..Answer::default()
    }));
    assert!(act(&world, "Wim", &case, both).await.is_err());
}

#[tokio::test]
async fn people_are_added_in_the_parts_their_role_carries_and_for_their_own_agency() {
    let (world, case) = world().await;
    let (desk, orla) = (&world.desk, world.who("Orla"));
    for part in Part::ALL {
        if part != Part::Contributes {
            let new = NewMember::new(&world.id("Uma"), part, "x");
            let refused = desk.add_member(&orla, &case.id, new).await;
            assert!(
                matches!(&refused, Err(DeskError::Field { field, .. }) if field == "part"),
                "{part:?}: {refused:?}"
            );
        }
    }
    let elsewhere = NewMember {
        agency: Some("school".into()),
        ..NewMember::new(&world.id("Uma"), Part::Contributes, "x")
    };
    let refused = desk.add_member(&orla, &case.id, elsewhere).await;
    assert!(matches!(&refused, Err(DeskError::Field { field, .. }) if field == "agency"));
}

#[tokio::test]
async fn whoever_inspects_sees_nothing_more_after_the_last_day() {
    let (world, case) = world().await;
    let (desk, orla) = (&world.desk, world.who("Orla"));
    let new = NewPerson {
        name: "Yan Thatcher".into(),
        email: "yan.thatcher@example.org".into(),
        role: Role::Auditor,
        seat: None,
        agency: None,
        password: "a long password for a test".into(),
    };
    let yan = desk.add_person(&orla, new).await.unwrap().id;
    let unlimited = NewMember::new(&yan, Part::Inspects, "inspection");
    assert!(desk.add_member(&orla, &case.id, unlimited).await.is_err());
    let limited = NewMember {
        until: "2026-06-03".parse().ok(),
        ..NewMember::new(&yan, Part::Inspects, "inspection")
    };
    desk.add_member(&orla, &case.id, limited).await.unwrap();
    world.desk.clock().set(at("2026-06-03T22:30:00Z"));
    let who = world.who("Yan");
    assert!(desk.story(&who, &case.id).await.is_ok());
    assert!(
        act(&world, "Yan", &case, found("improvements", "x"))
            .await
            .is_err()
    );
    // Midnight in England is an hour earlier in summer.
    world.desk.clock().set(at("2026-06-03T23:00:00Z"));
    assert!(not_there(desk.story(&who, &case.id).await));
    assert!(desk.cases(&who, "").is_empty());
}

#[tokio::test]
async fn an_agency_is_told_once_by_reference_and_no_longer_once_it_has_answered() {
    let (world, case) = world().await;
    let desk = &world.desk;
    let smtp = Smtp::new();
    let server = MailServer::new(
        "127.0.0.1",
        Some(smtp.port),
        Protection::None,
        None,
        "Candour <candour@merrowshire.example>",
    );
    desk.send_mail_through(server.unwrap());
    let pass = || async {
        for _ in 0..3 {
            desk.queue_newest().await.unwrap();
            desk.send_waiting_mail().await.unwrap();
        }
    };
    act(&world, "Orla", &case, ask("health", "2026-06-08"))
        .await
        .unwrap();
    pass().await;
    let to = |mails: &[crate::witnesses::smtp::Mail]| {
        let mut list: Vec<String> = mails.iter().flat_map(|m| m.to.clone()).collect();
        list.sort();
        list
    };
    let mails = smtp.mails();
    assert_eq!(
        to(&mails),
        ["uma.rendle@example.org", "vera.stoke@example.org"]
    );
    for mail in &mails {
        assert_eq!(
            mail.header("Subject"),
            format!("{}: your agency is asked for information", case.reference())
        );
        for said in [
            "Child A",
            "Wren",
            "Hollins",
            "What was your part",
            "Merrow Health",
        ] {
            assert!(!mail.text.contains(said), "the mail says {said}");
        }
    }
    // Two working days before: a reminder, once; after the day: one more; once answered, the lead is told and nobody is reminded.
    world.desk.clock().set(at("2026-06-04T09:00:00Z"));
    pass().await;
    assert_eq!(smtp.mails().len(), 4);
    world.desk.clock().set(at("2026-06-09T09:00:00Z"));
    pass().await;
    assert_eq!(smtp.mails().len(), 6);
    let id = request(&world, &case).await;
    act(&world, "Uma", &case, answer(&id, "One visit"))
        .await
        .unwrap();
    pass().await;
    let mails = smtp.mails();
    assert_eq!(mails.len(), 7);
    assert_eq!(mails[6].to, ["vera.stoke@example.org"]);
    world.desk.clock().set(at("2026-06-20T09:00:00Z"));
    pass().await;
    assert_eq!(smtp.mails().len(), 7);
}

#[tokio::test]
async fn an_agency_without_anyone_in_the_case_is_written_to_at_its_mailbox() {
    let (world, case) = world().await;
    let desk = &world.desk;
    let gone = cases::members::Event::MemberRemoved {
        person: world.id("Wim"),
        why: "moved".into(),
    };
    act(&world, "Orla", &case, Command::Members(gone))
        .await
        .unwrap();
    let smtp = Smtp::new();
    let server = MailServer::new(
        "127.0.0.1",
        Some(smtp.port),
        Protection::None,
        None,
        "Candour <candour@merrowshire.example>",
    );
    desk.send_mail_through(server.unwrap());
    act(&world, "Orla", &case, ask("school", "2026-06-08"))
        .await
        .unwrap();
    desk.queue_newest().await.unwrap();
    desk.send_waiting_mail().await.unwrap();
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["school@example.org"]);
    assert!(!mails[0].text.contains("/cases/"));
}

#[tokio::test]
async fn an_agencys_lead_ends_the_access_of_its_own_people_and_of_nobody_else() {
    let (world, case) = world().await;
    let desk = &world.desk;
    let vera = world.who("Vera");
    let names: Vec<String> = (desk.own_agency(&vera).unwrap().into_iter())
        .map(|p| p.name)
        .collect();
    assert_eq!(names, ["Uma Rendle", "Vera Stoke"]);
    for (by, whom, ends) in [
        ("Uma", "Vera", false),
        ("Vera", "Wim", false),
        ("Vera", "Orla", false),
        ("Vera", "Vera", false),
        ("Vera", "Uma", true),
    ] {
        let id = world.id(whom);
        let ended = desk.person_left(&world.who(by), &id, "left").await;
        assert_eq!(ended.is_ok(), ends, "{by} ends {whom}: {ended:?}");
        assert_eq!(desk.office().people[&id].left, ends, "{by} ends {whom}");
    }
    assert!(desk.own_agency(&world.who("Orla")).is_err());
    let uma = desk.actor(&desk.office().people[&world.id("Uma")]);
    let gone = desk.view(&uma, &case.id, Act::ReadCase, "x").await;
    assert!(not_there(gone));
}

#[tokio::test]
async fn someone_of_two_agencies_answers_for_each_apart_and_loses_what_ends() {
    let (world, case) = world().await;
    let desk = &world.desk;
    let orla = world.who("Orla");
    for id in ["health", "school"] {
        act(&world, "Orla", &case, ask(id, "2026-06-08"))
            .await
            .unwrap();
    }
    let (uma, listed) = (world.id("Uma"), |name: &str| {
        let office = desk.office();
        let found = office.agencies.values().find(|a| a.name.contains(name));
        found.unwrap().id.clone()
    });
    let school = listed("School");
    let both = || NewMember {
        agency: Some("school".into()),
        ..NewMember::new(&uma, Part::Contributes, "answers for both")
    };
    // She cannot be added for an agency she does not answer for, and her role has to carry it.
    let early = desk.add_member(&orla, &case.id, both()).await;
    assert!(early.is_err());
    assert!(desk.give_agency(&orla, &uma, "none").await.is_err());
    assert!(
        desk.give_agency(&orla, &orla.person.id, &school)
            .await
            .is_err()
    );
    assert!(
        desk.give_agency(&world.who("Vera"), &uma, &school)
            .await
            .is_err()
    );
    desk.give_agency(&orla, &uma, &school).await.unwrap();
    assert!(desk.give_agency(&orla, &uma, &school).await.is_err());
    // Of the school she is asked nothing until she is added for it.
    assert_eq!(desk.needs(&world.who("Uma")).len(), 1);
    desk.add_member(&orla, &case.id, both()).await.unwrap();
    assert!(desk.add_member(&orla, &case.id, both()).await.is_err());
    assert_eq!(desk.needs(&world.who("Uma")).len(), 2);
    let view = desk
        .view(&world.who("Uma"), &case.id, Act::ReadCase, "x")
        .await
        .unwrap();
    for request in &view.case.agencies.requests {
        act(
            &world,
            "Uma",
            &case,
            answer(&request.request.id, "One visit"),
        )
        .await
        .unwrap();
    }
    // The lead of health sees her among its people, and ends what is hers to end.
    let vera = world.who("Vera");
    desk.person_left(&vera, &uma, "now at the school alone")
        .await
        .unwrap();
    let office = desk.office();
    assert!(!office.people[&uma].left);
    assert_eq!(
        office.people[&uma].agencies().collect::<Vec<_>>(),
        [&school]
    );
    let left = desk.own_agency(&vera).unwrap();
    assert!(left.iter().all(|person| person.id != uma));
    // What health is asked is not there for her any more; the school's is.
    for request in &view.case.agencies.requests {
        let of_school = request.request.agency == "school";
        let again = act(
            &world,
            "Uma",
            &case,
            answer(&request.request.id, "Two visits"),
        )
        .await;
        match (again, of_school) {
            (Ok(_), true) | (Err(DeskError::NotThere), false) => {}
            (other, _) => panic!("{:?}: {other:?}", request.request.agency),
        }
    }
    let end = desk.take_agency(&orla, &uma, &school, "x").await;
    assert!(end.is_err(), "the last one ends with the account");
    // Somebody who is in the case for one agency alone, and no longer answers for it, does not see it.
    let wim = world.id("Wim");
    desk.give_agency(&orla, &wim, &listed("Health"))
        .await
        .unwrap();
    desk.take_agency(&orla, &wim, &school, "moved")
        .await
        .unwrap();
    assert!(not_there(
        desk.view(&world.who("Wim"), &case.id, Act::ReadCase, "x")
            .await
    ));
    assert!(desk.cases(&world.who("Wim"), "").is_empty());
    // In the case it can end for one of several by itself.
    let taken = |agency: &str| {
        Command::Members(cases::members::Event::AgencyTaken {
            person: uma.clone(),
            agency: agency.into(),
            why: "moved".into(),
        })
    };
    act(&world, "Orla", &case, taken("health")).await.unwrap();
    assert!(act(&world, "Orla", &case, taken("school")).await.is_err());
}
