//! Legal holds and erasure on the pages: a hold above every page, a proposal with what would change, the password of the second
//! person, and the line that stands in the place of what was erased.

use axum::http::StatusCode;
use cases::closing::{Event as Closing, Mark};
use cases::consideration::{Command as Consideration, Finding};
use cases::{Command, ConsideredBy};

use crate::Wrong;
use crate::house::{House, PASSWORD, Page};

/// Words of another family.
const WORDS: &str = "The Quillfeather family was visited twice in the same week.";

fn finding() -> Command {
    Command::Consideration(Consideration::Consider(Finding {
        element: "improvements".into(),
        finding: "does".into(),
        reasons: WORDS.into(),
        evidence: Vec::new(),
        considered_by: ConsideredBy {
            meeting: "rapid review meeting".into(),
            ..ConsideredBy::default()
        },
        partners: Vec::new(),
        agreed: true,
        missing: String::new(),
        why_without: String::new(),
        look_again: None,
    }))
}

/// Records the words, and gives the number of their entry.
async fn mistaken(house: &House) -> Result<u64, Wrong> {
    house.act(vec![finding()]).await?;
    Ok(house.read().await?.version())
}

async fn proposed(house: &House, what: &str) -> Result<String, Wrong> {
    let page = house.at(&format!("erasure/propose/{what}"));
    let fields = [("rule", "another-family"), ("why", "Another family")];
    let saved = house.save("manager", &page, &fields).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.words());
    assert_eq!(saved.to, house.at("erasure"));
    let case = house.read().await?;
    let last = case.erasure.proposals.last().ok_or("nothing is proposed")?;
    Ok(house.at(&format!("erasure/{}/approve", last.proposal.id)))
}

/// The fields of the page for approving, with this password.
fn with_password(page: &Page, password: &str) -> String {
    let hidden = |name: &str| {
        let after = page.text.split(&format!("name=\"{name}\" value=\"")).nth(1);
        after
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
            .to_owned()
    };
    format!(
        "csrf={}&form-token={}&password={}",
        hidden("csrf"),
        hidden("form-token"),
        password.replace(' ', "+")
    )
}

async fn approve(house: &House, who: &str, page: &str, password: &str) -> Result<Page, Wrong> {
    let shown = house.get(who, page).await?;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.words());
    house
        .send(who, page, Some(with_password(&shown, password)))
        .await
}

#[tokio::test]
async fn a_hold_stands_above_every_page_of_the_case_for_everyone_in_it_until_it_is_lifted()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("erasure/hold");
    let bare = house
        .save("manager", &page, &[("why", "An inquest")])
        .await?;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.words().contains("Enter who requires the hold"));
    assert_eq!(bare.value("why"), "An inquest");
    let fields = [("required-by", "the coroner"), ("why", "An inquest")];
    let placed = house.save("manager", &page, &fields).await?;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.words());
    for (who, path) in [("manager", ""), ("delegate", "people"), ("reader", "story")] {
        let shown = house.get(who, house.at(path).trim_end_matches('/')).await?;
        let words = "Legal hold, required by the coroner: nothing is erased";
        assert!(shown.words().contains(words), "{who} {path}");
    }
    let shown = house.get("manager", &house.at("erasure")).await?;
    assert!(!shown.text.contains("erasure/propose/case"));
    let to = shown
        .text
        .split("href=\"")
        .filter_map(|part| part.split('"').next())
        .find(|to| to.ends_with("/lift"))
        .ok_or("nothing leads to lifting it")?
        .to_owned();
    for who in ["delegate", "reader"] {
        assert_ne!(house.get(who, &to).await?.status, StatusCode::OK);
        assert_ne!(house.get(who, &page).await?.status, StatusCode::OK);
    }
    let lifted = house.save("manager", &to, &[("why", "It ended")]).await?;
    assert_eq!(lifted.status, StatusCode::SEE_OTHER, "{}", lifted.words());
    let after = house.get("reader", &house.at("story")).await?;
    assert!(!after.words().contains("nothing is erased"));
    assert_eq!(
        house.get("manager", &to).await?.status,
        StatusCode::NOT_FOUND
    );
    Ok(())
}

#[tokio::test]
async fn before_anything_is_proposed_the_page_says_what_the_case_would_look_like()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let entry = mistaken(&house).await?;
    let page = house.at(&format!("erasure/propose/entry-{entry}"));
    let shown = house.get("manager", &page).await?.words();
    assert!(shown.contains("There would be no finding on"), "{shown}");
    assert!(shown.contains("Missing for a decision"));
    assert!(shown.contains("28 days"));
    let bare = house.save("manager", &page, &[("why", "A reason")]).await?;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        bare.words()
            .contains("Choose the rule under which it is erased")
    );
    assert_eq!(bare.value("why"), "A reason");
    for what in ["entry-999", "file-none", "nothing"] {
        let page = house.at(&format!("erasure/propose/{what}"));
        assert_eq!(
            house.get("manager", &page).await?.status,
            StatusCode::NOT_FOUND
        );
    }
    let whole = house
        .get("manager", &house.at("erasure/propose/case"))
        .await?;
    assert!(whole.words().contains("The case leaves every list"));
    Ok(())
}

