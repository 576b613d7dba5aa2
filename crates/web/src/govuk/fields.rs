//! Fields of a form: each fills its own value and its own error.

use maud::{Markup, html};

use crate::form::Form;
use crate::form::labels::Kind;

/// One option of a choice.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Small print.
    pub hint: String,
}

impl Choice {
    /// An option without small print.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
        }
    }

    /// An option with small print.
    pub fn hinted(
        value: impl Into<String>,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) -> Choice {
        Choice {
            value: value.into(),
            label: label.into(),
            hint: hint.into(),
        }
    }
}

fn offered(choices: &[Choice]) -> Kind {
    let one = |c: &Choice| (c.value.clone(), c.label.clone());
    Kind::Choice(choices.iter().map(one).collect())
}

struct Names {
    hint: String,
    error: String,
}

fn names(name: &str) -> Names {
    Names {
        hint: format!("{name}-hint"),
        error: format!("{name}-error"),
    }
}

fn described(form: &Form<'_>, name: &str, hint: &str) -> Option<String> {
    let ids = names(name);
    let mut list = Vec::new();
    if !hint.is_empty() {
        list.push(ids.hint);
    }
    if form.problems.for_field(name).is_some() {
        list.push(ids.error);
    }
    (!list.is_empty()).then(|| list.join(" "))
}

fn hint_and_error(form: &Form<'_>, name: &str, hint: &str) -> Markup {
    let ids = names(name);
    html! {
        @if !hint.is_empty() { div.govuk-hint id=(ids.hint) { (hint) } }
        @if let Some(message) = form.problems.for_field(name) {
            p.govuk-error-message id=(ids.error) { span.govuk-visually-hidden { "Error: " } (message) }
        }
    }
}

