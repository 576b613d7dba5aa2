//! The names by which packs, elements, clocks, routes and roles refer to each other.
//! They are texts in kebab-case; each kind has its own type so that one cannot be passed for another.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as it is written in the pack.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )+};
}

id! {
    /// A pack: one edition of national guidance, of the Panel's guidance, or of a local procedure.
    PackId,
    /// Something to be considered, explained or kept to: a limb, criterion, circumstance, question, principle.
    ElementId,
    /// A clock the guidance sets, such as `notify-panel`.
    ClockId,
    /// What starts a clock, such as `aware` or `notified`.
    TriggerId,
    /// What a partnership may do besides, or instead of, a local child safeguarding practice review.
    RouteId,
    /// A role people hold in a partnership, such as `chair`; its title is a setting.
    RoleId,
    /// One of the statutory safeguarding partners, such as `police`.
    PartnerId,
    /// A sentence of law that a page shows, such as `place-decides`.
    StatementId,
}

/// Whether a text may be used as an id: lower-case letters, digits and single hyphens, beginning with a letter.
pub(crate) fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && !text.contains("--")
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
