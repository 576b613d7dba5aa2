//! The forms of a person's part: whether informing is appropriate, a contact, views, and how the principles are applied.
//! Four forms of the same person stand together, as they share how a person and a day are read; that makes the file long.

use std::collections::BTreeMap;

use cases::Command;
use cases::family::{self, Appropriate, Contact, ContactKind, Principles, Views, ViewsOf};
use desk::{Acted, DeskError};
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError};

fn person(at: &At) -> Result<String, PageError> {
    let id = at.param("person").to_owned();
    if family::to_consider(at.case()).contains(&id) {
        Ok(id)
    } else {
        Err(DeskError::NotThere.into())
    }
}

fn back(at: &At) -> Markup {
    govuk::back_link(
        &at.url(&format!("family/{}", at.param("person"))),
        &at.called(at.param("person")),
    )
}

/// A day on which something happened; a day to come is refused at its own field.
fn past_day(
    at: &At,
    values: &Values,
    problems: &mut Problems,
    name: &str,
) -> Option<calendar::Date> {
    let day = form::required_day(values, problems, name, "Enter the day, like 27 3 2026")?;
    if day > at.view.today {
        problems.add(
            name,
            "Enter a day that is today or in the past: this is something that has happened",
        );
        return None;
    }
    Some(day)
}

fn there(at: &At) -> String {
    at.url(&format!("family/{}", at.param("person")))
}

/// Whether informing is appropriate.
#[derive(Debug)]
pub struct AppropriateForm;

impl CaseForm for AppropriateForm {
    const PATH: &'static str = "/cases/{case}/family/{person}/informing";
    const PART: &'static str = "whether to inform a person";
    const TAB: &'static str = "family";
    const ACT: access::Act = access::Act::RecordFamily;

