//! Agencies of a case that are asked for information: one answers and signs, one holds nothing, one is late, one still has time.

use cases::Command;
use cases::agencies::asked::{Answer, Question, Request, Step};
use cases::agencies::{Agency, Command as Agencies};
use cases::members::{Event as Member, Part};
use desk::DeskError;
use jiff::civil::Date;

use super::super::days::Days;
use super::super::partnership::{COMMUNITY_HEALTH, Who, agency_id};
use super::super::script::{Script, What, World};

/// The agencies: id in the case, name on the partnership's list, kind, how it was involved.
const ASKED: [(&str, &str, &str, &str); 4] = [
    (
        "health",
        COMMUNITY_HEALTH,
        "community health",
        "Health visiting from ten days after the birth.",
    ),
    (
        "hospital",
        "Tilbrook Infirmary",
        "hospital",
        "The birth, the neonatal unit, and the night of the death.",
    ),
    (
        "surgery",
        "Lantern Street Surgery",
        "general practice",
        "Registered both babies.",
    ),
    (
        "housing",
        "Tilbrook Housing Partnership",
        "housing",
        "The family\u{2019}s landlord.",
    ),
];

fn step(step: Step) -> Command {
    Command::Agencies(Agencies::Request(step))
}

/// The newest request to an agency of the case.
fn newest(case: &cases::Case, agency: &str) -> Result<String, DeskError> {
    let found = case.agencies.requests_to(agency).next();
    found
        .map(|r| r.request.id.clone())
        .ok_or_else(|| DeskError::Other(format!("`{agency}` was not asked")))
}

fn ask(agency: &str, due: Date) -> Command {
    let question = |id: &str, words: &str| Question {
        id: id.into(),
        words: words.into(),
    };
    step(Step::Asked(Request {
        agency: agency.into(),
        due: Some(due),
        people: vec!["girl".into(), "twin".into(), "parents".into()],
        period: "From the start of the pregnancy until the day of the death".into(),
        secure:
            "All records of the mother, the father and both babies, also what is written by hand"
                .into(),
        questions: vec![
            question(
                "agency-involvement",
                "What was your part with the child and the family, from when to when?",
            ),
            question(
                "agency-key-events",
                "Which events matter most, with their dates?",
            ),
            question(
                "agency-child",
                "What was the child's daily life like, and what did the child say or show?",
            ),
            question(
                "agency-concerns",
                "What concerns are there about how your agency, or agencies together, worked?",
            ),
            question(
                "agency-actions",
                "What was done at once to keep this child and other children safe?",
            ),
        ],
        ..Request::default()
    }))
}

/// Adds the asking to a case that was opened more than a week ago.
pub(super) fn asked(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    case.step(
        d(7)?,
        (9, 40),
        Who::Manager,
        What::Later(Box::new(|world: &World| {
            let record = |(id, name, kind, involvement): (&str, &str, &str, &str)| {
                Command::Agencies(Agencies::RecordAgency(Agency {
                    id: id.into(),
                    of: agency_id(&world.desk, name).unwrap_or_default(),
                    name: name.into(),
                    kind: kind.into(),
                    involvement: involvement.into(),
                    contact: String::new(),
                }))
            };
            Ok(ASKED.map(record).to_vec())
        })),
    );
    case.step(
        d(7)?,
        (9, 55),
        Who::Manager,
        What::Later(Box::new(|world: &World| {
            let add = |who| -> Result<Command, DeskError> {
                let person = world.person(who)?;
                Ok(Command::Members(Member::MemberAdded {
                    person: person.id.clone(),
                    name: person.name.clone(),
                    part: Part::Contributes,
                    why: "Answers for the health visitors who knew the family".into(),
                    agency: Some("health".into()),
                    until: None,
                }))
            };
            Ok(vec![add(Who::HealthLead)?, add(Who::HealthAuthor)?])
        })),
    );
    let (soon, later) = (d(2)?, days.ahead(2)?);
    case.on(
        d(7)?,
        (10, 5),
        Who::Manager,
        vec![
            ask("health", soon),
            ask("hospital", soon),
            ask("housing", soon),
            ask("surgery", later),
        ],
    );
    case.step(d(4)?, (16, 20), Who::HealthAuthor, What::Asked(|case| {
        let said = |id: &str, words: &str| (id.to_owned(), words.to_owned());
        Ok(step(Step::Answered(Answer {
            request: newest(case, "health")?,
            answers: [
                said("agency-involvement", "One health visitor from the first visit at ten days. Four visits, all kept, and two calls from the mother. The family was on the universal pathway with extra visits because the babies were born early."),
                said("agency-key-events", "First visit at home: both babies gaining weight. Second visit: safe sleep talked through with both parents, in the room where the babies sleep. Third visit: the mother tired, mood asked about and scored, no concern. The last visit was five days before the death."),
                said("agency-child", "Settled, fed and warm at every visit. Held by both parents. Turned to her father\u{2019}s voice at the last visit."),
                said("agency-concerns", "The discharge letter of the neonatal unit came nine days after the babies went home, so the first visit was made without it."),
                said("agency-actions", "A visit to the twin each day for the first week, with the parents\u{2019} agreement. The health visitor and her team are supported."),
            ].into(),
            ..Answer::default()
        })))
    }));
    case.step(
        d(3)?,
        (9, 15),
        Who::HealthLead,
        What::Asked(|case| {
            Ok(step(Step::Signed {
                request: newest(case, "health")?,
                told_by: String::new(),
                on: None,
            }))
        }),
    );
    case.step(
        d(3)?,
        (14, 30),
        Who::Manager,
        What::Asked(|case| {
            Ok(step(Step::Answered(Answer {
                request: newest(case, "housing")?,
                nothing_held: true,
                given_by: "Tenancy manager, by e-mail".into(),
                ..Answer::default()
            })))
        }),
    );
    Ok(())
}
