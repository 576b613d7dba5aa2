//! Two people at once: both texts side by side, who and when; the person chooses, and nothing is overwritten unseen.

use std::collections::BTreeSet;
use std::sync::Arc;

use cases::Recorded;
use maud::{Markup, html};

use super::{At, PageError};
use crate::form::{Drawn, Problems, Values};

/// What stands above the form when someone else wrote the same text meanwhile.
///
/// # Errors
/// The system gave no random numbers.
pub fn note(
    at: &At,
    newer: &[Arc<Recorded>],
    mine: &Values,
    theirs: &Values,
    drawn: &Problems,
) -> Result<Markup, PageError> {
    let desk = at.who.desk();
    let names: BTreeSet<&str> = mine
        .names()
        .chain(theirs.names())
        .filter(|n| !is_hidden(n))
        .collect();
    // In the order of the page, and a day in one line.
    let mut differing: Vec<Differing> = Vec::new();
    for name in names.into_iter().filter(|n| mine.all(n) != theirs.all(n)) {
        let field = drawn.as_drawn(name);
        let whole = field.as_ref().map_or(name, |f| f.name.as_str());
        if differing.iter().any(|d| d.field == whole) {
            continue;
        }
        let label = field
            .as_ref()
            .map_or_else(|| label(name), |f| f.label.clone());
        let said = |text: &Values| said(text, whole, field.as_ref());
        differing.push(Differing {
            label,
            theirs: said(theirs),
            mine: said(mine),
            field: whole.to_owned(),
        });
    }
    differing.sort_by_key(|d| drawn.place(&d.field));
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
                @for one in &differing {
                    tr.govuk-table__row {
                        th.govuk-table__header scope="row" { (one.label) }
                        td.govuk-table__cell { (one.theirs) }
                        td.govuk-table__cell { (one.mine) }
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

/// A field in which the two differ.
struct Differing {
    field: String,
    label: String,
    theirs: String,
    mine: String,
}

/// What a text says in a field, in the words of the page.
fn said(text: &Values, field: &str, drawn: Option<&Drawn>) -> String {
    let day = ["day", "month", "year"].map(|part| text.text(&format!("{field}-{part}")));
    if day.iter().any(|part| !part.is_empty()) {
        return day.join(" ").trim().to_owned();
    }
    let words = |value: &str| {
        let choices = drawn.map_or(&[][..], |d| d.choices.as_slice());
        let chosen = choices.iter().find(|(one, _)| one == value);
        chosen.map_or_else(|| value.to_owned(), |(_, words)| words.clone())
    };
    let all: Vec<String> = text.all(field).into_iter().map(words).collect();
    match all.is_empty() {
        true => "nothing".into(),
        false => all.join("; "),
    }
}

fn is_hidden(name: &str) -> bool {
    ["csrf", "form-token", "based-on", "do", "knowingly"].contains(&name) || name.ends_with("-rows")
}

fn label(name: &str) -> String {
    super::case_form::sentence(&name.replace('-', " "))
}
