//! What a form says of text that was pasted into it, and what is pointed out before such a text, or one with names from another case, is saved.

use std::collections::BTreeSet;

use cases::pasted::{Pasted, Source};
use maud::{Markup, html};

use crate::form::{Problems, Values};
use crate::page::At;

/// The hidden field in which the script notes where text was pasted from: a line each, its parts parted by tabs.
pub const FIELD: &str = "pasted";
/// The box by which a person says that such a text belongs here.
pub const BELONGS: &str = "belongs-here";
/// More than this many lines are not kept.
const MOST: usize = 20;
/// What is longer is cut.
const LONGEST: usize = 120;

/// What the browser noted of pasted text; anything it cannot mean is left out.
pub fn read(values: &Values) -> Vec<Pasted> {
    let mut list: Vec<Pasted> = Vec::new();
    for line in values.get(FIELD).lines().take(MOST) {
        let mut parts = line.split('\t').map(|part| {
            let plain: String = part.chars().filter(|c| !c.is_control()).collect();
            plain.trim().chars().take(LONGEST).collect::<String>()
        });
        let mut next = || parts.next().unwrap_or_default();
        let (into, kind, first, second) = (next(), next(), next(), next());
        let from = match kind.as_str() {
            "case" if !first.is_empty() => Source::Case {
                reference: first,
                page: second,
            },
            "page" => Source::Page { page: second },
            "word" => elsewhere("a Word document"),
            "excel" => elsewhere("a spreadsheet"),
            "page-elsewhere" => elsewhere("a web page or an e-mail"),
            "plain" => elsewhere("another program"),
            _ => continue,
        };
        let pasted = Pasted { into, from };
        if !pasted.into.is_empty() && !list.contains(&pasted) {
            list.push(pasted);
        }
    }
    list
}

fn elsewhere(what: &str) -> Source {
    Source::Elsewhere { what: what.into() }
}

/// The hidden field, with what it held when the page is drawn again.
pub fn field(values: &Values) -> Markup {
    html! { input type="hidden" name=(FIELD) value=(values.get(FIELD)) data-pasted=""; }
}

/// What seems to belong to another case, in sentences.
fn doubts(at: &At, values: &Values) -> BTreeSet<String> {
    let (desk, who) = (at.who.desk(), at.who.actor());
    let typed: Vec<&str> = (values.names())
        .filter(|name| ![FIELD, "csrf", "form-token", "based-on", "do"].contains(name))
        .map(|name| values.get(name))
        .collect();
    let named = desk.named_elsewhere(who, &at.view, &typed);
    let mut doubts: BTreeSet<String> = (named.into_iter())
        .map(|one| {
            format!(
                "It names {}, who is recorded in {} and not in this case.",
                one.name, one.reference
            )
        })
        .collect();
    let pasted = read(values);
    doubts.extend(
        (pasted.iter())
            .filter(|one| one.from.other_case(at.case().reference()).is_some())
            .map(|one| desk.pasted_in_words(who, &at.view, one)),
    );
    doubts
}

/// Points out what seems to belong to another case, once: nothing when there is no doubt or the person has said that it belongs here.
pub fn pointed_out(at: &At, values: &Values, problems: &mut Problems) -> Option<Markup> {
    if values.has(BELONGS, "yes") {
        return None;
    }
    let doubts = doubts(at, values);
    if doubts.is_empty() {
        return None;
    }
    problems.add(
        BELONGS,
        "Take out what belongs to another case, or confirm that it belongs here",
    );
    Some(html! {
        div class="govuk-inset-text" {
            h2.govuk-heading-m { "Does this belong to this case?" }
            ul class="govuk-list govuk-list--bullet" { @for doubt in &doubts { li { (doubt) } } }
            p.govuk-body { "What you typed is still below and kept as a draft." }
            div.govuk-checkboxes data-module="govuk-checkboxes" { div.govuk-checkboxes__item {
                input.govuk-checkboxes__input id=(BELONGS) type="checkbox" name=(BELONGS) value="yes" form="page-form";
                label class="govuk-label govuk-checkboxes__label" for=(BELONGS) { "I have read it again, and it belongs here" }
            } }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_notes_is_read_and_what_it_cannot_mean_is_left_out() {
        let mut values = Values::default();
        values.set(
            FIELD,
            "Reasons\tcase\tMER-2026-003\tWhat happened\nReasons\tword\n\tword\nReasons\tno such kind\nReasons\tword\nReasons\tcase\t\t",
        );
        let read = read(&values);
        assert_eq!(read.len(), 2, "{read:?}");
        assert_eq!(read[0].from.other_case("MER-2026-003"), None);
        assert_eq!(
            read[0].from.other_case("MER-2026-004"),
            Some("MER-2026-003")
        );
        values.set(FIELD, &"Reasons\tplain\u{7}\n".repeat(3));
        assert_eq!(super::read(&values).len(), 1);
        let long = format!("{}\tplain", "x".repeat(5000));
        values.set(FIELD, &long);
        assert_eq!(super::read(&values)[0].into.len(), LONGEST);
    }
}
