//! The decision and its signatures: what stops a signature, what is recorded against a gate, dissent, and what a complete decision allows.

use cases::context::Refusal;
use cases::decision::{
    Command, Event as D, Given, NotAgreed, Proposal, Resolution, Slip, View, ViewGiven,
};
use cases::{Command as Asked, Event, Missing, Place};
use guidance::DecisionRule;

use crate::world::*;

fn refused_as_not_ready(
    result: Result<Vec<std::sync::Arc<cases::Recorded>>, Refusal>,
) -> Vec<Missing> {
    match result {
        Err(Refusal::NotReadyToSign(missing)) => missing,
        other => panic!("the signature should not be possible yet, and gave {other:?}"),
    }
}

fn view(world: &World, seat: cases::Seat, view: View) -> ViewGiven {
    ViewGiven {
        seat,
        view,
        note: "As said at the meeting.".into(),
        given: on_paper(world.today),
        provisional: false,
    }
}

fn resolution(world: &World) -> Asked {
    Asked::Decision(Command::Resolve(Resolution {
        by_whom: "the senior representatives".into(),
        how: "at their meeting".into(),
        reasons: "The learning reaches beyond one agency.".into(),
        on: world.today,
    }))
}

#[test]
fn a_decision_cannot_be_signed_before_every_criterion_and_circumstance_is_considered() {
    for left_out in World::with_people().elements() {
        let mut world = World::with_people();
        world.test_every_limb("girl");
        for id in world.elements().into_iter().filter(|id| *id != left_out) {
            let first = world.rules.element(&id.as_str().into()).unwrap().findings[0]
                .id
                .clone();
            world.must(consider(found(&id, &first)));
        }
        world.write(yes_text(world.today));
        let missing = refused_as_not_ready(world.sign(council(), View::Agrees));
        assert_eq!(
            missing.iter().map(|m| m.place.clone()).collect::<Vec<_>>(),
            [Place::Element(left_out.clone())]
        );
        assert!(
            !missing[0].what.is_empty() && !missing[0].source.is_empty(),
            "what is missing names its source: {missing:?}"
        );
        let first = world
            .rules
            .element(&left_out.as_str().into())
            .unwrap()
            .findings[0]
            .id
            .clone();
        world.must(consider(found(&left_out, &first)));
        world.sign(council(), View::Agrees).unwrap();
    }
}

#[test]
fn a_decision_cannot_be_signed_before_every_limb_is_tested_for_every_subject() {
    let mut world = World::with_people();
    world.must(Asked::People(cases::people::Command::RecordChild(
        cases::people::Child {
            parts: vec![
                cases::people::Part::Subject,
                cases::people::Part::MayHaveCausedHarm,
            ],
            ..brother()
        },
    )));
    world.test_every_limb("girl");
    world.consider_everything();
    world.write(yes_text(world.today));
    let missing = refused_as_not_ready(world.sign(council(), View::Agrees));
    assert_eq!(missing.len(), world.rules.definition.limbs.len());
    assert!(
        missing
            .iter()
            .all(|m| m.place == Place::Definition("brother".into())),
        "{missing:?}"
    );
}

#[test]
fn an_empty_case_lists_everything_that_is_missing_each_with_a_place() {
    let world = World::opened();
    let missing = world.missing();
    assert!(
        missing.iter().any(|m| m.place == Place::People),
        "the child is missing: {missing:?}"
    );
    for id in world.elements() {
        assert!(
            missing
                .iter()
                .any(|m| m.place == Place::Element(id.clone())),
            "`{id}` is not listed"
        );
    }
    assert!(
        missing
            .iter()
            .filter(|m| m.place == Place::Decision)
            .count()
            >= 3,
        "answer, reasons and day are missing: {missing:?}"
    );
}

#[test]
fn a_yes_needs_no_criterion_to_be_found_and_a_no_is_possible_when_all_are() {
    let mut world = World::considered();
    for id in world.elements() {
        let element = world.rules.element(&id.as_str().into()).unwrap().clone();
        if let Some(no) = element
            .findings
            .iter()
            .find(|f| f.weight == guidance::Weight::No)
        {
            world.must(consider(found(&id, &no.id)));
        }
    }
    world.write(yes_text(world.today));
    assert_eq!(world.missing(), []);
    world.sign(council(), View::Agrees).unwrap();

    let mut world = World::considered();
    world.write(no_text(&world));
    assert_eq!(world.missing(), []);
    for seat in [council(), health(), police()] {
        world.sign(seat, View::Agrees).unwrap();
    }
    assert_eq!(
        world.case.decision.complete().unwrap().proposal.conduct,
        Some(false)
    );
}

