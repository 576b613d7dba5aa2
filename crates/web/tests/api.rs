//! What other systems are answered: as the published document says and never less, nothing to whoever brings no token,
//! an answer recorded once however often it is sent, and no failure whatever is sent.
//! `docs/api-v1.json` is the published document; `CANDOUR_WRITE_API=1` writes what was added, after what was there has been held.

use access::Role;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cases::agencies::asked::{Question, Request as Asking, Step};
use cases::agencies::{Agency, Command as Agencies};
use cases::members::Part;
use desk::{Actor, Clock, Desk, NewCase, NewMember, NewPerson, NewService, Setup};
use serde_json::{Value, json};
use tower::ServiceExt;

type Wrong = Box<dyn std::error::Error>;

const SETTINGS: &str = r#"name = "Apishire Safeguarding Children Partnership"
short = "API"
area = "Apishire"
[front-door]
front-door = "01632 960001"
out-of-hours = "01632 960002"
emergency = "999"
[[partners]]
id = "local-authority"
[[partners.bodies]]
id = "council"
name = "Apishire Council"
[[partners]]
id = "health"
[[partners.bodies]]
id = "icb"
name = "NHS Apishire Integrated Care Board"
[[partners]]
id = "police"
[[partners.bodies]]
id = "police"
name = "Apishire Police"
"#;

const NAME: &str = "Linnet Farraday";

struct World {
    desk: Desk,
    router: axum::Router,
    manager: Actor,
    case: String,
    request: String,
    reads: String,
    answers: String,
    _folder: tempfile::TempDir,
}

fn person(name: &str, role: Role, agency: Option<&str>) -> NewPerson {
    NewPerson {
        name: name.into(),
        email: format!("{name}@apishire.example"),
        role,
        seat: None,
        agency: agency.map(str::to_owned),
        password: "lantern meadow oak".into(),
    }
}

impl World {
    async fn new() -> Result<World, Wrong> {
        let folder = tempfile::tempdir()?;
        let desk = Desk::create(
            &folder.path().join("data"),
            Clock::standing_at("2026-06-01T09:00:00Z".parse()?),
            Setup {
                settings: SETTINGS.into(),
                people: vec![person("manager", Role::BusinessManager, None)],
            },
        )
        .await?;
        let manager = desk.person_by_email("manager@apishire.example");
        let manager = desk.actor(&manager.ok_or("no manager")?);
        let listed = access::office::Agency {
            id: String::new(),
            name: "Apishire Health".into(),
            kind: String::new(),
            mailbox: String::new(),
            until: None,
        };
        let listed = desk.record_agency(&manager, listed).await?.id;
        let lead = person("lead", Role::AgencyLead, Some(&listed));
        let lead = desk.add_person(&manager, lead).await?;
        let child = cases::people::Child {
            id: "child".into(),
            name: NAME.into(),
            pseudonym: "Child A".into(),
            parts: vec![cases::people::Part::Subject],
            ..Default::default()
        };
        let agency = Agency {
            id: "health".into(),
            of: listed.clone(),
            name: "Apishire Health".into(),
            ..Agency::default()
        };
        let asks = Step::Asked(Asking {
            agency: "health".into(),
            due: "2026-06-08".parse().ok(),
            people: vec!["child".into()],
            questions: vec![Question {
                id: "agency-involvement".into(),
                words: "What was your part?".into(),
            }],
            ..Asking::default()
        });
        let new = NewCase {
            danger: cases::incident::Danger::No,
            danger_action: String::new(),
            old_reference: None,
            heard_on: None,
            under_way: false,
            members: Vec::new(),
            known: vec![
                cases::Command::People(cases::people::Command::RecordChild(child)),
                cases::Command::Agencies(Agencies::RecordAgency(agency)),
                cases::Command::Agencies(Agencies::Request(asks)),
            ],
        };
        let case = desk.open_case(&manager, new).await?.case;
        let request = case.agencies.requests.first().ok_or("nobody was asked")?;
        let request = request.request.id.clone();
        let owner = manager.person.id.clone();
        let reads = system(&desk, &manager, &case.id, &owner, None).await?;
        let answers = system(&desk, &manager, &case.id, &lead.id, Some(listed)).await?;
        let router = web::router(web::page::App {
            desk: desk.clone(),
            https: web::Https::Nobody,
            demo: false,
        });
        Ok(World {
            desk,
            router,
            manager,
            case: case.id.clone(),
            request,
            reads,
            answers,
            _folder: folder,
        })
    }

