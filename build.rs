//! Copies the folders of `templates/` to where the program embeds them from, deflated but for what is read in every run.
//! `include_dir!` does not make cargo see new files on stable: any change below `templates/` runs this again.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads cargo's variables and writes to cargo's folder"
)]
use std::error::Error;
use std::fs;
use std::path::Path;

/// The best that deflate can do; a build takes a fraction of a second longer for it.
const LEVEL: u8 = 10;

/// What the source names file by file, with `include_str!`: it would be in the program twice.
const NAMED: [&str; 2] = ["files", "rules"];
/// Read in every run, and small.
const PLAIN: &str = "shared";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=templates");
    let target = Path::new(&std::env::var("OUT_DIR")?).join("templates");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    for entry in fs::read_dir("templates")? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.path().is_dir() && !NAMED.iter().any(|named| name == *named) {
            copy(&entry.path(), &target.join(&name), name != PLAIN)?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, deflated: bool) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().ok_or("a file without a name")?);
        if path.is_dir() {
            copy(&path, &target, deflated)?;
        } else if deflated {
            let bytes = miniz_oxide::deflate::compress_to_vec(&fs::read(&path)?, LEVEL);
            fs::write(target, bytes)?;
        } else {
            fs::copy(&path, target)?;
        }
    }
    Ok(())
}
