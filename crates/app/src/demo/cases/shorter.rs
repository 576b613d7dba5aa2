//! Shorter cases from the rapid review on: views decided not to be asked, two days left, and no agreed decision.
//! Three short cases in one file: long as data, not as code.

use cases::Command;
use cases::consideration::Finding;
use cases::decision::{Command as Decide, NotAgreed, Proposal, View};
use cases::family::Views;
use cases::incident::{Danger, Facts, Whereabouts};
use cases::people::{Birth, Child, Coded, Life, Part};
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

const DIRECTOR: &str = "Director of Children's Services, Merrowshire Council";

/// At the consideration; it was decided for now not to ask the young person for her views.
pub(super) fn views_not_asked(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("views not asked");
    let d = |n| days.back(n);
    let day = d(15)?;
    case.step(
        d(14)?,
        (15, 27),
        Who::Deputy,
        What::Open(Box::new(Start {
            danger: (Danger::No, "She is in hospital with a nurse beside her at all times."),
            heard_on: Some(d(14)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                aware("Area office, Merrowshire Council", day, "1:10pm", "Telephone from the ward."),
                facts(Facts {
                    happened_on: Some(day),
                    place: "at home, in Easterwold".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A girl of 16 tried to end her life and was badly hurt. She had told her college that things at home frightened her and had been waiting for someone to ring.".into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "girl".into(),
                    name: "Persis Oakenshaw".into(),
                    pseudonym: "Child G".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 195) },
                    sex: own_words("female"),
                    ethnicity: own_words("Black Caribbean"),
                    language: own_words("English"),
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("brother", "Jethro Oakenshaw", "her adult brother", &[], "", "She asked for him on the ward."),
            ],
        })),
    );
    let by = by_people(
        "Head of safeguarding, designated nurse, detective sergeant",
        d(14)?,
    );
    case.on(
        d(12)?,
        (16, 41),
        Who::Deputy,
        vec![
            abuse(
                "girl",
                "suspected",
                "She has said that she was frightened at home and not yet of whom or of what.",
                vec![said(
                    "I don't want to go back there",
                    "to the ward nurse, written down at once",
                )],
                &by,
            ),
            harmed(
                "girl",
                &["physical-health", "mental-health"],
                "Injuries to her spine, and despair that had lasted for months.",
                "She moves her feet since last week.",
                vec![],
                &by,
            ),
            notify(
                "serious-incident",
                DIRECTOR,
                d(13)?,
                "Seriously harmed; abuse suspected.",
                &[("police", "Agrees.")],
            ),
            sent(
                "serious-incident",
                d(12)?,
                "2:05pm",
                DIRECTOR,
                "SI-960-2490",
            ),
            told_partners(&[], d(12)?, "secure e-mail"),
            planned(days.ahead(2)?, "By video, at the ward's request."),
        ],
    );
    case.on(
        d(10)?,
        (12, 22),
        Who::Chair,
        vec![
            views(
                "girl",
                Views::NotAsked {
                    who: "Beatrix Holloway-Quill, Independent Chair, with her consultant psychiatrist".into(),
                    on: d(10)?,
                    why: "She is very unwell and hears every question as a reproach. Her psychiatrist asks for two weeks without any. Her nurse has told her that somebody wants to hear from her when she likes, and that nothing depends on it.".into(),
                    look_again: days.ahead(4)?,
                },
            ),
            inform("brother", "She asked for him and he asked what happens next.", "Independent Chair"),
            views("brother", Views::AskedWaiting { on: d(10)?, how: "By telephone; he will come to the office" .into() }),
        ],
    );
    case.on(
        d(3)?,
        (10, 50),
        Who::Council,
        vec![consider(found("working-together", "may", "College, the general practitioner and the duty team each knew that she had asked for help. What each did with it is being put side by side for the meeting.", vec![said("We thought the duty team had rung her", "college safeguarding lead")], &by_people("Harriet Wexcombe, in preparation for the meeting", d(3)?)))],
    );
    Ok(case)
}

