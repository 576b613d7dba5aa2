//! All routes on one page, and what holds for every answer: headers, limits, a calm page for a crash.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::html;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::form::Values;
use crate::page::case_form::route;
use crate::page::{App, answer};
use crate::{Https, api, assets, layout, pages as p};

/// The largest form: long reasons and a chronology typed by hand fit many times.
const LARGEST_FORM: usize = 2 * 1024 * 1024;

/// The router.
pub fn router(app: App) -> Router {
    let mut routes = Router::new()
        // Anyone.
        .route("/health", get(p::health::health))
        .route("/ready", get(p::health::ready))
        .route("/assets/{mark}/{*name}", get(assets::serve))
        .route("/sign-in", get(p::sign_in::show).post(p::sign_in::sign_in))
        .route(
            "/sign-in/code",
            get(p::second_step::show).post(p::second_step::enter),
        )
        .route("/sign-in/passkey", post(p::passkeys::ask_to_sign_in))
        .route("/sign-in/with-passkey", post(p::passkeys::sign_in))
        .route("/sign-in/code/passkey", post(p::passkeys::ask_for_step))
        .route("/sign-on/{organisation}/back", get(p::sign_on::back))
        .route("/sign-on/{organisation}", get(p::sign_on::to_provider))
        .route(
            "/sign-up/{token}",
            get(p::sign_up::show).post(p::sign_up::accept),
        )
        .route("/sign-up/{token}/passkey", post(p::sign_up::ask_passkey))
        .route(
            "/sign-up/{token}/with-passkey",
            post(p::sign_up::with_passkey),
        )
        .route("/sign-up/{token}/account", post(p::sign_up::with_account))
        .route(
            "/forgotten",
            get(p::new_password::forgotten).post(p::new_password::ask),
        )
        .route(
            "/new-password/{token}",
            get(p::new_password::show).post(p::new_password::choose),
        )
        .route("/accessibility", get(p::about::accessibility))
        .route("/guide", get(p::about::guide))
        .route("/api/v1/openapi.json", get(api::document::show))
        // Anyone signed in.
        .route("/sign-out", post(p::sign_in::sign_out))
        .route("/you", get(p::you::show))
        .route("/you/password", post(p::you::password))
        .route("/you/codes", post(p::you::codes))
        .route("/you/again/passkey", post(p::passkeys::ask_again))
        .route("/you/again/{organisation}", get(p::sign_on::again))
        .route("/you/passkey", post(p::passkeys::ask_to_add))
        .route("/you/passkeys", post(p::passkeys::add))
        .route("/you/passkeys/remove", post(p::passkeys::remove))
        .route("/you/sessions", post(p::you::end_session))
        .route("/you/names", post(p::you::names))
        .route("/you/services", get(p::services::own))
        .route(
            "/you/services/{service}/token",
            post(p::services::make_token),
        )
        .route(
            "/you/services/{service}/token/end",
            post(p::services::end_own_token),
        )
        .route("/drafts/drop", post(p::drafts::put_away))
        .route("/drafts/keep", post(p::drafts::keep))
        .route("/guidance", get(p::guidance::list))
        .route("/guidance/{id}", get(p::guidance::show))
        .route("/guidance/{a}/compared/{b}", get(p::guidance::diff))
        .route("/", get(p::cases::list))
        .route(
            "/open-a-case",
            get(p::open_case::show).post(p::open_case::open),
        )
        .route("/r/{reference}", get(p::cases::by_reference))
        .route(
            "/open-with-reason",
            get(p::open_with_reason::show).post(p::open_with_reason::open),
        )
        // The partnership.
        .route("/people", get(p::people::list).post(p::people::add))
        .route("/people/unusual", get(p::unusual::show))
        .route("/people/unusual/{notice}", post(p::unusual::looked))
        .route(
            "/people/unused",
            get(p::restore::unused).post(p::restore::confirm),
        )
        .route(
            "/people/services",
            get(p::services::list).post(p::services::give),
        )
        .route(
            "/people/services/{service}",
            get(p::services::show).post(p::services::change),
        )
        .route("/people/services/{service}/end", post(p::services::end))
        .route(
            "/people/services/{service}/token/end",
            post(p::services::end_token),
        )
        .route("/restore", get(p::restore::show).post(p::restore::restore))
        .route("/people/{person}", get(p::people::show))
        .route("/people/{person}/authority", post(p::people::authority))
        .route(
            "/people/{person}/authority/end",
            post(p::people::end_authority),
        )
        .route("/people/{person}/invitation", post(p::invitation::again))
        .route(
            "/people/{person}/invitation/withdraw",
            post(p::invitation::withdraw),
        )
        .route("/people/{person}/second-step", post(p::people::second_step))
        .route("/people/{person}/sign-on", post(p::sign_on::remove))
        .route("/people/{person}/left", post(p::people::left))
        .route("/people/{person}/agencies", post(p::people::give_agency))
        .route(
            "/people/{person}/agencies/end",
            post(p::people::take_agency),
        )
        .route("/people/{person}/absence", post(p::people::absence))
        .route("/people/{person}/hand-over", post(p::people::hand_over))
        .route(
            "/agencies",
            get(p::agencies_list::show).post(p::agencies_list::add),
        )
        .route(
            "/agencies/{agency}",
            get(p::agencies_list::one).post(p::agencies_list::change),
        )
        .route("/your-agency", get(p::your_agency::show))
        .route("/your-agency/{person}/left", post(p::your_agency::left))
        .route(
            "/partnership",
            get(p::partnership::show).post(p::partnership::save),
        )
        .route("/partnership/holidays", post(p::partnership::holidays))
        // The record as a whole.
        .route("/record", get(p::record::show))
        .route("/record/checkpoint", post(p::record::checkpoint))
        .route("/record/checkpoints/{size}", get(p::record::download))
        .route("/record/key", get(p::record::key))
        .route(
            "/record/witnesses",
            get(p::record_witnesses::show).post(p::record_witnesses::save),
        )
        .route("/erasures", get(p::erasures::list))
        .route(
            "/erasures/{erasure}/{format}",
            get(p::erasures::certificate),
        )
        // A case.
        .route("/cases/{case}", get(p::overview::show))
        .route(
            "/cases/{case}/clocks",
            get(p::clocks::show).post(p::clocks::late),
        )
        .route("/cases/{case}/people", get(p::people_of_case::show))
        .route("/cases/{case}/agencies", get(p::agencies::show))
        .route(
            "/cases/{case}/agencies/request/{request}",
            get(p::asked::show),
        )
        .route("/cases/{case}/consideration", get(p::consideration::show))
        .route("/cases/{case}/decision", get(p::decision::show))
        .route(
            "/cases/{case}/decision/sign/{partner}/{body}",
            get(p::sign::show).post(p::sign::sign),
        )
        .route(
            "/cases/{case}/decision/sign/{partner}/{body}/passkey",
            post(p::sign::ask),
        )
        .route("/cases/{case}/family", get(p::family::show))
        .route("/cases/{case}/family/{person}", get(p::family_person::show))
        .route(
            "/cases/{case}/family/{person}/promise",
            post(p::family_person::kept),
        )
        .route("/cases/{case}/documents", get(p::documents::show))
        .route("/cases/{case}/documents/{name}", get(p::documents::make))
        .route(
            "/cases/{case}/documents/copies/{paper}",
            get(p::documents_copies::show).post(p::documents_copies::make),
        )
        .route(
            "/cases/{case}/documents/files/{file}",
            get(p::documents_files::download),
        )
        .route("/cases/{case}/story", get(p::story::show))
        .route("/cases/{case}/story/{entry}", get(p::story::entry))
        .route("/cases/{case}/past", get(p::past::show))
        .route("/cases/{case}/record", get(p::record_of_case::show))
        .route(
            "/cases/{case}/record/bundle",
            post(p::record_of_case::bundle),
        )
        .route("/cases/{case}/readers", get(p::readers::show))
        .route("/cases/{case}/why", get(p::why::show))
        .route("/cases/{case}/interests", get(p::interests::show))
        .route("/cases/{case}/openings", get(p::openings::show))
        .route(
            "/cases/{case}/members",
            get(p::members::show).post(p::members::change),
        )
        .route(
            "/cases/{case}/manage",
            get(p::manage::show).post(p::manage::change),
        )
        .route("/cases/{case}/erasure", get(p::erasure::show))
        .route(
            "/cases/{case}/erasure/{proposal}/approve",
            get(p::erasure_approve::show).post(p::erasure_approve::approve),
        );
    // Forms of a case: one type each, told in its file.
    routes = route::<p::incident::IncidentForm>(routes);
    routes = route::<p::awareness::AwarenessForm>(routes);
    routes = route::<p::incident_more::DangerForm>(routes);
    routes = route::<p::incident_more::ContactForm>(routes);
    routes = route::<p::incident_more::AreaForm>(routes);
    routes = route::<p::incident_more::LeadForm>(routes);
    routes = route::<p::child::ChildForm>(routes);
    routes = route::<p::child::PseudonymForm>(routes);
    routes = route::<p::adult::AdultForm>(routes);
    routes = route::<p::adult::RelationshipForm>(routes);
    routes = route::<p::relationship::WithdrawForm>(routes);
    routes = route::<p::agencies::AgencyForm>(routes);
    routes = route::<p::agencies::ProcessForm>(routes);
    routes = route::<p::asked::AskForm>(routes);
    routes = route::<p::asked::AnswerForm>(routes);
    routes = route::<p::asked::SignForm>(routes);
    routes = route::<p::asked::BackForm>(routes);
    routes = route::<p::asked::WithdrawForm>(routes);
    routes = route::<p::definition::DefinitionForm>(routes);
    routes = route::<p::notification::NotifyingForm>(routes);
    routes = route::<p::notification::SentForm>(routes);
    routes = route::<p::notification::ToldForm>(routes);
    routes = route::<p::notification::NotMetForm>(routes);
    routes = route::<p::rapid_review::MeetingForm>(routes);
    routes = route::<p::rapid_review::ReportForm>(routes);
    routes = route::<p::rapid_review::AnswerForm>(routes);
    routes = route::<p::element::ElementForm>(routes);
    routes = route::<p::meeting::WholeMeetingForm>(routes);
    routes = route::<p::decision_text::TextForm>(routes);
    routes = route::<p::view_given::ViewForm>(routes);
    routes = route::<p::view_given::PaperSignatureForm>(routes);
    routes = route::<p::decision_more::NotAgreedForm>(routes);
    routes = route::<p::decision_more::ResolveForm>(routes);
    routes = route::<p::decision_more::SlipForm>(routes);
    routes = route::<p::decision_more::ReconsiderForm>(routes);
    routes = route::<p::family_forms::AppropriateForm>(routes);
    routes = route::<p::family_forms::ContactForm>(routes);
    routes = route::<p::family_forms::ViewsForm>(routes);
    routes = route::<p::family_forms::PrinciplesForm>(routes);
    routes = route::<p::family_letters::SafetyForm>(routes);
    routes = route::<p::family_letters::LetterForm>(routes);
    routes = route::<p::publication::PublicationForm>(routes);
    routes = route::<p::story::MarkForm>(routes);
    routes = route::<p::documents_files::WithdrawForm>(routes);
    routes = route::<p::erasure::HoldForm>(routes);
    routes = route::<p::erasure::LiftForm>(routes);
    routes = route::<p::erasure_propose::ProposeForm>(routes);
    routes = route::<p::erasure_propose::WithdrawForm>(routes);
    routes = route::<p::interests_forms::DeclareForm>(routes);
    routes = route::<p::interests_forms::DeclareForOtherForm>(routes);
    routes = route::<p::interests_forms::DecideForm>(routes);
    routes = route::<p::openings::ReviewForm>(routes);
    // Other systems, with the token of a service account.
    let api = Router::new()
        .route("/api/v1/me", get(api::cases::me))
        .route("/api/v1/cases", get(api::cases::list))
        .route("/api/v1/cases/{case}", get(api::cases::one))
        .route("/api/v1/cases/{case}/clocks", get(api::cases::clocks))
        .route("/api/v1/cases/{case}/story", get(api::cases::story))
        .route("/api/v1/cases/{case}/requests", get(api::requests::list))
        .route(
            "/api/v1/cases/{case}/requests/{request}",
            get(api::requests::one),
        )
        .route(
            "/api/v1/cases/{case}/requests/{request}/answer",
            post(api::requests::answer),
        )
        .route("/api/v1/record", get(api::record::record))
        .route("/api/v1/guidance", get(api::record::guidance))
        .route_layer(middleware::from_fn_with_state(app.clone(), api::let_in));
    // A file is as large as the settings allow and takes as long as it takes; its page says so, and reads it piece by piece.
    let files = Router::new()
        .route(
            "/cases/{case}/documents/add",
            get(p::documents_add::show).post(p::documents_add::add),
        )
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(carried_through))
        .layer(middleware::from_fn_with_state(app.clone(), timed_out))
        .layer(middleware::from_fn_with_state(app.clone(), same_site));
    routes
        .merge(api)
        .fallback(|| async { answer::not_there() })
        .layer(middleware::from_fn_with_state(app.clone(), refused))
        .layer(middleware::from_fn(carried_through))
        .layer(middleware::from_fn_with_state(app.clone(), timed_out))
        .layer(middleware::from_fn_with_state(app.clone(), same_site))
        .layer(RequestBodyLimitLayer::new(LARGEST_FORM))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(60),
        ))
        .merge(files)
        .layer(CatchPanicLayer::custom(|_| answer::failed()))
        .layer(middleware::from_fn(said_calmly))
        .layer(middleware::from_fn_with_state(app.clone(), headers))
        .with_state(app)
}

