//! One random operation, and what must come of it by the account.

use std::collections::{BTreeMap, BTreeSet};

use access::{Act, Section};
use cases::break_glass::Event as Glass;
use cases::interests::{Answer, Command as Interest, Event as Said, Kind, Outcome, Scope};
use cases::members::{Command as Member, Part};
use cases::{Command, Event};
use desk::{Acted, DeskError};

use crate::partnership::{Partnership, STAYS};
use crate::{Counted, Dice, Wrong};

/// Does one thing as someone.
pub async fn one(
    all: &mut [Partnership],
    dice: &mut Dice,
    counted: &mut Counted,
) -> Result<(), Wrong> {
    let here = dice.below(all.len());
    let who = dice.below(all[here].ids.len());
    let case = dice.below(all[here].cases.len());
    match dice.below(100) {
        0..60 => look(&all[here], who, case, dice, counted).await,
        60..75 => lists(&all[here], who, case, dice, counted).await,
        75..85 => from_elsewhere(all, here, who, case, dice, counted).await,
        85..88 => {
            let likes = all[here].desk.reasons_elsewhere(
                &all[here].actor(who),
                &all[here].cases[case].id,
                "improvements",
            );
            let p = &all[here];
            let read =
                |c: &&crate::account::CaseAccount| p.office.reads(who, c, Section::Consideration);
            let read: Vec<&str> = p
                .cases
                .iter()
                .filter(read)
                .map(|c| c.mark.as_str())
                .collect();
            for (_, reasons) in &likes {
                counted.contents_searched += 1;
                if !read.iter().any(|mark| reasons.contains(mark)) {
                    return Err(format!("person {who} was shown the reasons {reasons:?}").into());
                }
            }
            tells_only_what_is_seen(p, who, &format!("{likes:?}"), counted)
        }
        88..92 => drafts(&mut all[here], who, case, dice).await,
        92..99 => change(&mut all[here], who, case, dice, counted).await,
        _ => pass(&mut all[here], dice, counted).await,
    }
}

/// Every mark in a text is that of a case the person sees.
fn tells_only_what_is_seen(
    p: &Partnership,
    who: usize,
    text: &str,
    counted: &mut Counted,
) -> Result<(), Wrong> {
    counted.contents_searched += 1;
    let seen = p.seen_by(who);
    let marks: BTreeSet<&str> = p
        .cases
        .iter()
        .filter(|case| seen.contains(case.id.as_str()))
        .map(|case| case.mark.as_str())
        .collect();
    for (at, _) in text.match_indices("QZX") {
        if !marks.iter().any(|mark| text[at..].starts_with(mark)) {
            let end = (at + 30).min(text.len());
            return Err(format!("person {who} was told of {:?}", &text[at..end]).into());
        }
    }
    Ok(())
}

/// What came of a reading, held against whether the person sees the case.
fn held<T>(
    sees: bool,
    result: Result<T, DeskError>,
    what: &str,
    counted: &mut Counted,
) -> Result<Option<T>, Wrong> {
    match (sees, result) {
        (true, Ok(got)) => {
            counted.read += 1;
            Ok(Some(got))
        }
        (false, Err(DeskError::NotThere)) => {
            counted.kept_out += 1;
            Ok(None)
        }
        (true, Err(error)) => Err(format!("{what} of one's own case was refused: {error}").into()),
        (false, Err(error)) => {
            Err(format!("{what} tells more than that nothing is there: {error}").into())
        }
        (false, Ok(_)) => Err(format!("{what} of a case that is not theirs was answered").into()),
    }
}

/// Whoever sees the case and not this section of it is told so; that is as good as not there.
fn kept_to_its_section<T>(sees: bool, result: Result<T, DeskError>) -> Result<T, DeskError> {
    match result {
        Err(DeskError::Denied(_)) if sees => Err(DeskError::NotThere),
        other => other,
    }
}

