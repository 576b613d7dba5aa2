//! The one loop in which commands become recorded events, whatever asks: a form, a new case, a case file.

use std::sync::Arc;

use cases::pasted::Pasted;
use cases::{Case, Command, Context, Recorded};
use guidance::Rules;
use store::{Change, FinishedFile, FormDone, StoreError};

use crate::act::sealed;
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh, stream};
use crate::view::CaseView;

/// A case before and after commands were decided, nothing of it recorded yet.
pub(crate) struct Grown {
    /// How many entries it had.
    pub before: u64,
    /// What it would come to.
    pub after: Case,
    /// The new entries.
    pub entries: Vec<Arc<Recorded>>,
    /// Files that count from these entries on.
    pub files: Vec<FinishedFile>,
    /// Where text of the form that asks came from.
    pub pasted: Vec<Pasted>,
}

impl Grown {
    /// A case to which nothing is added yet.
    pub fn from(case: Case) -> Grown {
        Grown {
            before: case.version(),
            after: case,
            entries: Vec::new(),
            files: Vec::new(),
            pasted: Vec::new(),
        }
    }

    /// Adds an entry.
    pub fn push(&mut self, recorded: Arc<Recorded>) {
        self.after.push(recorded.clone());
        self.entries.push(recorded);
    }

    fn change(&mut self) -> Result<Change, DeskError> {
        let entries = self
            .entries
            .iter()
            .map(|recorded| sealed(recorded))
            .collect::<Result<_, _>>()?;
        Ok(Change {
            stream: stream(&self.after.id),
            expected: Some(self.before),
            entries,
            files: std::mem::take(&mut self.files),
        })
    }
}

impl Desk {
    /// Decides commands on a case that was read, and records nothing: to say of a form all that it would be refused for.
    /// Whether the person may ask it is not settled here.
    ///
    /// # Errors
    /// The first refusal.
    pub fn try_out(
        &self,
        actor: &Actor,
        view: &CaseView,
        commands: Vec<Command>,
    ) -> Result<(), DeskError> {
        let mut grown = Grown::from((*view.case).clone());
        for command in commands {
            self.decide(actor, &mut grown, &view.rules, command)?;
        }
        Ok(())
    }

    /// Decides one command and adds what comes of it; nothing is added when it is refused.
    /// Whether the person may ask it was settled before.
    pub(crate) fn decide(
        &self,
        actor: &Actor,
        grown: &mut Grown,
        rules: &Rules,
        command: Command,
    ) -> Result<(), DeskError> {
        let (id, by, now) = (fresh()?, actor.by(), self.inner.clock.now());
        let ctx = Context {
            now,
            today: self.today(),
            by: &by,
            manages: actor.manages(),
            rules,
            fresh: &id,
            seats: &self.seats(),
            authorities: &self.office().authorities(&actor.person.id, self.today()),
        };
        for decided in cases::decide(&grown.after, command, &ctx)? {
            grown.push(Arc::new(Recorded {
                number: grown.after.version() + 1,
                at: now,
                by: by.clone(),
                edition: rules.id.clone(),
                event: decided.event,
                missing: decided.missing,
                imported: None,
                pasted: grown.pasted.clone(),
            }));
        }
        Ok(())
    }

    /// Records what was decided of one or several cases, with anything else that belongs to it and the form that asked for it, in one transaction;
    /// then memory and registers follow.
    pub(crate) async fn record(
        &self,
        permit: access::Permit,
        mut grown: Vec<Grown>,
        also: Option<Change>,
        form: Option<FormDone>,
    ) -> Result<Vec<(Arc<Case>, Vec<Arc<Recorded>>)>, DeskError> {
        let mut changes = Vec::with_capacity(grown.len() + 1);
        for one in &mut grown {
            changes.push(one.change()?);
        }
        changes.extend(also);
        match self.inner.store.append_all(permit, changes, form).await {
            Ok(_) => {}
            Err(error) => {
                // Another process wrote first, or nobody knows: the next look reads the record, not the memory.
                for one in &grown {
                    self.inner.cases.forget(&one.after.id);
                }
                if let StoreError::Unknown { .. } = error {
                    self.read_office_again();
                }
                return Err(match error {
                    StoreError::Conflict { .. } => DeskError::Stale(Vec::new()),
                    other => other.into(),
                });
            }
        }
        let mut kept = Vec::with_capacity(grown.len());
        for one in grown {
            let case = Arc::new(one.after);
            self.keep(&case);
            self.summarise(&case);
            kept.push((case, one.entries));
        }
        Ok(kept)
    }
}
