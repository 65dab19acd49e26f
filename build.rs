//! Copies `templates/` to where the program embeds it from, with the samples deflated: they are most of the tree and are
//! read only when a project is made. `include_dir!` does not make cargo see new files on stable: any change below
//! `templates/` runs this again.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads cargo's variables and writes to cargo's folder"
)]
use std::error::Error;
use std::fs;
use std::path::Path;

/// The best that deflate can do; a build takes a fraction of a second longer for it.
const LEVEL: u8 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=templates");
    let target = Path::new(&std::env::var("OUT_DIR")?).join("templates");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    copy(Path::new("templates"), &target, false)
}

fn copy(from: &Path, to: &Path, deflated: bool) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().ok_or("a file without a name")?;
        let target = to.join(name);
        if path.is_dir() {
            copy(&path, &target, deflated || name == "sample")?;
        } else if deflated {
            let bytes = miniz_oxide::deflate::compress_to_vec(&fs::read(&path)?, LEVEL);
            fs::write(target, bytes)?;
        } else {
            fs::copy(&path, target)?;
        }
    }
    Ok(())
}