/// The rapid review is obliged and has two working days left.
pub(super) fn two_days_left(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("two days left");
    let d = |n| days.back(n);
    let day = d(16)?;
    case.step(
        d(15)?,
        (11, 40),
        Who::Deputy,
        What::Open(Box::new(Start {
            danger: (Danger::No, "Both brothers are with their grandparents."),
            heard_on: Some(d(15)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                aware("Duty social worker, Merrowshire Council", day, "10:20pm", "Telephone from the police."),
                facts(Facts {
                    happened_on: Some(day),
                    time: "about 9pm".into(),
                    place: "a car park in Merrow St Anne".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A boy of 16 was stabbed and lost much blood. He was carrying drugs for someone else and owed that person money. His younger brother had been asked to do the same.".into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "boy".into(),
                    name: "Dashiell Okonroad".into(),
                    pseudonym: "Child F".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 198) },
                    sex: own_words("male"),
                    disability: vec![Coded { code: String::new(), words: "none known".into() }],
                    life: Life::Living,
                    ..Child::default()
                }),
                child(Child { id: "brother".into(), name: "Emil Okonroad".into(), parts: vec![Part::OtherChild], birth: Birth::About { words: "11 or 12 years old".into() }, ..Child::default() }),
                relative("grandparents", "Ada and Winston Okonroad", "the grandparents", &[], "", ""),
            ],
        })),
    );
    let by = by_people(
        "Exploitation team manager, designated nurse, detective chief inspector",
        d(14)?,
    );
    case.on(
        d(13)?,
        (16, 36),
        Who::Deputy,
        vec![
            abuse(
                "boy",
                "known",
                "He was being exploited; the messages on his telephone leave no doubt.",
                vec![said("Messages over seven weeks", "officer in the case")],
                &by,
            ),
            harmed(
                "boy",
                &["physical-health", "mental-health"],
                "Two operations; he cannot yet be alone in a room.",
                "",
                vec![],
                &by,
            ),
            notify(
                "serious-incident",
                DIRECTOR,
                d(13)?,
                "Seriously harmed by exploitation.",
                &[("police", "Agrees."), ("health", "Agrees.")],
            ),
            sent(
                "serious-incident",
                d(13)?,
                "4:15pm",
                DIRECTOR,
                "SI-960-2481",
            ),
            told_partners(&[], d(13)?, "secure e-mail"),
            planned(d(2)?, "Council House, 2pm"),
        ],
    );
    case.on(
        d(2)?,
        (17, 45),
        Who::Deputy,
        vec![met_on(d(2)?, "Beatrix Holloway-Quill\nHarriet Wexcombe\nColm Fairbrother for Merrow Valley\nPerpetua Lindmere\nWren Castlemain for the police", "", "The younger brother has a worker whom he picked himself.", "What was found is still to be written down; the chair's notes come tomorrow.")],
    );
    Ok(case)
}