#[test]
fn a_no_needs_evidence_and_for_each_criterion_found_why_a_review_is_nevertheless_not_conducted() {
    let mut world = World::considered();
    let whole = no_text(&world);
    assert!(
        whole.why_not.len() >= 3,
        "the criteria of this world are found: {:?}",
        whole.why_not
    );
    world.write(Proposal {
        evidence: Vec::new(),
        ..whole.clone()
    });
    assert_eq!(
        refused_as_not_ready(world.sign(council(), View::Agrees)).len(),
        1
    );
    for criterion in whole.why_not.keys() {
        let mut less = whole.clone();
        less.why_not.remove(criterion);
        world.write(less);
        let missing = refused_as_not_ready(world.sign(council(), View::Agrees));
        let label = &world
            .rules
            .element(&criterion.as_str().into())
            .unwrap()
            .label;
        assert_eq!(missing.len(), 1);
        assert!(
            missing[0].what.contains(label.as_str()),
            "{missing:?} names {label}"
        );
    }
    let mut blank = whole.clone();
    blank
        .why_not
        .values_mut()
        .for_each(|words| *words = "   ".into());
    world.write(blank);
    assert_eq!(
        refused_as_not_ready(world.sign(council(), View::Agrees)).len(),
        whole.why_not.len()
    );
}

#[test]
fn a_no_asks_for_evidence_whatever_else_is_chosen() {
    let mut world = World::considered();
    for route in world
        .rules
        .routes
        .iter()
        .map(|r| r.id.to_string())
        .collect::<Vec<_>>()
    {
        let text = Proposal {
            routes: vec![route.clone()],
            evidence: Vec::new(),
            ..no_text(&world)
        };
        world.write(text);
        assert!(
            !refused_as_not_ready(world.sign(council(), View::Agrees)).is_empty(),
            "`{route}` let a decision without evidence through"
        );
    }
}

#[test]
fn reasons_and_the_day_the_partners_decided_are_always_needed() {
    let mut world = World::considered();
    world.write(Proposal {
        reasons: " ".into(),
        ..yes_text(world.today)
    });
    assert_eq!(
        refused_as_not_ready(world.sign(council(), View::Agrees)).len(),
        1
    );
    world.write(Proposal {
        decided_on: None,
        ..yes_text(world.today)
    });
    assert_eq!(
        refused_as_not_ready(world.sign(council(), View::Agrees)).len(),
        1
    );
    world.write(Proposal {
        conduct: None,
        ..yes_text(world.today)
    });
    assert_eq!(
        refused_as_not_ready(world.sign(council(), View::Agrees)).len(),
        1
    );
}

#[test]
fn not_known_may_be_signed_with_what_is_missing_why_and_a_day_to_look_again_which_becomes_a_clock()
{
    let mut world = World::ready();
    let bare = found("single-agency", "not-known");
    world.must(consider(bare.clone()));
    let missing = refused_as_not_ready(world.sign(council(), View::Agrees));
    assert_eq!(
        missing.iter().map(|m| m.place.clone()).collect::<Vec<_>>(),
        [Place::Element("single-agency".into())]
    );
    for gap in 0..3 {
        let mut part = cases::consideration::Finding {
            missing: "the agency's own review".into(),
            why_without: "the other records answer the question".into(),
            look_again: Some(day("2021-10-04")),
            ..bare.clone()
        };
        match gap {
            0 => part.missing.clear(),
            1 => part.why_without.clear(),
            _ => part.look_again = None,
        }
        world.must(consider(part));
        assert_eq!(
            refused_as_not_ready(world.sign(council(), View::Agrees)).len(),
            1
        );
    }
    world.must(consider(cases::consideration::Finding {
        missing: "the agency's own review".into(),
        why_without: "the other records answer the question".into(),
        look_again: Some(day("2021-10-04")),
        ..bare
    }));
    world.sign(council(), View::Agrees).unwrap();
    let clock = world.clock("look-again-single-agency").unwrap();
    assert_eq!(clock.due, Some(day("2021-10-04")));
    world.is_now("2021-10-05");
    assert_eq!(
        world.clock("look-again-single-agency").unwrap().state,
        cases::ClockState::Late
    );
}

