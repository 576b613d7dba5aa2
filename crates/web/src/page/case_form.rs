//! A form of a case, told once: shown from the case or a draft, read into commands, refused with every word still there,
//! merged when someone else wrote the same text, saved once however often it is sent.
//! Long because all that can become of a form that is sent stands here in one place.

use access::Section;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use cases::{Command, Refusal};
use desk::{Acted, DeskError, SentForm};
use maud::{Markup, html};

use super::at::Params;
use super::{App, At, PageError, SignedIn, answer, merge, pasted};
use crate::form::labels::Labels;
use crate::form::{Form, Problems, Values, rounds};
use crate::govuk;
use crate::pages::prove;

/// One form of a case. The request, its reading and its view stand in one file, in that order.
pub trait CaseForm: Send + Sync + 'static {
    /// The route, with `{case}` in it.
    const PATH: &'static str;
    /// What the read log calls it.
    const PART: &'static str;
    /// The item of the case's navigation.
    const TAB: &'static str;
    /// What one must be allowed to do here.
    const ACT: access::Act;
    /// True when the form needs every entry of the case at hand, not only what it has come to.
    const WHOLE: bool = false;

    /// The section of the case that one must read to be here; none where coming to the case is enough.
    fn section() -> Option<Section> {
        match Self::TAB {
            "incident" => Some(Section::Incident),
            "people" => Some(Section::People),
            "agencies" => Some(Section::Agencies),
            "consideration" => Some(Section::Consideration),
            "decision" => Some(Section::Decision),
            "family" => Some(Section::Family),
            "documents" => Some(Section::Documents),
            "story" => Some(Section::Course),
            _ => None,
        }
    }

    /// Whether what the address names is there for this reader.
    ///
    /// # Errors
    /// It is not, or not theirs to know of.
    fn reach(_at: &At) -> Result<(), PageError> {
        Ok(())
    }

    /// The page's heading.
    fn title(at: &At) -> String;

    /// True for what leaves the building: who sits there is asked again, unless they proved it a few minutes ago.
    const PROVES: bool = false;

    /// False for forms that record people: that a name is known from another case is said there in another way.
    const LOOKS_ELSEWHERE: bool = true;

    /// What stands in the record now, as the form shows it.
    ///
    /// # Errors
    /// What the address names is not in the case.
    fn start(at: &At) -> Result<Values, PageError>;

    /// Reads what was typed into commands; `None` when a problem was added.
    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>>;

    /// The fields.
    fn fields(at: &At, form: &Form<'_>) -> Markup;

    /// Refuses whoever may not send it, before what they typed is looked at.
    ///
    /// # Errors
    /// The named no.
    fn allowed(at: &At) -> Result<(), PageError> {
        at.permitted(Self::ACT)?;
        Self::reach(at)
    }

    /// What the button says.
    fn button(_at: &At) -> String {
        "Save and continue".into()
    }

    /// Where it leads.
    fn done(at: &At, acted: &Acted) -> String;

    /// The sentence on the next page.
    fn said(_at: &At) -> String {
        "Saved in the record.".into()
    }

    /// What stands before the heading, such as a back link.
    fn before(_at: &At) -> Markup {
        html! {}
    }

    /// What stands beside the form.
    fn aside(_at: &At, _form: &Form<'_>) -> Markup {
        html! {}
    }

    /// True when those who may read the case but not change this see it as it stands, without buttons.
    fn others_may_read() -> bool {
        false
    }

    /// True when the form is added to a list rather than replacing a text, so that an old draft is not shown as if it stood in the record.
    fn draws_heading() -> bool {
        true
    }
}

/// Adds a form's two routes.
pub fn route<F: CaseForm>(router: Router<App>) -> Router<App> {
    router.route(F::PATH, get(show::<F>).post(save::<F>))
}

