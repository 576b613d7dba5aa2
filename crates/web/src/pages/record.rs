//! The record as a whole: how far it goes, the checkpoints that were given out, and who holds them. Nothing here is about a case.

use access::Act;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use desk::{DeskError, MailLine};
use jiff::Timestamp;
use maud::{Markup, html};

use super::people::allowed;
use crate::form::Values;
use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, PageError, SignedIn, answer};

/// How many checkpoints the page shows.
const SHOWN: usize = 200;

/// The page.
pub async fn show(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    allowed(&who, Act::SeeRecord)?;
    let desk = who.desk();
    let head = desk.tree_head().await?;
    let mut list = desk.checkpoints().await?;
    list.reverse();
    let csrf = who.csrf()?;
    let covered = list.first().is_some_and(|c| c.head.size == head.size);
    let body = html! {
        @if manages(&who) { (govuk::back_link("/partnership", "Partnership")) }
        h1.govuk-heading-l { "The record" }
        p.govuk-body { "Everything that is recorded here goes into one log, entry after entry, and nothing in it can be changed unseen." }
        (govuk::facts(&[
            ("Entries".into(), html! { (head.size) }, None),
            ("Root over all entries".into(), groups(&head.root.to_hex()), None),
        ]))
        h2.govuk-heading-m { "Checkpoints" }
        p.govuk-body { "A checkpoint is the number of entries and the root over all of them, signed with the key of the record. Whoever holds one can show later that the record still begins with what it held that day: nothing was altered, left out or put in between." }
        p.govuk-body { "One is made after every decision, once a day while something is recorded, and whenever someone asks." }
        form method="post" action="/record/checkpoint" {
            input type="hidden" name="csrf" value=(csrf);
            button.govuk-button type="submit" { "Make a checkpoint now" }
        }
        @if covered { p.govuk-body { "The newest checkpoint covers every entry." } }
        p.govuk-body { a.govuk-link href="/record/key" download { "Download the public key of the record" } ". A witness keeps it beside the checkpoints." }
        @if list.is_empty() { p.govuk-body { "No checkpoint was made yet." } } @else {
            table class="govuk-table c-cards" {
                caption class="govuk-table__caption govuk-table__caption--s" { "Checkpoints, newest first" }
                thead { tr.govuk-table__row {
                    th.govuk-table__header scope="col" { "Made" } th.govuk-table__header scope="col" { "Entries" }
                    th.govuk-table__header scope="col" { "Why" } th.govuk-table__header scope="col" { "File" }
                } }
                tbody { @for c in list.iter().take(SHOWN) { tr.govuk-table__row {
                    th.govuk-table__header scope="row" { (moment(&who, c.at)) }
                    td.govuk-table__cell data-label="Entries" { (c.head.size) }
                    td.govuk-table__cell data-label="Why" { (crate::page::case_form::sentence(&c.why)) }
                    td.govuk-table__cell data-label="File" { a.govuk-link href=(format!("/record/checkpoints/{}", c.head.size)) download { "Download" span.govuk-visually-hidden { " the checkpoint of " (c.head.size) " entries" } } }
                } } }
            }
            @if list.len() > SHOWN { p.govuk-body { "The newest " (SHOWN) " of " (list.len()) " are shown." } }
        }
        (witnesses(&who).await?)
    };
    Ok(who.page("The record", false, body)?.into_response())
}

/// Who holds the checkpoints, and what still waits to be sent to them.
async fn witnesses(who: &SignedIn) -> Result<Markup, PageError> {
    let desk = who.desk();
    let named = desk.witnesses();
    let manages = manages(who);
    let waiting = desk.waiting_mail().await?;
    let sent = desk.sent_mail(10).await?;
    Ok(html! {
        h2.govuk-heading-m { "Witnesses" }
        p.govuk-body { "Witnesses are people outside this server who are sent every checkpoint by e-mail, such as the independent scrutineer and each safeguarding partner. Because they hold them, not even those who run the server can rewrite the record unseen. The mail says nothing about any case." }
        @if named.is_empty() { p.govuk-body { "No witness is named yet." } } @else {
            ul class="govuk-list govuk-list--bullet" { @for w in &named { li { (w.who) @if manages { ", " (w.address) } } } }
        }
        @if manages { p.govuk-body { a.govuk-link href="/record/witnesses" { "Name the witnesses" } } }
        @match desk.mail_server() {
            Some(server) => p.govuk-body { "Mail goes through " (server) "." },
            None => (govuk::warning("No mail is sent: this installation has no mail server. Until whoever runs it sets one up, download the checkpoints and hand them to the witnesses yourself.")),
        }
        @if !waiting.is_empty() {
            h3.govuk-heading-s { "Waiting to be sent" }
            (mails(who, &waiting))
        }
        @if !sent.is_empty() {
            h3.govuk-heading-s { "Sent last" }
            (mails(who, &sent))
        }
    })
}

