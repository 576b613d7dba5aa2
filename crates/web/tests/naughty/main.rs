//! The Big List of Naughty Strings through every text field of every page: what was typed is shown as it was typed, as a draft,
//! after a refusal and from the record; nothing of it becomes an element of a page; an export and what is imported from it hold all of it.
//! Each run takes some strings for each field, so that each string is taken; `CANDOUR_NAUGHTY_ROUNDS` takes more for each (docs/security-tests.md).

mod dom;
#[expect(dead_code, reason = "what other tests of forms use too")]
#[path = "../forms/house.rs"]
mod house;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use axum::http::StatusCode;
use dom::{Dom, Form, Kind};
use house::House;

/// Why a test could not go on.
type Wrong = Box<dyn std::error::Error>;

/// Who opens pages; a form is sent by the first who has it.
const WHO: [&str; 3] = ["manager", "delegate", "chair"];

/// A form somebody may send.
struct Found {
    who: &'static str,
    path: String,
    key: String,
    /// How many text fields it has.
    words: usize,
    /// Whether what is typed is kept as a draft.
    kept: bool,
    /// Which choices it takes to be saved, if any of those tried.
    way: Option<usize>,
    /// Which of its fields come back from the record when the form is opened again.
    shown: BTreeSet<String>,
    /// Which of its fields stand in an export.
    exported: BTreeSet<String>,
}

/// What ends what the test needs: a session, an account, a case; each is sent by tests of its own.
fn left_out(form: &Form) -> bool {
    let path = form.action.as_str();
    [
        "/sign-out",
        "/left",
        "/second-step",
        "/hand-over",
        "/you/sessions",
        "/you/codes",
        "/erasure/propose/case",
    ]
    .iter()
    .any(|end| path.ends_with(end))
        || path.contains("/manage")
}

