//! The agencies that were involved, and the processes that run beside the review.

use access::Act;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::Command;
use cases::agencies::{self, Agency};
use cases::parallel::{self, Process};
use desk::{Acted, DeskError};
use guidance::registers;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, At, CaseForm, PageError, SignedIn};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(
        who,
        here,
        access::Section::Agencies,
        "the agencies and processes",
    )
    .await?;
    let may = at.may(Act::RecordFacts);
    let case = at.case();
    let body = html! {
        h1.govuk-heading-l { "Agencies and parallel processes" }
        h2.govuk-heading-m { "Agencies" }
        @if case.agencies.list.is_empty() { p.govuk-body { "No agency is recorded yet. Add those that were involved or may know the child or the family; then they can be asked." } }
        @else { table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Agency" } th.govuk-table__header scope="col" { "Kind" } th.govuk-table__header scope="col" { "Involvement" } th.govuk-table__header scope="col" { "Who answers" } th.govuk-table__header scope="col" { "Asked and answered" } } }
            tbody { @for a in &case.agencies.list { tr.govuk-table__row {
                th.govuk-table__header scope="row" { @if may { a.govuk-link href=(at.url(&format!("agencies/agency/{}", a.id))) { (a.name) } } @else { (a.name) } }
                td.govuk-table__cell data-label="Kind" { (a.kind) } td.govuk-table__cell data-label="Involvement" { (a.involvement) } td.govuk-table__cell data-label="Who answers" { (who_answers(&at, a)) }
                td.govuk-table__cell data-label="Asked and answered" { (asked_and_answered(&at, a)) }
            } } }
        } }
        @if may { div.govuk-button-group {
            a.govuk-button href=(at.url("agencies/agency/new")) role="button" draggable="false" { "Add an agency" }
            @if !case.agencies.list.is_empty() { a class="govuk-button govuk-button--secondary" href=(at.url("agencies/ask")) role="button" draggable="false" { "Ask agencies for information" } }
        } }
        h2.govuk-heading-m { "Processes beside the review" }
        @if case.parallel.list.is_empty() { p.govuk-body { "None is recorded. An investigation, an inquest or another review can hold up contact or publication: record what it holds up and when that is looked at again." } }
        @for p in &case.parallel.list { (process(&at, p, may)) }
        @if may { p.govuk-body { a.govuk-link href=(at.url("agencies/process/new")) { "Add a process" } } }
    };
    Ok(at
        .page("Agencies", "agencies", false, body)?
        .into_response())
}

/// Who answers for an agency: the people with an account, and whoever was written down.
fn who_answers(at: &At, agency: &Agency) -> Markup {
    let members = &at.case().members;
    let people: Vec<&str> = members
        .list
        .iter()
        .filter(|(id, _)| members.answers_for(id, &agency.id) && !members.barred.contains_key(*id))
        .map(|(_, (name, _))| name.as_str())
        .collect();
    html! {
        @if !people.is_empty() { (people.join(", ")) @if !agency.contact.is_empty() { br; } }
        (agency.contact)
        @if people.is_empty() && agency.contact.is_empty() { "Not yet known" }
    }
}

/// The requests to an agency, newest first.
fn asked_and_answered(at: &At, agency: &Agency) -> Markup {
    let requests: Vec<_> = at.case().agencies.requests_to(&agency.id).collect();
    html! {
        @if requests.is_empty() { "Not asked" }
        @for request in requests {
            a.govuk-link href=(at.url(&format!("agencies/request/{}", request.request.id))) { "Asked" @if let Some(on) = request.request.on { " " (calendar::words::short(on)) } }
            " " (super::contribute::tag(request.state(at.view.today)))
            @match (&request.given, request.request.due) {
                (Some(given), _) => { @if let Some(came) = given.answer.came { " " (calendar::words::short(came)) } @if request.late() { ", late" } }
                (None, Some(due)) => { " wanted by " (calendar::words::short(due)) }
                (None, None) => {}
            }
            br;
        }
    }
}

fn process(at: &At, p: &Process, may: bool) -> Markup {
    html! {
        div.c-next {
            h3.govuk-heading-s { (p.kind) @if p.ended { " (ended)" } }
            ul.govuk-list {
                @if !p.lead.is_empty() { li { "Led by " (p.lead) @if !p.reference.is_empty() { ", " (p.reference) } @if !p.contact.is_empty() { ", " (p.contact) } } }
                @if !p.status.is_empty() { li { (p.status) } }
                @if let Some(next) = p.next { li { "Next: " (calendar::words::long(next)) } }
                @if !p.restriction.is_empty() { li { b { "Holds up: " } (p.restriction) @if !p.agreed_by.is_empty() { " Agreed by " (p.agreed_by) "." } @if let Some(again) = p.look_again { " Looked at again on " (calendar::words::long(again)) "." } } }
            }
            @if may { p.govuk-body { a.govuk-link href=(at.url(&format!("agencies/process/{}", p.id))) { "Change what is recorded of the " (p.kind) } } }
        }
    }
}

/// An agency.
#[derive(Debug)]
pub struct AgencyForm;

impl CaseForm for AgencyForm {
    const PATH: &'static str = "/cases/{case}/agencies/agency/{agency}";
    const PART: &'static str = "an agency";
    const TAB: &'static str = "agencies";
    const ACT: Act = Act::RecordFacts;

