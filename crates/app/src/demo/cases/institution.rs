//! A children's home: two young people harmed, the family not informed for now, with reasons and a day to look again.

use cases::consideration::Finding;
use cases::decision::{Proposal, View};
use cases::family::Views;
use cases::incident::{Danger, Facts, Whereabouts};
use cases::interests::{Kind, Outcome};
use cases::parallel::Process;
use cases::people::{Birth, Child, Coded, Life, Part};
use cases::rapid_review::Answer;
use cases::{Command, closing};
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

pub(super) fn script(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("institution");
    begun(&mut case, days)?;
    considered(&mut case, days)?;
    decided(&mut case, days)?;
    Ok(case)
}

fn begun(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let day = d(37)?;
    case.step(
        d(35)?,
        (9, 2),
        Who::Manager,
        What::Open(Box::new(Start {
            danger: (Danger::Yes, "All five young people left the home within 36 hours. Ofsted suspended the registration the same day; the two most at risk went first."),
            heard_on: Some(d(35)?),
            old_reference: None,
            members: everyone().into_iter().chain([(Who::Lawyer, cases::members::Part::Reads)]).collect(),
            known: vec![
                aware("Designated officer, Merrowshire Council", d(36)?, "11:15am", "A night worker rang after her shift."),
                facts(Facts {
                    happened_on: Some(day),
                    time: "at night, over some weeks".into(),
                    place: "Larkfield House".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire for one, Norvale for the other".into(),
                    setting_kind: "children's home".into(),
                    setting_name: "Larkfield House".into(),
                    summary: "A night worker told the designated officer that two young people with learning disabilities were being held down and locked in at night by colleagues, and that it was written down as calm nights. \
                              Both had injuries. The home had been visited four times that year by people from three bodies."
                        .into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "one".into(),
                    name: "Emrys Valderby".into(),
                    pseudonym: "Child H".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 170) },
                    sex: own_words("male"),
                    care: own_words("looked after by Merrowshire under a care order"),
                    plan: own_words("care plan; education, health and care plan"),
                    ethnicity: own_words("Black African"),
                    language: own_words("signs and pictures"),
                    disability: vec![Coded { code: String::new(), words: "autism and a severe learning disability".into() }],
                    about: "He carries a wooden spoon everywhere, and it came with him.".into(),
                    life: Life::Living,
                    ..Child::default()
                }),
                child(Child {
                    id: "two".into(),
                    name: "Blythe Corrigan-Yew".into(),
                    pseudonym: "Child J".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 195) },
                    sex: own_words("female"),
                    care: own_words("looked after by Norvale, with her parents' agreement"),
                    ethnicity: own_words("White British"),
                    language: own_words("English, few words"),
                    disability: vec![Coded { code: String::new(), words: "learning disability; epilepsy".into() }],
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("father", "Tendai Valderby", "Child H's father", &["one"], "Shona interpreter for meetings", "Worked two shifts at Larkfield House through an agency last year."),
                relative("parents", "Nell and Hugh Corrigan", "Child J's parents", &["two"], "", "Have visited every Sunday."),
                area("Norvale", "Placed one of the two young people", "Norvale Council, head of commissioning"),
                agency("Larkfield Care", "provider of the home", "Ran the home and two others elsewhere.", "Responsible individual, through solicitors"),
                agency("Ofsted", "regulator", "Two visits in the year; rated good in January.", "Regional inspector"),
            ],
        })),
    );
    let by = by_people(
        "Director of Children's Services, designated nurse for looked-after children, detective inspector, Norvale's head of commissioning",
        d(35)?,
    );
    case.on(
        d(34)?,
        (13, 0),
        Who::Manager,
        vec![
            abuse("one", "known", "Filmed by the night worker on three nights. That it was called holding for safety in the book does not make it that.", vec![said("Three recordings, with the police", "officer in the case")], &by),
            harmed("one", &["physical-health", "emotional"], "Two broken fingers, and since then he will not lie down in the dark.", "", vec![paper("Medical report", d(35)?, "Tilbrook Infirmary", "hospital notes")], &by),
            abuse("two", "suspected", "She cannot say and is not on the recordings; her bruises are where his are.", vec![paper("Body map", d(35)?, "Tilbrook Infirmary", "hospital notes")], &by),
            limb(cases::definition::LimbTest {
                finding: "not-yet-known".into(),
                option: None,
                needed: "The neurologist's answer whether her seizures have changed since the summer, expected after the next clinic.".into(),
                ..met("two", "died-or-seriously-harmed", "seriously-harmed", "Bruises that healed, and perhaps more seizures than before. Whether the harm is serious turns on the second, and that is not known today.", vec![], &by)
            }),
            notify("serious-incident", "Director of Children's Services, Merrowshire Council", d(34)?, "One child seriously harmed in a regulated setting, abuse known; a second not yet known.", &[("health", "Both boards agree."), ("police", "Agrees.")]),
            sent("serious-incident", d(34)?, "12:20pm", "Director of Children's Services, Merrowshire Council", "SI-960-2372"),
            told_partners(&["Norvale"], d(34)?, "secure e-mail"),
            process(Process {
                id: "police".into(),
                kind: "police investigation".into(),
                lead: "Merrowshire Constabulary".into(),
                reference: "MC-960-1499".into(),
                contact: "Senior investigating officer".into(),
                status: "Four workers arrested; former agency workers are being traced".into(),
                next: Some(days.ahead(9)?),
                restriction: "No former worker of the home is told anything, whoever else they are".into(),
                agreed_by: "Senior investigating officer".into(),
                look_again: Some(days.ahead(9)?),
                ended: false,
            }),
        ],
    );
    // Leading an agency whose work is looked at is not in itself a conflict; where more is to be said, it is stated.
    case.step(
        d(24)?,
        (17, 40),
        Who::Council,
        What::Declare(
            Kind::LeadsAgency,
            "I lead the service whose team chose this home and visited it twice. I took no part in either, and manage the team through two others.",
            "since I became director, four years ago",
        ),
    );
    case.step(
        d(23)?,
        (9, 15),
        Who::Chair,
        What::DecideInterest {
            outcome: Outcome::TakesPart,
            from: &[],
            stated: "She leads the service that chose the home and visited it. She took no part in either.",
            why: "Leading a service under review is not in itself a conflict. It is stated at each meeting, so that everyone can weigh it.",
        },
    );
    case.on(d(22)?, (16, 30), Who::Manager, vec![met_on(d(22)?, "Beatrix Holloway-Quill\nHarriet Wexcombe\nAnjali Marchbanks\nSamir Dunmore for Tilbrook and Coast\nGareth Ollerden\nNorvale: head of commissioning\nOfsted: regional inspector, for the facts only", "Larkfield Care (not invited, on the police's advice)", "The provider's two other homes were visited at night, unannounced, by their own authorities. Nothing like it was found.", "")]);
    Ok(())
}

