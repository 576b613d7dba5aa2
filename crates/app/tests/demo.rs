//! The invented cases of the demo are real entries of a real record, and between them show every stage and outcome.

#[path = "../src/demo/mod.rs"]
mod demo;

use std::collections::BTreeSet;
use std::time::Instant;

use cases::definition::Outcome;
use desk::{Clock, Desk, DeskError};
use jiff::civil::date;

const TODAY: jiff::civil::Date = date(2026, 11, 23);

async fn open(dir: &std::path::Path) -> Result<(Desk, desk::Actor), DeskError> {
    let evening = TODAY
        .at(20, 0, 0, 0)
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_err(|e| DeskError::Other(e.to_string()))?;
    let desk = Desk::open(dir, Clock::standing_at(evening.timestamp())).await?;
    let manager = desk
        .person_by_email("morwenna.tallis@merrowshire.example")
        .ok_or(DeskError::NotThere)?;
    let actor = desk.actor(&manager);
    Ok((desk, actor))
}

#[tokio::test]
async fn the_demo_reaches_every_stage_and_every_outcome_and_its_record_verifies()
-> Result<(), DeskError> {
    let dir = tempfile::tempdir().map_err(|e| DeskError::Other(e.to_string()))?;
    let start = Instant::now();
    let hints = demo::create(dir.path(), TODAY).await?;
    let took = start.elapsed();
    println!("the demo took {took:?}");
    assert_eq!(hints.len(), 13);
    let (desk, manager) = open(dir.path()).await?;
    let verified = desk.verify().await?;
    println!("{verified:?}");

    let lines = desk.cases(&manager, "");
    let mut outcomes = BTreeSet::new();
    let mut stages = BTreeSet::new();
    for line in &lines {
        let view = desk.view(&manager, &line.id, "the case").await?;
        println!(
            "{} {:<24} {:<20} {} entries; {:?}",
            line.reference,
            line.about,
            line.stage,
            view.case.version(),
            line.next
        );
        stages.insert(line.stage);
        outcomes.insert(
            match view.case.definition.case_outcome(&view.case, &view.rules) {
                Outcome::Met => "met",
                Outcome::NotMet => "not met",
                Outcome::NotYetKnown => "not yet known",
            },
        );
    }
    assert_eq!(outcomes.len(), 3, "{outcomes:?}");
    println!("{stages:?}");
    desk.close().await;
    Ok(())
}
