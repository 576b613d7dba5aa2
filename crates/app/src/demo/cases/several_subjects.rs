//! Two brothers harmed, one of whom may also have caused harm, in a family that moved between three areas, at the decision:
//! everything is considered, one partner has signed, one view is provisional, and one partner has said nothing yet.

use cases::Command;
use cases::closing;
use cases::consideration::Finding;
use cases::decision::{Proposal, View};
use cases::definition::{LimbTest, LongTerm};
use cases::family::{Contact, Views};
use cases::incident::{Danger, Facts, Whereabouts};
use cases::members;
use cases::parallel::Process;
use cases::people::{Birth, Child, Coded, Life, Part};
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

pub(super) fn script(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("several subjects");
    begun(&mut case, days)?;
    tested(&mut case, days)?;
    considered(&mut case, days)?;
    at_the_decision(&mut case, days)?;
    Ok(case)
}

fn begun(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let day = d(19)?;
    case.step(
        d(18)?,
        (16, 44),
        Who::Manager,
        What::Open(Box::new(Start {
            danger: (Danger::Yes, "The three children were placed with two foster carers the same night, the older boy apart from the others, each with a plan for the first week."),
            heard_on: Some(d(18)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                contact(day, "Head teacher, Harbour View Primary", "In person at the area office, 3:20pm"),
                facts(Facts {
                    happened_on: Some(day),
                    time: "over months; seen on this day".into(),
                    place: "the family's house in Tilbrook, and earlier homes in Norvale and Easterwold Vale".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire, since September".into(),
                    no_setting: true,
                    summary: "A boy of eight came to school with injuries that he said his brother had made. The brother, 13, had older injuries of his own. \
                              Both said that they had been shut in separate rooms for long times since they were small. A sister of four did not speak. \
                              The family had lived in three areas in two years, and was known in each under a slightly different spelling."
                        .into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "younger".into(),
                    name: "Piers Quennell".into(),
                    pseudonym: "Child A".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(day, 101) },
                    harmed_on: Some(day),
                    sex: own_words("male"),
                    care: own_words("looked after since that night, by agreement"),
                    plan: own_words("child protection conference called"),
                    ethnicity: own_words("White British"),
                    language: own_words("English"),
                    disability: vec![Coded { code: String::new(), words: "hearing loss, found at the medical".into() }],
                    about: "He collects bus timetables, from all three places.".into(),
                    life: Life::Living,
                    ..Child::default()
                }),
                child(Child {
                    id: "older".into(),
                    name: "Lucian Quennell".into(),
                    pseudonym: "Child B".into(),
                    parts: vec![Part::Subject, Part::MayHaveCausedHarm],
                    birth: Birth::On { on: days.months_before(day, 161) },
                    sex: own_words("male"),
                    care: own_words("looked after since that night, by agreement; placed apart"),
                    ethnicity: own_words("White British"),
                    language: own_words("English"),
                    about: "A child who may have caused harm and who was himself harmed. He asked every day how his sister is.".into(),
                    life: Life::Living,
                    ..Child::default()
                }),
                child(Child {
                    id: "sister".into(),
                    name: "Junia Quennell".into(),
                    pseudonym: "Child C".into(),
                    parts: vec![Part::OtherChild],
                    birth: Birth::About { words: "4 years old; the papers disagree about the day".into() },
                    sex: own_words("female"),
                    care: own_words("looked after, with the younger boy"),
                    life: Life::Living,
                    ..Child::default()
                }),
                relative("mother", "", "the mother", &["younger", "older", "sister"], "Not yet known", "Known as Quennell, Quenell and Kennel."),
                relative("aunt", "Thea Marlowe", "the aunt", &[], "Uses a wheelchair; ground floor rooms", "Had asked two councils where the children were."),
                area("Norvale", "The family lived there for nine months, until two years ago; one referral, no further action", "Norvale Council, duty manager"),
                area("Easterwold Vale", "The family lived there for 14 months, until this September; the older boy was on a plan for absence from school", "Easterwold Vale Partnership, business manager"),
            ],
        })),
    );
    case.on(
        d(18)?,
        (17, 20),
        Who::Manager,
        vec![
            aware(
                "Area office, Merrowshire Council",
                day,
                "3:20pm",
                "The head teacher came in person.",
            ),
            related("mother", "mother of", "younger"),
            related("mother", "mother of", "older"),
            related("mother", "mother of", "sister"),
            related("aunt", "sister of", "mother"),
        ],
    );
    case.step(
        d(17)?,
        (9, 10),
        Who::Manager,
        What::Later(Box::new(|world| {
            let person = world.person(Who::CouncilDeputy)?;
            Ok(vec![Command::Members(members::Event::PersonBarred {
                person: person.id.clone(),
                name: person.name.clone(),
                why: "He signed off the transfer of this family's file when he worked for Easterwold Vale, and asked himself to be kept out.".into(),
            })])
        })),
    );
    Ok(())
}

