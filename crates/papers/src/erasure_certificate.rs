//! The certificate of an erasure as a paper: what went, who proposed and approved it, when and by which rule, how the log stood
//! before and after, and what is true of backups. No word of what was erased is in it.

use cases::erasure::{Certificate, Head, Signed, Target};

use crate::document::{Document, Text};
use crate::pieces::{bullets, count, fact, heading, moment, note, paper, say, table};

/// What is known besides the certificate when it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateState {
    /// The partnership.
    pub partnership: String,
    /// The names of people by their ids, where they are still known.
    pub names: std::collections::BTreeMap<String, String>,
    /// Whether every key it names is destroyed.
    pub destroyed: bool,
    /// The first checkpoint that covers the certificate itself, if one was made.
    pub after: Option<Head>,
    /// Whether the database keeps deleted rows in its files until its tables are written anew.
    pub until_vacuum: bool,
}

/// The certificate.
pub fn erasure_certificate(certificate: &Certificate, state: &CertificateState) -> Document {
    let c = certificate;
    let mut out = paper(
        "Certificate of erasure",
        format!("{}: {}", c.reference, c.target.words()),
        &c.reference,
    );
    out.footer.clone_from(&state.partnership);
    if state.destroyed {
        out.blocks.push(say(format!(
            "On {} the content named below was erased: the keys it was sealed with were destroyed. Nobody can read it in this system again, and it cannot be brought back.",
            moment(c.at)
        )));
    } else {
        out.blocks.push(note("The erasure is recorded, and counts. Not every key named below is destroyed yet: this is done at the next start of the program, or within a quarter of an hour. Print this certificate again then."));
    }
    let signed = |signed: &Signed| {
        format!(
            "{}, {}, {}",
            signed.by.name,
            signed.by.part,
            moment(signed.at)
        )
    };
    out.blocks.push(crate::Block::Facts(vec![
        fact("Case", c.reference.clone()),
        fact("Erased", c.target.words()),
        fact("Rule", c.rule.title.clone()),
        fact("Proposed by", signed(&c.proposed)),
        fact("Approved by", signed(&c.approved)),
        fact("Not before", moment(c.due)),
        fact("Carried out", moment(c.at)),
        fact("Number of this certificate", c.id.clone()),
    ]));
    out.blocks.push(heading(1, "What went"));
    if !c.entries.is_empty() {
        let rows = c
            .entries
            .iter()
            .map(|e| {
                let name = state.names.get(&e.actor).cloned();
                [
                    e.number.to_string(),
                    format!("{}\n{}", e.kind, name.unwrap_or_else(|| e.actor.clone())),
                    moment(e.at),
                    e.size.to_string(),
                    format!("{}\n{}", e.position, e.hash),
                ]
                .map(Text::plain)
                .to_vec()
            })
            .collect();
        out.blocks.push(table(
            "Entries",
            &[
                "Entry",
                "Kind, recorded by",
                "Recorded",
                "Bytes",
                "Position in the log and hash",
            ],
            &[2, 7, 4, 2, 7],
            rows,
        ));
    }
    if !c.files.is_empty() {
        let rows = c
            .files
            .iter()
            .map(|f| {
                [
                    f.id.clone(),
                    f.position.to_string(),
                    f.size.to_string(),
                    f.sealed_sha_256.clone(),
                ]
                .map(Text::plain)
                .to_vec()
            })
            .collect();
        out.blocks.push(table(
            "Files",
            &[
                "File",
                "Position of its entry",
                "Bytes",
                "SHA-256 of the sealed bytes",
            ],
            &[6, 3, 2, 8],
            rows,
        ));
    }
    if let Some(reads) = &c.reads {
        out.blocks.push(say(format!(
            "With the case went {} on who read it, from {} to {}.",
            count(
                usize::try_from(reads.count).unwrap_or(usize::MAX),
                "entry",
                "entries"
            ),
            moment(reads.first),
            moment(reads.last)
        )));
    }
    if c.target != Target::Case {
        out.blocks.push(say(
            "What people had typed in this case and not saved was deleted as well.",
        ));
    }
    out.blocks.push(heading(1, "The record before and after"));
    out.blocks.push(say("The entries stay in their places with their hashes. Anyone who holds a checkpoint can prove that nothing else was changed."));
    let head = |head: &Head| format!("{} entries, root {}", head.size, head.root);
    out.blocks.push(crate::Block::Facts(vec![
        fact("Before", head(&c.before)),
        fact(
            "After, this certificate among them",
            state.after.as_ref().map_or_else(
                || "no checkpoint has been made since; one is made every day".into(),
                head,
            ),
        ),
    ]));
    out.blocks.push(heading(1, "What this does not reach"));
    let mut beyond = vec![
        "Backups made before the erasure still hold the keys, until the last of them is deleted. Whoever restores one carries out the erasures made since again.".to_owned(),
        "Papers, letters, exports and bundles that left this system before, and copies of the same words in other entries or other cases.".to_owned(),
    ];
    if state.until_vacuum {
        beyond.push("The files of the database server keep deleted rows until its tables are written anew (\u{201c}candour erasures sweep\u{201d}), and its own log until that is recycled or deleted where it is archived.".into());
    }
    out.blocks.push(bullets(beyond));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use cases::By;
    use cases::erasure::{GoneEntry, Rule};

    #[test]
    fn the_certificate_says_what_went_and_by_whom_and_prints() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap_or_default();
        let by = |name: &str| By {
            name: name.into(),
            part: "invented".into(),
            ..By::default()
        };
        let certificate = Certificate {
            id: "p1".into(),
            case: "c1".into(),
            reference: "MER-2026-001".into(),
            target: Target::Entry(7),
            rule: Rule {
                id: "court-order".into(),
                title: "An order of a court".into(),
                at_once_when_hidden: false,
            },
            proposed: Signed {
                by: by("Orla Penhallow"),
                at: at("2026-06-01T09:00:00Z"),
            },
            approved: Signed {
                by: by("Ivo Larkfield"),
                at: at("2026-06-02T09:00:00Z"),
            },
            due: at("2026-06-30T09:00:00Z"),
            at: at("2026-06-30T09:10:00Z"),
            before: Head {
                size: 40,
                root: "aa".into(),
            },
            entries: vec![GoneEntry {
                number: 7,
                position: 31,
                kind: "incident.facts-recorded".into(),
                at: at("2026-05-30T09:00:00Z"),
                actor: "o".into(),
                size: 412,
                hash: "bb".into(),
                key: "cc".into(),
                in_text: false,
            }],
            files: Vec::new(),
            reads: None,
        };
        let mut state = CertificateState {
            partnership: "Merrowshire".into(),
            names: [("o".to_owned(), "Orla Penhallow".to_owned())].into(),
            destroyed: true,
            after: None,
            until_vacuum: true,
        };
        let words = format!("{:?}", erasure_certificate(&certificate, &state));
        for expected in [
            "Ivo Larkfield",
            "An order of a court",
            "incident.facts-recorded",
            "Backups made before",
            "erasures sweep",
        ] {
            assert!(words.contains(expected), "{expected} is not in {words}");
        }
        state.destroyed = false;
        let unfinished = erasure_certificate(&certificate, &state);
        assert!(format!("{unfinished:?}").contains("Not every key"));
        assert!(crate::pdf(&unfinished).is_ok_and(|pdf| pdf.starts_with(b"%PDF")));
        assert!(crate::docx(&unfinished).is_ok_and(|docx| docx.starts_with(b"PK")));
    }
}
