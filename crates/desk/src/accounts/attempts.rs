//! How often signing in may fail before it has to wait, counted in the database so that a restart forgives nobody.
//! What is counted does not ask whether an address has an account, so that waiting tells nobody which has one.
//! Failures are counted per address and network, so that a stranger elsewhere cannot shut a colleague out; all failures with one
//! address together hold up only networks from which it has never been signed in with.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::error::DeskError;
use crate::load::Desk;

/// After this many failures an address waits on one network.
const PAIR: u32 = 10;
/// After this many failures a network waits, whatever addresses it tried.
const NETWORK: u32 = 100;
/// After this many failures in a day an address waits on networks it has not been signed in from.
const ADDRESS: u32 = 50;
/// How long is waited, and how far back failures of one network count.
const WAIT: SignedDuration = SignedDuration::from_mins(15);
/// How far back failures with one address count.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How long a network stays known after it was last signed in from.
const KNOWN: SignedDuration = SignedDuration::from_hours(24 * 90);

/// What an attempt counts under.
pub(super) struct Tried {
    pair: [u8; 32],
    network: [u8; 32],
    address: [u8; 32],
}

fn counted(what: &str, parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in std::iter::once(&what).chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

fn minutes_until(until: Timestamp, now: Timestamp) -> u64 {
    until.duration_since(now).as_mins().max(0).unsigned_abs() + 1
}

fn before(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_sub(by).unwrap_or(now)
}

impl Tried {
    /// An attempt with an address from a network.
    pub(super) fn new(email: &str, network: &str) -> Tried {
        let email = email.trim().to_lowercase();
        Tried {
            pair: counted("pair", &[&email, network]),
            network: counted("network", &[network]),
            address: counted("address", &[&email]),
        }
    }

    /// An attempt with a passkey alone, of nobody knows whom: it counts against its network and nobody's address.
    pub(super) fn passkey(network: &str) -> Tried {
        let of = |what: &str| counted(what, &["passkey", network]);
        Tried {
            pair: of("pair"),
            network: counted("network", &[network]),
            address: of("address"),
        }
    }

    /// An attempt to sign on elsewhere, with the secret of the browser that asked: it counts for that browser and its network,
    /// so that nobody holds up a colleague at the next desk.
    pub(super) fn sign_on(secret: &str, network: &str) -> Tried {
        let of = |what: &str| counted(what, &["sign-on", secret]);
        Tried {
            pair: of("pair"),
            network: counted("network", &[network]),
            address: of("address"),
        }
    }

    /// Asking for a link for a new password: it holds up only whoever asks often from there, and nobody who signs in.
    pub(super) fn forgotten(email: &str, network: &str) -> Tried {
        Tried {
            pair: counted("pair forgotten", &[email, network]),
            network: counted("network forgotten", &[network]),
            address: counted("address forgotten", &[email, network]),
        }
    }

    /// An attempt of another system with a token that is not right: it holds up wrong ones, and no person waits for a machine.
    pub(super) fn service(token: &str, network: &str) -> Tried {
        Tried {
            pair: counted("pair service", &[token, network]),
            network: counted("network service", &[network]),
            address: counted("address service", &[token]),
        }
    }

    /// An attempt of someone who is signed in already and gives the password again; it holds up nobody else.
    pub(super) fn again(account: &str) -> Tried {
        let of = |what: &str| counted(what, &["signed in", account]);
        Tried {
            pair: of("pair again"),
            network: of("network again"),
            address: of("address again"),
        }
    }
}

impl Desk {
    /// Refuses an attempt that has to wait.
    pub(super) async fn may_try(&self, tried: &Tried, now: Timestamp) -> Result<(), DeskError> {
        let store = &self.inner.store;
        let pair = store.attempts(&tried.pair).await?;
        let known = pair.succeeded.is_some_and(|at| at > before(now, KNOWN));
        let mut held = vec![pair.until, store.attempts(&tried.network).await?.until];
        let address = store.attempts(&tried.address).await?.until;
        held.push(address.filter(|_| !known));
        match held.into_iter().flatten().max() {
            Some(until) if until > now => {
                tracing::warn!(target: "candour::refused", "an attempt to sign in has to wait");
                Err(DeskError::TooManyAttempts(minutes_until(until, now)))
            }
            _ => Ok(()),
        }
    }

    /// Counts a failure.
    pub(super) async fn tried_and_failed(
        &self,
        tried: &Tried,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let store = &self.inner.store;
        for (what, most, back) in [
            (&tried.pair, PAIR, WAIT),
            (&tried.network, NETWORK, WAIT),
            (&tried.address, ADDRESS, DAY),
        ] {
            if store.count_attempt(what, now, before(now, back)).await? >= most {
                let until = now.saturating_add(WAIT).unwrap_or(now);
                store.hold_attempts(what, until).await?;
            }
        }
        Ok(())
    }

    /// Notes that someone signed in: this network is known for this address from now on.
    pub(super) async fn tried_and_succeeded(
        &self,
        tried: &Tried,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        Ok(self.inner.store.attempt_succeeded(&tried.pair, now).await?)
    }
}
