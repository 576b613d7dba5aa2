//! Signing in and out: sessions in the database, equal answers for known and unknown addresses.
//! Signing in has two steps: the password here, then [`second_step`].

mod asking;
mod attempts;
mod joining;
mod passkeys;
mod passwords;
mod renewal;
mod second_step;
mod services;
mod sign_on;
mod unused;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use access::Person;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::{NewAccount, NewSession};

pub(crate) use asking::AskedOften;
pub use asking::{MOST_ASKED, NotLetIn};
pub(crate) use joining::ToInvited;
pub use joining::{Joining, JustInvited};
pub(crate) use passkeys::Site;
pub use passkeys::{Answered, Asked, OwnPasskey};
pub use passwords::PASSWORD_HINT;
pub(crate) use passwords::check_password;
pub use renewal::Renewing;
pub(crate) use renewal::ToRenew;
pub use second_step::{Half, SetUp, StepInUse};
pub use services::{NewService, ServiceLine, TOKEN_PREFIX};
pub(crate) use sign_on::SignOn;
pub use sign_on::{OwnSignOn, SentOn, SignedOn};
pub use unused::ToConfirm;
pub(crate) use unused::ToldRestored;

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};
use attempts::Tried;
use passwords::{hash, matches};

/// A session may last this long however much it is used.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// An account has at most this many sessions; beyond it the one that was unused longest ends.
const MOST_SESSIONS: usize = 20;
/// Signing again asks for the password again after this.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// What a browser holds and the server knows.
#[derive(Debug)]
pub(crate) struct Kept {
    session: store::Session,
    person: String,
    /// Where the password of the account is kept, when that is elsewhere.
    home: Option<store::AccountHome>,
    seen_written: AtomicI64,
    /// Whether a sentence may wait in the database; true at first, as it may have been put before a restart.
    noticed: AtomicBool,
}

/// A session that has just begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The secret for the cookie; only its hash is stored.
    pub secret: String,
    /// The person.
    pub person: Person,
}

/// A signed-in request.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub actor: Actor,
    /// The hash of the cookie's secret.
    pub id: [u8; 32],
    /// The secret from which form tokens are made.
    pub csrf: Vec<u8>,
    /// When the session ends if it is not used.
    pub idle_minutes: u16,
}

/// A session of one's own, as its page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// What it is called in forms; nothing can be opened with it.
    pub name: String,
    /// True for the one that asks.
    pub this: bool,
    /// When it began (UTC).
    pub since: Timestamp,
    /// When it was last used (UTC), to the minute.
    pub last_used: Timestamp,
}

