//! The text suggested for a letter follows the reader who is chosen, until someone has changed it; then it is offered, never put.

use axum::http::StatusCode;
use cases::decision::{Command as Decide, Given, Proposal, Signature, View};
use cases::family::{Command as Family, LetterKind, SafetyCheck};
use cases::{Case, Command};

use crate::Wrong;
use crate::house::{House, seats};

/// A house in which a review was decided on, and it was asked what is safe for the mother.
async fn decided() -> Result<(House, String), Wrong> {
    let house = House::new().await?;
    let text = Decide::WriteText(Proposal {
        conduct: Some(true),
        reasons: "The meeting thought so.".into(),
        decided_on: Some("2026-05-30".parse()?),
        ..Proposal::default()
    });
    let day = "2026-05-30".parse()?;
    let signed = seats().map(|seat| {
        Decide::Sign(Signature {
            seat,
            view: View::Agrees,
            note: String::new(),
            given: Given::Otherwise {
                way: "paper".into(),
                person: "The delegate".into(),
                on: day,
                kept: String::new(),
            },
            authority: None,
            text: String::new(),
            passkey: None,
        })
    });
    let all = std::iter::once(text).chain(signed).map(Command::Decision);
    house.act(all.collect()).await?;
    let check = SafetyCheck {
        person: "mother".into(),
        address: "2 Larch Row, Tilbrook".into(),
        ..SafetyCheck::default()
    };
    house
        .act(vec![Command::Family(Family::CheckSafety(check))])
        .await?;
    let page = house.at("family/mother/letter");
    Ok((house, page))
}

async fn suggested(house: &House, kind: LetterKind) -> Result<String, Wrong> {
    let manager = house.actor("manager")?;
    let view = house
        .desk
        .view(&manager, &house.case, access::Act::ReadCase, "a test")
        .await?;
    Ok(house.desk.suggested_letter(&view, kind))
}

fn letters(case: &Case) -> usize {
    let part = case.family.people.get("mother");
    part.map_or(0, |part| part.letters.len())
}

const GREETED: [(&str, &str); 2] = [("salutation", "Dear Ms Oakenshaw"), ("read", "yes")];

#[tokio::test]
async fn a_suggested_text_nobody_changed_changes_with_the_reader_and_is_read_before_it_is_released()
-> Result<(), Wrong> {
    let (house, page) = decided().await?;
    let adult = suggested(&house, LetterKind::Adult).await?;
    let young = suggested(&house, LetterKind::OlderChild).await?;
    assert_ne!(adult, young);
    let shown = house.get("manager", &page).await?;
    assert_eq!(shown.value("text").trim(), adult.trim());
    let changed = [GREETED[0], GREETED[1], ("kind", "older-child")];
    let again = house.save("manager", &page, &changed).await?;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.words().contains("it is now the one suggested"));
    assert!(again.text.contains("href=\"#text\""));
    assert_eq!(again.value("text").trim(), young.trim());
    assert_eq!(again.value("kind"), "older-child");
    assert_eq!(again.value("salutation"), "Dear Ms Oakenshaw");
    assert_eq!(again.value("read"), "", "nobody has read this text yet");
    assert_eq!(letters(&*house.read().await?), 0);
    // The draft shows the same.
    let draft = house.get("manager", &page).await?;
    assert_eq!(draft.value("text").trim(), young.trim());
    Ok(())
}

#[tokio::test]
async fn a_text_someone_changed_stays_and_the_suggested_one_is_offered_below() -> Result<(), Wrong>
{
    let (house, page) = decided().await?;
    let young = suggested(&house, LetterKind::OlderChild).await?;
    let own = "We would like to talk to you.\n\nYou choose when.";
    let changed = [
        GREETED[0],
        GREETED[1],
        ("kind", "older-child"),
        ("text", own),
    ];
    let asked = house.save("manager", &page, &changed).await?;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(asked.value("text"), own, "it is not overwritten");
    assert!(asked.words().contains("You changed the text above"));
    let first = young.lines().next().ok_or("an empty suggestion")?;
    assert!(asked.words().contains(first), "it is offered");
    assert_eq!(asked.value("read"), "", "it is read again for this reader");
    // Read again and sent, it is released as it is.
    let form = asked.with(&[("read", "yes")]);
    let released = house.send("manager", &page, Some(form)).await?;
    assert_eq!(
        released.status,
        StatusCode::SEE_OTHER,
        "{}",
        released.words()
    );
    let case = house.read().await?;
    let letter = &case.family.people["mother"].letters[0];
    assert_eq!(letter.text, own);
    assert_eq!(letter.kind, LetterKind::OlderChild);
    Ok(())
}

#[tokio::test]
async fn the_offered_text_is_taken_only_when_that_is_chosen_and_is_then_read() -> Result<(), Wrong>
{
    let (house, page) = decided().await?;
    let young = suggested(&house, LetterKind::OlderChild).await?;
    let changed = [
        GREETED[0],
        GREETED[1],
        ("kind", "older-child"),
        ("text", "Our own words."),
    ];
    let asked = house.save("manager", &page, &changed).await?;
    let form = asked.with(&[("read", "yes"), ("take-suggested", "yes")]);
    let taken = house.send("manager", &page, Some(form)).await?;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(taken.value("text").trim(), young.trim());
    assert_eq!(taken.value("read"), "");
    assert_eq!(taken.value("take-suggested"), "");
    assert_eq!(letters(&*house.read().await?), 0);
    Ok(())
}

#[tokio::test]
async fn a_changed_text_for_the_same_reader_is_released_without_asking() -> Result<(), Wrong> {
    let (house, page) = decided().await?;
    let own = [GREETED[0], GREETED[1], ("text", "Our own words.")];
    let released = house.save("manager", &page, &own).await?;
    assert_eq!(
        released.status,
        StatusCode::SEE_OTHER,
        "{}",
        released.words()
    );
    assert_eq!(letters(&*house.read().await?), 1);
    Ok(())
}
