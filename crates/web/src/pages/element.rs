//! One criterion, circumstance or question: finding, reasons, evidence, by whom, and each partner's own finding where it differs.

use cases::Command;
use cases::consideration::{self, Finding, PartnerFinding};
use cases::reasons;
use desk::Acted;
use guidance::{Element, Weight};
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError, evidence, parts};

/// One element.
#[derive(Debug)]
pub struct ElementForm;

fn element(at: &At) -> Option<&Element> {
    consideration::element(at.rules(), at.param("element"))
}

/// The element after this one.
fn next<'a>(at: &'a At, id: &str) -> Option<&'a Element> {
    let all: Vec<&Element> = at
        .rules()
        .considered()
        .chain(at.rules().questions.iter())
        .collect();
    let here = all.iter().position(|e| e.id.as_str() == id)?;
    all.get(here + 1).copied()
}

/// The findings as choices.
pub fn findings(element: &Element) -> Vec<Choice> {
    element
        .findings
        .iter()
        .map(|f| Choice::new(f.id.clone(), f.label.clone()))
        .collect()
}

/// Puts a finding into form values.
pub fn start_finding(values: &mut Values, found: &Finding) {
    values.set("finding", &found.finding);
    values.set("reasons", &found.reasons);
    values.set("agreed", if found.agreed { "yes" } else { "no" });
    values.set("missing", &found.missing);
    values.set("why-without", &found.why_without);
    values.set_day("look-again", found.look_again);
    for own in &found.partners {
        values.set(&format!("own-{}", own.partner), &own.finding);
        values.set(&format!("own-{}-reasons", own.partner), &own.reasons);
    }
    evidence::start_evidence(values, &found.evidence);
    parts::start_considered(values, &found.considered_by);
}

impl CaseForm for ElementForm {
    const PATH: &'static str = "/cases/{case}/consideration/{element}";
    const PART: &'static str = "a criterion or circumstance";
    const TAB: &'static str = "consideration";
    const ACT: access::Act = access::Act::WriteFinding;

    fn others_may_read() -> bool {
        true
    }

