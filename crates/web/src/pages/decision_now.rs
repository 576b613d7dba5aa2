//! The top of the decision page: where it stands, what is missing, what the reader can do now, and what else the page holds.
//! On a phone this is what one sees first; everything else is one touch away.

use access::Act;
use cases::Missing;
use cases::context::NamedSeat;
use cases::decision::Round;
use maud::{Markup, html};

use crate::govuk;
use crate::page::{At, parts};

/// How many missing things are listed before the rest is folded away.
const FIRST: usize = 4;

/// The seats the reader may act for today.
pub fn mine(at: &At) -> Vec<cases::Seat> {
    at.who
        .desk()
        .office()
        .authorities(&at.who.actor().person.id, at.view.today)
        .into_iter()
        .map(|a| a.seat)
        .collect()
}

/// Where it stands, in a sentence.
fn stands(round: &Round, seats: &[NamedSeat], missing: usize) -> String {
    let signed = seats
        .iter()
        .filter(|s| round.signature(&s.seat).is_some())
        .count();
    let text = match (round.versions, missing) {
        (0, _) => "The text is not written yet.",
        (_, 0) => "The text is written and ready to sign.",
        _ => "The text is written.",
    };
    let signatures = match signed {
        0 => "Nobody has signed.".to_owned(),
        n => format!("{n} of {} have signed.", seats.len()),
    };
    format!("{text} {signatures}")
}

/// Where the decision stands, what is missing and what the reader can do; nothing when it is complete, which is said elsewhere.
pub fn now(at: &At, round: &Round, missing: &[Missing]) -> Markup {
    if round.completed.is_some() {
        return html! {};
    }
    let seats = at.who.desk().seats();
    let held = mine(at);
    let to_sign: Vec<&NamedSeat> = seats
        .iter()
        .filter(|s| held.contains(&s.seat) && round.signature(&s.seat).is_none())
        .collect();
    let signs = at.case().is_open() && missing.is_empty() && at.may(Act::SignForPartner);
    html! {
        p.govuk-body-l { (stands(round, &seats, missing.len())) }
        @if signs { @for named in &to_sign {
            a.govuk-button href=(at.url(&format!("decision/sign/{}/{}", named.seat.partner, named.seat.body))) draggable="false" { "Read and sign" span.govuk-visually-hidden { " for " (named.body) } }
            " "
        } }
        @if at.may(Act::WriteDecision) {
            a class=(if signs && !to_sign.is_empty() { "govuk-button govuk-button--secondary" } else { "govuk-button" }) href=(at.url("decision/text")) role="button" draggable="false" { @if round.versions == 0 { "Write the text of the decision" } @else { "Change the text" } }
        }
        @if !missing.is_empty() {
            div.c-note id="missing" {
                h2 class="govuk-heading-s govuk-!-margin-bottom-2" { "Before anyone can sign" }
                @if missing.len() > FIRST + 1 {
                    (parts::missing_list(at, &missing[..FIRST]))
                    (govuk::details(&format!("{} more things are missing", missing.len() - FIRST), &parts::missing_list(at, &missing[FIRST..])))
                } @else { (parts::missing_list(at, missing)) }
            }
        }
    }
}

/// What the page holds, each one touch away.
pub fn contents(parts: &[(&str, &str)]) -> Markup {
    html! {
        nav.c-contents aria-labelledby="on-this-page" {
            h2 class="govuk-heading-s govuk-!-margin-bottom-1" id="on-this-page" { "On this page" }
            ul.govuk-list { @for (id, words) in parts { li { a.govuk-link href=(format!("#{id}")) { (words) } } } }
        }
    }
}
