//! One request to a provider: https with the machine's own authorities, or http on this machine; no redirect is followed,
//! and an answer that is too long or too late is none.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use openidconnect::{HttpRequest, HttpResponse};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};

/// The longest answer: documents and keys are a few kilobytes.
const LONGEST: usize = 1024 * 1024;
/// How long all of a request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a provider could not be asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// An address that is not asked: not https, and not on this machine.
    #[error("the address `{0}` is not asked: it is not https")]
    Address(String),
    /// The connection failed.
    #[error("connect to `{0}`: {1}")]
    Connect(String, String),
    /// The answer failed.
    #[error("no whole answer from `{0}`: {1}")]
    Answer(String, String),
    /// It took too long.
    #[error("`{0}` did not answer in time")]
    Late(String),
}

/// The authorities that this machine trusts; read once.
static TRUST: LazyLock<Option<Arc<ClientConfig>>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    for one in rustls_native_certs::load_native_certs().certs {
        let _ = roots.add(one);
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().ok()?;
    Some(Arc::new(
        builder.with_root_certificates(roots).with_no_client_auth(),
    ))
});

/// Whether an address may be asked: https, or http on this machine.
pub(super) fn may_reach(address: &str) -> bool {
    let here = |host: &str| {
        host.trim_matches(['[', ']'])
            .parse()
            .map_or(host == "localhost", |ip: std::net::IpAddr| ip.is_loopback())
    };
    match address.parse::<hyper::Uri>() {
        Ok(uri) => match uri.scheme_str() {
            Some("https") => true,
            Some("http") => uri.host().is_some_and(here),
            _ => false,
        },
        Err(_) => false,
    }
}

/// Sends a request and gives the whole answer.
pub(super) async fn fetch(request: HttpRequest) -> Result<HttpResponse, FetchError> {
    let host = request.uri().host().unwrap_or_default().to_owned();
    match tokio::time::timeout(PATIENCE, send(request, &host)).await {
        Ok(done) => done,
        Err(_) => Err(FetchError::Late(host)),
    }
}

async fn send(request: HttpRequest, host: &str) -> Result<HttpResponse, FetchError> {
    let uri = request.uri().clone();
    if !may_reach(&uri.to_string()) {
        return Err(FetchError::Address(uri.to_string()));
    }
    let failed = |e: &dyn std::fmt::Display| FetchError::Connect(host.to_owned(), e.to_string());
    let secure = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let bare = host.trim_matches(['[', ']']);
    let tcp = TcpStream::connect((bare, port))
        .await
        .map_err(|e| failed(&e))?;
    if !secure {
        return ask(tcp, request, host).await;
    }
    let trust = TRUST.clone().ok_or_else(|| failed(&"no TLS"))?;
    let name = ServerName::try_from(bare.to_owned()).map_err(|e| failed(&e))?;
    let tls = TlsConnector::from(trust).connect(name, tcp).await;
    ask(tls.map_err(|e| failed(&e))?, request, host).await
}

async fn ask<S>(stream: S, request: HttpRequest, host: &str) -> Result<HttpResponse, FetchError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let failed = |e: &dyn std::fmt::Display| FetchError::Answer(host.to_owned(), e.to_string());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|e| failed(&e))?;
    let driven = tokio::spawn(connection);
    let (mut parts, body) = request.into_parts();
    let authority = parts.uri.authority().map(|a| a.as_str().to_owned());
    let value = hyper::header::HeaderValue::from_str(&authority.unwrap_or_default());
    parts
        .headers
        .insert(hyper::header::HOST, value.map_err(|e| failed(&e))?);
    let path = parts
        .uri
        .path_and_query()
        .map_or("/", |p| p.as_str())
        .parse();
    parts.uri = path.map_err(|e| failed(&e))?;
    let request = hyper::Request::from_parts(parts, Full::new(Bytes::from(body)));
    let answer = sender.send_request(request).await.map_err(|e| failed(&e))?;
    let (parts, body) = answer.into_parts();
    let whole = Limited::new(body, LONGEST)
        .collect()
        .await
        .map_err(|e| failed(&e))?;
    driven.abort();
    Ok(HttpResponse::from_parts(parts, whole.to_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::may_reach;

    #[test]
    fn only_https_is_asked_and_http_on_this_machine() {
        for yes in [
            "https://login.example.org/x",
            "http://127.0.0.1:8080",
            "http://localhost/",
            "http://[::1]:1/",
        ] {
            assert!(may_reach(yes), "{yes}");
        }
        for no in [
            "http://login.example.org",
            "ftp://127.0.0.1",
            "http://127.0.0.1.example.org",
            "login",
            "",
        ] {
            assert!(!may_reach(no), "{no}");
        }
    }
}
