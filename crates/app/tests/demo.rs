//! The invented cases of the demo are real entries of a real record, and between them show every stage and outcome.

#[path = "../../desk/tests/shared/signed_in.rs"]
mod signed_in;

#[path = "../src/demo/mod.rs"]
#[expect(
    unused_imports,
    reason = "the command line uses more of it than these tests"
)]
mod demo;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use cases::definition::Outcome;
use cases::family::{ContactKind, Views};
use cases::{Case, ClockState, Event};
use desk::{Clock, Desk, DeskError};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 23);

fn other(error: impl std::fmt::Display) -> DeskError {
    DeskError::Other(error.to_string())
}

async fn open(dir: &Path, today: Date) -> Result<(Desk, desk::Actor), DeskError> {
    let evening = today
        .at(20, 0, 0, 0)
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_err(other)?;
    let desk = Desk::open(dir, Clock::standing_at(evening.timestamp())).await?;
    let manager = desk
        .person_by_email("morwenna.tallis@merrowshire.example")
        .ok_or(DeskError::NotThere)?;
    let actor = desk.actor(&manager);
    Ok((desk, actor))
}

/// The state of every person's views, the parts of children and the states of clocks that a case shows.
fn shown(case: &Case, seen: &mut BTreeSet<&'static str>) {
    for part in case.family.people.values() {
        seen.insert(part.views.as_ref().map_or("not yet asked", Views::words));
        if part.appropriate.as_ref().is_some_and(|a| !a.appropriate) {
            seen.insert("informing not appropriate");
        }
        if !part.letters.is_empty() {
            seen.insert("a letter released");
        }
        if !part.open_promises().is_empty() {
            seen.insert("a promise open");
        }
        if !part.kept.is_empty() {
            seen.insert("a promise kept");
        }
        if part
            .contacts
            .iter()
            .any(|c| c.kind == ContactKind::ToldOfDecision && !c.on_behalf.is_empty())
        {
            seen.insert("told on behalf of the chair");
        }
    }
    let round = case.decision.complete().unwrap_or(&case.decision.current);
    for signed in &round.signatures {
        if signed.set_aside {
            seen.insert("a signature set aside");
        }
        if !signed.missing.is_empty() {
            seen.insert("recorded afterwards, with what was missing");
        }
        if signed.signature.view == cases::decision::View::Dissents {
            seen.insert("a dissent");
        }
    }
    if round.resolved.is_some() {
        seen.insert("a disagreement resolved");
    }
    if !round.slips.is_empty() {
        seen.insert("a slip corrected");
    }
    if case
        .decision
        .current
        .views
        .values()
        .any(|(v, _, _)| v.provisional)
        && case.decision.current.completed.is_none()
    {
        seen.insert("a provisional view");
    }
    if !case.incident.earlier_awareness.is_empty() {
        seen.insert("awareness corrected");
    }
    if !case.people.earlier_pseudonyms.is_empty() {
        seen.insert("a pseudonym changed");
    }
    if case.closing.marks.values().any(|m| m.hidden) {
        seen.insert("an entry in error, hidden");
    }
    if !case.closing.late.is_empty() {
        seen.insert("a late reason");
    }
    if !case.members.barred.is_empty() {
        seen.insert("a person barred");
    }
    for interest in &case.interests.list {
        match interest.holds().map(|a| a.answer.outcome) {
            Some(cases::interests::Outcome::TakesPart) => {
                seen.insert("an interest stated");
            }
            Some(cases::interests::Outcome::StepsBack) => {
                let seat = interest.declared.seat.clone();
                let place = seat.and_then(|s| round.in_place_of(&s, &case.interests));
                if place.is_some() && round.completed.is_some() {
                    seen.insert("a deputy who signed for someone who stepped back");
                }
            }
            _ => {}
        }
    }
    if case
        .consideration
        .elements
        .values()
        .any(|c| !c.finding.agreed)
    {
        seen.insert("a finding not agreed");
    }
    if case
        .people
        .children
        .iter()
        .any(|c| c.parts.len() == 2 && c.parts.contains(&cases::people::Part::MayHaveCausedHarm))
    {
        seen.insert("a subject who may have caused harm");
    }
    let planned = case.story.iter().filter_map(|r| match &r.event {
        Event::RapidReview(cases::rapid_review::Event::MeetingRecorded(m)) if m.planned => {
            Some(m.on)
        }
        _ => None,
    });
    if planned.collect::<BTreeSet<Date>>().len() > 1 {
        seen.insert("a meeting moved");
    }
}

