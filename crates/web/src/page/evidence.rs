//! Evidence in a form and as it is read: a statement with its source, a document held elsewhere, or a document of this case.

use access::Act;
use cases::Evidence;
use cases::documents::Filed;
use maud::{Markup, html};

use super::At;
use crate::form::{self, Form, Problems, Values};
use crate::govuk::{self, Choice};

/// Puts evidence into form values.
pub fn start_evidence(values: &mut Values, list: &[Evidence]) {
    for (at, one) in list.iter().enumerate() {
        let field = |part: &str| format!("evidence-{at}-{part}");
        match one {
            Evidence::Statement { text, source } => {
                values.set(&field("kind"), "statement");
                values.set(&field("text"), text);
                values.set(&field("source"), source);
            }
            Evidence::Document {
                title,
                dated,
                holder,
                kept,
                file,
            } => {
                let kind = if file.is_empty() { "document" } else { "filed" };
                values.set(&field("kind"), kind);
                values.set(&field("title"), title);
                values.set(&field("holder"), holder);
                values.set(&field("kept"), kept);
                values.set(&field("file"), file);
                values.set_day(&field("dated"), *dated);
            }
        }
    }
    values.set("evidence-rows", &(list.len() + 1).to_string());
}

/// Reads evidence; rows without any text are left out. A document of the case is named with what the case says of it.
pub fn read_evidence(at: &At, values: &Values, problems: &mut Problems) -> Vec<Evidence> {
    let mut list = Vec::new();
    for row in 0..values.rows("evidence", 1) {
        let field = |part: &str| format!("evidence-{row}-{part}");
        let text = |part: &str| values.text(&field(part));
        let kind = values.get(&field("kind"));
        if kind == "filed" {
            match at.case().documents.find(values.get(&field("file"))) {
                Some(filed) if filed.document.apart.is_none() => list.push(of_case(filed)),
                _ => problems.add(&field("file"), "Choose a document of this case"),
            }
            continue;
        }
        // What was chosen counts; without a choice, what was filled in.
        let document = kind == "document"
            || (kind.is_empty() && text("text").is_empty() && !text("title").is_empty());
        let dated = form::day(values, problems, &field("dated"));
        let empty = ["text", "source", "title", "holder", "kept"]
            .iter()
            .all(|p| text(p).is_empty());
        if empty {
            continue;
        }
        list.push(if document {
            Evidence::Document {
                title: text("title"),
                dated,
                holder: text("holder"),
                kept: text("kept"),
                file: String::new(),
            }
        } else {
            Evidence::Statement {
                text: text("text"),
                source: text("source"),
            }
        });
    }
    list
}

/// A document of the case as evidence: what is said of it stays readable when the file is gone.
fn of_case(filed: &Filed) -> Evidence {
    let d = &filed.document;
    Evidence::Document {
        title: d.title.clone(),
        dated: d.dated,
        holder: if d.source.is_empty() {
            "the partnership".to_owned()
        } else {
            d.source.clone()
        },
        kept: format!("the documents of this case, entry {}", filed.entry),
        file: d.id.clone(),
    }
}

/// The documents one can choose: those in use, and what was chosen before it was withdrawn or erased.
fn documents(at: &At, chosen: &str) -> Vec<Choice> {
    let erased = |f: &Filed| at.case().erasure.files.contains_key(&f.document.id);
    at.case()
        .documents
        .list
        .iter()
        // What is kept apart would be told by its title to all who read the evidence.
        .filter(|f| f.document.apart.is_none())
        .filter(|f| f.document.id == chosen || f.withdrawn.is_none() && !erased(f))
        .map(|f| {
            let d = &f.document;
            let day = d.dated.map_or_else(String::new, |day| {
                format!(", {}", calendar::words::short(day))
            });
            let gone = if erased(f) {
                " (erased)"
            } else if f.withdrawn.is_some() {
                " (withdrawn)"
            } else {
                ""
            };
            Choice::new(d.id.clone(), format!("{}{day}{gone}", d.title))
        })
        .collect()
}

/// The fields for evidence.
pub fn evidence(at: &At, form: &Form<'_>, hint: &str) -> Markup {
    let held = form
        .values
        .names()
        .filter_map(|n| {
            n.strip_prefix("evidence-")?
                .split('-')
                .next()?
                .parse::<usize>()
                .ok()
        })
        .max()
        .map_or(0, |m| m + 1);
    let rows = form.values.rows("evidence", held);
    html! {
        fieldset.govuk-fieldset {
            legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { "Evidence" }
            @if !hint.is_empty() { div.govuk-hint { (hint) } }
            input type="hidden" name="evidence-rows" value=(rows);
            @for row in 0..rows {
                div.c-row {
                    @let heading = format!("Evidence {}", row + 1);
                    p.govuk-heading-s { (heading) }
                    (form.labels.within(&heading, || one_row(at, form, row)))
                }
            }
            button class="govuk-button govuk-button--secondary" type="submit" name="do" value="more-evidence" formnovalidate { "Add another piece of evidence" }
        }
    }
}

fn one_row(at: &At, form: &Form<'_>, row: usize) -> Markup {
    let field = |part: &str| format!("evidence-{row}-{part}");
    let filed = documents(at, form.values.get(&field("file")));
    let mut kinds = vec![
        Choice::new("statement", "A statement with its source"),
        Choice::new("document", "A document kept elsewhere"),
    ];
    if !filed.is_empty() {
        kinds.insert(1, Choice::new("filed", "A document of this case"));
    }
    govuk::radios_with(
        form,
        &field("kind"),
        "What is it?",
        "",
        &kinds,
        |kind| match kind {
            "statement" => html! {
                (govuk::textarea(form, &field("text"), "What was said or recorded", "", 3))
                (govuk::text(form, &field("source"), "Who said it, or where it is recorded", ""))
            },
            "filed" => govuk::select(form, &field("file"), "Which document", "", "Choose", &filed),
            _ => html! {
                (govuk::text(form, &field("title"), "Title of the document", ""))
                (govuk::date(form, &field("dated"), "Its date", ""))
                (govuk::text(form, &field("holder"), "Who holds it", ""))
                (govuk::text(form, &field("kept"), "Where it is kept", ""))
            },
        },
    )
}

/// Evidence as it is read; a document of the case leads to its line in the list, for those who may open documents.
pub fn evidence_shown(at: &At, list: &[Evidence]) -> Markup {
    let leads = |file: &str| {
        let there = at.case().documents.find(file);
        let erased = at.case().erasure.files.contains_key(file);
        (there.is_some_and(|f| f.withdrawn.is_none()) && !erased && at.may(Act::ReadDocuments))
            .then(|| at.url(&format!("documents#document-{file}")))
    };
    html! {
        @for one in list {
            div.c-evidence {
                @match one {
                    Evidence::Statement { text, source } => { (text) cite { (source) } }
                    Evidence::Document { title, dated, holder, kept, file } => {
                        @if let Some(to) = leads(file) { a.govuk-link href=(to) { (title) } } @else { (title) }
                        @if let Some(day) = dated { ", " (calendar::words::short(*day)) }
                        cite { @if file.is_empty() { "Held by " (holder) @if !kept.is_empty() { ", " (kept) } } @else { "From " (holder) ", in " (kept) } }
                    }
                }
            }
        }
    }
}
