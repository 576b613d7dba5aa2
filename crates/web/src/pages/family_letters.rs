//! What is safe for a person, and a letter that someone has read and released.

use cases::Command;
use cases::family::{self, Letter, LetterKind, SafetyCheck};
use cases::people::Part;
use desk::{Acted, DeskError};
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError, parts};

fn person(at: &At) -> Result<String, PageError> {
    let id = at.param("person").to_owned();
    if family::to_consider(at.case()).contains(&id) {
        Ok(id)
    } else {
        Err(DeskError::NotThere.into())
    }
}

fn there(at: &At) -> String {
    at.url(&format!("family/{}", at.param("person")))
}

/// What is safe.
#[derive(Debug)]
pub struct SafetyForm;

impl CaseForm for SafetyForm {
    const PATH: &'static str = "/cases/{case}/family/{person}/safe";
    const PART: &'static str = "what is safe for a person";
    const TAB: &'static str = "family";
    const ACT: access::Act = access::Act::RecordFamily;

    fn title(at: &At) -> String {
        format!("What is safe for {}?", at.called(at.param("person")))
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if let Some(s) = at
            .case()
            .family
            .people
            .get(&person(at)?)
            .and_then(|p| p.safety.as_ref())
        {
            for (name, text) in [
                ("address", &s.address),
                ("way", &s.way),
                ("parental-responsibility", &s.parental_responsibility),
                ("suspect-or-witness", &s.suspect_or_witness),
                ("officer-consulted", &s.officer_consulted),
            ] {
                values.set(name, text);
            }
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        let check = SafetyCheck {
            person: person(at).ok()?,
            address: values.text("address"),
            way: values.text("way"),
            parental_responsibility: values.text("parental-responsibility"),
            suspect_or_witness: values.text("suspect-or-witness"),
            officer_consulted: values.text("officer-consulted"),
        };
        Some(vec![Command::Family(family::Command::CheckSafety(check))])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { "Leave empty what was not asked: that is allowed, and warned about before a letter is printed." }
            (govuk::textarea(form, "address", "A safe address", "Exactly as it is to stand on the letter, each line on its own. Notes such as where not to write go below, not here: the person reads this.", 3))
            (govuk::text(form, "way", "A safe way to reach this person", "Like by hand, with the advocate; never by post"))
            (govuk::text(form, "parental-responsibility", "Who holds parental responsibility", ""))
            (govuk::text(form, "suspect-or-witness", "Is this person a suspect or a witness?", "And who said so"))
            (govuk::text(form, "officer-consulted", "Was the investigating or coroner\u{2019}s officer consulted?", "By whom and when, and what they said"))
        }
    }

    fn done(at: &At, _: &Acted) -> String {
        there(at)
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&there(at), &at.called(at.param("person")))
    }
}

/// A letter.
#[derive(Debug)]
pub struct LetterForm;

fn kind_word(kind: LetterKind) -> &'static str {
    match kind {
        LetterKind::Adult => "adult",
        LetterKind::OlderChild => "older-child",
        LetterKind::YoungerChild => "younger-child",
    }
}

const KINDS: [LetterKind; 3] = [
    LetterKind::Adult,
    LetterKind::OlderChild,
    LetterKind::YoungerChild,
];

fn kind_of(word: &str) -> Option<LetterKind> {
    KINDS.into_iter().find(|k| kind_word(*k) == word)
}

fn reader_words(kind: LetterKind) -> &'static str {
    match kind {
        LetterKind::Adult => "an adult",
        LetterKind::OlderChild => "a young person",
        LetterKind::YoungerChild => "a younger child",
    }
}

/// How the text on the form stands to the reader who is chosen.
enum Suits {
    /// It is the text suggested for this reader, or no reader is chosen.
    Suggested,
    /// It is, word for word, what was suggested for another reader: it changes with the reader.
    ForAnother(String),
    /// Someone wrote it or changed it: it stays, and what would be suggested is offered.
    Edited {
        /// What would be suggested for this reader.
        suggested: String,
        /// True while the reader was changed since the text was last looked at.
        moved: bool,
    },
}

fn suits(at: &At, values: &Values) -> Suits {
    let Some(kind) = kind_of(values.get("kind")) else {
        return Suits::Suggested;
    };
    let suggest = |kind| at.who.desk().suggested_letter(&at.view, kind);
    let (suggested, text) = (suggest(kind), values.text("text"));
    if text == suggested.trim() {
        return Suits::Suggested;
    }
    if values.has("take-suggested", "yes") || KINDS.map(suggest).iter().any(|s| s.trim() == text) {
        return Suits::ForAnother(suggested);
    }
    let looked_at = values.get("looked-at-for");
    Suits::Edited {
        suggested,
        moved: !looked_at.is_empty() && looked_at != kind_word(kind),
    }
}

/// The text written or changed by someone stays; what is suggested for the reader stands below it, to be taken instead.
fn offered(form: &Form<'_>, suggested: &str, kind: LetterKind, moved: bool) -> Markup {
    let reader = reader_words(kind);
    let body = html! {
        (parts::paragraphs(suggested))
        (govuk::checkboxes(form, "take-suggested", "Instead of what you wrote", "Your text is replaced by this one, and the page is shown again to be read", &[Choice::new("yes", "Take the suggested text")]))
    };
    html! {
        @if moved {
            (govuk::inset(&html! { p.govuk-body { "You changed the text above, so it stays as it is. This is what is suggested for " (reader) ":" } (body) }))
        } @else {
            (govuk::details(&format!("The text suggested for {reader}"), &body))
        }
    }
}

