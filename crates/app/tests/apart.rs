//! The process in which files are looked at: it has no network and no files, cannot start anything, and is stopped when it takes
//! too much; what it is given comes out as it should, also when somebody built it to do harm.

use std::io::{Cursor, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use examine::child::{Answer, Asked, COMMAND};
use examine::{Holds, Limits, Looked, Refused, Shape};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

type Wrong = Box<dyn std::error::Error>;

/// Starts the process apart and gives it a line and a file.
fn ask_raw(line: &str, file: &[u8]) -> Result<(Option<i32>, Vec<u8>), Wrong> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_candour"))
        .arg(COMMAND)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("no way in")?;
    let (line, file) = (format!("{line}\n"), file.to_vec());
    // It may stop reading before the end.
    let sender = std::thread::spawn(move || {
        let _ = stdin.write_all(line.as_bytes());
        let _ = stdin.write_all(&file);
    });
    let out = child.wait_with_output()?;
    sender.join().map_err(|_| "the sender broke")?;
    Ok((out.status.code(), out.stdout))
}

fn ask(asked: &Asked, file: &[u8]) -> Result<Answer, Wrong> {
    let (_, said) = ask_raw(&serde_json::to_string(asked)?, file)?;
    Ok(serde_json::from_slice(&said)?)
}

fn look(shape: Shape, file: &[u8]) -> Result<Looked, Wrong> {
    let limits = Limits {
        packed: 64 << 20,
        unpacked: 64 << 20,
        ..Limits::default()
    };
    let answer = ask(&Asked::Look { shape, limits }, file)?;
    assert!(answer.open.is_empty(), "not taken away: {:?}", answer.open);
    Ok(answer.looked)
}

fn refused(why: Refused) -> Looked {
    Looked::Refused { why }
}

