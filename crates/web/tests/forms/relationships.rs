//! A relationship is taken off on a page of its own, with a reason; the story and the days before keep it.

use axum::http::StatusCode;

use crate::Wrong;
use crate::house::House;

const WORDS: &str = "mother: aunt, Child B";

/// The address of the page that takes the one relationship off, as the page of the people gives it.
async fn page(house: &House) -> Result<String, Wrong> {
    let people = house.get("manager", &house.at("people")).await?;
    assert!(people.words().contains(WORDS));
    people
        .text
        .split(" href=\"")
        .filter_map(|part| part.split('"').next())
        .find(|to| to.ends_with("/withdraw"))
        .map(str::to_owned)
        .ok_or_else(|| "nothing leads to taking it off".into())
}

#[tokio::test]
async fn a_relationship_recorded_in_error_is_taken_off_and_the_story_says_who_and_why()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let page = page(&house).await?;
    assert!(!page.contains("aunt") && !page.contains("mother"), "{page}");
    let asked = house.get("manager", &page).await?;
    assert!(asked.words().contains(WORDS), "it says what is taken off");
    let fields = [
        ("because", "in-error"),
        ("why", "She is the mother's friend."),
    ];
    let saved = house.save("manager", &page, &fields).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.words());
    assert_eq!(saved.to, house.at("people"));
    let people = house.get("reader", &house.at("people")).await?;
    assert!(!people.words().contains(WORDS));
    let story = house.get("reader", &house.at("story")).await?.words();
    assert!(story.contains("was recorded in error"), "{story}");
    assert!(story.contains("She is the mother's friend."));
    // Sent a second time, or opened again, there is nothing to take off.
    let gone = house.get("manager", &page).await?;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn what_no_longer_stands_is_shown_as_earlier_with_its_reason() -> Result<(), Wrong> {
    let house = House::new().await?;
    let page = page(&house).await?;
    let why = "She moved away in March.";
    let fields = [("because", "no-longer"), ("why", why)];
    house.save("manager", &page, &fields).await?;
    let shown = house.get("reader", &house.at("people")).await?.words();
    let earlier = shown.split("Earlier, and no longer").nth(1);
    let earlier = earlier.ok_or("nothing is shown as earlier")?;
    assert!(earlier.contains(WORDS) && earlier.contains(why), "{shown}");
    Ok(())
}

#[tokio::test]
async fn it_is_not_taken_off_without_a_choice_and_a_reason_and_what_was_typed_is_kept()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let page = page(&house).await?;
    let only_why = [("why", "A slip of the pen.")];
    let refused = house.save("manager", &page, &only_why).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("href=\"#because\""));
    assert_eq!(refused.value("why"), "A slip of the pen.");
    let only_choice = [("because", "in-error"), ("why", " ")];
    let refused = house.save("manager", &page, &only_choice).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("href=\"#why\""));
    assert_eq!(house.read().await?.people.relationships.len(), 1);
    Ok(())
}

#[tokio::test]
async fn two_people_who_take_off_the_same_relationship_are_told_so() -> Result<(), Wrong> {
    let house = House::new().await?;
    let page = page(&house).await?;
    let fields = [("because", "in-error"), ("why", "The deputy's reason.")];
    let late = house.filled("deputy", &page, &fields).await?;
    house
        .save(
            "manager",
            &page,
            &[("because", "in-error"), ("why", "Mine.")],
        )
        .await?;
    let told = house.send("deputy", &page, Some(late)).await?;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.words().contains("not in the record any more"));
    assert_eq!(told.value("why"), "The deputy's reason.");
    Ok(())
}

#[tokio::test]
async fn only_whoever_records_facts_takes_a_relationship_off() -> Result<(), Wrong> {
    let house = House::new().await?;
    let page = page(&house).await?;
    for (who, status) in [
        ("reader", StatusCode::FORBIDDEN),
        ("delegate", StatusCode::FORBIDDEN),
        ("chair", StatusCode::FORBIDDEN),
        ("stranger", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(house.get(who, &page).await?.status, status, "{who}");
        let people = house.get(who, &house.at("people")).await?;
        assert!(!people.text.contains("/withdraw"), "{who}");
    }
    Ok(())
}

#[tokio::test]
async fn a_case_that_goes_out_and_comes_in_keeps_that_a_relationship_was_taken_off()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let page = page(&house).await?;
    let why = "She moved away in March.";
    let fields = [("because", "no-longer"), ("why", why)];
    house.save("manager", &page, &fields).await?;
    let manager = house.actor("manager")?;
    let file = house.desk.export(&manager, &house.case).await?;
    let text = serde_json::to_string(&file)?;
    let again = cases::case_file::CaseFile::parse(&text)?;
    let brought = house.desk.import(&manager, again).await?;
    assert_eq!(brought.refused, Vec::<String>::new());
    let (before, after) = (house.read().await?, brought.case);
    assert!(after.people.relationships.is_empty());
    assert_eq!(
        after.people.former_relationships,
        before.people.former_relationships
    );
    Ok(())
}
