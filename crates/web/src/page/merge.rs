//! Two people at once: both texts side by side, who and when; the person chooses, and nothing is overwritten unseen.

use std::collections::BTreeSet;
use std::sync::Arc;

use cases::Recorded;
use maud::{Markup, html};

use super::{At, PageError};
use crate::form::Values;

/// What stands above the form when someone else wrote the same text meanwhile.
///
/// # Errors
/// The system gave no random numbers.
pub fn note(
    at: &At,
    newer: &[Arc<Recorded>],
    mine: &Values,
    theirs: &Values,
) -> Result<Markup, PageError> {
    let desk = at.who.desk();
    let names: BTreeSet<&str> = mine
        .names()
        .chain(theirs.names())
        .filter(|n| !is_hidden(n))
        .collect();
    let differing: Vec<&str> = names
        .into_iter()
        .filter(|n| mine.all(n) != theirs.all(n))
        .collect();
    Ok(html! {
        div.govuk-error-summary data-module="govuk-error-summary" tabindex="-1" {
            div role="alert" {
                h2.govuk-error-summary__title { "Someone else changed this while you were writing" }
                div.govuk-error-summary__body {
                    @for one in newer {
                        p.govuk-body { (one.by.name) ", " (one.by.part) ", on " (calendar::words::moment(&desk.clock().local(one.at))) "." }
                    }
                    p.govuk-body { "Nothing of yours was saved or lost. Compare the two and choose." }
                }
            }
        }
        table.govuk-table {
            caption class="govuk-table__caption govuk-table__caption--m" { "Where the two differ" }
            thead { tr.govuk-table__row {
                th.govuk-table__header scope="col" { "Part" }
                th.govuk-table__header scope="col" { "Theirs, in the record" }
                th.govuk-table__header scope="col" { "Yours" }
            } }
            tbody {
                @for name in &differing {
                    tr.govuk-table__row {
                        th.govuk-table__header scope="row" { (label(name)) }
                        td.govuk-table__cell { (theirs.all(name).join("; ")) }
                        td.govuk-table__cell { (mine.all(name).join("; ")) }
                    }
                }
                @if differing.is_empty() { tr.govuk-table__row { td.govuk-table__cell colspan="3" { "The two texts are the same." } } }
            }
        }
        form method="post" action="/drafts/drop" {
            input type="hidden" name="csrf" value=(at.who.csrf()?);
            input type="hidden" name="page" value=(at.who.path);
            button class="govuk-button govuk-button--secondary" type="submit" { "Keep theirs and put mine away" }
        }
        p.govuk-body { "To keep yours, send the form below as it is. To write a new text from both, change it first. Theirs stays in the story of the case." }
    })
}

fn is_hidden(name: &str) -> bool {
    ["csrf", "form-token", "based-on", "do", "knowingly"].contains(&name) || name.ends_with("-rows")
}

fn label(name: &str) -> String {
    super::case_form::sentence(&name.replace('-', " "))
}
