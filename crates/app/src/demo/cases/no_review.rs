//! A baby who was seriously hurt and is recovering: no review, with evidence, and for each criterion found the reason why not.
//! The report left a day late, and the record says why; one parent could not be reached.

use cases::Command;
use cases::consideration::Finding;
use cases::decision::{Proposal, View};
use cases::documents::Document;
use cases::family::{Contact, LetterKind, Views};
use cases::incident::{Danger, Facts, Whereabouts};
use cases::interests::{Kind, Outcome, Scope};
use cases::people::{Birth, Child, Coded, Life, Part};
use cases::rapid_review::Answer;
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

pub(super) fn script(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("no review");
    begun(&mut case, days)?;
    considered(&mut case, days)?;
    ended(&mut case, days)?;
    Ok(case)
}

fn begun(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let day = d(57)?;
    case.step(
        d(56)?,
        (9, 48),
        Who::Deputy,
        What::Open(Box::new(Start {
            danger: (Danger::No, "The baby is in hospital; her parents were never thought to have hurt her and are with her. The person who looked after her that afternoon has no other child in her care."),
            heard_on: Some(d(56)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                aware("Assessment team, Merrowshire Council", day, "7:05pm", "Telephone from the children's ward."),
                facts(Facts {
                    happened_on: Some(day),
                    time: "between 1pm and 4pm".into(),
                    place: "a flat in Upper Merrow, not the family's home".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A girl of six months was left for an afternoon with a neighbour her parents trusted. The neighbour called an ambulance when she became sleepy and sick. \
                              The hospital found a head injury that no one could explain. She was operated on the same night."
                        .into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "baby".into(),
                    name: "Elowen Trevithick-Moss".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 6) },
                    sex: own_words("female"),
                    care: own_words("not looked after"),
                    plan: own_words("none before; child in need plan since"),
                    ethnicity: own_words("White British"),
                    language: own_words("not yet talking; English at home"),
                    disability: vec![Coded { code: String::new(), words: "not yet known: followed up at 12 and 24 months".into() }],
                    about: "Her father says that she turns to music before she turns to faces.".into(),
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("mother", "Sorrel Trevithick", "the mother", &["baby"], "", "Works nights at the dairy."),
                relative("father", "Joss Moss", "the father", &["baby"], "Cannot be rung at sea; radio messages through the harbour office", "Crew on a fishing boat, away for weeks at a time."),
                other_adult("neighbour", "", "the neighbour", "Under investigation; not family, and not informed by the partnership."),
            ],
        })),
    );
    let meeting = by_people(
        "Director of Children's Services, consultant paediatrician, detective inspector, at the strategy meeting",
        d(56)?,
    );
    case.on(
        d(55)?,
        (12, 30),
        Who::Deputy,
        vec![
            abuse(
                "baby",
                "suspected",
                "Two paediatricians say that the injury needs a force which ordinary handling does not have, and no account has been given that explains it. The police treat it as suspected assault.",
                vec![paper("Child protection medical report", d(56)?, "Tilbrook Infirmary", "hospital notes; copy with the police")],
                &meeting,
            ),
            harmed(
                "baby",
                &["physical-health", "intellectual"],
                "Bleeding around the brain that needed an operation. Whether her development is affected cannot be said before she is two; it is likely enough to be counted.",
                "She is feeding well and smiles again. That she recovers does not make the harm less serious.",
                vec![said("Guarded but hopeful", "consultant neurosurgeon, ward round two days after the operation")],
                &meeting,
            ),
            notify(
                "serious-incident",
                "Director of Children's Services, Merrowshire Council",
                d(55)?,
                "She was seriously harmed and abuse is suspected. Both limbs are met.",
                &[("health", "Agrees."), ("police", "Agrees.")],
            ),
        ],
    );
    case.on(
        d(54)?,
        (16, 50),
        Who::Deputy,
        vec![
            sent("serious-incident", d(54)?, "4:31pm", "Director of Children's Services, Merrowshire Council", "SI-960-2251"),
            told_partners(&[], d(54)?, "secure e-mail"),
            agency("Upper Merrow Surgery", "general practice", "Six-week check and immunisations, all on time.", "Practice safeguarding lead"),
            agency("Merrow Valley Community Health", "health visiting", "Five contacts since birth; the crying programme was given and discussed with both parents.", "Named nurse"),
        ],
    );
    // The police delegate steps back from the decision, and his deputy acts.
    case.step(
        d(45)?,
        (8, 35),
        Who::Police,
        What::Declare(
            Kind::LineManages,
            "The detective who leads the investigation into what happened in the flat reports to me, and I agreed his first three decisions in it.",
            "since the day after she was hurt",
        ),
    );
    case.step(
        d(45)?,
        (11, 20),
        Who::Chair,
        What::DecideInterest {
            outcome: Outcome::StepsBack,
            from: &[Scope::Decision],
            stated: "",
            why: "He said it himself before anyone asked. He would weigh work that he directed; his deputy had no part in it.",
        },
    );
    case.step(
        d(45)?,
        (11, 52),
        Who::Deputy,
        What::Later(Box::new(|world| {
            let deputy = world.person(Who::PoliceDeputy)?;
            Ok(vec![Command::Members(cases::members::Event::MemberAdded {
                person: deputy.id.clone(),
                name: deputy.name.clone(),
                part: cases::members::Part::Decides,
                why: "Acts for the police in the place of Gareth Ollerden, who stepped back from the decision.".into(),
                agency: None,
                until: None,
            })])
        })),
    );
    case.on(
        d(43)?,
        (15, 5),
        Who::Deputy,
        vec![met_on(
            d(43)?,
            "Beatrix Holloway-Quill\nHarriet Wexcombe\nAnjali Marchbanks\nPerpetua Lindmere\nWren Castlemain for the police\nNamed nurse\nWard safeguarding lead",
            "Gareth Ollerden",
            "No other child is in the neighbour's care. The parents have been offered support for what they saw.",
            "",
        )],
    );
    Ok(())
}

