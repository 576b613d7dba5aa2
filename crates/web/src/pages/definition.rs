//! The definition for one child: every limb of the edition with finding, reasons and evidence, one form for one limb at a time.

use cases::Command;
use cases::definition::{self, LimbTest, LongTerm};
use desk::Acted;
use guidance::{Limb, Weight};
use maud::{Markup, html};

use crate::form::{Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError, evidence, parts};

/// One limb for one child; the limb is the query of the address, the first one not yet tested otherwise.
#[derive(Debug)]
pub struct DefinitionForm;

/// Which limb the form is about.
fn limb<'a>(at: &'a At, values: Option<&Values>) -> Option<&'a Limb> {
    let limbs = &at.rules().definition.limbs;
    let child = child(at);
    let asked = values.map(|v| v.get("limb")).filter(|l| !l.is_empty());
    match asked {
        Some(id) => limbs.iter().find(|l| l.element.id.as_str() == id),
        None => limbs
            .iter()
            .find(|l| {
                at.case()
                    .definition
                    .test(child, l.element.id.as_str())
                    .is_none()
            })
            .or(limbs.first()),
    }
}

/// The child and the limb stand in the path: `{child}` or `{child}~{limb}`.
fn child(at: &At) -> &str {
    at.param("child").split('~').next().unwrap_or_default()
}

fn from_path(at: &At) -> Option<&str> {
    at.param("child").split_once('~').map(|(_, limb)| limb)
}

impl CaseForm for DefinitionForm {
    const PATH: &'static str = "/cases/{case}/definition/{child}";
    const PART: &'static str = "the definition";
    const TAB: &'static str = "consideration";
    const ACT: access::Act = access::Act::RecordFacts;

    fn others_may_read() -> bool {
        true
    }

