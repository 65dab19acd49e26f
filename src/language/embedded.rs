//! The folders that are compiled into the program: the only place that knows of the embedding. Its traps (new files,
//! deflated files, stray files) are tested here.
use std::borrow::Cow;
use std::path::Path;

use include_dir::{Dir, include_dir};

/// What `build.rs` makes of the folders of `templates/`.
static TEMPLATES: Dir<'static> = include_dir!("$OUT_DIR/templates");

/// Words that stand in several files, one behind the other; the files name them.
static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words"));

/// Stands in a file for a word: where that begins, in three bytes, and its length. No length: this byte itself.
const MARK: u8 = 1;

/// What several languages share: read in every run, and the one folder whose files are not deflated.
pub(super) const SHARED: &str = "shared";

/// The last part of a path. To look for an entry by it is several times quicker than to compare whole paths, as the tree
/// itself does, and is done in every run.
fn name(path: &'static Path) -> &'static str {
    path.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

/// The folder of that path, with `/`.
fn folder(path: &str) -> Option<&'static Dir<'static>> {
    path.split('/').try_fold(&TEMPLATES, |dir, part| {
        dir.dirs().find(|inner| name(inner.path()) == part)
    })
}

/// The bytes of a file of that path, as they lie in the program.
fn bytes(path: &str) -> Option<&'static [u8]> {
    let (above, base) = path.rsplit_once('/')?;
    let mut files = folder(above)?.files();
    let file = files.find(|file| name(file.path()) == base);
    file.map(include_dir::File::contents)
}

/// The names of all folders directly below the root that hold a file of that name, sorted.
pub(super) fn with_file(base: &str) -> Vec<&'static str> {
    let folders = TEMPLATES.dirs();
    let folders = folders.filter(|dir| dir.files().any(|file| name(file.path()) == base));
    let mut names: Vec<_> = folders.map(|dir| name(dir.path())).collect();
    names.sort_unstable();
    names
}

/// The files that are not deflated: path → text.
pub(super) fn shared() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = folder(SHARED).into_iter().flat_map(Dir::files);
    files.filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}

/// A file of a folder, as it is in `templates/`; a manifest, or a part of one, as a prepared table.
pub(super) fn file(folder: &str, path: &str) -> Option<Cow<'static, [u8]>> {
    let bytes = bytes(&format!("{folder}/{path}"))?;
    if folder == SHARED {
        return Some(Cow::Borrowed(bytes));
    }
    // Deflated by our own build script: it inflates.
    let bytes = miniz_oxide::inflate::decompress_to_vec(bytes).ok()?;
    with_words(bytes).map(Cow::Owned)
}

/// A file with the words that `build.rs` took out of it.
fn with_words(bytes: Vec<u8>) -> Option<Vec<u8>> {
    if memchr::memchr(MARK, &bytes).is_none() {
        return Some(bytes);
    }
    let mut whole = Vec::with_capacity(bytes.len() * 2);
    let mut rest = bytes.as_slice();
    while let Some(at) = memchr::memchr(MARK, rest) {
        let (before, named) = rest.split_at(at);
        let ([mark, start @ .., length], after) = named.split_first_chunk::<5>()?;
        let [a, b, c] = start.map(usize::from);
        let start = a << 16 | b << 8 | c;
        whole.extend_from_slice(before);
        whole.extend_from_slice(match *length {
            0 => std::slice::from_ref(mark),
            length => WORDS.get(start..start + usize::from(length))?,
        });
        rest = after;
    }
    whole.extend_from_slice(rest);
    Some(whole)
}

/// The paths of all files of a folder, relative to it, with `/`, sorted.
pub(super) fn paths(path: &str) -> Vec<String> {
    let mut paths = Vec::new();
    if let Some(dir) = folder(path) {
        collect(dir, "", &mut paths);
    }
    paths.sort_unstable();
    paths
}

fn collect(dir: &'static Dir<'static>, above: &str, paths: &mut Vec<String>) {
    let files = dir.files().map(|file| name(file.path()));
    paths.extend(files.map(|base| format!("{above}{base}")));
    for dir in dir.dirs() {
        collect(dir, &format!("{above}{}/", name(dir.path())), paths);
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn shaped(table: toml::Spanned<toml::de::DeTable<'_>>) -> toml::Table {
        toml::Table::deserialize(toml::de::Deserializer::from(table)).unwrap()
    }

    fn parsed(written: &[u8]) -> toml::Table {
        str::from_utf8(written).unwrap().parse().unwrap()
    }

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
                let written = fs_err::read(path).unwrap();
                match crate::prepared::table(str::from_utf8(&embedded).unwrap_or_default()) {
                    Some(table) => assert_eq!(shaped(table), parsed(&written), "{name} differs"),
                    None => assert_eq!(&*embedded, written, "{name} differs"),
                }
                on_disk.push(name);
            }
        }
        let folders = TEMPLATES.dirs().map(|dir| name(dir.path()));
        let embedded = folders.flat_map(|folder| {
            let paths = paths(folder).into_iter();
            paths.map(move |path| format!("{folder}/{path}"))
        });
        let mut embedded: Vec<_> = embedded.collect();
        embedded.sort();
        on_disk.sort();
        assert_eq!(embedded, on_disk, "the build kept a file that is gone");
    }
}
