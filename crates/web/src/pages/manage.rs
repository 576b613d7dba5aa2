//! The case as a whole: linking, splitting by child, closing with a reason, re-opening, which edition applies, exporting.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::closing::{Closed, Event, Reason};
use cases::{Command, Refusal};
use desk::DeskError;
use maud::{Markup, html};

use crate::form::{Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn, answer};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, access::Section::Course, "the case as a whole").await?;
    Ok(draw(&at, &Values::default(), &Problems::default())?.into_response())
}

fn reason_word(reason: Reason) -> String {
    serde_json::to_value(reason)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn draw(at: &At, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    if !at.may(access::Act::ManageCase) {
        return Err(
            DeskError::Denied(access::Denied::NotYours("ask whoever runs the case")).into(),
        );
    }
    let case = at.case();
    let form = Form::new(values, problems);
    let csrf = at.who.csrf()?;
    let start = |what: &str| html! { input type="hidden" name="csrf" value=(csrf); input type="hidden" name="what" value=(what); };
    let children: Vec<Choice> = case
        .people
        .children
        .iter()
        .map(|c| Choice::new(c.id.clone(), at.called(&c.id)))
        .collect();
    let reasons: Vec<Choice> = Reason::ALL
        .iter()
        .map(|r| Choice::new(reason_word(*r), crate::page::case_form::sentence(r.words())))
        .collect();
    let action = at.url("manage");
    let body = html! {
        (govuk::back_link(&at.url(""), "Overview"))
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "The case as a whole" }
        @for (to, why) in &case.closing.links { p.govuk-body { "Linked with " a.govuk-link href=(format!("/r/{to}")) { (to) } ": " (why) } }
        @for (to, _, why) in &case.closing.splits { p.govuk-body { "Split: some children went to " a.govuk-link href=(format!("/r/{to}")) { (to) } ". " (why) } }
        section id="edition" { h2.govuk-heading-m { "Which edition applies" } (edition(at, &form, &start("edition"))?) }
        h2.govuk-heading-m { "Link with another case" }
        form method="post" action=(action) novalidate {
            (start("link"))
            (govuk::width_text(&form, "to", "Reference of the other case", "Like MER-2026-004", "govuk-input--width-10", "text"))
            (govuk::text(&form, "link-why", "Why they are linked", ""))
            button class="govuk-button govuk-button--secondary" type="submit" { "Link these cases" }
        }
        @if case.people.children.len() > 1 {
            h2.govuk-heading-m { "Split by child" }
            form method="post" action=(action) novalidate {
                (start("split"))
                (govuk::checkboxes(&form, "children", "Who goes to a new case", "The new case starts with the incident and these children; each case names the other.", &children))
                (govuk::text(&form, "split-why", "Why the case is split", ""))
                button class="govuk-button govuk-button--secondary" type="submit" { "Split this case" }
            }
        }
        @match &case.closing.closed {
            None => {
                h2.govuk-heading-m { "Close the case" }
                form method="post" action=(action) novalidate {
                    (start("close"))
                    (govuk::radios(&form, "reason", "Why is it closed?", "", &reasons))
                    (govuk::textarea(&form, "words", "In words", "", 3))
                    (govuk::text(&form, "other", "The other case or area", "For a duplicate the reference of the case that goes on; if another area leads, its name. Both references keep working."))
                    button class="govuk-button govuk-button--warning" type="submit" { "Close this case" }
                }
            }
            Some(closed) => {
                h2.govuk-heading-m { "Closed: " (closed.reason.words()) }
                p.govuk-body { (closed.words) @if !closed.other.is_empty() { " (" @if closed.reason == Reason::Duplicate { a.govuk-link href=(format!("/r/{}", closed.other)) { (closed.other) } } @else { (closed.other) } ")" } }
                form method="post" action=(action) novalidate {
                    (start("reopen"))
                    (govuk::textarea(&form, "reopen-why", "Why it is re-opened", "", 3))
                    button.govuk-button type="submit" { "Re-open this case" }
                }
            }
        }
        @if super::erasure::sees(at) {
            h2.govuk-heading-m { "Keep from erasure, or erase" }
            p.govuk-body { a.govuk-link href=(at.url("erasure")) { "Legal holds and erasure" } }
        }
        @if at.may(access::Act::ExportCase) {
            h2.govuk-heading-m { "Export" }
            p.govuk-body { "The whole case with every entry as one file. It holds names: keep it as safe as the record." }
            form method="post" action=(action) { (start("export")) button class="govuk-button govuk-button--secondary" type="submit" { "Export this case" } }
        }
    };
    at.page("The case as a whole", "", !problems.is_empty(), body)
}

