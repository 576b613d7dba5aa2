//! Errors and differences are told in the words of the page, never in the names that its fields have for the program.

use axum::http::StatusCode;

use crate::Wrong;
use crate::house::House;

#[tokio::test]
async fn two_bad_days_have_two_lines_in_the_summary_that_say_which_is_which() -> Result<(), Wrong> {
    let house = House::new().await?;
    let bad = [
        ("birth", "on"),
        ("born-day", "31"),
        ("born-month", "2"),
        ("born-year", "2020"),
        ("life", "died"),
        ("died-day", "31"),
        ("died-month", "2"),
        ("died-year", "2021"),
    ];
    let refused = house
        .save("manager", &house.at("people/child/new"), &bad)
        .await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let summary = refused.text.split("govuk-error-summary__list").nth(1);
    let summary = summary
        .and_then(|rest| rest.split("</ul>").next())
        .ok_or("no summary")?;
    let mut lines: Vec<&str> = summary.split("<li>").skip(1).collect();
    let all = lines.len();
    assert!(all >= 2, "{summary}");
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), all, "{summary}");
    for label in ["Date of birth: Enter", "Date of death: Enter"] {
        assert!(summary.contains(label), "{summary}");
    }
    Ok(())
}

#[tokio::test]
async fn where_two_texts_differ_is_said_in_the_words_of_the_page() -> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("incident");
    let day = |day: &'static str| {
        [
            ("happened-on-day", day),
            ("happened-on-month", "3"),
            ("happened-on-year", "2025"),
            ("summary", "What is known."),
        ]
    };
    let late = house.filled("deputy", &page, &day("4")).await?;
    house.save("manager", &page, &day("2")).await?;
    let told = house.send("deputy", &page, Some(late)).await?;
    assert_eq!(told.status, StatusCode::CONFLICT);
    let table = told.text.split("Where the two differ").nth(1);
    let table = table
        .and_then(|rest| rest.split("</table>").next())
        .ok_or("no table")?;
    assert!(table.contains("On which day"), "{table}");
    assert!(
        table.contains("Sunday 2 March 2025") && table.contains("Tuesday 4 March 2025"),
        "{table}"
    );
    assert!(!table.contains("Happened on"), "{table}");
    Ok(())
}