/// A form sent after the session ended is not thrown away: the sign-in page carries what was typed.
async fn timed_out(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if *request.method() != Method::POST
        || path.starts_with("/sign-")
        || path == "/forgotten"
        || path.starts_with("/new-password/")
        || path.starts_with("/drafts/")
        || path.starts_with(api::ROOT)
        // What a script asks holds nothing that has to be kept.
        || path.ends_with("/passkey")
    {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let secret = crate::page::at::cookie_of(&parts, app.cookie());
    let signed_in = match &secret {
        Some(secret) => !matches!(app.desk.session(secret).await, Ok(None)),
        None => false,
    };
    let request = Request::from_parts(parts, body);
    if signed_in {
        return next.run(request).await;
    }
    let typed = if p::documents_add::brings_a_file(&request) {
        p::documents_add::typed_before_file(request, &app).await
    } else {
        Values::from_request(request, &app).await
    };
    match typed {
        Ok(typed) => p::sign_in::again(&app, &path, &typed, secret.as_deref()).await,
        Err(error) => error.into_response(),
    }
}

/// What was begun is carried through also when the browser goes away or the time is up: half of it, such as an entry on disk
/// without the answer written beside its form, would leave memory behind the record and the form under way for ever.
async fn carried_through(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => {
            // That it broke, never with what words.
            tracing::error!(
                broke = error.is_panic(),
                "a page could not be carried through"
            );
            answer::failed()
        }
    }
}

