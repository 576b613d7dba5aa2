//! A case of the demo as a script: who does what at which moment; and the playing of all scripts in the order of time.

use std::collections::BTreeMap;

use access::Person;
use cases::decision::{Command as Decide, Given, Signature, View};
use cases::documents::Document;
use cases::incident::Danger;
use cases::interests::{Answer, Command as Interest, Kind, Outcome, Scope};
use cases::members::Part;
use cases::{Command, Event, Refusal, closing};
use desk::{Actor, Desk, DeskError, NewCase};
use jiff::civil::{Date, DateTime};

use super::days::moment;
use super::partnership::Who;

/// Commands that need to know people's ids or other cases' references.
type Later = Box<dyn Fn(&World) -> Result<Vec<Command>, DeskError> + Send + Sync>;

/// What someone does.
pub(super) enum What {
    /// Opens the case.
    Open(Box<Start>),
    /// Records.
    Do(Vec<Command>),
    /// Records what can only be said once other things are there.
    Later(Later),
    /// Does what is asked of an agency, from how the case stands.
    Asked(fn(&cases::Case) -> Result<Command, DeskError>),
    /// Adds a document as a file: what is said of it, its name, its words.
    File(Box<Document>, &'static str, &'static str),
    /// Declares an interest of their own: kind, words, since when.
    Declare(Kind, &'static str, &'static str),
    /// Decides about the interest that nobody has decided about.
    DecideInterest {
        outcome: Outcome,
        from: &'static [Scope],
        stated: &'static str,
        why: &'static str,
    },
    /// Reads the exact text and signs it.
    Sign(View, &'static str),
    /// Marks the newest entry of a kind as made in error; with people, hides it from all others.
    Mark {
        which: fn(&Event) -> bool,
        why: &'static str,
        only_for: Vec<Who>,
    },
}

/// How a case was opened.
pub(super) struct Start {
    /// Whether a child may be in danger, and what was done.
    pub danger: (Danger, &'static str),
    /// The day the partnership first heard, if earlier.
    pub heard_on: Option<Date>,
    /// Its reference in an earlier list; such a case is already under way.
    pub old_reference: Option<&'static str>,
    /// Who may see it besides whoever opens it.
    pub members: Vec<(Who, Part)>,
    /// What is known at once.
    pub known: Vec<Command>,
}

struct Step {
    at: DateTime,
    who: Who,
    what: What,
}

/// One case of the demo.
pub(super) struct Script {
    key: &'static str,
    steps: Vec<Step>,
}

impl Script {
    /// An empty script; `key` is the name by which other scripts refer to the case.
    pub fn new(key: &'static str) -> Script {
        Script {
            key,
            steps: Vec::new(),
        }
    }

    /// Someone records something on a day at a time (hour, minute).
    pub fn on(&mut self, day: Date, time: (i8, i8), who: Who, commands: Vec<Command>) {
        self.step(day, time, who, What::Do(commands));
    }

    /// Any step.
    pub fn step(&mut self, day: Date, (hour, minute): (i8, i8), who: Who, what: What) {
        self.steps.push(Step {
            at: day.at(hour, minute, 0, 0),
            who,
            what,
        });
    }
}

/// The partnership while its cases are played.
pub(super) struct World {
    /// The desk.
    pub desk: Desk,
    people: BTreeMap<Who, Person>,
    cases: BTreeMap<&'static str, (String, String)>,
}

impl World {
    /// A partnership without cases.
    pub fn new(desk: Desk, people: BTreeMap<Who, Person>) -> World {
        World {
            desk,
            people,
            cases: BTreeMap::new(),
        }
    }

    /// A person of the demo.
    pub fn person(&self, who: Who) -> Result<&Person, DeskError> {
        self.people
            .get(&who)
            .ok_or_else(|| DeskError::Other(format!("`{who:?}` is not in the demo")))
    }

    /// The reference of a case that was opened earlier.
    pub fn reference(&self, key: &str) -> Result<String, DeskError> {
        self.cases
            .get(key)
            .map(|c| c.1.clone())
            .ok_or_else(|| DeskError::Other(format!("`{key}` is not open yet")))
    }

