//! What someone typed and did not yet save: kept encrypted, given back after a time-out or a refusal.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::Desk;

/// How often a form is looked for that is just being carried out, and how long between: two seconds in all.
const LOOKS: u32 = 40;
const BETWEEN: Duration = Duration::from_millis(50);

/// A draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// The page it was typed on.
    pub page: String,
    /// The version of the case the page was drawn from.
    pub based_on: Option<u64>,
    /// What was typed, by field.
    pub values: BTreeMap<String, Vec<String>>,
    /// When it was kept, in England's local time.
    pub saved: jiff::Zoned,
    /// True when it was handed over by someone else.
    pub handed_over: bool,
}

impl Desk {
    fn draft_of(&self, draft: store::Draft) -> Draft {
        Draft {
            values: serde_json::from_value(draft.values).unwrap_or_default(),
            saved: self.inner.clock.local(draft.saved_at),
            id: draft.id,
            page: draft.page,
            based_on: draft.based_on,
            handed_over: draft.handed_from.is_some(),
        }
    }

    /// Keeps what was typed on a page.
    ///
    /// # Errors
    /// The store failed.
    pub async fn keep_draft(
        &self,
        actor: &Actor,
        page: &str,
        based_on: Option<u64>,
        values: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), DeskError> {
        let value = serde_json::to_value(values).map_err(|e| DeskError::Other(e.to_string()))?;
        Ok(self
            .inner
            .store
            .put_draft(&actor.person.id, page, based_on, &value, Timestamp::now())
            .await?)
    }

    /// Whether the case of a page can still be read by whoever typed there: what a person who was barred or stepped back
    /// once typed stays kept, and is not listed.
    fn still_theirs(&self, actor: &Actor, page: &str) -> bool {
        let case = page
            .strip_prefix("/cases/")
            .and_then(|rest| rest.split('/').next());
        let Some(case) = case else {
            return true;
        };
        let Ok(register) = self.inner.register.read() else {
            return true;
        };
        register
            .get(case)
            .is_none_or(|s| self.may_in(actor, s, access::Act::ReadCase))
    }

    /// The draft of a page.
    ///
    /// # Errors
    /// The store failed.
    pub async fn draft(&self, actor: &Actor, page: &str) -> Result<Option<Draft>, DeskError> {
        Ok(self
            .inner
            .store
            .draft(&actor.person.id, page)
            .await?
            .map(|d| self.draft_of(d)))
    }

    /// All drafts of a person, newest first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn drafts(&self, actor: &Actor) -> Result<Vec<Draft>, DeskError> {
        Ok(self
            .inner
            .store
            .drafts(&actor.person.id)
            .await?
            .into_iter()
            .filter(|d| self.still_theirs(actor, &d.page))
            .map(|d| self.draft_of(d))
            .collect())
    }

    /// Drops the draft of a page, because it was saved or its owner no longer wants it.
    ///
    /// # Errors
    /// The store failed.
    pub async fn drop_draft(&self, actor: &Actor, page: &str) -> Result<(), DeskError> {
        if let Some(draft) = self.inner.store.draft(&actor.person.id, page).await? {
            self.inner
                .store
                .delete_draft(&actor.person.id, &draft.id)
                .await?;
        }
        Ok(())
    }

    /// Claims a form's token, so that a form sent twice is done once. While the first sending is under way the second waits
    /// a little for how it ends, so that both get the same answer.
    ///
    /// # Errors
    /// [`DeskError::AlreadySent`] with where the first sending led, empty while it is still under way.
    pub async fn claim(&self, token: &str) -> Result<(), DeskError> {
        for _ in 0..LOOKS {
            match self.inner.store.claim(token, Timestamp::now()).await? {
                store::Claim::Yours => return Ok(()),
                store::Claim::Done(path) => return Err(DeskError::AlreadySent(path)),
                store::Claim::Underway => tokio::time::sleep(BETWEEN).await,
            }
        }
        Err(DeskError::AlreadySent(String::new()))
    }

    /// Gives a claim back, because the form was refused and may be sent again.
    ///
    /// # Errors
    /// The store failed.
    pub async fn release(&self, token: &str) -> Result<(), DeskError> {
        Ok(self.inner.store.release_form(token).await?)
    }

    /// Gives a claim back after a failure, also when it is not known whether the change was recorded: that a form was carried out
    /// is written with the change itself, and a form that was carried out is not given back. When even this fails, the claim
    /// stays, which is the safe side; the store gives it back when the form is sent again, or when it is opened.
    pub async fn let_go(&self, token: &str) {
        if let Err(left) = self.release(token).await {
            tracing::warn!(error = %left, "a form that was not carried out could not be given back");
        }
    }

    /// What is done after something was recorded, such as a notice for the next page: a failure of it is logged and no more,
    /// because the page must not say that nothing was recorded.
    pub fn afterwards<T>(&self, done: Result<T, DeskError>) {
        if let Err(error) = done {
            tracing::warn!(%error, "what follows a recorded change could not be done");
        }
    }

    /// A fresh token for a form.
    ///
    /// # Errors
    /// The system gave no random numbers.
    pub fn token(&self) -> Result<String, DeskError> {
        crate::load::fresh()
    }
}
