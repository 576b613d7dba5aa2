//! What keeps the doors: where signing in leads, what a refused request says, and what happens when a browser goes away.

#[path = "../../desk/tests/shared/signed_in.rs"]
mod signed_in;

use std::time::Duration;

use access::Role;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use desk::{Clock, Desk, NewCase, NewPerson, Setup};
use tower::ServiceExt;

type Wrong = Box<dyn std::error::Error>;

const PASSWORD: &str = "lantern meadow oak";
const EMAIL: &str = "manager@doorshire.example";
const SETTINGS: &str = r#"name = "Doorshire Safeguarding Children Partnership"
short = "DOO"
area = "Doorshire"
[front-door]
front-door = "01632 960001"
out-of-hours = "01632 960002"
emergency = "999"
[[partners]]
id = "local-authority"
[[partners.bodies]]
id = "council"
name = "Doorshire Council"
[[partners]]
id = "health"
[[partners.bodies]]
id = "icb"
name = "NHS Doorshire Integrated Care Board"
[[partners]]
id = "police"
[[partners.bodies]]
id = "police"
name = "Doorshire Police"
"#;

struct House {
    desk: Desk,
    router: axum::Router,
    cookie: String,
    case: String,
    _folder: tempfile::TempDir,
}

async fn house() -> Result<House, Wrong> {
    let folder = tempfile::tempdir()?;
    let manager = NewPerson {
        name: "Ada Fernleigh".into(),
        email: EMAIL.into(),
        role: Role::BusinessManager,
        seat: None,
        agency: None,
        password: PASSWORD.into(),
    };
    let setup = Setup {
        settings: SETTINGS.into(),
        people: vec![manager],
    };
    let desk = Desk::create(&folder.path().join("data"), Clock::real(), setup).await?;
    let actor = desk.actor(&desk.person_by_email(EMAIL).ok_or("no manager")?);
    let new = NewCase {
        danger: cases::incident::Danger::No,
        danger_action: String::new(),
        old_reference: None,
        heard_on: None,
        under_way: false,
        members: Vec::new(),
        known: Vec::new(),
    };
    let case = desk.open_case(&actor, new).await?.case.id.clone();
    let cookie = signed_in::sign_in(&desk, EMAIL, PASSWORD).await?.secret;
    let router = web::router(web::page::App {
        desk: desk.clone(),
        https: web::Https::Nobody,
        demo: false,
    });
    Ok(House {
        desk,
        router,
        cookie,
        case,
        _folder: folder,
    })
}

impl House {
    fn post(&self, path: &str, body: String) -> Result<Request<Body>, Wrong> {
        Ok(Request::post(path)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, format!("candour={}", self.cookie))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))?)
    }

    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, Wrong> {
        Ok(self.router.clone().oneshot(request).await?)
    }

    async fn get(&self, path: &str) -> Result<(StatusCode, String), Wrong> {
        let request = Request::get(path)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, format!("candour={}", self.cookie))
            .body(Body::empty())?;
        let answer = self.send(request).await?;
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The cookie between the two steps, and a code on paper for the second.
    async fn code(&self, first: &Response<Body>) -> Result<(String, String), Wrong> {
        let half = first.headers().get(header::SET_COOKIE).ok_or("no cookie")?;
        let half = half.to_str()?.trim_start_matches("candour-step=");
        let person = self.desk.person_by_email(EMAIL).ok_or("nobody")?;
        let actor = self.desk.actor(&person);
        let codes = self.desk.new_recovery_codes(&actor);
        let code = codes.await?.pop().ok_or("no code")?;
        Ok((half.split(';').next().unwrap_or_default().to_owned(), code))
    }

    async fn hidden(&self, path: &str, field: &str) -> Result<String, Wrong> {
        let (_, page) = self.get(path).await?;
        let form = page
            .split("data-keep")
            .nth(1)
            .ok_or("the page has no form")?;
        form.split(&format!("name=\"{field}\" value=\""))
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .map(str::to_owned)
            .ok_or_else(|| format!("the form has no {field}").into())
    }
}

