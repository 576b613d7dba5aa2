//! A case at a glance: clocks nearest first, what to do next, the stages, the latest in the record.

use access::Section;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::{Clock, ClockState, stages};
use maud::{Markup, html};

use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn, places};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, None, "the overview").await?;
    if !Section::ALL.into_iter().any(|section| at.reads(section)) {
        return super::contribute::home(&at);
    }
    let goes = |place: &cases::Place| places::section(place).is_none_or(|s| at.reads(s));
    let clocks = at.who.desk().clocks(&at.view);
    let mut steps = stages::next_steps(at.case(), at.rules());
    steps.retain(|step| goes(&step.place));
    let mut signing = cases::decision::missing(at.case(), at.rules());
    signing.retain(|step| goes(&step.place));
    let body = html! {
        h1.govuk-visually-hidden { "Overview" }
        @if at.reads(Section::Incident) && at.case().is_open() && at.case().incident.danger().is_some_and(|(d, _)| d != cases::incident::Danger::No) { (super::incident_more::in_danger(&at)) }
        (super::openings::to_review(&at))
        (notice(&at))
        @if at.reads(Section::People) { (duplicates(&at)) }
        h2.govuk-visually-hidden { "Clocks" }
        @if at.reads(Section::Incident) { (clock_cards(&at, &clocks)) }
        div.govuk-grid-row {
            div class="govuk-grid-column-two-thirds" {
                (next(&at, &steps, &signing))
                h2.govuk-heading-m { "Stages" }
                (stage_list(&at))
            }
            div class="govuk-grid-column-one-third" { (latest(&at)) (ways(&at)) }
        }
    };
    Ok(at.page("Overview", "", false, body)?.into_response())
}

fn notice(at: &At) -> Markup {
    html! {
        @if let Some(notice) = &at.view.notice {
            div.c-note {
                h2 class="govuk-heading-s govuk-!-margin-bottom-2" { "The guidance changed since this case was opened" }
                p.govuk-body { "It was opened under " (notice.opened_under.title) ". Steps taken today follow " (notice.today.title) ". " (notice.changes.len()) " parts differ." }
                p class="govuk-body govuk-!-margin-bottom-0" { a.govuk-link href=(at.url("manage#edition")) { "See what changed and record which edition applies to what has begun" } }
            }
        }
        @if at.reads(Section::Decision) && let Some(not_agreed) = &at.case().decision.current.not_agreed {
            @if at.case().decision.current.completed.is_none() {
                div.c-note { p class="govuk-body govuk-!-margin-bottom-0" { b { "No agreed decision on the due day. " } "Recorded for " (calendar::words::long(not_agreed.on)) ". " a.govuk-link href=(at.url("decision")) { "See each view" } } }
            }
        }
    }
}

fn duplicates(at: &At) -> Markup {
    let possible = at
        .who
        .desk()
        .possible_same_children(at.who.actor(), at.case());
    html! {
        @if !possible.is_empty() {
            div.c-note {
                h2 class="govuk-heading-s govuk-!-margin-bottom-2" { "Possibly the same child in another case" }
                @for one in &possible {
                    p class="govuk-body govuk-!-margin-bottom-1" {
                        @match &one.other {
                            Some((id, reference)) => { (at.called(&one.child)) ": " a.govuk-link href=(format!("/cases/{id}")) { (reference) } ", " (one.why) "." }
                            None => { (at.called(&one.child)) " may be in another case that you are not added to. Ask your deputy or the other manager." }
                        }
                    }
                }
            }
        }
    }
}

/// One clock as words: what is left, and the line under it.
pub fn clock_words(at: &At, clock: &Clock) -> (String, String) {
    let day = calendar::words::long;
    match (clock.state, clock.due, clock.done) {
        (ClockState::Done, Some(due), Some(done)) => {
            let between = at
                .who
                .desk()
                .editions()
                .shared_holidays()
                .working_days_between(done, due)
                .unwrap_or(0);
            let early = if between > 0 {
                format!(
                    ", {between} working day{} early",
                    if between == 1 { "" } else { "s" }
                )
            } else {
                String::new()
            };
            (
                format!("Done{early}"),
                format!("Done {}, due {}", day(done), day(due)),
            )
        }
        (ClockState::Done, None, Some(done)) => ("Done".into(), format!("Done {}", day(done))),
        (ClockState::Done, due, None) => (
            "Met".into(),
            due.map_or(String::new(), |d| format!("Until {}", day(d))),
        ),
        (ClockState::DoneLate, Some(due), Some(done)) => (
            "Done late".into(),
            format!("Done {}, due {}", day(done), day(due)),
        ),
        (ClockState::CannotBeWorkedOut, _, _) => (
            "Cannot be worked out yet".into(),
            format!("It starts with {}", clock.started_by),
        ),
        (_, Some(due), _) => {
            let left = calendar::words::left(
                at.view.today,
                due,
                &at.who.desk().editions().shared_holidays(),
            );
            let assumed = if clock.assumed {
                " This is an assumption: the day the authority became aware is not yet known."
            } else {
                ""
            };
            (left, format!("Due by the end of {}.{assumed}", day(due)))
        }
        _ => (
            "As soon as possible".into(),
            format!("Since {}", clock.started_by),
        ),
    }
}

