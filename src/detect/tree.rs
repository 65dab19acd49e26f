//! One walk of the repository for all languages: what version control sees, less folders that tools fill. No link is
//! followed, no file but git's index is opened. The result does not depend on the order in which the disk gives its entries.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::{DirEntry, WalkBuilder, WalkState};
use serde::Deserialize;

use super::tracked::tracked;
use crate::prepared;

/// How deep the walk goes.
const DEEPEST: usize = 32;
/// How many files it takes; beyond that, it stops.
const MOST: usize = 400_000;

/// The largest `.gitignore` that is read, in bytes: it is held whole.
const LARGEST_IGNORE: u64 = 4 << 20;

/// A file of the repository. Ordered by depth, then by path: what lies at the top counts first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// How many folders it lies in.
    pub depth: usize,
    /// Its path from the root, with `/`.
    pub path: String,
}

impl File {
    /// A file of that path.
    pub fn new(path: String) -> Self {
        let depth = path.bytes().filter(|byte| *byte == b'/').count();
        Self { depth, path }
    }
}

/// What the walk saw.
#[derive(Debug, Default)]
pub struct Tree {
    /// The repository.
    pub root: Utf8PathBuf,
    /// Its files in order.
    pub files: Vec<File>,
    /// Folders that were not entered, sorted.
    pub skipped: Vec<String>,
    /// What could not be seen, and why.
    pub notes: Vec<String>,
}

impl Tree {
    /// Numbers of files by what stands behind the last dot of their path.
    pub(super) fn endings(&self) -> BTreeMap<String, Vec<usize>> {
        let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (id, file) in self.files.iter().enumerate() {
            let dot = file.path.bytes().rposition(|byte| byte == b'.');
            let Some(ending) = dot.and_then(|dot| file.path.get(dot + 1..)) else {
                continue;
            };
            match all.get_mut(ending) {
                Some(ids) => ids.push(id),
                None => {
                    all.insert(ending.to_owned(), vec![id]);
                }
            }
        }
        all
    }

    /// All folders that hold a file, at any depth.
    pub(super) fn folders(&self) -> BTreeSet<String> {
        let mut folders: BTreeSet<String> = BTreeSet::new();
        let mut last = "";
        for file in &self.files {
            let Some((folder, _)) = file.path.rsplit_once('/') else {
                continue;
            };
            if folder == last {
                continue;
            }
            last = folder;
            for (at, _) in folder.match_indices('/') {
                if !folders.contains(&folder[..at]) {
                    folders.insert(folder[..at].to_owned());
                }
            }
            folders.insert(folder.to_owned());
        }
        folders
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    skip: Vec<String>,
    apart: Vec<String>,
}

/// The names of folders that are not entered.
fn skip() -> Vec<String> {
    rules().skip
}

/// The names of folders that hold no services.
pub(super) fn apart() -> Vec<String> {
    rules().apart
}

fn rules() -> Rules {
    prepared::read(prepared::WALK)
}

/// Walks `root`.
pub fn walk(root: &Utf8Path) -> Tree {
    let seen = parallel(root);
    let seen = if seen.files.len() > MOST {
        first(root)
    } else {
        seen
    };
    let mut tree = Tree {
        root: root.to_owned(),
        files: seen.files,
        skipped: seen.skipped,
        notes: seen.notes,
    };
    // Of shares that are in order.
    tree.files.sort();
    let hidden = hidden(&tree);
    if !hidden.is_empty() {
        tree.files.extend(hidden);
        tree.files.sort_unstable();
    }
    tree.skipped.sort_unstable();
    tree.notes.sort_unstable();
    tree
}

/// Files that an ignore pattern names and git has all the same.
fn hidden(tree: &Tree) -> Vec<File> {
    let skip = skip();
    let room = MOST.saturating_sub(tree.files.len());
    let files = tracked(&tree.root).into_iter().map(File::new);
    let unseen = files.filter(|file| tree.files.binary_search(file).is_err());
    let entered = unseen.filter(|file| {
        let plain =
            |part: &str| !["", ".", ".."].contains(&part) && !skip.iter().any(|s| s == part);
        file.depth < DEEPEST && file.path.split('/').all(plain)
    });
    entered
        .filter(|file| is_file(&tree.root, &file.path))
        .take(room)
        .collect()
}

/// Whether the path is a file and no part of it a link.
fn is_file(root: &Utf8Path, path: &str) -> bool {
    let full = root.join(path);
    let is_link = |path: &Utf8Path| path.is_symlink();
    let above = full.ancestors().take_while(|above| *above != root);
    full.is_file() && !above.into_iter().any(is_link)
}

#[derive(Default)]
struct Seen {
    files: Vec<File>,
    skipped: Vec<String>,
    notes: Vec<String>,
}

impl Seen {
    fn join(&mut self, other: &mut Self) {
        self.files.append(&mut other.files);
        self.skipped.append(&mut other.skipped);
        self.notes.append(&mut other.notes);
    }

