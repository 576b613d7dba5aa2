//! Shares of the master key: three, of which any two bring it back and one alone says nothing (Shamir's construction over GF(256)).
//! A share is a page of text that can be printed and typed in again; its checksum finds a slip of the pen.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use blahaj::{Share, Sharks};
use jiff::Timestamp;
use record::time_text;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{
    base32,
    passphrase::{new_key_file, write_new_key},
    status::{SHARES, SharesMade},
};
use crate::{Store, StoreError, backup::parent, key::Key, store::sync_folder};

const NEEDED: u8 = 2;
const MADE: usize = 3;
const HEADING: &str = "Candour: a share of the master key (candour-share/1)";
/// Set, first half of the key's fingerprint, share, checksum.
const SET: usize = 6;
const PRINT: usize = 8;
const SHARE: usize = 33;
const SUM: usize = 8;
const LENGTH: usize = SET + PRINT + SHARE + SUM;

/// Text that is wiped from memory when dropped: the page of a share as it was read.
pub type Secret = Zeroizing<String>;

/// One share. Shown once; neither `Debug` nor an error gives it away.
pub struct KeyShare {
    /// Its number, from 1.
    pub number: u8,
    text: Zeroizing<String>,
}

/// A master key that was brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredKey {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its file.
    pub path: PathBuf,
}

impl fmt::Debug for KeyShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyShare({})", self.number)
    }
}

impl KeyShare {
    /// The page to print or keep: what it is, whose, how it is used, and the share itself.
    pub fn page(&self) -> &str {
        &self.text
    }
}

impl Store {
    /// Makes three new shares of the master key; any two restore it. When they were made is kept, the shares are not.
    /// Shares made before go on working for the same key, but not together with these.
    pub async fn split_master_key(&self, partnership: &str) -> Result<Vec<KeyShare>, StoreError> {
        let now = Timestamp::now();
        let shares = split(&self.inner.master_key, partnership, now)?;
        let made = SharesMade {
            at: time_text(now),
            fingerprint: self.inner.master_key.fingerprint(),
        };
        let text = serde_json::to_string(&made).map_err(|error| unfit(error.to_string()))?;
        self.keep_own(SHARES, &text).await?;
        Ok(shares)
    }
}

/// Writes the master key back into a data folder from two shares, each named as the person gave it.
/// It goes where the folder's master key comes from, sealed if a passphrase was given.
/// Refuses when a key is there already, and names the share that is wrong, damaged or of another set.
pub async fn restore_master_key(
    dir: &Path,
    shares: &[(String, Secret)],
) -> Result<RestoredKey, StoreError> {
    let key = join(shares)?;
    let path = new_key_file(dir)?;
    if let Some(place) = crate::place::Place::of(dir)? {
        let pool = crate::database::reading(&place).await?;
        let founded = crate::meta::founded(&pool).await;
        pool.close().await;
        if founded?.is_some_and(|founded| founded.master_fingerprint != key.fingerprint()) {
            return Err(unfit(format!(
                "the shares fit together, but make the master key {} and this folder needs another",
                &key.fingerprint()[..16]
            )));
        }
    }
    write_new_key(&path, &key)?;
    sync_folder(parent(&path))?;
    Ok(RestoredKey {
        fingerprint: key.fingerprint(),
        path,
    })
}

