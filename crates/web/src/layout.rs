//! What surrounds every page: skip link, bar, the standing warning, a notice, the footer.

use access::Role;
use maud::{DOCTYPE, Markup, html};

use crate::assets;

/// What the frame of a page needs to know.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The page's title.
    pub title: String,
    /// True when something has to be corrected.
    pub wrong: bool,
    /// The partnership.
    pub partnership: String,
    /// The person and the part they act in.
    pub person: String,
    /// The person's role.
    pub role: Role,
    /// True while names are shown.
    pub names: bool,
    /// A sentence from the page before.
    pub notice: Option<String>,
    /// A form token.
    pub csrf: String,
    /// After how many minutes without use the session ends.
    pub idle_minutes: u16,
    /// The page's own path.
    pub path: String,
    /// The reference of the case the page is about.
    pub case: Option<String>,
    /// For whom and when this copy of the page was made, where pages are marked so that they can be traced.
    pub traced: Option<String>,
}

/// How often the mark stands across a page: enough that no part of a picture of it is without one.
const MARKS: usize = 24;

/// The mark across a page, on the screen and on paper; the words stand once more as text, for whoever does not see it.
fn mark(traced: &str) -> Markup {
    html! {
        p.c-traced { (traced) }
        div.c-watermark aria-hidden="true" { @for _ in 0..MARKS { span { (traced) } } }
    }
}

/// The standing warning while the record and the accounts are being finished.
pub const WARNING: &str =
    "Do not enter real children. This version is for trying out with invented cases.";

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="robots" content="noindex";
            meta name="theme-color" content="#17494d";
            title { (title) " - Candour" }
            link rel="stylesheet" href=(assets::url("candour.css"));
            link rel="icon" href=(assets::url("icon.svg")) type="image/svg+xml";
            script type="module" src=(assets::url("candour.js")) {}
        }
    }
}

fn foot() -> Markup {
    html! {
        footer.c-foot {
            div.govuk-width-container {
                ul.c-foot__list {
                    li { a.govuk-link href="/guide" { "Guide" } }
                    li { a.govuk-link href="/guidance" { "Guidance and its editions" } }
                    li { a.govuk-link href="/accessibility" { "Accessibility" } }
                }
                p.c-foot__warning { (WARNING) }
            }
        }
    }
}

/// A page for a signed-in person; `top` stands between bar and content, such as the case's identity and navigation.
pub fn page(frame: &Frame, top: &Markup, body: Markup) -> Markup {
    let title = if frame.wrong {
        format!("Error: {}", frame.title)
    } else {
        frame.title.clone()
    };
    html! {
        (DOCTYPE)
        html lang="en" class="govuk-template" {
            (head(&title))
            body class="govuk-template__body" data-idle-minutes=(frame.idle_minutes) data-case=[frame.case.as_deref()] {
                a href="#main" class="govuk-skip-link" data-module="govuk-skip-link" { "Skip to main content" }
                header.c-bar {
                    div class="govuk-width-container c-bar__in" {
                        a.c-bar__name href="/" { "Candour" }
                        span.c-bar__where { (frame.partnership) }
                        div.c-bar__me {
                            a href="/you" { (frame.person) }
                            form.c-bar__form method="post" action="/sign-out" {
                                input type="hidden" name="csrf" value=(frame.csrf);
                                button.c-bar__button type="submit" { "Sign out" }
                            }
                        }
                    }
                    nav.c-bar__nav aria-label="Candour" {
                        div.govuk-width-container { ul {
                            @if frame.role != Role::Administrator { li { a href="/" { "Cases" } } }
                            @if frame.role == Role::AgencyLead { li { a href="/your-agency" { "Your agency" } } }
                            @if matches!(frame.role, Role::BusinessManager | Role::DeputyManager | Role::Administrator) {
                                li { a href="/people" { "People" } }
                                @if frame.role != Role::Administrator { li { a href="/agencies" { "Agencies" } } }
                                li { a href="/partnership" { "Partnership" } }
                            }
                            li { a href="/guidance" { "Guidance" } }
                        } }
                    }
                }
                aside.c-warning aria-label="Notice" { div.govuk-width-container { (WARNING) @if frame.names { " Names are shown: every page you open is written down as such." } } }
                (top)
                div.c-page {
                    div.govuk-width-container {
                        main.govuk-main-wrapper id="main" {
                            @if let Some(notice) = &frame.notice {
                                div class="govuk-notification-banner govuk-notification-banner--success" role="alert" aria-labelledby="notice-title" data-module="govuk-notification-banner" {
                                    div.govuk-notification-banner__header { h2.govuk-notification-banner__title id="notice-title" { "Done" } }
                                    div.govuk-notification-banner__content { p.govuk-notification-banner__heading { (notice) } }
                                }
                            }
                            @if let Some(traced) = &frame.traced { (mark(traced)) }
                            (body)
                        }
                    }
                }
                (foot())
            }
        }
    }
}

/// A page for anyone: signing in, help, what went wrong.
pub fn bare(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" class="govuk-template" {
            (head(title))
            body class="govuk-template__body" {
                a href="#main" class="govuk-skip-link" data-module="govuk-skip-link" { "Skip to main content" }
                header.c-bar { div class="govuk-width-container c-bar__in" { a.c-bar__name href="/" { "Candour" } span.c-bar__where { } } }
                aside.c-warning aria-label="Notice" { div.govuk-width-container { (WARNING) } }
                div.c-page { div.govuk-width-container { main.govuk-main-wrapper id="main" { (body) } } }
                (foot())
            }
        }
    }
}
