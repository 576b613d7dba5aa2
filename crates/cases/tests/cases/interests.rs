//! Conflicts of interest: who declares and who decides, what stepping back takes away, and that the deputy signs in that place;
//! and openings with a written reason.

use std::collections::BTreeSet;

use cases::break_glass::{Command as Glass, Review};
use cases::context::Refusal;
use cases::decision::{Command as D, Given, View, ViewGiven};
use cases::interests::{Answer, Command as Interest, Declared, Kind, Outcome, Scope};
use cases::members::{Event as Member, Part};
use cases::{By, Command, Place};
use jiff::SignedDuration;

use crate::world::*;

fn delegate() -> By {
    by("Ivo Larkfield", "delegate, Merrow Police", Some("police"))
}

fn deputy() -> By {
    by(
        "Wilma Sedgebrook",
        "deputy delegate, Merrow Police",
        Some("police"),
    )
}

fn chair() -> By {
    by("Maud Ellery", "chair", None)
}

fn add(world: &mut World, who: &By, part: Part) {
    world.must(Command::Members(Member::MemberAdded {
        person: who.person.clone(),
        name: who.name.clone(),
        part,
        why: "takes part".into(),
        agency: None,
        until: None,
    }));
}

fn with_members(mut world: World) -> World {
    add(&mut world, &manager(), Part::Manages);
    add(&mut world, &delegate(), Part::Decides);
    add(&mut world, &deputy(), Part::Decides);
    add(&mut world, &chair(), Part::Chairs);
    world
}

fn interest_of(who: &By, seat: Option<cases::Seat>) -> Declared {
    Declared {
        id: String::new(),
        person: who.person.clone(),
        name: who.name.clone(),
        acts_as: who.part.clone(),
        seat,
        kind: Kind::Practice,
        words: "He led the team that visited in March.".into(),
        since: "from January to June".into(),
    }
}

/// The delegate declares an interest of his own; its id comes back.
fn declared(world: &mut World) -> String {
    world.by = delegate();
    world.authorities = vec![authority(police(), "2021-01-01", None)];
    world.must(Command::Interests(Interest::Declare(Declared {
        person: "someone-else".into(),
        ..interest_of(&delegate(), None)
    })));
    world
        .case
        .interests
        .list
        .last()
        .unwrap()
        .declared
        .id
        .clone()
}

fn answer(interest: &str, outcome: Outcome, from: &[Scope]) -> Answer {
    Answer {
        interest: interest.into(),
        outcome,
        from: from.iter().copied().collect(),
        stated: "He led a team whose work is looked at.".into(),
        why: "He would sign for his own work.".into(),
        on: day("2021-01-01"),
    }
}

fn decide(world: &mut World, who: By, answer: Answer) -> Result<(), Refusal> {
    world.by = who;
    world
        .act(Command::Interests(Interest::Decide(answer)))
        .map(|_| ())
}

fn steps_back(world: &mut World, from: &[Scope]) -> String {
    let id = declared(world);
    decide(world, chair(), answer(&id, Outcome::StepsBack, from)).unwrap();
    id
}

/// Someone signs in person for the police, with authority for it.
fn signs_for_police(world: &mut World, who: By) -> Result<(), Refusal> {
    let text = world.text();
    world.by = who;
    world.authorities = vec![authority(police(), "2021-01-01", None)];
    let signed = signature(police(), View::Agrees, Given::InPerson, text);
    world.act(Command::Decision(D::Sign(signed))).map(|_| ())
}

#[test]
fn whoever_declares_an_interest_of_their_own_declares_it_for_themselves_with_the_seat_they_hold() {
    let mut world = with_members(World::opened());
    let id = declared(&mut world);
    let interest = world.case.interests.find(&id).unwrap();
    assert_eq!(interest.declared.person, delegate().person);
    assert_eq!(interest.declared.seat, Some(police()));
    assert_eq!(world.case.interests.open().count(), 1);
}