fn split(key: &Key, partnership: &str, at: Timestamp) -> Result<Vec<KeyShare>, StoreError> {
    // A name over two lines could pass for a line of the share.
    let partnership = partnership.split_whitespace().collect::<Vec<_>>().join(" ");
    let made = time_text(at).chars().take(10).collect::<String>();
    let mut set = [0; SET];
    getrandom::fill(&mut set).map_err(|_| StoreError::NoRandomness)?;
    let fingerprint = key.fingerprint();
    let print = fingerprint_bytes(&fingerprint)?;
    let mut shares = Vec::with_capacity(MADE);
    for (number, share) in (1_u8..).zip(Sharks(NEEDED).dealer(key.bytes()).take(MADE)) {
        let share = Zeroizing::new(Vec::from(&share));
        let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH));
        bytes.extend_from_slice(&set);
        bytes.extend_from_slice(&print);
        bytes.extend_from_slice(&share);
        let sum = checksum(&partnership, number, &made, &bytes);
        bytes.extend_from_slice(&sum);
        let letters = base32::encode(&bytes);
        let mut text = Zeroizing::new(String::with_capacity(2048));
        text.push_str(&format!(
            "{HEADING}\n\nPartnership: {partnership}\nShare: {number} of {MADE}\nMade: {made}\nMaster key: {}\n\n",
            &fingerprint[..16]
        ));
        for (at, letter) in letters.chars().enumerate() {
            text.push(letter);
            match at + 1 {
                end if end == letters.len() || end % 24 == 0 => text.push('\n'),
                end if end % 4 == 0 => text.push(' '),
                _ => {}
            }
        }
        text.push_str(
            "\nAny two of the three shares bring the master key back. This one alone says nothing of it.\n\
             Keep it where you keep what must never be lost, apart from the other two, and show it to nobody.\n\
             When it is needed, the administrator asks for it in person: candour keys restore --share FILE --share FILE\n",
        );
        shares.push(KeyShare { number, text });
    }
    Ok(shares)
}

struct Read {
    set: [u8; SET],
    print: [u8; PRINT],
    share: Zeroizing<Vec<u8>>,
}

/// Reads a page; the error says what is wrong with it and repeats none of it.
fn read(page: &str) -> Result<Read, &'static str> {
    let line = |name: &str| {
        page.lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .map(str::trim)
    };
    if !page.lines().any(|line| line.trim() == HEADING) {
        return Err("it is no share of a master key; its first line is missing or altered");
    }
    let (Some(partnership), Some(number), Some(made)) =
        (line("Partnership: "), line("Share: "), line("Made: "))
    else {
        return Err("one of the lines `Partnership`, `Share` and `Made` is missing");
    };
    let number = (number.split(' ').next())
        .and_then(|number| number.parse().ok())
        .ok_or("its line `Share` does not say which share it is")?;
    let letters: Zeroizing<String> = Zeroizing::new(
        page.lines()
            .skip_while(|line| !line.trim().starts_with("Master key: "))
            .skip(1)
            .skip_while(|line| line.trim().is_empty())
            .take_while(|line| !line.trim().is_empty())
            .flat_map(str::chars)
            .collect(),
    );
    let bytes = base32::decode(&letters)
        .ok_or("there is a sign in its letters that no share has (only A to Z and 2 to 7)")?;
    if bytes.len() != LENGTH {
        return Err("some of its letters are missing, or there are too many");
    }
    let (rest, sum) = bytes.split_at(LENGTH - SUM);
    if sum != checksum(partnership, number, made, rest) {
        return Err(
            "it is damaged: its checksum does not fit; compare its letters and lines with the paper",
        );
    }
    let (set, rest) = rest.split_first_chunk().ok_or("it is cut off")?;
    let (print, share) = rest.split_first_chunk().ok_or("it is cut off")?;
    Ok(Read {
        set: *set,
        print: *print,
        share: Zeroizing::new(share.to_vec()),
    })
}