const UNTIDY: [&str; 29] = [
    "an interest stated",
    "a deputy who signed for someone who stepped back",
    "not yet asked",
    "asked, waiting for an answer",
    "given",
    "declined",
    "could not be reached",
    "decided not to ask",
    "informing not appropriate",
    "a letter released",
    "a promise open",
    "a promise kept",
    "told on behalf of the chair",
    "a signature set aside",
    "recorded afterwards, with what was missing",
    "a dissent",
    "a disagreement resolved",
    "a slip corrected",
    "a provisional view",
    "awareness corrected",
    "a pseudonym changed",
    "an entry in error, hidden",
    "a late reason",
    "a person barred",
    "a finding not agreed",
    "a subject who may have caused harm",
    "a meeting moved",
    "an assumed clock",
    "a clock that was late and is done",
];

const STAGES: [&str; 12] = [
    "Incident",
    "Definition",
    "Notification",
    "Rapid review",
    "Consideration",
    "Decision",
    "No agreed decision",
    "Review under way",
    "Decided, no review",
    "Reconsideration",
    "Published",
    "Closed",
];

#[tokio::test]
async fn the_demo_reaches_every_stage_and_every_outcome_and_its_record_verifies()
-> Result<(), DeskError> {
    let dir = tempfile::tempdir().map_err(other)?;
    let start = Instant::now();
    let hints = demo::create(dir.path(), TODAY).await?;
    let took = start.elapsed();
    println!("the demo took {took:?}");
    assert!(took < Duration::from_secs(20), "{took:?}");

    let (desk, manager) = open(dir.path(), TODAY).await?;
    assert!(desk.verify().await?.entries > 600);
    let lines = desk.cases(&manager, "");
    assert_eq!(lines.len(), 17);
    let (mut outcomes, mut stages, mut seen, mut long) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), 0);
    for line in &lines {
        let view = desk
            .view_whole(&manager, &line.id, access::Act::ReadCase, "the case")
            .await?;
        println!(
            "{} {:<70} {:<20} {} entries; {:?}",
            line.reference,
            line.about,
            line.stage,
            view.case.version(),
            line.next
        );
        stages.insert(line.stage.clone());
        outcomes.insert(
            match view.case.definition.case_outcome(&view.case, &view.rules) {
                Outcome::Met => "met",
                Outcome::NotMet => "not met",
                Outcome::NotYetKnown => "not yet known",
            },
        );
        shown(&view.case, &mut seen);
        for clock in desk.clocks(&view).iter() {
            if clock.assumed {
                seen.insert("an assumed clock");
            }
            if clock.state == ClockState::DoneLate {
                seen.insert("a clock that was late and is done");
            }
        }
        long += usize::from(view.case.version() >= 50);
    }
    assert!(long >= 6, "only {long} cases are long");
    assert_eq!(
        outcomes,
        BTreeSet::from(["met", "not met", "not yet known"])
    );
    assert_eq!(stages, BTreeSet::from(STAGES.map(str::to_owned)));
    let missing: Vec<&str> = UNTIDY.into_iter().filter(|u| !seen.contains(u)).collect();
    assert!(missing.is_empty(), "no case of the demo shows: {missing:?}");

    let mut parts = BTreeSet::new();
    for hint in &hints {
        assert!(hint.email.ends_with("@merrowshire.example"), "{hint:?}");
        assert_eq!(
            signed_in::sign_in(&desk, &hint.email, &hint.password)
                .await?
                .person
                .name,
            hint.name
        );
        parts.insert(hint.part.clone());
    }
    assert_eq!(parts.len(), 15, "{parts:?}");
    desk.close().await;
    Ok(())
}