async fn look(
    p: &Partnership,
    who: usize,
    case: usize,
    dice: &mut Dice,
    counted: &mut Counted,
) -> Result<(), Wrong> {
    let (actor, account) = (p.actor(who), &p.cases[case]);
    let (sees, id) = (p.office.sees(who, account), account.id.as_str());
    let text = match dice.below(40) {
        0 => {
            let past = p.desk.view_past(&actor, id, p.office.today).await;
            let sees = p.office.reads(who, account, Section::Course);
            let past = kept_to_its_section(p.office.sees(who, account), past);
            held(sees, past, "the case of a past day", counted)?
                .map(|view| serde_json::to_string(&*view.case))
        }
        1 => {
            let whole = p
                .desk
                .view_whole(&actor, id, Act::ReadCase, "the story")
                .await;
            held(sees, whole, "the whole case", counted)?
                .map(|view| serde_json::to_string(&p.desk.latest_of(&actor, &view, 20).len()))
        }
        2 => {
            let same = p
                .desk
                .view(&actor, id, Act::Read(Section::People), "the people")
                .await;
            let sees = p.office.reads(who, account, Section::People);
            let same = kept_to_its_section(p.office.sees(who, account), same);
            held(sees, same, "the people", counted)?.map(|view| {
                let same = p.desk.possible_same_children(&actor, &view.case);
                let others: Vec<String> = same
                    .into_iter()
                    .filter_map(|s| s.other.map(|(id, _)| id))
                    .collect();
                let seen = p.cases.iter();
                let seen: BTreeSet<&str> = seen
                    .filter(|c| p.office.reads(who, c, Section::People))
                    .map(|c| c.id.as_str())
                    .collect();
                assert!(
                    others.iter().all(|id| seen.contains(id.as_str())),
                    "a likeness names a case that is not theirs"
                );
                serde_json::to_string(&others)
            })
        }
        3..20 => {
            let section = *dice.one_of(&Section::ALL);
            let view = p
                .desk
                .view(&actor, id, Act::Read(section), "a section")
                .await;
            let sees = p.office.reads(who, account, section);
            let view = kept_to_its_section(p.office.sees(who, account), view);
            held(sees, view, &format!("{section:?}"), counted)?;
            None
        }
        _ => {
            let view = p.desk.view(&actor, id, Act::ReadCase, "the case").await;
            let view = held(sees, view, "the case", counted)?;
            if let Some(view) = &view
                && (view.case.id != id || view.case.version() != account.entries)
            {
                return Err("another case, or one that changed by itself".into());
            }
            view.filter(|_| dice.once_in(20))
                .map(|view| serde_json::to_string(&*view.case))
        }
    };
    if let Some(text) = text {
        let text = text?;
        tells_only_what_is_seen(p, who, &text, counted)?;
        let others = p.cases.iter().filter(|other| other.id != account.id);
        for other in others {
            if text.contains(&other.mark) {
                return Err(format!("{} stands in another case", other.mark).into());
            }
        }
    }
    Ok(())
}

async fn lists(
    p: &Partnership,
    who: usize,
    case: usize,
    dice: &mut Dice,
    counted: &mut Counted,
) -> Result<(), Wrong> {
    counted.lists += 1;
    let (actor, account) = (p.actor(who), &p.cases[case]);
    // The list of whoever has left is never drawn, as nobody is signed in; it is empty all the same.
    let seen = p.seen_by(who);
    match dice.below(4) {
        0 => {
            let list = p.desk.cases(&actor, "");
            let ids: BTreeSet<&str> = list.iter().map(|line| line.id.as_str()).collect();
            if ids != seen {
                return Err(format!("the list of person {who} has {ids:?}, not {seen:?}").into());
            }
            tells_only_what_is_seen(p, who, &format!("{list:?}"), counted)
        }
        1 => {
            let words = if dice.once_in(2) {
                &account.mark
            } else {
                &account.reference
            };
            let list = p.desk.cases(&actor, words);
            let found = list.iter().any(|line| line.id == account.id);
            if found != seen.contains(account.id.as_str()) || list.len() > 1 {
                return Err(format!("searching for {words} found {} cases", list.len()).into());
            }
            Ok(())
        }
        2 => {
            let found = p.desk.own_reference(&actor, &account.reference);
            if found.is_some() != seen.contains(account.id.as_str()) {
                return Err(format!(
                    "{} was looked up by person {who}: {found:?}",
                    account.reference
                )
                .into());
            }
            Ok(())
        }
        _ => {
            let needs = p.desk.needs(&actor);
            if needs.iter().any(|n| !seen.contains(n.case.0.as_str())) {
                return Err(
                    format!("person {who} is reminded of a case that is not theirs").into(),
                );
            }
            tells_only_what_is_seen(p, who, &format!("{needs:?}"), counted)
        }
    }
}