/// The page itself; `merging` stands above the form when someone else wrote meanwhile.
fn draw<F: CaseForm>(
    at: &At,
    values: &Values,
    problems: &Problems,
    note: &Markup,
) -> Result<Markup, PageError> {
    let form = Form::new(values, problems);
    // The fields first: what stands above them speaks of them as they are called.
    let fields = F::fields(at, &form);
    let aside = F::aside(at, &form).into_string();
    let token = match values.get("form-token") {
        "" => at.who.desk().token()?,
        kept => kept.to_owned(),
    };
    // A page drawn again, or from a draft, still says from which version its words come: what others wrote since is not passed over.
    let based_on = match values.get("based-on") {
        "" => at.case().version().to_string(),
        kept => kept.to_owned(),
    };
    let body = html! {
        (F::before(at))
        div.govuk-grid-row {
            div class="govuk-grid-column-two-thirds" {
                (govuk::error_summary_of(&form))
                (note)
                @if F::draws_heading() { h1.govuk-heading-l { (F::title(at)) } }
                form id="page-form" method="post" novalidate action=(at.who.path) data-keep=(at.who.path) data-case=(at.case().reference()) {
                    // Enter in a line of text presses the first button of a form: this one, never one that adds a row.
                    input.govuk-visually-hidden type="submit" name="do" value="save" tabindex="-1" aria-hidden="true";
                    input type="hidden" name="csrf" value=(at.who.csrf()?);
                    input type="hidden" name="form-token" value=(token);
                    input type="hidden" name="based-on" value=(based_on);
                    (pasted::field(values))
                    (fields)
                    div.govuk-button-group {
                        button.govuk-button type="submit" name="do" value="save" data-prevent-double-click="true" { (F::button(at)) }
                        button class="govuk-button govuk-button--secondary" type="submit" name="do" value="later" { "Save as a draft and come back later" }
                    }
                    p.c-saved data-saved="" { }
                }
            }
            @if !aside.is_empty() { div class="govuk-grid-column-one-third" { (maud::PreEscaped(aside)) } }
        }
    };
    at.page(&F::title(at), F::TAB, !problems.is_empty(), body)
}

/// The page for those who may read it and not change it: the same words and what stands beside them, no field to type in, no button.
fn draw_to_read<F: CaseForm>(at: &At) -> Result<Markup, PageError> {
    let (values, problems) = (F::start(at)?, Problems::default());
    let form = Form::new(&values, &problems);
    let fields = F::fields(at, &form).into_string();
    let aside = F::aside(at, &form).into_string();
    let beside = !aside.is_empty() && !fields.contains(within(&aside));
    let body = html! {
        (F::before(at))
        div.govuk-grid-row {
            div class="govuk-grid-column-two-thirds" {
                @if F::draws_heading() { h1.govuk-heading-l { (F::title(at)) } }
                (govuk::inset(&html! { p.govuk-body { "You can read this. Whoever runs the case changes it." } }))
                form { fieldset class="govuk-fieldset c-read" disabled aria-label=(F::title(at)) { (maud::PreEscaped(fields)) } }
            }
            @if beside { div class="govuk-grid-column-one-third" { (maud::PreEscaped(aside)) } }
        }
    };
    at.page(&F::title(at), F::TAB, false, body)
}

/// What an aside holds, without the box around it: a form that tells readers the same among its fields does not tell it twice.
fn within(aside: &str) -> &str {
    aside
        .strip_prefix("<div class=\"c-aside\">")
        .and_then(|inner| inner.strip_suffix("</div>"))
        .unwrap_or(aside)
}

async fn read<F: CaseForm>(who: SignedIn, here: crate::page::Here) -> Result<At, PageError> {
    if F::WHOLE {
        At::read_whole(who, here, F::section(), F::PART).await
    } else {
        At::read(who, here, F::section(), F::PART).await
    }
}

