//! A child of about 16 months who died after neglect, in a family known in two areas: a review is decided, the family is told,
//! and the clocks run. Untidy on purpose: a corrected day of awareness, a meeting that moved, a signature set aside.
//! Long as the story of a case is.

use cases::consideration::Finding;
use cases::decision::{Command as Decide, Proposal, Slip, View};
use cases::family::{Contact, LetterKind, Views};
use cases::incident::{Danger, Facts, Whereabouts};
use cases::parallel::Process;
use cases::people::{Birth, Child, Coded, Life, Part};
use cases::rapid_review::Answer;
use cases::{Command, ConsideredBy, Event};
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

const COUNCIL: &str = "Director of Children's Services, Merrowshire Council";

pub(super) fn script(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("review under way");
    opened(&mut case, days)?;
    reviewed_rapidly(&mut case, days)?;
    considered(&mut case, days)?;
    decided(&mut case, days)?;
    family_told(&mut case, days)?;
    since_then(&mut case, days)?;
    Ok(case)
}

fn opened(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let day = d(64)?;
    case.step(
        d(63)?,
        (11, 12),
        Who::Manager,
        What::Open(Box::new(Start {
            danger: (
                Danger::Yes,
                "There is an older sister. The Front Door had already placed her with her grandmother the night before, with the mother's agreement; a social worker saw her this morning.",
            ),
            heard_on: Some(d(63)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                contact(day, "Ambulance control", "Telephone to the Emergency Duty Team, 10:47pm."),
                aware("Emergency Duty Team, Merrowshire Council", d(63)?, "8:50am", "The night's log was read by the day team."),
                facts(Facts {
                    happened_on: Some(day),
                    time: "found at about 9:30pm".into(),
                    place: "the family's flat in Tilbrook".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A boy of about 16 months was found unresponsive in his cot by his mother, who called an ambulance. He died in hospital that night. \
                              Doctors found that he weighed much less than a child of his age should and had an untreated infection. \
                              His mother had been caring for two children alone, was unwell, and had moved twice in a year."
                        .into(),
                    ..Facts::default()
                }),
            ],
        })),
    );
    case.on(
        d(63)?,
        (16, 5),
        Who::Manager,
        vec![
            child(Child {
                id: "boy".into(),
                name: "Lowen Pascallis".into(),
                pseudonym: "Child B".into(),
                parts: vec![Part::Subject],
                birth: Birth::On { on: days.earlier(days.months_before(day, 16), 5) },
                life: Life::Died { on: Some(day) },
                sex: own_words("male"),
                care: own_words("never looked after"),
                plan: own_words("child in need plan, ended five months before he died"),
                ethnicity: own_words("White and Black Caribbean"),
                language: own_words("not yet talking; English and some French at home"),
                disability: vec![Coded { code: String::new(), words: "none known".into() }],
                about: "His grandmother says that he laughed whenever his sister sang, and had just learned to climb on to the sofa.".into(),
                ..Child::default()
            }),
            child(Child {
                id: "sister".into(),
                name: "Amabel Pascallis".into(),
                pseudonym: "Child C".into(),
                parts: vec![Part::OtherChild],
                birth: Birth::On { on: days.months_before(day, 112) },
                sex: own_words("female"),
                care: own_words("with her grandmother, by agreement"),
                ethnicity: own_words("White and Black Caribbean"),
                language: own_words("English"),
                life: Life::Living,
                ..Child::default()
            }),
            relative("mother", "Delphine Pascallis", "the mother", &["boy", "sister"], "Reads well in English; wants hard news in person and in the morning", "Was treated for depression in Norvale; the move broke that off."),
            relative("father", "Ruben Achard", "the boy's father", &["boy"], "First language French: an interpreter for every conversation", "Lives in Norvale; saw his son at weekends until the second move."),
            relative("grandmother", "Odette Pascallis", "the grandmother", &[], "Hears badly on the telephone: come in person, or write in large print", "Cares for the sister."),
            related("mother", "mother of", "boy"),
            related("mother", "mother of", "sister"),
            related("father", "father of", "boy"),
            related("grandmother", "mother of", "mother"),
            area("Norvale", "The family lived there until five months before; health visiting and the child in need plan were Norvale's.", "Head of Safeguarding, Norvale Council, 01632 960230"),
        ],
    );
    case.on(
        d(62)?,
        (9, 20),
        Who::Manager,
        vec![
            aware_corrected(
                "Emergency Duty Team, Merrowshire Council",
                day,
                "10:47pm",
                "Telephone call from ambulance control, in the duty team's log.",
                "The day first entered was the day the log was read. The duty team is part of the authority, so the authority became aware with the call the night before.",
            ),
            agency("Merrow Valley Community Health", "health visiting", "Transfer visit made three weeks after the move; two later visits recorded as no reply.", "Named nurse"),
            agency("Norvale Children's Services", "children's social care, other area", "Child in need plan until the move; closed with a letter to the Merrowshire front door.", "Head of Safeguarding"),
            agency("Lantern Street Surgery", "general practice", "Registered both children; the mother's own notes had not arrived from her earlier practice.", "Practice safeguarding lead"),
            agency("Tilbrook Housing Partnership", "housing", "Temporary flat; two reports of damp, the second unanswered.", "Tenancy manager"),
            process(Process {
                id: "investigation".into(),
                kind: "police investigation".into(),
                lead: "Merrowshire Constabulary".into(),
                reference: "MC-960-1182".into(),
                contact: "Detective sergeant, child protection team".into(),
                status: "The mother is to be interviewed as a witness first".into(),
                next: Some(d(40)?),
                restriction: "No conversation with the mother about what happened that day until she has been interviewed; condolence and practical help are fine".into(),
                agreed_by: "Senior investigating officer".into(),
                look_again: Some(d(40)?),
                ended: false,
            }),
        ],
    );
    Ok(())
}

