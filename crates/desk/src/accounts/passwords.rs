//! Passwords: which are refused, and their Argon2id hashes.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::error::DeskError;

/// Passwords shorter than this are refused.
const SHORTEST: usize = 10;
/// Longer ones are refused, so that hashing them cannot be used to keep the server busy.
const LONGEST: usize = 1000;
/// What is said beside the field for a new password.
pub const PASSWORD_HINT: &str = "15 characters or more are best, such as four unrelated words; at least 10. Common and stolen passwords are refused.";

fn argon() -> Result<Argon2<'static>, DeskError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| DeskError::Other(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Two at once: each takes 19 MiB and some time.
static HASHING: LazyLock<tokio::sync::Semaphore> = LazyLock::new(|| tokio::sync::Semaphore::new(2));

pub(super) async fn hash(password: String) -> Result<String, DeskError> {
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

pub(super) async fn matches(password: String, hash: String) -> bool {
    if password.chars().count() > LONGEST {
        return false;
    }
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

/// Refuses a password that is too short, or that would soon be guessed: from the lists of stolen and common ones that come with
/// the estimator, or made of what is known of the person.
///
/// # Errors
/// What to do, for the field `password`.
pub(crate) fn check_password(password: &str, known: &[&str]) -> Result<(), DeskError> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(DeskError::field(
            "password",
            "Enter a password of at least 10 characters; three or four unrelated words are good",
        ));
    }
    if length > LONGEST {
        return Err(DeskError::field(
            "password",
            "Enter a password of at most 1,000 characters",
        ));
    }
    let mut known: Vec<&str> = known.to_vec();
    known.push("candour");
    if u8::from(zxcvbn::zxcvbn(password, &known).score()) < 3 {
        return Err(DeskError::field(
            "password",
            "Enter a password that is harder to guess, like three or four unrelated words: this one is common, was stolen elsewhere, or is made of names and simple patterns",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_common_stolen_or_made_of_ones_own_name_is_refused() {
        let known = [
            "Orla Penhallow",
            "orla.penhallow@example.org",
            "orla",
            "penhallow",
        ];
        for refused in [
            "short",
            "password123",
            "qwertyuiop",
            "letmein2026",
            "1111111111",
            "aaaaaaaaaaaaaaaa",
            "orlapenhallow",
            "candourcandour",
        ] {
            assert!(check_password(refused, &known).is_err(), "{refused}");
        }
        assert!(check_password(&"long ".repeat(201), &[]).is_err());
        for taken in [
            "meadow-lantern-oak",
            "korrekte Pferde-Batterie",
            "\u{1f33f} leaf and gate 44",
        ] {
            assert!(check_password(taken, &known).is_ok(), "{taken}");
        }
    }

    #[test]
    fn a_long_password_of_any_characters_is_taken_and_none_has_to_have_certain_ones() {
        let long =
            "the otter sleeps under a lantern near the gravel pit, \u{1F9A6} and so on".repeat(4);
        for password in ["kettle moss ladder quay", "čtyři žluté lodě u mola", &long] {
            assert!(check_password(password, &[]).is_ok(), "{password}");
        }
        assert!(long.chars().count() > 200);
    }

    #[tokio::test]
    async fn a_password_is_taken_as_it_was_typed_and_nothing_else() {
        let kept = hash(" Meadow Lantern Oak ".into()).await.unwrap();
        assert!(matches(" Meadow Lantern Oak ".into(), kept.clone()).await);
        for other in ["Meadow Lantern Oak", " meadow Lantern Oak ", ""] {
            assert!(!matches(other.into(), kept.clone()).await);
        }
    }
}
