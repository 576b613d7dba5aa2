//! Proposing that something is erased, with what would change; withdrawing a proposal.

use cases::Command;
use cases::erasure::{Command as Erasure, LONG_ENOUGH, Rule, Target, effect};
use desk::{Acted, DeskError};
use maud::{Markup, html};

use super::erasure::what;
use crate::form::{Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError};

/// What an address names: `case`, `entry-12`, `file-...`.
fn target(at: &At) -> Option<Target> {
    let named = at.param("what");
    if named == "case" {
        return Some(Target::Case);
    }
    if let Some(number) = named.strip_prefix("entry-") {
        return Some(Target::Entry(number.parse().ok()?));
    }
    named
        .strip_prefix("file-")
        .map(|file| Target::File(file.to_owned()))
}

/// What would change, and where else the same words stand: to be read before anything is asked.
pub(crate) fn would_change(at: &At, target: &Target) -> Markup {
    let effect = effect(at.case(), at.rules(), target);
    let entry = match target {
        Target::Entry(number) => at
            .who
            .desk()
            .story_of(at.who.actor(), &at.view)
            .into_iter()
            .find(|l| l.line.number == *number),
        _ => None,
    };
    html! {
        @if let Some(line) = entry { (govuk::inset(&html! { p.govuk-body { "Entry " (line.line.number) ": " b { (line.by.name) } " " (line.line.said) ", " (calendar::words::moment(&line.at)) } })) }
        h2.govuk-heading-m { "What the case would look like" }
        p.govuk-body { "What is erased counts no more, as if it had not been said." }
        ul class="govuk-list govuk-list--bullet" { @for change in &effect.changes { li { (change) } } }
        @if !effect.copies.is_empty() {
            (govuk::warning("Words of this entry stand in other entries of this case too. Erasing this one does not erase them there."))
            p.govuk-body { "Look at " @for (n, number) in effect.copies.iter().enumerate() { @if n > 0 { ", " } a.govuk-link href=(at.url(&format!("story/{number}"))) { "entry " (number) } } "." }
        }
        p.govuk-body { "Other entries were looked through for texts of this one that have " (LONG_ENOUGH) " characters or more. Shorter ones, a name among them, have to be looked for by reading." }
        p.govuk-body { "What people have typed in this case and not saved is deleted when it is carried out. Papers and exports that left the system, and backups made before, are not reached." }
    }
}

/// Proposing an erasure.
#[derive(Debug)]
pub struct ProposeForm;

impl CaseForm for ProposeForm {
    const PATH: &'static str = "/cases/{case}/erasure/propose/{what}";
    const PART: &'static str = "proposing an erasure";
    const TAB: &'static str = "story";
    const ACT: access::Act = access::Act::ProposeErasure;
    const WHOLE: bool = true;

    fn title(at: &At) -> String {
        match target(at) {
            Some(Target::Case) => "Propose to erase the whole case".into(),
            Some(Target::Entry(number)) => {
                format!("Propose to erase the content of entry {number}")
            }
            _ => "Propose to erase a file".into(),
        }
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let there = match target(at) {
            Some(Target::Entry(number)) => at.case().story.iter().any(|r| r.number == number),
            Some(Target::File(file)) => at.case().documents.find(&file).is_some(),
            Some(Target::Case) => true,
            None => false,
        };
        if there {
            Ok(Values::default())
        } else {
            Err(DeskError::NotThere.into())
        }
    }

    fn read(at: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        let settings = at.who.desk().settings();
        let chosen = values.get("rule");
        let rule = settings
            .erasure
            .rules
            .iter()
            .find(|r| r.id == chosen)
            .map(|r| Rule {
                id: r.id.clone(),
                title: r.title.clone(),
                at_once_when_hidden: r.at_once_when_hidden,
            });
        Some(vec![Command::Erasure(Erasure::Propose {
            target: target(at)?,
            rule,
            why: values.text("why"),
        })])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let settings = at.who.desk().settings();
        let rules: Vec<Choice> = settings
            .erasure
            .rules
            .iter()
            .map(|r| {
                let hint = if r.at_once_when_hidden {
                    "An entry that is hidden already is erased as soon as it is approved; hide it first, by marking it as made in error"
                } else {
                    ""
                };
                Choice::hinted(r.id.clone(), r.title.clone(), hint)
            })
            .collect();
        html! {
            @if let Some(target) = target(at) { (would_change(at, &target)) }
            (govuk::radios(form, "rule", "Under which rule?", "The rules are in the partnership\u{2019}s settings", &rules))
            (govuk::textarea(form, "why", "Why is it to be erased?", "Do not repeat what is to be erased: these words stay in the case", 3))
            p.govuk-body { "Someone else who decides or chairs in this case approves it. After that it waits " (settings.erasure.wait_days) " days." }
        }
    }

    fn button(_: &At) -> String {
        "Propose this erasure".into()
    }

    fn said(_: &At) -> String {
        "The erasure is proposed. Someone else has to approve it.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("erasure")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("erasure"), "Legal holds and erasure")
    }
}

/// Withdrawing a proposal.
#[derive(Debug)]
pub struct WithdrawForm;

impl CaseForm for WithdrawForm {
    const PATH: &'static str = "/cases/{case}/erasure/{proposal}/withdraw";
    const PART: &'static str = "withdrawing a proposal to erase";
    const TAB: &'static str = "story";
    const ACT: access::Act = access::Act::WithdrawErasure;

    fn title(_: &At) -> String {
        "Withdraw a proposal to erase".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        match at.case().erasure.find(at.param("proposal")) {
            Some(proposed) if proposed.is_open() => Ok(Values::default()),
            _ => Err(DeskError::NotThere.into()),
        }
    }

    fn read(at: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        Some(vec![Command::Erasure(Erasure::Withdraw {
            proposal: at.param("proposal").to_owned(),
            why: values.text("why"),
        })])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            @if let Some(proposed) = at.case().erasure.find(at.param("proposal")) {
                p.govuk-body { "The proposal to erase " (what(at, &proposed.proposal.target)) " is withdrawn, and nothing is erased under it." }
            }
            (govuk::textarea(form, "why", "Why is it withdrawn?", "", 3))
        }
    }

    fn button(_: &At) -> String {
        "Withdraw the proposal".into()
    }

    fn said(_: &At) -> String {
        "The proposal is withdrawn.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("erasure")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("erasure"), "Legal holds and erasure")
    }
}
