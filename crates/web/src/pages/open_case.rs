//! Opening a case. First: may any child be in danger now? Then what is known; nothing else is mandatory.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::Command;
use cases::incident::{self, Awareness, Danger, Facts, FirstContact, Whereabouts};
use cases::members::Part;
use cases::people::{self, Birth, Child};
use desk::{Acted, DeskError, NewCase, SentForm};
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::answer::not_saved;
use crate::page::{App, PageError, SignedIn};

const PATH: &str = "/open-a-case";

/// The page: a draft, if one was kept, else an empty form with those who usually take part ticked.
pub async fn show(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    access::permit_in_office(&who.actor().person, access::Act::OpenCase)
        .map_err(DeskError::from)?;
    let values = match who.desk().draft(who.actor(), PATH).await? {
        Some(draft) => Values::from(draft.values),
        None => {
            let mut values = Values::default();
            values.set_all("members", usual(&who).into_iter().map(|(id, _, _)| id));
            values
        }
    };
    Ok(draw(&who, &values, &Problems::default())?.into_response())
}

/// Delegates, deputies, chair and the other managers: id, words, part.
fn usual(who: &SignedIn) -> Vec<(String, String, Part)> {
    let office = who.desk().office();
    office
        .people
        .values()
        .filter(|p| !p.left && p.id != who.actor().person.id)
        .filter_map(|p| {
            let part = match p.role {
                access::Role::BusinessManager | access::Role::DeputyManager => Part::Manages,
                access::Role::Delegate | access::Role::DeputyDelegate => Part::Decides,
                access::Role::Chair => Part::Chairs,
                _ => return None,
            };
            Some((
                p.id.clone(),
                format!("{}, {}", p.name, who.desk().part_words(p)),
                part,
            ))
        })
        .collect()
}

fn draw(who: &SignedIn, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    let form = Form::new(values, problems);
    let desk = who.desk();
    let numbers = desk.settings().front_door.clone();
    let danger = values.get("danger");
    let members: Vec<Choice> = usual(who)
        .into_iter()
        .map(|(id, words, part)| Choice::hinted(id, words, part.words()))
        .collect();
    let token = match values.get("form-token") {
        "" => desk.token()?,
        kept => kept.to_owned(),
    };
    // The fields first: the summary above them speaks of them as they are called.
    let fields = html! {
        (govuk::radios(&form, "danger", "May any child be in danger now?", "Think of brothers and sisters, other children in the home or the setting, and any child who may have caused harm.", &[Choice::new("yes", "Yes"), Choice::new("not-known", "It is not known"), Choice::new("no", "No")]))
        @if danger != "no" {
            div.c-note {
                h2 class="govuk-heading-s govuk-!-margin-bottom-2" { "Saving here alerts no one" }
                p.govuk-body { "If a child may be in danger, ring now and come back afterwards." }
                ul class="govuk-list govuk-!-margin-bottom-0" {
                    li { b { "In an emergency: " } (numbers.emergency) }
                    li { b { "Front door, in office hours: " } (numbers.front_door) }
                    li { b { "Out of hours: " } (numbers.out_of_hours) }
                }
            }
        }
        (govuk::textarea(&form, "danger-action", "What was done about it, and when", "For example: the front door was rung at 9:40am and is acting", 2))
        h2.govuk-heading-m { "What is known" }
        (govuk::date(&form, "heard-on", "When did the partnership first hear?", "Leave it empty if it was today"))
        (govuk::text(&form, "heard-from", "From whom", "Name and agency"))
        (govuk::date(&form, "aware-on", "When did the authority become aware?", "Leave it empty if it is not yet known: the clocks then show a cautious assumption"))
        (govuk::text(&form, "aware-who", "Who in the authority became aware", "An officer or a service, also out of hours"))
        (govuk::date(&form, "happened-on", "When did it happen?", "Like 27 3 2026"))
        (govuk::text(&form, "place", "Where did it happen?", ""))
        (govuk::radios(&form, "whereabouts", "Is that in this area?", "", &[Choice::new("in-area", "In this area"), Choice::new("elsewhere-in-england", "Elsewhere in England"), Choice::new("outside-england", "Outside England"), Choice::new("", "Not yet known")]))
        (govuk::textarea(&form, "summary", "What is known to have happened", "In plain words", 5))
        (govuk::text(&form, "child-name", "The child\u{2019}s name", "More children are added afterwards. A pseudonym is given by itself and is never an initial."))
        (govuk::date(&form, "born", "The child\u{2019}s date of birth", ""))
        (govuk::radios(&form, "life", "Is the child living?", "", &[Choice::new("living", "Living"), Choice::new("died", "The child has died"), Choice::new("not-yet-known", "Not yet known")]))
        (govuk::details("This case is already under way, or comes from an earlier list", &html! {
            p.govuk-body { "Enter it here and then record each stage at its true day: what happened before today is marked as recorded afterwards." }
            (govuk::checkboxes(&form, "under-way", "Under way", "", &[Choice::new("yes", "It is already under way")]))
            (govuk::text(&form, "old-reference", "Its reference in the earlier list", ""))
        }))
        (govuk::checkboxes(&form, "members", "Who may see it from the start", "Only those who need to know. You can add and remove people at any time, and bar someone.", &members))
    };
    let body = html! {
        (govuk::back_link("/", "Cases"))
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            (govuk::error_summary_of(&form))
            h1.govuk-heading-l { "Open a case" }
            p.govuk-body-l { "Enter what is known now. What is not known stays \u{201c}not yet known\u{201d} and can be added at any time." }
            form method="post" action=(PATH) novalidate data-keep=(PATH) {
                input type="hidden" name="csrf" value=(who.csrf()?);
                input type="hidden" name="form-token" value=(token);
                (fields)
                button.govuk-button type="submit" name="do" value="save" data-prevent-double-click="true" { "Open this case" }
                p.c-saved data-saved="" { }
            }
        } }
    };
    who.page("Open a case", !problems.is_empty(), body)
}

