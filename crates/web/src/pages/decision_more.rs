//! What else happens to a decision: none agreed on the due day, a disagreement resolved, a slip corrected, a reconsideration.

use cases::Command;
use cases::decision::{self, NotAgreed, Resolution, Slip};
use desk::Acted;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk;
use crate::page::{At, CaseForm, PageError};

fn back(at: &At) -> Markup {
    govuk::back_link(&at.url("decision"), "Decision")
}

/// No agreed decision on the due day.
#[derive(Debug)]
pub struct NotAgreedForm;

impl CaseForm for NotAgreedForm {
    const PATH: &'static str = "/cases/{case}/decision/not-agreed";
    const PART: &'static str = "no agreed decision";
    const TAB: &'static str = "decision";
    const ACT: access::Act = access::Act::RecordForOthers;

    fn title(_: &At) -> String {
        "No agreed decision on the due day".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if let Some(there) = &at.case().decision.current.not_agreed {
            values.set("views", &there.views);
            values.set("sent-to-panel", &there.sent_to_panel);
            values.set_day("on", Some(there.on));
            return Ok(values);
        }
        let views = cases::story::views(at.case(), &at.who.desk().seats());
        values.set(
            "views",
            &views
                .iter()
                .map(|(who, words)| format!("{who}: {words}"))
                .collect::<Vec<_>>()
                .join("\n"),
        );
        values.set_day("on", Some(at.view.today));
        Ok(values)
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::required_day(values, problems, "on", "Enter the day, like 27 3 2026")?;
        let not_agreed = NotAgreed {
            on,
            views: values.text("views"),
            sent_to_panel: values.text("sent-to-panel"),
        };
        Some(vec![Command::Decision(decision::Command::RecordNotAgreed(
            not_agreed,
        ))])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { "This is a state of its own: it says truthfully that the partners had not agreed, what each thought and what was sent. The decision can still be completed." }
            (govuk::date(form, "on", "On which day", ""))
            (govuk::textarea(form, "views", "Each partner\u{2019}s view", "As recorded so far; change it where it was said otherwise", 6))
            (govuk::textarea(form, "sent-to-panel", "What was sent to the Panel, when and by whom", "Or that nothing was sent", 3))
        }
    }

    fn button(_: &At) -> String {
        "Record this".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("decision")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// How a disagreement was resolved.
#[derive(Debug)]
pub struct ResolveForm;

impl CaseForm for ResolveForm {
    const PATH: &'static str = "/cases/{case}/decision/resolve";
    const PART: &'static str = "how a disagreement was resolved";
    const TAB: &'static str = "decision";
    const ACT: access::Act = access::Act::RecordForOthers;

    fn title(_: &At) -> String {
        "How a disagreement was resolved".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::required_day(values, problems, "on", "Enter the day, like 27 3 2026")?;
        let resolution = Resolution {
            by_whom: values.text("by-whom"),
            how: values.text("how"),
            reasons: values.text("reasons"),
            on,
        };
        Some(vec![Command::Decision(decision::Command::Resolve(
            resolution,
        ))])
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { (at.rules().decision.tie_break) }
            (govuk::source_note(&at.rules().decision.source, &at.rules().decision.standing))
            (govuk::text(form, "by-whom", "Who resolved it", "Names and offices"))
            (govuk::textarea(form, "how", "How", "", 3))
            (govuk::textarea(form, "reasons", "Why", "The dissent is kept beside it", 4))
            (govuk::date(form, "on", "On which day", ""))
        }
    }

    fn button(_: &At) -> String {
        "Record this".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("decision")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// A slip in a complete decision.
#[derive(Debug)]
pub struct SlipForm;

impl CaseForm for SlipForm {
    const PATH: &'static str = "/cases/{case}/decision/slip";
    const PART: &'static str = "a slip in the decision";
    const TAB: &'static str = "decision";
    const ACT: access::Act = access::Act::WriteDecision;

    fn title(_: &At) -> String {
        "Correct a slip".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        let slip = Slip {
            stands: values.text("stands"),
            should_say: values.text("should-say"),
        };
        Some(vec![Command::Decision(decision::Command::CorrectSlip(
            slip,
        ))])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { "A dated note stands beside the decision. It may not change the finding, the outcome or the reasons: for that, reconsider the decision." }
            (govuk::textarea(form, "stands", "The words as they stand", "", 2))
            (govuk::textarea(form, "should-say", "What they should say", "", 2))
        }
    }

    fn button(_: &At) -> String {
        "Add this note".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("decision")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}

/// A reconsideration.
#[derive(Debug)]
pub struct ReconsiderForm;

impl CaseForm for ReconsiderForm {
    const PATH: &'static str = "/cases/{case}/decision/reconsider";
    const PART: &'static str = "a reconsideration";
    const TAB: &'static str = "decision";
    const ACT: access::Act = access::Act::WriteDecision;

    fn title(_: &At) -> String {
        "Reconsider this decision".into()
    }

    fn start(_: &At) -> Result<Values, PageError> {
        Ok(Values::default())
    }

    fn read(_: &At, values: &Values, _: &mut Problems) -> Option<Vec<Command>> {
        Some(vec![Command::Decision(decision::Command::Reconsider {
            why: values.text("why"),
        })])
    }

    fn fields(_: &At, form: &Form<'_>) -> Markup {
        html! {
            p.govuk-body { "A new decision begins. It says why, needs its own text and signatures, and both decisions stay visible." }
            (govuk::textarea(form, "why", "Why it is reconsidered", "New facts, the Panel\u{2019}s answer, a reason that no longer holds", 4))
        }
    }

    fn button(_: &At) -> String {
        "Begin the reconsideration".into()
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("decision")
    }

    fn before(at: &At) -> Markup {
        back(at)
    }
}
