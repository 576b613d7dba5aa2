//! The decision: what is missing before anyone can sign, the text, what was weighed, each partner's view and signature, and what came before.

use access::Act;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cases::context::NamedSeat;
use cases::decision::{Given, Round, Signed, View};
use maud::{Markup, html};

use super::consideration::matrix;
use super::decision_now;
use crate::govuk;
use crate::page::at::Params;
use crate::page::{App, At, PageError, SignedIn, evidence, parts};

/// The page.
pub async fn show(
    State(_): State<App>,
    who: SignedIn,
    Params(here): Params,
) -> Result<Response, PageError> {
    let at = At::read(who, here, access::Section::Decision, "the decision").await?;
    let rules = at.rules().clone();
    let round = &at.case().decision.current;
    let missing = if round.completed.is_some() {
        Vec::new()
    } else {
        cases::decision::missing(at.case(), &rules)
    };
    let name = cases::stages::review_name(&rules);
    let earlier = &at.case().decision.earlier;
    let mut contents = vec![
        ("partners", "Safeguarding partners"),
        ("text", "The text"),
        ("weighed", "What was weighed"),
        ("more", "What else can be done"),
    ];
    if !earlier.is_empty() {
        contents.push(("earlier", "Earlier decisions"));
    }
    let body = html! {
        h1.govuk-heading-l { "Whether to conduct a " (name) }
        (state(&at, round))
        (decision_now::now(&at, round, &missing))
        (decision_now::contents(&contents))
        (seats(&at, round))
        (text(&at, round))
        (weighed(&at))
        (acts(&at, round))
        @if !earlier.is_empty() { div id="earlier" { @for (n, earlier) in earlier.iter().enumerate().rev() { (before(&at, n, earlier)) } } }
    };
    Ok(at
        .page("Decision", "decision", false, body)?
        .into_response())
}

fn state(at: &At, round: &Round) -> Markup {
    let desk = at.who.desk();
    html! {
        @if let Some(day) = round.completed {
            (govuk::inset(&html! { p.govuk-body { b { "Complete. " } "The partners decided on " (calendar::words::long(day)) @if let Some(when) = round.completed_at { "; the last signature came on " (calendar::words::moment(&desk.clock().local(when))) } "." } }))
        }
        @if !round.why.is_empty() { (govuk::inset(&html! { p.govuk-body { b { "Reconsideration. " } (round.why) } })) }
        @if let Some(n) = &round.not_agreed {
            div.c-note {
                h2.govuk-heading-s { "No agreed decision on the due day" }
                p.govuk-body { "Recorded for " (calendar::words::long(n.on)) "." }
                (parts::paragraphs(&n.views))
                p.govuk-body { b { "Sent to the Panel: " } (n.sent_to_panel) }
            }
        }
        @if let Some(r) = &round.resolved {
            (govuk::inset(&html! { p.govuk-body { b { "How the disagreement was resolved. " } (r.how) ", by " (r.by_whom) " on " (calendar::words::long(r.on)) ". " (r.reasons) } }))
        }
        @for (slip, by, when) in &round.slips {
            (govuk::inset(&html! { p.govuk-body { b { "Slip corrected. " } "\u{201c}" (slip.stands) "\u{201d} should say \u{201c}" (slip.should_say) "\u{201d}. " (by.name) ", " (calendar::words::moment(&desk.clock().local(*when))) } }))
        }
    }
}

fn answer(conduct: Option<bool>, name: &str) -> String {
    match conduct {
        Some(true) => format!("Conduct a {name}"),
        Some(false) => format!("Do not conduct a {name}"),
        None => "Not answered yet".into(),
    }
}

