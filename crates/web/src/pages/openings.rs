//! Who opened a case with a written reason: told to whoever runs the case at once, listed with the reason, reviewed by someone else.

use access::Act;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::Command;
use cases::break_glass::{Command as Glass, Opened, Review};
use desk::{Acted, DeskError};
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, At, CaseForm, PageError, SignedIn, parts};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(
        who,
        here,
        access::Section::Course,
        "who opened the case with a written reason",
    )
    .await?;
    let list = at.who.desk().openings(at.who.actor(), &at.view)?;
    let body = html! {
        (govuk::back_link(&at.url(""), "Overview"))
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            h1.govuk-heading-l { "Opened with a written reason" }
            p.govuk-body { "Someone who does not take part in this case can open it in an emergency, to read it for " (super::why::hours(&at)) ". What they read is written down. Afterwards whoever runs or chairs the case says whether it was right." }
            @if list.is_empty() { p.govuk-body { "Nobody has opened this case in this way." } }
            @for opened in &list { (one(&at, opened)) }
        } }
    };
    Ok(at
        .page("Opened with a written reason", "story", false, body)?
        .into_response())
}

fn one(at: &At, opened: &Opened) -> Markup {
    let o = &opened.opening;
    let over = at.who.desk().clock().now() >= o.until;
    let mine = o.person == at.who.actor().person.id;
    html! { div class=(if opened.review.is_none() { "c-note" } else { "c-next" }) {
        h2 class="govuk-heading-s govuk-!-margin-bottom-1" { (o.name) ", " (o.acts_as) }
        p.govuk-body { (o.why) }
        p.c-quiet { "Opened on " (parts::when(at, opened.at)) ". " @if over { "It ended on " } @else { "It ends by itself on " } (parts::when(at, o.until)) "." }
        @match &opened.review {
            Some((review, by, when)) => p.govuk-body { b { @if review.right { "Found right: " } @else { "Found not right: " } } (review.words) br; span.c-quiet { (by.name) ", " (by.part) ", " (parts::when(at, *when)) } },
            None => {
                p.govuk-body { (govuk::tag("To be reviewed", "orange")) }
                @if at.may(Act::ReviewOpening) && !mine { p.govuk-body { a.govuk-link href=(at.url(&format!("openings/{}/review", o.id))) { "Review" span.govuk-visually-hidden { " that " (o.name) " opened this case" } } } }
            }
        }
    } }
}

/// On the overview, for whoever runs or chairs the case: what nobody has reviewed.
pub(super) fn to_review(at: &At) -> Markup {
    let list: Vec<&Opened> = if at.may(Act::SeeOpenings) {
        at.case().break_glass.to_review().collect()
    } else {
        Vec::new()
    };
    html! { @if !list.is_empty() { div.c-note {
        h2 class="govuk-heading-s govuk-!-margin-bottom-2" { "Opened with a written reason" }
        @for o in &list { p class="govuk-body govuk-!-margin-bottom-1" { (o.opening.name) ", " (o.opening.acts_as) ", " (parts::when(at, o.at)) ": \u{201c}" (o.opening.why) "\u{201d}" } }
        p class="govuk-body govuk-!-margin-bottom-0" { a.govuk-link href=(at.url("openings")) { "Read and review" } }
    } } }
}

/// Above each page, for whoever reads the case under an opening of their own.
pub(super) fn opened_by_reader(at: &At) -> Markup {
    html! { @if let Some(opened) = at.who.desk().own_opening(at.who.actor(), &at.view) {
        span.c-identity__fact { "You opened this with a written reason, to read until " b { (parts::when(at, opened.opening.until)) } }
    } }
}

/// Reviewing an opening afterwards.
#[derive(Debug)]
pub struct ReviewForm;

impl CaseForm for ReviewForm {
    const PATH: &'static str = "/cases/{case}/openings/{opening}/review";
    const PART: &'static str = "an opening with a written reason, to review it";
    const TAB: &'static str = "story";
    const ACT: Act = Act::ReviewOpening;

    fn title(at: &At) -> String {
        let found = at.case().break_glass.find(at.param("opening"));
        let name = found.map_or("someone", |o| o.opening.name.as_str());
        format!("Review that {name} opened this case")
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let found = at.case().break_glass.find(at.param("opening"));
        let found = found
            .filter(|o| o.review.is_none())
            .ok_or(DeskError::NotThere)?;
        if found.opening.person == at.who.actor().person.id {
            return Err(DeskError::Denied(access::Denied::NotYours(
                "nobody reviews an opening of their own",
            ))
            .into());
        }
        Ok(Values::default())
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let right = match values.get("right") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => {
                problems.add("right", "Choose whether it was right to open the case");
                None
            }
        };
        form::required(values, problems, "words", "Enter what you found");
        Some(vec![Command::BreakGlass(Glass::Review(Review {
            opening: at.param("opening").to_owned(),
            right: right?,
            words: values.text("words"),
        }))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let found = at.case().break_glass.find(at.param("opening"));
        html! {
            @if let Some(o) = found { (govuk::inset(&html! {
                p.govuk-body { b { (o.opening.name) ", " (o.opening.acts_as) } ", " (parts::when(at, o.at)) }
                p.govuk-body { (o.opening.why) }
            })) }
            (govuk::radios(form, "right", "Was it right to open the case?", "", &[Choice::new("yes", "Yes, it was right"), Choice::new("no", "No, it was not right")]))
            (govuk::textarea(form, "words", "What did you find, and what follows?", "What they read stands under \u{201c}Who has read this case\u{201d}", 4))
        }
    }

    fn button(_: &At) -> String {
        "Record this review".into()
    }

    fn said(_: &At) -> String {
        "The review is recorded.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("openings")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("openings"), "Opened with a written reason")
    }
}