fn mails(who: &SignedIn, list: &[MailLine]) -> Markup {
    html! {
        table class="govuk-table c-cards" {
            thead { tr.govuk-table__row {
                th.govuk-table__header scope="col" { "To" } th.govuk-table__header scope="col" { "Checkpoint" } th.govuk-table__header scope="col" { "How it stands" }
            } }
            tbody { @for mail in list.iter().take(SHOWN) { tr.govuk-table__row {
                th.govuk-table__header scope="row" { (mail.who) }
                td.govuk-table__cell data-label="Checkpoint" { (mail.size) " entries" }
                td.govuk-table__cell data-label="How it stands" { (stands(who, mail)) }
            } } }
        }
        @if list.len() > SHOWN { p.govuk-body { "The first " (SHOWN) " of " (list.len()) " are shown." } }
    }
}

fn stands(who: &SignedIn, mail: &MailLine) -> Markup {
    html! {
        @if let Some(at) = mail.sent_at { "Sent " (moment(who, at)) }
        @else if mail.tries == 0 { "Waits since " (moment(who, mail.queued_at)) }
        @else { "Not sent yet: " (mail.problem) ". Tried " (mail.tries) @if mail.tries == 1 { " time" } @else { " times" } ", next at " (moment(who, mail.next_at)) }
    }
}

/// Signs the record as it is now.
pub async fn checkpoint(
    State(_): State<App>,
    who: SignedIn,
    values: Values,
) -> Result<Response, PageError> {
    who.check(&values)?;
    allowed(&who, Act::SeeRecord)?;
    let before = who.desk().checkpoints().await?.pop();
    let said = match who.desk().checkpoint("when someone asked").await? {
        None => "Nothing is recorded yet, so there is nothing to sign.".to_owned(),
        Some(made) if before.is_some_and(|b| b.head.size == made.head.size) => {
            "The newest checkpoint already covers every entry.".to_owned()
        }
        Some(made) => format!("A checkpoint of {} entries is made.", made.head.size),
    };
    who.desk().put_notice(&who.session, &said).await?;
    Ok(Redirect::to("/record").into_response())
}

/// A checkpoint as a file.
pub async fn download(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    allowed(&who, Act::SeeRecord)?;
    let size: u64 = here
        .get("size")
        .and_then(|s| s.parse().ok())
        .ok_or(DeskError::NotThere)?;
    let found = who
        .desk()
        .checkpoints()
        .await?
        .into_iter()
        .find(|c| c.head.size == size)
        .ok_or(DeskError::NotThere)?;
    Ok(answer::download(
        found.note.into_bytes(),
        "text/plain; charset=utf-8",
        &format!("checkpoint-{size}.txt"),
    ))
}

/// The public keys as a file, one a line.
pub async fn key(State(_): State<App>, who: SignedIn) -> Result<Response, PageError> {
    allowed(&who, Act::SeeRecord)?;
    let mut text = String::new();
    for key in who.desk().log_keys().await? {
        text.push_str(&format!("{key}\n"));
    }
    Ok(answer::download(
        text.into_bytes(),
        "text/plain; charset=utf-8",
        "log-key.txt",
    ))
}

fn manages(who: &SignedIn) -> bool {
    access::permit_in_office(&who.actor().person, Act::ManageSettings).is_ok()
}

/// A hash in groups of four digits, to be compared by eye or read out.
pub fn groups(hex: &str) -> Markup {
    let parts: Vec<&str> = (0..hex.len())
        .step_by(4)
        .filter_map(|at| hex.get(at..at + 4))
        .collect();
    html! { code.c-mono { (parts.join(" ")) } }
}

/// A moment in England, in words.
pub fn moment(who: &SignedIn, at: Timestamp) -> String {
    calendar::words::moment(&who.desk().clock().local(at))
}
