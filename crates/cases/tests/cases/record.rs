//! The record: an entry made in error, the story, and the case as it stood on a past day.

use std::sync::Arc;

use cases::closing::{Event as Whole, Mark};
use cases::consideration::Finding;
use cases::story::story;
use cases::{Case, Command as Asked};

use crate::world::*;

fn mark(entry: u64, hidden: bool) -> Mark {
    let visible_to = if hidden {
        vec!["orla".into()]
    } else {
        Vec::new()
    };
    Mark {
        entry,
        why: "written on the wrong case".into(),
        correction: None,
        hidden,
        visible_to,
    }
}

fn asked(mark: Mark) -> Asked {
    Asked::Closing(Whole::EntryMarked(mark))
}

#[test]
fn an_entry_made_in_error_stops_counting_and_stays_in_the_story() {
    let mut world = World::with_people();
    world.must(consider(found("improvements", "does")));
    let entry = world.case.version();
    world.must(asked(mark(entry, false)));
    assert!(world.case.consideration.of("improvements").is_none());
    let lines = story(&world.case, &world.rules, |_| false);
    let line = lines.iter().find(|l| l.number == entry).unwrap();
    assert_eq!(line.in_error.as_deref(), Some("written on the wrong case"));
    assert!(
        !line.hidden
            && line
                .details
                .iter()
                .any(|(_, words)| words.contains("two records")),
        "{line:?}"
    );
}

#[test]
fn when_an_entry_made_in_error_stops_counting_what_stood_before_it_stands_again() {
    let mut world = World::with_people();
    world.must(consider(found("improvements", "does")));
    world.must(consider(found("improvements", "does-not")));
    let entry = world.case.version();
    world.must(asked(mark(entry, false)));
    assert_eq!(
        world
            .case
            .consideration
            .of("improvements")
            .unwrap()
            .finding
            .finding,
        "does"
    );
}

#[test]
fn a_hidden_entry_is_hidden_from_all_but_named_people_also_in_what_changed_after_it() {
    let mut world = World::with_people();
    let secret = "The foster carer's address is 4 Larch Row.";
    world.must(consider(Finding {
        reasons: secret.into(),
        ..found("improvements", "does")
    }));
    let entry = world.case.version();
    assert_eq!(
        world.wrong_fields(asked(Mark {
            visible_to: Vec::new(),
            ..mark(entry, true)
        })),
        ["visible-to"]
    );
    world.must(asked(mark(entry, true)));
    world.must(consider(found("improvements", "may")));
    let shown = |may: bool| format!("{:?}", story(&world.case, &world.rules, |_| may));
    assert!(!shown(false).contains("Larch Row"));
    assert!(shown(true).contains("Larch Row"));
    assert!(
        story(&world.case, &world.rules, |_| false)
            .iter()
            .any(|l| l.number == entry && l.hidden),
        "that there is an entry stays visible"
    );
}

#[test]
fn what_is_hidden_today_is_hidden_in_every_past_day_view_too() {
    let mut world = World::with_people();
    world.must(consider(found("improvements", "does")));
    let entry = world.case.version();
    let then = noon(world.today);
    assert!(
        world
            .case
            .as_it_stood(then)
            .consideration
            .of("improvements")
            .is_some()
    );
    world.is_now("2021-09-20");
    world.must(asked(mark(entry, true)));
    let past = world.case.as_it_stood(then);
    assert!(past.consideration.of("improvements").is_none());
    assert!(past.story.iter().all(|r| r.number != entry));
}

#[test]
fn an_error_marked_later_and_not_hidden_still_counts_on_the_day_before_it_was_marked() {
    let mut world = World::with_people();
    world.must(consider(found("improvements", "does")));
    let entry = world.case.version();
    let then = noon(world.today);
    world.is_now("2021-09-20");
    world.must(asked(mark(entry, false)));
    assert!(
        world
            .case
            .as_it_stood(then)
            .consideration
            .of("improvements")
            .is_some(),
        "it was believed on that day"
    );
    assert!(
        world
            .case
            .as_it_stood(noon(world.today))
            .consideration
            .of("improvements")
            .is_none()
    );
}

#[test]
fn the_case_as_it_stood_shows_what_was_recorded_by_then_and_not_what_had_happened_by_then() {
    let mut world = World::opened();
    let first = noon(world.today);
    world.is_now("2021-09-10");
    world.must(Asked::Incident(cases::incident::Command::RecordFacts(
        cases::incident::Facts {
            happened_on: Some(day("2021-09-04")),
            ..Default::default()
        },
    )));
    assert_eq!(
        world.case.as_it_stood(first).incident.facts.happened_on,
        None
    );
    assert_eq!(
        world
            .case
            .as_it_stood(noon(world.today))
            .incident
            .facts
            .happened_on,
        Some(day("2021-09-04"))
    );
    assert!(
        world
            .case
            .as_it_stood(noon(day("2021-09-05")))
            .story
            .is_empty()
    );
}

