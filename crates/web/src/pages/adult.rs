//! An adult of the case, and how two people are related.

use cases::Command;
use cases::people::{self, Adult, Relationship};
use desk::{Acted, DeskError};
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError, parts};

/// An adult.
#[derive(Debug)]
pub struct AdultForm;

/// The name in the record, whether or not it is shown.
fn recorded_name(at: &At) -> &str {
    at.case()
        .people
        .adult(at.param("adult"))
        .map_or("", |adult| adult.name.as_str())
}

impl CaseForm for AdultForm {
    const PATH: &'static str = "/cases/{case}/people/adult/{adult}";
    const PART: &'static str = "an adult";
    const TAB: &'static str = "people";
    const LOOKS_ELSEWHERE: bool = false;
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(at: &At) -> String {
        if at.param("adult") == "new" {
            "Add an adult".into()
        } else {
            format!("What is known of {}", at.called(at.param("adult")))
        }
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if at.param("adult") == "new" {
            values.set("family", "yes");
            return Ok(values);
        }
        let adult = at
            .case()
            .people
            .adult(at.param("adult"))
            .ok_or(DeskError::NotThere)?;
        if at.shows_names() {
            values.set("name", &adult.name);
        }
        values.set("label", &adult.label);
        values.set("family", if adult.family { "yes" } else { "no" });
        values.set_all(
            "parental-responsibility",
            adult.parental_responsibility.iter().cloned(),
        );
        values.set("needs", &adult.needs);
        values.set("about", &adult.about);
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let adult = Adult {
            id: if at.param("adult") == "new" {
                String::new()
            } else {
                at.param("adult").to_owned()
            },
            name: parts::read_name(at, values, recorded_name(at)),
            label: form::required(
                values,
                problems,
                "label",
                "Enter who this is to the child, like mother or grandfather",
            )?,
            family: values.get("family") == "yes",
            parental_responsibility: values
                .all("parental-responsibility")
                .into_iter()
                .map(str::to_owned)
                .collect(),
            needs: values.text("needs"),
            about: values.text("about"),
        };
        Some(vec![Command::People(people::Command::RecordAdult(adult))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let children: Vec<Choice> = at
            .case()
            .people
            .children
            .iter()
            .map(|c| Choice::new(c.id.clone(), at.called(&c.id)))
            .collect();
        html! {
            (parts::name_field(at, form, recorded_name(at)))
            (govuk::text(form, "label", "Who this is", "Words used in place of the name, like Child B\u{2019}s mother"))
            (govuk::radios(form, "family", "Is this a family member who is to be considered for informing and views?", "Also carers, and grandparents or friends who matter to the child", &[Choice::new("yes", "Yes"), Choice::new("no", "No")]))
            @if !children.is_empty() { (govuk::checkboxes(form, "parental-responsibility", "Holds parental responsibility for", "", &children)) }
            (govuk::text(form, "needs", "Language and access needs", "An interpreter, an advocate, large print"))
            (govuk::textarea(form, "about", "Anything else that matters", "", 3))
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

/// How two people are related.
#[derive(Debug)]
pub struct RelationshipForm;

impl CaseForm for RelationshipForm {
    const PATH: &'static str = "/cases/{case}/people/relationship";
    const PART: &'static str = "relationships";
    const TAB: &'static str = "people";
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(_: &At) -> String {
        "How two people are related".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let one = form::required(values, problems, "one", "Choose a person");
        let other = form::required(values, problems, "other", "Choose the other person");
        let relationship = Relationship {
            one: one?,
            kind: values.text("kind"),
            other: other?,
            from: values.text("from"),
            until: values.text("until"),
        };
        Some(vec![Command::People(people::Command::RecordRelationship(
            relationship,
        ))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let people = &at.case().people;
        let all: Vec<Choice> = people
            .children
            .iter()
            .map(|c| &c.id)
            .chain(people.adults.iter().map(|a| &a.id))
            .map(|id| Choice::new(id.clone(), at.called(id)))
            .collect();
        html! {
            (govuk::select(form, "one", "One person", "", "Choose", &all))
            (govuk::text(form, "kind", "is to the other", "Like mother, lives with, grandfather, carer"))
            (govuk::select(form, "other", "The other person", "", "Choose", &all))
            (govuk::text(form, "from", "From when", "In words, if it is known"))
            (govuk::text(form, "until", "Until when", ""))
        }
    }

    fn button(_: &At) -> String {
        "Record this".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("people")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("people"), "People")
    }
}
