//! Writes the samples to a folder for people to look at; see the crate's README.

use crate::sample::{everything, letter};

#[test]
fn the_samples_can_be_written_for_people_to_look_at() {
    let folder = std::env::var_os("PAPERS_SAMPLES").map_or_else(
        || tempfile::tempdir().expect("a temporary folder").keep(),
        std::path::PathBuf::from,
    );
    for (name, paper) in [("everything", everything()), ("letter", letter())] {
        let started = std::time::Instant::now();
        let pdf = papers::pdf(&paper).expect("a PDF");
        eprintln!("{name}: {:?}", started.elapsed());
        std::fs::write(folder.join(format!("{name}.pdf")), pdf).expect("the PDF is written");
        let docx = papers::docx(&paper).expect("a DOCX");
        std::fs::write(folder.join(format!("{name}.docx")), docx).expect("the DOCX is written");
    }
}
