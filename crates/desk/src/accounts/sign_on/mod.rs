//! Signing on at one's own organisation (OpenID Connect): which organisations, and what the browser is sent there with.
//! What the server needs to know of an answer is derived from one secret in the browser's cookie: the state, the nonce and the
//! verifier of the code. Nothing waits here, so nobody can fill it, and an answer fits the browser that asked or none.

mod enter;
mod fetch;
mod provider;

use std::path::Path;

use openidconnect::{ClientId, ClientSecret, IssuerUrl, RedirectUrl};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::DeskError;
use crate::load::{Desk, fresh};
use provider::Providers;

pub use enter::{OwnSignOn, SignedOn};

/// Where the provider of an organisation sends the browser back to, on this server: a path of its own for each,
/// so that no provider is sent what another one answered.
pub fn way_back(organisation: &str) -> String {
    format!("/sign-on/{organisation}/back")
}

/// An organisation at which its people sign on, as it stands in the settings of the server.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Organisation {
    /// Its id, used in addresses.
    pub id: String,
    /// Its name, as people know it.
    pub name: String,
    /// The provider's issuer: its document is found below this address.
    pub issuer: String,
    /// How the provider knows this server.
    pub client_id: String,
    /// The file with what this server proves itself with, beside the settings.
    pub client_secret_file: String,
    /// The domains of the e-mail addresses it speaks for.
    pub domains: Vec<String>,
    /// What the provider says (`amr`) when a second factor was used; anything else is followed by Candour's own second step.
    #[serde(default = "usual_second_factor")]
    pub second_factor: Vec<String>,
    /// True when the organisation itself gives out its addresses, and its provider therefore does not say that they were verified.
    #[serde(default)]
    pub gives_out_addresses: bool,
}

fn usual_second_factor() -> Vec<String> {
    vec!["mfa".into()]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    organisation: Vec<Organisation>,
}

/// The organisations of a server, checked, with what was made of them.
pub(crate) struct SignOn {
    organisations: Vec<Organisation>,
    providers: Providers,
}

/// What the browser is sent to the provider with.
#[derive(Debug)]
pub struct SentOn {
    /// The address at the provider.
    pub to: String,
    /// The secret for the cookie.
    pub secret: String,
}

