//! Every route, asked for by everyone: read from the router and the forms themselves, so that a new route cannot be forgotten.
//! The answers are compared with the reviewed file `crates/web/routes.txt`.

#[path = "../../desk/tests/shared/signed_in.rs"]
mod signed_in;

use std::collections::BTreeSet;
use std::path::Path;

use access::Role;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cases::members::Part;
use desk::{Clock, Desk, NewCase, NewPerson, Setup};
use tower::ServiceExt;

type Wrong = Box<dyn std::error::Error>;

const PASSWORD: &str = "lantern meadow oak";

const SETTINGS: &str = r#"name = "Routeshire Safeguarding Children Partnership"
short = "ROU"
area = "Routeshire"
[front-door]
front-door = "01632 960001"
out-of-hours = "01632 960002"
emergency = "999"
[[partners]]
id = "local-authority"
[[partners.bodies]]
id = "council"
name = "Routeshire Council"
[[partners]]
id = "health"
[[partners.bodies]]
id = "icb"
name = "NHS Routeshire Integrated Care Board"
[[partners]]
id = "police"
[[partners.bodies]]
id = "police"
name = "Routeshire Police"
"#;

fn person(name: &str, role: Role) -> NewPerson {
    let seat = role.acts_for_a_partner().then(|| cases::Seat {
        partner: "police".into(),
        body: "police".into(),
    });
    NewPerson {
        name: name.into(),
        email: format!("{name}@routeshire.example"),
        role,
        seat,
        agency: None,
        password: PASSWORD.into(),
    }
}

/// One address as the router writes it, with the ways in which it answers.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Route {
    path: String,
    get: bool,
    post: bool,
}

