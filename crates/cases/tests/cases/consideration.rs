//! The definition and the consideration: what each finding needs, who finds, and what the outcome is.

use cases::consideration::{Finding, PartnerFinding};
use cases::definition::Outcome;
use cases::people::{Child, Command as People, Part};
use cases::{Command, ConsideredBy};

use crate::world::*;

fn outcome(world: &World) -> Outcome {
    world
        .case
        .definition
        .case_outcome(&world.case, &world.rules)
}

#[test]
fn the_edition_asks_the_four_criteria_and_the_four_circumstances_of_the_procedure() {
    let world = World::opened();
    assert_eq!(
        world
            .rules
            .criteria
            .iter()
            .map(|e| e.id.as_str())
            .collect::<Vec<_>>(),
        [
            "improvements",
            "recurrent-themes",
            "working-together",
            "panel-conclusion"
        ]
    );
    assert_eq!(
        world
            .rules
            .circumstances
            .iter()
            .map(|e| e.id.as_str())
            .collect::<Vec<_>>(),
        [
            "single-agency",
            "no-agency",
            "several-areas",
            "institutional"
        ]
    );
}

#[test]
fn the_definition_is_met_when_abuse_or_neglect_is_known_or_suspected_and_the_child_died_or_was_seriously_harmed()
 {
    for cause in ["known", "suspected"] {
        let mut world = World::with_people();
        assert_eq!(outcome(&world), Outcome::NotYetKnown);
        world.must(test(limb_test(
            "girl",
            "abuse-or-neglect",
            "met",
            Some(cause),
        )));
        assert_eq!(
            outcome(&world),
            Outcome::NotYetKnown,
            "one limb is not enough"
        );
        world.must(test(limb_test(
            "girl",
            "died-or-seriously-harmed",
            "met",
            Some("died"),
        )));
        assert_eq!(outcome(&world), Outcome::Met);
        world.must(test(limb_test("girl", "abuse-or-neglect", "not-met", None)));
        assert_eq!(outcome(&world), Outcome::NotMet);
        world.must(test(limb_test(
            "girl",
            "abuse-or-neglect",
            "not-yet-known",
            None,
        )));
        assert_eq!(outcome(&world), Outcome::NotYetKnown);
    }
}

#[test]
fn a_limb_that_is_met_says_in_which_way_and_one_not_yet_known_says_what_is_needed() {
    let mut world = World::with_people();
    assert_eq!(
        world.wrong_fields(test(limb_test("girl", "abuse-or-neglect", "met", None))),
        ["option"]
    );
    assert_eq!(
        world.wrong_fields(test(limb_test("girl", "abuse-or-neglect", "perhaps", None))),
        ["finding"]
    );
    let mut open = limb_test("girl", "abuse-or-neglect", "not-yet-known", None);
    open.needed.clear();
    assert_eq!(world.wrong_fields(test(open)), ["needed"]);
    let mut bare = limb_test("girl", "abuse-or-neglect", "not-met", None);
    bare.reasons = "  ".into();
    assert_eq!(world.wrong_fields(test(bare)), ["reasons"]);
}

#[test]
fn serious_harm_needs_a_kind_of_impairment_and_the_list_is_open() {
    let mut world = World::with_people();
    world.must(Command::People(People::RecordChild(Child {
        parts: vec![Part::Subject],
        ..brother()
    })));
    let harmed = limb_test(
        "brother",
        "died-or-seriously-harmed",
        "met",
        Some("seriously-harmed"),
    );
    let kinds: Vec<String> = world
        .rules
        .definition
        .harm_kinds
        .iter()
        .map(|h| h.id.clone())
        .collect();
    assert_eq!(
        kinds,
        [
            "physical-health",
            "mental-health",
            "intellectual",
            "emotional",
            "social",
            "behavioural",
            "other"
        ]
    );
    assert_eq!(world.wrong_fields(test(harmed.clone())), ["harm"]);
    let other = cases::definition::LimbTest {
        harm: vec!["other".into()],
        ..harmed.clone()
    };
    assert_eq!(world.wrong_fields(test(other.clone())), ["other-harm"]);
    world.must(test(cases::definition::LimbTest {
        other_harm: "the loss of a limb".into(),
        ..other
    }));
    let unknown = cases::definition::LimbTest {
        harm: vec!["reputation".into()],
        ..harmed.clone()
    };
    assert_eq!(world.wrong_fields(test(unknown)), ["harm"]);
    for kind in kinds.into_iter().filter(|k| k != "other") {
        world.must(test(cases::definition::LimbTest {
            harm: vec![kind],
            ..harmed.clone()
        }));
    }
}

