//! Ages, times and typed dates at the edges where the words change.

use calendar::Date;
use calendar::words::{age_on, day_month, parse_day, time};

#[test]
fn an_age_changes_its_unit_at_two_weeks_thirteen_weeks_and_two_years() {
    let born = Date::constant(2024, 1, 1);
    for (on, expected) in [
        ((2024, 1, 1), "less than 1 day"),
        ((2024, 1, 2), "1 day"),
        ((2024, 1, 14), "13 days"),
        ((2024, 1, 15), "2 weeks"),
        ((2024, 3, 31), "12 weeks"),
        ((2024, 4, 1), "3 months"),
        ((2025, 12, 31), "23 months"),
        ((2026, 1, 1), "2 years"),
    ] {
        assert_eq!(age_on(born, Date::constant(on.0, on.1, on.2)), expected);
    }
}

#[test]
fn a_child_born_on_29_february_is_two_on_1_march() {
    let born = Date::constant(2024, 2, 29);
    assert_eq!(age_on(born, Date::constant(2026, 2, 28)), "23 months");
    assert_eq!(age_on(born, Date::constant(2026, 3, 1)), "2 years");
}

#[test]
fn times_of_day_cannot_be_misread_at_twelve() {
    for (at, expected) in [
        ("00:00", "midnight"),
        ("00:01", "12:01am"),
        ("11:59", "11:59am"),
        ("12:00", "midday"),
        ("12:30", "12:30pm"),
        ("23:05", "11:05pm"),
    ] {
        let zoned: jiff::Zoned = format!("2026-12-04T{at}:00[Europe/London]")
            .parse()
            .unwrap();
        assert_eq!(time(&zoned), expected);
    }
}

#[test]
fn a_mistyped_date_is_answered_with_what_to_do() {
    for (typed, expected) in [
        (
            "",
            "Enter the date as a day, month and year, like 27 3 2026",
        ),
        (
            "yesterday",
            "Enter the date as a day, month and year, like 27 3 2026",
        ),
        (
            "27 3",
            "Enter the date as a day, month and year, like 27 3 2026",
        ),
        ("27 3 26", "Enter the year with 4 numbers, like 2026"),
        ("27 3 0206", "Check the year: enter one from 1900 to 2199"),
        (
            "3 27 2026",
            "Check the month: enter a number from 1 to 12, or its name",
        ),
        ("31 4 2026", "Check the day: April 2026 has 30 days"),
        ("0 4 2026", "Check the day: April 2026 has 30 days"),
        ("900 4 2026", "Check the day: enter a number from 1 to 31"),
        (
            "Monday 27 March 2026",
            "Check the day: 27 March 2026 is a Friday",
        ),
    ] {
        assert_eq!(parse_day(typed), Err(expected.to_owned()), "{typed}");
    }
}

#[test]
fn names_of_months_and_days_may_be_short() {
    let expected = Date::constant(2026, 9, 1);
    for typed in [
        "1 Sept 2026",
        "1st september, 2026",
        "TUES 1 SEP 2026",
        "2026 9 1",
        "1-9-2026",
        "1 – 9 – 2026",
    ] {
        assert_eq!(parse_day(typed), Ok(expected), "{typed}");
    }
    assert_eq!(day_month(expected), "1 September");
}