/// A session's name: part of the hash of its hash.
fn name_of(id: &[u8; 32]) -> String {
    let hash = Sha256::digest(id);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What a password must not be made of.
fn known_of(person: &Person) -> Vec<&str> {
    let words = person.name.split_whitespace();
    words
        .chain([person.name.as_str(), person.email.as_str()])
        .chain(person.email.split('@'))
        .collect()
}

/// A hash of nothing anyone types, so that an unknown address takes as long as a wrong password.
static NOBODY: LazyLock<tokio::sync::OnceCell<String>> = LazyLock::new(tokio::sync::OnceCell::new);

pub(crate) fn id_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

impl Desk {
    pub(crate) async fn create_account(
        &self,
        person: &Person,
        password: &str,
    ) -> Result<(), DeskError> {
        check_password(password, &known_of(person))?;
        let password_hash = hash(password.to_owned()).await?;
        let new = NewAccount {
            id: person.id.clone(),
            email: person.email.clone(),
            password_hash,
            person: person.id.clone(),
        };
        Ok(self.inner.store.create_account(new).await?)
    }

    pub(crate) async fn end_account(&self, person: &str) -> Result<(), DeskError> {
        let now = self.inner.clock.now();
        self.inner.store.drop_invitation(person).await?;
        self.inner.store.end_service_tokens(person, None).await?;
        match self.inner.store.end_account(person, now).await {
            // Whoever was invited and has not joined has none.
            Ok(()) | Err(store::StoreError::NoSuchAccount(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.forget_sessions_of(person, None);
        self.end_elsewhere(person).await
    }

    /// The first step of signing in: address and password. Times are real even when the clock of the cases is set by hand.
    /// `network` is where the request came from.
    ///
    /// # Errors
    /// The same words whether the address is unknown or the password wrong; too many attempts.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        network: &str,
    ) -> Result<Half, DeskError> {
        let now = Timestamp::now();
        let tried = Tried::new(email, network);
        self.may_try(&tried, now).await?;
        let account = self.inner.store.account_by_email(email.trim()).await?;
        let keeper = match &account {
            Some(account) => self.keeper(account).await?,
            None => None,
        };
        // An account that another partnership keeps is counted there too, so that two doors give no more tries than one.
        let elsewhere = keeper.as_ref().filter(|k| !self.is(&k.desk));
        if let Some(keeper) = elsewhere {
            keeper.desk.may_try(&tried, now).await?;
        }
        let kept = match &keeper {
            Some(keeper) => keeper.account.password_hash.clone(),
            None => {
                let nobody = NOBODY.get_or_try_init(|| hash("nobody types this".into()));
                nobody.await?.clone()
            }
        };
        let right = matches(password.to_owned(), kept).await;
        let account = account.filter(|account| {
            right
                && keeper.is_some()
                && !account.disabled
                && self.office().person(&account.person).is_some()
        });
        let Some(account) = account else {
            if let Some(keeper) = elsewhere {
                keeper.desk.tried_and_failed(&tried, now).await?;
            }
            self.tried_and_failed(&tried, now).await?;
            return Err(DeskError::NotSignedIn);
        };
        if self.office().locked.contains(&account.person) {
            return Err(self.locked_words());
        }
        self.half_signed_in(&account.id, now).await
    }

    /// Begins the session of someone who has done both steps.
    async fn begin_session(
        &self,
        account: &store::Account,
        now: Timestamp,
    ) -> Result<SignIn, DeskError> {
        let person = self.office().person(&account.person).cloned();
        let person = person.ok_or(DeskError::NotSignedIn)?;
        if self.office().locked.contains(&person.id) {
            return Err(self.locked_words());
        }
        self.joined(&person.id).await?;
        let used = self.inner.clock.now();
        self.inner.store.account_used(&account.id, used).await?;
        if let Some(keeper) = self.keeper(account).await?.filter(|k| !self.is(&k.desk)) {
            let store = &keeper.desk.inner.store;
            store.account_used(&keeper.account.id, used).await?;
        }
        // The newest go on: somebody at a new machine is not shut out by those they left behind.
        let open = self.inner.store.sessions_of(&account.id).await?;
        for old in open.iter().skip(MOST_SESSIONS - 1) {
            self.inner.store.end_session(&old.id_hash, now).await?;
            self.forget_session(&old.id_hash);
        }
        let secret = format!("{}{}{}", fresh()?, fresh()?, fresh()?);
        let mut csrf_secret = vec![0u8; 32];
        getrandom::fill(&mut csrf_secret).map_err(|e| DeskError::Other(e.to_string()))?;
        self.inner
            .store
            .begin_session(NewSession {
                id_hash: id_of(&secret),
                account: account.id.clone(),
                created: now,
                csrf_secret,
            })
            .await?;
        Ok(SignIn { secret, person })
    }

    /// The session behind a cookie, while it is not idle too long, ended, or of someone who left.
    ///
    /// # Errors
    /// The store failed.
    pub async fn session(&self, secret: &str) -> Result<Option<Session>, DeskError> {
        let id = id_of(secret);
        let now = Timestamp::now();
        let idle = SignedDuration::from_mins(i64::from(self.settings().session_minutes.max(5)));
        if self
            .inner
            .sessions
            .read()
            .map(|s| !s.contains_key(&id))
            .unwrap_or(true)
        {
            let Some(session) = self.inner.store.session(&id).await? else {
                return Ok(None);
            };
            let Some(account) = self.inner.store.account(&session.account).await? else {
                return Ok(None);
            };
            if account.disabled {
                return Ok(None);
            }
            let home = self.inner.store.account_home(&account.id).await?;
            let seen_written = AtomicI64::new(session.last_seen.as_second());
            if let Ok(mut sessions) = self.inner.sessions.write() {
                if sessions.len() > 20_000 {
                    sessions.clear();
                }
                sessions.insert(
                    id,
                    Kept {
                        session,
                        person: account.person,
                        home,
                        seen_written,
                        noticed: AtomicBool::new(true),
                    },
                );
            }
        }
        let (session, person, home, last) = {
            let Ok(sessions) = self.inner.sessions.read() else {
                return Ok(None);
            };
            let Some(kept) = sessions.get(&id) else {
                return Ok(None);
            };
            let last = kept.seen_written.load(Ordering::Relaxed);
            (
                kept.session.clone(),
                kept.person.clone(),
                kept.home.clone(),
                last,
            )
        };
        let unused = now.as_second().saturating_sub(last);
        if session.ended.is_some()
            || unused > idle.as_secs()
            || now.duration_since(session.created) > LONGEST
            || !self.still_held(home.as_ref())
        {
            return Ok(None);
        }
        if unused >= 60 {
            // When nothing can be written, the session goes on from memory, and ends at the latest when it would have ended unused.
            if let Err(error) = self.inner.store.session_seen(&id, now).await {
                tracing::warn!(%error, "the use of a session could not be written down");
            } else if let Ok(sessions) = self.inner.sessions.read()
                && let Some(kept) = sessions.get(&id)
            {
                kept.seen_written.store(now.as_second(), Ordering::Relaxed);
            }
        }
        let office = self.office();
        let Some(person) = (office.person(&person)).filter(|p| !office.locked.contains(&p.id))
        else {
            return Ok(None);
        };
        let actor = Actor {
            person: person.clone(),
            part: self.part_words(person),
            names: session.names_shown,
        };
        Ok(Some(Session {
            actor,
            id,
            csrf: session.csrf_secret.clone(),
            idle_minutes: self.settings().session_minutes,
        }))
    }

    /// Forgets sessions, tokens of forms and failed attempts of so long ago that nothing rests on them.
    ///
    /// # Errors
    /// The store failed.
    pub async fn forget_old(&self) -> Result<(), DeskError> {
        let now = Timestamp::now();
        let ago = |days: i64| {
            let by = SignedDuration::from_hours(24 * days);
            now.saturating_sub(by).unwrap_or(now)
        };
        let store = &self.inner.store;
        store.forget_sessions_before(ago(30)).await?;
        store.forget_forms_before(ago(30)).await?;
        store.forget_attempts_before(ago(100)).await?;
        Ok(())
    }

    fn forget_session(&self, id: &[u8; 32]) {
        if let Ok(mut sessions) = self.inner.sessions.write() {
            sessions.remove(id);
        }
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The store failed.
    pub async fn sign_out(&self, session: &Session) -> Result<(), DeskError> {
        self.inner
            .store
            .end_session(&session.id, Timestamp::now())
            .await?;
        self.forget_session(&session.id);
        Ok(())
    }

    /// Turns names on or off for a session; every page read with names on is written down as such.
    ///
    /// # Errors
    /// The store failed.
    pub async fn show_names(&self, session: &Session, shown: bool) -> Result<(), DeskError> {
        self.inner.store.show_names(&session.id, shown).await?;
        self.forget_session(&session.id);
        Ok(())
    }

    /// A sentence to show on the next page of this session.
    ///
    /// # Errors
    /// The store failed.
    pub async fn put_notice(&self, session: &Session, notice: &str) -> Result<(), DeskError> {
        self.inner.store.put_notice(&session.id, notice).await?;
        self.noticed(session, true);
        Ok(())
    }

    /// The sentence, once.
    ///
    /// # Errors
    /// The store failed.
    pub async fn take_notice(&self, session: &Session) -> Result<Option<String>, DeskError> {
        if !self.noticed(session, false) {
            return Ok(None);
        }
        Ok(self.inner.store.take_notice(&session.id).await?)
    }

    /// Sets whether a sentence may wait for a session, and answers what it was.
    fn noticed(&self, session: &Session, now: bool) -> bool {
        let Ok(sessions) = self.inner.sessions.read() else {
            return true;
        };
        sessions
            .get(&session.id)
            .is_none_or(|kept| kept.noticed.swap(now, Ordering::AcqRel))
    }

    /// Asks for the password again, before signing.
    ///
    /// # Errors
    /// The password is not right; too many attempts.
    pub async fn reauthenticate(&self, session: &Session, password: &str) -> Result<(), DeskError> {
        let Some(account) = self.inner.store.account(&session.actor.person.id).await? else {
            return Err(DeskError::NotSignedIn);
        };
        let (now, tried) = (Timestamp::now(), Tried::again(&account.id));
        self.may_try(&tried, now).await?;
        let keeper = self.keeper(&account).await?;
        let keeper = keeper.ok_or(DeskError::NotSignedIn)?;
        if !matches(password.to_owned(), keeper.account.password_hash).await {
            self.tried_and_failed(&tried, now).await?;
            return Err(DeskError::field(
                "password",
                "The password is not right: enter the one you sign in with",
            ));
        }
        self.tried_and_succeeded(&tried, now).await?;
        self.inner
            .store
            .session_reauthenticated(&session.id, Timestamp::now())
            .await?;
        self.forget_session(&session.id);
        Ok(())
    }

    /// True when the password was asked for again in the last minutes.
    pub fn is_fresh(&self, session: &Session) -> bool {
        let at = self.inner.sessions.read().ok().and_then(|s| {
            s.get(&session.id)
                .and_then(|k| k.session.reauthenticated_at)
        });
        at.is_some_and(|at| Timestamp::now().duration_since(at) < FRESH)
    }

    /// True when the person proved who they are in the last minutes: signed in, or gave the password or a passkey again.
    pub fn proved_lately(&self, session: &Session) -> bool {
        let sessions = self.inner.sessions.read().ok();
        let kept = sessions.as_ref().and_then(|s| s.get(&session.id));
        let began = kept.map(|kept| kept.session.created);
        self.is_fresh(session)
            || began.is_some_and(|at| Timestamp::now().duration_since(at) < FRESH)
    }

    /// Changes one's own password; every other session ends.
    ///
    /// # Errors
    /// The old password is not right, or the new one too short.
    pub async fn change_password(
        &self,
        session: &Session,
        old: &str,
        new: &str,
    ) -> Result<(), DeskError> {
        if let Some(home) = self.kept_elsewhere(&session.actor).await? {
            return Err(DeskError::Field {
                field: "old-password".into(),
                message: format!(
                    "You sign in with the account you have at {}: change the password there, at {}",
                    home.name, home.address
                ),
            });
        }
        check_password(new, &known_of(&session.actor.person))?;
        match self.reauthenticate(session, old).await {
            Err(DeskError::Field { message, .. }) => {
                return Err(DeskError::field("old-password", &message));
            }
            other => other?,
        }
        let id = &session.actor.person.id;
        self.inner
            .store
            .set_password_hash(id, &hash(new.to_owned()).await?)
            .await?;
        // A link for a new password that still waits is over: it was asked for by someone who has no need of it.
        if renewal::waits(self.office().renewals.get(id)) {
            self.inner.store.drop_invitation(id).await?;
        }
        self.inner
            .store
            .end_sessions_of(id, Some(&session.id), Timestamp::now())
            .await?;
        self.forget_sessions_of(id, Some(&session.id));
        self.end_elsewhere(id).await
    }

    /// Sessions in memory end with those in the database.
    pub(crate) fn forget_sessions_of(&self, person: &str, but: Option<&[u8; 32]>) {
        if let Ok(mut sessions) = self.inner.sessions.write() {
            sessions.retain(|key, kept| kept.person != person || but == Some(key));
        }
    }

    /// One's own sessions that have not ended, the latest used first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn own_sessions(&self, session: &Session) -> Result<Vec<OwnSession>, DeskError> {
        let now = Timestamp::now();
        let idle = SignedDuration::from_mins(i64::from(self.settings().session_minutes.max(5)));
        let all = self
            .inner
            .store
            .sessions_of(&session.actor.person.id)
            .await?;
        Ok(all
            .into_iter()
            .filter(|one| {
                now.duration_since(one.last_seen) < idle
                    && now.duration_since(one.created) < LONGEST
            })
            .map(|one| OwnSession {
                name: name_of(&one.id_hash),
                this: one.id_hash == session.id,
                since: one.created,
                last_used: one.last_seen,
            })
            .collect())
    }

    /// Ends one of one's own sessions, by its name; or every other when there is no name.
    ///
    /// # Errors
    /// There is no such session, or the store failed.
    pub async fn end_own_session(
        &self,
        session: &Session,
        name: Option<&str>,
    ) -> Result<(), DeskError> {
        let person = &session.actor.person.id;
        let now = Timestamp::now();
        let Some(name) = name else {
            let store = &self.inner.store;
            store
                .end_sessions_of(person, Some(&session.id), now)
                .await?;
            self.forget_sessions_of(person, Some(&session.id));
            return Ok(());
        };
        let all = self.inner.store.sessions_of(person).await?;
        let one = all
            .into_iter()
            .find(|one| name_of(&one.id_hash) == name)
            .ok_or(DeskError::NotThere)?;
        self.inner.store.end_session(&one.id_hash, now).await?;
        self.forget_session(&one.id_hash);
        Ok(())
    }
}
