//! The second step of signing in: a code from an app (RFC 6238), or one of ten codes on paper. Every account has it.
//! Between the password and the code a browser holds a secret that opens nothing but the page for the code, for ten minutes.

use access::Permit;
use access::office::OfficeEvent;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::attempts::Tried;
use super::unused::Back;
use super::{SignIn, id_of};
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

/// How long the code is waited for.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// After so many codes the password is asked for again.
const TRIES: u32 = 5;
/// How many codes on paper there are.
const CODES: usize = 10;
/// Letters and digits that are not taken for one another when copied by hand.
const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Someone whose password was right.
#[derive(Clone, PartialEq, Eq)]
pub struct Half {
    /// The secret for the cookie; only its hash is stored.
    pub secret: String,
}

impl std::fmt::Debug for Half {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Half").finish_non_exhaustive()
    }
}

/// What the app on a telephone is given, once.
pub struct SetUp {
    /// The key in groups of four, to be typed where nothing can be scanned.
    pub key: String,
    /// The address that the picture holds.
    pub address: String,
    /// Whose account it is.
    pub email: String,
}

/// The second step of an account, as its own page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepInUse {
    /// Since when there is an app (UTC); `None` for someone who has passkeys only.
    pub since: Option<Timestamp>,
    /// Codes on paper that are left.
    pub codes_left: u64,
}

fn unmade(error: impl std::fmt::Display) -> DeskError {
    DeskError::Other(format!("the second step could not be made: {error}"))
}

fn totp(secret: &[u8], email: &str) -> Result<Totp, DeskError> {
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_account_name(email)
        .with_issuer(Some("Candour"))
        .build()
        .map_err(unmade)
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or(0)
}

/// A code on paper as it is compared: however it was typed.
fn plain(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn hash_of(account: &str, code: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"candour-recovery-code/1");
    hash.update((account.len() as u64).to_be_bytes());
    hash.update(account.as_bytes());
    hash.update(plain(code).as_bytes());
    hash.finalize().into()
}

/// Ten codes of eighty random bits each, and their hashes.
pub(super) fn new_codes(account: &str) -> Result<(Vec<String>, Vec<[u8; 32]>), DeskError> {
    let mut codes = Vec::with_capacity(CODES);
    for _ in 0..CODES {
        let mut random = Zeroizing::new([0u8; 16]);
        getrandom::fill(random.as_mut()).map_err(unmade)?;
        let letters: String = random
            .iter()
            .map(|byte| char::from(SIGNS[usize::from(byte % 32)]))
            .collect();
        let groups = [0, 4, 8, 12].map(|at| &letters[at..at + 4]);
        codes.push(groups.join("-"));
    }
    let hashes = codes.iter().map(|code| hash_of(account, code)).collect();
    Ok((codes, hashes))
}

fn wrong_code() -> DeskError {
    DeskError::field(
        "code",
        "This code is not right, or was used already: enter the one your app shows now",
    )
}

impl Desk {
    /// Begins the second step for an account whose password was right.
    pub(super) async fn half_signed_in(
        &self,
        account: &str,
        now: Timestamp,
    ) -> Result<Half, DeskError> {
        let store = &self.inner.store;
        let step = store.second_step(account).await?;
        let kept_here = store.account_home(account).await?.is_none();
        if kept_here && step.is_none_or(|step| step.confirmed_at.is_none()) {
            let mut secret = Zeroizing::new([0u8; 20]);
            getrandom::fill(secret.as_mut()).map_err(unmade)?;
            store
                .begin_second_step(account, secret.as_slice(), now)
                .await?;
        }
        let secret = format!("{}{}", fresh()?, fresh()?);
        store.half_sign_in(&id_of(&secret), account, now).await?;
        Ok(Half { secret })
    }

