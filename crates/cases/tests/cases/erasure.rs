//! Legal holds and erasure: who must agree, how long it waits, what refuses it, and what a case is without what was erased.

use std::sync::Arc;

use cases::closing::{Event as Whole, Mark};
use cases::erasure::{
    Certificate, Command as Erasure, Event, GoneEntry, Head, Rule, Signed, Target, effect, ready,
};
use cases::{Command, Recorded};

use crate::world::*;

fn rule(at_once_when_hidden: bool) -> Rule {
    Rule {
        id: "invented".into(),
        title: "An invented rule".into(),
        at_once_when_hidden,
    }
}

fn propose(target: Target) -> Command {
    Command::Erasure(Erasure::Propose {
        target,
        rule: Some(rule(true)),
        why: "It is of another family".into(),
    })
}

fn approve(proposal: &str) -> Command {
    Command::Erasure(Erasure::Approve {
        proposal: proposal.into(),
        wait_days: 28,
    })
}

fn withdraw(proposal: &str, why: &str) -> Command {
    Command::Erasure(Erasure::Withdraw {
        proposal: proposal.into(),
        why: why.into(),
    })
}

fn hold(by: &str) -> Command {
    Command::Erasure(Erasure::PlaceHold {
        required_by: by.into(),
        why: "An inquest is open".into(),
    })
}

fn lift(hold: &str, why: &str) -> Command {
    Command::Erasure(Erasure::LiftHold {
        hold: hold.into(),
        why: why.into(),
    })
}

/// A proposal by the manager, and its id.
fn proposed(world: &mut World, target: Target) -> String {
    world.must(propose(target));
    newest(world)
}

fn newest(world: &World) -> String {
    let last = world.case.erasure.proposals.last().unwrap();
    last.proposal.id.clone()
}

/// The delegate, from here on.
fn second(world: &mut World) {
    world.by = by("Ivo Larkfield", "delegate", Some("police"));
    world.manages = false;
}

/// The number of the first finding that was written down.
fn finding(world: &World) -> u64 {
    let found = |r: &&Arc<Recorded>| r.event.kind() == "consideration.element-considered";
    world.case.story.iter().find(found).unwrap().number
}

/// What the desk records when it carries a proposal out.
fn carry_out(world: &mut World, id: &str) {
    let found = ready(&world.case, id, noon(world.today)).unwrap().clone();
    let (approved, due) = found.approved.clone().unwrap();
    let numbers: Vec<u64> = match &found.proposal.target {
        Target::Entry(number) => vec![*number],
        _ => Vec::new(),
    };
    let entries = world
        .case
        .story
        .iter()
        .filter(|r| numbers.contains(&r.number));
    let certificate = Certificate {
        id: id.into(),
        case: world.case.id.clone(),
        reference: world.case.reference().into(),
        target: found.proposal.target.clone(),
        rule: found.proposal.rule.clone(),
        proposed: Signed {
            by: found.proposed.by.clone(),
            at: found.proposed.at,
        },
        approved: Signed {
            by: approved.by,
            at: approved.at,
        },
        due,
        at: noon(world.today),
        before: Head {
            size: world.case.version(),
            root: "aa".into(),
        },
        entries: entries
            .map(|r| GoneEntry {
                number: r.number,
                position: r.number,
                kind: r.event.kind(),
                at: r.at,
                actor: r.by.person.clone(),
                size: 100,
                hash: "bb".into(),
                key: format!("key-{}", r.number),
                in_text: r.event.is_part_of_the_text(),
            })
            .collect(),
        files: Vec::new(),
        reads: None,
    };
    world.case.push(Arc::new(Recorded {
        number: world.case.version() + 1,
        at: noon(world.today),
        by: manager(),
        edition: String::new(),
        event: cases::Event::Erasure(Event::ContentErased(Box::new(certificate))),
        missing: Vec::new(),
        imported: None,
        pasted: Vec::new(),
    }));
}

#[test]
fn a_hold_says_who_requires_it_and_why_and_so_does_its_end() {
    let mut world = World::with_people();
    assert_eq!(world.wrong_fields(hold(" ")), ["required-by"]);
    world.must(hold("the coroner"));
    world.must(hold("a public inquiry"));
    let ids: Vec<String> = world
        .case
        .erasure
        .standing()
        .map(|h| h.hold.id.clone())
        .collect();
    assert_eq!(ids.len(), 2, "several may stand");
    assert_eq!(world.wrong_fields(lift(&ids[0], "")), ["why"]);
    world.must(lift(&ids[0], "The inquest ended"));
    world.does_not_fit(lift(&ids[0], "The inquest ended"));
    assert_eq!(world.case.erasure.standing().count(), 1);
}

