//! Before access is granted, who sits there is asked again, unless they proved it within a few minutes; what was typed waits.

use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;

use crate::Wrong;
use crate::house::{House, PASSWORD, Page};
use crate::time_out::changed;

/// Makes a session one that began an hour ago and is in use.
async fn grown_old(house: &House, who: &str) -> Result<(), Wrong> {
    let then = Timestamp::now() - Duration::from_secs(3600);
    changed(house, who, "created", then).await
}

/// Sends a form with the mark of the session and these fields.
async fn send(
    house: &House,
    who: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> Result<Page, Wrong> {
    let mark = house.get(who, &house.at("interests/declare")).await?;
    let mark = mark.value("csrf");
    assert!(!mark.is_empty(), "no mark of the session");
    let mark = [("csrf", mark.as_str())];
    let all = mark.iter().chain(fields);
    let all = all.map(|(name, value)| {
        let value = value.replace('&', "%26").replace(' ', "+");
        format!("{name}={value}")
    });
    let form = all.collect::<Vec<_>>().join("&");
    house.send(who, path, Some(form)).await
}

#[tokio::test]
async fn access_is_granted_only_after_proving_again_who_one_is() -> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("members");
    let reader = house.actor("reader")?.person.id;
    let remove = [
        ("what", "remove"),
        ("remove-person", reader.as_str()),
        ("remove-why", "no longer needed"),
    ];
    let add = [
        ("what", "add"),
        ("person", reader.as_str()),
        ("part", "reads"),
        ("add-why", "reads along & helps"),
    ];
    let done = StatusCode::SEE_OTHER;
    let there = async || Ok::<_, Wrong>(house.read().await?.members.list.contains_key(&reader));
    assert_eq!(send(&house, "manager", &page, &remove).await?.status, done);
    assert!(!there().await?);
    grown_old(&house, "manager").await?;
    let asked = send(&house, "manager", &page, &add).await?;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.words().contains("Confirm that it is you"));
    assert!(
        asked
            .words()
            .contains("Before you let someone see this case")
    );
    assert!(!there().await?);
    // What was typed stands in the page; a wrong password grants nothing and comes back to nobody.
    assert_eq!(asked.value("add-why"), "reads along & helps");
    let wrong = asked.with(&[("proved-password", "not it at all, is it")]);
    let again = house.send("manager", &page, Some(wrong)).await?;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert!(again.words().contains("The password is not right"));
    assert!(!again.text.contains("not it at all"));
    assert!(!there().await?);
    let right = again.with(&[("proved-password", PASSWORD)]);
    let right = house.send("manager", &page, Some(right)).await?;
    assert_eq!(right.status, done);
    assert!(there().await?);
    // For a few minutes it is not asked again.
    for form in [&remove[..], &add[..]] {
        assert_eq!(send(&house, "manager", &page, form).await?.status, done);
    }
    Ok(())
}

#[tokio::test]
async fn whoever_may_not_grant_access_is_told_so_and_asked_for_no_password() -> Result<(), Wrong> {
    let house = House::new().await?;
    grown_old(&house, "delegate").await?;
    for path in [house.at("members"), "/people".to_owned()] {
        let told = send(&house, "delegate", &path, &[("what", "add")]).await?;
        assert_eq!(told.status, StatusCode::FORBIDDEN, "{path}");
        assert!(!told.words().contains("Confirm that it is you"), "{path}");
    }
    Ok(())
}
