//! Every day of 2012 to 2028 against a second, independent computation: Easter by algorithm, fixed holidays with their
//! substitutes, and the one-off changes; and properties that hold for any day and length.

use calendar::{CalendarError, DayZero, Holidays, Length, words};
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

/// The anonymous Gregorian algorithm.
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    date(year, month as i8, day as i8)
}

fn next(d: Date) -> Date {
    d.saturating_add(jiff::Span::new().days(1))
}

fn weekend(d: Date) -> bool {
    matches!(d.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn first_monday(year: i16, month: i8) -> Date {
    (1..=7)
        .map(|d| date(year, month, d))
        .find(|d| d.weekday() == Weekday::Monday)
        .unwrap_or(date(year, month, 1))
}

fn last_monday(year: i16, month: i8) -> Date {
    (25..=31)
        .rev()
        .map(|d| date(year, month, d))
        .find(|d| d.weekday() == Weekday::Monday)
        .unwrap_or(date(year, month, 1))
}

fn holidays_of(year: i16) -> Vec<Date> {
    let mut list = Vec::new();
    let mut new_year = date(year, 1, 1);
    while weekend(new_year) {
        new_year = next(new_year);
    }
    list.push(new_year);
    let sunday = easter(year);
    list.push(sunday.saturating_sub(jiff::Span::new().days(2)));
    list.push(next(sunday));
    list.push(if year == 2020 {
        date(2020, 5, 8)
    } else {
        first_monday(year, 5)
    });
    match year {
        2012 => list.extend([date(2012, 6, 4), date(2012, 6, 5)]),
        2022 => list.extend([date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)]),
        2023 => list.extend([last_monday(2023, 5), date(2023, 5, 8)]),
        _ => list.push(last_monday(year, 5)),
    }
    list.push(last_monday(year, 8));
    let (christmas, boxing) = (date(year, 12, 25), date(year, 12, 26));
    match christmas.weekday() {
        Weekday::Friday => list.extend([christmas, date(year, 12, 28)]),
        Weekday::Saturday => list.extend([date(year, 12, 27), date(year, 12, 28)]),
        Weekday::Sunday => list.extend([boxing, date(year, 12, 27)]),
        _ => list.extend([christmas, boxing]),
    }
    list
}

#[test]
fn every_day_of_2012_to_2028_agrees_with_a_second_computation() {
    let list = Holidays::embedded();
    let mut day = date(2012, 1, 1);
    let mut days = 0;
    while day <= date(2028, 12, 31) {
        let working = !weekend(day) && !holidays_of(day.year()).contains(&day);
        assert_eq!(
            list.is_working_day(day).unwrap(),
            working,
            "{}",
            words::long(day)
        );
        day = day.tomorrow().unwrap();
        days += 1;
    }
    assert_eq!(days, 6210);
}

#[test]
fn christmas_easter_and_the_one_offs_are_named() {
    let list = Holidays::embedded();
    assert!(list.name(date(2022, 9, 19)).is_some());
    assert!(list.name(date(2023, 5, 8)).is_some());
    assert_eq!(list.name(date(2026, 4, 3)), Some("Good Friday"));
    assert_eq!(list.name(date(2026, 12, 28)), Some("Boxing Day"));
    assert_eq!(list.name(date(2026, 12, 26)), None);
}

#[test]
fn beyond_the_last_published_year_it_refuses_and_says_so() {
    let error = Holidays::embedded()
        .work_out(
            date(2028, 12, 28),
            Length::WorkingDays(5),
            DayZero::TriggerDay,
        )
        .unwrap_err();
    assert!(matches!(error, CalendarError::BeyondPublished { .. }));
    assert!(
        error
            .to_string()
            .starts_with("bank holidays for 2029 are not yet published"),
        "{error}"
    );
    assert!(
        Holidays::embedded()
            .is_working_day(date(2011, 12, 30))
            .is_err()
    );
}

#[test]
fn awareness_just_before_christmas_skips_every_day_with_its_reason() {
    let worked = Holidays::embedded()
        .work_out(
            date(2026, 12, 23),
            Length::WorkingDays(5),
            DayZero::TriggerDay,
        )
        .unwrap();
    assert_eq!(worked.due, Some(date(2027, 1, 4)));
    let skipped: Vec<String> = worked
        .skipped
        .iter()
        .map(|s| format!("{} {}", s.date, s.why.words()))
        .collect();
    assert_eq!(
        skipped,
        [
            "2026-12-25 Christmas Day (bank holiday)",
            "2026-12-26 Saturday",
            "2026-12-27 Sunday",
            "2026-12-28 Boxing Day (bank holiday)",
            "2027-01-01 New Year\u{2019}s Day (bank holiday)",
            "2027-01-02 Saturday",
            "2027-01-03 Sunday"
        ]
    );
}

#[test]
fn the_day_of_the_trigger_is_day_0_unless_the_pack_says_otherwise() {
    let list = Holidays::embedded();
    let monday = date(2026, 11, 23);
    assert_eq!(
        list.add_working_days(monday, 5, DayZero::TriggerDay)
            .unwrap()
            .due,
        Some(date(2026, 11, 30))
    );
    assert_eq!(
        list.add_working_days(monday, 5, DayZero::TriggerDayCounts)
            .unwrap()
            .due,
        Some(date(2026, 11, 27))
    );
}

#[test]
fn clear_days_count_neither_end() {
    let worked = Holidays::embedded()
        .clear_days_before(date(2026, 12, 16), 7)
        .unwrap();
    assert_eq!(worked.due, Some(date(2026, 12, 4)));
    assert_eq!(worked.counted.len(), 7);
    assert!(
        worked
            .counted
            .iter()
            .all(|d| *d > date(2026, 12, 4) && *d < date(2026, 12, 16))
    );
}

#[test]
fn months_end_on_the_last_day_of_a_shorter_month() {
    assert_eq!(
        calendar::add_months(date(2027, 8, 31), 6),
        date(2028, 2, 29)
    );
    assert_eq!(
        calendar::add_months(date(2026, 8, 31), 6),
        date(2027, 2, 28)
    );
    assert_eq!(calendar::add_months(date(2026, 6, 4), 6), date(2026, 12, 4));
}

#[test]
fn a_file_of_another_division_or_with_a_gap_is_refused() {
    let other = r#"{"division":"scotland","events":[{"title":"x","date":"2026-01-01"}]}"#;
    assert!(
        Holidays::from_json(other)
            .unwrap_err()
            .to_string()
            .contains("scotland")
    );
    let gap = r#"{"division":"england-and-wales","events":[{"title":"x","date":"2026-01-01"}]}"#;
    assert!(
        Holidays::from_json(gap)
            .unwrap_err()
            .to_string()
            .contains("2026 has 0 of at least 2 holidays around Easter")
    );
    assert!(Holidays::from_json("not json").is_err());
    let official = include_str!("../data/bank-holidays-england-and-wales.json");
    assert!(Holidays::from_json(&official.replace("2028-12-25", "2028-12-23")).is_err());
    assert!(
        Holidays::from_json(&official.replace("2027-12-27", "2027-12-28"))
            .unwrap_err()
            .to_string()
            .contains("twice")
    );
    assert!(Holidays::from_json(&format!("\u{feff}{official}")).is_ok());
}

#[test]
fn days_are_read_as_people_write_them() {
    for text in [
        "27 3 2026",
        "27/3/2026",
        "27 March 2026",
        "27 mar 2026",
        "2026-03-27",
        "27th March 2026",
        "27.03.2026",
        "Friday 27 March 2026",
        "Fri, 27 March 2026",
    ] {
        assert_eq!(words::parse_day(text), Ok(date(2026, 3, 27)), "{text}");
    }
    for text in [
        "27xyz 3 2026",
        "Frightful 27 3 2026",
        "31 2 2026",
        "27 3",
        "27 3 26",
        "",
        "tomorrow",
    ] {
        assert!(
            words::parse_day(text)
                .unwrap_err()
                .contains("enter it like 27 3 2026"),
            "{text}"
        );
    }
}

#[test]
fn what_is_left_is_said_in_working_days() {
    let list = Holidays::embedded();
    assert_eq!(
        words::left(date(2026, 11, 30), date(2026, 12, 4), list),
        "4 working days left"
    );
    assert_eq!(
        words::left(date(2026, 12, 4), date(2026, 12, 4), list),
        "Due today"
    );
    assert_eq!(
        words::left(date(2026, 12, 7), date(2026, 12, 4), list),
        "1 working day late"
    );
    assert_eq!(
        words::left(date(2026, 12, 5), date(2026, 12, 4), list),
        "1 day late"
    );
    assert_eq!(
        words::left(date(2026, 12, 5), date(2026, 12, 6), list),
        "1 day left, not a working day"
    );
    assert_eq!(
        words::left(date(2026, 12, 24), date(2026, 12, 28), list),
        "4 days left, none of them a working day"
    );
    assert_eq!(
        words::left(date(2028, 12, 29), date(2029, 1, 3), list),
        "5 days left"
    );
    assert_eq!(
        words::left(date(2029, 2, 5), date(2028, 12, 4), list),
        "63 days late"
    );
    assert_eq!(words::long(date(2026, 12, 4)), "Friday 4 December 2026");
}

#[test]
fn so_many_clear_days_that_the_list_has_no_room_for_them_are_refused() {
    let refused = Holidays::embedded().clear_days_before(date(2026, 12, 4), u16::MAX);
    assert!(
        matches!(refused, Err(calendar::CalendarError::BeforeFirst { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_bank_holiday_is_not_called_one_twice() {
    let list = Holidays::embedded();
    let why = |day| list.why_not(day).unwrap().unwrap().words();
    assert_eq!(why(date(2026, 5, 25)), "Spring bank holiday");
    assert_eq!(why(date(2026, 4, 3)), "Good Friday (bank holiday)");
}

#[test]
fn ages_are_in_the_unit_people_use() {
    assert_eq!(
        words::age_on(date(2026, 11, 11), date(2026, 11, 10)),
        "not yet born"
    );
    assert_eq!(
        words::age_on(date(2026, 11, 10), date(2026, 11, 10)),
        "0 days"
    );
    assert_eq!(
        words::age_on(date(2026, 11, 1), date(2026, 11, 10)),
        "9 days"
    );
    assert_eq!(
        words::age_on(date(2026, 9, 20), date(2026, 11, 10)),
        "7 weeks"
    );
    assert_eq!(
        words::age_on(date(2025, 7, 5), date(2026, 11, 10)),
        "16 months"
    );
    assert_eq!(
        words::age_on(date(2019, 7, 5), date(2026, 11, 10)),
        "7 years"
    );
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i32..5800).prop_map(|n| date(2012, 6, 1).saturating_add(jiff::Span::new().days(n)))
}

proptest! {
    #[test]
    fn adding_counts_exactly_the_days_it_says(start in any_day(), n in 0u16..30) {
        let list = Holidays::embedded();
        let worked = list.add_working_days(start, n, DayZero::TriggerDay).unwrap();
        let due = worked.due.unwrap();
        prop_assert_eq!(list.working_days_between(start, due).unwrap(), i64::from(n));
        prop_assert_eq!(worked.counted.len(), usize::from(n));
        let mut all: Vec<Date> = worked.counted.iter().copied().chain(worked.skipped.iter().map(|s| s.date)).collect();
        all.sort();
        all.dedup();
        prop_assert_eq!(all.len(), worked.counted.len() + worked.skipped.len());
        prop_assert!(n == 0 || list.is_working_day(due).unwrap());
    }

    #[test]
    fn subtracting_undoes_adding_from_a_working_day(start in any_day(), n in 0u16..30) {
        let list = Holidays::embedded();
        prop_assume!(list.is_working_day(start).unwrap());
        let due = list.add_working_days(start, n, DayZero::TriggerDay).unwrap().due.unwrap();
        prop_assert_eq!(list.subtract_working_days(due, n).unwrap().due.unwrap(), start);
    }

    #[test]
    fn clear_days_leave_that_many_working_days_between(day in any_day(), n in 0u16..20) {
        let list = Holidays::embedded();
        let day = day.saturating_add(jiff::Span::new().days(90));
        let sent = list.clear_days_before(day, n).unwrap().due.unwrap();
        let eve = day.yesterday().unwrap();
        prop_assert_eq!(list.working_days_between(sent, eve).unwrap(), i64::from(n));
        prop_assert!(list.is_working_day(sent).unwrap());
    }

    #[test]
    fn a_later_start_is_never_due_earlier(start in any_day(), more in 0i32..10, n in 0u16..20) {
        let list = Holidays::embedded();
        let later = start.saturating_add(jiff::Span::new().days(more));
        let a = list.add_working_days(start, n, DayZero::TriggerDay).unwrap().due;
        let b = list.add_working_days(later, n, DayZero::TriggerDay).unwrap().due;
        prop_assert!(b >= a);
    }
}