fn reviewed_rapidly(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let doctors = by_people(
        "Director of Children's Services, designated doctor, detective inspector, at the first meeting after his death",
        d(62)?,
    );
    case.on(
        d(61)?,
        (15, 40),
        Who::Manager,
        vec![
            abuse(
                "boy",
                "suspected",
                "He had lost weight over at least three months and no one who could have noticed saw him undressed in that time. An infection had been left untreated for days. \
                 His mother was ill and alone and had asked for help twice; suspecting neglect says what he lacked, not what she intended.",
                vec![
                    said("Weight on the 75th centile at 9 months, below the 0.4th when he died", "designated doctor, from his red book and the hospital's record"),
                    paper("Record of the ambulance crew", d(64)?, "Merrowshire Ambulance Service", "incident file, copy with the coroner's officer"),
                ],
                &doctors,
            ),
            died("boy", "He died in hospital on the night he was found.", vec![said("Death confirmed at 11:58pm", "emergency department record")], &doctors),
            notify(
                "serious-incident",
                COUNCIL,
                d(61)?,
                "A child has died and neglect is suspected. The doubt whether neglect can be shown is a question for the review and not for the notification.",
                &[("health", "Both boards agree."), ("police", "Agrees; asks that the notification does not name a cause of death.")],
            ),
        ],
    );
    case.on(
        d(60)?,
        (12, 10),
        Who::Manager,
        vec![
            sent(
                "serious-incident",
                d(60)?,
                "11:48am",
                COUNCIL,
                "SI-960-2207",
            ),
            told_partners(
                &["Norvale"],
                d(60)?,
                "by secure e-mail, read receipts kept; Norvale by telephone first",
            ),
            planned(
                d(53)?,
                "Council House, 9:30am; summaries from six agencies asked for by the day before.",
            ),
        ],
    );
    case.on(
        d(54)?,
        (13, 25),
        Who::Manager,
        vec![moved(d(53)?, d(51)?, "Moved by two working days: Norvale's chronology came without the last five months and had to be asked for again.")],
    );
    case.on(
        d(50)?,
        (10, 0),
        Who::Manager,
        vec![met_on(
            d(51)?,
            "Beatrix Holloway-Quill, Independent Chair\nHarriet Wexcombe, Merrowshire Council\nAnjali Marchbanks, NHS Merrow Valley Integrated Care Board\nPerpetua Lindmere, NHS Tilbrook and Coast Integrated Care Board\nGareth Ollerden, Merrowshire Constabulary\nHead of Safeguarding, Norvale Council (by video)\nNamed nurse, Merrow Valley Community Health",
            "Practice safeguarding lead, Lantern Street Surgery (sent a summary)",
            "The sister is safe with her grandmother and back at school. Health visiting checked the same day every child under two whose transfer visit was recorded as no reply: 14 families, all seen within the week, two needed help.",
            "The meeting said plainly what is not known: who, if anyone, saw him in the last seven weeks.",
        )],
    );
    Ok(())
}