fn percent(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// What the pages make of what was typed: one kind of line break, nothing else.
fn one_line_break(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A form filled in: `words` says what goes into which text field, `way` which choices are made.
/// Nobody who sends forms here is chosen in one: they would lose what they do it by.
fn filled(
    form: &Form,
    way: usize,
    days: bool,
    stay: &[String],
    words: &dyn Fn(usize, &str) -> String,
) -> String {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    for field in &form.fields {
        let value = match &field.kind {
            Kind::Words => {
                at += 1;
                words(at - 1, &field.name)
            }
            Kind::Day if !days => {
                at += 1;
                words(at - 1, &field.name)
            }
            Kind::Day if field.name.ends_with("-day") => "20".into(),
            Kind::Day if field.name.ends_with("-month") => "11".into(),
            Kind::Day => "2026".into(),
            // Own words and one of a list are asked about when both are given: the later ways leave the list alone.
            Kind::List(_) if way >= 8 => continue,
            Kind::Choice(list) | Kind::List(list) => {
                let mut others = list.iter().filter(|one| !stay.contains(*one)).cycle();
                others
                    .nth(way % list.len().max(1))
                    .cloned()
                    .unwrap_or_default()
            }
            Kind::Box if way.is_multiple_of(2) => field.value.clone(),
            Kind::Hidden => field.value.clone(),
            _ => continue,
        };
        pairs.push((field.name.clone(), value));
    }
    let pairs = pairs
        .iter()
        .map(|(n, v)| format!("{}={}", percent(n), percent(v)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The addresses of the pages a person sees, two of each kind.
async fn pages(house: &House, who: &str) -> Result<Vec<(String, Dom)>, Wrong> {
    let mut queue = vec![
        "/".to_owned(),
        house.at("").trim_end_matches('/').to_owned(),
    ];
    let mut seen: BTreeSet<String> = queue.iter().cloned().collect();
    let (mut kinds, mut list) = (BTreeMap::<String, usize>::new(), Vec::new());
    while let Some(path) = queue.pop() {
        let parts = path.split('?').next().unwrap_or(&path).split('/');
        let kind: Vec<&str> = parts
            .map(|p| {
                if p.contains(|c: char| c.is_ascii_digit()) {
                    "*"
                } else {
                    p
                }
            })
            .collect();
        let met = kinds.entry(kind.join("/")).or_default();
        *met += 1;
        if *met > 2 || path.contains("/documents/") && !path.ends_with("/add") {
            continue;
        }
        let page = house.get(who, &path).await?;
        if page.status != StatusCode::OK || !page.text.starts_with("<!DOCTYPE") {
            continue;
        }
        let dom = Dom::of(&page.text);
        for link in dom.links() {
            if seen.insert(link.to_owned()) {
                queue.push(link.to_owned());
            }
        }
        list.push((path, dom));
    }
    Ok(list)
}

struct Run {
    house: House,
    /// Who sends forms (ids).
    stay: Vec<String>,
    /// Which elements with which attributes plain words lead to.
    shapes: BTreeSet<String>,
    learning: bool,
    looked: usize,
    compared: usize,
}

impl Run {
    /// Nothing typed has become an element or an attribute.
    fn look(&mut self, path: &str, dom: &Dom) {
        self.looked += 1;
        assert_eq!(dom.harmful(), None, "{path}");
        let shapes = dom.shapes();
        if self.learning {
            self.shapes.extend(shapes);
        } else {
            let new: Vec<&String> = shapes.difference(&self.shapes).collect();
            assert!(
                new.is_empty(),
                "{path} has {new:?}, which plain words do not make"
            );
        }
    }

    async fn form(&self, found: &Found) -> Result<Option<(Form, Dom)>, Wrong> {
        let page = self.house.get(found.who, &found.path).await?;
        if page.status != StatusCode::OK {
            return Ok(None);
        }
        let dom = Dom::of(&page.text);
        let forms = dom.forms(&found.path);
        Ok(forms
            .into_iter()
            .find(|f| f.key() == found.key)
            .map(|form| (form, dom)))
    }

    async fn drop_draft(&self, found: &Found, form: &Form) -> Result<(), Wrong> {
        let token = form.fields.iter().find(|f| f.name == "csrf");
        let token = token.map_or("", |f| &f.value);
        let drop = format!("csrf={}&page={}", percent(token), percent(&found.path));
        self.house
            .send(found.who, "/drafts/drop", Some(drop))
            .await?;
        Ok(())
    }

    /// Kept as a draft and shown again: each field holds what was typed, and the page has as many elements as with plain words.
    async fn draft(
        &mut self,
        found: &Found,
        words: &dyn Fn(usize, &str) -> String,
    ) -> Result<Option<usize>, Wrong> {
        let Some((form, _)) = self.form(found).await? else {
            return Ok(None);
        };
        // What a refusal kept before is put away first: the page begins from the record.
        self.drop_draft(found, &form).await?;
        let Some((form, _)) = self.form(found).await? else {
            return Ok(None);
        };
        let body = filled(&form, 0, false, &self.stay, words) + "&page=" + &percent(&found.path);
        let kept = self
            .house
            .send(found.who, "/drafts/keep", Some(body))
            .await?;
        assert_eq!(kept.status, StatusCode::NO_CONTENT, "{}", found.path);
        let Some((shown, dom)) = self.form(found).await? else {
            return Err(format!("{} cannot be opened with its draft", found.path).into());
        };
        self.look(&found.path, &dom);
        let boxes = form.fields.iter();
        let boxes = boxes.filter(|f| matches!(f.kind, Kind::Words | Kind::Day));
        for (at, field) in boxes.enumerate() {
            let typed = one_line_break(&words(at, &field.name));
            let again = shown.fields.iter().find(|f| f.name == field.name);
            let again = again.ok_or_else(|| format!("{} lost {}", found.path, field.name))?;
            assert_eq!(again.value, typed, "{} of {}", field.name, found.path);
            self.compared += 1;
        }
        self.drop_draft(found, &form).await?;
        // A note says that the same reasons stand elsewhere, or that they are few.
        let all = dom.elements.iter();
        Ok(Some(
            all.filter(|e| e.get("class") != Some("c-note")).count(),
        ))
    }

    /// Sent; a refusal draws the same words again. Gives what was typed when it was saved.
    async fn send(
        &mut self,
        found: &Found,
        way: usize,
        words: &dyn Fn(usize, &str) -> String,
    ) -> Result<Option<BTreeMap<String, String>>, Wrong> {
        let Some((form, _)) = self.form(found).await? else {
            return Ok(None);
        };
        let named = form.words().enumerate();
        let typed: BTreeMap<String, String> = named
            .map(|(at, f)| (f.name.clone(), one_line_break(&words(at, &f.name))))
            .collect();
        let body =
            filled(&form, way, true, &self.stay, words) + "&do=save&knowingly=yes&belongs-here=yes";
        let answer = self.house.send(found.who, &form.action, Some(body)).await?;
        assert!(
            !answer.status.is_server_error(),
            "{}: {}",
            found.key,
            answer.text
        );
        if answer.status == StatusCode::SEE_OTHER {
            return Ok(Some(typed));
        }
        // A run that takes long is asked again who sits there.
        let asked = answer.text.contains("Confirm that it is you");
        if answer.text.starts_with("<!DOCTYPE") && !asked {
            let dom = Dom::of(&answer.text);
            self.look(&found.path, &dom);
            let again = dom
                .forms(&found.path)
                .into_iter()
                .find(|f| f.key() == found.key);
            if let Some(again) = again.filter(|_| form.kept) {
                for field in again.words() {
                    if let Some(typed) = typed.get(&field.name) {
                        assert_eq!(&field.value, typed, "{} of {}", field.name, found.path);
                        self.compared += 1;
                    }
                }
            }
        }
        Ok(None)
    }

    /// Every text of an export of the case.
    async fn exported(&self) -> Result<BTreeSet<String>, Wrong> {
        let manager = self.house.actor("manager")?;
        let file = self.house.desk.export(&manager, &self.house.case).await?;
        let mut texts = BTreeSet::new();
        leaves(&serde_json::to_value(&file)?, &mut texts);
        Ok(texts)
    }
}

fn leaves(value: &serde_json::Value, into: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::String(text) => {
            into.insert(text.clone());
        }
        serde_json::Value::Array(list) => list.iter().for_each(|v| leaves(v, into)),
        serde_json::Value::Object(map) => map.values().for_each(|v| leaves(v, into)),
        _ => {}
    }
}

/// The forms of all pages with a text field, each with who sends it.
async fn discover(run: &mut Run) -> Result<Vec<Found>, Wrong> {
    let (mut list, mut met) = (Vec::new(), BTreeSet::new());
    for who in WHO {
        for (path, dom) in pages(&run.house, who).await? {
            run.look(&path, &dom);
            for form in dom.forms(&path) {
                let fresh = form.post && form.words().next().is_some() && !left_out(&form);
                if fresh && met.insert(form.key()) {
                    list.push(Found {
                        who,
                        path: path.clone(),
                        key: form.key(),
                        words: form.words().count(),
                        kept: form.kept,
                        way: None,
                        shown: BTreeSet::new(),
                        exported: BTreeSet::new(),
                    });
                }
            }
        }
    }
    Ok(list)
}

/// What a plain word in each field leads to: which way the form is saved, which fields are shown again, which are exported.
async fn learn(run: &mut Run, found: &mut Found, n: usize) -> Result<(), Wrong> {
    // What pages look like that refuse it.
    let refused = if found.path.ends_with("/members") {
        0
    } else {
        4
    };
    for way in 0..refused {
        run.send(found, way, &|_, _| String::new()).await?;
    }
    for way in 0..16 {
        let word = |_: usize, name: &str| format!("kingfisher{n}w{way} {name} at dusk");
        if run.send(found, way, &word).await?.is_none() {
            continue;
        }
        found.way = Some(way);
        if let Some((again, dom)) = run.form(found).await? {
            run.look(&found.path, &dom);
            let same = again.words().filter(|f| f.value == word(0, &f.name));
            found.shown = same.map(|f| f.name.clone()).collect();
        }
        let texts = run.exported().await?;
        let begin = format!("kingfisher{n}w{way} ");
        let ours = texts.iter().filter_map(|t| t.strip_prefix(&begin));
        found.exported = ours
            .filter_map(|t| t.strip_suffix(" at dusk"))
            .map(str::to_owned)
            .collect();
        return Ok(());
    }
    Ok(())
}

/// No sign that XML cannot hold, and every part of the document can be read.
fn readable(document: &[u8]) -> Result<String, Wrong> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(document))?;
    let mut all = String::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at)?;
        let name = part.name()?.into_owned();
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let mut text = String::new();
        part.read_to_string(&mut text)?;
        let bad = text.chars().find(|c| {
            (c.is_control() && !matches!(c, '\t' | '\n' | '\r') && (*c as u32) < 0x20)
                || matches!(c, '\u{FFFE}' | '\u{FFFF}')
        });
        assert!(bad.is_none(), "{name} holds {bad:?}");
        let mut reader = quick_xml::Reader::from_str(&text);
        while reader.read_event()? != quick_xml::events::Event::Eof {}
        all.push_str(&text);
    }
    Ok(all)
}

