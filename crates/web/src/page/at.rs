//! Who asks and what they look at: the signed-in session, and a case with its rules.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use access::Section;
use axum::extract::{ConnectInfo, FromRequestParts, OriginalUri, Path, RawPathParams};
use axum::http::header;
use axum::http::request::Parts;
use cases::Case;
use desk::{CaseView, Desk, Session};
use guidance::Rules;
use maud::Markup;

use super::{PageError, csrf};
use crate::tls::Caller;
use crate::{Https, layout};

/// What the pages share.
#[derive(Debug, Clone)]
pub struct App {
    /// The desk.
    pub desk: Desk,
    /// Who speaks https; when somebody does, cookies are marked for it.
    pub https: Https,
    /// True for the fictional cases, so that the sign-in page can say as whom.
    pub demo: bool,
}

impl App {
    /// What a cookie ends with when somebody speaks https.
    pub fn secure(&self) -> &'static str {
        match self.https {
            Https::Nobody => "",
            Https::Proxy | Https::Here => "; Secure",
        }
    }

    /// The name of the session cookie.
    pub fn cookie(&self) -> &'static str {
        if self.https != Https::Nobody {
            "__Host-candour"
        } else {
            "candour"
        }
    }

    /// The name of the cookie between the two steps of signing in.
    pub fn step_cookie(&self) -> &'static str {
        if self.https != Https::Nobody {
            "__Host-candour-step"
        } else {
            "candour-step"
        }
    }
}

impl App {
    /// The name of the cookie between leaving for one's organisation and coming back.
    pub fn sign_on_cookie(&self) -> &'static str {
        if self.https != Https::Nobody {
            "__Host-candour-sign-on"
        } else {
            "candour-sign-on"
        }
    }
}

/// What was kept of whoever left to sign on; empty when there is nothing, which fits no answer.
pub struct Answer(pub String);

impl FromRequestParts<App> for Answer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Answer, Self::Rejection> {
        Ok(Answer(
            cookie_of(parts, app.sign_on_cookie()).unwrap_or_default(),
        ))
    }
}

/// The secret of whoever is half signed in; empty when there is none, which opens nothing.
pub struct Step(pub String);

impl FromRequestParts<App> for Step {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Step, Infallible> {
        Ok(Step(
            cookie_of(parts, app.step_cookie()).unwrap_or_default(),
        ))
    }
}

/// The network a request came from: an address of the older kind, the first half of one of the newer.
/// Behind a proxy it is the last address the proxy names, which it saw itself; those before it anyone can write.
pub struct Network(pub String);

/// The caller's own address, where it is known; found as [`Network`] finds it.
pub struct Address(pub Option<IpAddr>);

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Address, Infallible> {
        let named = parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .next_back()
            .filter(|_| app.https == Https::Proxy)
            .and_then(|value| value.to_str().ok())
            .and_then(|list| list.rsplit(',').next())
            .and_then(|last| last.trim().parse::<IpAddr>().ok());
        let seen = parts.extensions.get::<ConnectInfo<Caller>>();
        let address = named.or(seen.map(|ConnectInfo(Caller(address))| address.ip()));
        Ok(Address(address.map(|address| address.to_canonical())))
    }
}

impl FromRequestParts<App> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Network, Infallible> {
        let Ok(Address(address)) = Address::from_request_parts(parts, app).await;
        Ok(Network(address.map(network).unwrap_or_default()))
    }
}

fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// A signed-in request: extracting it is the check.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// Shared things.
    pub app: App,
    /// The path asked for.
    pub path: String,
    /// A sentence from the page before.
    pub notice: Option<String>,
}

