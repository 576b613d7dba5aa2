//! The first page: what needs the reader, their drafts, and their cases, late and nearest first.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn, answer, places};

/// Words to look for.
#[derive(Debug, Default, Deserialize)]
pub struct Find {
    #[serde(default)]
    q: String,
}

/// The page.
pub async fn list(
    State(_): State<App>,
    who: SignedIn,
    Query(find): Query<Find>,
) -> Result<Response, PageError> {
    if who.actor().person.role == access::Role::Administrator {
        return Ok(Redirect::to("/partnership").into_response());
    }
    let desk = who.desk();
    let (needs, cases, drafts) = (
        desk.needs(who.actor()),
        desk.cases(who.actor(), &find.q),
        desk.drafts(who.actor()).await?,
    );
    let may_open = access::permit_in_office(&who.actor().person, access::Act::OpenCase).is_ok();
    let body = html! {
        h1.govuk-heading-l { "Cases" }
        @if find.q.is_empty() { (what_needs_you(&who, &needs)) (kept(&drafts)) }
        @if find.q.is_empty() { (super::unusual::waiting(&who)) }
        (finder(&find.q))
        (table(&who, &find.q, &cases))
        @if may_open { a.govuk-button href="/open-a-case" role="button" draggable="false" { "Open a case" } }
        @if access::permit_in_office(&who.actor().person, access::Act::OpenWithReason).is_ok() { p.govuk-body { a.govuk-link href="/open-with-reason" { "Open a case you do not take part in, with a written reason" } } }
        @if find.q.is_empty() { (erased(&who)) }
    };
    Ok(who.page("Cases", false, body)?.into_response())
}

fn what_needs_you(who: &SignedIn, needs: &[desk::NeedsYou]) -> Markup {
    let desk = who.desk();
    let editions = desk.editions();
    let items: Vec<_> = needs
        .iter()
        .take(8)
        .map(|n| {
            let status = match n.due {
                Some(due) => {
                    let words =
                        calendar::words::left(desk.today(), due, &editions.shared_holidays());
                    govuk::tag(
                        &words,
                        if due <= desk.today() {
                            "orange"
                        } else {
                            "grey"
                        },
                    )
                }
                None => html! {},
            };
            (
                n.what.clone(),
                places::url(&n.case.0, &n.place),
                format!("{}, {}", n.case.1, n.case.2),
                status,
            )
        })
        .collect();
    html! {
        div.c-next {
            h2.govuk-heading-m { "What needs you" }
            @if items.is_empty() { p.govuk-body { "Nothing needs you today." } } @else { (govuk::task_list(&items)) }
            @if needs.len() > items.len() { p.govuk-body { (needs.len() - items.len()) " more are on the pages of the cases below." } }
        }
    }
}

fn kept(drafts: &[desk::Draft]) -> Markup {
    html! {
        @if !drafts.is_empty() {
            h2.govuk-heading-m { "Your drafts" }
            ul class="govuk-list govuk-list--bullet" {
                @for draft in drafts {
                    li { a.govuk-link href=(draft.page) { "What you typed on " (calendar::words::moment(&draft.saved)) } @if draft.handed_over { ", handed over to you" } span.c-quiet { " " (page_words(&draft.page)) } }
                }
            }
        }
    }
}

/// What a draft was about, by its address.
fn page_words(page: &str) -> String {
    page.split('/')
        .skip(3)
        .take(1)
        .map(|p| p.replace('-', " "))
        .collect()
}

fn finder(q: &str) -> Markup {
    html! {
        form class="govuk-!-margin-bottom-4" method="get" action="/" role="search" {
            div.govuk-form-group {
                label class="govuk-label govuk-label--s" for="q" { "Find" }
                div.govuk-hint id="q-hint" { "A reference or a pseudonym" }
                input class="govuk-input govuk-!-width-one-half" id="q" name="q" value=(q) aria-describedby="q-hint";
                " "
                button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" type="submit" { "Search" }
            }
        }
    }
}

fn table(who: &SignedIn, q: &str, cases: &[desk::CaseLine]) -> Markup {
    let desk = who.desk();
    let today = desk.today();
    let open = cases.iter().filter(|c| c.open).count();
    let late = cases.iter().filter(|c| c.late && c.open).count();
    let holidays = desk.editions().shared_holidays();
    html! {
        @if cases.is_empty() {
            p.govuk-body { @if q.is_empty() { "You have not been added to a case yet. When you are, it stands here." } @else { "No case of yours has these words." } }
        } @else {
            table class="govuk-table c-cards" {
                caption class="govuk-table__caption govuk-table__caption--m" {
                    (open) " open " (if open == 1 { "case" } else { "cases" }) ", nearest date first"
                    @if late > 0 { ". " (late) " late" }
                }
                thead { tr.govuk-table__row {
                    th.govuk-table__header scope="col" { "About" } th.govuk-table__header scope="col" { "Stage" }
                    th.govuk-table__header scope="col" { "Next date" } th.govuk-table__header scope="col" { "Waiting for" }
                } }
                tbody {
                    @for case in cases {
                        tr.govuk-table__row {
                            th.govuk-table__header scope="row" { a.govuk-link href=(format!("/cases/{}", case.id)) { (case.about) } br; span.c-saved { (case.reference) } }
                            td.govuk-table__cell data-label="Stage" { (case.stage) }
                            td.govuk-table__cell data-label="Next date" {
                                @if let Some((what, due, assumed)) = &case.next {
                                    (what) ", " (calendar::words::long(*due)) br;
                                    span class=(if *due < today { "c-late" } else { "c-quiet" }) { (calendar::words::left(today, *due, &holidays)) }
                                    @if *assumed { span.c-quiet { " (assumed)" } }
                                } @else if let (Some(problem), true) = (&case.problem, case.open) { span.c-quiet { (problem) } }
                                @else { span.c-quiet { "None" } }
                            }
                            td.govuk-table__cell data-label="Waiting for" { (case.waiting) }
                        }
                    }
                }
            }
        }
    }
}

/// What is left in the list of cases that were erased, for those who may know it.
fn erased(who: &SignedIn) -> Markup {
    let all = who.desk().erasures(who.actor()).unwrap_or_default();
    let whole: Vec<_> = all
        .iter()
        .filter(|c| c.target == cases::erasure::Target::Case)
        .collect();
    html! {
        @if !whole.is_empty() {
            h2.govuk-heading-m { "Erased cases" }
            ul class="govuk-list govuk-list--bullet" { @for c in whole {
                li { (c.reference) ": erased on " (calendar::words::moment(&who.desk().clock().local(c.at))) ", rule: " (c.rule.title) }
            } }
            p.govuk-body { a.govuk-link href="/erasures" { "What was erased, with the certificates" } }
        }
    }
}

/// Finds a case by any of its references, so that an old or closed one keeps working.
pub async fn by_reference(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let reference = here.get("reference").map_or("", String::as_str);
    match who.desk().own_reference(who.actor(), reference) {
        Some(id) => Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
        None => Ok(match super::erasures::gone(&who, reference)? {
            Some(page) => page.into_response(),
            None => answer::not_there(),
        }),
    }
}
