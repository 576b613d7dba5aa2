//! Being written.
#![allow(missing_docs, reason = "being written")]

pub struct NotAgreedForm;
impl crate::page::CaseForm for NotAgreedForm {
    const PATH: &'static str = "/unwritten/decision_more/NotAgreedForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}

pub struct ResolveForm;
impl crate::page::CaseForm for ResolveForm {
    const PATH: &'static str = "/unwritten/decision_more/ResolveForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}

pub struct SlipForm;
impl crate::page::CaseForm for SlipForm {
    const PATH: &'static str = "/unwritten/decision_more/SlipForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}

pub struct ReconsiderForm;
impl crate::page::CaseForm for ReconsiderForm {
    const PATH: &'static str = "/unwritten/decision_more/ReconsiderForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}