    /// Whose password was right, with this cookie; not when that is too long ago, or a code was wrong too often.
    pub(super) async fn half(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<store::Account, DeskError> {
        let half = self.inner.store.half_signed_in(&id_of(secret)).await?;
        let half = half
            .filter(|half| now.duration_since(half.begun) < PATIENCE && half.tries < TRIES)
            .ok_or(DeskError::NotSignedIn)?;
        let account = self.inner.store.account(&half.account).await?;
        account
            .filter(|account| !account.disabled && !self.office().locked.contains(&account.person))
            .ok_or(DeskError::NotSignedIn)
    }

    /// True when an account has a second step in use: an app or a passkey.
    pub(super) async fn has_step(&self, account: &str) -> Result<bool, DeskError> {
        let store = &self.inner.store;
        let app = self.app_of(account).await?.map(|(_, step)| step);
        Ok(app.is_some_and(|step| step.confirmed_at.is_some())
            || !store.passkeys(account).await?.is_empty())
    }

    /// The app of an account, with who keeps it: this partnership or another of the house.
    async fn app_of(
        &self,
        account: &str,
    ) -> Result<Option<(crate::house::Keeper, store::SecondStep)>, DeskError> {
        let Some(account) = self.inner.store.account(account).await? else {
            return Ok(None);
        };
        let Some(keeper) = self.keeper(&account).await? else {
            return Ok(None);
        };
        let store = &keeper.desk.inner.store;
        let step = store.second_step(&keeper.account.id).await?;
        Ok(step.map(|step| (keeper, step)))
    }

    /// What to put into the app, for someone who has no second step yet; `None` when there is one, and its code is asked for.
    ///
    /// # Errors
    /// [`DeskError::NotSignedIn`] when the password has to be given again.
    pub async fn to_set_up(&self, secret: &str) -> Result<Option<SetUp>, DeskError> {
        let account = self.half(secret, Timestamp::now()).await?;
        if self.has_step(&account.id).await? {
            return Ok(None);
        }
        let step = self.inner.store.second_step(&account.id).await?;
        let Some(step) = step.filter(|step| step.confirmed_at.is_none()) else {
            return Ok(None);
        };
        let address = totp(&step.secret, &account.email)?
            .to_url()
            .map_err(unmade)?;
        let key = Secret::from(step.secret.as_slice()).to_base32();
        let signs: Vec<char> = key.chars().collect();
        let groups: Vec<String> = signs.chunks(4).map(|four| four.iter().collect()).collect();
        Ok(Some(SetUp {
            key: groups.join(" "),
            address,
            email: account.email,
        }))
    }

    /// Counts a code before it is looked at, so that many at once do not get more tries.
    pub(super) async fn one_more_code(&self, secret: &str) -> Result<(), DeskError> {
        match self.inner.store.count_code(&id_of(secret)).await? {
            tries if tries > TRIES => Err(DeskError::NotSignedIn),
            _ => Ok(()),
        }
    }

    /// Takes the app into use with the code it shows, and signs in. The codes on paper are answered this once.
    ///
    /// # Errors
    /// The code is not right; or the password has to be given again.
    pub async fn set_up(
        &self,
        secret: &str,
        code: &str,
        network: &str,
    ) -> Result<(SignIn, Vec<String>), DeskError> {
        let now = Timestamp::now();
        let account = self.half(secret, now).await?;
        // Whoever has a passkey proves themselves with it, and not with an app that anyone with the password could set up.
        if self.has_step(&account.id).await? {
            return Err(DeskError::NotSignedIn);
        }
        let step = self.inner.store.second_step(&account.id).await?;
        let step = step
            .filter(|step| step.confirmed_at.is_none())
            .ok_or(DeskError::NotSignedIn)?;
        self.one_more_code(secret).await?;
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let used = totp(&step.secret, &account.email)?
            .check(&digits, seconds(now))
            .ok_or_else(wrong_code)?;
        let (codes, hashes) = new_codes(&account.id)?;
        let taken = (self.inner.store)
            .confirm_second_step(&account.id, used, &hashes, now)
            .await?;
        if !taken {
            return Err(DeskError::NotSignedIn);
        }
        let person = account.person.clone();
        self.said_of_a_step(&account.person, OfficeEvent::SecondStepSetUp { person })
            .await?;
        let signed_in = self.whole(secret, &account, network, now).await?;
        Ok((signed_in, codes))
    }

    /// Signs in with the code of the app, or one of those on paper.
    ///
    /// # Errors
    /// The code is not right or was used; or the password has to be given again.
    pub async fn enter_code(
        &self,
        secret: &str,
        code: &str,
        network: &str,
    ) -> Result<SignIn, DeskError> {
        let now = Timestamp::now();
        let account = self.half(secret, now).await?;
        let tried = Tried::new(&account.email, network);
        self.may_try(&tried, now).await?;
        if !self.has_step(&account.id).await? {
            return Err(DeskError::NotSignedIn);
        }
        self.one_more_code(secret).await?;
        let keeper = self.keeper(&account).await?;
        let keeper = keeper.ok_or(DeskError::NotSignedIn)?;
        let (desk, kept) = (&keeper.desk, &keeper.account);
        let step = desk.inner.store.second_step(&kept.id).await?;
        let step = step.filter(|step| step.confirmed_at.is_some());
        if !desk.is_right(kept, step.as_ref(), code, now).await? {
            self.tried_and_failed(&tried, now).await?;
            return Err(wrong_code());
        }
        self.whole(secret, &account, network, now).await
    }

    /// Whether a code is right; if it is, it is used up.
    async fn is_right(
        &self,
        account: &store::Account,
        step: Option<&store::SecondStep>,
        code: &str,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let store = &self.inner.store;
        if plain(code).len() <= 8 {
            let Some(step) = step else {
                return Ok(false);
            };
            let digits: String = code.chars().filter(char::is_ascii_digit).collect();
            let used = totp(&step.secret, &account.email)?.check(&digits, seconds(now));
            return Ok(match used {
                Some(used) => store.use_step(&account.id, used).await?,
                None => false,
            });
        }
        let hash = hash_of(&account.id, code);
        let used = store.use_recovery_code(&account.id, &hash, now).await?;
        if used {
            let person = account.person.clone();
            self.said_of_a_step(&account.person, OfficeEvent::RecoveryCodeUsed { person })
                .await?;
        }
        Ok(used)
    }

    /// Both steps are done: the session begins.
    pub(super) async fn whole(
        &self,
        secret: &str,
        account: &store::Account,
        network: &str,
        now: Timestamp,
    ) -> Result<SignIn, DeskError> {
        let old = now.saturating_sub(PATIENCE).unwrap_or(now);
        (self.inner.store)
            .end_half_signed_in(&id_of(secret), old)
            .await?;
        self.tried_and_succeeded(&Tried::new(&account.email, network), now)
            .await?;
        self.begin_session(account, now).await
    }

    /// Who set a step up or used a code on paper is in the record.
    pub(super) async fn said_of_a_step(
        &self,
        by: &str,
        event: OfficeEvent,
    ) -> Result<(), DeskError> {
        let _alone = self.inner.office_writing.lock().await;
        let permit = Permit::for_system("each person sets up and uses their own second step");
        self.append_office(permit, by, vec![event]).await
    }

    /// One's own second step.
    ///
    /// # Errors
    /// The store failed.
    pub async fn step_in_use(&self, actor: &Actor) -> Result<Option<StepInUse>, DeskError> {
        if !self.has_step(&actor.person.id).await? {
            return Ok(None);
        }
        let (since, codes_left) = match self.app_of(&actor.person.id).await? {
            Some((keeper, step)) => {
                let store = &keeper.desk.inner.store;
                let left = store.recovery_codes_left(&keeper.account.id).await?;
                (step.confirmed_at, left)
            }
            None => {
                let store = &self.inner.store;
                (None, store.recovery_codes_left(&actor.person.id).await?)
            }
        };
        Ok(Some(StepInUse { since, codes_left }))
    }

    /// Makes new codes on paper; those of before no longer work. The caller has asked for the password again.
    ///
    /// # Errors
    /// The store failed.
    pub async fn new_recovery_codes(&self, actor: &Actor) -> Result<Vec<String>, DeskError> {
        if let Some(home) = self.kept_elsewhere(actor).await? {
            return Err(DeskError::Field {
                field: "codes-password".into(),
                message: format!(
                    "You sign in with the account you have at {}: make new codes there, at {}",
                    home.name, home.address
                ),
            });
        }
        let (codes, hashes) = new_codes(&actor.person.id)?;
        (self.inner.store)
            .replace_recovery_codes(&actor.person.id, &hashes)
            .await?;
        Ok(codes)
    }

    /// Takes the second step off an account whose owner has lost it, and ends its sessions; a new one is set up at the next sign-in.
    /// Whoever manages people can do it, the administrator, and either of two people the settings name. It is in the record, with why,
    /// and the person and both who are named are told by mail.
    ///
    /// # Errors
    /// Not allowed, one's own account, or a field to correct.
    pub async fn take_step_off(
        &self,
        actor: &Actor,
        person: &str,
        why: &str,
    ) -> Result<(), DeskError> {
        let permit = self.may_restore(&actor.person)?;
        if self.office().person(person).is_none() {
            return Err(DeskError::NotThere);
        }
        if actor.person.id == person {
            return Err(DeskError::field(
                "step-why",
                "Someone else has to take your own second step off",
            ));
        }
        if why.trim().is_empty() {
            return Err(DeskError::field(
                "step-why",
                "Enter how you made sure that it is this person who asks",
            ));
        }
        let alone = self.inner.office_writing.lock().await;
        let event = OfficeEvent::SecondStepTakenOff {
            person: person.into(),
            why: why.trim().into(),
        };
        self.append_office(permit, &actor.person.id, vec![event])
            .await?;
        (self.inner.store)
            .drop_second_step(person, Timestamp::now())
            .await?;
        self.forget_sessions_of(person, None);
        self.end_elsewhere(person).await?;
        drop(alone);
        self.tell_restored(actor, person, Back::SecondStep).await
    }

    /// The code that the app of an invented person would show now; only the demo asks. `None` until the next one comes.
    ///
    /// # Errors
    /// The password has to be given again.
    pub async fn code_of_an_invented_person(
        &self,
        secret: &str,
    ) -> Result<Option<String>, DeskError> {
        let now = Timestamp::now();
        let account = self.half(secret, now).await?;
        let step = self.app_of(&account.id).await?.map(|(_, step)| step);
        // Someone with a passkey has an app only if it was set up before.
        let set_up = step.as_ref().is_some_and(|s| s.confirmed_at.is_some());
        if !set_up && self.has_step(&account.id).await? {
            return Ok(None);
        }
        let step = step.ok_or(DeskError::NotSignedIn)?;
        let totp = totp(&step.secret, &account.email)?;
        let this = seconds(now) / totp.step();
        let next = this.max(step.last_step + 1);
        Ok((next <= this + 1).then(|| totp.generate(next * totp.step()).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, for SHA-1, with the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = totp(b"12345678901234567890", "a@example.org").unwrap();
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.generate(time).to_string(), code);
        }
    }

    #[test]
    fn codes_on_paper_are_long_all_different_and_taken_however_they_are_typed() {
        let (codes, hashes) = new_codes("a1").unwrap();
        let different: std::collections::BTreeSet<&String> = codes.iter().collect();
        assert_eq!(different.len(), CODES);
        for (code, hash) in codes.iter().zip(&hashes) {
            assert_eq!(plain(code).len(), 16);
            assert_eq!(hash_of("a1", &code.to_uppercase().replace('-', " ")), *hash);
            assert_ne!(hash_of("a2", code), *hash, "they are of one account");
        }
    }
}
