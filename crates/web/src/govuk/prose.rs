//! Plain Markdown as pages: headings, paragraphs, lists, commands, and within a line what is bold or code. A link to another page of
//! the guide is its words. Nothing else is understood, and everything is escaped.

use maud::{Markup, html};

/// One block of a chapter.
#[derive(Debug, PartialEq, Eq)]
enum Block<'a> {
    Heading(&'a str),
    Smaller(&'a str),
    Bullets(Vec<String>),
    Numbered(Vec<String>),
    Commands(&'a str),
    Words(String),
}

/// The text of a chapter; its own first heading and its pictures are left out, as the page has a heading of its own.
pub fn prose(text: &str) -> Markup {
    html! {
        @for block in blocks(text) {
            @match block {
                Block::Heading(words) => h3.govuk-heading-s { (line(words)) },
                Block::Smaller(words) => h4 class="govuk-body govuk-!-font-weight-bold" { (line(words)) },
                Block::Bullets(items) => ul class="govuk-list govuk-list--bullet" { @for item in &items { li { (line(item)) } } },
                Block::Numbered(items) => ol class="govuk-list govuk-list--number" { @for item in &items { li { (line(item)) } } },
                Block::Commands(words) => pre class="c-text c-mono" { (words) },
                Block::Words(words) => p.govuk-body { (line(&words)) },
            }
        }
    }
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut list = Vec::new();
    for (at, part) in text.split("\n```").enumerate() {
        if at % 2 == 1 {
            // The rest of the first line names the language.
            let commands = part.split_once('\n').map_or("", |(_, rest)| rest);
            list.push(Block::Commands(commands));
            continue;
        }
        for one in part.split("\n\n").map(str::trim).filter(|b| !b.is_empty()) {
            if let Some(words) = one.strip_prefix("### ") {
                list.push(Block::Smaller(words));
            } else if let Some(words) = one.strip_prefix("## ") {
                list.push(Block::Heading(words));
            } else if one.starts_with("# ") || one.starts_with("![") {
            } else if one.starts_with("- ") {
                list.push(Block::Bullets(items(one, |l| l.strip_prefix("- "))));
            } else if one.starts_with("1. ") {
                let numbered = |l: &str| {
                    let digits = l.find(". ").filter(|end| l[..*end].parse::<u8>().is_ok());
                    digits.map(|end| end + 2)
                };
                list.push(Block::Numbered(items(one, |l| {
                    numbered(l).map(|n| &l[n..])
                })));
            } else {
                list.push(Block::Words(one.replace('\n', " ")));
            }
        }
    }
    list
}

/// The items of a list; a line that begins none goes on with the one before.
fn items<'a>(block: &'a str, begins: impl Fn(&'a str) -> Option<&'a str>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for line in block.lines() {
        match (begins(line), list.last_mut()) {
            (None, Some(last)) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            (begun, _) => list.push(begun.unwrap_or(line).to_owned()),
        }
    }
    list
}

/// A line with what is bold and what is code; of a link, its words.
fn line(text: &str) -> Markup {
    let mut rest = text;
    let mut drawn = html! {};
    while let Some(at) = rest.find(['`', '*', '[']) {
        let (before, from) = rest.split_at(at);
        let marks = [("`", "`"), ("**", "**"), ("[", "](")];
        let found = marks.iter().find_map(|(open, close)| {
            let inner = from.strip_prefix(open)?;
            let end = inner.find(close)?;
            let mut after = &inner[end + close.len()..];
            if *open == "[" {
                after = after.split_once(')')?.1;
            }
            Some((*open, &inner[..end], after))
        });
        let Some((open, inner, after)) = found else {
            // A sign that stands for itself.
            let (sign, after) = from.split_at(1);
            drawn = html! { (drawn) (before) (sign) };
            rest = after;
            continue;
        };
        drawn = html! {
            (drawn) (before)
            @match open { "`" => code.c-mono { (inner) }, "**" => b { (inner) }, _ => (inner) }
        };
        rest = after;
    }
    html! { (drawn) (rest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_has_its_headings_lists_and_commands_and_no_signs_of_markdown() {
        let text = "# Title\n\nOne line.\nAnother.\n\n## Part\n\n### Smaller\n\n1. First\n   goes on\n2. Second\n\n- A **bold** [link](other.md)\n- `candour <x>` and 2 * 3\n\n```sh\ncandour keys\n\n# a remark\n```\n\nAfter.";
        let shown = prose(text).into_string();
        for part in [
            "<p class=\"govuk-body\">One line. Another.</p>",
            "<h3 class=\"govuk-heading-s\">Part</h3>",
            ">Smaller</h4>",
            "<li>First goes on</li><li>Second</li>",
            "<li>A <b>bold</b> link</li>",
            "<code class=\"c-mono\">candour &lt;x&gt;</code> and 2 * 3</li>",
            "candour keys\n\n# a remark",
            "<p class=\"govuk-body\">After.</p>",
        ] {
            assert!(shown.contains(part), "{part}\n{shown}");
        }
        for sign in ["Title", "##", "**", "```", "](", "other.md"] {
            assert!(!shown.contains(sign), "{sign}\n{shown}");
        }
    }
}
