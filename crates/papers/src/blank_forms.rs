//! Forms to fill in by hand, for people without a computer at hand or without an account: what a partner signs, what a meeting considers,
//! the definition for one child, and a family member's views.
//! What is written on them is entered into the record afterwards and attributed to whoever gave it.

use cases::Case;
use cases::context::NamedSeat;
use cases::family::LetterKind;
use cases::people::Child;
use guidance::{Element, ElementId, FindingChoice, Rules};

use crate::document::{Block, Document};
use crate::pieces::{bullets, heading, note, paper, said, say, source_words};
use crate::pseudonymised::Pseudonyms;

const ENTERED: &str =
    "Filled in by hand. Entered into the record afterwards, in the name of whoever filled it in.";

fn write(label: &str, hint: &str, lines: u8) -> Block {
    Block::Write {
        label: label.to_owned(),
        hint: hint.to_owned(),
        lines,
    }
}

fn tick(label: &str, options: impl IntoIterator<Item = String>) -> Block {
    Block::Tick {
        label: label.to_owned(),
        options: options.into_iter().collect(),
    }
}

fn labels(choices: &[FindingChoice]) -> Vec<String> {
    choices.iter().map(|c| c.label.clone()).collect()
}

/// Question, help and source of an element.
fn asked(blocks: &mut Vec<Block>, level: u8, element: &Element) {
    blocks.push(heading(level, element.question.clone()));
    if !element.help.is_empty() {
        blocks.push(say(element.help.clone()));
    }
    blocks.push(say(format!(
        "Source: {}",
        source_words(&element.source, &element.standing)
    )));
}

/// Evidence, by whom it was considered and when: the same on every form about a finding.
fn evidence_and_who(blocks: &mut Vec<Block>, rules: &Rules, name: &str) {
    blocks.push(write(
        &format!("Evidence: {name}"),
        "For a statement: what was said, and who said it or where it is recorded. For a document: its title, its date, who holds it and where it is kept.",
        6,
    ));
    blocks.push(tick(
        "Partners who considered it",
        rules.partners.iter().map(|p| p.label.clone()),
    ));
    blocks.push(write("Considered by", "People by name and part, or the meeting, and the day. Whoever writes this down does not make the finding.", 2));
}

/// The form on which one partner gives its view of the exact text of the decision and signs it.
/// The text carries the number of the newest entry, so that a later change of the text is noticed when the form is entered.
pub fn partner_form(case: &Case, rules: &Rules, seat: &NamedSeat) -> Document {
    let mut out = paper(
        "View and signature of a safeguarding partner",
        format!("{}: {}", seat.partner, seat.body),
        case.reference(),
    );
    out.footer = ENTERED.into();
    let missing = cases::decision::missing(case, rules);
    let blocks = &mut out.blocks;
    blocks.push(say(
        "Read the text of the decision, say whether you agree, and sign. You may keep a copy.",
    ));
    if !missing.is_empty() {
        blocks.push(note("Something is still missing, which is listed below. A view given now is provisional: it is confirmed or changed when everything has been considered."));
        blocks.push(bullets(missing.iter().map(|m| m.what.clone())));
    }
    blocks.push(heading(1, "The text of the decision"));
    blocks.push(say(format!(
        "As it stood at entry {} of this case.",
        case.version()
    )));
    for part in cases::decision::text(case, rules).split("\n\n") {
        blocks.push(say(part.trim_end()));
    }
    blocks.push(heading(1, format!("The view of {}", seat.body)));
    blocks.push(tick(
        "Do you agree with this decision?",
        [
            "I agree".into(),
            "I agree, with a note".into(),
            "I dissent".into(),
        ],
    ));
    blocks.push(write(
        "Your note, or the reasons for your dissent",
        "They are kept in the record in your words.",
        7,
    ));
    blocks.push(heading(1, "Who signs, and on what authority"));
    blocks.push(write("Your post", "", 1));
    blocks.push(tick("You sign as", ["delegate".into(), "deputy".into()]));
    blocks.push(write(
        "Who gave you the authority, and from when to when",
        "For example: the chief executive, from 1 April 2026.",
        2,
    ));
    blocks.push(Block::SignHere {
        who: format!("For {}: {}", seat.partner, seat.body),
    });
    blocks.push(write(
        "For whoever enters this form: your name, the day, and how the form reached you",
        "",
        2,
    ));
    let replaced = Pseudonyms::of(case, [seat.body.as_str()]).paper(&mut out);
    if replaced > 0 {
        let at = out
            .blocks
            .iter()
            .position(|b| matches!(b, Block::Heading { .. }))
            .map_or(0, |at| at + 1);
        out.blocks.insert(
            at,
            note("The text names someone of this case. Here the pseudonym or relationship stands in place of the name; every other word is as it will be signed."),
        );
    }
    out
}

