//! The keys above those of the streams: the partnership's key, wrapped by the master key.
//! Changing them wraps keys again and rewrites nothing of the record; shares let any two of three people bring the master key back.

mod base32;
mod layers;
mod passphrase;
mod rotate;
mod share;
mod source;
mod status;

pub use passphrase::{
    AskPassphrase, Passphrased, ask_passphrase_with, forget_passphrase, give_passphrase,
    set_passphrase,
};
pub use rotate::{Rotate, Rotated, rotate};
pub use share::{KeyShare, RestoredKey, Secret, restore_master_key};
pub use status::KeysStatus;

pub(crate) use layers::{held, unlock};
pub(crate) use passphrase::{copy_key, new_key_file, open_key_text, write_new_key};
pub(crate) use rotate::{pending, settle};
pub(crate) use source::MasterSource;