fn considered(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    case.step(
        d(50)?,
        (10, 20),
        Who::Deputy,
        What::File(
            Box::new(Document {
                title: "Chronology of the children's ward".into(),
                what: "chronology of the hospital".into(),
                dated: Some(d(51)?),
                source: "Records office, Tilbrook Hospital".into(),
                ..Document::default()
            }),
            "ward chronology.txt",
            "Children's ward, Tilbrook Hospital (invented)\n\n5:12pm  Arrived by ambulance with the neighbour.\n5:40pm  Seen by the paediatrician.\n7:05pm  The assessment team was told by telephone.\n9:30pm  Operation began.\n",
        ),
    );
    let met = at_meeting("rapid review meeting", d(43)?);
    case.on(
        d(42)?,
        (10, 10),
        Who::Deputy,
        vec![
            consider(found(
                "improvements",
                "may",
                "The ward waited 50 minutes before it rang children's social care, because the form asks for the parents' account first and the parents were not the ones who could give it. Small, real, and already being changed.",
                vec![said("Form to be changed by the end of the month", "ward safeguarding lead, at the meeting")],
                &met,
            )),
            consider(found(
                "recurrent-themes",
                "does-not",
                "We looked at the last five years: injuries to babies were in families' own homes, and the learning was about crying and about fathers being left out. Here the programme had been given, and the father was there when it was.",
                vec![paper("Learning from reviews, five-year summary", d(120)?, "Merrowshire Safeguarding Children Partnership", "partnership office")],
                &met,
            )),
            consider(Finding {
                partners: vec![own("health", "may", "The 50 minutes are a question of how the ward and social care work together, and we would rather say so.")],
                ..found(
                    "working-together",
                    "does-not",
                    "Once the call was made the strategy meeting was held within three hours, with the right people, and everyone did what was agreed. The parents say that they were told the truth from the first evening.",
                    vec![said("Nobody made us feel like suspects and nobody hid anything", "the mother, to the ward's safeguarding lead")],
                    &met,
                )
            }),
            consider(found("panel-conclusion", "not-yet-considered", "The Panel will see the case for the first time with this report.", vec![], &met)),
            consider(found("single-agency", "does", "What there is to improve belongs to one ward and its form. The hospital has begun, and will report to the health boards.", vec![said("Already on the action log", "ward safeguarding lead")], &met)),
            consider(found("no-agency", "may", "Only universal services knew her, and they had no reason for concern; no agency was involved with the neighbour.", vec![], &met)),
            consider(found("several-areas", "does-not", "Everyone and everything was in Merrowshire.", vec![], &met)),
            consider(found("institutional", "does-not", "A private flat; the neighbour was neither a registered nor an unregistered childminder, as she took no money.", vec![said("No registration, and none was needed", "Ofsted's regional inspector, by telephone")], &met)),
            consider(found("area-importance", "does-not", "Nothing about the area's services or its families made this more likely here than elsewhere.", vec![], &met)),
            consider(found(
                "adds-to-rapid-review",
                "does-not",
                "We asked what a review could still find. The records are complete, both parents have spoken with the ward, and the one question left is what happened in the flat: the police's question, and not ours.",
                vec![paper("Police summary for the rapid review", d(44)?, "Merrowshire Constabulary", "case folder, restricted")],
                &met,
            )),
            consider(found("national-importance", "does-not", "It is a grave injury of a known kind. The Panel's own work on babies under one covers it.", vec![], &met)),
        ],
    );
    Ok(())
}