#[tokio::test]
async fn a_second_person_approves_with_their_password_and_whoever_proposed_it_cannot()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let entry = mistaken(&house).await?;
    let page = proposed(&house, &format!("entry-{entry}")).await?;
    for who in ["manager", "deputy", "reader"] {
        assert_eq!(
            house.get(who, &page).await?.status,
            StatusCode::FORBIDDEN,
            "{who}"
        );
    }
    assert_eq!(
        house.get("stranger", &page).await?.status,
        StatusCode::NOT_FOUND
    );
    let asked = house.get("delegate", "/").await?;
    assert!(asked.words().contains("Read what is proposed to be erased"));
    let asked = house.get("manager", "/").await?;
    assert!(!asked.words().contains("Read what is proposed to be erased"));
    let wrong = approve(&house, "delegate", &page, "not it").await?;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("password-error"), "{}", wrong.words());
    assert!(!wrong.text.contains("not it"), "no password is shown again");
    let done = approve(&house, "delegate", &page, PASSWORD).await?;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words());
    let shown = house.get("delegate", &house.at("erasure")).await?.words();
    assert!(shown.contains("Approved. It is carried out when the waiting time is over."));
    assert!(shown.contains("It is carried out soon after"), "{shown}");
    let story = house.get("reader", &house.at("story")).await?.words();
    assert!(story.contains("Quillfeather"), "it waits");
    let withdraw = page.replace("/approve", "/withdraw");
    let saved = house
        .save("delegate", &withdraw, &[("why", "It is needed")])
        .await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.words());
    assert_eq!(
        house.get("delegate", &page).await?.status,
        StatusCode::NOT_FOUND
    );
    assert!(
        !house
            .get("delegate", "/")
            .await?
            .words()
            .contains("Read what is proposed")
    );
    Ok(())
}

#[tokio::test]
async fn what_was_erased_is_on_no_page_and_a_line_stands_in_its_place() -> Result<(), Wrong> {
    let house = House::new().await?;
    let entry = mistaken(&house).await?;
    let hide = Mark {
        entry,
        why: "Another family".into(),
        correction: None,
        hidden: true,
        visible_to: vec![house.actor("manager")?.person.id],
    };
    house
        .act(vec![Command::Closing(Closing::EntryMarked(hide))])
        .await?;
    let page = proposed(&house, &format!("entry-{entry}")).await?;
    let shown = house.get("chair", &page).await?;
    assert!(
        shown
            .words()
            .contains("It is erased as soon as you approve it")
    );
    assert!(
        !shown.words().contains("Quillfeather"),
        "it is hidden from the chair"
    );
    let done = approve(&house, "chair", &page, PASSWORD).await?;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words());
    let story = house.get("reader", &house.at("story")).await?.words();
    assert!(story.contains("content erased on"), "{story}");
    assert!(story.contains("rule: Data of another family, entered by mistake"));
    let today = house.desk.today();
    for path in [
        "",
        "story",
        "consideration",
        "consideration/improvements",
        "erasure",
        &format!("story/{entry}"),
        &format!(
            "past?day-day={}&day-month={}&day-year={}",
            today.day(),
            today.month(),
            today.year()
        ),
    ] {
        let shown = house
            .get("manager", house.at(path).trim_end_matches('/'))
            .await?;
        assert_eq!(shown.status, StatusCode::OK, "{path}");
        assert!(!shown.text.contains("Quillfeather"), "{path}");
        if path.starts_with("story") || path.starts_with("past") {
            assert!(shown.words().contains("rule: Data of another"), "{path}");
        }
    }
    let list = house.get("manager", "/erasures").await?;
    assert!(
        list.words().contains("the content of entry"),
        "{}",
        list.words()
    );
    for who in ["delegate", "chair", "reader"] {
        assert_eq!(
            house.get(who, "/erasures").await?.status,
            StatusCode::FORBIDDEN,
            "{who}"
        );
    }
    for format in ["pdf", "docx"] {
        let to = list
            .text
            .split("href=\"")
            .filter_map(|part| part.split('"').next())
            .find(|to| to.starts_with("/erasures/") && to.ends_with(format))
            .ok_or("no certificate")?;
        let paper = house.get("manager", to).await?;
        assert_eq!(paper.status, StatusCode::OK);
        assert!(!paper.text.contains("Quillfeather"));
        assert_ne!(house.get("reader", to).await?.status, StatusCode::OK);
    }
    Ok(())
}

#[tokio::test]
async fn a_case_that_was_erased_is_one_line_for_managers_and_not_there_for_anyone_else()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let reference = house.read().await?.reference().to_owned();
    let page = proposed(&house, "case").await?;
    let proposal = page.split('/').nth(4).unwrap_or_default().to_owned();
    let approve = cases::erasure::Command::Approve {
        proposal: proposal.clone(),
        wait_days: 0,
    };
    house
        .desk
        .act(
            &house.actor("chair")?,
            &house.case,
            None,
            true,
            vec![Command::Erasure(approve)],
        )
        .await?;
    house.desk.erase_now(&house.case, &proposal).await?;
    for who in [
        "manager", "deputy", "delegate", "chair", "reader", "stranger",
    ] {
        for path in ["story", "erasure", "people"] {
            let shown = house.get(who, &house.at(path)).await?;
            assert_eq!(shown.status, StatusCode::NOT_FOUND, "{who} {path}");
        }
        let known = ["manager", "deputy", "stranger"].contains(&who);
        let list = house.get(who, "/").await?;
        assert_eq!(list.words().contains(&reference), known, "{who}");
        assert!(!list.words().contains("Child B"), "{who}");
        let by_reference = house.get(who, &format!("/r/{reference}")).await?;
        if known {
            assert!(
                by_reference
                    .words()
                    .contains(&format!("{reference} was erased"))
            );
        } else {
            assert_eq!(by_reference.status, StatusCode::NOT_FOUND, "{who}");
        }
    }
    Ok(())
}
