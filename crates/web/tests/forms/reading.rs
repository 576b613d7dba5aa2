//! Those who may read a form and not change it see all of it: the fields, and what stands beside them.

use axum::http::StatusCode;

use crate::Wrong;
use crate::house::House;

#[tokio::test]
async fn what_stands_beside_a_form_is_shown_to_those_who_only_read_and_only_once()
-> Result<(), Wrong> {
    let house = House::new().await?;
    for (page, beside) in [
        ("incident", "Who became aware, and when"),
        ("consideration/improvements", "Considered so far"),
        ("definition/child", "The parts of the definition"),
        ("notification", "Who else was told"),
        ("rapid-review", "What it is for"),
    ] {
        for who in ["manager", "delegate", "chair", "reader"] {
            let shown = house.get(who, &house.at(page)).await?;
            assert_eq!(shown.status, StatusCode::OK, "{page} for {who}");
            assert_eq!(shown.count(beside), 1, "{page} for {who}: {beside}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn nothing_beside_a_form_leads_a_reader_to_a_page_that_refuses_them() -> Result<(), Wrong> {
    let house = House::new().await?;
    let pages = [
        "incident",
        "consideration/improvements",
        "definition/child",
        "notification",
        "rapid-review",
        "publication",
    ];
    for page in pages {
        let shown = house.get("reader", &house.at(page)).await?;
        let main = shown.text.split("<main").nth(1).ok_or("no page")?;
        for part in main.split(" href=\"").skip(1) {
            let to = part.split('"').next().unwrap_or_default();
            if to.starts_with("/cases/") {
                let there = house.get("reader", to).await?;
                assert_eq!(there.status, StatusCode::OK, "{page} leads to {to}");
            }
        }
    }
    let manager = house.get("manager", &house.at("incident")).await?;
    assert_eq!(manager.count("Record which area leads"), 1);
    Ok(())
}

#[tokio::test]
async fn a_reader_reaches_each_part_of_the_definition() -> Result<(), Wrong> {
    let house = House::new().await?;
    let shown = house.get("reader", &house.at("definition/child")).await?;
    let other = shown
        .text
        .split(" href=\"")
        .filter_map(|part| part.split('"').next())
        .find(|to| to.contains("definition/child~"))
        .ok_or("no other part of the definition is named")?
        .to_owned();
    assert_eq!(house.get("reader", &other).await?.status, StatusCode::OK);
    Ok(())
}