fn clock_cards(at: &At, clocks: &[Clock]) -> Markup {
    let soon = at.view.today.saturating_add(jiff::Span::new().days(7));
    let (open, done): (Vec<&Clock>, Vec<&Clock>) = clocks
        .iter()
        .partition(|c| !matches!(c.state, ClockState::Done | ClockState::DoneLate));
    let card = |clock: &Clock| {
        let (left, due) = clock_words(at, clock);
        let finished = matches!(clock.state, ClockState::Done | ClockState::DoneLate);
        let near =
            !finished && (clock.state == ClockState::Late || clock.due.is_some_and(|d| d <= soon));
        govuk::clock_card(
            &clock.title,
            &left,
            &due,
            near,
            finished,
            &format!("{}#{}", at.url("clocks"), clock.id),
        )
    };
    html! {
        @if clocks.is_empty() { p.govuk-body { (super::law::first_clock(at.rules())) } }
        @else {
            ul.c-clocks { @for clock in open.iter().take(6) { (card(clock)) } @if open.len() < 3 { @for clock in done.iter().rev().take(3 - open.len()) { (card(clock)) } } }
            p.govuk-body-s { a.govuk-link href=(at.url("clocks")) { @match clocks.len() { 1 => "How this clock was worked out", 2 => "Both clocks and how they were worked out", n => { "All " (n) " clocks and how they were worked out" } } } }
        }
    }
}

fn next(at: &At, steps: &[cases::Missing], signing: &[cases::Missing]) -> Markup {
    let round = &at.case().decision.current;
    let before_signing: Vec<&cases::Missing> = if round.completed.is_none() && at.case().is_open() {
        signing.iter().collect()
    } else {
        Vec::new()
    };
    let others: Vec<&cases::Missing> = steps
        .iter()
        .filter(|s| !before_signing.contains(s))
        .collect();
    html! {
        @if !others.is_empty() {
            div.c-next {
                h2.govuk-heading-m { "What to do next" }
                ul class="govuk-list govuk-list--bullet" {
                    @for step in others.iter().take(6) { li { a.govuk-link href=(places::url(&at.case().id, &step.place)) { (step.what) } } }
                }
                @if others.len() > 6 { p.govuk-body { "and " (others.len() - 6) " more, on the pages of each stage" } }
            }
        }
        @if !before_signing.is_empty() {
            div.c-next {
                h2.govuk-heading-m { "Before anyone can sign" }
                ul class="govuk-list govuk-list--bullet" {
                    @for step in before_signing.iter().take(5) { li { a.govuk-link href=(places::url(&at.case().id, &step.place)) { (step.what) } } }
                }
                @if before_signing.len() > 5 { p.govuk-body { a.govuk-link href=(at.url("decision")) { "All " (before_signing.len()) " things that are missing" } } }
            }
        }
    }
}

fn stage_list(at: &At) -> Markup {
    let items: Vec<_> = stages::stages(at.case(), at.rules())
        .into_iter()
        .filter(|s| places::section(&s.place).is_none_or(|section| at.reads(section)))
        .map(|s| {
            let status = match s.status {
                stages::Status::Completed => html! { "Completed" },
                stages::Status::InProgress => govuk::tag("In progress", "light-blue"),
                stages::Status::CannotStart => govuk::tag("Cannot start yet", "grey"),
                stages::Status::NotStarted => govuk::tag("Not started", "blue"),
                stages::Status::NotNeeded => html! { "Not needed" },
            };
            (
                s.name.to_owned(),
                places::url(&at.case().id, &s.place),
                s.hint,
                status,
            )
        })
        .chain(at.reads(Section::Course).then(|| publication(at)))
        .collect();
    govuk::task_list(&items)
}

fn publication(at: &At) -> (String, String, String, Markup) {
    let p = &at.case().publication;
    let (hint, status) = match (&p.published, p.planned) {
        (Some((on, _)), _) => (
            format!("Published on {}", calendar::words::short(*on)),
            html! { "Completed" },
        ),
        (None, Some(on)) => (
            format!("Planned for {}", calendar::words::short(on)),
            govuk::tag("In progress", "light-blue"),
        ),
        _ => (
            "No day is planned yet".into(),
            govuk::tag("Not started", "blue"),
        ),
    };
    ("Publication".into(), at.url("publication"), hint, status)
}

fn latest(at: &At) -> Markup {
    let lines = at.who.desk().latest_of(at.who.actor(), &at.view, 6);
    html! {
        div.c-aside {
            h2.govuk-heading-s { "Latest in the record" }
            ol.c-story {
                @for line in &lines {
                    li { (line.by.name) " " (line.line.said) time datetime=(line.at.timestamp().to_string()) { (calendar::words::moment(&line.at)) } }
                }
            }
        }
    }
}

fn ways(at: &At) -> Markup {
    html! {
        ul.govuk-list {
            @if at.reads(Section::Course) {
                li { a.govuk-link href=(at.url("story")) { "The whole story" } }
                li { a.govuk-link href=(at.url("past")) { "As it stood on a past day" } }
            }
            @if at.may(access::Act::ManageMembers) { li { a.govuk-link href=(at.url("members")) { "Who may see this case" } } }
            @if at.may(access::Act::SeeReaders) { li { a.govuk-link href=(at.url("readers")) { "Who has read this case" } } }
            li { a.govuk-link href=(at.url("interests")) { "Conflicts of interest" } }
            @if at.may(access::Act::SeeOpenings) && !at.case().break_glass.list.is_empty() { li { a.govuk-link href=(at.url("openings")) { "Opened with a written reason" } } }
            @if at.may(access::Act::ManageCase) { li { a.govuk-link href=(at.url("manage")) { "Link, split, close or re-open" } } }
        }
        @if at.case().members.owner.is_some() {
            p.c-quiet { "Run by " (at.case().members.owner.as_ref().and_then(|o| at.case().members.list.get(o)).map_or("", |m| m.0.as_str())) }
        }
    }
}
