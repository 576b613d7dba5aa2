//! Signatures that a passkey made: checked before one is recorded, and all of them again when the record is verified.

use cases::decision::{Command as Decide, Event as DecisionEvent, Signature};
use cases::{Command, Event, Refusal};
use record::passkey::{self, Assertion, SignedText, Unproved};
use store::{Content, Store};

use crate::error::DeskError;
use crate::load::read_case;

/// The kind of an entry that is a signature.
const SIGNED: &str = "decision.signed";
/// How many entries are read at once.
const PAGE: u32 = 1000;

/// What became of the signatures that passkeys made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignaturesChecked {
    /// How many hold.
    pub sound: u64,
    /// Positions of entries whose signature does not, with why.
    pub wrong: Vec<(u64, String)>,
}

/// Checks one, with what stands in the entry and nothing else; one without a passkey has nothing to check.
fn check(signature: &Signature) -> Option<Result<(), Unproved>> {
    let given = signature.passkey.as_ref()?;
    let signed = SignedText {
        partner: &signature.seat.partner,
        body: &signature.seat.body,
        view: signature.view.id(),
        note: &signature.note,
        text: &signature.text,
    };
    let assertion = Assertion {
        site: &given.site,
        public_key: &given.public_key,
        authenticator_data: &given.authenticator_data,
        client_data: &given.client_data,
        signature: &given.signature,
    };
    Some(passkey::check(&signed, &assertion))
}

/// Checks the signature in an entry that is shown in clear; `None` when there is none of a passkey in it.
pub(crate) fn check_shown(kind: &str, text: &str) -> Option<Result<(), String>> {
    if kind != SIGNED {
        return None;
    }
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let signature = value.pointer("/event/with")?;
    signature.get("passkey")?;
    let read = serde_json::from_value::<Signature>(signature.clone());
    let signature = match read {
        Ok(signature) => signature,
        Err(error) => return Some(Err(format!("its signature cannot be read: {error}"))),
    };
    Some(check(&signature)?.map_err(|why| why.to_string()))
}

/// Refuses a signature whose passkey proves nothing.
pub(crate) fn refuse_unproved(command: &Command) -> Result<(), DeskError> {
    let Command::Decision(Decide::Sign(signature)) = command else {
        return Ok(());
    };
    match check(signature) {
        Some(Err(why)) => Err(Refusal::because(format!("{why}: sign again")).into()),
        _ => Ok(()),
    }
}

/// Checks every signature of the record that a passkey made.
///
/// # Errors
/// The record cannot be read.
pub async fn check_signatures(store: &Store) -> Result<SignaturesChecked, DeskError> {
    let (mut checked, mut after) = (SignaturesChecked::default(), 0);
    loop {
        let page = store.log(after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(checked);
        };
        after = last.position;
        for opened in &page {
            if opened.kind != SIGNED || opened.content == Content::Destroyed {
                continue;
            }
            let Some(recorded) = read_case(opened)? else {
                continue;
            };
            let Event::Decision(DecisionEvent::Signed(signature)) = &recorded.event else {
                continue;
            };
            match check(signature) {
                None => {}
                Some(Ok(())) => checked.sound += 1,
                Some(Err(why)) => checked.wrong.push((opened.position, why.to_string())),
            }
        }
    }
}
