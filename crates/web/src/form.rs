//! What was typed, what is wrong with it, and how it is read: every word is kept, each problem names its field.

pub mod labels;
pub mod rounds;

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use calendar::Date;

use crate::page::PageError;

/// What was typed, by field; line breaks are made one kind, nothing else is changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, Vec<String>>);

impl From<BTreeMap<String, Vec<String>>> for Values {
    fn from(map: BTreeMap<String, Vec<String>>) -> Values {
        Values(map)
    }
}

impl Values {
    /// Reads an urlencoded body.
    pub fn parse(body: &[u8]) -> Values {
        let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for pair in body.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
            let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            let value = pair.get(at + 1..).unwrap_or_default();
            map.entry(decode(&pair[..at]))
                .or_default()
                .push(decode(value).replace("\r\n", "\n").replace('\r', "\n"));
        }
        Values(map)
    }

    /// The first value of a field, empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|v| v.first())
            .map_or("", String::as_str)
    }

    /// The first value without the spaces around it.
    pub fn text(&self, name: &str) -> String {
        self.get(name).trim().to_owned()
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .get(name)
            .map(|v| {
                v.iter()
                    .map(String::as_str)
                    .filter(|s| !s.is_empty())
                    .collect()
            })
            .unwrap_or_default()
    }

    /// Whether a field has this value among its values.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0
            .get(name)
            .is_some_and(|v| v.iter().any(|x| x == value))
    }

    /// Sets a field to one value.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), vec![value.to_owned()]);
    }

    /// Sets a field to several values.
    pub fn set_all(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        self.0.insert(name.to_owned(), values.into_iter().collect());
    }

    /// Sets the three boxes of a day.
    pub fn set_day(&mut self, name: &str, day: Option<Date>) {
        if let Some(day) = day {
            self.set(&format!("{name}-day"), &day.day().to_string());
            self.set(&format!("{name}-month"), &day.month().to_string());
            self.set(&format!("{name}-year"), &day.year().to_string());
        }
    }

    /// The names of the fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What a draft keeps: everything typed, nothing that belongs to the session.
    pub fn kept(&self) -> BTreeMap<String, Vec<String>> {
        self.0
            .iter()
            .filter(|(k, _)| {
                !k.contains("password")
                    && !["csrf", "form-token", "do", "based-on"].contains(&k.as_str())
            })
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    }

    /// What was typed and the version it is based on, as one text that [`Values::parse`] reads again.
    pub fn written(&self) -> String {
        let kept = self.kept();
        let based_on = self.0.get_key_value("based-on");
        let all = kept.iter().chain(based_on).flat_map(|(name, values)| {
            values
                .iter()
                .map(move |value| format!("{}={}", percent(name), percent(value)))
        });
        all.collect::<Vec<_>>().join("&")
    }

    /// How many rows of a repeated part there are to show.
    pub fn rows(&self, name: &str, held: usize) -> usize {
        self.get(&format!("{name}-rows"))
            .parse::<usize>()
            .unwrap_or(held + 1)
            .clamp(1, 60)
    }
}

impl<S: Send + Sync> FromRequest<S> for Values {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Values, PageError> {
        let bytes = axum::body::Bytes::from_request(request, state)
            .await
            .map_err(|_| PageError::Wrong("What was sent is too long, or the connection broke. Go back: what you typed is still in the page.".into()))?;
        Ok(Values::parse(&bytes))
    }
}

fn decode(part: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut at = 0;
    while at < part.len() {
        match part[at] {
            b'+' => bytes.push(b' '),
            b'%' => {
                let hex = part
                    .get(at + 1..at + 3)
                    .and_then(|h| std::str::from_utf8(h).ok())
                    .and_then(|h| u8::from_str_radix(h, 16).ok());
                match hex {
                    Some(byte) => {
                        bytes.push(byte);
                        at += 2;
                    }
                    None => bytes.push(b'%'),
                }
            }
            byte => bytes.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A text made safe for the query of an address.
pub fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// Whether a text is the address of a page of this site. Browsers drop tabs and line breaks and read `\` as `/`,
/// so that any of them could make another site of what begins like a path.
pub fn is_own_page(to: &str) -> bool {
    to.starts_with('/')
        && !to.starts_with("//")
        && !to.contains(|c: char| c == '\\' || c.is_control())
}

/// One thing to correct: the field to link to, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field; empty when it belongs to none.
    pub field: String,
    /// What to do.
    pub message: String,
}

/// All that has to be corrected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one, unless the field already has one.
    pub fn add(&mut self, field: &str, message: &str) {
        if field.is_empty() || self.for_field(field).is_none() {
            self.0.push(Problem {
                field: field.into(),
                message: message.into(),
            });
        }
    }

    /// What has to be corrected in a field.
    pub fn for_field(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|p| p.field == field)
            .map(|p| p.message.as_str())
    }

    /// True when there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

/// What a view draws from.
#[derive(Debug)]
pub struct Form<'a> {
    /// What was typed, or what stands in the record.
    pub values: &'a Values,
    /// What has to be corrected.
    pub problems: &'a Problems,
    /// What the fields that were drawn so far are called.
    pub labels: labels::Labels,
}

