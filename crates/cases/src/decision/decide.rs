//! Decides what is asked of the decision; a gate may stop a signature, never the recording of a fact.

use guidance::DecisionRule;

use super::{
    Command, Decision, Event, Given, Round, Signature, Slip, View, ViewGiven, apply, missing, text,
};
use crate::Case;
use crate::context::{Context, Refusal, Seat, required};
use crate::event::Decided;
use crate::evidence::Evidence;
use crate::interests::Scope;

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct, or lists what is missing before anyone can sign.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Decided>, Refusal> {
    let round = &case.decision.current;
    let complete = round.completed.is_some();
    match command {
        Command::WriteText(mut proposal) => {
            if complete {
                return Err(Refusal::because(
                    "this decision is complete: correct a slip with a dated note, or begin a reconsideration",
                ));
            }
            ctx.past_if_known("decided-on", proposal.decided_on)?;
            Evidence::check(&proposal.evidence)?;
            proposal.why_not.retain(|_, words| !words.trim().is_empty());
            if let Some(unknown) = proposal
                .routes
                .iter()
                .find(|r| ctx.rules.route(&r.as_str().into()).is_none())
            {
                return Err(Refusal::field(
                    "routes",
                    &format!("Choose a route of this edition: `{unknown}` is not one"),
                ));
            }
            Ok(vec![Decided::plain(Event::TextWritten(proposal))])
        }
        Command::GiveView(mut view) => {
            if complete {
                return Err(Refusal::because("this decision is complete"));
            }
            check_view(&view.view, &view.note, &view.given, ctx)?;
            check_seat(case, &view.seat, &view.given, ctx)?;
            let missing = missing(case, ctx.rules);
            view.provisional = !missing.is_empty();
            Ok(vec![Decided::plain(Event::ViewGiven(view))])
        }
        Command::Sign(signature) => sign(case, signature, ctx),
        Command::Resolve(resolution) => {
            required(
                "by-whom",
                &resolution.by_whom,
                "Enter who resolved the disagreement",
            )?;
            required("how", &resolution.how, "Enter how it was resolved")?;
            required("reasons", &resolution.reasons, "Enter the reasons")?;
            ctx.past("on", resolution.on)?;
            if complete {
                return Err(Refusal::because("this decision is complete"));
            }
            Ok(then_complete(
                case,
                Event::Resolved(resolution),
                Vec::new(),
                ctx,
            ))
        }
        Command::RecordNotAgreed(not_agreed) => {
            ctx.past("on", not_agreed.on)?;
            required("views", &not_agreed.views, "Enter each partner's view")?;
            required(
                "sent-to-panel",
                &not_agreed.sent_to_panel,
                "Enter what was sent to the Panel, when and by whom, or that nothing was sent",
            )?;
            Ok(vec![Decided::plain(Event::NotAgreedRecorded(not_agreed))])
        }
        Command::CorrectSlip(slip) => {
            if !complete {
                return Err(Refusal::because(
                    "the decision is not complete: change its text instead",
                ));
            }
            required("stands", &slip.stands, "Enter the words as they stand")?;
            required("should-say", &slip.should_say, "Enter what they should say")?;
            check_slip(round, &slip)?;
            Ok(vec![Decided::plain(Event::SlipCorrected(slip))])
        }
        Command::Reconsider { why } => {
            if !complete {
                return Err(Refusal::because(
                    "there is no complete decision to reconsider: change its text instead",
                ));
            }
            required("why", &why, "Enter why the decision is reconsidered")?;
            Ok(vec![Decided::plain(Event::ReconsiderationBegun { why })])
        }
    }
}

