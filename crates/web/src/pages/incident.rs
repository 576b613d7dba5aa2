//! What happened, where and when; what else belongs to it is one link away.

use cases::Command;
use cases::incident::{self, Facts, Whereabouts};
use desk::Acted;
use maud::{Markup, html};

use super::open_case::whereabouts;
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError};

/// The facts of the incident.
#[derive(Debug)]
pub struct IncidentForm;

impl CaseForm for IncidentForm {
    const PATH: &'static str = "/cases/{case}/incident";
    const PART: &'static str = "the incident";
    const TAB: &'static str = "incident";
    const ACT: access::Act = access::Act::RecordFacts;

    fn others_may_read() -> bool {
        true
    }

    fn title(_: &At) -> String {
        "What happened".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let facts = &at.case().incident.facts;
        let mut values = Values::default();
        values.set_day("happened-on", facts.happened_on);
        for (name, text) in [
            ("time", &facts.time),
            ("place", &facts.place),
            ("place-authority", &facts.place_authority),
            ("normal-residence", &facts.normal_residence),
            ("setting-kind", &facts.setting_kind),
            ("setting-name", &facts.setting_name),
            ("summary", &facts.summary),
        ] {
            values.set(name, text);
        }
        let place = match facts.whereabouts {
            Some(Whereabouts::InArea) => "in-area",
            Some(Whereabouts::ElsewhereInEngland) => "elsewhere-in-england",
            Some(Whereabouts::OutsideEngland) => "outside-england",
            None => "",
        };
        values.set("whereabouts", place);
        let setting = if !facts.setting_kind.is_empty() || !facts.setting_name.is_empty() {
            "yes"
        } else if facts.no_setting {
            "no"
        } else {
            ""
        };
        values.set("setting", setting);
        Ok(values)
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let happened_on = form::day(values, problems, "happened-on");
        let in_setting = values.get("setting") == "yes";
        let facts = Facts {
            happened_on,
            time: values.text("time"),
            place: values.text("place"),
            whereabouts: whereabouts(values.get("whereabouts")),
            place_authority: values.text("place-authority"),
            normal_residence: values.text("normal-residence"),
            setting_kind: if in_setting {
                values.text("setting-kind")
            } else {
                String::new()
            },
            setting_name: if in_setting {
                values.text("setting-name")
            } else {
                String::new()
            },
            no_setting: values.get("setting") == "no",
            summary: values.text("summary"),
        };
        problems
            .is_empty()
            .then(|| vec![Command::Incident(incident::Command::RecordFacts(facts))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let settings = at.rules().says("institutional");
        html! {
            (govuk::textarea(form, "summary", "What is known to have happened", "In plain words. It can be changed at any time; the earlier words stay in the story.", 6))
            (govuk::date(form, "happened-on", "On which day", "Leave it empty if it is not yet known"))
            (govuk::text(form, "time", "At what time, or between when and when", "For example: some time between Friday evening and Sunday morning"))
            (govuk::text(form, "place", "Where", ""))
            (super::law::said(at.rules(), &["place-decides"]))
            (govuk::radios_with(form, "whereabouts", "Is that in this area?", "", &[
                Choice::new("in-area", "In this area"),
                Choice::new("elsewhere-in-england", "Elsewhere in England"),
                Choice::new("outside-england", "Outside England"),
                Choice::new("", "Not yet known"),
            ], |which| match which {
                "elsewhere-in-england" => govuk::text(form, "place-authority", "The local authority of that place", ""),
                "outside-england" => govuk::text(form, "normal-residence", "The local authority where the child normally lives", ""),
                _ => html! {},
            }))
            (govuk::radios_with(form, "setting", "Did it happen in an institutional setting?", settings.map_or("", |s| s.text), &[
                Choice::new("yes", "Yes"), Choice::new("no", "No"), Choice::new("", "Not yet known"),
            ], |which| if which == "yes" {
                html! { (govuk::text(form, "setting-kind", "What kind of setting", "")) (govuk::text(form, "setting-name", "Its name", "")) }
            } else { html! {} }))
            @if let Some(s) = settings { (govuk::source_note(s.source, s.standing)) }
        }
    }

    fn button(_: &At) -> String {
        "Save what is known".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("incident")
    }

    fn aside(at: &At, _: &Form<'_>) -> Markup {
        let incident = &at.case().incident;
        let here = at.who.desk().settings().area.clone();
        // What leads to a change is for those who may make it; the words are for everyone who reads the case.
        let may = at.may(Self::ACT);
        let link = |to: &str, words: &str| html! { @if may { p.govuk-body-s { a.govuk-link href=(at.url(to)) { (words) } } } };
        html! {
            div.c-aside {
                @if at.case().incident.danger().is_some() { h2.govuk-heading-s { "Danger now" } (super::incident_more::in_danger(at)) }
                h2.govuk-heading-s { "Who became aware, and when" }
                @match &incident.awareness {
                    Some(a) => {
                        p.govuk-body-s { @match a.on { Some(on) => { (calendar::words::long(on)) } None => { "The day is not yet known" } } @if !a.who.is_empty() { ", " (a.who) } }
                        @for before in &incident.earlier_awareness { @if let Some(on) = before.on { p.c-quiet { "Earlier recorded as " (calendar::words::long(on)) ", then corrected" } } }
                    }
                    None => { p.govuk-body-s { "Not yet known." } }
                }
                (link("incident/awareness", if incident.awareness.is_some() { "Change or correct this" } else { "Record who became aware" }))
                h2.govuk-heading-s { "Early contacts" }
                @if incident.contacts.is_empty() && !may { p.govuk-body-s { "None is recorded." } }
                @for c in &incident.contacts { p.govuk-body-s { (calendar::words::short(c.on)) ", " (c.from) @if !c.how.is_empty() { ": " (c.how) } } }
                (link("incident/contact", "Record a contact"))
                h2.govuk-heading-s { "Areas" }
                p.govuk-body-s {
                    @match incident.notifying_authority(at.rules(), &here) {
                        Some(authority) => { "The place of the incident makes " b { (authority) } " the authority that notifies." }
                        None => { "Which authority notifies is not yet known: where it happened is not." }
                    }
                }
                @for area in &incident.areas { p.govuk-body-s { (area.name) @if !area.why.is_empty() { ": " (area.why) } } }
                @if let Some(lead) = &incident.lead { p.govuk-body-s { b { (lead.area) } " leads: " (lead.reasons) } }
                (link("incident/area", "Add another area"))
                (link("incident/lead", "Record which area leads"))
            }
        }
    }
}
