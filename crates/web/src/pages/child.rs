//! Being written.
#![allow(missing_docs, reason = "being written")]

pub struct ChildForm;
impl crate::page::CaseForm for ChildForm {
    const PATH: &'static str = "/unwritten/child/ChildForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}

pub struct PseudonymForm;
impl crate::page::CaseForm for PseudonymForm {
    const PATH: &'static str = "/unwritten/child/PseudonymForm/{case}";
    const PART: &'static str = "";
    const TAB: &'static str = "";
    const ACT: access::Act = access::Act::ReadCase;
    fn title(_: &crate::page::At) -> String { String::new() }
    fn start(_: &crate::page::At) -> Result<crate::form::Values, crate::page::PageError> { Ok(Default::default()) }
    fn read(_: &crate::page::At, _: &crate::form::Values, _: &mut crate::form::Problems) -> Option<Vec<cases::Command>> { None }
    fn fields(_: &crate::page::At, _: &crate::form::Form<'_>) -> maud::Markup { maud::html! {} }
    fn done(at: &crate::page::At, _: &desk::Acted) -> String { at.url("") }
}