/// The due day came without an agreed decision; each view and what was sent to the Panel stand.
pub(super) fn no_agreed_decision(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("no agreed decision");
    let d = |n| days.back(n);
    let day = d(23)?;
    case.step(
        d(22)?,
        (12, 19),
        Who::Manager,
        What::Open(Box::new(Start {
            danger: (Danger::No, "The nursery is closed while its registration is looked at; every family was rung."),
            heard_on: Some(d(22)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                aware("Designated officer, Merrowshire Council", day, "3:45pm", "Telephone from the nursery's manager."),
                facts(Facts {
                    happened_on: Some(day),
                    place: "a day nursery in Upper Merrow".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    setting_kind: "day nursery".into(),
                    setting_name: "Little Weir Nursery".into(),
                    summary: "A girl of two was left outside in the cold for more than an hour and was found unconscious. She is at home again. The nursery had been short of two staff that day.".into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "girl".into(),
                    name: "Clover Hathersage-Finn".into(),
                    pseudonym: "Child A".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 30) },
                    sex: own_words("female"),
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("mother", "Marguerite Hathersage", "the mother", &["girl"], "", ""),
            ],
        })),
    );
    let by = at_meeting("rapid review meeting", d(6)?);
    case.on(
        d(18)?,
        (10, 0),
        Who::Manager,
        vec![
            abuse(
                "girl",
                "suspected",
                "Neglect in a setting: too few people to count the children in.",
                vec![],
                &by_people(
                    "Designated officer, designated nurse, detective inspector",
                    d(20)?,
                ),
            ),
            harmed(
                "girl",
                &["physical-health"],
                "Unconscious for forty minutes.",
                "She shows no after-effects so far.",
                vec![],
                &by_people(
                    "Designated officer, designated nurse, detective inspector",
                    d(20)?,
                ),
            ),
            notify(
                "serious-incident",
                DIRECTOR,
                d(19)?,
                "Seriously harmed in a registered setting; neglect suspected.",
                &[("health", "Doubts that the harm is serious.")],
            ),
            sent(
                "serious-incident",
                d(18)?,
                "9:20am",
                DIRECTOR,
                "SI-960-2419",
            ),
            told_partners(&[], d(18)?, "secure e-mail"),
        ],
    );
    case.on(
        d(5)?,
        (15, 50),
        Who::Manager,
        vec![
            met_on(
                d(6)?,
                "All four delegates, the chair, Ofsted for the facts",
                "",
                "",
                "",
            ),
            consider(found(
                "institutional",
                "does",
                "A registered day nursery.",
                vec![],
                &by,
            )),
            consider(Finding {
                agreed: false,
                partners: vec![
                    own(
                        "local-authority",
                        "may",
                        "Counting children in is taught and not checked.",
                    ),
                    own(
                        "health",
                        "does-not",
                        "One bad afternoon, mended the next day.",
                    ),
                    own("police", "may", "We have not seen the rota yet."),
                ],
                ..found(
                    "improvements",
                    "may",
                    "The partners do not agree whether one afternoon shows anything beyond itself.",
                    vec![],
                    &by,
                )
            }),
        ],
    );
    case.on(d(4)?, (9, 30), Who::Manager, vec![text(Proposal {
        conduct: Some(true),
        reasons: "The council proposes a short review of how settings count children in when staff are missing; it is sent round for comment.".into(),
        ..Proposal::default()
    })]);
    case.on(
        d(4)?,
        (14, 40),
        Who::Valley,
        vec![view(
            Who::Valley,
            View::Dissents,
            "A review is out of proportion to one afternoon that the nursery has already mended.",
        )],
    );
    case.on(
        d(3)?,
        (9, 10),
        Who::Manager,
        vec![
            view_given(
                Who::Coast,
                View::Agrees,
                "",
                otherwise(
                    "telephone",
                    "Perpetua Lindmere, NHS Tilbrook and Coast Integrated Care Board",
                    d(4)?,
                ),
            ),
            view_given(
                Who::Police,
                View::AgreesWithNote,
                "Once the rota has been seen.",
                otherwise("e-mail", "Gareth Ollerden, Merrowshire Constabulary", d(4)?),
            ),
        ],
    );
    case.on(
        d(3)?,
        (17, 20),
        Who::Manager,
        vec![
            report(d(3)?, "The Child Safeguarding Practice Review Panel", "Morwenna Tallis", "The facts, what was considered so far, and that there is no agreed decision."),
            Command::Decision(Decide::RecordNotAgreed(NotAgreed {
                on: d(3)?,
                views: "Council: a short review. Merrow Valley: no review, out of proportion. Tilbrook and Coast: agrees with a review. Police: agrees once the rota has been seen.".into(),
                sent_to_panel: "The report with the four views, sent at 5:05pm by Morwenna Tallis. The lead partners meet on Thursday.".into(),
            })),
        ],
    );
    Ok(case)
}