    async fn send(&self, request: Request<Body>) -> Result<(StatusCode, Value, String), Wrong> {
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        let header = |name: &str| {
            let value = answer.headers().get(name);
            value
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        let (kind, tag) = (header("content-type"), header("etag"));
        let expected = match status.is_success() {
            true => "application/json",
            false => "application/problem+json",
        };
        assert_eq!(kind, expected, "{status}");
        assert_eq!(header("cache-control"), "no-store");
        let bytes = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
        Ok((status, serde_json::from_slice(&bytes)?, tag))
    }

    async fn get(&self, token: &str, path: &str) -> Result<(StatusCode, Value, String), Wrong> {
        let request = Request::get(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty())?).await
    }

    async fn answer(
        &self,
        key: &str,
        based_on: Option<&str>,
        body: &Value,
    ) -> Result<(StatusCode, Value, String), Wrong> {
        let path = format!(
            "/api/v1/cases/{}/requests/{}/answer",
            self.case, self.request
        );
        let mut request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.answers))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key);
        if let Some(tag) = based_on {
            request = request.header(header::IF_MATCH, tag);
        }
        self.send(request.body(Body::from(body.to_string()))?).await
    }

    async fn entries(&self) -> Result<u64, Wrong> {
        let act = access::Act::ReadCase;
        let view = self.desk.view(&self.manager, &self.case, act, "a test");
        Ok(view.await?.case.version())
    }
}

/// A system in the case, as one of an agency or of the partnership: its token.
async fn system(
    desk: &Desk,
    manager: &Actor,
    case: &str,
    owner: &str,
    agency: Option<String>,
) -> Result<String, Wrong> {
    let of_agency = agency.is_some();
    let new = NewService {
        name: "A system".into(),
        purpose: "invented".into(),
        owner: owner.into(),
        agency,
        until: "2026-12-31".parse().ok(),
        networks: String::new(),
    };
    let made = desk.give_service(manager, new).await?.id;
    let member = NewMember {
        person: made.clone(),
        part: if of_agency {
            Part::Contributes
        } else {
            Part::Reads
        },
        why: "invented".into(),
        agency: of_agency.then(|| "health".to_owned()),
        until: None,
    };
    desk.add_member(manager, case, member).await?;
    let owner = desk.office().person(owner).cloned().ok_or("no owner")?;
    Ok(desk.make_service_token(&desk.actor(&owner), &made).await?)
}

#[tokio::test]
async fn a_system_reads_the_state_of_its_cases_and_no_names() -> Result<(), Wrong> {
    let world = World::new().await?;
    let case = format!("/cases/{}", world.case);
    let mut all = String::new();
    for path in [
        "/me".to_owned(),
        "/cases".into(),
        case.clone(),
        format!("{case}/clocks"),
        format!("{case}/story"),
        format!("{case}/requests"),
        format!("{case}/requests/{}", world.request),
        "/record".into(),
        "/guidance".into(),
    ] {
        let (status, body, _) = world.get(&world.reads, &path).await?;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        all += &body.to_string();
    }
    assert!(all.contains("Child A") && all.contains("API-2026-001"));
    assert!(
        !all.contains(NAME),
        "a name is given to a system that only reads"
    );
    // What is kept apart is withheld and said to be.
    let (_, body, tag) = world.get(&world.reads, &case).await?;
    assert!(body["withheld"].to_string().contains("legal advice"));
    assert_eq!(tag, format!("\"{}\"", body["version"]));
    // Page by page, each entry once.
    let mut numbers = Vec::new();
    let mut path = format!("{case}/story?limit=2");
    loop {
        let (_, body, _) = world.get(&world.reads, &path).await?;
        let entries = body["entries"].as_array().ok_or("no entries")?.clone();
        numbers.extend(entries.iter().filter_map(|entry| entry["number"].as_u64()));
        match body["next"].as_u64() {
            Some(next) => path = format!("{case}/story?limit=2&before={next}"),
            None => break,
        }
    }
    let newest = world.entries().await?;
    assert_eq!(numbers, (1..=newest).rev().collect::<Vec<_>>());
    let (status, body, _) = world.get(&world.reads, "/cases?limit=0").await?;
    assert_eq!(
        (status.as_u16(), &body["errors"][0]["field"]),
        (422, &json!("limit"))
    );
    let (status, ..) = world.get(&world.reads, "/cases?limit=many").await?;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    Ok(())
}