fn read(who: &SignedIn, values: &Values, problems: &mut Problems) -> Option<NewCase> {
    let danger = form::choice(
        values,
        problems,
        "danger",
        &["yes", "no", "not-known"],
        "Choose whether any child may be in danger now",
    )
    .map(|answer| match answer {
        "yes" => Danger::Yes,
        "no" => Danger::No,
        _ => Danger::NotKnown,
    });
    let today = who.desk().today();
    let mut known = Vec::new();
    // Left empty, it was today; a day that cannot be read is pointed out and nothing is assumed.
    let heard_on = form::past_day(values, problems, "heard-on", today).or_else(|| {
        let from = !values.text("heard-from").is_empty();
        (from && problems.for_field("heard-on").is_none()).then_some(today)
    });
    if let (Some(on), Some(from)) = (heard_on, form::optional(values, "heard-from")) {
        known.push(Command::Incident(incident::Command::RecordContact(
            FirstContact {
                on,
                from,
                how: String::new(),
            },
        )));
    }
    let (aware_on, aware_who) = (
        form::past_day(values, problems, "aware-on", today),
        values.text("aware-who"),
    );
    if aware_on.is_some() || !aware_who.is_empty() {
        let awareness = Awareness {
            who: aware_who,
            on: aware_on,
            time: String::new(),
            how: String::new(),
            why_corrected: String::new(),
        };
        known.push(Command::Incident(incident::Command::RecordAwareness(
            awareness,
        )));
    }
    let facts = Facts {
        happened_on: form::past_day(values, problems, "happened-on", today),
        place: values.text("place"),
        whereabouts: whereabouts(values.get("whereabouts")),
        summary: values.text("summary"),
        ..Facts::default()
    };
    if facts != Facts::default() {
        known.push(Command::Incident(incident::Command::RecordFacts(facts)));
    }
    let (name, born) = (
        values.text("child-name"),
        form::past_day(values, problems, "born", today),
    );
    if !name.is_empty() || born.is_some() || !values.get("life").is_empty() {
        let child = Child {
            name,
            parts: vec![people::Part::Subject],
            birth: born.map_or(Birth::NotYetKnown, |on| Birth::On { on }),
            life: match values.get("life") {
                "died" => people::Life::Died { on: None },
                "living" => people::Life::Living,
                _ => people::Life::NotYetKnown,
            },
            ..Child::default()
        };
        known.push(Command::People(people::Command::RecordChild(child)));
    }
    let chosen = values.all("members");
    let members = usual(who)
        .into_iter()
        .filter(|(id, _, _)| chosen.contains(&id.as_str()))
        .map(|(id, _, part)| (id, part))
        .collect();
    let danger = danger?;
    problems.is_empty().then_some(NewCase {
        danger,
        danger_action: values.text("danger-action"),
        old_reference: form::optional(values, "old-reference"),
        heard_on,
        under_way: values.has("under-way", "yes"),
        members,
        known,
    })
}

