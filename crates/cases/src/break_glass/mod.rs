//! Opening a case one does not take part in, with a written reason and for a limited time; told at once to whoever runs the case
//! and reviewed afterwards by someone else. Such an opening only reads, and ends by itself.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{By, Context, Refusal, required};

/// A case was opened by someone who does not take part in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Opening {
    /// Its id in the case.
    pub id: String,
    /// Who (person id).
    pub person: String,
    /// The person's name on that day.
    pub name: String,
    /// The part they act in, in words.
    pub acts_as: String,
    /// Why.
    pub why: String,
    /// When it ends by itself (UTC).
    #[schemars(with = "String")]
    pub until: Timestamp,
}

/// What someone else found of an opening afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Review {
    /// The opening (id).
    pub opening: String,
    /// True when it was right to open the case.
    pub right: bool,
    /// In words.
    pub words: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", content = "with", rename_all = "kebab-case")]
pub enum Event {
    /// The case was opened with a written reason.
    OpenedWithReason(Opening),
    /// An opening was reviewed.
    OpeningReviewed(Review),
}

/// What people ask of this stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open the case to read it.
    Open {
        /// Why.
        why: String,
        /// For how many hours.
        hours: u16,
    },
    /// Say of an opening whether it was right.
    Review(Review),
}

/// An opening with its review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Opened {
    /// The opening.
    pub opening: Opening,
    /// When it began (UTC).
    pub at: Timestamp,
    /// What was found afterwards, by whom and when.
    pub review: Option<(Review, By, Timestamp)>,
}

/// The openings of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct BreakGlass {
    /// Oldest first.
    pub list: Vec<Opened>,
}

impl BreakGlass {
    /// The opening with this id.
    pub fn find(&self, id: &str) -> Option<&Opened> {
        self.list.iter().find(|o| o.opening.id == id)
    }

    /// Until when a person who opened the case may read it, by their newest opening; a time that may be over.
    pub fn until(&self, person: &str) -> Option<Timestamp> {
        let own = self.list.iter().filter(|o| o.opening.person == person);
        own.map(|o| o.opening.until).max()
    }

    /// Openings that nobody has reviewed.
    pub fn to_review(&self) -> impl Iterator<Item = &Opened> {
        self.list.iter().filter(|o| o.review.is_none())
    }

    /// The opening under which a person read at a moment.
    pub fn under(&self, person: &str, at: Timestamp) -> Option<&Opened> {
        self.list
            .iter()
            .find(|o| o.opening.person == person && o.at <= at && at < o.opening.until)
    }
}

/// Decides a command of this stage. Whether the person may open the case at all was settled before.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(
    state: &BreakGlass,
    command: Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Open { why, hours } => {
            required("why", &why, "Enter why you need to see this case now")?;
            let time = SignedDuration::from_hours(i64::from(hours.max(1)));
            let until = ctx.now.checked_add(time).unwrap_or(Timestamp::MAX);
            Ok(vec![Event::OpenedWithReason(Opening {
                id: ctx.fresh.to_owned(),
                person: ctx.by.person.clone(),
                name: ctx.by.name.clone(),
                acts_as: ctx.by.part.clone(),
                why,
                until,
            })])
        }
        Command::Review(review) => {
            let Some(opened) = state.find(&review.opening) else {
                return Err(Refusal::because("there is no such opening in this case"));
            };
            if opened.opening.person == ctx.by.person {
                return Err(Refusal::because(
                    "nobody reviews an opening of their own: someone else who runs or chairs the case does",
                ));
            }
            if opened.review.is_some() {
                return Err(Refusal::because("this opening was reviewed already"));
            }
            required("words", &review.words, "Enter what you found")?;
            Ok(vec![Event::OpeningReviewed(review)])
        }
    }
}

/// Applies an event of this stage.
pub fn apply(state: &mut BreakGlass, event: &Event, recorded: &crate::Recorded) {
    match event {
        Event::OpenedWithReason(opening) => state.list.push(Opened {
            opening: opening.clone(),
            at: recorded.at,
            review: None,
        }),
        Event::OpeningReviewed(review) => {
            let found = state.list.iter_mut();
            if let Some(opened) = found.into_iter().find(|o| o.opening.id == review.opening) {
                opened.review = Some((review.clone(), recorded.by.clone(), recorded.at));
            }
        }
    }
}
