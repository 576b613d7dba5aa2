//! What the rules of the day say on a page: sentences asked for by their id, each with where it is written.
//! No page holds such a sentence itself; what the edition does not say is left out.

use guidance::Rules;
use maud::{Markup, html};

use crate::govuk;

/// What the rules say under these ids, in this order.
pub fn said(rules: &Rules, ids: &[&str]) -> Markup {
    html! {
        @for said in ids.iter().filter_map(|id| rules.says(id)) {
            p class="govuk-body govuk-!-margin-bottom-1" { (said.text) }
            (govuk::source_note(said.source, said.standing))
        }
    }
}

/// What starts the first clock, for a page on which none runs yet.
pub fn first_clock(rules: &Rules) -> Markup {
    html! {
        "No clock runs yet."
        @if let Some(clock) = rules.clocks.first() { " What starts the first: \u{201c}" (rules.trigger(&clock.trigger)) "\u{201d}." }
    }
}

/// The clocks that a trigger starts, each with its length, advice and source.
pub fn clocks_of(rules: &Rules, trigger: &str) -> Markup {
    html! {
        @for clock in rules.clocks.iter().filter(|c| c.trigger.as_str() == trigger) {
            p class="govuk-body govuk-!-margin-bottom-1" { b { (clock.title) ": " } (clock.length.to_string()) "." @if let Some(advice) = &clock.advice { " " (advice) } }
            (govuk::source_note(&clock.source, &clock.standing))
        }
    }
}
