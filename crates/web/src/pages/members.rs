//! Who may see a case: adding, removing, barring, lifting a bar, handing over.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::members::{Event, Part};
use cases::{Command, Refusal};
use desk::DeskError;
use maud::{Markup, html};

use super::prove;
use crate::form::{Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, access::Section::Course, "who may see the case").await?;
    Ok(draw(&at, &Values::default(), &Problems::default())?.into_response())
}

fn draw(at: &At, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    if !at.may(access::Act::ManageMembers) {
        return Err(
            DeskError::Denied(access::Denied::NotYours("ask whoever runs the case")).into(),
        );
    }
    let office = at.who.desk().office();
    let members = &at.case().members;
    let form = Form::new(values, problems);
    let all: Vec<Choice> = office
        .people
        .values()
        .filter(|p| !p.left && !access::parts_for(p).is_empty())
        .map(|p| {
            Choice::new(
                p.id.clone(),
                format!("{}, {}", p.name, at.who.desk().part_words(p)),
            )
        })
        .collect();
    let inside: Vec<Choice> = members
        .list
        .iter()
        .map(|(id, (name, _))| Choice::new(id.clone(), name.clone()))
        .collect();
    let managers: Vec<Choice> = office
        .people
        .values()
        .filter(|p| {
            !p.left
                && matches!(
                    p.role,
                    access::Role::BusinessManager | access::Role::DeputyManager
                )
                && members.owner.as_ref() != Some(&p.id)
        })
        .map(|p| Choice::new(p.id.clone(), p.name.clone()))
        .collect();
    let parts = Part::ALL.map(|p| {
        Choice::hinted(
            p.id(),
            crate::page::case_form::sentence(p.words()),
            what_it_reads(p),
        )
    });
    let agencies: Vec<Choice> = (at.case().agencies.list.iter())
        .map(|a| Choice::new(a.id.clone(), a.name.clone()))
        .collect();
    // The agencies that somebody answers for together with others.
    let together: std::collections::BTreeSet<&String> = (members.agencies.values())
        .filter(|own| own.len() > 1)
        .flatten()
        .collect();
    let several: Vec<Choice> = (agencies.iter())
        .filter(|choice| together.contains(&choice.value))
        .cloned()
        .collect();
    let csrf = at.who.csrf()?;
    let start = |what: &str| html! { input type="hidden" name="csrf" value=(csrf); input type="hidden" name="what" value=(what); };
    let body = html! {
        (govuk::back_link(&at.url(""), "Overview"))
        (govuk::error_summary(problems))
        h1.govuk-heading-l { "Who may see this case" }
        p.govuk-body { "Only those listed here see that this case exists. Rank gives no access, and the administrator sees no case." }
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row { th.govuk-table__header scope="col" { "Person" } th.govuk-table__header scope="col" { "Part" } } }
            tbody {
                @for (id, (name, part)) in &members.list { tr.govuk-table__row { th.govuk-table__header scope="row" { (name) @if members.owner.as_ref() == Some(id) { " (runs the case)" } } td.govuk-table__cell data-label="Part" { @if members.barred.contains_key(id) { "Barred" } @else if at.case().interests.keeps(id, cases::interests::Scope::Everything) { "Stepped back from the whole case" } @else { (crate::page::case_form::sentence(part.words())) @for (n, agency) in members.agencies.get(id).into_iter().flatten().filter_map(|a| at.case().agencies.find(a)).enumerate() { @if n == 0 { ": " } @else { "; " } (agency.name) } @if let Some(until) = members.until.get(id) { @if *until < at.view.today { ". Ended with " } @else { ", until the end of " } (calendar::words::long(*until)) } } } } }
            }
        }
        p.govuk-body { a.govuk-link href=(at.url("interests")) { "Conflicts of interest: who declared one, and who stepped back" } }
        @if !members.barred.is_empty() { p.govuk-body { b { "Barred: " } (members.barred.values().cloned().collect::<Vec<_>>().join(", ")) } }
        h2.govuk-heading-m { "Add someone" }
        form method="post" action=(at.url("members")) novalidate {
            (start("add"))
            (govuk::select(&form, "person", "Person", "", "Choose", &all))
            (govuk::radios(&form, "part", "Part in this case", "", &parts))
            @if !agencies.is_empty() { (govuk::select(&form, "agency", "Agency", "For someone who answers for an agency of this case", "Does not answer for an agency", &agencies)) }
            (govuk::date(&form, "until", "Last day", "For someone who takes part for a limited time; needed for an inspection"))
            (govuk::text(&form, "add-why", "Why they need to know", ""))
            button.govuk-button type="submit" { "Add this person" }
        }
        (govuk::details("Remove someone", &html! { form method="post" action=(at.url("members")) novalidate {
            (start("remove"))
            (govuk::select(&form, "remove-person", "Person", "", "Choose", &inside))
            @if !several.is_empty() { (govuk::select(&form, "remove-agency", "Only for one agency", "For someone who answers for several: they stay for the others", "From the whole case", &several)) }
            (govuk::text(&form, "remove-why", "Why they are removed", ""))
            button.govuk-button type="submit" { "Remove this person" }
        } }))
        (govuk::details("Bar someone from this case", &html! { form method="post" action=(at.url("members")) novalidate {
            (start("bar"))
            p.govuk-body { "A barred person is excluded whatever else would admit them, and the case is as if it were not there." }
            (govuk::select(&form, "bar-person", "Person to bar", "", "Choose", &all))
            (govuk::text(&form, "bar-why", "Why they are barred", ""))
            button.govuk-button type="submit" { "Bar this person" }
        } }))
        @if !members.barred.is_empty() { (govuk::details("Lift a bar", &html! { form method="post" action=(at.url("members")) novalidate {
            (start("lift"))
            @let barred: Vec<Choice> = members.barred.iter().map(|(id, name)| Choice::new(id.clone(), name.clone())).collect();
            (govuk::select(&form, "lift-person", "Barred person", "", "Choose", &barred))
            (govuk::text(&form, "lift-why", "Why the bar is lifted", ""))
            button.govuk-button type="submit" { "Lift this bar" }
        } })) }
        (govuk::details("Hand the case over", &html! { form method="post" action=(at.url("members")) novalidate {
            (start("hand-over"))
            (govuk::select(&form, "to", "Who runs it from now on", "To hand over everything in one act, use the page of the person under People.", "Choose", &managers))
            (govuk::text(&form, "over-why", "Why it is handed over", ""))
            button.govuk-button type="submit" { "Hand this case over" }
        } }))
    };
    at.page("Who may see this case", "", !problems.is_empty(), body)
}

