//! Documents as files: added by whoever runs the case, opened by those who act in it, not there for anyone else, and checked against the record.

use cases::Command;
use cases::documents::{self, Apart, Document};
use cases::members::{Event as Members, Part};
use desk::{Actor, DeskError, FileOut};

use crate::world::*;

pub const PDF: &[u8] = b"%PDF-1.7\nWren was seen at home.\n%%EOF";

fn said(title: &str) -> Document {
    Document {
        title: title.into(),
        what: "chronology of the hospital".into(),
        dated: Some("2026-05-20".parse().unwrap()),
        source: "Tilbrook Hospital".into(),
        ..Document::default()
    }
}

pub async fn add(
    world: &World,
    who: &Actor,
    case: &str,
    name: &str,
    bytes: &[u8],
) -> Result<String, DeskError> {
    world
        .desk
        .check_document(who, case, &said("Chronology"))
        .await?;
    let mut arriving = world.desk.begin_file(who, case, name).await?;
    for part in bytes.chunks(1000) {
        arriving.write(part).await?;
    }
    let arrived = arriving.finish().await?;
    let acted = world
        .desk
        .add_document(who, case, said("Chronology"), arrived)
        .await?;
    let filed = acted.case.documents.list.last().unwrap();
    Ok(filed.document.id.clone())
}

async fn whole(mut out: FileOut) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(piece) = out.reader.next().await.unwrap() {
        all.extend_from_slice(&piece);
    }
    all
}

fn field(result: Result<String, DeskError>) -> String {
    match result {
        Err(DeskError::Field { field, .. }) => field,
        Err(DeskError::Refused(cases::Refusal::ToCorrect(wrong))) => wrong[0].field.clone(),
        other => format!("no field: {other:?}"),
    }
}

#[tokio::test]
async fn a_document_goes_in_and_comes_out_and_both_are_in_the_record() {
    let world = World::new().await;
    let case = world.case().await;
    let orla = world.who("Orla");
    let id = add(&world, &orla, &case.id, "../../Wren Hollins.pdf", PDF)
        .await
        .unwrap();
    let view = world
        .desk
        .view(&orla, &case.id, access::Act::ReadCase, "documents")
        .await
        .unwrap();
    let filed = view.case.documents.find(&id).unwrap();
    assert_eq!(filed.document.file_name, "Wren Hollins.pdf");
    assert_eq!(filed.document.media_type, "application/pdf");
    assert_eq!(filed.document.size, PDF.len() as u64);
    assert_eq!(filed.by.name, "Orla Penhallow");

    let ivo = world.who("Ivo");
    let out = world.desk.open_file(&ivo, &case.id, &id).await.unwrap();
    assert_eq!(out.media_type, "application/pdf");
    assert_eq!(
        out.name,
        format!("{}-document-{}.pdf", case.reference(), filed.entry)
    );
    assert_eq!(whole(out).await, PDF);
    let readers = world.desk.readers(&orla, &case.id).await.unwrap();
    assert!(
        readers.iter().any(|r| r.name == "Ivo Larkfield"
            && r.part == format!("document {} as it came", filed.entry))
    );

    // What is exported names it with its hash.
    let file = world.desk.export(&orla, &case.id).await.unwrap();
    assert_eq!(file.documents[0].sha_256, filed.document.sha_256);
    assert_eq!(file.documents[0].sha_256.len(), 64);
    // Brought in elsewhere, it is known and not here.
    let brought = world.desk.import(&orla, file).await.unwrap().case;
    assert!(!brought.documents.find(&id).unwrap().here);
    assert!(matches!(
        world.desk.open_file(&orla, &brought.id, &id).await,
        Err(DeskError::Refused(_))
    ));
    let checked = world.desk.verify_files().await.unwrap();
    assert_eq!((checked.verified.whole, checked.differing.len()), (1, 0));
}

#[tokio::test]
async fn a_document_is_not_there_for_strangers_and_closed_to_those_who_only_read() {
    let world = World::new().await;
    let case = world.case().await;
    let orla = world.who("Orla");
    let id = add(&world, &orla, &case.id, "a.pdf", PDF).await.unwrap();
    for stranger in ["Nia", "Maud", "Tam", "Sol"] {
        let who = world.who(stranger);
        assert!(
            not_there(world.desk.open_file(&who, &case.id, &id).await),
            "{stranger}"
        );
        assert!(
            not_there(world.desk.begin_file(&who, &case.id, "a").await),
            "{stranger}"
        );
        assert!(not_there(
            world.desk.check_document(&who, &case.id, &said("x")).await
        ));
    }
    let reads = Command::Members(Members::MemberAdded {
        person: world.id("Tam"),
        name: "Tam Birch".into(),
        part: Part::Reads,
        why: "reads it".into(),
        agency: None,
        until: None,
    });
    world
        .desk
        .act(&orla, &case.id, None, true, vec![reads])
        .await
        .unwrap();
    let tam = world.who("Tam");
    // Whoever may not see names does not get them by way of a document.
    assert!(matches!(
        world.desk.open_file(&tam, &case.id, &id).await,
        Err(DeskError::Denied(_))
    ));
    assert!(matches!(
        world.desk.begin_file(&tam, &case.id, "a").await,
        Err(DeskError::Denied(_))
    ));
    // A file of one case is none of another.
    let other = world.open("Orla", Vec::new(), Vec::new()).await;
    assert!(not_there(world.desk.open_file(&orla, &other.id, &id).await));
    for trick in [
        "",
        "..",
        "../../master.key",
        "ffffffffffffffffffffffffffffffff",
    ] {
        assert!(not_there(
            world.desk.open_file(&orla, &case.id, trick).await
        ));
    }
}

