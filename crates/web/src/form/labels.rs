//! What the fields of a page are called there. Each field writes its own label down while it is drawn, so that an error summary
//! and the comparison of two texts speak of fields in the words of the page and never in the names a browser sends.

use std::cell::RefCell;

use super::{NOT_A_DAY, Problem, Problems, Values};

/// What a field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Words,
    /// A day in three boxes.
    Day,
    /// One or any of several: what is sent, and what is read.
    Choice(Vec<(String, String)>),
}

/// A field as the page calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The name a browser sends.
    pub name: String,
    /// What the page calls it, with the part of the page it stands in where several are called the same.
    pub words: String,
    /// What it is.
    pub kind: Kind,
}

/// The fields of a page in the order in which they stand.
#[derive(Debug, Default)]
pub struct Labels {
    seen: RefCell<Vec<Label>>,
    part: RefCell<String>,
}

impl Labels {
    /// Writes a field down; the first of a name stays.
    pub(crate) fn note(&self, name: &str, words: &str, kind: Kind) {
        let part = self.part.borrow();
        let words = if part.is_empty() {
            words.to_owned()
        } else {
            format!("{part}, {}", lower(words))
        };
        let mut seen = self.seen.borrow_mut();
        if seen.iter().all(|l| l.name != name) {
            seen.push(Label {
                name: name.to_owned(),
                words,
                kind,
            });
        }
    }

    /// The fields drawn by `draw` stand in a part of the page with this heading.
    pub fn within<T>(&self, part: &str, draw: impl FnOnce() -> T) -> T {
        let before = self.part.replace(part.to_owned());
        let drawn = draw();
        self.part.replace(before);
        drawn
    }

    /// The fields so far.
    pub fn all(&self) -> Vec<Label> {
        self.seen.borrow().clone()
    }

    /// Adds the fields of another drawing of the same page that this one does not have.
    pub fn add(&self, other: &Labels) {
        let mut seen = self.seen.borrow_mut();
        for label in other.all() {
            if seen.iter().all(|l| l.name != label.name) {
                seen.push(label);
            }
        }
    }

    /// The problems as an error summary lists them: in the order of the page, and each line says of which field it is
    /// where its own words do not, or are said of several.
    pub fn lines(&self, problems: &Problems) -> Vec<Problem> {
        let seen = self.seen.borrow();
        let place = |p: &Problem| seen.iter().position(|l| l.name == p.field);
        let mut list: Vec<&Problem> = problems.iter().collect();
        list.sort_by_key(|p| place(p).map_or(0, |at| at + 1));
        let several = |words: &str| problems.iter().filter(|p| p.message == words).count() > 1;
        list.into_iter()
            .map(|p| {
                let named = place(p).and_then(|at| seen.get(at));
                let message = match named {
                    Some(label) if p.message == NOT_A_DAY || several(&p.message) => {
                        said_of(&label.words, &p.message)
                    }
                    _ => p.message.clone(),
                };
                Problem {
                    field: p.field.clone(),
                    message,
                }
            })
            .collect()
    }
}

fn said_of(label: &str, message: &str) -> String {
    let between = if label.ends_with('?') { " " } else { ": " };
    format!("{label}{between}{message}")
}

/// The first letter small, unless the word is written in capitals.
fn lower(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), second) if second.is_none_or(|s| !s.is_uppercase()) => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => words.to_owned(),
    }
}

impl Label {
    /// What was entered in this field, as one reads it on the page.
    pub fn read(&self, values: &Values) -> String {
        match &self.kind {
            Kind::Words => values.all(&self.name).join("; "),
            Kind::Day => {
                let part = |p: &str| values.text(&format!("{}-{p}", self.name));
                let (day, month, year) = (part("day"), part("month"), part("year"));
                calendar::words::from_parts(&day, &month, &year).map_or_else(
                    || [day, month, year].join(" ").trim().to_owned(),
                    calendar::words::long,
                )
            }
            Kind::Choice(offered) => {
                let read = |sent: &str| {
                    offered
                        .iter()
                        .find(|(value, _)| value == sent)
                        .map_or_else(|| sent.to_owned(), |(_, words)| words.clone())
                };
                let chosen = values.all(&self.name);
                chosen.into_iter().map(read).collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// Whether this field holds a value sent under this name.
    pub fn holds(&self, name: &str) -> bool {
        name == self.name
            || self.kind == Kind::Day
                && name
                    .strip_prefix(self.name.as_str())
                    .is_some_and(|rest| ["-day", "-month", "-year"].contains(&rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_bad_days_are_told_apart_in_the_summary_and_stand_in_the_order_of_the_page() {
        let labels = Labels::default();
        labels.note("first", "When did it happen?", Kind::Day);
        labels.within("Evidence 2", || {
            labels.note("second", "Its date", Kind::Day)
        });
        let mut problems = Problems::default();
        problems.add("second", NOT_A_DAY);
        problems.add("first", NOT_A_DAY);
        let lines: Vec<String> = labels
            .lines(&problems)
            .into_iter()
            .map(|p| p.message)
            .collect();
        assert_eq!(
            lines,
            [
                format!("When did it happen? {NOT_A_DAY}"),
                format!("Evidence 2, its date: {NOT_A_DAY}")
            ]
        );
    }

    #[test]
    fn a_message_that_names_its_own_field_is_left_as_it_is() {
        let labels = Labels::default();
        labels.note("reasons", "Reasons", Kind::Words);
        let mut problems = Problems::default();
        problems.add("reasons", "Enter the reasons");
        assert_eq!(labels.lines(&problems)[0].message, "Enter the reasons");
    }

    #[test]
    fn a_choice_and_a_day_are_read_as_the_page_says_them() {
        let choice = Label {
            name: "agreed".into(),
            words: "Agreed?".into(),
            kind: Kind::Choice(vec![("yes".into(), "Yes, one finding".into())]),
        };
        let day = Label {
            name: "on".into(),
            words: "On which day".into(),
            kind: Kind::Day,
        };
        let values = Values::parse(b"agreed=yes&on-day=27&on-month=3&on-year=2026");
        assert_eq!(choice.read(&values), "Yes, one finding");
        assert_eq!(day.read(&values), "Friday 27 March 2026");
        assert!(day.holds("on-month") && !day.holds("on-behalf"));
    }
}
