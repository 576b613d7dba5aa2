//! What stands above every page of a case: who it is about, the stage, the edition, and the ways through the case.

use access::Section;
use cases::stages;
use maud::{Markup, html};

use crate::page::At;

/// Identity and navigation; `tab` is the one that is open.
pub fn top(at: &At, tab: &str) -> Markup {
    let case = at.case();
    let here = &at.who.desk().settings().area;
    let tabs = [
        ("Overview", "", None),
        ("Incident", "incident", Some(Section::Incident)),
        ("People", "people", Some(Section::People)),
        ("Agencies", "agencies", Some(Section::Agencies)),
        (
            "Consideration",
            "consideration",
            Some(Section::Consideration),
        ),
        ("Decision", "decision", Some(Section::Decision)),
        ("Child and family", "family", Some(Section::Family)),
        ("Documents", "documents", Some(Section::Documents)),
        ("Record", "story", Some(Section::Course)),
    ];
    // Who it is about is said to those who read about the people; others know the case by its reference.
    let about = at.reads(Section::People) || at.reads(Section::Decision);
    html! {
        section.c-identity aria-label="About this case" { div class="govuk-width-container c-identity__in" {
            @if about { p.c-identity__who { (case.about(at.view.today)) } }
            span.c-identity__fact { (case.reference()) }
            @if Section::ALL.into_iter().any(|s| at.reads(s)) { span.c-identity__fact { "Stage: " b { (stages::stage(case, at.rules())) } } }
            @if Section::ALL.into_iter().any(|s| at.reads(s)) { span.c-identity__fact { "Rules: " b { (at.rules().packs.first().map_or(at.rules().title.as_str(), |p| p.title.as_str())) } } }
            @if at.reads(Section::Incident) && let Some(lead) = case.incident.leading_area(at.rules(), here) { span.c-identity__fact { "Led by " b { (lead) } } }
            @if at.reads(Section::Course) { (super::erasure::held(at)) }
            (super::openings::opened_by_reader(at))
            (super::interests::own_step_back(at))
            @if at.reads(Section::Course) && let Some(closed) = &case.closing.closed { span.c-identity__fact { "Closed: " b { (closed.reason.words()) } } }
        } }
        nav.c-stage-nav aria-label="Case" { div.govuk-width-container { ul {
            @for (name, path, _) in tabs.into_iter().filter(|(_, _, section)| section.is_none_or(|s| at.reads(s))) {
                li { a href=(at.url(path)) aria-current=[(path == tab).then_some("page")] { (name) } }
            }
        } } }
    }
}
