//! Three cases entered late from paper: one with its old reference and a published report, one whose awareness fell just before Christmas,
//! one just before Easter. The days they happened and the days they were entered both stand, and what the paper does not hold is listed.

use cases::closing::{self, Closed, Reason};
use cases::decision::{Proposal, View};
use cases::family::Views;
use cases::incident::{Danger, Facts, Whereabouts};
use cases::people::{Birth, Child, Coded, Life, Part};
use cases::rapid_review::Answer;
use cases::{Command, Date, publication};
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

const DIRECTOR: &str = "Director of Children's Services, Merrowshire Council";

/// What stood in the paper file: four signatures under the minutes.
fn signed_on_paper(on: Date) -> Vec<Command> {
    let minutes = "under the minutes";
    vec![
        signed_otherwise(
            Who::Council,
            View::Agrees,
            "",
            "paper",
            &format!("Harriet Wexcombe, {minutes}"),
            on,
        ),
        signed_otherwise(
            Who::Valley,
            View::Agrees,
            "",
            "paper",
            &format!("Anjali Marchbanks, {minutes}"),
            on,
        ),
        signed_otherwise(
            Who::Coast,
            View::Agrees,
            "",
            "paper",
            &format!("the delegate of the day, since retired, {minutes}"),
            on,
        ),
        signed_otherwise(
            Who::Police,
            View::Agrees,
            "",
            "paper",
            &format!("Gareth Ollerden, {minutes}"),
            on,
        ),
    ]
}

/// A review decided long ago, entered at its true stage; its report is published, late, with the reasons.
pub(super) fn published(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("published");
    let d = |n| days.back(n);
    let day = days.months_before(days.today, 15);
    let decided = days.after(day, 24)?;
    let by = by_people(
        "Rapid review group, as in the minutes",
        days.after(day, 17)?,
    );
    case.step(
        d(74)?,
        (10, 30),
        Who::Deputy,
        What::Open(Box::new(Start {
            danger: (Danger::No, "Answered from the paper file: his brother was placed with their aunt that week and is well."),
            heard_on: Some(days.after(day, 1)?),
            old_reference: Some("MSCP/PR/07"),
            members: everyone(),
            known: vec![
                aware("Emergency Duty Team, Merrowshire Council", day, "", "Paper file, sheet 1; the time was not written down."),
                facts(Facts {
                    happened_on: Some(day),
                    place: "Merrow Weir".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A boy of five drowned while the adult with him was not able to look after him. Three services had known of her drinking, each of them a little.".into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "boy".into(),
                    name: "Kit Loveridge-Hale".into(),
                    pseudonym: "Finch".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 64) },
                    life: Life::Died { on: Some(day) },
                    sex: own_words("male"),
                    plan: own_words("none"),
                    ..Child::default()
                }),
                relative("aunt", "Meredith Loveridge", "the aunt", &[], "", "Took in his brother; speaks for the family."),
            ],
        })),
    );
    case.on(
        d(73)?,
        (14, 15),
        Who::Deputy,
        vec![
            abuse("boy", "suspected", "Neglect was suspected from the first day, as the minutes show; the inquest later used the same word.", vec![paper("Minutes of the rapid review", days.after(day, 17)?, "Merrowshire Safeguarding Children Partnership", "green folder 7, cabinet 2")], &by),
            died("boy", "He drowned.", vec![], &by),
            notify("serious-incident", DIRECTOR, days.after(day, 3)?, "A child has died; neglect suspected.", &[]),
            sent("serious-incident", days.after(day, 4)?, "", DIRECTOR, "not on the sheet"),
            told_partners(&[], days.after(day, 4)?, "not on the sheet"),
            met_on(days.after(day, 17)?, "As listed on sheet 4 of the paper file", "", "", ""),
            report(days.after(day, 18)?, "The Child Safeguarding Practice Review Panel", "", ""),
            answered(days.after(day, 30)?, Answer::Agrees, "Agrees with a local review (sheet 9)."),
            text(Proposal {
                conduct: Some(true),
                routes: vec![],
                route_details: String::new(),
                reasons: "From the minutes: three services knew of the drinking and none knew that the others did. The partners want to understand why, and what a five-year-old's life was like beside it.".into(),
                evidence: vec![paper("Minutes with signatures", decided, "Merrowshire Safeguarding Children Partnership", "green folder 7, cabinet 2")],
                why_not: why_not(&[]),
                decided_on: Some(decided),
            }),
        ],
    );
    case.on(d(73)?, (15, 0), Who::Deputy, signed_on_paper(decided));
    case.on(
        d(72)?,
        (11, 10),
        Who::Deputy,
        vec![
            told_offices(Of::Decision, days.after(decided, 3)?, "letter, copy on sheet 10"),
            told_offices(Of::Reviewer, days.after(decided, 40)?, "letter, copy on sheet 12"),
            Command::Publication(publication::Event::DelayReported {
                on: days.after(decided, 110)?,
                to: "The Panel and the Secretary of State".into(),
                reasons: "The inquest was listed two weeks before the planned day, and the aunt asked that the report does not come out while she gives evidence.".into(),
            }),
            late("publish-report", "The inquest, and the aunt's wish not to read about her nephew in the week in which she speaks about him. Reported to the Panel before the six months ended."),
            Command::Publication(publication::Event::PublicationPlanned { on: d(21)? }),
            inform("aunt", "She was told at the time; the file has a note of it without the words used.", "the chair of the day"),
        ],
    );
    case.on(
        d(60)?,
        (16, 0),
        Who::Chair,
        vec![
            contacted(told_of_decision("aunt", d(60)?, "4pm", "in person, at her home", "She had been told at the time by my predecessor. I went through it again, and through the day of publication.", ["What three services could have known together.", "It is finished; nothing more is asked of her.", "She has the report tonight and five weeks before anyone else."])),
            views("aunt", Views::Given { on: d(60)?, words: "He wasn't the boy by the weir. He was the boy who named all the ducks.".into() }),
        ],
    );
    case.on(
        d(33)?,
        (9, 30),
        Who::Deputy,
        vec![Command::Publication(publication::Event::SentAhead {
            on: d(33)?,
            to: "The Panel and the Secretary of State".into(),
        })],
    );
    case.on(
        d(21)?,
        (12, 0),
        Who::Deputy,
        vec![Command::Publication(publication::Event::Published {
            on: d(21)?,
            place: "The partnership's website; a printed copy for the aunt".into(),
        })],
    );
    Ok(case)
}

