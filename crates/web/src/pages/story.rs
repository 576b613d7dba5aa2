//! The whole story of a case, and one entry in full; marking an entry as made in error.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use cases::Command;
use cases::closing::{Event, Mark};
use desk::{Acted, DeskError, StoryLine};
use maud::{Markup, html};
use serde::Deserialize;

use crate::form::{Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, At, CaseForm, PageError, SignedIn};

/// Which part of the story.
#[derive(Debug, Default, Deserialize)]
pub struct Only {
    #[serde(default)]
    part: String,
}

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    Query(only): Query<Only>,
) -> Result<Response, PageError> {
    let at = At::read_whole(who, here, access::Section::Course, "the whole story").await?;
    let lines = at.who.desk().story_of(at.who.actor(), &at.view);
    let stage_of = |number: u64| {
        at.case()
            .story
            .iter()
            .find(|r| r.number == number)
            .map_or("", |r| r.event.stage())
    };
    let parts: BTreeSet<&str> = lines.iter().map(|l| stage_of(l.line.number)).collect();
    let shown: Vec<&StoryLine> = lines
        .iter()
        .filter(|l| only.part.is_empty() || stage_of(l.line.number) == only.part)
        .collect();
    let body = html! {
        h1.govuk-heading-l { "The whole story" }
        p.govuk-body-l { "Every entry, newest first: who recorded it, when, and what changed. Nothing is ever overwritten." }
        div.govuk-grid-row {
            div class="govuk-grid-column-two-thirds" {
                p.govuk-body { (shown.len()) " of " (lines.len()) " entries." }
                ol.c-story { @for line in &shown { li { (one(&at, line)) } } }
            }
            div class="govuk-grid-column-one-third" {
                div.c-aside {
                    h2.govuk-heading-s { "Show" }
                    form method="get" action=(at.url("story")) {
                        div.govuk-form-group {
                            label.govuk-label for="part" { "Part of the case" }
                            select.govuk-select id="part" name="part" {
                                option value="" { "Everything" }
                                @for part in &parts { option value=(part) selected[*part == only.part] { (part_words(part)) } }
                            }
                        }
                        button class="govuk-button govuk-button--secondary" type="submit" { "Show these entries" }
                    }
                }
                ul.govuk-list {
                    li { a.govuk-link href=(at.url("past")) { "The case as it stood on a past day" } }
                    li { a.govuk-link href=(at.url("record")) { "The record of this case, and its checkpoint" } }
                    @if at.may(access::Act::SeeReaders) { li { a.govuk-link href=(at.url("readers")) { "Who has read this case" } } }
                    @if at.may(access::Act::ManageMembers) { li { a.govuk-link href=(at.url("members")) { "Who may see this case" } } }
                    li { a.govuk-link href=(at.url("interests")) { "Conflicts of interest" } }
                    @if at.may(access::Act::SeeOpenings) { li { a.govuk-link href=(at.url("openings")) { "Opened with a written reason" } } }
                    @if super::erasure::sees(&at) { li { a.govuk-link href=(at.url("erasure")) { "Legal holds and erasure" } } }
                    @if at.may(access::Act::ManageCase) { li { a.govuk-link href=(at.url("manage")) { "Link, split, close, re-open, export" } } }
                }
            }
        }
    };
    Ok(at
        .page("The whole story", "story", false, body)?
        .into_response())
}

/// The name of a part of the case as people read it.
fn part_words(stage: &str) -> String {
    match stage {
        "closing" => "The case as a whole".into(),
        "members" => "Who may see it".into(),
        "parallel" => "Parallel processes".into(),
        "family" => "Child and family".into(),
        "erasure" => "Legal holds and erasure".into(),
        "interests" => "Conflicts of interest".into(),
        "break-glass" => "Opened with a written reason".into(),
        "" => "Erased".into(),
        other => crate::page::case_form::sentence(&other.replace('-', " ")),
    }
}

