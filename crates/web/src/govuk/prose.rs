//! Plain Markdown as pages: headings, paragraphs and lists, nothing else.

use maud::{Markup, html};

/// The text of a chapter; its own first heading is left out, as the page has one.
pub fn prose(text: &str) -> Markup {
    let blocks = text
        .split("\n\n")
        .map(str::trim)
        .filter(|b| !b.is_empty() && !b.starts_with("# ") && !b.starts_with("!["));
    html! {
        @for block in blocks {
            @if let Some(heading) = block.strip_prefix("## ") { h3.govuk-heading-s { (heading) } }
            @else if block.starts_with("- ") { ul class="govuk-list govuk-list--bullet" { @for line in block.lines() { li { (line.trim_start_matches("- ")) } } } }
            @else if block.starts_with("1. ") { ol class="govuk-list govuk-list--number" { @for line in block.lines() { li { (line.split_once(". ").map_or(line, |(_, rest)| rest)) } } } }
            @else { p.govuk-body { (block.replace('\n', " ")) } }
        }
    }
}
