//! What kind of file something is, told by its first bytes and not by what it calls itself, and whether a case takes it:
//! PDF, Office, images, sound, moving pictures, plain text and e-mail. What a browser would carry out is never among them.

/// How many bytes from the beginning are looked at.
pub(crate) const LOOKED_AT: usize = 64 * 1024;

/// A kind of file that a case takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKind {
    /// Such as `application/pdf`.
    pub media_type: &'static str,
    /// What a file of this kind ends with, such as `pdf`.
    pub ending: &'static str,
    /// In words, such as "PDF".
    pub words: &'static str,
}

const fn kind(media_type: &'static str, ending: &'static str, words: &'static str) -> FileKind {
    FileKind {
        media_type,
        ending,
        words,
    }
}

/// Every kind that a case takes.
const KINDS: &[FileKind] = &[
    kind("application/pdf", "pdf", "PDF"),
    kind("application/msword", "doc", "Word"),
    kind(DOCX, "docx", "Word"),
    kind("application/vnd.ms-excel", "xls", "Excel"),
    kind(XLSX, "xlsx", "Excel"),
    kind("application/vnd.ms-powerpoint", "ppt", "PowerPoint"),
    kind(PPTX, "pptx", "PowerPoint"),
    kind(
        "application/vnd.oasis.opendocument.text",
        "odt",
        "OpenDocument text",
    ),
    kind(
        "application/vnd.oasis.opendocument.spreadsheet",
        "ods",
        "OpenDocument spreadsheet",
    ),
    kind(
        "application/vnd.oasis.opendocument.presentation",
        "odp",
        "OpenDocument presentation",
    ),
    kind("application/rtf", "rtf", "Rich text"),
    kind("application/vnd.ms-outlook", "msg", "E-mail"),
    kind("message/rfc822", "eml", "E-mail"),
    kind("text/plain", "txt", "Text"),
    kind("text/csv", "csv", "Table as text"),
    kind("image/jpeg", "jpg", "Image"),
    kind("image/png", "png", "Image"),
    kind("image/gif", "gif", "Image"),
    kind("image/tiff", "tif", "Image"),
    kind("image/bmp", "bmp", "Image"),
    kind("image/webp", "webp", "Image"),
    kind("image/heif", "heic", "Image"),
    kind("image/avif", "avif", "Image"),
    kind("audio/mpeg", "mp3", "Sound"),
    kind("audio/m4a", "m4a", "Sound"),
    kind("audio/aac", "aac", "Sound"),
    kind("audio/ogg", "ogg", "Sound"),
    kind("audio/opus", "opus", "Sound"),
    kind("audio/amr", "amr", "Sound"),
    kind("audio/x-flac", "flac", "Sound"),
    kind("audio/x-wav", "wav", "Sound"),
    kind("audio/x-aiff", "aif", "Sound"),
    kind("video/mp4", "mp4", "Video"),
    kind("video/x-m4v", "m4v", "Video"),
    kind("video/quicktime", "mov", "Video"),
    kind("video/webm", "webm", "Video"),
    kind("video/x-matroska", "mkv", "Video"),
    kind("video/x-msvideo", "avi", "Video"),
    kind("video/x-ms-wmv", "wmv", "Video"),
    kind("video/mpeg", "mpg", "Video"),
];

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

impl FileKind {
    /// The kind with this media type.
    pub fn of(media_type: &str) -> Option<FileKind> {
        KINDS.iter().copied().find(|k| k.media_type == media_type)
    }

    /// The kind that a file with this ending may be, where its first bytes leave that open.
    fn ending(name: &str, among: &[&str]) -> Option<FileKind> {
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        KINDS
            .iter()
            .copied()
            .find(|k| k.ending == ending && among.contains(&k.ending))
    }

    /// What a file is by its first bytes; its name decides only between kinds that begin alike. `None` when a case does not take it.
    pub(crate) fn by_content(head: &[u8], name: &str) -> Option<FileKind> {
        let found = infer::get(head).map(|found| found.mime_type());
        match found {
            // Word, Excel, PowerPoint and Outlook of before all begin like this.
            _ if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) => {
                FileKind::ending(name, &["doc", "xls", "ppt", "msg"])
            }
            Some("application/zip") if contains(head, b"[Content_Types].xml") => {
                FileKind::ending(name, &["docx", "xlsx", "pptx"])
            }
            Some(media_type) => FileKind::of(media_type),
            None => text(head, name),
        }
    }
}

