//! A case is the sum of its stages, folded from its events; the same fold up to a day shows it as it stood then.

use std::collections::BTreeMap;
use std::sync::Arc;

use calendar::Date;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::{
    Event, Recorded, agencies::Agencies, break_glass::BreakGlass, closing, closing::Closing,
    consideration::Consideration, decision::Decision, definition::Definition, documents::Documents,
    erasure, erasure::Erasure, family::Family, incident::Incident, interests::Interests,
    members::Members, notification::Notification, parallel::Parallel, people::People,
    publication::Publication, rapid_review::RapidReview,
};

/// Which edition a named person said applies to what has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EditionChoice {
    /// The composite id.
    pub edition: String,
    /// Why.
    pub why: String,
    /// Who said so.
    pub by: crate::By,
    /// When (UTC).
    pub at: Timestamp,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Case {
    /// Its id in the record (the stream).
    pub id: String,
    /// What happened.
    pub incident: Incident,
    /// The people.
    pub people: People,
    /// The definition.
    pub definition: Definition,
    /// The agencies.
    pub agencies: Agencies,
    /// The notification.
    pub notification: Notification,
    /// The rapid review.
    pub rapid_review: RapidReview,
    /// The consideration.
    pub consideration: Consideration,
    /// The decision.
    pub decision: Decision,
    /// Child and family.
    pub family: Family,
    /// Publication.
    pub publication: Publication,
    /// Parallel processes.
    pub parallel: Parallel,
    /// Documents that were added as files.
    pub documents: Documents,
    /// Who may see it.
    pub members: Members,
    /// The case as a whole.
    pub closing: Closing,
    /// Legal holds and erasure.
    pub erasure: Erasure,
    /// Conflicts of interest.
    pub interests: Interests,
    /// Openings with a written reason.
    pub break_glass: BreakGlass,
    /// Which edition applies, as said by named people, oldest first.
    pub editions: Vec<EditionChoice>,
    /// Every entry, in order; only the newest of them when some are [left out](Case::left_out).
    #[serde(skip)]
    pub story: Vec<Arc<Recorded>>,
    /// The number of the last entry that is not at hand; 0 when the story is whole.
    #[serde(skip)]
    pub left_out: u64,
}

/// How many of its newest entries a case keeps at hand when it rests.
const AT_HAND: usize = 12;

impl Case {
    /// Folds the entries of a case; entries marked as made in error do not count, but stay in the story.
    /// Entries whose content was erased are left out of both.
    pub fn fold(id: &str, mut story: Vec<Arc<Recorded>>) -> Case {
        let erased = erased(&story);
        if !erased.is_empty() {
            story.retain(|r| !erased.contains_key(&r.number));
        }
        let mut case = Case {
            id: id.to_owned(),
            ..Case::default()
        };
        for recorded in &story {
            if let Event::Closing(event @ closing::Event::EntryMarked(_)) = &recorded.event {
                closing::apply(&mut case.closing, event);
            }
        }
        for recorded in &story {
            if case.closing.marks.contains_key(&recorded.number) {
                continue;
            }
            case.apply(recorded);
            // What is taken out of the text changes it, as what is written into it does.
            if let Event::Closing(closing::Event::EntryMarked(mark)) = &recorded.event
                && (erased.get(&mark.entry) == Some(&true)
                    || story
                        .iter()
                        .any(|r| r.number == mark.entry && r.event.is_part_of_the_text()))
            {
                case.decision.current.set_aside();
            }
        }
        case.story = story;
        case
    }

