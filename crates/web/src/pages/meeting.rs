//! A whole meeting's findings on one page: every criterion, circumstance and question with finding and reasons.

use cases::Command;
use cases::consideration::{self, Finding};
use desk::Acted;
use maud::{Markup, html};

use super::element::findings;
use crate::form::{Form, Problems, Values};
use crate::govuk;
use crate::page::{At, CaseForm, PageError, parts};

/// All elements of the edition.
#[derive(Debug)]
pub struct WholeMeetingForm;

impl CaseForm for WholeMeetingForm {
    const PATH: &'static str = "/cases/{case}/meeting";
    const PART: &'static str = "the whole consideration";
    const TAB: &'static str = "consideration";
    const ACT: access::Act = access::Act::WriteFinding;

    fn title(_: &At) -> String {
        "A whole meeting\u{2019}s findings".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        for element in at.rules().considered().chain(at.rules().questions.iter()) {
            if let Some(found) = at.case().consideration.of(element.id.as_str()) {
                values.set(&format!("{}-finding", element.id), &found.finding.finding);
                values.set(&format!("{}-reasons", element.id), &found.finding.reasons);
            }
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let considered_by = parts::read_considered(values, problems);
        let mut commands = Vec::new();
        for element in at.rules().considered().chain(at.rules().questions.iter()) {
            let (finding, reasons) = (
                values.text(&format!("{}-finding", element.id)),
                values.text(&format!("{}-reasons", element.id)),
            );
            let before = at
                .case()
                .consideration
                .of(element.id.as_str())
                .map(|c| c.finding.clone());
            if finding.is_empty() && reasons.is_empty() {
                continue;
            }
            if before
                .as_ref()
                .is_some_and(|b| b.finding == finding && b.reasons == reasons)
            {
                continue;
            }
            if finding.is_empty() {
                problems.add(
                    &format!("{}-finding", element.id),
                    &format!("Choose what was found: {}", element.label),
                );
            }
            if reasons.is_empty() {
                problems.add(
                    &format!("{}-reasons", element.id),
                    &format!("Enter the reasons: {}", element.label),
                );
            }
            let kept = before.unwrap_or_else(|| Finding {
                element: element.id.to_string(),
                finding: String::new(),
                reasons: String::new(),
                evidence: Vec::new(),
                considered_by: considered_by.clone(),
                partners: Vec::new(),
                agreed: true,
                missing: String::new(),
                why_without: String::new(),
                look_again: None,
            });
            let found = Finding {
                finding,
                reasons,
                considered_by: considered_by.clone(),
                ..kept
            };
            commands.push(Command::Consideration(consideration::Command::Consider(
                found,
            )));
        }
        if commands.is_empty() && problems.is_empty() {
            problems.add(
                "",
                "Nothing was changed: choose at least one finding and give its reasons",
            );
        }
        problems.is_empty().then_some(commands)
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { "What stands in the record is shown. Leave empty what the meeting did not consider. Evidence, a partner\u{2019}s own finding and what is not known are added on the page of each." }
            (parts::considered(at, form))
            @for element in at.rules().considered().chain(at.rules().questions.iter()) {
                div.c-row {
                    h2.govuk-heading-s { a.govuk-link href=(at.url(&format!("consideration/{}", element.id))) { (element.label) } }
                    (govuk::source_note(&element.source, &element.standing))
                    (govuk::select(form, &format!("{}-finding", element.id), &element.question, "", "Not considered at this meeting", &findings(element)))
                    (form.labels.within(&element.label, || govuk::textarea(form, &format!("{}-reasons", element.id), "Reasons", "", 3)))
                }
            }
        }
    }

    fn button(_: &At) -> String {
        "Write these findings down".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("consideration")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("consideration"), "Consideration")
    }
}
