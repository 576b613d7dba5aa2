//! Words that arrive after the session they were typed in has ended: whose they are, and who else may be given them.
//! They belong to whoever typed them; where that is not known, only someone who may act in the case is shown them.

use std::collections::BTreeMap;

use access::Act;
use jiff::Timestamp;

use crate::accounts::id_of;
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::Desk;

/// The acts by which someone changes a case, each of which has forms.
const CHANGES: [Act; 12] = [
    Act::RecordFacts,
    Act::KeepDocuments,
    Act::DecideInterest,
    Act::WriteFinding,
    Act::WriteDecision,
    Act::SignForPartner,
    Act::RecordForOthers,
    Act::RecordFamily,
    Act::ReleaseLetters,
    Act::ManageMembers,
    Act::ManageCase,
    Act::MarkInError,
];

/// A session that signs no one in any more.
#[derive(Debug, Clone)]
pub struct OverSession {
    /// Whose it was.
    pub person: String,
    /// The secret from which its form tokens were made.
    pub csrf: Vec<u8>,
    /// True when it was not used for too long or lasted its longest; false when someone ended it, as with a new password:
    /// then nothing is written for its person before they sign in again.
    pub timed_out: bool,
    /// A name for it that signs no one in.
    pub name: String,
}

impl Desk {
    /// The session behind a cookie that signs no one in any more, or `None` when there never was one, or it was long ago.
    ///
    /// # Errors
    /// The store failed.
    pub async fn over_session(&self, secret: &str) -> Result<Option<OverSession>, DeskError> {
        let id = id_of(secret);
        let Some(session) = self.inner.store.session(&id).await? else {
            return Ok(None);
        };
        let Some(account) = self.inner.store.account(&session.account).await? else {
            return Ok(None);
        };
        Ok(Some(OverSession {
            person: account.person,
            csrf: session.csrf_secret,
            timed_out: session.ended.is_none() && !account.disabled,
            name: id.iter().map(|byte| format!("{byte:02x}")).collect(),
        }))
    }

    /// Whose a session was, by the name that [`OverSession`] gives it.
    ///
    /// # Errors
    /// The store failed.
    pub async fn person_of_session(&self, name: &str) -> Result<Option<String>, DeskError> {
        let byte = |at: usize| {
            name.get(at..at + 2)
                .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        };
        let mut id = [0u8; 32];
        for (at, place) in id.iter_mut().enumerate() {
            match byte(at * 2) {
                Some(value) => *place = value,
                None => return Ok(None),
            }
        }
        let Some(session) = self.inner.store.session(&id).await? else {
            return Ok(None);
        };
        let account = self.inner.store.account(&session.account).await?;
        Ok(account.map(|account| account.person))
    }

    /// Keeps as a draft what someone typed in a session that timed out, for them and no one else.
    ///
    /// # Errors
    /// The store failed.
    pub async fn keep_for(
        &self,
        over: &OverSession,
        page: &str,
        based_on: Option<u64>,
        values: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), DeskError> {
        let value = serde_json::to_value(values).map_err(|e| DeskError::Other(e.to_string()))?;
        Ok(self
            .inner
            .store
            .put_draft(&over.person, page, based_on, &value, Timestamp::now())
            .await?)
    }

    /// Whether a person may change something in the case with this id; no for a case that is not there.
    ///
    /// # Errors
    /// The store failed.
    pub async fn may_act_in(&self, actor: &Actor, id: &str) -> Result<bool, DeskError> {
        match self.load(id).await {
            Ok(case) => Ok(CHANGES
                .into_iter()
                .any(|act| self.permit(actor, &case, act).is_ok())),
            Err(DeskError::NotThere) => Ok(false),
            Err(other) => Err(other),
        }
    }
}
