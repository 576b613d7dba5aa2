//! Forms of a case from the outside: what readers see of them, what is asked about, what is kept and for whom.

mod both_given;
mod decision_page;
mod enter;
mod erasure;
mod house;
mod kindness;
mod letters;
mod master_key;
mod prove;
mod reading;
mod relationships;
mod rests;
mod time_out;
mod words;

/// Why a test could not go on.
type Wrong = Box<dyn std::error::Error>;
