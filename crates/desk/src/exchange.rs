//! Case files in and out: the same format, a round trip without loss; a split of a case by child.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::Act;
use cases::case_file::CaseFile;
use cases::event::Imported as Brought;
use cases::incident::{self, Danger, Opening};
use cases::interests::{Event as Interest, Scope};
use cases::members::{self, Part};
use cases::{Case, Command, Event, Recorded};

use crate::act::Acted;
use crate::actor::Actor;
use crate::decide::Grown;
use crate::error::DeskError;
use crate::load::{Desk, fresh};

/// What an import did.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The new case.
    pub case: Arc<Case>,
    /// Parts of the file that were refused, in words; nothing is dropped silently.
    pub refused: Vec<String>,
}

impl Desk {
    /// The case as a file.
    ///
    /// # Errors
    /// Not theirs to export.
    pub async fn export(&self, actor: &Actor, id: &str) -> Result<CaseFile, DeskError> {
        let case = self.load_whole(id).await?;
        self.permit(actor, &case, Act::ExportCase)?;
        self.log_read(actor, id, "an export of the case").await?;
        let rules = self.editions().for_step(&case, self.today())?;
        let mut file = CaseFile::of(&case, &rules.id);
        // What is hidden from this person does not leave the building through them.
        let hidden = |number: &u64| {
            case.closing
                .marks
                .get(number)
                .is_some_and(|m| m.hidden && !m.visible_to.contains(&actor.person.id))
        };
        file.entries.retain(|r| !hidden(&r.number));
        Ok(file)
    }

    /// Brings a case file in as a new case. Entries in the file are taken as they are, with who recorded them and when, marked as
    /// brought in; without entries the sections are recorded as facts, at their true stage.
    ///
    /// # Errors
    /// Not allowed, or the file cannot be taken at all.
    pub async fn import(&self, actor: &Actor, file: CaseFile) -> Result<Imported, DeskError> {
        let permit = access::permit_in_office(&actor.person, Act::OpenCase)?;
        let _one_reference_at_a_time = self.inner.office_writing.lock().await;
        let id = fresh()?;
        let old = (!file.reference.is_empty()).then(|| file.reference.clone());
        let rules = self.editions().in_force(self.today())?;
        let reference = match &old {
            Some(old) if self.find_reference(old).is_none() => old.clone(),
            _ => self.next_reference(),
        };
        let opened = file.events().find_map(|e| match e {
            Event::Incident(incident::Event::CaseOpened(opening)) => Some(opening.clone()),
            _ => None,
        });
        let opening = match opened {
            Some(opened) => Opening {
                old_reference: old
                    .filter(|o| *o != reference)
                    .or(opened.old_reference.clone()),
                reference,
                ..opened
            },
            None => Opening {
                old_reference: old.filter(|o| *o != reference),
                reference,
                danger: Danger::NotKnown,
                danger_action: String::new(),
                heard_on: None,
                under_way: true,
                edition: rules.id.clone(),
            },
        };
        let name = actor.person.name.clone();
        let member = members::Event::MemberAdded {
            person: actor.person.id.clone(),
            name,
            part: Part::Manages,
            why: "brought the case in".into(),
            agency: None,
            until: None,
        };
        let first = vec![
            Command::Incident(incident::Command::Open(opening)),
            Command::Members(member),
        ];
        let mut grown = self.decide_new(actor, &id, first)?;
        let mut refused = Vec::new();
        if file.entries.is_empty() {
            // The sections say what the files are; the bytes did not come along.
            refused.extend(file.documents.iter().map(|d| {
                format!(
                    "the document \u{201c}{}\u{201d}: add its file to the case yourself",
                    d.title
                )
            }));
            for command in file.commands() {
                match self.decide(actor, &mut grown, &rules, command) {
                    Ok(()) => {}
                    Err(DeskError::Refused(why)) => refused.push(why.to_string()),
                    Err(other) => return Err(other),
                }
            }
        } else {
            let brought = Brought {
                by: actor.by(),
                at: self.inner.clock.now(),
            };
            let mut numbers: BTreeMap<u64, u64> = BTreeMap::new();
            refused.extend(left_behind(&file));
            for one in &file.entries {
                let skipped = matches!(
                    &one.event,
                    Event::Incident(incident::Event::CaseOpened(_))
                        | Event::Members(_)
                        // Holds and erasures, interests and openings belong to the record and the people they were made in.
                        | Event::Erasure(_)
                        | Event::Interests(_)
                        | Event::BreakGlass(_)
                );
                if skipped {
                    continue;
                }
                let imported = one.imported.clone().or_else(|| Some(brought.clone()));
                let number = grown.after.version() + 1;
                numbers.insert(one.number, number);
                grown.push(Arc::new(Recorded {
                    number,
                    imported,
                    event: renumbered(&one.event, &numbers),
                    ..one.clone()
                }));
            }
        }
        let case = self.record_one(permit, grown, None).await?.case;
        Ok(Imported { case, refused })
    }

