//! The projects of a repository: their folders, what joins them, and which of them need which. Names of files and how
//! they are read come from each language's `[workspace]`.
use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::candidates;
use super::dependencies::normalize;
use super::reader::{Hit, Look};
use super::scope::Scope;
use super::tree;
use super::view::View;
use crate::dockerfile::ignore::to_regex;
use crate::language::Language;
use crate::language::workspace::{Pull, Root};
use crate::report::Place;
use crate::spec::services::clean;

/// A folder that is a project of a language.
#[derive(Debug)]
pub(super) struct Project {
    /// Its folder; `.` is the top.
    pub(super) folder: String,
    pub(super) language: Language,
    /// The file that makes it one.
    pub(super) file: String,
    /// The folder whose file joins it with others, and what that file says of its members.
    pub(super) root: Option<Joined>,
    /// The folders that it needs, its own included; none when nothing else is needed and nothing joins it.
    pub(super) members: Vec<String>,
}

/// What joins a project with others.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    pub(super) folder: String,
    pub(super) file: String,
    pub(super) set: BTreeMap<String, toml::Value>,
}

/// All projects, shallowest first, and those that were left aside, with the folder's name that said so.
pub(super) fn find(view: &View, languages: &[Language]) -> (Vec<Project>, Vec<(String, String)>) {
    let mut by_folder: BTreeMap<String, Vec<(&Language, String)>> = BTreeMap::new();
    for language in languages {
        for name in &language.manifest.workspace.project {
            for id in view.glob(&format!("**/{name}")).iter() {
                let path = view.path(*id);
                let folder = clean(path.rsplit_once('/').map_or("", |(folder, _)| folder));
                let entry = by_folder.entry(folder).or_default();
                if !entry.iter().any(|(known, _)| known.id == language.id) {
                    entry.push((language, path.to_owned()));
                }
            }
        }
    }
    let apart = tree::apart();
    let mut aside = Vec::new();
    let mut projects = Vec::new();
    for (folder, found) in by_folder {
        if let Some(name) = part_of(&folder, &apart) {
            aside.push((folder, name));
            continue;
        }
        projects.extend(strongest(view, folder, found));
    }
    projects.sort_by(|a, b| (depth(&a.folder), &a.folder).cmp(&(depth(&b.folder), &b.folder)));
    join(view, languages, &mut projects);
    (projects, aside)
}

/// How deep a folder lies; the top before all others.
fn depth(folder: &str) -> usize {
    match folder {
        "." => 0,
        folder => folder.matches('/').count() + 1,
    }
}

/// The first part of a path that is a name of folders which hold no services.
fn part_of(folder: &str, apart: &[String]) -> Option<String> {
    let mut parts = folder.split('/').filter(|part| *part != ".");
    let part = parts.find(|part| {
        let fits = |name: &String| match name.strip_suffix('*') {
            Some(start) => part.starts_with(start),
            None => part == name,
        };
        apart.iter().any(fits)
    });
    part.map(ToOwned::to_owned)
}

/// The language that shows most signs in a folder.
fn strongest(view: &View, folder: String, found: Vec<(&Language, String)>) -> Option<Project> {
    let languages: Vec<_> = found.iter().map(|(one, _)| (*one).clone()).collect();
    let first = if let [only] = languages.as_slice() {
        only.clone()
    } else {
        let inner = view.below(&folder, &[], ".");
        candidates(&inner, languages).into_iter().next()?.language
    };
    let (_, file) = found.into_iter().find(|(one, _)| one.id == first.id)?;
    Some(Project {
        folder,
        language: first,
        file,
        root: None,
        members: Vec::new(),
    })
}

/// Finds what joins the projects, and which folders each of them needs.
fn join(view: &View, languages: &[Language], projects: &mut [Project]) {
    for language in languages {
        for root in &language.manifest.workspace.root {
            for id in view.glob(&format!("**/{}", root.file)).iter() {
                let path = view.path(*id).to_owned();
                let folder = clean(path.rsplit_once('/').map_or("", |(folder, _)| folder));
                join_by(view, (language, root), (&folder, &path), projects);
            }
        }
    }
    let links = Links::new(view, projects);
    let members: Vec<_> = (0..projects.len()).map(|at| links.needed(at)).collect();
    for (project, members) in projects.iter_mut().zip(members) {
        project.members = members;
    }
}