#[test]
fn the_pack_says_for_which_way_of_meeting_a_limb_a_kind_of_impairment_is_needed() {
    let mut world = World::with_people();
    let limb = |option| limb_test("girl", "died-or-seriously-harmed", "met", Some(option));
    // The girl has died: the way that is chosen decides, not what is recorded of her life.
    assert_eq!(world.wrong_fields(test(limb("seriously-harmed"))), ["harm"]);
    world.must(test(limb("died")));
    for limb in &mut world.rules.definition.limbs {
        for option in limb.options.iter_mut().filter(|o| o.id == "died") {
            option.needs_harm_kinds = Some(true);
        }
    }
    assert_eq!(world.wrong_fields(test(limb("died"))), ["harm"]);
}

#[test]
fn recovery_does_not_rule_serious_harm_out_and_long_term_need_not_be_certain() {
    let mut world = World::with_people();
    world.must(test(limb_test(
        "girl",
        "abuse-or-neglect",
        "met",
        Some("suspected"),
    )));
    for long_term in [
        None,
        Some(cases::definition::LongTerm::NotKnown),
        Some(cases::definition::LongTerm::Likely),
    ] {
        world.must(test(cases::definition::LimbTest {
            harm: vec!["physical-health".into()],
            recovery: "She has recovered fully.".into(),
            long_term,
            ..limb_test(
                "girl",
                "died-or-seriously-harmed",
                "met",
                Some("seriously-harmed"),
            )
        }));
        assert_eq!(outcome(&world), Outcome::Met);
    }
    for note in [
        "likely-long-term",
        "recovery",
        "child-who-may-have-caused-harm",
    ] {
        assert!(
            world
                .rules
                .definition
                .notes
                .iter()
                .any(|n| n.id.as_str() == note),
            "the page reminds of `{note}`"
        );
    }
}

#[test]
fn the_case_meets_the_definition_when_one_subject_does() {
    let mut world = World::with_people();
    world.must(Command::People(People::RecordChild(Child {
        parts: vec![Part::Subject],
        ..brother()
    })));
    world.test_every_limb("girl");
    assert_eq!(outcome(&world), Outcome::Met);
    world.must(test(limb_test(
        "brother",
        "abuse-or-neglect",
        "not-met",
        None,
    )));
    assert_eq!(outcome(&world), Outcome::Met);
}

#[test]
fn a_child_who_may_have_caused_harm_can_be_a_subject() {
    let mut world = World::with_people();
    assert!(
        world
            .does_not_fit(test(limb_test(
                "brother",
                "abuse-or-neglect",
                "met",
                Some("known")
            )))
            .contains("give the child that part first")
    );
    world.must(Command::People(People::RecordChild(Child {
        parts: vec![Part::MayHaveCausedHarm, Part::Subject],
        ..brother()
    })));
    world.test_every_limb("brother");
    assert_eq!(
        world.case.definition.outcome("brother", &world.rules),
        Outcome::Met
    );
    assert_eq!(
        Part::MayHaveCausedHarm.words(),
        "child who may have caused harm"
    );
}

#[test]
fn an_empty_reason_is_refused_and_a_thin_one_is_only_pointed_out() {
    let mut world = World::with_people();
    let empty = Finding {
        reasons: " \n".into(),
        ..found("improvements", "does")
    };
    assert_eq!(world.wrong_fields(consider(empty)), ["reasons"]);
    let thin = Finding {
        reasons: "Yes.".into(),
        ..found("improvements", "does")
    };
    assert!(!cases::reasons::thin(&thin.reasons, "q", []).is_empty());
    world.must(consider(thin));
}

