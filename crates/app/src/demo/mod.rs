//! The demo: an invented partnership with invented cases, recorded as real ones are: by people, through the desk, day by day.
//! Nothing here writes to the record by another way, so that whatever the demo shows, a partnership can do.

mod cases;
mod days;
mod partnership;
mod say;
mod script;

use std::path::Path;

use desk::{Clock, Desk, DeskError, Setup};
use jiff::civil::Date;

use days::Days;
use script::World;

pub use partnership::PASSWORD;

/// How to sign in as one of the people of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInHint {
    /// The name.
    pub name: String,
    /// The part in the partnership's words, like "delegate, Merrowshire Constabulary".
    pub part: String,
    /// The e-mail address.
    pub email: String,
    /// The password, the same for everyone in the demo.
    pub password: String,
}

/// Makes a data folder with an invented partnership and its cases; everything in it happened in the weeks before `today`.
/// The folder is closed again afterwards.
///
/// # Errors
/// The folder is in use, `today` lies beyond the published bank holidays, or a step of a case was refused
/// (the message names the case and the moment).
pub async fn create(dir: &Path, today: Date) -> Result<Vec<SignInHint>, DeskError> {
    let days = Days::before(today)?;
    let set_up = days.set_up()?;
    let setup = Setup {
        settings: partnership::SETTINGS.into(),
        people: partnership::first_people(),
    };
    let desk = Desk::create(
        dir,
        Clock::standing_at(days::moment(set_up.at(8, 40, 0, 0))?),
        setup,
    )
    .await?;
    let people = partnership::settle_in(&desk, &days).await?;
    let hints = people
        .values()
        .map(|person| SignInHint {
            name: person.name.clone(),
            part: desk.part_words(person),
            email: person.email.clone(),
            password: partnership::PASSWORD.into(),
        })
        .collect();
    let mut world = World::new(desk, people);
    world.play(cases::all(&days)?).await?;
    world.desk.close().await;
    Ok(hints)
}
