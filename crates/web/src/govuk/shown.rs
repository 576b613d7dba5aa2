//! What is shown: summaries, tags, notes, task lists, clocks, where a rule comes from.

use guidance::{Source, Standing};
use maud::{Markup, html};

use crate::form::labels::Labels;
use crate::form::{Form, Problems};

/// All that has to be corrected, each with a link to its field, for a page whose fields differ in what is said of them.
pub fn error_summary(problems: &Problems) -> Markup {
    summary(problems, &Labels::default())
}

/// All that has to be corrected in a form whose fields were drawn: in the order of the page, each line saying of which field it is.
pub fn error_summary_of(form: &Form<'_>) -> Markup {
    summary(form.problems, &form.labels)
}

fn summary(problems: &Problems, labels: &Labels) -> Markup {
    html! {
        @if !problems.is_empty() {
            div.govuk-error-summary data-module="govuk-error-summary" tabindex="-1" {
                div role="alert" {
                    h2.govuk-error-summary__title { "There is a problem" }
                    div.govuk-error-summary__body {
                        p.govuk-body { "Nothing you typed is lost." }
                        ul class="govuk-list govuk-error-summary__list" {
                            @for problem in labels.lines(problems) {
                                li { @if problem.field.is_empty() { (problem.message) } @else { a href=(format!("#{}", problem.field)) { (problem.message) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A link back.
pub fn back_link(to: &str, words: &str) -> Markup {
    html! { a.govuk-back-link href=(to) { (words) } }
}

/// A status in a word or two; the colour never carries the meaning alone.
pub fn tag(words: &str, colour: &str) -> Markup {
    html! { strong class=(format!("govuk-tag govuk-tag--{colour}")) { (words) } }
}

/// An aside in the text.
pub fn inset(body: &Markup) -> Markup {
    html! { div.govuk-inset-text { (body) } }
}

/// Something to know before going on.
pub fn warning(words: &str) -> Markup {
    html! {
        div.govuk-warning-text {
            span.govuk-warning-text__icon aria-hidden="true" { "!" }
            strong.govuk-warning-text__text { span.govuk-visually-hidden { "Warning " } (words) }
        }
    }
}

/// More, when wanted; open from the start when a field inside has to be corrected, so that no error stands out of sight.
pub fn details(summary: &str, body: &Markup) -> Markup {
    let wrong = body.0.contains("govuk-error-message\"");
    html! {
        details.govuk-details open[wrong] {
            summary.govuk-details__summary { span.govuk-details__summary-text { (summary) } }
            div.govuk-details__text { (body) }
        }
    }
}

/// A name, its value, and a link to change it (words, address), when there is one.
pub type Fact = (String, Markup, Option<(String, String)>);

/// Names and values.
pub fn facts(rows: &[Fact]) -> Markup {
    html! {
        dl.govuk-summary-list {
            @for (key, value, change) in rows {
                div.govuk-summary-list__row {
                    dt.govuk-summary-list__key { (key) }
                    dd.govuk-summary-list__value { (value) }
                    @if let Some((words, to)) = change {
                        dd.govuk-summary-list__actions { a.govuk-link href=(to) { (words) span.govuk-visually-hidden { " " (key) } } }
                    }
                }
            }
        }
    }
}

/// Where a rule comes from and how far that was confirmed.
pub fn source_note(source: &Source, standing: &Standing) -> Markup {
    html! {
        p.c-source {
            (source.to_string())
            @if !matches!(standing, Standing::ReadInSource) { " " span.c-standing { (standing.words()) } }
            @if let Standing::Disputed { readings, .. } = standing {
                @for reading in readings { br; (reading.text) " (" (reading.source.to_string()) ")" }
            }
        }
    }
}

/// A task list: name, address, hint, status and its colour; an empty address is no link.
pub fn task_list(items: &[(String, String, String, Markup)]) -> Markup {
    html! {
        ul.govuk-task-list {
            @for (at, (name, to, hint, status)) in items.iter().enumerate() {
                @let id = format!("task-{at}");
                li class=(if to.is_empty() { "govuk-task-list__item" } else { "govuk-task-list__item govuk-task-list__item--with-link" }) {
                    div.govuk-task-list__name-and-hint {
                        @if to.is_empty() { div { (name) } }
                        @else { a class="govuk-link govuk-task-list__link" href=(to) aria-describedby=(format!("{id}-hint {id}-status")) { (name) } }
                        div.govuk-task-list__hint id=(format!("{id}-hint")) { (hint) }
                    }
                    div.govuk-task-list__status id=(format!("{id}-status")) { (status) }
                }
            }
        }
    }
}

/// A clock: the number first, the words beside, the arithmetic one step away.
pub fn clock_card(what: &str, left: &str, due: &str, soon: bool, done: bool, how: &str) -> Markup {
    let class = if done {
        "c-clock c-clock--done"
    } else if soon {
        "c-clock c-clock--soon"
    } else {
        "c-clock"
    };
    html! {
        li class=(class) {
            h3.c-clock__what { (what) }
            p.c-clock__left { (left) }
            p.c-clock__due { (due) }
            p.c-clock__how { a.govuk-link href=(how) { "How this was worked out" span.govuk-visually-hidden { ": " (what) } } }
        }
    }
}
