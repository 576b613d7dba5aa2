//! The people: pseudonyms that are never an initial, parts, ages tied to a day, and births that are only expected.

use cases::Command as Asked;
use cases::people::{
    Because, Birth, Child, Command, Life, Part, PseudonymChange, Relationship, Withdrawn,
    suggest_pseudonym,
};

use crate::world::*;

fn child(child: Child) -> Asked {
    Asked::People(Command::RecordChild(child))
}

fn rename(to: &str, why: &str) -> Asked {
    Asked::People(Command::ChangePseudonym(PseudonymChange {
        child: "girl".into(),
        pseudonym: to.into(),
        why: why.into(),
    }))
}

#[test]
fn a_pseudonym_is_never_an_initial_a_name_or_taken() {
    let mut world = World::with_people();
    for bad in [
        "Child W",
        "Child H",
        "W",
        "w",
        "W.",
        "WH",
        "W.H.",
        "W. H.",
        "HW",
        "Child WH",
        "Wren",
        "child hollins",
        "Child B",
        "child b",
        " ",
    ] {
        assert_eq!(
            world.wrong_fields(rename(bad, "the family's wish")),
            ["pseudonym"],
            "`{bad}`"
        );
    }
    for good in ["Child C", "Robin", "Star", "Willow"] {
        world.must(rename(good, "the family's wish"));
    }
}

#[test]
fn a_pseudonym_is_suggested_that_is_no_initial_of_anyone_in_the_case() {
    let mut world = World::opened();
    world.must(child(Child {
        id: String::new(),
        name: "Ansel Brook".into(),
        parts: vec![Part::Subject],
        life: Life::Living,
        ..Child::default()
    }));
    assert_eq!(world.case.people.children[0].pseudonym, "Child C");
    assert_eq!(suggest_pseudonym(&world.case.people, None), "Child D");
}

#[test]
fn a_pseudonym_changes_at_the_familys_wish_on_its_own_and_the_old_one_is_kept() {
    let mut world = World::with_people();
    assert_eq!(
        world.wrong_fields(child(Child {
            pseudonym: "Robin".into(),
            ..girl_who_died()
        })),
        ["pseudonym"]
    );
    assert_eq!(world.wrong_fields(rename("Robin", "")), ["why"]);
    world.must(rename("Robin", "her mother asked for it"));
    assert_eq!(world.case.people.called("girl"), "Robin");
    assert_eq!(
        world.case.people.earlier_pseudonyms,
        [("girl".to_owned(), "Child A".to_owned())]
    );
}

#[test]
fn a_new_name_sets_signatures_over_the_old_text_aside() {
    let mut world = World::ready();
    world
        .sign(council(), cases::decision::View::Agrees)
        .unwrap();
    world.must(rename("Robin", "her mother asked for it"));
    assert!(world.case.decision.current.signature(&council()).is_none());
}

#[test]
fn what_is_learned_about_a_child_beside_the_text_leaves_signatures_alone() {
    let mut world = World::ready();
    world
        .sign(council(), cases::decision::View::Agrees)
        .unwrap();
    world.must(child(Child {
        about: "She liked the sea.".into(),
        ..girl_who_died()
    }));
    assert!(world.case.decision.current.signature(&council()).is_some());
}

#[test]
fn ages_are_always_tied_to_a_day() {
    let today = day("2021-09-06");
    let girl = girl_who_died();
    assert_eq!(girl.age_words(None, today), "16 months when she died");
    assert_eq!(
        girl.age_words(None, day("2026-09-06")),
        "16 months when she died",
        "the age does not grow after a death"
    );
    let living = Child {
        life: Life::Living,
        harmed_on: Some(day("2021-05-10")),
        ..girl.clone()
    };
    assert_eq!(living.age_words(None, today), "12 months when harmed");
    let other = Child {
        parts: vec![Part::OtherChild],
        ..living.clone()
    };
    assert_eq!(
        other.age_words(Some(day("2021-08-03")), today),
        "15 months on the day of the incident"
    );
    assert!(other.age_words(None, today).contains(" on "));
    let unborn = Child {
        birth: Birth::Expected {
            on: day("2021-12-01"),
        },
        ..other.clone()
    };
    assert!(unborn.age_words(None, today).starts_with("birth expected"));
    assert_eq!(
        Child {
            birth: Birth::NotYetKnown,
            ..other
        }
        .age_words(None, today),
        "age not yet known"
    );
    assert_eq!(
        Child {
            life: Life::Died { on: None },
            ..girl
        }
        .age_words(None, today),
        "age at death not yet known"
    );
}

