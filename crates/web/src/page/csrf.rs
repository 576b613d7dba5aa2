//! Forms carry a token that only pages of the same session can make, salted for each page.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

fn mark(secret: &[u8], salt: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(secret);
    hash.update(salt.as_bytes());
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// A token for a form.
pub fn token(secret: &[u8], salt: &str) -> String {
    format!("{salt}.{}", mark(secret, salt))
}

/// Whether a token was made in this session.
pub fn is_ours(secret: &[u8], token: &str) -> bool {
    token
        .split_once('.')
        .is_some_and(|(salt, rest)| mark(secret, salt).as_bytes().ct_eq(rest.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_another_session_is_not_ours() {
        let one = token(b"secret one", "salt");
        assert!(is_ours(b"secret one", &one));
        assert!(!is_ours(b"secret two", &one));
        assert!(!is_ours(b"secret one", "salt."));
        assert!(!is_ours(b"secret one", ""));
    }
}
