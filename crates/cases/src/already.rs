//! What is said twice: a form saved unchanged, or sent again after going back. It is recorded once.
//! Only the newest entries are looked at; what is not at hand is recorded again, which does no harm.

use jiff::SignedDuration;
use serde_json::Value;

use crate::{Case, Context, Event};

/// How long an addition by the same person counts as the same one sent again.
const A_WHILE: SignedDuration = SignedDuration::from_mins(30);

/// Whether the record says exactly this already: the newest word on the same text, or an addition just made by the same person.
pub(crate) fn already(case: &Case, event: &Event, ctx: &Context<'_>) -> bool {
    // A signature, a view, a mark, a member or an interest is never taken for a slip.
    if matches!(
        event,
        Event::Decision(_)
            | Event::Closing(_)
            | Event::Members(_)
            | Event::Documents(_)
            | Event::Erasure(_)
            | Event::Interests(_)
            | Event::BreakGlass(_)
    ) {
        return false;
    }
    let mut newest = case
        .story
        .iter()
        .rev()
        .filter(|entry| !case.closing.marks.contains_key(&entry.number));
    // People can be moved away and relationships taken back: there only the very newest entry counts.
    let same_text = |other: &Event| match event {
        Event::People(_) => other.stage() == event.stage(),
        _ => other.touches() == event.touches(),
    };
    if event.replaces()
        && newest
            .clone()
            .find(|entry| same_text(&entry.event))
            .is_some_and(|entry| entry.event == *event && entry.edition == ctx.rules.id)
    {
        return true;
    }
    newest
        .find(|entry| entry.event.stage() == event.stage())
        .is_some_and(|entry| {
            entry.by.person == ctx.by.person
                && entry.imported.is_none()
                && ctx.now.duration_since(entry.at) < A_WHILE
                && entry.event.kind() == event.kind()
                // The same text in between was already looked at above.
                && (!event.replaces() || entry.event.touches() != event.touches())
                && without_id(&entry.event) == without_id(event)
        })
}

/// The event without what was made up for it: the id, and the pseudonym of a child who has a name.
fn without_id(event: &Event) -> Option<Value> {
    let mut value = serde_json::to_value(event).ok()?;
    if let Some(with) = value
        .pointer_mut("/event/with")
        .and_then(Value::as_object_mut)
    {
        with.remove("id");
        // Two children of whom nothing is known yet may both be meant.
        if with.get("name").is_some() {
            with.remove("pseudonym");
        }
    }
    Some(value)
}
