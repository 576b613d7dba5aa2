//! Signing: the exact text, what signing means, the password again, and only then the signature.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::decision::{self, Given, Signature, View};
use cases::{Command, Refusal, Seat};
use desk::SignedText;
use desk::{DeskError, SentForm};
use maud::{Markup, html};

use super::passkeys;
use crate::form::{Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn, answer, parts};

fn seat(at: &At) -> Seat {
    Seat {
        partner: at.param("partner").to_owned(),
        body: at.param("body").to_owned(),
    }
}

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(
        who,
        here,
        access::Section::Decision,
        "the decision, to sign",
    )
    .await?;
    let mut values = Values::default();
    let draft = at.who.desk().draft(at.who.actor(), &at.who.path).await?;
    if let Some(draft) = draft {
        for name in ["view", "note"] {
            if let Some(typed) = draft.values.get(name) {
                values.set_all(name, typed.clone());
            }
        }
    } else if let Some((view, _, _)) = at.case().decision.current.views.get(&seat(&at)) {
        values.set("view", word(view.view));
        values.set("note", &view.note);
    }
    Ok(drawn(&at, &values, &Problems::default())
        .await?
        .into_response())
}

fn word(view: View) -> &'static str {
    match view {
        View::Agrees => "agrees",
        View::AgreesWithNote => "agrees-with-note",
        View::Dissents => "dissents",
    }
}

/// The page; `passkey` when its person can sign with one.
async fn drawn(at: &At, values: &Values, problems: &Problems) -> Result<Markup, PageError> {
    let passkey = at.who.desk().signs_with_passkey(at.who.actor()).await?;
    draw(at, values, problems, passkey)
}

fn draw(at: &At, values: &Values, problems: &Problems, passkey: bool) -> Result<Markup, PageError> {
    if !at.may(access::Act::SignForPartner) {
        return Err(DeskError::Denied(access::Denied::NotYours(
            "only a delegate or a deputy with recorded authority signs",
        ))
        .into());
    }
    let missing = decision::missing(at.case(), at.rules());
    let body_name = at
        .who
        .desk()
        .seats()
        .into_iter()
        .find(|s| s.seat == seat(at))
        .map_or_else(String::new, |s| s.body);
    let text = decision::text(at.case(), at.rules());
    let form = Form::new(values, problems);
    let token = match values.get("form-token") {
        "" => at.who.desk().token()?,
        kept => kept.to_owned(),
    };
    let body = html! {
        (govuk::back_link(&at.url("decision"), "Decision"))
        div.govuk-grid-row { div class="govuk-grid-column-two-thirds" {
            (govuk::error_summary(problems))
            h1.govuk-heading-l { "Read and sign for " (body_name) }
            @if missing.is_empty() {
                (govuk::warning("Signing binds you to exactly this text. It is stored with your name, your authority and the time, and cannot be removed."))
                h2.govuk-heading-m { "The text you sign" }
                div.c-text id="text" tabindex="0" role="region" aria-label="The text you sign" { (text) }
                form method="post" action=(at.who.path) novalidate {
                    input type="hidden" name="csrf" value=(at.who.csrf()?);
                    input type="hidden" name="form-token" value=(token);
                    textarea hidden name="exact" aria-hidden="true" { "\n" (text) }
                    (govuk::radios_with(&form, "view", "How do you sign?", "", &[Choice::new("agrees", "I agree"), Choice::new("agrees-with-note", "I agree, with a note"), Choice::new("dissents", "I dissent")], |_| html! {}))
                    (govuk::textarea(&form, "note", "The note, or the reasons for dissenting", "It is kept beside your signature and never overwritten", 4))
                    @if passkey {
                        p.govuk-body { "Sign with your passkey: it signs exactly this text, and anyone can check that later. Or enter your password." }
                        (passkeys::button(at.who.desk(), &format!("{}/passkey", at.url(&format!("decision/sign/{}/{}", at.param("partner"), at.param("body")))), "Sign with your passkey", "", problems))
                    }
                    (super::sign_on::again_link(at.who.desk(), &at.who.actor().person.id, &at.who.path))
                    (password(problems))
                    button.govuk-button type="submit" data-prevent-double-click="true" { "Sign this decision" }
                }
            } @else {
                p.govuk-body { "This decision cannot be signed yet." }
                (parts::missing_list(at, &missing))
            }
        } }
    };
    at.page("Read and sign", "decision", !problems.is_empty(), body)
}

