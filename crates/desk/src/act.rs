//! A change to a case: load, authorise, decide, append in one durable transaction, then tell memory and registers.

use std::sync::Arc;

use access::rules::act_of;
use cases::{Case, Command, Event, Recorded};
use store::{FinishedFile, FormDone, NewEntry};

use crate::actor::Actor;
use crate::decide::Grown;
use crate::error::DeskError;
use crate::load::Desk;
use crate::signatures::refuse_unproved;

/// What a change left behind.
#[derive(Debug, Clone)]
pub struct Acted {
    /// The case as it now stands.
    pub case: Arc<Case>,
    /// The new entries.
    pub entries: Vec<Arc<Recorded>>,
}

/// A form that a change carries out. It is written down as carried out in the transaction of the change itself:
/// after a crash, whoever sends it again is led to what was recorded, or it is carried out now, never both.
#[derive(Clone, Copy)]
pub struct SentForm<'a> {
    /// Its token, which was claimed.
    pub token: &'a str,
    /// The path it leads to, from what the change leaves behind.
    pub leads: &'a (dyn Fn(&Acted) -> String + Send + Sync),
    /// Where text that was pasted into it came from, as far as the browser said.
    pub pasted: &'a [cases::pasted::Pasted],
}

impl std::fmt::Debug for SentForm<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SentForm")
    }
}

impl Desk {
    /// Does what is asked of a case, for no form; see [`Desk::carry_out`].
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
        self.carry_out(actor, id, based_on, knowingly, commands, None)
            .await
    }

    /// Does what is asked of a case.
    /// `based_on` is the version the form was drawn from: when someone has since written the same text, nothing is written
    /// and the newer entries come back, unless `knowingly` says that the person has seen them.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing is written when one is returned.
    pub async fn carry_out(
        &self,
        actor: &Actor,
        id: &str,
        based_on: Option<u64>,
        knowingly: bool,
        commands: Vec<Command>,
        form: Option<SentForm<'_>>,
    ) -> Result<Acted, DeskError> {
        let lock = self.writing(id).await;
        let _alone = lock.lock().await;
        let based_on = based_on.filter(|_| !knowingly);
        let mut case = self.load(id).await?;
        // A mark takes an earlier entry back; a form drawn long ago is compared with everything since.
        let marks = commands.iter().any(|command| {
            matches!(
                command,
                Command::Closing(cases::closing::Event::EntryMarked(_)) | Command::Erasure(_)
            )
        });
        if !case.is_whole() && (marks || based_on.is_some_and(|on| on < case.left_out)) {
            case = self.load_whole(id).await?;
        }
        self.act_with_files(actor, case, based_on, commands, Vec::new(), form)
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
        form: Option<SentForm<'_>>,
    ) -> Result<Acted, DeskError> {
        let mut permit = self.permit(actor, &case, access::Act::ReadCase)?;
        let rules = self.editions().for_step(&case, self.today())?;
        let mut grown = Grown::from((*case).clone());
        grown.files = files;
        grown.pasted = form.map_or_else(Vec::new, |form| form.pasted.to_vec());
        for command in commands {
            permit = self.permit(actor, &case, act_of(&command))?;
            self.refuse_other_agencies(actor, &case, &command)?;
            refuse_unproved(&command)?;
            self.decide(actor, &mut grown, &rules, command)?;
        }
        if let Some(based_on) = based_on {
            let clash = clashes(&case, based_on, &grown.entries);
            if !clash.is_empty() {
                return Err(DeskError::Stale(clash));
            }
        }
        let acted = self.record_one(permit, grown, form).await?;
        if acted.entries.iter().any(|entry| completes(&entry.event)) {
            self.checkpoint_after_decision().await;
        }
        Ok(acted)
    }

    /// Records what was decided of one case.
    pub(crate) async fn record_one(
        &self,
        permit: access::Permit,
        grown: Grown,
        form: Option<SentForm<'_>>,
    ) -> Result<Acted, DeskError> {
        let form = form.map(|form| {
            let acted = Acted {
                case: Arc::new(grown.after.clone()),
                entries: grown.entries.clone(),
            };
            FormDone {
                token: form.token.to_owned(),
                path: (form.leads)(&acted),
            }
        });
        let mut recorded = self.record(permit, vec![grown], None, form).await?;
        let (case, entries) = recorded.pop().ok_or(DeskError::NotThere)?;
        Ok(Acted { case, entries })
    }
}

/// Whether a decision is complete from this event on.
pub(crate) fn completes(event: &Event) -> bool {
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
