//! A child of the case: part, pseudonym, birth, death, who the child is; everything may be "not yet known".

use cases::Command;
use cases::people::{self, Birth, Child, Coded, Life, Part, PseudonymChange};
use desk::{Acted, DeskError};
use guidance::registers;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError, parts};

/// What is known of a child.
#[derive(Debug)]
pub struct ChildForm;

fn part_word(part: Part) -> &'static str {
    match part {
        Part::Subject => "subject",
        Part::OtherChild => "other-child",
        Part::MayHaveCausedHarm => "may-have-caused-harm",
    }
}

/// The fields with a national code set: name, set, label.
const CODED: [(&str, &str, &str); 5] = [
    ("sex", "sex", "Sex"),
    ("care", "legal_status", "Care status"),
    ("ethnicity", "ethnicity", "Ethnicity"),
    ("plan", "", "Child protection or child in need plan"),
    ("language", "", "First language"),
];

fn code_choices(set: &str) -> Vec<Choice> {
    registers::code_set(set)
        .iter()
        .map(|c| Choice::new(c.code.clone(), c.label.clone()))
        .collect()
}

fn start_coded(values: &mut Values, name: &str, coded: Option<&Coded>) {
    if let Some(c) = coded {
        values.set(name, &c.code);
        values.set(
            &format!("{name}-words"),
            if c.code.is_empty() { &c.words } else { "" },
        );
    }
}

/// A code of the set, or own words; both together are not weighed silently but asked about.
fn read_coded(values: &Values, problems: &mut Problems, name: &str, set: &str) -> Option<Coded> {
    let (code, words) = (values.text(name), values.text(&format!("{name}-words")));
    if !words.is_empty() {
        if !code.is_empty() {
            problems.add(
                name,
                "Choose from the list or use other words, and empty the one that does not hold",
            );
        }
        return Some(Coded {
            code: String::new(),
            words,
        });
    }
    let found = registers::code_set(set)
        .into_iter()
        .find(|c| c.code == code)?;
    Some(Coded {
        code,
        words: found.label.clone(),
    })
}

fn coded(form: &Form<'_>, name: &str, set: &str, label: &str) -> Markup {
    let choices = code_choices(set);
    html! {
        @if !choices.is_empty() { (govuk::select(form, name, label, "", "Not yet known", &choices)) }
        (govuk::text(form, &format!("{name}-words"), &if choices.is_empty() { label.to_owned() } else { format!("{label} in other words") }, if choices.is_empty() { "Leave it empty if it is not yet known" } else { "If none of the list fits" }))
    }
}

/// The pseudonym beside the other facts; it changes on its own page, and a refusal that concerns it leads here and on to that page.
fn pseudonym_shown(at: &At, form: &Form<'_>) -> Markup {
    let error = form.problems.for_field("pseudonym");
    html! {
        div id="pseudonym" tabindex="-1" class=(if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
            @if let Some(message) = error { p.govuk-error-message { span.govuk-visually-hidden { "Error: " } (message) } }
            p.govuk-body {
                "Known here as " (recorded_pseudonym(at)) ". "
                a.govuk-link href=(at.url(&format!("people/child/{}/pseudonym", at.param("child")))) { "Change the pseudonym" }
                @if error.is_some() { " first; what you typed here is kept as a draft." }
            }
        }
    }
}

/// The name in the record, whether or not it is shown.
fn recorded_name(at: &At) -> &str {
    at.case()
        .people
        .child(at.param("child"))
        .map_or("", |child| child.name.as_str())
}

/// The pseudonym in the record.
fn recorded_pseudonym(at: &At) -> &str {
    at.case()
        .people
        .child(at.param("child"))
        .map_or("", |child| child.pseudonym.as_str())
}