/// A packed file of these parts.
fn packed(parts: &[(&str, &[u8])]) -> Result<Vec<u8>, Wrong> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        archive.start_file(*name, options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

const TYPES: (&str, &[u8]) = (
    "[Content_Types].xml",
    b"<?xml version=\"1.0\"?><Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/xml\"/></Types>",
);

#[test]
fn it_has_no_network_no_files_and_starts_nothing() -> Result<(), Wrong> {
    let answer = ask(&Asked::Try, b"")?;
    assert_eq!(answer.open, Vec::<String>::new());
    assert_eq!(answer.could, Vec::<String>::new());
    Ok(())
}

#[test]
fn it_gets_no_more_memory_than_it_may_have() -> Result<(), Wrong> {
    let (code, said) = ask_raw(&serde_json::to_string(&Asked::Grow)?, b"")?;
    assert_ne!(code, Some(0));
    assert!(said.is_empty());
    Ok(())
}

#[tokio::test]
async fn one_that_hangs_is_ended_and_its_file_is_refused() -> Result<(), Wrong> {
    let examiner = desk::Examiner::of(env!("CARGO_BIN_EXE_candour").into());
    let began = Instant::now();
    let answer = examiner.ask(Asked::Hang).await?;
    assert_eq!(answer.looked, refused(Refused::TooMuch));
    assert!(began.elapsed() < Duration::from_secs(80));
    let answer = examiner.ask(Asked::Grow).await?;
    assert_eq!(answer.looked, refused(Refused::TooMuch));
    // What cannot be started passes nothing.
    let nobody = desk::Examiner::of("/nowhere/candour".into());
    assert!(nobody.ask(Asked::Try).await.is_err());
    Ok(())
}

#[test]
fn what_makes_no_sense_ends_it_without_an_answer() -> Result<(), Wrong> {
    for line in ["", "{}", "look", "{\"do\":\"look\"}", &"x".repeat(10_000)] {
        let (code, said) = ask_raw(line, b"anything")?;
        assert_eq!(code, Some(2), "{line:.20}");
        assert!(said.is_empty());
    }
    Ok(())
}

#[test]
fn what_a_workbook_hides_is_counted() -> Result<(), Wrong> {
    let file = packed(&[
        TYPES,
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet name=\"Visits\"/><sheet name=\"Addresses\" state=\"hidden\"/><sheet name=\"Old\" state=\"veryHidden\"/></sheets></workbook>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            b"<worksheet><cols><col min=\"1\" max=\"2\" hidden=\"1\"/></cols><sheetData><row r=\"1\"/><row r=\"2\" hidden=\"true\"/></sheetData></worksheet>",
        ),
        (
            "xl/comments1.xml",
            b"<comments><commentList><comment ref=\"A1\"><text/></comment></commentList></comments>",
        ),
        (
            "docProps/core.xml",
            b"<cp:coreProperties><dc:creator>J. Fenwick</dc:creator><cp:lastModifiedBy></cp:lastModifiedBy></cp:coreProperties>",
        ),
        ("xl/embeddings/oleObject1.bin", b"anything"),
    ])?;
    let holds = vec![
        (Holds::HiddenSheets, 2),
        (Holds::HiddenRows, 2),
        (Holds::Comments, 1),
        (Holds::Author, 1),
        (Holds::FilesInside, 1),
    ];
    assert_eq!(look(Shape::OfficeOpen, &file)?, Looked::Taken { holds });
    let plain = packed(&[
        TYPES,
        ("word/document.xml", b"<w:document><w:p/></w:document>"),
    ])?;
    assert_eq!(
        look(Shape::OfficeOpen, &plain)?,
        Looked::Taken { holds: Vec::new() }
    );
    let tracked = packed(&[
        TYPES,
        (
            "word/document.xml",
            b"<w:document><w:ins w:id=\"1\"><w:r/></w:ins><w:del w:id=\"2\"/></w:document>",
        ),
    ])?;
    let holds = vec![(Holds::TrackedChanges, 2)];
    assert_eq!(look(Shape::OfficeOpen, &tracked)?, Looked::Taken { holds });
    let table = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        (
            "content.xml",
            b"<office:document-content><style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style><table:table table:style-name=\"ta1\"/><table:table table:style-name=\"ta2\"/></office:document-content>",
        ),
    ])?;
    let holds = vec![(Holds::HiddenSheets, 1)];
    assert_eq!(look(Shape::OpenDocument, &table)?, Looked::Taken { holds });
    Ok(())
}

