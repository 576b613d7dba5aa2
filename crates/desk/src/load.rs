//! The desk itself: the store, the editions, the people, and the cases as folds kept in memory.
//! Cases are loaded on first use; the least recently used are dropped when there are too many.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

use access::office::{Office, OfficeEvent};
use access::{Act, Admission, Denied, Permit, Standing, Way};
use calendar::{Date, Holidays};
use cases::context::NamedSeat;
use cases::{Case, Editions, Recorded};
use guidance::{Library, Settings};
use store::{Content, Opened, Store};

use crate::actor::Actor;
use crate::clock::Clock;
use crate::editions::PartnershipEditions;
use crate::error::DeskError;
use crate::register::Summary;
use crate::shelf::Shelf;
use crate::view::CaseView;

/// The stream of the partnership's own events.
pub(crate) const OFFICE: &str = "office";
/// How many folded cases are kept with only their newest entries.
const RESTED: usize = 5_000;
/// How many are kept with their whole story.
const WHOLE: usize = 40;

/// The clocks of a case with what they were worked out from: version, day, rules.
pub(crate) type KeptClocks = ((u64, Date, usize), Arc<Vec<cases::Clock>>);

pub(crate) struct Inner {
    pub store: Store,
    pub clock: Clock,
    pub editions: RwLock<Arc<PartnershipEditions>>,
    pub office: RwLock<Arc<Office>>,
    /// What each case has come to, with its newest entries.
    pub cases: Shelf,
    /// Cases with their whole story; one here may be behind the one above.
    pub stories: Shelf,
    pub register: RwLock<HashMap<String, Arc<Summary>>>,
    /// Cases whose summary is not yet kept as it is in the register.
    pub changed: Mutex<HashSet<String>>,
    /// Settings or holidays changed: every summary of an open case is to be made again.
    pub all_stale: AtomicBool,
    pub writing: tokio::sync::Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    pub office_writing: tokio::sync::Mutex<()>,
    pub reads: crate::reads::Reads,
    pub days: crate::unusual::Days,
    pub clocks: RwLock<HashMap<String, KeptClocks>>,
    pub sessions: RwLock<HashMap<[u8; 32], crate::accounts::Kept>>,
    /// What files are shown to before they are added, if that was said.
    pub scanner: std::sync::OnceLock<crate::files::Scanner>,
    /// Who looks into files before they are added, if that was said.
    pub examiner: std::sync::OnceLock<crate::files::Examiner>,
    /// Where mails go, if that was said.
    pub mail: std::sync::OnceLock<crate::mail_send::MailServer>,
    /// One sender at a time, with the mails that were taken and could not be marked as sent.
    pub mailing: tokio::sync::Mutex<HashSet<String>>,
    /// The mails to agencies that were queued since the start.
    pub queued: Mutex<HashSet<String>>,
    /// How often each service account has asked in the minute under way.
    pub asked_often: crate::accounts::AskedOften,
    /// The partnerships of the same program, if there are others.
    pub house: std::sync::OnceLock<std::sync::Weak<crate::house::House>>,
    /// The organisations at which people sign on, if any were named.
    pub sign_on: std::sync::OnceLock<crate::accounts::SignOn>,
    /// The site that passkeys belong to, if its address was said.
    pub site: std::sync::OnceLock<crate::accounts::Site>,
}