/// The authority became aware three days before Christmas; the working days run over the holidays.
pub(super) fn before_christmas(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("before christmas");
    let d = |n| days.back(n);
    let aware_on = days.before_christmas();
    let decided = days.after(aware_on, 17)?;
    let by = by_people(
        "Rapid review group, as in the minutes",
        days.after(aware_on, 14)?,
    );
    case.step(
        d(71)?,
        (9, 20),
        Who::Deputy,
        What::Open(Box::new(Start {
            danger: (Danger::No, "From the paper file: the baby was in hospital over Christmas and went to foster carers from there."),
            heard_on: Some(aware_on),
            old_reference: Some("MSCP/RR/31"),
            members: vec![(Who::Manager, cases::members::Part::Manages), (Who::Chair, cases::members::Part::Chairs)],
            known: vec![
                aware("Hospital social work team, Merrowshire Council", aware_on, "4:55pm", "Ward round before the holidays, paper file sheet 1."),
                facts(Facts {
                    happened_on: Some(days.earlier(aware_on, 1)),
                    place: "at home, in Tilbrook".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A baby of eleven weeks was brought to hospital with a broken leg which nobody could explain. She has recovered and lives with her grandparents.".into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "baby".into(),
                    name: "Ione Stanbury-Fell".into(),
                    pseudonym: "Child K".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.earlier(aware_on, 78) },
                    sex: own_words("female"),
                    care: own_words("lives with her grandparents under a special guardianship order"),
                    ethnicity: own_words("White British"),
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("grandmother", "Hester Stanbury", "the grandmother", &["baby"], "", ""),
            ],
        })),
    );
    case.on(
        d(71)?,
        (10, 45),
        Who::Deputy,
        vec![
            abuse("baby", "suspected", "An unexplained fracture in a child who cannot yet move by herself.", vec![paper("Medical report", days.after(aware_on, 1)?, "Tilbrook Infirmary", "blue folder 31")], &by),
            harmed("baby", &["physical-health"], "A broken thigh at eleven weeks, with a second, older break.", "She walks and runs.", vec![], &by),
            notify("serious-incident", DIRECTOR, days.after(aware_on, 4)?, "Decided on the first working days of the new year, within the five.", &[]),
            sent("serious-incident", days.after(aware_on, 5)?, "", DIRECTOR, "SI-959-0012"),
            told_partners(&[], days.after(aware_on, 4)?, "telephone"),
            met_on(days.after(aware_on, 14)?, "As listed in the minutes", "", "Twin cousins were seen and are well.", ""),
            report(days.after(aware_on, 19)?, "The Child Safeguarding Practice Review Panel", "", ""),
            consider(found("improvements", "does-not", "The minutes record one sentence: the ward acted within the hour and everyone else within the day.", vec![], &by)),
            text(Proposal {
                conduct: Some(false),
                routes: vec!["nothing-further".into()],
                route_details: String::new(),
                reasons: "From the minutes: services acted quickly and together over the holidays, and a review would add nothing.".into(),
                evidence: vec![paper("Minutes of the rapid review", days.after(aware_on, 14)?, "Merrowshire Safeguarding Children Partnership", "blue folder 31")],
                why_not: why_not(&[]),
                decided_on: Some(decided),
            }),
        ],
    );
    case.on(d(71)?, (11, 30), Who::Deputy, signed_on_paper(decided));
    case.on(
        d(70)?,
        (9, 15),
        Who::Deputy,
        vec![
            answered(days.after(aware_on, 29)?, Answer::Agrees, "Agrees."),
            Command::Closing(closing::Event::CaseClosed(Closed {
                reason: Reason::Complete,
                words: "Entered from paper at its true stage, for the record. The paper file does not show what was weighed for each criterion; what is missing is listed beside the signatures. It stays in blue folder 31.".into(),
                other: String::new(),
            })),
        ],
    );
    Ok(case)
}

/// The authority became aware on the Thursday before Good Friday.
pub(super) fn before_easter(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("before easter");
    let d = |n| days.back(n);
    let aware_on = days.easter()?;
    let decided = days.after(aware_on, 18)?;
    let by = by_people(
        "Rapid review group, from the notes of the minute taker",
        days.after(aware_on, 15)?,
    );
    case.step(
        d(68)?,
        (13, 40),
        Who::Deputy,
        What::Open(Box::new(Start {
            danger: (Danger::No, "From the notes: he has been in hospital and at school since; no other child at home."),
            heard_on: Some(aware_on),
            old_reference: Some("MSCP/RR/33"),
            members: everyone(),
            known: vec![
                aware("Front Door for Children, Merrowshire Council", aware_on, "4:20pm", "The school rang before it closed for the holidays."),
                facts(Facts {
                    happened_on: Some(days.earlier(aware_on, 2)),
                    place: "at home, in Upper Merrow".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A boy of seven with diabetes was not given his insulin for four days and became very ill. His father, alone with him, was himself ill and had told nobody.".into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "boy".into(),
                    name: "Rufus Penhallow".into(),
                    pseudonym: "Child E".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(aware_on, 88) },
                    sex: own_words("male"),
                    disability: vec![Coded { code: String::new(), words: "type 1 diabetes".into() }],
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("father", "Silas Penhallow", "the father", &["boy"], "", "Well again; supported by his own doctor."),
            ],
        })),
    );
    case.on(
        d(68)?,
        (14, 55),
        Who::Deputy,
        vec![
            abuse("boy", "suspected", "Neglect by omission, in a father too ill to do what he had done well for three years.", vec![], &by),
            harmed("boy", &["physical-health"], "Five days in intensive care.", "He is back at school and tests his own blood.", vec![said("Life threatening on arrival", "paediatric consultant, in the notes")], &by),
            notify("serious-incident", DIRECTOR, days.after(aware_on, 3)?, "Seriously harmed; neglect suspected.", &[]),
            sent("serious-incident", days.after(aware_on, 4)?, "", DIRECTOR, "SI-960-1180"),
            told_partners(&[], days.after(aware_on, 4)?, "secure e-mail"),
            met_on(days.after(aware_on, 15)?, "As in the minute taker's notes", "", "", ""),
            report(days.after(aware_on, 19)?, "The Child Safeguarding Practice Review Panel", "", ""),
            text(Proposal {
                conduct: Some(false),
                routes: vec!["audit".into()],
                route_details: "An audit of what schools and the diabetes nurses do when a child is absent: done in the summer, all 41 children.".into(),
                reasons: "From the notes: the one thing to learn was that absence did not reach the nurses, and looking at all children with diabetes was the way to learn it.".into(),
                evidence: vec![paper("Audit of 41 children", days.after(aware_on, 60)?, "NHS Merrow Valley Integrated Care Board", "partnership office")],
                why_not: why_not(&[]),
                decided_on: Some(decided),
            }),
        ],
    );
    case.on(d(68)?, (15, 30), Who::Deputy, signed_on_paper(decided));
    case.on(
        d(66)?,
        (10, 10),
        Who::Chair,
        vec![
            inform("boy", "He is seven and asks why his father was away from him.", "Independent Chair with his father"),
            inform("father", "He holds parental responsibility, and blames himself more than anyone else does.", "Independent Chair"),
            contacted(told_of_decision("father", d(66)?, "9am", "in person, at his home", "There is no review. Told him what the audit changed because of his son.", ["To see what services could do when a parent falls ill.", "Nothing is asked of him.", "Nothing about his son is published."])),
            views("father", Views::Given { on: d(66)?, words: "I kept thinking I'd be up by tomorrow. Someone ringing on the second day, that's all it needed.".into() }),
        ],
    );
    Ok(case)
}