#[test]
fn another_partners_silence_blocks_only_completion() {
    let mut world = World::ready();
    world.sign(police(), View::Agrees).unwrap();
    assert!(world.case.decision.complete().is_none());
    world.sign(council(), View::Agrees).unwrap();
    assert!(
        world.case.decision.complete().is_none(),
        "health has not signed"
    );
    world.sign(health(), View::AgreesWithNote).unwrap();
    assert_eq!(
        world.case.decision.complete().unwrap().completed,
        Some(world.today)
    );
}

#[test]
fn only_the_exact_text_that_was_read_is_signed() {
    let mut world = World::ready();
    let read = world.text();
    world.write(Proposal {
        reasons: "Other reasons, written meanwhile.".into(),
        ..yes_text(world.today)
    });
    assert!(
        matches!(world.sign_text(council(), View::Agrees, read), Err(Refusal::DoesNotFit(words)) if words.contains("changed since you read it"))
    );
    let text = world.text();
    world.sign(council(), View::Agrees).unwrap();
    assert_eq!(
        world
            .case
            .decision
            .current
            .signature(&council())
            .unwrap()
            .signature
            .text,
        text
    );
}

#[test]
fn a_change_of_text_sets_earlier_signatures_aside_and_keeps_them() {
    let mut world = World::ready();
    world.sign(council(), View::Agrees).unwrap();
    world.sign(health(), View::Agrees).unwrap();
    world.write(Proposal {
        reasons: "Reasons with one more sentence.".into(),
        ..yes_text(world.today)
    });
    let round = &world.case.decision.current;
    assert_eq!(round.signatures.len(), 2);
    assert!(round.signatures.iter().all(|s| s.set_aside));
    assert!(round.signature(&council()).is_none());
    world.sign(police(), View::Agrees).unwrap();
    assert!(
        world.case.decision.complete().is_none(),
        "two signatures stand under another text"
    );
}

#[test]
fn a_finding_changed_after_a_signature_sets_it_aside_as_the_finding_is_part_of_the_text() {
    let mut world = World::ready();
    world.sign(council(), View::Agrees).unwrap();
    world.must(consider(found("no-agency", "does")));
    assert!(world.case.decision.current.signature(&council()).is_none());
    world.sign(health(), View::Agrees).unwrap();
    world.must(test(limb_test(
        "girl",
        "abuse-or-neglect",
        "met",
        Some("suspected"),
    )));
    assert!(world.case.decision.current.signature(&health()).is_none());
    for seat in [council(), health(), police()] {
        world.sign(seat, View::Agrees).unwrap();
    }
    let texts: Vec<_> = [council(), health(), police()]
        .iter()
        .map(|s| {
            world
                .case
                .decision
                .current
                .signature(s)
                .unwrap()
                .signature
                .text
                .clone()
        })
        .collect();
    assert!(world.case.decision.complete().is_some());
    assert!(
        texts.windows(2).all(|pair| pair[0] == pair[1]),
        "all signed the same text"
    );
}

#[test]
fn a_finding_marked_as_made_in_error_sets_the_signatures_over_it_aside() {
    let mut world = World::ready();
    world.sign(council(), View::Agrees).unwrap();
    world.sign(health(), View::Agrees).unwrap();
    let entry = world
        .case
        .story
        .iter()
        .find(|r| matches!(r.event, Event::Consideration(_)))
        .unwrap()
        .number;
    world.must(Asked::Closing(cases::closing::Event::EntryMarked(
        cases::closing::Mark {
            entry,
            why: "written on the wrong case".into(),
            correction: None,
            hidden: false,
            visible_to: Vec::new(),
        },
    )));
    assert!(!world.missing().is_empty());
    assert!(world.case.decision.current.signature(&council()).is_none());
    assert!(world.case.decision.current.signature(&health()).is_none());
}

