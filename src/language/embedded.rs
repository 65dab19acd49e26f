//! The folders that are compiled into the program: the only place that knows of the embedding. Its traps (new files,
//! deflated files, stray files) are tested here.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};

/// What `build.rs` makes of the folders of `templates/`.
static TEMPLATES: Dir<'static> = include_dir!("$OUT_DIR/templates");

/// What several languages share: read in every run, and the one folder whose files are not deflated.
pub(super) const SHARED: &str = "shared";

/// All files by their path, with `/`, as they lie in the program. The tree itself compares a path with each of its own,
/// part by part, whenever a file is looked up.
fn files() -> &'static BTreeMap<String, &'static [u8]> {
    static FILES: OnceLock<BTreeMap<String, &'static [u8]>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = BTreeMap::new();
        collect(&TEMPLATES, &mut files);
        files
    })
}

fn collect(dir: &'static Dir<'static>, files: &mut BTreeMap<String, &'static [u8]>) {
    for file in dir.files() {
        if let Some(path) = file.path().to_str() {
            files.insert(path.replace('\\', "/"), file.contents());
        }
    }
    for dir in dir.dirs() {
        collect(dir, files);
    }
}

/// The names of all folders directly below the root that hold a file of that name, sorted.
pub(super) fn with_file(name: &str) -> Vec<&'static str> {
    let folders = files().keys().filter_map(|path| {
        let (folder, file) = path.split_once('/')?;
        (file == name).then_some(folder)
    });
    let mut folders: Vec<_> = folders.collect();
    folders.sort_unstable();
    folders
}

/// The files that are not deflated: path → text.
pub(super) fn shared() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = files().iter();
    let shared = files.filter(|(path, _)| path.starts_with(SHARED));
    shared.filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
}

/// A file of a folder, as it is in `templates/`.
pub(super) fn file(folder: &str, name: &str) -> Option<Cow<'static, [u8]>> {
    let bytes = files().get(&format!("{folder}/{name}"))?;
    if folder == SHARED {
        return Some(Cow::Borrowed(bytes));
    }
    // Deflated by our own build script: it inflates.
    let bytes = miniz_oxide::inflate::decompress_to_vec(bytes).ok()?;
    Some(Cow::Owned(bytes))
}

/// The paths of all files of a folder, relative to it, with `/`, sorted.
pub(super) fn paths(folder: &str) -> Vec<String> {
    let root = format!("{folder}/");
    let below = files().range(root.clone()..).map(|(path, _)| path);
    let paths = below.map_while(|path| path.strip_prefix(root.as_str()));
    paths.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// What the source names file by file is not in the tree.
    const NAMED: [&str; 2] = ["files", "rules"];

    /// Cargo leaves a folder with a `Cargo.toml` out of a package, and editors leave files behind: neither may happen.
    #[test]
    fn the_embedded_tree_is_the_one_on_disk() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut on_disk = Vec::new();
        let mut pending = vec![root.clone()];
        while let Some(dir) = pending.pop() {
            for entry in fs_err::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
                let name = name.replace('\\', "/");
                if path.is_dir() && !NAMED.contains(&name.as_str()) {
                    pending.push(path);
                    continue;
                }
                if !name.contains('/') {
                    continue;
                }
                let base = path.file_name().unwrap().to_string_lossy().into_owned();
                let stray =
                    base.ends_with(['~', '#']) || [".DS_Store", ".swp"].contains(&base.as_str());
                assert!(
                    !stray && base != "Cargo.toml" && base != ".git",
                    "stray: {name}"
                );
                let (folder, inside) = name.split_once('/').unwrap();
                let embedded = file(folder, inside);
                let embedded = embedded.unwrap_or_else(|| panic!("not embedded: {name}"));
                assert_eq!(&*embedded, fs_err::read(path).unwrap(), "{name} differs");
                on_disk.push(name);
            }
        }
        let embedded: Vec<_> = files().keys().cloned().collect();
        on_disk.sort();
        assert_eq!(embedded, on_disk, "the build kept a file that is gone");
    }
}
