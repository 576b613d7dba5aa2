//! The cases of the demo: invented, long and untidy where real ones are, and between them at every stage and outcome.

mod asked;
mod dissent;
mod early;
mod from_paper;
mod institution;
mod no_review;
mod not_met;
mod one_just_opened;
mod reflective;
mod review_under_way;
mod several_subjects;
mod shorter;

use desk::DeskError;

use super::days::Days;
use super::script::Script;

/// All scripts; in the order of time they are played together.
pub(super) fn all(days: &Days) -> Result<Vec<Script>, DeskError> {
    Ok(vec![
        dissent::script(days)?,
        institution::script(days)?,
        no_review::script(days)?,
        not_met::script(days)?,
        one_just_opened::script(days)?,
        reflective::script(days)?,
        review_under_way::script(days)?,
        several_subjects::script(days)?,
        from_paper::published(days)?,
        from_paper::before_christmas(days)?,
        from_paper::before_easter(days)?,
        early::not_yet_known(days)?,
        early::duplicate(days)?,
        shorter::views_not_asked(days)?,
        early::to_be_notified(days)?,
        shorter::two_days_left(days)?,
        shorter::no_agreed_decision(days)?,
    ])
}
