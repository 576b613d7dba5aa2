//! Every day of 2012 to 2028 against a second computation that shares nothing with the first:
//! Easter by the anonymous Gregorian algorithm, the fixed holidays with their substitutes by rule, and the listed one-offs.
//! It works on day numbers of its own, so that a fault in the date library would show as well.

use calendar::{Date, DayZero, Holidays, Length};
use std::collections::BTreeSet;

/// Days since 1 March of the year 0 (Gregorian).
fn number(y: i64, m: i64, d: i64) -> i64 {
    let (y, m) = if m <= 2 { (y - 1, m + 9) } else { (y, m - 3) };
    365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + d - 1
}

/// 0 is Monday. Day number 0, 1 March of the year 0, was a Wednesday.
fn weekday(n: i64) -> i64 {
    (n + 2).rem_euclid(7)
}

fn easter(y: i64) -> i64 {
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    number(y, month, day)
}

fn first_monday_from(n: i64) -> i64 {
    n + (7 - weekday(n)) % 7
}

fn by_rule(y: i64) -> BTreeSet<i64> {
    let mut days = BTreeSet::new();
    let new_year = number(y, 1, 1);
    days.insert(if weekday(new_year) >= 5 {
        first_monday_from(new_year)
    } else {
        new_year
    });
    days.insert(easter(y) - 2);
    days.insert(easter(y) + 1);
    days.insert(if y == 2020 {
        number(y, 5, 8)
    } else {
        first_monday_from(number(y, 5, 1))
    });
    days.insert(match y {
        2012 => number(y, 6, 4),
        2022 => number(y, 6, 2),
        _ => first_monday_from(number(y, 5, 25)),
    });
    days.insert(first_monday_from(number(y, 8, 25)));
    // Christmas Day and Boxing Day: two weekdays from 25 December; where one falls on a weekend, the Monday or Tuesday after it.
    days.extend(match weekday(number(y, 12, 25)) {
        4 => [number(y, 12, 25), number(y, 12, 28)],
        5 => [number(y, 12, 27), number(y, 12, 28)],
        6 => [number(y, 12, 26), number(y, 12, 27)],
        _ => [number(y, 12, 25), number(y, 12, 26)],
    });
    match y {
        2012 => days.extend([number(y, 6, 5)]),
        2022 => days.extend([number(y, 6, 3), number(y, 9, 19)]),
        2023 => days.extend([number(y, 5, 8)]),
        _ => {}
    }
    days
}

fn number_of(d: Date) -> i64 {
    number(d.year().into(), d.month().into(), d.day().into())
}

fn all_days() -> Vec<Date> {
    Date::constant(2012, 1, 1)
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= Date::constant(2028, 12, 31))
        .collect()
}

#[test]
fn every_day_of_2012_to_2028_is_working_or_not_as_the_rules_say() {
    let holidays = Holidays::embedded();
    let rule: BTreeSet<i64> = (2012..=2028).flat_map(by_rule).collect();
    let days = all_days();
    assert_eq!(days.len(), 6210);
    for day in days {
        let n = number_of(day);
        assert_eq!(
            holidays.name(day).is_some(),
            rule.contains(&n),
            "{day}: {:?}",
            holidays.name(day)
        );
        let working = weekday(n) < 5 && !rule.contains(&n);
        assert_eq!(holidays.is_working_day(day), Ok(working), "{day}");
    }
    assert_eq!(holidays.len(), rule.len());
}

#[test]
fn five_and_fifteen_working_days_from_every_day_agree_with_a_count_over_day_numbers() {
    let holidays = Holidays::embedded();
    let rule: BTreeSet<i64> = (2012..=2028).flat_map(by_rule).collect();
    let working: Vec<i64> = all_days()
        .into_iter()
        .map(number_of)
        .filter(|n| weekday(*n) < 5 && !rule.contains(n))
        .collect();
    let mut refused = 0;
    for start in all_days() {
        let n = number_of(start);
        for length in [5_usize, 15] {
            for (day_zero, first) in [
                (DayZero::TriggerDay, working.partition_point(|w| *w <= n)),
                (
                    DayZero::TriggerDayCounts,
                    working.partition_point(|w| *w < n),
                ),
            ] {
                let expected = working.get(first + length - 1).copied();
                let worked = holidays.work_out(
                    start,
                    Length::WorkingDays(u16::try_from(length).unwrap()),
                    day_zero,
                );
                assert_eq!(
                    worked.as_ref().ok().and_then(|w| w.due).map(number_of),
                    expected,
                    "{start} {length} {day_zero:?}"
                );
                refused += usize::from(worked.is_err());
            }
        }
    }
    assert!(refused > 0, "the last days of the list must be refused");
}

#[test]
fn clear_days_before_every_day_agree_with_a_count_over_day_numbers() {
    let holidays = Holidays::embedded();
    let rule: BTreeSet<i64> = (2012..=2028).flat_map(by_rule).collect();
    let working: Vec<i64> = all_days()
        .into_iter()
        .map(number_of)
        .filter(|n| weekday(*n) < 5 && !rule.contains(n))
        .collect();
    for day in all_days() {
        let before = working.partition_point(|w| *w < number_of(day));
        // Seven whole working days lie between; the day to send it is the working day before those.
        let expected = before.checked_sub(8).map(|i| working[i]);
        let due = holidays
            .clear_days_before(day, 7)
            .ok()
            .and_then(|w| w.due)
            .map(number_of);
        assert_eq!(due, expected, "{day}");
    }
}