#[tokio::test]
async fn an_agencys_system_answers_its_own_request_once_however_often_it_is_sent()
-> Result<(), Wrong> {
    let world = World::new().await?;
    let path = format!("/cases/{}/requests/{}", world.case, world.request);
    let (_, asked, tag) = world.get(&world.answers, &path).await?;
    assert!(
        asked["people"].to_string().contains(NAME),
        "without a name no record is found"
    );
    let words = json!({"answers": {"agency-involvement": "Seen at home on 3 May."}, "given_by": "A. Fenn, named nurse"});
    let before = world.entries().await?;
    for _ in 0..3 {
        let (status, body, _) = world.answer("first-answer", Some(&tag), &words).await?;
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!(body["state"], "unsigned");
        assert_eq!(body["answers"], 1);
        assert_eq!(world.entries().await?, before + 1);
    }
    // Another body under the same key is a mistake, and one based on an older version is not laid over a newer.
    let nothing = json!({"nothing_held": true});
    let (status, ..) = world.answer("first-answer", None, &nothing).await?;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, ..) = world.answer("second-answer", Some(&tag), &nothing).await?;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(world.entries().await?, before + 1);
    // A refusal names the field, and gives the key back.
    for wrong in [
        json!({}),
        json!({"answers": {"no-such-question": "x"}}),
        json!({"nothing_held": true, "answers": {"agency-involvement": "x"}}),
    ] {
        let (status, body, _) = world.answer("third-answer", None, &wrong).await?;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(body["errors"][0]["field"].is_string(), "{body}");
    }
    // An array is no object, also where its values would do for the fields in their order.
    for wrong in [json!([]), json!([true]), json!("x"), json!(null)] {
        let (status, ..) = world.answer("third-answer", None, &wrong).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let (status, body, _) = world.answer("third-answer", None, &nothing).await?;
    assert_eq!(
        (status, &body["state"]),
        (StatusCode::OK, &json!("complete"))
    );
    // It is seen who answered: the system, and for whom.
    let (_, story, _) = world
        .get(
            &world.reads,
            &format!("/cases/{}/story?limit=1", world.case),
        )
        .await?;
    assert_eq!(story["entries"][0]["by"], "A system");
    assert!(
        story["entries"][0]["part"]
            .to_string()
            .contains("ervice account")
    );
    Ok(())
}

