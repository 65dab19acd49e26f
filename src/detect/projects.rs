//! The projects of a repository: their folders, what joins them, and which of them need which. Names of files and how
//! they are read come from each language's `[workspace]`.
use std::collections::BTreeMap;

use regex::Regex;

use super::candidates;
use super::links::Links;
use super::reader::{Hit, Look};
use super::scope::Scope;
use super::tree;
use super::view::{Id, View};
use crate::dockerfile::ignore::to_regex;
use crate::language::Language;
use crate::language::workspace::{Mark, Pull, Root};
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
        for mark in &language.manifest.workspace.project {
            let named = view.glob(&format!("**/{}", mark.file()));
            for id in named.iter().filter(|id| says(view, **id, mark)) {
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

/// Whether a file of that name makes its folder a project.
fn says(view: &View, id: Id, mark: &Mark) -> bool {
    let Mark::Saying(saying) = mark else {
        return true;
    };
    let regex = view.regex(&saying.regex);
    let text = view.text(id);
    regex
        .zip(text)
        .is_some_and(|(regex, text)| regex.is_match(&text.text))
}

/// How deep a folder lies; the top before all others.
fn depth(folder: &str) -> usize {
    match folder {
        "." => 0,
        folder => folder.matches('/').count() + 1,
    }
}

/// Whether a file lies in a folder of examples, tests and the like.
pub fn is_apart(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    part_of(folder, &tree::apart()).is_some()
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
    let (not, patterns): (Vec<_>, Vec<_>) = patterns
        .into_iter()
        .partition(|pattern| pattern.starts_with('!'));
    let not = not.iter().map(|pattern| pattern.replacen('!', "", 1));
    let except: Vec<_> = except.into_iter().chain(not).collect();
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

/// Patterns of folders.
fn expressions(patterns: &[String]) -> Vec<Regex> {
    let all = patterns.iter();
    let regexes = all.filter_map(|pattern| Regex::new(&to_regex(&clean(pattern))).ok());
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

pub(super) fn pulled(view: &View, language: &Language, pull: &Pull) -> Vec<Hit> {
    let scope = Scope::new(view, &language.manifest.detect);
    let mut hits = Look::from(pull).hits(&scope);
    if pull.keys {
        for hit in &mut hits {
            hit.text = hit.captures.get("key").cloned().unwrap_or_default();
        }
    }
    hits
}

impl Project {
    /// The name of the file that makes it a project: languages that have it in common call each other's projects.
    pub(super) fn kind(&self) -> &str {
        self.file
            .rsplit_once('/')
            .map_or(&self.file, |(_, name)| name)
    }

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
    fn folders_have_one_above_and_names() {
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