fn sign(case: &Case, mut signature: Signature, ctx: &Context<'_>) -> Result<Vec<Decided>, Refusal> {
    let round = &case.decision.current;
    if round.completed.is_some() {
        return Err(Refusal::because("this decision is already complete"));
    }
    check_view(&signature.view, &signature.note, &signature.given, ctx)?;
    let authority = check_seat(case, &signature.seat, &signature.given, ctx)?;
    let missing = missing(case, ctx.rules);
    let exact = text(case, ctx.rules);
    match signature.given {
        Given::InPerson => {
            if !missing.is_empty() {
                return Err(Refusal::NotReadyToSign(missing));
            }
            if signature.text != exact {
                return Err(Refusal::because(
                    "the text has changed since you read it: read it again before you sign",
                ));
            }
            signature.authority = authority;
        }
        Given::Otherwise { .. } if signature.passkey.is_some() => {
            return Err(Refusal::because(
                "a passkey signs for whoever holds it: a signature that was given otherwise has none",
            ));
        }
        Given::Otherwise { .. } => signature.text = exact,
    }
    Ok(then_complete(case, Event::Signed(signature), missing, ctx))
}

/// The event, and the completion when it was the last thing needed; with what was missing then.
/// A dissent that had to be resolved makes the day of the resolution the day decided, when that is later.
fn then_complete(
    case: &Case,
    event: Event,
    missing_then: Vec<crate::Missing>,
    ctx: &Context<'_>,
) -> Vec<Decided> {
    let mut after: Decision = case.decision.clone();
    apply(&mut after, &event, &crate::Recorded::sketch(ctx));
    let mut events = vec![Decided {
        event: event.into(),
        missing: missing_then,
    }];
    let round = &after.current;
    if let Some(day) = round.proposal.decided_on
        && carried(round, ctx)
    {
        let dissent = needed(ctx)
            .filter_map(|s| round.signature(s))
            .any(|s| s.signature.view == View::Dissents);
        let resolved = round
            .resolved
            .as_ref()
            .filter(|_| dissent)
            .map_or(day, |r| r.on);
        events.push(Decided {
            event: Event::Completed {
                decided_on: day.max(resolved),
            }
            .into(),
            missing: missing(case, ctx.rules),
        });
    }
    events
}

fn check_view(view: &View, note: &str, given: &Given, ctx: &Context<'_>) -> Result<(), Refusal> {
    match view {
        View::AgreesWithNote => required("note", note, "Enter the note")?,
        View::Dissents => required("note", note, "Enter the reasons for the dissent")?,
        View::Agrees => {}
    }
    if let Given::Otherwise {
        way, person, on, ..
    } = given
    {
        required("way", way, "Choose how it was given")?;
        required("person", person, "Enter who gave it, by name and part")?;
        ctx.past("given-on", *on)?;
    }
    Ok(())
}

/// The seat must be one of the partnership's; whoever acts in person must hold authority for it today; and nobody acts who
/// stepped back from the decision, also not on paper: the deputy does.
fn check_seat(
    case: &Case,
    seat: &Seat,
    given: &Given,
    ctx: &Context<'_>,
) -> Result<Option<crate::context::Authority>, Refusal> {
    if !ctx.seats.iter().any(|s| &s.seat == seat) {
        return Err(Refusal::field(
            "seat",
            "Choose one of the safeguarding partners",
        ));
    }
    if let Given::Otherwise { person, .. } = given {
        let said = person.to_lowercase();
        let back = case
            .interests
            .back_from_decision(None)
            .find(|(d, _)| said.contains(&d.name.to_lowercase()));
        return match back {
            Some((d, _)) => Err(Refusal::field(
                "person",
                &format!(
                    "{} stepped back from the decision: enter who acts in their place",
                    d.name
                ),
            )),
            None => Ok(None),
        };
    }
    if case.interests.keeps(&ctx.by.person, Scope::Decision) {
        return Err(Refusal::because(
            "you stepped back from the decision in this case: the deputy acts in your place",
        ));
    }
    let authority = ctx
        .authorities
        .iter()
        .find(|a| &a.seat == seat && a.from <= ctx.today && a.until.is_none_or(|u| ctx.today <= u));
    match authority {
        Some(found) => Ok(Some(found.clone())),
        None => Err(Refusal::because(
            "you hold no recorded authority to act for this partner today",
        )),
    }
}

/// The seats whose signature is needed: every body of every partner that must sign.
fn needed<'a>(ctx: &'a Context<'_>) -> impl Iterator<Item = &'a Seat> {
    ctx.seats.iter().map(|s| &s.seat).filter(|s| {
        ctx.rules
            .decision
            .must_sign
            .iter()
            .any(|p| p.as_str() == s.partner)
    })
}