    /// The case as it stood at the end of a day, by what was recorded by then.
    /// What has since been hidden stays hidden: the marks of today apply to the content shown.
    pub fn as_it_stood(&self, end: Timestamp) -> Case {
        let story: Vec<Arc<Recorded>> = self
            .story
            .iter()
            .filter(|r| r.imported.as_ref().map_or(r.at, |i| i.at) <= end)
            .cloned()
            .collect();
        let hidden: Vec<u64> = self
            .closing
            .marks
            .values()
            .filter(|m| m.hidden)
            .map(|m| m.entry)
            .collect();
        let seen: Vec<Arc<Recorded>> = story
            .into_iter()
            .filter(|r| !hidden.contains(&r.number))
            .collect();
        let mut past = Case::fold(&self.id, seen);
        // What was erased since cannot be shown; that it was there then, can.
        for (number, gone) in &self.erasure.entries {
            if gone.entry.at <= end {
                past.erasure.entries.insert(*number, gone.clone());
            }
        }
        past
    }

    /// The same case with only its newest entries at hand: what it has come to does not need the others.
    pub fn rested(&self) -> Case {
        let first = self.story.len().saturating_sub(AT_HAND);
        Case {
            left_out: first
                .checked_sub(1)
                .map_or(self.left_out, |last| self.story[last].number),
            story: self.story[first..].to_vec(),
            ..self.without_story()
        }
    }

    fn without_story(&self) -> Case {
        Case {
            id: self.id.clone(),
            incident: self.incident.clone(),
            people: self.people.clone(),
            definition: self.definition.clone(),
            agencies: self.agencies.clone(),
            notification: self.notification.clone(),
            rapid_review: self.rapid_review.clone(),
            consideration: self.consideration.clone(),
            decision: self.decision.clone(),
            family: self.family.clone(),
            publication: self.publication.clone(),
            parallel: self.parallel.clone(),
            documents: self.documents.clone(),
            members: self.members.clone(),
            closing: self.closing.clone(),
            erasure: self.erasure.clone(),
            interests: self.interests.clone(),
            break_glass: self.break_glass.clone(),
            editions: self.editions.clone(),
            story: Vec::new(),
            left_out: 0,
        }
    }

    /// The case as those see it who do not read some of the documents that are kept apart; the same when nothing has to be left out.
    pub fn without_documents(
        self: Arc<Self>,
        left_out: impl Fn(crate::documents::Apart) -> bool,
    ) -> Arc<Case> {
        match self.documents.without(left_out) {
            None => self,
            Some(documents) => Arc::new(Case {
                documents,
                story: self.story.clone(),
                left_out: self.left_out,
                ..self.without_story()
            }),
        }
    }

    /// Whether every entry is at hand.
    pub fn is_whole(&self) -> bool {
        self.left_out == 0
    }

    /// Adds one recorded event. A mark of an earlier entry takes back what that entry did, so it needs the [whole](Case::is_whole) story.
    pub fn push(&mut self, recorded: Arc<Recorded>) {
        if matches!(
            &recorded.event,
            Event::Closing(closing::Event::EntryMarked(_))
                | Event::Erasure(erasure::Event::ContentErased(_))
        ) {
            let mut story = std::mem::take(&mut self.story);
            story.push(recorded);
            *self = Case::fold(&self.id.clone(), story);
        } else {
            self.apply(&recorded);
            self.story.push(recorded);
        }
    }

