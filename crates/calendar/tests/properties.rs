//! What must hold for every day and every length, tried on many.

use calendar::words::{age_on, long, parse_day, short};
use calendar::{Date, DayZero, Holidays, Length, add_months};
use proptest::prelude::*;

fn any_day(years: std::ops::RangeInclusive<i16>) -> impl Strategy<Value = Date> {
    (years, 1..=12_i8, 1..=31_i8)
        .prop_filter_map("no such day", |(y, m, d)| Date::new(y, m, d).ok())
}

fn day_zero() -> impl Strategy<Value = DayZero> {
    prop_oneof![Just(DayZero::TriggerDay), Just(DayZero::TriggerDayCounts)]
}

fn holidays() -> &'static Holidays {
    Holidays::embedded()
}

proptest! {
    #[test]
    fn a_deadline_in_working_days_is_a_working_day_after_exactly_so_many(start in any_day(2012..=2027), n in 1..=60_u16, rule in day_zero()) {
        let worked = holidays().work_out(start, Length::WorkingDays(n), rule).unwrap();
        let due = worked.due.unwrap();
        prop_assert_eq!(worked.counted.len(), usize::from(n));
        prop_assert_eq!(worked.counted.last(), Some(&due));
        prop_assert!(holidays().is_working_day(due).unwrap());
        let counted_start = i64::from(rule == DayZero::TriggerDayCounts && holidays().is_working_day(start).unwrap());
        prop_assert_eq!(holidays().working_days_between(start, due).unwrap(), i64::from(n) - counted_start);
    }

    #[test]
    fn every_day_up_to_the_deadline_is_either_counted_or_passed_over_once(start in any_day(2012..=2027), n in 1..=60_u16, rule in day_zero()) {
        let worked = holidays().work_out(start, Length::WorkingDays(n), rule).unwrap();
        let mut seen: Vec<Date> = worked.counted.iter().copied().chain(worked.skipped.iter().map(|s| s.date)).collect();
        seen.sort_unstable();
        let mut day = if rule == DayZero::TriggerDay { start.tomorrow().unwrap() } else { start };
        for found in seen {
            prop_assert_eq!(found, day);
            day = day.tomorrow().unwrap();
        }
        prop_assert_eq!(day.yesterday().unwrap(), worked.due.unwrap());
    }

    #[test]
    fn a_later_trigger_or_a_longer_time_never_means_an_earlier_deadline(a in any_day(2012..=2027), b in any_day(2012..=2027), n in 0..=40_u16, rule in day_zero()) {
        let (a, b) = (a.min(b), a.max(b));
        let due = |start, n| holidays().work_out(start, Length::WorkingDays(n), rule).unwrap().due.unwrap();
        prop_assert!(due(a, n) <= due(b, n));
        prop_assert!(due(a, n) <= due(a, n + 1));
    }

    #[test]
    fn adding_and_taking_away_working_days_lead_back_to_a_working_day(start in any_day(2013..=2027), n in 0..=60_u16) {
        prop_assume!(holidays().is_working_day(start).unwrap());
        let there = holidays().add_working_days(start, n, DayZero::TriggerDay).unwrap().due.unwrap();
        prop_assert_eq!(holidays().subtract_working_days(there, n).unwrap().due, Some(start));
        prop_assert_eq!(holidays().working_days_between(start, there).unwrap(), i64::from(n));
        prop_assert_eq!(holidays().working_days_between(there, start).unwrap(), -i64::from(n));
    }

    #[test]
    fn the_last_day_to_send_leaves_whole_days_between_and_the_next_working_day_does_not(day in any_day(2013..=2028), n in 1..=30_u16) {
        let worked = holidays().clear_days_before(day, n).unwrap();
        let due = worked.due.unwrap();
        let between = |sent: Date| holidays().working_days_between(sent, day.yesterday().unwrap()).unwrap();
        prop_assert_eq!(between(due), i64::from(n));
        prop_assert_eq!(between(holidays().add_working_days(due, 1, DayZero::TriggerDay).unwrap().due.unwrap()), i64::from(n) - 1);
        prop_assert!(holidays().is_working_day(due).unwrap());
        prop_assert_eq!(worked.counted.len(), usize::from(n));
        prop_assert!(worked.counted.iter().all(|d| due < *d && *d < day));
    }

    #[test]
    fn months_keep_the_day_of_the_month_or_take_the_last(start in any_day(1950..=2150), n in 0..=600_u16) {
        let later = add_months(start, n);
        let months = |d: Date| i32::from(d.year()) * 12 + i32::from(d.month());
        prop_assert_eq!(months(later) - months(start), i32::from(n));
        prop_assert_eq!(later.day(), start.day().min(later.days_in_month()));
    }

    #[test]
    fn a_day_written_in_any_of_our_ways_is_read_back(day in any_day(1900..=2199)) {
        let (y, m, d) = (day.year(), day.month(), day.day());
        for text in [long(day), short(day), day.to_string(), format!("{d} {m} {y}"), format!("{d:02}/{m:02}/{y}"), format!("{d}.{m}.{y}")] {
            prop_assert_eq!(parse_day(&text), Ok(day), "{}", text);
        }
    }

    #[test]
    fn no_typed_text_makes_the_reader_fail_without_a_sentence(text in "\\PC{0,30}") {
        if let Err(sentence) = parse_day(&text) {
            prop_assert!(sentence.ends_with("enter it like 27 3 2026"), "{}", sentence);
        }
    }

    #[test]
    fn an_age_in_years_changes_on_the_birthday(born in any_day(1990..=2020), years in 2..=17_i16) {
        let birthday = Date::new(born.year() + years, born.month(), born.day())
            .unwrap_or_else(|_| Date::constant(born.year() + years, 3, 1));
        prop_assert_eq!(age_on(born, birthday), format!("{years} years"));
        let eve = age_on(born, birthday.yesterday().unwrap());
        prop_assert_eq!(eve, if years == 2 { "23 months".to_owned() } else { format!("{} years", years - 1) });
    }
}
