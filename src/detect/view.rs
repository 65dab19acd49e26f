//! A tree that can only be read: paths by pattern, texts at most once, each with a limit and all together with one.
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use regex::Regex;

use super::data::Format;
use super::node::Node;
use super::pattern::Pattern;
use super::store::Store;
use super::tree::{File, Tree};
use crate::report::Document;

/// How much is read in all.
const ALL: u64 = 96 << 20;
/// How many files are read in all.
const MOST: usize = 6000;

/// Number of a file in the tree.
pub type Id = usize;

/// What was said about files, each once.
type Notes = BTreeSet<String>;

/// A repository as rules see it.
#[derive(Debug)]
pub struct View {
    tree: Rc<Tree>,
    /// Files that this program wrote: they are no evidence.
    ours: BTreeSet<String>,
    texts: RefCell<BTreeMap<Id, Option<Arc<Document>>>>,
    globs: Rc<RefCell<BTreeMap<String, Rc<[Id]>>>>,
    /// What was read, by this view or another one of the same repository.
    store: Rc<Store>,
    folders: Rc<BTreeSet<String>>,
    /// What stands before a path to make it one of the whole repository.
    prefix: String,
    /// Files that lie elsewhere: path here → path in the whole repository.
    elsewhere: BTreeMap<String, String>,
    /// How many folders the tree's root lies below the repository's.
    down: usize,
    /// Whether it is of one project of several.
    is_project: bool,
    endings: Rc<OnceCell<BTreeMap<String, Vec<Id>>>>,
    spent: Cell<u64>,
    notes: RefCell<Notes>,
}

impl View {
    /// A view of a tree, without what is `ours`.
    pub fn new(mut tree: Tree, ours: BTreeSet<String>) -> Self {
        let notes = std::mem::take(&mut tree.notes).into_iter().collect();
        tree.files.retain(|file| !ours.contains(&file.path));
        let folders = tree.folders();
        Self {
            notes: RefCell::new(notes),
            ..Self::of((Rc::new(tree), Rc::new(folders)), ours)
        }
    }

    fn of((tree, folders): (Rc<Tree>, Rc<BTreeSet<String>>), ours: BTreeSet<String>) -> Self {
        Self {
            tree,
            ours,
            texts: RefCell::default(),
            globs: Rc::default(),
            store: Rc::default(),
            folders,
            prefix: String::new(),
            elsewhere: BTreeMap::new(),
            down: 0,
            is_project: false,
            endings: Rc::default(),
            spent: Cell::new(0),
            notes: RefCell::default(),
        }
    }

    /// The same repository as one of its folders sees it; of `inherit`, files that the folder lacks are those of the
    /// nearest folder above, up to `root`, and those behind `../` are there whatever the folder has.
    #[must_use]
    pub fn below(&self, folder: &str, inherit: &[String], root: &str) -> Self {
        let inherits = inherit.iter().any(|name| name.starts_with("../"));
        if folder == "." && !inherits {
            // The same files, and those of a large repository are many.
            let same = (Rc::clone(&self.tree), Rc::clone(&self.folders));
            return Self {
                is_project: true,
                globs: Rc::clone(&self.globs),
                endings: Rc::clone(&self.endings),
                store: Rc::clone(&self.store),
                ..Self::of(same, self.ours.clone())
            };
        }
        let prefix = match folder {
            "." => String::new(),
            folder => format!("{folder}/"),
        };
        let inner = |path: &str| path.strip_prefix(&prefix).map(ToOwned::to_owned);
        let files = self.tree.files.iter();
        let mut tree = Tree {
            root: self.tree.root.join(folder),
            files: files
                .filter_map(|file| inner(&file.path).map(File::new))
                .collect(),
            skipped: self
                .tree
                .skipped
                .iter()
                .filter_map(|path| inner(path))
                .collect(),
            notes: Vec::new(),
        };
        let mut elsewhere = BTreeMap::new();
        for name in inherit {
            let own = tree.files.binary_search(&File::new(name.clone())).is_ok();
            let above = Utf8Path::new(folder).ancestors().skip(1);
            let mut paths = above
                .take_while(|up| root == "." || up.starts_with(root))
                .map(|up| up.join(name.trim_start_matches("../")).to_string());
            let found = paths.find(|path| !own && self.id(path).is_some());
            elsewhere.extend(found.map(|path| (name.clone(), path)));
        }
        tree.files.extend(elsewhere.keys().cloned().map(File::new));
        tree.files.sort_unstable();
        let ours = self.ours.iter().filter_map(|path| inner(path)).collect();
        Self {
            down: prefix.matches('/').count(),
            prefix,
            elsewhere,
            is_project: true,
            store: Rc::clone(&self.store),
            ..Self::new(tree, ours)
        }
    }

    /// A path as one of the whole repository.
    pub fn shown(&self, path: &str) -> String {
        let elsewhere = self.elsewhere.get(path).cloned();
        elsewhere.unwrap_or_else(|| match path {
            "" => String::new(),
            path => format!("{}{path}", self.prefix),
        })
    }

