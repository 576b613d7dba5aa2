//! The rapid review, kept small: its meetings, the report that was sent, the Panel's answer.

use cases::Command;
use cases::rapid_review::{self, Answer, Meeting, PanelAnswer, ReportSent};
use desk::Acted;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError, parts};

fn back(at: &At) -> Markup {
    govuk::back_link(&at.url("rapid-review"), "Rapid review")
}

/// The meetings, planned and held.
fn meetings(at: &At) -> Markup {
    html! {
        @if !at.case().notification.obliges_rapid_review(at.rules()) { p.govuk-body { "Nothing recorded so far obliges a rapid review. What has happened can be recorded all the same." } }
        @for m in &at.case().rapid_review.meetings {
            div.c-next {
                h2.govuk-heading-s { @if m.planned { "Meeting planned for " } @else { "Meeting of " } (calendar::words::long(m.on)) }
                @if !m.present.is_empty() { p.govuk-body { b { "There: " } (m.present.lines().collect::<Vec<_>>().join("; ")) } }
                @if !m.apologies.is_empty() { p.govuk-body { b { "Apologies: " } (m.apologies.lines().collect::<Vec<_>>().join("; ")) } }
                @let interests = declared_by(at, m.on);
                @if !interests.is_empty() { p.govuk-body { b { "Interests declared: " } (interests.join("; ")) } }
                @if !m.safety.is_empty() { p.govuk-body { b { "Safety now: " } (m.safety) } }
                (parts::paragraphs(&m.notes))
            }
        }
    }
}

/// The interests that had been declared by the day of a meeting, with what became of them.
fn declared_by(at: &At, on: calendar::Date) -> Vec<String> {
    let clock = at.who.desk().clock();
    let list = at.case().interests.list.iter();
    list.filter(|i| clock.day_of(i.at) <= on)
        .map(cases::interests::Interest::line)
        .collect()
}

/// The report, the Panel's answer and what a rapid review is for; the links only for those who may add to it.
fn beside(at: &At) -> Markup {
    let r = &at.case().rapid_review;
    let may = at.may(access::Act::RecordFacts);
    html! {
        h2.govuk-heading-s { "Report" }
        @if r.reports.is_empty() { p.govuk-body-s { "No report is recorded as sent." } }
        @for report in &r.reports {
            p.govuk-body-s { "Sent to " (report.to) " on " (calendar::words::long(report.on)) @if !report.by_whom.is_empty() { " by " (report.by_whom) } }
            (parts::paragraphs(&report.summary))
        }
        @if may { p.govuk-body-s { a.govuk-link href=(at.url("rapid-review/report")) { "Record that the report was sent" } } }
        h2.govuk-heading-s { "The Panel\u{2019}s answer" }
        @if r.answers.is_empty() { p.govuk-body-s { "No answer is recorded." } }
        @for a in &r.answers {
            p.govuk-body-s { (calendar::words::long(a.on)) ": " (a.answer.words()) "." }
            (parts::paragraphs(&a.words))
        }
        @if may { p.govuk-body-s { a.govuk-link href=(at.url("rapid-review/answer")) { "Record the Panel\u{2019}s answer" } } }
        h2.govuk-heading-s { "What it is for" }
        ul class="govuk-list govuk-list--bullet" { @for e in &at.rules().rapid_review { li.c-quiet { (e.label) @if !matches!(e.standing, guidance::Standing::ReadInSource) { " (" (e.standing.words()) ")" } } } }
    }
}

/// A meeting; the page shows all that belongs to the rapid review.
#[derive(Debug)]
pub struct MeetingForm;

impl CaseForm for MeetingForm {
    const PATH: &'static str = "/cases/{case}/rapid-review";
    const PART: &'static str = "the rapid review";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::RecordFacts;

    fn section() -> Option<access::Section> {
        Some(access::Section::Incident)
    }

    fn others_may_read() -> bool {
        true
    }

