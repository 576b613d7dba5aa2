//! From a place in a case to its address, and to the section one must read to go there.

use access::Section;
use cases::Place;

/// The section that a place belongs to; none for the case as a whole.
pub fn section(place: &Place) -> Option<Section> {
    match place {
        Place::Incident | Place::Notification | Place::RapidReview => Some(Section::Incident),
        Place::People => Some(Section::People),
        Place::Definition(_) | Place::Element(_) => Some(Section::Consideration),
        Place::Decision => Some(Section::Decision),
        Place::Family(_) => Some(Section::Family),
        Place::Publication | Place::Erasure | Place::Openings => Some(Section::Course),
        Place::Agencies => Some(Section::Agencies),
        Place::Interests | Place::Request(_) | Place::Case => None,
    }
}

/// The address of a place in the case with this id.
pub fn url(case: &str, place: &Place) -> String {
    let rest = match place {
        Place::Incident => "incident".to_owned(),
        Place::People => "people".to_owned(),
        Place::Definition(child) => format!("definition/{child}"),
        Place::Notification => "notification".to_owned(),
        Place::RapidReview => "rapid-review".to_owned(),
        Place::Element(id) if id.is_empty() => "consideration".to_owned(),
        Place::Element(id) => format!("consideration/{id}"),
        Place::Decision => "decision".to_owned(),
        Place::Family(id) if id.is_empty() => "family".to_owned(),
        Place::Family(id) => format!("family/{id}"),
        Place::Agencies => "agencies".to_owned(),
        Place::Request(id) => format!("agencies/request/{id}"),
        Place::Publication => "publication".to_owned(),
        Place::Erasure => "erasure".to_owned(),
        Place::Interests => "interests".to_owned(),
        Place::Openings => "openings".to_owned(),
        Place::Case => String::new(),
    };
    if rest.is_empty() {
        format!("/cases/{case}")
    } else {
        format!("/cases/{case}/{rest}")
    }
}
