//! Publication, kept small: the planned day, what was sent ahead, publishing, a delay that was reported.

use cases::Command;
use cases::publication::{Event, Publication};
use desk::Acted;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError};

/// One step of publication.
#[derive(Debug)]
pub struct PublicationForm;

impl CaseForm for PublicationForm {
    const PATH: &'static str = "/cases/{case}/publication";
    const PART: &'static str = "publication";
    const TAB: &'static str = "";
    const PROVES: bool = true;
    const ACT: access::Act = access::Act::RecordFacts;

    fn section() -> Option<access::Section> {
        Some(access::Section::Course)
    }

    fn others_may_read() -> bool {
        true
    }

    fn title(_: &At) -> String {
        "Publication".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let event = match form::choice(
            values,
            problems,
            "what",
            &["planned", "ahead", "published", "delay"],
            "Choose what to record",
        )? {
            "planned" => Event::PublicationPlanned {
                on: form::required_day(values, problems, "planned-on", "Enter the planned day")?,
            },
            "ahead" => Event::SentAhead {
                on: form::required_day(
                    values,
                    problems,
                    "sent-ahead-on",
                    "Enter the day it was sent",
                )?,
                to: values.text("sent-ahead-to"),
            },
            "published" => Event::Published {
                on: form::required_day(
                    values,
                    problems,
                    "published-on",
                    "Enter the day of publication",
                )?,
                place: values.text("published-place"),
            },
            _ => Event::DelayReported {
                on: form::required_day(
                    values,
                    problems,
                    "delay-on",
                    "Enter the day the delay was reported",
                )?,
                to: values.text("delay-to"),
                reasons: values.text("delay-reasons"),
            },
        };
        Some(vec![Command::Publication(event)])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        if !at.may(Self::ACT) {
            return shown(at);
        }
        html! {
            (shown(at))
            (govuk::radios_with(form, "what", "What is to be recorded?", "", &[
                Choice::new("planned", "A planned day of publication"),
                Choice::new("ahead", "The report was sent ahead of publication"),
                Choice::new("published", "The report was published"),
                Choice::new("delay", "A delay was reported"),
            ], |which| match which {
                "planned" => govuk::date(form, "planned-on", "Planned day", "It may lie ahead"),
                "ahead" => html! { (govuk::date(form, "sent-ahead-on", "Sent on", "")) (govuk::text(form, "sent-ahead-to", "To whom", "")) },
                "published" => html! { (govuk::date(form, "published-on", "Published on", "")) (govuk::text(form, "published-place", "Where", "")) },
                _ => html! { (govuk::date(form, "delay-on", "Reported on", "")) (govuk::text(form, "delay-to", "To whom", "")) (govuk::textarea(form, "delay-reasons", "The reasons given", "", 3)) },
            }))
        }
    }

    fn button(_: &At) -> String {
        "Record this".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("publication")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url(""), "Overview")
    }
}

/// What is recorded of publication.
fn shown(at: &At) -> Markup {
    let p = &at.case().publication;
    let rules = at.rules();
    html! {
        @if *p == Publication::default() { p.govuk-body { "Nothing is recorded yet." } }
        @if let Some(on) = p.planned { p.govuk-body { "Planned for " (calendar::words::long(on)) "." } }
        @for (on, to) in &p.sent_ahead { p.govuk-body { "Sent to " (to) " on " (calendar::words::long(*on)) "." } }
        @if let Some((on, place)) = &p.published { p.govuk-body { "Published on " (calendar::words::long(*on)) ", " (place) "." } }
        @for (on, to, reasons) in &p.delays { p.govuk-body { "A delay was reported to " (to) " on " (calendar::words::long(*on)) ": " (reasons) } }
        (super::law::clocks_of(rules, "publication"))
        (super::law::said(rules, &["publish-or-explain"]))
    }
}
