//! Days as people write them, read the British way: the day first.
//! A year of two digits is the latest year that does not lie after the day of reading; where that would be a guess between now and a hundred years ago, it is refused.
//! What cannot be read is an error that says what was seen and what is expected; nothing is guessed.

use jiff::civil::{Date, date};

use crate::serial::{self, Epoch};
use crate::times;
use crate::when::{Exactness, MONTHS, PARTS, SEASONS, When};

/// The first and the last year that is taken; anything outside is a slip of the keyboard.
pub const YEARS: std::ops::RangeInclusive<i16> = 1850..=2150;

/// A day of two digits that lies at most this many years after the day of reading could be either a slip or a hundred years ago.
const AMBIGUOUS_YEARS: i16 = 10;

/// Why a day, time or number could not be read: what was seen, and what is expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read `{seen}`: {expected}")]
pub struct Unreadable {
    /// What stands there, shortened.
    pub seen: String,
    /// What is wrong with it and what is expected instead.
    pub expected: String,
}

impl Unreadable {
    pub(crate) fn new(seen: &str, expected: impl Into<String>) -> Self {
        Self {
            seen: shortened(seen),
            expected: expected.into(),
        }
    }
}

/// The first sixty letters of what was seen.
pub(crate) fn shortened(seen: &str) -> String {
    let mut letters = seen.chars();
    let mut short: String = letters.by_ref().take(60).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

const EXPECTED: &str = "a day like 22/05/2016, 22 May 2016, May 2016, 2016, c. May 2016, early 2014, ?22/05/2016 or 03/05/2016 to 09/05/2016 is expected, the day first";

/// Reads a day or days, perhaps with a time after it; `today` is the day of reading.
///
/// # Errors
/// What was seen, and what is expected instead.
pub fn read(text: &str, today: Date) -> Result<When, Unreadable> {
    let text = text.trim();
    if let Some(when) = fast(text) {
        return Ok(When::on(when));
    }
    if text.len() > 120 {
        return Err(Unreadable::new(text, EXPECTED));
    }
    Reading { seen: text, today }.all(text)
}

/// `22/05/2016`, `22.05.2016`, `2016-05-22` in full and nothing else, because nearly every cell of a long chronology is one of them.
fn fast(text: &str) -> Option<Date> {
    let b = text.as_bytes();
    if b.len() != 10 {
        return None;
    }
    let number = |at: std::ops::Range<usize>| {
        b[at].iter().try_fold(0_i16, |n, c| {
            c.is_ascii_digit().then(|| n * 10 + i16::from(c - b'0'))
        })
    };
    let small = |at| number(at).and_then(|n| i8::try_from(n).ok());
    let (year, month, day) = match (b[2], b[4]) {
        (s @ (b'/' | b'.' | b'-'), _) if b[5] == s => (number(6..10)?, small(3..5)?, small(0..2)?),
        (_, b'-') if b[7] == b'-' => (number(0..4)?, small(5..7)?, small(8..10)?),
        _ => return None,
    };
    YEARS
        .contains(&year)
        .then(|| Date::new(year, month, day).ok())?
}

struct Reading<'a> {
    seen: &'a str,
    today: Date,
}