    /// A path of the whole repository as one of this view.
    pub(super) fn relative<'a>(&'a self, path: &'a str) -> &'a str {
        let mut elsewhere = self.elsewhere.iter();
        match elsewhere.find(|(_, there)| *there == path) {
            Some((here, _)) => here,
            None => path.strip_prefix(&self.prefix).unwrap_or(path),
        }
    }

    /// Whether it is of one project of several: what joins them makes no other a part of it.
    pub(super) fn is_project(&self) -> bool {
        self.is_project
    }

    /// The name of the repository's folder.
    pub fn top(&self) -> &str {
        self.tree.root.file_name().unwrap_or_default()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.tree.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tree.files.is_empty()
    }

    /// What could not be seen or read, sorted.
    pub fn notes(&self) -> Vec<String> {
        self.notes.borrow().iter().cloned().collect()
    }

    /// Notes something, once.
    pub fn note(&self, text: String) {
        self.notes.borrow_mut().insert(text);
    }

    /// The path of a file.
    pub fn path(&self, id: Id) -> &str {
        self.tree.files.get(id).map_or("", |file| &file.path)
    }

    /// The file of that path.
    pub fn id(&self, path: &str) -> Option<Id> {
        let wanted = File::new(path.to_owned());
        self.tree.files.binary_search(&wanted).ok()
    }

    /// Whether a file or folder of that path is there. In a folder that was not entered, the disk is asked.
    pub fn exists(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        if path.is_empty() || path == "." {
            return true;
        }
        self.id(path).is_some() || self.folders.contains(path) || self.is_in_skipped(path)
    }

    fn is_in_skipped(&self, path: &str) -> bool {
        let below = |folder: &&String| {
            path.strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let plain = path.split('/').all(|part| part != ".." && !part.is_empty());
        plain
            && !self.ours.contains(path)
            && self.tree.skipped.iter().any(|folder| below(&folder))
            && fs_err::symlink_metadata(self.tree.root.join(path)).is_ok()
    }

    /// The files that fit a pattern, shallowest first.
    pub fn glob(&self, pattern: &str) -> Rc<[Id]> {
        if let Some(known) = self.globs.borrow().get(pattern) {
            return Rc::clone(known);
        }
        let found: Rc<[Id]> = self.search(pattern).into();
        let mut globs = self.globs.borrow_mut();
        globs.insert(pattern.to_owned(), Rc::clone(&found));
        found
    }

    fn search(&self, text: &str) -> Vec<Id> {
        let Some(pattern) = Pattern::new(text) else {
            return self.id(text).into_iter().collect();
        };
        let folder = pattern.folder();
        if !folder.is_empty() && !self.folders.contains(folder) {
            return Vec::new();
        }
        let depths = pattern.depths(&self.tree.files);
        let fits = |id: &Id| pattern.fits(self, self.path(*id));
        let Some(ending) = pattern.ending() else {
            return depths.filter(fits).collect();
        };
        let endings = self.endings.get_or_init(|| self.tree.endings());
        let ids = endings.get(ending).map_or(&[][..], Vec::as_slice);
        let ids = ids.iter().copied().filter(|id| depths.contains(id));
        ids.filter(fits).collect()
    }

    /// The regular expression of a rule, made once. A wrong one is noted: it is a fault of the language folder.
    pub fn regex(&self, pattern: &str) -> Option<Rc<Regex>> {
        let regex = self.store.regex(pattern);
        let fault = |error| self.note(format!("a rule is broken: {error}"));
        regex.map_err(fault).ok()
    }

    /// The text of a file; `None` when it is too large, cannot be read, or enough was read.
    pub fn text(&self, id: Id) -> Option<Arc<Document>> {
        if let Some(known) = self.texts.borrow().get(&id) {
            return known.clone();
        }
        let text = self.read(id);
        self.texts.borrow_mut().insert(id, text.clone());
        text
    }

    fn read(&self, id: Id) -> Option<Arc<Document>> {
        let path = self.path(id);
        if self.spent.get() > ALL || self.texts.borrow().len() >= MOST {
            self.note("too much to read: the deepest files were left out".to_owned());
            return None;
        }
        let text = self.store.text(self.shown(path), &self.disk(path));
        let size = text.as_ref().map_or(0, |document| document.text.len());
        self.spent.set(self.spent.get() + size as u64);
        text.map_err(|fault| self.note(fault)).ok()
    }

    fn disk(&self, path: &str) -> Utf8PathBuf {
        let there = self.elsewhere.get(path);
        let top = self.tree.root.ancestors().nth(self.down);
        match there.zip(top) {
            Some((there, top)) => top.join(there),
            None => self.tree.root.join(path),
        }
    }

    /// The file read as data.
    pub fn node(&self, id: Id, format: Format) -> Option<Rc<Node>> {
        let document = self.text(id)?;
        let (node, fault) = self.store.data(&document, format);
        if let Some(fault) = fault {
            self.note(format!("{}: {fault}", document.name));
        }
        node
    }
}