    fn title(_: &At) -> String {
        "Rapid review".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        values.set("state", "held");
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::required_day(
            values,
            problems,
            "meeting-on",
            "Enter the day of the meeting, like 27 3 2026",
        )?;
        let meeting = Meeting {
            on,
            planned: values.get("state") == "planned",
            present: values.text("present"),
            apologies: values.text("apologies"),
            safety: values.text("safety"),
            notes: values.text("notes"),
            instead_of: planned(at).find(|day| day.to_string() == values.get("instead-of")),
        };
        Some(vec![Command::RapidReview(
            rapid_review::Command::RecordMeeting(meeting),
        )])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        if !at.may(Self::ACT) {
            return html! { (meetings(at)) (beside(at)) };
        }
        html! {
            (meetings(at))
            h2.govuk-heading-m { "Record a meeting" }
            (govuk::radios(form, "state", "Has it been held?", "", &[Choice::new("held", "It was held"), Choice::new("planned", "It is planned")]))
            (govuk::date(form, "meeting-on", "On which day", "A planned meeting may lie ahead"))
            @if planned(at).next().is_some() { (govuk::radios(form, "instead-of", "Is it a meeting that was planned for another day?", "Then that day is no longer shown as planned", &instead(at))) }
            (govuk::textarea(form, "present", "Who was there", "One person or body a line", 5))
            (govuk::textarea(form, "apologies", "Apologies", "One a line", 2))
            (govuk::textarea(form, "safety", "The safety of this and other children now", "What was said, and what was done at once", 3))
            (govuk::textarea(form, "notes", "Notes", "", 4))
        }
    }

    fn button(_: &At) -> String {
        "Record this meeting".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("rapid-review")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url(""), "Overview")
    }

    fn aside(at: &At, _: &Form<'_>) -> Markup {
        html! { div.c-aside { (beside(at)) } }
    }
}

/// The days for which a meeting is planned.
fn planned(at: &At) -> impl Iterator<Item = calendar::Date> {
    let meetings = at.case().rapid_review.meetings.iter();
    meetings.filter(|m| m.planned).map(|m| m.on)
}

fn instead(at: &At) -> Vec<Choice> {
    planned(at)
        .map(|day| {
            let words = format!("Yes, for {}", calendar::words::long(day));
            Choice::new(day.to_string(), words)
        })
        .chain([Choice::new("no", "No, or it was held on the planned day")])
        .collect()
}

/// The report.
#[derive(Debug)]
pub struct ReportForm;

impl CaseForm for ReportForm {
    const PATH: &'static str = "/cases/{case}/rapid-review/report";
    const PART: &'static str = "the rapid review report";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::RecordFacts;

    fn section() -> Option<access::Section> {
        Some(access::Section::Incident)
    }

    fn title(_: &At) -> String {
        "Record that the report was sent".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        let mut clocks = at.rules().clocks.iter();
        if let Some(owed) = clocks.find(|c| c.done_when == "rapid-review-sent") {
            values.set("report-to", &owed.owed_to.join(", "));
        }
        Ok(values)
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::required_day(
            values,
            problems,
            "report-on",
            "Enter the day it was sent, like 27 3 2026",
        )?;
        let report = ReportSent {
            on,
            to: values.text("report-to"),
            by_whom: values.text("by-whom"),
            summary: values.text("summary"),
        };
        Some(vec![Command::RapidReview(
            rapid_review::Command::RecordReport(report),
        )])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            (govuk::date(form, "report-on", "On which day", ""))
            (govuk::text(form, "report-to", "To whom", ""))
            (govuk::text(form, "by-whom", "By whom", ""))
            (govuk::textarea(form, "summary", "What it said, in short", "", 4))
        }
    }

    fn button(_: &At) -> String {
        "Record this".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("rapid-review")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

fn answer_word(answer: Answer) -> String {
    serde_json::to_value(answer)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The Panel's answer.
#[derive(Debug)]
pub struct AnswerForm;

impl CaseForm for AnswerForm {
    const PATH: &'static str = "/cases/{case}/rapid-review/answer";
    const PART: &'static str = "the Panel's answer";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::RecordFacts;

    fn section() -> Option<access::Section> {
        Some(access::Section::Incident)
    }

    fn title(_: &At) -> String {
        "Record the Panel\u{2019}s answer".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::required_day(
            values,
            problems,
            "answer-on",
            "Enter the day it was received, like 27 3 2026",
        );
        let answer = Answer::ALL
            .into_iter()
            .find(|a| answer_word(*a) == values.get("answer"));
        if answer.is_none() {
            problems.add("answer", "Choose what the Panel answered");
        }
        let answer = PanelAnswer {
            on: on?,
            answer: answer?,
            words: values.text("answer-words"),
        };
        Some(vec![Command::RapidReview(
            rapid_review::Command::RecordAnswer(answer),
        )])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let answers: Vec<Choice> = Answer::ALL
            .iter()
            .map(|a| Choice::new(answer_word(*a), crate::page::case_form::sentence(a.words())))
            .collect();
        html! {
            (govuk::date(form, "answer-on", "On which day was it received?", ""))
            (super::law::said(at.rules(), &["panel-cannot-order"]))
            (govuk::radios(form, "answer", "What did the Panel answer?", "", &answers))
            (govuk::textarea(form, "answer-words", "In its words, or in short", "", 5))
        }
    }

    fn button(_: &At) -> String {
        "Record this answer".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("rapid-review")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}