#[tokio::test]
async fn what_is_withdrawn_is_opened_only_by_whoever_runs_the_case() {
    let world = World::new().await;
    let case = world.case().await;
    let (orla, ivo) = (world.who("Orla"), world.who("Ivo"));
    let id = add(&world, &orla, &case.id, "a.pdf", PDF).await.unwrap();
    let withdraw = Command::Documents(documents::Command::WithdrawFile {
        file: id.clone(),
        why: "It is about another ward".into(),
    });
    world
        .desk
        .act(&orla, &case.id, None, true, vec![withdraw])
        .await
        .unwrap();
    assert!(world.desk.open_file(&ivo, &case.id, &id).await.is_err());
    assert_eq!(
        whole(world.desk.open_file(&orla, &case.id, &id).await.unwrap()).await,
        PDF
    );
}

#[tokio::test]
async fn what_a_case_does_not_take_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let case = world.case().await;
    let orla = world.who("Orla");
    assert_eq!(
        field(add(&world, &orla, &case.id, "a.pdf", b"").await),
        "file"
    );
    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    assert_eq!(
        field(add(&world, &orla, &case.id, "a.pdf", page).await),
        "file"
    );
    assert_eq!(
        field(add(&world, &orla, &case.id, "a.exe", b"MZ\x90\0\x03").await),
        "file"
    );
    let mut small = world.desk.settings().as_ref().clone();
    small.largest_file = 1;
    world
        .desk
        .write_settings(&orla, &small.to_toml())
        .await
        .unwrap();
    let mut large = PDF.to_vec();
    large.resize(1024 * 1024 + 1, b'.');
    assert_eq!(
        field(add(&world, &orla, &case.id, "a.pdf", &large).await),
        "file"
    );
    large.pop();
    add(&world, &orla, &case.id, "a.pdf", &large).await.unwrap();
    let files = world.dir.path().join("data/files");
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 1);
    let view = world
        .desk
        .view(&orla, &case.id, access::Act::ReadCase, "documents")
        .await
        .unwrap();
    assert_eq!(view.case.documents.list.len(), 1);
}

#[tokio::test]
async fn a_file_altered_on_the_disk_is_named_and_never_handed_out_whole() {
    let world = World::new().await;
    let case = world.case().await;
    let orla = world.who("Orla");
    let id = add(&world, &orla, &case.id, "a.pdf", PDF).await.unwrap();
    let path = world.dir.path().join("data/files").join(&id);
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let checked = world.desk.verify_files().await.unwrap();
    assert_eq!(checked.verified.damaged[0].id, id);
    let mut out = world.desk.open_file(&orla, &case.id, &id).await.unwrap();
    assert!(out.reader.next().await.is_err());
}

#[tokio::test]
async fn what_is_kept_apart_shows_as_withheld_and_its_words_and_bytes_reach_only_those_who_read_it()
{
    let world = World::new().await;
    let case = world.case().await;
    let (orla, ivo) = (world.who("Orla"), world.who("Ivo"));
    let mut ids = Vec::new();
    for apart in [Apart::Addresses, Apart::LegalAdvice] {
        let mut arriving = world
            .desk
            .begin_file(&orla, &case.id, "a.pdf")
            .await
            .unwrap();
        arriving.write(PDF).await.unwrap();
        let document = Document {
            title: format!("Larch Row, {}", apart.id()),
            what: "Larch Row".into(),
            source: "Larch Row".into(),
            apart: Some(apart),
            ..Document::default()
        };
        let arrived = arriving.finish().await.unwrap();
        let acted = world
            .desk
            .add_document(&orla, &case.id, document, arrived)
            .await
            .unwrap();
        ids.push(
            acted
                .case
                .documents
                .list
                .last()
                .unwrap()
                .document
                .id
                .clone(),
        );
    }
    let withdraw = Command::Documents(documents::Command::WithdrawFile {
        file: ids[0].clone(),
        why: "they left Larch Row".into(),
    });
    world
        .desk
        .act(&orla, &case.id, None, true, vec![withdraw])
        .await
        .unwrap();
    // A delegate reads legal advice, and of addresses only that they are there.
    let story = world.desk.story(&ivo, &case.id).await.unwrap();
    let view = &story.view;
    let titles: Vec<&str> = (view.case.documents.list.iter())
        .map(|f| f.document.title.as_str())
        .collect();
    assert_eq!(titles, ["Kept apart: addresses", "Larch Row, legal-advice"]);
    let kept = format!("{:?}", view.case.documents.list[0]);
    assert!(!kept.contains("Larch"), "{kept}");
    let about_addresses = format!("{:?}", story.lines);
    assert!(!about_addresses.contains("addresses"), "{about_addresses}");
    assert!(about_addresses.contains("Larch Row, legal-advice"));
    assert!(matches!(
        world.desk.open_file(&ivo, &case.id, &ids[0]).await,
        Err(DeskError::Denied(_))
    ));
    let out = world.desk.open_file(&ivo, &case.id, &ids[1]).await.unwrap();
    assert_eq!(whole(out).await, PDF);
    // Whoever runs the case reads both; what is printed of the story holds neither.
    let all = world.desk.story(&orla, &case.id).await.unwrap();
    assert!(format!("{:?}", all.lines).contains("Larch Row, addresses"));
    let paper = desk::Paper::DecisionRecord;
    let made = world
        .desk
        .paper(&orla, &case.id, &paper, desk::Format::Docx)
        .await;
    let (bytes, _) = made.unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut part = archive.by_name("word/document.xml").unwrap();
    let words = std::io::read_to_string(&mut part).unwrap();
    assert!(words.contains("something that is kept apart from the case"));
    assert!(!words.contains("Larch Row"), "{words}");
}