fn considered(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let met: ConsideredBy = at_meeting("rapid review meeting", d(51)?);
    case.on(
        d(50)?,
        (14, 30),
        Who::Manager,
        vec![
            consider(Finding {
                partners: vec![own("police", "may", "We see the gap between the areas; whether closing it would have changed practice here is still open for us.")],
                ..found(
                    "improvements",
                    "does",
                    "When the family crossed the border, three services each wrote that another had the children in view, and none had. A letter closing the child in need plan reached the front door and was filed as information. \
                     Against it stands that the transfer visit was made in time and was a good one.",
                    vec![
                        paper("Letter closing the child in need plan", days.months_before(d(64)?, 5), "Norvale Council", "the sister's file; copy in the front door's archive"),
                        said("We read it as a courtesy copy", "front door team manager, in the agency summary"),
                    ],
                    &met,
                )
            }),
            consider(found(
                "recurrent-themes",
                "does",
                "Two reviews in Merrowshire in four years were about families who moved and services that recorded a visit without an answer as a visit made. The action plan of the second was signed off; the record system still has no other box to tick.",
                vec![said("Field still reads: visit completed yes/no", "screen shown at the meeting by the named nurse")],
                &met,
            )),
            consider(found(
                "working-together",
                "does",
                "Health, housing and social care each held one part: weight, damp, a mother's illness. The mother's own doctor in Norvale had written of his worry; that letter went to the wrong surgery and came back.",
                vec![said("Returned marked not known here", "practice manager, Lantern Street Surgery")],
                &met,
            )),
            consider(found(
                "panel-conclusion",
                "not-yet-considered",
                "The Panel has the notification and has not yet met. The report goes to it with this decision.",
                vec![],
                &met,
            )),
            consider(found(
                "single-agency",
                "does-not",
                "No single agency's act explains what happened. Health visiting looked at itself first and most openly, which must not be mistaken for being the only one with something to learn.",
                vec![],
                &met,
            )),
            consider(found("no-agency", "does-not", "Eight agencies in two areas knew the family.", vec![said("Eight summaries received", "list kept by the partnership office")], &met)),
            consider(found(
                "several-areas",
                "does",
                "Norvale and Merrowshire both. The two areas agree that Merrowshire leads, as he died here, and that Norvale takes part fully.",
                vec![said("We will give whatever is needed", "Head of Safeguarding, Norvale Council")],
                &met,
            )),
            consider(found("institutional", "does-not", "He lived at home and attended no nursery.", vec![], &met)),
            consider(found(
                "area-importance",
                "does",
                "About 300 families with a child under two move into Merrowshire each year. The way their notes and worries travel is the same for all of them.",
                vec![said("312 transfers in of children under two in the last full year", "Merrow Valley Community Health, performance report")],
                &met,
            )),
            consider(found(
                "adds-to-rapid-review",
                "may",
                "The rapid review could say what happened. It could not speak with the mother or the father, or ask practitioners in Norvale why closing the plan felt safe. A review can.",
                vec![],
                &met,
            )),
        ],
    );
    case.on(
        d(49)?,
        (9, 45),
        Who::Chair,
        vec![consider(Finding {
            missing: "Whether the national work on families who move, announced for next spring, will cover children under two.".into(),
            why_without: "A local review is right for this area whichever way that goes.".into(),
            look_again: Some(days.ahead(31)?),
            ..found(
                "national-importance",
                "not-known",
                "The pattern is known nationally, and this case may or may not show anything new about it. The partners would rather say that they do not know than guess.",
                vec![],
                &met,
            )
        })],
    );
    Ok(())
}