#[test]
fn the_words_and_the_time_of_an_interest_are_asked_for() {
    let mut world = with_members(World::opened());
    let empty = Declared {
        words: " ".into(),
        ..interest_of(&manager(), None)
    };
    let command = Command::Interests(Interest::Declare(empty));
    assert_eq!(world.wrong_fields(command), ["words"]);
    let whenever = Declared {
        since: String::new(),
        ..interest_of(&manager(), None)
    };
    let command = Command::Interests(Interest::Declare(whenever));
    assert_eq!(world.wrong_fields(command), ["since"]);
    let stranger = interest_of(&by("Someone Else", "reader", None), None);
    let command = Command::Interests(Interest::DeclareFor(stranger));
    assert_eq!(world.wrong_fields(command), ["person"]);
}

#[test]
fn nobody_decides_about_an_interest_of_their_own() {
    let mut world = with_members(World::opened());
    let id = declared(&mut world);
    let own = decide(
        &mut world,
        delegate(),
        answer(&id, Outcome::NoConflict, &[]),
    );
    assert!(matches!(own, Err(Refusal::DoesNotFit(words)) if words.contains("of their own")));
    decide(&mut world, chair(), answer(&id, Outcome::NoConflict, &[])).unwrap();
    assert_eq!(world.case.interests.open().count(), 0);
}

#[test]
fn stepping_back_says_from_which_parts_and_taking_part_says_how_the_interest_is_stated() {
    let mut world = with_members(World::opened());
    let id = declared(&mut world);
    world.by = chair();
    let from_nothing = answer(&id, Outcome::StepsBack, &[]);
    let command = Command::Interests(Interest::Decide(from_nothing));
    assert_eq!(world.wrong_fields(command), ["from"]);
    let unstated = Answer {
        stated: String::new(),
        ..answer(&id, Outcome::TakesPart, &[])
    };
    let command = Command::Interests(Interest::Decide(unstated));
    assert_eq!(world.wrong_fields(command), ["stated"]);
    let without_why = Answer {
        why: String::new(),
        ..answer(&id, Outcome::NoConflict, &[])
    };
    let command = Command::Interests(Interest::Decide(without_why));
    assert_eq!(world.wrong_fields(command), ["why"]);
    decide(
        &mut world,
        chair(),
        answer(&id, Outcome::StepsBack, &[Scope::Everything, Scope::Family]),
    )
    .unwrap();
    let held = world.case.interests.find(&id).unwrap().holds().unwrap();
    assert_eq!(held.answer.from, BTreeSet::from([Scope::Everything]));
    assert_eq!(held.answer.stated, "");
    assert_eq!(held.answer.on, world.today, "the day is that of the act");
}

#[test]
fn whoever_runs_the_case_hands_it_over_before_stepping_back_from_all_of_it() {
    let mut world = with_members(World::opened());
    world.by = manager();
    world.must(Command::Interests(Interest::Declare(interest_of(
        &manager(),
        None,
    ))));
    let id = world.case.interests.list[0].declared.id.clone();
    world.by = chair();
    let all = answer(&id, Outcome::StepsBack, &[Scope::Everything]);
    let command = Command::Interests(Interest::Decide(all.clone()));
    assert_eq!(world.wrong_fields(command), ["from"]);
    world.must(Command::Members(Member::HandedOver {
        from: manager().person,
        to: "nia-coombe".into(),
        name: "Nia Coombe".into(),
        why: "steps back".into(),
    }));
    world.must(Command::Interests(Interest::Decide(all)));
    // And from then on the case is not handed back, and they are not added again.
    let back = Command::Members(Member::HandedOver {
        from: "nia-coombe".into(),
        to: manager().person,
        name: manager().name,
        why: "back".into(),
    });
    assert_eq!(world.wrong_fields(back), ["to"]);
    let again = Command::Members(Member::MemberAdded {
        person: manager().person,
        name: manager().name,
        part: Part::Reads,
        why: String::new(),
        agency: None,
        until: None,
    });
    assert_eq!(world.wrong_fields(again), ["person"]);
}