    /// Splits a case by child: the chosen children go to a new case, and each case names the other.
    ///
    /// # Errors
    /// Not allowed, or a field to correct.
    pub async fn split(
        &self,
        actor: &Actor,
        id: &str,
        children: Vec<String>,
        why: &str,
    ) -> Result<(Acted, Acted), DeskError> {
        let case = self.load(id).await?;
        self.permit(actor, &case, Act::ManageCase)?;
        access::permit_in_office(&actor.person, Act::OpenCase)?;
        let moving: Vec<cases::people::Child> = case
            .people
            .children
            .iter()
            .filter(|c| children.contains(&c.id))
            .cloned()
            .collect();
        if moving.is_empty() || moving.len() >= case.people.children.len() {
            return Err(DeskError::field(
                "children",
                "Choose at least one child to move, and leave at least one here",
            ));
        }
        if why.trim().is_empty() {
            return Err(DeskError::field("why", "Enter why the case is split"));
        }
        let mut known: Vec<Command> = Vec::new();
        known.extend(
            case.incident
                .awareness
                .clone()
                .map(|a| Command::Incident(incident::Command::RecordAwareness(a))),
        );
        known.push(Command::Incident(incident::Command::RecordFacts(
            case.incident.facts.clone(),
        )));
        known.extend(
            moving
                .iter()
                .cloned()
                .map(|c| Command::People(cases::people::Command::RecordChild(c))),
        );
        let link = cases::closing::Event::CaseLinked {
            to: case.reference().to_owned(),
            why: why.to_owned(),
        };
        known.push(Command::Closing(link));
        let members = case
            .members
            .list
            .iter()
            .filter(|(p, _)| {
                !case.members.barred.contains_key(*p) && !case.interests.keeps(p, Scope::Everything)
            })
            .map(|(p, (_, part))| (p.clone(), *part))
            .collect();
        let new = crate::open_case::NewCase {
            danger: Danger::NotKnown,
            danger_action: String::new(),
            old_reference: None,
            heard_on: case.incident.opening.as_ref().and_then(|o| o.heard_on),
            under_way: true,
            members,
            known,
        };
        // Both cases in one transaction: no child is ever in both, and no bar is ever missing.
        let lock = self.writing(id).await;
        let _alone = lock.lock().await;
        let _one_reference_at_a_time = self.inner.office_writing.lock().await;
        let permit = access::permit_in_office(&actor.person, Act::OpenCase)?;
        let mut there = self.decide_opening(actor, new)?;
        let rules = self.editions().for_step(&case, self.today())?;
        // Whoever is barred from the one is barred from the other.
        for (person, name) in &case.members.barred {
            let event = members::Event::PersonBarred {
                person: person.clone(),
                name: name.clone(),
                why: format!("barred from {}", case.reference()),
            };
            self.decide(actor, &mut there, &rules, Command::Members(event))?;
        }
        // Whoever stepped back from the one stepped back from the other, as it was declared and decided there.
        let carried: Vec<Recorded> = case
            .interests
            .list
            .iter()
            .flat_map(|interest| {
                let declared = Interest::InterestDeclared(interest.declared.clone());
                let decided = interest.holds().map(|held| {
                    let event = Interest::InterestDecided(held.answer.clone());
                    (event, held.by.clone(), held.at)
                });
                [(declared, interest.by.clone(), interest.at)]
                    .into_iter()
                    .chain(decided)
            })
            .map(|(event, by, at)| Recorded {
                number: 0,
                at,
                by,
                edition: rules.id.clone(),
                event: event.into(),
                missing: Vec::new(),
                imported: Some(Brought {
                    by: actor.by(),
                    at: self.inner.clock.now(),
                }),
                pasted: Vec::new(),
            })
            .collect();
        for one in carried {
            let number = there.after.version() + 1;
            there.push(Arc::new(Recorded { number, ..one }));
        }
        // What may not be erased there may not be erased here.
        for held in case.erasure.standing() {
            let command = Command::Erasure(cases::erasure::Command::PlaceHold {
                required_by: held.hold.required_by.clone(),
                why: format!("It stands in {}: {}", case.reference(), held.hold.why),
            });
            self.decide(actor, &mut there, &rules, command)?;
        }
        let to = there.after.reference().to_owned();
        let mut commands = vec![Command::Closing(cases::closing::Event::CaseSplit {
            to: to.clone(),
            children: children.clone(),
            why: why.into(),
        })];
        commands.extend(moving.iter().map(|c| {
            Command::People(cases::people::Command::MoveChild {
                child: c.id.clone(),
                to: to.clone(),
            })
        }));
        let mut here = Grown::from((*case).clone());
        for command in commands {
            self.permit(actor, &case, access::rules::act_of(&command))?;
            self.decide(actor, &mut here, &rules, command)?;
        }
        let mut acted = self
            .record(permit, vec![there, here], None, None)
            .await?
            .into_iter()
            .map(|(case, entries)| Acted { case, entries });
        match (acted.next(), acted.next()) {
            (Some(there), Some(here)) => Ok((here, there)),
            _ => Err(DeskError::NotThere),
        }
    }
}

