//! The store: the only SQL and the only ciphertext.
//! It seals what it is given, appends it to the record in one durable transaction, and opens it again.
//! Nothing can be appended without a [`access::Permit`], and nothing appended can be changed.
//!
//! Beside the record stand tables that are no part of it: accounts, sessions, drafts, used forms and settings.

mod accounts;
mod append;
mod attempts;
mod backup;
mod checkpoints;
mod condition;
mod database;
mod destroy;
mod drafts;
mod dump;
mod erase;
mod error;
mod evidence;
mod files;
mod forms;
mod grants;
mod homes;
mod invitations;
mod key;
mod keys;
mod lease;
mod meta;
mod outbox;
mod passkeys;
mod place;
mod read;
mod restore;
mod row;
mod seal;
mod second_step;
mod services;
mod sessions;
mod sign_on;
mod store;
mod summaries;
mod transfer;
mod tree;
mod used;
mod verify;
mod writer;

pub use accounts::{Account, NewAccount};
pub use append::{Appended, Change, FormDone, NewEntry};
pub use attempts::Attempts;
pub use backup::BackedUp;
pub use checkpoints::{SignedCheckpoint, log_name};
pub use condition::Condition;
pub use destroy::Destruction;
pub use drafts::Draft;
pub use dump::{
    BackUp, CheckedBackup, Identities, Recipients, Written, back_up, check_backup, dump,
};
pub use erase::{DestroyedKey, Erase, ErasedKeys, vacuum_keys};
pub use error::StoreError;
pub use evidence::{Evidence, Held};
pub use files::{
    DamagedFile, FileReader, FileRow, FileWriter, FilesVerified, FinishedFile, Later, OnShelf,
    Putting, Shelf,
};
pub use forms::Claim;
pub use homes::AccountHome;
pub use invitations::Invitation;
pub use keys::{
    AskPassphrase, KeyShare, KeysStatus, Passphrased, RestoredKey, Rotate, Rotated, Secret,
    ask_passphrase_with, forget_passphrase, give_passphrase, restore_master_key,
    rotate as rotate_keys, set_passphrase,
};
pub use outbox::{KeptMail, NewMail};
pub use passkeys::{KeptPasskey, PasskeyAsked};
pub use place::DatabaseAt;
pub use read::{Head, StreamHead};
pub use restore::{Restore, Restored, restore, restore_as};
pub use row::{Content, Opened};
pub use second_step::{HalfSignedIn, SecondStep};
pub use services::ServiceToken;
pub use sessions::{NewSession, Session};
pub use sign_on::SignOnLink;
pub use store::{Store, upgrade};
pub use summaries::KeptSummary;
pub use transfer::{Copied, TableSum};
pub use tree::TreeHead;
