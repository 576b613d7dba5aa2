//! Notification, rapid review and the clocks: which notification starts what, done, late, and the edition each clock carries.

use cases::closing::Event as Whole;
use cases::incident::{Awareness, Command as Incident, OtherArea};
use cases::notification::{Command, FoundNotMet, NotifyDecision, Of, Recipient, Sent, Told};
use cases::rapid_review::{Command as Rapid, ReportSent};
use cases::{ClockState, Command as Asked};

use crate::world::*;

fn aware(on: &str) -> Asked {
    Asked::Incident(Incident::RecordAwareness(Awareness {
        who: "duty team".into(),
        on: Some(day(on)),
        time: String::new(),
        how: String::new(),
        why_corrected: String::new(),
    }))
}

fn sent(kind: &str, on: &str) -> Asked {
    Asked::Notification(Command::RecordSent(Sent {
        kind: kind.into(),
        on: day(on),
        time: String::new(),
        by_whom: "Pia Rowe".into(),
        reference: "N-1".into(),
    }))
}

fn decision(notify: bool, kind: &str) -> NotifyDecision {
    NotifyDecision {
        notify,
        kind: kind.into(),
        who: "Pia Rowe, director".into(),
        on: Some(day("2021-09-06")),
        reasons: "Neglect is suspected.".into(),
        partners: Vec::new(),
    }
}

fn report(on: &str) -> Asked {
    Asked::RapidReview(Rapid::RecordReport(ReportSent {
        on: day(on),
        to: "the Panel".into(),
        by_whom: String::new(),
        summary: String::new(),
    }))
}

#[test]
fn the_decision_to_notify_or_not_says_who_and_why_and_a_yes_says_which_kind() {
    let mut world = World::opened();
    for (field, wrong) in [
        (
            "who",
            NotifyDecision {
                who: String::new(),
                ..decision(true, "serious-incident")
            },
        ),
        (
            "reasons",
            NotifyDecision {
                reasons: String::new(),
                ..decision(false, "")
            },
        ),
        ("kind", decision(true, "rumour")),
        (
            "on",
            NotifyDecision {
                on: Some(day("2021-09-07")),
                ..decision(false, "")
            },
        ),
    ] {
        assert_eq!(
            world.wrong_fields(Asked::Notification(Command::DecideNotifying(wrong))),
            [field]
        );
    }
    world.must(aware("2021-09-03"));
    assert!(world.clock("notify-panel").is_some());
    world.must(Asked::Notification(Command::DecideNotifying(decision(
        false, "",
    ))));
    assert!(
        world.clock("notify-panel").is_none(),
        "nothing is owed after a decision not to notify"
    );
}

#[test]
fn the_clock_of_awareness_steps_over_the_bank_holiday_and_says_so() {
    let mut world = World::opened();
    world.must(aware("2021-08-27"));
    let clock = world.clock("notify-panel").unwrap();
    let worked = clock.worked.unwrap();
    assert_eq!(
        clock.due,
        Some(day("2021-09-06")),
        "28 and 29 August a weekend, 30 August a bank holiday, 4 and 5 September a weekend"
    );
    assert_eq!(worked.skipped.len(), 5);
    assert!(!clock.owed_by.is_empty() && !clock.owed_to.is_empty() && clock.source.is_some());
}

#[test]
fn a_notification_of_a_serious_incident_obliges_a_rapid_review_until_the_criteria_are_found_not_met()
 {
    let mut world = World::opened();
    world.must(sent("serious-incident", "2021-09-06"));
    assert!(world.case.notification.obliges_rapid_review(&world.rules));
    assert_eq!(
        world.clock("rapid-review").unwrap().due,
        Some(day("2021-09-27"))
    );
    let found = FoundNotMet {
        on: day("2021-09-06"),
        by_whom: "Pia Rowe".into(),
        reasons: String::new(),
    };
    assert_eq!(
        world.wrong_fields(Asked::Notification(Command::RecordNotMet(found.clone()))),
        ["not-met-reasons"]
    );
    world.must(Asked::Notification(Command::RecordNotMet(FoundNotMet {
        reasons: "The illness was natural.".into(),
        ..found
    })));
    assert!(!world.case.notification.obliges_rapid_review(&world.rules));
    assert!(world.clock("rapid-review").is_none());
    assert_eq!(
        world.case.notification.sent.len(),
        1,
        "that it was sent stays in the record"
    );
}

fn not_met(on: &str) -> Asked {
    Asked::Notification(Command::RecordNotMet(FoundNotMet {
        on: day(on),
        by_whom: "Pia Rowe".into(),
        reasons: "The illness was natural.".into(),
    }))
}

#[test]
fn a_serious_notification_after_such_a_finding_obliges_a_rapid_review_again() {
    let mut world = World::opened();
    world.is_now("2021-12-01");
    world.must(sent("serious-incident", "2021-09-06"));
    world.must(report("2021-09-08"));
    world.must(not_met("2021-09-10"));
    assert!(world.clock("rapid-review").is_none());
    world.must(sent("serious-incident", "2021-10-04"));
    assert!(world.case.notification.obliges_rapid_review(&world.rules));
    let clock = world.clock("rapid-review").unwrap();
    assert_eq!(
        (clock.due, clock.done),
        (Some(day("2021-10-25")), None),
        "counted from the new one, and the report on the earlier one does not meet it"
    );
    world.must(report("2021-10-20"));
    assert_eq!(world.clock("rapid-review").unwrap().state, ClockState::Done);
}

