//! The text of the decision: two questions, reasons, evidence, and for a "no" why not nevertheless.

use std::collections::BTreeMap;

use cases::Command;
use cases::decision::{self, Proposal};
use desk::Acted;
use guidance::Weight;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError, evidence};

/// The text.
#[derive(Debug)]
pub struct TextForm;

impl CaseForm for TextForm {
    const PATH: &'static str = "/cases/{case}/decision/text";
    const PART: &'static str = "the text of the decision";
    const TAB: &'static str = "decision";
    const ACT: access::Act = access::Act::WriteDecision;

    fn title(_: &At) -> String {
        "The text of the decision".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let p = &at.case().decision.current.proposal;
        let mut values = Values::default();
        values.set(
            "conduct",
            match p.conduct {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            },
        );
        values.set_all("routes", p.routes.iter().cloned());
        values.set("route-details", &p.route_details);
        values.set("reasons", &p.reasons);
        values.set_day("decided-on", p.decided_on);
        for (element, words) in &p.why_not {
            values.set(&format!("why-not-{element}"), words);
        }
        evidence::start_evidence(&mut values, &p.evidence);
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let decided_on = form::day(values, problems, "decided-on");
        let why_not: BTreeMap<String, String> = at
            .rules()
            .criteria
            .iter()
            .map(|e| (e.id.to_string(), values.text(&format!("why-not-{}", e.id))))
            .filter(|(_, w)| !w.is_empty())
            .collect();
        let proposal = Proposal {
            conduct: match values.get("conduct") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            routes: values
                .all("routes")
                .into_iter()
                .map(str::to_owned)
                .collect(),
            route_details: values.text("route-details"),
            reasons: values.text("reasons"),
            evidence: evidence::read_evidence(at, values, problems),
            why_not,
            decided_on,
        };
        problems
            .is_empty()
            .then(|| vec![Command::Decision(decision::Command::WriteText(proposal))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let rules = at.rules();
        let name = cases::stages::review_name(rules);
        let routes: Vec<Choice> = rules
            .routes
            .iter()
            .map(|r| Choice::hinted(r.id.to_string(), r.label.clone(), r.help.clone()))
            .collect();
        let found: Vec<_> = rules
            .criteria
            .iter()
            .filter(|e| {
                matches!(
                    at.case().consideration.weight(e),
                    Some(Weight::Yes | Weight::Possibly)
                )
            })
            .collect();
        let signed = at
            .case()
            .decision
            .current
            .signatures
            .iter()
            .any(|s| !s.set_aside);
        html! {
            @if signed { (govuk::warning("A change of this text sets the signatures given so far aside. They are kept and shown, and each partner signs again.")) }
            (super::law::said(at.rules(), &["appropriateness"]))
            (govuk::radios_with(form, "conduct", &format!("1. Conduct a {name}?"), "", &[Choice::new("yes", "Yes"), Choice::new("no", "No"), Choice::new("", "Not answered yet")], |which| if which == "no" {
                html! {
                    p.govuk-body { "A \u{201c}no\u{201d} needs evidence below, and for each criterion that was found, why a review is nevertheless not conducted." }
                    @if found.is_empty() { p.govuk-body { "No criterion has been found so far." } }
                    @for element in &found { (govuk::textarea(form, &format!("why-not-{}", element.id), &format!("Why not nevertheless, although \u{201c}{}\u{201d}", element.label), "", 3)) }
                }
            } else { html! {} }))
            (govuk::checkboxes(form, "routes", "2. What else?", "Any that apply", &routes))
            (govuk::textarea(form, "route-details", "Details", "Which review is joined, which theme, who leads", 2))
            (super::law::said(at.rules(), &["rationale", "tell-reasons"]))
            (govuk::textarea(form, "reasons", "Reasons", "", 8))
            (evidence::evidence(at, form, ""))
            (govuk::date(form, "decided-on", "On which day did the partners decide?", "The clocks start from this day; the signatures carry their own times"))
        }
    }

    fn button(_: &At) -> String {
        "Save this text".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("decision")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("decision"), "Decision")
    }
}