/// Plain text, a table or an e-mail; anything that begins like a page or a program is none.
fn text(head: &[u8], name: &str) -> Option<FileKind> {
    let head = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head);
    let control = |byte: &u8| *byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    let start = head
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .map_or(&[][..], |at| &head[at..]);
    if head.is_empty()
        || head.iter().any(control)
        || start.starts_with(b"<")
        || start.starts_with(b"#!")
    {
        return None;
    }
    let header = |line: &str| {
        line.split_once(':').is_some_and(|(name, _)| {
            matches!(
                name.to_ascii_lowercase().as_str(),
                "received"
                    | "from"
                    | "date"
                    | "return-path"
                    | "delivered-to"
                    | "mime-version"
                    | "message-id"
                    | "subject"
                    | "to"
                    | "x-mozilla-status"
            )
        })
    };
    let first = String::from_utf8_lossy(&start[..start.len().min(200)]).into_owned();
    if first.lines().next().is_some_and(header)
        && let Some(mail) = FileKind::ending(name, &["eml"])
    {
        return Some(mail);
    }
    FileKind::ending(name, &["csv"]).or_else(|| FileKind::of("text/plain"))
}

fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}

/// The name a file had where it came from: without folders, without signs that hide or turn round what is read, not too long.
pub(crate) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let plain: String = last.chars().filter(|c| !hides(*c)).collect();
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let length = plain.chars().count();
    match length > 120 {
        // The ending is what tells most.
        true => plain.chars().skip(length - 120).collect(),
        false => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(head: &[u8], name: &str) -> Option<&'static str> {
        FileKind::by_content(head, name).map(|k| k.media_type)
    }

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(
            kind_of(b"%PDF-1.7\n", "holiday.html"),
            Some("application/pdf")
        );
        assert_eq!(
            kind_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.pdf"),
            Some("image/png")
        );
        assert_eq!(
            kind_of(b"\xff\xd8\xff\xe0\0\x10JFIF", ""),
            Some("image/jpeg")
        );
        assert_eq!(kind_of(b"ID3\x04\0\0", "call.mp3"), Some("audio/mpeg"));
        let ole = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];
        assert_eq!(kind_of(&ole, "letter.DOC"), Some("application/msword"));
        assert_eq!(
            kind_of(&ole, "mail.msg"),
            Some("application/vnd.ms-outlook")
        );
        assert_eq!(kind_of(&ole, "setup.msi"), None);
        let zip = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml";
        assert_eq!(kind_of(zip, "minutes.docx"), Some(DOCX));
        assert_eq!(kind_of(zip, "all.zip"), None);
    }

    #[test]
    fn words_are_text_tables_or_e_mail() {
        assert_eq!(
            kind_of("Seen at home.\r\nNo answer.".as_bytes(), "notes"),
            Some("text/plain")
        );
        assert_eq!(
            kind_of("caf\u{e9} \u{2013} seen".as_bytes(), "n.txt"),
            Some("text/plain")
        );
        assert_eq!(kind_of(b"caf\xe9", "old.txt"), Some("text/plain"));
        assert_eq!(kind_of(b"day,who\n1,2\n", "visits.csv"), Some("text/csv"));
        assert_eq!(
            kind_of(b"Received: from a\nSubject: b\n\nc", "m.eml"),
            Some("message/rfc822")
        );
        assert_eq!(kind_of(b"Subject to change", "m.eml"), Some("text/plain"));
    }

    #[test]
    fn pages_programs_and_archives_are_not_taken_whatever_they_are_called() {
        for (head, name) in [
            (&b"<!DOCTYPE html><script>"[..], "notes.txt"),
            (b"\xef\xbb\xbf  <svg xmlns=", "drawing.png"),
            (b"\n\t<script>alert(1)</script>", "a.csv"),
            (b"<?xml version='1.0'?>", "a.txt"),
            (b"#!/bin/sh\nrm", "a.txt"),
            (b"MZ\x90\0\x03", "letter.pdf"),
            (b"\x7fELF\x02\x01", "letter.doc"),
            (
                b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.exe",
                "a.zip",
            ),
            (b"text\0with a nought", "a.txt"),
            (b"", "empty.txt"),
        ] {
            assert_eq!(kind_of(head, name), None, "{name}: {head:?}");
        }
    }

    #[test]
    fn a_name_loses_its_folders_and_what_deceives() {
        for (given, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\notes.pdf", "notes.pdf"),
            ("..", ""),
            ("/", ""),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
            ("  .hidden  ", "hidden"),
            ("Bericht \u{fc}ber.pdf", "Bericht \u{fc}ber.pdf"),
        ] {
            assert_eq!(plain_name(given), kept, "{given:?}");
        }
        let long = plain_name(&format!("{}.pdf", "x".repeat(5000)));
        assert!(long.chars().count() == 120 && long.ends_with(".pdf"));
    }
}