#[test]
fn a_finding_is_about_what_was_sent_before_it_though_it_is_entered_afterwards() {
    let mut world = World::opened();
    world.is_now("2021-12-01");
    world.must(not_met("2021-09-10"));
    world.must(sent("serious-incident", "2021-09-06"));
    assert!(!world.case.notification.obliges_rapid_review(&world.rules));
    world.must(sent("serious-incident", "2021-09-13"));
    assert!(world.case.notification.obliges_rapid_review(&world.rules));
}

#[test]
fn telling_the_partners_is_done_when_each_of_them_was_told_of_the_incident() {
    let mut world = World::opened();
    world.is_now("2021-12-01");
    world.must(aware("2021-09-03"));
    let seats = world.shelf_seats();
    let others: Vec<Recipient> = seats
        .iter()
        .filter(|s| s.partner != world.clock("tell-partners").unwrap().owed_by)
        .map(|s| Recipient::Seat(s.seat.clone()))
        .collect();
    assert_eq!(
        others.len(),
        2,
        "health and the police; the authority need not tell itself"
    );
    let told = |to: &[Recipient], of: Option<Of>, on: &str| {
        Asked::Notification(Command::RecordTold(Told {
            who: "the police, health partners and the Panel, of the incident".into(),
            what: "the incident".into(),
            on: day(on),
            how: String::new(),
            to: to.to_vec(),
            of,
        }))
    };
    let clock = |world: &World| world.clock("tell-partners").unwrap();
    world.must(told(&[], None, "2021-09-06"));
    world.must(told(&others, Some(Of::Decision), "2021-09-06"));
    world.must(told(&others[..1], Some(Of::Incident), "2021-09-07"));
    assert_eq!(
        (clock(&world).done, clock(&world).waits_for.len()),
        (None, 1),
        "words alone, another matter and one of two do not meet it"
    );
    world.must(told(&others, Some(Of::Incident), "2021-09-15"));
    assert_eq!(
        (clock(&world).done, clock(&world).state),
        (Some(day("2021-09-15")), ClockState::DoneLate),
        "the day the last of them was first told"
    );
    world.must(Asked::Incident(Incident::AddArea(OtherArea {
        name: "Norvale".into(),
        why: String::new(),
        contact: String::new(),
    })));
    assert_eq!(clock(&world).waits_for, ["Norvale"]);
}

#[test]
fn telling_of_the_decision_and_of_the_reviewer_are_met_each_by_itself() {
    let mut world = World::decided();
    let owed = world.clock("tell-decision").unwrap().owed_to;
    let on = world.clock("tell-decision").unwrap().worked.unwrap().start;
    let told = |of: Of| {
        Asked::Notification(Command::RecordTold(Told {
            who: "all of them".into(),
            what: of.words().into(),
            on,
            how: String::new(),
            to: owed
                .iter()
                .map(|name| Recipient::Office { name: name.clone() })
                .collect(),
            of: Some(of),
        }))
    };
    world.must(told(Of::Decision));
    let done = |world: &World, id: &str| world.clock(id).unwrap().done;
    assert_eq!(done(&world, "tell-decision"), Some(on));
    assert_eq!(done(&world, "tell-reviewer"), None);
    world.must(told(Of::Reviewer));
    assert_eq!(done(&world, "tell-reviewer"), Some(on));
}

#[test]
fn the_death_of_a_looked_after_child_without_abuse_or_neglect_starts_no_rapid_review() {
    let mut world = World::opened();
    world.must(aware("2021-09-03"));
    world.must(sent("looked-after-death", "2021-09-06"));
    assert!(!world.case.notification.obliges_rapid_review(&world.rules));
    assert!(world.clock("rapid-review").is_none());
    assert!(
        world.clock("notify-panel").is_none(),
        "another kind has another clock"
    );
    assert_eq!(
        world.clock("notify-looked-after-death").unwrap().state,
        ClockState::Done
    );
}

#[test]
fn the_death_of_a_care_leaver_has_its_own_recipients_and_starts_no_rapid_review() {
    let mut world = World::opened();
    world.is_now("2026-06-01");
    let kind = world
        .rules
        .notification("care-leaver-death")
        .unwrap()
        .clone();
    let serious = world
        .rules
        .notification("serious-incident")
        .unwrap()
        .clone();
    assert!(!kind.starts_rapid_review);
    assert_ne!(kind.recipients, serious.recipients);
    world.must(sent("care-leaver-death", "2026-06-01"));
    assert!(world.clock("rapid-review").is_none());
}

#[test]
fn a_second_notification_of_another_kind_does_not_end_the_rapid_review() {
    let mut world = World::opened();
    world.must(sent("serious-incident", "2021-09-03"));
    world.must(sent("looked-after-death", "2021-09-06"));
    assert!(world.case.notification.obliges_rapid_review(&world.rules));
    assert_eq!(
        world.clock("rapid-review").unwrap().due,
        Some(day("2021-09-24"))
    );
}