impl Reading<'_> {
    fn wrong(&self, expected: impl Into<String>) -> Unreadable {
        Unreadable::new(self.seen, expected)
    }

    fn all(&self, text: &str) -> Result<When, Unreadable> {
        let lower = plain(text);
        let (uncertain, rest) = question(&lower);
        let (about, rest) = about(rest);
        let mut when = self.span(rest)?;
        if about {
            when.exactness = Exactness::Approximate;
        }
        if uncertain {
            when.exactness = Exactness::Uncertain;
        }
        Ok(when)
    }

    /// One day, or the first and the last.
    fn span(&self, text: &str) -> Result<When, Unreadable> {
        let text = text.trim();
        if let Some(rest) = text
            .strip_prefix("between ")
            .or_else(|| text.strip_prefix("from "))
        {
            for word in [" and ", " to ", " until ", " - ", " & "] {
                if let Some((first, last)) = rest.split_once(word) {
                    return self.between(first, last);
                }
            }
            return Err(self.wrong("the last day is missing; write between 3 and 9 May 2016"));
        }
        let alone = self.single(text);
        if alone.is_ok() {
            return alone;
        }
        for word in [" to ", " until ", " - ", "-"] {
            let mut from = 0;
            while let Some(at) = text[from..].find(word).map(|at| at + from) {
                let (first, last) = (&text[..at], &text[at + word.len()..]);
                if let Ok(when) = self.between(first, last) {
                    return Ok(when);
                }
                from = at + word.len();
            }
        }
        alone
    }

    fn between(&self, first: &str, last: &str) -> Result<When, Unreadable> {
        let last = self.single(last.trim())?;
        let first = first.trim();
        let first = match self.single(first) {
            Ok(first) => first,
            // "3 and 9 May 2016", "28 April and 3 May 2016": the first lends what it lacks from the last.
            Err(error) => self.lent(first, last.from).ok_or(error)?,
        };
        if first.from > last.to {
            return Err(self.wrong("the first day lies after the last"));
        }
        if first.from == last.to {
            return Ok(When::on(first.from));
        }
        Ok(When::of(first.from, last.to, Exactness::Between))
    }

    fn lent(&self, first: &str, last: Date) -> Option<When> {
        let words = pieces(first);
        let mut words = words.into_iter();
        let day = words.next()?;
        let day: i8 = ordinal(day).parse().ok()?;
        let month = match words.next() {
            Some(word) => month(word)?,
            None => last.month(),
        };
        if words.next().is_some() {
            return None;
        }
        let day = Date::new(last.year(), month, day).ok()?;
        Some(When::on(day))
    }

    /// One day, month, part of a year, or year, perhaps with a time.
    fn single(&self, text: &str) -> Result<When, Unreadable> {
        if let Some(day) = fast(text) {
            return Ok(When::on(day));
        }
        if let Some(when) = self.instant(text)? {
            return Ok(when);
        }
        if let Some(found) = self.alone(text)? {
            return Ok(found);
        }
        // What follows a day can only be a time.
        for (at, _) in text.match_indices(' ') {
            let (day, time) = (&text[..at], text[at..].trim());
            let time = time.strip_prefix("at ").unwrap_or(time);
            if let (Ok(time), Ok(Some(found))) =
                (times::read(time), self.alone(day.trim_end_matches(',')))
                && found.exactness == Exactness::Exact
            {
                return Ok(When {
                    time: Some(time),
                    ..found
                });
            }
        }
        Err(self.wrong(EXPECTED))
    }

    /// A day, month, part of a year or year that is all there is.
    fn alone(&self, text: &str) -> Result<Option<When>, Unreadable> {
        if let Some(day) = fast(text) {
            return Ok(Some(When::on(day)));
        }
        let words = pieces(text);
        let words = without_weekday(&words);
        Ok(self
            .dated(words)?
            .and_then(|(found, used)| (used == words.len()).then_some(found)))
    }

    /// `2016-05-22T14:05:00`, with or without a zone, which is dropped only where it is none or UTC.
    fn instant(&self, text: &str) -> Result<Option<When>, Unreadable> {
        let Some((day, time)) = text.split_once('t') else {
            return Ok(None);
        };
        let Some(day) = fast(day) else {
            return Ok(None);
        };
        let time = time.trim_end_matches('z');
        let time = times::read(time.split('.').next().unwrap_or(time))
            .map_err(|e| self.wrong(e.expected))?;
        Ok(Some(When {
            time: Some(time),
            ..When::on(day)
        }))
    }

    /// The day in the first words, and how many words it took.
    fn dated(&self, words: &[&str]) -> Result<Option<(When, usize)>, Unreadable> {
        let Some(&first) = words.first() else {
            return Ok(None);
        };
        if let Some(&(_, from, to)) = SEASONS.iter().find(|(name, ..)| *name == first)
            && let Some(year) = words.get(1).and_then(|w| full_year(w))
        {
            return Ok(Some((months(year, from, to, Exactness::Approximate), 2)));
        }
        if let Some(part) = PARTS.iter().position(|(name, ..)| *name == first) {
            let skip = usize::from(words.get(1) == Some(&"in"));
            if let (Some(month), Some(year)) = (
                words.get(1 + skip).and_then(|w| month(w)),
                words.get(2 + skip).and_then(|w| full_year(w)),
            ) {
                let first = date(year, month, [1, 11, 21][part]);
                let last = [
                    date(year, month, 10),
                    date(year, month, 20),
                    first.last_of_month(),
                ][part];
                return Ok(Some((
                    When::of(first, last, Exactness::Approximate),
                    3 + skip,
                )));
            }
            let Some(year) = words.get(1 + skip).and_then(|w| full_year(w)) else {
                return Err(self.wrong("a year in four digits is expected after it"));
            };
            let (_, from, to) = PARTS[part];
            let when = months(year, from, to, Exactness::Approximate);
            return Ok(Some((when, 2 + skip)));
        }
        // May 2016; May 22, 2016
        if let Some(month) = month(first) {
            let Some(second) = words.get(1) else {
                return Err(self.wrong("the year is missing"));
            };
            if let Some(year) = full_year(second) {
                return Ok(Some((months(year, month, month, Exactness::Month), 2)));
            }
            if let (Ok(day), Some(year)) = (ordinal(second).parse(), words.get(2)) {
                return Ok(Some((When::on(self.day(year, month, day)?), 3)));
            }
            return Err(self.wrong("this could be a day or a year; write the year in four digits"));
        }
        // 22 May 2016
        if let Some(month) = words.get(1).and_then(|w| month(w)) {
            let Ok(day) = ordinal(first).parse() else {
                return Ok(None);
            };
            let Some(year) = words.get(2) else {
                return Err(self.wrong("the year is missing"));
            };
            return Ok(Some((When::on(self.day(year, month, day)?), 3)));
        }
        // 22 05 2016; 2016 05 22
        if let (Ok(second), Some(third)) = (
            words.get(1).copied().unwrap_or_default().parse::<i8>(),
            words.get(2),
        ) && digits(first)
            && digits(third)
        {
            if let (Some(_), Ok(day)) = (full_year(first), third.parse()) {
                return Ok(Some((When::on(self.day(first, second, day)?), 3)));
            }
            if let Ok(day) = first.parse()
                && (third.len() == 2 || third.len() == 4)
            {
                return Ok(Some((When::on(self.day(third, second, day)?), 3)));
            }
            return Ok(None);
        }
        // 05 2016: month and year
        if let (Ok(month), Some(year)) =
            (first.parse::<i8>(), words.get(1).and_then(|w| full_year(w)))
            && (1..=12).contains(&month)
        {
            return Ok(Some((months(year, month, month, Exactness::Month), 2)));
        }
        if let Some(year) = full_year(first) {
            return Ok(Some((months(year, 1, 12, Exactness::Year), 1)));
        }
        // A number of five digits is a day as spreadsheets count them.
        if digits(first)
            && first.len() == 5
            && let Ok(number) = first.parse::<u32>()
        {
            let when = serial::when(f64::from(number), Epoch::Of1900)
                .map_err(|e| self.wrong(e.expected))?;
            return Ok(Some((when, 1)));
        }
        Ok(None)
    }

    fn day(&self, year: &str, month: i8, day: i8) -> Result<Date, Unreadable> {
        if !(1..=12).contains(&month) {
            return Err(self.wrong(format!(
                "there is no month {month}; the day is expected first, then the month"
            )));
        }
        let year = match full_year(year) {
            Some(year) => year,
            None => self.year_of_two(year, |year| Date::new(year, month, day).ok())?,
        };
        if !YEARS.contains(&year) {
            return Err(self.wrong(format!(
                "the year {year} is not between {} and {}",
                YEARS.start(),
                YEARS.end()
            )));
        }
        let name = MONTHS[usize::from(month.unsigned_abs()) - 1];
        Date::new(year, month, day)
            .map_err(|_| self.wrong(format!("{name} {year} has no day {day}")))
    }

    /// The latest year with these two digits that does not lie after the day of reading.
    fn year_of_two(
        &self,
        text: &str,
        first_day: impl Fn(i16) -> Option<Date>,
    ) -> Result<i16, Unreadable> {
        if text.len() != 2 || !digits(text) {
            return Err(self.wrong(EXPECTED));
        }
        let two: i16 = text.parse().map_err(|_| self.wrong(EXPECTED))?;
        let century = self.today.year() / 100 * 100;
        let year = century + two;
        let future = first_day(year).map_or(year > self.today.year(), |day| day > self.today);
        if !future {
            return Ok(year);
        }
        if year - self.today.year() <= AMBIGUOUS_YEARS {
            return Err(self.wrong(format!(
                "this could be {} or {year}, which lies ahead; write the year in four digits",
                year - 100
            )));
        }
        Ok(year - 100)
    }
}