#[test]
fn a_text_marked_as_made_in_error_does_not_bring_signatures_over_an_earlier_text_back() {
    let mut world = World::ready();
    world.sign(council(), View::Agrees).unwrap();
    world.write(Proposal {
        reasons: "Another text.".into(),
        ..yes_text(world.today)
    });
    let entry = world.case.version();
    world.must(Asked::Closing(cases::closing::Event::EntryMarked(
        cases::closing::Mark {
            entry,
            why: "written on the wrong case".into(),
            correction: None,
            hidden: false,
            visible_to: Vec::new(),
        },
    )));
    assert_eq!(
        world.case.decision.current.proposal.reasons,
        yes_text(world.today).reasons
    );
    assert!(
        world.case.decision.current.signature(&council()).is_none(),
        "a mark does not sign for anyone"
    );
}

#[test]
fn a_signature_on_paper_against_a_gate_is_recorded_with_what_was_missing() {
    let mut world = World::with_people();
    world.write(yes_text(world.today));
    let missing = world.missing();
    assert!(!missing.is_empty());
    let entries = world.sign_on_paper(police(), View::Agrees);
    assert_eq!(entries[0].missing, missing);
    let signed = world.case.decision.current.signature(&police()).unwrap();
    assert_eq!(signed.missing, missing);
    assert_eq!(
        signed.by.name,
        manager().name,
        "who wrote it down is named beside who gave it"
    );
    assert!(
        matches!(&signed.signature.given, Given::Otherwise { person, .. } if person == "Sgt Ivo Larkfield, delegate")
    );
    world.sign_on_paper(council(), View::Agrees);
    let last = world.sign_on_paper(health(), View::Agrees);
    assert!(matches!(
        last.last().unwrap().event,
        Event::Decision(D::Completed { .. })
    ));
    assert_eq!(
        last.last().unwrap().missing,
        missing,
        "the completion says what was missing too"
    );
}

#[test]
fn a_signature_given_otherwise_needs_the_way_the_person_and_a_day_that_has_come() {
    let mut world = World::ready();
    for (field, given) in [
        (
            "way",
            Given::Otherwise {
                way: String::new(),
                person: "Ivo Larkfield".into(),
                on: day("2021-09-06"),
                kept: String::new(),
            },
        ),
        (
            "person",
            Given::Otherwise {
                way: "e-mail".into(),
                person: String::new(),
                on: day("2021-09-06"),
                kept: String::new(),
            },
        ),
        (
            "given-on",
            Given::Otherwise {
                way: "e-mail".into(),
                person: "Ivo Larkfield".into(),
                on: day("2021-09-07"),
                kept: String::new(),
            },
        ),
    ] {
        assert_eq!(
            world.wrong_fields(Asked::Decision(Command::Sign(signature(
                police(),
                View::Agrees,
                given,
                String::new()
            )))),
            [field]
        );
    }
}

#[test]
fn a_view_before_everything_is_considered_is_provisional_and_one_after_it_is_not() {
    let mut world = World::with_people();
    world.write(yes_text(world.today));
    let early = view(&world, health(), View::Agrees);
    world.must(Asked::Decision(Command::GiveView(early)));
    assert!(world.case.decision.current.views[&health()].0.provisional);
    let mut world = World::ready();
    let late = ViewGiven {
        provisional: true,
        ..view(&world, health(), View::Agrees)
    };
    world.must(Asked::Decision(Command::GiveView(late)));
    assert!(!world.case.decision.current.views[&health()].0.provisional);
    world.sign(health(), View::Dissents).unwrap();
    assert_eq!(
        world
            .case
            .decision
            .current
            .signature(&health())
            .unwrap()
            .signature
            .view,
        View::Dissents,
        "a view may change at signing"
    );
}

#[test]
fn a_dissent_and_a_note_need_their_words() {
    let mut world = World::ready();
    for given in [View::Dissents, View::AgreesWithNote] {
        let mut bare = signature(police(), given, on_paper(world.today), String::new());
        bare.note.clear();
        assert_eq!(
            world.wrong_fields(Asked::Decision(Command::Sign(bare))),
            ["note"]
        );
    }
}