fn password(problems: &Problems) -> Markup {
    let error = problems.for_field("password");
    html! {
        div class=(if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
            label.govuk-label for="password" { "Your password, again" }
            div.govuk-hint id="password-hint" { "So that nobody signs on a screen you left open" }
            @if let Some(message) = error { p.govuk-error-message id="password-error" { span.govuk-visually-hidden { "Error: " } (message) } }
            input class="govuk-input govuk-input--width-20" id="password" name="password" type="password" autocomplete="current-password" aria-describedby=(if error.is_some() { "password-hint password-error" } else { "password-hint" });
        }
    }
}

/// Keeps how someone was about to sign, and the note; never the password, and not the text, which is the case's own.
async fn keep(at: &At, values: &Values) {
    let mut kept = values.kept();
    kept.retain(|name, _| name == "view" || name == "note");
    let desk = at.who.desk();
    desk.afterwards(
        desk.keep_draft(at.who.actor(), &at.who.path, None, &kept)
            .await,
    );
}

/// The same page when the store could not save, with the note still there and kept.
async fn unsigned(
    at: &At,
    mut values: Values,
    mut problems: Problems,
    error: DeskError,
) -> Result<Response, PageError> {
    let desk = at.who.desk();
    if let DeskError::AlreadySent(to) = &error
        && !to.is_empty()
    {
        desk.afterwards(desk.drop_draft(at.who.actor(), &at.who.path).await);
        return Ok(Redirect::to(to).into_response());
    }
    values.set("password", "");
    keep(at, &values).await;
    let Some((status, words)) = answer::not_saved(&error) else {
        return Err(error.into());
    };
    tracing::error!(%error, "a decision was not signed");
    problems.add("", words);
    Ok((status, drawn(at, &values, &problems).await?).into_response())
}

fn view_of(values: &Values, problems: &mut Problems) -> Option<View> {
    match values.get("view") {
        "agrees" => Some(View::Agrees),
        "agrees-with-note" => Some(View::AgreesWithNote),
        "dissents" => Some(View::Dissents),
        _ => {
            problems.add("view", "Choose how you sign");
            None
        }
    }
}

fn note_missing(view: Option<View>, values: &Values, problems: &mut Problems) {
    if !values.text("note").is_empty() {
        return;
    }
    match view {
        Some(View::AgreesWithNote) => problems.add("note", "Enter the note"),
        Some(View::Dissents) => problems.add("note", "Enter the reasons for the dissent"),
        _ => {}
    }
}

fn signed_text<'a>(
    seat: &'a Seat,
    view: View,
    note: &'a str,
    values: &'a Values,
) -> SignedText<'a> {
    SignedText {
        partner: &seat.partner,
        body: &seat.body,
        view: view.id(),
        note,
        text: values.get("exact"),
    }
}

/// What the browser is asked to sign with a passkey.
pub async fn ask(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    let at = At::read(
        who,
        here,
        access::Section::Decision,
        "the decision, to sign",
    )
    .await?;
    // Who may not sign is told so first.
    draw(&at, &values, &Problems::default(), false)?;
    let mut problems = Problems::default();
    let view = view_of(&values, &mut problems);
    note_missing(view, &values, &mut problems);
    let Some(view) = view.filter(|_| problems.is_empty()) else {
        let words = match view {
            None => "Choose how you sign",
            Some(_) => "Enter the note, or the reasons for dissenting",
        };
        return passkeys::told(Err(DeskError::field("view", words)));
    };
    if values.get("exact") != decision::text(at.case(), at.rules()) {
        return passkeys::told(Err(DeskError::field(
            "exact",
            "The text has changed since this page was opened: open it again and read it before you sign",
        )));
    }
    let (seat, note) = (seat(&at), values.text("note"));
    let signed = signed_text(&seat, view, &note, &values);
    let asked = at.who.desk().ask_to_sign(&at.who.session, &signed).await;
    passkeys::told(asked)
}