fn considered(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let met = at_meeting("rapid review meeting", d(22)?);
    case.on(
        d(21)?,
        (9, 50),
        Who::Manager,
        vec![
            consider(found("improvements", "does", "Nobody who visited came at night, and nobody could talk with the two who do not speak. Both are choices of how we visit.", vec![said("All four visits between 10am and 3pm", "visitors' book")], &met)),
            consider(found("recurrent-themes", "does", "Children who cannot speak, in places where nobody from home comes on a weekday: the national reviews of residential homes said it, and our own plan after them has four actions still open.", vec![paper("Action plan after the national review", d(110)?, "Merrowshire Safeguarding Children Partnership", "partnership office")], &met)),
            consider(found("working-together", "does", "Three bodies each inspected what is theirs. The placing authorities relied on the rating, and the rating on what placing authorities had not complained of.", vec![], &met)),
            consider(found("panel-conclusion", "not-yet-considered", "Not before the Panel yet.", vec![], &met)),
            consider(found("single-agency", "may", "The provider did this and must answer for it. That it went unseen is not the provider's alone.", vec![said("The book was always complete", "regional inspector")], &met)),
            consider(found("no-agency", "does-not", "They could hardly have been known to more.", vec![], &met)),
            consider(Finding {
                partners: vec![own("health", "does", "Norvale's health team held her epilepsy plan and was never told that the nights had changed.")],
                ..found("several-areas", "may", "Norvale placed one of the two. How much it could have seen from there is open.", vec![], &met)
            }),
            consider(found("institutional", "does", "A registered children's home, rated good.", vec![paper("Inspection report", d(190)?, "Ofsted", "public")], &met)),
            consider(found("area-importance", "does", "Eleven homes in Merrowshire take young people who do not speak; our own children live in five of them.", vec![said("Eleven of 23 homes", "placement team, register of homes")], &met)),
            consider(found("adds-to-rapid-review", "does", "How does one listen to someone who signs with a spoon? Nobody has asked those who can: his teacher, her Sunday visitors, the night worker who rang.", vec![], &met)),
            consider(found("national-importance", "does", "The same questions as the Panel's own review of residential settings; the partners ask the Panel to look at this one beside it.", vec![], &met)),
        ],
    );
    Ok(())
}