/// What a file says of holds and erasures, in words: it holds in the record it was made in, and a person says what holds here.
fn left_behind(file: &CaseFile) -> Vec<String> {
    use cases::erasure::Event as E;
    let mut holds: BTreeMap<&str, &str> = BTreeMap::new();
    let mut gone = Vec::new();
    for one in &file.entries {
        match &one.event {
            Event::Erasure(E::HoldPlaced(hold)) => {
                holds.insert(&hold.id, &hold.required_by);
            }
            Event::Erasure(E::HoldLifted { hold, .. }) => {
                holds.remove(hold.as_str());
            }
            Event::Erasure(E::ContentErased(c)) => gone.push(format!(
                "{}: it was erased in the other record, rule: {}",
                c.target.words(),
                c.rule.title
            )),
            Event::Interests(Interest::InterestDeclared(d)) => gone.push(format!(
                "the interest that {} declared: it was decided about in the other record; declare it here too if they take part here",
                d.name
            )),
            Event::BreakGlass(cases::break_glass::Event::OpenedWithReason(o)) => gone.push(format!(
                "that {} opened the case with a written reason in the other record",
                o.name
            )),
            _ => {}
        }
    }
    let holds = holds.values().map(|by| {
        format!("the legal hold required by {by}: it stands in the other record; place it here too if it is to hold here")
    });
    holds.chain(gone).collect()
}

/// A mark names entries by number: it follows them to their new numbers; 0 where an entry did not come along.
fn renumbered(event: &Event, numbers: &BTreeMap<u64, u64>) -> Event {
    match event {
        Event::Closing(cases::closing::Event::EntryMarked(mark)) => {
            Event::Closing(cases::closing::Event::EntryMarked(cases::closing::Mark {
                entry: numbers.get(&mark.entry).copied().unwrap_or(0),
                correction: mark.correction.and_then(|c| numbers.get(&c).copied()),
                ..mark.clone()
            }))
        }
        other => other.clone(),
    }
}
