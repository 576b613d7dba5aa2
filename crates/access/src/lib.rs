//! Who may do what to which part of which case.
//! Default no; every yes is a [`Permit`] that names its rule and cannot be built anywhere else.

pub mod permit;

pub use permit::Permit;
