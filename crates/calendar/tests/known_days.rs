//! Days that people remember, as examples: Christmas, Easter, substitutes, jubilees, the funeral and the coronation;
//! and the lists that must be refused.

use calendar::words::{left, long, parse_day, short};
use calendar::{CalendarError, Date, DayZero, Holidays, Length, WhySkipped, Worked, add_months};

fn day(text: &str) -> Date {
    parse_day(text).unwrap()
}

fn work_out(start: &str, length: Length, day_zero: DayZero) -> Worked {
    Holidays::embedded()
        .work_out(day(start), length, day_zero)
        .unwrap()
}

fn due(start: &str, length: Length) -> String {
    long(work_out(start, length, DayZero::TriggerDay).due.unwrap())
}

fn name(text: &str) -> &'static str {
    Holidays::embedded()
        .name(day(text))
        .unwrap_or("an ordinary day")
}

#[test]
fn the_list_covers_2012_to_2028() {
    assert_eq!(Holidays::embedded().first_day(), Date::constant(2012, 1, 1));
    assert_eq!(
        Holidays::embedded().last_day(),
        Date::constant(2028, 12, 31)
    );
    assert_eq!(Holidays::embedded().iter().count(), 140);
}

#[test]
fn five_working_days_over_christmas_pass_over_every_holiday_and_say_so() {
    let worked = work_out(
        "Tuesday 22 December 2026",
        Length::WorkingDays(5),
        DayZero::TriggerDay,
    );
    assert_eq!(
        worked
            .counted
            .iter()
            .map(|d| d.to_string())
            .collect::<Vec<_>>(),
        [
            "2026-12-23",
            "2026-12-24",
            "2026-12-29",
            "2026-12-30",
            "2026-12-31"
        ]
    );
    assert_eq!(worked.due, Some(day("31 12 2026")));
    let why: Vec<_> = worked
        .skipped
        .iter()
        .map(|s| format!("{}: {}", short(s.date), s.why.words()))
        .collect();
    assert_eq!(
        why,
        [
            "25 December 2026: Christmas Day (bank holiday)",
            "26 December 2026: Saturday",
            "27 December 2026: Sunday",
            "28 December 2026: Boxing Day, substitute day (bank holiday)"
        ]
    );
}

#[test]
fn five_working_days_over_easter_pass_over_good_friday_and_easter_monday() {
    assert_eq!(
        due("Wednesday 1 April 2026", Length::WorkingDays(5)),
        "Friday 10 April 2026"
    );
    assert_eq!(name("3 4 2026"), "Good Friday");
    assert_eq!(name("6 4 2026"), "Easter Monday");
}

#[test]
fn substitute_days_stand_on_the_days_that_were_proclaimed() {
    assert_eq!(name("27 12 2021"), "Christmas Day, substitute day");
    assert_eq!(name("28 12 2021"), "Boxing Day, substitute day");
    assert_eq!(name("26 12 2022"), "Boxing Day");
    assert_eq!(name("27 12 2022"), "Christmas Day, substitute day");
    assert_eq!(name("3 1 2022"), "New Year’s Day, substitute day");
}

#[test]
fn days_given_once_are_in_the_list_and_the_days_they_replaced_are_not() {
    assert!(name("5 6 2012").contains("Diamond Jubilee"));
    assert!(name("8 5 2020").contains("VE day"));
    assert_eq!(name("4 5 2020"), "an ordinary day");
    assert!(name("3 6 2022").contains("Platinum Jubilee"));
    assert_eq!(name("30 5 2022"), "an ordinary day");
    assert!(name("19 9 2022").contains("State Funeral"));
    assert!(name("8 5 2023").contains("coronation"));
    assert_eq!(
        due("Wednesday 1 June 2022", Length::WorkingDays(1)),
        "Monday 6 June 2022"
    );
    assert_eq!(
        due("Friday 5 May 2023", Length::WorkingDays(1)),
        "Tuesday 9 May 2023"
    );
}

#[test]
fn the_day_of_the_trigger_is_day_one_only_when_the_rule_says_so_and_it_is_a_working_day() {
    let five = Length::WorkingDays(5);
    let counts = |start| work_out(start, five, DayZero::TriggerDayCounts);
    assert_eq!(
        due("Monday 9 November 2026", five),
        "Monday 16 November 2026"
    );
    assert_eq!(
        long(counts("Monday 9 November 2026").due.unwrap()),
        "Friday 13 November 2026"
    );
    let saturday = counts("Saturday 7 November 2026");
    assert_eq!(long(saturday.due.unwrap()), "Friday 13 November 2026");
    assert_eq!(saturday.skipped[0].why, WhySkipped::Saturday);
}

#[test]
fn months_end_on_the_corresponding_date_or_the_last_day_of_the_month() {
    assert_eq!(add_months(day("31 8 2026"), 6), day("28 2 2027"));
    assert_eq!(add_months(day("31 8 2027"), 6), day("29 2 2028"));
    assert_eq!(add_months(day("30 11 2026"), 3), day("28 2 2027"));
    assert_eq!(
        due("29 February 2028", Length::Years(1)),
        "Wednesday 28 February 2029"
    );
    let counting = |start, months| {
        short(
            work_out(start, Length::Months(months), DayZero::TriggerDayCounts)
                .due
                .unwrap(),
        )
    };
    assert_eq!(counting("1 March 2026", 6), "31 August 2026");
    assert_eq!(counting("31 August 2026", 6), "28 February 2027");
}

#[test]
fn months_and_calendar_days_need_no_published_holidays() {
    assert_eq!(
        due("1 December 2028", Length::Months(6)),
        "Friday 1 June 2029"
    );
    assert_eq!(
        due("1 December 2028", Length::CalendarDays(40)),
        "Wednesday 10 January 2029"
    );
    assert_eq!(
        short(
            work_out(
                "1 12 2028",
                Length::CalendarDays(2),
                DayZero::TriggerDayCounts
            )
            .due
            .unwrap()
        ),
        "2 December 2028"
    );
}