#[test]
fn dissent_under_a_unanimous_rule_does_not_complete_until_it_is_resolved() {
    let mut world = World::ready();
    world.rule(DecisionRule::Unanimous);
    world.sign(council(), View::Agrees).unwrap();
    world.sign(health(), View::Agrees).unwrap();
    world.sign(police(), View::Dissents).unwrap();
    assert!(world.case.decision.complete().is_none());
    world.is_now("2021-09-09");
    world.rule(DecisionRule::Unanimous);
    let resolve = resolution(&world);
    world.must(resolve);
    let round = world.case.decision.complete().unwrap();
    assert_eq!(
        round.completed,
        Some(day("2021-09-09")),
        "the day it was resolved is the day decided"
    );
    assert_eq!(
        round.signature(&police()).unwrap().signature.view,
        View::Dissents,
        "the dissent stays"
    );
}

#[test]
fn a_majority_completes_over_one_dissent_and_not_over_two() {
    for (dissents, complete) in [(1, true), (2, false)] {
        let mut world = World::ready();
        world.rule(DecisionRule::Majority);
        for (at, seat) in [police(), health(), council()].into_iter().enumerate() {
            world
                .sign(
                    seat,
                    if at < dissents {
                        View::Dissents
                    } else {
                        View::Agrees
                    },
                )
                .unwrap();
        }
        assert_eq!(
            world.case.decision.complete().is_some(),
            complete,
            "with {dissents} dissents"
        );
    }
}

#[test]
fn a_resolution_of_one_text_does_not_resolve_dissent_from_the_next() {
    let mut world = World::ready();
    world.sign(police(), View::Dissents).unwrap();
    let resolve = resolution(&world);
    world.must(resolve);
    world.write(Proposal {
        reasons: "A different text altogether.".into(),
        ..yes_text(world.today)
    });
    world.sign(council(), View::Agrees).unwrap();
    world.sign(health(), View::Agrees).unwrap();
    world.sign(police(), View::Dissents).unwrap();
    assert!(world.case.decision.complete().is_none());
}

#[test]
fn a_resolution_does_not_stand_in_for_a_signature_or_for_what_is_missing() {
    let mut world = World::ready();
    world.sign(council(), View::Agrees).unwrap();
    world.sign(police(), View::Dissents).unwrap();
    let resolve = resolution(&world);
    world.must(resolve.clone());
    assert!(
        world.case.decision.complete().is_none(),
        "health has not signed"
    );
    world.sign(health(), View::Agrees).unwrap();
    assert!(world.case.decision.complete().is_some());
}

#[test]
fn each_body_of_a_partner_has_its_own_signature() {
    let north = seat("health", "north-merrow");
    let mut world = World::ready();
    world.seats.push(named(north.clone()));
    for seat in [council(), health(), police()] {
        world.sign(seat, View::Agrees).unwrap();
    }
    assert!(
        world.case.decision.complete().is_none(),
        "the second health board has not signed"
    );
    world.sign(north, View::Agrees).unwrap();
    assert!(world.case.decision.complete().is_some());
}

#[test]
fn the_quorum_counts_partners_and_not_bodies() {
    let north = seat("health", "north-merrow");
    let mut world = World::ready();
    world.rules.decision.must_sign = vec!["health".into(), "police".into()];
    world.seats.push(named(north.clone()));
    for seat in [health(), north, police()] {
        world.sign(seat, View::Agrees).unwrap();
    }
    assert!(
        world.case.decision.complete().is_none(),
        "three signatures of two partners are not three partners"
    );
    world.sign(council(), View::Agrees).unwrap();
    assert!(world.case.decision.complete().is_some());
}

#[test]
fn a_resolution_does_not_replace_the_quorum() {
    let mut world = World::ready();
    world.rules.decision.must_sign = vec!["health".into(), "police".into()];
    world.sign(health(), View::Agrees).unwrap();
    world.sign(police(), View::Dissents).unwrap();
    let resolve = resolution(&world);
    world.must(resolve);
    assert!(world.case.decision.complete().is_none());
}

