//! Signing on: a token that the organisation's key did not sign lets nobody in, however right it looks.
//! Who gets in, by a real provider, is walked in `tests/browser/sign-on.test.mjs`.

use base64ct::{Base64UrlUnpadded, Encoding};
use desk::DeskError;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::world::*;

const SECRET: &str = "a secret between two servers";

/// HMAC with SHA-256, as someone would make it who signs with what is no secret.
fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text);
    let outer = Sha256::new().chain_update(pad(0x5c));
    outer.chain_update(inner.finalize()).finalize().into()
}

fn part(json: &serde_json::Value) -> String {
    Base64UrlUnpadded::encode_string(json.to_string().as_bytes())
}

/// A provider that answers with its document, one key, and whatever token it is given.
async fn provider() -> (String, std::sync::Arc<std::sync::Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let token = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let (at, given) = (issuer.clone(), token.clone());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = vec![0u8; 8192];
            let read = stream.read(&mut asked).await.unwrap_or(0);
            let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
            let key = serde_json::json!({"kty": "RSA", "use": "sig", "kid": "one", "alg": "RS256", "n": part(&serde_json::json!("n".repeat(250))), "e": "AQAB"});
            let body = match asked.split(' ').nth(1).unwrap_or_default() {
                "/.well-known/openid-configuration" => serde_json::json!({
                    "issuer": at, "authorization_endpoint": format!("{at}/go"), "token_endpoint": format!("{at}/token"),
                    "jwks_uri": format!("{at}/keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                }),
                "/keys" => serde_json::json!({ "keys": [key] }),
                _ => {
                    serde_json::json!({"access_token": "x", "token_type": "Bearer", "id_token": *given.lock().unwrap()})
                }
            };
            let body = body.to_string();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (issuer, token)
}

#[tokio::test]
async fn a_token_that_the_organisations_key_did_not_sign_lets_nobody_in() {
    let world = World::new().await;
    let desk = &world.desk;
    let (issuer, token) = provider().await;
    let file = world.dir.path().join("sign-on.toml");
    std::fs::write(world.dir.path().join("one.secret"), SECRET).unwrap();
    let ivo = world.who("Ivo").person;
    let domain = ivo.email.split('@').nth(1).unwrap();
    std::fs::write(
        &file,
        format!("[[organisation]]\nid = \"one\"\nname = \"One\"\nissuer = \"{issuer}\"\nclient-id = \"candour\"\nclient-secret-file = \"one.secret\"\ndomains = [\"{domain}\"]\n"),
    )
    .unwrap();
    desk.sign_on_at(&file, "https://candour.example.org")
        .unwrap();
    let sent = desk.send_on("one", false).await.unwrap();
    for said in [
        "code_challenge_method=S256",
        "response_type=code",
        "nonce=",
        "state=",
    ] {
        assert!(sent.to.contains(said), "{}", sent.to);
    }
    assert!(!sent.to.contains(&sent.secret), "the secret stays here");
    let nonce = sent.to.split("nonce=").nth(1).unwrap();
    let nonce = nonce.split('&').next().unwrap();
    let now = jiff::Timestamp::now().as_second();
    let claims = serde_json::json!({
        "iss": issuer, "aud": "candour", "sub": "i-1", "iat": now, "exp": now + 300, "nonce": nonce,
        "email": ivo.email, "email_verified": true, "amr": ["mfa"],
    });
    for alg in ["none", "HS256", "RS256", "PS256", "ES256"] {
        let begun = format!(
            "{}.{}",
            part(&serde_json::json!({"alg": alg, "kid": "one"})),
            part(&claims)
        );
        let signature = match alg {
            "none" => String::new(),
            _ => Base64UrlUnpadded::encode_string(&hmac(SECRET.as_bytes(), begun.as_bytes())),
        };
        *token.lock().unwrap() = format!("{begun}.{signature}");
        let done = desk.signed_on("one", &sent.secret, "code", "net").await;
        assert!(
            matches!(done, Err(DeskError::NotSignedIn)),
            "{alg}: {done:?}"
        );
    }
    // Nobody is linked by any of them, and the failures count: the network waits in the end.
    assert_eq!(desk.sign_on_of(&ivo.id), None);
    *token.lock().unwrap() = "no token at all".into();
    let mut waits = false;
    for _ in 0..12 {
        let done = desk.signed_on("one", &sent.secret, "code", "net").await;
        waits |= matches!(done, Err(DeskError::TooManyAttempts(_)));
        assert!(done.is_err());
    }
    assert!(waits, "a network may try for ever");
}
