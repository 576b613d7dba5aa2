//! Documents as files, asked for as a browser asks: what arrives whole is in the case, what does not leaves nothing behind,
//! and a file is handed out to be saved and never to be shown.

#[path = "../../desk/tests/shared/signed_in.rs"]
mod signed_in;

use std::path::PathBuf;

use access::Role;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, StatusCode, header};
use desk::{Clock, Desk, NewCase, NewPerson, Setup};
use futures_util::stream;
use tower::ServiceExt;

type Wrong = Box<dyn std::error::Error>;

const PASSWORD: &str = "lantern meadow oak";
const SETTINGS: &str = r#"name = "Fileshire Safeguarding Children Partnership"
short = "FIL"
area = "Fileshire"
largest-file = 1
[front-door]
front-door = "01632 960001"
out-of-hours = "01632 960002"
emergency = "999"
[[partners]]
id = "local-authority"
[[partners.bodies]]
id = "council"
name = "Fileshire Council"
[[partners]]
id = "health"
[[partners.bodies]]
id = "icb"
name = "NHS Fileshire Integrated Care Board"
[[partners]]
id = "police"
[[partners.bodies]]
id = "police"
name = "Fileshire Police"
"#;
const MARK: &str = "----candour-test-mark";

struct House {
    desk: Desk,
    router: axum::Router,
    cookie: String,
    stranger: String,
    case: String,
    folder: tempfile::TempDir,
}

async fn house() -> Result<House, Wrong> {
    let folder = tempfile::tempdir()?;
    let person = |name: &str, role| NewPerson {
        name: name.into(),
        email: format!("{name}@fileshire.example"),
        role,
        seat: None,
        agency: None,
        password: PASSWORD.into(),
    };
    let setup = Setup {
        settings: SETTINGS.into(),
        people: vec![
            person("manager", Role::BusinessManager),
            person("stranger", Role::Chair),
        ],
    };
    let desk = Desk::create(&folder.path().join("data"), Clock::real(), setup).await?;
    let manager = desk
        .person_by_email("manager@fileshire.example")
        .ok_or("no manager")?;
    let new = NewCase {
        danger: cases::incident::Danger::No,
        danger_action: String::new(),
        old_reference: None,
        heard_on: None,
        under_way: false,
        members: Vec::new(),
        known: Vec::new(),
    };
    let case = desk
        .open_case(&desk.actor(&manager), new)
        .await?
        .case
        .id
        .clone();
    let cookie = signed_in::sign_in(&desk, "manager@fileshire.example", PASSWORD).await?;
    let stranger = signed_in::sign_in(&desk, "stranger@fileshire.example", PASSWORD).await?;
    let router = web::router(web::page::App {
        desk: desk.clone(),
        https: web::Https::Nobody,
        demo: false,
    });
    Ok(House {
        desk,
        router,
        cookie: cookie.secret,
        stranger: stranger.secret,
        case,
        folder,
    })
}

/// One part of a form: its name, the name of its file if it is one, and what it holds.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map_or(String::new(), |f| {
            format!("; filename=\"{f}\"\r\nContent-Type: application/octet-stream")
        });
        let head =
            format!("--{MARK}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{MARK}--\r\n").as_bytes());
    body
}

impl House {
    fn path(&self, rest: &str) -> String {
        format!("/cases/{}/documents{rest}", self.case)
    }

    async fn send(
        &self,
        request: axum::http::request::Builder,
        cookie: &str,
        body: Body,
    ) -> Result<Response<Body>, Wrong> {
        let request = request
            .header(header::HOST, "localhost")
            .header(header::COOKIE, format!("candour={cookie}"));
        Ok(self.router.clone().oneshot(request.body(body)?).await?)
    }

    async fn get(&self, path: &str, cookie: &str) -> Result<Response<Body>, Wrong> {
        self.send(Request::get(path), cookie, Body::empty()).await
    }

    /// The two hidden fields of a freshly opened form.
    async fn hidden(&self) -> Result<(String, String), Wrong> {
        let page = text(self.get(&self.path("/add"), &self.cookie).await?).await?;
        let value = |name: &str| {
            let mark = format!("name=\"{name}\" value=\"");
            // The bar above has a token of its own; both are ours.
            page.rsplit_once(&mark)
                .and_then(|(_, rest)| rest.split('"').next())
                .map(str::to_owned)
        };
        Ok((
            value("csrf").ok_or("no token")?,
            value("form-token").ok_or("no form token")?,
        ))
    }