fn join(pages: &[(String, Zeroizing<String>)]) -> Result<Key, StoreError> {
    let mut shares: Vec<(&str, Read)> = Vec::with_capacity(pages.len());
    for (name, page) in pages {
        let share = read(page).map_err(|why| unfit(format!("`{name}`: {why}")))?;
        if let Some((other, first)) = shares.first() {
            if first.print != share.print {
                return Err(unfit(format!(
                    "`{other}` and `{name}` are shares of different master keys"
                )));
            }
            if first.set != share.set {
                return Err(unfit(format!(
                    "`{other}` and `{name}` were not made together; take two of the same day"
                )));
            }
        }
        if let Some((other, _)) = shares
            .iter()
            .find(|(_, one)| one.share.first() == share.share.first())
        {
            return Err(unfit(format!("`{other}` and `{name}` are the same share")));
        }
        shares.push((name, share));
    }
    let Some((_, first)) = shares
        .first()
        .filter(|_| shares.len() >= usize::from(NEEDED))
    else {
        return Err(unfit("two different shares are needed".to_owned()));
    };
    let parts = shares
        .iter()
        .map(|(_, one)| Share::try_from(one.share.as_slice()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|why| unfit(why.to_owned()))?;
    let bytes = Zeroizing::new(
        Sharks(NEEDED)
            .recover(&parts)
            .map_err(|why| unfit(why.to_owned()))?,
    );
    Key::from_bytes(&bytes)
        .filter(|key| fingerprint_bytes(&key.fingerprint()).is_ok_and(|print| print == first.print))
        .ok_or_else(|| unfit("the shares do not make the key they were made from".to_owned()))
}

fn checksum(partnership: &str, number: u8, made: &str, bytes: &[u8]) -> [u8; SUM] {
    let mut sha = Sha256::new();
    sha.update(b"candour-share/1");
    for field in [partnership.as_bytes(), &[number], made.as_bytes(), bytes] {
        sha.update((field.len() as u64).to_be_bytes());
        sha.update(field);
    }
    let digest: [u8; 32] = sha.finalize().into();
    let mut sum = [0; SUM];
    sum.copy_from_slice(&digest[..SUM]);
    sum
}

fn fingerprint_bytes(fingerprint: &str) -> Result<[u8; PRINT], StoreError> {
    record::Hash::from_hex(fingerprint)
        .ok()
        .and_then(|hash| hash.0.first_chunk().copied())
        .ok_or_else(|| unfit("the fingerprint of the key is none".to_owned()))
}

fn unfit(why: String) -> StoreError {
    StoreError::Unfit {
        doing: "use the shares of the master key",
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three(key: &Key, partnership: &str) -> Vec<(String, Zeroizing<String>)> {
        split(key, partnership, Timestamp::UNIX_EPOCH)
            .unwrap()
            .into_iter()
            .map(|share| (format!("share-{}", share.number), share.text))
            .collect()
    }

    fn refused(pages: &[(String, Zeroizing<String>)]) -> String {
        join(pages).err().unwrap().to_string()
    }

    #[test]
    fn any_two_of_three_shares_make_the_key_again() {
        let key = Key::random().unwrap();
        let pages = three(&key, "Merrowshire  Safeguarding\nChildren Partnership");
        for two in [[0, 1], [1, 0], [0, 2], [2, 1]] {
            let two = two.map(|one| pages[one].clone());
            assert_eq!(join(&two).unwrap().bytes(), key.bytes());
        }
        assert_eq!(join(&pages).unwrap().bytes(), key.bytes());
        assert!(refused(&pages[..1]).contains("two different shares"));
        let same = [pages[1].clone(), pages[1].clone()];
        assert!(refused(&same).contains("the same share"));
    }

    #[test]
    fn every_letter_and_line_altered_is_found_and_the_share_is_named() {
        let pages = three(&Key::random().unwrap(), "Merrowshire");
        let page = pages[0].1.as_str();
        let from = page.find("Master key").unwrap();
        let start = from + page[from..].find("\n\n").unwrap() + 2;
        let end = start + page[start..].find("\n\n").unwrap();
        let mut altered = 0;
        for at in start..end {
            let letter = page.as_bytes()[at];
            if letter.is_ascii_whitespace() {
                continue;
            }
            let other = if letter == b'A' { "B" } else { "A" };
            let mut wrong = page.to_owned();
            wrong.replace_range(at..=at, other);
            let why = refused(&[pages[1].clone(), ("mine".into(), wrong.into())]);
            assert!(why.contains("`mine`") && why.contains("damaged"), "{why}");
            altered += 1;
        }
        assert_eq!(altered, 88);
        for (is, was) in [
            ("Merrowshire", "Tilbrook"),
            ("Share: 1", "Share: 2"),
            ("1970", "1971"),
        ] {
            let wrong = page.replacen(is, was, 1);
            let why = refused(&[pages[1].clone(), ("mine".into(), wrong.into())]);
            assert!(why.contains("`mine`"), "{why}");
        }
    }

    #[test]
    fn shares_of_two_keys_or_two_days_are_told_apart() {
        let key = Key::random().unwrap();
        let (one, again) = (three(&key, "Merrowshire"), three(&key, "Merrowshire"));
        let why = refused(&[one[0].clone(), again[1].clone()]);
        assert!(why.contains("not made together"), "{why}");
        let other = three(&Key::random().unwrap(), "Merrowshire");
        let why = refused(&[one[0].clone(), other[1].clone()]);
        assert!(why.contains("different master keys"), "{why}");
    }
}
