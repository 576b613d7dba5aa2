//! A dissent: no agreed decision on the due day, each view sent to the Panel, a resolution by the lead partners,
//! and, after the Panel's letter and new facts, a reconsideration that is not yet signed by everyone. Both decisions stay visible.

use cases::consideration::Finding;
use cases::decision::{Command as Decide, NotAgreed, Proposal, Resolution, View};
use cases::family::Views;
use cases::incident::{Danger, Facts, Whereabouts};
use cases::people::{Birth, Child, Coded, Life, Part};
use cases::rapid_review::Answer;
use cases::{Command, ConsideredBy};
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

pub(super) fn script(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("dissent");
    begun(&mut case, days)?;
    considered(&mut case, days)?;
    not_agreed(&mut case, days)?;
    reconsidered(&mut case, days)?;
    Ok(case)
}

fn begun(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let day = d(70)?;
    case.step(
        d(69)?,
        (8, 55),
        Who::Manager,
        What::Open(Box::new(Start {
            danger: (Danger::No, "She was the only child at home. Her school is looking after her friends."),
            heard_on: Some(d(69)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                aware("Duty social worker, Merrowshire Council", day, "8:15pm", "Telephone from the police at the house."),
                facts(Facts {
                    happened_on: Some(day),
                    time: "in the afternoon".into(),
                    place: "at home, in Merrow St Anne".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A girl of 14 died at home by her own act. She had been waiting five months for help with her mental health, and had told a teacher in the spring that her stepfather frightened her. \
                              That was referred, looked into, and closed within a fortnight."
                        .into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "girl".into(),
                    name: "Ottilie Brackenridge".into(),
                    pseudonym: "Child D".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 174) },
                    life: Life::Died { on: Some(day) },
                    sex: own_words("female"),
                    care: own_words("never looked after"),
                    plan: own_words("none; an assessment was closed in the spring"),
                    ethnicity: own_words("White other"),
                    language: own_words("English and Hungarian"),
                    disability: vec![Coded { code: String::new(), words: "none known".into() }],
                    about: "She played the viola and was teaching herself to mend it.".into(),
                    ..Child::default()
                }),
                relative("mother", "Piroska Brackenridge", "the mother", &["girl"], "Hungarian interpreter for anything in writing", ""),
                relative("father", "Aldous Brackenridge", "the father", &["girl"], "", "Lives in Scotland; was told by telephone the same night by the police."),
                other_adult("stepfather", "", "the stepfather", "Left the home the week after. Not informed by the partnership while the police decide whether to interview him."),
            ],
        })),
    );
    case.on(
        d(65)?,
        (14, 12),
        Who::Manager,
        vec![
            abuse(
                "girl",
                "suspected",
                "She said in the spring that her stepfather frightened her and would not say more. The assessment spoke with her once, at home, with him in the next room. Suspicion is all there is, and it is enough for this limb.",
                vec![paper("Single assessment", d(150)?, "Merrowshire Council", "her electronic file")],
                &by_people("Director of Children's Services, designated doctor, detective inspector", d(66)?),
            ),
            died("girl", "She died at home. The inquest is open.", vec![said("Inquest opened and adjourned", "coroner's officer")], &by_people("Director of Children's Services, designated doctor, detective inspector", d(66)?)),
            notify("serious-incident", "Director of Children's Services, Merrowshire Council", d(66)?, "A child has died and abuse is suspected; that she ended her own life does not change the question.", &[("police", "Not convinced that abuse is suspected; does not stand in the way.")]),
            sent("serious-incident", d(66)?, "5:10pm", "Director of Children's Services, Merrowshire Council", "SI-960-2119"),
            told_partners(&[], d(66)?, "secure e-mail"),
        ],
    );
    case.on(d(57)?, (12, 0), Who::Manager, vec![met_on(d(57)?, "Beatrix Holloway-Quill\nHarriet Wexcombe\nAnjali Marchbanks\nPerpetua Lindmere\nGareth Ollerden\nHead teacher", "Children's mental health service (summary came the day after)", "Her friends: the school counsellor sees six of them every week.", "")]);
    Ok(())
}

