//! Parts that several forms share: evidence, by whom something was considered, coded values.

use cases::{ConsideredBy, Evidence};
use maud::{Markup, html};

use super::At;
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};

/// Puts evidence into form values.
pub fn start_evidence(values: &mut Values, list: &[Evidence]) {
    for (at, one) in list.iter().enumerate() {
        let field = |part: &str| format!("evidence-{at}-{part}");
        match one {
            Evidence::Statement { text, source } => {
                values.set(&field("kind"), "statement");
                values.set(&field("text"), text);
                values.set(&field("source"), source);
            }
            Evidence::Document {
                title,
                dated,
                holder,
                kept,
            } => {
                values.set(&field("kind"), "document");
                values.set(&field("title"), title);
                values.set(&field("holder"), holder);
                values.set(&field("kept"), kept);
                values.set_day(&field("dated"), *dated);
            }
        }
    }
    values.set("evidence-rows", &(list.len() + 1).to_string());
}

/// Reads evidence; rows without any text are left out.
pub fn read_evidence(values: &Values, problems: &mut Problems) -> Vec<Evidence> {
    let mut list = Vec::new();
    for at in 0..values.rows("evidence", 1) {
        let field = |part: &str| format!("evidence-{at}-{part}");
        let text = |part: &str| values.text(&field(part));
        let document = values.get(&field("kind")) == "document"
            || (text("text").is_empty() && !text("title").is_empty());
        let dated = form::day(values, problems, &field("dated"));
        let empty = ["text", "source", "title", "holder", "kept"]
            .iter()
            .all(|p| text(p).is_empty());
        if empty {
            continue;
        }
        list.push(if document {
            Evidence::Document {
                title: text("title"),
                dated,
                holder: text("holder"),
                kept: text("kept"),
            }
        } else {
            Evidence::Statement {
                text: text("text"),
                source: text("source"),
            }
        });
    }
    list
}

/// The fields for evidence.
pub fn evidence(form: &Form<'_>, hint: &str) -> Markup {
    let held = form
        .values
        .names()
        .filter_map(|n| {
            n.strip_prefix("evidence-")?
                .split('-')
                .next()?
                .parse::<usize>()
                .ok()
        })
        .max()
        .map_or(0, |m| m + 1);
    let rows = form.values.rows("evidence", held);
    html! {
        fieldset.govuk-fieldset {
            legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { "Evidence" }
            @if !hint.is_empty() { div.govuk-hint { (hint) } }
            input type="hidden" name="evidence-rows" value=(rows);
            @for at in 0..rows {
                @let field = |part: &str| format!("evidence-{at}-{part}");
                div.c-row {
                    p.govuk-heading-s { "Evidence " (at + 1) }
                    (govuk::radios_with(form, &field("kind"), "What is it?", "", &[Choice::new("statement", "A statement with its source"), Choice::new("document", "A document")], |kind| match kind {
                        "statement" => html! {
                            (govuk::textarea(form, &field("text"), "What was said or recorded", "", 3))
                            (govuk::text(form, &field("source"), "Who said it, or where it is recorded", ""))
                        },
                        _ => html! {
                            (govuk::text(form, &field("title"), "Title of the document", ""))
                            (govuk::date(form, &field("dated"), "Its date", ""))
                            (govuk::text(form, &field("holder"), "Who holds it", ""))
                            (govuk::text(form, &field("kept"), "Where it is kept", ""))
                        },
                    }))
                }
            }
            button class="govuk-button govuk-button--secondary" type="submit" name="do" value="more-evidence" formnovalidate { "Add another piece of evidence" }
        }
    }
}

/// Evidence as it is read.
pub fn evidence_shown(list: &[Evidence]) -> Markup {
    html! {
        @for one in list {
            div.c-evidence {
                @match one {
                    Evidence::Statement { text, source } => { (text) cite { (source) } }
                    Evidence::Document { title, dated, holder, kept } => {
                        (title) @if let Some(day) = dated { ", " (calendar::words::short(*day)) }
                        cite { "Held by " (holder) @if !kept.is_empty() { ", " (kept) } }
                    }
                }
            }
        }
    }
}

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
