//! A page as a browser would build it: its elements, its words, its forms.

use std::collections::BTreeSet;

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// An element with its attributes.
#[derive(Debug, Clone, Default)]
pub struct Element {
    pub tag: String,
    pub attributes: Vec<(String, String)>,
    /// The words inside, also those of elements inside.
    pub text: String,
    /// How many forms were opened before it and in how many it stands.
    form: Option<usize>,
}

impl Element {
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    fn shape(&self) -> String {
        // What says in which state a thing is, is no other thing.
        let states = ["open", "checked", "selected", "hidden"];
        let names = self.attributes.iter().map(|(n, _)| n.as_str());
        let names: BTreeSet<&str> = names.filter(|n| !states.contains(n)).collect();
        format!("{} {names:?}", self.tag)
    }
}

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Dom {
    pub elements: Vec<Element>,
}

fn walk(node: &Handle, form: Option<usize>, into: &mut Vec<Element>) -> String {
    let mut text = String::new();
    let (mut here, mut form) = (None, form);
    match &node.data {
        NodeData::Text { contents } => text.push_str(&contents.borrow()),
        NodeData::Element { name, attrs, .. } => {
            let attrs = attrs.borrow();
            here = Some(into.len());
            if &*name.local == "form" {
                form = here;
            }
            into.push(Element {
                tag: name.local.to_string(),
                attributes: attrs
                    .iter()
                    .map(|a| (a.name.local.to_string(), a.value.to_string()))
                    .collect(),
                text: String::new(),
                form,
            });
        }
        _ => {}
    }
    for child in node.children.borrow().iter() {
        text.push_str(&walk(child, form, into));
    }
    if let Some(here) = here {
        into[here].text.clone_from(&text);
    }
    text
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A line or several lines of text.
    Words,
    /// A box of a day.
    Day,
    /// One of several; which are offered.
    Choice(Vec<String>),
    /// One of a list, or none; which are offered.
    List(Vec<String>),
    /// A box to tick.
    Box,
    /// Hidden.
    Hidden,
    /// A password, a file, a button.
    Other,
}

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    pub post: bool,
    pub kept: bool,
    pub fields: Vec<Field>,
}

impl Form {
    pub fn words(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|f| f.kind == Kind::Words)
    }

    /// The form with what differs from time to time left out.
    pub fn key(&self) -> String {
        let what = self.fields.iter().find(|f| f.name == "what");
        format!("{} {}", self.action, what.map_or("", |f| &f.value))
    }
}

impl Dom {
    pub fn of(page: &str) -> Dom {
        let dom =
            html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page);
        let mut elements = Vec::new();
        walk(&dom.document, None, &mut elements);
        Dom { elements }
    }

    /// Which elements with which attributes there are.
    pub fn shapes(&self) -> BTreeSet<String> {
        self.elements.iter().map(Element::shape).collect()
    }

    /// What no page of ours has, whatever stands in it.
    pub fn harmful(&self) -> Option<String> {
        self.elements.iter().find_map(|e| {
            let runs = e.attributes.iter().any(|(name, value)| {
                let value = value.trim().to_lowercase();
                let leads = ["href", "src", "action", "formaction", "data", "xlink:href"];
                name.starts_with("on")
                    || name == "style"
                    || (leads.contains(&name.as_str())
                        && ["javascript:", "data:", "vbscript:", "//"]
                            .iter()
                            .any(|scheme| value.starts_with(scheme)))
            });
            let stands = match e.tag.as_str() {
                "script" => e.get("src").is_none_or(|src| !src.starts_with("/assets/")),
                "iframe" | "object" | "embed" | "style" | "base" | "marquee" | "frame" => true,
                _ => false,
            };
            (runs || stands).then(|| format!("{} {:?}", e.tag, e.attributes))
        })
    }

    /// Where the page leads on this site.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let links = self.elements.iter().filter(|e| e.tag == "a");
        links
            .filter(|e| e.get("download").is_none())
            .filter_map(|e| e.get("href"))
            .filter(|to| to.starts_with('/'))
            .map(|to| to.split('#').next().unwrap_or(to))
    }

    pub fn forms(&self, path: &str) -> Vec<Form> {
        let starts = (0..self.elements.len()).filter(|at| self.elements[*at].tag == "form");
        starts
            .map(|at| {
                let form = &self.elements[at];
                let inside = self.elements.iter().filter(|e| e.form == Some(at));
                let mut fields: Vec<Field> = Vec::new();
                for e in inside {
                    take(e, &mut fields);
                }
                Form {
                    action: form.get("action").unwrap_or(path).to_owned(),
                    post: form.get("method") == Some("post"),
                    kept: form.get("data-keep").is_some(),
                    fields,
                }
            })
            .collect()
    }
}

fn take(e: &Element, fields: &mut Vec<Field>) {
    if e.tag == "option" {
        let value = e.get("value").unwrap_or(&e.text).to_owned();
        if let Some(Field {
            kind: Kind::List(list),
            ..
        }) = fields.last_mut()
            && !value.is_empty()
        {
            list.push(value);
        }
        return;
    }
    let Some(name) = e.get("name").map(str::to_owned) else {
        return;
    };
    let value = e.get("value").unwrap_or_default().to_owned();
    let kind = match (e.tag.as_str(), e.get("type").unwrap_or("text")) {
        ("textarea", _) => {
            fields.push(Field {
                name,
                kind: Kind::Words,
                value: e.text.clone(),
            });
            return;
        }
        ("select", _) => Kind::List(Vec::new()),
        ("input", "radio") => {
            let before = fields.iter_mut().find(|f| f.name == name);
            if let Some(Field {
                kind: Kind::Choice(list),
                ..
            }) = before
            {
                list.push(value);
                return;
            }
            Kind::Choice(vec![value.clone()])
        }
        ("input", "checkbox") => Kind::Box,
        ("input", "hidden") => Kind::Hidden,
        ("input", "password" | "file" | "submit") => Kind::Other,
        ("input", _)
            if ["-day", "-month", "-year"]
                .iter()
                .any(|end| name.ends_with(end)) =>
        {
            Kind::Day
        }
        ("input", _) => Kind::Words,
        _ => Kind::Other,
    };
    fields.push(Field { name, kind, value });
}