    /// Plays all scripts, step by step in the order of time, setting the clock to each moment.
    pub async fn play(&mut self, scripts: Vec<Script>) -> Result<(), DeskError> {
        let mut steps: Vec<(&'static str, Step)> = scripts
            .into_iter()
            .flat_map(|s| s.steps.into_iter().map(move |step| (s.key, step)))
            .collect();
        steps.sort_by_key(|(_, step)| step.at);
        for (key, step) in steps {
            let at = step.at;
            self.desk.clock().set(moment(at)?);
            self.take(key, step).await.map_err(|error| {
                DeskError::Other(format!(
                    "the demo's case `{key}` on {at}: {}",
                    in_full(&error)
                ))
            })?;
        }
        Ok(())
    }

    async fn take(&mut self, key: &'static str, step: Step) -> Result<(), DeskError> {
        let actor = self.desk.actor(self.person(step.who)?);
        if let What::Open(start) = step.what {
            let mut members = Vec::new();
            for (who, part) in &start.members {
                members.push((self.person(*who)?.id.clone(), *part));
            }
            let new = NewCase {
                danger: start.danger.0,
                danger_action: start.danger.1.into(),
                old_reference: start.old_reference.map(str::to_owned),
                heard_on: start.heard_on,
                under_way: start.old_reference.is_some(),
                members,
                known: start.known,
            };
            let opened = self.desk.open_case(&actor, new).await?;
            self.cases.insert(
                key,
                (opened.case.id.clone(), opened.case.reference().to_owned()),
            );
            return Ok(());
        }
        let id = self
            .cases
            .get(key)
            .map(|c| c.0.clone())
            .ok_or_else(|| DeskError::Other("the case is not open yet".into()))?;
        let commands = match step.what {
            What::Open(_) => Vec::new(),
            What::Do(commands) => commands,
            What::Later(later) => later(self)?,
            What::Asked(from) => {
                let view = self
                    .desk
                    .view(&actor, &id, access::Act::ReadCase, "a request to an agency")
                    .await?;
                vec![from(&view.case)?]
            }
            What::File(said, name, words) => {
                let mut arriving = self.desk.begin_file(&actor, &id, name).await?;
                arriving.write(words.as_bytes()).await?;
                let arrived = arriving.finish().await?;
                self.desk.add_document(&actor, &id, *said, arrived).await?;
                return Ok(());
            }
            What::Declare(kind, words, since) => {
                let own = self
                    .desk
                    .interest_of(&actor.person.id, kind, words, since)?;
                vec![Command::Interests(Interest::Declare(own))]
            }
            What::DecideInterest {
                outcome,
                from,
                stated,
                why,
            } => {
                let view = self
                    .desk
                    .view(&actor, &id, access::Act::ReadCase, "conflicts of interest")
                    .await?;
                let open = view.case.interests.open().next();
                let open =
                    open.ok_or_else(|| DeskError::Other("nobody has declared an interest".into()))?;
                vec![Command::Interests(Interest::Decide(Answer {
                    interest: open.declared.id.clone(),
                    outcome,
                    from: from.iter().copied().collect(),
                    stated: stated.into(),
                    why: why.into(),
                    on: view.today,
                }))]
            }
            What::Sign(view, note) => {
                vec![self.signature(&actor, &id, step.who, view, note).await?]
            }
            What::Mark {
                which,
                why,
                only_for,
            } => vec![self.mark(&actor, &id, which, why, &only_for).await?],
        };
        self.desk.act(&actor, &id, None, true, commands).await?;
        Ok(())
    }

    async fn signature(
        &self,
        actor: &Actor,
        id: &str,
        who: Who,
        view: View,
        note: &str,
    ) -> Result<Command, DeskError> {
        let read = self
            .desk
            .view(
                actor,
                id,
                access::Act::Read(access::Section::Decision),
                "the text of the decision, to sign it",
            )
            .await?;
        let seat = who
            .seat()
            .ok_or_else(|| DeskError::Other("this person signs for no one".into()))?;
        let text = cases::decision::text(&read.case, &read.rules);
        Ok(Command::Decision(Decide::Sign(Signature {
            seat,
            view,
            note: note.into(),
            given: Given::InPerson,
            authority: None,
            text,
            passkey: None,
        })))
    }

    async fn mark(
        &self,
        actor: &Actor,
        id: &str,
        which: fn(&Event) -> bool,
        why: &str,
        only_for: &[Who],
    ) -> Result<Command, DeskError> {
        let read = self
            .desk
            .view_whole(
                actor,
                id,
                access::Act::Read(access::Section::Course),
                "the whole story",
            )
            .await?;
        let entry = read
            .case
            .story
            .iter()
            .rev()
            .find(|r| which(&r.event))
            .ok_or_else(|| DeskError::Other("there is no such entry".into()))?
            .number;
        let mut visible_to = Vec::new();
        for who in only_for {
            visible_to.push(self.person(*who)?.id.clone());
        }
        let mark = closing::Mark {
            entry,
            why: why.into(),
            correction: None,
            hidden: !visible_to.is_empty(),
            visible_to,
        };
        Ok(Command::Closing(closing::Event::EntryMarked(mark)))
    }
}

fn in_full(error: &DeskError) -> String {
    match error {
        DeskError::Refused(Refusal::NotReadyToSign(missing)) => missing
            .iter()
            .map(|m| m.what.as_str())
            .collect::<Vec<_>>()
            .join("; "),
        other => other.to_string(),
    }
}
