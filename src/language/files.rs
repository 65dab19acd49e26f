//! The files of a language folder, wherever it comes from: compiled into the program, or read from a directory. What is
//! read from a directory is bounded and holds plain files only, so that no later code has to ask.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8Path;

use super::embedded;

/// As many files as a folder may have.
const MAX_FILES: usize = 4096;
/// As many bytes as they may have together.
const MAX_BYTES: u64 = 32 << 20;
/// As deep as it may go.
const MAX_DEPTH: usize = 24;

/// Files by path, relative to the folder, with `/`.
#[derive(Clone, Debug)]
pub struct Files(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// The folder's path in the program.
    Embedded(String),
    Read(Arc<BTreeMap<String, Vec<u8>>>),
}

/// A file that is not read yet.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Within the folder.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// How many bytes it has.
    pub size: u64,
    /// What its reader knows it by.
    pub id: String,
}

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// A device, a repository in the repository.
    Other,
}

/// Why a directory is no language folder.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Something in it that is not taken, and why.
    #[error("{path}: {reason}")]
    Refused {
        /// Within the folder.
        path: String,
        /// Why.
        reason: String,
    },
}

impl Files {
    /// The embedded folder of that name; without files where there is none.
    pub(super) fn embedded(name: &str) -> Self {
        Self(Kind::Embedded(name.to_owned()))
    }

    /// Reads a directory whole.
    pub(super) fn read(root: &Utf8Path) -> Result<Self, Error> {
        let mut reader = Reader::default();
        reader.folder(root, "", 0)?;
        Ok(Self(Kind::Read(Arc::new(reader.files))))
    }

    /// Takes files that are listed first, with their sizes, and then read all at once by their ids.
    pub fn listed<E: From<Error>>(
        entries: &[Entry],
        read: impl Fn(&[&str]) -> Result<Vec<Vec<u8>>, E>,
    ) -> Result<Self, E> {
        let mut reader = Reader::default();
        for entry in entries {
            reader.admit(entry)?;
            reader.files.insert(entry.path.clone(), Vec::new());
        }
        let ids: Vec<_> = entries.iter().map(|entry| entry.id.as_str()).collect();
        let paths = entries.iter().map(|entry| entry.path.clone());
        let files = paths.zip(read(&ids)?).collect();
        Ok(Self(Kind::Read(Arc::new(files))))
    }

    /// Whether one file could be in a folder: plain, and not too large.
    pub fn admit(entry: &Entry) -> Result<(), Error> {
        Reader::default().admit(entry)
    }

    /// Whether they lie in the program.
    pub(super) fn are_embedded(&self) -> bool {
        matches!(self.0, Kind::Embedded(_))
    }

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        match &self.0 {
            Kind::Embedded(folder) => embedded::file(folder, path),
            Kind::Read(files) => files.get(path).map(|bytes| Cow::Borrowed(bytes.as_slice())),
        }
    }

    /// The text of a file; `None` as well when it is not UTF-8.
    pub fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        match self.get(path)? {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        }
    }

    /// All paths, sorted.
    pub fn paths(&self) -> Vec<String> {
        match &self.0 {
            Kind::Embedded(folder) => embedded::paths(folder),
            Kind::Read(files) => files.keys().cloned().collect(),
        }
    }
}

#[derive(Default)]
struct Reader {
    files: BTreeMap<String, Vec<u8>>,
    /// Paths as a file system that ignores case sees them.
    folded: BTreeMap<String, String>,
    bytes: u64,
}

