//! The incident: what is not known stays so, only what has happened may not lie ahead, and where it happened decides who notifies.

use cases::incident::{
    Awareness, Command, Facts, FirstContact, LeadAgreed, OtherArea, Whereabouts,
};
use cases::notification as n;
use cases::{Command as Asked, Event};

use crate::world::*;

fn facts(place: Option<Whereabouts>) -> Facts {
    Facts {
        whereabouts: place,
        place_authority: "Eastmere Council".into(),
        normal_residence: "Tilbrook Council".into(),
        ..Facts::default()
    }
}

fn aware(on: Option<&str>, why: &str) -> Asked {
    Asked::Incident(Command::RecordAwareness(Awareness {
        who: "the emergency duty team".into(),
        on: on.map(day),
        time: "9:32am".into(),
        how: "a call from the hospital".into(),
        why_corrected: why.into(),
    }))
}

#[test]
fn nothing_is_mandatory_when_a_case_is_opened_and_what_is_not_known_is_listed() {
    let mut world = World::opened();
    world.must(Asked::Incident(Command::RecordFacts(Facts::default())));
    world.must(aware(None, ""));
    assert_eq!(
        cases::stages::not_yet_known(&world.case),
        [
            "when the authority became aware",
            "when it happened",
            "where it happened",
            "what happened"
        ]
    );
}

#[test]
fn only_things_said_to_have_happened_may_not_lie_in_the_future() {
    let mut world = World::opened();
    let ahead = "2021-09-07";
    assert_eq!(world.wrong_fields(aware(Some(ahead), "")), ["aware-on"]);
    let happened = Facts {
        happened_on: Some(day(ahead)),
        ..Facts::default()
    };
    assert_eq!(
        world.wrong_fields(Asked::Incident(Command::RecordFacts(happened))),
        ["happened-on"]
    );
    let contact = FirstContact {
        on: day(ahead),
        from: "a neighbour".into(),
        how: String::new(),
    };
    assert_eq!(
        world.wrong_fields(Asked::Incident(Command::RecordContact(contact))),
        ["contact-on"]
    );
    let sent = n::Sent {
        kind: "serious-incident".into(),
        on: day(ahead),
        time: String::new(),
        by_whom: String::new(),
        reference: String::new(),
    };
    assert_eq!(
        world.wrong_fields(Asked::Notification(n::Command::RecordSent(sent))),
        ["sent-on"]
    );
    let published = cases::publication::Event::Published {
        on: day(ahead),
        place: "the website".into(),
    };
    assert_eq!(
        world.wrong_fields(Asked::Publication(published)),
        ["published-on"]
    );
    let meeting = |planned| cases::rapid_review::Meeting {
        on: day(ahead),
        planned,
        present: "all three partners".into(),
        apologies: String::new(),
        safety: String::new(),
        notes: String::new(),
        instead_of: None,
    };
    assert_eq!(
        world.wrong_fields(Asked::RapidReview(
            cases::rapid_review::Command::RecordMeeting(meeting(false))
        )),
        ["meeting-on"]
    );

    world.must(Asked::RapidReview(
        cases::rapid_review::Command::RecordMeeting(meeting(true)),
    ));
    world.must(Asked::Publication(
        cases::publication::Event::PublicationPlanned {
            on: day("2022-03-01"),
        },
    ));
    let process = cases::parallel::Process {
        kind: "inquest".into(),
        next: Some(day("2022-01-10")),
        ..Default::default()
    };
    world.must(Asked::Parallel(cases::parallel::Command::RecordProcess(
        process,
    )));
}

#[test]
fn where_the_child_died_or_was_harmed_decides_which_authority_notifies_and_that_area_leads_by_default()
 {
    let mut world = World::opened();
    assert_eq!(
        world
            .case
            .incident
            .notifying_authority(&world.rules, "Merrowshire"),
        None
    );
    for (place, authority) in [
        (Whereabouts::InArea, "Merrowshire"),
        (Whereabouts::ElsewhereInEngland, "Eastmere Council"),
        (Whereabouts::OutsideEngland, "Tilbrook Council"),
    ] {
        world.must(Asked::Incident(Command::RecordFacts(facts(Some(place)))));
        assert_eq!(
            world
                .case
                .incident
                .notifying_authority(&world.rules, "Merrowshire")
                .as_deref(),
            Some(authority)
        );
        assert_eq!(
            world
                .case
                .incident
                .leading_area(&world.rules, "Merrowshire")
                .as_deref(),
            Some(authority)
        );
    }
    let unknown = Facts {
        place_authority: " ".into(),
        ..facts(Some(Whereabouts::ElsewhereInEngland))
    };
    world.must(Asked::Incident(Command::RecordFacts(unknown)));
    assert_eq!(
        world
            .case
            .incident
            .notifying_authority(&world.rules, "Merrowshire"),
        None,
        "it is not guessed"
    );
}