#[test]
fn a_date_past_the_published_holidays_is_refused_in_words() {
    let refused = Holidays::embedded()
        .work_out(
            day("29 12 2028"),
            Length::WorkingDays(1),
            DayZero::TriggerDay,
        )
        .unwrap_err();
    assert_eq!(
        refused,
        CalendarError::BeyondPublished {
            asked: day("1 1 2029"),
            last: day("31 12 2028")
        }
    );
    assert!(
        refused
            .to_string()
            .contains("bank holidays for 2029 are not yet published"),
        "{refused}"
    );
    let early = Holidays::embedded()
        .clear_days_before(day("3 1 2012"), 1)
        .unwrap_err();
    assert_eq!(
        early,
        CalendarError::BeforeFirst {
            asked: day("31 12 2011"),
            first: day("1 1 2012")
        }
    );
    assert!(
        early.to_string().contains("begins on 1 January 2012"),
        "{early}"
    );
}

#[test]
fn the_far_end_of_time_is_refused_and_does_not_panic() {
    let last = Date::MAX;
    for length in [
        Length::CalendarDays(1),
        Length::Months(1),
        Length::Years(u16::MAX),
        Length::WorkingDays(1),
    ] {
        assert!(
            Holidays::embedded()
                .work_out(last, length, DayZero::TriggerDay)
                .is_err(),
            "{length}"
        );
    }
    assert_eq!(add_months(last, u16::MAX), last);
    assert!(
        Holidays::embedded()
            .clear_days_before(Date::MIN, 0)
            .is_err()
    );
}

#[test]
fn seven_clear_working_days_leave_both_ends_uncounted() {
    let worked = Holidays::embedded()
        .clear_days_before(day("Thursday 7 January 2027"), 7)
        .unwrap();
    assert_eq!(
        worked.counted.iter().map(|d| short(*d)).collect::<Vec<_>>(),
        [
            "23 December 2026",
            "24 December 2026",
            "29 December 2026",
            "30 December 2026",
            "31 December 2026",
            "4 January 2027",
            "5 January 2027",
            "6 January 2027"
        ][1..]
    );
    assert_eq!(
        worked.due.map(long).as_deref(),
        Some("Wednesday 23 December 2026")
    );
    assert!(
        worked
            .skipped
            .iter()
            .any(|s| s.why.words() == "New Year’s Day (bank holiday)")
    );
}

#[test]
fn time_left_speaks_of_days_where_no_working_day_lies_between() {
    let left = |now, due| left(day(now), day(due), Holidays::embedded());
    assert_eq!(left("25 12 2026", "28 12 2026"), "3 days left");
    assert_eq!(left("24 12 2026", "29 12 2026"), "1 working day left");
    assert_eq!(left("29 12 2026", "23 12 2026"), "2 working days late");
}

fn official(change: impl FnOnce(&mut serde_json::Value)) -> Result<Holidays, String> {
    let mut value: serde_json::Value =
        serde_json::from_str(include_str!("../data/bank-holidays-england-and-wales.json")).unwrap();
    change(&mut value);
    Holidays::from_json(&value.to_string()).map_err(|e| e.to_string())
}

#[test]
fn the_whole_official_file_reads_like_its_part_for_england_and_wales() {
    let whole = official(
        |v| *v = serde_json::json!({ "scotland": { "division": "scotland", "events": [] }, "england-and-wales": v.take() }),
    );
    assert_eq!(whole.as_ref(), Ok(Holidays::embedded()));
    assert_eq!(
        Holidays::from_json(&format!(
            "\u{feff}{}",
            include_str!("../data/bank-holidays-england-and-wales.json")
        ))
        .as_ref(),
        Ok(Holidays::embedded())
    );
}

#[test]
fn a_list_that_cannot_be_trusted_is_refused_and_says_what_is_wrong() {
    let cases: [(&str, Result<Holidays, String>); 7] = [
        (
            "it is for the division `scotland`",
            official(|v| v["division"] = "scotland".into()),
        ),
        (
            "lists no bank holidays",
            official(|v| v["events"] = serde_json::json!([])),
        ),
        (
            "`2012-01-02` is listed twice",
            official(|v| v["events"][1] = v["events"][0].clone()),
        ),
        (
            "the year 2028 is not whole",
            official(|v| drop(v["events"].as_array_mut().unwrap().pop())),
        ),
        (
            "the year 2020 is not whole",
            official(|v| {
                v["events"]
                    .as_array_mut()
                    .unwrap()
                    .retain(|e| !e["date"].as_str().unwrap().starts_with("2020"))
            }),
        ),
        (
            "not in the official format",
            official(|v| v["events"][3]["date"] = "soon".into()),
        ),
        (
            "it is not JSON",
            Holidays::from_json("<html>").map_err(|e| e.to_string()),
        ),
    ];
    for (expected, found) in cases {
        let message = found.unwrap_err();
        assert!(
            message.contains(expected),
            "expected `{expected}` in `{message}`"
        );
    }
}

#[test]
fn a_worked_date_survives_being_written_and_read() {
    let worked = work_out("22 12 2026", Length::WorkingDays(5), DayZero::TriggerDay);
    let text = serde_json::to_string(&worked).unwrap();
    assert!(
        text.contains(r#""length":{"working-days":5},"day_zero":"trigger-day""#),
        "{text}"
    );
    assert!(
        text.contains(r#"{"date":"2026-12-25","why":{"bank-holiday":"Christmas Day"}}"#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Worked>(&text).unwrap(), worked);
}
