//! A looked-after young person who died of an illness: notified as such, the definition not met, the case closed.

use cases::Command;
use cases::closing::{self, Closed, Reason};
use cases::definition::LimbTest;
use cases::family::Views;
use cases::incident::{Danger, Facts, Whereabouts};
use cases::people::{Birth, Child, Life, Part};
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::*;
use super::super::script::{Script, Start, What};

pub(super) fn script(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("not met");
    let d = |n| days.back(n);
    let died_on = d(54)?;
    let council = "Director of Children's Services, Merrowshire Council";
    case.step(
        d(53)?,
        (10, 15),
        Who::Deputy,
        What::Open(Box::new(Start {
            danger: (Danger::No, "He lived with one foster carer and no other child; the carer is supported by the fostering service."),
            heard_on: Some(d(53)?),
            old_reference: None,
            members: everyone(),
            known: vec![
                aware(council, died_on, "6:20pm", "The fostering service rang the duty director from the hospital."),
                facts(Facts {
                    happened_on: Some(died_on),
                    time: "shortly after 4pm".into(),
                    place: "Tilbrook Infirmary, the young people's ward".into(),
                    whereabouts: Some(Whereabouts::InArea),
                    normal_residence: "Merrowshire".into(),
                    no_setting: true,
                    summary: "A young person in foster care died in hospital of a heart condition he had lived with since he was born. \
                              His carer and his social worker were with him. His doctors had expected that he might not live to be an adult, and he knew this."
                        .into(),
                    ..Facts::default()
                }),
                child(Child {
                    id: "young-person".into(),
                    name: "Caspian Ludwell".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::On { on: days.months_before(died_on, 185) },
                    life: Life::Died { on: Some(died_on) },
                    sex: own_words("male"),
                    care: own_words("looked after under a care order since he was 7; one foster home throughout"),
                    plan: own_words("care plan, last reviewed two months before he died"),
                    ethnicity: own_words("White British"),
                    disability: vec![cases::people::Coded { code: String::new(), words: "long-standing illness: a heart condition".into() }],
                    language: own_words("English"),
                    about: "He drew maps of invented islands and had three of them framed on the ward.".into(),
                    ..Child::default()
                }),
                relative("mother", "Isolde Ludwell", "his mother", &["young-person"], "Prefers letters to calls", "She saw him each month, and was at the hospital the evening before."),
                relative("carer", "Verity Saltmarsh", "his foster carer", &[], "", "He had lived with her for eight years."),
            ],
        })),
    );
    let strategy = by_people(
        "Director of Children's Services, designated doctor for child deaths, detective inspector of the child protection team, at the meeting after his death",
        d(52)?,
    );
    case.on(
        d(52)?,
        (16, 30),
        Who::Deputy,
        vec![
            limb(LimbTest {
                finding: "not-met".into(),
                option: None,
                ..met(
                    "young-person",
                    "abuse-or-neglect",
                    "suspected",
                    "Nothing known or suspected points to abuse or neglect. His medicines were given and recorded every day, every appointment of the last two years was kept, \
                     and the cardiologist says that nothing done sooner would have changed the course of his illness. \
                     The group asked in particular whether being looked after, or being disabled, had made anyone slower to act for him, and found the opposite.",
                    vec![
                        said("No concern about his care at any time; the illness ran the course we had told him and his carer to expect", "consultant cardiologist, at the meeting"),
                        paper("Record of his medicines, last 24 months", d(53)?, "Fostering service, Merrowshire Council", "his electronic file"),
                    ],
                    &strategy,
                )
            }),
            died("young-person", "He died in hospital; the death certificate was given the next day.", vec![paper("Medical certificate of cause of death", d(53)?, "Tilbrook Infirmary", "bereavement office")], &strategy),
            notify(
                "looked-after-death",
                council,
                d(52)?,
                "He was looked after, so his death is notified to the Secretary of State and to Ofsted, although abuse or neglect is neither known nor suspected. It starts no rapid review.",
                &[("health", "Agrees; the child death review will look at his care."), ("police", "No investigation; agrees.")],
            ),
        ],
    );
    case.on(
        d(51)?,
        (9, 40),
        Who::Deputy,
        vec![sent(
            "looked-after-death",
            d(51)?,
            "9:32am",
            council,
            "LAC-960-0417",
        )],
    );
    case.on(
        d(47)?,
        (11, 5),
        Who::Chair,
        vec![
            inform("carer", "She loved him for eight years and asked whether anyone thinks she missed something; she should hear from us that no one does.", "Independent Chair"),
            contacted(spoke(
                "carer",
                d(48)?,
                "2pm",
                "in person, at her home, with her supporting social worker",
                "Told her what this notification is for and that it is not about anything she did. She talked about his maps.",
            )),
            do_not_inform(
                "mother",
                "His mother asked his social worker not to be written to by anyone new until after the funeral. We keep to that.",
                "Independent Chair with his social worker",
                d(30)?,
            ),
            views("mother", Views::NotYetAsked),
        ],
    );
    case.on(
        d(28)?,
        (14, 20),
        Who::Chair,
        vec![
            inform("mother", "The funeral has been; her social worker says that she would now like to be told what was looked at.", "Independent Chair"),
            contacted(spoke("mother", d(29)?, "11am", "by letter, as she prefers, read to her by her sister", "Told her that the illness was the cause and that no one is looking for fault. She sent a card back.")),
            views("mother", Views::Declined { on: d(28)?, words: "Thank you for writing. I have nothing to add, he was looked after well.".into() }),
        ],
    );
    case.on(
        d(26)?,
        (9, 55),
        Who::Deputy,
        vec![Command::Closing(closing::Event::CaseClosed(Closed {
            reason: Reason::NotMet,
            words: "Abuse or neglect is neither known nor suspected. The child death review goes on and will tell us if it finds otherwise; the case would then be re-opened.".into(),
            other: String::new(),
        }))],
    );
    Ok(case)
}