fn group(form: &Form<'_>, name: &str) -> &'static str {
    if form.problems.for_field(name).is_some() {
        "govuk-form-group govuk-form-group--error"
    } else {
        "govuk-form-group"
    }
}

/// A line of text.
pub fn text(form: &Form<'_>, name: &str, label: &str, hint: &str) -> Markup {
    width_text(form, name, label, hint, "", "text")
}

/// A line of text of a width and an input type.
pub fn width_text(
    form: &Form<'_>,
    name: &str,
    label: &str,
    hint: &str,
    width: &str,
    kind: &str,
) -> Markup {
    form.labels.note(name, label, Kind::Words);
    let error = form.problems.for_field(name).is_some();
    html! {
        div class=(group(form, name)) {
            label.govuk-label for=(name) { (label) }
            (hint_and_error(form, name, hint))
            input class=(format!("govuk-input {width} {}", if error { "govuk-input--error" } else { "" })) id=(name) name=(name) type=(kind) value=(form.values.get(name)) aria-describedby=[described(form, name, hint)];
        }
    }
}

/// Several lines of text.
pub fn textarea(form: &Form<'_>, name: &str, label: &str, hint: &str, rows: u8) -> Markup {
    form.labels.note(name, label, Kind::Words);
    let error = form.problems.for_field(name).is_some();
    html! {
        div class=(group(form, name)) {
            label.govuk-label for=(name) { (label) }
            (hint_and_error(form, name, hint))
            textarea class=(if error { "govuk-textarea govuk-textarea--error" } else { "govuk-textarea" }) id=(name) name=(name) rows=(rows) spellcheck="true" aria-describedby=[described(form, name, hint)] { "\n" (form.values.get(name)) }
        }
    }
}

/// A day in three boxes.
pub fn date(form: &Form<'_>, name: &str, label: &str, hint: &str) -> Markup {
    form.labels.note(name, label, Kind::Day);
    let error = form.problems.for_field(name).is_some();
    let class = |width: &str| {
        format!(
            "govuk-input govuk-date-input__input govuk-input--width-{width}{}",
            if error { " govuk-input--error" } else { "" }
        )
    };
    html! {
        div class=(group(form, name)) {
            fieldset.govuk-fieldset role="group" aria-describedby=[described(form, name, hint)] {
                legend.govuk-fieldset__legend { (label) }
                (hint_and_error(form, name, hint))
                div.govuk-date-input {
                    @for (part, word, width) in [("day", "Day", "2"), ("month", "Month", "2"), ("year", "Year", "4")] {
                        @let part_name = format!("{name}-{part}");
                        // The error summary leads to the first box.
                        @let id = if part == "day" { name } else { part_name.as_str() };
                        div.govuk-date-input__item { div.govuk-form-group {
                            label class="govuk-label govuk-date-input__label" for=(id) { (word) }
                            input class=(class(width)) id=(id) name=(part_name) type="text" inputmode=(if part == "month" { "text" } else { "numeric" }) value=(form.values.get(&part_name));
                        } }
                    }
                }
            }
        }
    }
}

/// One of several.
pub fn radios(form: &Form<'_>, name: &str, legend: &str, hint: &str, choices: &[Choice]) -> Markup {
    radios_with(form, name, legend, hint, choices, |_| html! {})
}

/// One of several, with further fields under some; they are shown also without scripts.
pub fn radios_with(
    form: &Form<'_>,
    name: &str,
    legend: &str,
    hint: &str,
    choices: &[Choice],
    under: impl Fn(&str) -> Markup,
) -> Markup {
    form.labels.note(name, legend, offered(choices));
    html! {
        div class=(group(form, name)) {
            fieldset.govuk-fieldset aria-describedby=[described(form, name, hint)] {
                legend class="govuk-fieldset__legend govuk-fieldset__legend--s" { (legend) }
                (hint_and_error(form, name, hint))
                div.govuk-radios {
                    @for (at, choice) in choices.iter().enumerate() {
                        @let id = if at == 0 { name.to_owned() } else { format!("{name}-{at}") };
                        @let below = under(&choice.value).into_string();
                        @let below_id = format!("{id}-more");
                        div.govuk-radios__item {
                            input.govuk-radios__input id=(id) name=(name) type="radio" value=(choice.value) checked[form.values.get(name) == choice.value] data-shows=[(!below.is_empty()).then_some(&below_id)];
                            label class="govuk-label govuk-radios__label" for=(id) { (choice.label) }
                            @if !choice.hint.is_empty() { div class="govuk-hint govuk-radios__hint" { (choice.hint) } }
                        }
                        @if !below.is_empty() {
                            div class="govuk-radios__conditional" id=(below_id) { (maud::PreEscaped(below)) }
                        }
                    }
                }
            }
        }
    }
}

/// Any of several.
pub fn checkboxes(
    form: &Form<'_>,
    name: &str,
    legend: &str,
    hint: &str,
    choices: &[Choice],
) -> Markup {
    form.labels.note(name, legend, offered(choices));
    html! {
        div class=(group(form, name)) {
            fieldset.govuk-fieldset aria-describedby=[described(form, name, hint)] {
                legend class="govuk-fieldset__legend govuk-fieldset__legend--s" { (legend) }
                (hint_and_error(form, name, hint))
                div.govuk-checkboxes data-module="govuk-checkboxes" {
                    @for (at, choice) in choices.iter().enumerate() {
                        @let id = if at == 0 { name.to_owned() } else { format!("{name}-{at}") };
                        div.govuk-checkboxes__item {
                            input.govuk-checkboxes__input id=(id) name=(name) type="checkbox" value=(choice.value) checked[form.values.has(name, &choice.value)];
                            label class="govuk-label govuk-checkboxes__label" for=(id) { (choice.label) }
                            @if !choice.hint.is_empty() { div class="govuk-hint govuk-checkboxes__hint" { (choice.hint) } }
                        }
                    }
                }
            }
        }
    }
}

/// One of a long list.
pub fn select(
    form: &Form<'_>,
    name: &str,
    label: &str,
    hint: &str,
    empty: &str,
    choices: &[Choice],
) -> Markup {
    form.labels.note(name, label, offered(choices));
    let error = form.problems.for_field(name).is_some();
    let chosen = form.values.get(name);
    html! {
        div class=(group(form, name)) {
            label.govuk-label for=(name) { (label) }
            (hint_and_error(form, name, hint))
            select class=(if error { "govuk-select govuk-select--error" } else { "govuk-select" }) id=(name) name=(name) aria-describedby=[described(form, name, hint)] {
                @if !empty.is_empty() { option value="" { (empty) } }
                @for choice in choices { option value=(choice.value) selected[chosen == choice.value] { (choice.label) } }
            }
        }
    }
}
