//! What else belongs to the incident: early contacts, other areas, and which area leads.

use cases::Command;
use cases::incident::{self, Danger, DangerAnswer, FirstContact, LeadAgreed, OtherArea};
use desk::Acted;
use guidance::registers;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError};

fn back(at: &At) -> Markup {
    govuk::back_link(&at.url("incident"), "What happened")
}

/// An early contact.
#[derive(Debug)]
pub struct ContactForm;

impl CaseForm for ContactForm {
    const PATH: &'static str = "/cases/{case}/incident/contact";
    const PART: &'static str = "early contacts";
    const TAB: &'static str = "incident";
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(_: &At) -> String {
        "Record a contact".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::required_day(
            values,
            problems,
            "contact-on",
            "Enter the day of the contact, like 27 3 2026",
        )?;
        let contact = FirstContact {
            on,
            from: values.text("contact-from"),
            how: values.text("how"),
        };
        Some(vec![Command::Incident(incident::Command::RecordContact(
            contact,
        ))])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { "The earliest contact gives a cautious working date for the clocks while the day the authority became aware is not yet known." }
            (govuk::date(form, "contact-on", "On which day", ""))
            (govuk::text(form, "contact-from", "From whom", "Name or service, and agency"))
            (govuk::textarea(form, "how", "To whom, how and about what", "", 3))
        }
    }

    fn button(_: &At) -> String {
        "Record this contact".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("incident")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// The first question, answered again.
#[derive(Debug)]
pub struct DangerForm;

impl CaseForm for DangerForm {
    const PATH: &'static str = "/cases/{case}/incident/danger";
    const PART: &'static str = "whether any child may be in danger";
    const TAB: &'static str = "incident";
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(_: &At) -> String {
        "May any child be in danger now?".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let danger = match form::choice(
            values,
            problems,
            "danger",
            &["yes", "no", "not-known"],
            "Choose whether any child may be in danger now",
        )? {
            "yes" => Danger::Yes,
            "no" => Danger::No,
            _ => Danger::NotKnown,
        };
        let action = values.text("action");
        Some(vec![Command::Incident(incident::Command::AnswerDanger(
            DangerAnswer { danger, action },
        ))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            (in_danger(at))
            (govuk::radios(form, "danger", "May any child be in danger now?", "Think of brothers and sisters, other children in the home or the setting, and any child who may have caused harm.", &[Choice::new("yes", "Yes"), Choice::new("not-known", "It is not known"), Choice::new("no", "No")]))
            (govuk::textarea(form, "action", "What was done about it, and when", "For example: the front door was rung at 9:40am and is acting", 3))
        }
    }

    fn button(_: &At) -> String {
        "Record this answer".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// What was last answered to the first question, with the numbers to ring unless the answer was no.
pub fn in_danger(at: &At) -> Markup {
    let Some((danger, action)) = at.case().incident.danger() else {
        return html! {};
    };
    let said = crate::page::case_form::sentence(danger.words());
    let change = html! { @if at.may(access::Act::RecordFacts) { " " a.govuk-link href=(at.url("incident/danger")) { "Answer this again" } } };
    let done = html! { @if action.is_empty() { "What was done is not recorded." } @else { "What was done: " (action) } };
    if danger == Danger::No {
        return html! { p.govuk-body-s { (said) ". " @if !action.is_empty() { (done) } (change) } };
    }
    let numbers = at.who.desk().settings().front_door.clone();
    html! {
        div.c-note {
            h2 class="govuk-heading-s govuk-!-margin-bottom-2" { (said) }
            p.govuk-body { (done) (change) }
            p class="govuk-body govuk-!-margin-bottom-0" { "Saving here alerts no one. In an emergency ring " (numbers.emergency) "; front door " (numbers.front_door) "; out of hours " (numbers.out_of_hours) "." }
        }
    }
}

/// The authorities of the register as choices.
fn authorities(at: &At) -> Vec<Choice> {
    registers::local_authorities(at.view.today)
        .into_iter()
        .map(|b| Choice::new(b.name.clone(), b.name.clone()))
        .collect()
}

/// A name in own words or from the register; both at once are asked about, so that neither is dropped unseen.
pub(super) fn one_of_two(
    values: &Values,
    problems: &mut Problems,
    own: &str,
    register: &str,
) -> Option<String> {
    let (typed, chosen) = (values.text(own), values.text(register));
    if !typed.is_empty() && !chosen.is_empty() && typed != chosen {
        problems.add(
            own,
            "Use your own words or choose from the register, and empty the one that does not hold",
        );
        return None;
    }
    Some(if typed.is_empty() { chosen } else { typed })
}

/// Another area.
#[derive(Debug)]
pub struct AreaForm;

impl CaseForm for AreaForm {
    const PATH: &'static str = "/cases/{case}/incident/area";
    const PART: &'static str = "other areas";
    const TAB: &'static str = "incident";
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(_: &At) -> String {
        "Add another area".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let name = one_of_two(values, problems, "area-name", "from-register")?;
        let area = OtherArea {
            name,
            why: values.text("why"),
            contact: values.text("contact"),
        };
        Some(vec![Command::Incident(incident::Command::AddArea(area))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            (govuk::text(form, "area-name", "Name of the area", "Its local authority or partnership"))
            (govuk::select(form, "from-register", "Or choose the local authority", "From the register", "Own words above", &authorities(at)))
            (govuk::textarea(form, "why", "How it is involved", "Like the family lived there until May", 2))
            (govuk::text(form, "contact", "Who the contact there is", ""))
        }
    }

    fn button(_: &At) -> String {
        "Add this area".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("incident")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// Which area leads.
#[derive(Debug)]
pub struct LeadForm;

impl CaseForm for LeadForm {
    const PATH: &'static str = "/cases/{case}/incident/lead";
    const PART: &'static str = "which area leads";
    const TAB: &'static str = "incident";
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(_: &At) -> String {
        "Which area leads".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if let Some(lead) = &at.case().incident.lead {
            values.set("lead-area", &lead.area);
            values.set("lead-reasons", &lead.reasons);
            values.set("agreed-by", &lead.agreed_by);
            values.set_day("lead-on", lead.on);
        }
        Ok(values)
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::day(values, problems, "lead-on");
        let area = one_of_two(values, problems, "lead-area", "from-register");
        let lead = LeadAgreed {
            area: area?,
            reasons: values.text("lead-reasons"),
            agreed_by: values.text("agreed-by"),
            on,
        };
        problems
            .is_empty()
            .then(|| vec![Command::Incident(incident::Command::AgreeLead(lead))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let area = at.who.desk().settings().area.clone();
        html! {
            p.govuk-body { @match at.case().incident.notifying_authority(at.rules(), &area) { Some(a) => { "By the place of the incident " b { (a) } " leads, unless another area is recorded below with the reasons." } None => { "Which area leads is not yet known: the place of the incident is not." } } }
            (super::law::said(at.rules(), &["area-of-place-leads"]))
            (govuk::text(form, "lead-area", "The area that leads", "Its local authority or partnership"))
            (govuk::select(form, "from-register", "Or choose the local authority", "From the register", "Own words above", &authorities(at)))
            (govuk::textarea(form, "lead-reasons", "Why", "", 3))
            (govuk::text(form, "agreed-by", "Who agreed, for which area", ""))
            (govuk::date(form, "lead-on", "On which day", ""))
        }
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("incident")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}