/// What stands in the brackets of a call, of which the opening one is already read.
fn brackets(text: &str) -> &str {
    let mut depth = 1;
    for (at, sign) in text.char_indices() {
        depth += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

fn quoted(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

/// The addresses in the router and in the forms, as written there. An address that is added in a way this does not read fails here.
fn routes() -> Result<BTreeSet<Route>, Wrong> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let router = std::fs::read_to_string(root.join("router.rs"))?;
    let mut list = BTreeSet::new();
    for part in router.split(".route(").skip(1) {
        let call = brackets(part);
        let path = quoted(call).ok_or("an address in the router that is no plain text")?;
        let (get, post) = (call.contains("get("), call.contains("post("));
        let others = ["put(", "patch(", "delete(", "any(", "on(", "head("];
        assert!(
            (get || post) && !others.iter().any(|way| call.contains(way)),
            "a way to answer that this test does not try: {call}"
        );
        list.insert(Route {
            path: path.to_owned(),
            get,
            post,
        });
    }
    let mut forms = 0;
    for file in std::fs::read_dir(root.join("pages"))? {
        let text = std::fs::read_to_string(file?.path())?;
        assert!(!text.contains("Router"), "a page with a router of its own");
        for part in text.split("const PATH: &'static str =").skip(1) {
            forms += 1;
            list.insert(Route {
                path: quoted(part).ok_or("a form without an address")?.to_owned(),
                get: true,
                post: true,
            });
        }
    }
    assert_eq!(
        forms,
        router.matches("route::<").count(),
        "a form that is in no router, or one this test does not find"
    );
    list.retain(|route| !route.path.starts_with("/assets/"));
    Ok(list)
}

struct World {
    desk: Desk,
    router: axum::Router,
    cookies: Vec<(&'static str, String)>,
    case: String,
    child: String,
    someone: String,
    relationship: String,
    file: String,
    proposal: String,
    hold: String,
    interest: String,
    opening: String,
    request: String,
    agency: String,
    service: String,
    _folder: tempfile::TempDir,
}

/// Two agencies in the case, one of which is asked and has answered, with people of both and everyone else who takes part.
/// Answers with the request, and the agency on the partnership's list.
async fn asked(desk: &Desk, manager: &desk::Actor, case: &str) -> Result<(String, String), Wrong> {
    use cases::agencies::asked::{Answer, Question, Request, Step};
    use cases::agencies::{Agency, Command as Agencies};
    use cases::members::Event as Member;
    let agency = access::office::Agency {
        id: String::new(),
        name: "Routeshire Health".into(),
        kind: "community health".into(),
        mailbox: String::new(),
        until: None,
    };
    let listed = desk.record_agency(manager, agency).await?.id;
    for (name, role) in [
        ("agency-lead", Role::AgencyLead),
        ("agency-author", Role::AgencyAuthor),
        ("other-agency-author", Role::AgencyAuthor),
    ] {
        let mut new = person(name, role);
        new.agency = Some(listed.clone());
        desk.add_person(manager, new).await?;
    }
    let record = |id: &str| {
        cases::Command::Agencies(Agencies::RecordAgency(Agency {
            id: id.into(),
            name: id.into(),
            ..Agency::default()
        }))
    };
    let add = |name: &str, part, agency: Option<&str>, until| {
        let found = desk.person_by_email(&format!("{name}@routeshire.example"));
        cases::Command::Members(Member::MemberAdded {
            person: found.map(|p| p.id).unwrap_or_default(),
            name: name.into(),
            part,
            why: "invented".into(),
            agency: agency.map(str::to_owned),
            until,
        })
    };
    let today = desk.today();
    let ask = cases::Command::Agencies(Agencies::Request(Step::Asked(Request {
        agency: "health".into(),
        due: Some(today),
        people: vec!["child".into()],
        questions: vec![Question {
            id: "agency-involvement".into(),
            words: "What was your part?".into(),
        }],
        ..Request::default()
    })));
    let commands = vec![
        record("health"),
        record("school"),
        add("reviewer", Part::Reviews, None, None),
        add("panel-member", Part::Panel, None, None),
        add("legal-adviser", Part::Advises, None, None),
        add("communications-lead", Part::Communicates, None, None),
        add("auditor", Part::Inspects, None, Some(today)),
        add("agency-lead", Part::Contributes, Some("health"), None),
        add("agency-author", Part::Contributes, Some("health"), None),
        add(
            "other-agency-author",
            Part::Contributes,
            Some("school"),
            None,
        ),
        ask,
    ];
    for command in commands {
        desk.act(manager, case, None, true, vec![command]).await?;
    }
    // Inspected until yesterday, as seen today.
    let now = desk.clock().now();
    let yesterday = today.yesterday()?;
    desk.clock().set(now - jiff::SignedDuration::from_hours(24));
    let over = add("inspection-is-over", Part::Inspects, None, Some(yesterday));
    desk.act(manager, case, None, true, vec![over]).await?;
    desk.clock().set(now);
    let view = desk
        .view(manager, case, access::Act::ReadCase, "a test")
        .await?;
    let request = view.case.agencies.requests.first();
    let request = request
        .map(|r| r.request.id.clone())
        .ok_or("nobody was asked")?;
    let author = desk.person_by_email("agency-author@routeshire.example");
    let author = desk.actor(&author.ok_or("no author")?);
    let answer = cases::Command::Agencies(Agencies::Request(Step::Answered(Answer {
        request: request.clone(),
        answers: [("agency-involvement".to_owned(), "Zinnia".to_owned())].into(),
        ..Answer::default()
    })));
    desk.act(&author, case, None, true, vec![answer]).await?;
    Ok((request, listed))
}

/// What the token of a system stands after.
const BEARER: &str = "Bearer ";

/// Another system, with its id and token.
async fn system(
    desk: &Desk,
    manager: &desk::Actor,
    case: &str,
    name: &str,
    owner: &str,
    agency: Option<String>,
    part: Option<(Part, Option<&str>)>,
) -> Result<(String, String), Wrong> {
    let new = desk::NewService {
        name: name.into(),
        purpose: "invented".into(),
        owner: owner.into(),
        agency,
        until: Some(desk.today()),
        networks: String::new(),
    };
    let made = desk.give_service(manager, new).await?.id;
    if let Some((part, agency)) = part {
        let added = cases::members::Event::MemberAdded {
            person: made.clone(),
            name: name.into(),
            part,
            why: "invented".into(),
            agency: agency.map(str::to_owned),
            until: None,
        };
        let command = cases::Command::Members(added);
        desk.act(manager, case, None, true, vec![command]).await?;
    }
    let office = desk.office();
    let owner = office.person(owner).ok_or("no owner")?;
    let token = desk.make_service_token(&desk.actor(owner), &made).await?;
    Ok((made, token))
}

async fn world() -> Result<World, Wrong> {
    let folder = tempfile::tempdir()?;
    let people = vec![
        person("manager", Role::BusinessManager),
        person("other-manager", Role::DeputyManager),
        person("delegate", Role::Delegate),
        person("chair", Role::Chair),
        person("reader", Role::Reader),
        person("barred", Role::Reader),
        person("stepped-back", Role::Delegate),
        person("stepped-back-in-part", Role::Delegate),
        person("opened-with-reason", Role::DeputyManager),
        person("time-is-over", Role::DeputyManager),
        person("stranger", Role::Reader),
        person("administrator", Role::Administrator),
        person("reviewer", Role::Reviewer),
        person("panel-member", Role::PanelMember),
        person("legal-adviser", Role::LegalAdviser),
        person("communications-lead", Role::CommunicationsLead),
        person("auditor", Role::Auditor),
        person("inspection-is-over", Role::Auditor),
    ];
    let mut names: Vec<String> = people.iter().map(|p| p.name.clone()).collect();
    names.extend(["agency-lead", "agency-author", "other-agency-author"].map(str::to_owned));
    let desk = Desk::create(
        &folder.path().join("data"),
        Clock::standing_at(jiff::Timestamp::now()),
        Setup {
            settings: SETTINGS.into(),
            people,
        },
    )
    .await?;
    let id = |name: &str| {
        desk.person_by_email(&format!("{name}@routeshire.example"))
            .map(|p| p.id)
            .unwrap_or_default()
    };
    let manager = desk.actor(
        &desk
            .person_by_email("manager@routeshire.example")
            .ok_or("no manager")?,
    );
    let child = cases::people::Child {
        id: "child".into(),
        name: "Wilfred Oakenshaw".into(),
        pseudonym: "Child B".into(),
        parts: vec![cases::people::Part::Subject],
        ..Default::default()
    };
    let grandmother = cases::people::Adult {
        id: "grandmother".into(),
        label: "grandmother".into(),
        ..Default::default()
    };
    let related = cases::people::Relationship {
        one: "grandmother".into(),
        kind: "lives with".into(),
        other: "child".into(),
        from: String::new(),
        until: String::new(),
    };
    let relationship = web::pages::relationship::mark(&related);
    let new = NewCase {
        danger: cases::incident::Danger::No,
        danger_action: String::new(),
        old_reference: None,
        heard_on: None,
        under_way: false,
        members: vec![
            (id("delegate"), Part::Decides),
            (id("chair"), Part::Chairs),
            (id("reader"), Part::Reads),
            (id("barred"), Part::Reads),
            (id("stepped-back"), Part::Decides),
            (id("stepped-back-in-part"), Part::Decides),
        ],
        known: [
            cases::people::Command::RecordChild(child),
            cases::people::Command::RecordAdult(grandmother),
            cases::people::Command::RecordRelationship(related),
        ]
        .map(cases::Command::People)
        .to_vec(),
    };
    let opened = desk.open_case(&manager, new).await?;
    let (request, agency) = asked(&desk, &manager, &opened.case.id).await?;
    let bar = cases::members::Event::PersonBarred {
        person: id("barred"),
        name: "barred".into(),
        why: "knows the family".into(),
    };
    desk.act(
        &manager,
        &opened.case.id,
        None,
        true,
        vec![cases::Command::Members(bar)],
    )
    .await?;
    // One stepped back from everything, one from each part, one interest waits; two opened the case, for one the time is over.
    use cases::interests::{Answer, Command as Interest, Kind, Outcome, Scope};
    let chair = desk.actor(
        &desk
            .person_by_email("chair@routeshire.example")
            .ok_or("no chair")?,
    );
    let everything: &[Scope] = &[Scope::Everything];
    let parts: &[Scope] = &[Scope::Decision, Scope::Family, Scope::Documents];
    let mut interest = String::new();
    for (name, from) in [
        ("stepped-back", Some(everything)),
        ("stepped-back-in-part", Some(parts)),
        ("reader", None),
    ] {
        let declared = desk.interest_of(&id(name), Kind::Practice, "invented", "since 2019")?;
        let command = cases::Command::Interests(Interest::DeclareFor(declared));
        let acted = desk
            .act(&manager, &opened.case.id, None, true, vec![command])
            .await?;
        let list = &acted.case.interests.list;
        interest = list
            .last()
            .map(|i| i.declared.id.clone())
            .ok_or("no interest")?;
        if let Some(from) = from {
            let answer = Answer {
                interest: interest.clone(),
                outcome: Outcome::StepsBack,
                from: from.iter().copied().collect(),
                stated: String::new(),
                why: "invented".into(),
                on: desk.today(),
            };
            let command = cases::Command::Interests(Interest::Decide(answer));
            desk.act(&chair, &opened.case.id, None, true, vec![command])
                .await?;
        }
    }
    let now = desk.clock().now();
    let yesterday = now - jiff::SignedDuration::from_hours(30);
    for (name, at) in [("time-is-over", yesterday), ("opened-with-reason", now)] {
        let actor = desk.actor(
            &desk
                .person_by_email(&format!("{name}@routeshire.example"))
                .ok_or("nobody")?,
        );
        desk.clock().set(at);
        desk.open_with_reason(&actor, "ROU-2026-001", "The coroner rang at night.")
            .await?;
    }
    let mut arriving = desk
        .begin_file(&manager, &opened.case.id, "chronology.pdf")
        .await?;
    arriving.write(b"%PDF-1.7 invented").await?;
    let arrived = arriving.finish().await?;
    let said = cases::documents::Document {
        title: "Chronology".into(),
        ..Default::default()
    };
    let added = desk
        .add_document(&manager, &opened.case.id, said, arrived)
        .await?;
    let file = added
        .case
        .documents
        .list
        .first()
        .map(|f| f.document.id.clone())
        .ok_or("no document")?;
    // A proposal to erase that waits for a second person, and then a legal hold.
    use cases::erasure::{Command as Erasure, Rule, Target};
    let propose = Erasure::Propose {
        target: Target::Case,
        rule: Some(Rule {
            id: "invented".into(),
            title: "An invented rule".into(),
            at_once_when_hidden: false,
        }),
        why: "invented".into(),
    };
    let hold = Erasure::PlaceHold {
        required_by: "the coroner".into(),
        why: "invented".into(),
    };
    let asked = [propose, hold].map(cases::Command::Erasure).to_vec();
    let acted = desk
        .act(&manager, &opened.case.id, None, true, asked)
        .await?;
    let erasure = &acted.case.erasure;
    let proposal = erasure.proposals.first().map(|p| p.proposal.id.clone());
    let hold = erasure.holds.first().map(|h| h.hold.id.clone());
    let mut cookies = vec![("signed out", String::new())];
    for name in names {
        let email = format!("{name}@routeshire.example");
        let signed = signed_in::sign_in(&desk, &email, PASSWORD).await?;
        cookies.push((Box::leak(name.into_boxed_str()), signed.secret));
    }
    let mut service = String::new();
    for (name, owner, of_agency, part) in [
        (
            "system-in-the-case",
            "manager",
            false,
            Some((Part::Reads, None)),
        ),
        ("system-outside", "manager", false, None),
        (
            "system-of-barred",
            "barred",
            false,
            Some((Part::Reads, None)),
        ),
        (
            "system-of-agency",
            "agency-author",
            true,
            Some((Part::Contributes, Some("health"))),
        ),
        (
            "system-of-other-agency",
            "agency-author",
            true,
            Some((Part::Contributes, Some("school"))),
        ),
    ] {
        let case = &opened.case.id;
        let agency = of_agency.then(|| agency.clone());
        let (made, token) = system(&desk, &manager, case, name, &id(owner), agency, part).await?;
        service = made;
        cookies.push((name, format!("{BEARER}{token}")));
    }
    let someone = id("reader");
    let whole = desk
        .view(&manager, &opened.case.id, access::Act::ReadCase, "a test")
        .await?;
    let opening = whole
        .case
        .break_glass
        .list
        .last()
        .map(|o| o.opening.id.clone());
    let router = web::router(web::page::App {
        desk: desk.clone(),
        https: web::Https::Nobody,
        demo: false,
    });
    Ok(World {
        desk,
        router,
        cookies,
        case: opened.case.id.clone(),
        child: "child".into(),
        someone,
        relationship,
        file,
        proposal: proposal.ok_or("no proposal")?,
        hold: hold.ok_or("no hold")?,
        interest,
        opening: opening.ok_or("no opening")?,
        request,
        agency,
        service,
        _folder: folder,
    })
}

impl World {
    fn fill(&self, route: &str) -> String {
        let in_family = route.contains("/family/");
        route
            .replace("{case}", &self.case)
            .replace("{child}", &self.child)
            .replace(
                "{person}",
                if in_family {
                    &self.child
                } else {
                    &self.someone
                },
            )
            .replace("{element}", "improvements")
            .replace("{relationship}", &self.relationship)
            .replace("{file}", &self.file)
            .replace("{proposal}", &self.proposal)
            .replace("{hold}", &self.hold)
            .replace("{interest}", &self.interest)
            .replace("{opening}", &self.opening)
            .replace("{what}", "case")
            .replace("{erasure}", "none")
            .replace("{format}", "pdf")
            .replace("{entry}", "2")
            .replace("{size}", "1")
            .replace("{partner}", "police")
            .replace("{body}", "police")
            .replace("{paper}", "matrix")
            .replace("{name}", "matrix.docx")
            .replace("{token}", "none")
            .replace("{reference}", "ROU-2026-001")
            .replace("{id}", "working-together-2023")
            .replace("{a}", "working-together-2018")
            .replace("{b}", "working-together-2023")
            .replace("{notice}", "none")
            .replace("{organisation}", "none")
            .replace("{request}", &self.request)
            .replace("{service}", &self.service)
            .replace(
                "/agencies/{agency}",
                &match route.starts_with("/cases/") {
                    true => "/agencies/{agency}".to_owned(),
                    false => format!("/agencies/{}", self.agency),
                },
            )
            .replace("{agency}", "new")
            .replace("{process}", "new")
            .replace("{adult}", "new")
    }

    async fn ask(&self, path: &str, cookie: &str) -> Result<(StatusCode, String), Wrong> {
        self.send(path, cookie, None).await
    }

    async fn send(
        &self,
        path: &str,
        cookie: &str,
        form: Option<(&str, String)>,
    ) -> Result<(StatusCode, String), Wrong> {
        let mut request = match &form {
            Some((kind, _)) => Request::post(path).header(header::CONTENT_TYPE, *kind),
            None => Request::get(path),
        }
        .header(header::HOST, "localhost");
        if path.starts_with("/api/") {
            request = request.header("idempotency-key", "the-same-for-all");
        }
        if cookie.starts_with(BEARER) {
            request = request.header(header::AUTHORIZATION, cookie);
        } else if !cookie.is_empty() {
            request = request.header(header::COOKIE, format!("candour={cookie}"));
        }
        let body = form.map_or_else(Body::empty, |(_, form)| Body::from(form));
        let answer = self.router.clone().oneshot(request.body(body)?).await?;
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The token of a session, as its pages carry it; none for whoever is signed out.
    async fn token(&self, who: &str, cookie: &str) -> Result<String, Wrong> {
        if cookie.is_empty() || cookie.starts_with(BEARER) {
            return Ok(String::new());
        }
        let (status, page) = self.ask("/you", cookie).await?;
        assert_eq!(status, StatusCode::OK, "{who} is not signed in any more");
        let token = page.split("name=\"csrf\" value=\"").nth(1);
        let token = token.and_then(|rest| rest.split('"').next());
        Ok(token.ok_or("a page without a token")?.to_owned())
    }

    /// How many entries the case has.
    async fn entries(&self) -> Result<u64, Wrong> {
        let manager = self
            .desk
            .person_by_email("manager@routeshire.example")
            .ok_or("no manager")?;
        let view = self
            .desk
            .view(
                &self.desk.actor(&manager),
                &self.case,
                access::Act::ReadCase,
                "a test",
            )
            .await?;
        Ok(view.case.version())
    }
}

/// What a form without a file is sent as.
const TYPED: &str = "application/x-www-form-urlencoded";

/// A form for a file, without one.
fn with_files(token: &str) -> (&'static str, String) {
    let part = "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n";
    (
        "multipart/form-data; boundary=edge",
        format!("{part}{token}\r\n--edge--\r\n"),
    )
}

/// Where a name is given so that records can be found: to whoever asks, whoever is asked, and those who read the request.
fn asks_for_records(route: &str, who: &str) -> bool {
    let request = route.starts_with("/cases/{case}/agencies/request/{request}");
    let asks = route == "/cases/{case}/agencies/ask" && who == "manager";
    let over_api = route.starts_with("/api/v1/cases/{case}/requests/{request}");
    asks || over_api && who == "system-of-agency"
        || request && !OUTSIDE.contains(&who) && who != "other-agency-author"
}

/// Who has nothing to do with the case, or is kept from it.
const OUTSIDE: [&str; 9] = [
    "system-outside",
    "system-of-barred",
    "inspection-is-over",
    "stranger",
    "barred",
    "stepped-back",
    "time-is-over",
    "administrator",
    "other-manager",
];

/// Whoever is outside a case learns nothing of it, not even that it is there; whoever answers for an agency nothing of the others.
fn tells_nothing(route: &str, who: &str, status: StatusCode, page: &str) {
    if who.contains("agency") {
        assert!(
            !page.contains("Child B") && !page.contains("grandmother"),
            "{route} tells {who} who it is about"
        );
        let other = ["other-agency-author", "system-of-other-agency"];
        assert!(
            !other.contains(&who) || !page.contains("Zinnia"),
            "{route} tells {who} what another agency answered"
        );
    }
    if !route.contains("/cases/") || !OUTSIDE.contains(&who) {
        return;
    }
    // A system has no way to the pages, and a person none to what systems ask.
    if route.starts_with("/api/") == who.starts_with("system") {
        assert_eq!(
            status,
            StatusCode::NOT_FOUND,
            "{route} tells {who} something"
        );
    }
    assert!(
        !page.contains("Child B") && !page.contains("Wilfred") && !page.contains("ROU-2026-001"),
        "{route} tells {who} something"
    );
}

/// How an address answers to a way to ask that it does not know; the interface for systems first wants a token.
fn no_such_way(route: &str, cookie: &str) -> StatusCode {
    let interface = route.starts_with("/api/") && route != "/api/v1/openapi.json";
    match interface && !cookie.starts_with(BEARER) {
        true => StatusCode::UNAUTHORIZED,
        false => StatusCode::METHOD_NOT_ALLOWED,
    }
}

/// Whether this is whom an address is for: systems ask the interface with their tokens, people the pages with their sessions.
/// To the others it answers as to someone who brings nothing, which is held here and not listed.
fn is_asked_by(
    route: &str,
    who: &str,
    cookie: &str,
    status: StatusCode,
    signed_out: StatusCode,
) -> bool {
    let system = cookie.starts_with(BEARER);
    if route == "/api/v1/openapi.json" {
        return true;
    }
    if route.starts_with("/api/") && !system {
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{route} for {who}");
        return false;
    }
    if !route.starts_with("/api/") && system {
        assert_eq!(status, signed_out, "{route} for {who}");
        return false;
    }
    true
}

#[tokio::test]
async fn every_route_answers_everyone_as_reviewed() -> Result<(), Wrong> {
    let world = world().await?;
    let mut lines = vec![
        "# GET: route, who, status. A case that is not theirs is as if it were not there."
            .to_owned(),
    ];
    let mut routes: Vec<Route> = routes()?.into_iter().collect();
    let before_any = world.entries().await?;
    for Route {
        path: route, get, ..
    } in &routes
    {
        let path = world.fill(route);
        assert!(
            !path.contains('{'),
            "fill in the parameter of {route} in this test"
        );
        let mut signed_out = StatusCode::OK;
        for (who, cookie) in &world.cookies {
            let (status, page) = world.ask(&path, cookie).await?;
            if cookie.is_empty() {
                signed_out = status;
            }
            assert!(!status.is_server_error(), "{route} for {who}: {status}");
            if !get {
                assert_eq!(status, no_such_way(route, cookie), "{route} for {who}");
                continue;
            }
            tells_nothing(route, who, status, &page);
            if !is_asked_by(route, who, cookie, status, signed_out) {
                continue;
            }
            // What those see who inspect can be traced to them, and only their pages are marked.
            if status == StatusCode::OK && page.contains("/sign-out") {
                let marked = page.contains("c-watermark")
                    && page.contains(&format!("For inspection by {who},"));
                assert_eq!(
                    marked,
                    *who == "auditor" || *who == "inspection-is-over",
                    "{route} for {who}"
                );
            }
            // Only whoever records what is known of a child types its name; everyone else sees the pseudonym.
            let types_it = *who == "manager" && route.contains("/people/child/");
            assert!(
                types_it || asks_for_records(route, who) || !page.contains("Wilfred"),
                "{route} shows a name to {who} without names turned on"
            );
            lines.push(format!("{route} | {who} | {}", status.as_u16()));
        }
    }
    assert_eq!(before_any, world.entries().await?, "a GET changed the case");
    lines.push(
        "# POST, with the right token of the session and nothing filled in: route, who, status."
            .to_owned(),
    );
    // Whoever signs out asks for nothing more.
    routes.sort_by_key(|route| route.path == "/sign-out");
    for Route {
        path: route, post, ..
    } in &routes
    {
        let path = world.fill(route);
        let mut signed_out = StatusCode::OK;
        for (who, cookie) in &world.cookies {
            let before = world.entries().await?;
            let token = world.token(who, cookie).await?;
            let form = if route.starts_with("/api/") {
                ("application/json", "{}".to_owned())
            } else if route.ends_with("/documents/add") {
                with_files(&token)
            } else {
                (TYPED, format!("csrf={token}"))
            };
            let (status, page) = world.send(&path, cookie, Some(form)).await?;
            if cookie.is_empty() {
                signed_out = status;
            }
            assert!(!status.is_server_error(), "{route} for {who}: {status}");
            if !post {
                // Whoever is signed out is asked to sign in, with what was typed, before anything else is looked at.
                assert!(
                    status == no_such_way(route, cookie) || status == signed_out,
                    "{route} for {who}: {status}"
                );
                continue;
            }
            tells_nothing(route, who, status, &page);
            if !is_asked_by(route, who, cookie, status, signed_out) {
                assert_eq!(before, world.entries().await?, "{route} for {who}");
                continue;
            }
            if OUTSIDE.contains(who) && route.starts_with("/cases/") {
                // Also when it is sent in a form the page does not take, or without a token, which may be refused before the case is looked for.
                for form in [
                    (TYPED, String::new()),
                    with_files("none"),
                    ("application/json", "{}".to_owned()),
                    ("multipart/form-data", "no boundary".to_owned()),
                ] {
                    let (status, page) = world.send(&path, cookie, Some(form)).await?;
                    let status = match status {
                        StatusCode::FORBIDDEN => StatusCode::NOT_FOUND,
                        other => other,
                    };
                    tells_nothing(route, who, status, &page);
                }
            }
            assert!(
                asks_for_records(route, who) || !page.contains("Wilfred"),
                "{route} shows a name to {who}"
            );
            if OUTSIDE.contains(who) || cookie.is_empty() {
                assert_eq!(
                    before,
                    world.entries().await?,
                    "{who} changed the case by {route}"
                );
            }
            lines.push(format!("{route} | {who} | {}", status.as_u16()));
        }
    }
    let now = lines.join("\n") + "\n";
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/routes.txt");
    if std::env::var_os("CANDOUR_WRITE_MATRIX").is_some() {
        std::fs::write(file, &now)?;
    }
    let reviewed = std::fs::read_to_string(file).unwrap_or_default();
    let only_in = |one: &str, other: &str| -> Vec<String> {
        let other: std::collections::HashSet<&str> = other.lines().collect();
        let lines = one.lines().filter(|line| !other.contains(line));
        lines.map(str::to_owned).collect()
    };
    let (new, old) = (only_in(&now, &reviewed), only_in(&reviewed, &now));
    assert!(
        reviewed == now,
        "review the change, then run with CANDOUR_WRITE_MATRIX=1 to write crates/web/routes.txt\nnew: {new:#?}\nno longer: {old:#?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_case_that_is_not_mine_and_one_that_is_not_there_look_the_same() -> Result<(), Wrong> {
    let world = world().await?;
    let stranger = world
        .cookies
        .iter()
        .find(|(n, _)| *n == "stranger")
        .map(|(_, c)| c.clone())
        .unwrap_or_default();
    let (mine, page) = world
        .ask(&format!("/cases/{}", world.case), &stranger)
        .await?;
    let (none, other) = world.ask("/cases/aaaaaaaaaaaaaaaa", &stranger).await?;
    assert_eq!((mine, page), (none, other));
    let (by_reference, page) = world.ask("/r/ROU-2026-001", &stranger).await?;
    let (nothing, other) = world.ask("/r/ROU-2026-999", &stranger).await?;
    assert_eq!((by_reference, page), (nothing, other));
    Ok(())
}
