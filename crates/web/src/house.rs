//! Several partnerships in one program, each with its own record, people and cookies, told apart by the name of the host that is asked.
//! A name that is none of theirs is answered with a page that tells nothing.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use tower::ServiceExt;

use crate::layout;
use crate::page::App;
use crate::router;

/// A partnership and where it is.
#[derive(Debug, Clone)]
pub struct Site {
    /// The name of its host, as [`name_of_host`] writes it.
    pub host: String,
    /// What answers there; none while it cannot be opened.
    pub app: Option<App>,
}

/// The name of a host as it is compared: small letters, without the port and without a dot at its end. None when it is no name.
pub fn name_of_host(text: &str) -> Option<String> {
    let name = match text.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        Some(_) => return None,
        None => text,
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    (!name.is_empty() && name.len() <= 253 && name.bytes().all(plain))
        .then(|| name.to_ascii_lowercase())
}

/// The host that a request names; none when it names none, or two that differ. What a proxy says of it elsewhere is not looked at.
fn host_of(request: &Request) -> Option<String> {
    let mut headers = request.headers().get_all(header::HOST).iter();
    let named = headers.next().and_then(|value| value.to_str().ok());
    if headers.next().is_some() {
        return None;
    }
    let named = named.map(name_of_host);
    let asked = request.uri().authority().map(|a| name_of_host(a.as_str()));
    match (named, asked) {
        (Some(named), None) => named,
        (Some(named), Some(asked)) if named == asked => named,
        _ => None,
    }
}

/// The router of several partnerships.
pub fn house(sites: Vec<Site>) -> Router {
    let apps: Vec<App> = sites.iter().filter_map(|site| site.app.clone()).collect();
    let open = apps.len() == sites.len();
    let routers: HashMap<String, Option<Router>> = sites
        .into_iter()
        .map(|site| (site.host, site.app.map(router)))
        .collect();
    let (routers, apps) = (Arc::new(routers), Arc::new(apps));
    Router::new().fallback(move |request: Request| {
        let (routers, apps) = (routers.clone(), apps.clone());
        async move {
            let host = host_of(&request);
            match host.and_then(|host| routers.get(&host)) {
                Some(Some(router)) => match router.clone().oneshot(request).await {
                    Ok(response) => response,
                    Err(never) => match never {},
                },
                Some(None) => away(),
                None if request.uri().path() == "/ready" => ready(open, &apps).await,
                None => nobody(),
            }
        }
    })
}

/// For whoever watches over the machine and asks by its number: whether all of them are there, and nothing of any.
async fn ready(open: bool, apps: &[App]) -> Response {
    for app in apps {
        if app.desk.not_ready().await.is_some() {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
    match open {
        true => StatusCode::OK.into_response(),
        false => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn nobody() -> Response {
    let words = html! {
        h1.govuk-heading-l { "There is nothing here" }
        p.govuk-body { "Look at the address, or ask whoever gave it to you." }
    };
    plain(
        StatusCode::MISDIRECTED_REQUEST,
        "There is nothing here",
        words,
    )
}

fn away() -> Response {
    let words = html! {
        h1.govuk-heading-l { "This partnership cannot be reached at the moment" }
        p.govuk-body { "Whoever runs the server has been told in its log. Try again later." }
    };
    plain(
        StatusCode::SERVICE_UNAVAILABLE,
        "This partnership cannot be reached at the moment",
        words,
    )
}

fn plain(status: StatusCode, title: &str, body: maud::Markup) -> Response {
    let policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    let headers = [
        ("content-security-policy", policy),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ];
    (status, headers, layout::bare(title, body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_compared_without_its_port_its_case_and_its_last_dot() {
        for (text, name) in [
            ("Merrow.Example", Some("merrow.example")),
            ("merrow.example:8443", Some("merrow.example")),
            ("merrow.example.", Some("merrow.example")),
            ("merrow.example.:443", Some("merrow.example")),
            ("", None),
            (":80", None),
            ("merrow.example:port", None),
            ("merrow example", None),
            ("merrow.example/x", None),
            ("user@merrow.example", None),
            ("[::1]:80", None),
        ] {
            assert_eq!(name_of_host(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn a_request_that_names_two_hosts_names_none() {
        let asks = |uri: &str, hosts: &[&str]| {
            let mut request = Request::builder().uri(uri);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            host_of(&request.body(axum::body::Body::empty()).unwrap())
        };
        let merrow = Some("merrow.example".to_owned());
        assert_eq!(asks("/", &["merrow.example"]), merrow);
        assert_eq!(
            asks("http://merrow.example/", &["merrow.example:80"]),
            merrow
        );
        assert_eq!(asks("http://other.example/", &["merrow.example"]), None);
        assert_eq!(asks("/", &["merrow.example", "other.example"]), None);
        assert_eq!(asks("/", &[]), None);
    }
}
