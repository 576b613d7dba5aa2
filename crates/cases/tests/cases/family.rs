//! Child and family: informing, the informer's role, what was explained, views that cannot be blank, and a child who has died.

use std::collections::BTreeMap;

use cases::family::{
    Appropriate, Command, Contact, ContactKind, Letter, LetterKind, Principles, SafetyCheck, Views,
    ViewsOf,
};
use cases::people::{Birth, Child, Command as People};
use cases::{Command as Asked, Date, Place};

use crate::world::*;

fn appropriate(person: &str, yes: bool) -> Appropriate {
    Appropriate {
        person: person.into(),
        appropriate: yes,
        reasons: "Her midwife and the investigating officer were asked.".into(),
        decided_by: "the three delegates".into(),
        look_again: (!yes).then(|| day("2021-11-01")),
    }
}

fn contact(person: &str, kind: ContactKind, on: Date) -> Contact {
    Contact {
        person: person.into(),
        kind,
        on,
        time: "10:15am".into(),
        by_whom: "Maud Ellery".into(),
        role: "chair".into(),
        on_behalf: String::new(),
        how: "in person, at her sister's home".into(),
        words: "She asked who would read it.".into(),
        explained: BTreeMap::new(),
        promise: String::new(),
        promise_keeper: String::new(),
    }
}

fn record(contact: Contact) -> Asked {
    Asked::Family(Command::RecordContact(contact))
}

fn views(person: &str, views: Views) -> Asked {
    Asked::Family(Command::RecordViews(ViewsOf {
        person: person.into(),
        views,
    }))
}

fn not_asked() -> Views {
    Views::NotAsked {
        who: "the three delegates".into(),
        on: day("2021-09-06"),
        why: "He is to be interviewed first.".into(),
        look_again: day("2021-10-04"),
    }
}

#[test]
fn a_child_who_has_died_has_no_informing_step_letter_or_views_question() {
    let mut world = World::decided();
    let today = world.today;
    assert!(!cases::family::to_consider(&world.case).contains(&"girl".to_owned()));
    assert!(
        cases::family::missing(&world.case, &world.rules)
            .iter()
            .all(|m| m.place != Place::Family("girl".into()))
    );
    let letter = Letter {
        person: "girl".into(),
        kind: LetterKind::YoungerChild,
        salutation: "Dear".into(),
        text: "Text".into(),
        signed_by: "Maud Ellery, chair".into(),
        dated: today,
    };
    for command in [
        Asked::Family(Command::DecideAppropriate(appropriate("girl", true))),
        record(contact("girl", ContactKind::ToldOfDecision, today)),
        views("girl", Views::NotYetAsked),
        Asked::Family(Command::CheckSafety(SafetyCheck {
            person: "girl".into(),
            ..SafetyCheck::default()
        })),
        Asked::Family(Command::ReleaseLetter(letter)),
        Asked::Family(Command::KeepPromise {
            person: "girl".into(),
            promise: "call".into(),
            on: today,
        }),
    ] {
        assert!(world.does_not_fit(command).contains("has died"));
    }
}

#[test]
fn each_living_child_and_relevant_family_member_is_considered_and_an_unborn_child_is_not() {
    let mut world = World::decided();
    world.must(Asked::People(People::RecordChild(Child {
        id: "unborn".into(),
        pseudonym: "Child C".into(),
        birth: Birth::Expected {
            on: day("2021-12-01"),
        },
        ..brother()
    })));
    assert_eq!(
        cases::family::to_consider(&world.case),
        ["brother", "mother"]
    );
    let missing = cases::family::missing(&world.case, &world.rules);
    for person in ["brother", "mother"] {
        assert_eq!(
            missing
                .iter()
                .filter(|m| m.place == Place::Family(person.into()))
                .count(),
            2,
            "informing and views: {missing:?}"
        );
    }
}

#[test]
fn whether_informing_is_appropriate_needs_reasons_and_a_no_needs_a_day_to_look_again() {
    let mut world = World::with_people();
    let no_reason = Appropriate {
        reasons: String::new(),
        ..appropriate("mother", true)
    };
    assert_eq!(
        world.wrong_fields(Asked::Family(Command::DecideAppropriate(no_reason))),
        ["reasons"]
    );
    let no_day = Appropriate {
        look_again: None,
        ..appropriate("mother", false)
    };
    assert_eq!(
        world.wrong_fields(Asked::Family(Command::DecideAppropriate(no_day))),
        ["look-again"]
    );
    world.must(Asked::Family(Command::DecideAppropriate(appropriate(
        "mother", false,
    ))));
    assert_eq!(
        world.clock("look-again-inform-mother").unwrap().due,
        Some(day("2021-11-01"))
    );
}

