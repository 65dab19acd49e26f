//! What would be written: paths and bytes, sorted. Everything that compares, shows, writes or proves starts from here.
use std::collections::BTreeMap;

/// Whether a file is kept up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Re-rendered, compared and merged by later runs; its text is kept in the lock.
    Tracked,
    /// Written once, then the user's own.
    Once,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether later runs keep it up to date.
    pub keep: Keep,
}

impl Entry {
    /// A file that later runs keep up to date.
    pub fn tracked(text: String) -> Self {
        Self {
            bytes: text.into_bytes(),
            keep: Keep::Tracked,
        }
    }

    /// A file that is written once.
    pub fn once(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            keep: Keep::Once,
        }
    }
}

/// Files by path; paths are relative to the project, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    entries: BTreeMap<String, Entry>,
}

impl FileSet {
    /// Adds a file, or replaces the one of that path.
    pub fn insert(&mut self, path: impl Into<String>, entry: Entry) {
        self.entries.insert(path.into(), entry);
    }

    /// The file of that path.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries
            .iter()
            .map(|(path, entry)| (path.as_str(), entry))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
