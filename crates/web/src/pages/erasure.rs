//! Legal holds and erasure of a case: what stands, what is proposed and by whom, what was erased; placing and lifting a hold.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::Command;
use cases::erasure::{Command as Erasure, Proposed, Target, ready};
use desk::{Acted, DeskError};
use maud::{Markup, html};

use crate::form::{Form, Problems, Values};
use crate::govuk;
use crate::page::at::Params;
use crate::page::parts::when;
use crate::page::{App, At, CaseForm, PageError, SignedIn};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read_whole(
        who,
        here,
        access::Section::Course,
        "legal holds and erasure",
    )
    .await?;
    if !sees(&at) {
        return Err(
            DeskError::Denied(access::Denied::NotYours("ask whoever runs the case")).into(),
        );
    }
    let state = &at.case().erasure;
    let (open, over): (Vec<&Proposed>, Vec<&Proposed>) =
        state.proposals.iter().partition(|p| p.is_open());
    let held = state.standing().next().is_some();
    let body = html! {
        (govuk::back_link(&at.url("story"), "The whole story"))
        h1.govuk-heading-l { "Legal holds and erasure" }
        p.govuk-body { "Erasing destroys the key of what was written, for good. That it was written, by whom and when, stays provable. One person proposes it, someone else approves it, and then it waits." }
        h2.govuk-heading-m { "Legal holds" }
        @if state.holds.is_empty() { p.govuk-body { "None has been placed." } }
        @for held in &state.holds { div.c-note {
            p.govuk-body { b { "Required by " (held.hold.required_by) } ": " (held.hold.why) br; span.c-quiet { "Placed by " (held.placed.by.name) ", " (held.placed.by.part) ", " (when(&at, held.placed.at)) } }
            @match &held.lifted {
                Some(lifted) => p.govuk-body { "Lifted by " (lifted.by.name) ", " (when(&at, lifted.at)) ": " (lifted.why) },
                None => @if at.may(access::Act::PlaceHold) { p.govuk-body { a.govuk-link href=(at.url(&format!("erasure/holds/{}/lift", held.hold.id))) { "Lift this hold" span.govuk-visually-hidden { ", required by " (held.hold.required_by) } } } },
            }
        } }
        @if at.may(access::Act::PlaceHold) { p.govuk-body { a class="govuk-button govuk-button--secondary" role="button" draggable="false" href=(at.url("erasure/hold")) { "Place a legal hold" } } }
        h2.govuk-heading-m { "Proposed" }
        @if held { p.govuk-body { "While a legal hold stands nothing of this case can be erased, whatever was approved." } }
        @if open.is_empty() { p.govuk-body { "Nothing is proposed." } }
        @for proposed in &open { (one(&at, proposed)) }
        @if at.may(access::Act::ProposeErasure) && !held {
            p.govuk-body { "To propose that the content of one entry is erased, open that entry in full from " a.govuk-link href=(at.url("story")) { "the whole story" } "; for a file, go to " a.govuk-link href=(at.url("documents")) { "the documents" } "." }
            p.govuk-body { a.govuk-link href=(at.url("erasure/propose/case")) { "Propose that the whole case is erased" } }
        }
        @if !over.is_empty() {
            h2.govuk-heading-m { "Withdrawn or carried out" }
            @for proposed in &over { (one(&at, proposed)) }
        }
    };
    Ok(at
        .page("Legal holds and erasure", "story", false, body)?
        .into_response())
}

/// Whether someone sees this page: whoever proposes, approves or withdraws.
pub(crate) fn sees(at: &At) -> bool {
    at.may(access::Act::ProposeErasure) || at.may(access::Act::ApproveErasure)
}

/// What is to be erased, as people call it.
pub(crate) fn what(at: &At, target: &Target) -> Markup {
    match target {
        Target::Entry(number) => html! { "the content of entry\u{a0}" (number) },
        Target::File(file) => {
            let title = at.case().documents.find(file).map(|f| &f.document.title);
            html! { "the file of the document \u{201c}" (title.map_or("erased", String::as_str)) "\u{201d}" }
        }
        Target::Case => html! { "the whole case" },
    }
}

/// When what was approved is carried out, or why it is not although its time has come.
fn carried_out(at: &At, proposed: &Proposed, due: jiff::Timestamp) -> Markup {
    let now = at.who.desk().clock().now();
    match ready(at.case(), &proposed.proposal.id, now) {
        Err(why) if now >= due => html! {
            "Its waiting time is over, but it cannot be carried out: " (why) "."
        },
        _ if now >= due => html! {
            "Its waiting time is over: it is carried out within a quarter of an hour, unless it is withdrawn or a legal hold is placed."
        },
        _ => html! {
            "It is carried out soon after " (when(at, due)) ", unless it is withdrawn or a legal hold is placed before."
        },
    }
}