/// Every use of the product starts here; cheap to clone.
#[derive(Clone)]
pub struct Desk {
    pub(crate) inner: Arc<Inner>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl Desk {
    /// Opens a data folder and replays the record into the registers.
    ///
    /// # Errors
    /// The folder, the record or the settings cannot be read.
    pub async fn open(dir: &Path, clock: Clock) -> Result<Desk, DeskError> {
        Desk::over(Store::open(dir).await?, clock).await
    }

    pub(crate) async fn over(store: Store, clock: Clock) -> Result<Desk, DeskError> {
        let mut office = Office::default();
        for opened in store.stream(OFFICE, 0).await? {
            office.apply(&read_office(&opened)?);
        }
        let library = Library::embedded()?;
        let settings = settings_of(&office)?;
        let holidays = match store.meta("holidays").await? {
            Some(text) => {
                Holidays::from_json(&text).map_err(|e| DeskError::Other(e.to_string()))?
            }
            None => Holidays::embedded().clone(),
        };
        let editions = PartnershipEditions::new(library, Arc::new(settings), Arc::new(holidays));
        let desk = Desk {
            inner: Arc::new(Inner {
                store,
                clock,
                editions: RwLock::new(Arc::new(editions)),
                office: RwLock::new(Arc::new(office)),
                cases: Shelf::new(RESTED),
                stories: Shelf::new(WHOLE),
                register: RwLock::default(),
                changed: Mutex::default(),
                all_stale: AtomicBool::new(false),
                writing: tokio::sync::Mutex::default(),
                office_writing: tokio::sync::Mutex::default(),
                reads: crate::reads::Reads::default(),
                clocks: RwLock::default(),
                sessions: RwLock::default(),
                scanner: std::sync::OnceLock::new(),
                sign_on: std::sync::OnceLock::new(),
                examiner: std::sync::OnceLock::new(),
                house: std::sync::OnceLock::new(),
                asked_often: crate::accounts::AskedOften::default(),
                mail: std::sync::OnceLock::new(),
                days: crate::unusual::Days::default(),
                mailing: tokio::sync::Mutex::default(),
                queued: Mutex::default(),
                site: std::sync::OnceLock::new(),
            }),
        };
        desk.finish_erasures().await?;
        desk.fill_register().await?;
        Ok(desk)
    }

    /// The editions as they stand.
    pub fn editions(&self) -> Arc<PartnershipEditions> {
        self.inner
            .editions
            .read()
            .map_or_else(|e| e.into_inner().clone(), |e| e.clone())
    }

    /// The people as they stand.
    pub fn office(&self) -> Arc<Office> {
        self.inner
            .office
            .read()
            .map_or_else(|e| e.into_inner().clone(), |o| o.clone())
    }

    /// The partnership's settings.
    pub fn settings(&self) -> Arc<Settings> {
        self.editions().settings().clone()
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Today in England.
    pub fn today(&self) -> Date {
        self.inner.clock.today()
    }

    /// The seats of the safeguarding partners with their names.
    pub fn seats(&self) -> Vec<NamedSeat> {
        self.editions().seats(self.today())
    }

    /// The case with this id, folded; from memory when it is there. Only its newest entries need be at hand.
    pub(crate) async fn load(&self, id: &str) -> Result<Arc<Case>, DeskError> {
        self.not_erased(id)?;
        match self.inner.cases.get(id) {
            Some(case) => Ok(case),
            None => self.read_whole(id).await,
        }
    }

    /// The case with its whole story.
    pub(crate) async fn load_whole(&self, id: &str) -> Result<Arc<Case>, DeskError> {
        self.not_erased(id)?;
        if let Some(case) = self.inner.stories.get(id) {
            let newest = self.inner.cases.get(id);
            if newest.is_some_and(|newest| newest.version() == case.version()) {
                return Ok(case);
            }
        }
        let case = self.read_whole(id).await?;
        self.inner.stories.put(case.clone());
        Ok(case)
    }

    /// A case that was erased as a whole is not there, for anyone.
    fn not_erased(&self, id: &str) -> Result<(), DeskError> {
        match self.office().erased(id) {
            Some(_) => Err(DeskError::NotThere),
            None => Ok(()),
        }
    }

    async fn read_whole(&self, id: &str) -> Result<Arc<Case>, DeskError> {
        let opened = self.inner.store.stream(&stream(id), 0).await?;
        if opened.is_empty() {
            return Err(DeskError::NotThere);
        }
        let mut story = Vec::with_capacity(opened.len());
        for one in &opened {
            story.extend(read_case(one)?.map(Arc::new));
        }
        let case = Arc::new(Case::fold(id, story));
        self.inner.cases.put(Arc::new(case.rested()));
        Ok(case)
    }

    /// Keeps what a case has come to after a change.
    pub(crate) fn keep(&self, case: &Case) {
        self.inner.cases.put(Arc::new(case.rested()));
    }

    /// One writer per case at a time in this process; the store's numbering holds across processes.
    pub(crate) async fn writing(&self, id: &str) -> Arc<tokio::sync::Mutex<()>> {
        self.inner
            .writing
            .lock()
            .await
            .entry(id.to_owned())
            .or_default()
            .clone()
    }

    /// How a person stands to a case at this moment.
    pub(crate) fn standing(&self, actor: &Actor, case: &Case) -> Standing {
        self.stands(actor, &Admission::of(case))
    }

    /// The same from what a list keeps of the case.
    pub(crate) fn stands(&self, actor: &Actor, admission: &Admission) -> Standing {
        let person = &actor.person;
        let office = self.office();
        let covers = office.covers(&person.id, self.today());
        let standing =
            admission.standing(&person.id, &covers, self.inner.clock.now(), self.today());
        let standing = match standing.way {
            Way::Member(_) if !admission.still_answers(person) => Standing {
                way: Way::Stranger,
                ..standing
            },
            _ => standing,
        };
        let owner = office.services.get(&person.id).map(|s| s.owner.as_str());
        let standing = match owner {
            Some(owner) => standing.answered_for(admission.standing(
                owner,
                &[],
                self.inner.clock.now(),
                self.today(),
            )),
            None => standing,
        };
        let settings = self.settings();
        let decide = &settings.access.interests_decided_by;
        Standing {
            may_decide: decide.iter().any(|r| r.as_str() == person.role.id()),
            ..standing
        }
    }

    /// A permit for an act in a case, or the named no.
    pub(crate) fn permit(&self, actor: &Actor, case: &Case, act: Act) -> Result<Permit, DeskError> {
        let standing = self.standing(actor, case);
        Ok(access::permit(&actor.person, act, standing)?)
    }

    /// Whether a person may do something in a case they are looking at, for pages that show or leave out a link;
    /// also of a past day with what they may do today.
    pub fn may(&self, actor: &Actor, view: &CaseView, act: Act) -> bool {
        self.permitted(actor, view, act).is_ok()
    }

    /// The rule by which a person may do something in a case they are looking at.
    ///
    /// # Errors
    /// The named no.
    pub fn permitted(
        &self,
        actor: &Actor,
        view: &CaseView,
        act: Act,
    ) -> Result<&'static str, Denied> {
        access::permit(&actor.person, act, view.standing).map(|permit| permit.rule())
    }

    /// The id of the case with this reference, also an old one or one that was closed as a duplicate.
    pub fn find_reference(&self, reference: &str) -> Option<String> {
        let register = self.inner.register.read().ok()?;
        let found = register
            .values()
            .find(|s| s.reference.eq_ignore_ascii_case(reference));
        // A reference of today goes before the same words as an old one of another case.
        let old = || {
            register.values().find(|s| {
                s.old_reference
                    .as_deref()
                    .is_some_and(|o| o.eq_ignore_ascii_case(reference))
            })
        };
        found.or_else(old).map(|s| s.id.clone())
    }
}

/// The stream of a case.
pub(crate) fn stream(id: &str) -> String {
    format!("case/{id}")
}

/// Where an entry could not be read, and in which way. The words of the error itself may repeat content, and this one is logged.
pub(crate) fn unread(error: &serde_json::Error) -> String {
    let kind = match error.classify() {
        serde_json::error::Category::Io => "it could not be read to its end",
        serde_json::error::Category::Syntax => "it is not JSON",
        serde_json::error::Category::Data => "a part of it is not as expected",
        serde_json::error::Category::Eof => "it ends too early",
    };
    format!("{kind} (line {}, column {})", error.line(), error.column())
}

/// An entry of a case as it was recorded; `None` when its content was destroyed.
pub(crate) fn read_case(opened: &Opened) -> Result<Option<Recorded>, DeskError> {
    let Content::Clear(bytes) = &opened.content else {
        return Ok(None);
    };
    let wrong = |why: String| DeskError::Entry {
        position: opened.position,
        why,
    };
    let mut recorded: Recorded = if opened.version == cases::event::EVENT_VERSION {
        serde_json::from_slice(bytes).map_err(|e| wrong(unread(&e)))?
    } else {
        let value = serde_json::from_slice(bytes).map_err(|e| wrong(unread(&e)))?;
        let value = cases::event::upcast(opened.version, value).map_err(wrong)?;
        serde_json::from_value(value).map_err(|e| wrong(unread(&e)))?
    };
    recorded.number = opened.number;
    Ok(Some(recorded))
}

pub(crate) fn read_office(opened: &Opened) -> Result<OfficeEvent, DeskError> {
    let wrong = |why: String| DeskError::Entry {
        position: opened.position,
        why,
    };
    match &opened.content {
        Content::Clear(bytes) => serde_json::from_slice(bytes).map_err(|e| wrong(unread(&e))),
        Content::Destroyed => Err(wrong("its content was destroyed".into())),
    }
}

pub(crate) fn settings_of(office: &Office) -> Result<Settings, DeskError> {
    Settings::parse("settings", &office.settings).map_err(|wrong| {
        DeskError::Other(
            wrong
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; "),
        )
    })
}

/// A fresh id: 80 random bits in lower-case letters and digits.
pub(crate) fn fresh() -> Result<String, DeskError> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|e| DeskError::Other(format!("the system gave no random numbers: {e}")))?;
    Ok(bytes
        .iter()
        .map(|b| char::from(LETTERS[usize::from(b & 31)]))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_of_an_entry_that_cannot_be_read_repeats_none_of_its_words() {
        for content in [
            r#"{"at":"Child A of Larch Row"}"#,
            r#""Larch Row""#,
            "Larch Row",
        ] {
            let error = serde_json::from_str::<Recorded>(content).err();
            assert!(error.is_some_and(|e| !unread(&e).contains("Larch")));
        }
    }
}
