//! The folders that are compiled into the program: the only place that knows of the embedding. Its traps (new files,
//! deflated files, stray files) are tested here.
use std::borrow::Cow;
use std::path::Path;

use include_dir::{Dir, include_dir};

/// What `build.rs` makes of the folders of `templates/`.
static TEMPLATES: Dir<'static> = include_dir!("$OUT_DIR/templates");

/// What several languages share: read in every run, and the one folder whose files are not deflated.
pub(super) const SHARED: &str = "shared";

/// The folder of that name directly below the root.
pub(super) fn folder(name: &str) -> Option<&'static Dir<'static>> {
    TEMPLATES.get_dir(name)
}

/// All folders below the root that hold a file of that name, sorted.
pub(super) fn with_file(name: &str) -> Vec<&'static str> {
    let mut names: Vec<_> = TEMPLATES
        .dirs()
        .filter(|dir| dir.get_file(dir.path().join(name)).is_some())
        .filter_map(|dir| dir.path().to_str())
        .collect();
    names.sort_unstable();
    names
}

/// The files that are not deflated: path → text.
pub(super) fn shared() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = TEMPLATES
        .get_dir(SHARED)
        .map(Dir::files)
        .into_iter()
        .flatten();
    files.filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}

/// A file of a folder, as it is in `templates/`.
pub(super) fn file(folder: &Dir<'static>, name: &str) -> Option<Cow<'static, [u8]>> {
    let file = folder.get_file(folder.path().join(name))?;
    if file.path().starts_with(SHARED) {
        return Some(Cow::Borrowed(file.contents()));
    }
    // Deflated by our own build script: it inflates.
    let bytes = miniz_oxide::inflate::decompress_to_vec(file.contents()).ok()?;
    Some(Cow::Owned(bytes))
}

/// The paths of all files of a folder, relative to it, with `/`.
pub(super) fn paths(folder: &Dir<'static>) -> Vec<String> {
    let mut paths = Vec::new();
    collect(folder, folder.path(), &mut paths);
    paths
}

fn collect(dir: &Dir<'static>, root: &Path, paths: &mut Vec<String>) {
    let files = dir.files().map(|file| file.path().strip_prefix(root));
    let texts = files.filter_map(|path| path.ok()?.to_str());
    paths.extend(texts.map(|path| path.replace('\\', "/")));
    for dir in dir.dirs() {
        collect(dir, root, paths);
    }
}

#[cfg(test)]
mod tests {
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
                let embedded = file(&TEMPLATES, &name);
                let embedded = embedded.unwrap_or_else(|| panic!("not embedded: {name}"));
                assert_eq!(&*embedded, fs_err::read(path).unwrap(), "{name} differs");
                on_disk.push(name);
            }
        }
        let mut embedded = paths(&TEMPLATES);
        embedded.sort();
        on_disk.sort();
        assert_eq!(embedded, on_disk, "the build kept a file that is gone");
    }
}
