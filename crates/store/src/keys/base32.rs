//! Base32 as in RFC 4648, without padding: what is written on paper and typed in again.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Writes bytes, five bits to a letter. Gives a whole number of letters when their count is a multiple of five.
pub(super) fn encode(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 8 / 5 + 1));
    let (mut held, mut bits) = (0_u16, 0_u32);
    for byte in bytes {
        held = (held << 8) | u16::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[usize::from((held >> bits) & 31)]));
            held &= (1 << bits) - 1;
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[usize::from((held << (5 - bits)) & 31)]));
    }
    text
}

/// Reads letters in either case; spaces and hyphens do not count. `None` when another sign is among them.
pub(super) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 5 / 8));
    let (mut held, mut bits) = (0_u16, 0_u32);
    for sign in text.bytes().filter(|sign| !b" -\t".contains(sign)) {
        let value = ALPHABET
            .iter()
            .position(|letter| *letter == sign.to_ascii_uppercase())?;
        held = (held << 5) | u16::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 255).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    (held == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_hold() {
        for (clear, written) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(encode(clear.as_bytes()).as_str(), written);
            assert_eq!(decode(written).unwrap().as_slice(), clear.as_bytes());
        }
        assert_eq!(decode("mzxw 6ytb-oi").unwrap().as_slice(), b"foobar");
        assert!(decode("MZXW1").is_none());
    }
}
