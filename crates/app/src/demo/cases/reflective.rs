//! A young person harmed by exploitation: no review of the statutory kind, but a reflective review with those who worked with her.

use cases::consideration::Finding;
use cases::decision::{Proposal, View};
use cases::family::{Contact, LetterKind, Views};
use cases::incident::{Danger, Facts, Whereabouts};
use cases::parallel::Process;
use cases::people::{Birth, Child, Coded, Life, Part};
use cases::rapid_review::Answer;
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

pub(super) fn script(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("reflective");
    let d = |n| days.back(n);
    let day = d(44)?;
    case.step(
        d(42)?,
        (13, 33),
        Who::Manager,
        What::Open(Box::new(Start {
            danger: (Danger::Yes, "She is safe in hospital. Two friends may be at risk from the same people; the exploitation team met their parents the same evening."),
            heard_on: Some(d(42)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                aware("Missing and exploitation team, Merrowshire Council", d(43)?, "9:32am", "Morning meeting with the police, from the log of children found overnight."),
                facts(Facts {
                    happened_on: Some(day),
                    time: "some time before 11pm".into(),
                    place: "a house in Easterwold".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A girl of 15 who had been missing from home for three days was found seriously hurt and frightened in a house where adults had been using young people to carry drugs. \
                              She had been reported missing eleven times in six months. She says that nobody made her go."
                        .into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "girl".into(),
                    name: "Tamsin Vellacott".into(),
                    pseudonym: "Wren".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 187) },
                    sex: own_words("female"),
                    care: own_words("lives with her mother; never looked after"),
                    plan: own_words("child protection plan since the spring"),
                    ethnicity: own_words("White and Asian"),
                    language: own_words("English"),
                    disability: vec![Coded { code: String::new(), words: "being assessed for ADHD when this happened".into() }],
                    about: "She chose her own pseudonym. She trains a neighbour's greyhound and wants that written down.".into(),
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("mother", "Yasmin Vellacott", "the mother", &["girl"], "", "Reported every absence within the hour."),
                relative("uncle", "Rafiq Vellacott", "the uncle", &[], "Prefers Urdu for anything formal", "She goes to him when she will talk to nobody else."),
            ],
        })),
    );
    let met_by = by_people(
        "Head of the exploitation team, designated nurse, detective chief inspector, with the school's safeguarding lead",
        d(42)?,
    );
    case.on(
        d(41)?,
        (10, 40),
        Who::Manager,
        vec![
            abuse("girl", "known", "Adults gave her drugs to carry and kept her from leaving. It is known from what was found in the house and from what she told the nurse; that she says she chose to go is what exploited children say, and changes nothing.", vec![said("Body map and her own words, taken on arrival", "forensic nurse")], &met_by),
            harmed("girl", &["physical-health", "mental-health"], "Two operations on her hand. The psychiatrist expects that the fear will stay a long time.", "Her hand heals well. She is back with the greyhound for an hour a day.", vec![paper("Discharge summary", d(41)?, "Tilbrook Infirmary", "hospital notes")], &met_by),
            notify("serious-incident", "Director of Children's Services, Merrowshire Council", d(41)?, "Seriously harmed, abuse known.", &[("health", "Agrees."), ("police", "Agrees; asks for the house not to be named.")]),
            process(Process {
                id: "trial".into(),
                kind: "criminal investigation".into(),
                lead: "Merrowshire Constabulary".into(),
                reference: "MC-960-1420".into(),
                contact: "Officer in the case".into(),
                status: "Three adults charged".into(),
                next: Some(days.ahead(46)?),
                restriction: "Nobody but the specialist officer asks her what happened in the house".into(),
                agreed_by: "Officer in the case and her advocate".into(),
                look_again: Some(days.ahead(46)?),
                ended: false,
            }),
        ],
    );
    case.on(
        d(40)?,
        (9, 25),
        Who::Manager,
        vec![
            sent(
                "serious-incident",
                d(40)?,
                "9:02am",
                "Director of Children's Services, Merrowshire Council",
                "SI-960-2304",
            ),
            told_partners(&[], d(40)?, "secure e-mail"),
        ],
    );
    case.on(
        d(39)?,
        (17, 0),
        Who::Chair,
        vec![contacted(Contact {
            promise: "Nobody from the partnership comes to school".into(),
            promise_keeper: "Morwenna Tallis".into(),
            ..spoke("girl", d(39)?, "4pm", "a walk with her advocate and the dog", "Told her who I am and that she owes us nothing. She asked that nobody comes to school.")
        })],
    );
    case.on(
        d(30)?,
        (16, 20),
        Who::Manager,
        vec![met_on(d(30)?, "Beatrix Holloway-Quill\nHarriet Wexcombe\nColm Fairbrother for Merrow Valley\nPerpetua Lindmere\nGareth Ollerden\nSchool safeguarding lead\nHer advocate, for the first half hour, with a message from her", "Anjali Marchbanks", "Two friends: each now has a worker whom they chose. The house is closed.", "Her message: I told four people and each of them wrote it down and passed it on.")],
    );
    let met = at_meeting("rapid review meeting", d(30)?);
    case.on(
        d(29)?,
        (11, 0),
        Who::Manager,
        vec![
            consider(found("improvements", "may", "Eleven return interviews were done, nine by a different person each time. Each is good; together they say nothing, because nobody read them together. The team has a plan for one worker per child, unproven yet.", vec![said("I told four people and each of them wrote it down and passed it on", "Wren, through her advocate")], &met)),
            consider(Finding {
                partners: vec![
                    own("health", "does-not", "The earlier reviews were of looked-after boys; the resemblance is in the word exploitation only."),
                    own("local-authority", "may", "Return interviews that are not read together came up twice before."),
                    own("police", "does", "We see the same each time."),
                ],
                agreed: false,
                ..found("recurrent-themes", "may", "The partners read the two earlier reviews differently and leave that visible. All three agree that a fourth reading by a reviewer would settle nothing; asking the workers might.", vec![paper("Two earlier reviews, summaries", d(200)?, "Merrowshire Safeguarding Children Partnership", "partnership's website")], &met)
            }),
            consider(found("working-together", "may", "Police and the exploitation team met daily and trusted each other. School knew most and was asked least; its notes of what she drew in art reached nobody.", vec![said("I would have brought the drawings if someone had said the word", "school safeguarding lead")], &met)),
            consider(found("panel-conclusion", "not-yet-considered", "Goes to the Panel with the report.", vec![], &met)),
            consider(found("single-agency", "does-not", "What was missed lay between the agencies and in none of them.", vec![], &met)),
            consider(found("no-agency", "does-not", "Six agencies, one child protection plan, and a mother who rang every time.", vec![], &met)),
            consider(found("several-areas", "may", "Two of the three adults came from another force's area; services there did not know her.", vec![said("No record of her", "the other force's safeguarding hub")], &met)),
            consider(found("institutional", "does-not", "A private house; her school is not part of what happened.", vec![], &met)),
            consider(found("area-importance", "may", "Easterwold has had four such houses in two years, each closed within weeks of being found.", vec![said("Four closures", "community safety partnership, quarterly report")], &met)),
            consider(found("adds-to-rapid-review", "may", "Not more facts. What would add something is the people who knew her in one room, able to say what they thought at the time without a report being written about each.", vec![], &met)),
            consider(found("national-importance", "does-not", "Exploitation of this kind has its own national review; we can send it ours.", vec![], &met)),
        ],
    );
    case.on(
        d(28)?,
        (15, 30),
        Who::Manager,
        vec![text(Proposal {
            conduct: Some(false),
            routes: vec!["reflective-review".into()],
            route_details: "Two half days within ten weeks with the eleven people who worked with her, led by someone from outside Merrowshire. What she, her mother and her uncle want asked is asked first. What is learned is published in the partnership's yearly report.".into(),
            reasons: "What is worth learning here is why good work in six places did not add up, and those who did it are still here and willing. \
                      A statutory review would wait for the trial in the new year and would reach them when they have moved on. \
                      We weighed that a reflective review has less weight with senior leaders, and therefore each delegate will hear its findings in person."
                .into(),
            evidence: vec![
                said("Trial listed for the new year; the prosecution asks that no report is published before it", "officer in the case"),
                paper("Eleven return interviews, read together for the first time", d(31)?, "Missing and exploitation team", "her electronic file; reading note in the case folder"),
            ],
            why_not: why_not(&[
                ("improvements", "The improvement is known in kind, one worker per child, and unknown in practice. A reflective review tests it with those who must do it, within weeks."),
                ("recurrent-themes", "The partners differ on whether it recurs. If the reflective review finds that it does, the decision will be reconsidered; that is agreed and has a day."),
                ("working-together", "The gap between school and the others can be talked through now with all of them in the room, and the school asks for exactly that."),
            ]),
            decided_on: Some(d(28)?),
        })],
    );
    case.step(d(28)?, (16, 15), Who::Council, What::Sign(View::Agrees, ""));
    case.step(d(28)?, (16, 48), Who::Coast, What::Sign(View::Agrees, ""));
    case.step(d(27)?, (9, 31), Who::Valley, What::Sign(View::Agrees, ""));
    case.on(
        d(26)?,
        (12, 15),
        Who::Manager,
        vec![
            signed_otherwise(Who::Police, View::Agrees, "", "paper", "Gareth Ollerden, Merrowshire Constabulary; his signed copy is kept in the partnership's safe", d(27)?),
            report(d(26)?, "The Child Safeguarding Practice Review Panel", "Morwenna Tallis", "No statutory review; a reflective review within ten weeks; views of the three partners on recurrent themes set out one by one."),
            told("The Panel", "the decision, with reasons", d(26)?, "with the report"),
        ],
    );
    case.on(
        d(24)?,
        (16, 40),
        Who::Chair,
        vec![
            inform("girl", "She is 15, it is about her, and she asked.", "Independent Chair with her advocate"),
            inform("mother", "She holds parental responsibility and did everything that was asked of her.", "Independent Chair"),
            inform("uncle", "She named him as the person she trusts.", "Independent Chair, at her wish"),
            safety("girl", "Through her advocate only", "In person; nothing by post", "The mother", "Witness", "Officer in the case agreed, on condition that the house is not spoken of"),
            safety("mother", "Home", "In person or by letter", "The mother", "Witness", "As for her daughter"),
            contacted(told_of_decision(
                "girl",
                d(25)?,
                "4:30pm",
                "a walk with her advocate and the dog",
                "The people who worked with you will sit together and ask themselves your question: why it was passed on and not heard. She said: they should put the dog in.",
                ["So that the next girl has to tell it once.", "You can send a question, come for ten minutes, or leave it.", "A page in a yearly report, without your name or the house; you see it first."],
            )),
            contacted(told_of_decision("mother", d(24)?, "10am", "in person, at her work, in her break", "She had hoped for something with more force and said so. I wrote that down in her words and the delegates have read it.", ["To find out why eleven calls did not add up.", "Two half days; her questions are asked first.", "Only in the yearly report, without names."])),
        ],
    );
    case.on(
        d(22)?,
        (11, 11),
        Who::Chair,
        vec![
            views("girl", Views::Given { on: d(25)?, words: "I told four people. Ask them what they did after they wrote it down.".into() }),
            views("mother", Views::Given { on: d(24)?, words: "If eleven calls are not serious, what number is?".into() }),
            views("uncle", Views::AskedWaiting { on: d(22)?, how: "By telephone, with an Urdu interpreter; he will ring after Friday prayers".into() }),
            letter("girl", LetterKind::OlderChild, "Dear Wren", "You asked me to write down what we said, so here it is.\n\nThe people who worked with you are going to meet. They will start with your question: what did you do after you wrote it down?\n\nYou can come, send something, or do neither. You can change your mind on the day.\n\nBefore anything is published you will see it. It will not have your name in it.", d(22)?),
            principles(
                "The same three sentences for each of the three, the rest in their own order.",
                "They know what we may not ask, and that it is because of the trial.",
                "She chose the place, the dog, and who else is there.",
                "An Urdu interpreter for her uncle; visits outside school and outside working hours.",
            ),
        ],
    );
    case.on(d(18)?, (10, 2), Who::Manager, vec![answered(d(19)?, Answer::Asks, "The Panel asks to be told the outcome of the reflective review, and whether the partners then still differ on recurrent themes.")]);
    Ok(case)
}
