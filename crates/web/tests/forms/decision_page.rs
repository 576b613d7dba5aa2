//! The page of the decision: what is needed first stands first; a signature on paper is entered and shown as one; a document of the case as evidence.

use axum::http::StatusCode;
use cases::Command;
use cases::decision::{Command as Decide, Proposal};
use cases::documents::Document;

use crate::Wrong;
use crate::house::House;

async fn written(house: &House) -> Result<(), Wrong> {
    let text = Decide::WriteText(Proposal {
        conduct: Some(true),
        reasons: "The meeting thought so.".into(),
        ..Proposal::default()
    });
    house.act(vec![Command::Decision(text)]).await
}

/// Adds a document as the manager does; gives its file.
async fn document(house: &House, title: &str) -> Result<String, Wrong> {
    let manager = house.actor("manager")?;
    let mut arriving = house
        .desk
        .begin_file(&manager, &house.case, "scan.pdf")
        .await?;
    arriving.write(b"%PDF-1.7\n% invented\n").await?;
    let arrived = arriving.finish().await?;
    let said = Document {
        title: title.into(),
        source: "Tilbrook Hospital".into(),
        ..Document::default()
    };
    let acted = house
        .desk
        .add_document(&manager, &house.case, said, arrived)
        .await?;
    let filed = acted.case.documents.list.last().ok_or("no document")?;
    Ok(filed.document.id.clone())
}

#[tokio::test]
async fn where_it_stands_and_what_is_missing_stand_before_the_text_and_the_matrices()
-> Result<(), Wrong> {
    let house = House::new().await?;
    written(&house).await?;
    let page = house.get("manager", &house.at("decision")).await?;
    let at = |words: &str| {
        page.text
            .find(words)
            .ok_or(format!("`{words}` is not there"))
    };
    let order = [
        at("The text is written. Nobody has signed.")?,
        at("Change the text")?,
        at("Before anyone can sign")?,
        at("On this page")?,
        at("id=\"partners\"")?,
        at("id=\"text\"")?,
        at("id=\"weighed\"")?,
        at("c-matrix")?,
        at("id=\"more\"")?,
    ];
    assert!(order.is_sorted(), "{order:?}");
    for part in ["partners", "text", "weighed", "more"] {
        assert!(page.text.contains(&format!("href=\"#{part}\"")), "{part}");
    }
    // Whoever only reads is offered nothing to do.
    let reader = house.get("reader", &house.at("decision")).await?;
    assert!(!reader.text.contains("Change the text"));
    Ok(())
}

#[tokio::test]
async fn a_signature_on_paper_is_entered_by_the_manager_and_shown_as_on_paper_with_the_original()
-> Result<(), Wrong> {
    let house = House::new().await?;
    written(&house).await?;
    let page = house.at("decision/signed/police/police");
    let refused = house.save("manager", &page, &[]).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = refused.words();
    assert!(words.contains("Enter who signed the paper, by name and office"));
    assert!(words.contains("Enter the day it was signed, like 27 3 2026"));
    let typed = [
        ("view", "agrees"),
        ("person", "Sgt Ivo Larkfield, delegate"),
        ("given-on-day", "1"),
        ("given-on-month", "6"),
        ("given-on-year", "2026"),
        ("kept", "the signed paper, civic offices, folder 12"),
    ];
    let saved = house.save("manager", &page, &typed).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.words());
    let shown = house.get("reader", &house.at("decision")).await?.words();
    assert!(
        shown.contains("On paper, by Sgt Ivo Larkfield, delegate on Monday 1 June 2026. Entered by manager, Business manager"),
        "{shown}"
    );
    assert!(shown.contains("The original: the signed paper, civic offices, folder 12"));
    for who in ["reader", "delegate", "chair"] {
        let no = house.get(who, &page).await?;
        assert_eq!(no.status, StatusCode::FORBIDDEN, "{who}");
    }
    Ok(())
}