    fn title(at: &At) -> String {
        if at.param("agency") == "new" {
            "Add an agency".into()
        } else {
            "An agency".into()
        }
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if at.param("agency") == "new" {
            return Ok(values);
        }
        let agency = at
            .case()
            .agencies
            .list
            .iter()
            .find(|a| a.id == at.param("agency"))
            .ok_or(DeskError::NotThere)?;
        for (name, text) in [
            ("agency-name", &agency.name),
            ("kind", &agency.kind),
            ("involvement", &agency.involvement),
            ("contact", &agency.contact),
        ] {
            values.set(name, text);
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let name =
            super::incident_more::one_of_two(values, problems, "agency-name", "from-register")?;
        let office = at.who.desk().office();
        let asked = office.agencies_on(at.view.today);
        let listed = asked
            .into_iter()
            .find(|a| a.name.eq_ignore_ascii_case(&name));
        let agency = Agency {
            id: if at.param("agency") == "new" {
                String::new()
            } else {
                at.param("agency").to_owned()
            },
            of: listed.map(|a| a.id.clone()).unwrap_or_default(),
            name,
            kind: values.text("kind"),
            involvement: values.text("involvement"),
            contact: values.text("contact"),
        };
        Some(vec![Command::Agencies(agencies::Command::RecordAgency(
            agency,
        ))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let day = at.view.today;
        let office = at.who.desk().office();
        let listed = office.agencies_on(day).into_iter();
        let listed = listed.map(|a| Choice::new(a.name.clone(), a.name.clone()));
        let names = registers::local_authorities(day)
            .into_iter()
            .chain(registers::integrated_care_boards(day))
            .chain(registers::police_forces())
            .map(|b| Choice::new(b.name.clone(), b.name.clone()));
        let mut names: Vec<Choice> = listed.chain(names).collect();
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|choice| seen.insert(choice.value.to_lowercase()));
        html! {
            (govuk::text(form, "agency-name", "Name of the agency", ""))
            @if at.param("agency") == "new" { (govuk::select(form, "from-register", "Or choose one", "The partnership\u{2019}s own agencies first, then councils, health boards and police forces from the registers as they stand today", "Own words above", &names)) }
            (govuk::text(form, "kind", "What kind of agency", "Like community health, school, housing, voluntary"))
            (govuk::textarea(form, "involvement", "How it was involved", "", 3))
            (govuk::text(form, "contact", "Who answers for it", "Name and part"))
        }
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("agencies")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("agencies"), "Agencies")
    }
}

/// A process beside the review.
#[derive(Debug)]
pub struct ProcessForm;

impl CaseForm for ProcessForm {
    const PATH: &'static str = "/cases/{case}/agencies/process/{process}";
    const PART: &'static str = "a parallel process";
    const TAB: &'static str = "agencies";
    const ACT: Act = Act::RecordFacts;

    fn title(at: &At) -> String {
        if at.param("process") == "new" {
            "Add a process beside the review".into()
        } else {
            "A process beside the review".into()
        }
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if at.param("process") == "new" {
            return Ok(values);
        }
        let p = at
            .case()
            .parallel
            .list
            .iter()
            .find(|p| p.id == at.param("process"))
            .ok_or(DeskError::NotThere)?;
        for (name, text) in [
            ("process-kind", &p.kind),
            ("lead", &p.lead),
            ("reference", &p.reference),
            ("contact", &p.contact),
            ("status", &p.status),
            ("restriction", &p.restriction),
            ("agreed-by", &p.agreed_by),
        ] {
            values.set(name, text);
        }
        values.set_day("next", p.next);
        values.set_day("process-again", p.look_again);
        values.set("ended", if p.ended { "yes" } else { "" });
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let (next, look_again) = (
            form::day(values, problems, "next"),
            form::day(values, problems, "process-again"),
        );
        let process = Process {
            id: if at.param("process") == "new" {
                String::new()
            } else {
                at.param("process").to_owned()
            },
            kind: values.text("process-kind"),
            lead: values.text("lead"),
            reference: values.text("reference"),
            contact: values.text("contact"),
            status: values.text("status"),
            next,
            restriction: values.text("restriction"),
            agreed_by: values.text("agreed-by"),
            look_again,
            ended: values.has("ended", "yes"),
        };
        problems
            .is_empty()
            .then(|| vec![Command::Parallel(parallel::Command::RecordProcess(process))])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            (govuk::text(form, "process-kind", "What kind of process", "Like police investigation, inquest, child death review, domestic abuse related death review"))
            (govuk::text(form, "lead", "Which body leads it", ""))
            (govuk::text(form, "reference", "Its reference", ""))
            (govuk::text(form, "contact", "Contact", "Name and part"))
            (govuk::textarea(form, "status", "Where it stands", "", 2))
            (govuk::date(form, "next", "Next date", "It may lie ahead"))
            (govuk::textarea(form, "restriction", "What it holds up", "Like no contact with the father until he has been interviewed", 2))
            (govuk::text(form, "agreed-by", "Who agreed to that", ""))
            (govuk::date(form, "process-again", "When that is looked at again", "Needed where something is held up"))
            (govuk::checkboxes(form, "ended", "Ended", "", &[Choice::new("yes", "It has ended")]))
        }
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("agencies")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("agencies"), "Agencies")
    }
}