/// Someone of another partnership, with what they have: a cookie, a person's id, a case's id, a reference.
async fn from_elsewhere(
    all: &[Partnership],
    here: usize,
    who: usize,
    case: usize,
    dice: &mut Dice,
    counted: &mut Counted,
) -> Result<(), Wrong> {
    counted.from_elsewhere += 1;
    let there = (here + 1 + dice.below(all.len() - 1)) % all.len();
    let (p, other) = (&all[here], &all[there]);
    let (actor, account) = (other.actor(who), &p.cases[case]);
    match dice.below(6) {
        0 if p.desk.session(&other.secrets[who]).await?.is_some() => {
            Err("a cookie opens another partnership".into())
        }
        0 => Ok(()),
        1 => {
            let view = p
                .desk
                .view(&actor, &account.id, Act::ReadCase, "the case")
                .await;
            held(false, view, "a case of another partnership", counted).map(|_| ())
        }
        2 => {
            // One's own person and another's case, at one's own desk.
            let view = other
                .desk
                .view(&actor, &account.id, Act::ReadCase, "the case")
                .await;
            held(false, view, "a case of another partnership", counted).map(|_| ())
        }
        3 => {
            let list = p.desk.cases(&actor, "");
            let found = p.desk.own_reference(&actor, &account.reference);
            match (list.is_empty(), found) {
                (true, None) => Ok(()),
                _ => Err("a list shows cases of another partnership".into()),
            }
        }
        4 => {
            let command = record(&account.mark, dice);
            match p
                .desk
                .act(&actor, &account.id, None, true, vec![command])
                .await
            {
                Err(DeskError::NotThere) => {
                    counted.write_refused += 1;
                    Ok(())
                }
                got => Err(format!("written from another partnership: {:?}", got.is_ok()).into()),
            }
        }
        _ => match p.desk.draft(&actor, &page(case)).await? {
            None => Ok(()),
            Some(_) => Err("a draft of another partnership".into()),
        },
    }
}

/// Mostly a part that the person's role carries, sometimes any.
fn part_for(p: &Partnership, whom: usize, dice: &mut Dice) -> Part {
    use access::Role as R;
    if dice.once_in(4) {
        return *dice.one_of(&Part::ALL);
    }
    match p.office.roles[whom] {
        R::Reviewer => Part::Reviews,
        R::PanelMember => Part::Panel,
        R::LegalAdviser => Part::Advises,
        R::CommunicationsLead => Part::Communicates,
        R::Auditor => Part::Inspects,
        _ => *dice.one_of(&[Part::Manages, Part::Decides, Part::Chairs, Part::Reads]),
    }
}

fn page(case: usize) -> String {
    format!("/cases/{case}/incident")
}

async fn drafts(
    p: &mut Partnership,
    who: usize,
    case: usize,
    dice: &mut Dice,
) -> Result<(), Wrong> {
    let actor = p.actor(who);
    if dice.once_in(20) {
        let words = format!("draft {} of person {who}", dice.below(1_000_000));
        let values = BTreeMap::from([("words".to_owned(), vec![words.clone()])]);
        p.desk
            .keep_draft(&actor, &page(case), None, &values)
            .await?;
        p.drafts.insert((who, case), words);
        return Ok(());
    }
    let found = p.desk.draft(&actor, &page(case)).await?;
    let found = found.and_then(|d| d.values.get("words").and_then(|w| w.first().cloned()));
    if found.as_ref() == p.drafts.get(&(who, case)) {
        Ok(())
    } else {
        Err(format!("person {who} was shown the draft {found:?}").into())
    }
}

/// Something is recorded in a case, with its mark.
fn record(mark: &str, dice: &mut Dice) -> Command {
    Command::People(cases::people::Command::RecordAdult(cases::people::Adult {
        id: "someone".into(),
        label: format!("{mark} someone {}", dice.below(1_000_000)),
        ..Default::default()
    }))
}