fn text(at: &At, round: &Round) -> Markup {
    let rules = at.rules();
    let p = &round.proposal;
    let routes: Vec<String> = p
        .routes
        .iter()
        .map(|id| {
            rules
                .route(&id.as_str().into())
                .map_or_else(|| id.replace('-', " "), |r| r.label.clone())
        })
        .collect();
    let mut rows = vec![
        (
            "1. Conduct a review?".to_owned(),
            html! { (answer(p.conduct, &cases::stages::review_name(rules))) },
            None,
        ),
        (
            "2. What else?".to_owned(),
            html! { @if routes.is_empty() { "Nothing further chosen" } @else { (routes.join("; ")) } @if !p.route_details.is_empty() { br; (p.route_details) } },
            None,
        ),
        (
            "Reasons".to_owned(),
            html! { @if p.reasons.is_empty() { "Not given yet" } @else { (parts::paragraphs(&p.reasons)) } },
            None,
        ),
    ];
    rows.push(("The partners decided on".to_owned(), html! { @match p.decided_on { Some(d) => (calendar::words::long(d)), None => "Not entered yet" } }, None));
    rows.push((
        "Definition".to_owned(),
        html! { "Definition " (at.case().definition.case_outcome(at.case(), rules).words()) },
        Some(("View".into(), at.url("consideration"))),
    ));
    html! {
        h2.govuk-heading-m id="text" { "The text" }
        (govuk::facts(&rows))
        @if !p.why_not.is_empty() { (govuk::details(&format!("Why not nevertheless ({})", p.why_not.len()), &html! {
            @for (id, words) in &p.why_not {
                h3.govuk-heading-s { (rules.element(&id.as_str().into()).map_or(id.as_str(), |e| e.label.as_str())) }
                (parts::paragraphs(words))
            }
        })) }
        @if !p.evidence.is_empty() { (govuk::details(&format!("Evidence ({})", p.evidence.len()), &evidence::evidence_shown(at, &p.evidence))) }
        (govuk::details("The guidance on this decision", &html! {
            (super::law::said(rules, &["appropriateness", "rationale", "clear-evidence"]))
            (govuk::source_note(&rules.decision.source, &rules.decision.standing))
        }))
    }
}

/// The matrices, each folded away under how far it is.
fn weighed(at: &At) -> Markup {
    let rules = at.rules();
    let consideration = &at.case().consideration;
    let one = |title: &str, elements: &[guidance::Element]| {
        let done = elements
            .iter()
            .filter(|e| consideration.of(e.id.as_str()).is_some())
            .count();
        let summary = format!("{title}: {done} of {} considered", elements.len());
        html! { @if !elements.is_empty() { (govuk::details(&summary, &matrix(at, title, elements))) } }
    };
    html! {
        h2.govuk-heading-m id="weighed" { "What was weighed" }
        (one("Criteria", &rules.criteria))
        (one("Circumstances", &rules.circumstances))
        (one("Also asked", &rules.questions))
        p.govuk-body { a.govuk-link href=(at.url("consideration")) { "The whole consideration" } }
    }
}

fn given(at: &At, given: &Given, by: &cases::By, when: jiff::Timestamp) -> Markup {
    let moment = parts::when(at, when);
    html! {
        span.c-quiet {
            @match given {
                Given::InPerson => { (by.name) ", " (by.part) ", " (moment) }
                Given::Otherwise { way, person, on, kept } if way == "paper" => { "On paper, by " (person) " on " (calendar::words::long(*on)) ". Entered by " (by.name) ", " (by.part) ", " (moment) "." @if !kept.is_empty() { " The original: " (kept) } }
                Given::Otherwise { way, person, on, .. } => { "Given by " (person) @if way.starts_with("word of mouth") { " at a meeting" } @else { " by " (way) } " on " (calendar::words::long(*on)) "; written down by " (by.name) ", " (moment) }
            }
        }
    }
}

fn view_words(view: View, note: &str) -> Markup {
    html! { b { (crate::page::case_form::sentence(view.words())) } @if !note.is_empty() { ": \u{201c}" (note) "\u{201d}" } }
}

fn signed(at: &At, s: &Signed) -> Markup {
    html! {
        p class="govuk-body govuk-!-margin-bottom-1" { "Signed. " (view_words(s.signature.view, &s.signature.note)) }
        p class="govuk-body govuk-!-margin-bottom-1" { (given(at, &s.signature.given, &s.by, s.at)) }
        @if let Some(a) = &s.signature.authority {
            p.c-quiet { (crate::page::case_form::sentence(&a.capacity)) ", authority from " (a.from_whom) ", since " (calendar::words::short(a.from)) @if let Some(u) = a.until { " until " (calendar::words::short(u)) } }
        }
        @if !s.missing.is_empty() { p.c-quiet { "Recorded afterwards by " (s.by.name) ". Missing then: " (s.missing.iter().map(|m| m.what.clone()).collect::<Vec<_>>().join("; ")) } }
        p.govuk-body-s { a.govuk-link href=(at.url(&format!("story/{}", s.entry))) { "The text that was signed" } }
    }
}

fn seats(at: &At, round: &Round) -> Markup {
    let list = at.who.desk().seats();
    let mine = decision_now::mine(at);
    html! {
        h2.govuk-heading-m id="partners" { "Safeguarding partners" }
        dl.govuk-summary-list {
            @for named in &list { (seat(at, round, named, mine.contains(&named.seat))) }
        }
        @let aside: Vec<&Signed> = round.signatures.iter().filter(|s| s.set_aside).collect();
        @if !aside.is_empty() {
            (govuk::details("Signatures set aside, because the text changed or they were given again", &html! { @for s in aside { (signed(at, s)) } }))
        }
    }
}