impl Reader {
    fn folder(&mut self, root: &Utf8Path, inside: &str, depth: usize) -> Result<(), Error> {
        for entry in fs_err::read_dir(root.join(inside))? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let shown = format!("{inside}/{}", name.to_string_lossy());
                return Err(refused(&shown, "its name is not UTF-8"));
            };
            let path = match inside {
                "" => name.to_owned(),
                _ => format!("{inside}/{name}"),
            };
            // Version control's own, in a folder that is a repository; no template names it.
            if depth == 0 && name == ".git" {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.name(&path)?;
                self.folder(root, &path, depth + 1)?;
                continue;
            }
            let entry = Entry {
                size: entry.metadata()?.len(),
                kind: match (kind.is_symlink(), kind.is_file()) {
                    (true, _) => EntryKind::Link,
                    (_, true) => EntryKind::File,
                    _ => EntryKind::Other,
                },
                path,
                id: String::new(),
            };
            self.admit(&entry)?;
            let bytes = fs_err::read(root.join(&entry.path))?;
            self.files.insert(entry.path, bytes);
        }
        Ok(())
    }

    /// Whether a file may be in a folder, and still fits in.
    fn admit(&mut self, entry: &Entry) -> Result<(), Error> {
        let path = entry.path.as_str();
        self.name(path)?;
        match entry.kind {
            EntryKind::Link => {
                return Err(refused(
                    path,
                    "a symbolic link; a template holds plain files",
                ));
            }
            EntryKind::Other => return Err(refused(path, "neither a file nor a folder")),
            EntryKind::File => {}
        }
        self.bytes = self.bytes.saturating_add(entry.size);
        if self.bytes > MAX_BYTES {
            let reason = format!("with it the folder has more than {} MiB", MAX_BYTES >> 20);
            return Err(refused(path, reason));
        }
        if self.files.len() == MAX_FILES {
            let reason = format!("with it the folder has more than {MAX_FILES} files");
            return Err(refused(path, reason));
        }
        Ok(())
    }

    fn name(&mut self, path: &str) -> Result<(), Error> {
        for part in path.split('/') {
            if part.eq_ignore_ascii_case(".git") {
                return Err(refused(path, "a name that belongs to version control"));
            }
            if matches!(part, "" | "." | "..") {
                return Err(refused(path, "a path that leaves the folder"));
            }
            if part.chars().any(char::is_control) || part.contains('\\') {
                let reason = "a name with a control character or a backslash";
                return Err(refused(path, reason));
            }
        }
        if path.split('/').count() > MAX_DEPTH {
            return Err(refused(path, format!("more than {MAX_DEPTH} folders deep")));
        }
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        for part in folders.chain([path]) {
            let other = self.folded.insert(part.to_lowercase(), part.to_owned());
            if let Some(other) = other.filter(|other| other != part) {
                let reason =
                    format!("differs from {other} in case only: on some disks they are one");
                return Err(refused(part, reason));
            }
        }
        Ok(())
    }
}

fn refused(path: &str, reason: impl Into<String>) -> Error {
    Error::Refused {
        path: path.escape_debug().to_string(),
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(paths: &[&str]) -> Result<Files, Error> {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        for path in paths {
            fs_err::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs_err::File::create(root.join(path)).unwrap();
        }
        Files::read(root)
    }

    #[test]
    fn a_directory_holds_plain_files_with_plain_names() {
        let files = read(&["language.toml", "sample/a/b", ".git/config"]).unwrap();
        assert_eq!(files.paths(), ["language.toml", "sample/a/b"]);
        let deep = "d/".repeat(MAX_DEPTH + 1) + "f";
        for (paths, reason) in [
            (&["sample/.git/config"][..], "belongs to version control"),
            (&["sample/.GIT/config"], "belongs to version control"),
            (&["sample/a\tb"], "control character"),
            (&["sample/a\\b"], "backslash"),
            (&[deep.as_str()], "folders deep"),
        ] {
            let error = read(paths).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn names_that_differ_in_case_only_are_refused() {
        let error = read(&["sample/Main.go", "sample/main.go"]).unwrap_err();
        assert!(error.to_string().contains("in case only"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn a_symbolic_link_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", root.join("Dockerfile.tera")).unwrap();
        let error = Files::read(root).unwrap_err();
        assert!(error.to_string().contains("symbolic link"), "{error}");
    }
}