#[tokio::test]
async fn nobody_is_let_in_without_a_token_and_all_wrong_ones_look_the_same() -> Result<(), Wrong> {
    let world = World::new().await?;
    let mut answers = Vec::new();
    for header in [
        None,
        Some("Bearer".to_owned()),
        Some("Bearer wrong".into()),
        Some(format!("Bearer {}x", world.reads)),
        Some(format!("Basic {}", world.reads)),
    ] {
        let mut request = Request::get("/api/v1/cases");
        if let Some(header) = &header {
            request = request.header(header::AUTHORIZATION, header);
        }
        let answer = world.send(request.body(Body::empty())?).await?;
        assert_eq!(answer.0, StatusCode::UNAUTHORIZED, "{header:?}");
        answers.push(answer.1);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    // An address that is not there, a method it does not know, and a token in the address open nothing either.
    for (method, path, status) in [
        ("GET", "/api/v1/none".to_owned(), 404),
        ("GET", "/api/v2/cases".into(), 404),
        ("DELETE", "/api/v1/openapi.json".into(), 405),
        (
            "GET",
            format!("/api/v1/cases?access_token={}", world.reads),
            401,
        ),
    ] {
        let request = Request::builder().method(method).uri(&path);
        let (found, ..) = world.send(request.body(Body::empty())?).await?;
        assert_eq!(found.as_u16(), status, "{method} {path}");
    }
    Ok(())
}

/// What is missing in `now` of what `then` promised, with its place: maps only gain, lists of what is required only lose what was
/// asked of the caller, everything else stays as it is.
fn less(place: &str, then: &Value, now: &Value, missing: &mut Vec<String>) {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            // Where nothing was required of the caller, nothing is.
            let newly = place.ends_with("/schemas/Answer") && !then.contains_key("required");
            if newly && now.contains_key("required") {
                missing.push(format!("{place}/required is new"));
            }
            // What a caller sends may not become narrower either.
            let sent = place.contains("/parameters/") || place.contains("/schemas/Answer");
            for narrower in [
                "minimum",
                "maximum",
                "minLength",
                "maxLength",
                "pattern",
                "enum",
            ] {
                if sent && !then.contains_key(narrower) && now.contains_key(narrower) {
                    missing.push(format!("{place}/{narrower} is new"));
                }
            }
            for (name, value) in then {
                let place = format!("{place}/{name}");
                match now.get(name) {
                    Some(now) => less(&place, value, now, missing),
                    None => missing.push(format!("{place} is gone")),
                }
            }
        }
        (Value::Array(then), Value::Array(now)) if place.ends_with("/parameters") => {
            for value in then {
                match now.iter().find(|n| n["name"] == value["name"]) {
                    Some(now) => less(&format!("{place}/{}", value["name"]), value, now, missing),
                    None => missing.push(format!("{place}/{} is gone", value["name"])),
                }
            }
            for new in now {
                let known = then.iter().any(|value| value["name"] == new["name"]);
                if !known && new["required"] == true {
                    missing.push(format!("{place}/{} is new and required", new["name"]));
                }
            }
        }
        // What is required of the caller may become less; what the caller is always given may become more.
        (Value::Array(then), Value::Array(now)) if place.ends_with("/required") => {
            let sent = place.contains("/schemas/Answer/");
            let (all, in_these) = if sent { (now, then) } else { (then, now) };
            for value in all.iter().filter(|value| !in_these.contains(value)) {
                missing.push(format!("{place}: {value}"));
            }
        }
        (Value::Array(then), Value::Array(now)) if place.ends_with("/enum") => {
            for value in then.iter().filter(|value| !now.contains(value)) {
                missing.push(format!("{place}: {value} is gone"));
            }
        }
        // Words may be made better.
        _ if ["/description", "/summary", "/title"]
            .iter()
            .any(|end| place.ends_with(end)) => {}
        (then, now) if then == now => {}
        _ => missing.push(format!("{place} is another")),
    }
}

#[test]
fn what_was_published_of_the_interface_is_still_answered() -> Result<(), Wrong> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api-v1.json");
    let now = serde_json::to_value(web::api::document::v1())?;
    let text = serde_json::to_string_pretty(&now)? + "\n";
    let published = std::fs::read_to_string(file).unwrap_or_else(|_| text.clone());
    let mut missing = Vec::new();
    less("", &serde_json::from_str(&published)?, &now, &mut missing);
    assert!(
        missing.is_empty(),
        "the interface only ever grows: {missing:#?}"
    );
    if std::env::var_os("CANDOUR_WRITE_API").is_some() {
        std::fs::write(file, &text)?;
    }
    let published = std::fs::read_to_string(file)?;
    assert!(
        published == text,
        "review what was added, then run with CANDOUR_WRITE_API=1 to write docs/api-v1.json"
    );
    Ok(())
}

#[test]
fn a_field_a_status_or_an_address_that_went_away_would_be_noticed() -> Result<(), Wrong> {
    let then = serde_json::to_value(web::api::document::v1())?;
    let lost = |change: &dyn Fn(&mut Value)| {
        let mut now = then.clone();
        change(&mut now);
        let mut missing = Vec::new();
        less("", &then, &now, &mut missing);
        missing.len()
    };
    let remove = |value: &mut Value, at: &str, name: &str| {
        let found = value.pointer_mut(at).and_then(Value::as_object_mut);
        assert!(
            found.and_then(|map| map.remove(name)).is_some(),
            "{at} {name}"
        );
    };
    assert_eq!(lost(&|_| {}), 0);
    assert!(lost(&|now| remove(now, "/paths", "/api/v1/me")) > 0);
    assert!(lost(&|now| remove(now, "/paths/~1api~1v1~1me/get/responses", "429")) > 0);
    assert!(lost(&|now| remove(now, "/components/schemas/Case/properties", "stage")) > 0);
    assert!(
        lost(&|now| now["components"]["schemas"]["Answer"]["required"] = json!(["given_by"])) > 0
    );
    assert!(lost(&|now| now["components"]["schemas"]["Case"]["required"] = json!(["id"])) > 0);
    assert!(
        lost(&|now| {
            now["paths"]["/api/v1/cases"]["get"]["parameters"][0]["schema"]["maxLength"] = json!(3)
        }) > 0
    );
    assert_eq!(lost(&|now| now["paths"]["/api/v1/new"] = json!({})), 0);
    Ok(())
}