fn ended(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    case.on(
        d(42)?,
        (14, 20),
        Who::Deputy,
        vec![text(Proposal {
            conduct: Some(false),
            routes: vec!["single-agency-review".into()],
            route_details: "The hospital looks at how its wards reach children's social care when the parents were not there, and reports to both health boards within eight weeks.".into(),
            reasons: "The criteria were found only in part, and we did not stop there: we asked whether a review could make any child safer. \
                      The families' services did what they should and can show it. The delay on the ward is understood and is being mended by those who own it. \
                      A review would ask the parents to live through that afternoon again, for no learning that we can name."
                .into(),
            evidence: vec![
                paper("Rapid review report", d(42)?, "Merrowshire Safeguarding Children Partnership", "partnership office, case folder"),
                said("All five health visiting contacts are recorded in full and were given to both parents", "named nurse, from the electronic record"),
                said("Strategy meeting held 2 hours 40 minutes after the call", "minutes of the strategy meeting"),
            ],
            why_not: why_not(&[(
                "improvements",
                "The improvement is one form and one habit on one kind of ward. It is known, owned and dated; the health boards will be told when it is done, and it would be done no sooner by a review.",
            )]),
            decided_on: Some(d(42)?),
        })],
    );
    case.step(d(42)?, (15, 1), Who::Council, What::Sign(View::Agrees, ""));
    case.step(
        d(41)?,
        (9, 22),
        Who::PoliceDeputy,
        What::Sign(View::Agrees, ""),
    );
    case.step(
        d(41)?,
        (10, 3),
        Who::Valley,
        What::Sign(View::AgreesWithNote, "We agree that there is no review. If the ward's change is not made within eight weeks we will ask for the decision to be looked at again."),
    );
    case.step(d(41)?, (16, 39), Who::Coast, What::Sign(View::Agrees, ""));
    case.on(
        d(38)?,
        (9, 6),
        Who::Deputy,
        vec![
            report(d(38)?, "The Child Safeguarding Practice Review Panel", "Idris Pennyfeather, for the safeguarding partners", "No local review; a single-agency review by the hospital; not of national importance."),
            late("rapid-review", "The report was ready and signed in time. It was sent to an address the Panel no longer uses and came back on the Monday; it was sent again the same morning."),
            told("The Child Safeguarding Practice Review Panel", "the decision not to conduct a review, with reasons", d(38)?, "with the report"),
        ],
    );
    case.on(
        d(37)?,
        (17, 15),
        Who::Chair,
        vec![
            inform("mother", "She asked on the ward who decides what happens next, and was promised an answer.", "Independent Chair"),
            inform("father", "He has the same right to know; the harbour office passes messages.", "Independent Chair"),
            do_not_inform(
                "baby",
                "She is a baby. Her parents keep a letter for her for when she is older, and asked for it.",
                "Independent Chair with the parents",
                days.ahead(110)?,
            ),
            safety("mother", "Home", "By hand", "Both parents", "Witness", "Officer in the case consulted; no objection"),
            principles(
                "We said in the first sentence that there will be no review, and then why.",
                "They were shown the part of the report that is about their daughter.",
                "They chose to be seen together, and when that failed, one after the other.",
                "The visit was after the mother's night shift, at two in the afternoon.",
            ),
            contacted(Contact {
                by_whom: "Idris Pennyfeather".into(),
                role: "deputy-manager".into(),
                on_behalf: "The chair was ill that day and the mother had taken leave for the visit; the chair rang her the next morning.".into(),
                ..told_of_decision(
                    "mother",
                    d(37)?,
                    "2pm",
                    "in person, at home",
                    "There will not be a review. She said: good, then they can all get on with their work. She asked that the ward hears what they did well.",
                    ["To see whether services could have protected her better, and that we found that they could not have.", "Who looked, and what the hospital still does.", "Nothing is published; the hospital's improvement is in the partnership's yearly report without any detail of her."],
                )
            }),
        ],
    );
    case.on(
        d(36)?,
        (10, 30),
        Who::Chair,
        vec![
            views("mother", Views::Given { on: d(37)?, words: "They were kind. The waiting for the scan was the worst, nobody could have made that shorter.".into() }),
            views("father", Views::CouldNotBeReached { on: d(36)?, tried: "Harbour office asked twice to pass a message, a letter to the boat's agent, and the mother has our number for him.".into() }),
            views(
                "baby",
                Views::NotAsked {
                    who: "Independent Chair with the parents".into(),
                    on: d(36)?,
                    why: "She is six months old. The ward's play specialist wrote down what calms and what frightens her, and that stands in the report as hers.".into(),
                    look_again: days.ahead(110)?,
                },
            ),
            letter(
                "mother",
                LetterKind::Adult,
                "Dear Sorrel",
                "Thank you for seeing us after your night at work.\n\nAs we told you, the safeguarding partners have decided that there will be no review of what happened to your daughter. They looked at everything the services did, and found care that was given well and in time. One thing will change: how quickly a ward asks for help when the parents were not there.\n\nIf you think of something that you want to say, now or in a year, you can ring me.",
                d(36)?,
            ),
        ],
    );
    case.on(d(31)?, (11, 50), Who::Deputy, vec![answered(d(31)?, Answer::Agrees, "The Panel agrees that a local review is not needed and thanks the partners for the clear account of why.")]);
    case.on(d(29)?, (9, 15), Who::Manager, vec![Command::Incident(cases::incident::Command::RecordContact(cases::incident::FirstContact {
        on: d(29)?,
        from: "Father".into(),
        how: "Rang from port: will be home in three weeks and would like to be told in person. Passed to the chair.".into(),
    }))]);
    Ok(())
}
