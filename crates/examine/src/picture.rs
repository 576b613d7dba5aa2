//! An image: how many points it has, told from its beginning, so that none is ever unpacked to find out that it is too large.

use std::io::Read;

use crate::{Limits, Refused};

/// How much of the beginning is looked at; a camera writes a small picture before the large one.
const HEAD: u64 = 4 << 20;

pub(crate) fn look(file: &mut dyn Read, limits: &Limits) -> Result<(), Refused> {
    let mut head = Vec::new();
    (file.take(HEAD).read_to_end(&mut head)).map_err(|_| Refused::Broken)?;
    (std::io::copy(file, &mut std::io::sink())).map_err(|_| Refused::Broken)?;
    // Where it cannot be told, nothing here unpacks it either.
    match imagesize::blob_size(&head) {
        Ok(size) if (size.width as u64).saturating_mul(size.height as u64) > limits.points => {
            Err(Refused::TooManyPoints)
        }
        _ => Ok(()),
    }
}
