//! Builds again when a migration is added; the compiler alone does not see new files in that folder.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