#[test]
fn an_interest_of_someone_who_decides_is_decided_about_before_anyone_signs() {
    let mut world = with_members(World::ready());
    let id = declared(&mut world);
    let missing = world.missing();
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0].place, Place::Interests);
    assert!(missing[0].what.contains("Ivo Larkfield"));
    assert!(matches!(
        world.sign(council(), View::Agrees),
        Err(Refusal::NotReadyToSign(_))
    ));
    decide(&mut world, chair(), answer(&id, Outcome::TakesPart, &[])).unwrap();
    assert!(
        world
            .text()
            .contains("Takes part with an interest stated: Ivo Larkfield")
    );
    assert!(
        !world.text().contains("visited in March"),
        "what the interest is stays out of the text"
    );
    world.sign(council(), View::Agrees).unwrap();
}

#[test]
fn an_interest_of_someone_who_only_reads_stops_no_signature() {
    let mut world = with_members(World::ready());
    let reader = by("Tam Birch", "reader", None);
    add(&mut world, &reader, Part::Reads);
    world.must(Command::Interests(Interest::DeclareFor(interest_of(
        &reader, None,
    ))));
    assert_eq!(world.missing(), []);
}

#[test]
fn where_a_delegate_steps_back_the_deputy_signs_and_the_decision_is_complete_and_says_so() {
    let mut world = with_members(World::ready());
    steps_back(&mut world, &[Scope::Decision]);
    assert_eq!(
        world.missing(),
        [],
        "a seat whose delegate stepped back is not missing"
    );
    let text = world.text();
    assert!(
        text.contains("Stepped back from this decision: Ivo Larkfield, delegate, Merrow Police"),
        "{text}"
    );
    // The one who stepped back cannot sign, in person or on paper.
    assert!(matches!(
        signs_for_police(&mut world, delegate()),
        Err(Refusal::DoesNotFit(words)) if words.contains("stepped back")
    ));
    world.by = manager();
    let paper = Given::Otherwise {
        way: "paper".into(),
        person: "Detective Superintendent Ivo Larkfield".into(),
        on: world.today,
        kept: String::new(),
    };
    let signed = signature(police(), View::Agrees, paper, String::new());
    let command = Command::Decision(D::Sign(signed));
    assert_eq!(world.wrong_fields(command), ["person"]);
    // The deputy does.
    signs_for_police(&mut world, deputy()).unwrap();
    world.by = manager();
    for seat in [council(), health()] {
        world.sign(seat, View::Agrees).unwrap();
    }
    let round = world.case.decision.complete().unwrap();
    let signed = round.signature(&police()).unwrap();
    assert_eq!(signed.by.name, "Wilma Sedgebrook");
    assert!(
        signed
            .signature
            .text
            .contains("Stepped back from this decision: Ivo Larkfield")
    );
    let place = round.in_place_of(&police(), &world.case.interests);
    assert_eq!(place.map(|d| d.name.as_str()), Some("Ivo Larkfield"));
    assert!(
        round
            .in_place_of(&council(), &world.case.interests)
            .is_none()
    );
}

#[test]
fn stepping_back_sets_aside_what_was_signed_and_takes_away_the_own_view() {
    let mut world = with_members(World::ready());
    world.by = delegate();
    world.authorities = vec![authority(police(), "2021-01-01", None)];
    world.must(Command::Decision(D::GiveView(ViewGiven {
        seat: police(),
        view: View::Agrees,
        note: String::new(),
        given: Given::InPerson,
        provisional: false,
    })));
    world.by = manager();
    world.sign(council(), View::Agrees).unwrap();
    steps_back(&mut world, &[Scope::Everything]);
    let round = &world.case.decision.current;
    assert!(round.signature(&council()).is_none() && round.set_aside_of(&council()));
    assert!(!round.views.contains_key(&police()));
}