impl CaseForm for LetterForm {
    const PATH: &'static str = "/cases/{case}/family/{person}/letter";
    const PART: &'static str = "a letter";
    const TAB: &'static str = "family";
    const ACT: access::Act = access::Act::ReleaseLetters;

    fn title(at: &At) -> String {
        format!("A letter to {}", at.called(at.param("person")))
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let id = person(at)?;
        let kind = desk::kind_for(at.case(), &id, at.view.today);
        let mut values = Values::default();
        values.set("kind", kind_word(kind));
        values.set("text", &at.who.desk().suggested_letter(&at.view, kind));
        values.set("salutation", "Dear ");
        values.set(
            "signed-by",
            &format!("{}, {}", at.who.actor().person.name, at.who.actor().part),
        );
        values.set_day("dated", Some(at.view.today));
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let kind = kind_of(values.get("kind"));
        if kind.is_none() {
            problems.add("kind", "Choose for whom it is written");
        }
        match suits(at, values) {
            Suits::ForAnother(_) => problems.add(
                "text",
                "Read the text again: it is now the one suggested for this reader",
            ),
            Suits::Edited { moved: true, .. } => problems.add(
                "text",
                "Read your text again for this reader, or take the one suggested below it",
            ),
            Suits::Suggested | Suits::Edited { .. } => {}
        }
        let dated = form::required_day(values, problems, "dated", "Enter the date of the letter");
        let salutation = form::required(
            values,
            problems,
            "salutation",
            "Enter how the person is addressed",
        );
        if salutation.as_deref() == Some("Dear") {
            problems.add(
                "salutation",
                "Enter how the person is addressed, like Dear Mrs Fairweather",
            );
        }
        let signed_by = form::required(values, problems, "signed-by", "Enter who signs it");
        if values.get("text").contains("[Say here") {
            problems.add(
                "text",
                "Fill in each place in square brackets, or take it out",
            );
        }
        if !values.has("read", "yes") {
            problems.add("read", "Read the letter, then say that you have read it: every letter is released by a person");
        }
        let letter = Letter {
            person: person(at).ok()?,
            kind: kind?,
            salutation: salutation?,
            text: values.text("text"),
            signed_by: signed_by?,
            dated: dated?,
        };
        problems
            .is_empty()
            .then(|| vec![Command::Family(family::Command::ReleaseLetter(letter))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let suits = suits(at, form.values);
        let mut values = form.values.clone();
        // Another text, or another reader, has not been read by anyone yet.
        match &suits {
            Suits::ForAnother(suggested) => {
                values.set("text", suggested);
                values.set("read", "");
                values.set("take-suggested", "");
            }
            Suits::Edited { moved: true, .. } => values.set("read", ""),
            Suits::Suggested | Suits::Edited { .. } => {}
        }
        let page = form;
        let form = &Form::new(&values, page.problems);
        let id = at.param("person");
        let part = at.case().family.people.get(id).cloned().unwrap_or_default();
        let warnings = family::warnings(part.safety.as_ref());
        let may_have_caused_harm = at
            .case()
            .people
            .child(id)
            .is_some_and(|c| c.parts.contains(&Part::MayHaveCausedHarm));
        let drawn = html! {
            @if !warnings.is_empty() { div.c-note { p.govuk-body { "Before this letter is given:" } ul class="govuk-list govuk-list--bullet" { @for w in &warnings { li { (w) } } }
                @if part.safety.is_none() { p.govuk-body { a.govuk-link href=(at.url(&format!("family/{id}/safe"))) { "Ask what is safe for this person" } " before you write: a letter is released only once that was asked, and an answer may be \u{201c}not asked\u{201d}." } }
            } }
            @if at.case().decision.current.completed.is_none() {
                (govuk::warning(if at.case().decision.complete().is_some() { "The decision is being reconsidered. This letter cannot tell what was decided as if it stood." } else { "There is no complete decision yet. This letter cannot say whether there will be a review." }))
            }
            @if may_have_caused_harm { (govuk::warning("This child may have caused harm. Look again at each sentence about fault and trouble, and ask the investigating officer, before you release this letter.")) }
            (govuk::radios(form, "kind", "For whom is it written?", "The text below is suggested for this reader. Change it until it is right for this person. If you choose another reader, a text you have not changed changes with it.", &[
                Choice::new("adult", "An adult"), Choice::new("older-child", "A young person"), Choice::new("younger-child", "A younger child"),
            ]))
            (govuk::text(form, "salutation", "How the person is addressed", "Like Dear Mrs Fairweather"))
            input type="hidden" name="looked-at-for" value=(values.get("kind"));
            (govuk::textarea(form, "text", "The letter", "Paragraphs are separated by an empty line. Fill in each place in square brackets.", 24))
            @if let (Suits::Edited { suggested, moved }, Some(kind)) = (&suits, kind_of(values.get("kind"))) { (offered(form, suggested, kind, *moved)) }
            (govuk::text(form, "signed-by", "Who signs it", "Name and office"))
            (govuk::date(form, "dated", "Its date", ""))
            (govuk::checkboxes(form, "read", "Releasing", "", &[Choice::new("yes", "I have read this letter as this person will read it")]))
        };
        page.labels.add(&form.labels);
        drawn
    }

    fn button(_: &At) -> String {
        "Release this letter".into()
    }

    fn said(_: &At) -> String {
        "The letter is released. Print it from this page.".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        there(at)
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&there(at), &at.called(at.param("person")))
    }
}
