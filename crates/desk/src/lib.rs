//! Every use of the product, one file each: load, authorise, decide, append, tell.
//! Web, command line and background jobs all pass through here; nothing else writes.

mod accounts;
mod act;
mod actor;
mod agencies;
mod asked_mail;
mod break_glass;
mod bundle;
mod clock;
mod decide;
mod digest;
mod drafts;
mod editions;
mod elsewhere;
mod erasure;
mod error;
mod exchange;
mod files;
mod hand_over;
mod house;
mod interests;
mod lists;
mod load;
mod mail;
mod mail_send;
mod open_case;
mod paper;
mod people;
mod reads;
mod register;
mod register_kept;
mod same_child;
mod setup;
mod shelf;
mod signatures;
mod story;
mod timed_out;
mod unusual;
mod view;
mod why;
mod witness;

pub use record::passkey::SignedText;

pub use accounts::{
    Answered, Asked, Half, Joining, JustInvited, MOST_ASKED, NewService, NotLetIn, OwnPasskey,
    OwnSession, OwnSignOn, PASSWORD_HINT, Renewing, SentOn, ServiceLine, Session, SetUp, SignIn,
    SignedOn, StepInUse, TOKEN_PREFIX, ToConfirm,
};
pub use act::{Acted, SentForm};
pub use actor::Actor;
pub use bundle::{BundleChecked, BundleFault, MadeBundle, check_bundle_file};
pub use clock::Clock;
pub use drafts::Draft;
pub use editions::{EditionNotice, PartnershipEditions};
pub use elsewhere::Elsewhere;
pub use erasure::{Certified, ErasuresFile, Reapplied};
pub use error::{DeskError, Unsaved};
pub use exchange::Imported;
pub use files::{
    ArrivedFile, ArrivingFile, Examiner, FileKind, FileOut, FilesChecked, Scanner, too_large,
};
pub use hand_over::{HandedOver, NewMember};
pub use house::{House, OwnPartnership};
pub use interests::NameMatch;
pub use lists::{CaseLine, NeedsYou};
pub use load::Desk;
pub use mail::MailLine;
pub use mail_send::{MailServer, Protection};
pub use open_case::NewCase;
pub use paper::{Format, Paper, kind_for};
pub use people::{Invitee, NewPerson};
pub use reads::Reading;
pub use same_child::Possible;
pub use setup::Setup;
pub use signatures::{SignaturesChecked, check_signatures};
pub use store::DatabaseAt;
pub use story::{StoryLine, StoryPage};
pub use timed_out::OverSession;
pub use view::CaseView;
pub use why::SeesIt;
pub use witness::Covered;