#[tokio::test]
async fn a_document_of_the_case_is_chosen_as_evidence_and_leads_to_its_line_for_those_who_may_open_it()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let page = house.at("decision/text");
    let before = house.get("manager", &page).await?;
    assert!(
        !before.text.contains("A document of this case"),
        "nothing can be chosen while there is none"
    );
    let file = document(&house, "Discharge summary").await?;
    let typed = [
        ("conduct", "yes"),
        ("reasons", "The meeting thought so."),
        ("evidence-0-kind", "filed"),
        ("evidence-0-file", file.as_str()),
    ];
    let saved = house.save("manager", &page, &typed).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.words());
    let again = house.get("manager", &page).await?;
    assert_eq!(again.value("evidence-0-kind"), "filed");
    assert_eq!(again.value("evidence-0-file"), file);
    let link = format!("/documents#document-{file}");
    let delegate = house.get("delegate", &house.at("decision")).await?;
    assert!(delegate.text.contains(&link) && delegate.words().contains("From Tilbrook Hospital"));
    let list = house.get("delegate", &house.at("documents")).await?;
    assert!(list.text.contains(&format!("id=\"document-{file}\"")));
    let reader = house.get("reader", &house.at("decision")).await?;
    assert!(reader.words().contains("Discharge summary"));
    assert!(!reader.text.contains(&link), "a reader is led nowhere");
    // A document that is not there is no evidence.
    let wrong = [("evidence-0-kind", "filed"), ("evidence-0-file", "another")];
    let refused = house.save("manager", &page, &wrong).await?;
    assert!(refused.text.contains("href=\"#evidence-0-file\""));
    // The page says what names it before it goes.
    let entry = house.read().await?.documents.list[0].entry;
    let mark = house
        .get("manager", &house.at(&format!("story/{entry}/mark")))
        .await?
        .words();
    assert!(mark.contains("Evidence of the decision"), "{mark}");
    Ok(())
}

#[tokio::test]
async fn whoever_only_reads_sees_the_list_of_documents_and_cannot_open_one() -> Result<(), Wrong> {
    let house = House::new().await?;
    let file = document(&house, "Discharge summary").await?;
    let address = house.at(&format!("documents/files/{file}"));
    let list = house.get("reader", &house.at("documents")).await?;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.words().contains("Discharge summary"));
    assert!(
        list.words()
            .contains("your part in this case does not include opening them")
    );
    assert!(!list.text.contains(&address), "no link to the file");
    let refused = house.get("reader", &address).await?;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!refused.text.contains("%PDF"));
    let opened = house.get("delegate", &address).await?;
    assert_eq!(opened.status, StatusCode::OK);
    assert!(opened.text.starts_with("%PDF"));
    assert_eq!(
        house.get("stranger", &address).await?.status,
        StatusCode::NOT_FOUND
    );
    Ok(())
}

#[tokio::test]
async fn a_past_day_shows_who_was_recorded_and_how_they_were_related() -> Result<(), Wrong> {
    let house = House::new().await?;
    let today = house.desk.today();
    let page = house.at(&format!(
        "past?day-day={}&day-month={}&day-year={}",
        today.day(),
        today.month(),
        today.year()
    ));
    let words = house.get("reader", &page).await?.words();
    let people = words.split("People then").nth(1).ok_or("no people")?;
    assert!(people.contains("Child B") && people.contains("How they were related"));
    assert!(people.contains("mother: aunt, Child B"), "{people}");
    assert!(!words.contains("Oakenshaw"), "no name is shown");
    Ok(())
}

#[tokio::test]
async fn whoever_reads_the_notification_is_told_once_what_stands_beside_it() -> Result<(), Wrong> {
    let house = House::new().await?;
    for who in ["reader", "manager"] {
        let page = house.get(who, &house.at("notification")).await?;
        assert_eq!(page.count("Nothing is recorded as sent."), 1, "{who}");
    }
    Ok(())
}
