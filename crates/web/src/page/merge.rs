//! Two people at once: both texts side by side, who and when; the person chooses, and nothing is overwritten unseen.

use std::collections::BTreeSet;
use std::sync::Arc;

use cases::Recorded;
use maud::{Markup, html};

use super::{At, PageError};
use crate::form::Values;
use crate::form::labels::Labels;

/// One place where the two texts differ: what the page calls it, what stands in the record, what was typed.
struct Difference {
    label: String,
    theirs: String,
    mine: String,
}

/// Where the two differ, in the order and the words of the page.
fn differences(mine: &Values, theirs: &Values, labels: &Labels) -> Vec<Difference> {
    let fields = labels.all();
    let differ = |n: &str| mine.all(n) != theirs.all(n);
    let mut list: Vec<Difference> = fields
        .iter()
        .map(|label| Difference {
            label: label.words.clone(),
            theirs: label.read(theirs),
            mine: label.read(mine),
        })
        .filter(|d| d.theirs != d.mine)
        .collect();
    // What no field of the page shows any more is still said.
    let names: BTreeSet<&str> = mine.names().chain(theirs.names()).collect();
    let without = names
        .into_iter()
        .filter(|n| !is_hidden(n) && differ(n) && !fields.iter().any(|l| l.holds(n)));
    list.extend(without.map(|n| Difference {
        label: super::case_form::sentence(&n.replace('-', " ")),
        theirs: theirs.all(n).join("; "),
        mine: mine.all(n).join("; "),
    }));
    list
}

/// What stands above the form when someone else wrote the same text meanwhile.
///
/// # Errors
/// The system gave no random numbers.
pub fn note(
    at: &At,
    newer: &[Arc<Recorded>],
    mine: &Values,
    theirs: &Values,
    labels: &Labels,
) -> Result<Markup, PageError> {
    let desk = at.who.desk();
    let differing = differences(mine, theirs, labels);
    let cell = |text: &str, heading: &str| html! { td.govuk-table__cell data-label=(heading) { @if text.is_empty() { span.c-quiet { "Nothing entered" } } @else { (super::parts::paragraphs(text)) } } };
    Ok(html! {
        div.govuk-error-summary data-module="govuk-error-summary" tabindex="-1" {
            div role="alert" {
                h2.govuk-error-summary__title { "This page was changed while you were writing" }
                div.govuk-error-summary__body {
                    @for one in newer {
                        p.govuk-body { "By " (one.by.name) ", " (one.by.part) ", on " (calendar::words::moment(&desk.clock().local(one.at))) "." }
                    }
                    p.govuk-body { "What you typed is not saved yet. It is all here, in the form below, and kept as a draft." }
                }
            }
        }
        @if differing.is_empty() {
            p.govuk-body { "The two texts are the same. You can leave it at that: put yours away." }
        } @else {
            table class="govuk-table c-cards" {
                caption class="govuk-table__caption govuk-table__caption--m" { "Where the two differ" }
                thead { tr.govuk-table__row {
                    th.govuk-table__header scope="col" { "Field" }
                    th.govuk-table__header scope="col" { "In the record now" }
                    th.govuk-table__header scope="col" { "What you typed" }
                } }
                tbody {
                    @for one in &differing {
                        tr.govuk-table__row {
                            th.govuk-table__header scope="row" { (one.label) }
                            (cell(&one.theirs, "In the record now"))
                            (cell(&one.mine, "What you typed"))
                        }
                    }
                }
            }
        }
        h2.govuk-heading-m { "What to do" }
        ul class="govuk-list govuk-list--bullet" {
            @if !differing.is_empty() {
                li { "To record what you typed instead, send the form below as it is. What was there stays in the story of the case." }
                li { "To join the two, change the form below first, then send it." }
            }
            li { "To leave what is in the record, put yours away." }
        }
        form method="post" action="/drafts/drop" {
            input type="hidden" name="csrf" value=(at.who.csrf()?);
            input type="hidden" name="page" value=(at.who.path);
            button class="govuk-button govuk-button--secondary" type="submit" { "Leave what is in the record and put mine away" }
        }
    })
}

fn is_hidden(name: &str) -> bool {
    ["csrf", "form-token", "based-on", "do", "knowingly"].contains(&name) || name.ends_with("-rows")
}
