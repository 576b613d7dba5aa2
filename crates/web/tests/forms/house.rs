//! A fictional partnership with one case, its people, and a browser for each of them that fills forms as a person does.

#[path = "../../../desk/tests/shared/signed_in.rs"]
mod signed_in;

use std::collections::BTreeMap;

use access::Role;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use cases::members::Part;
use cases::people::{Adult, Child, Command as People, Life, Relationship};
use cases::{Case, Command, Seat};
use desk::{Actor, Clock, Desk, NewCase, NewPerson, Setup};
use tower::ServiceExt;

use crate::Wrong;

/// Everyone's password.
pub const PASSWORD: &str = "lantern meadow oak";

const SETTINGS: &str = r#"name = "Formshire Safeguarding Children Partnership"
short = "FOR"
area = "Formshire"
[front-door]
front-door = "01632 960001"
out-of-hours = "01632 960002"
emergency = "999"
[[partners]]
id = "local-authority"
[[partners.bodies]]
id = "council"
name = "Formshire Council"
[[partners]]
id = "health"
[[partners.bodies]]
id = "icb"
name = "NHS Formshire Integrated Care Board"
[[partners]]
id = "police"
[[partners.bodies]]
id = "police"
name = "Formshire Police"
"#;

/// The three partners' seats.
pub fn seats() -> [Seat; 3] {
    [
        ("local-authority", "council"),
        ("health", "icb"),
        ("police", "police"),
    ]
    .map(|(partner, body)| Seat {
        partner: partner.into(),
        body: body.into(),
    })
}

/// What a person sees.
#[derive(Debug)]
pub struct Page {
    /// The answer's status.
    pub status: StatusCode,
    /// Where it leads, empty when nowhere.
    pub to: String,
    /// The text of the page.
    pub text: String,
}

/// The partnership, its pages, and the case.
pub struct House {
    /// The desk.
    pub desk: Desk,
    /// The case's id.
    pub case: String,
    /// Where the data lie.
    pub folder: tempfile::TempDir,
    router: axum::Router,
    cookies: BTreeMap<&'static str, String>,
}

fn email(name: &str) -> String {
    format!("{name}@formshire.example")
}

/// The people and their parts in the case; the last is in no case.
const PEOPLE: [(&str, Role, Option<Part>); 6] = [
    ("manager", Role::BusinessManager, None),
    ("deputy", Role::DeputyManager, Some(Part::Manages)),
    ("delegate", Role::Delegate, Some(Part::Decides)),
    ("chair", Role::Chair, Some(Part::Chairs)),
    ("reader", Role::Reader, Some(Part::Reads)),
    ("stranger", Role::DeputyManager, None),
];

fn known() -> Vec<Command> {
    let child = Child {
        id: "child".into(),
        name: "Wilfred Oakenshaw".into(),
        pseudonym: "Child B".into(),
        parts: vec![cases::people::Part::Subject],
        life: Life::Living,
        ..Child::default()
    };
    let adult = Adult {
        id: "mother".into(),
        label: "mother".into(),
        family: true,
        ..Adult::default()
    };
    let related = Relationship {
        one: "mother".into(),
        kind: "aunt".into(),
        other: "child".into(),
        from: String::new(),
        until: String::new(),
    };
    vec![
        Command::People(People::RecordChild(child)),
        Command::People(People::RecordAdult(adult)),
        Command::People(People::RecordRelationship(related)),
    ]
}