#[test]
fn stepping_back_from_the_family_alone_leaves_the_decision_as_it_is() {
    let mut world = with_members(World::ready());
    world.by = manager();
    world.sign(council(), View::Agrees).unwrap();
    steps_back(&mut world, &[Scope::Family]);
    assert!(world.case.decision.current.signature(&council()).is_some());
    assert!(
        !world
            .case
            .interests
            .keeps(&delegate().person, Scope::Decision)
    );
    assert!(
        world
            .case
            .interests
            .keeps(&delegate().person, Scope::Family)
    );
}

#[test]
fn a_decision_that_is_complete_stands_and_says_who_had_stepped_back_then() {
    let mut world = with_members(World::decided());
    let before = world.text();
    world.is_now("2021-09-08");
    let id = steps_back(&mut world, &[Scope::Everything]);
    assert!(world.case.decision.complete().is_some());
    assert_eq!(
        world.text(),
        before,
        "nobody had stepped back when it was decided"
    );
    // A later decision takes the place of an earlier one: they may come back.
    decide(&mut world, chair(), answer(&id, Outcome::NoConflict, &[])).unwrap();
    assert!(
        !world
            .case
            .interests
            .keeps(&delegate().person, Scope::Everything)
    );
}

#[test]
fn an_interest_cannot_be_marked_as_made_in_error_nor_erased_by_itself() {
    let mut world = with_members(World::opened());
    steps_back(&mut world, &[Scope::Everything]);
    for entry in world.case.story.iter().rev().take(2) {
        assert!(!entry.event.can_be_marked(&world.case));
        assert!(!cases::erasure::can_be_erased(&entry.event, &world.case));
    }
}

#[test]
fn the_story_says_that_an_interest_was_declared_and_not_what_it_is() {
    let mut world = with_members(World::opened());
    steps_back(&mut world, &[Scope::Decision, Scope::Family]);
    let lines = cases::story::story(&world.case, &world.rules, |_| true);
    let last: Vec<&str> = lines
        .iter()
        .rev()
        .take(2)
        .map(|l| l.said.as_str())
        .collect();
    assert_eq!(
        last,
        [
            "decided that Ivo Larkfield steps back from the decision and signing and contact with the child and the family",
            "declared an interest",
        ]
    );
    assert!(lines.iter().rev().take(2).all(|l| l.details.is_empty()));
}

#[test]
fn an_opening_with_a_reason_ends_by_itself_and_is_reviewed_once_by_someone_else() {
    let mut world = with_members(World::opened());
    let nia = by("Nia Coombe", "deputy manager", None);
    world.by = nia.clone();
    let open = |why: &str| {
        Command::BreakGlass(Glass::Open {
            why: why.into(),
            hours: 24,
        })
    };
    assert_eq!(world.wrong_fields(open(" ")), ["why"]);
    world.must(open("The coroner rang at night."));
    let opened = world.case.break_glass.list[0].clone();
    let day_after = opened.at + SignedDuration::from_hours(24);
    assert_eq!(opened.opening.until, day_after);
    let glass = &world.case.break_glass;
    assert!(glass.under(&nia.person, opened.at).is_some());
    assert!(glass.under(&nia.person, day_after).is_none());
    let review = Command::BreakGlass(Glass::Review(Review {
        opening: opened.opening.id.clone(),
        right: true,
        words: "The call is noted.".into(),
    }));
    assert!(world.does_not_fit(review.clone()).contains("of their own"));
    world.by = chair();
    assert_eq!(world.case.break_glass.to_review().count(), 1);
    world.must(review.clone());
    assert_eq!(world.case.break_glass.to_review().count(), 0);
    assert!(world.does_not_fit(review).contains("reviewed already"));
}
