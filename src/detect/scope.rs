//! Which files a language's rules look at, and from where its modules are named.
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use regex::Regex;

use super::fill::{Captures, clean};
use super::view::{Id, View};
use crate::dockerfile::ignore::to_regex;
use crate::language::rules::{Detect, Root};

/// A view through a language's `[detect]`.
pub(super) struct Scope<'a> {
    /// All files.
    pub(super) view: &'a View,
    /// How a comment of one line begins.
    pub(super) comment: String,
    folder_files: BTreeSet<String>,
    aside: &'a [String],
    /// All of `aside`, made when a file asks: of most languages a repository has none.
    apart: OnceCell<Option<Rc<Regex>>>,
    boundaries: Vec<String>,
    roots: Vec<String>,
    globs: RefCell<BTreeMap<String, Rc<[Id]>>>,
}

impl<'a> Scope<'a> {
    /// The scope of a language.
    pub(super) fn new(view: &'a View, detect: &'a Detect) -> Self {
        let mut scope = Self {
            view,
            comment: detect.comment.clone(),
            folder_files: detect.folder_files.iter().cloned().collect(),
            aside: &detect.aside,
            apart: OnceCell::new(),
            boundaries: boundaries(view, detect),
            roots: Vec::new(),
            globs: RefCell::default(),
        };
        let mut roots: Vec<_> = detect
            .root
            .iter()
            .flat_map(|root| scope.roots(root))
            .collect();
        // The deepest root of a file is the one its module is named from.
        roots.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        roots.dedup();
        scope.roots = roots;
        scope
    }

    /// The files of a pattern, less those that are not the program.
    pub(super) fn glob(&self, pattern: &str) -> Rc<[Id]> {
        if let Some(known) = self.globs.borrow().get(pattern) {
            return Rc::clone(known);
        }
        let all = self.view.glob(pattern);
        let found = all
            .iter()
            .copied()
            .filter(|id| self.allows(self.view.path(*id)));
        let found: Rc<[Id]> = found.collect();
        let mut globs = self.globs.borrow_mut();
        globs.insert(pattern.to_owned(), Rc::clone(&found));
        found
    }

    fn allows(&self, path: &str) -> bool {
        let below = |folder: &String| {
            path.strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let apart = self.apart.get_or_init(|| any_of(self.view, self.aside));
        let is_apart = apart.as_ref().is_some_and(|apart| apart.is_match(path));
        !is_apart && !self.boundaries.iter().any(below)
    }

    fn roots(&self, root: &Root) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for pattern in root.beside.all() {
            for id in self.glob(pattern).iter() {
                let mut folder = split(self.view.path(*id)).0;
                for _ in 0..root.up {
                    folder = split(folder).0;
                }
                let known = found.iter().any(|known| known == folder);
                if !folder.is_empty() && !known && self.is_root(root, folder, *id) {
                    found.push(folder.to_owned());
                }
            }
        }
        found
    }

    fn is_root(&self, root: &Root, folder: &str, id: Id) -> bool {
        let has = |name: &String| self.view.exists(&clean(&format!("{folder}/{name}")));
        if root.missing.all().iter().any(has) || self.bars(root, id) {
            return false;
        }
        let Some(pattern) = &root.regex else {
            return true;
        };
        let (Some(regex), Some(document)) = (self.view.regex(pattern), self.view.text(id)) else {
            return false;
        };
        regex.captures_iter(&document.text).any(|captures| {
            let name = captures
                .get(1)
                .map_or("", |name| name.as_str())
                .replace('.', "/");
            let mut names = root
                .siblings
                .all()
                .iter()
                .map(|path| path.replace("{1}", &name));
            names.any(|path| has(&path) && !self.view.exists(&path))
        })
    }

    fn bars(&self, root: &Root, id: Id) -> bool {
        let regex = root
            .without
            .as_ref()
            .and_then(|pattern| self.view.regex(pattern));
        let document = regex.and_then(|regex| Some((regex, self.view.text(id)?)));
        document.is_some_and(|(regex, document)| regex.is_match(&document.text))
    }

    /// What every rule knows of a file.
    pub(super) fn captures(&self, path: &str) -> Captures {
        let (dir, base) = split(path);
        let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
        let root = self.root(path);
        let inner = path.strip_prefix(root).unwrap_or(path);
        let inner = inner.trim_start_matches('/');
        let inner = inner.strip_suffix(base).unwrap_or(inner);
        let package = inner.trim_end_matches('/').replace('/', ".");
        // A file named so stands for its folder.
        let module = if self.folder_files.contains(stem) && !package.is_empty() {
            package.clone()
        } else {
            format!("{inner}{stem}").replace('/', ".")
        };
        [
            ("file", path),
            ("dir", dir),
            ("stem", stem),
            ("root", root),
            ("module", &module),
            ("package", &package),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
    }

    fn root(&self, path: &str) -> &str {
        let holds = |root: &&String| {
            path.strip_prefix(root.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.roots.iter().find(holds).map_or("", String::as_str)
    }
}

/// Folder and name.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Several patterns as one expression.
pub(super) fn any_of(view: &View, patterns: &[String]) -> Option<Rc<Regex>> {
    if patterns.is_empty() {
        return None;
    }
    let all: Vec<_> = patterns
        .iter()
        .map(|pattern| to_regex(pattern))
        .map(|regex| format!("(?:{regex})"))
        .collect();
    view.regex(&all.join("|"))
}

/// Folders below the root that are projects of their own.
fn boundaries(view: &View, detect: &Detect) -> Vec<String> {
    let joins = detect.joined.all().iter().any(|path| view.exists(path));
    if joins && !view.is_project() {
        return Vec::new();
    }
    let mut folders: Vec<String> = Vec::new();
    for name in &detect.boundary {
        for id in view.glob(&format!("**/{name}")).iter() {
            let (folder, _) = split(view.path(*id));
            if !folder.is_empty() {
                folders.push(folder.to_owned());
            }
        }
    }
    folders.sort_unstable();
    folders.dedup();
    folders
}