fn decided(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let first = Proposal {
        conduct: Some(true),
        routes: vec![],
        route_details: String::new(),
        reasons: "He was not seen undressed by anyone outside his home in the last seven weeks of his life, though five services had reason to see him. \
                  The same gap between areas was found before and not closed. The mother and father have not been heard, and a review is the way to hear them. \
                  We weighed whether Norvale's own work would be enough; it would look at one side of the border only."
            .into(),
        evidence: vec![paper("Rapid review report, draft 3", d(49)?, "Merrowshire Safeguarding Children Partnership", "partnership office, case folder")],
        why_not: why_not(&[]),
        decided_on: Some(d(49)?),
    };
    let second = Proposal {
        routes: vec!["audit".into()],
        route_details: "An audit, begun now and not after the review, of visits recorded as no reply to children under two.".into(),
        ..first.clone()
    };
    case.on(d(49)?, (15, 10), Who::Manager, vec![text(first)]);
    case.on(d(49)?, (16, 2), Who::Police, vec![view(Who::Police, View::AgreesWithNote, "Agrees, if the review is written so that it does not touch what the mother may be asked in interview.")]);
    case.step(d(48)?, (9, 5), Who::Council, What::Sign(View::Agrees, ""));
    case.on(d(48)?, (11, 30), Who::Manager, vec![text(second)]);
    case.step(d(48)?, (13, 45), Who::Council, What::Sign(View::Agrees, ""));
    case.step(d(48)?, (14, 8), Who::Valley, What::Sign(View::Agrees, ""));
    case.step(d(47)?, (8, 50), Who::Police, What::Sign(View::AgreesWithNote, "The terms of reference are shown to the senior investigating officer before they are final."));
    case.step(
        d(47)?,
        (17, 20),
        Who::CoastDeputy,
        What::Sign(View::Agrees, ""),
    );
    // Perpetua Lindmere is on leave; her deputy signs on the authority recorded for him.
    case.step(
        d(47)?,
        (8, 30),
        Who::Manager,
        What::Later(Box::new(|world| {
            let deputy = world.person(Who::CoastDeputy)?;
            Ok(vec![Command::Members(cases::members::Event::MemberAdded {
                person: deputy.id.clone(),
                name: deputy.name.clone(),
                part: cases::members::Part::Decides,
                why: "signs for Perpetua Lindmere, who is on leave".into(),
                agency: None,
                until: None,
            })])
        })),
    );
    case.on(
        d(46)?,
        (10, 15),
        Who::Manager,
        vec![
            report(
                d(46)?,
                "The Child Safeguarding Practice Review Panel",
                "Morwenna Tallis, for the safeguarding partners",
                "A local review will be conducted; no view yet on national importance.",
            ),
            told_offices(Of::Decision, d(46)?, "by the Panel's secure mailbox"),
        ],
    );
    case.on(
        d(44)?,
        (9, 12),
        Who::Manager,
        vec![Command::Decision(Decide::CorrectSlip(Slip {
            stands: "Rapid review report, draft 3".into(),
            should_say: "Rapid review report, final (the draft number was left in the title)"
                .into(),
        }))],
    );
    case.on(
        d(36)?,
        (14, 0),
        Who::Manager,
        vec![answered(d(37)?, Answer::Agrees, "The Panel agrees with the decision to conduct a local review, and asks that the voice of the boy's father is sought with an interpreter throughout.")],
    );
    Ok(())
}

fn family_told(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let told_mother = [
        "To understand what the services could have done differently for your son and your daughter. It is not there to blame anyone.",
        "An independent person reads the records and speaks with those who worked with you. You can choose whether, when and how to take part, and change your mind.",
        "There will be a report that anyone can read. It will not use your names. You will see it before anyone else does.",
    ];
    case.on(
        d(56)?,
        (16, 45),
        Who::Chair,
        vec![
            contacted(spoke("grandmother", d(56)?, "2pm", "in person, at her home", "Condolence, and who I am. Said that services will look at what happened and that nobody expects anything of the family now. She asked that her grandson is not called by a letter.")),
            safety("mother", "4 Lantern Row, Tilbrook, TB1 4QQ", "By hand at her mother's, with her key worker there; never at the flat", "The mother", "A witness; this may change", "Detective sergeant consulted by the chair: yes to condolence, no to the day itself until she is interviewed"),
            safety("father", "His own address in Norvale", "In person with an interpreter; the letter in French and English", "The father, jointly", "Neither", "Detective sergeant has no objection"),
        ],
    );
    case.on(d(55)?, (10, 20), Who::Manager, vec![renamed("boy", "Rowan", "His grandmother and mother asked that he is not called by a letter. They chose Rowan, after the tree outside the flat.")]);
    case.on(
        d(46)?,
        (17, 30),
        Who::Chair,
        vec![
            inform("mother", "She has lost her son and will be part of whatever is written. She told her key worker that she would rather hear it from us than read it.", "Independent Chair with the senior investigating officer"),
            inform("father", "He holds parental responsibility and has asked twice what will happen.", "Independent Chair"),
            inform("grandmother", "She cares for the sister and was promised that she would be told.", "Independent Chair"),
            inform("sister", "She is nine, knows that her brother died, and asks questions. Her school's counsellor thinks a short talk and a short letter are right.", "Independent Chair with the grandmother and the school"),
            principles(
                "Everyone hears the same three things in the same words, and has them in writing the same day.",
                "We tell them which agencies take part, what we may not speak about while the police investigate, and why.",
                "Where and when we meet is their choice; the father chose evenings, the grandmother her kitchen.",
                "A French interpreter whom the father approved, large print for the grandmother, pictures for the sister.",
            ),
        ],
    );
    case.on(
        d(43)?,
        (15, 15),
        Who::Chair,
        vec![
            contacted(told_of_decision("grandmother", d(45)?, "10am", "in person, at her kitchen table", "The review will go ahead. She asked whether her daughter will be blamed. Said: no one is on trial here.", told_mother)),
            contacted(Contact {
                promise: "Ring before anything appears in public, at least a week ahead".into(),
                promise_keeper: "Beatrix Holloway-Quill".into(),
                ..told_of_decision("mother", d(44)?, "9:30am", "in person, at her mother's home, with her key worker", "The review will go ahead. She was quiet, and asked for the words again on paper. She wants to think about taking part.", told_mother)
            }),
            contacted(Contact {
                promise: "Send the interpreter's recording of our talk, so that he can listen again".into(),
                promise_keeper: "Morwenna Tallis".into(),
                ..told_of_decision("father", d(43)?, "6:15pm", "in person in Norvale, with a French interpreter", "The review will go ahead. He wants to take part and to bring photographs.", ["What the services could have done, in both areas.", "Who will read and ask, and that he may come with a friend.", ""])
            }),
        ],
    );
    case.on(
        d(42)?,
        (11, 40),
        Who::Chair,
        vec![
            letter(
                "mother",
                LetterKind::Adult,
                "Dear Delphine",
                "I am so sorry that your son has died.\n\nWhen we met I told you that the safeguarding partners have decided that there will be a review. It looks at what services did and could have done for your children. It does not decide whether anyone is to blame.\n\nYou can choose whether, when and how to take part, and you can change your mind at any time. If you would rather not, the review will still treat you and your son with respect, and I will still tell you what it finds before anyone else reads it.\n\nNothing needs to be answered now. I will ring on the day we agreed.",
                d(42)?,
            ),
            views("mother", Views::AskedWaiting { on: d(44)?, how: "In person; she will tell her key worker when she is ready".into() }),
            views("grandmother", Views::Given { on: d(45)?, words: "Somebody should have gone in. I don't say who. He was never any trouble, he just got quieter.".into() }),
            kept("father", "Send the interpreter's recording of our talk, so that he can listen again", d(42)?),
        ],
    );
    Ok(())
}