impl House {
    /// Everyone is signed in.
    pub async fn new() -> Result<House, Wrong> {
        let folder = tempfile::tempdir()?;
        let people = PEOPLE
            .map(|(name, role, _)| NewPerson {
                name: name.into(),
                email: email(name),
                role,
                seat: role.acts_for_a_partner().then(|| seats()[2].clone()),
                agency: None,
                password: PASSWORD.into(),
            })
            .to_vec();
        let setup = Setup {
            settings: SETTINGS.into(),
            people,
        };
        let desk = Desk::create(&folder.path().join("data"), Clock::real(), setup).await?;
        let id = |name: &str| {
            desk.person_by_email(&email(name))
                .map(|p| p.id)
                .unwrap_or_default()
        };
        let new = NewCase {
            danger: cases::incident::Danger::No,
            danger_action: String::new(),
            old_reference: None,
            heard_on: None,
            under_way: false,
            members: PEOPLE
                .iter()
                .filter_map(|(name, _, part)| Some((id(name), (*part)?)))
                .collect(),
            known: known(),
        };
        let manager = desk.actor(
            &desk
                .person_by_email(&email("manager"))
                .ok_or("no manager")?,
        );
        let case = desk.open_case(&manager, new).await?.case.id.clone();
        let mut cookies = BTreeMap::new();
        for (name, _, _) in PEOPLE {
            cookies.insert(
                name,
                signed_in::sign_in(&desk, &email(name), PASSWORD)
                    .await?
                    .secret,
            );
        }
        let router = web::router(web::page::App {
            desk: desk.clone(),
            https: web::Https::Nobody,
            demo: false,
        });
        Ok(House {
            desk,
            case,
            folder,
            router,
            cookies,
        })
    }

    /// A person as the desk knows them.
    pub fn actor(&self, name: &str) -> Result<Actor, Wrong> {
        let person = self.desk.person_by_email(&email(name)).ok_or("nobody")?;
        Ok(self.desk.actor(&person))
    }

    /// The address of a page of the case.
    pub fn at(&self, rest: &str) -> String {
        format!("/cases/{}/{rest}", self.case)
    }

    /// The case as the manager reads it.
    pub async fn read(&self) -> Result<std::sync::Arc<Case>, Wrong> {
        let manager = self.actor("manager")?;
        Ok(self
            .desk
            .view(&manager, &self.case, access::Act::ReadCase, "a test")
            .await?
            .case)
    }

    /// Does something as the manager, without a page.
    pub async fn act(&self, commands: Vec<Command>) -> Result<(), Wrong> {
        let manager = self.actor("manager")?;
        self.desk
            .act(&manager, &self.case, None, true, commands)
            .await?;
        Ok(())
    }

    /// The cookie of a person's browser.
    pub fn cookie(&self, who: &str) -> &str {
        self.cookies.get(who).map_or("", String::as_str)
    }

    /// Puts another cookie into a person's browser.
    pub fn take_cookie(&mut self, who: &'static str, cookie: &str) {
        self.cookies.insert(who, cookie.to_owned());
    }

    /// Sends a request from a person's browser.
    pub async fn send(&self, who: &str, path: &str, form: Option<String>) -> Result<Page, Wrong> {
        let request = match &form {
            Some(_) => Request::post(path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
            None => Request::get(path),
        };
        let request = request
            .header(header::HOST, "localhost")
            .header(header::COOKIE, format!("candour={}", self.cookie(who)))
            .body(form.map_or_else(Body::empty, Body::from))?;
        page(self.router.clone().oneshot(request).await?).await
    }

    /// Opens a page.
    pub async fn get(&self, who: &str, path: &str) -> Result<Page, Wrong> {
        self.send(who, path, None).await
    }

    /// The form of a page as it stands there, with some fields filled in otherwise, ready to be sent.
    pub async fn filled(
        &self,
        who: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<String, Wrong> {
        let shown = self.get(who, path).await?;
        assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.text);
        Ok(shown.with(fields))
    }

    /// Fills in the form of a page and saves it.
    pub async fn save(
        &self,
        who: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Page, Wrong> {
        let form = self.filled(who, path, fields).await?;
        self.send(who, path, Some(form)).await
    }

    /// Signs in at a browser that shows the sign-in page with what it carries, and leaves the cookie there.
    pub async fn sign_in_at(
        &mut self,
        browser: &'static str,
        carried: &Page,
        who: &str,
    ) -> Result<Page, Wrong> {
        let form = carried.with(&[("email", &email(who)), ("password", PASSWORD)]);
        let first = self.door("/sign-in", "", form).await?;
        let half = cookie(&first, "candour-step=")?;
        let page_of_code = page(first).await?;
        let person = self.desk.person_by_email(&email(who)).ok_or("nobody")?;
        let codes = self
            .desk
            .new_recovery_codes(&self.desk.actor(&person))
            .await?;
        let form = page_of_code.with(&[("code", codes.first().ok_or("no code")?)]);
        let answer = self
            .door("/sign-in/code", &format!("candour-step={half}"), form)
            .await?;
        let cookie = cookie(&answer, "candour=")?;
        self.take_cookie(browser, &cookie);
        page(answer).await
    }

    /// Sends a form of the sign-in pages.
    async fn door(&self, path: &str, cookie: &str, form: String) -> Result<Response<Body>, Wrong> {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "localhost")
            .header(header::COOKIE, cookie)
            .body(Body::from(form))?;
        Ok(self.router.clone().oneshot(request).await?)
    }
}

/// The value of a cookie that an answer sets.
fn cookie(answer: &Response<Body>, name: &str) -> Result<String, Wrong> {
    let set = answer.headers().get_all(header::SET_COOKIE);
    let value = set
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|value| value.strip_prefix(name))
        .ok_or("nobody is signed in")?;
    Ok(value.split(';').next().unwrap_or_default().to_owned())
}

