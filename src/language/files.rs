//! The files of a language folder, wherever it comes from: compiled into the program, or read from a directory. What is
//! read from a directory is bounded and holds plain files only, so that no later code has to ask.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use include_dir::Dir;

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
    Embedded(&'static Dir<'static>),
    Read(Arc<BTreeMap<String, Vec<u8>>>),
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
    /// The embedded folder of that name.
    pub(super) fn embedded(name: &str) -> Option<Self> {
        embedded::folder(name).map(|dir| Self(Kind::Embedded(dir)))
    }

    /// Reads a directory whole.
    pub(super) fn read(root: &Utf8Path) -> Result<Self, Error> {
        let mut reader = Reader::default();
        reader.folder(root, "", 0)?;
        Ok(Self(Kind::Read(Arc::new(reader.files))))
    }

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        match &self.0 {
            Kind::Embedded(dir) => embedded::file(dir, path),
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
            Kind::Embedded(dir) => {
                let mut paths = embedded::paths(dir);
                paths.sort_unstable();
                paths
            }
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
        if depth > MAX_DEPTH {
            return Err(refused(
                inside,
                format!("more than {MAX_DEPTH} folders deep"),
            ));
        }
        for entry in fs_err::read_dir(root.join(inside))? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let shown = format!("{inside}/{}", name.to_string_lossy());
                return Err(refused(&shown, "its name is not UTF-8"));
            };
            let path = Utf8PathBuf::from(inside).join(name).into_string();
            let path = path.replace('\\', "/");
            // Version control's own, in a folder that is a repository; no template names it.
            if depth == 0 && name == ".git" {
                continue;
            }
            self.name(&path, name)?;
            let kind = entry.file_type()?;
            if kind.is_symlink() {
                return Err(refused(
                    &path,
                    "a symbolic link; a template holds plain files",
                ));
            } else if kind.is_dir() {
                self.folder(root, &path, depth + 1)?;
            } else if kind.is_file() {
                self.file(root, path, entry.metadata()?.len())?;
            } else {
                return Err(refused(&path, "neither a file nor a folder"));
            }
        }
        Ok(())
    }

    fn name(&mut self, path: &str, name: &str) -> Result<(), Error> {
        if name.eq_ignore_ascii_case(".git") {
            return Err(refused(path, "a name that belongs to version control"));
        }
        if name.chars().any(char::is_control) || name.contains('\\') {
            return Err(refused(
                path,
                "a name with a control character or a backslash",
            ));
        }
        let other = self.folded.insert(path.to_lowercase(), path.to_owned());
        other.map_or(Ok(()), |other| {
            let reason =
                format!("differs from {other} in case only: on some disks they are one file");
            Err(refused(path, reason))
        })
    }

    fn file(&mut self, root: &Utf8Path, path: String, size: u64) -> Result<(), Error> {
        self.bytes += size;
        if self.bytes > MAX_BYTES {
            let reason = format!("with it the folder has more than {} MiB", MAX_BYTES >> 20);
            return Err(refused(&path, reason));
        }
        if self.files.len() == MAX_FILES {
            let reason = format!("with it the folder has more than {MAX_FILES} files");
            return Err(refused(&path, reason));
        }
        let bytes = fs_err::read(root.join(&path))?;
        self.files.insert(path, bytes);
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