    /// Takes an entry; whether its folder is entered.
    fn entry(
        &mut self,
        root: &Utf8Path,
        skip: &[String],
        entry: Result<DirEntry, ignore::Error>,
    ) -> bool {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                self.notes.push(reason(root.as_std_path(), &error));
                return true;
            }
        };
        let Some(kind) = entry.file_type() else {
            return true;
        };
        let Some(path) = entry.path().to_str() else {
            let shown = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let shown = shown.to_string_lossy();
            self.notes.push(format!("{shown}: its name is not UTF-8"));
            return false;
        };
        // The walk puts names behind the root as it stands: to compare letters is a tenth of comparing parts.
        let path = path.strip_prefix(root.as_str()).unwrap_or(path);
        let path = path.trim_start_matches(std::path::is_separator);
        let path = if path.contains('\\') {
            path.replace('\\', "/")
        } else {
            path.to_owned()
        };
        if kind.is_file() {
            self.files.push(File::new(path));
            return true;
        }
        if kind.is_dir() && skip.iter().any(|name| entry.file_name() == name.as_str()) {
            self.skipped.push(path);
            return false;
        }
        if entry.depth() == DEEPEST && kind.is_dir() {
            self.notes.push(format!("{path}: too deep, not entered"));
        }
        true
    }
}

fn reason(root: &Path, error: &ignore::Error) -> String {
    let text = error.to_string();
    text.replace(&format!("{}/", root.display()), "")
}

/// What git would see of the tree itself: neither the user's own settings nor folders above have a say, so that the
/// result is the same on every machine. Folders named in `skip` are not entered; nor are those, which `barred` then
/// holds, whose `.gitignore` cannot be read in bounds.
fn builder(root: &Utf8Path, skip: Option<Vec<String>>, barred: &Barred) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    let barred = Arc::clone(barred);
    builder
        .hidden(false)
        .parents(false)
        .ignore(false)
        .git_global(false)
        .git_exclude(false)
        .git_ignore(!is_endless(root.as_std_path()))
        .require_git(false)
        .follow_links(false)
        .max_depth(Some(DEEPEST))
        .filter_entry(move |entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            let named = |name: &String| entry.file_name() == name.as_str();
            if is_dir && is_endless(entry.path()) {
                let mut barred = barred.lock().unwrap_or_else(PoisonError::into_inner);
                barred.push(entry.path().to_owned());
                return false;
            }
            !skip.iter().flatten().any(named)
        });
    builder
}

/// Folders that were not entered for their `.gitignore`.
type Barred = Arc<Mutex<Vec<PathBuf>>>;

/// Whether the folder's `.gitignore` is too large, or a device or a pipe, which end as they like.
fn is_endless(folder: &Path) -> bool {
    let metadata = fs_err::metadata(folder.join(".gitignore"));
    metadata.is_ok_and(|it| !it.is_dir() && (!it.is_file() || it.len() > LARGEST_IGNORE))
}

/// Says which folders were not entered, and that the root's own patterns were not heeded.
fn note(root: &Path, barred: &Barred, seen: &mut Seen) {
    let barred = barred.lock().unwrap_or_else(PoisonError::into_inner);
    let shown = |path: &Path| {
        path.strip_prefix(root)
            .unwrap_or(path)
            .display()
            .to_string()
    };
    let word = "its .gitignore cannot be read in bounds, not entered";
    let notes = barred.iter().map(|path| format!("{}: {word}", shown(path)));
    seen.notes.extend(notes);
    if is_endless(root) {
        let text = ".gitignore: too large, or no file; not heeded, nor is any below";
        seen.notes.push(text.to_owned());
    }
}

/// A worker's share, put together with the others' when the worker ends.
struct Share<'a> {
    seen: Seen,
    all: &'a Mutex<Seen>,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        // All workers sort at the same time; shares in order are quickly put together.
        self.seen.files.sort_unstable();
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.join(&mut self.seen);
    }
}

fn parallel(root: &Utf8Path) -> Seen {
    let skip = skip();
    let (all, barred) = (Mutex::new(Seen::default()), Barred::default());
    builder(root, None, &barred).build_parallel().run(|| {
        let mut share = Share {
            seen: Seen::default(),
            all: &all,
        };
        let skip = &skip;
        Box::new(move |entry| {
            let enter = share.seen.entry(root, skip, entry);
            match (enter, share.seen.files.len() > MOST) {
                (_, true) => WalkState::Quit,
                (true, _) => WalkState::Continue,
                (false, _) => WalkState::Skip,
            }
        })
    });
    let mut seen = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    note(root.as_std_path(), &barred, &mut seen);
    seen
}

/// Too many files: the first ones in the order of their names, so that every run sees the same.
fn first(root: &Utf8Path) -> Seen {
    let skip = skip();
    let (mut seen, barred) = (Seen::default(), Barred::default());
    let walk = builder(root, Some(skip.clone()), &barred)
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build();
    for entry in walk {
        seen.entry(root, &skip, entry);
        if seen.files.len() >= MOST {
            let text = format!("more than {MOST} files: only the first ones were looked at");
            seen.notes.push(text);
            break;
        }
    }
    note(root.as_std_path(), &barred, &mut seen);
    seen
}