/// Refuses a change that another site asks for.
async fn same_site(State(_): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let site = request
        .headers()
        .get("sec-fetch-site")
        .and_then(|v| v.to_str().ok());
    let own = match site {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => {
            let host = request
                .headers()
                .get(header::HOST)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default();
            let origin = request
                .headers()
                .get(header::ORIGIN)
                .and_then(|v| v.to_str().ok());
            origin.is_none_or(|o| o.split_once("://").is_some_and(|(_, h)| h == host))
        }
    };
    if safe || own {
        next.run(request).await
    } else {
        crate::page::PageError::Forged.into_response()
    }
}

/// What the layers below refuse in a bare line or with nothing at all is said on a page, with what to do.
async fn said_calmly(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let ours = !["/assets/", "/health", "/ready", "/drafts/keep"]
        .iter()
        .any(|p| path.starts_with(p));
    if path.starts_with(api::ROOT) {
        return api::in_place(next.run(request).await);
    }
    let response = next.run(request).await;
    let page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !ours || page {
        return response;
    }
    let (title, words) = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => (
            "This is too long for one form",
            "What was sent is too long for one form. Go back: what you typed is still in the page. Shorten it, or save it in parts.",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "This takes too long",
            "This takes longer than it should. It may still be saved: look at the case before you send it again. What you typed is still in the page behind this one.",
        ),
        StatusCode::BAD_REQUEST => (
            "This address does not work",
            "The address has a part that cannot be read. Take off what stands after the question mark, or begin at your cases.",
        ),
        _ => return response,
    };
    let body = html! {
        h1.govuk-heading-l { (title) }
        p.govuk-body { (words) }
        p.govuk-body { a.govuk-link href="/" { "Your cases" } }
    };
    (response.status(), layout::bare(title, body)).into_response()
}