    fn title(at: &At) -> String {
        element(at).map_or_else(String::new, |e| e.question.clone())
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let element = element(at).ok_or(desk::DeskError::NotThere)?;
        let mut values = Values::default();
        values.set("agreed", "yes");
        values.set("evidence-rows", "1");
        if let Some(found) = at.case().consideration.of(element.id.as_str()) {
            start_finding(&mut values, &found.finding);
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let element = element(at)?;
        let look_again = form::day(values, problems, "look-again");
        let partners = at
            .rules()
            .partners
            .iter()
            .map(|p| PartnerFinding {
                partner: p.id.to_string(),
                finding: values.text(&format!("own-{}", p.id)),
                reasons: values.text(&format!("own-{}-reasons", p.id)),
            })
            .filter(|own| !own.finding.is_empty() || !own.reasons.is_empty())
            .collect();
        let finding = Finding {
            element: element.id.to_string(),
            finding: values.text("finding"),
            reasons: values.text("reasons"),
            evidence: evidence::read_evidence(at, values, problems),
            considered_by: parts::read_considered(values, problems),
            partners,
            agreed: values.get("agreed") != "no",
            missing: values.text("missing"),
            why_without: values.text("why-without"),
            look_again,
        };
        problems.is_empty().then(|| {
            vec![Command::Consideration(consideration::Command::Consider(
                finding,
            ))]
        })
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let Some(element) = element(at) else {
            return html! {};
        };
        html! {
            (govuk::source_note(&element.source, &element.standing))
            @if !element.help.is_empty() { (govuk::details("What this means", &html! { p.govuk-body { (element.help) } })) }
            (govuk::radios_with(form, "finding", "What was found?", "", &findings(element), |id| if element.finding(id).map(|f| f.weight) == Some(Weight::Unknown) {
                html! {
                    p.govuk-body { "A decision can be signed without knowing this, if you say:" }
                    (govuk::textarea(form, "missing", "What is missing", "", 2))
                    (govuk::textarea(form, "why-without", "Why the decision can be taken without it", "", 2))
                    (govuk::date(form, "look-again", "When to look again", "This becomes a clock"))
                }
            } else { html! {} }))
            (govuk::textarea(form, "reasons", "Reasons", "What in this case points to it, and what speaks against it", 7))
            (thin(at, form, element))
            (evidence::evidence(at, form, "A statement with its source, a document of this case, or one kept elsewhere by title, date, holder and where it is kept"))
            (parts::considered(at, form))
            (govuk::radios_with(form, "agreed", "Did the partners agree on this finding?", "", &[Choice::new("yes", "Yes, one finding"), Choice::new("no", "No, not agreed")], |_| html! {}))
            div id="partners" { (govuk::details("A partner found otherwise", &html! {
                @if let Some(message) = form.problems.for_field("partners") { p.govuk-error-message { span.govuk-visually-hidden { "Error: " } (message) } }
                @for partner in &at.rules().partners {
                    @let name = format!("own-{}", partner.id);
                    (govuk::select(form, &name, &format!("{}: its own finding", partner.label), "Only where it differs", "The same", &findings(element)))
                    (govuk::textarea(form, &format!("{name}-reasons"), &format!("{}: its reasons", partner.label), "", 2))
                }
            })) }
        }
    }

    fn button(_: &At) -> String {
        "Write this down and go on".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        match next(at, at.param("element")) {
            Some(next) => at.url(&format!("consideration/{}", next.id)),
            None => at.url("consideration"),
        }
    }

    fn said(at: &At) -> String {
        format!(
            "Written down: {}.",
            element(at).map_or("", |e| e.label.as_str())
        )
    }

    fn before(at: &At) -> Markup {
        let all: Vec<&Element> = at
            .rules()
            .considered()
            .chain(at.rules().questions.iter())
            .collect();
        let here = all
            .iter()
            .position(|e| e.id.as_str() == at.param("element"))
            .map_or(0, |p| p + 1);
        html! {
            (govuk::back_link(&at.url("consideration"), "Consideration"))
            span.govuk-caption-l { (here) " of " (all.len()) }
        }
    }

    fn aside(at: &At, _: &Form<'_>) -> Markup {
        let Some(found) = at.case().consideration.of(at.param("element")) else {
            return html! { div.c-aside { h2.govuk-heading-s { "Considered so far" } p.govuk-body-s { "Nobody has recorded a consideration of this yet." } } };
        };
        html! {
            div.c-aside {
                h2.govuk-heading-s { "Considered so far" }
                p.govuk-body-s { (found.finding.considered_by.words(|p| parts::partner_name(at, p))) }
                p.c-quiet { "Written down by " (found.by.name) ", " (found.by.part) ", " (parts::when(at, found.at)) }
                @for own in found.finding.partners.iter().filter(|p| !p.finding.is_empty()) {
                    p.govuk-body-s { (parts::partner_name(at, &own.partner)) ": " (element(at).and_then(|e| e.finding(&own.finding)).map_or(own.finding.as_str(), |f| f.label.as_str())) ". " (own.reasons) }
                }
            }
        }
    }
}

/// Reasons that are thin are pointed out, never blocked.
fn thin(at: &At, form: &Form<'_>, element: &Element) -> Markup {
    let rules = at.rules();
    let others: Vec<(String, String)> = rules
        .considered()
        .chain(rules.questions.iter())
        .filter(|e| e.id != element.id)
        .filter_map(|e| {
            at.case().consideration.of(e.id.as_str()).map(|c| {
                (
                    format!("\u{201c}{}\u{201d}", e.label),
                    c.finding.reasons.clone(),
                )
            })
        })
        .chain(
            at.who
                .desk()
                .reasons_elsewhere(at.who.actor(), &at.case().id, element.id.as_str()),
        )
        .collect();
    let found = reasons::thin(
        form.values.get("reasons"),
        &element.question,
        others.iter().map(|(n, t)| (n.as_str(), t.as_str())),
    );
    html! { @for one in found { div.c-note { (one.words()) } } }
}
