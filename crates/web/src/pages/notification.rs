//! Being written.
#![allow(missing_docs, reason = "being written")]

pub struct NotifyingForm;
impl crate::page::CaseForm for NotifyingForm {
    const PATH: &'static str = "/unwritten/notification/NotifyingForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}

pub struct SentForm;
impl crate::page::CaseForm for SentForm {
    const PATH: &'static str = "/unwritten/notification/SentForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}

pub struct ToldForm;
impl crate::page::CaseForm for ToldForm {
    const PATH: &'static str = "/unwritten/notification/ToldForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}

pub struct NotMetForm;
impl crate::page::CaseForm for NotMetForm {
    const PATH: &'static str = "/unwritten/notification/NotMetForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}