#[test]
fn the_manager_writes_down_and_does_not_find() {
    let mut world = World::with_people();
    let alone = ConsideredBy {
        people: manager().name,
        ..ConsideredBy::default()
    };
    for by in [ConsideredBy::default(), alone.clone()] {
        assert_eq!(
            world.wrong_fields(consider(Finding {
                considered_by: by.clone(),
                ..found("improvements", "does")
            })),
            ["considered-people"]
        );
        let mut limb = limb_test("girl", "abuse-or-neglect", "not-met", None);
        limb.considered_by = by;
        assert_eq!(world.wrong_fields(test(limb)), ["considered-people"]);
    }
    let with = ConsideredBy {
        partners: vec!["police".into()],
        ..alone
    };
    world.must(consider(Finding {
        considered_by: with,
        ..found("improvements", "does")
    }));
    assert_eq!(
        world.case.consideration.of("improvements").unwrap().by,
        manager(),
        "who wrote it down is kept"
    );
}

#[test]
fn a_finding_that_is_not_agreed_names_each_partners_own() {
    let mut world = World::with_people();
    let split = Finding {
        agreed: false,
        ..found("improvements", "may")
    };
    assert_eq!(world.wrong_fields(consider(split.clone())), ["partners"]);
    let own = |finding: &str| PartnerFinding {
        partner: "police".into(),
        finding: finding.into(),
        reasons: "Known since March.".into(),
    };
    assert_eq!(
        world.wrong_fields(consider(Finding {
            partners: vec![own("perhaps")],
            ..split.clone()
        })),
        ["partners"]
    );
    world.must(consider(Finding {
        partners: vec![own("does-not")],
        ..split
    }));
    let element = world.rules.element(&"improvements".into()).unwrap().clone();
    assert!(
        world
            .case
            .consideration
            .words(&element)
            .unwrap()
            .starts_with("Not agreed")
    );
}

#[test]
fn the_panels_conclusion_has_its_own_answers() {
    let mut world = World::with_people();
    for finding in [
        "not-yet-considered",
        "concluded-local-review",
        "did-not-so-conclude",
    ] {
        world.must(consider(found("panel-conclusion", finding)));
    }
    assert_eq!(
        world.wrong_fields(consider(found("panel-conclusion", "may"))),
        ["finding"]
    );
}

#[test]
fn evidence_is_a_statement_with_its_source_or_a_document_with_its_holder() {
    let mut world = World::with_people();
    let without = cases::Evidence::Statement {
        text: "Two visits".into(),
        source: " ".into(),
    };
    assert_eq!(
        world.wrong_fields(consider(Finding {
            evidence: vec![without],
            ..found("improvements", "does")
        })),
        ["evidence-0-source"]
    );
    let paper = cases::Evidence::Document {
        title: "Chronology".into(),
        dated: None,
        holder: String::new(),
        kept: "shelf 4".into(),
        file: String::new(),
    };
    assert_eq!(
        world.wrong_fields(consider(Finding {
            evidence: vec![statement(), paper],
            ..found("improvements", "does")
        })),
        ["evidence-1-holder"]
    );
}

#[test]
fn a_day_to_look_again_lies_ahead_and_belongs_only_to_what_is_not_known() {
    let mut world = World::with_people();
    let today = world.today;
    let open = Finding {
        look_again: Some(today),
        ..found("no-agency", "not-known")
    };
    assert_eq!(world.wrong_fields(consider(open)), ["look-again"]);
    world.must(consider(Finding {
        look_again: Some(day("2021-10-01")),
        missing: "x".into(),
        ..found("no-agency", "does")
    }));
    assert!(world.clock("look-again-no-agency").is_none());
}

#[test]
fn what_was_considered_cannot_lie_in_the_future() {
    let mut world = World::with_people();
    let tomorrow = ConsideredBy {
        on: Some(day("2021-09-07")),
        ..meeting()
    };
    assert_eq!(
        world.wrong_fields(consider(Finding {
            considered_by: tomorrow,
            ..found("improvements", "does")
        })),
        ["considered-on"]
    );
}