async fn change(
    p: &mut Partnership,
    who: usize,
    case: usize,
    dice: &mut Dice,
    counted: &mut Counted,
) -> Result<(), Wrong> {
    // Half the time whoever may: most strangers change nothing, and then nothing would change.
    let kind = dice.below(18);
    let who = match dice.below(4) {
        0 if kind < 14 => p.cases[case].owner,
        turn if turn == 1 || (14..17).contains(&kind) => {
            let decide = |(who, part): (&usize, &Part)| {
                matches!(part, Part::Decides | Part::Chairs).then_some(*who)
            };
            let able: Vec<usize> = p.cases[case].parts.iter().filter_map(decide).collect();
            able.get(dice.below(able.len())).copied().unwrap_or(who)
        }
        _ => who,
    };
    let (actor, id) = (p.actor(who), p.cases[case].id.clone());
    let whom = dice.below(p.ids.len());
    let (person, name) = (p.ids[whom].clone(), format!("person {whom}"));
    let why = "invented".to_owned();
    let command = match kind {
        0..4 => record(&p.cases[case].mark, dice),
        4..8 => Command::Members(Member::MemberAdded {
            person,
            name,
            part: part_for(p, whom, dice),
            why,
            agency: None,
            until: dice.once_in(3).then_some(p.office.today),
        }),
        8 => Command::Members(Member::MemberRemoved { person, why }),
        9 => Command::Members(Member::PersonBarred { person, name, why }),
        10 => Command::Members(Member::BarLifted { person, why }),
        11 => Command::Members(Member::HandedOver {
            from: String::new(),
            to: person,
            name,
            why,
        }),
        12 | 13 => {
            let Ok(declared) = p
                .desk
                .interest_of(&person, Kind::Practice, "invented", "2019")
            else {
                return Ok(());
            };
            Command::Interests(if whom == who {
                Interest::Declare(declared)
            } else {
                Interest::DeclareFor(declared)
            })
        }
        14..17 => {
            let open: Vec<&String> = p.cases[case].back.keys().collect();
            if open.is_empty() {
                return Ok(());
            }
            let outcome = *dice.one_of(&[
                Outcome::NoConflict,
                Outcome::TakesPart,
                Outcome::StepsBack,
                Outcome::StepsBack,
            ]);
            let from = BTreeSet::from([*dice.one_of(&Scope::ALL)]);
            Command::Interests(Interest::Decide(Answer {
                interest: (*dice.one_of(&open)).clone(),
                outcome,
                from,
                stated: "invented".into(),
                why,
                on: p.office.today,
            }))
        }
        _ => return open_with_reason(p, who, case, counted).await,
    };
    let records = p.office.records(who, &p.cases[case]);
    let sees = p.office.sees(who, &p.cases[case]);
    match p.desk.act(&actor, &id, None, true, vec![command]).await {
        Ok(_) if !sees => Err(format!("person {who} wrote in a case that is not theirs").into()),
        Ok(_) if kind < 12 && !records => {
            Err(format!("person {who} wrote without running the case").into())
        }
        Ok(acted) => {
            counted.written += 1;
            follow(p, case, &acted, counted)
        }
        Err(DeskError::NotThere) if !sees => {
            counted.write_refused += 1;
            Ok(())
        }
        Err(error) if !sees => {
            Err(format!("a refusal tells more than that nothing is there: {error}").into())
        }
        Err(error) if kind < 4 && records => {
            Err(format!("person {who} runs the case and may not record: {error}").into())
        }
        Err(_) => {
            counted.write_refused += 1;
            Ok(())
        }
    }
}