fn one(at: &At, proposed: &Proposed) -> Markup {
    let p = &proposed.proposal;
    html! { div.c-note {
        h3 class="govuk-heading-s govuk-!-margin-bottom-1" { "To erase " (what(at, &p.target)) }
        p.govuk-body { "Rule: " (p.rule.title) br; "Why: " (p.why) br; span.c-quiet { "Proposed by " (proposed.proposed.by.name) ", " (proposed.proposed.by.part) ", " (when(at, proposed.proposed.at)) } }
        @if let Some((approved, due)) = &proposed.approved {
            p.govuk-body { "Approved by " (approved.by.name) ", " (approved.by.part) ", " (when(at, approved.at)) ". "
                @if proposed.is_open() { (carried_out(at, proposed, *due)) } }
        }
        @if let Some(withdrawn) = &proposed.withdrawn { p.govuk-body { "Withdrawn by " (withdrawn.by.name) ", " (when(at, withdrawn.at)) ": " (withdrawn.why) } }
        @if let Some(done) = proposed.done { p.govuk-body { "Carried out " (when(at, done)) "." } }
        @if proposed.is_open() { ul.govuk-list {
            @if proposed.approved.is_none() && at.may(access::Act::ApproveErasure) { li { a.govuk-link href=(at.url(&format!("erasure/{}/approve", p.id))) { "Read and approve" span.govuk-visually-hidden { " erasing " (what(at, &p.target)) } } } }
            @if at.may(access::Act::WithdrawErasure) { li { a.govuk-link href=(at.url(&format!("erasure/{}/withdraw", p.id))) { "Withdraw" span.govuk-visually-hidden { " the proposal to erase " (what(at, &p.target)) } } } }
        } }
    } }
}

/// What stands above every page of a case while a hold stands.
pub(crate) fn held(at: &At) -> Markup {
    html! { @for held in at.case().erasure.standing() {
        span.c-identity__fact { "Legal hold, required by " b { (held.hold.required_by) } ": nothing is erased" }
    } }
}

/// Placing a legal hold.
#[derive(Debug)]
pub struct HoldForm;

impl CaseForm for HoldForm {
    const PATH: &'static str = "/cases/{case}/erasure/hold";
    const PART: &'static str = "placing a legal hold";
    const TAB: &'static str = "story";
    const ACT: access::Act = access::Act::PlaceHold;

    fn title(_: &At) -> String {
        "Place a legal hold".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        Some(vec![Command::Erasure(Erasure::PlaceHold {
            required_by: values.text("required-by"),
            why: values.text("why"),
        })])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { "While it stands nothing of this case can be erased, also what was approved before. Everyone in the case sees that it stands and who requires it. Several may stand at once." }
            (govuk::text(form, "required-by", "Who requires it?", "Like the coroner, a public inquiry or a court"))
            (govuk::textarea(form, "why", "Why?", "With the date and reference of the request, if there is one", 3))
        }
    }

    fn button(_: &At) -> String {
        "Place the hold".into()
    }

    fn said(_: &At) -> String {
        "The legal hold is placed.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("erasure")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("erasure"), "Legal holds and erasure")
    }
}

/// Lifting a legal hold.
#[derive(Debug)]
pub struct LiftForm;

impl CaseForm for LiftForm {
    const PATH: &'static str = "/cases/{case}/erasure/holds/{hold}/lift";
    const PART: &'static str = "lifting a legal hold";
    const TAB: &'static str = "story";
    const ACT: access::Act = access::Act::PlaceHold;

    fn title(at: &At) -> String {
        let held = at.case().erasure.standing();
        let mut held = held.filter(|h| h.hold.id == at.param("hold"));
        held.next().map_or_else(
            || "Lift a legal hold".into(),
            |h| format!("Lift the legal hold required by {}", h.hold.required_by),
        )
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut standing = at.case().erasure.standing();
        if standing.any(|h| h.hold.id == at.param("hold")) {
            Ok(Values::default())
        } else {
            Err(DeskError::NotThere.into())
        }
    }

    fn read(at: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        Some(vec![Command::Erasure(Erasure::LiftHold {
            hold: at.param("hold").to_owned(),
            why: values.text("why"),
        })])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { "An erasure that was approved and whose waiting time is over is carried out soon after the last hold is lifted. Withdraw it first if it should not be." }
            (govuk::textarea(form, "why", "Why is it lifted?", "Who said that it is no longer required, and when", 3))
        }
    }

    fn button(_: &At) -> String {
        "Lift the hold".into()
    }

    fn said(_: &At) -> String {
        "The legal hold is lifted.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("erasure")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("erasure"), "Legal holds and erasure")
    }
}
