//! The components of the GOV.UK Design System as typed functions; nothing here knows a case.

mod fields;
mod prose;
mod shown;

pub use fields::{
    Choice, checkboxes, date, radios, radios_with, select, text, textarea, width_text,
};
pub use prose::prose;
pub use shown::{
    back_link, clock_card, details, error_summary, error_summary_of, facts, inset, source_note,
    tag, task_list, warning,
};