#[test]
fn a_birth_may_be_expected_but_a_birth_that_happened_and_a_death_may_not_lie_ahead() {
    let mut world = World::opened();
    let ahead = day("2021-12-01");
    let base = Child {
        id: "new".into(),
        parts: vec![Part::OtherChild],
        life: Life::Living,
        ..Child::default()
    };
    assert_eq!(
        world.wrong_fields(child(Child {
            birth: Birth::On { on: ahead },
            ..base.clone()
        })),
        ["born"]
    );
    assert_eq!(
        world.wrong_fields(child(Child {
            life: Life::Died { on: Some(ahead) },
            ..base.clone()
        })),
        ["died"]
    );
    assert_eq!(
        world.wrong_fields(child(Child {
            harmed_on: Some(ahead),
            ..base.clone()
        })),
        ["harmed-on"]
    );
    let backwards = Child {
        birth: Birth::On {
            on: day("2021-05-01"),
        },
        life: Life::Died {
            on: Some(day("2021-04-30")),
        },
        ..base.clone()
    };
    assert_eq!(world.wrong_fields(child(backwards)), ["died"]);
    world.must(child(Child {
        birth: Birth::Expected { on: ahead },
        ..base
    }));
}

#[test]
fn a_child_has_at_least_one_part_and_may_have_more() {
    let mut world = World::opened();
    assert_eq!(
        world.wrong_fields(child(Child {
            id: "x".into(),
            life: Life::Living,
            ..Child::default()
        })),
        ["parts"]
    );
    world.must(child(Child {
        id: "x".into(),
        parts: Part::ALL.to_vec(),
        life: Life::Living,
        ..Child::default()
    }));
    assert_eq!(world.case.people.subjects().count(), 1);
}

#[test]
fn what_is_not_yet_known_of_a_child_is_listed() {
    let known = Child {
        parts: vec![Part::Subject],
        ..Child::default()
    }
    .not_yet_known();
    assert_eq!(
        known,
        [
            "birth",
            "whether the child is living",
            "care status",
            "plan status",
            "ethnicity",
            "disability",
            "language"
        ]
    );
    assert!(
        Child {
            life: Life::Died { on: None },
            ..Child::default()
        }
        .not_yet_known()
        .contains(&"day of death")
    );
}

#[test]
fn a_relationship_joins_two_different_people_and_says_how() {
    let mut world = World::with_people();
    let related = |other: &str, kind: &str| {
        Asked::People(Command::RecordRelationship(Relationship {
            one: "mother".into(),
            kind: kind.into(),
            other: other.into(),
            from: String::new(),
            until: String::new(),
        }))
    };
    assert_eq!(world.wrong_fields(related("mother", "sister")), ["other"]);
    assert_eq!(world.wrong_fields(related("girl", " ")), ["kind"]);
    world.must(related("girl", "mother"));
    world.must(related("girl", "mother"));
    assert_eq!(world.case.people.relationships.len(), 1);
}

fn related(kind: &str) -> Asked {
    Asked::People(Command::RecordRelationship(Relationship {
        one: "mother".into(),
        kind: kind.into(),
        other: "girl".into(),
        from: "birth".into(),
        until: String::new(),
    }))
}

fn withdrawn(kind: &str, because: Because, why: &str) -> Asked {
    Asked::People(Command::WithdrawRelationship(Withdrawn {
        one: "mother".into(),
        kind: kind.into(),
        other: "girl".into(),
        because,
        why: why.into(),
    }))
}