/// One line of the story.
pub fn one(at: &At, line: &StoryLine) -> Markup {
    html! {
        p class=(if line.line.in_error.is_some() { "govuk-body govuk-!-margin-bottom-1 c-story__error" } else { "govuk-body govuk-!-margin-bottom-1" }) {
            span { b { (line.by.name) } " " (line.line.said) }
        }
        time datetime=(line.at.timestamp().to_string()) { (calendar::words::moment(&line.at)) @if !line.by.part.is_empty() { ", " (line.by.part) } ". Entry " (line.line.number) "." }
        @if let Some(i) = &line.imported { p.c-quiet { "Brought in from another record by " (i.by.name) ", " (calendar::words::moment(&at.who.desk().clock().local(i.at))) "." } }
        @for pasted in &line.pasted { p.c-quiet { (pasted) } }
        @if let Some(why) = &line.line.in_error { p.c-quiet { b { "Made in error. " } @if line.line.hidden { "Its content is hidden." } @else { (why) } } }
        @if !line.missing.is_empty() { p.c-quiet { b { "Recorded afterwards by " (line.by.name) ". " } "Missing then: " (line.missing.iter().map(|m| m.what.clone()).collect::<Vec<_>>().join("; ")) } }
        @if !line.line.details.is_empty() {
            details.govuk-details {
                summary.govuk-details__summary { span.govuk-details__summary-text { "What changed" span.govuk-visually-hidden { " in entry " (line.line.number) } } }
                div.govuk-details__text { dl { @for (name, text) in &line.line.details { dt { b { (name) } } dd { (text) } } } }
            }
        }
        p.govuk-body-s { a.govuk-link href=(at.url(&format!("story/{}", line.line.number))) { "Entry " (line.line.number) " in full" } @if line.can_mark { " or " a.govuk-link href=(at.url(&format!("story/{}/mark", line.line.number))) { "mark it as made in error" span.govuk-visually-hidden { ", entry " (line.line.number) } } } }
    }
}

/// One entry in full.
pub async fn entry(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read_whole(who, here, access::Section::Course, "one entry").await?;
    let number: u64 = at.param("entry").parse().map_err(|_| DeskError::NotThere)?;
    let lines = at.who.desk().story_of(at.who.actor(), &at.view);
    let line = lines
        .iter()
        .find(|l| l.line.number == number)
        .ok_or(DeskError::NotThere)?;
    // An entry whose content was erased has its line and nothing else.
    let recorded = at.case().story.iter().find(|r| r.number == number);
    let signed_text = match recorded.map(|r| &r.event) {
        Some(cases::Event::Decision(cases::decision::Event::Signed(s))) if !line.line.hidden => {
            Some(s.text.clone())
        }
        _ => None,
    };
    let letter = match recorded.map(|r| &r.event) {
        Some(cases::Event::Family(cases::family::Event::LetterReleased(l)))
            if !line.line.hidden =>
        {
            Some(l.text.clone())
        }
        _ => None,
    };
    let erasable = at.may(access::Act::ProposeErasure)
        && recorded.is_some_and(|r| cases::erasure::can_be_erased(&r.event, at.case()));
    let body = html! {
        (govuk::back_link(&at.url("story"), "The whole story"))
        h1.govuk-heading-l { "Entry " (number) }
        (one(&at, line))
        @if !line.edition.is_empty() { p.c-quiet { "Rules: " (line.edition) } }
        @if erasable { p.govuk-body { a.govuk-link href=(at.url(&format!("erasure/propose/entry-{number}"))) { "Propose that its content is erased" } } }
        @if let Some(text) = signed_text.or(letter) { h2.govuk-heading-m { "The text" } div.c-text tabindex="0" role="region" aria-label="The text" { (text) } }
    };
    Ok(at
        .page(&format!("Entry {number}"), "story", false, body)?
        .into_response())
}

/// Marking an entry as made in error.
#[derive(Debug)]
pub struct MarkForm;

