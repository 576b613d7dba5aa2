//! The authority's decision to notify or not, what was sent, who else was told, and a later finding that the criteria were not met.
//! The four forms and what is shown beside them stand in one file because they are read together as one page.

use cases::Command;
use cases::incident::Whereabouts;
use cases::notification::{
    self, FoundNotMet, NotifyDecision, Of, PartnerView, Recipient, Sent, Told,
};
use desk::Acted;
use maud::{Markup, html};

use super::law;
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};
use crate::page::{At, CaseForm, PageError};

fn kinds(at: &At) -> Vec<Choice> {
    at.rules()
        .notifications
        .iter()
        .map(|n| {
            Choice::hinted(
                n.id.clone(),
                n.label.clone(),
                format!(
                    "{} The authority {} notify. Goes to {}. {}",
                    n.help,
                    n.duty,
                    n.recipients.join(", "),
                    if n.starts_rapid_review {
                        "Obliges a rapid review."
                    } else {
                        "Starts no rapid review."
                    }
                ),
            )
        })
        .collect()
}

/// Where each duty to notify is written, one step away from the choice.
fn sources(at: &At) -> Markup {
    govuk::details(
        "Where these duties are written",
        &html! { @for n in &at.rules().notifications { p.govuk-body { (n.label) } (govuk::source_note(&n.source, &n.standing)) } },
    )
}

/// Which authority notifies and by which rule.
fn authority(at: &At) -> Markup {
    let incident = &at.case().incident;
    let area = &at.who.desk().settings().area;
    let place = incident.facts.whereabouts.map_or("", Whereabouts::word);
    html! {
        h2.govuk-heading-s { "Which authority" }
        p.govuk-body-s { @match incident.notifying_authority(at.rules(), area) {
            Some(a) => { b { (a) } " notifies." }
            None if place.is_empty() => { "Not yet known: it depends on where it happened." }
            None => { "Not yet known: the authority is not recorded. " a.govuk-link href=(at.url("incident")) { "What happened" } }
        } }
        @if let Some(rule) = at.rules().place(place) { p.govuk-body-s { (rule.help) } (govuk::source_note(&rule.source, &rule.standing)) }
    }
}

/// What is recorded beside the decision, for everyone who may read the case; the links only for those who may add to it.
fn shown(at: &At) -> Markup {
    let n = &at.case().notification;
    let may = at.may(access::Act::RecordFacts);
    let add = |to: &str, words: &str| html! { @if may { p.govuk-body-s { a.govuk-link href=(at.url(to)) { (words) } } } };
    html! {
        (authority(at))
        h2.govuk-heading-s { "Sent" }
        @if n.sent.is_empty() { p.govuk-body-s { "Nothing is recorded as sent." } }
        @for s in &n.sent { p.govuk-body-s { (at.rules().notification(&s.kind).map_or(s.kind.as_str(), |k| k.label.as_str())) ", " (calendar::words::long(s.on)) @if !s.time.is_empty() { " at " (s.time) } @if !s.by_whom.is_empty() { ", by " (s.by_whom) } @if !s.reference.is_empty() { ". Reference " (s.reference) } } }
        (add("notification/sent", "Record what was sent"))
        h2.govuk-heading-s { "Who else was told" }
        @if n.told.is_empty() { p.govuk-body-s { "No one else is recorded as told." } }
        @for t in &n.told { p.govuk-body-s { (t.who) @if !t.what.is_empty() { ", of " (t.what) } ", " (calendar::words::short(t.on)) @if !t.how.is_empty() { ", " (t.how) } } }
        (add("notification/told", "Record who was told"))
        @let open = may && n.obliges_rapid_review(at.rules());
        @if open || n.found_not_met().is_some() { h2.govuk-heading-s { "Criteria not met after all" } }
        @for f in &n.findings { p.govuk-body-s { "Found by " (f.by_whom) " on " (calendar::words::long(f.on)) ": " (f.reasons) } }
        @if open { (add("notification/not-met", "Record a finding that the criteria for notifying were not met")) }
        @if n.obliges_rapid_review(at.rules()) { p.govuk-body-s { "This notification obliges a rapid review. " a.govuk-link href=(at.url("rapid-review")) { "Rapid review" } } }
    }
}

fn back(at: &At) -> Markup {
    govuk::back_link(&at.url("notification"), "Notification")
}

/// The decision to notify or not; the page shows all that belongs to the notification.
#[derive(Debug)]
pub struct NotifyingForm;

