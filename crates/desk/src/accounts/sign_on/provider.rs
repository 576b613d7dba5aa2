//! The providers of the organisations: their documents and keys, and an answer turned into who signed on, or into a refusal.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, IssuerUrl,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse,
};

use super::derived;
use super::fetch::fetch;
use crate::error::DeskError;

/// A document is read again after this, so that a provider that moves is followed.
const RENEWED: Duration = Duration::from_secs(6 * 3600);
/// For a key that is not known the document is read again at most this often.
const AT_MOST: Duration = Duration::from_secs(10);
/// By how much the clocks of two servers may differ.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

/// What an answer says of who signed on.
#[derive(Debug)]
pub(super) struct Vouched {
    pub issuer: String,
    pub subject: String,
    pub email: Option<String>,
    pub email_verified: bool,
    /// How they proved who they are.
    pub methods: Vec<String>,
    /// When they last did (seconds since 1970), if it says so.
    pub proved_at: Option<i64>,
}

struct Provider {
    back: RedirectUrl,
    issuer: IssuerUrl,
    client: ClientId,
    secret: ClientSecret,
    known: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

/// The providers by organisation.
#[derive(Default)]
pub(super) struct Providers {
    all: HashMap<String, Provider>,
}

/// The provider does not answer as it should; what exactly stands in the log, without anyone's words.
fn elsewhere(error: &dyn std::fmt::Display) -> DeskError {
    tracing::warn!(%error, "a provider of sign-in could not be used");
    DeskError::Elsewhere
}

/// An answer that proves nothing.
fn unproved(error: &dyn std::fmt::Display) -> DeskError {
    tracing::warn!(%error, "an answer of a provider of sign-in was refused");
    DeskError::NotSignedIn
}

impl Provider {
    /// Its document with its keys; read again when it is older than `age`.
    async fn document(&self, age: Duration) -> Result<Arc<CoreProviderMetadata>, DeskError> {
        let known = self.known.lock().ok().and_then(|known| known.clone());
        if let Some((at, document)) = known
            && at.elapsed() < age
        {
            return Ok(document);
        }
        let read = CoreProviderMetadata::discover_async(self.issuer.clone(), &fetch)
            .await
            .map_err(|e| elsewhere(&e))?;
        let read = Arc::new(read);
        if let Ok(mut known) = self.known.lock() {
            *known = Some((Instant::now(), read.clone()));
        }
        Ok(read)
    }
}

impl Providers {
    pub(super) fn add(
        &mut self,
        id: &str,
        back: RedirectUrl,
        issuer: IssuerUrl,
        client: ClientId,
        secret: ClientSecret,
    ) {
        let provider = Provider {
            back,
            issuer,
            client,
            secret,
            known: Mutex::new(None),
        };
        self.all.insert(id.to_owned(), provider);
    }

    fn of(&self, id: &str) -> Result<&Provider, DeskError> {
        self.all.get(id).ok_or(DeskError::NotThere)
    }

    /// The address at the provider; everything in it that has to be known again is derived from the secret.
    pub(super) async fn address(
        &self,
        id: &str,
        secret: &str,
        again: bool,
    ) -> Result<String, DeskError> {
        let provider = self.of(id)?;
        let document = provider.document(RENEWED).await?;
        let client = CoreClient::from_provider_metadata(
            (*document).clone(),
            provider.client.clone(),
            Some(provider.secret.clone()),
        )
        .set_redirect_uri(provider.back.clone());
        let (state, nonce) = (derived(secret, "state"), derived(secret, "nonce"));
        let verifier = PkceCodeVerifier::new(derived(secret, "verifier"));
        let mut asked = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if again {
            asked = asked
                .add_prompt(CoreAuthPrompt::Login)
                .set_max_age(Duration::ZERO);
        }
        Ok(asked.url().0.to_string())
    }

    /// What an answer says, once its code was exchanged and its token verified.
    pub(super) async fn vouched(
        &self,
        id: &str,
        secret: &str,
        code: &str,
    ) -> Result<Vouched, DeskError> {
        let provider = self.of(id)?;
        let mut document = provider.document(RENEWED).await?;
        let answer = exchange(provider, &document, secret, code).await?;
        let claims = match claims(provider, &document, &answer, secret) {
            // A key that is not known may be a new one.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                document = provider.document(AT_MOST).await?;
                claims(provider, &document, &answer, secret)
            }
            other => other,
        };
        let claims = claims.map_err(|e| unproved(&e))?;
        let mut vouched = Vouched {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            email: claims.email().map(|e| e.to_string()),
            email_verified: claims.email_verified() == Some(true),
            methods: claims.auth_method_refs().map_or_else(Vec::new, |list| {
                list.iter().map(|method| method.to_string()).collect()
            }),
            proved_at: claims.auth_time().map(|at| at.timestamp()),
        };
        if vouched.email.is_none() {
            self.ask_for_address(provider, &document, &answer, &mut vouched)
                .await;
        }
        Ok(vouched)
    }

    /// The address, where the provider gives it at its own address only; that it does not is no failure.
    async fn ask_for_address(
        &self,
        provider: &Provider,
        document: &CoreProviderMetadata,
        answer: &CoreTokenResponse,
        vouched: &mut Vouched,
    ) {
        let client = CoreClient::from_provider_metadata(
            document.clone(),
            provider.client.clone(),
            Some(provider.secret.clone()),
        );
        let subject = openidconnect::SubjectIdentifier::new(vouched.subject.clone());
        let Ok(request) = client.user_info(answer.access_token().clone(), Some(subject)) else {
            return;
        };
        let said: Result<CoreUserInfoClaims, _> = request.request_async(&fetch).await;
        match said {
            Ok(said) => {
                vouched.email = said.email().map(|e| e.to_string());
                vouched.email_verified = said.email_verified() == Some(true);
            }
            Err(error) => tracing::warn!(%error, "a provider of sign-in did not say the address"),
        }
    }
}

/// Exchanges the code of an answer.
async fn exchange(
    provider: &Provider,
    document: &CoreProviderMetadata,
    secret: &str,
    code: &str,
) -> Result<CoreTokenResponse, DeskError> {
    let client = CoreClient::from_provider_metadata(
        document.clone(),
        provider.client.clone(),
        Some(provider.secret.clone()),
    )
    .set_redirect_uri(provider.back.clone());
    client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(|e| elsewhere(&e))?
        .set_pkce_verifier(PkceCodeVerifier::new(derived(secret, "verifier")))
        .request_async(&fetch)
        .await
        .map_err(|e| match e {
            openidconnect::RequestTokenError::Request(e) => elsewhere(&e),
            other => unproved(&other),
        })
}

/// Verifies the token of an answer: issuer, audience, signature by a key of the provider, time, nonce.
fn claims<'a>(
    provider: &Provider,
    document: &CoreProviderMetadata,
    answer: &'a CoreTokenResponse,
    secret: &str,
) -> Result<&'a CoreIdTokenClaims, ClaimsVerificationError> {
    let client = CoreClient::from_provider_metadata(
        document.clone(),
        provider.client.clone(),
        Some(provider.secret.clone()),
    );
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs([
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        ])
        .set_time_fn(|| {
            let now = std::time::SystemTime::now();
            now.checked_sub(CLOCKS_DIFFER).unwrap_or(now).into()
        });
    let token = answer
        .id_token()
        .ok_or_else(|| ClaimsVerificationError::Other("no id token".into()))?;
    token.claims(&verifier, &Nonce::new(derived(secret, "nonce")))
}