impl<'a> Form<'a> {
    /// A form of which no field is drawn yet.
    pub fn new(values: &'a Values, problems: &'a Problems) -> Form<'a> {
        Form {
            values,
            problems,
            labels: labels::Labels::default(),
        }
    }
}

/// What is said of three boxes that are no day.
pub const NOT_A_DAY: &str = "Enter a real date, like 27 3 2026, or leave all three boxes empty";

/// A text that must not be empty.
pub fn required(
    values: &Values,
    problems: &mut Problems,
    name: &str,
    message: &str,
) -> Option<String> {
    let text = values.text(name);
    if text.is_empty() {
        problems.add(name, message);
        None
    } else {
        Some(text)
    }
}

/// A day from three boxes: `Ok(None)` when all are empty, a problem when it is not a day.
pub fn day(values: &Values, problems: &mut Problems, name: &str) -> Option<Date> {
    let part = |p: &str| values.text(&format!("{name}-{p}"));
    let (d, m, y) = (part("day"), part("month"), part("year"));
    if d.is_empty() && m.is_empty() && y.is_empty() {
        return None;
    }
    let read = calendar::words::from_parts(&d, &m, &y);
    if read.is_none() {
        problems.add(name, NOT_A_DAY);
    }
    read
}

/// A day on which something happened, when it is known: a day to come is pointed out at its own field.
pub fn past_day(values: &Values, problems: &mut Problems, name: &str, today: Date) -> Option<Date> {
    let read = day(values, problems, name)?;
    if read > today {
        problems.add(
            name,
            "Enter a day that is today or in the past: this is something that has happened",
        );
        return None;
    }
    Some(read)
}

/// A day that must be there.
pub fn required_day(
    values: &Values,
    problems: &mut Problems,
    name: &str,
    message: &str,
) -> Option<Date> {
    let read = day(values, problems, name);
    if read.is_none() {
        problems.add(name, message);
    }
    read
}

/// A choice that must be one of those offered.
pub fn choice<'a>(
    values: &'a Values,
    problems: &mut Problems,
    name: &str,
    allowed: &[&str],
    message: &str,
) -> Option<&'a str> {
    let chosen = values.get(name);
    if allowed.contains(&chosen) {
        Some(chosen)
    } else {
        problems.add(name, message);
        None
    }
}

/// A text that may be empty.
pub fn optional(values: &Values, name: &str) -> Option<String> {
    let text = values.text(name);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_survives_the_way_through_a_form() {
        let values =
            Values::parse("a=caf%C3%A9+%26+%3Cb%3E%0D%0Anext&a=two&b=&c=100%25+%zz".as_bytes());
        assert_eq!(values.get("a"), "café & <b>\nnext");
        assert_eq!(values.all("a"), ["café & <b>\nnext", "two"]);
        assert_eq!(values.get("c"), "100% %zz");
        assert_eq!(values.get("none"), "");
    }

    #[test]
    fn what_was_typed_survives_a_time_out_and_no_password_does() {
        let typed = Values::parse("summary=caf%C3%A9+%26+%3Cb%3E%0D%0Anext&parts=a&parts=b&based-on=7&csrf=x&password=y&new-password=z&do=save".as_bytes());
        let again = Values::parse(typed.written().as_bytes());
        assert_eq!(again.get("summary"), "café & <b>\nnext");
        assert_eq!(again.all("parts"), ["a", "b"]);
        assert_eq!(again.get("based-on"), "7");
        assert_eq!(
            again.names().collect::<Vec<_>>(),
            ["based-on", "parts", "summary"]
        );
    }

    #[test]
    fn no_address_of_another_site_passes_for_a_page_of_this_one() {
        for own in ["/", "/cases/abc/family?part=x", "/people/child/new"] {
            assert!(is_own_page(own), "{own}");
        }
        for other in [
            "",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "https://evil.example",
            "evil.example",
        ] {
            assert!(!is_own_page(other), "{other:?}");
        }
    }

    #[test]
    fn a_bad_date_is_a_problem_and_an_empty_one_is_not_yet_known() {
        let mut problems = Problems::default();
        assert_eq!(day(&Values::parse(b""), &mut problems, "x"), None);
        assert!(problems.is_empty());
        assert_eq!(
            day(
                &Values::parse(b"x-day=31&x-month=2&x-year=2026"),
                &mut problems,
                "x"
            ),
            None
        );
        assert!(problems.for_field("x").is_some());
    }
}