/// The value of our cookie.
pub fn cookie_of(parts: &Parts, name: &str) -> Option<String> {
    parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<SignedIn, PageError> {
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, app)
            .await
            .map_err(|_| PageError::Wrong("This address cannot be read.".into()))?;
        let back = if parts.method == axum::http::Method::GET {
            uri.path_and_query().map_or("/", |p| p.as_str()).to_owned()
        } else {
            uri.path().to_owned()
        };
        let secret =
            cookie_of(parts, app.cookie()).ok_or_else(|| PageError::SignIn(back.clone()))?;
        let session = app
            .desk
            .session(&secret)
            .await?
            .ok_or(PageError::SignIn(back))?;
        let notice = if parts.method == axum::http::Method::GET {
            // A sentence that cannot be taken, because nothing can be written, is no reason to show nothing.
            app.desk
                .take_notice(&session)
                .await
                .unwrap_or_else(|error| {
                    tracing::warn!(%error, "a notice could not be taken");
                    None
                })
        } else {
            None
        };
        Ok(SignedIn {
            session,
            app: app.clone(),
            path: uri.path().to_owned(),
            notice,
        })
    }
}

impl SignedIn {
    /// The desk.
    pub fn desk(&self) -> &Desk {
        &self.app.desk
    }

    /// Who acts.
    pub fn actor(&self) -> &desk::Actor {
        &self.session.actor
    }

    /// A form token for this session.
    ///
    /// # Errors
    /// The system gave no random numbers.
    pub fn csrf(&self) -> Result<String, PageError> {
        Ok(csrf::token(&self.session.csrf, &self.desk().token()?))
    }

    /// Refuses a form that was not made in this session.
    ///
    /// # Errors
    /// [`PageError::Forged`].
    pub fn check(&self, values: &crate::form::Values) -> Result<(), PageError> {
        if csrf::is_ours(&self.session.csrf, values.get("csrf")) {
            Ok(())
        } else {
            Err(PageError::Forged)
        }
    }

    /// The token of a form that was sent; a fresh one when it brings none, so that it is not taken for another's.
    ///
    /// # Errors
    /// The system gave no random numbers.
    pub fn form_token(&self, values: &crate::form::Values) -> Result<String, PageError> {
        match values.get("form-token") {
            "" => Ok(self.desk().token()?),
            token => Ok(token.to_owned()),
        }
    }

    /// A page outside a case.
    ///
    /// # Errors
    /// The system gave no random numbers.
    pub fn page(&self, title: &str, wrong: bool, body: Markup) -> Result<Markup, PageError> {
        Ok(layout::page(
            &self.frame(title, wrong)?,
            &maud::html! {},
            body,
        ))
    }

    /// What surrounds every page of this person.
    pub(crate) fn frame(&self, title: &str, wrong: bool) -> Result<layout::Frame, PageError> {
        Ok(layout::Frame {
            title: title.to_owned(),
            wrong,
            partnership: self.desk().settings().name.clone(),
            person: format!("{}, {}", self.actor().person.name, self.actor().part),
            role: self.actor().person.role,
            names: self.actor().names,
            notice: self.notice.clone(),
            csrf: self.csrf()?,
            idle_minutes: self.session.idle_minutes,
            path: self.path.clone(),
            case: None,
            traced: self.traced(),
        })
    }

    /// The mark on the pages of those who inspect: who reads, and when.
    fn traced(&self) -> Option<String> {
        let person = &self.actor().person;
        let clock = self.desk().clock();
        let now = calendar::words::moment(&clock.local(clock.now()));
        (person.role == access::Role::Auditor)
            .then(|| format!("For inspection by {}, {now}", person.name))
    }
}

/// The parameters of the path.
pub type Here = HashMap<String, String>;

/// A reading of a case by a signed-in person.
#[derive(Debug, Clone)]
pub struct At {
    /// Who.
    pub who: SignedIn,
    /// What.
    pub view: CaseView,
    /// The parameters of the path.
    pub here: Here,
}