#[tokio::test]
async fn a_passkey_that_proves_nothing_signs_nobody_in_with_the_same_words_and_what_was_asked_is_answered_once()
-> Result<(), Wrong> {
    let house = house().await?;
    // Without an address there are no passkeys, and the page does not speak of them.
    let (_, page) = house.get("/sign-in").await?;
    assert!(!page.contains("data-passkey"), "{page}");
    let none = house.post("/sign-in/passkey", String::new())?;
    assert_eq!(house.send(none).await?.status(), StatusCode::NOT_FOUND);
    for wrong in [
        "http://candour.example.org",
        "https://192.0.2.7",
        "https://a.example/b",
        "candour",
    ] {
        assert!(house.desk.use_passkeys_at(wrong).is_err(), "{wrong}");
    }
    house.desk.use_passkeys_at("https://candour.example.org")?;
    let (_, page) = house.get("/sign-in").await?;
    assert!(page.contains("data-passkey-at=\"https://candour.example.org\""));

    let ask = || house.desk.ask_to_sign_in("192.0.2.1");
    let (one, other) = (ask().await?, ask().await?);
    assert_ne!(one.ceremony, other.ceremony);
    assert_ne!(one.options, other.options);
    let mut said = Vec::new();
    let unknown = r#"{"id":"AAAA","rawId":"AAAA","type":"public-key","extensions":{},"response":{"authenticatorData":"AAAA","clientDataJSON":"e30","signature":"AAAA","userHandle":"AAAA"}}"#;
    for (ceremony, answer) in [
        (one.ceremony.as_str(), unknown),
        (one.ceremony.as_str(), unknown),
        (other.ceremony.as_str(), "not JSON"),
        ("never asked", unknown),
        ("", ""),
    ] {
        let answered = desk::Answered { ceremony, answer };
        let refused = house.desk.sign_in_with_passkey(answered, "192.0.2.1").await;
        said.push(refused.err().ok_or("it signed in")?.to_string());
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    // Many failures hold up their network, and nobody else's.
    let mut held = false;
    for _ in 0..20 {
        let answered = desk::Answered {
            ceremony: "",
            answer: "",
        };
        let refused = house.desk.sign_in_with_passkey(answered, "192.0.2.1").await;
        held |= matches!(refused, Err(desk::DeskError::TooManyAttempts(_)));
    }
    assert!(held);
    assert!(house.desk.ask_to_sign_in("192.0.2.1").await.is_err());
    assert!(house.desk.ask_to_sign_in("192.0.2.2").await.is_ok());
    Ok(())
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() -> Result<(), Wrong> {
    let house = house().await?;
    for to in [
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "%2F%09%2Fevil.example",
        "%2F%0A%2Fevil.example",
        "https%3A%2F%2Fevil.example",
    ] {
        let body = format!("email={EMAIL}&password={PASSWORD}&to={to}");
        let first = house.send(house.post("/sign-in", body)?).await?;
        assert_eq!(first.status(), StatusCode::OK, "{to}");
        let (half, code) = house.code(&first).await?;
        let second = format!("code={code}&to={to}");
        let mut request = house.post("/sign-in/code", second)?;
        let half = format!("candour-step={half}").parse()?;
        request.headers_mut().insert(header::COOKIE, half);
        let answer = house.send(request).await?;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{to}");
        let place = answer.headers().get(header::LOCATION).ok_or("no place")?;
        assert_eq!(place, "/", "{to}");
    }
    Ok(())
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_answered_with_a_page_that_says_what_to_do()
-> Result<(), Wrong> {
    let house = house().await?;
    let (status, page) = house.get("/?q=one&q=two").await?;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        page.contains("<h1") && page.contains("Your cases"),
        "{page}"
    );
    let long = format!("summary={}", "x".repeat(3 << 20));
    let path = format!("/cases/{}/incident", house.case);
    let request = Request::post(&path)
        .header(header::HOST, "localhost")
        .header(header::COOKIE, format!("candour={}", house.cookie))
        .header(header::CONTENT_LENGTH, long.len())
        .body(Body::from(long))?;
    let answer = house.send(request).await?;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.headers().contains_key("content-security-policy"));
    let page = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
    assert!(
        String::from_utf8_lossy(&page).contains("Go back: what you typed is still in the page.")
    );
    Ok(())
}

#[tokio::test]
async fn a_form_is_carried_through_when_the_browser_goes_away() -> Result<(), Wrong> {
    let house = house().await?;
    let path = format!("/cases/{}/incident", house.case);
    let (csrf, token) = (
        house.hidden(&path, "csrf").await?,
        house.hidden(&path, "form-token").await?,
    );
    let body = format!("csrf={csrf}&form-token={token}&do=save&summary=What+is+known");
    let sent = house.send(house.post(&path, body.clone())?);
    // The browser is gone almost at once.
    assert!(
        tokio::time::timeout(Duration::from_micros(1), sent)
            .await
            .is_err(),
        "the answer came before the browser could go away"
    );
    let actor = house
        .desk
        .actor(&house.desk.person_by_email(EMAIL).ok_or("no manager")?);
    let mut summary = String::new();
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let view = house
            .desk
            .view(&actor, &house.case, access::Act::ReadCase, "a test")
            .await?;
        summary = view.case.incident.facts.summary.clone();
        if !summary.is_empty() {
            break;
        }
    }
    assert_eq!(summary, "What is known");
    tokio::time::sleep(Duration::from_millis(200)).await;
    let once = house
        .desk
        .view(&actor, &house.case, access::Act::ReadCase, "a test")
        .await?;
    // Sent again, it leads where the first sending led, and is recorded once.
    let again = house.send(house.post(&path, body)?).await?;
    assert_eq!(again.status(), StatusCode::SEE_OTHER);
    let twice = house
        .desk
        .view(&actor, &house.case, access::Act::ReadCase, "a test")
        .await?;
    assert_eq!(once.case.version(), twice.case.version());
    Ok(())
}