fn considered(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let met: ConsideredBy = at_meeting("rapid review meeting and a second one by video", d(54)?);
    case.on(
        d(53)?,
        (9, 30),
        Who::Manager,
        vec![
            consider(Finding {
                agreed: false,
                partners: vec![
                    own("local-authority", "does", "One conversation, at home, with him in the next room: that is practice we must mend."),
                    own("health", "does", "Five months on a list without one call."),
                    own("police", "does-not", "Nothing we or others did or left undone is shown to bear on her death."),
                ],
                ..found("improvements", "does", "The council and health see improvements needed in how a frightened child is spoken to and how one who waits is kept in touch with. The police do not see the link to her death, and the guidance does not ask for one.", vec![said("No contact is planned while a child is on the list", "children's mental health service, summary")], &met)
            }),
            consider(found("recurrent-themes", "may", "Waiting without contact was named in the yearly report two years ago. Whether that makes it recurrent is a matter of how one counts.", vec![paper("Yearly report, two years ago", d(230)?, "Merrowshire Safeguarding Children Partnership", "website")], &met)),
            consider(found("working-together", "does", "School, social care and the mental health service each had a third of what she had said. Nobody's third was alarming.", vec![said("Read together it is another child", "designated doctor, at the second meeting")], &met)),
            consider(found("panel-conclusion", "not-yet-considered", "The Panel has not met on this case.", vec![], &met)),
            consider(found("single-agency", "does-not", "At least three.", vec![], &met)),
            consider(found("no-agency", "does-not", "Three agencies were in touch with her in her last half year.", vec![], &met)),
            consider(found("several-areas", "does-not", "Her father lives in Scotland; no service there knew her.", vec![], &met)),
            consider(found("institutional", "does-not", "She lived at home and went to a day school.", vec![], &met)),
            consider(found("area-importance", "does", "There are 214 young people on the same list today.", vec![said("214 waiting more than 18 weeks", "NHS Tilbrook and Coast Integrated Care Board, performance report")], &met)),
            consider(Finding {
                partners: vec![own("police", "does-not", "The inquest will hear the same witnesses.")],
                ..found("adds-to-rapid-review", "does", "The rapid review could not speak with her friends or the teacher she trusted; her mother wants to be heard. The inquest asks how she died, and not how services answered her.", vec![], &met)
            }),
            consider(found("national-importance", "may", "Waiting lists are national. What a partnership can do within one is not yet well described anywhere.", vec![], &met)),
        ],
    );
    Ok(())
}

fn not_agreed(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    case.on(
        d(53)?,
        (16, 5),
        Who::Council,
        vec![text(Proposal {
            conduct: Some(true),
            routes: vec![],
            route_details: String::new(),
            reasons: "She told someone, it was looked into, and what she said was not heard because of how and where she was asked. While she waited for help nobody rang. \
                      Both can be otherwise for the next child, and the people who know how have not been asked."
                .into(),
            evidence: vec![paper("Rapid review report, draft 2", d(54)?, "Merrowshire Safeguarding Children Partnership", "case folder")],
            why_not: why_not(&[]),
            decided_on: Some(d(53)?),
        })],
    );
    case.step(d(52)?, (10, 20), Who::Council, What::Sign(View::Agrees, ""));
    case.step(
        d(52)?,
        (11, 45),
        Who::Coast,
        What::Sign(
            View::AgreesWithNote,
            "The waiting list is ours. We ask that the review looks at it without sparing us.",
        ),
    );
    case.step(d(52)?, (12, 10), Who::Valley, What::Sign(View::Agrees, ""));
    case.step(
        d(51)?,
        (16, 55),
        Who::Police,
        What::Sign(
            View::Dissents,
            "The inquest will examine the same weeks with more power than a review has. Two inquiries at once would ask her friends to tell it twice. We would wait, and decide when the inquest has ended.",
        ),
    );
    case.on(
        d(51)?,
        (17, 30),
        Who::Manager,
        vec![
            report(d(51)?, "The Child Safeguarding Practice Review Panel", "Morwenna Tallis", "The report, with the views of the three partners set out one by one; no agreed decision."),
            Command::Decision(Decide::RecordNotAgreed(NotAgreed {
                on: d(51)?,
                views: "Council: conduct a review. Both health boards: conduct a review, Tilbrook and Coast with a note on its own list. Police: dissents, wait for the inquest.".into(),
                sent_to_panel: "Report and the four views in full, sent at 5:22pm by Morwenna Tallis to the Panel's secure mailbox, with the word that the lead partners meet in seven days.".into(),
            })),
        ],
    );
    case.on(
        d(45)?,
        (12, 40),
        Who::Manager,
        vec![Command::Decision(Decide::Resolve(Resolution {
            by_whom: "The lead safeguarding partners: both Chief Executives of the boards, the Chief Executive of the council and the Chief Constable".into(),
            how: "Meeting of the lead partners, as the edition's rule on disagreement provides; three for a review, one against, the Chief Constable accepting the outcome".into(),
            reasons: "The inquest and the review answer different questions. Her friends will be asked once, by one person trained for it, and the coroner has agreed to share what they say. The police's concern is met that way and not set aside.".into(),
            on: d(46)?,
        }))],
    );
    case.on(
        d(43)?,
        (18, 5),
        Who::Chair,
        vec![
            inform("mother", "She asked on the first day what would be done, and by whom.", "Independent Chair"),
            inform("father", "He holds parental responsibility and asked the police to be kept told.", "Independent Chair"),
            contacted(told_of_decision("mother", d(43)?, "3pm", "in person, at her sister's home, with a Hungarian interpreter", "There will be a review. Told her openly that the partners had not agreed at first, and why, because she will read it.", ["How her daughter was listened to, and what waiting was like.", "One person will speak with her friends, once.", "A report without her name; the mother reads it first."])),
            contacted(told_of_decision("father", d(43)?, "7pm", "by video call, as he asked", "There will be a review. He asked for dates and was given those that are known.", ["What services did and did not do.", "He may speak with the reviewer, in Scotland if he wishes.", "He reads it before it is published."])),
            views("mother", Views::Given { on: d(43)?, words: "\u{d6}t h\u{f3}nap. Five months. She asked me every Sunday whether the letter had come.".into() }),
            views("father", Views::AskedWaiting { on: d(43)?, how: "By video call; wants to think until his next visit".into() }),
        ],
    );
    case.on(
        d(41)?,
        (9, 0),
        Who::Manager,
        vec![told_offices(Of::Decision, d(44)?, "secure mailbox")],
    );
    case.on(
        d(21)?,
        (11, 25),
        Who::Manager,
        vec![answered(d(22)?, Answer::National, "The Panel begins a national review of how children are kept in touch with while they wait for mental health care, and asks whether a local review beside it is still the best use of the family's time.")],
    );
    Ok(())
}

