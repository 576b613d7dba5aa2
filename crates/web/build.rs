//! Stops with one clear sentence when the assets have not been built.

fn main() {
    let dist = std::path::Path::new("../../assets/dist");
    println!("cargo::rerun-if-changed=../../assets/dist");
    for name in ["candour.css", "candour.js", "icon.svg"] {
        if !dist.join(name).exists() {
            println!(
                "cargo::error=the style and script of the pages are missing: run `npm ci` in the top folder first"
            );
            return;
        }
    }
}