#[test]
fn what_does_harm_is_refused() -> Result<(), Wrong> {
    let open = Shape::OfficeOpen;
    let zeros = vec![0_u8; 80 << 20];
    let many: Vec<String> = (0..12_000).map(|n| format!("p{n}.bin")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let laughs = b"<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><w:document>&b;</w:document>";
    let template = b"<Relationships><Relationship Type=\"http://x/relationships/attachedTemplate\" Target=\"https://example.org/t.dotm\" TargetMode=\"External\"/></Relationships>";
    let macros = b"<Types><Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>";
    let whole = packed(&[TYPES, ("word/document.xml", b"<w:document/>")])?;
    for (words, why, file) in [
        (
            "a bomb",
            Refused::TooLargeInside,
            packed(&[TYPES, ("word/media/a.bin", &zeros)])?,
        ),
        (
            "a bomb in many parts",
            Refused::TooLargeInside,
            packed(&[
                ("a.bin", &zeros[..30 << 20]),
                ("b.bin", &zeros[..30 << 20]),
                ("c.bin", &zeros[..30 << 20]),
            ])?,
        ),
        ("too many parts", Refused::TooManyParts, packed(&many)?),
        (
            "a name that leads out",
            Refused::NameLeadsOut,
            packed(&[TYPES, ("../../etc/cron.d/x", b"x")])?,
        ),
        (
            "a name from the root",
            Refused::NameLeadsOut,
            packed(&[TYPES, ("/etc/passwd/../../../x", b"x")])?,
        ),
        (
            "words that grow",
            Refused::OwnEntities,
            packed(&[TYPES, ("word/document.xml", laughs)])?,
        ),
        (
            "macros",
            Refused::Macros,
            packed(&[TYPES, ("word/vbaProject.bin", b"x")])?,
        ),
        (
            "macros by its list",
            Refused::Macros,
            packed(&[("[Content_Types].xml", macros)])?,
        ),
        (
            "macros of before",
            Refused::Macros,
            packed(&[TYPES, ("xl/macrosheets/sheet1.xml", b"<a/>")])?,
        ),
        (
            "a template from elsewhere",
            Refused::FetchesElsewhere,
            packed(&[TYPES, ("word/_rels/settings.xml.rels", template)])?,
        ),
        (
            "one that broke off",
            Refused::Broken,
            whole[..whole.len() / 2].to_vec(),
        ),
        (
            "one that is none",
            Refused::Broken,
            b"PK\x03\x04 and nothing else".to_vec(),
        ),
        ("nothing", Refused::Broken, Vec::new()),
        (
            "no XML",
            Refused::Broken,
            packed(&[TYPES, ("word/document.xml", b"<w:document <<< &")])?,
        ),
    ] {
        assert_eq!(look(open, &file)?, refused(why), "{words}");
    }
    let encrypted = packed(&[(
        "META-INF/manifest.xml",
        b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
    )])?;
    assert_eq!(
        look(Shape::OpenDocument, &encrypted)?,
        refused(Refused::Password)
    );
    let basic = packed(&[("Basic/Standard/Module1.xml", b"<a/>")])?;
    assert_eq!(look(Shape::OpenDocument, &basic)?, refused(Refused::Macros));
    // A directory that says the parts are small: they are counted as they come.
    let mut lies = packed(&[TYPES, ("word/media/a.bin", &zeros)])?;
    let size = u32::try_from(zeros.len())?.to_le_bytes();
    while let Some(at) = lies.windows(4).position(|window| window == size) {
        lies[at..at + 4].copy_from_slice(&7_u32.to_le_bytes());
    }
    let answer = look(open, &lies)?;
    assert!(matches!(answer, Looked::Refused { .. }), "{answer:?}");
    Ok(())
}

/// A file of before with these streams and storages.
fn of_before(storages: &[&str], streams: &[(&str, &[u8])]) -> Result<Vec<u8>, Wrong> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new()))?;
    for storage in storages {
        file.create_storage(storage)?;
    }
    for (name, bytes) in streams {
        file.create_stream(name)?.write_all(bytes)?;
    }
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

#[test]
fn files_of_before_tell_of_passwords_macros_and_hidden_sheets() -> Result<(), Wrong> {
    let record = |kind: u16, body: &[u8]| {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend(u16::try_from(body.len()).unwrap_or(0).to_le_bytes());
        bytes.extend(body);
        bytes
    };
    let sheet = |state: u8| record(0x85, &[0, 0, 0, 0, state, 0, 1, 0, b'A']);
    let workbook = [
        record(0x809, &[0; 16]),
        sheet(0),
        sheet(1),
        sheet(2),
        record(0x0A, &[]),
    ]
    .concat();
    let secret = [record(0x809, &[0; 16]), record(0x2F, &[1, 0])].concat();
    let mut word = vec![0; 64];
    let plain = word.clone();
    word[11] = 1;
    let ole = Shape::Ole;
    let file = of_before(&[], &[("/Workbook", &workbook)])?;
    let holds = vec![(Holds::HiddenSheets, 2)];
    assert_eq!(look(ole, &file)?, Looked::Taken { holds });
    let file = of_before(&[], &[("/WordDocument", &plain)])?;
    assert_eq!(look(ole, &file)?, Looked::Taken { holds: Vec::new() });
    let attachments = of_before(&["/__attach_version1.0_#00000000"], &[])?;
    let holds = vec![(Holds::FilesInside, 1)];
    assert_eq!(look(ole, &attachments)?, Looked::Taken { holds });
    for (why, file) in [
        (
            Refused::Password,
            of_before(&[], &[("/Workbook", &secret)])?,
        ),
        (
            Refused::Password,
            of_before(&[], &[("/WordDocument", &word)])?,
        ),
        // How Word and Excel of today keep a file with a password.
        (
            Refused::Password,
            of_before(
                &[],
                &[("/EncryptionInfo", b"x"), ("/EncryptedPackage", b"x")],
            )?,
        ),
        (
            Refused::Macros,
            of_before(&["/Macros"], &[("/WordDocument", &plain)])?,
        ),
        (
            Refused::Macros,
            of_before(&["/_VBA_PROJECT_CUR"], &[("/Workbook", &workbook)])?,
        ),
        (
            Refused::Broken,
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more".to_vec(),
        ),
    ] {
        assert_eq!(look(ole, &file)?, refused(why));
    }
    Ok(())
}