fn edition(at: &At, form: &Form<'_>, start: &Markup) -> Result<Markup, PageError> {
    let case = at.case();
    Ok(html! {
        p.govuk-body { "Steps taken today follow " b { (at.rules().title) } "." }
        @for choice in &case.editions { p.govuk-body { (choice.by.name) " recorded that " (choice.edition) " applies to what had begun: " (choice.why) } }
        @if let Some(notice) = &at.view.notice {
            p.govuk-body { "The case was opened under " (notice.opened_under.title) ". These parts differ today:" }
            ul class="govuk-list govuk-list--bullet" { @for change in &notice.changes { li { (change.to_string()) } } }
            form method="post" action=(at.url("manage")) novalidate {
                (start)
                (govuk::radios(form, "edition", "Which applies to what has begun?", "", &[
                    Choice::new(notice.opened_under.id.clone(), notice.opened_under.title.clone()),
                    Choice::new(notice.today.id.clone(), notice.today.title.clone()),
                ]))
                (govuk::textarea(form, "edition-why", "Why", "", 3))
                button.govuk-button type="submit" { "Record which edition applies" }
            }
        }
    })
}

/// Changes the case as a whole.
pub async fn change(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let at = At::read(who, here, access::Section::Course, "the case as a whole").await?;
    let desk = at.who.desk().clone();
    let id = at.case().id.clone();
    let mut problems = Problems::default();
    let (prefix, event) = match values.get("what") {
        "export" => {
            let file = desk.export(at.who.actor(), &id).await?;
            let bytes =
                serde_json::to_vec_pretty(&file).map_err(|e| DeskError::Other(e.to_string()))?;
            return Ok(answer::download(
                bytes,
                "application/json",
                &format!("{}.json", at.case().reference()),
            ));
        }
        "split" => {
            let children = values
                .all("children")
                .into_iter()
                .map(str::to_owned)
                .collect();
            match desk
                .split(at.who.actor(), &id, children, &values.text("split-why"))
                .await
            {
                Ok((_, new)) => {
                    desk.put_notice(
                        &at.who.session,
                        &format!(
                            "The case is split. The new one is {}.",
                            new.case.reference()
                        ),
                    )
                    .await?;
                    return Ok(Redirect::to(&at.url("manage")).into_response());
                }
                Err(DeskError::Field { field, message }) => {
                    problems.add(if field == "why" { "split-why" } else { &field }, &message);
                    return Ok((
                        StatusCode::UNPROCESSABLE_ENTITY,
                        draw(&at, &values, &problems)?,
                    )
                        .into_response());
                }
                Err(other) => return Err(other.into()),
            }
        }
        "link" => {
            let to = values.text("to").to_uppercase();
            if desk.own_reference(at.who.actor(), &to).is_none() || to == at.case().reference() {
                problems.add(
                    "to",
                    "Enter the reference of another case that you see, like MER-2026-004",
                );
            }
            (
                "link-",
                Event::CaseLinked {
                    to,
                    why: values.text("link-why"),
                },
            )
        }
        "edition" => (
            "edition-",
            Event::EditionChosen {
                edition: values.text("edition"),
                why: values.text("edition-why"),
            },
        ),
        "reopen" => (
            "reopen-",
            Event::CaseReopened {
                why: values.text("reopen-why"),
            },
        ),
        _ => {
            let reason = Reason::ALL
                .into_iter()
                .find(|r| reason_word(*r) == values.get("reason"));
            if reason.is_none() {
                problems.add("reason", "Choose why the case is closed");
            }
            let other = values.text("other");
            if reason == Some(Reason::Duplicate)
                && (desk.own_reference(at.who.actor(), &other).is_none()
                    || other == at.case().reference())
            {
                problems.add(
                    "other",
                    "Enter the reference of another case that you see and that goes on, like MER-2026-004",
                );
            }
            (
                "",
                Event::CaseClosed(Closed {
                    reason: reason.unwrap_or(Reason::Complete),
                    words: values.text("words"),
                    other,
                }),
            )
        }
    };
    if problems.is_empty() {
        match desk
            .act(
                at.who.actor(),
                &id,
                None,
                true,
                vec![Command::Closing(event)],
            )
            .await
        {
            Ok(_) => {
                desk.put_notice(&at.who.session, "Recorded.").await?;
                return Ok(Redirect::to(&at.url("manage")).into_response());
            }
            Err(DeskError::Refused(Refusal::ToCorrect(wrong))) => {
                wrong.iter().for_each(|w| {
                    problems.add(
                        &if w.field == "why" {
                            format!("{prefix}why")
                        } else {
                            w.field.clone()
                        },
                        &w.message,
                    )
                });
            }
            Err(DeskError::Refused(other)) => {
                problems.add("", &crate::page::case_form::sentence(&other.to_string()))
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        draw(&at, &values, &problems)?,
    )
        .into_response())
}