/// The word of a form for where it happened.
pub fn whereabouts(word: &str) -> Option<Whereabouts> {
    match word {
        "in-area" => Some(Whereabouts::InArea),
        "elsewhere-in-england" => Some(Whereabouts::ElsewhereInEngland),
        "outside-england" => Some(Whereabouts::OutsideEngland),
        _ => None,
    }
}

/// Opens the case.
pub async fn open(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    let desk = who.desk().clone();
    access::permit_in_office(&who.actor().person, access::Act::OpenCase)
        .map_err(DeskError::from)?;
    let mut problems = Problems::default();
    if who.check(&values).is_err() {
        // Drawn before the person signed in again; see the same in forms of a case.
        problems.add("", crate::page::answer::SIGNED_IN_AGAIN);
        return Ok((StatusCode::FORBIDDEN, draw(&who, &values, &problems)?).into_response());
    }
    if let Some(new) = read(&who, &values, &mut problems) {
        let token = who.form_token(&values)?;
        if let Err(error) = desk.claim(&token).await {
            return unsaved(&who, &values, problems, error).await;
        }
        let leads = |opened: &Acted| format!("/cases/{}", opened.case.id);
        let form = SentForm {
            pasted: &[],
            token: &token,
            leads: &leads,
        };
        match desk.open_case_for(who.actor(), new, Some(form)).await {
            Ok(opened) => {
                let to = leads(&opened);
                desk.afterwards(desk.drop_draft(who.actor(), PATH).await);
                let said = format!(
                    "The case is open. Its reference is {}.",
                    opened.case.reference()
                );
                desk.afterwards(desk.put_notice(&who.session, &said).await);
                return Ok(Redirect::to(&to).into_response());
            }
            Err(error) => {
                desk.let_go(&token).await;
                match error {
                    DeskError::Refused(cases::Refusal::ToCorrect(wrong)) => wrong
                        .iter()
                        .for_each(|w| problems.add(&w.field, &w.message)),
                    DeskError::Refused(other) => problems.add("", &other.to_string()),
                    other => return unsaved(&who, &values, problems, other).await,
                }
            }
        }
    }
    desk.keep_draft(who.actor(), PATH, None, &values.kept())
        .await?;
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        draw(&who, &values, &problems)?,
    )
        .into_response())
}

/// The same page when the store could not save, with every typed word still there.
async fn unsaved(
    who: &SignedIn,
    values: &Values,
    mut problems: Problems,
    error: DeskError,
) -> Result<Response, PageError> {
    let desk = who.desk();
    if let DeskError::AlreadySent(to) = &error
        && !to.is_empty()
    {
        desk.afterwards(desk.drop_draft(who.actor(), PATH).await);
        return Ok(Redirect::to(to).into_response());
    }
    desk.afterwards(
        desk.keep_draft(who.actor(), PATH, None, &values.kept())
            .await,
    );
    let Some((status, words)) = not_saved(&error) else {
        return Err(error.into());
    };
    tracing::error!(%error, "a case was not opened");
    problems.add("", words);
    Ok((status, draw(who, values, &problems)?).into_response())
}