async fn page(answer: Response<Body>) -> Result<Page, Wrong> {
    let status = answer.status();
    let to = answer
        .headers()
        .get(header::LOCATION)
        .and_then(|to| to.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let bytes = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
    Ok(Page {
        status,
        to,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

fn plain(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
    rest.split('"').next().map(plain)
}

impl Page {
    /// The form one works in: the one whose words are kept, or the one for signing in.
    pub fn form(&self) -> &str {
        let kept = self.text.split("data-keep").nth(1);
        let proves = || self.text.split("data-proves").nth(1);
        kept.or_else(proves)
            .or_else(|| self.text.split("action=\"/sign-in").nth(1))
            .and_then(|rest| rest.split("</form>").next())
            .unwrap_or_default()
    }

    /// What a field of the form holds; for a choice, what is chosen.
    pub fn value(&self, field: &str) -> String {
        let fields = self.fields();
        let found = fields.iter().find(|(name, _)| name == field);
        found.map_or_else(String::new, |(_, value)| value.clone())
    }

    /// The fields a browser would send, buttons left out.
    fn fields(&self) -> Vec<(String, String)> {
        let mut list = Vec::new();
        for part in self.form().split('<') {
            let (tag, inner) = part.split_once('>').unwrap_or((part, ""));
            let named = attribute(tag, "name");
            if tag.starts_with("input ") {
                let kind = attribute(tag, "type").unwrap_or_default();
                let chosen =
                    !["radio", "checkbox"].contains(&kind.as_str()) || tag.contains(" checked");
                if let (Some(name), true) = (named, chosen && kind != "submit") {
                    list.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            } else if tag.starts_with("textarea ") {
                let text = inner.strip_prefix('\n').unwrap_or(inner);
                list.extend(named.map(|name| (name, plain(text))));
            } else if tag.starts_with("select ") {
                list.extend(named.map(|name| (name, String::new())));
            } else if tag.starts_with("option ")
                && tag.contains(" selected")
                && let Some(last) = list.last_mut()
            {
                last.1 = attribute(tag, "value").unwrap_or_default();
            }
        }
        list
    }

    /// The form as it would be sent to be saved, with these fields instead of what stands there.
    pub fn with(&self, fields: &[(&str, &str)]) -> String {
        let mut all = self.fields();
        all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        all.extend(
            fields
                .iter()
                .chain([&("do", "save")])
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        all.iter()
            .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
            .collect::<Vec<_>>()
            .join("&")
    }

    /// How often some words stand on the page.
    pub fn count(&self, words: &str) -> usize {
        self.text.matches(words).count()
    }

    /// The words of a page without its tags.
    pub fn words(&self) -> String {
        let mut words = String::new();
        for part in self.text.split('<') {
            words.push_str(part.split_once('>').map_or("", |(_, text)| text));
        }
        plain(&words)
    }
}
