//! Linking, closing with a reason, re-opening, and who may see a case.

use cases::closing::{Closed, Event as Whole, Reason};
use cases::members::{Event as Member, Part};
use cases::{Command as Asked, Refusal};

use crate::world::*;

fn close(reason: Reason, other: &str) -> Asked {
    Asked::Closing(Whole::CaseClosed(Closed {
        reason,
        words: "Agreed at the meeting of 6 September.".into(),
        other: other.into(),
    }))
}

fn add(person: &str, part: Part) -> Asked {
    Asked::Members(Member::MemberAdded {
        person: person.into(),
        name: "Someone".into(),
        part,
        why: String::new(),
        agency: None,
        until: None,
    })
}

fn bar(person: &str, why: &str) -> Asked {
    Asked::Members(Member::PersonBarred {
        person: person.into(),
        name: "Someone".into(),
        why: why.into(),
    })
}

#[test]
fn a_case_is_closed_with_a_reason_and_words() {
    for reason in Reason::ALL {
        let mut world = World::opened();
        let bare = Closed {
            reason,
            words: " ".into(),
            other: "MER-2021-002".into(),
        };
        assert_eq!(
            world.wrong_fields(Asked::Closing(Whole::CaseClosed(bare))),
            ["words"]
        );
        if matches!(reason, Reason::Duplicate | Reason::AnotherAreaLeads) {
            assert_eq!(world.wrong_fields(close(reason, "")), ["other"]);
        }
        world.must(close(reason, "MER-2021-002"));
        assert!(!world.case.is_open());
        assert_eq!(cases::stages::stage(&world.case, &world.rules), "Closed");
        world.does_not_fit(close(reason, "MER-2021-002"));
    }
}

#[test]
fn a_closed_case_is_re_opened_with_the_reason_before_anything_else_is_recorded_but_the_family_can_always_be_written_to()
 {
    let mut world = World::with_people();
    assert!(matches!(
        world.act(Asked::Closing(Whole::CaseReopened {
            why: "new facts".into()
        })),
        Err(Refusal::DoesNotFit(_))
    ));
    world.must(close(Reason::NotMet, ""));
    assert!(
        world
            .does_not_fit(consider(found("improvements", "does")))
            .contains("re-open")
    );
    let check = cases::family::SafetyCheck {
        person: "mother".into(),
        ..Default::default()
    };
    world.must(Asked::Family(cases::family::Command::CheckSafety(check)));
    assert_eq!(
        world.wrong_fields(Asked::Closing(Whole::CaseReopened { why: String::new() })),
        ["why"]
    );
    world.must(Asked::Closing(Whole::CaseReopened {
        why: "the post-mortem report has come".into(),
    }));
    world.must(consider(found("improvements", "does")));
}

#[test]
fn cases_are_linked_once_with_the_reason() {
    let mut world = World::opened();
    let link = |to: &str, why: &str| {
        Asked::Closing(Whole::CaseLinked {
            to: to.into(),
            why: why.into(),
        })
    };
    assert_eq!(world.wrong_fields(link("", "x")), ["to"]);
    assert_eq!(world.wrong_fields(link("MER-2021-002", "")), ["why"]);
    world.must(link("MER-2021-002", "the same household"));
    assert_eq!(world.wrong_fields(link("MER-2021-002", "again")), ["to"]);
}

#[test]
fn a_split_names_children_and_leaves_at_least_one() {
    let mut world = World::with_people();
    let split = |children: &[&str], why: &str| {
        Asked::Closing(Whole::CaseSplit {
            to: "MER-2021-005".into(),
            children: children.iter().map(|c| (*c).to_owned()).collect(),
            why: why.into(),
        })
    };
    assert_eq!(world.wrong_fields(split(&[], "x")), ["children"]);
    assert_eq!(
        world.wrong_fields(split(&["girl", "brother"], "x")),
        ["children"]
    );
    assert_eq!(world.wrong_fields(split(&["brother"], "")), ["why"]);
    world.must(split(&["brother"], "another household"));
    assert_eq!(world.case.closing.splits.len(), 1);
}

#[test]
fn a_person_who_is_barred_has_no_part_until_the_bar_is_lifted() {
    let mut world = World::opened();
    world.must(add("runs", Part::Manages));
    world.must(add("reads", Part::Reads));
    assert_eq!(world.wrong_fields(bar("reads", "")), ["why"]);
    assert_eq!(
        world.wrong_fields(bar("runs", "related")),
        ["person"],
        "hand the case over first"
    );
    world.must(bar("reads", "a neighbour of the family"));
    assert_eq!(world.case.members.part("reads"), None);
    assert!(!world.case.members.admitted().contains("reads"));
    assert_eq!(world.wrong_fields(add("reads", Part::Decides)), ["person"]);
    let hand = Member::HandedOver {
        from: "runs".into(),
        to: "reads".into(),
        name: "Someone".into(),
        why: "leave".into(),
    };
    assert_eq!(
        world.wrong_fields(Asked::Members(hand)),
        ["person".replace("person", "to")]
    );
    world.must(Asked::Members(Member::BarLifted {
        person: "reads".into(),
        why: "it was someone of the same name".into(),
    }));
    assert_eq!(world.case.members.part("reads"), Some(Part::Reads));
}

#[test]
fn whoever_runs_the_case_cannot_be_removed_before_it_is_handed_over() {
    let mut world = World::opened();
    world.must(add("runs", Part::Manages));
    let remove = Asked::Members(Member::MemberRemoved {
        person: "runs".into(),
        why: "left".into(),
    });
    assert_eq!(world.wrong_fields(remove.clone()), ["person"]);
    world.must(Asked::Members(Member::HandedOver {
        from: "runs".into(),
        to: "next".into(),
        name: "Next".into(),
        why: "left".into(),
    }));
    assert_eq!(world.case.members.owner.as_deref(), Some("next"));
    world.must(remove);
    assert_eq!(world.case.members.part("runs"), None);
}