/// Every address of the interface in the router is in the document, and the other way round.
#[test]
fn the_document_names_every_address_that_answers() -> Result<(), Wrong> {
    let router = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/router.rs"))?;
    let mut routed: Vec<&str> = router
        .split('"')
        .filter(|text| text.starts_with("/api/") && !text.ends_with("openapi.json"))
        .collect();
    let document = serde_json::to_value(web::api::document::v1())?;
    let paths = document["paths"].as_object().ok_or("no paths")?;
    let mut described: Vec<&str> = paths.keys().map(String::as_str).collect();
    routed.sort_unstable();
    described.sort_unstable();
    assert_eq!(routed, described);
    Ok(())
}

/// A stream of numbers from a seed: the same every time.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (below.max(1) as u64)).unwrap_or(0)
    }

    fn words(&mut self) -> String {
        const SIGNS: [&str; 16] = [
            "a",
            "9",
            "\"",
            "{",
            "}",
            "\0",
            "\u{202e}",
            "é",
            "%00",
            "/",
            "..",
            "'",
            "--",
            "<b>",
            "\u{1F600}",
            "=",
        ];
        (0..self.next(12))
            .map(|_| SIGNS[self.next(SIGNS.len())])
            .collect()
    }
}

#[tokio::test]
async fn whatever_is_sent_the_answer_is_one_that_the_document_names() -> Result<(), Wrong> {
    let world = World::new().await?;
    let document = serde_json::to_value(web::api::document::v1())?;
    let paths = document["paths"].as_object().ok_or("no paths")?;
    let mut random = Random(0x5eed_cafe_f00d);
    let escape = |text: &str| {
        text.bytes()
            .map(|b| format!("%{b:02X}"))
            .collect::<String>()
    };
    let mut recorded = 0;
    for round in 0..500 {
        let path = random.next(paths.len());
        let (path, ways) = paths.iter().nth(path).ok_or("no path")?;
        let (method, way) = ways
            .as_object()
            .and_then(|w| w.iter().next())
            .ok_or("no way")?;
        let strange = escape(&random.words());
        let case = if random.next(4) > 0 {
            world.case.as_str()
        } else {
            &strange
        };
        let request = if random.next(4) > 0 {
            world.request.as_str()
        } else {
            &strange
        };
        let mut at = path
            .replace("{case}", if case.is_empty() { "x" } else { case })
            .replace("{request}", if request.is_empty() { "x" } else { request });
        if method == "get" && random.next(2) == 0 {
            let name = ["limit", "before", "after", "x"][random.next(4)];
            at += &format!("?{name}={}", escape(&random.words()));
        }
        let body = match random.next(4) {
            0 => random.words(),
            1 => json!({"nothing_held": random.words(), "answers": random.words()}).to_string(),
            2 => json!({"answers": {"agency-involvement": random.words()}, "anything_else": random.words()}).to_string(),
            _ => json!({"answers": {random.words(): 1}, "given_by": null}).to_string(),
        };
        let token = if random.next(2) == 0 {
            &world.answers
        } else {
            &world.reads
        };
        let sent = Request::builder()
            .method(method.to_uppercase().as_str())
            .uri(&at)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", format!("round-{round}"))
            .body(Body::from(if method == "get" {
                String::new()
            } else {
                body
            }))?;
        let (status, said, _) = world.send(sent).await?;
        let named = way["responses"].get(status.as_str()).is_some();
        assert!(
            named,
            "{method} {at} answers {status}, which the document does not name: {said}"
        );
        assert!(!status.is_server_error(), "{method} {at}: {said}");
        recorded += usize::from(status.is_success() && method == "post");
    }
    assert!(
        recorded > 0,
        "no answer was ever recorded: this tries nothing"
    );
    Ok(())
}
