//! From a place in a case to its address.

use cases::Place;

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