fn reconsidered(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    case.on(
        d(12)?,
        (10, 0),
        Who::Manager,
        vec![
            Command::Decision(Decide::Reconsider {
                why: "The Panel will lead a national review of the same question, and the mother has said that she can tell her daughter's story once more, and not twice. Both are new since the decision.".into(),
            }),
            consider(found(
                "adds-to-rapid-review",
                "may",
                "Beside a national review a local one would add only the conversation of the spring: how she was asked, and where. That is one team's practice, which the council can look at now.",
                vec![said("Once more, and not twice", "the mother, to the chair")],
                &at_meeting("reconsideration meeting", d(12)?),
            )),
            consider(found(
                "panel-conclusion",
                "did-not-so-conclude",
                "The Panel considered the case and will lead a national review; it left the local decision to the partners.",
                vec![paper("Letter of the Panel", d(22)?, "Merrowshire Safeguarding Children Partnership", "case folder")],
                &at_meeting("reconsideration meeting", d(12)?),
            )),
        ],
    );
    case.on(
        d(11)?,
        (15, 45),
        Who::Manager,
        vec![text(Proposal {
            conduct: Some(false),
            routes: vec!["join-another-review".into(), "single-agency-review".into()],
            route_details: "Merrowshire takes part in the Panel's national review. The council reviews how its assessments speak with a child who says she is frightened.".into(),
            reasons: "The national review will ask what we would have asked, with the power to change what we cannot. Her mother and her friends will be heard there, once. \
                      What is ours alone, how she was spoken to in the spring, does not need to wait for it and is looked at now. The first decision was right with what was known then."
                .into(),
            evidence: vec![
                paper("Letter of the Panel", d(22)?, "Merrowshire Safeguarding Children Partnership", "case folder"),
                said("Once more, and not twice", "the mother, to the chair, with an interpreter"),
            ],
            why_not: why_not(&[
                ("improvements", "They are needed, and the council has begun its own; the rest is in the national review's terms."),
                ("recurrent-themes", "Waiting without contact is exactly the national review's theme."),
                ("working-together", "The three thirds were put together by the rapid review and are known; the change that follows from it is agreed in the action plan."),
            ]),
            decided_on: Some(d(12)?),
        })],
    );
    case.on(
        d(10)?,
        (12, 30),
        Who::Coast,
        vec![view(
            Who::Coast,
            View::AgreesWithNote,
            "We would sign once the mother has been told that this is being considered.",
        )],
    );
    case.step(d(9)?, (9, 9), Who::Police, What::Sign(View::Agrees, ""));
    case.step(d(8)?, (14, 14), Who::Council, What::Sign(View::Agrees, ""));
    case.on(
        d(7)?,
        (17, 10),
        Who::Chair,
        vec![contacted(cases::family::Contact {
            promise: "Ring her on the day the partners have signed, whatever it says".into(),
            promise_keeper: "Beatrix Holloway-Quill".into(),
            ..spoke("mother", d(7)?, "2pm", "in person, with the same interpreter", "Told her that the partners think about joining the national review instead. She said that she would have chosen the same.")
        })],
    );
    Ok(())
}