/// Signs.
pub async fn sign(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
    mut values: Values,
) -> Result<Response, PageError> {
    let ours = who.check(&values).is_ok();
    let at = At::read(
        who,
        here,
        access::Section::Decision,
        "the decision, to sign",
    )
    .await?;
    if !ours {
        values.set("password", "");
        let mut problems = Problems::default();
        problems.add("", answer::SIGNED_IN_AGAIN);
        return Ok((StatusCode::FORBIDDEN, drawn(&at, &values, &problems).await?).into_response());
    }
    let desk = at.who.desk().clone();
    let mut problems = Problems::default();
    let mut passkey = None;
    let view = view_of(&values, &mut problems);
    note_missing(view, &values, &mut problems);
    if let (Some(view), Some(answered), true) =
        (view, passkeys::answered(&values), problems.is_empty())
    {
        let (seat, note) = (seat(&at), values.text("note"));
        let signed = signed_text(&seat, view, &note, &values);
        let session = &at.who.session;
        match desk.signed_with_passkey(session, answered, &signed).await {
            Ok(with) => passkey = Some(with),
            Err(DeskError::Field { field, message }) => problems.add(&field, &message),
            Err(error @ DeskError::TooManyAttempts(_)) => problems.add(
                "passkey",
                &crate::page::case_form::sentence(&error.to_string()),
            ),
            Err(other) => return unsigned(&at, values, problems, other).await,
        }
    } else if values.get("passkey").is_empty() {
        let signed_on =
            values.get("password").is_empty() && desk.proved_by_signing_on(&at.who.session);
        if values.get("password").is_empty() && !signed_on {
            problems.add("password", "Enter your password again");
        }
        if problems.is_empty()
            && !signed_on
            && let Err(error) = desk
                .reauthenticate(&at.who.session, values.get("password"))
                .await
        {
            match error {
                DeskError::Field { field, message } => problems.add(&field, &message),
                error @ DeskError::TooManyAttempts(_) => problems.add(
                    "password",
                    &crate::page::case_form::sentence(&error.to_string()),
                ),
                other => return unsigned(&at, values, problems, other).await,
            }
        }
    }
    if let (Some(view), true) = (view, problems.is_empty()) {
        // The browser sends the text back as it was shown; only line ends may differ.
        let exact = values.get("exact").to_owned();
        let signature = Signature {
            seat: seat(&at),
            view,
            note: values.text("note"),
            given: Given::InPerson,
            authority: None,
            text: exact,
            passkey: passkey.map(Box::new),
        };
        let token = at.who.form_token(&values)?;
        if let Err(error) = desk.claim(&token).await {
            return unsigned(&at, values, problems, error).await;
        }
        let to = at.url("decision");
        let form = SentForm {
            pasted: &[],
            token: &token,
            leads: &|_| to.clone(),
        };
        let (who, case) = (at.who.actor(), &at.case().id);
        let sign = vec![Command::Decision(decision::Command::Sign(signature))];
        match desk
            .carry_out(who, case, None, true, sign, Some(form))
            .await
        {
            Ok(acted) => {
                desk.afterwards(desk.drop_draft(who, &at.who.path).await);
                let complete = acted.case.decision.current.completed.is_some();
                let said = if complete {
                    "Signed. The decision is complete."
                } else {
                    "Signed. The decision is complete when the others have signed."
                };
                desk.afterwards(desk.put_notice(&at.who.session, said).await);
                return Ok(Redirect::to(&to).into_response());
            }
            Err(error) => {
                desk.let_go(&token).await;
                match error {
                    DeskError::Refused(Refusal::ToCorrect(wrong)) => wrong
                        .iter()
                        .for_each(|w| problems.add(&w.field, &w.message)),
                    DeskError::Refused(other) => {
                        problems.add("", &crate::page::case_form::sentence(&other.to_string()))
                    }
                    other => return unsigned(&at, values, problems, other).await,
                }
            }
        }
    }
    values.set("password", "");
    keep(&at, &values).await;
    let at = At::read(
        at.who,
        at.here,
        access::Section::Decision,
        "the decision, to sign",
    )
    .await?;
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        drawn(&at, &values, &problems).await?,
    )
        .into_response())
}
