//! Documents added as files: what has to be said of each, and that one taken out of use stays in the record.

use cases::Command as Asked;
use cases::documents::{Command, Document};

use crate::world::*;

fn refused(world: &mut World, command: Asked) -> String {
    world.act(command).unwrap_err().to_string()
}

fn document(id: &str, title: &str) -> Document {
    Document {
        id: id.into(),
        title: title.into(),
        what: "chronology".into(),
        source: "Tilbrook Hospital".into(),
        file_name: "Wren Hollins notes.pdf".into(),
        media_type: "application/pdf".into(),
        size: 4711,
        sha_256: "ab".repeat(32),
        sealed_sha_256: "cd".repeat(32),
        ..Document::default()
    }
}

fn add(document: Document) -> Asked {
    Asked::Documents(Command::AddFile(document))
}

fn withdraw(file: &str, why: &str) -> Asked {
    Asked::Documents(Command::WithdrawFile {
        file: file.into(),
        why: why.into(),
    })
}

#[test]
fn a_document_needs_a_title_and_a_day_that_has_been_and_nothing_more() {
    let mut world = World::opened();
    assert_eq!(world.wrong_fields(add(document("f1", " "))), ["title"]);
    let tomorrow = Document {
        dated: Some(world.today.tomorrow().unwrap()),
        ..document("f1", "Chronology")
    };
    assert_eq!(world.wrong_fields(add(tomorrow)), ["dated"]);
    let empty = Document {
        size: 0,
        ..document("f1", "Chronology")
    };
    assert_eq!(world.wrong_fields(add(empty)), ["file"]);
    world.must(add(Document {
        what: String::new(),
        source: String::new(),
        ..document("f1", "Chronology")
    }));
    let filed = &world.case.documents.list[0];
    assert_eq!(
        (filed.entry, filed.by.name.as_str(), filed.here),
        (world.case.version(), "Orla Penhallow", true)
    );
    assert!(
        refused(&mut world, add(document("f1", "Again"))).contains("already"),
        "a file is added once"
    );
}

#[test]
fn a_withdrawn_document_stays_with_the_reason() {
    let mut world = World::opened();
    world.must(add(document("f1", "Chronology")));
    assert_eq!(world.wrong_fields(withdraw("f1", "")), ["why"]);
    assert!(refused(&mut world, withdraw("f2", "x")).contains("no such"));
    world.must(withdraw("f1", "It is about another ward"));
    assert_eq!(world.case.documents.in_use().count(), 0);
    let filed = world.case.documents.find("f1").unwrap();
    assert_eq!(
        filed.withdrawn.as_ref().unwrap().why,
        "It is about another ward"
    );
    assert!(refused(&mut world, withdraw("f1", "x")).contains("already"));
}

#[test]
fn the_story_tells_of_documents_and_shows_the_name_of_a_file_only_with_names() {
    let mut world = World::opened();
    world.must(add(document("f1", "Chronology of the ward")));
    world.must(withdraw("f1", "It is about another ward"));
    let told = |names| {
        let lines = cases::story::story_with_names(&world.case, &world.rules, names, |_| true);
        format!("{lines:?}")
    };
    let plain = told(false);
    assert!(plain.contains("added the document \u{201c}Chronology of the ward\u{201d}"));
    assert!(plain.contains("withdrew the document \u{201c}Chronology of the ward\u{201d}"));
    assert!(!plain.contains("Wren"));
    assert!(told(true).contains("Wren Hollins notes.pdf"));
}