/// Made from the secret of the cookie, a different one for each use.
fn derived(secret: &str, what: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(format!("candour sign-on {what} {secret}")).into();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads the settings file; secrets lie in files of their own.
fn read(file: &Path, address: &str) -> Result<SignOn, String> {
    let at = file.display();
    let text = std::fs::read_to_string(file).map_err(|e| format!("read `{at}`: {e}"))?;
    let parsed: File = toml::from_str(&text).map_err(|e| format!("`{at}`: {e}"))?;
    let mut providers = Providers::default();
    for (n, one) in parsed.organisation.iter().enumerate() {
        let wrong = |what: &str| format!("`{at}`, organisation `{}`: {what}", one.id);
        let plain = |id: &str| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if one.id.is_empty() || !plain(&one.id) {
            return Err(wrong("`id` is made of letters, digits and hyphens"));
        }
        if parsed.organisation[..n]
            .iter()
            .any(|other| other.id == one.id)
        {
            return Err(wrong("`id` is there twice"));
        }
        let domain = |d: &String| d.contains('.') && !d.contains('@') && *d == d.to_lowercase();
        if one.domains.is_empty() || !one.domains.iter().all(domain) {
            return Err(wrong(
                "`domains` names domains such as `council.example.org`, in small letters",
            ));
        }
        if one
            .second_factor
            .iter()
            .any(|word| ["pwd", "password"].contains(&word.as_str()))
        {
            return Err(wrong(
                "`second-factor` names what shows that a second factor was used: a password does not",
            ));
        }
        let issuer =
            IssuerUrl::new(one.issuer.clone()).map_err(|e| wrong(&format!("`issuer`: {e}")))?;
        if !fetch::may_reach(issuer.url().as_str()) {
            return Err(wrong(
                "`issuer` begins with https://, or with http:// on this machine",
            ));
        }
        let secret = file.with_file_name(&one.client_secret_file);
        let kept = std::fs::read_to_string(&secret).map_err(|e| {
            wrong(&format!(
                "read `client-secret-file` {}: {e}",
                secret.display()
            ))
        })?;
        if kept.trim().is_empty() {
            return Err(wrong("`client-secret-file` is empty"));
        }
        let back = format!("{}{}", address.trim_end_matches('/'), way_back(&one.id));
        let back = RedirectUrl::new(back).map_err(|e| format!("the address `{address}`: {e}"))?;
        providers.add(
            &one.id,
            back,
            issuer,
            ClientId::new(one.client_id.clone()),
            ClientSecret::new(kept.trim().to_owned()),
        );
    }
    Ok(SignOn {
        organisations: parsed.organisation,
        providers,
    })
}

impl Desk {
    /// Lets people sign on at the organisations that a file names. `address` is that of this server, as browsers know it.
    ///
    /// # Errors
    /// What is wrong with the file, with its name, the organisation, the key and what is expected.
    pub fn sign_on_at(&self, file: &Path, address: &str) -> Result<(), DeskError> {
        let sign_on = read(file, address).map_err(DeskError::Other)?;
        let _ = self.inner.sign_on.set(sign_on);
        Ok(())
    }

    /// The organisations at which one can sign on: id and name.
    pub fn sign_on_choices(&self) -> Vec<(String, String)> {
        let sign_on = self.inner.sign_on.get();
        let all = sign_on.map_or(&[][..], |s| s.organisations.as_slice());
        all.iter().map(|o| (o.id.clone(), o.name.clone())).collect()
    }

    fn organisation(&self, id: &str) -> Result<(&SignOn, &Organisation), DeskError> {
        let sign_on = self.inner.sign_on.get().ok_or(DeskError::NotThere)?;
        let found = sign_on.organisations.iter().find(|o| o.id == id);
        Ok((sign_on, found.ok_or(DeskError::NotThere)?))
    }

    /// Where the browser is sent to sign on. `again` asks the provider to prove anew who sits there.
    ///
    /// # Errors
    /// No such organisation; [`DeskError::Elsewhere`] when its provider does not answer.
    pub async fn send_on(&self, organisation: &str, again: bool) -> Result<SentOn, DeskError> {
        let (sign_on, found) = self.organisation(organisation)?;
        let secret = format!("{}{}{}", fresh()?, fresh()?, fresh()?);
        let to = sign_on.providers.address(&found.id, &secret, again).await?;
        Ok(SentOn { to, secret })
    }

    /// Whether an answer belongs to the browser that holds this secret.
    pub fn is_answer_to(&self, secret: &str, state: &str) -> bool {
        use subtle::ConstantTimeEq;
        let expected = derived(secret, "state");
        !secret.is_empty() && bool::from(expected.as_bytes().ct_eq(state.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[[organisation]]
id = "council"
name = "Merrowshire Council"
issuer = "https://login.example.org/tenant/v2.0"
client-id = "candour"
client-secret-file = "council.secret"
domains = ["merrowshire.example"]
"#;

    fn refused(text: &str) -> String {
        let dir = tempfile::tempdir().unwrap_or_else(|e| unreachable!("{e}"));
        let file = dir.path().join("sign-on.toml");
        let _ = std::fs::write(dir.path().join("council.secret"), "kept apart\n");
        let _ = std::fs::write(&file, text);
        read(&file, "https://candour.example.org").map_or_else(|e| e, |_| String::new())
    }

    #[test]
    fn a_file_with_a_mistake_is_refused_and_says_where_and_what_is_expected() {
        assert_eq!(refused(GOOD), "");
        for (from, to, said) in [
            (
                "https://login",
                "http://login",
                "`issuer` begins with https://",
            ),
            ("council.secret", "other.secret", "`client-secret-file`"),
            (
                "\"merrowshire.example\"",
                "\"@merrowshire.example\"",
                "`domains`",
            ),
            ("domains", "domain", "unknown field"),
            (
                "id = \"council\"",
                "id = \"the council\"",
                "`id` is made of",
            ),
            ("[\"merrowshire.example\"]", "[]", "`domains`"),
            (
                "client-id",
                "second-factor = [\"pwd\"]\nclient-id",
                "a password does not",
            ),
        ] {
            let told = refused(&GOOD.replacen(from, to, 1));
            assert!(told.contains(said), "{from} -> {to}: {told}");
        }
        assert!(refused(&GOOD.repeat(2)).contains("there twice"));
    }

    #[test]
    fn state_nonce_and_verifier_are_made_of_one_secret_and_tell_nothing_of_each_other() {
        let all = ["state", "nonce", "verifier"].map(|what| derived("secret", what));
        assert!(all.iter().all(|one| one.len() == 64));
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
        assert_eq!(derived("secret", "state"), all[0]);
        assert_ne!(derived("another", "state"), all[0]);
    }
}
