//! Each partner's view and signature: by whom, how it was given, on what authority, what was set aside, and what was missing.

use cases::Case;
use cases::context::NamedSeat;
use cases::decision::{Given, Round, Signed, View};
use guidance::Rules;

use crate::document::{Block, Text};
use crate::pieces::{
    bullets, count, heading, moment, recorded_afterwards, say, seat_words, source_words, table,
};

/// Each seat's view and signature, what was set aside, and what was missing when a signature was recorded.
pub(super) fn signatures(blocks: &mut Vec<Block>, case: &Case, rules: &Rules, seats: &[NamedSeat]) {
    blocks.push(heading(1, "Views and signatures"));
    let who = &rules.decision.must_sign;
    let must: Vec<String> = who
        .iter()
        .map(|id| crate::pieces::partner(rules, id.as_str()))
        .collect();
    blocks.push(say(format!(
        "Must sign: {}. At least {} must have given a view. Source: {}.",
        must.join(", "),
        count(usize::from(rules.decision.quorum), "partner", "partners"),
        source_words(&rules.decision.source, &rules.decision.standing),
    )));
    signature_table(blocks, &case.decision.current, rules, seats);
    in_place(blocks, case, seats);
}

/// Who stepped back from the decision, who acted in that place, and who took part with an interest stated.
fn in_place(blocks: &mut Vec<Block>, case: &Case, seats: &[NamedSeat]) {
    let round = &case.decision.current;
    let body = |seat: &cases::Seat| {
        let named = seats.iter().find(|s| &s.seat == seat);
        named.map_or_else(|| seat.body.clone(), |s| s.body.clone())
    };
    let mut lines = case.interests.in_the_text(round.completed_at);
    for (d, _) in case.interests.back_from_decision(round.completed_at) {
        let Some(seat) = &d.seat else { continue };
        let signed = round
            .signature(seat)
            .filter(|_| round.in_place_of(seat, &case.interests).is_some());
        if let Some(signed) = signed {
            let capacity = signed.signature.authority.as_ref();
            let capacity = capacity.map_or(String::new(), |a| format!(", {}", a.capacity));
            let who = match &signed.signature.given {
                Given::InPerson => signed.by.name.clone(),
                Given::Otherwise { person, .. } => person.clone(),
            };
            lines.push(format!(
                "{who}{capacity}, signed for {} in place of {}.",
                body(seat),
                d.name
            ));
        }
    }
    if !lines.is_empty() {
        blocks.push(heading(2, "Interests and stepping back"));
        blocks.push(bullets(lines));
    }
}

pub(super) fn signature_table(
    blocks: &mut Vec<Block>,
    round: &Round,
    rules: &Rules,
    seats: &[NamedSeat],
) {
    let rows = seats
        .iter()
        .map(|named| {
            let body = Text::plain(format!("{}: {}", named.partner, named.body));
            match (round.signature(&named.seat), round.views.get(&named.seat)) {
                (Some(signed), _) => vec![
                    body,
                    format!(
                        "Signed: {}",
                        view_words(signed.signature.view, &signed.signature.note)
                    )
                    .into(),
                    by(signed).into(),
                    authority(signed).into(),
                ],
                (None, Some((view, entered, at))) => {
                    let provisional = if view.provisional {
                        ", provisional"
                    } else {
                        ""
                    };
                    vec![
                        body,
                        format!(
                            "View, not signed: {}{provisional}",
                            view_words(view.view, &view.note)
                        )
                        .into(),
                        format!(
                            "{}\n{}",
                            given(&view.given, &entered.name, &entered.part),
                            moment(*at)
                        )
                        .into(),
                        Text::default(),
                    ]
                }
                (None, None) => vec![body, "No view yet".into(), Text::default(), Text::default()],
            }
        })
        .collect();
    blocks.push(table(
        "",
        &["Partner", "View", "By and when", "Authority"],
        &[5, 6, 6, 5],
        rows,
    ));
    let aside: Vec<String> = round
        .signatures
        .iter()
        .filter(|s| s.set_aside)
        .map(|s| {
            format!(
                "{}: {}, {}",
                seat_words(rules, seats, &s.signature.seat),
                view_words(s.signature.view, &s.signature.note),
                by(s).replace('\n', ", ")
            )
        })
        .collect();
    if !aside.is_empty() {
        blocks.push(heading(2, "Signatures set aside"));
        blocks.push(say("The text was changed, or the partner signed again, after these were given. They are kept and no longer count."));
        blocks.push(bullets(aside));
    }
    let late: Vec<String> = round
        .signatures
        .iter()
        .filter(|s| !s.missing.is_empty())
        .map(|s| {
            format!(
                "{}: {}",
                seat_words(rules, seats, &s.signature.seat),
                recorded_afterwards(&s.by.name, &s.missing)
            )
        })
        .collect();
    if !late.is_empty() {
        blocks.push(heading(2, "What was missing when a signature was recorded"));
        blocks.push(bullets(late));
    }
}

fn view_words(view: View, note: &str) -> String {
    if note.trim().is_empty() {
        view.words().to_owned()
    } else {
        format!("{}. \u{201c}{note}\u{201d}", view.words())
    }
}

fn by(signed: &Signed) -> String {
    format!(
        "{}\n{}, entry {}",
        given(&signed.signature.given, &signed.by.name, &signed.by.part),
        moment(signed.at),
        signed.entry
    )
}

fn given(given: &Given, name: &str, part: &str) -> String {
    match given {
        Given::InPerson => format!("{name}, {part}, signed in"),
        Given::Otherwise {
            way,
            person,
            on,
            kept,
        } => {
            let original = if kept.is_empty() {
                String::new()
            } else {
                format!("; the original: {kept}")
            };
            format!(
                "{person}, {} on {}; written down by {name}, {part}{original}",
                in_which_way(way),
                calendar::words::short(*on)
            )
        }
    }
}

/// How it reached the record, as one says it.
fn in_which_way(way: &str) -> String {
    match way {
        "paper" => "on paper".into(),
        "word of mouth at a meeting" => "at a meeting".into(),
        other => format!("by {other}"),
    }
}

fn authority(signed: &Signed) -> String {
    signed.signature.authority.as_ref().map_or_else(
        || "Not recorded".to_owned(),
        |a| {
            let until = a.until.map_or_else(String::new, |u| {
                format!(" to {}", calendar::words::short(u))
            });
            format!(
                "{}, from {}, from {}{until}",
                a.capacity,
                a.from_whom,
                calendar::words::short(a.from)
            )
        },
    )
}
