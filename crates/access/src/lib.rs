//! Who may do what to which part of which case.
//! Default no; every yes is a [`Permit`] that names its rule and cannot be built anywhere else.

pub mod office;
pub mod permit;
pub mod rules;
pub mod standing;

pub use office::{Office, OfficeEvent, Person, Role, Witness};
pub use permit::Permit;
pub use rules::{Act, Denied, permit, permit_in_office};
pub use standing::{Admission, Back, Standing, Way};