impl At {
    /// Reads a section of the case named in the path and writes that down; without a section, what everyone in the case sees of it.
    ///
    /// # Errors
    /// Not there, or not theirs.
    pub async fn read(
        who: SignedIn,
        here: Here,
        section: impl Into<Option<Section>>,
        part: &str,
    ) -> Result<At, PageError> {
        let id = here.get("case").cloned().unwrap_or_default();
        let act = act_of(section.into());
        let view = who.desk().view(who.actor(), &id, act, part).await?;
        Ok(At { who, view, here })
    }

    /// The same with every entry of the case at hand.
    pub async fn read_whole(
        who: SignedIn,
        here: Here,
        section: impl Into<Option<Section>>,
        part: &str,
    ) -> Result<At, PageError> {
        let id = here.get("case").cloned().unwrap_or_default();
        let act = act_of(section.into());
        let view = who.desk().view_whole(who.actor(), &id, act, part).await?;
        Ok(At { who, view, here })
    }

    /// The case.
    pub fn case(&self) -> &Arc<Case> {
        &self.view.case
    }

    /// The rules.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.view.rules
    }

    /// A parameter of the path, empty when absent.
    pub fn param(&self, name: &str) -> &str {
        self.here.get(name).map_or("", String::as_str)
    }

    /// Whether the reader may do something here.
    pub fn may(&self, act: access::Act) -> bool {
        self.who.desk().may(self.who.actor(), &self.view, act)
    }

    /// Whether the reader reads a section.
    pub fn reads(&self, section: Section) -> bool {
        self.may(access::Act::Read(section))
    }

    /// The rule by which the reader may do something here.
    ///
    /// # Errors
    /// The named no.
    pub fn permitted(&self, act: access::Act) -> Result<&'static str, PageError> {
        let desk = self.who.desk();
        desk.permitted(self.who.actor(), &self.view, act)
            .map_err(|denied| desk::DeskError::from(denied).into())
    }

    /// The address of a page of this case.
    pub fn url(&self, rest: &str) -> String {
        if rest.is_empty() {
            format!("/cases/{}", self.view.case.id)
        } else {
            format!("/cases/{}/{rest}", self.view.case.id)
        }
    }

    /// True when this person may see names in this case and has turned them on for the session.
    pub fn shows_names(&self) -> bool {
        self.who.actor().names && self.may(access::Act::SeeNames)
    }

    /// A child's pseudonym, with the name where names are shown.
    pub fn called(&self, id: &str) -> String {
        let called = self.view.case.people.called(id);
        if !self.shows_names() {
            return called;
        }
        let people = &self.view.case.people;
        let name = people
            .child(id)
            .map(|c| c.name.as_str())
            .or_else(|| people.adult(id).map(|a| a.name.as_str()))
            .unwrap_or_default();
        if name.is_empty() {
            called
        } else {
            format!("{called} ({name})")
        }
    }

    /// A page of this case; `tab` is the item of the case's navigation it stands under.
    ///
    /// # Errors
    /// The system gave no random numbers.
    pub fn page(
        &self,
        title: &str,
        tab: &str,
        wrong: bool,
        body: Markup,
    ) -> Result<Markup, PageError> {
        let case = &self.view.case;
        let mut frame = self
            .who
            .frame(&format!("{title}, {}", case.reference()), wrong)?;
        frame.case = Some(case.reference().to_owned());
        let top = crate::pages::case_top::top(self, tab);
        let foot = crate::pages::why::foot(self);
        Ok(layout::page(&frame, &top, maud::html! { (body) (foot) }))
    }
}

/// What one must be allowed to do to read a section.
fn act_of(section: Option<Section>) -> access::Act {
    section.map_or(access::Act::ReadCase, access::Act::Read)
}

/// The parameters of the path as a map.
#[derive(Debug)]
pub struct Params(pub Here);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Params, PageError> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| PageError::Wrong("This address cannot be read.".into()))?;
        Ok(Params(
            params
                .iter()
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect(),
        ))
    }
}

/// A path parameter alone.
pub type One = Path<String>;
