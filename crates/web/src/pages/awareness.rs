//! Who in the authority became aware, and when; a correction keeps both days.

use cases::Command;
use cases::incident::{self, Awareness};
use desk::Acted;
use maud::{Markup, html};

use crate::form::{self, Form, Problems, Values};
use crate::govuk;
use crate::page::{At, CaseForm, PageError};

/// Awareness.
#[derive(Debug)]
pub struct AwarenessForm;

impl CaseForm for AwarenessForm {
    const PATH: &'static str = "/cases/{case}/incident/awareness";
    const PART: &'static str = "when the authority became aware";
    const TAB: &'static str = "incident";
    const ACT: access::Act = access::Act::RecordFacts;

    fn title(_: &At) -> String {
        "Who in the authority became aware, and when".into()
    }

    fn start(at: &At) -> Result<Values, PageError> {
        let mut values = Values::default();
        if let Some(a) = &at.case().incident.awareness {
            values.set("aware-who", &a.who);
            values.set_day("aware-on", a.on);
            values.set("aware-time", &a.time);
            values.set("aware-how", &a.how);
        }
        Ok(values)
    }

    fn read(_: &At, values: &Values, problems: &mut Problems) -> Option<Vec<Command>> {
        let on = form::day(values, problems, "aware-on");
        let awareness = Awareness {
            who: values.text("aware-who"),
            on,
            time: values.text("aware-time"),
            how: values.text("aware-how"),
            why_corrected: values.text("why-corrected"),
        };
        problems.is_empty().then(|| {
            vec![Command::Incident(incident::Command::RecordAwareness(
                awareness,
            ))]
        })
    }

    fn fields(at: &At, form: &Form<'_>) -> Markup {
        let before = at.case().incident.awareness.as_ref().and_then(|a| a.on);
        html! {
            (govuk::text(form, "aware-who", "Who", "An officer or a service of the authority, also out of hours"))
            (govuk::date(form, "aware-on", "On which day", "Leave it empty if it is not yet known"))
            (govuk::text(form, "aware-time", "At what time", "Like 9:32am"))
            (govuk::textarea(form, "aware-how", "How", "For example: a call from the hospital to the emergency duty team", 3))
            @if let Some(day) = before {
                (govuk::textarea(form, "why-corrected", "If you change the day: why was the earlier one wrong?", &format!("It now says {}. Both days stay in the record and the clocks are worked out again.", calendar::words::long(day)), 3))
            }
        }
    }

    fn done(at: &At, _: &Acted) -> String {
        at.url("incident")
    }

    fn before(at: &At) -> Markup {
        govuk::back_link(&at.url("incident"), "What happened")
    }
}
