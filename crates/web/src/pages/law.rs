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

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(id: &str) -> std::sync::Arc<Rules> {
        let library = guidance::Library::embedded().unwrap();
        library.rules(id).unwrap()
    }

    #[test]
    fn a_page_shows_what_the_edition_says_with_its_source_and_how_far_it_was_confirmed() {
        let shown = said(&rules("working-together-2023"), &["panel-cannot-order"]).into_string();
        let rules = rules("working-together-2023");
        let said = rules.says("panel-cannot-order").unwrap();
        assert!(shown.contains(said.text), "{shown}");
        assert!(shown.contains(&said.source.to_string()), "{shown}");
        assert!(shown.contains("to be confirmed"), "{shown}");
    }

    #[test]
    fn what_the_edition_does_not_say_is_left_out_of_the_page() {
        let mut rules = (*rules("working-together-2018")).clone();
        rules.statements.clear();
        let shown = said(&rules, &["panel-cannot-order", "place-decides"]).into_string();
        assert_eq!(shown, "");
        rules.clocks.clear();
        assert_eq!(first_clock(&rules).into_string(), "No clock runs yet.");
        assert_eq!(clocks_of(&rules, "publication").into_string(), "");
    }

    #[test]
    fn the_clocks_of_publication_are_told_with_the_lengths_of_the_edition() {
        let rules = rules("working-together-2023");
        let shown = clocks_of(&rules, "publication").into_string();
        let clocks = rules
            .clocks
            .iter()
            .filter(|c| c.trigger.as_str() == "publication");
        let mut seen = 0;
        for clock in clocks {
            assert!(
                shown.contains(&clock.title) && shown.contains(&clock.length.to_string()),
                "{shown}"
            );
            seen += 1;
        }
        assert_eq!(seen, 2, "{shown}");
    }
}