    fn title(at: &At) -> String {
        format!("Definition: {}", at.called(child(at)))
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let there = at.case().people.subjects().any(|c| c.id == child(at));
        if !there || from_path(at) == Some("") {
            return Err(desk::DeskError::NotThere.into());
        }
        let mut values = Values::default();
        let mut asked = Values::default();
        asked.set("limb", from_path(at).unwrap_or_default());
        let Some(limb) = limb(at, Some(&asked)) else {
            return Err(desk::DeskError::NotThere.into());
        };
        let id = limb.element.id.to_string();
        values.set("limb", &id);
        values.set("evidence-rows", "1");
        if let Some(tested) = at.case().definition.test(child(at), &id) {
            let t = &tested.test;
            values.set("finding", &t.finding);
            values.set("option", t.option.as_deref().unwrap_or_default());
            values.set("reasons", &t.reasons);
            values.set_all("harm", t.harm.iter().cloned());
            values.set("other-harm", &t.other_harm);
            let long = match t.long_term {
                Some(LongTerm::Likely) => "likely",
                Some(LongTerm::NotLikely) => "not-likely",
                Some(LongTerm::NotKnown) => "not-known",
                None => "",
            };
            values.set("long-term", long);
            values.set("recovery", &t.recovery);
            values.set("needed", &t.needed);
            evidence::start_evidence(&mut values, &t.evidence);
            parts::start_considered(&mut values, &t.considered_by);
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let limb = limb(at, Some(values))?;
        let option = values.text("option");
        let test = LimbTest {
            child: child(at).to_owned(),
            limb: limb.element.id.to_string(),
            finding: values.text("finding"),
            option: (!option.is_empty()).then_some(option),
            reasons: values.text("reasons"),
            evidence: evidence::read_evidence(at, values, problems),
            harm: values.all("harm").into_iter().map(str::to_owned).collect(),
            other_harm: values.text("other-harm"),
            long_term: match values.get("long-term") {
                "likely" => Some(LongTerm::Likely),
                "not-likely" => Some(LongTerm::NotLikely),
                "not-known" => Some(LongTerm::NotKnown),
                _ => None,
            },
            recovery: values.text("recovery"),
            needed: values.text("needed"),
            considered_by: parts::read_considered(values, problems),
        };
        problems
            .is_empty()
            .then(|| vec![Command::Definition(definition::Command::TestLimb(test))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let Some(limb) = limb(at, Some(form.values)) else {
            return html! {};
        };
        let element = &limb.element;
        let findings: Vec<Choice> = element
            .findings
            .iter()
            .map(|f| Choice::new(f.id.clone(), f.label.clone()))
            .collect();
        let options: Vec<Choice> = limb
            .options
            .iter()
            .map(|o| Choice::new(o.id.clone(), o.label.clone()))
            .collect();
        let notes: Vec<_> = at.rules().definition.notes.iter().collect();
        html! {
            input type="hidden" name="limb" value=(element.id);
            h2.govuk-heading-m { (element.question) }
            (govuk::source_note(&element.source, &element.standing))
            @if !element.help.is_empty() { p.govuk-body { (element.help) } }
            (govuk::radios_with(form, "finding", "What was found?", "", &findings, |id| {
                let weight = element.finding(id).map(|f| f.weight);
                match weight {
                    Some(Weight::Yes) if !options.is_empty() => govuk::radios(form, "option", "Which?", "", &options),
                    Some(Weight::Unknown) => govuk::textarea(form, "needed", "What is needed to know?", "", 3),
                    _ => html! {},
                }
            }))
            @if limb.may_ask_harm_kinds() {
                div.c-row {
                    @let ways: Vec<&str> = limb.options.iter().filter(|o| limb.asks_harm_kinds(Some(&o.id))).map(|o| o.label.as_str()).collect();
                    h3.govuk-heading-s { @if ways.is_empty() { "Harm" } @else { "If this is chosen: " (ways.join(", ")) } }
                    @let kinds: Vec<Choice> = at.rules().definition.harm_kinds.iter().map(|k| Choice::new(k.id.clone(), k.label.clone())).collect();
                    (govuk::checkboxes(form, "harm", "Kinds of impairment", "Any that apply", &kinds))
                    (govuk::textarea(form, "other-harm", "Other harm", "", 2))
                    (super::law::said(at.rules(), &["likely-long-term"]))
                    (govuk::radios(form, "long-term", "Is it likely to be long-term?", "", &[Choice::new("likely", "It is likely"), Choice::new("not-likely", "It is not likely"), Choice::new("not-known", "It cannot be said yet")]))
                    (super::law::said(at.rules(), &["recovery"]))
                    (govuk::textarea(form, "recovery", "What is said about recovery", "", 2))
                }
            }
            (govuk::textarea(form, "reasons", "Reasons", "What points to it and what speaks against it", 6))
            (evidence::evidence(at, form, ""))
            (parts::considered(at, form))
            @if !notes.is_empty() {
                (govuk::details("What this edition adds", &html! { @for note in notes { p.govuk-body { (note.question) } (govuk::source_note(&note.source, &note.standing)) } }))
            }
        }
    }

    fn button(_: &At) -> String {
        "Save this finding".into()
    }

    fn done(at: &At, acted: &Acted) -> String {
        let next = at.rules().definition.limbs.iter().find(|l| {
            acted
                .case
                .definition
                .test(child(at), l.element.id.as_str())
                .is_none()
        });
        match next {
            Some(limb) => at.url(&format!("definition/{}~{}", child(at), limb.element.id)),
            None => at.url("consideration"),
        }
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("consideration"), "Consideration")
    }

    fn aside(at: &At, form: &Form<'_>) -> Markup {
        let definition = &at.case().definition;
        html! {
            div.c-aside {
                h2.govuk-heading-s { "The parts of the definition" }
                ul.govuk-list {
                    @for limb in &at.rules().definition.limbs {
                        @let id = limb.element.id.as_str();
                        li {
                            @if form.values.get("limb") == id { b { (limb.element.label) } } @else { a.govuk-link href=(at.url(&format!("definition/{}~{id}", child(at)))) { (limb.element.label) } }
                            @match definition.test(child(at), id) {
                                Some(t) => { br; span.c-quiet { (limb.element.finding(&t.test.finding).map_or(t.test.finding.as_str(), |f| f.label.as_str())) ", written down by " (t.by.name) } }
                                None => { br; span.c-quiet { "Not yet tested" } }
                            }
                        }
                    }
                }
                p.govuk-body-s { "For " (at.called(child(at))) ": definition " b { (definition.outcome(child(at), at.rules()).words()) } "." }
                (super::law::said(at.rules(), &["met-for-one-child"]))
            }
        }
    }
}
