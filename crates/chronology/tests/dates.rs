//! Days and times as people write them.
#![expect(clippy::panic, reason = "a test stops at what it did not expect")]

use chronology::{Exactness, When, dates, serial, times};
use jiff::civil::{Date, Time, date, time};
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 23);

fn read(text: &str) -> When {
    dates::read(text, TODAY).unwrap_or_else(|e| panic!("{e}"))
}

fn days(text: &str) -> (Date, Date, Exactness) {
    let when = read(text);
    (when.from, when.to, when.exactness)
}

fn refused(text: &str) -> String {
    match dates::read(text, TODAY) {
        Ok(when) => panic!("`{text}` was read as {when}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn one_day_is_read_however_it_is_written() {
    let day = date(2016, 5, 22);
    for text in [
        "22/05/2016",
        "22/5/2016",
        "22.05.16",
        "22.5.16",
        "22-05-2016",
        "2016-05-22",
        "2016/5/22",
        "22-may-16",
        "22 May 2016",
        "22nd May 2016",
        "22nd of May, 2016",
        "Sunday 22 May 2016",
        "Sun 22/05/2016",
        "22May2016",
        "22 MAY 16",
        "May 22, 2016",
        "22–05–2016",
        " 22/05/2016 ",
        "22\u{a0}May\u{a0}2016",
        "42512",
        "22 05 2016",
        "22/May/2016",
        "sunday, 22nd may 2016",
    ] {
        assert_eq!(days(text), (day, day, Exactness::Exact), "{text}");
    }
}

#[test]
fn the_day_comes_before_the_month() {
    assert_eq!(read("03/04/2016").from, date(2016, 4, 3));
    assert!(refused("04/13/2016").contains("there is no month 13"));
}

#[test]
fn what_is_known_less_exactly_keeps_its_limits() {
    use Exactness::{Approximate, Between, Month, Uncertain, Year};
    let cases = [
        ("May 2016", (2016, 5, 1), (2016, 5, 31), Month),
        ("05/2016", (2016, 5, 1), (2016, 5, 31), Month),
        ("2014", (2014, 1, 1), (2014, 12, 31), Year),
        ("c. May 2016", (2016, 5, 1), (2016, 5, 31), Approximate),
        ("circa 2014", (2014, 1, 1), (2014, 12, 31), Approximate),
        (
            "approx 22/05/2016",
            (2016, 5, 22),
            (2016, 5, 22),
            Approximate,
        ),
        ("early 2014", (2014, 1, 1), (2014, 4, 30), Approximate),
        ("Mid-2014", (2014, 5, 1), (2014, 8, 31), Approximate),
        ("late May 2016", (2016, 5, 21), (2016, 5, 31), Approximate),
        ("summer 2014", (2014, 6, 1), (2014, 8, 31), Approximate),
        ("?22/05/2016", (2016, 5, 22), (2016, 5, 22), Uncertain),
        ("? May 2016", (2016, 5, 1), (2016, 5, 31), Uncertain),
        ("22/05/2016?", (2016, 5, 22), (2016, 5, 22), Uncertain),
        (
            "between 3 and 9 May 2016",
            (2016, 5, 3),
            (2016, 5, 9),
            Between,
        ),
        (
            "between 28 April and 9 May 2016",
            (2016, 4, 28),
            (2016, 5, 9),
            Between,
        ),
        (
            "03/05/2016 - 09/05/2016",
            (2016, 5, 3),
            (2016, 5, 9),
            Between,
        ),
        ("03/05/2016-09/05/2016", (2016, 5, 3), (2016, 5, 9), Between),
        ("3-9 May 2016", (2016, 5, 3), (2016, 5, 9), Between),
        (
            "3 May 2016 to 9 May 2016",
            (2016, 5, 3),
            (2016, 5, 9),
            Between,
        ),
        ("May 2016 – July 2016", (2016, 5, 1), (2016, 7, 31), Between),
        ("2014-2016", (2014, 1, 1), (2016, 12, 31), Between),
        (
            "29 Feb 2016",
            (2016, 2, 29),
            (2016, 2, 29),
            Exactness::Exact,
        ),
    ];
    for (text, from, to, exactness) in cases {
        let day = |(y, m, d)| date(y, m, d);
        assert_eq!(days(text), (day(from), day(to), exactness), "{text}");
    }
}

#[test]
fn a_time_may_stand_behind_the_day() {
    for text in [
        "22/05/2016 14:05",
        "22.05.16 1405 hrs",
        "22 May 2016 at 2.05pm",
        "2016-05-22T14:05:00Z",
        "22/05/2016, 14:05",
        "22/05/2016 2:05 pm",
        "22/05/2016 14.05",
    ] {
        let when = read(text);
        assert_eq!(
            (when.from, when.time),
            (date(2016, 5, 22), Some(time(14, 5, 0, 0))),
            "{text}"
        );
    }
    assert_eq!(read("22/05/2016 9.30").time, Some(time(9, 30, 0, 0)));
}

#[test]
fn times_are_read_as_they_are_written() {
    let cases = [
        ("14:05", 14, 5),
        ("14.05", 14, 5),
        ("1405", 14, 5),
        ("1405 hrs", 14, 5),
        ("1405hours", 14, 5),
        ("2.05pm", 14, 5),
        ("2:05 PM", 14, 5),
        ("2.05 p.m.", 14, 5),
        ("9am", 9, 0),
        ("0905", 9, 5),
        ("12.30am", 0, 30),
        ("12pm", 12, 0),
        ("noon", 12, 0),
        ("midnight", 0, 0),
        ("09:05:00", 9, 5),
    ];
    for (text, hour, minute) in cases {
        assert_eq!(times::read(text), Ok(time(hour, minute, 0, 0)), "{text}");
    }
    for text in [
        "", "9", "25:00", "14:60", "13am", "evening", "1:2:3:4", "99999", "::",
    ] {
        assert!(times::read(text).is_err(), "{text}");
    }
}

#[test]
fn what_could_be_two_things_is_not_guessed() {
    assert!(refused("May 16").contains("write the year in four digits"));
    assert!(refused("22 May").contains("the year is missing"));
    assert!(refused("31/04/2016").contains("April 2016 has no day 31"));
    assert!(refused("29/02/2015").contains("February 2015 has no day 29"));
    assert!(refused("09/05/2016 - 03/05/2016").contains("is expected"));
    for text in [
        "",
        "unknown",
        "22/05",
        "2016-13-01",
        "22/05/0216",
        "winter 2014",
        "3/4 May 2016",
        "22/05/2016 Tilbrook",
        "1/1/1",
        "--",
        "between",
        "?",
        "c.",
        "2010-11",
    ] {
        assert!(refused(text).contains("read `"), "{text}");
    }
}

#[test]
fn a_year_of_two_digits_is_never_ahead_of_the_day_of_reading() {
    assert_eq!(read("22.11.26").from, date(2026, 11, 22));
    assert_eq!(read("23.11.26").from, date(2026, 11, 23));
    assert_eq!(read("01.03.71").from, date(1971, 3, 1));
    let words = refused("24.11.26");
    assert!(words.contains("1926 or 2026"), "{words}");
    assert!(refused("01.01.31").contains("1931 or 2031"));
}

#[test]
fn serial_numbers_are_days_of_both_systems() {
    use serial::Epoch::{Of1900, Of1904};
    let day = |n, epoch| serial::when(n, epoch).map(|w| w.from);
    assert_eq!(day(1.0, Of1900), Ok(date(1900, 1, 1)));
    assert_eq!(day(59.0, Of1900), Ok(date(1900, 2, 28)));
    assert!(day(60.0, Of1900).is_err(), "29 February 1900 never was");
    assert_eq!(day(61.0, Of1900), Ok(date(1900, 3, 1)));
    assert_eq!(day(42512.0, Of1900), Ok(date(2016, 5, 22)));
    assert_eq!(day(41050.0, Of1904), Ok(date(2016, 5, 22)));
    let noon = serial::when(42512.5, Of1900).map(|w| w.time);
    assert_eq!(noon, Ok(Some(time(12, 0, 0, 0))));
    for n in [f64::NAN, f64::INFINITY, -1.0, 1e300, 200_000.0] {
        assert!(day(n, Of1900).is_err(), "{n}");
    }
    assert_eq!(serial::number(date(2016, 5, 22)), Some(42512.0));
    assert_eq!(serial::number(date(1900, 2, 28)), None);
}

fn some_day() -> impl Strategy<Value = Date> {
    (1850_i16..=2150, 1_i8..=12, 1_i8..=31)
        .prop_filter_map("no such day", |(y, m, d)| Date::new(y, m, d).ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_was_read_is_written_so_that_it_is_read_the_same(first in some_day(), other in some_day(), how in 0..8, hms in (0_i8..24, 0_i8..60, 0_i8..60)) {
        let (from, to) = (first.min(other), first.max(other));
        let text = match how {
            0 => format!("{:02}.{:02}.{}", from.day(), from.month(), from.year()),
            1 => format!("{}/{}", from.month(), from.year()),
            2 => from.year().to_string(),
            3 => format!("c. {}/{}/{}", from.day(), from.month(), from.year()),
            4 => format!("?{from} to {to}"),
            5 => format!("c. {from} to {to}"),
            6 => format!("between {from} and {to}"),
            _ => format!("early {}", from.year()),
        };
        let mut when = read(&text);
        when.time = Time::new(hms.0, hms.1, hms.2, 0).ok();
        let mut again = read(&when.day_text());
        again.time = times::read(&when.time_text()).ok();
        prop_assert_eq!(again, when);
    }

    #[test]
    fn no_text_stops_the_reading(text in ".{0,40}") {
        let _ = dates::read(&text, TODAY);
        let _ = times::read(&text);
    }

    #[test]
    fn nothing_made_of_the_marks_of_dates_stops_the_reading(text in "[0-9 /.?\\-cmayrdnthto:TZ]{0,24}") {
        if let Ok(when) = dates::read(&text, TODAY) {
            prop_assert!(when.from <= when.to);
            prop_assert_eq!(read(&when.day_text()).from, when.from);
        }
    }

    #[test]
    fn a_number_is_a_day_or_is_refused(n in proptest::num::f64::ANY) {
        let _ = serial::when(n, serial::Epoch::Of1900);
        let _ = serial::when(n, serial::Epoch::Of1904);
        let _ = serial::time_of(n);
    }

    #[test]
    fn two_digits_are_never_read_as_a_day_ahead(d in 1..=28, m in 1..=12, y in 0..=99) {
        if let Ok(when) = dates::read(&format!("{d:02}.{m:02}.{y:02}"), TODAY) {
            prop_assert!(when.from <= TODAY);
        }
    }
}
