//! A change to a case: load, authorise, decide, append in one durable transaction, then tell memory and registers.

use std::sync::Arc;

use access::rules::act_of;
use cases::{Case, Command, Context, Event, Recorded};
use store::{FinishedFile, NewEntry, StoreError};

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh, stream};

/// What a change left behind.
#[derive(Debug, Clone)]
pub struct Acted {
    /// The case as it now stands.
    pub case: Arc<Case>,
    /// The new entries.
    pub entries: Vec<Arc<Recorded>>,
}

impl Desk {
    /// Does what is asked of a case.
    /// `based_on` is the version the form was drawn from: when someone has since written the same text, nothing is written
    /// and the newer entries come back, unless `knowingly` says that the person has seen them.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing is written when one is returned.
    pub async fn act(
        &self,
        actor: &Actor,
        id: &str,
        based_on: Option<u64>,
        knowingly: bool,
        commands: Vec<Command>,
    ) -> Result<Acted, DeskError> {
        let lock = self.writing(id).await;
        let _alone = lock.lock().await;
        let based_on = based_on.filter(|_| !knowingly);
        let mut case = self.load(id).await?;
        // A mark takes an earlier entry back; a form drawn long ago is compared with everything since.
        let marks = commands.iter().any(|command| {
            matches!(
                command,
                Command::Closing(cases::closing::Event::EntryMarked(_))
            )
        });
        if !case.is_whole() && (marks || based_on.is_some_and(|on| on < case.left_out)) {
            case = self.load_whole(id).await?;
        }
        self.act_on(actor, case, based_on, commands).await
    }

    pub(crate) async fn act_on(
        &self,
        actor: &Actor,
        case: Arc<Case>,
        based_on: Option<u64>,
        commands: Vec<Command>,
    ) -> Result<Acted, DeskError> {
        self.act_with_files(actor, case, based_on, commands, Vec::new())
            .await
    }

    /// The same, with files that count together with the entries that speak of them.
    pub(crate) async fn act_with_files(
        &self,
        actor: &Actor,
        case: Arc<Case>,
        based_on: Option<u64>,
        commands: Vec<Command>,
        files: Vec<FinishedFile>,
    ) -> Result<Acted, DeskError> {
        let mut permit = self.permit(actor, &case, access::Act::ReadCase)?;
        let rules = self.editions().for_step(&case, self.today())?;
        let seats = self.seats();
        let authorities = self.office().authorities(&actor.person.id, self.today());
        let by = actor.by();
        let now = self.inner.clock.now();
        let mut after = (*case).clone();
        let mut entries: Vec<Arc<Recorded>> = Vec::new();
        for command in commands {
            permit = self.permit(actor, &case, act_of(&command))?;
            let id = fresh()?;
            let ctx = Context {
                now,
                today: self.today(),
                by: &by,
                manages: actor.manages(),
                rules: &rules,
                fresh: &id,
                seats: &seats,
                authorities: &authorities,
            };
            for decided in cases::decide(&after, command, &ctx)? {
                let recorded = Arc::new(Recorded {
                    number: after.version() + 1,
                    at: now,
                    by: by.clone(),
                    edition: rules.id.clone(),
                    event: decided.event,
                    missing: decided.missing,
                    imported: None,
                });
                after.push(recorded.clone());
                entries.push(recorded);
            }
        }
        if let Some(based_on) = based_on {
            let clash = clashes(&case, based_on, &entries);
            if !clash.is_empty() {
                return Err(DeskError::Stale(clash));
            }
        }
        self.append_with_files(permit, &case, &entries, files)
            .await?;
        if entries.iter().any(|entry| completes(&entry.event)) {
            self.checkpoint_after_decision().await;
        }
        let after = Arc::new(after);
        self.keep(&after);
        self.summarise(&after);
        Ok(Acted {
            case: after,
            entries,
        })
    }

    /// Appends entries to a case's stream.
    pub(crate) async fn append(
        &self,
        permit: access::Permit,
        case: &Case,
        entries: &[Arc<Recorded>],
    ) -> Result<(), DeskError> {
        self.append_with_files(permit, case, entries, Vec::new())
            .await
    }

    async fn append_with_files(
        &self,
        permit: access::Permit,
        case: &Case,
        entries: &[Arc<Recorded>],
        files: Vec<FinishedFile>,
    ) -> Result<(), DeskError> {
        let mut list = Vec::with_capacity(entries.len());
        for recorded in entries {
            list.push(sealed(recorded)?);
        }
        match self
            .inner
            .store
            .append_with_files(permit, &stream(&case.id), Some(case.version()), list, files)
            .await
        {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict { .. }) => {
                // Another node wrote first: forget what is in memory, so that the next try sees it.
                self.inner.cases.forget(&case.id);
                Err(DeskError::Stale(Vec::new()))
            }
            Err(error @ StoreError::Unknown { .. }) => {
                // It may be there: the next look reads the record, not the memory.
                self.inner.cases.forget(&case.id);
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether a decision is complete from this event on.
fn completes(event: &Event) -> bool {
    matches!(
        event,
        Event::Decision(cases::decision::Event::Completed { .. })
    )
}

/// The form in which an event goes to the store.
pub(crate) fn sealed(recorded: &Recorded) -> Result<NewEntry, DeskError> {
    let content = serde_json::to_vec(recorded)
        .map_err(|e| DeskError::Other(format!("an entry could not be written down: {e}")))?;
    Ok(NewEntry {
        kind: recorded.event.kind(),
        version: cases::event::EVENT_VERSION,
        at: recorded.imported.as_ref().map_or(recorded.at, |i| i.at),
        actor: recorded
            .imported
            .as_ref()
            .map_or(&recorded.by, |i| &i.by)
            .person
            .clone(),
        content,
    })
}

/// The entries since `based_on` that took the place of the same text as one of the new ones.
fn clashes(case: &Case, based_on: u64, new: &[Arc<Recorded>]) -> Vec<Arc<Recorded>> {
    let mine: Vec<(String, String)> = new
        .iter()
        .filter(|r| r.event.replaces())
        .map(|r| r.event.touches())
        .collect();
    case.since(based_on)
        .filter(|r| replaced(&r.event, &mine))
        .cloned()
        .collect()
}

fn replaced(event: &Event, mine: &[(String, String)]) -> bool {
    event.replaces() && mine.contains(&event.touches())
}
