//! Shorter cases before the rapid review: not yet known, a duplicate, and one that is still to be notified.

use cases::Command;
use cases::closing::{self, Closed, Reason};
use cases::definition::LimbTest;
use cases::incident::{Danger, Facts, Whereabouts};
use cases::members::Part as Takes;
use cases::people::{Birth, Child, Life, Part};
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

/// Whether neglect is suspected cannot be said before the pathologist has answered.
pub(super) fn not_yet_known(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("not yet known");
    let d = |n| days.back(n);
    let day = d(9)?;
    case.step(
        d(8)?,
        (10, 25),
        Who::Manager,
        What::Open(Box::new(Start {
            danger: (Danger::No, "Her twin was checked in hospital the same night and is at home with both parents; a nurse visits each day."),
            heard_on: Some(d(8)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                aware("Emergency Duty Team, Merrowshire Council", day, "6:40am", "Joint agency response after an unexpected death."),
                facts(Facts {
                    happened_on: Some(day),
                    time: "in the night".into(),
                    place: "at home, in Tilbrook".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A girl of ten weeks, born early, died in her sleep. No cause has been found yet. Her parents did what they had been shown.".into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "girl".into(),
                    name: "Aurelie Castellow".into(),
                    pseudonym: "Child B".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.earlier(day, 71) },
                    life: Life::Died { on: Some(day) },
                    sex: own_words("female"),
                    ..Child::default()
                }),
                child(Child {
                    id: "twin".into(),
                    name: "Mirabel Castellow".into(),
                    parts: vec![Part::OtherChild],
                    birth: Birth::On { on: days.earlier(day, 71) },
                    sex: own_words("female"),
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("parents", "Linus and Fay Castellow", "the parents", &["girl", "twin"], "", ""),
            ],
        })),
    );
    let by = by_people(
        "Designated doctor for child deaths, detective inspector, duty manager, at the joint agency meeting",
        d(8)?,
    );
    case.on(
        d(8)?,
        (16, 18),
        Who::Manager,
        vec![
            limb(LimbTest {
                finding: "not-yet-known".into(),
                option: None,
                needed: "The pathologist's report, and the growth chart of the neonatal unit.".into(),
                ..met("girl", "abuse-or-neglect", "suspected", "Nothing was found at home that worries anyone. One measurement is out of line and may be a slip of the pen. Saying suspected now would be as wrong as saying not.", vec![said("One weight does not fit the others", "designated doctor")], &by)
            }),
            died("girl", "She died in her sleep.", vec![], &by),
        ],
    );
    case.on(d(6)?, (11, 0), Who::Chair, vec![contacted(spoke("parents", d(6)?, "10am", "in person, at home, with their health visitor", "Condolence. Said that some questions are asked after every sudden death of a baby, and that theirs will be answered as soon as we know."))]);
    super::asked::asked(&mut case, days)?;
    case.on(
        d(2)?,
        (16, 30),
        Who::Manager,
        vec![late(
            "notify-panel",
            "The authority looks at it again each Friday with the designated doctor. Whether to notify turns on whether neglect is suspected, and that turns on the pathologist, who expects to write next week.",
        )],
    );
    Ok(case)
}

/// Opened a second time by someone else the next day; closed as a duplicate, and both references still lead there.
pub(super) fn duplicate(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("duplicate");
    let d = |n| days.back(n);
    case.step(
        d(7)?,
        (9, 14),
        Who::Deputy,
        What::Open(Box::new(Start {
            danger: (
                Danger::NotKnown,
                "Rang the hospital: there is a twin, at home and seen every day.",
            ),
            heard_on: Some(d(7)?),
            old_reference: None,
            members: vec![(Who::Manager, Takes::Manages)],
            known: vec![
                contact(
                    d(7)?,
                    "Child death review office",
                    "Monthly list, by e-mail.",
                ),
                child(Child {
                    id: "girl".into(),
                    name: "Aurelie Castellow".into(),
                    pseudonym: "Child D".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On {
                        on: days.earlier(d(9)?, 71),
                    },
                    life: Life::Died { on: Some(d(9)?) },
                    ..Child::default()
                }),
            ],
        })),
    );
    case.step(
        d(7)?,
        (11, 36),
        Who::Deputy,
        What::Later(Box::new(|world| {
            let first = world.reference("not yet known")?;
            Ok(vec![
                Command::Closing(closing::Event::CaseLinked { to: first.clone(), why: "The same child: the list came a day after the call.".into() }),
                Command::Closing(closing::Event::CaseClosed(Closed {
                    reason: Reason::Duplicate,
                    words: "The same child as in the case opened the day before from the duty team's call. Nothing was recorded here that is not there.".into(),
                    other: first,
                })),
            ])
        })),
    );
    Ok(case)
}

/// The definition is met and the authority has still to decide whether it notifies; the day for that is near.
pub(super) fn to_be_notified(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("to be notified");
    let d = |n| days.back(n);
    let day = d(4)?;
    case.step(
        d(3)?,
        (9, 33),
        Who::Manager,
        What::Open(Box::new(Start {
            danger: (Danger::No, "He is with his father, who lives apart, with an order of the court since yesterday."),
            heard_on: Some(d(3)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                aware("Hospital social work team, Merrowshire Council", d(3)?, "8:55am", "Ward round."),
                facts(Facts {
                    happened_on: Some(day),
                    time: "in the evening".into(),
                    place: "a holiday flat on the coast of Wales".into(),
                    whereabouts: Some(Whereabouts::OutsideEngland),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A boy of two was scalded in the bath on a family holiday in Wales and brought to the hospital nearest home two days later. As it happened outside England, the authority where he normally lives notifies.".into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "boy".into(),
                    name: "Osric Fennimore".into(),
                    pseudonym: "Child C".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 27) },
                    sex: own_words("male"),
                    care: own_words("with his father"),
                    life: Life::Living,
                    ..Child::default()
                }),
                child(Child {
                    id: "unborn".into(),
                    parts: vec![Part::OtherChild],
                    birth: Birth::Expected { on: days.ahead(48)? },
                    about: "The mother expects a child; the midwife knows and sees her weekly.".into(),
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("father", "Magnus Fennimore", "the father", &["boy"], "", ""),
            ],
        })),
    );
    let by = by_people(
        "Duty manager, consultant paediatrician, detective sergeant",
        d(2)?,
    );
    case.on(
        d(2)?,
        (17, 25),
        Who::Manager,
        vec![
            abuse("boy", "suspected", "Two days passed before he was brought to a doctor, and the lines of the scald do not fit the account.", vec![paper("Burns centre report", d(2)?, "Tilbrook Infirmary", "hospital notes")], &by),
            harmed("boy", &["physical-health"], "Deep scalds to both feet; grafts are likely.", "", vec![], &by),
        ],
    );
    Ok(case)
}
