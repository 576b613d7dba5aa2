//! Pages for everyone: the guide and the accessibility statement.

use maud::{Markup, html};

use crate::{govuk, layout};

/// The chapters of the guide: title and text.
const GUIDE: [(&str, &str); 13] = [
    (
        "For the business manager and deputy",
        include_str!("../../../../docs/guide/business-manager.md"),
    ),
    (
        "For delegates of the safeguarding partners",
        include_str!("../../../../docs/guide/delegate.md"),
    ),
    (
        "For the chair",
        include_str!("../../../../docs/guide/chair.md"),
    ),
    (
        "For readers",
        include_str!("../../../../docs/guide/reader.md"),
    ),
    (
        "Who sees a case, and conflicts of interest",
        include_str!("../../../../docs/guide/access.md"),
    ),
    (
        "Joining, locked accounts and leaving",
        include_str!("../../../../docs/guide/joining.md"),
    ),
    (
        "Signing in with the account of your organisation",
        include_str!("../../../../docs/guide/sign-on.md"),
    ),
    (
        "Merging chronologies",
        include_str!("../../../../docs/guide/chronology.md"),
    ),
    (
        "Other systems",
        include_str!("../../../../docs/guide/other-systems.md"),
    ),
    (
        "Agencies: asking them, and answering",
        include_str!("../../../../docs/guide/agencies.md"),
    ),
    (
        "The record, its checkpoints, witnesses and bundles",
        include_str!("../../../../docs/guide/record.md"),
    ),
    (
        "Legal holds and erasure",
        include_str!("../../../../docs/guide/erasure.md"),
    ),
    (
        "For the administrator",
        include_str!("../../../../docs/guide/administrator.md"),
    ),
];

/// The guide.
pub async fn guide() -> Markup {
    layout::bare(
        "Guide",
        html! {
            h1.govuk-heading-l { "Guide" }
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                ul class="govuk-list" { @for (n, (title, _)) in GUIDE.iter().enumerate() { li { a.govuk-link href=(format!("#chapter-{n}")) { (title) } } } }
                @for (n, (title, text)) in GUIDE.iter().enumerate() { section id=(format!("chapter-{n}")) { h2.govuk-heading-m { (title) } (govuk::prose(text)) } }
            } }
        },
    )
}

/// The accessibility statement.
pub async fn accessibility() -> Markup {
    layout::bare(
        "Accessibility statement",
        html! {
            h1.govuk-heading-l { "Accessibility statement for Candour" }
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                p.govuk-body { "Each partnership runs Candour on its own address. It is meant to be used by as many people as possible: with a keyboard alone, with a screen reader, with speech, at 400% zoom, on a phone, on paper, and with scripts off." }
                h2.govuk-heading-m { "How accessible it is" }
                p.govuk-body { "It is built to meet the Web Content Accessibility Guidelines 2.2 at level AA. No audit by an independent body has been made yet, so this statement claims no full conformance." }
                p.govuk-body { "Every page is checked with axe-core at desktop and phone width whenever the program is changed. An automatic check finds only part of what can be wrong." }
                h2.govuk-heading-m { "Documents" }
                p.govuk-body { "PDF documents are tagged and declare PDF/UA-1; the part of that standard that a machine can check is checked when they are made. Word documents have real headings, table header rows and a language." }
                h2.govuk-heading-m { "Known limits" }
                ul class="govuk-list govuk-list--bullet" {
                    li { "It has not yet been tried by people who use assistive technology every day." }
                    li { "Documents that others wrote and that were added to a case are handed out as they came; how accessible they are is up to whoever wrote them." }
                }
                h2.govuk-heading-m { "Telling us" }
                p.govuk-body { "If you cannot use a page, tell the business manager of your partnership. Any form can be printed, filled in by hand and entered by someone else, who is then named." }
            } }
        },
    )
}
