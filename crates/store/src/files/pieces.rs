//! How a file is sealed: a heading, then pieces of 256 KiB, each with its own tag, in the STREAM construction
//! over XChaCha20-Poly1305. The nonce of a piece is the heading's 19 random bytes, its number and whether it is the last;
//! what is sealed with it names partnership, case, file, number and last once more. So no piece can be altered, left out,
//! moved, or taken for a piece of another file, and an end cut off is found.

use aead_stream::{NewStream, Nonce, StreamBE32, StreamPrimitive};
use chacha20poly1305::{Key as CipherKey, XChaCha20Poly1305};
use zeroize::Zeroizing;

use crate::{StoreError, key::Key, seal::Bound};

/// What the bytes of a file begin with.
const HEADING: &[u8; 15] = b"candour-file/1\n";
/// The random part of every nonce.
const PREFIX: usize = 19;
/// Heading, prefix, and the length of a piece as four bytes.
pub(super) const HEAD: usize = HEADING.len() + PREFIX + 4;
/// How many bytes of the file go into one piece.
pub(super) const PIECE: usize = 256 * 1024;
/// Pieces longer than this are not read, whatever the heading says.
const LONGEST: usize = 1024 * 1024;
/// What a tag adds to a piece.
pub(super) const TAG: usize = 16;

/// The seal of one file: its key and where it belongs.
pub(super) struct Pieces {
    stream: StreamBE32<XChaCha20Poly1305>,
    partnership: String,
    case: String,
    id: String,
    /// How many bytes go into one piece.
    pub(super) length: usize,
}

impl Pieces {
    /// The seal of a new file, and the heading its bytes begin with.
    pub(super) fn begin(
        key: &Key,
        partnership: &str,
        case: &str,
        id: &str,
    ) -> Result<(Pieces, Vec<u8>), StoreError> {
        let mut prefix = [0; PREFIX];
        getrandom::fill(&mut prefix).map_err(|_| StoreError::NoRandomness)?;
        let mut head = Vec::with_capacity(HEAD);
        head.extend_from_slice(HEADING);
        head.extend_from_slice(&prefix);
        head.extend_from_slice(&(PIECE as u32).to_be_bytes());
        let pieces = Pieces::with(key, prefix, PIECE, partnership, case, id);
        Ok((pieces, head))
    }

    /// The seal of a file whose bytes begin with this heading; `None` when it is not one.
    pub(super) fn read(
        key: &Key,
        head: &[u8],
        partnership: &str,
        case: &str,
        id: &str,
    ) -> Option<Pieces> {
        let rest = head.strip_prefix(HEADING)?;
        let (prefix, length) = rest.split_first_chunk::<PREFIX>()?;
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        (1..=LONGEST)
            .contains(&length)
            .then(|| Pieces::with(key, *prefix, length, partnership, case, id))
    }

    fn with(
        key: &Key,
        prefix: [u8; PREFIX],
        length: usize,
        partnership: &str,
        case: &str,
        id: &str,
    ) -> Pieces {
        let nonce = Nonce::<XChaCha20Poly1305, StreamBE32<XChaCha20Poly1305>>::from(prefix);
        Pieces {
            stream: StreamBE32::new(&CipherKey::from(*key.bytes()), &nonce),
            partnership: partnership.to_owned(),
            case: case.to_owned(),
            id: id.to_owned(),
            length,
        }
    }

    /// Seals a piece in its place; afterwards it is longer by its tag.
    pub(super) fn seal(
        &self,
        number: u32,
        last: bool,
        piece: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        let bound = self.bound(number, last);
        self.stream
            .encrypt_in_place(number, last, &bound, piece)
            .map_err(|_| StoreError::Unfit {
                doing: "seal a file",
                why: "it is too large".to_owned(),
            })
    }

    /// Opens a piece; `None` when a single bit, its place, its file or its being the last differs.
    pub(super) fn open(
        &self,
        number: u32,
        last: bool,
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let bound = self.bound(number, last);
        let mut piece = Zeroizing::new(sealed.to_vec());
        self.stream
            .decrypt_in_place(number, last, &bound, &mut *piece)
            .ok()?;
        Some(piece)
    }

    fn bound(&self, number: u32, last: bool) -> Vec<u8> {
        Bound::Piece {
            partnership: &self.partnership,
            stream: &self.case,
            file: &self.id,
            number,
            last,
        }
        .bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_piece_opens_only_as_itself() {
        let key = Key::random().unwrap();
        let (pieces, head) = Pieces::begin(&key, "merrowshire", "case/1", ID).unwrap();
        let mut sealed = b"a calm page".to_vec();
        pieces.seal(4, false, &mut sealed).unwrap();
        let again = Pieces::read(&key, &head, "merrowshire", "case/1", ID).unwrap();
        assert_eq!(
            again.open(4, false, &sealed).unwrap().as_slice(),
            b"a calm page"
        );
        assert!(again.open(4, true, &sealed).is_none(), "not the last");
        assert!(again.open(5, false, &sealed).is_none(), "another place");
        for (partnership, case, id) in [
            ("tilbrook", "case/1", ID),
            ("merrowshire", "case/2", ID),
            ("merrowshire", "case/1", "fedcba9876543210fedcba9876543210"),
        ] {
            let other = Pieces::read(&key, &head, partnership, case, id).unwrap();
            assert!(other.open(4, false, &sealed).is_none());
        }
        for bit in 0..sealed.len() * 8 {
            let mut altered = sealed.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(again.open(4, false, &altered).is_none());
        }
    }

    #[test]
    fn a_heading_that_is_none_is_not_read() {
        let key = Key::random().unwrap();
        let (_, head) = Pieces::begin(&key, "m", "case/1", ID).unwrap();
        assert_eq!(head.len(), HEAD);
        let read = |head: &[u8]| Pieces::read(&key, head, "m", "case/1", ID).is_some();
        assert!(read(&head));
        assert!(!read(&head[..HEAD - 1]));
        let mut huge = head.clone();
        huge[HEAD - 4..].copy_from_slice(&u32::MAX.to_be_bytes());
        assert!(!read(&huge), "a piece of 4 GiB is not begun");
        let mut none = head.clone();
        none[HEAD - 4..].copy_from_slice(&[0; 4]);
        assert!(!read(&none));
        let mut other = head;
        other[0] ^= 1;
        assert!(!read(&other));
    }
}
