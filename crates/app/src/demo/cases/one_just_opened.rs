//! A case opened yesterday with almost nothing known: the clock runs from a cautious working date.

use cases::incident::Danger;
use cases::people::{Birth, Child, Life, Part};
use desk::DeskError;

use super::super::days::Days;
use super::super::partnership::Who;
use super::super::say::{child, contact, everyone};
use super::super::script::{Script, Start, What};

pub(super) fn script(days: &Days) -> Result<Script, DeskError> {
    let mut case = Script::new("just opened");
    let yesterday = days.back(1)?;
    case.step(
        yesterday,
        (15, 52),
        Who::Manager,
        What::Open(Box::new(Start {
            danger: (
                Danger::NotKnown,
                "Rang the Front Door at 3:40pm: they have had no referral under this name yet, will check tonight whether there are brothers or sisters, and ring back.",
            ),
            heard_on: Some(yesterday),
            old_reference: None,
            members: everyone(),
            known: vec![
                contact(
                    days.back(2)?,
                    "The safeguarding lead of Tilbrook Infirmary",
                    "Voicemail left on the partnership's line at 5:55pm, heard the next morning: a boy was admitted, the ward is worried, more will follow in writing.",
                ),
                contact(
                    yesterday,
                    "The same safeguarding lead",
                    "Telephone, 2:10pm: could not yet say when the Council was told, or whether it was; the ward's own record is being looked for.",
                ),
                child(Child {
                    id: "child".into(),
                    parts: vec![Part::Subject],
                    birth: Birth::About { words: "about 4 years old".into() },
                    about: "Nothing is known yet of his home, his school or nursery, or who cares for him.".into(),
                    life: Life::Living,
                    ..Child::default()
                }),
            ],
        })),
    );
    Ok(case)
}