#[test]
fn a_relationship_is_taken_off_with_a_reason_and_only_if_it_is_there() {
    let mut world = World::with_people();
    world.must(related("aunt"));
    world.must(related("carer"));
    assert_eq!(
        world.wrong_fields(withdrawn("aunt", Because::InError, " ")),
        ["why"]
    );
    world.does_not_fit(withdrawn("sister", Because::InError, "a slip"));
    world.must(withdrawn("aunt", Because::InError, "She is the mother."));
    let kinds = |world: &World| -> Vec<String> {
        let list = world.case.people.relationships.iter();
        list.map(|r| r.kind.clone()).collect()
    };
    assert_eq!(kinds(&world), ["carer"]);
    assert!(world.case.people.former_relationships.is_empty());
    world.does_not_fit(withdrawn("aunt", Because::InError, "a second time"));
}

#[test]
fn what_once_was_so_stays_beside_what_is_so_until_it_is_so_again() {
    let mut world = World::with_people();
    world.must(related("carer"));
    let why = "The child went to live with her grandmother.";
    world.must(withdrawn("carer", Because::NoLonger, why));
    assert!(world.case.people.relationships.is_empty());
    let [(former, reason)] = world.case.people.former_relationships.as_slice() else {
        panic!("one former relationship");
    };
    assert_eq!((former.kind.as_str(), reason.as_str()), ("carer", why));
    world.must(related("carer"));
    assert_eq!(world.case.people.relationships.len(), 1);
    assert!(
        world.case.people.former_relationships.is_empty(),
        "it is not said to be both"
    );
}

#[test]
fn a_relationship_taken_off_still_stands_on_the_days_before_and_in_the_story() {
    let mut world = World::with_people();
    world.must(related("aunt"));
    let then = world.today;
    world.is_now("2021-09-20");
    world.must(withdrawn("aunt", Because::InError, "She is the mother."));
    let past = world.case.as_it_stood(noon(then));
    assert_eq!(past.people.relationships.len(), 1);
    assert!(world.case.people.relationships.is_empty());
    let lines = cases::story::story(&world.case, &world.rules, |_| true);
    let said: Vec<&str> = lines.iter().map(|line| line.said.as_str()).collect();
    assert!(
        said.iter()
            .any(|s| s.starts_with("recorded that") && s.ends_with("was recorded in error")),
        "{said:?}"
    );
    let why = lines.last().unwrap().details.iter();
    assert!(
        why.map(|(_, words)| words.as_str())
            .any(|w| w == "She is the mother.")
    );
}

#[test]
fn taking_a_relationship_off_in_error_brings_it_back_when_that_entry_is_marked() {
    let mut world = World::with_people();
    world.must(related("aunt"));
    let entry = world.must(withdrawn("aunt", Because::InError, "the wrong case"))[0].number;
    world.must(Asked::Closing(cases::closing::Event::EntryMarked(
        cases::closing::Mark {
            entry,
            why: "it was about another case".into(),
            correction: None,
            hidden: false,
            visible_to: Vec::new(),
        },
    )));
    assert_eq!(world.case.people.relationships.len(), 1);
}

#[test]
fn a_case_file_keeps_that_a_relationship_was_taken_off() {
    let mut world = World::with_people();
    world.must(related("aunt"));
    world.must(withdrawn("aunt", Because::InError, "She is the mother."));
    let file = cases::case_file::CaseFile::of(&world.case, &world.rules.id);
    let text = serde_json::to_string(&file).unwrap();
    let again = cases::case_file::CaseFile::parse(&text).unwrap();
    assert_eq!(again, file);
    assert!(again.relationships.is_empty());
    let kinds: Vec<String> = again.events().map(|e| e.kind()).collect();
    assert!(kinds.contains(&"people.relationship-withdrawn".to_owned()));
}

#[test]
fn only_a_child_of_the_case_moves_to_another_one() {
    let mut world = World::with_people();
    world.does_not_fit(Asked::People(Command::MoveChild {
        child: "stranger".into(),
        to: "MER-2021-005".into(),
    }));
    world.must(Asked::People(Command::MoveChild {
        child: "brother".into(),
        to: "MER-2021-005".into(),
    }));
    assert!(world.case.people.child("brother").is_none());
    assert_eq!(
        world.case.people.moved,
        [("brother".to_owned(), "MER-2021-005".to_owned())]
    );
}
