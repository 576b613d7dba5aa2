//! Failed attempts with addresses that nobody has: they come to wait as those of an account do, so that waiting tells nobody
//! which address has one. Kept in memory only; nothing is lost with it.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use jiff::{SignedDuration, Timestamp};

use super::{TRIES, WAIT, id_of, minutes_until};

/// By the hash of the address: how many, and when the last.
type Tries = HashMap<[u8; 32], (u32, Timestamp)>;

static STRANGERS: LazyLock<Mutex<Tries>> = LazyLock::new(Mutex::default);
/// So many of them are remembered at most.
const MOST_STRANGERS: usize = 10_000;

/// The minutes an address that nobody has must still wait.
pub(super) fn waits(email: &str, now: Timestamp) -> Option<u64> {
    let strangers = STRANGERS.lock().ok()?;
    let (tries, last) = strangers.get(&id_of(&email.to_lowercase()))?;
    let until = last.saturating_add(SignedDuration::from_mins(WAIT)).ok()?;
    (*tries >= TRIES && until > now).then(|| minutes_until(until, now))
}

/// Counts a failure with an address that nobody has.
pub(super) fn count(email: &str, now: Timestamp) {
    if let Ok(mut strangers) = STRANGERS.lock() {
        if strangers.len() >= MOST_STRANGERS {
            let recent = now
                .saturating_sub(SignedDuration::from_mins(WAIT))
                .unwrap_or(now);
            strangers.retain(|_, (_, last)| *last > recent);
            if strangers.len() >= MOST_STRANGERS {
                strangers.clear();
            }
        }
        let one = strangers
            .entry(id_of(&email.to_lowercase()))
            .or_insert((0, now));
        *one = (one.0.saturating_add(1), now);
    }
}