#[tokio::test]
async fn waiting_after_too_many_attempts_does_not_tell_who_has_an_account() -> Result<(), Wrong> {
    let house = house().await?;
    let mut answers = Vec::new();
    for email in [EMAIL, "nobody@doorshire.example"] {
        let mut last = String::new();
        for _ in 0..12 {
            last = match house
                .desk
                .sign_in(email, "not the password", "192.0.2.7")
                .await
            {
                Err(error) => error.to_string(),
                Ok(_) => return Err("signed in with a wrong password".into()),
            };
        }
        answers.push(last);
    }
    assert!(answers[0].contains("too many attempts"), "{}", answers[0]);
    assert_eq!(answers[0], answers[1]);
    Ok(())
}

#[tokio::test]
async fn a_password_alone_opens_nothing_and_five_wrong_codes_ask_for_it_again() -> Result<(), Wrong>
{
    let house = house().await?;
    let half = house.desk.sign_in(EMAIL, PASSWORD, "192.0.2.8").await?;
    // What the first step gives is no session.
    assert!(house.desk.session(&half.secret).await?.is_none());
    let manager = house.desk.person_by_email(EMAIL).ok_or("no manager")?;
    let actor = house.desk.actor(&manager);
    let step = house.desk.step_in_use(&actor);
    let before = step.await?.ok_or("no second step")?;
    for tries in 0..7 {
        let answer = house
            .desk
            .enter_code(&half.secret, "000000", "192.0.2.8")
            .await;
        match (tries, answer) {
            (0..5, Err(desk::DeskError::Field { field, .. })) => assert_eq!(field, "code"),
            (5.., Err(desk::DeskError::NotSignedIn)) => {}
            (tries, other) => return Err(format!("try {tries}: {other:?}").into()),
        }
    }
    // A right code is too late now, and is not used up.
    let code = house.desk.new_recovery_codes(&actor).await?.pop();
    let code = code.ok_or("no code")?;
    let late = house.desk.enter_code(&half.secret, &code, "192.0.2.8");
    assert!(matches!(late.await, Err(desk::DeskError::NotSignedIn)));
    let again = house.desk.sign_in(EMAIL, PASSWORD, "192.0.2.8").await?;
    let spelt = code.to_uppercase().replace('-', " ");
    let signed = house.desk.enter_code(&again.secret, &spelt, "192.0.2.8");
    let signed = signed.await?;
    assert!(house.desk.session(&signed.secret).await?.is_some());
    let third = house.desk.sign_in(EMAIL, PASSWORD, "192.0.2.8").await?;
    let used = house.desk.enter_code(&third.secret, &code, "192.0.2.8");
    assert!(used.await.is_err(), "a code on paper works once");
    assert_eq!(before.codes_left, 10);
    Ok(())
}