#[test]
fn a_pdf_a_picture_and_an_e_mail_are_looked_at_as_they_come() -> Result<(), Wrong> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    // Over the edge of what is read at a time.
    pdf.resize(256 * 1024 - 4, b' ');
    pdf.extend(b"/JavaScript (x) /JSX /EmbeddedFiles /EmbeddedFile <<>> trailer /Encrypt 3 0 R");
    let holds = vec![
        (Holds::FilesInside, 1),
        (Holds::Script, 1),
        (Holds::Protection, 1),
    ];
    assert_eq!(look(Shape::Pdf, &pdf)?, Looked::Taken { holds });
    let launch = b"%PDF-1.4 << /S /Launch /F (cmd.exe) >>";
    assert_eq!(
        look(Shape::Pdf, launch)?,
        refused(Refused::FetchesElsewhere)
    );
    let rtf = b"{\\rtf1 {\\object\\objdata 0105} {\\*\\template https://example.org/x}}";
    assert_eq!(
        look(Shape::RichText, rtf)?,
        refused(Refused::FetchesElsewhere)
    );
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(60_000_u32.to_be_bytes());
    png.extend(60_000_u32.to_be_bytes());
    png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(look(Shape::Picture, &png)?, refused(Refused::TooManyPoints));
    let mail = b"Subject: x\nContent-Type: multipart/mixed\n\n--a\nContent-Disposition: attachment; filename=a.pdf\n\nx";
    let holds = vec![(Holds::FilesInside, 1)];
    assert_eq!(look(Shape::Mail, mail)?, Looked::Taken { holds });
    Ok(())
}

#[test]
fn no_bytes_whatever_break_it() -> Result<(), Wrong> {
    let good = packed(&[
        TYPES,
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet state=\"hidden\"/></sheets></workbook>",
        ),
    ])?;
    let before = of_before(
        &["/Storage"],
        &[("/Workbook", &[9, 8, 4, 0, 0, 0, 0, 0, 0x0A, 0, 0, 0])],
    )?;
    let mut state = 0x00c0_ffee_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap_or(0)
    };
    let limits = Limits {
        packed: 1 << 20,
        unpacked: 1 << 20,
        ..Limits::default()
    };
    // In this process: an answer of any kind will do, a panic will not.
    for round in 0..4_000 {
        let (shape, from) = match round % 2 {
            0 => (Shape::OfficeOpen, &good),
            _ => (Shape::Ole, &before),
        };
        let mut file = from.clone();
        for _ in 0..=next(6) {
            let at = next(file.len());
            file[at] = u8::try_from(next(256))?;
        }
        if next(5) == 0 {
            file.truncate(next(file.len()));
        }
        examine::look(shape, &limits, &mut Cursor::new(&file));
    }
    Ok(())
}