/// Lower case, one kind of dash, one kind of space.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            c if c.is_whitespace() => ' ',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

/// A question mark at the front or the end makes a day uncertain.
fn question(text: &str) -> (bool, &str) {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('?') {
        return (true, rest.trim_start_matches('?').trim());
    }
    for end in ["?", "(?)", "(uncertain)", "(tbc)"] {
        if let Some(rest) = text.strip_suffix(end) {
            return (true, rest.trim());
        }
    }
    (false, text)
}

fn about(text: &str) -> (bool, &str) {
    for word in [
        "c. ",
        "c.",
        "ca. ",
        "ca ",
        "c ",
        "circa ",
        "approximately ",
        "approx. ",
        "approx ",
        "around ",
        "about ",
        "~",
    ] {
        if let Some(rest) = text.strip_prefix(word) {
            return (true, rest.trim());
        }
    }
    (false, text)
}

/// The words and numbers of a day, without the marks between them.
fn pieces(text: &str) -> Vec<&str> {
    let mut found = Vec::with_capacity(4);
    for piece in text.split([' ', '/', ',', '-', '.', '\'', '’']) {
        // "22may16"
        let start = piece
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(piece.len());
        let end = piece[start..]
            .find(|c: char| !c.is_ascii_alphabetic())
            .map_or(piece.len(), |at| start + at);
        let parts = if month(&piece[start..end]).is_some() {
            [&piece[..start], &piece[start..end], &piece[end..]]
        } else {
            [piece, "", ""]
        };
        found.extend(
            parts
                .into_iter()
                .filter(|p| !p.is_empty() && *p != "of" && *p != "the"),
        );
    }
    found
}