    /// Posts a form as a browser does, with its length.
    async fn post(&self, body: Vec<u8>) -> Result<Response<Body>, Wrong> {
        let request = Request::post(self.path("/add"))
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={MARK}"),
            )
            .header(header::CONTENT_LENGTH, body.len());
        self.send(request, &self.cookie, Body::from(body)).await
    }

    /// Adds a file under a title.
    async fn add(&self, title: &str, name: &str, content: &[u8]) -> Result<Response<Body>, Wrong> {
        let (csrf, token) = self.hidden().await?;
        self.post(form(&[
            ("csrf", None, csrf.as_bytes()),
            ("form-token", None, token.as_bytes()),
            ("title", None, title.as_bytes()),
            ("file", Some(name), content),
        ]))
        .await
    }

    /// What lies in the folder of files, and how many documents the case has.
    async fn there(&self) -> Result<(usize, usize), Wrong> {
        let files: PathBuf = self.folder.path().join("data/files");
        let manager = self
            .desk
            .person_by_email("manager@fileshire.example")
            .ok_or("no manager")?;
        let view = self
            .desk
            .view(
                &self.desk.actor(&manager),
                &self.case,
                access::Act::ReadCase,
                "test",
            )
            .await?;
        Ok((
            std::fs::read_dir(files)?.count(),
            view.case.documents.list.len(),
        ))
    }

    async fn only(&self) -> Result<String, Wrong> {
        let page = text(self.get(&self.path(""), &self.cookie).await?).await?;
        let (_, rest) = page
            .split_once("/documents/files/")
            .ok_or("no document on the page")?;
        Ok(rest.chars().take(32).collect())
    }
}