async fn show<F: CaseForm>(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = read::<F>(who, here).await?;
    if F::others_may_read() && !at.may(F::ACT) {
        F::reach(&at)?;
        return Ok(draw_to_read::<F>(&at)?.into_response());
    }
    F::allowed(&at)?;
    let draft = at.who.desk().draft(at.who.actor(), &at.who.path).await?;
    let (values, note) = match draft {
        Some(draft) => {
            let when = calendar::words::moment(&draft.saved);
            let mut values = Values::from(draft.values);
            values.set("form-token", "");
            values.set(
                "based-on",
                &draft
                    .based_on
                    .map_or_else(String::new, |version| version.to_string()),
            );
            let whose = if draft.handed_over {
                "This draft was handed over to you. It was"
            } else {
                "This is what you had typed. It was"
            };
            let note = html! {
                (govuk::inset(&html! {
                    p.govuk-body { (whose) " kept on " (when) " and is not yet in the record." }
                    form method="post" action="/drafts/drop" {
                        input type="hidden" name="csrf" value=(at.who.csrf()?);
                        input type="hidden" name="page" value=(at.who.path);
                        button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" type="submit" { "Put the draft away and show what is in the record" }
                    }
                }))
            };
            (values, note)
        }
        None => (F::start(&at)?, html! {}),
    };
    Ok(draw::<F>(&at, &values, &Problems::default(), &note)?.into_response())
}

async fn save<F: CaseForm>(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    mut values: Values,
) -> Result<Response, PageError> {
    let ours = who.check(&values).is_ok();
    let at = read::<F>(who, here).await?;
    F::allowed(&at)?;
    if !ours {
        return signed_in_again::<F>(&at, &values);
    }
    let desk = at.who.desk().clone();
    let based_on = values.get("based-on").parse::<u64>().ok();
    let keep = |values: &Values| values.kept();
    match values.get("do") {
        "later" => {
            desk.keep_draft(at.who.actor(), &at.who.path, based_on, &keep(&values))
                .await?;
            desk.put_notice(
                &at.who.session,
                "Your draft is kept. You find it on your first page.",
            )
            .await?;
            return Ok(Redirect::to(&at.url("")).into_response());
        }
        more if more.starts_with("more-") => {
            let name = more.trim_start_matches("more-").to_owned();
            let rows = values
                .get(&format!("{name}-rows"))
                .parse::<usize>()
                .unwrap_or(1);
            values.set(&format!("{name}-rows"), &rows.saturating_add(1).to_string());
            desk.keep_draft(at.who.actor(), &at.who.path, based_on, &keep(&values))
                .await?;
            return Ok(draw::<F>(&at, &values, &Problems::default(), &html! {})?.into_response());
        }
        _ => {}
    }
    let mut problems = Problems::default();
    let commands = F::read(&at, &values, &mut problems);
    let (Some(commands), true) = (commands, problems.is_empty()) else {
        return refuse::<F>(&at, based_on, values, problems).await;
    };
    if F::LOOKS_ELSEWHERE
        && let Some(note) = pasted::pointed_out(&at, &values, &mut problems)
    {
        desk.keep_draft(at.who.actor(), &at.who.path, based_on, &keep(&values))
            .await?;
        let page = draw::<F>(&at, &values, &problems, &note)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    if F::PROVES
        && let Some(page) = prove::asked(&at.who, &values, "record this").await?
    {
        desk.keep_draft(at.who.actor(), &at.who.path, based_on, &keep(&values))
            .await?;
        return Ok(page);
    }
    let token = at.who.form_token(&values)?;
    if let Err(error) = desk.claim(&token).await {
        return unsaved::<F>(&at, based_on, values, problems, error).await;
    }
    let knowingly = values.get("knowingly") == "yes";
    let (who, case, leads) = (at.who.actor(), &at.case().id, |acted: &Acted| {
        F::done(&at, acted)
    });
    let pasted = pasted::read(&values);
    let form = SentForm {
        token: &token,
        leads: &leads,
        pasted: &pasted,
    };
    match desk
        .carry_out(who, case, based_on, knowingly, commands, Some(form))
        .await
    {
        Ok(acted) => {
            let to = F::done(&at, &acted);
            desk.afterwards(desk.drop_draft(at.who.actor(), &at.who.path).await);
            let said = if acted.entries.is_empty() {
                "The record says just that already. Nothing was added.".to_owned()
            } else {
                F::said(&at)
            };
            desk.afterwards(desk.put_notice(&at.who.session, &said).await);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            desk.let_go(&token).await;
            match error {
                DeskError::Refused(Refusal::ToCorrect(wrong)) => {
                    for one in wrong {
                        problems.add(&one.field, &one.message);
                    }
                    refuse::<F>(&at, based_on, values, problems).await
                }
                DeskError::Refused(other) => {
                    problems.add("", &sentence(&other.to_string()));
                    refuse::<F>(&at, based_on, values, problems).await
                }
                DeskError::Stale(newer) => {
                    desk.keep_draft(at.who.actor(), &at.who.path, based_on, &keep(&values))
                        .await?;
                    let at = read::<F>(at.who, at.here).await?;
                    let theirs = F::start(&at)?;
                    let labels = labels::<F>(&at, &values, &Problems::default());
                    labels.add(&self::labels::<F>(&at, &theirs, &Problems::default()));
                    let note = merge::note(&at, &newer, &values, &theirs, &labels)?;
                    values.set("form-token", "");
                    values.set("based-on", &at.case().version().to_string());
                    Ok((
                        StatusCode::CONFLICT,
                        draw::<F>(&at, &values, &Problems::default(), &note)?,
                    )
                        .into_response())
                }
                other => unsaved::<F>(&at, based_on, values, problems, other).await,
            }
        }
    }
}

/// The same page when the store could not save: what happened and what to do, with every typed word still there,
/// and kept as a draft if even that can be written.
async fn unsaved<F: CaseForm>(
    at: &At,
    based_on: Option<u64>,
    values: Values,
    mut problems: Problems,
    error: DeskError,
) -> Result<Response, PageError> {
    let desk = at.who.desk();
    if let DeskError::AlreadySent(to) = &error
        && !to.is_empty()
    {
        // It is in the record: what may have been kept meanwhile, such as before a crash, is no draft any more.
        desk.afterwards(desk.drop_draft(at.who.actor(), &at.who.path).await);
        return Ok(Redirect::to(to).into_response());
    }
    desk.afterwards(
        desk.keep_draft(at.who.actor(), &at.who.path, based_on, &values.kept())
            .await,
    );
    let Some((status, words)) = answer::not_saved(&error) else {
        return Err(error.into());
    };
    tracing::error!(%error, "a form was not saved");
    problems.add("", words);
    Ok((status, draw::<F>(at, &values, &problems, &html! {})?).into_response())
}

/// The same page with a mark of this session, for a form drawn before the person signed in again, as in another tab.
/// Nothing is kept: another person may have signed in, and what was typed goes back only to the browser it came from.
fn signed_in_again<F: CaseForm>(at: &At, values: &Values) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    problems.add("", answer::SIGNED_IN_AGAIN);
    let page = draw::<F>(at, values, &problems, &html! {})?;
    Ok((StatusCode::FORBIDDEN, page).into_response())
}