#[test]
fn a_person_signs_in_person_only_for_a_partner_whose_authority_they_hold_on_that_day() {
    let mut world = World::ready();
    let text = world.text();
    let sign = Asked::Decision(Command::Sign(signature(
        police(),
        View::Agrees,
        Given::InPerson,
        text,
    )));
    world.by = by("Devi Marsh", "deputy delegate", Some("police"));
    world.manages = false;
    for (authorities, may) in [
        (vec![], false),
        (vec![authority(council(), "2021-01-01", None)], false),
        (vec![authority(police(), "2021-09-07", None)], false),
        (
            vec![authority(police(), "2021-01-01", Some("2021-09-05"))],
            false,
        ),
        (
            vec![authority(police(), "2021-09-06", Some("2021-09-06"))],
            true,
        ),
    ] {
        world.authorities = authorities;
        assert_eq!(
            world.act(sign.clone()).is_ok(),
            may,
            "{:?}",
            world.authorities
        );
    }
    let held = world
        .case
        .decision
        .current
        .signature(&police())
        .unwrap()
        .signature
        .authority
        .clone()
        .unwrap();
    assert_eq!(
        (held.from_whom.as_str(), held.until),
        ("the chief officer", Some(day("2021-09-06")))
    );
}

#[test]
fn no_seat_outside_the_partnership_can_sign() {
    let mut world = World::ready();
    let given = on_paper(world.today);
    assert_eq!(
        world.wrong_fields(Asked::Decision(Command::Sign(signature(
            seat("school", "hilltop"),
            View::Agrees,
            given,
            String::new()
        )))),
        ["seat"]
    );
}

#[test]
fn no_agreed_decision_on_the_due_day_is_a_state_with_each_view_and_what_was_sent() {
    let mut world = World::ready();
    let not_agreed = NotAgreed {
        on: world.today,
        views: "Police: no. The others: yes.".into(),
        sent_to_panel: "A letter with both views.".into(),
    };
    assert_eq!(
        world.wrong_fields(Asked::Decision(Command::RecordNotAgreed(NotAgreed {
            views: String::new(),
            ..not_agreed.clone()
        }))),
        ["views"]
    );
    assert_eq!(
        world.wrong_fields(Asked::Decision(Command::RecordNotAgreed(NotAgreed {
            sent_to_panel: String::new(),
            ..not_agreed.clone()
        }))),
        ["sent-to-panel"]
    );
    world.must(Asked::Decision(Command::RecordNotAgreed(
        not_agreed.clone(),
    )));
    assert_eq!(
        cases::stages::stage(&world.case, &world.rules),
        "No agreed decision"
    );
    for seat in [council(), health(), police()] {
        world.sign(seat, View::Agrees).unwrap();
    }
    assert_eq!(
        cases::stages::stage(&world.case, &world.rules),
        "Review under way"
    );
    assert_eq!(
        world.case.decision.current.not_agreed,
        Some(not_agreed),
        "that there was none on the day stays in the record"
    );
}

#[test]
fn the_day_the_partners_decided_starts_the_clock_and_not_the_day_of_the_last_signature() {
    let mut world = World::ready();
    world.sign(council(), View::Agrees).unwrap();
    world.sign(health(), View::Agrees).unwrap();
    world.is_now("2021-09-20");
    world.sign(police(), View::Agrees).unwrap();
    let round = world.case.decision.complete().unwrap();
    assert_eq!(round.completed, Some(day("2021-09-06")));
    assert_eq!(round.completed_at, Some(noon(day("2021-09-20"))));
    let clock = world.clock("publish-report").unwrap();
    assert_eq!(clock.worked.unwrap().start, day("2021-09-06"));
}

#[test]
fn a_complete_decision_cannot_be_changed_viewed_or_signed_again() {
    let mut world = World::decided();
    let text = Asked::Decision(Command::WriteText(yes_text(world.today)));
    assert!(world.does_not_fit(text).contains("reconsideration"));
    let view = Asked::Decision(Command::GiveView(view(&world, health(), View::Dissents)));
    world.does_not_fit(view);
    let sign = Asked::Decision(Command::Sign(signature(
        health(),
        View::Dissents,
        on_paper(world.today),
        String::new(),
    )));
    world.does_not_fit(sign);
    let signed = world
        .case
        .story
        .iter()
        .find(|r| matches!(r.event, Event::Decision(D::Signed(_))))
        .unwrap()
        .number;
    let mark = cases::closing::Mark {
        entry: signed,
        why: "wrong".into(),
        correction: None,
        hidden: false,
        visible_to: Vec::new(),
    };
    world.does_not_fit(Asked::Closing(cases::closing::Event::EntryMarked(mark)));
}

