//! Short ways to say what people record, so that the cases of the demo read as what happened.

pub(super) use cases::notification::Of;

mod decided;
mod known;
mod weighed;
mod with_family;

pub(super) use decided::*;
pub(super) use known::*;
pub(super) use weighed::*;
pub(super) use with_family::*;
