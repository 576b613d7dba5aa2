//! Writes two invented papers as PDF and DOCX into the folder given, for people to look at: `cargo run -p papers --example samples FOLDER`.

use std::path::PathBuf;

#[path = "../tests/papers/sample.rs"]
#[expect(
    dead_code,
    clippy::expect_used,
    clippy::panic,
    reason = "shared with the tests"
)]
mod sample;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(
        std::env::args_os()
            .nth(1)
            .ok_or("name a folder to write to")?,
    );
    for (name, paper) in [
        ("everything", sample::everything()),
        ("letter", sample::letter()),
    ] {
        std::fs::write(folder.join(format!("{name}.pdf")), papers::pdf(&paper)?)?;
        std::fs::write(folder.join(format!("{name}.docx")), papers::docx(&paper)?)?;
    }
    Ok(())
}