fn tested(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let by = by_people(
        "Director of Children's Services, designated nurse, detective inspector, youth justice manager",
        d(16)?,
    );
    case.on(
        d(16)?,
        (15, 15),
        Who::Manager,
        vec![
            abuse("younger", "known", "Injuries of different ages and his own clear account; the rooms were as he described them.", vec![paper("Medical report", d(17)?, "Tilbrook Infirmary", "hospital notes")], &by),
            harmed("younger", &["physical-health", "emotional", "social"], "A broken wrist that had healed untreated, loss of hearing that might have been found years ago, and fear of closed doors.", "He sleeps with the door open and eats well.", vec![said("Untreated for at least five weeks", "consultant paediatrician")], &by),
            abuse("older", "known", "He was shut in for longer than his brother, and for years. That he may have hurt his brother does not make him less a child to whom this was done.", vec![said("Same marks on the inside of both doors", "crime scene examiner")], &by),
            limb(LimbTest {
                other_harm: "He speaks of himself as the lock, and has asked whether he will be sent away.".into(),
                long_term: Some(LongTerm::NotKnown),
                harm: vec!["behavioural".into(), "emotional".into(), "other".into()],
                ..met("older", "died-or-seriously-harmed", "seriously-harmed", "The psychologist sees serious harm to how he feels and how he acts towards others, which may last long and may not.", vec![paper("First psychological report", d(16)?, "Merrow Valley Community Health", "his health file")], &by)
            }),
            notify("serious-incident", "Director of Children's Services, Merrowshire Council", d(16)?, "Two children seriously harmed, abuse known. One notification for both, naming each part.", &[("health", "Agrees."), ("police", "Agrees; asks that the older boy is described as a child throughout.")]),
        ],
    );
    case.on(
        d(14)?,
        (11, 58),
        Who::Manager,
        vec![
            sent("serious-incident", d(14)?, "11:40am", "Director of Children's Services, Merrowshire Council", "SI-960-2466"),
            told_partners(&["Norvale", "Easterwold Vale"], d(14)?, "secure e-mail; telephone to the two other areas"),
            lead("Merrowshire", "The children live here now and were harmed here last; most of what could be learned lies in Easterwold Vale, which therefore takes the second chair at every meeting.", "Business managers of the three partnerships, confirmed by e-mail", d(14)?),
            process(Process {
                id: "police".into(),
                kind: "police investigation".into(),
                lead: "Merrowshire Constabulary".into(),
                reference: "MC-960-1533".into(),
                contact: "Detective inspector, child protection team".into(),
                status: "Both boys interviewed with intermediaries; no decision about the older boy".into(),
                next: Some(days.ahead(25)?),
                restriction: "The mother is told nothing of what the boys said".into(),
                agreed_by: "Senior investigating officer".into(),
                look_again: Some(days.ahead(10)?),
                ended: false,
            }),
        ],
    );
    case.on(
        d(6)?,
        (17, 5),
        Who::Manager,
        vec![met_on(
            d(6)?,
            "Beatrix Holloway-Quill\nHarriet Wexcombe\nAnjali Marchbanks\nPerpetua Lindmere\nGareth Ollerden\nEasterwold Vale: business manager and head of service\nNorvale: duty manager, by telephone\nHarbour View Primary: head teacher",
            "Youth justice manager (sent her note)",
            "All three children are safe. The brothers see each other on Saturdays with both carers there; the younger boy asked for it.",
            "Each area brought its own chronology. They were laid side by side on the wall; the gaps fell on each other.",
        )],
    );
    Ok(())
}