/// Writes beside what was recorded.
fn follow(
    p: &mut Partnership,
    case: usize,
    acted: &Acted,
    counted: &mut Counted,
) -> Result<(), Wrong> {
    let number = |id: &str| {
        p.ids
            .iter()
            .position(|i| i == id)
            .ok_or("nobody with this id")
    };
    let account = &mut p.cases[case];
    for entry in &acted.entries {
        account.entries += 1;
        match &entry.event {
            Event::Members(Member::MemberAdded {
                person,
                part,
                until,
                ..
            }) => {
                let whose = number(person)?;
                account.parts.insert(whose, *part);
                account.last.remove(&whose);
                account.last.extend(until.map(|day| (whose, day)));
            }
            Event::Members(Member::MemberRemoved { person, .. }) => {
                account.parts.remove(&number(person)?);
                account.last.remove(&number(person)?);
            }
            Event::Members(Member::PersonBarred { person, .. }) => {
                counted.bars += 1;
                account.barred.insert(number(person)?);
            }
            Event::Members(Member::BarLifted { person, .. }) => {
                account.barred.remove(&number(person)?);
            }
            Event::Members(Member::HandedOver { to, .. }) => {
                account.owner = number(to)?;
                account.parts.insert(account.owner, Part::Manages);
                account.last.remove(&account.owner);
            }
            Event::Interests(Said::InterestDeclared(declared)) => {
                let whose = number(&declared.person)?;
                account
                    .back
                    .insert(declared.id.clone(), (whose, BTreeSet::new()));
            }
            Event::Interests(Said::InterestDecided(answer)) => {
                let back = account
                    .back
                    .get_mut(&answer.interest)
                    .ok_or("no interest")?;
                back.1 = answer.from.clone();
                counted.steps_back += u64::from(!back.1.is_empty());
            }
            Event::BreakGlass(Glass::OpenedWithReason(opening)) => {
                counted.openings += 1;
                let longest = account.until.entry(number(&opening.person)?).or_default();
                *longest = opening.until.max(*longest);
            }
            _ => {}
        }
    }
    Ok(())
}

async fn open_with_reason(
    p: &mut Partnership,
    who: usize,
    case: usize,
    counted: &mut Counted,
) -> Result<(), Wrong> {
    let (actor, reference) = (p.actor(who), p.cases[case].reference.clone());
    let before = p.office.sees(who, &p.cases[case]);
    let may = before || p.office.may_open(who, &p.cases[case]);
    let may = may && p.office.opens(who);
    match p
        .desk
        .open_with_reason(&actor, &reference, "invented")
        .await
    {
        Ok(_) if !may => Err(format!("person {who} opened a case they are kept from").into()),
        Ok(_) if before => Ok(()),
        Ok(id) => {
            let hours = i64::from(p.desk.settings().access.open_hours);
            let until = p.office.now + jiff::SignedDuration::from_hours(hours);
            counted.openings += 1;
            let account = &mut p.cases[case];
            account.until.insert(who, until);
            account.entries += 1;
            if account.id == id {
                Ok(())
            } else {
                Err("another case was opened".into())
            }
        }
        Err(error) if may => Err(format!("person {who} may open cases: {error}").into()),
        Err(_) => {
            counted.write_refused += 1;
            Ok(())
        }
    }
}

/// Hours pass, somebody is away, and now and then somebody leaves.
async fn pass(p: &mut Partnership, dice: &mut Dice, counted: &mut Counted) -> Result<(), Wrong> {
    let whom = dice.below(p.ids.len());
    match dice.below(60) {
        0 if counted.leavers < 4 && whom != STAYS && !p.office.left.contains(&whom) => {
            let manager = p.actor(STAYS);
            let runs = p.cases.iter().any(|case| case.owner == whom);
            match p.desk.person_left(&manager, &p.ids[whom], "invented").await {
                Ok(()) if runs => Err("someone left who runs a case".into()),
                Ok(()) => {
                    counted.leavers += 1;
                    p.office.left.insert(whom);
                    match p.desk.session(&p.secrets[whom]).await? {
                        None => Ok(()),
                        Some(_) => Err("whoever has left is still signed in".into()),
                    }
                }
                Err(_) if runs => Ok(()),
                Err(error) => Err(format!("nobody may leave: {error}").into()),
            }
        }
        1..10 => {
            let cover = dice.below(3);
            let absence = access::office::Absence {
                person: p.ids[whom].clone(),
                from: p.office.today,
                until: p.office.today.saturating_add(jiff::Span::new().days(2)),
                cover: p.ids[cover].clone(),
            };
            let (from, until) = (absence.from, absence.until);
            let recorded = p.desk.record_absence(&p.actor(STAYS), absence).await;
            if recorded.is_ok() {
                p.office.away.push((whom, cover, from, until));
            }
            Ok(())
        }
        10..14 => {
            p.later(i64::try_from(1 + dice.below(20))?);
            Ok(())
        }
        _ => Ok(()),
    }
}