fn decided(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    case.on(
        d(20)?,
        (14, 0),
        Who::Manager,
        vec![text(Proposal {
            conduct: Some(true),
            routes: vec![],
            route_details: String::new(),
            reasons: "Two young people were hurt at night in a place that three bodies had found good by day. What has to change is how children who do not speak are visited and by whom, here and in ten other homes. \
                      Whether she meets the definition as he does is not yet known; the review is about both in any case, and the question is looked at again when the neurologist has answered."
                .into(),
            evidence: vec![paper("Rapid review report", d(20)?, "Merrowshire Safeguarding Children Partnership", "case folder, restricted")],
            why_not: why_not(&[]),
            decided_on: Some(d(20)?),
        })],
    );
    case.step(d(20)?, (15, 30), Who::Council, What::Sign(View::Agrees, ""));
    case.step(d(20)?, (16, 10), Who::Police, What::Sign(View::Agrees, ""));
    case.step(d(20)?, (16, 55), Who::Valley, What::Sign(View::Agrees, ""));
    case.step(
        d(19)?,
        (10, 25),
        Who::Coast,
        What::Sign(
            View::AgreesWithNote,
            "We ask for a reviewer who signs, or works with someone who does.",
        ),
    );
    case.on(
        d(19)?,
        (15, 45),
        Who::Manager,
        vec![
            report(d(19)?, "The Child Safeguarding Practice Review Panel", "Morwenna Tallis", "A local review will be conducted; the Panel is asked to look at national importance."),
            told_offices(Of::Decision, d(19)?, "secure mailbox"),
        ],
    );
    let again = days.ahead(9)?;
    case.on(
        d(18)?,
        (11, 20),
        Who::Chair,
        vec![
            do_not_inform(
                "father",
                "He worked in the home through an agency, and the police have not yet ruled out that he is a witness or more. Telling him now could harm the investigation and would be unfair to him, as he could not answer. \
                 His son's social worker goes on seeing him about everything else.",
                "Independent Chair, senior investigating officer and his son's social worker, together",
                again,
            ),
            do_not_inform(
                "parents",
                "They would be told at once if it stood alone. They and the father know each other well, and the police ask for nine working days so that he does not hear it from them. The chair agreed to that and to no more.",
                "Independent Chair with the senior investigating officer",
                again,
            ),
            do_not_inform("one", "Nobody has yet found a way to tell him that does not frighten him. His teacher is making picture cards.", "Independent Chair with his teacher", days.ahead(15)?),
            do_not_inform("two", "She would tell her parents on Sunday, as she tells them everything. She is told the same day as they are.", "Independent Chair", again),
            views("father", Views::NotAsked { who: "Independent Chair with the senior investigating officer".into(), on: d(18)?, why: "Asking what he saw is for the police alone at present; asking anything less would mislead him about why.".into(), look_again: again }),
            views("parents", Views::NotAsked { who: "Independent Chair".into(), on: d(18)?, why: "They cannot be asked about a review of which they have not been told.".into(), look_again: again }),
            views("one", Views::NotYetAsked),
            views("two", Views::NotYetAsked),
            principles(
                "What is not said now, and until when, is written down here with who decided it.",
                "When the day comes they are told that they were not told, and why.",
                "How and where is left to them, with the Sunday visit as the first offer.",
                "Picture cards, a Shona interpreter, and someone who knows her few words.",
            ),
        ],
    );
    case.on(
        d(9)?,
        (9, 40),
        Who::Manager,
        vec![
            answered(d(10)?, Answer::LocalReview, "The Panel concluded that a local review may be more appropriate and thanks the partners for asking; it will use what is learned in its own work."),
            Command::Closing(closing::Event::LateExplained {
                clock: "tell-decision".into(),
                why: "Told the next working day: the fourth signature came in the morning.".into(),
            }),
        ],
    );
    Ok(())
}