#[test]
fn while_a_hold_stands_nothing_is_proposed_approved_or_carried_out_and_lifting_one_of_two_does_not_help()
 {
    let mut world = World::considered();
    let target = Target::Entry(finding(&world));
    let id = proposed(&mut world, target.clone());
    world.must(hold("the coroner"));
    assert!(
        world
            .does_not_fit(propose(Target::Case))
            .contains("the coroner")
    );
    second(&mut world);
    assert!(world.does_not_fit(approve(&id)).contains("the coroner"));
    world.by = manager();
    let first = world.case.erasure.holds[0].hold.id.clone();
    world.must(lift(&first, "The inquest ended"));
    second(&mut world);
    world.must(approve(&id));
    world.by = manager();
    world.must(hold("a court"));
    world.must(hold("a public inquiry"));
    world.is_now("2021-12-06");
    let one = world.case.erasure.holds[1].hold.id.clone();
    world.must(lift(&one, "The order was set aside"));
    assert!(
        ready(&world.case, &id, noon(world.today))
            .unwrap_err()
            .to_string()
            .contains("a public inquiry")
    );
    assert_eq!(world.case.erasure.due(), None);
    let other = world.case.erasure.holds[2].hold.id.clone();
    world.must(lift(&other, "The inquiry reported"));
    assert!(ready(&world.case, &id, noon(world.today)).is_ok());
    assert!(world.case.erasure.due().is_some());
}

#[test]
fn an_erasure_is_proposed_under_a_rule_and_with_a_reason_and_only_once() {
    let mut world = World::considered();
    let target = Target::Entry(finding(&world));
    let bare = Command::Erasure(Erasure::Propose {
        target: target.clone(),
        rule: None,
        why: "Because".into(),
    });
    assert_eq!(world.wrong_fields(bare), ["rule"]);
    let unsaid = Command::Erasure(Erasure::Propose {
        target: target.clone(),
        rule: Some(rule(true)),
        why: " ".into(),
    });
    assert_eq!(world.wrong_fields(unsaid), ["why"]);
    let id = proposed(&mut world, target.clone());
    world.does_not_fit(propose(target.clone()));
    world.must(withdraw(&id, "It is this family after all"));
    world.must(propose(target));
}

#[test]
fn what_the_case_or_its_decision_could_not_be_read_without_is_not_erased_by_itself() {
    let mut world = World::decided();
    for kind in [
        "incident.case-opened",
        "decision.signed",
        "decision.text-written",
    ] {
        let entry = world.case.story.iter().find(|r| r.event.kind() == kind);
        let number = entry.unwrap().number;
        world.does_not_fit(propose(Target::Entry(number)));
    }
    world.does_not_fit(propose(Target::Entry(9_999)));
    world.does_not_fit(propose(Target::File("nothing".into())));
    let mut undecided = World::ready();
    let text = (undecided.case.story.iter())
        .find(|r| r.event.kind() == "decision.text-written")
        .unwrap()
        .number;
    undecided.must(propose(Target::Entry(text)));
}

#[test]
fn whoever_proposed_an_erasure_cannot_approve_it_and_a_second_person_does_so_once() {
    let mut world = World::considered();
    let target = Target::Entry(finding(&world));
    let id = proposed(&mut world, target);
    assert!(world.does_not_fit(approve(&id)).contains("someone else"));
    assert!(ready(&world.case, &id, noon(world.today)).is_err());
    second(&mut world);
    world.does_not_fit(approve("no-such-proposal"));
    world.must(approve(&id));
    world.does_not_fit(approve(&id));
}

#[test]
fn an_approved_erasure_waits_as_long_as_the_settings_say() {
    let mut world = World::considered();
    let target = Target::Entry(finding(&world));
    let id = proposed(&mut world, target);
    second(&mut world);
    world.must(approve(&id));
    let approved = noon(world.today);
    let due = world.case.erasure.due().unwrap();
    assert_eq!(due.duration_since(approved).as_hours(), 28 * 24);
    let before = due
        .checked_sub(jiff::SignedDuration::from_nanos(1))
        .unwrap();
    assert!(ready(&world.case, &id, before).is_err());
    assert!(ready(&world.case, &id, due).is_ok());
}

#[test]
fn an_entry_that_is_hidden_as_another_familys_does_not_wait_where_its_rule_says_so() {
    let mut world = World::considered();
    let number = finding(&world);
    world.must(Command::Closing(Whole::EntryMarked(Mark {
        entry: number,
        why: "It is of another family".into(),
        correction: None,
        hidden: true,
        visible_to: vec![manager().person],
    })));
    let id = proposed(&mut world, Target::Entry(number));
    let whole = proposed(&mut world, Target::Case);
    second(&mut world);
    world.must(approve(&id));
    assert!(ready(&world.case, &id, noon(world.today)).is_ok());
    world.must(approve(&whole));
    assert!(
        ready(&world.case, &whole, noon(world.today)).is_err(),
        "a whole case always waits"
    );
}

