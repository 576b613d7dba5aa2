//! Parts that several forms share: by whom something was considered, partners, what is missing, names.

use cases::ConsideredBy;
use maud::{Markup, html};

use super::At;
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};

/// Puts "by whom considered" into form values.
pub fn start_considered(values: &mut Values, by: &ConsideredBy) {
    values.set("considered-people", &by.people);
    values.set_all("considered-partners", by.partners.iter().cloned());
    values.set("considered-meeting", &by.meeting);
    values.set_day("considered-on", by.on);
}

/// Reads "by whom considered".
pub fn read_considered(values: &Values, problems: &mut Problems) -> ConsideredBy {
    ConsideredBy {
        people: values.text("considered-people"),
        partners: values
            .all("considered-partners")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        meeting: values.text("considered-meeting"),
        on: form::day(values, problems, "considered-on"),
    }
}

/// The partners as choices.
pub fn partner_choices(at: &At) -> Vec<Choice> {
    at.rules()
        .partners
        .iter()
        .map(|p| Choice::new(p.id.to_string(), p.label.clone()))
        .collect()
}

/// The fields for "by whom considered".
pub fn considered(at: &At, form: &Form<'_>) -> Markup {
    html! {
        fieldset.govuk-fieldset {
            legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { "Considered by" }
            div.govuk-hint { "Whoever writes this down is recorded too, and does not find." }
            (govuk::checkboxes(form, "considered-partners", "Which partners", "", &partner_choices(at)))
            (govuk::text(form, "considered-people", "Which people", "Name and part, like Amina Rahman, designated nurse"))
            (govuk::text(form, "considered-meeting", "Which meeting", "If it was one"))
            (govuk::date(form, "considered-on", "On which day", "Like 27 3 2026"))
        }
    }
}

/// The name of a partner in the words of the rules.
pub fn partner_name(at: &At, id: &str) -> String {
    at.rules()
        .partners
        .iter()
        .find(|p| p.id.as_str() == id)
        .map_or_else(|| id.replace('-', " "), |p| p.label.clone())
}

/// What is missing, each with a link to where it is supplied; a source that all share is said once.
pub fn missing_list(at: &At, list: &[cases::Missing]) -> Markup {
    let shared = list
        .first()
        .map(|m| m.source.clone())
        .filter(|s| list.len() > 1 && !s.is_empty() && list.iter().all(|m| &m.source == s));
    html! {
        ul class="govuk-list govuk-list--bullet" {
            @for one in list {
                li {
                    a.govuk-link href=(super::places::url(&at.case().id, &one.place)) { (super::case_form::sentence(&one.what)) }
                    @if shared.is_none() && !one.source.is_empty() { span.c-quiet { " " (one.source) } }
                }
            }
        }
        @if let Some(source) = &shared { p.c-quiet { (source) } }
    }
}

/// Text with its line breaks kept as paragraphs.
pub fn paragraphs(text: &str) -> Markup {
    html! { @for part in text.split("\n\n").filter(|p| !p.trim().is_empty()) { p.govuk-body { @for (n, line) in part.lines().enumerate() { @if n > 0 { br; } (line) } } } }
}

/// A moment in words in England's time.
pub fn when(at: &At, moment: jiff::Timestamp) -> String {
    calendar::words::moment(&at.who.desk().clock().local(moment))
}

/// The field for a name: it is filled only where names are shown, and a name that is recorded but not shown stays as it is.
pub fn name_field(at: &At, form: &Form<'_>, recorded: &str) -> Markup {
    html! {
        @if recorded.is_empty() || at.shows_names() { (govuk::text(form, "name", "Name", "Shown only to those who turn names on")) }
        @else { p.govuk-body { "A name is recorded. " a.govuk-link href="/you" { "Turn names on" } " to see or change it." } }
    }
}

/// The name as it is to be recorded: what was typed, or what stands in the record where the field was not shown.
pub fn read_name(at: &At, values: &Values, recorded: &str) -> String {
    if recorded.is_empty() || at.shows_names() {
        values.text("name")
    } else {
        recorded.to_owned()
    }
}