impl CaseForm for ChildForm {
    const PATH: &'static str = "/cases/{case}/people/child/{child}";
    const PART: &'static str = "a child";
    const TAB: &'static str = "people";
    const LOOKS_ELSEWHERE: bool = false;
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(at: &At) -> String {
        if at.param("child") == "new" {
            "Add a child".into()
        } else {
            format!("What is known of {}", at.called(at.param("child")))
        }
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        let people = &at.case().people;
        if at.param("child") == "new" {
            values.set("pseudonym", &cases::people::suggest_pseudonym(people, None));
            if people.subjects().next().is_none() {
                values.set("parts", "subject");
            }
            values.set("birth", "not-yet-known");
            values.set("life", "living");
            return Ok(values);
        }
        let child = people.child(at.param("child")).ok_or(DeskError::NotThere)?;
        if at.shows_names() {
            values.set("name", &child.name);
        }
        values.set_all(
            "parts",
            child.parts.iter().map(|p| part_word(*p).to_owned()),
        );
        match &child.birth {
            Birth::NotYetKnown => values.set("birth", "not-yet-known"),
            Birth::On { on } => {
                values.set("birth", "on");
                values.set_day("born", Some(*on));
            }
            Birth::Expected { on } => {
                values.set("birth", "expected");
                values.set_day("expected", Some(*on));
            }
            Birth::About { words } => {
                values.set("birth", "about");
                values.set("about-age", words);
            }
        }
        match child.life {
            Life::NotYetKnown => values.set("life", "not-yet-known"),
            Life::Living => values.set("life", "living"),
            Life::Died { on } => {
                values.set("life", "died");
                values.set_day("died", on);
            }
        }
        values.set_day("harmed-on", child.harmed_on);
        for (name, held) in [
            ("sex", &child.sex),
            ("care", &child.care),
            ("ethnicity", &child.ethnicity),
            ("plan", &child.plan),
            ("language", &child.language),
        ] {
            start_coded(&mut values, name, held.as_ref());
        }
        values.set_all(
            "disability",
            child
                .disability
                .iter()
                .filter(|d| !d.code.is_empty())
                .map(|d| d.code.clone()),
        );
        values.set(
            "disability-words",
            child
                .disability
                .iter()
                .find(|d| d.code.is_empty())
                .map_or("", |d| d.words.as_str()),
        );
        values.set("identifier", &child.identifier);
        values.set("about", &child.about);
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let new = at.param("child") == "new";
        let birth = match values.get("birth") {
            "on" => form::required_day(
                values,
                problems,
                "born",
                "Enter the date of birth, or choose not yet known",
            )
            .map(|on| Birth::On { on }),
            "expected" => form::required_day(
                values,
                problems,
                "expected",
                "Enter the expected date of birth",
            )
            .map(|on| Birth::Expected { on }),
            "about" => form::required(
                values,
                problems,
                "about-age",
                "Enter what is known of the age",
            )
            .map(|words| Birth::About { words }),
            _ => Some(Birth::NotYetKnown),
        };
        let life = match values.get("life") {
            "died" => Life::Died {
                on: form::day(values, problems, "died"),
            },
            "living" => Life::Living,
            _ => Life::NotYetKnown,
        };
        let harmed_on = form::day(values, problems, "harmed-on");
        let mut disability: Vec<Coded> = registers::code_set("disability")
            .into_iter()
            .filter(|c| values.has("disability", &c.code))
            .map(|c| Coded {
                code: c.code.clone(),
                words: c.label.clone(),
            })
            .collect();
        disability.extend(
            form::optional(values, "disability-words").map(|words| Coded {
                code: String::new(),
                words,
            }),
        );
        let child = Child {
            id: if new {
                String::new()
            } else {
                at.param("child").to_owned()
            },
            name: parts::read_name(at, values, recorded_name(at)),
            // Never from the form of a child who is there: a kept draft would bring an earlier pseudonym back.
            pseudonym: if new {
                values.text("pseudonym")
            } else {
                recorded_pseudonym(at).to_owned()
            },
            parts: Part::ALL
                .into_iter()
                .filter(|p| values.has("parts", part_word(*p)))
                .collect(),
            birth: birth.unwrap_or_default(),
            life,
            harmed_on,
            sex: read_coded(values, problems, "sex", "sex"),
            care: read_coded(values, problems, "care", "legal_status"),
            plan: read_coded(values, problems, "plan", ""),
            ethnicity: read_coded(values, problems, "ethnicity", "ethnicity"),
            disability,
            language: read_coded(values, problems, "language", ""),
            identifier: values.text("identifier"),
            about: values.text("about"),
        };
        problems
            .is_empty()
            .then(|| vec![Command::People(people::Command::RecordChild(child))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let new = at.param("child") == "new";
        let parts: Vec<Choice> = Part::ALL
            .iter()
            .map(|p| Choice::new(part_word(*p), crate::page::case_form::sentence(p.words())))
            .collect();
        html! {
            (parts::name_field(at, form, recorded_name(at)))
            @if new { (govuk::text(form, "pseudonym", "Pseudonym", "Never an initial or a name. The family can choose another one later.")) }
            @else { (pseudonym_shown(at, form)) }
            (govuk::checkboxes(form, "parts", "Part in this case", "More than one is possible", &parts))
            (govuk::radios_with(form, "birth", "Birth", "", &[
                Choice::new("on", "Date of birth known"), Choice::new("expected", "Not yet born"), Choice::new("about", "Known roughly"), Choice::new("not-yet-known", "Not yet known"),
            ], |which| match which {
                "on" => govuk::date(form, "born", "Date of birth", ""),
                "expected" => govuk::date(form, "expected", "Expected date of birth", "It may lie ahead"),
                "about" => govuk::text(form, "about-age", "What is known", "Like about 14 years old"),
                _ => html! {},
            }))
            (govuk::radios_with(form, "life", "Is the child living?", "", &[Choice::new("living", "Living"), Choice::new("died", "The child has died"), Choice::new("not-yet-known", "Not yet known")], |which| if which == "died" { govuk::date(form, "died", "Date of death", "Leave it empty if it is not yet known") } else { html! {} }))
            (govuk::date(form, "harmed-on", "When the child was harmed", "If that differs from the day of the incident"))
            @for (name, set, label) in CODED { (coded(form, name, set, label)) }
            (govuk::checkboxes(form, "disability", "Disability", "Any that apply. Nothing chosen is \u{201c}not yet known\u{201d}.", &code_choices("disability")))
            (govuk::text(form, "disability-words", "Disability in other words", ""))
            (govuk::text(form, "identifier", "A further identifier", "Such as a national one, to find the same child in another case"))
            (govuk::textarea(form, "about", "Who the child is or was", "What matters about the child, beyond what happened", 3))
            p.c-quiet { (registers::provenance()) "." }
        }
    }

    fn button(_: &At) -> String {
        "Save what is known".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("people")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("people"), "People")
    }
}

/// A change of pseudonym at the family's wish.
#[derive(Debug)]
pub struct PseudonymForm;

impl CaseForm for PseudonymForm {
    const PATH: &'static str = "/cases/{case}/people/child/{child}/pseudonym";
    const PART: &'static str = "a pseudonym";
    const TAB: &'static str = "people";
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(at: &At) -> String {
        format!("Change the pseudonym of {}", at.called(at.param("child")))
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let child = at
            .case()
            .people
            .child(at.param("child"))
            .ok_or(DeskError::NotThere)?;
        let mut values = Values::default();
        values.set("pseudonym", &child.pseudonym);
        Ok(values)
    }

    fn read(at: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        let change = PseudonymChange {
            child: at.param("child").to_owned(),
            pseudonym: values.text("pseudonym"),
            why: values.text("why"),
        };
        Some(vec![Command::People(people::Command::ChangePseudonym(
            change,
        ))])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            (govuk::text(form, "pseudonym", "New pseudonym", "Never an initial and never the name of anyone in this case"))
            (govuk::textarea(form, "why", "Whose wish is it, and why?", "The earlier pseudonym stays in the story", 2))
        }
    }

    fn button(_: &At) -> String {
        "Change the pseudonym".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("people")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("people"), "People")
    }
}