#[test]
fn told_of_the_decision_needs_a_decision_and_early_contact_is_contact() {
    let mut world = World::ready();
    let today = world.today;
    assert_eq!(
        world.wrong_fields(record(contact(
            "mother",
            ContactKind::ToldOfDecision,
            today
        ))),
        ["kind"]
    );
    world.must(record(contact("mother", ContactKind::Contact, today)));
    let mut world = World::decided();
    assert_eq!(
        world.wrong_fields(record(contact(
            "mother",
            ContactKind::ToldOfDecision,
            day("2021-09-05")
        ))),
        ["on"]
    );
    world.must(record(contact(
        "mother",
        ContactKind::ToldOfDecision,
        today,
    )));
    assert!(world.case.family.people["mother"].told().is_some());
}

#[test]
fn the_role_the_procedure_names_tells_the_family_or_someone_on_its_behalf_with_the_reason() {
    let mut world = World::decided();
    assert_eq!(world.rules.family.informer.as_str(), "chair");
    let other = Contact {
        role: "business-manager".into(),
        ..contact("mother", ContactKind::ToldOfDecision, world.today)
    };
    assert_eq!(world.wrong_fields(record(other.clone())), ["on-behalf"]);
    world.must(record(Contact {
        on_behalf: "The chair is ill.".into(),
        ..other
    }));
    let other = Contact {
        role: "reader".into(),
        ..contact("mother", ContactKind::Contact, world.today)
    };
    world.must(record(other));
}

#[test]
fn purpose_process_and_the_principle_of_publication_are_explained_each_with_its_words_and_day() {
    let mut world = World::decided();
    world.must(Asked::Family(Command::DecideAppropriate(appropriate(
        "mother", true,
    ))));
    let asked = |world: &World| {
        cases::family::missing(&world.case, &world.rules)
            .into_iter()
            .filter(|m| m.place == Place::Family("mother".into()))
            .count()
    };
    assert_eq!(asked(&world), 2, "tell her, and ask for her views");
    let told = contact("mother", ContactKind::ToldOfDecision, world.today);
    world.must(record(told.clone()));
    assert_eq!(
        asked(&world),
        4,
        "purpose, process, publication, and her views"
    );
    let explained = ["purpose", "process", "publication"]
        .map(|e| (e.to_owned(), format!("In plain words: {e}.")))
        .into();
    world.must(record(Contact {
        kind: ContactKind::Contact,
        explained,
        ..told
    }));
    assert_eq!(asked(&world), 1);
    assert_eq!(
        world.case.family.people["mother"].explained("purpose"),
        Some((world.today, "In plain words: purpose."))
    );
    world.must(views(
        "mother",
        Views::AskedWaiting {
            on: world.today,
            how: "by letter".into(),
        },
    ));
    assert_eq!(asked(&world), 0);
}

#[test]
fn each_of_the_four_principles_is_applied_for_this_family() {
    let mut world = World::with_people();
    let open = |world: &World| {
        cases::family::missing(&world.case, &world.rules)
            .into_iter()
            .filter(|m| m.place == Place::Family(String::new()))
            .count()
    };
    assert_eq!(open(&world), 4);
    assert_eq!(
        world.wrong_fields(Asked::Family(Command::ApplyPrinciples(Principles {
            applied: [("clarity".to_owned(), " ".to_owned())].into()
        }))),
        ["principles"]
    );
    for (at, principle) in ["clarity", "transparency", "negotiation", "inclusivity"]
        .into_iter()
        .enumerate()
    {
        let applied = [(
            principle.to_owned(),
            "One named person writes and calls.".to_owned(),
        )]
        .into();
        world.must(Asked::Family(Command::ApplyPrinciples(Principles {
            applied,
        })));
        assert_eq!(open(&world), 3 - at);
    }
}