#[tokio::test]
async fn a_stranger_cannot_shut_a_colleague_out_and_a_network_that_tries_many_waits()
-> Result<(), Wrong> {
    let house = house().await?;
    // Known from here, since the colleague signed in.
    let half = house.desk.sign_in(EMAIL, PASSWORD, "192.0.2.20").await?;
    let manager = house.desk.person_by_email(EMAIL).ok_or("no manager")?;
    let actor = house.desk.actor(&manager);
    let code = house.desk.new_recovery_codes(&actor).await?.pop();
    let code = code.ok_or("no code")?;
    house
        .desk
        .enter_code(&half.secret, &code, "192.0.2.20")
        .await?;
    let fails = async |email: &str, network: &str| {
        let answer = house.desk.sign_in(email, "not the password", network);
        answer.await.err().map(|error| error.to_string())
    };
    // From sixty places, more often than any one of them may.
    for place in 0..60 {
        fails(EMAIL, &format!("198.51.100.{place}")).await;
    }
    let elsewhere = house.desk.sign_in(EMAIL, PASSWORD, "203.0.113.1").await;
    assert!(matches!(
        elsewhere,
        Err(desk::DeskError::TooManyAttempts(_))
    ));
    house.desk.sign_in(EMAIL, PASSWORD, "192.0.2.20").await?;
    // One place that tries many addresses waits with each of them, whether somebody has it or not.
    for n in 0..100 {
        fails(&format!("person{n}@doorshire.example"), "198.51.100.200").await;
    }
    for email in ["person777@doorshire.example", "other@example.org"] {
        let said = fails(email, "198.51.100.200").await;
        let said = said.unwrap_or_default();
        assert!(said.contains("too many attempts"), "{said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_lost_second_step_is_taken_off_by_someone_else_with_why_and_ends_every_session()
-> Result<(), Wrong> {
    let house = house().await?;
    let manager = house.desk.person_by_email(EMAIL).ok_or("no manager")?;
    let actor = house.desk.actor(&manager);
    let own = house.desk.take_step_off(&actor, &manager.id, "lost").await;
    assert!(matches!(own, Err(desk::DeskError::Field { .. })));
    let new = desk::NewPerson {
        name: "Wilma Ashgrove".into(),
        email: "wilma@doorshire.example".into(),
        role: access::Role::Reader,
        seat: None,
        agency: None,
        password: PASSWORD.into(),
    };
    let wilma = house.desk.add_person(&actor, new).await?;
    let signed = signed_in::sign_in(&house.desk, &wilma.email, PASSWORD).await?;
    let why = house.desk.take_step_off(&actor, &wilma.id, " ").await;
    assert!(matches!(why, Err(desk::DeskError::Field { .. })));
    let reader = house.desk.actor(&wilma);
    let others = house.desk.take_step_off(&reader, &manager.id, "because");
    assert!(matches!(others.await, Err(desk::DeskError::Denied(_))));
    let (session, half) = (
        signed.secret,
        house.desk.sign_in(&wilma.email, PASSWORD, "").await?,
    );
    house
        .desk
        .take_step_off(&actor, &wilma.id, "Spoke to her on the number we have")
        .await?;
    assert!(house.desk.session(&session).await?.is_none());
    let old = house.desk.to_set_up(&half.secret).await;
    assert!(matches!(old, Err(desk::DeskError::NotSignedIn)));
    let again = house.desk.sign_in(&wilma.email, PASSWORD, "").await?;
    assert!(house.desk.to_set_up(&again.secret).await?.is_some());
    Ok(())
}

#[tokio::test]
async fn a_link_of_an_invitation_is_looked_at_as_often_as_one_likes_used_once_and_otherwise_answered_alike()
-> Result<(), Wrong> {
    let house = house().await?;
    let manager = house.desk.person_by_email(EMAIL).ok_or("no manager")?;
    let actor = house.desk.actor(&manager);
    let new = |name: &str| desk::Invitee {
        name: name.into(),
        email: format!("{name}@doorshire.example"),
        role: Role::Reader,
        seat: None,
        agency: None,
    };
    let ask = |request: Request<Body>| {
        let router = house.router.clone();
        async move {
            let answer = router.oneshot(request).await?;
            let (status, cookie) = (
                answer.status(),
                answer.headers().contains_key(header::SET_COOKIE),
            );
            let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await?;
            let page = String::from_utf8_lossy(&body).into_owned();
            Ok::<_, Wrong>((status, cookie, page))
        }
    };
    let get = |path: &str| Request::get(path).header(header::HOST, "localhost");
    let post = |path: &str, again: &str| {
        let form = "application/x-www-form-urlencoded";
        Request::post(path)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, form)
            .body(Body::from(format!(
                "password=lantern+meadow+oak&password-again={again}"
            )))
    };
    let invited = house.desk.invite(&actor, new("wilma")).await?;
    let used = invited.link.ok_or("no link")?;
    let withdrawn = house.desk.invite(&actor, new("wanda")).await?;
    house
        .desk
        .withdraw_invitation(&actor, &withdrawn.person.id)
        .await?;
    for _ in 0..3 {
        let (status, _, page) = ask(get(&used).body(Body::empty())?).await?;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("wilma@doorshire.example") && page.contains("Ada Fernleigh"));
    }
    let (status, _, page) = ask(post(&used, "other")?).await?;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("these two differ") && !page.contains("lantern"));
    let (status, cookie, page) = ask(post(&used, "lantern+meadow+oak")?).await?;
    assert!(cookie && status == StatusCode::OK && page.contains("Set up your second step"));
    let unknown = ask(get("/sign-up/unknown").body(Body::empty())?).await?;
    assert_eq!(unknown.0, StatusCode::NOT_FOUND);
    assert!(
        unknown
            .2
            .contains("Doorshire Safeguarding Children Partnership")
    );
    for link in [&used, &withdrawn.link.ok_or("no link")?] {
        assert_eq!(ask(get(link).body(Body::empty())?).await?, unknown);
        assert_eq!(ask(post(link, "lantern+meadow+oak")?).await?, unknown);
    }
    Ok(())
}
