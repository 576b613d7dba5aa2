//! What is wrong with a form is said in one go, each line naming its field as the page does; two texts are compared in the same words.

use axum::http::StatusCode;

use crate::Wrong;
use crate::house::{House, Page};

/// The lines of the error summary: where each leads, and what it says.
fn summary(page: &Page) -> Vec<(String, String)> {
    let list = page
        .text
        .split("govuk-error-summary__list")
        .nth(1)
        .and_then(|rest| rest.split("</ul>").next())
        .unwrap_or_default();
    list.split("<li>")
        .skip(1)
        .map(|line| {
            let to = line.split("href=\"#").nth(1).unwrap_or_default();
            let to = to.split('"').next().unwrap_or_default().to_owned();
            let words = line.split('>').nth(1).unwrap_or_default();
            (to, words.split('<').next().unwrap_or_default().to_owned())
        })
        .collect()
}

fn fields(page: &Page) -> Vec<String> {
    summary(page).into_iter().map(|(field, _)| field).collect()
}

#[tokio::test]
async fn each_of_several_bad_days_is_named_in_the_summary_in_the_order_of_the_page()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let typed = [
        ("danger", "no"),
        ("heard-on-day", "31"),
        ("heard-on-month", "2"),
        ("heard-on-year", "2026"),
        ("aware-on-day", "40"),
        ("happened-on-month", "spring"),
        ("born-year", "2020"),
    ];
    let refused = house.save("manager", "/open-a-case", &typed).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let lines = summary(&refused);
    let leads: Vec<&str> = lines.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(leads, ["heard-on", "aware-on", "happened-on", "born"]);
    let words: std::collections::BTreeSet<&str> = lines.iter().map(|(_, w)| w.as_str()).collect();
    assert_eq!(words.len(), 4, "no two lines are the same: {words:?}");
    assert!(
        lines[1]
            .1
            .starts_with("When did the authority become aware?")
    );
    for (field, value) in typed {
        assert_eq!(refused.value(field), value, "{field}");
    }
    Ok(())
}

#[tokio::test]
async fn a_bad_day_of_evidence_says_of_which_piece_it_is() -> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("decision/text");
    let typed = [
        ("evidence-rows", "2"),
        ("evidence-0-kind", "document"),
        ("evidence-0-title", "Chronology"),
        ("evidence-0-holder", "The ward"),
        ("evidence-0-dated-day", "31"),
        ("evidence-0-dated-month", "2"),
        ("evidence-1-kind", "document"),
        ("evidence-1-title", "Letter"),
        ("evidence-1-dated-day", "99"),
    ];
    let refused = house.save("manager", &page, &typed).await?;
    let lines = summary(&refused);
    assert!(
        lines[0].1.starts_with("Evidence 1, its date: "),
        "{lines:?}"
    );
    assert!(
        lines[1].1.starts_with("Evidence 2, its date: "),
        "{lines:?}"
    );
    Ok(())
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_not_in_rounds() -> Result<(), Wrong> {
    let house = House::new().await?;
    // The page finds the bad day, the case the missing name: both are said.
    let sent = house
        .save(
            "manager",
            &house.at("rapid-review/report"),
            &[("report-to", "")],
        )
        .await?;
    assert_eq!(fields(&sent), ["report-on", "report-to"]);
    let resolved = house
        .save("manager", &house.at("decision/resolve"), &[])
        .await?;
    assert_eq!(fields(&resolved), ["by-whom", "how", "reasons", "on"]);
    let notified = house
        .save("manager", &house.at("notification"), &[("on-day", "32")])
        .await?;
    assert_eq!(fields(&notified), ["notify", "who", "on", "reasons"]);
    let child = house
        .save(
            "manager",
            &house.at("people/child/new"),
            &[("born-day", "77"), ("birth", "on")],
        )
        .await?;
    assert_eq!(fields(&child), ["parts", "born"], "{:?}", summary(&child));
    Ok(())
}

#[tokio::test]
async fn what_is_put_right_as_the_summary_says_is_saved_at_the_second_try() -> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("decision/resolve");
    let refused = house.save("manager", &page, &[]).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [
        ("by-whom", "The chief executives"),
        ("how", "They met."),
        ("reasons", "To learn across the three services."),
        ("on-day", "1"),
        ("on-month", "6"),
        ("on-year", "2026"),
    ];
    let saved = house
        .send("manager", &page, Some(refused.with(&right)))
        .await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.words());
    Ok(())
}

#[tokio::test]
async fn a_trial_of_what_else_is_wrong_records_nothing() -> Result<(), Wrong> {
    let house = House::new().await?;
    let before = house.read().await?.version();
    house
        .save("manager", &house.at("incident/contact"), &[])
        .await?;
    assert_eq!(house.read().await?.version(), before);
    Ok(())
}

#[tokio::test]
async fn two_texts_are_compared_in_the_words_of_the_page() -> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("incident");
    let mine = [
        ("summary", "The deputy's words."),
        ("whereabouts", "outside-england"),
        ("happened-on-day", "2"),
        ("happened-on-month", "3"),
        ("happened-on-year", "2026"),
    ];
    let late = house.filled("deputy", &page, &mine).await?;
    let theirs = [
        ("summary", "The manager's words."),
        ("whereabouts", "in-area"),
    ];
    house.save("manager", &page, &theirs).await?;
    let told = house.send("deputy", &page, Some(late)).await?;
    assert_eq!(told.status, StatusCode::CONFLICT);
    let table = told
        .text
        .split("Where the two differ")
        .nth(1)
        .and_then(|rest| rest.split("</table>").next())
        .ok_or("no table")?;
    for words in [
        "What is known to have happened",
        "On which day",
        "Is that in this area?",
        "Monday 2 March 2026",
        "Outside England",
        "In this area",
        "The manager's words.",
        "The deputy's words.",
        "Nothing entered",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    for name in ["appened-on", "hereabouts", "outside-england", "Summary"] {
        assert!(
            !table.contains(name),
            "{name} is no word of the page: {table}"
        );
    }
    // Sent again as it is, it is saved; what stood before stays in the story.
    let saved = house.send("deputy", &page, Some(told.with(&[]))).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    Ok(())
}