impl CaseForm for NotifyingForm {
    const PATH: &'static str = "/cases/{case}/notification";
    const PART: &'static str = "the notification";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::RecordFacts;

    fn section() -> Option<access::Section> {
        Some(access::Section::Incident)
    }

    fn others_may_read() -> bool {
        true
    }

    fn title(_: &At) -> String {
        "Notification".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if let Some(d) = &at.case().notification.decision {
            values.set("notify", if d.notify { "yes" } else { "no" });
            values.set("kind", &d.kind);
            values.set("who", &d.who);
            values.set_day("on", d.on);
            values.set("reasons", &d.reasons);
            for view in &d.partners {
                values.set(&format!("view-{}", view.partner), &view.view);
            }
        }
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let notify = form::choice(
            values,
            problems,
            "notify",
            &["yes", "no"],
            "Choose whether the authority notifies",
        )? == "yes";
        let on = form::day(values, problems, "on");
        let partners = at
            .rules()
            .partners
            .iter()
            .filter_map(|p| {
                form::optional(values, &format!("view-{}", p.id)).map(|view| PartnerView {
                    partner: p.id.to_string(),
                    view,
                })
            })
            .collect();
        let decision = NotifyDecision {
            notify,
            kind: if notify {
                values.text("kind")
            } else {
                String::new()
            },
            who: values.text("who"),
            on,
            reasons: values.text("reasons"),
            partners,
        };
        problems.is_empty().then(|| {
            vec![Command::Notification(
                notification::Command::DecideNotifying(decision),
            )]
        })
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            h2.govuk-heading-m { "Does the authority notify?" }
            (law::said(at.rules(), &["notify-is-the-authoritys"]))
            (govuk::radios_with(form, "notify", "The authority\u{2019}s decision", "", &[Choice::new("yes", "It notifies"), Choice::new("no", "It does not notify")], |which| if which == "yes" { html! { (govuk::radios(form, "kind", "Which kind of notification?", "", &kinds(at))) (sources(at)) } } else { html! {} }))
            (govuk::text(form, "who", "Who in the authority decided", "Name and office"))
            (govuk::date(form, "on", "On which day", ""))
            (law::said(at.rules(), &["not-notifying-has-reasons"]))
            (govuk::textarea(form, "reasons", "Reasons", "", 4))
            @for p in &at.rules().partners { (govuk::textarea(form, &format!("view-{}", p.id), &format!("View of: {}", p.label), "", 2)) }
        }
    }

    fn button(_: &At) -> String {
        "Record this decision".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("notification")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url(""), "Overview")
    }

    fn aside(at: &At, _: &Form<'_>) -> Markup {
        html! { div.c-aside { (shown(at)) } }
    }
}

/// What was sent.
#[derive(Debug)]
pub struct SentForm;

impl CaseForm for SentForm {
    const PATH: &'static str = "/cases/{case}/notification/sent";
    const PART: &'static str = "a notification that was sent";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::RecordFacts;

    fn section() -> Option<access::Section> {
        Some(access::Section::Incident)
    }

    fn title(_: &At) -> String {
        "Record what was sent".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if let Some(d) = &at.case().notification.decision {
            values.set("kind", &d.kind);
        }
        Ok(values)
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::required_day(
            values,
            problems,
            "sent-on",
            "Enter the day it was sent, like 27 3 2026",
        );
        let sent = Sent {
            kind: values.text("kind"),
            on: on?,
            time: values.text("time"),
            by_whom: values.text("by-whom"),
            reference: values.text("reference"),
        };
        Some(vec![Command::Notification(
            notification::Command::RecordSent(sent),
        )])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            (govuk::radios(form, "kind", "Which kind of notification?", "", &kinds(at)))
            (govuk::date(form, "sent-on", "On which day", ""))
            (law::clocks_of(at.rules(), "notified"))
            (govuk::text(form, "time", "At what time", "Like 9:32am"))
            (govuk::text(form, "by-whom", "By whom", ""))
            (govuk::text(form, "reference", "The reference received", ""))
        }
    }

    fn button(_: &At) -> String {
        "Record this".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("notification")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// Who can be chosen as told: the word of the form, the name, and who that is exactly.
fn recipients(at: &At) -> Vec<(String, String, Recipient)> {
    let mut list: Vec<(String, String, Recipient)> = Vec::new();
    for s in at.who.desk().seats() {
        let word = format!("seat:{}/{}", s.seat.partner, s.seat.body);
        list.push((word, s.body, Recipient::Seat(s.seat)));
    }
    for a in &at.case().incident.areas {
        let name = a.name.clone();
        list.push((
            format!("area:{name}"),
            name.clone(),
            Recipient::Area { name },
        ));
    }
    // Whom the edition says a notification or a decision is to reach.
    let rules = at.rules();
    let told = |c: &&guidance::ClockRule| {
        matches!(c.done_when.as_str(), "decision-told" | "reviewer-told")
    };
    let clocks = rules.clocks.iter().filter(told).flat_map(|c| &c.owed_to);
    for name in rules
        .notifications
        .iter()
        .flat_map(|n| &n.recipients)
        .chain(clocks)
    {
        let word = format!("office:{name}");
        if list.iter().all(|(w, ..)| *w != word) {
            let to = Recipient::Office { name: name.clone() };
            list.push((word, name.clone(), to));
        }
    }
    list
}

fn of_word(of: Of) -> &'static str {
    match of {
        Of::Incident => "incident",
        Of::Decision => "decision",
        Of::Reviewer => "reviewer",
    }
}