/// What every answer carries.
/// Marks an answer that looks like a refusal and is a question: who sits there is asked again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsksAgain;

/// Says in the log what was refused to whom, by the pattern of the address: nothing of a case, and no words of anyone.
async fn refused(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(String::new, |route| route.as_str().to_owned());
    let method = request.method().clone();
    let (parts, body) = request.into_parts();
    let secret = crate::page::at::cookie_of(&parts, app.cookie());
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    let withheld = status == StatusCode::NOT_FOUND && route.starts_with("/cases/");
    let asks = response.extensions().get::<AsksAgain>().is_some();
    if (status == StatusCode::FORBIDDEN && !asks) || withheld {
        let session = match &secret {
            Some(secret) => app.desk.session(secret).await.ok().flatten(),
            None => None,
        };
        let person = session.map_or_else(|| "nobody".to_owned(), |s| s.actor.person.id);
        tracing::warn!(target: "candour::refused", %method, route, status = status.as_u16(), person, "refused");
    }
    response
}

async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let list = response.headers_mut();
    let mut set = |name: &'static str, value: &'static str| {
        list.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    };
    set(
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "same-origin");
    set("x-frame-options", "DENY");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    set(
        "permissions-policy",
        "camera=(), microphone=(), geolocation=()",
    );
    if !asset {
        set("cache-control", "no-store");
    }
    if app.https != Https::Nobody {
        set(
            "strict-transport-security",
            "max-age=31536000; includeSubDomains",
        );
    }
    response
}