#[test]
fn late_stays_late_and_has_room_for_the_reason() {
    let mut world = World::opened();
    world.must(sent("serious-incident", "2021-09-06"));
    world.is_now("2021-09-27");
    assert_eq!(
        world.clock("rapid-review").unwrap().state,
        ClockState::Running,
        "the due day itself is not late"
    );
    world.is_now("2021-09-28");
    assert_eq!(world.clock("rapid-review").unwrap().state, ClockState::Late);
    let why = |why: &str| {
        Asked::Closing(Whole::LateExplained {
            clock: "rapid-review".into(),
            why: why.into(),
        })
    };
    assert_eq!(world.wrong_fields(why("")), ["why"]);
    world.must(why("two agencies answered late"));
    world.must(report("2021-09-28"));
    let clock = world.clock("rapid-review").unwrap();
    assert_eq!(
        (clock.state, clock.late_reason.as_deref()),
        (ClockState::DoneLate, Some("two agencies answered late"))
    );
    world.is_now("2022-09-28");
    world.must(report("2022-09-28"));
    assert_eq!(
        world.clock("rapid-review").unwrap().state,
        ClockState::DoneLate
    );
}

#[test]
fn what_was_done_in_time_but_recorded_late_was_in_time() {
    let mut world = World::opened();
    world.must(sent("serious-incident", "2021-09-06"));
    world.is_now("2021-12-01");
    world.must(report("2021-09-20"));
    let clock = world.clock("rapid-review").unwrap();
    assert_eq!(
        (clock.state, clock.done),
        (ClockState::Done, Some(day("2021-09-20")))
    );
}

#[test]
fn only_a_decision_to_review_starts_the_clock_of_the_report() {
    let world = World::decided();
    assert_eq!(
        world.clock("publish-report").unwrap().due,
        Some(day("2022-03-06"))
    );
    let mut world = World::considered();
    world.write(no_text(&world));
    for seat in [council(), health(), police()] {
        world.sign(seat, cases::decision::View::Agrees).unwrap();
    }
    assert!(world.case.decision.complete().is_some());
    assert!(world.clock("publish-report").is_none());
}

#[test]
fn who_was_told_and_when_is_a_fact_that_cannot_lie_ahead() {
    let mut world = World::opened();
    let told = |who: &str, on: &str| {
        Asked::Notification(Command::RecordTold(Told {
            who: who.into(),
            what: "the incident".into(),
            on: day(on),
            how: String::new(),
            to: Vec::new(),
            of: None,
        }))
    };
    assert_eq!(world.wrong_fields(told("", "2021-09-06")), ["told-who"]);
    assert_eq!(
        world.wrong_fields(told("the other partners", "2021-09-07")),
        ["told-on"]
    );
    world.must(told("the other partners", "2021-09-06"));
}

#[test]
fn each_step_carries_the_edition_in_force_on_the_day_it_is_taken() {
    let mut world = World::with_people();
    world.must(consider(found("improvements", "does")));
    let old = world.rules.id.clone();
    world.is_now("2024-02-01");
    world.must(consider(found("recurrent-themes", "does")));
    let new = world.rules.id.clone();
    assert_ne!(old, new);
    assert_eq!(
        world.case.consideration.of("improvements").unwrap().edition,
        old
    );
    assert_eq!(
        world
            .case
            .consideration
            .of("recurrent-themes")
            .unwrap()
            .edition,
        new
    );
    assert!(world.case.story.iter().all(|r| !r.edition.is_empty()));
}

#[test]
fn a_clock_keeps_the_edition_of_the_day_it_started_until_a_named_person_says_otherwise() {
    let mut world = World::opened();
    world.must(sent("serious-incident", "2021-09-06"));
    let old = world.rules.id.clone();
    world.is_now("2024-02-01");
    assert_eq!(world.clock("rapid-review").unwrap().edition, old);
    let chosen = world.rules.id.clone();
    let choose = |why: &str| {
        Asked::Closing(Whole::EditionChosen {
            edition: chosen.clone(),
            why: why.into(),
        })
    };
    assert_eq!(world.wrong_fields(choose("")), ["why"]);
    world.must(choose(
        "the partners agreed to continue under the new edition",
    ));
    assert_eq!(world.clock("rapid-review").unwrap().edition, chosen);
    let choice = world.case.editions.last().unwrap();
    assert_eq!(
        (&choice.by, choice.at),
        (&manager(), noon(day("2024-02-01")))
    );
}

#[test]
fn a_day_beyond_the_published_holidays_is_refused_in_words_and_not_guessed() {
    let mut world = World::opened();
    world.today = day("2028-12-28");
    world.must(sent("serious-incident", "2028-12-28"));
    let clock = world.clock("rapid-review").unwrap();
    assert_eq!(
        (clock.state, clock.due),
        (ClockState::CannotBeWorkedOut, None)
    );
    assert!(clock.problem.is_some());
}