/// The form for a meeting that considers criteria, circumstances and questions; `elements` chooses which, none means all.
/// The case gives the reference alone: a finding already recorded is not printed, so that the meeting finds for itself.
pub fn consideration_form(rules: &Rules, case: &Case, elements: &[ElementId]) -> Document {
    let mut out = paper(
        "What the partners consider",
        rules.title.clone(),
        case.reference(),
    );
    out.footer = ENTERED.into();
    let blocks = &mut out.blocks;
    blocks.push(say("For each question: choose one finding, write the reasons for and against it, and give the evidence. A partner who finds otherwise writes its own finding. Each question has a sheet of its own when this is printed on both sides."));
    blocks.push(write(
        "The meeting or the people, and the day",
        "By name and part.",
        3,
    ));
    let chosen = rules
        .considered()
        .chain(&rules.questions)
        .filter(|e| elements.is_empty() || elements.contains(&e.id));
    for (number, element) in chosen.enumerate() {
        if number > 0 {
            blocks.push(Block::PageBreak);
        }
        asked(blocks, 1, element);
        blocks.push(tick(
            &format!("Finding: {}", element.label),
            labels(&element.findings),
        ));
        blocks.push(write(
            "Reasons",
            "What in this case points to the finding, and what speaks against it.",
            5,
        ));
        evidence_and_who(blocks, rules, &element.label);
        blocks.push(write(
            "A partner that finds otherwise: which, its finding and its reasons",
            "",
            3,
        ));
        if element
            .findings
            .iter()
            .any(|f| f.weight == guidance::Weight::Unknown)
        {
            blocks.push(write("If it is not known: what is missing, why it can be decided without, and the day to look again", "", 3));
        }
    }
    out
}

/// The form for the definition, for one child; the child stands under the pseudonym.
pub fn definition_form(rules: &Rules, child: &Child) -> Document {
    let mut out = paper(
        &format!("The definition: {}", rules.definition.title.to_lowercase()),
        format!("{}. {}", child.pseudonym, rules.title),
        "",
    );
    out.footer = ENTERED.into();
    let blocks = &mut out.blocks;
    blocks.extend(said(rules, "met-for-one-child"));
    blocks.push(say("What is not yet known can be left open."));
    if !rules.definition.notes.is_empty() {
        blocks.push(heading(1, "To keep in mind"));
        blocks.push(bullets(rules.definition.notes.iter().map(|n| {
            let help = if n.help.is_empty() {
                &n.question
            } else {
                &n.help
            };
            format!(
                "{}: {help} Source: {}",
                n.label,
                source_words(&n.source, &n.standing)
            )
        })));
    }
    for limb in &rules.definition.limbs {
        blocks.push(Block::PageBreak);
        asked(blocks, 1, &limb.element);
        blocks.push(tick(
            &format!("Finding: {}", limb.element.label),
            labels(&limb.element.findings),
        ));
        if !limb.options.is_empty() {
            blocks.push(tick("If it is met, which of these", labels(&limb.options)));
        }
        if limb.may_ask_harm_kinds() {
            blocks.push(tick(
                "Kinds of harm: choose all that apply",
                rules.definition.harm_kinds.iter().map(|h| h.label.clone()),
            ));
            blocks.push(write("Other harm, in words", "", 1));
            blocks.push(tick(
                "Is the impairment likely to be long-term?",
                [
                    "It is likely".into(),
                    "It is not likely".into(),
                    "It cannot be said yet".into(),
                ],
            ));
            blocks.push(write("What is said about recovery", "", 2));
        }
        blocks.push(write(
            "Reasons",
            "What points to the finding, and what speaks against it.",
            5,
        ));
        evidence_and_who(blocks, rules, &limb.element.label);
        blocks.push(write(
            "If it is not yet known: what is needed to know",
            "",
            2,
        ));
    }
    out
}

/// What a form for a family member's views is made from; it names no one of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewsFormData {
    /// For whom: the words differ for adults and children.
    pub kind: LetterKind,
    /// The reference, to put the form with its case.
    pub reference: String,
    /// The partnership's name.
    pub partnership: String,
    /// Whom to call or give the form to.
    pub contact: String,
}

/// The form on which a child or a family member says what they think, in their own words, if they wish.
pub fn views_form(data: &ViewsFormData) -> Document {
    let child = data.kind == LetterKind::YoungerChild;
    let title = if child {
        "What I think"
    } else {
        "What you would like us to know"
    };
    let mut out = paper(title, String::new(), &data.reference);
    out.marking = String::new();
    out.footer = data.partnership.clone();
    let contact = if data.contact.trim().is_empty() {
        "Whoever gave you this form".to_owned()
    } else {
        data.contact.trim().to_owned()
    };
    let blocks = &mut out.blocks;
    if child {
        blocks.push(say("You can write or draw here if you want to. You do not have to. Someone can help you. You can change your mind."));
        blocks.push(write("What I want to say", "", 7));
        blocks.push(write("What helped me, or did not help me", "", 5));
        blocks.push(write(
            "I want to be called this name",
            "It can be a made-up name.",
            1,
        ));
        blocks.push(tick(
            "I would like to",
            [
                "talk to someone".into(),
                "draw or write some more".into(),
                "do nothing now".into(),
            ],
        ));
    } else {
        blocks.push(say("You choose whether to fill this in, when, and how much. You can leave out any question, ask someone to help you or to write for you, and change your mind at any time."));
        blocks.push(write(
            "What would you like us to know?",
            "In your own words.",
            9,
        ));
        blocks.push(write("What helped, and what did not?", "", 6));
        blocks.push(write("What should be different for other families?", "", 5));
        blocks.push(write(
            "Is there a name you would like us to use in what we write?",
            "A name you choose, and not the real one.",
            1,
        ));
        blocks.push(tick(
            "How would you like to take part from here?",
            [
                "Talk with someone, in person".into(),
                "Talk by telephone".into(),
                "Write or send a message".into(),
                "Through someone who speaks for me".into(),
                "Not now, ask me again later".into(),
                "I do not want to take part".into(),
            ],
        ));
        blocks.push(write("How and when can we safely reach you?", "", 2));
    }
    blocks.push(write("Your name, if you wish, and the day", "", 1));
    blocks.push(write(
        "If someone wrote this down for you: their name and who they are to you",
        "",
        1,
    ));
    blocks.push(say(format!("Give this to: {contact}. Your words are kept as you wrote them, with who gave them and when.")));
    out
}
