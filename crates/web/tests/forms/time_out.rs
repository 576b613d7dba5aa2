//! What was typed in a session that has ended goes to whoever typed it, and to no one else who signs in at the same browser.

use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;
use sqlx::{ConnectOptions, Connection};

use crate::Wrong;
use crate::house::{House, Page};

const WORDS: &str = "Typed by the manager & by no one else.";

/// Makes the session in this browser one that was last used two hours ago.
async fn left_alone(house: &House, who: &str) -> Result<(), Wrong> {
    let then = Timestamp::now() - Duration::from_secs(2 * 3600);
    changed(house, who, "last_seen", then).await?;
    assert!(house.desk.session(house.cookie(who)).await?.is_none());
    Ok(())
}

/// Puts a time of the session in this browser at another one.
pub async fn changed(house: &House, who: &str, what: &str, then: Timestamp) -> Result<(), Wrong> {
    let session = house
        .desk
        .session(house.cookie(who))
        .await?
        .ok_or("not signed in")?;
    let file = house.folder.path().join("data").join("candour.sqlite");
    let mut database = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(Duration::from_secs(10))
        .connect()
        .await?;
    let change = match what {
        "created" => "UPDATE session SET created = $1 WHERE id_hash = $2",
        _ => "UPDATE session SET last_seen = $1 WHERE id_hash = $2",
    };
    let changed = sqlx::query(change)
        .bind(format!("{then:.6}"))
        .bind(session.id.to_vec())
        .execute(&mut database)
        .await?
        .rows_affected();
    assert_eq!(changed, 1);
    database.close().await?;
    // What is remembered of a session is read anew after such a change.
    house.desk.show_names(&session, false).await?;
    Ok(())
}

/// The manager types at their browser, and sends the form once something has happened to the session.
async fn typed(house: &House, page: &str) -> Result<String, Wrong> {
    house.filled("manager", page, &[("summary", WORDS)]).await
}

/// The page shows these words as a draft, or not at all.
fn shows(page: &Page) -> bool {
    let kept = page.value("summary") == WORDS;
    assert_eq!(kept, page.words().contains("This is what you had typed."));
    kept
}

#[tokio::test]
async fn after_a_time_out_the_words_wait_for_whoever_typed_them_and_stand_nowhere_else()
-> Result<(), Wrong> {
    let mut house = House::new().await?;
    let page = house.at("incident");
    let form = typed(&house, &page).await?;
    left_alone(&house, "manager").await?;
    let door = house.send("manager", &page, Some(form)).await?;
    assert_eq!(door.status, StatusCode::UNAUTHORIZED);
    assert!(door.words().contains("You are signed out"));
    assert!(
        !door.text.contains("Typed"),
        "the next person at this screen reads nothing"
    );
    // The deputy, who runs the case too, signs in at that browser.
    let there = house.sign_in_at("manager", &door, "deputy").await?;
    assert_eq!(there.to, page);
    assert!(
        !shows(&house.get("manager", &page).await?),
        "not the deputy's"
    );
    let deputy = house.actor("deputy")?;
    assert_eq!(house.desk.drafts(&deputy).await?, Vec::new());
    // The manager finds the words, at any browser.
    house.sign_in_at("reader", &door, "manager").await?;
    assert!(shows(&house.get("reader", &page).await?));
    Ok(())
}

#[tokio::test]
async fn the_same_person_signing_in_again_finds_the_words() -> Result<(), Wrong> {
    let mut house = House::new().await?;
    let page = house.at("incident");
    let form = typed(&house, &page).await?;
    left_alone(&house, "manager").await?;
    let door = house.send("manager", &page, Some(form)).await?;
    let there = house.sign_in_at("manager", &door, "manager").await?;
    assert_eq!(
        (there.status, there.to.as_str()),
        (StatusCode::SEE_OTHER, page.as_str())
    );
    assert!(shows(&house.get("manager", &page).await?));
    Ok(())
}

#[tokio::test]
async fn nothing_is_written_for_someone_whose_session_was_ended_until_they_sign_in_again()
-> Result<(), Wrong> {
    for (who, theirs) in [("deputy", false), ("manager", true)] {
        let mut house = House::new().await?;
        let page = house.at("incident");
        let form = typed(&house, &page).await?;
        let session = house.desk.session(house.cookie("manager")).await?;
        house
            .desk
            .sign_out(&session.ok_or("not signed in")?)
            .await?;
        let door = house.send("manager", &page, Some(form)).await?;
        let manager = house.actor("manager")?;
        assert_eq!(house.desk.drafts(&manager).await?, Vec::new());
        house.sign_in_at("manager", &door, who).await?;
        assert_eq!(shows(&house.get("manager", &page).await?), theirs, "{who}");
    }
    Ok(())
}

#[tokio::test]
async fn where_nobody_knows_who_typed_only_someone_who_may_act_in_the_case_is_shown_it()
-> Result<(), Wrong> {
    for (who, kept) in [
        ("manager", 1),
        ("deputy", 1),
        ("delegate", 1),
        ("reader", 0),
        ("stranger", 0),
    ] {
        let mut house = House::new().await?;
        let page = house.at("incident");
        let form = typed(&house, &page).await?;
        house.take_cookie("manager", "");
        let door = house.send("manager", &page, Some(form)).await?;
        house.sign_in_at("manager", &door, who).await?;
        let actor = house.actor(who)?;
        assert_eq!(house.desk.drafts(&actor).await?.len(), kept, "{who}");
        let shown = house.get("manager", &page).await?;
        // Only those who run the case write on this page; for the others it is as if nothing had been typed.
        assert_eq!(
            shown.text.contains("Typed by"),
            ["manager", "deputy"].contains(&who),
            "{who}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_form_that_another_session_drew_is_not_taken_for_the_words_of_the_one_that_timed_out()
-> Result<(), Wrong> {
    let mut house = House::new().await?;
    let page = house.at("incident");
    let by_the_deputy = house.filled("deputy", &page, &[("summary", WORDS)]).await?;
    left_alone(&house, "manager").await?;
    let door = house.send("manager", &page, Some(by_the_deputy)).await?;
    let manager = house.actor("manager")?;
    assert_eq!(house.desk.drafts(&manager).await?, Vec::new());
    house.sign_in_at("manager", &door, "stranger").await?;
    let stranger = house.actor("stranger")?;
    assert_eq!(house.desk.drafts(&stranger).await?, Vec::new());
    Ok(())
}

#[tokio::test]
async fn a_case_that_is_being_opened_is_given_only_to_someone_who_opens_cases() -> Result<(), Wrong>
{
    for (who, kept) in [("deputy", 1), ("reader", 0), ("chair", 0)] {
        let mut house = House::new().await?;
        let form = house
            .filled("manager", "/open-a-case", &[("summary", WORDS)])
            .await?;
        house.take_cookie("manager", "");
        let door = house.send("manager", "/open-a-case", Some(form)).await?;
        house.sign_in_at("manager", &door, who).await?;
        let actor = house.actor(who)?;
        assert_eq!(house.desk.drafts(&actor).await?.len(), kept, "{who}");
    }
    Ok(())
}