    fn title(at: &At) -> String {
        format!(
            "Is informing {} appropriate?",
            at.called(at.param("person"))
        )
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if let Some(a) = at
            .case()
            .family
            .people
            .get(&person(at)?)
            .and_then(|p| p.appropriate.as_ref())
        {
            values.set("appropriate", if a.appropriate { "yes" } else { "no" });
            values.set("reasons", &a.reasons);
            values.set("decided-by", &a.decided_by);
            values.set_day("look-again", a.look_again);
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let answer = form::choice(
            values,
            problems,
            "appropriate",
            &["yes", "no"],
            "Choose whether informing is appropriate",
        );
        let appropriate = answer == Some("yes");
        let look_again = match answer {
            Some("no") => form::required_day(
                values,
                problems,
                "look-again",
                "Enter a day to look at this again, like 27 3 2027",
            ),
            _ => None,
        };
        form::required(values, problems, "reasons", "Enter the reasons");
        let decided = Appropriate {
            person: person(at).ok()?,
            appropriate,
            reasons: values.text("reasons"),
            decided_by: values.text("decided-by"),
            look_again,
        };
        problems
            .is_empty()
            .then(|| vec![Command::Family(family::Command::DecideAppropriate(decided))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            (govuk::radios_with(form, "appropriate", "Appropriate?", "", &[Choice::new("yes", "Yes"), Choice::new("no", "Not now")], |which| if which == "no" { html! { (super::law::said(at.rules(), &["contact-delayed-not-cancelled"])) (govuk::date(form, "look-again", "When to look at this again", "This becomes a clock")) } } else { html! {} }))
            (govuk::textarea(form, "reasons", "Reasons", "", 4))
            (govuk::text(form, "decided-by", "Who decided", "Names and offices"))
        }
    }

    fn done(at: &At, _: &Acted) -> String {
        there(at)
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// A contact.
#[derive(Debug)]
pub struct ContactForm;

impl CaseForm for ContactForm {
    const PATH: &'static str = "/cases/{case}/family/{person}/contact";
    const PART: &'static str = "contact with a person";
    const TAB: &'static str = "family";
    const ACT: access::Act = access::Act::RecordFamily;

    fn title(at: &At) -> String {
        format!("Record contact with {}", at.called(at.param("person")))
    }

    fn start(at: &At) -> Result<Values, PageError> {
        person(at)?;
        let mut values = Values::default();
        values.set(
            "kind",
            if at.case().decision.complete().is_some() {
                "told"
            } else {
                "contact"
            },
        );
        if at.who.actor().person.role.id() == at.rules().family.informer.as_str() {
            values.set("by-whom", &at.who.actor().person.name);
            values.set("role", at.rules().family.informer.as_str());
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let kind = match form::choice(
            values,
            problems,
            "kind",
            &["contact", "told"],
            "Choose what it was",
        ) {
            Some("told") => ContactKind::ToldOfDecision,
            _ => ContactKind::Contact,
        };
        let on = past_day(at, values, problems, "on");
        form::required(values, problems, "by-whom", "Enter who made the contact");
        if kind == ContactKind::ToldOfDecision {
            match values.get("role") {
                "" => problems.add("role", "Choose in which part they told of the decision"),
                "other" => {
                    form::required(
                        values,
                        problems,
                        "on-behalf",
                        "Enter why someone else informed them on behalf of the role the procedure names",
                    );
                }
                _ => {}
            }
        }
        form::required(
            values,
            problems,
            "how",
            "Enter how, like in person or by telephone",
        );
        if values.text("promise").is_empty() && !values.text("promise-keeper").is_empty() {
            problems.add(
                "promise",
                "Enter what was promised, or take out who keeps it",
            );
        }
        let explained: BTreeMap<String, String> = at
            .rules()
            .family
            .explain
            .iter()
            .filter_map(|e| {
                form::optional(values, &format!("explained-{}", e.id))
                    .map(|w| (e.id.to_string(), w))
            })
            .collect();
        let contact = Contact {
            person: person(at).ok()?,
            kind,
            on: on?,
            time: values.text("time"),
            by_whom: values.text("by-whom"),
            role: values.text("role"),
            on_behalf: if values.get("role") == "other" {
                values.text("on-behalf")
            } else {
                String::new()
            },
            how: values.text("how"),
            words: values.text("words"),
            explained,
            promise: values.text("promise"),
            promise_keeper: values.text("promise-keeper"),
        };
        problems
            .is_empty()
            .then(|| vec![Command::Family(family::Command::RecordContact(contact))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let rules = at.rules();
        let informer = rules.role(&rules.family.informer).to_owned();
        html! {
            (govuk::radios(form, "kind", "What was it?", "\u{201c}Told of the decision\u{201d} needs a decision; anything earlier is contact.", &[Choice::new("contact", "Contact"), Choice::new("told", "Told of the decision")]))
            (govuk::date(form, "on", "On which day", ""))
            (govuk::text(form, "time", "At what time", "Like 10:30am"))
            (govuk::text(form, "by-whom", "By whom", "Name"))
            (govuk::radios_with(form, "role", "In which part?", "", &[Choice::new(rules.family.informer.to_string(), format!("The {}, as the procedure says", informer.to_lowercase())), Choice::new("other", "Someone else, on behalf")], |which| if which == "other" { govuk::text(form, "on-behalf", "Why on behalf", "Needed when someone else tells of the decision") } else { html! {} }))
            (govuk::source_note(&rules.family.source, &rules.family.standing))
            (govuk::text(form, "how", "How", "In person, by telephone, by letter"))
            (govuk::textarea(form, "words", "What was said", "", 4))
            fieldset.govuk-fieldset {
                legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { "What was explained" }
                div.govuk-hint { "In the words that were used. Leave empty what was not explained." }
                @for e in &rules.family.explain { (govuk::textarea(form, &format!("explained-{}", e.id), &e.label, "", 2)) }
            }
            (govuk::text(form, "promise", "A promise that was made", "Like call before the report is published"))
            (govuk::text(form, "promise-keeper", "Who keeps it", ""))
        }
    }

    fn button(_: &At) -> String {
        "Record this contact".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        there(at)
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// Where a person's views stand.
#[derive(Debug)]
pub struct ViewsForm;

impl CaseForm for ViewsForm {
    const PATH: &'static str = "/cases/{case}/family/{person}/views";
    const PART: &'static str = "a person's views";
    const TAB: &'static str = "family";
    const ACT: access::Act = access::Act::RecordFamily;

    fn title(at: &At) -> String {
        format!("The views of {}", at.called(at.param("person")))
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        let Some(views) = at
            .case()
            .family
            .people
            .get(&person(at)?)
            .and_then(|p| p.views.clone())
        else {
            values.set("views", "not-yet-asked");
            return Ok(values);
        };
        match views {
            Views::NotYetAsked => values.set("views", "not-yet-asked"),
            Views::AskedWaiting { on, how } => {
                values.set("views", "asked");
                values.set_day("views-on", Some(on));
                values.set("views-how", &how);
            }
            Views::Given { on, words } => {
                values.set("views", "given");
                values.set_day("given-on", Some(on));
                values.set("views-words", &words);
            }
            Views::Declined { on, words } => {
                values.set("views", "declined");
                values.set_day("declined-on", Some(on));
                values.set("declined-words", &words);
            }
            Views::CouldNotBeReached { on, tried } => {
                values.set("views", "not-reached");
                values.set_day("tried-on", Some(on));
                values.set("views-tried", &tried);
            }
            Views::NotAsked {
                who,
                on,
                why,
                look_again,
            } => {
                values.set("views", "not-asked");
                values.set("views-who", &who);
                values.set_day("decided-on", Some(on));
                values.set("views-why", &why);
                values.set_day("views-again", Some(look_again));
            }
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let states = [
            "not-yet-asked",
            "asked",
            "given",
            "declined",
            "not-reached",
            "not-asked",
        ];
        let state = form::choice(values, problems, "views", &states, "Choose where it stands")?;
        let views = match state {
            "asked" => {
                let (on, how) = (
                    past_day(at, values, problems, "views-on"),
                    form::required(values, problems, "views-how", "Enter how they were asked"),
                );
                Views::AskedWaiting { on: on?, how: how? }
            }
            "given" => {
                let (on, words) = (
                    past_day(at, values, problems, "given-on"),
                    form::required(
                        values,
                        problems,
                        "views-words",
                        "Enter what they said, in their words",
                    ),
                );
                Views::Given {
                    on: on?,
                    words: words?,
                }
            }
            "declined" => Views::Declined {
                on: past_day(at, values, problems, "declined-on")?,
                words: values.text("declined-words"),
            },
            "not-reached" => {
                let (on, tried) = (
                    past_day(at, values, problems, "tried-on"),
                    form::required(values, problems, "views-tried", "Enter what was tried"),
                );
                Views::CouldNotBeReached {
                    on: on?,
                    tried: tried?,
                }
            }
            "not-asked" => {
                let who = form::required(
                    values,
                    problems,
                    "views-who",
                    "Enter who decided not to ask",
                );
                let on = past_day(at, values, problems, "decided-on");
                let why = form::required(
                    values,
                    problems,
                    "views-why",
                    "Enter why their views are not sought: this reason is part of the record",
                );
                let again = form::required_day(
                    values,
                    problems,
                    "views-again",
                    "Enter a day to look at this again, like 27 3 2027",
                );
                Views::NotAsked {
                    who: who?,
                    on: on?,
                    why: why?,
                    look_again: again?,
                }
            }
            _ => Views::NotYetAsked,
        };
        Some(vec![Command::Family(family::Command::RecordViews(
            ViewsOf {
                person: person(at).ok()?,
                views,
            },
        ))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            (super::law::said(at.rules(), &["taking-part-is-a-choice", "agreement-not-required"]))
            (govuk::radios_with(form, "views", "Where does it stand?", "", &[
                Choice::new("not-yet-asked", "Not yet asked"),
                Choice::new("asked", "Asked, waiting for an answer"),
                Choice::new("given", "Given"),
                Choice::new("declined", "Declined"),
                Choice::new("not-reached", "Could not be reached"),
                Choice::new("not-asked", "Decided not to ask"),
            ], |which| match which {
                "asked" => html! { (govuk::date(form, "views-on", "Asked on", "")) (govuk::text(form, "views-how", "How", "")) },
                "given" => html! { (govuk::date(form, "given-on", "Given on", "")) (govuk::textarea(form, "views-words", "What they said, in their words", "", 6)) },
                "declined" => html! { (govuk::date(form, "declined-on", "Declined on", "")) (govuk::textarea(form, "declined-words", "What they said, if anything", "", 2)) },
                "not-reached" => html! { (govuk::date(form, "tried-on", "Last tried on", "")) (govuk::textarea(form, "views-tried", "What was tried", "", 3)) },
                "not-asked" => html! {
                    (super::law::said(at.rules(), &["views-not-sought"]))
                    p.govuk-body { "A reason is needed: it is part of the record, and it is looked at again." }
                    (govuk::text(form, "views-who", "Who decided", "Names and offices"))
                    (govuk::date(form, "decided-on", "Decided on", ""))
                    (govuk::textarea(form, "views-why", "Why their views are not sought", "", 4))
                    (govuk::date(form, "views-again", "When to look at this again", "This becomes a clock"))
                },
                _ => html! {},
            }))
        }
    }

    fn button(_: &At) -> String {
        "Record this".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        there(at)
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// How the principles are applied for this family.
#[derive(Debug)]
pub struct PrinciplesForm;

impl CaseForm for PrinciplesForm {
    const PATH: &'static str = "/cases/{case}/family/principles";
    const PART: &'static str = "the principles";
    const TAB: &'static str = "family";
    const ACT: access::Act = access::Act::RecordFamily;

    fn title(_: &At) -> String {
        "How the principles are applied for this family".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        for (id, words) in &at.case().family.principles {
            values.set(&format!("principle-{id}"), words);
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        let applied = at
            .rules()
            .family
            .principles
            .iter()
            .map(|p| {
                (
                    p.id.to_string(),
                    values.text(&format!("principle-{}", p.id)),
                )
            })
            .collect();
        Some(vec![Command::Family(family::Command::ApplyPrinciples(
            Principles { applied },
        ))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! { @for (n, p) in at.rules().family.principles.iter().enumerate() {
            @if n == 0 { span id="principles" {} }
            (govuk::textarea(form, &format!("principle-{}", p.id), &p.label, &p.question, 3))
        } }
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("family")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("family"), "Child and family")
    }
}