fn since_then(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    case.on(
        d(38)?,
        (9, 30),
        Who::Manager,
        vec![process(Process {
            id: "investigation".into(),
            kind: "police investigation".into(),
            lead: "Merrowshire Constabulary".into(),
            reference: "MC-960-1182".into(),
            contact: "Detective sergeant, child protection team".into(),
            status: "The mother was interviewed as a witness; no further interview is planned".into(),
            next: Some(days.ahead(15)?),
            restriction: "Nothing about the medical findings to the family until the coroner has them".into(),
            agreed_by: "Senior investigating officer and coroner's officer".into(),
            look_again: Some(days.ahead(12)?),
            ended: false,
        })],
    );
    case.on(
        d(33)?,
        (16, 10),
        Who::Chair,
        vec![
            views("father", Views::Given { on: d(33)?, words: "J'ai appel\u{e9} trois fois. I rang three times to ask why nobody opened. The third time they said he is not your address.".into() }),
            contacted(spoke("sister", d(35)?, "after school", "in person, at school, with the counsellor and her grandmother", "Told her that some people are finding out how grown-ups who help families can do it better. She asked whether Rowan will have his real name. Said: not in the report, and always at home.")),
            views(
                "sister",
                Views::NotAsked {
                    who: "Beatrix Holloway-Quill, Independent Chair, with the grandmother".into(),
                    on: d(35)?,
                    why: "She has just begun to sleep again and her counsellor asks that no one puts questions to her this term. She has a card with the counsellor's name if she wants to say something herself.".into(),
                    look_again: days.ahead(20)?,
                },
            ),
        ],
    );
    case.on(
        d(30)?,
        (10, 5),
        Who::Manager,
        vec![told_offices(
            Of::Reviewer,
            d(30)?,
            "told to the Panel, the Department for Education and Ofsted by secure e-mail",
        )],
    );
    // Written in the wrong case by mistake, and marked so the same day.
    case.on(
        d(25)?,
        (14, 44),
        Who::Deputy,
        vec![contact(
            d(25)?,
            "School nurse, Harbour View",
            "Telephone about a bruise; asked for advice.",
        )],
    );
    case.step(
        d(25)?,
        (15, 20),
        Who::Manager,
        What::Mark {
            which: |event| matches!(event, Event::Incident(cases::incident::Event::ContactRecorded(_))),
            why: "This call is about another child and was written here by mistake. It was passed to the Front Door the same hour.",
            only_for: vec![Who::Manager, Who::Deputy],
        },
    );
    case.on(
        d(24)?,
        (9, 0),
        Who::Manager,
        vec![Command::Publication(
            cases::publication::Event::PublicationPlanned {
                on: days.ahead(70)?,
            },
        )],
    );
    Ok(())
}