#[test]
fn not_seeking_views_cannot_be_blank() {
    let mut world = World::with_people();
    let Views::NotAsked {
        who,
        on,
        why,
        look_again,
    } = not_asked()
    else {
        unreachable!()
    };
    for (field, state) in [
        (
            "views-who",
            Views::NotAsked {
                who: " ".into(),
                on,
                why: why.clone(),
                look_again,
            },
        ),
        (
            "views-why",
            Views::NotAsked {
                who: who.clone(),
                on,
                why: String::new(),
                look_again,
            },
        ),
        (
            "views-on",
            Views::NotAsked {
                who: who.clone(),
                on: day("2021-09-07"),
                why: why.clone(),
                look_again,
            },
        ),
        (
            "views-again",
            Views::NotAsked {
                who,
                on,
                why,
                look_again: on,
            },
        ),
    ] {
        assert_eq!(world.wrong_fields(views("mother", state)), [field]);
    }
    world.must(views("mother", not_asked()));
    assert_eq!(
        world.clock("look-again-views-mother").unwrap().due,
        Some(day("2021-10-04"))
    );
}

#[test]
fn every_other_state_of_views_says_when_and_what() {
    let mut world = World::with_people();
    let (today, ahead) = (world.today, day("2021-09-07"));
    for (field, state) in [
        (
            "views-how",
            Views::AskedWaiting {
                on: today,
                how: String::new(),
            },
        ),
        (
            "views-on",
            Views::AskedWaiting {
                on: ahead,
                how: "by letter".into(),
            },
        ),
        (
            "views-words",
            Views::Given {
                on: today,
                words: String::new(),
            },
        ),
        (
            "views-on",
            Views::Declined {
                on: ahead,
                words: String::new(),
            },
        ),
        (
            "views-tried",
            Views::CouldNotBeReached {
                on: today,
                tried: String::new(),
            },
        ),
    ] {
        assert_eq!(world.wrong_fields(views("mother", state)), [field]);
    }
    world.must(views(
        "mother",
        Views::Declined {
            on: today,
            words: String::new(),
        },
    ));
    world.must(views(
        "mother",
        Views::Given {
            on: today,
            words: "I want people to know she laughed a lot.".into(),
        },
    ));
    assert_eq!(
        world.case.family.people["mother"]
            .views
            .as_ref()
            .unwrap()
            .words(),
        "given",
        "people can change their mind"
    );
}

#[test]
fn a_letter_waits_until_what_is_safe_was_asked_and_not_asked_is_allowed_and_warned_about() {
    let mut world = World::with_people();
    let letter = |text: &str| {
        Asked::Family(Command::ReleaseLetter(Letter {
            person: "mother".into(),
            kind: LetterKind::Adult,
            salutation: "Dear Ms Hollins".into(),
            text: text.into(),
            signed_by: "Maud Ellery, chair".into(),
            dated: day("2021-09-06"),
        }))
    };
    assert_eq!(cases::family::warnings(None).len(), 1);
    world.does_not_fit(letter("Text"));
    let check = SafetyCheck {
        person: "mother".into(),
        address: "her sister's home".into(),
        ..SafetyCheck::default()
    };
    assert_eq!(cases::family::warnings(Some(&check)).len(), 4);
    world.must(Asked::Family(Command::CheckSafety(check)));
    assert_eq!(world.wrong_fields(letter(" ")), ["text"]);
    world.must(letter("Text"));
    assert_eq!(world.case.family.people["mother"].letters.len(), 1);
}

#[test]
fn a_promise_stays_open_until_it_is_kept() {
    let mut world = World::with_people();
    world.must(record(Contact {
        promise: "call before publication".into(),
        promise_keeper: "the chair".into(),
        ..contact("mother", ContactKind::Contact, day("2021-09-06"))
    }));
    assert_eq!(
        world.case.family.people["mother"].open_promises(),
        [("call before publication", "the chair")]
    );
    let keep = |on| {
        Asked::Family(Command::KeepPromise {
            person: "mother".into(),
            promise: "call before publication".into(),
            on,
        })
    };
    assert_eq!(world.wrong_fields(keep(day("2021-09-07"))), ["on"]);
    world.must(keep(day("2021-09-06")));
    assert!(
        world.case.family.people["mother"]
            .open_promises()
            .is_empty()
    );
}

#[test]
fn someone_who_is_not_in_the_case_has_no_part_in_it() {
    let mut world = World::with_people();
    let today = world.today;
    for command in [
        record(contact("stranger", ContactKind::Contact, today)),
        views("stranger", Views::NotYetAsked),
        Asked::Family(Command::KeepPromise {
            person: "stranger".into(),
            promise: "call".into(),
            on: today,
        }),
    ] {
        assert!(world.does_not_fit(command).contains("not in this case"));
    }
}
