//! Where the passphrase of the master key comes from: a file, a file descriptor, or the terminal, where it is not shown.
//! It is never taken from the command line or from the environment itself, where others on the machine could see it.

use std::{
    fs::File,
    io::Read,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use store::Secret;

const FILE: &str = "CANDOUR_PASSPHRASE_FILE";
const DESCRIPTOR: &str = "CANDOUR_PASSPHRASE_FD";
const NEW_FILE: &str = "CANDOUR_NEW_PASSPHRASE_FILE";
/// Nobody types more; a larger file is another file.
const LONGEST: u64 = 4096;

/// The passphrase in force for a key file, from wherever it is given; the error says what to do.
pub fn ask(_key_file: &Path) -> Result<Secret, String> {
    if let Some(given) = given()? {
        return Ok(given);
    }
    rpassword::prompt_password("Passphrase of the master key (it is not shown): ")
        .map(Secret::new)
        .map_err(|_| {
            format!(
                "there is no terminal to ask for it; name a file with it in {FILE}, readable by its owner only, or a file descriptor in {DESCRIPTOR}"
            )
        })
}

/// A new passphrase: from the file named for it, or typed twice. With `first`, also from where one in force may come.
pub fn ask_new(first: bool) -> Result<Secret, String> {
    if let Some(path) = named(NEW_FILE) {
        return from_file(NEW_FILE, &path);
    }
    if first && let Some(given) = given()? {
        return Ok(given);
    }
    let prompt = |words: &str| {
        rpassword::prompt_password(words).map(Secret::new).map_err(|_| {
            format!("there is no terminal to ask for the new passphrase; name a file with it in {NEW_FILE}, readable by its owner only")
        })
    };
    let once = prompt("New passphrase of the master key (it is not shown): ")?;
    if prompt("The same again: ")? != once {
        return Err("the two were not the same; nothing was changed".into());
    }
    Ok(once)
}

fn given() -> Result<Option<Secret>, String> {
    if let Some(path) = named(FILE) {
        return from_file(FILE, &path).map(Some);
    }
    let Some(number) = std::env::var_os(DESCRIPTOR) else {
        return Ok(None);
    };
    let number: u32 = (number.to_str().and_then(|number| number.parse().ok()))
        .ok_or_else(|| format!("{DESCRIPTOR} is not the number of a file descriptor"))?;
    File::open(format!("/proc/self/fd/{number}"))
        .map_err(|e| e.to_string())
        .and_then(first_line)
        .map(Some)
        .map_err(|why| format!("the file descriptor {number} of {DESCRIPTOR} gives none: {why}"))
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

fn from_file(variable: &str, path: &Path) -> Result<Secret, String> {
    let wrong = |why: String| format!("the file `{}` of {variable} {why}", path.display());
    let file = File::open(path).map_err(|e| wrong(format!("cannot be read: {e}")))?;
    let mode = (file.metadata())
        .map_err(|e| wrong(format!("cannot be read: {e}")))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        return Err(wrong(format!(
            "can be read by others; run `chmod 600 {}`",
            path.display()
        )));
    }
    first_line(file).map_err(|why| wrong(format!("gives none: {why}")))
}

fn first_line(file: File) -> Result<Secret, String> {
    let mut text = Secret::new(String::with_capacity(LONGEST as usize + 1));
    file.take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(|e| e.to_string())?;
    if text.len() as u64 > LONGEST {
        return Err("it is too long".into());
    }
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(Secret::new(line.to_owned())),
        _ => Err("its first line is empty".into()),
    }
}