    fn apply(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::Incident(e) => crate::incident::apply(&mut self.incident, e),
            Event::People(e) => {
                let before = self.subjects();
                crate::people::apply(&mut self.people, e);
                if self.subjects() != before {
                    self.decision.current.set_aside();
                }
            }
            Event::Definition(e) => {
                crate::definition::apply(&mut self.definition, e, &recorded.edition, &recorded.by);
                self.decision.current.set_aside();
            }
            Event::Agencies(e) => crate::agencies::apply(&mut self.agencies, e, &recorded.by),
            Event::Notification(e) => crate::notification::apply(&mut self.notification, e),
            Event::RapidReview(e) => crate::rapid_review::apply(&mut self.rapid_review, e),
            Event::Consideration(e) => {
                crate::consideration::apply(&mut self.consideration, e, recorded);
                self.decision.current.set_aside();
            }
            Event::Decision(e) => crate::decision::apply(&mut self.decision, e, recorded),
            Event::Family(e) => crate::family::apply(&mut self.family, e),
            Event::Publication(e) => crate::publication::apply(&mut self.publication, e),
            Event::Parallel(e) => crate::parallel::apply(&mut self.parallel, e),
            Event::Documents(e) => crate::documents::apply(&mut self.documents, e, recorded),
            Event::Members(e) => crate::members::apply(&mut self.members, e),
            Event::Closing(e) => {
                if let closing::Event::EditionChosen { edition, why } = e {
                    self.editions.push(EditionChoice {
                        edition: edition.clone(),
                        why: why.clone(),
                        by: recorded.by.clone(),
                        at: recorded.at,
                    });
                }
                closing::apply(&mut self.closing, e);
            }
            Event::Interests(e) => {
                let before = self.interests.in_the_text(None);
                crate::interests::apply(&mut self.interests, e, recorded);
                // Who stepped back stands in the text; a view of theirs no longer counts.
                if self.interests.in_the_text(None) != before {
                    self.decision.current.set_aside();
                }
                self.decision.current.without_views_of(&self.interests);
            }
            Event::BreakGlass(e) => {
                crate::break_glass::apply(&mut self.break_glass, e, recorded);
            }
            Event::Erasure(e) => {
                erasure::apply(&mut self.erasure, e, recorded);
                // What was marked as made in error before stood in the text no more.
                if let erasure::Event::ContentErased(certificate) = e
                    && certificate.entries.iter().any(|entry| {
                        entry.in_text && !self.closing.marks.contains_key(&entry.number)
                    })
                {
                    self.decision.current.set_aside();
                }
            }
        }
    }

    /// The subjects as the text of the decision names them.
    fn subjects(&self) -> Vec<(String, String)> {
        self.people
            .subjects()
            .map(|c| (c.id.clone(), c.pseudonym.clone()))
            .collect()
    }

    /// The reference.
    pub fn reference(&self) -> &str {
        self.incident
            .opening
            .as_ref()
            .map_or("not yet referenced", |o| o.reference.as_str())
    }

    /// The number of the newest entry: what a form was drawn from.
    pub fn version(&self) -> u64 {
        self.story.last().map_or(0, |r| r.number)
    }

    /// Who the case is about, with ages tied to a day: "Child A, 16 months when harmed".
    pub fn about(&self, today: Date) -> String {
        let day = self.incident.facts.happened_on;
        let subjects: Vec<String> = self
            .people
            .subjects()
            .map(|c| format!("{}, {}", c.pseudonym, c.age_words(day, today)))
            .collect();
        match subjects.len() {
            0 => "Child not yet recorded".into(),
            1 | 2 => subjects.join("; "),
            n => format!("{} and {} other children", subjects[0], n - 1),
        }
    }

    /// True while the case is open.
    pub fn is_open(&self) -> bool {
        self.closing.closed.is_none()
    }

    /// The entries after a version, to see what happened since a form was drawn; needs those to be at hand (a version not before [`Case::left_out`]).
    pub fn since(&self, version: u64) -> impl Iterator<Item = &Arc<Recorded>> {
        self.story.iter().filter(move |r| r.number > version)
    }
}

/// The numbers of the entries whose content was erased, each with whether it stood in the text of the decision.
fn erased(story: &[Arc<Recorded>]) -> BTreeMap<u64, bool> {
    let certificates = story.iter().filter_map(|r| match &r.event {
        Event::Erasure(erasure::Event::ContentErased(certificate)) => Some(certificate),
        _ => None,
    });
    certificates
        .flat_map(|c| c.entries.iter().map(|entry| (entry.number, entry.in_text)))
        .collect()
}

/// Maps whose keys are not text are written as lists of pairs.
pub(crate) fn as_list<K: Serialize, V: Serialize, S: Serializer>(
    map: &BTreeMap<K, V>,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_seq(map.iter())
}