const SETTINGS: &str = r#"name = "Apartshire Safeguarding Children Partnership"
short = "APA"
area = "Apartshire"
[front-door]
front-door = "01632 960001"
out-of-hours = "01632 960002"
emergency = "999"
[[partners]]
id = "local-authority"
[[partners.bodies]]
id = "council"
name = "Apartshire Council"
[[partners]]
id = "health"
[[partners.bodies]]
id = "icb"
name = "NHS Apartshire Integrated Care Board"
[[partners]]
id = "police"
[[partners.bodies]]
id = "police"
name = "Apartshire Police"
"#;

/// All files below a folder, with their sizes.
fn all_files(folder: &std::path::Path) -> Result<Vec<(std::path::PathBuf, u64)>, Wrong> {
    let mut list = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => list.extend(all_files(&entry.path())?),
            false => list.push((entry.path(), entry.metadata()?.len())),
        }
    }
    Ok(list)
}

#[tokio::test]
async fn a_refused_file_is_in_no_case_and_nothing_of_it_stays() -> Result<(), Wrong> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let desk = desk::Desk::create(
        &data,
        desk::Clock::standing_at(jiff::Timestamp::now()),
        desk::Setup {
            settings: SETTINGS.into(),
            people: vec![desk::NewPerson {
                name: "manager".into(),
                email: "manager@apartshire.example".into(),
                role: access::Role::BusinessManager,
                seat: None,
                agency: None,
                password: "lantern meadow oak".into(),
            }],
        },
    )
    .await?;
    let manager = desk.person_by_email("manager@apartshire.example");
    let manager = desk.actor(&manager.ok_or("no manager")?);
    let new = desk::NewCase {
        danger: cases::incident::Danger::No,
        danger_action: String::new(),
        old_reference: None,
        heard_on: None,
        under_way: false,
        members: Vec::new(),
        known: Vec::new(),
    };
    let case = desk.open_case(&manager, new).await?.case.id.clone();
    desk.examine_files_with(desk::Examiner::of(env!("CARGO_BIN_EXE_candour").into()));
    let mut noise = vec![0_u8; 3 << 20];
    let mut state = 9_u64;
    for byte in &mut noise {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *byte = u8::try_from(state >> 56)?;
    }
    let harmful = packed(&[
        TYPES,
        ("word/media/a.bin", &noise),
        ("word/vbaProject.bin", b"x"),
    ])?;
    let hides = packed(&[
        TYPES,
        ("word/document.xml", b"<w:document><w:ins/></w:document>"),
    ])?;
    let files = || {
        let all = all_files(&data)?;
        Ok::<_, Wrong>(
            all.into_iter()
                .filter(|(path, _)| path.to_string_lossy().contains("files"))
                .count(),
        )
    };
    let before = files()?;
    let add = async |bytes: &[u8]| {
        let mut arriving = desk.begin_file(&manager, &case, "minutes.docx").await?;
        for piece in bytes.chunks(100_000) {
            arriving.write(piece).await?;
        }
        let arrived = arriving.finish().await?;
        let said = cases::documents::Document {
            title: "Minutes".into(),
            ..Default::default()
        };
        desk.add_document(&manager, &case, said, arrived).await
    };
    match add(&harmful).await {
        Err(desk::DeskError::Field { field, message }) => {
            assert_eq!(field, "file");
            assert!(message.contains("macros"), "{message}");
        }
        other => return Err(format!("{other:?}").into()),
    }
    desk.sweep_files(Duration::ZERO).await?;
    assert_eq!(files()?, before, "something of the refused file stays");
    let added = add(&hides).await?;
    let filed = added.case.documents.list.last().ok_or("no document")?;
    assert_eq!(
        cases::documents::inside::words(&filed.document.inside),
        "a tracked change"
    );
    assert_eq!(added.case.documents.list.len(), 1);
    assert!(files()? > before);
    Ok(())
}
