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

/// The addresses in the router and in the forms, as written there.
fn routes() -> Result<BTreeSet<String>, Wrong> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut list = BTreeSet::new();
    let mut take = |text: &str, before: &str| {
        for part in text.split(before).skip(1) {
            if let Some(path) = part
                .trim_start()
                .strip_prefix('"')
                .and_then(|p| p.split('"').next())
            {
                list.insert(path.to_owned());
            }
        }
    };
    take(&std::fs::read_to_string(root.join("router.rs"))?, ".route(");
    for file in std::fs::read_dir(root.join("pages"))? {
        take(
            &std::fs::read_to_string(file?.path())?,
            "const PATH: &'static str =",
        );
    }
    list.retain(|p| p.starts_with('/') && !p.starts_with("/assets/"));
    Ok(list)
}

struct World {
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
    _folder: tempfile::TempDir,
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
    ];
    let names: Vec<String> = people.iter().map(|p| p.name.clone()).collect();
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
        desk,
        https: web::Https::Nobody,
        demo: false,
    });
    Ok(World {
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
            .replace("{name}", "matrix.docx")
            .replace("{reference}", "ROU-2026-001")
            .replace("{id}", "working-together-2023")
            .replace("{a}", "working-together-2018")
            .replace("{b}", "working-together-2023")
            .replace("{agency}", "new")
            .replace("{process}", "new")
            .replace("{adult}", "new")
    }

    async fn ask(&self, path: &str, cookie: &str) -> Result<(StatusCode, String), Wrong> {
        let mut request = Request::get(path).header(header::HOST, "localhost");
        if !cookie.is_empty() {
            request = request.header(header::COOKIE, format!("candour={cookie}"));
        }
        let answer = self
            .router
            .clone()
            .oneshot(request.body(Body::empty())?)
            .await?;
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }
}

#[tokio::test]
async fn every_route_answers_everyone_as_reviewed() -> Result<(), Wrong> {
    let world = world().await?;
    let mut lines = vec![
        "# GET: route, who, status. A case that is not theirs is as if it were not there."
            .to_owned(),
    ];
    for route in routes()? {
        let path = world.fill(&route);
        assert!(
            !path.contains('{'),
            "fill in the parameter of {route} in this test"
        );
        for (who, cookie) in &world.cookies {
            let (status, page) = world.ask(&path, cookie).await?;
            assert!(!status.is_server_error(), "{route} for {who}: {status}");
            let stranger = [
                "stranger",
                "barred",
                "stepped-back",
                "time-is-over",
                "administrator",
                "other-manager",
            ]
            .contains(who);
            if route.starts_with("/cases/") && stranger {
                assert!(
                    status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED,
                    "{route} tells {who} something: {status}"
                );
                assert!(
                    !page.contains("Child B")
                        && !page.contains("Wilfred")
                        && !page.contains("ROU-2026-001"),
                    "{route} tells {who} something"
                );
            }
            // Only whoever records what is known of a child types its name; everyone else sees the pseudonym.
            let types_it = *who == "manager" && route.contains("/people/child/");
            assert!(
                types_it || !page.contains("Wilfred"),
                "{route} shows a name to {who} without names turned on"
            );
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