fn join_by(
    view: &View,
    (language, root): (&Language, &Root),
    (folder, path): (&str, &str),
    projects: &mut [Project],
) {
    let inner = view.below(folder, &[], ".");
    let texts = |pull: &Pull| -> Vec<String> {
        let hits = pulled(&inner, language, pull);
        hits.into_iter().map(|hit| hit.text).collect()
    };
    let divided = |text: String| match root.divider.as_str() {
        "" => text,
        divider => text.replace(divider, "/"),
    };
    let patterns: Vec<_> = texts(&root.pull()).into_iter().map(divided).collect();
    if patterns.is_empty() {
        return;
    }
    let except = root
        .pull_except()
        .map(|pull| texts(&pull))
        .unwrap_or_default();
    let (patterns, except) = (expressions(&patterns), expressions(&except));
    let own = Joined {
        folder: folder.to_owned(),
        file: path.to_owned(),
        set: root.set.clone(),
    };
    let above = outer(language, root, folder, projects).unwrap_or(own);
    for project in projects.iter_mut() {
        let Some(inside) = below(folder, &project.folder) else {
            continue;
        };
        let own = inside == ".";
        let fits = |all: &[Regex]| all.iter().any(|one| one.is_match(&inside));
        let member = own || (fits(&patterns) && !fits(&except));
        if project.language.id == language.id && member && project.root.is_none() {
            project.root = Some(above.clone());
        }
    }
}

/// The workspace that a member's own file of the same kind adds to.
fn outer(language: &Language, root: &Root, folder: &str, projects: &[Project]) -> Option<Joined> {
    let mut here = projects.iter().filter(|one| one.folder == folder);
    let member = here.find(|one| one.language.id == language.id)?;
    let above = member.root.as_ref().filter(|_| root.nested)?;
    let same = above.file.rsplit('/').next() == Some(root.file.as_str());
    same.then(|| above.clone())
}

/// Patterns of folders; what begins with `!` is left to `except`.
fn expressions(patterns: &[String]) -> Vec<Regex> {
    let plain = patterns.iter().filter(|pattern| !pattern.starts_with('!'));
    let regexes = plain.filter_map(|pattern| Regex::new(&to_regex(&clean(pattern))).ok());
    regexes.collect()
}

/// A folder as seen from one above it.
fn below(above: &str, folder: &str) -> Option<String> {
    if above == "." {
        return Some(folder.to_owned());
    }
    match folder.strip_prefix(above)? {
        "" => Some(".".to_owned()),
        rest => Some(rest.strip_prefix('/')?.to_owned()),
    }
}

fn pulled(view: &View, language: &Language, pull: &Pull) -> Vec<Hit> {
    let scope = Scope::new(view, &language.manifest.detect);
    let mut hits = Look::from(pull).hits(&scope);
    if pull.keys {
        for hit in &mut hits {
            hit.text = hit.captures.get("key").cloned().unwrap_or_default();
        }
    }
    hits
}

/// Which projects name which.
struct Links {
    folders: Vec<String>,
    /// Whether a project can be built from other folders at all.
    able: Vec<bool>,
    joined: Vec<bool>,
    needs: Vec<BTreeSet<usize>>,
}

impl Links {
    fn new(view: &View, projects: &[Project]) -> Self {
        let mut names: BTreeMap<(String, String), usize> = BTreeMap::new();
        let views: Vec<_> = projects
            .iter()
            .map(|project| view.below(&project.folder, &[], "."))
            .collect();
        for (at, project) in projects.iter().enumerate() {
            for pull in &project.language.manifest.workspace.name {
                for hit in pulled(&views[at], &project.language, pull) {
                    names.insert((project.language.id.clone(), named(project, &hit)), at);
                }
            }
        }
        let folders: Vec<_> = projects.iter().map(|one| one.folder.clone()).collect();
        let mut needs = Vec::new();
        for (at, project) in projects.iter().enumerate() {
            let mut own = BTreeSet::new();
            for pull in &project.language.manifest.workspace.needs {
                for hit in pulled(&views[at], &project.language, pull) {
                    let target = if pull.path || pull.top {
                        let wanted = pointed(project, pull, &hit);
                        folders
                            .iter()
                            .position(|folder| Some(folder) == wanted.as_ref())
                    } else {
                        // A name is only meant in the same workspace.
                        let found = meant(&names, project, &hit, pull.part);
                        found.filter(|target| same_root(project, &projects[*target]))
                    };
                    own.extend(target.filter(|target| *target != at));
                }
            }
            needs.push(own);
        }
        Self {
            folders,
            able: projects
                .iter()
                .map(|one| one.root.is_some() || one.language.manifest.workspace.loose.is_some())
                .collect(),
            joined: projects.iter().map(|one| one.root.is_some()).collect(),
            needs,
        }
    }

