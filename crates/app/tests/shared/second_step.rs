//! The second step of signing in, for tests that only have the pages of a running program:
//! the app is set up the first time, and of the codes on paper one is used each time after.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// By the port and the address: the codes on paper that are left.
type Paper = HashMap<(u16, String), Vec<String>>;
static PAPER: LazyLock<Mutex<Paper>> = LazyLock::new(Mutex::default);

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map_or("", |(found, _)| found)
}

/// The cookie for the second step, from the answer to the first.
pub fn step_cookie(head: &str) -> &str {
    between(head, "candour-step=", ";")
}

/// What to enter on the page that answered the first step.
pub fn code(port: u16, email: &str, page: &str) -> String {
    let key = between(page, "id=\"key\">", "<").replace(' ', "");
    if key.is_empty() {
        let mut paper = PAPER.lock().unwrap_or_else(PoisonError::into_inner);
        let left = paper.get_mut(&(port, email.to_owned()));
        return left.and_then(Vec::pop).expect("a code on paper is left");
    }
    let secret = totp_rs::Secret::try_from_base32(key).expect("a key");
    let app = totp_rs::Builder::new()
        .with_secret(secret)
        .build_noncompliant();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time");
    app.generate(now.as_secs()).to_string()
}

/// Keeps the codes on paper, when the page that answered the second step shows them.
pub fn keep(port: u16, email: &str, page: &str) {
    let codes: Vec<String> = page
        .split("<li><span class=\"c-code\">")
        .skip(1)
        .filter_map(|part| part.split('<').next())
        .map(str::to_owned)
        .collect();
    if !codes.is_empty() {
        let mut paper = PAPER.lock().unwrap_or_else(PoisonError::into_inner);
        paper.insert((port, email.to_owned()), codes);
    }
}