/// What a part reads, for whoever chooses one.
fn what_it_reads(part: Part) -> String {
    let sections = access::reads(part);
    let whole = (access::Section::WHOLE.iter()).all(|section| sections.contains(section));
    if whole {
        let apart: Vec<&str> = (sections.iter().filter(|s| s.is_apart()))
            .map(|s| s.words())
            .collect();
        return match apart.as_slice() {
            [] => "Reads the case, without what is kept apart".into(),
            all if all.len() + access::Section::WHOLE.len() == access::Section::ALL.len() => {
                "Reads the whole case, with all that is kept apart".into()
            }
            some => format!(
                "Reads the case and, of what is kept apart, {}",
                some.join(" and ")
            ),
        };
    }
    if sections.is_empty() {
        return "Sees what their agency is asked and answers, and nothing else".into();
    }
    let words: Vec<&str> = sections.iter().map(|s| s.words()).collect();
    format!("Reads {}", words.join("; "))
}

/// What lets someone see the case who did not.
const GRANTS: [&str; 3] = ["add", "lift", "hand-over"];

/// Changes the membership.
pub async fn change(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let at = At::read(who, here, access::Section::Course, "who may see the case").await?;
    at.permitted(access::Act::ManageMembers)?;
    if GRANTS.contains(&values.get("what"))
        && let Some(page) = prove::asked(&at.who, &values, "let someone see this case").await?
    {
        return Ok(page);
    }
    let desk = at.who.desk().clone();
    let office = desk.office();
    let name = |id: &str| {
        office
            .person(id)
            .map_or_else(String::new, |p| p.name.clone())
    };
    let mut problems = Problems::default();
    let until = crate::form::day(&values, &mut problems, "until");
    let mut pick = |field: &str| {
        let id = values.text(field);
        if id.is_empty() {
            problems.add(field, "Choose a person");
        }
        id
    };
    let (prefix, event) = match values.get("what") {
        "add" => {
            let person = pick("person");
            let part = Part::ALL.into_iter().find(|p| p.id() == values.get("part"));
            match part {
                Some(part) => (
                    "add-",
                    Event::MemberAdded {
                        name: name(&person),
                        person,
                        part,
                        why: values.text("add-why"),
                        agency: Some(values.text("agency")).filter(|a| !a.is_empty()),
                        until,
                    },
                ),
                None => {
                    problems.add("part", "Choose the part they have in this case");
                    return Ok((
                        StatusCode::UNPROCESSABLE_ENTITY,
                        draw(&at, &values, &problems)?,
                    )
                        .into_response());
                }
            }
        }
        "remove" if !values.text("remove-agency").is_empty() => (
            "remove-",
            Event::AgencyTaken {
                person: pick("remove-person"),
                agency: values.text("remove-agency"),
                why: values.text("remove-why"),
            },
        ),
        "remove" => (
            "remove-",
            Event::MemberRemoved {
                person: pick("remove-person"),
                why: values.text("remove-why"),
            },
        ),
        "bar" => {
            let person = pick("bar-person");
            (
                "bar-",
                Event::PersonBarred {
                    name: name(&person),
                    person,
                    why: values.text("bar-why"),
                },
            )
        }
        "lift" => (
            "lift-",
            Event::BarLifted {
                person: pick("lift-person"),
                why: values.text("lift-why"),
            },
        ),
        _ => {
            let to = pick("to");
            let from = at.case().members.owner.clone().unwrap_or_default();
            (
                "over-",
                Event::HandedOver {
                    from,
                    name: name(&to),
                    to,
                    why: values.text("over-why"),
                },
            )
        }
    };
    if problems.is_empty() {
        let done = match &event {
            Event::MemberAdded {
                person,
                part,
                why,
                agency,
                until,
                ..
            } => {
                let new = desk::NewMember {
                    person: person.clone(),
                    part: *part,
                    why: why.clone(),
                    agency: agency.clone(),
                    until: *until,
                };
                desk.add_member(at.who.actor(), &at.case().id, new).await
            }
            _ => {
                desk.act(
                    at.who.actor(),
                    &at.case().id,
                    None,
                    true,
                    vec![Command::Members(event)],
                )
                .await
            }
        };
        match done {
            Ok(_) => {
                desk.put_notice(&at.who.session, "Recorded. It holds from now on.")
                    .await?;
                return Ok(Redirect::to(&at.url("members")).into_response());
            }
            Err(DeskError::Refused(Refusal::ToCorrect(wrong))) => {
                for w in wrong {
                    let as_it_is = prefix != "remove-"
                        && matches!(w.field.as_str(), "to" | "agency" | "until");
                    let field = if w.field == "person" && prefix == "add-" || as_it_is {
                        w.field
                    } else {
                        format!("{prefix}{}", w.field)
                    };
                    problems.add(&field, &w.message);
                }
            }
            Err(DeskError::Field { field, message }) => problems.add(&field, &message),
            Err(other) => return Err(other.into()),
        }
    }
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        draw(&at, &values, &problems)?,
    )
        .into_response())
}