    /// All folders that a project is built from, each behind those that it needs itself; its own is the last.
    fn needed(&self, at: usize) -> Vec<String> {
        let mut order = Vec::new();
        self.visit(at, &mut BTreeSet::new(), &mut order);
        let apart = order.len() == 1 && !self.joined[at];
        if apart || !self.able[at] {
            return Vec::new();
        }
        let folders = order.into_iter().map(|one| self.folders[one].clone());
        folders.collect()
    }

    fn visit(&self, at: usize, seen: &mut BTreeSet<usize>, order: &mut Vec<usize>) {
        if seen.insert(at) {
            for next in &self.needs[at] {
                self.visit(*next, seen, order);
            }
            order.push(at);
        }
    }
}

/// The folder that a text points at; none outside of the repository.
fn pointed(project: &Project, pull: &Pull, hit: &Hit) -> Option<String> {
    let from = match &project.root {
        Some(root) if pull.top => root.folder.as_str(),
        None if pull.top => return None,
        _ => project.folder.as_str(),
    };
    let text = match pull.divider.as_str() {
        "" => hit.text.clone(),
        divider => hit.text.replace(divider, "/"),
    };
    upward(from, &text)
}

/// The project that a text names: the whole of it, or with `part` what stands before a slash.
fn meant(
    names: &BTreeMap<(String, String), usize>,
    project: &Project,
    hit: &Hit,
    part: bool,
) -> Option<usize> {
    let whole = named(project, hit);
    let mut text = whole.as_str();
    loop {
        let key = (project.language.id.clone(), text.to_owned());
        if let Some(found) = names.get(&key) {
            return Some(*found);
        }
        text = text.rsplit_once('/').filter(|_| part)?.0;
    }
}

fn same_root(one: &Project, other: &Project) -> bool {
    let folder = |project: &Project| project.root.as_ref().map(|root| root.folder.clone());
    folder(one).is_some() && folder(one) == folder(other)
}

fn named(project: &Project, hit: &Hit) -> String {
    normalize(&project.language.manifest.detect.normalize, &hit.text)
}

/// A path from a folder, which may go up; `None` when it leaves the repository.
fn upward(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| *part != ".").collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(clean(&parts.join("/")))
}

impl Project {
    /// The folder that its build must see.
    pub(super) fn context(&self) -> String {
        match &self.root {
            Some(root) => root.folder.clone(),
            None => common(&self.members, &self.folder),
        }
    }

    /// The file that makes it a project, as a place.
    pub(super) fn place(&self) -> Place {
        let document = crate::report::Document::file(self.file.as_str(), "");
        Place::new(&document, 0..0)
    }
}

/// The deepest folder that holds all of them.
fn common(members: &[String], own: &str) -> String {
    let mut common: Vec<&str> = own.split('/').collect();
    for member in members {
        let parts = member.split('/');
        let same = common.iter().zip(parts).take_while(|(a, b)| **a == *b);
        let length = same.count();
        common.truncate(length);
    }
    clean(&common.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_go_up_and_stay_inside() {
        assert_eq!(upward("a/b", "../c"), Some("a/c".to_owned()));
        assert_eq!(upward("a", "../../c"), None);
        assert_eq!(upward(".", "./c/"), Some("c".to_owned()));
        let members = ["a/lib".to_owned(), "a/svc/x".to_owned()];
        assert_eq!(common(&members, "a/svc/x"), "a");
        assert_eq!(common(&["lib".to_owned()], "a/b"), ".");
        assert_eq!(
            part_of("x/examples/a", &["examples".into(), "cookie*".into()]).as_deref(),
            Some("examples")
        );
        assert_eq!(
            part_of("x/cookiecutter-y", &["cookie*".into()]).as_deref(),
            Some("cookiecutter-y")
        );
        assert_eq!(part_of("services/api", &["examples".into()]), None);
        assert_eq!(part_of(".", &[".*".into()]), None);
    }
}
