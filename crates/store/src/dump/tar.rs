//! A tar file in the one form this program writes: plain files, fixed owner and time, nothing after the end.
//! Reading accepts exactly that, so that no byte can be changed without being noticed, even where tar itself would not look.

use std::io::{self, Read, Write};

const BLOCK: usize = 512;
/// The largest size that eleven octal digits hold; larger ones are written in binary, as GNU tar does.
const OCTAL: u64 = 1 << 33;

/// Writes one.
pub(crate) struct Packer<W> {
    out: W,
}

impl<W: Write> Packer<W> {
    pub(crate) fn new(out: W) -> Packer<W> {
        Packer { out }
    }

    /// Begins a member; exactly `size` bytes must follow, then [`pad`](Packer::pad).
    pub(crate) fn begin(&mut self, name: &str, size: u64) -> io::Result<()> {
        self.out.write_all(&header(name, size)?)
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    pub(crate) fn pad(&mut self, size: u64) -> io::Result<()> {
        self.out.write_all(&[0; BLOCK][..padding(size)])
    }

    /// Marks the end and hands the target back.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&[0; 2 * BLOCK])?;
        Ok(self.out)
    }
}

/// Reads one.
pub(crate) struct Unpacker<R> {
    from: R,
    left: u64,
    padding: usize,
}

impl<R: Read> Unpacker<R> {
    pub(crate) fn new(from: R) -> Unpacker<R> {
        Unpacker {
            from,
            left: 0,
            padding: 0,
        }
    }

    /// The next member, once the one before was read to its end; `None` after the last, when nothing follows.
    pub(crate) fn next(&mut self) -> io::Result<Option<(String, u64)>> {
        if self.left > 0 {
            return Err(wrong("a member was not read to its end"));
        }
        let mut pad = [0; BLOCK];
        self.from.read_exact(&mut pad[..self.padding])?;
        self.padding = 0;
        if pad != [0; BLOCK] {
            return Err(wrong("there is something between two members"));
        }
        let mut block = [0; BLOCK];
        self.from.read_exact(&mut block)?;
        if block == [0; BLOCK] {
            self.from.read_exact(&mut block)?;
            // Reading on to the very end is what makes age check that nothing was cut off.
            let after = self.from.read(&mut [0])?;
            if block != [0; BLOCK] || after != 0 {
                return Err(wrong("there is something after its end"));
            }
            return Ok(None);
        }
        let name = block[..100].split(|byte| *byte == 0).next().unwrap_or(&[]);
        let name =
            std::str::from_utf8(name).map_err(|_| wrong("the name of a member is damaged"))?;
        let size =
            size(&block[124..136]).ok_or_else(|| wrong("the size of a member is damaged"))?;
        if header(name, size)? != block {
            return Err(wrong("the header of a member is damaged"));
        }
        self.left = size;
        self.padding = padding(size);
        Ok(Some((name.to_owned(), size)))
    }

    /// Some bytes of the member; none at its end.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(into.len());
        if most == 0 {
            return Ok(0);
        }
        match self.from.read(&mut into[..most])? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.left -= read as u64;
                Ok(read)
            }
        }
    }
}

fn header(name: &str, size: u64) -> io::Result<[u8; BLOCK]> {
    if name.is_empty() || name.len() > 99 || name.contains('\0') {
        return Err(wrong("a member has a name that is no name"));
    }
    let mut block = [0; BLOCK];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..108].copy_from_slice(b"0000600\0");
    block[108..116].copy_from_slice(b"0000000\0");
    block[116..124].copy_from_slice(b"0000000\0");
    if size < OCTAL {
        block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    } else {
        block[124] = 0x80;
        block[128..136].copy_from_slice(&size.to_be_bytes());
    }
    block[136..148].copy_from_slice(b"00000000000\0");
    block[148..156].fill(b' ');
    block[156] = b'0';
    block[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(block)
}

fn size(field: &[u8]) -> Option<u64> {
    if field.first() == Some(&0x80) {
        return Some(u64::from_be_bytes(field.get(4..12)?.try_into().ok()?));
    }
    let digits = std::str::from_utf8(field.get(..11)?).ok()?;
    u64::from_str_radix(digits, 8).ok()
}

fn padding(size: u64) -> usize {
    let over = (size % BLOCK as u64) as usize;
    (BLOCK - over) % BLOCK
}

fn wrong(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed() -> Vec<u8> {
        let mut packer = Packer::new(Vec::new());
        for (name, bytes) in [("a", &b"words"[..]), ("files/b", &[7; 512]), ("c", b"")] {
            packer.begin(name, bytes.len() as u64).unwrap();
            packer.bytes(bytes).unwrap();
            packer.pad(bytes.len() as u64).unwrap();
        }
        packer.finish().unwrap()
    }

    fn unpacked(bytes: &[u8]) -> io::Result<Vec<(String, Vec<u8>)>> {
        let mut unpacker = Unpacker::new(bytes);
        let mut all = Vec::new();
        while let Some((name, _)) = unpacker.next()? {
            let mut content = Vec::new();
            let mut piece = [0; 100];
            loop {
                match unpacker.read(&mut piece)? {
                    0 => break,
                    read => content.extend_from_slice(&piece[..read]),
                }
            }
            all.push((name, content));
        }
        Ok(all)
    }

    #[test]
    fn what_was_packed_comes_out_again_and_no_changed_byte_outside_the_content_passes() {
        let whole = packed();
        let out = unpacked(&whole).unwrap();
        assert_eq!(out[0], ("a".to_owned(), b"words".to_vec()));
        assert_eq!(out[1].1, [7; 512]);
        assert_eq!(out.len(), 3);
        for place in 0..whole.len() {
            let mut altered = whole.clone();
            altered[place] ^= 1;
            match unpacked(&altered) {
                Err(_) => {}
                Ok(found) => assert!(
                    found
                        .iter()
                        .zip(&out)
                        .any(|(a, b)| a.0 == b.0 && a.1 != b.1),
                    "only content may change unnoticed here, its sum finds it: {place}"
                ),
            }
        }
        for length in 0..whole.len() {
            assert!(unpacked(&whole[..length]).is_err(), "{length}");
        }
        let longer = [whole.as_slice(), &[0]].concat();
        assert!(unpacked(&longer).is_err());
    }

    #[test]
    fn a_size_beyond_eight_gibibytes_is_written_as_gnu_tar_does() {
        for large in [OCTAL - 1, OCTAL, 1 << 40] {
            let block = header("a", large).unwrap();
            assert_eq!(size(&block[124..136]), Some(large));
        }
    }
}