#[test]
fn what_was_brought_in_from_another_record_counts_from_the_day_it_was_brought_in() {
    let mut world = World::opened();
    let old = (**world.case.story.last().unwrap()).clone();
    let brought = cases::event::Imported {
        by: manager(),
        at: noon(day("2021-09-20")),
    };
    let event = cases::Event::Consideration(cases::consideration::Event::ElementConsidered(found(
        "improvements",
        "does",
    )));
    world.case.push(Arc::new(cases::Recorded {
        number: 2,
        event,
        imported: Some(brought),
        pasted: Vec::new(),
        ..old
    }));
    assert!(
        world
            .case
            .as_it_stood(noon(day("2021-09-19")))
            .consideration
            .of("improvements")
            .is_none()
    );
    assert!(
        world
            .case
            .as_it_stood(noon(day("2021-09-20")))
            .consideration
            .of("improvements")
            .is_some()
    );
}

#[test]
fn the_opening_who_may_see_the_case_and_a_mark_itself_cannot_be_marked() {
    let mut world = World::opened();
    world.must(Asked::Members(cases::members::Event::MemberAdded {
        person: "x".into(),
        name: "X".into(),
        part: cases::members::Part::Reads,
        why: String::new(),
        agency: None,
        until: None,
    }));
    world.must(consider(found("improvements", "does")));
    world.must(asked(mark(3, false)));
    for entry in [1, 2, 4] {
        world.does_not_fit(asked(mark(entry, false)));
    }
    assert!(
        world
            .does_not_fit(asked(mark(99, false)))
            .contains("no such entry")
    );
    assert_eq!(
        world.wrong_fields(asked(Mark {
            why: String::new(),
            ..mark(3, false)
        })),
        ["why"]
    );
}

#[test]
fn every_entry_of_a_long_case_is_a_line_of_the_story_and_the_fold_of_the_story_is_the_case() {
    let world = World::decided();
    let lines = story(&world.case, &world.rules, |_| false);
    assert_eq!(lines.len(), world.case.story.len());
    assert!(lines.iter().all(|l| !l.said.trim().is_empty()));
    assert_eq!(Case::fold("one", world.case.story.clone()), world.case);
}

#[test]
fn a_case_at_rest_is_what_it_has_come_to_with_its_newest_entries() {
    let world = World::decided();
    let whole = &world.case;
    assert!(whole.is_whole() && whole.story.len() > 12);
    let rested = whole.rested();
    assert!(!rested.is_whole());
    assert_eq!(rested.version(), whole.version());
    assert_eq!(rested.story, whole.story[whole.story.len() - 12..]);
    assert_eq!(rested.left_out, whole.story[whole.story.len() - 13].number);
    assert_eq!(
        cases::Case {
            story: whole.story.clone(),
            left_out: 0,
            ..rested.clone()
        },
        *whole,
        "nothing else is lost"
    );
    assert_eq!(rested.rested(), rested, "resting again changes nothing");
    let mut grown = rested.clone();
    let mut next = (**whole.story.last().unwrap()).clone();
    next.number += 1;
    grown.push(std::sync::Arc::new(next));
    let again = grown.rested();
    assert_eq!(again.story.len(), 12);
    assert_eq!(again.left_out, rested.story[0].number);
}

#[test]
fn what_is_saved_twice_just_so_is_recorded_once() {
    use cases::Command as Asked;
    use cases::incident::{Command as Incident, Danger, DangerAnswer, FirstContact};
    use cases::people::{Adult, Command as People};
    let mut world = World::opened();
    let uncle = || {
        Asked::People(People::RecordAdult(Adult {
            label: "Uncle".into(),
            ..Adult::default()
        }))
    };
    let contact = |from: &str| {
        Asked::Incident(Incident::RecordContact(FirstContact {
            on: day("2021-09-03"),
            from: from.into(),
            how: String::new(),
        }))
    };
    let answer = |danger| {
        Asked::Incident(Incident::AnswerDanger(DangerAnswer {
            danger,
            action: String::new(),
        }))
    };
    let mut grows = |asked: Asked| {
        let before = world.case.story.len();
        world.must(asked);
        world.case.story.len() - before
    };
    assert_eq!(grows(uncle()), 1);
    assert_eq!(grows(uncle()), 0, "went back and saved again");
    assert_eq!(grows(contact("the hospital")), 1);
    assert_eq!(grows(contact("the hospital")), 0);
    assert_eq!(grows(contact("the school")), 1);
    assert_eq!(grows(answer(Danger::NotKnown)), 1);
    assert_eq!(grows(answer(Danger::NotKnown)), 0, "saved unchanged");
    assert_eq!(grows(answer(Danger::No)), 1);
    assert_eq!(
        grows(answer(Danger::NotKnown)),
        1,
        "not the newest answer any more"
    );
    assert_eq!(world.case.people.adults.len(), 1);
    assert_eq!(
        world.case.incident.danger().map(|(danger, _)| danger),
        Some(Danger::NotKnown)
    );
}