async fn text(answer: Response<Body>) -> Result<String, Wrong> {
    let bytes = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn pdf(length: usize) -> Vec<u8> {
    let mut content = b"%PDF-1.7\n".to_vec();
    content.extend((content.len()..length).map(|n| (n % 251) as u8));
    content
}

#[tokio::test]
async fn a_file_is_added_listed_and_handed_out_to_be_saved() -> Result<(), Wrong> {
    let house = house().await?;
    let content = pdf(700_000);
    let answer = house
        .add(
            "Chronology <of> the ward",
            "../../Wren \u{202e}Hollins.pdf",
            &content,
        )
        .await?;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()[header::LOCATION], house.path(""));
    let page = text(house.get(&house.path(""), &house.cookie).await?).await?;
    assert!(page.contains("Chronology &lt;of&gt; the ward"));
    assert!(
        !page.contains("Hollins"),
        "the name of a file is shown only with names"
    );
    let file = house.only().await?;
    let answer = house
        .get(&house.path(&format!("/files/{file}")), &house.cookie)
        .await?;
    assert_eq!(answer.status(), StatusCode::OK);
    let head = answer.headers().clone();
    assert_eq!(head[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(
        head[header::CONTENT_LENGTH],
        content.len().to_string().as_str()
    );
    let disposition = head[header::CONTENT_DISPOSITION].to_str()?;
    assert!(
        disposition.starts_with("attachment; filename=\"FIL-") && disposition.ends_with(".pdf\""),
        "{disposition}"
    );
    assert_eq!(head["x-content-type-options"], "nosniff");
    assert_eq!(head[header::CACHE_CONTROL], "no-store");
    let bytes = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
    assert_eq!(bytes.as_ref(), content);

    // For anyone else there is nothing, and nothing is told.
    for path in [
        "",
        "/add",
        &format!("/files/{file}"),
        &format!("/files/{file}/withdraw"),
    ] {
        let answer = house.get(&house.path(path), &house.stranger).await?;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    for trick in [
        "..%2f..%2fmaster.key",
        "%2e%2e",
        "ffffffffffffffffffffffffffffffff",
        "x",
    ] {
        let answer = house
            .get(&house.path(&format!("/files/{trick}")), &house.cookie)
            .await?;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{trick}");
    }
    Ok(())
}

#[tokio::test]
async fn a_form_sent_twice_adds_one_document() -> Result<(), Wrong> {
    let house = house().await?;
    let (csrf, token) = house.hidden().await?;
    let content = pdf(1000);
    let body = form(&[
        ("csrf", None, csrf.as_bytes()),
        ("form-token", None, token.as_bytes()),
        ("title", None, b"Chronology"),
        ("file", Some("a.pdf"), &content),
    ]);
    assert_eq!(
        house.post(body.clone()).await?.status(),
        StatusCode::SEE_OTHER
    );
    let again = house.post(body).await?;
    assert_eq!(again.status(), StatusCode::SEE_OTHER);
    assert_eq!(again.headers()[header::LOCATION], house.path(""));
    assert_eq!(house.there().await?.1, 1);
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_with_every_word_kept() -> Result<(), Wrong> {
    let house = house().await?;
    let (csrf, token) = house.hidden().await?;
    let content = pdf(1000);
    let body = form(&[
        ("csrf", None, csrf.as_bytes()),
        ("form-token", None, token.as_bytes()),
        ("title", None, b""),
        ("source", None, b"Tilbrook Hospital"),
        ("file", Some("a.pdf"), &content),
    ]);
    let answer = house.post(body).await?;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(answer).await?;
    assert!(page.contains("Enter the title of the document") && page.contains("Tilbrook Hospital"));
    assert!(page.contains("Choose the file again"));
    let page = text(house.get(&house.path("/add"), &house.cookie).await?).await?;
    assert!(
        page.contains("Tilbrook Hospital"),
        "what was typed is kept as a draft"
    );

    for (name, content, words) in [
        ("", &b""[..], "Choose the file to add"),
        ("empty.pdf", b"", "not empty"),
        (
            "page.pdf",
            b"<html><script>alert(1)</script>",
            "none of these by its content",
        ),
        (
            "drawing.svg",
            b"<svg xmlns='x' onload='alert(1)'/>",
            "none of these by its content",
        ),
    ] {
        let answer = house.add("Chronology", name, content).await?;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(text(answer).await?.contains(words), "{name}");
    }
    assert_eq!(house.there().await?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn a_file_too_large_is_refused_before_it_is_read_and_also_when_its_length_is_not_said()
-> Result<(), Wrong> {
    let house = house().await?;
    let (csrf, token) = house.hidden().await?;
    let content = pdf(3 * 1024 * 1024);
    let body = form(&[
        ("csrf", None, csrf.as_bytes()),
        ("form-token", None, token.as_bytes()),
        ("title", None, b"Recording"),
        ("file", Some("a.pdf"), &content),
    ]);
    // Nothing is ever sent here: an answer that waited for the body would not come.
    let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    let request = Request::post(house.path("/add"))
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={MARK}"),
        )
        .header(header::CONTENT_LENGTH, body.len());
    let answer = house.send(request, &house.cookie, never).await?;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text(answer).await?.contains("at most 1 MB"));
    let parts: Vec<Result<Bytes, std::io::Error>> = body
        .chunks(60_000)
        .map(|c| Ok(Bytes::copy_from_slice(c)))
        .collect();
    let request = Request::post(house.path("/add")).header(
        header::CONTENT_TYPE,
        format!("multipart/form-data; boundary={MARK}"),
    );
    let answer = house
        .send(
            request,
            &house.cookie,
            Body::from_stream(stream::iter(parts)),
        )
        .await?;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(answer).await?.contains("at most 1 MB"));
    assert_eq!(house.there().await?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn an_upload_whose_connection_breaks_at_every_64_kib_leaves_nothing() -> Result<(), Wrong> {
    let house = house().await?;
    let (csrf, token) = house.hidden().await?;
    let content = pdf(900_000);
    let body = form(&[
        ("csrf", None, csrf.as_bytes()),
        ("form-token", None, token.as_bytes()),
        ("title", None, b"Recording"),
        ("file", Some("a.pdf"), &content),
    ]);
    let mut cuts: Vec<usize> = (0..body.len()).step_by(64 * 1024).collect();
    // In the words, in the last line of the file, and before the very last mark is whole.
    cuts.extend([40, 200, body.len() - 60, body.len() - 5]);
    for cut in cuts {
        let parts: Vec<Result<Bytes, std::io::Error>> = body[..cut]
            .chunks(10_000)
            .map(|c| Ok(Bytes::copy_from_slice(c)))
            .chain([Err(std::io::ErrorKind::ConnectionReset.into())])
            .collect();
        let request = Request::post(house.path("/add"))
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={MARK}"),
            )
            .header(header::CONTENT_LENGTH, body.len());
        let answer = house
            .send(
                request,
                &house.cookie,
                Body::from_stream(stream::iter(parts)),
            )
            .await?;
        assert!(
            answer.status().is_client_error(),
            "after {cut}: {}",
            answer.status()
        );
        assert_eq!(house.there().await?.1, 0, "after {cut}");
        house.desk.sweep_files(std::time::Duration::ZERO).await?;
        assert_eq!(house.there().await?.0, 0, "after {cut}");
    }
    // The same form may be sent again.
    assert_eq!(house.post(body).await?.status(), StatusCode::SEE_OTHER);
    assert_eq!(house.there().await?, (1, 1));
    Ok(())
}

#[tokio::test]
async fn a_form_that_is_not_ours_or_comes_too_late_adds_nothing() -> Result<(), Wrong> {
    let house = house().await?;
    let content = pdf(1000);
    let forged = form(&[
        ("title", None, b"Chronology"),
        ("file", Some("a.pdf"), &content),
    ]);
    assert_eq!(
        house.post(forged.clone()).await?.status(),
        StatusCode::FORBIDDEN
    );
    let request = Request::post(house.path("/add"))
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={MARK}"),
        )
        .header("sec-fetch-site", "cross-site");
    let answer = house
        .send(request, &house.cookie, Body::from(forged.clone()))
        .await?;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    // Signed out meanwhile: the words go to the page for signing in, the file is not read.
    let request = Request::post(house.path("/add")).header(
        header::CONTENT_TYPE,
        format!("multipart/form-data; boundary={MARK}"),
    );
    let answer = house.send(request, "nobody", Body::from(forged)).await?;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(text(answer).await?.contains("title=Chronology"));
    assert_eq!(house.there().await?, (0, 0));
    Ok(())
}