fn signed_by_all(round: &Round, ctx: &Context<'_>) -> bool {
    needed(ctx).all(|seat| round.signature(seat).is_some())
}

/// True when everyone who must sign has signed, the quorum is there and the rule of the pack is met.
fn carried(round: &Round, ctx: &Context<'_>) -> bool {
    let partners: std::collections::BTreeSet<&str> = round
        .signatures
        .iter()
        .filter(|s| !s.set_aside)
        .map(|s| s.signature.seat.partner.as_str())
        .collect();
    if !signed_by_all(round, ctx) || partners.len() < usize::from(ctx.rules.decision.quorum) {
        return false;
    }
    let (agree, dissent): (Vec<_>, Vec<_>) = needed(ctx)
        .filter_map(|s| round.signature(s))
        .partition(|s| s.signature.view != View::Dissents);
    match ctx.rules.decision.rule {
        DecisionRule::Unanimous => dissent.is_empty() || round.resolved.is_some(),
        DecisionRule::Majority => agree.len() > dissent.len() || round.resolved.is_some(),
    }
}

/// What the views and signatures say, for the page and the state "no agreed decision on the due day".
pub(crate) fn views_in_words(
    round: &Round,
    seats: &[crate::context::NamedSeat],
) -> Vec<(String, String)> {
    seats
        .iter()
        .map(|named| {
            let words = match (round.signature(&named.seat), round.views.get(&named.seat)) {
                (Some(signed), _) => format!(
                    "signed: {}",
                    with_note(signed.signature.view, &signed.signature.note)
                ),
                (
                    None,
                    Some((
                        ViewGiven {
                            view,
                            note,
                            provisional,
                            ..
                        },
                        _,
                        _,
                    )),
                ) => {
                    format!(
                        "{}{}",
                        with_note(*view, note),
                        if *provisional { ", provisional" } else { "" }
                    )
                }
                (None, None) => "no view yet".into(),
            };
            (format!("{}: {}", named.partner, named.body), words)
        })
        .collect()
}

fn with_note(view: View, note: &str) -> String {
    if note.is_empty() {
        view.words().to_owned()
    } else {
        format!("{} (\u{201c}{note}\u{201d})", view.words())
    }
}

/// Longer corrections in reasons are no slip.
const FEW: usize = 8;

/// A note corrects a slip: the words must stand in the signed text, and it changes neither outcome nor finding,
/// and in reasons no more than a few words.
fn check_slip(round: &Round, slip: &Slip) -> Result<(), Refusal> {
    let stands = slip.stands.trim();
    let Some(text) = round
        .signatures
        .iter()
        .rev()
        .find(|s| !s.set_aside)
        .map(|s| &s.signature.text)
    else {
        return Ok(());
    };
    if !text.contains(stands) {
        return Err(Refusal::field(
            "stands",
            "Enter the words exactly as they stand in the text that was signed",
        ));
    }
    let long = |words: &str| words.split_whitespace().count() > FEW;
    // Where the words stand in several places, one place where a note may correct them is enough.
    let mut changes = None;
    for line in text.lines() {
        let Some(at) = line.find(stands) else {
            continue;
        };
        let finding = line.strip_prefix("- ").and_then(|rest| rest.find(". "));
        let reasons = ["- ", "Reasons: ", "Why not "]
            .iter()
            .any(|s| line.starts_with(s));
        changes = Some(if line.starts_with("1. ") || line.starts_with("2. ") {
            "the outcome"
        } else if finding.is_some_and(|end| at < end + 2) {
            "a finding"
        } else if reasons && (long(stands) || long(&slip.should_say)) {
            "the reasons"
        } else {
            return Ok(());
        });
    }
    match changes {
        Some(what) => Err(Refusal::field(
            "should-say",
            &format!("This changes {what}: reconsider the decision instead"),
        )),
        None => Err(Refusal::field(
            "stands",
            "Enter words that stand in one line of the text that was signed",
        )),
    }
}
