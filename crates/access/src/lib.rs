//! Who may do what to which part of which case.
//! Default no; every yes is a [`Permit`] that names its rule and cannot be built anywhere else.

pub mod act;
pub mod invitation;
pub mod office;
pub mod permit;
pub mod rules;
pub mod section;
pub mod service;
pub mod standing;
pub mod unusual;

pub use act::Act;
pub use office::{Office, OfficeEvent, Person, Role, Witness};
pub use permit::Permit;
pub use rules::{Denied, permit, permit_in_office};
pub use section::{Section, parts_for, parts_of, reads};
pub use service::{Service, Shut, may_own};
pub use standing::{Admission, Back, Standing, Way};
