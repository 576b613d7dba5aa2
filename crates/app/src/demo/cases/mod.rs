//! The cases of the demo: invented, long and untidy where real ones are, and between them at every stage and outcome.

mod not_met;
mod one_just_opened;
mod review_under_way;

use desk::DeskError;

use super::days::Days;
use super::script::Script;

/// All scripts; in the order of time they are played together.
pub(super) fn all(days: &Days) -> Result<Vec<Script>, DeskError> {
    Ok(vec![
        review_under_way::script(days)?,
        not_met::script(days)?,
        one_just_opened::script(days)?,
    ])
}
