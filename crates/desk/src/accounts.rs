//! Signing in and out: Argon2id passwords, sessions in the database, equal answers for known and unknown addresses.
//! Long because signing in, its limits and its sessions have to be read in one go to be believed.

mod strangers;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use access::Person;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::{NewAccount, NewSession};

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

/// A session may last this long however much it is used.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// After this many failures in a row an account waits.
const TRIES: u32 = 10;
/// How long it waits, in minutes.
const WAIT: i64 = 15;
/// Signing again asks for the password again after this.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// Passwords shorter than this are refused.
pub const SHORTEST_PASSWORD: usize = 10;

/// What a browser holds and the server knows.
#[derive(Debug)]
pub(crate) struct Kept {
    session: store::Session,
    person: String,
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

fn argon() -> Result<Argon2<'static>, DeskError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| DeskError::Other(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Two at once: each takes 19 MiB and some time.
static HASHING: LazyLock<tokio::sync::Semaphore> = LazyLock::new(|| tokio::sync::Semaphore::new(2));

async fn hash(password: String) -> Result<String, DeskError> {
    let _place = HASHING
        .acquire()
        .await
        .map_err(|e| DeskError::Other(e.to_string()))?;
    tokio::task::spawn_blocking(move || {
        argon()?
            .hash_password(password.as_bytes())
            .map(|h| h.to_string())
            .map_err(|e| DeskError::Other(format!("the password could not be kept: {e}")))
    })
    .await
    .map_err(|e| DeskError::Other(e.to_string()))?
}

async fn matches(password: String, hash: String) -> bool {
    let Ok(_place) = HASHING.acquire().await else {
        return false;
    };
    tokio::task::spawn_blocking(move || {
        let (Ok(argon), Ok(parsed)) = (argon(), PasswordHash::new(&hash)) else {
            return false;
        };
        argon.verify_password(password.as_bytes(), &parsed).is_ok()
    })
    .await
    .unwrap_or(false)
}

fn minutes_until(until: Timestamp, now: Timestamp) -> u64 {
    until.duration_since(now).as_mins().max(0).unsigned_abs() + 1
}

/// A hash of nothing anyone types, so that an unknown address takes as long as a wrong password.
static NOBODY: LazyLock<tokio::sync::OnceCell<String>> = LazyLock::new(tokio::sync::OnceCell::new);

pub(crate) fn id_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Refuses a password that is too short.
pub(crate) fn check_password(password: &str) -> Result<(), DeskError> {
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(DeskError::field(
            "password",
            "Enter a password of at least 10 characters; three or four unrelated words are good",
        ));
    }
    Ok(())
}

impl Desk {
    pub(crate) async fn create_account(
        &self,
        person: &Person,
        password: &str,
    ) -> Result<(), DeskError> {
        check_password(password)?;
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
        self.inner.store.set_account_disabled(person, true).await?;
        self.inner
            .store
            .end_sessions_of(person, None, self.inner.clock.now())
            .await?;
        if let Ok(mut sessions) = self.inner.sessions.write() {
            sessions.retain(|_, kept| kept.person != person);
        }
        Ok(())
    }

    /// Signs in with address and password. Times are real even when the clock of the cases is set by hand.
    ///
    /// # Errors
    /// The same words whether the address is unknown or the password wrong; too many attempts.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<SignIn, DeskError> {
        let now = Timestamp::now();
        let account = self.inner.store.account_by_email(email.trim()).await?;
        let Some(account) = account else {
            if let Some(minutes) = strangers::waits(email.trim(), now) {
                return Err(DeskError::TooManyAttempts(minutes));
            }
            let nobody = NOBODY
                .get_or_try_init(|| hash("nobody types this".into()))
                .await?;
            matches(password.to_owned(), nobody.clone()).await;
            strangers::count(email.trim(), now);
            return Err(DeskError::NotSignedIn);
        };
        if let Some(until) = account.locked_until
            && until > now
        {
            return Err(DeskError::TooManyAttempts(minutes_until(until, now)));
        }
        let right = matches(password.to_owned(), account.password_hash.clone()).await;
        let person = self.office().person(&account.person).cloned();
        let (true, false, Some(person)) = (right, account.disabled, person) else {
            if self.inner.store.count_failed_sign_in(&account.id).await? >= TRIES {
                let until = now
                    .saturating_add(SignedDuration::from_mins(WAIT))
                    .unwrap_or(now);
                self.inner.store.lock_account(&account.id, until).await?;
            }
            return Err(DeskError::NotSignedIn);
        };
        self.inner.store.clear_failed_sign_ins(&account.id).await?;
        let secret = format!("{}{}{}", fresh()?, fresh()?, fresh()?);
        let mut csrf_secret = vec![0u8; 32];
        getrandom::fill(&mut csrf_secret).map_err(|e| DeskError::Other(e.to_string()))?;
        self.inner
            .store
            .begin_session(NewSession {
                id_hash: id_of(&secret),
                account: account.id,
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
                        seen_written,
                        noticed: AtomicBool::new(true),
                    },
                );
            }
        }
        let (session, person, last) = {
            let Ok(sessions) = self.inner.sessions.read() else {
                return Ok(None);
            };
            let Some(kept) = sessions.get(&id) else {
                return Ok(None);
            };
            let last = kept.seen_written.load(Ordering::Relaxed);
            (kept.session.clone(), kept.person.clone(), last)
        };
        let unused = now.as_second().saturating_sub(last);
        if session.ended.is_some()
            || unused > idle.as_secs()
            || now.duration_since(session.created) > LONGEST
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
        let Some(person) = office.person(&person) else {
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
        if account.locked_until.is_some_and(|u| u > Timestamp::now()) {
            return Err(DeskError::TooManyAttempts(WAIT.unsigned_abs()));
        }
        if !matches(password.to_owned(), account.password_hash).await {
            if self.inner.store.count_failed_sign_in(&account.id).await? >= TRIES {
                let until = Timestamp::now()
                    .saturating_add(SignedDuration::from_mins(WAIT))
                    .unwrap_or(Timestamp::now());
                self.inner.store.lock_account(&account.id, until).await?;
            }
            return Err(DeskError::field(
                "password",
                "The password is not right: enter the one you sign in with",
            ));
        }
        self.inner.store.clear_failed_sign_ins(&account.id).await?;
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
        check_password(new)?;
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
        self.inner
            .store
            .end_sessions_of(id, Some(&session.id), Timestamp::now())
            .await?;
        if let Ok(mut sessions) = self.inner.sessions.write() {
            sessions.retain(|key, kept| kept.person != *id || *key == session.id);
        }
        Ok(())
    }
}
