//! Before an entry is marked as made in error, the page says what rests on it and what becomes of each.

use axum::http::StatusCode;
use cases::consideration::{Command as Consider, Finding};
use cases::decision::{Command as Decide, Given, Proposal, Signature, View};
use cases::incident::{Awareness, Command as Incident};
use cases::{Case, Command, ConsideredBy, Event};

use crate::Wrong;
use crate::house::{House, seats};

/// The number of the newest entry of a kind.
fn newest(case: &Case, kind: &str) -> Result<u64, Wrong> {
    let found = case.story.iter().rev().find(|r| r.event.kind() == kind);
    Ok(found.ok_or_else(|| format!("no {kind}"))?.number)
}

async fn whole(house: &House) -> Result<std::sync::Arc<Case>, Wrong> {
    let manager = house.actor("manager")?;
    Ok(house
        .desk
        .view_whole(&manager, &house.case, access::Act::ReadCase, "a test")
        .await?
        .case)
}

fn aware(day: &str) -> Result<Command, Wrong> {
    Ok(Command::Incident(Incident::RecordAwareness(Awareness {
        who: "The out-of-hours team".into(),
        on: Some(day.parse()?),
        time: String::new(),
        how: String::new(),
        why_corrected: "The note was found.".into(),
    })))
}

fn considered(house_rules: &guidance::Rules) -> Command {
    let element = &house_rules.criteria[0];
    Command::Consideration(Consider::Consider(Finding {
        element: element.id.to_string(),
        finding: element.findings[0].id.clone(),
        reasons: "Three services held a part of it each.".into(),
        evidence: Vec::new(),
        considered_by: ConsideredBy {
            meeting: "The rapid review meeting".into(),
            partners: vec!["police".into()],
            ..ConsideredBy::default()
        },
        partners: Vec::new(),
        agreed: true,
        missing: String::new(),
        why_without: String::new(),
        look_again: None,
    }))
}

fn signed() -> Result<Command, Wrong> {
    Ok(Command::Decision(Decide::Sign(Signature {
        seat: seats()[2].clone(),
        view: View::Agrees,
        note: String::new(),
        given: Given::Otherwise {
            way: "paper".into(),
            person: "The delegate".into(),
            on: "2026-05-30".parse()?,
            kept: String::new(),
        },
        authority: None,
        text: String::new(),
        passkey: None,
    })))
}

#[tokio::test]
async fn a_clock_computed_from_the_entry_is_listed_with_the_day_it_would_have_then()
-> Result<(), Wrong> {
    let house = House::new().await?;
    house.act(vec![aware("2026-06-01")?]).await?;
    house.act(vec![aware("2026-06-08")?]).await?;
    let entry = newest(whole(&house).await?.as_ref(), "incident.awareness-recorded")?;
    let page = house
        .get("manager", &house.at(&format!("story/{entry}/mark")))
        .await?;
    assert_eq!(page.status, StatusCode::OK);
    let words = page.words();
    assert!(words.contains("What rests on this entry"));
    assert!(words.contains("Clock: "), "{words}");
    assert!(
        words.contains(
            "It is worked out again: due on Monday 8 June 2026 instead of Monday 15 June 2026."
        ),
        "{words}"
    );
    Ok(())
}

#[tokio::test]
async fn a_finding_and_the_signature_given_for_the_text_with_it_are_listed_and_become_what_was_said()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let manager = house.actor("manager")?;
    let rules = house
        .desk
        .view(&manager, &house.case, access::Act::ReadCase, "a test")
        .await?
        .rules;
    let text = Decide::WriteText(Proposal {
        conduct: Some(true),
        reasons: "The meeting thought so.".into(),
        ..Proposal::default()
    });
    house
        .act(vec![considered(&rules), Command::Decision(text), signed()?])
        .await?;
    let entry = newest(
        whole(&house).await?.as_ref(),
        "consideration.element-considered",
    )?;
    let page = house.at(&format!("story/{entry}/mark"));
    let words = house.get("manager", &page).await?.words();
    let label = format!("Finding: {}", rules.criteria[0].label);
    assert!(words.contains(&label), "{words}");
    assert!(words.contains("It is no longer considered. Consider it again."));
    assert!(
        words.contains("The signature of Formshire Police"),
        "{words}"
    );
    assert!(words.contains("It is set aside and kept"));
    // It happens as it was said.
    let saved = house
        .save("manager", &page, &[("why", "Written on the wrong case.")])
        .await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.words());
    let case = house.read().await?;
    assert!(
        case.consideration
            .of(rules.criteria[0].id.as_str())
            .is_none()
    );
    assert!(case.decision.current.signatures[0].set_aside);
    Ok(())
}

#[tokio::test]
async fn an_entry_on_which_nothing_rests_is_said_to_be_one() -> Result<(), Wrong> {
    let house = House::new().await?;
    let agency = cases::agencies::Agency {
        name: "Tilbrook Family Centre".into(),
        ..cases::agencies::Agency::default()
    };
    house
        .act(vec![Command::Agencies(
            cases::agencies::Command::RecordAgency(agency),
        )])
        .await?;
    let entry = newest(whole(&house).await?.as_ref(), "agencies.agency-recorded")?;
    let words = house
        .get("manager", &house.at(&format!("story/{entry}/mark")))
        .await?
        .words();
    assert!(
        words.contains("No clock, finding, decision, letter or other entry rests on it."),
        "{words}"
    );
    Ok(())
}

#[tokio::test]
async fn the_relationships_that_name_a_person_are_listed_when_the_person_goes() -> Result<(), Wrong>
{
    let house = House::new().await?;
    let case = whole(&house).await?;
    let entry = case
        .story
        .iter()
        .find(|r| {
            matches!(
                r.event,
                Event::People(cases::people::Event::AdultRecorded(_))
            )
        })
        .ok_or("no adult")?
        .number;
    let words = house
        .get("manager", &house.at(&format!("story/{entry}/mark")))
        .await?
        .words();
    assert!(
        words.contains("They are no longer among the people of the case."),
        "{words}"
    );
    assert!(words.contains("Relationships of mother: 1"), "{words}");
    Ok(())
}
