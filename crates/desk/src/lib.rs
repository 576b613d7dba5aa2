//! Every use of the product, one file each: load, authorise, decide, append, tell.
//! Web, command line and background jobs all pass through here; nothing else writes.

mod accounts;
mod act;
mod actor;
mod clock;
mod decide;
mod drafts;
mod editions;
mod error;
mod exchange;
mod files;
mod hand_over;
mod load;
mod open_case;
mod paper;
mod people;
mod reads;
mod register;
mod same_child;
mod setup;
mod shelf;
mod story;
mod view;
mod witness;

pub use accounts::{Session, SignIn};
pub use act::Acted;
pub use actor::Actor;
pub use clock::Clock;
pub use drafts::Draft;
pub use editions::{EditionNotice, PartnershipEditions};
pub use error::{DeskError, Unsaved};
pub use exchange::Imported;
pub use files::{ArrivedFile, ArrivingFile, FileKind, FileOut, FilesChecked, too_large};
pub use hand_over::HandedOver;
pub use load::Desk;
pub use open_case::NewCase;
pub use paper::{Format, Paper, kind_for};
pub use people::NewPerson;
pub use reads::Reading;
pub use register::{CaseLine, NeedsYou};
pub use same_child::Possible;
pub use setup::Setup;
pub use store::DatabaseAt;
pub use story::{StoryLine, StoryPage};
pub use view::CaseView;
