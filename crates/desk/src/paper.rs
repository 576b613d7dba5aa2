//! Papers from a case: authorised, written down as a read, made from what the record holds now.

use access::{Act, Admission, Section};
use std::io::Write;

use cases::context::NamedSeat;
use cases::family::{Letter, LetterKind};
use cases::members::Part;
use cases::{Case, Command, Event, documents};
use papers::Document;
use papers::blank_forms::{
    ViewsFormData, consideration_form, definition_form, partner_form, views_form,
};
use papers::decision_record::{Covering, HistoryLine, RecordState, decision_record};
use papers::letters::{LetterData, Told, letter_document, suggested_text};
use papers::matrix::matrix;

use crate::actor::Actor;
use crate::error::DeskError;
use crate::load::Desk;
use crate::view::CaseView;

/// Which paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// The decision record with everything behind it.
    DecisionRecord,
    /// Criteria and circumstances with findings, evidence and by whom, on one page where it fits.
    Matrix,
    /// The form for one seat to sign by hand.
    PartnerForm(cases::Seat),
    /// The form for a whole consideration.
    ConsiderationForm,
    /// The form for the definition of one child (id).
    DefinitionForm(String),
    /// The form for a family member's views (id).
    ViewsForm(String),
    /// A released letter: person id and number, from 1.
    Letter(String, usize),
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Tagged PDF.
    Pdf,
    /// A word processor's document.
    Docx,
}

impl Paper {
    /// The paper's name in an address and a file name; no name of a person is in it.
    pub fn name(&self) -> String {
        match self {
            Paper::DecisionRecord => "decision-record".into(),
            Paper::Matrix => "matrix".into(),
            Paper::PartnerForm(seat) => format!("partner-form~{}~{}", seat.partner, seat.body),
            Paper::ConsiderationForm => "consideration-form".into(),
            Paper::DefinitionForm(child) => format!("definition-form~{child}"),
            Paper::ViewsForm(person) => format!("views-form~{person}"),
            Paper::Letter(person, n) => format!("letter~{person}~{n}"),
        }
    }

    /// The paper with this name.
    pub fn from_name(name: &str) -> Option<Paper> {
        let parts: Vec<&str> = name.split('~').collect();
        Some(match parts.as_slice() {
            ["decision-record"] => Paper::DecisionRecord,
            ["matrix"] => Paper::Matrix,
            ["partner-form", partner, body] => Paper::PartnerForm(cases::Seat {
                partner: (*partner).into(),
                body: (*body).into(),
            }),
            ["consideration-form"] => Paper::ConsiderationForm,
            ["definition-form", child] => Paper::DefinitionForm((*child).into()),
            ["views-form", person] => Paper::ViewsForm((*person).into()),
            ["letter", person, n] => Paper::Letter((*person).into(), n.parse().ok()?),
            _ => return None,
        })
    }

    /// The sections of the case that it draws from.
    fn sections(&self) -> &'static [Section] {
        match self {
            Paper::DecisionRecord => &[
                Section::Incident,
                Section::People,
                Section::Agencies,
                Section::Consideration,
                Section::Decision,
                Section::Family,
                Section::Course,
            ],
            Paper::Matrix | Paper::ConsiderationForm | Paper::DefinitionForm(_) => {
                &[Section::Consideration]
            }
            Paper::PartnerForm(_) => &[Section::Decision],
            Paper::ViewsForm(_) | Paper::Letter(..) => &[Section::Family],
        }
    }

    /// The paper as the record calls it where copies were made.
    fn called(&self) -> &'static str {
        match self {
            Paper::DecisionRecord => "the decision record",
            Paper::Matrix => "what was weighed",
            Paper::PartnerForm(_) => "a form to sign by hand",
            Paper::ConsiderationForm => "the form for the consideration",
            Paper::DefinitionForm(_) => "the form for the definition",
            Paper::ViewsForm(_) => "the form for someone\u{2019}s views",
            Paper::Letter(..) => "a letter",
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Paper::DecisionRecord => "a paper: the decision record",
            Paper::Matrix => "a paper: what was weighed",
            Paper::PartnerForm(_) => "a paper: a form to sign by hand",
            Paper::ConsiderationForm | Paper::DefinitionForm(_) | Paper::ViewsForm(_) => {
                "a paper: a form to fill in by hand"
            }
            Paper::Letter(..) => "a paper: a letter",
        }
    }
}

