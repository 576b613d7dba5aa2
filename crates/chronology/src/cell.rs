//! A cell as a reader hands it on: text, a number, a day as spreadsheets count, or the mark of an error.

use std::borrow::Cow;

use jiff::civil::{Date, Time};

use crate::dates::{self, Unreadable};
use crate::serial::{self, Epoch};
use crate::times;
use crate::when::When;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    Number(f64),
    /// A number that the file shows as a day or a time.
    Serial(f64, Epoch),
    /// What a formula came to when it failed.
    Error(String),
}

impl Cell<'_> {
    pub(crate) fn owned(&self) -> Cell<'static> {
        match self {
            Self::Empty => Cell::Empty,
            Self::Text(text) => Cell::Text(Cow::Owned(text.clone().into_owned())),
            Self::Number(n) => Cell::Number(*n),
            Self::Serial(n, epoch) => Cell::Serial(*n, *epoch),
            Self::Error(text) => Cell::Error(text.clone()),
        }
    }

    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell as words, without space around them, with one kind of line end and without marks that no document can carry.
    pub(crate) fn words(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => clean(text),
            Self::Number(n) => Cow::Owned(n.to_string()),
            Self::Serial(n, epoch) => Cow::Owned(match serial::time_of(*n) {
                Some(time) => When {
                    time: Some(time),
                    ..When::on(Date::default())
                }
                .time_text(),
                None => match serial::when(*n, *epoch) {
                    Ok(when) => when.to_string(),
                    Err(_) => n.to_string(),
                },
            }),
            Self::Error(text) => Cow::Borrowed(text),
        }
    }

    /// The day, days, and perhaps time of a cell under a heading for dates.
    pub(crate) fn when(&self, today: Date, epoch: Epoch) -> Result<When, Unreadable> {
        match self {
            Self::Serial(n, epoch) => serial::when(*n, *epoch),
            // A year, typed as a number.
            Self::Number(n) if n.fract() == 0.0 && (1850.0..=2150.0).contains(n) => {
                dates::read(&n.to_string(), today)
            }
            Self::Number(n) => serial::when(*n, epoch),
            _ => dates::read(&self.words(), today),
        }
    }

    /// The time of a cell under a heading for times; a cell that holds a day as well gives its time.
    pub(crate) fn time(&self) -> Result<Time, Unreadable> {
        match self {
            Self::Serial(n, _) | Self::Number(n) if (0.0..1.0).contains(n) => serial::time_of(*n)
                .ok_or_else(|| Unreadable::new(&n.to_string(), "a time is expected")),
            Self::Serial(n, _) => serial::time_of(n.fract())
                .ok_or_else(|| Unreadable::new(&self.words(), "a time is expected")),
            _ => times::read(&self.words()),
        }
    }
}

/// Trims, and mends line ends and control marks; nearly every text needs neither.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let odd = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}')
    };
    if text
        .bytes()
        .all(|b| (b' '..0x7f).contains(&b) || b == b'\n')
        || !text.contains(odd)
    {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    let text: String = text
        .chars()
        .map(|c| match c {
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            c if odd(c) => ' ',
            c => c,
        })
        .collect();
    Cow::Owned(text.trim().to_owned())
}