/// Every paper of the case can be made and read; answers how many there are.
async fn papers(house: &House) -> Result<usize, Wrong> {
    let (manager, mut made) = (house.actor("manager")?, 0);
    for name in [
        "decision-record",
        "matrix",
        "consideration-form",
        "definition-form~child",
        "views-form~mother",
        "letter~mother~0",
        "letter~mother~1",
    ] {
        let paper = desk::Paper::from_name(name).ok_or("no such paper")?;
        let docx = house
            .desk
            .paper(&manager, &house.case, &paper, desk::Format::Docx)
            .await;
        let docx = match docx {
            Err(desk::DeskError::NotThere) => continue,
            other => other.map_err(|e| format!("{name}: {e}"))?.0,
        };
        readable(&docx)?;
        let pdf = house
            .desk
            .paper(&manager, &house.case, &paper, desk::Format::Pdf)
            .await;
        let (pdf, _) = pdf.map_err(|e| format!("{name}: {e}"))?;
        assert!(pdf.starts_with(b"%PDF"), "{name}");
        made += 1;
    }
    Ok(made)
}

#[tokio::test]
async fn no_naughty_string_is_lost_or_becomes_an_element_of_a_page() -> Result<(), Wrong> {
    let strings: Vec<&str> = naughty_strings::BLNS.to_vec();
    let house = House::new().await?;
    let stay: Result<Vec<String>, Wrong> = WHO
        .iter()
        .map(|who| Ok(house.actor(who)?.person.id))
        .collect();
    let mut run = Run {
        house,
        stay: stay?,
        shapes: BTreeSet::new(),
        learning: true,
        looked: 0,
        compared: 0,
    };
    // First with plain words: what pages are made of then, what is saved, and where it stands afterwards.
    let mut forms = discover(&mut run).await?;
    for (n, found) in forms.iter_mut().enumerate() {
        learn(&mut run, found, n).await?;
    }
    for who in WHO {
        for (path, dom) in pages(&run.house, who).await? {
            run.look(&path, &dom);
        }
    }
    let saved_plain = forms.iter().filter(|f| f.way.is_some()).count();
    let fields: usize = forms.iter().map(|f| f.exported.len()).sum();
    run.learning = false;

    // Then with each string.
    let rounds: usize = std::env::var("CANDOUR_NAUGHTY_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3);
    let (mut typed, mut used) = (BTreeSet::new(), BTreeSet::new());
    let (mut turn, mut next) = (0, 0);
    for _ in 0..rounds {
        for found in &forms {
            turn += 1;
            // Each field takes the next string, from the first field of the first form to the last of the last, and round again.
            let begin = next;
            next += found.words;
            let word = |at: usize, _: &str| strings[(begin + at) % strings.len()].to_owned();
            if found.kept {
                // The same words without what means something to a browser.
                let plainly =
                    |at: usize, name: &str| word(at, name).replace(['<', '>', '&', '"', '\''], "x");
                let plain = run.draft(found, &plainly).await?;
                let naughty = run.draft(found, &word).await?;
                assert_eq!(plain, naughty, "{} has other elements", found.path);
            }
            used.extend((0..found.words).map(|at| (begin + at) % strings.len()));
            let Some(way) = found.way else {
                run.send(found, turn, &word).await?;
                continue;
            };
            let Some(sent) = run.send(found, way, &word).await? else {
                continue;
            };
            let Some((again, dom)) = run.form(found).await? else {
                continue;
            };
            run.look(&found.path, &dom);
            for (name, text) in sent {
                let text = text.trim().to_owned();
                if text.is_empty() {
                    continue;
                }
                if found.exported.contains(&name) {
                    typed.insert((found.key.clone(), name.clone(), text.clone()));
                }
                let again = again.words().find(|f| f.name == name);
                if let Some(again) = again.filter(|_| found.shown.contains(&name)) {
                    assert_eq!(again.value, text, "{name} of {}", found.path);
                    run.compared += 1;
                }
            }
        }
    }
    for who in WHO {
        for (path, dom) in pages(&run.house, who).await? {
            run.look(&path, &dom);
        }
    }

    // Exported, and imported elsewhere, and exported again.
    let texts = run.exported().await?;
    let lost: Vec<_> = typed
        .iter()
        .filter(|(_, _, text)| !texts.contains(text))
        .collect();
    assert!(lost.is_empty(), "not in the export: {lost:#?}");
    let manager = run.house.actor("manager")?;
    let file = run.house.desk.export(&manager, &run.house.case).await?;
    let written = serde_json::to_vec(&file)?;
    let other = House::new().await?;
    let there = other.actor("manager")?;
    let brought = other
        .desk
        .import(&there, serde_json::from_slice(&written)?)
        .await?;
    let again = other.desk.export(&there, &brought.case.id).await?;
    let mut imported = BTreeSet::new();
    leaves(&serde_json::to_value(&again)?, &mut imported);
    // Holds and erasures, interests, members and openings stay with the record and the people they were made in.
    let stays = ["/erasure/", "/interests/", "/members", "/openings/"];
    let lost: Vec<_> = typed
        .iter()
        .filter(|(key, _, _)| !stays.iter().any(|part| key.contains(part)))
        .filter(|(_, _, text)| !imported.contains(text))
        .collect();
    assert!(lost.is_empty(), "not in what was imported: {lost:#?}");

    let papers = papers(&run.house).await?;
    assert!(papers >= 4, "only {papers} papers could be made");
    println!(
        "{} strings, {} of them used; {} forms, {saved_plain} of them saved, {fields} fields stored; \
         {} pages looked at, {} fields compared as shown, {} texts found in the export and after the import",
        strings.len(),
        used.len(),
        forms.len(),
        run.looked,
        run.compared,
        typed.len()
    );
    for found in forms.iter().filter(|f| f.way.is_none()) {
        println!("never saved: {} ({})", found.key, found.who);
    }
    assert_eq!(used.len(), strings.len(), "a string was not used");
    assert!(saved_plain >= 20 && fields >= 60 && typed.len() > 100);
    Ok(())
}
