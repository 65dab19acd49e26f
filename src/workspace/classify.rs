//! [`FileSet`] against disk and lock: what each file is, and what would be done with it.
use camino::Utf8Path;

use super::lock::Lock;
use super::merge::merge;
use super::tree::{self, Error};
use crate::render::{Entry, FileSet, Keep};

/// What a file on disk is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not there.
    New,
    /// There, and just as we would write it.
    Same,
    /// As we wrote it last time; we would write it otherwise now.
    Ours,
    /// The user changed it since we wrote it, and we have nothing new to write.
    Kept,
    /// The user changed it since we wrote it, and we would write it otherwise now.
    Edited,
    /// Not written by us.
    Foreign,
}

impl State {
    /// Its name, for `--json` and for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Ours => "outdated",
            Self::Kept => "kept",
            Self::Edited => "edited",
            Self::Foreign => "foreign",
        }
    }

    /// Whether writing would lose what the user made.
    pub fn is_conflict(self) -> bool {
        matches!(self, Self::Edited | Self::Foreign)
    }
}

/// What to do with a file that the user made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// Stop before anything is written.
    Fail,
    /// Leave it.
    Skip,
    /// Write ours over it.
    Overwrite,
    /// Merge both; conflicts are marked.
    Merge,
    /// Write ours beside it, with `.new` behind its name.
    New,
}

/// What is done with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    None,
    /// Write these bytes to the path.
    Write(Vec<u8>),
    /// Write the merged text, with that many conflicts left.
    Merge(Vec<u8>, usize),
    /// Write these bytes to `PATH.new`.
    Beside(Vec<u8>),
    /// Take it away: nothing makes it any more.
    Remove,
    /// Leave what the user made.
    Skip,
    /// It stops the run.
    Refuse,
}

/// One file: what it is, what is there, what would be written, what is done.
#[derive(Clone, Debug)]
pub struct Change {
    /// Path below the target, with `/`.
    pub path: String,
    /// What is there.
    pub state: State,
    /// The bytes on disk.
    pub before: Option<Vec<u8>>,
    /// What we would write.
    pub entry: Entry,
    /// What is done.
    pub action: Action,
}

/// Compares every file.
pub fn classify(root: &Utf8Path, files: &FileSet, lock: &Lock) -> Result<Vec<Change>, Error> {
    files
        .iter()
        .map(|(path, entry)| {
            let before = tree::read(root, path)?;
            let state = state(path, before.as_deref(), entry, lock);
            Ok(Change {
                path: path.to_owned(),
                state,
                before,
                entry: entry.clone(),
                action: Action::None,
            })
        })
        .collect()
}

/// Files of the lock that nothing makes any more: removed when they are as we wrote them. With them, the paths of
/// those that the user changed; they are the user's from now on.
pub fn leftovers(
    root: &Utf8Path,
    files: &FileSet,
    lock: &Lock,
) -> Result<(Vec<Change>, Vec<String>), Error> {
    let (mut removed, mut kept) = (Vec::new(), Vec::new());
    for (path, pristine) in lock
        .files
        .iter()
        .filter(|(path, _)| files.get(path).is_none())
    {
        match tree::read(root, path)? {
            None => {}
            Some(before) if same(&before, pristine.as_bytes()) => removed.push(Change {
                path: path.clone(),
                state: State::Ours,
                before: Some(before),
                entry: Entry::tracked(String::new()),
                action: Action::Remove,
            }),
            Some(_) => kept.push(path.clone()),
        }
    }
    Ok((removed, kept))
}

fn state(path: &str, before: Option<&[u8]>, entry: &Entry, lock: &Lock) -> State {
    let pristine = lock.files.get(path).map(String::as_bytes);
    match (before, pristine) {
        (None, _) => State::New,
        (Some(before), _) if same(before, &entry.bytes) => State::Same,
        (Some(before), Some(pristine)) if same(before, pristine) => State::Ours,
        (Some(_), Some(pristine)) if pristine == entry.bytes => State::Kept,
        (Some(_), Some(_)) => State::Edited,
        (Some(_), None) => State::Foreign,
    }
}

/// A checkout may have turned the line ends of a file; that is no edit.
fn same(disk: &[u8], ours: &[u8]) -> bool {
    disk == ours
        || String::from_utf8_lossy(disk)
            .replace("\r\n", "\n")
            .as_bytes()
            == ours
}

impl Change {
    /// Decides what is done, given what to do on a conflict.
    pub fn decide(&mut self, on_conflict: OnConflict, lock: &Lock) {
        self.action = match self.state {
            State::Same => Action::None,
            State::Kept if on_conflict != OnConflict::Overwrite => Action::None,
            State::New | State::Ours => Action::Write(self.entry.bytes.clone()),
            State::Kept | State::Edited | State::Foreign => self.resolve(on_conflict, lock),
        };
    }

    fn resolve(&self, on_conflict: OnConflict, lock: &Lock) -> Action {
        let bytes = self.entry.bytes.clone();
        match on_conflict {
            OnConflict::Fail => Action::Refuse,
            OnConflict::Skip => Action::Skip,
            OnConflict::Overwrite => Action::Write(bytes),
            OnConflict::New => Action::Beside(bytes),
            OnConflict::Merge => self.merged(lock),
        }
    }

    fn merged(&self, lock: &Lock) -> Action {
        let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(ToOwned::to_owned);
        let base = lock.files.get(&self.path).cloned().unwrap_or_default();
        let (Some(yours), Some(ours)) = (
            self.before.as_deref().and_then(text),
            text(&self.entry.bytes),
        ) else {
            return Action::Beside(self.entry.bytes.clone());
        };
        let merged = merge(&base, &yours, &ours);
        if merged.text == yours {
            return Action::Skip;
        }
        Action::Merge(merged.text.into_bytes(), merged.conflicts)
    }

    /// What will be on disk at the path afterwards; `None` when the path is left alone.
    pub fn after(&self) -> Option<&[u8]> {
        match &self.action {
            Action::Write(bytes) | Action::Merge(bytes, _) => Some(bytes),
            _ => None,
        }
    }

    /// One word for what is done, for `--json` and for people.
    pub fn verb(&self) -> &'static str {
        match (&self.action, self.state) {
            (Action::None, State::Kept) => "keep",
            (Action::None, _) => "none",
            (Action::Write(_), State::New) => "create",
            (Action::Write(_), State::Ours) => "update",
            (Action::Write(_), _) => "overwrite",
            (Action::Merge(..), _) => "merge",
            (Action::Beside(_), _) => "beside",
            (Action::Remove, _) => "remove",
            (Action::Skip, _) => "skip",
            (Action::Refuse, _) => "refuse",
        }
    }

    /// The pristine text that the lock should hold afterwards; `None` for what is not tracked or was left alone.
    pub fn pristine(&self, lock: &Lock) -> Option<String> {
        if self.entry.keep == Keep::Once {
            return None;
        }
        match self.action {
            Action::Skip | Action::Refuse | Action::Beside(_) => {
                lock.files.get(&self.path).cloned()
            }
            Action::Remove => None,
            Action::None | Action::Write(_) | Action::Merge(..) => {
                String::from_utf8(self.entry.bytes.clone()).ok()
            }
        }
    }
}
