//! What every answer carries, whatever was asked: the policy for the browser, nothing to keep, nothing about the program;
//! what the cookies are; what other methods and other sites get; what is left in the browser after signing out.

#[expect(dead_code, reason = "what the tests of forms use too")]
#[path = "forms/house.rs"]
mod house;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use house::{House, PASSWORD};
use tower::ServiceExt;
use web::Https;

/// Why a test could not go on.
type Wrong = Box<dyn std::error::Error>;

fn router(house: &House, https: Https) -> axum::Router {
    web::router(web::page::App {
        desk: house.desk.clone(),
        https,
        demo: false,
    })
}

async fn ask(router: &axum::Router, request: Request<Body>) -> Result<Response<Body>, Wrong> {
    Ok(router.clone().oneshot(request).await?)
}

fn request(method: Method, path: &str, cookie: &str, body: &str) -> Result<Request<Body>, Wrong> {
    let form = "application/x-www-form-urlencoded";
    Ok(Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, form)
        .body(Body::from(body.to_owned()))?)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
}

fn protects(path: &str, answer: &Response<Body>) {
    let headers = answer.headers();
    let policy = text(headers, "content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    assert!(
        !policy.contains("unsafe") && !policy.contains('*'),
        "{path}"
    );
    assert_eq!(text(headers, "x-content-type-options"), "nosniff", "{path}");
    assert_eq!(text(headers, "x-frame-options"), "DENY", "{path}");
    assert_eq!(text(headers, "referrer-policy"), "same-origin", "{path}");
    for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
        assert_eq!(text(headers, name), "same-origin", "{path}");
    }
    if !path.starts_with("/assets/") {
        assert_eq!(text(headers, "cache-control"), "no-store", "{path}");
    }
    let kind = text(headers, "content-type");
    assert!(
        !kind.starts_with("text/") || kind.contains("charset=utf-8"),
        "{path}: {kind}"
    );
    for name in [
        "server",
        "x-powered-by",
        "via",
        "access-control-allow-origin",
    ] {
        assert!(!headers.contains_key(name), "{path} says {name}");
    }
}

