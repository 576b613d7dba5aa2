//! What can go wrong between a person's wish and the record, sorted by what the page has to say.

use std::sync::Arc;

use access::Denied;
use cases::{Recorded, Refusal};

/// The desk's no.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Not there, or not theirs to know of: the page says the same for both.
    #[error("there is no such page, or it is not yours to see")]
    NotThere,
    /// They may not do this.
    #[error(transparent)]
    Denied(Denied),
    /// The domain's no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Someone else wrote the same text since this form was drawn.
    #[error("someone else changed this since you opened the page")]
    Stale(Vec<Arc<Recorded>>),
    /// Signing in failed; the same words for every reason.
    #[error("the e-mail address or the password is not right")]
    NotSignedIn,
    /// Another server that is needed for it does not answer as it should.
    #[error(
        "the organisation\u{2019}s sign-in cannot be reached at the moment: try again in a few minutes"
    )]
    Elsewhere,
    /// Too many failed attempts.
    #[error("too many attempts to sign in: try again in {0} minutes")]
    TooManyAttempts(u64),
    /// The form was sent twice; the first answer stands.
    #[error("this form was already sent")]
    AlreadySent(String),
    /// A field of a form outside a case is wrong.
    #[error("{message}")]
    Field {
        /// The field.
        field: String,
        /// What to do.
        message: String,
    },
    /// The store failed.
    #[error("the record could not be written or read")]
    Store(#[from] store::StoreError),
    /// The guidance failed.
    #[error("the guidance could not be read")]
    Guidance(#[from] guidance::GuidanceError),
    /// An entry of the record could not be understood.
    #[error("entry {position} of the record could not be read: {why}")]
    Entry {
        /// Its position in the log.
        position: u64,
        /// Why.
        why: String,
    },
    /// Papers could not be made.
    #[error("the document could not be made")]
    Papers(#[from] papers::PapersError),
    /// Something else failed.
    #[error("{0}")]
    Other(String),
}

impl From<Denied> for DeskError {
    fn from(denied: Denied) -> DeskError {
        match denied {
            Denied::NotThere => DeskError::NotThere,
            other => DeskError::Denied(other),
        }
    }
}

/// Why something could not be saved that was otherwise right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsaved {
    /// The disk is full.
    NoRoom,
    /// The database cannot be reached at the moment.
    Away,
    /// The store has stopped writing until it is opened again.
    Stopped,
    /// It is not known whether it was saved.
    Unknown,
}

impl DeskError {
    /// Why it could not be saved, when that lies with the server and not with what was asked.
    pub fn unsaved(&self) -> Option<Unsaved> {
        use store::StoreError as E;
        let DeskError::Store(error) = self else {
            return None;
        };
        Some(match error {
            E::NoSpace { .. } => Unsaved::NoRoom,
            E::File { source, .. }
                if matches!(
                    source.kind(),
                    std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
                ) =>
            {
                Unsaved::NoRoom
            }
            E::Unavailable { .. } => Unsaved::Away,
            E::Unknown { .. } => Unsaved::Unknown,
            E::Disk { .. } | E::Halted(_) | E::Superseded | E::Closed => Unsaved::Stopped,
            _ => return None,
        })
    }

    /// One field to correct.
    pub fn field(field: &str, message: &str) -> DeskError {
        DeskError::Field {
            field: field.into(),
            message: message.into(),
        }
    }
}