fn seat(at: &At, round: &Round, named: &NamedSeat, mine: bool) -> Markup {
    let path = format!("{}/{}", named.seat.partner, named.seat.body);
    let open = round.completed.is_none() && at.case().is_open();
    let counted = round.signature(&named.seat);
    html! {
        div.govuk-summary-list__row {
            dt.govuk-summary-list__key { (named.partner) br; span.c-saved { (named.body) } }
            dd.govuk-summary-list__value {
                (stepped_back(at, round, named))
                @match (counted, round.views.get(&named.seat)) {
                    (Some(s), _) => (signed(at, s)),
                    (None, Some((v, by, when))) => {
                        p class="govuk-body govuk-!-margin-bottom-1" { (view_words(v.view, &v.note)) @if v.provisional { ". Provisional until everything is considered" } }
                        (given(at, &v.given, by, *when))
                    }
                    (None, None) if round.set_aside_of(&named.seat) => { (govuk::tag("To sign again", "orange")) p.c-quiet { "Signed before the text changed. The earlier signature is kept below." } }
                    (None, None) => { (govuk::tag("No view yet", "orange")) @if open { p.c-quiet { "Does not hold up the others\u{2019} signatures" } } }
                }
            }
            dd.govuk-summary-list__actions {
                @if open && counted.is_none() {
                    ul.govuk-list {
                        @if mine && at.may(Act::SignForPartner) { li { a.govuk-link href=(at.url(&format!("decision/view/{path}"))) { "Give your view" span.govuk-visually-hidden { " for " (named.body) } } } }
                        @if at.may(Act::RecordForOthers) {
                            li { a.govuk-link href=(at.url(&format!("decision/view/{path}"))) { "Record a view given otherwise" span.govuk-visually-hidden { " for " (named.body) } } }
                            li { a.govuk-link href=(at.url(&format!("decision/signed/{path}"))) { "Enter a signature on paper" span.govuk-visually-hidden { " for " (named.body) } } }
                        }
                    }
                }
            }
        }
    }
}

/// Who stepped back from the decision for this seat, and who acts or acted in that place.
fn stepped_back(at: &At, round: &Round, named: &NamedSeat) -> Markup {
    let interests = &at.case().interests;
    let back = interests.back_from_decision(round.completed_at);
    let here = back.filter(|(d, _)| d.seat.as_ref() == Some(&named.seat));
    let signer = round.signature(&named.seat).map(|s| s.by.name.as_str());
    html! {
        @for (d, held) in here {
            p.c-quiet { b { (d.name) " stepped back" } " from this decision on " (calendar::words::long(held.answer.on)) ". "
                @match signer { Some(signer) => { (signer) " acted in that place." } None => "The deputy acts in that place." } }
        }
    }
}

fn acts(at: &At, round: &Round) -> Markup {
    let complete = round.completed.is_some();
    html! {
        h2.govuk-heading-m id="more" { "What else can be done" }
        ul.govuk-list {
            li { a.govuk-link href=(at.url("story?part=decision")) { "What happened to this decision, entry by entry" } }
            @if at.may(Act::MakePapers) { li { a.govuk-link href=(at.url("documents")) { "Print the decision and forms to sign by hand" } } }
            @if !complete && at.may(Act::RecordForOthers) {
                li { a.govuk-link href=(at.url("decision/not-agreed")) { "There is no agreed decision on the due day" } }
                li { a.govuk-link href=(at.url("decision/resolve")) { "Record how a disagreement was resolved" } }
            }
            @if complete && at.may(Act::WriteDecision) {
                li { a.govuk-link href=(at.url("decision/slip")) { "Correct a slip with a dated note" } }
                li { a.govuk-link href=(at.url("decision/reconsider")) { "Reconsider this decision" } }
            }
        }
    }
}

fn before(at: &At, n: usize, round: &Round) -> Markup {
    let name = cases::stages::review_name(at.rules());
    html! {
        h2.govuk-heading-m { "Earlier decision " (n + 1) @if let Some(d) = round.completed { ", " (calendar::words::long(d)) } }
        p.govuk-body { b { (answer(round.proposal.conduct, &name)) } }
        (parts::paragraphs(&round.proposal.reasons))
        @for s in round.signatures.iter().filter(|s| !s.set_aside) { p class="govuk-body govuk-!-margin-bottom-1" { (parts::partner_name(at, &s.signature.seat.partner)) ": " (view_words(s.signature.view, &s.signature.note)) " " (given(at, &s.signature.given, &s.by, s.at)) } }
    }
}