#[tokio::test]
async fn every_answer_carries_what_protects_it_and_nothing_about_the_program() -> Result<(), Wrong>
{
    let house = House::new().await?;
    let router = router(&house, Https::Proxy);
    let signed_in = format!("__Host-candour={}", house.cookie("manager"));
    let page = house.get("manager", "/").await?;
    let style = page
        .text
        .split("href=\"/assets/")
        .nth(1)
        .and_then(|p| p.split('"').next());
    let style = format!("/assets/{}", style.ok_or("a page without a style")?);
    let paths = [
        "/".to_owned(),
        house.at("story"),
        house.at("documents/matrix.docx"),
        "/record/key".into(),
        "/cases/none".into(),
        "/no-such-page".into(),
        "/sign-in".into(),
        "/health".into(),
        "/ready".into(),
        "/r/%ff?x=%".into(),
        style,
    ];
    for path in &paths {
        for cookie in ["", &signed_in] {
            for (method, body) in [(Method::GET, ""), (Method::POST, "csrf=forged")] {
                let answer = ask(&router, request(method, path, cookie, body)?).await?;
                assert!(!answer.status().is_server_error(), "{path}");
                protects(path, &answer);
                let keep = text(answer.headers(), "strict-transport-security");
                assert!(keep.contains("max-age=31536000") && keep.contains("includeSubDomains"));
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn methods_that_no_page_uses_are_refused_and_repeat_nothing() -> Result<(), Wrong> {
    let house = House::new().await?;
    let router = router(&house, Https::Nobody);
    let cookie = format!("candour={}", house.cookie("manager"));
    for method in ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"] {
        for path in ["/", "/sign-in", &house.at("incident"), "/record/key"] {
            let method = Method::from_bytes(method.as_bytes())?;
            let answer = ask(&router, request(method, path, &cookie, "repeated")?).await?;
            let refused = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::FORBIDDEN];
            assert!(
                refused.contains(&answer.status()),
                "{path}: {}",
                answer.status()
            );
            let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await?;
            assert!(!String::from_utf8_lossy(&body).contains("repeated"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_change_that_another_site_asks_for_is_refused_whatever_it_brings() -> Result<(), Wrong> {
    let house = House::new().await?;
    let router = router(&house, Https::Nobody);
    let cookie = format!("candour={}", house.cookie("manager"));
    let path = house.at("incident/awareness");
    let form = house.filled("manager", &path, &[]).await?;
    let before = house.read().await?.version();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ] {
        let mut asked = request(Method::POST, &path, &cookie, &form)?;
        asked.headers_mut().insert(name, value.parse()?);
        let answer = ask(&router, asked).await?;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert_eq!(before, house.read().await?.version());
    Ok(())
}

#[tokio::test]
async fn over_https_every_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts()
-> Result<(), Wrong> {
    let house = House::new().await?;
    let router = router(&house, Https::Proxy);
    let form = format!(
        "email=manager%40formshire.example&password={}",
        PASSWORD.replace(' ', "+")
    );
    let answer = ask(&router, request(Method::POST, "/sign-in", "", &form)?).await?;
    let set: Vec<&str> = answer
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .collect();
    assert!(!set.is_empty());
    for cookie in set {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for part in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite="] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(
            !cookie.contains("Domain=") && cookie.len() < 4096,
            "{cookie}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn signing_out_ends_the_session_and_clears_what_the_browser_keeps() -> Result<(), Wrong> {
    let house = House::new().await?;
    let router = router(&house, Https::Nobody);
    let cookie = format!("candour={}", house.cookie("reader"));
    let page = house.get("reader", "/you").await?;
    // Signing out stands on every page.
    assert!(page.text.contains("action=\"/sign-out\""));
    let token = page
        .text
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|t| t.split('"').next());
    let form = format!("csrf={}", token.ok_or("no token")?);
    let answer = ask(&router, request(Method::POST, "/sign-out", &cookie, &form)?).await?;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        text(answer.headers(), "clear-site-data"),
        "\"cache\", \"storage\""
    );
    assert!(text(answer.headers(), "set-cookie").contains("Max-Age=0"));
    let again = house.get("reader", "/you").await?;
    assert!(again.to.starts_with("/sign-in"), "{:?}", again.status);
    Ok(())
}

/// What the log says, as the program writes it.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Ok(mut all) = self.0.lock() {
            all.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_is_refused_is_in_the_log_without_a_word_of_the_case() -> Result<(), Wrong> {
    let house = House::new().await?;
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(move || written.clone())
        .finish();
    let _until_the_end = tracing::subscriber::set_default(subscriber);
    let router = router(&house, Https::Nobody);
    let cookie = |who: &str| format!("candour={}", house.cookie(who));
    let get = |path: &str, who: &str| request(Method::GET, path, &cookie(who), "");
    let reader = house.actor("reader")?.person.id;
    let case = house.at("members");
    for (path, who) in [("/people", "reader"), ("/cases/no-such-case", "reader")] {
        ask(&router, get(path, who)?).await?;
    }
    // A form that another site sends, and a page that is granted.
    let forged = request(Method::POST, &case, &cookie("manager"), "what=add")?;
    ask(&router, forged).await?;
    ask(&router, get("/guidance", "reader")?).await?;
    let text = String::from_utf8(log.0.lock().map_err(|_| "the log broke")?.clone())?;
    let refused: Vec<&str> = (text.lines())
        .filter(|line| line.contains("candour::refused"))
        .collect();
    assert_eq!(refused.len(), 3, "{text}");
    assert!(refused[0].contains("\"/people\"") && refused[0].contains(&reader));
    assert!(refused[1].contains("\"/cases/{case}\"") && refused[1].contains("404"));
    assert!(refused[2].contains("/members") && refused[2].contains("403"));
    assert!(
        !text.contains(&house.case) && !text.contains("no-such-case"),
        "{text}"
    );
    Ok(())
}
