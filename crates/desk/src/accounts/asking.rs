//! Another system asks with the token of its service account: let in while somebody answers for it, from its networks, and
//! not more often than a machine in order would.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

use super::attempts::Tried;
use super::id_of;
use super::services::TOKEN_PREFIX;
use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::Desk;

/// How often a service account may ask in a minute.
pub const MOST_ASKED: u32 = 600;

/// How often each service account has asked, by its id: the minute, and the number.
#[derive(Debug, Default)]
pub(crate) struct AskedOften(Mutex<HashMap<String, (i64, u32)>>);

impl AskedOften {
    /// Counts one; false when it is too much.
    fn count(&self, service: &str, now: Timestamp) -> bool {
        let minute = now.as_second().div_euclid(60);
        let Ok(mut asked) = self.0.lock() else {
            return true;
        };
        let of = asked.entry(service.to_owned()).or_insert((minute, 0));
        if of.0 != minute {
            *of = (minute, 0);
        }
        of.1 += 1;
        of.1 <= MOST_ASKED
    }
}

/// Why another system is not let in.
#[derive(Debug, thiserror::Error)]
pub enum NotLetIn {
    /// Unknown, ended, over, or from elsewhere: the same words for all.
    #[error("the token is not right, or its account is not let in")]
    No,
    /// Too many wrong tokens from one network.
    #[error("too many wrong tokens: try again in {0} minutes")]
    TooManyAttempts(u64),
    /// More than a machine in order asks.
    #[error("more than {MOST_ASKED} requests in a minute")]
    TooOften,
    /// The store failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl Desk {
    /// Who asks with a token. `from` is the caller's address where it is known, `network` what failures are counted under.
    ///
    /// # Errors
    /// See [`NotLetIn`].
    pub async fn service(
        &self,
        token: &str,
        from: Option<IpAddr>,
        network: &str,
    ) -> Result<Actor, NotLetIn> {
        let now = Timestamp::now();
        let hash = id_of(token);
        let known = match token.starts_with(TOKEN_PREFIX) {
            true => (self.inner.store.service_token(&hash).await).map_err(DeskError::from)?,
            false => None,
        };
        let office = self.office();
        let known = known.filter(|known| known.ends_at.is_none_or(|ends| now < ends));
        let let_in = match &known {
            Some(known) => (office.let_in(&known.service, self.today(), from))
                .map_err(|shut| tracing::warn!(target: "candour::refused", service = known.service, why = shut.words(), "a service account is not let in")),
            None => Err(()),
        };
        let (Some(known), Ok(person)) = (&known, let_in) else {
            return Err(self.wrong_token(token, network, now).await);
        };
        if !self.inner.asked_often.count(&person.id, now) {
            return Err(NotLetIn::TooOften);
        }
        let lately = known
            .used_at
            .is_some_and(|at| now.duration_since(at) < SignedDuration::from_mins(1));
        if !lately && let Err(error) = self.inner.store.service_token_used(&hash, now).await {
            tracing::warn!(%error, "the use of a token could not be written down");
        }
        Ok(Actor {
            person: person.clone(),
            part: self.part_words(person),
            names: false,
        })
    }

    /// Counts a token that is not right. A right one is never held up by those that are not: nobody guesses one, and another
    /// system behind the same address is no attacker.
    async fn wrong_token(&self, token: &str, network: &str, now: Timestamp) -> NotLetIn {
        let tried = Tried::service(token, network);
        match self.may_try(&tried, now).await {
            Err(DeskError::TooManyAttempts(minutes)) => NotLetIn::TooManyAttempts(minutes),
            Err(error) => error.into(),
            Ok(()) => match self.tried_and_failed(&tried, now).await {
                Ok(()) => NotLetIn::No,
                Err(error) => error.into(),
            },
        }
    }
}
