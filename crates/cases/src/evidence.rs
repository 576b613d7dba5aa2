//! Evidence and by whom something was considered: the two things that make a finding one that can be tested.

use calendar::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Refusal, Wrong};

/// One piece of evidence: a statement with its source, or a document and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// What was said or recorded, and by which source.
    Statement {
        /// The statement.
        text: String,
        /// Who said it or where it stands.
        source: String,
    },
    /// A document by title, date, holder and where it is kept.
    #[serde(rename_all = "kebab-case")]
    Document {
        /// Its title.
        title: String,
        /// Its date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dated: Option<Date>,
        /// Who holds it.
        holder: String,
        /// Where it is kept.
        kept: String,
        /// The file of this case that it is, when it was added as one; empty otherwise.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        file: String,
    },
}

impl Evidence {
    /// The evidence in one line.
    pub fn words(&self) -> String {
        match self {
            Evidence::Statement { text, source } => format!("{text} ({source})"),
            Evidence::Document {
                title,
                dated,
                holder,
                kept,
                ..
            } => {
                let day = dated
                    .map(|d| format!(", {}", calendar::words::short(d)))
                    .unwrap_or_default();
                format!("{title}{day}; held by {holder}, {kept}")
            }
        }
    }

    /// Refuses a statement without a source and a document without title or holder.
    pub fn check(list: &[Evidence]) -> Result<(), Refusal> {
        let mut wrong = Vec::new();
        let mut need = |field: String, text: &str, message: &str| {
            if text.trim().is_empty() {
                wrong.push(Wrong {
                    field,
                    message: message.to_owned(),
                });
            }
        };
        for (at, one) in list.iter().enumerate() {
            match one {
                Evidence::Statement { text, source } => {
                    need(
                        format!("evidence-{at}-text"),
                        text,
                        "Enter what was said or recorded",
                    );
                    need(
                        format!("evidence-{at}-source"),
                        source,
                        "Enter who said it or where it is recorded",
                    );
                }
                Evidence::Document { title, holder, .. } => {
                    need(
                        format!("evidence-{at}-title"),
                        title,
                        "Enter the title of the document",
                    );
                    need(
                        format!("evidence-{at}-holder"),
                        holder,
                        "Enter who holds the document",
                    );
                }
            }
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(Refusal::ToCorrect(wrong))
        }
    }
}

/// By whom something was considered; who wrote it down stands in the event itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "kebab-case", default)]
pub struct ConsideredBy {
    /// The people, by name and part.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub people: String,
    /// The safeguarding partners (ids of the pack).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<String>,
    /// The meeting, if it was one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub meeting: String,
    /// The day it was considered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

impl ConsideredBy {
    /// Somebody must have considered it, and not only the manager who writes it down.
    pub fn check(&self, ctx: &Context<'_>) -> Result<(), Refusal> {
        ctx.past_if_known("considered-on", self.on)?;
        let alone = self.people.trim().eq_ignore_ascii_case(ctx.by.name.trim());
        let nobody = self.people.trim().is_empty() && self.meeting.trim().is_empty();
        if self.partners.is_empty() && (nobody || (ctx.manages && alone)) {
            return Err(Refusal::field(
                "considered-people",
                "Enter who considered this: people, a partner or a meeting (whoever writes it down does not find)",
            ));
        }
        Ok(())
    }

    /// By whom and when, in words; partners are named with `name`.
    pub fn words(&self, name: impl Fn(&str) -> String) -> String {
        let mut parts: Vec<String> = Vec::new();
        if !self.people.is_empty() {
            parts.push(self.people.clone());
        }
        if !self.partners.is_empty() {
            parts.push(
                self.partners
                    .iter()
                    .map(|p| name(p))
                    .collect::<Vec<_>>()
                    .join(", "),
            );
        }
        if !self.meeting.is_empty() {
            parts.push(self.meeting.clone());
        }
        if let Some(on) = self.on {
            parts.push(calendar::words::short(on));
        }
        parts.join("; ")
    }
}