/// Who else was told.
#[derive(Debug)]
pub struct ToldForm;

impl CaseForm for ToldForm {
    const PATH: &'static str = "/cases/{case}/notification/told";
    const PART: &'static str = "who else was told";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::RecordFacts;

    fn section() -> Option<access::Section> {
        Some(access::Section::Incident)
    }

    fn title(_: &At) -> String {
        "Record who was told".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        values.set("what", of_word(Of::Incident));
        Ok(values)
    }

    fn read(at: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::required_day(values, problems, "told-on", "Enter the day, like 27 3 2026");
        let of = form::choice(
            values,
            problems,
            "what",
            &Of::ALL.map(of_word),
            "Choose of what they were told",
        );
        let chosen = values.all("told-who");
        let (mut who, to): (Vec<String>, Vec<Recipient>) = recipients(at)
            .into_iter()
            .filter(|(word, ..)| chosen.contains(&word.as_str()))
            .map(|(_, name, to)| (name, to))
            .unzip();
        who.extend(form::optional(values, "who-else"));
        if who.is_empty() {
            problems.add("told-who", "Choose or enter who was told");
        }
        let of = Of::ALL.into_iter().find(|o| Some(of_word(*o)) == of)?;
        let on = on?;
        problems.is_empty().then(|| {
            vec![Command::Notification(notification::Command::RecordTold(
                Told {
                    who: who.join(", "),
                    what: of.words().to_owned(),
                    on,
                    how: values.text("how"),
                    to,
                    of: Some(of),
                },
            ))]
        })
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let who: Vec<Choice> = recipients(at)
            .into_iter()
            .map(|(word, name, _)| Choice::new(word, name))
            .collect();
        let of =
            Of::ALL.map(|o| Choice::new(of_word(o), crate::page::case_form::sentence(o.words())));
        html! {
            (govuk::checkboxes(form, "told-who", "Who was told", "Any that apply", &who))
            (govuk::text(form, "who-else", "Someone else", "Such as the coroner or the child death review"))
            (govuk::radios(form, "what", "Of what", "", &of))
            (govuk::date(form, "told-on", "On which day", ""))
            (govuk::text(form, "how", "How", "By e-mail, by telephone, in person"))
        }
    }

    fn button(_: &At) -> String {
        "Record this".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("notification")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// A later finding that the criteria for notifying were not met.
#[derive(Debug)]
pub struct NotMetForm;

impl CaseForm for NotMetForm {
    const PATH: &'static str = "/cases/{case}/notification/not-met";
    const PART: &'static str = "a finding on the notification";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::RecordFacts;

    fn section() -> Option<access::Section> {
        Some(access::Section::Incident)
    }

    fn title(_: &At) -> String {
        "The criteria for notifying were not met after all".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::required_day(
            values,
            problems,
            "not-met-on",
            "Enter the day, like 27 3 2026",
        )?;
        let found = FoundNotMet {
            on,
            by_whom: values.text("not-met-by"),
            reasons: values.text("not-met-reasons"),
        };
        Some(vec![Command::Notification(
            notification::Command::RecordNotMet(found),
        )])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            (law::said(at.rules(), &["not-met-ends-rapid-review"]))
            p.govuk-body { "Nothing that was recorded is removed." }
            (govuk::date(form, "not-met-on", "On which day was this found?", ""))
            (govuk::text(form, "not-met-by", "By whom", ""))
            (govuk::textarea(form, "not-met-reasons", "Why", "", 4))
        }
    }

    fn button(_: &At) -> String {
        "Record this finding".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("notification")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}