fn considered(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    let met = at_meeting("rapid review meeting with three areas", d(6)?);
    case.on(
        d(5)?,
        (10, 35),
        Who::Manager,
        vec![
            consider(found("improvements", "does", "Three front doors searched for the family and two did not find them, because a letter in the name differed. None asked the aunt, who knew where they were and had written to two of them.", vec![said("I gave them the address in March", "the aunt, with copies of both letters"), paper("Search log", d(8)?, "Easterwold Vale Partnership", "copy in the case folder")], &met)),
            consider(found("recurrent-themes", "may", "Families who move are a theme here already. A child who may have caused harm and was harmed is not, and it would be wrong to fold one into the other.", vec![], &met)),
            consider(Finding {
                partners: vec![own("police", "may", "Within Merrowshire it worked well from the first hour; the doubt is about the three areas, over which none of us has authority.")],
                ..found("working-together", "does", "Inside each area people spoke to each other. Across the borders there were seven letters and one conversation.", vec![said("Seven letters, one telephone call of four minutes", "combined chronology")], &met)
            }),
            consider(found("panel-conclusion", "not-yet-considered", "Not yet: the report leaves with the decision.", vec![], &met)),
            consider(found("single-agency", "does-not", "Social care in three areas, four schools, two health providers.", vec![], &met)),
            consider(found("no-agency", "does-not", "Eleven agencies between the three areas.", vec![], &met)),
            consider(found("several-areas", "does", "Norvale, Easterwold Vale and Merrowshire, one after the other; each closed what the next should have had.", vec![paper("Combined chronology of three areas", d(6)?, "Merrowshire Safeguarding Children Partnership", "case folder")], &met)),
            consider(found("institutional", "may", "The older boy spent five weeks in a small unregistered school in Easterwold Vale. What was seen there is being asked for.", vec![said("We are looking for the register", "Easterwold Vale head of service")], &met)),
            consider(found("area-importance", "does", "Tilbrook takes in most of the families who move along the coast road, and its schools are full of half stories.", vec![], &met)),
            consider(found("adds-to-rapid-review", "does", "The boys want to say how it was, the younger one in drawings of bus routes. The rapid review had neither the time nor the right person to listen.", vec![said("I can show you on the timetable", "the younger boy, to his carer")], &met)),
        ],
    );
    case.on(
        d(4)?,
        (9, 20),
        Who::Police,
        vec![view(Who::Police, View::AgreesWithNote, "Provisional: agrees with a review if the older boy is never described in it by what he may have done.")],
    );
    case.on(
        d(4)?,
        (14, 50),
        Who::Chair,
        vec![consider(Finding {
            missing: "Whether the Panel sees the older boy's part as something the country should learn from.".into(),
            why_without: "It changes who else learns, and not what is right to do here.".into(),
            look_again: Some(days.ahead(22)?),
            ..found("national-importance", "not-known", "There is little written anywhere on a child who may have caused harm within the same family that harmed him. The partners cannot say more today.", vec![], &met)
        })],
    );
    Ok(())
}

fn at_the_decision(case: &mut Script, days: &Days) -> Result<(), DeskError> {
    let d = |n| days.back(n);
    case.on(
        d(3)?,
        (11, 15),
        Who::Manager,
        vec![text(Proposal {
            conduct: Some(true),
            routes: vec![],
            route_details: String::new(),
            reasons: "Three areas each lost sight of these children at their own border, and a relative who knew where they were was not asked. \
                      Two boys were harmed for years, one of them may have harmed the other, and no service had a way of seeing both things at once. \
                      The three areas agree to one review, led by Merrowshire, with a reviewer who has worked with children who may have caused harm."
                .into(),
            evidence: vec![paper("Rapid review report, draft 1", d(4)?, "Merrowshire Safeguarding Children Partnership", "case folder")],
            why_not: why_not(&[]),
            decided_on: Some(d(3)?),
        })],
    );
    case.step(d(2)?, (8, 47), Who::Council, What::Sign(View::Agrees, ""));
    case.on(
        d(8)?,
        (16, 25),
        Who::Chair,
        vec![
            contacted(spoke("younger", d(8)?, "after school", "at his carer's home, with his social worker", "Said who I am and that he does not need to tell anything twice. He explained route 7.")),
            contacted(Contact {
                promise: "Tell him himself, before anyone else, when it is decided whether there is a review".into(),
                promise_keeper: "Beatrix Holloway-Quill".into(),
                ..spoke("older", d(8)?, "5pm", "at his carer's home, with his advocate and his solicitor's agreement", "Said that the review, if there is one, is about what grown-ups did. He asked whether his brother would be asked about him.")
            }),
            views("younger", Views::Given { on: d(8)?, words: "In Norvale the 12 stopped outside. I always knew when it was four o'clock.".into() }),
            views("older", Views::AskedWaiting { on: d(8)?, how: "Through his advocate, after his solicitor has said what he may speak about".into() }),
            do_not_inform("mother", "The police ask that she hears nothing until she has been interviewed again, as it could be put to the boys. The chair agreed for two weeks and not longer.", "Independent Chair with the senior investigating officer", days.ahead(5)?),
            inform("aunt", "She asked two councils where the children were and nobody answered. She is to be answered.", "Independent Chair"),
            views(
                "sister",
                Views::NotAsked {
                    who: "Beatrix Holloway-Quill with the sister's social worker and her carer".into(),
                    on: d(8)?,
                    why: "She is four and does not speak with people she does not know. Her carer writes down what she plays.".into(),
                    look_again: days.ahead(18)?,
                },
            ),
        ],
    );
    case.step(
        d(1)?,
        (9, 35),
        Who::Manager,
        What::Later(Box::new(|world| {
            Ok(vec![Command::Closing(closing::Event::CaseLinked {
                to: world.reference("review under way")?,
                why: "The same border: Norvale's way of closing a plan when a family moves. The two reviewers should speak.".into(),
            })])
        })),
    );
    Ok(())
}
