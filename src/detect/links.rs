//! Which projects of a repository need which: by the names that they give each other, and by folders.
use std::collections::{BTreeMap, BTreeSet};

use super::dependencies::normalize;
use super::projects::{Project, pulled};
use super::reader::Hit;
use super::view::View;
use crate::language::workspace::Pull;
use crate::spec::services::clean;

/// Which projects need which.
pub(super) struct Links {
    folders: Vec<String>,
    /// Whether a project can be built from other folders at all.
    able: Vec<bool>,
    joined: Vec<bool>,
    needs: Vec<BTreeSet<usize>>,
}

impl Links {
    pub(super) fn new(view: &View, projects: &[Project]) -> Self {
        let mut names: BTreeMap<(String, String), usize> = BTreeMap::new();
        let views: Vec<_> = projects
            .iter()
            .map(|project| view.below(&project.folder, &[], "."))
            .collect();
        for (at, project) in projects.iter().enumerate() {
            for pull in &project.language.manifest.workspace.name {
                for hit in pulled(&views[at], &project.language, pull) {
                    names.insert((project.kind().to_owned(), named(project, &hit)), at);
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
    pub(super) fn needed(&self, at: usize) -> Vec<String> {
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
        let key = (project.kind().to_owned(), text.to_owned());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_go_up_and_stay_inside() {
        assert_eq!(upward("a/b", "../c"), Some("a/c".to_owned()));
        assert_eq!(upward("a", "../../c"), None);
        assert_eq!(upward(".", "./c/"), Some("c".to_owned()));
    }
}