#[tokio::test]
async fn nothing_in_the_demo_lies_in_the_future_and_the_record_runs_forwards()
-> Result<(), DeskError> {
    let dir = tempfile::tempdir().map_err(other)?;
    demo::create(dir.path(), TODAY).await?;
    let (desk, manager) = open(dir.path(), TODAY).await?;
    for line in desk.cases(&manager, "") {
        let view = desk
            .view_whole(&manager, &line.id, access::Act::ReadCase, "the case")
            .await?;
        let mut before = None;
        for recorded in &view.case.story {
            assert!(
                desk.clock().day_of(recorded.at) < TODAY,
                "{} entry {} is not in the past",
                line.reference,
                recorded.number
            );
            assert!(
                before.is_none_or(|b| b <= recorded.at),
                "{} entry {} runs backwards",
                line.reference,
                recorded.number
            );
            before = Some(recorded.at);
            let hour = desk.clock().local(recorded.at).hour();
            assert!(
                (7..=19).contains(&hour),
                "{} entry {} was made at night",
                line.reference,
                recorded.number
            );
        }
        for part in view.case.family.people.values() {
            assert!(
                part.contacts.iter().all(|c| c.on < TODAY),
                "{}",
                line.reference
            );
        }
    }
    desk.close().await;
    Ok(())
}

#[tokio::test]
async fn old_references_and_the_duplicate_still_lead_to_a_case() -> Result<(), DeskError> {
    let dir = tempfile::tempdir().map_err(other)?;
    demo::create(dir.path(), TODAY).await?;
    let (desk, manager) = open(dir.path(), TODAY).await?;
    assert!(desk.find_reference("MSCP/PR/07").is_some());
    let mut duplicates = Vec::new();
    for line in desk.cases(&manager, "") {
        let case = desk
            .view_whole(&manager, &line.id, access::Act::ReadCase, "the case")
            .await?
            .case;
        if let Some(closed) = case.closing.closed.as_ref().filter(|c| !c.other.is_empty()) {
            duplicates.push((line.reference.clone(), closed.other.clone()));
        }
    }
    assert_eq!(duplicates.len(), 1);
    for (here, there) in duplicates {
        assert_ne!(desk.find_reference(&here), desk.find_reference(&there));
        assert!(desk.find_reference(&here).is_some() && desk.find_reference(&there).is_some());
    }
    desk.close().await;
    Ok(())
}

#[tokio::test]
async fn the_demo_can_be_made_on_a_holiday_and_on_either_side_of_a_new_year()
-> Result<(), DeskError> {
    for today in [
        date(2026, 12, 27),
        date(2027, 1, 4),
        date(2027, 3, 29),
        date(2027, 8, 15),
    ] {
        let dir = tempfile::tempdir().map_err(other)?;
        demo::create(dir.path(), today).await?;
        let (desk, manager) = open(dir.path(), today).await?;
        let stages: BTreeSet<String> = desk
            .cases(&manager, "")
            .into_iter()
            .map(|l| l.stage)
            .collect();
        assert_eq!(stages, BTreeSet::from(STAGES.map(str::to_owned)), "{today}");
        desk.close().await;
    }
    Ok(())
}

#[tokio::test]
async fn the_demo_is_refused_beyond_the_published_bank_holidays() -> Result<(), DeskError> {
    let dir = tempfile::tempdir().map_err(other)?;
    let refused = demo::create(dir.path(), date(2028, 12, 1)).await;
    assert!(
        matches!(&refused, Err(DeskError::Other(why)) if why.contains("not yet published")),
        "{refused:?}"
    );
    Ok(())
}

#[tokio::test]
async fn no_word_of_the_demo_calls_a_child_a_perpetrator_or_names_one_by_an_initial()
-> Result<(), DeskError> {
    let dir = tempfile::tempdir().map_err(other)?;
    demo::create(dir.path(), TODAY).await?;
    let (desk, manager) = open(dir.path(), TODAY).await?;
    for line in desk.cases(&manager, "") {
        let case = desk
            .view_whole(&manager, &line.id, access::Act::ReadCase, "the case")
            .await?
            .case;
        for child in &case.people.children {
            cases::people::check_pseudonym(&case.people, Some(child), &child.id, &child.pseudonym)?;
        }
        for recorded in case
            .story
            .iter()
            .filter(|r| !matches!(r.event, Event::Members(_)))
        {
            let text = serde_json::to_string(&recorded.event)
                .map_err(other)?
                .to_lowercase();
            for word in ["perpetrator", "not required", "consent is not", "lorem"] {
                assert!(
                    !text.contains(word),
                    "{} entry {}: {word}",
                    line.reference,
                    recorded.number
                );
            }
        }
    }
    desk.close().await;
    Ok(())
}