#[test]
fn a_proposal_is_withdrawn_at_any_time_before_it_is_carried_out_and_not_after() {
    let mut world = World::considered();
    let target = Target::Entry(finding(&world));
    let id = proposed(&mut world, target.clone());
    second(&mut world);
    world.must(approve(&id));
    assert_eq!(world.wrong_fields(withdraw(&id, "")), ["why"]);
    world.must(withdraw(&id, "It is needed"));
    world.is_now("2021-12-06");
    assert!(ready(&world.case, &id, noon(world.today)).is_err());
    assert_eq!(world.case.erasure.due(), None);
    world.by = manager();
    let again = proposed(&mut world, target.clone());
    second(&mut world);
    world.must(approve(&again));
    world.is_now("2022-02-07");
    carry_out(&mut world, &again);
    world.does_not_fit(withdraw(&again, "Too late"));
    world.does_not_fit(propose(target));
}

#[test]
fn what_was_erased_counts_no_more_and_a_past_day_says_that_it_was_there() {
    let mut world = World::considered();
    let number = finding(&world);
    let before = world.case.consideration.clone();
    let id = proposed(&mut world, Target::Entry(number));
    second(&mut world);
    world.must(approve(&id));
    world.is_now("2021-11-08");
    carry_out(&mut world, &id);
    assert!(world.case.story.iter().all(|r| r.number != number));
    assert_ne!(world.case.consideration, before);
    let gone = &world.case.erasure.entries[&number];
    assert_eq!(gone.rule, "An invented rule");
    let then = world.case.as_it_stood(noon(day("2021-09-06")));
    assert!(then.story.iter().all(|r| r.number != number));
    assert!(then.erasure.entries.contains_key(&number));
    // Folding what is left gives the same case as taking it out did.
    let again = cases::Case::fold(&world.case.id, world.case.story.clone());
    assert_eq!(
        serde_json::to_value(&again).unwrap(),
        serde_json::to_value(&world.case).unwrap()
    );
}

#[test]
fn erasing_what_stands_in_the_text_sets_signatures_aside_until_the_decision_is_complete() {
    let mut world = World::ready();
    world.sign(police(), cases::decision::View::Agrees).unwrap();
    let target = Target::Entry(finding(&world));
    let id = proposed(&mut world, target);
    second(&mut world);
    world.must(approve(&id));
    assert!(world.case.decision.current.signature(&police()).is_some());
    world.is_now("2021-11-08");
    carry_out(&mut world, &id);
    assert!(world.case.decision.current.signature(&police()).is_none());
}

#[test]
fn the_effect_names_the_finding_that_goes_what_is_missing_then_and_where_the_words_stand_again() {
    let mut world = World::ready();
    let number = finding(&world);
    let element = world.elements()[0].clone();
    let label = world
        .rules
        .element(&element.as_str().into())
        .unwrap()
        .label
        .clone();
    let shown = effect(&world.case, &world.rules, &Target::Entry(number));
    let words = shown.changes.join("\n");
    assert!(
        words.contains(&format!("no finding on \u{201c}{label}\u{201d}")),
        "{words}"
    );
    assert!(words.contains("Missing for a decision"), "{words}");
    world.sign(police(), cases::decision::View::Agrees).unwrap();
    let signed = world.case.version();
    let shown = effect(&world.case, &world.rules, &Target::Entry(number));
    assert!(
        shown.copies.contains(&signed),
        "the text that was signed repeats it"
    );
    // What has been replaced changes nothing.
    let old = finding(&world);
    let mut newer = found(&element, "may");
    newer.reasons = "Other reasons, written later.".into();
    world.must(consider(newer));
    let shown = effect(&world.case, &world.rules, &Target::Entry(old));
    assert!(
        !shown.changes.join("\n").contains("no finding"),
        "{shown:?}"
    );
}

#[test]
fn erasing_what_was_marked_as_made_in_error_before_changes_nothing_and_brings_no_signature_back() {
    let mut world = World::ready();
    world.sign(police(), cases::decision::View::Agrees).unwrap();
    let number = finding(&world);
    world.must(Command::Closing(Whole::EntryMarked(Mark {
        entry: number,
        why: "It is of another family".into(),
        correction: None,
        hidden: true,
        visible_to: vec![manager().person],
    })));
    let element = world.elements()[0].clone();
    let mut newer = found(&element, "may");
    newer.reasons = "Of this family, written later.".into();
    world.must(consider(newer));
    world
        .sign(council(), cases::decision::View::Agrees)
        .unwrap();
    let signed = |world: &World| {
        [police(), council()].map(|seat| world.case.decision.current.signature(&seat).is_some())
    };
    assert_eq!(signed(&world), [false, true]);
    let shown = effect(&world.case, &world.rules, &Target::Entry(number));
    assert_eq!(shown.changes.len(), 1, "{shown:?}");
    assert!(shown.changes[0].starts_with("Nothing the case has come to would change"));
    let id = proposed(&mut world, Target::Entry(number));
    second(&mut world);
    world.must(approve(&id));
    let before = world.case.decision.clone();
    carry_out(&mut world, &id);
    assert_eq!(signed(&world), [false, true]);
    assert_eq!(world.case.decision, before);
}