#[test]
fn a_slip_is_corrected_by_a_dated_note_that_changes_neither_outcome_nor_reasons() {
    let word = |text: &str| {
        text.split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let mut world = World::ready();
    let slip = Slip {
        stands: word(&world.case.decision.current.proposal.reasons),
        should_say: "Tilbrook".into(),
    };
    world.does_not_fit(Asked::Decision(Command::CorrectSlip(slip.clone())));
    let mut world = World::decided();
    let wrong = |world: &mut World, stands: &str, field: &str| {
        let slip = Slip {
            stands: stands.into(),
            should_say: "something else".into(),
        };
        assert_eq!(
            world.wrong_fields(Asked::Decision(Command::CorrectSlip(slip))),
            [field],
            "{stands}"
        );
    };
    wrong(&mut world, "words that nobody signed", "stands");
    let signed = world.text();
    for start in ["1. ", "2. "] {
        let line = signed
            .lines()
            .find(|l| l.starts_with(start))
            .unwrap_or_default()
            .to_owned();
        wrong(&mut world, &line, "should-say");
    }
    let finding = signed
        .lines()
        .find(|l| l.starts_with("- "))
        .and_then(|l| l.split(". ").next())
        .unwrap_or_default()
        .to_owned();
    wrong(&mut world, &finding, "should-say");
    let before = (world.case.decision.current.proposal.clone(), world.text());
    world.is_now("2021-09-10");
    world.must(Asked::Decision(Command::CorrectSlip(slip.clone())));
    let round = world.case.decision.complete().unwrap();
    assert_eq!(
        (&round.slips[0].0, round.slips[0].2),
        (&slip, noon(day("2021-09-10")))
    );
    assert_eq!(
        (world.case.decision.current.proposal.clone(), world.text()),
        before
    );
    assert!(round.signatures.iter().all(|s| !s.set_aside));
}

#[test]
fn a_reconsideration_is_a_new_decision_that_says_why_and_both_stay() {
    let mut world = World::ready();
    world.does_not_fit(Asked::Decision(Command::Reconsider {
        why: "the Panel's letter".into(),
    }));
    let mut world = World::decided();
    assert_eq!(
        world.wrong_fields(Asked::Decision(Command::Reconsider { why: " ".into() })),
        ["why"]
    );
    world.must(Asked::Decision(Command::Reconsider {
        why: "the Panel's letter of 20 September".into(),
    }));
    assert_eq!(world.case.decision.earlier.len(), 1);
    assert_eq!(world.case.decision.earlier[0].completed, Some(world.today));
    assert_eq!(
        world.case.decision.complete().unwrap().proposal.conduct,
        Some(true),
        "the earlier one stands until the new one is complete"
    );
    world.is_now("2021-09-27");
    world.write(no_text(&world));
    for seat in [council(), health(), police()] {
        world.sign(seat, View::Agrees).unwrap();
    }
    assert!(world.text().contains("the Panel's letter of 20 September"));
    assert_eq!(
        world.case.decision.complete().unwrap().proposal.conduct,
        Some(false)
    );
    assert_eq!(world.case.decision.earlier[0].proposal.conduct, Some(true));
    assert_eq!(world.case.decision.earlier[0].signatures.len(), 3);
}

#[test]
fn a_route_that_the_edition_does_not_have_is_refused_and_one_that_needs_a_finding_waits_for_it() {
    let mut world = World::considered();
    let text = Proposal {
        routes: vec!["tribunal".into()],
        ..no_text(&world)
    };
    assert_eq!(
        world.wrong_fields(Asked::Decision(Command::WriteText(text))),
        ["routes"]
    );
    let route = world
        .rules
        .routes
        .iter_mut()
        .find(|r| r.id.as_str() == "reflective-review")
        .unwrap();
    route.needs_findings = vec![("recurrent-themes".into(), guidance::Weight::Yes)];
    world.write(no_text(&world));
    assert_eq!(
        refused_as_not_ready(world.sign(council(), View::Agrees)).len(),
        1
    );
    world.must(consider(found("recurrent-themes", "does")));
    world.sign(council(), View::Agrees).unwrap();
}