fn without_weekday<'a, 'b>(words: &'b [&'a str]) -> &'b [&'a str] {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    match words.split_first() {
        Some((first, rest))
            if DAYS
                .iter()
                .any(|d| first.starts_with(d) && (first.len() <= 5 || first.ends_with("day")))
                && !rest.is_empty() =>
        {
            rest
        }
        _ => words,
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn full_year(text: &str) -> Option<i16> {
    let year: i16 = (text.len() == 4 && digits(text)).then(|| text.parse().ok())??;
    YEARS.contains(&year).then_some(year)
}

/// `22nd` as `22`.
fn ordinal(text: &str) -> &str {
    for end in ["st", "nd", "rd", "th"] {
        if let Some(number) = text.strip_suffix(end)
            && digits(number)
        {
            return number;
        }
    }
    text
}

fn month(text: &str) -> Option<i8> {
    if text.len() < 3 || !text.is_ascii() {
        return None;
    }
    let found = MONTHS.iter().position(|name| {
        let name = name.to_ascii_lowercase();
        name == text || name[..3] == *text || (text == "sept" && name.starts_with("sept"))
    })?;
    i8::try_from(found + 1).ok()
}

fn months(year: i16, first: i8, last: i8, exactness: Exactness) -> When {
    When::of(
        date(year, first, 1),
        date(year, last, 1).last_of_month(),
        exactness,
    )
}