/// What the fields are called when the form holds these values.
fn labels<F: CaseForm>(at: &At, values: &Values, problems: &Problems) -> Labels {
    let form = Form::new(values, problems);
    F::fields(at, &form);
    form.labels
}

/// Adds what would be pointed out next, so that everything that can be known is put right in one go.
fn look_further<F: CaseForm>(at: &At, values: &Values, problems: &mut Problems) {
    let labels = labels::<F>(at, values, problems);
    let try_out = |filled: &Values| {
        let mut wrong = Problems::default();
        let commands = F::read(at, filled, &mut wrong);
        if let (Some(commands), true) = (commands, wrong.is_empty())
            && let Err(DeskError::Refused(Refusal::ToCorrect(list))) =
                at.who.desk().try_out(at.who.actor(), &at.view, commands)
        {
            for one in list {
                wrong.add(&one.field, &one.message);
            }
        }
        wrong
    };
    rounds::look_further(values, &labels, at.view.today, problems, try_out);
}

/// The same page with an error summary, every typed word still there and kept as a draft.
async fn refuse<F: CaseForm>(
    at: &At,
    based_on: Option<u64>,
    values: Values,
    mut problems: Problems,
) -> Result<Response, PageError> {
    look_further::<F>(at, &values, &mut problems);
    at.who
        .desk()
        .keep_draft(at.who.actor(), &at.who.path, based_on, &values.kept())
        .await?;
    let page = draw::<F>(at, &values, &problems, &html! {})?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The first letter large, for a refusal shown as an instruction.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |f| {
        f.to_uppercase().collect::<String>() + letters.as_str()
    })
}
