//! What else is wrong with a form, so that it can be put right in one go. What was pointed out is filled in for a trial and the form
//! is read and decided again, nothing of it recorded; only what is wrong however it is filled in is said, as nothing else can be known yet.

use calendar::Date;

use super::labels::{Kind, Labels};
use super::{Problems, Values};

/// How often a form is filled in otherwise.
const TRIALS: usize = 4;
/// How often one filling is read again, as each reading may point out more.
const READINGS: usize = 12;

/// Adds to `problems` what a form would be refused for next. `try_out` reads the values and decides what they ask for;
/// it gives what is wrong with them.
pub fn look_further(
    values: &Values,
    labels: &Labels,
    today: Date,
    problems: &mut Problems,
    try_out: impl Fn(&Values) -> Problems,
) {
    let choices = labels
        .all()
        .iter()
        .filter(|l| problems.for_field(&l.name).is_some())
        .map(|l| match &l.kind {
            Kind::Choice(offered) => offered.len(),
            Kind::Words | Kind::Day => 0,
        })
        .max()
        .unwrap_or(0);
    let mut further: Option<Problems> = None;
    for trial in 0..choices.clamp(TRIALS, 2 * TRIALS) {
        let mut seen = problems.clone();
        for _ in 0..READINGS {
            let wrong = try_out(&filled(values, labels, &seen, trial, today));
            let before = seen.iter().count();
            for one in wrong.iter().filter(|p| !p.field.is_empty()) {
                seen.add(&one.field, &one.message);
            }
            if seen.iter().count() == before {
                break;
            }
        }
        let mut found = Problems::default();
        for one in seen.iter().filter(|p| {
            problems.for_field(&p.field).is_none()
                && further
                    .as_ref()
                    .is_none_or(|f| f.for_field(&p.field) == Some(p.message.as_str()))
        }) {
            found.add(&one.field, &one.message);
        }
        if found.is_empty() {
            return;
        }
        further = Some(found);
    }
    for one in further.iter().flat_map(Problems::iter) {
        problems.add(&one.field, &one.message);
    }
}

/// The values with something that can be read in each field that was pointed out; another thing at each trial.
fn filled(
    values: &Values,
    labels: &Labels,
    problems: &Problems,
    trial: usize,
    today: Date,
) -> Values {
    let mut values = values.clone();
    for label in labels.all() {
        if problems.for_field(&label.name).is_none() {
            continue;
        }
        match &label.kind {
            Kind::Day => {
                let years = i16::try_from(trial).unwrap_or(0) * 3;
                let ago = jiff::Span::new().years(years);
                values.set_day(&label.name, today.checked_sub(ago).ok());
            }
            Kind::Choice(offered) => {
                let real: Vec<&(String, String)> =
                    offered.iter().filter(|(v, _)| !v.is_empty()).collect();
                if let Some((value, _)) = real.get(trial % real.len().max(1)) {
                    values.set(&label.name, value);
                }
            }
            Kind::Words => {
                let words = [
                    "Not yet known",
                    "To be entered",
                    "See the notes",
                    "Asked for",
                ];
                values.set(&label.name, words[trial % words.len()]);
            }
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{day, required, required_day};

    fn labels() -> Labels {
        let labels = Labels::default();
        labels.note("on", "On which day", Kind::Day);
        labels.note("until", "Until", Kind::Day);
        labels.note("who", "Who", Kind::Words);
        labels
    }

    fn fields(problems: &Problems) -> Vec<&str> {
        problems.iter().map(|p| p.field.as_str()).collect()
    }

    /// A reading that stops at the first thing it finds, as a person reading a paper form would not.
    fn one_by_one(values: &Values) -> Problems {
        let mut problems = Problems::default();
        if required_day(values, &mut problems, "on", "Enter the day").is_some() {
            required(values, &mut problems, "who", "Enter who it was");
        }
        problems
    }

    #[test]
    fn what_would_be_pointed_out_in_a_second_round_is_pointed_out_in_the_first() {
        let values = Values::default();
        let mut problems = one_by_one(&values);
        assert_eq!(fields(&problems), ["on"]);
        let today = calendar::Date::constant(2026, 11, 23);
        look_further(&values, &labels(), today, &mut problems, one_by_one);
        assert_eq!(fields(&problems), ["on", "who"]);
        assert_eq!(problems.for_field("who"), Some("Enter who it was"));
    }

    #[test]
    fn what_depends_on_what_is_still_to_be_entered_is_not_guessed() {
        // The end is before the beginning or not, as the beginning may be.
        let read = |values: &Values| {
            let mut problems = Problems::default();
            let on = required_day(values, &mut problems, "on", "Enter the day");
            let until = day(values, &mut problems, "until");
            if let (Some(on), Some(until)) = (on, until)
                && until < on
            {
                problems.add("until", "Enter a day that is not before the first");
            }
            problems
        };
        let values = Values::parse(b"until-day=1&until-month=1&until-year=2024");
        let mut problems = read(&values);
        let today = calendar::Date::constant(2026, 11, 23);
        look_further(&values, &labels(), today, &mut problems, read);
        assert_eq!(fields(&problems), ["on"]);
    }
}