#[test]
fn the_areas_may_agree_with_reasons_that_another_one_leads_and_the_duty_to_notify_stays() {
    let mut world = World::opened();
    world.must(Asked::Incident(Command::RecordFacts(facts(Some(
        Whereabouts::InArea,
    )))));
    let lead = LeadAgreed {
        area: "Eastmere".into(),
        reasons: String::new(),
        agreed_by: String::new(),
        on: None,
    };
    assert_eq!(
        world.wrong_fields(Asked::Incident(Command::AgreeLead(lead.clone()))),
        ["lead-reasons"]
    );
    world.must(Asked::Incident(Command::AgreeLead(LeadAgreed {
        reasons: "The family lived there for two years.".into(),
        ..lead
    })));
    assert_eq!(
        world
            .case
            .incident
            .leading_area(&world.rules, "Merrowshire")
            .as_deref(),
        Some("Eastmere")
    );
    assert_eq!(
        world
            .case
            .incident
            .notifying_authority(&world.rules, "Merrowshire")
            .as_deref(),
        Some("Merrowshire")
    );
}

#[test]
fn another_area_is_kept_once_and_its_newest_words_stand() {
    let mut world = World::opened();
    for why in ["not yet known", "the family lived there until May"] {
        world.must(Asked::Incident(Command::AddArea(OtherArea {
            name: "Eastmere".into(),
            why: why.into(),
            contact: String::new(),
        })));
    }
    assert_eq!(world.case.incident.areas.len(), 1);
    assert_eq!(
        world.case.incident.areas[0].why,
        "the family lived there until May"
    );
}

#[test]
fn a_corrected_day_of_awareness_says_why_recomputes_the_clock_and_keeps_the_old_one() {
    let mut world = World::opened();
    world.must(aware(Some("2021-08-30"), ""));
    let before = world.clock("notify-panel").unwrap().due;
    assert_eq!(
        world.wrong_fields(aware(Some("2021-08-27"), "")),
        ["why-corrected"]
    );
    assert_eq!(world.wrong_fields(aware(None, "")), ["why-corrected"]);
    world.must(aware(
        Some("2021-08-27"),
        "the duty team had been told on the Friday",
    ));
    let clock = world.clock("notify-panel").unwrap();
    assert_eq!(before, Some(day("2021-09-06")));
    assert_eq!(clock.worked.as_ref().unwrap().start, day("2021-08-27"));
    assert_eq!(clock.earlier_starts, [day("2021-08-30")]);
    let told: Vec<_> = world
        .case
        .story
        .iter()
        .filter(|r| {
            matches!(
                &r.event,
                Event::Incident(cases::incident::Event::AwarenessRecorded(_))
            )
        })
        .collect();
    assert_eq!(told.len(), 2, "both days stay in the story");
}

#[test]
fn while_awareness_is_not_known_the_earliest_contact_gives_a_cautious_assumed_clock() {
    let mut world = World::opened();
    let clock = world.clock("notify-panel").unwrap();
    assert_eq!(
        (clock.state, clock.due, clock.assumed),
        (cases::ClockState::CannotBeWorkedOut, None, false)
    );
    assert!(clock.problem.unwrap().contains("cannot be worked out yet"));
    for on in ["2021-09-03", "2021-09-01", "2021-09-02"] {
        world.must(Asked::Incident(Command::RecordContact(FirstContact {
            on: day(on),
            from: "a ward sister".into(),
            how: "by telephone".into(),
        })));
    }
    let clock = world.clock("notify-panel").unwrap();
    assert_eq!(
        (clock.assumed, clock.worked.as_ref().unwrap().start),
        (true, day("2021-09-01"))
    );
    assert!(clock.started_by.contains("cautious"));
    world.must(aware(Some("2021-09-02"), ""));
    let clock = world.clock("notify-panel").unwrap();
    assert_eq!(
        (clock.assumed, clock.worked.unwrap().start),
        (false, day("2021-09-02"))
    );
}

#[test]
fn a_case_is_opened_once_with_a_reference() {
    let mut world = World::empty();
    let bare = cases::incident::Opening {
        reference: " ".into(),
        ..opening()
    };
    assert_eq!(
        world.wrong_fields(Asked::Incident(Command::Open(bare))),
        ["reference"]
    );
    world.must(Asked::Incident(Command::Open(opening())));
    world.does_not_fit(Asked::Incident(Command::Open(opening())));
}