impl Desk {
    /// Makes a paper.
    ///
    /// # Errors
    /// Not theirs to make, no such paper, or the document could not be made.
    pub async fn paper(
        &self,
        actor: &Actor,
        id: &str,
        paper: &Paper,
        format: Format,
    ) -> Result<(Vec<u8>, String), DeskError> {
        let view = self.view_to_make(actor, id, paper).await?;
        let mut document = self.document(&view, paper).await?;
        let made = calendar::words::moment(&self.inner.clock.local(self.inner.clock.now()));
        if !document.marking.is_empty() {
            document.copy = format!("Made for {}, {made}", actor.person.name);
        }
        let made = print(vec![filled(document, &view)], format).await?;
        let made = made.into_iter().next().unwrap_or_default();
        Ok((made, file_name(&view.case, paper, format)))
    }

    /// Makes a copy of a paper for each recipient, with its number, the name and the day on each page; answers one ZIP file.
    /// That they were made, and for whom, goes to the record before anything is handed out.
    ///
    /// # Errors
    /// Not theirs to make, a letter (it belongs to whom it is written), no recipients (field `recipients`), or it could not be made.
    pub async fn copies(
        &self,
        actor: &Actor,
        id: &str,
        paper: &Paper,
        format: Format,
        recipients: Vec<String>,
    ) -> Result<(Vec<u8>, String), DeskError> {
        if matches!(paper, Paper::Letter(..)) {
            return Err(DeskError::field(
                "paper",
                "A letter belongs to whom it is written: print it from its own line",
            ));
        }
        let view = self.view_to_make(actor, id, paper).await?;
        let may_have = self.may_be_given(&view, paper);
        let members = view.case.members.list.values();
        for (name, _) in members.filter(|(name, _)| recipients.contains(name)) {
            if !may_have.iter().any(|(who, _)| who == name) {
                return Err(DeskError::Field {
                    field: "recipients".into(),
                    message: format!(
                        "{name} does not read what this paper holds: no copy is made for them"
                    ),
                });
            }
        }
        let command = Command::Documents(documents::Command::MakeCopies {
            paper: paper.called().into(),
            recipients,
        });
        let acted = self.act(actor, id, None, true, vec![command]).await?;
        let numbers: Vec<documents::NumberedCopy> = acted
            .entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Documents(documents::Event::CopiesMade(made)) => Some(made.copies.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        let view = self
            .view_whole(actor, id, Act::MakePapers, paper.words())
            .await?;
        let document = self.document(&view, paper).await?;
        let today = calendar::words::short(view.today);
        let documents = numbers
            .iter()
            .map(|one| {
                let mut copy = document.clone();
                copy.copy = format!("Copy {}, for {}, {today}", one.number, one.recipient);
                filled(copy, &view)
            })
            .collect();
        let made = print(documents, format).await?;
        let stem = file_name(&view.case, paper, format);
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let broken = |e: zip::result::ZipError| DeskError::Other(e.to_string());
        for (one, bytes) in numbers.iter().zip(made) {
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(format!("copy-{:03}-{stem}", one.number), options)
                .map_err(broken)?;
            zip.write_all(&bytes)
                .map_err(|e| DeskError::Other(e.to_string()))?;
        }
        let bytes = zip.finish().map_err(broken)?.into_inner();
        let name = stem
            .rsplit_once('.')
            .map_or(stem.as_str(), |(name, _)| name);
        Ok((bytes, format!("{name}-copies.zip")))
    }

    /// The members of a case who read what a paper holds, by name, with their part.
    pub fn may_be_given(&self, view: &CaseView, paper: &Paper) -> Vec<(String, Part)> {
        let office = self.office();
        let admission = Admission::of(&view.case);
        let reads = |id: &str| {
            office.person(id).is_some_and(|person| {
                let standing = self.stands(&self.actor(person), &admission);
                (paper.sections().iter())
                    .all(|s| access::permit(person, Act::Read(*s), standing).is_ok())
            })
        };
        let members = view.case.members.list.iter();
        members
            .filter(|(id, _)| reads(id))
            .map(|(_, (name, part))| (name.clone(), *part))
            .collect()
    }

    /// The case to make a paper from, for whoever may make it.
    async fn view_to_make(
        &self,
        actor: &Actor,
        id: &str,
        paper: &Paper,
    ) -> Result<CaseView, DeskError> {
        let case = self.load(id).await?;
        self.permit(actor, &case, Act::MakePapers)?;
        for section in paper.sections() {
            self.permit(actor, &case, Act::Read(*section))?;
        }
        // A letter bears the family's address: only whoever may release one may have it.
        if matches!(paper, Paper::Letter(..)) {
            self.permit(actor, &case, Act::ReleaseLetters)?;
        }
        self.view_whole(actor, id, Act::MakePapers, paper.words())
            .await
    }

    /// The state of the record, as a paper made now states it, with the checkpoint that covers the decision.
    pub(crate) async fn record_state(&self, view: &CaseView) -> Result<RecordState, DeskError> {
        let head = self.head().await?;
        let decided = self.decision_covered(&view.case).await?;
        let words = |at| calendar::words::moment(&self.inner.clock.local(at));
        let keys = self.log_keys().await?;
        Ok(RecordState {
            position: head.position,
            hash: head.hash.to_hex(),
            made: words(self.inner.clock.now()),
            on: view.today,
            partnership: self.settings().name.clone(),
            decided_at: decided.as_ref().map(|d| d.position),
            checkpoint: decided.and_then(|d| d.checkpoint).map(|c| Covering {
                size: c.head.size,
                root: c.head.root.to_hex(),
                made: words(c.at),
                keys: keys.iter().map(ToString::to_string).collect(),
                note: c.note,
            }),
        })
    }

    /// The story as papers carry it, oldest first.
    pub(crate) fn history(&self, view: &CaseView) -> Vec<HistoryLine> {
        let mut history: Vec<HistoryLine> = self
            .story_to_print(view)
            .into_iter()
            .map(|l| HistoryLine {
                line: l.line,
                by: format!("{}, {}", l.by.name, l.by.part),
                at: calendar::words::moment(&l.at),
                missing: l.missing,
                imported: l.imported,
            })
            .collect();
        history.reverse();
        history
    }

    pub(crate) async fn document(
        &self,
        view: &CaseView,
        paper: &Paper,
    ) -> Result<Document, DeskError> {
        let (case, rules, seats) = (&view.case, &view.rules, self.seats());
        let settings = self.settings();
        Ok(match paper {
            Paper::DecisionRecord => {
                let state = self.record_state(view).await?;
                let history = self.history(view);
                decision_record(case, rules, &history, &seats, &self.clocks(view), &state)
            }
            Paper::Matrix => matrix(case, rules, &seats),
            Paper::PartnerForm(seat) => partner_form(case, rules, named(&seats, seat)?),
            Paper::ConsiderationForm => consideration_form(rules, case, &[]),
            Paper::DefinitionForm(child) => {
                definition_form(rules, case.people.child(child).ok_or(DeskError::NotThere)?)
            }
            Paper::ViewsForm(person) => {
                self.can_be_written_to(case, person)?;
                views_form(&ViewsFormData {
                    kind: kind_for(case, person, view.today),
                    reference: case.reference().to_owned(),
                    partnership: settings.name.clone(),
                    contact: settings.front_door.front_door.clone(),
                })
            }
            Paper::Letter(person, n) => {
                let part = case.family.people.get(person).ok_or(DeskError::NotThere)?;
                let letter: &Letter = n
                    .checked_sub(1)
                    .and_then(|at| part.letters.get(at))
                    .ok_or(DeskError::NotThere)?;
                let address: Vec<String> = part
                    .safety
                    .as_ref()
                    .map(|s| {
                        s.address
                            .split([',', '\n'])
                            .map(|l| l.trim().to_owned())
                            .filter(|l| !l.is_empty())
                            .collect()
                    })
                    .unwrap_or_default();
                letter_document(letter, &settings.name, &address, case.reference())
            }
        })
    }

    fn can_be_written_to(&self, case: &Case, person: &str) -> Result<(), DeskError> {
        // A letter to a child of whom nobody has said that the child is living could reach a grieving home.
        let living = case
            .people
            .child(person)
            .is_some_and(|c| c.life == cases::people::Life::Living && !c.unborn());
        if living || case.people.adult(person).is_some() {
            Ok(())
        } else {
            Err(DeskError::NotThere)
        }
    }

    /// A text to start a letter from; a person reads, changes and releases it.
    /// Before there is a complete decision, and while one is being reconsidered, it says nothing of what was decided.
    pub fn suggested_letter(&self, view: &CaseView, kind: LetterKind) -> String {
        let told = match settled(&view.case) {
            Some(false) => Told::NoReview {
                reasons: String::new(),
            },
            Some(true) => Told::Review,
            None => return NOT_DECIDED.into(),
        };
        suggested_text(&LetterData {
            kind,
            what: String::new(),
            partners: self.seats().iter().map(|s| s.body.clone()).collect(),
            review: cases::stages::review_name(&view.rules),
            told,
            contact: String::new(),
            advocate: String::new(),
        })
    }
}

/// A paper with the day it was made and the reference of its case, where it does not say them itself.
fn filled(mut document: Document, view: &CaseView) -> Document {
    if document.made.is_empty() {
        document.made = calendar::words::short(view.today);
    }
    if document.reference.is_empty() {
        document.reference = view.case.reference().to_owned();
    }
    document
}

/// Prints papers, away from whoever waits for other pages.
async fn print(documents: Vec<Document>, format: Format) -> Result<Vec<Vec<u8>>, DeskError> {
    let printed = tokio::task::spawn_blocking(move || {
        let one = |document: &Document| match format {
            Format::Pdf => papers::pdf(document),
            Format::Docx => papers::docx(document),
        };
        documents.iter().map(one).collect::<Result<Vec<_>, _>>()
    });
    Ok(printed
        .await
        .map_err(|e| DeskError::Other(e.to_string()))??)
}

/// The name of a paper's file. A form to sign is told apart by the body; ids of people stay out of file names.
fn file_name(case: &Case, paper: &Paper, format: Format) -> String {
    let ending = if format == Format::Pdf { "pdf" } else { "docx" };
    let kind = match paper {
        Paper::PartnerForm(seat) => format!("partner-form-{}", seat.body),
        other => other
            .name()
            .split('~')
            .next()
            .unwrap_or_default()
            .to_owned(),
    };
    format!("{}-{kind}.{ending}", case.reference())
}

/// What a letter asks for while there is nothing decided to tell of; the square brackets keep it from being released as it is.
const NOT_DECIDED: &str = "[Say here what you want this person to know now. Nothing is decided yet, so this letter cannot say whether there will be a review.]\n\n\
You can choose whether, when and how to talk to us. You can change your mind at any time.\n\n\
[Say here whom they can call, with name, number and times.]";

/// What the decision in force says on conducting a review: nothing before it is complete, nor while it is reconsidered.
fn settled(case: &Case) -> Option<bool> {
    let round = &case.decision.current;
    round.completed.and(round.proposal.conduct)
}

fn named<'a>(seats: &'a [NamedSeat], seat: &cases::Seat) -> Result<&'a NamedSeat, DeskError> {
    seats
        .iter()
        .find(|s| &s.seat == seat)
        .ok_or(DeskError::NotThere)
}

/// For whom a letter or form to a person is written, by age where it is known.
pub fn kind_for(case: &Case, person: &str, today: calendar::Date) -> LetterKind {
    let Some(child) = case.people.child(person) else {
        return LetterKind::Adult;
    };
    match child.born() {
        Some(born) if calendar::add_months(born, 132) > today => LetterKind::YoungerChild,
        _ => LetterKind::OlderChild,
    }
}
