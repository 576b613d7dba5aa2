//! How alike two accounts are: the share of their telling words that both have.

use std::sync::LazyLock;

/// The telling words of an account, as hashes in order, and a picture of them in 128 bits for a quick first look.
#[derive(Debug, Default, Clone)]
pub(crate) struct Telling {
    words: Vec<u32>,
    picture: u128,
}

/// Words that tell nothing about an event.
const EMPTY: [&str; 44] = [
    "the", "and", "was", "were", "that", "with", "for", "had", "has", "have", "this", "from",
    "not", "but", "her", "his", "she", "him", "they", "them", "their", "who", "which", "when",
    "then", "there", "been", "being", "also", "into", "about", "after", "before", "would", "could",
    "did", "does", "any", "all", "are", "is", "to", "of", "by",
];

static NOTHING: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut hashes: Vec<u32> = EMPTY.iter().map(|word| hash(word.as_bytes())).collect();
    hashes.sort_unstable();
    hashes
});

/// No account has more telling words than this looked at.
const MOST: usize = 96;
/// An account with fewer says too little to be compared.
const FEWEST: usize = 3;

impl Telling {
    pub(crate) fn of(text: &str) -> Self {
        let mut words = Vec::with_capacity(24);
        let mut word = [0_u8; 24];
        let mut length = 0;
        for byte in text.bytes().chain([b' ']) {
            if byte.is_ascii_alphanumeric() || byte >= 0x80 {
                if length < word.len() {
                    word[length] = byte.to_ascii_lowercase();
                }
                length += 1;
                continue;
            }
            let kept = &word[..length.min(word.len())];
            if length > 2 || kept.iter().any(u8::is_ascii_digit) {
                let word = hash(kept);
                if NOTHING.binary_search(&word).is_err() {
                    words.push(word);
                }
                if words.len() == MOST {
                    break;
                }
            }
            length = 0;
        }
        words.sort_unstable();
        words.dedup();
        let picture = words.iter().fold(0, |p, w| p | 1_u128 << (w >> 25));
        Self { words, picture }
    }

    /// The share of words in common, from 0 to 100; 0 where either says too little, or where the quick look already shows less than `least`.
    pub(crate) fn likeness(&self, other: &Self, least: u32) -> u32 {
        if self.words.len() < FEWEST || other.words.len() < FEWEST {
            return 0;
        }
        let (few, many) = if self.words.len() < other.words.len() {
            (self, other)
        } else {
            (other, self)
        };
        // Words whose bit the other picture lacks are not in common.
        let lacking = (few.picture & !many.picture).count_ones();
        let (few_n, many_n) = (number(few.words.len()), number(many.words.len()));
        let most = few_n - lacking.min(few_n);
        if most * 100 < least * (few_n + many_n - most) {
            return 0;
        }
        let (mut a, mut b, mut common) = (0, 0, 0);
        while let (Some(x), Some(y)) = (self.words.get(a), other.words.get(b)) {
            match x.cmp(y) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => {
                    common += 1;
                    a += 1;
                    b += 1;
                }
            }
        }
        common * 100 / (few_n + many_n - common)
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// FNV-1a, with its last step mixed, so that the upper bits differ too.
fn hash(word: &[u8]) -> u32 {
    let h = word.iter().fold(0x811c_9dc5_u32, |h, b| {
        (h ^ u32::from(*b)).wrapping_mul(0x0100_0193)
    });
    (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d)
}