impl CaseForm for MarkForm {
    const PATH: &'static str = "/cases/{case}/story/{entry}/mark";
    const PART: &'static str = "an entry, to mark it as made in error";
    const TAB: &'static str = "story";
    const ACT: access::Act = access::Act::MarkInError;
    const WHOLE: bool = true;

    fn title(at: &At) -> String {
        format!("Mark entry {} as made in error", at.param("entry"))
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        values.set_all("visible-to", [at.who.actor().person.id.clone()]);
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let entry = at.param("entry").parse().ok()?;
        let correction = values.text("correction");
        let correction: Option<u64> = if correction.is_empty() {
            None
        } else {
            let read = correction.parse().ok();
            if read.is_none() {
                problems.add(
                    "correction",
                    "Enter the number of the entry that says it right, or leave this empty",
                );
            }
            read
        };
        let mark = Mark {
            entry,
            why: values.text("why"),
            correction,
            hidden: values.has("hidden", "yes"),
            visible_to: if values.has("hidden", "yes") {
                values
                    .all("visible-to")
                    .into_iter()
                    .map(str::to_owned)
                    .collect()
            } else {
                Vec::new()
            },
        };
        problems
            .is_empty()
            .then(|| vec![Command::Closing(Event::EntryMarked(mark))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let people: Vec<Choice> = at
            .case()
            .members
            .list
            .iter()
            .map(|(id, (name, _))| Choice::new(id.clone(), name.clone()))
            .collect();
        let line = at
            .who
            .desk()
            .story_of(at.who.actor(), &at.view)
            .into_iter()
            .find(|l| l.line.number.to_string() == at.param("entry"));
        html! {
            @if let Some(line) = line { (govuk::inset(&html! { p.govuk-body { b { (line.by.name) } " " (line.line.said) ", " (calendar::words::moment(&line.at)) } })) }
            p.govuk-body { "The entry stays in the record and is shown as made in error. What it said no longer counts. Record the right facts on their own page." }
            (rests(at))
            (govuk::textarea(form, "why", "What is wrong with it?", "", 3))
            (govuk::width_text(form, "correction", "The number of the entry that says it right", "If there is one already", "govuk-input--width-5", "text"))
            (govuk::checkboxes(form, "hidden", "Hide its content", "For example when it is about another family. Hidden at once, also in the story and in past-day views.", &[Choice::new("yes", "Hide it from everyone but the people named below")]))
            (govuk::checkboxes(form, "visible-to", "Who may still see it", "", &people))
        }
    }

    fn button(_: &At) -> String {
        "Mark this entry as made in error".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("story")
    }

    fn said(at: &At) -> String {
        format!("Entry {} is marked as made in error.", at.param("entry"))
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("story"), "The whole story")
    }
}

/// What rests on the entry and what becomes of each, before anyone presses the button.
fn rests(at: &At) -> Markup {
    let entry = at.param("entry").parse().unwrap_or_default();
    let list = at.who.desk().rests_on(&at.view, entry);
    html! {
        h2.govuk-heading-m { "What rests on this entry" }
        @if list.is_empty() { p.govuk-body { "No clock, finding, decision, letter or other entry rests on it." } }
        @else {
            table class="govuk-table c-cards" {
                caption class="govuk-table__caption govuk-visually-hidden" { "What rests on this entry, and what becomes of it" }
                thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "What" } th.govuk-table__header scope="col" { "What becomes of it" } } }
                tbody { @for one in &list { tr.govuk-table__row {
                    th.govuk-table__header scope="row" { @if one.place == cases::Place::Case { (one.what) } @else { a.govuk-link href=(crate::page::places::url(&at.case().id, &one.place)) { (one.what) } } }
                    td.govuk-table__cell data-label="What becomes of it" { (one.then) }
                } } }
            }
        }
        p.govuk-body { "Papers, letters and bundles that were handed on before still say what they said." }
    }
}
