//! The one place that fixes an entry's bytes, version `candour-entry/1`, in both directions.
//! Thirteen fields in a fixed order, each with its length in front, so that no two entries share their bytes.

use crate::{Entry, Hash};

/// The first field of every entry: the name and version of the byte format.
pub const FORMAT: &str = "candour-entry/1";

/// Bytes that are not an entry in a format this program knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The bytes start with another format, or none.
    #[error("read an entry: the format is `{0}`, expected `{FORMAT}`")]
    Format(String),
    /// A field is cut off, has the wrong length or is not text.
    #[error("read an entry: the field `{0}` is cut off or malformed")]
    Field(&'static str),
    /// Something follows the last field.
    #[error("read an entry: {0} bytes follow the last field")]
    Trailing(usize),
}

/// The bytes of an entry, as they are hashed.
///
/// Each field is its length in bytes (four bytes, most significant first) and then the bytes.
/// Whole numbers are most significant byte first: eight bytes, or two for the kind's version.
pub fn canonical(entry: &Entry) -> Vec<u8> {
    let mut bytes = Vec::new();
    append_canonical(entry, &mut bytes);
    bytes
}

/// The same, behind what is in `bytes` already.
fn append_canonical(entry: &Entry, bytes: &mut Vec<u8>) {
    let fields: [&[u8]; 13] = [
        FORMAT.as_bytes(),
        entry.partnership.as_bytes(),
        &entry.position.to_be_bytes(),
        entry.stream.as_bytes(),
        &entry.number.to_be_bytes(),
        entry.kind.as_bytes(),
        &entry.version.to_be_bytes(),
        entry.at.as_bytes(),
        entry.actor.as_bytes(),
        entry.key_id.as_bytes(),
        &entry.nonce,
        &entry.content_hash.0,
        &entry.previous.0,
    ];
    bytes.reserve(fields.iter().map(|field| field.len() + 4).sum());
    for field in fields {
        // A field of 4 GiB cannot be stored, so the length always fits; were it not to, the hash would still cover every byte.
        let length = u32::try_from(field.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(field);
    }
}

/// The hash of an entry, made in a place that is used again for the next.
pub(crate) fn hash_in(entry: &Entry, place: &mut Vec<u8>) -> Hash {
    place.clear();
    // What tells a leaf from a node; see [`crate::leaf_hash`].
    place.push(0);
    append_canonical(entry, place);
    crate::content_hash(place)
}

/// Reads canonical bytes back; the exact inverse of [`canonical`].
pub fn parse(bytes: &[u8]) -> Result<Entry, Malformed> {
    let mut rest = bytes;
    let format = text(&mut rest, "format")?;
    if format != FORMAT {
        return Err(Malformed::Format(format));
    }
    let entry = Entry {
        partnership: text(&mut rest, "partnership")?,
        position: u64::from_be_bytes(exact(&mut rest, "position")?),
        stream: text(&mut rest, "stream")?,
        number: u64::from_be_bytes(exact(&mut rest, "number")?),
        kind: text(&mut rest, "kind")?,
        version: u16::from_be_bytes(exact(&mut rest, "version")?),
        at: text(&mut rest, "at")?,
        actor: text(&mut rest, "actor")?,
        key_id: text(&mut rest, "key id")?,
        nonce: exact(&mut rest, "nonce")?,
        content_hash: Hash(exact(&mut rest, "content hash")?),
        previous: Hash(exact(&mut rest, "previous")?),
    };
    match rest.len() {
        0 => Ok(entry),
        more => Err(Malformed::Trailing(more)),
    }
}

fn field<'a>(rest: &mut &'a [u8], name: &'static str) -> Result<&'a [u8], Malformed> {
    let (length, after) = rest
        .split_first_chunk::<4>()
        .ok_or(Malformed::Field(name))?;
    let length =
        usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Malformed::Field(name))?;
    let (value, after) = after
        .split_at_checked(length)
        .ok_or(Malformed::Field(name))?;
    *rest = after;
    Ok(value)
}

fn exact<const N: usize>(rest: &mut &[u8], name: &'static str) -> Result<[u8; N], Malformed> {
    field(rest, name)?
        .try_into()
        .map_err(|_| Malformed::Field(name))
}

fn text(rest: &mut &[u8], name: &'static str) -> Result<String, Malformed> {
    String::from_utf8(field(rest, name)?.to_vec()).map_err(|_| Malformed::Field(name))
}
