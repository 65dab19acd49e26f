//! The services of a repository: those of its projects that something can be deployed of.
use std::collections::{BTreeMap, BTreeSet};

use super::dependencies::{self, Dependency};
use super::placed::placed;
use super::projects::{self, Project};
use super::scope::Scope;
use super::view::View;
use super::{Reading, read_with};
use crate::language::Language;
use crate::report::{Document, Place};
use crate::spec::field::holds;
use crate::spec::services::holds as is_below;
use crate::spec::{Sourced, Value, name};

/// What a project is to those who deploy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A service.
    Sure,
    /// It runs, and only somebody who knows it can say whether it is a service.
    Perhaps,
    /// No service, for this reason.
    Not(String),
}

/// A project that was looked at.
#[derive(Debug)]
pub struct Proposal {
    /// The service's name.
    pub name: String,
    /// Its folder; `.` is the top.
    pub folder: String,
    /// Its language.
    pub language: Language,
    /// The file that makes it a project.
    pub place: Place,
    /// Whether a file joins it with other projects.
    pub is_joined: bool,
    /// What it is.
    pub standing: Standing,
    /// What was seen in it.
    pub reading: Reading,
    /// What follows from where it lies: `path`, `context`, `members`, what its workspace says.
    pub values: Vec<(String, Sourced)>,
}

/// What the user said, by the name of a service, and whether each program is to be one.
#[derive(Debug, Default)]
pub struct Wishes {
    /// Values by service.
    pub said: BTreeMap<String, BTreeMap<String, Value>>,
    /// Whether each program of a project is a service.
    pub each_program: bool,
}

/// All projects, shallowest first, each as the service that it could be.
pub fn find(view: &View, languages: &[Language], wishes: &Wishes, today: &str) -> Vec<Proposal> {
    let found = projects::find(view, languages);
    proposals((view, found), languages, wishes, today)
}

/// The same of a repository that was read as a whole: none where there is nothing but the project at its top.
pub fn find_several(
    view: &View,
    languages: &[Language],
    wishes: &Wishes,
    today: &str,
) -> Vec<Proposal> {
    let found = projects::find(view, languages);
    let (projects, aside) = &found;
    if aside.is_empty() && projects.iter().all(|project| project.folder == ".") {
        return Vec::new();
    }
    proposals((view, found), languages, wishes, today)
}

/// Projects, and those that were left aside.
type Projects = (Vec<Project>, Vec<(String, String)>);

fn proposals(
    (view, (projects, aside)): (&View, Projects),
    languages: &[Language],
    wishes: &Wishes,
    today: &str,
) -> Vec<Proposal> {
    let mut finder = Finder {
        view,
        wishes,
        today,
        names: BTreeSet::new(),
        found: Vec::new(),
    };
    for project in &projects {
        finder.project(project, &projects);
    }
    finder.parts();
    finder.aside(aside, languages);
    finder.found
}

struct Finder<'a> {
    view: &'a View,
    wishes: &'a Wishes,
    today: &'a str,
    names: BTreeSet<String>,
    found: Vec<Proposal>,
}

impl Finder<'_> {
    fn project(&mut self, project: &Project, all: &[Project]) {
        let around = self.found.iter().find(|above| {
            matches!(above.standing, Standing::Sure | Standing::Perhaps)
                && above.folder != "."
                && above.folder != project.folder
                && is_below(&above.folder, &project.folder)
        });
        if let Some(above) = around.filter(|_| project.root.is_none()) {
            let reason = format!("it is part of {}", above.folder);
            let proposed = proposal(project, Reading::nothing(), Standing::Not(reason));
            self.found.push(proposed);
            return;
        }
        let mut name = self.name(&project.folder, &project.language);
        let mut reading = self.read(project, all, &name, None);
        if let Some(own) = own_name(project, &reading).filter(|own| !self.names.contains(own)) {
            reading = self.read(project, all, &own, None);
            name = own;
        }
        let programs = self.programs(project, &reading);
        if programs.is_empty() {
            let standing = standing(&project.language, &reading, self.said(&name));
            self.names.insert(name.clone());
            let mut proposed = proposal(project, reading, standing);
            proposed.name = name;
            self.found.push(proposed);
        }
        for program in programs {
            self.program(project, all, program);
        }
    }

    /// One of several programs of a project, which are services only by choice.
    fn program(&mut self, project: &Project, all: &[Project], program: Sourced) {
        let key = &project.language.manifest.workspace.programs;
        let text = program.value.display();
        let folder = clean_program(&text, &project.folder);
        let name = self.name(&folder, &project.language);
        let chosen = (key.clone(), program.value.clone());
        let reading = self.read(project, all, &name, Some(chosen));
        let standing = match standing(&project.language, &reading, self.said(&name)) {
            Standing::Perhaps => Standing::Sure,
            other => other,
        };
        self.names.insert(name.clone());
        let mut proposed = proposal(project, reading, standing);
        proposed.name = name;
        proposed.values.push((key.clone(), program));
        self.found.push(proposed);
    }

    /// The programs of a project, when each is to be a service.
    fn programs(&self, project: &Project, reading: &Reading) -> Vec<Sourced> {
        let key = &project.language.manifest.workspace.programs;
        let decision = reading.decision(key).filter(|_| self.wishes.each_program);
        let Some(decision) = decision.filter(|one| !one.alternatives.is_empty()) else {
            return Vec::new();
        };
        let all = decision.finding.iter().chain(&decision.alternatives);
        all.map(super::Finding::sourced).collect()
    }

    fn said(&self, name: &str) -> Option<&BTreeMap<String, Value>> {
        self.wishes.said.get(name)
    }

    fn read(
        &self,
        project: &Project,
        all: &[Project],
        name: &str,
        program: Option<(String, Value)>,
    ) -> Reading {
        let workspace = &project.language.manifest.workspace;
        let root = project
            .root
            .as_ref()
            .map_or(".", |root| root.folder.as_str());
        let inherit = match &project.root {
            Some(_) => workspace.inherit.as_slice(),
            None => &[],
        };
        let view = self.view.below(&project.folder, inherit, root);
        let mut said: BTreeMap<String, Value> = placed(project)
            .into_iter()
            .map(|(key, sourced)| (key, sourced.value))
            .collect();
        said.insert("name".to_owned(), Value::Text(name.to_owned()));
        said.extend(self.said(name).cloned().unwrap_or_default());
        said.extend(program);
        let needed = all.iter().filter(|other| {
            project.members.contains(&other.folder) && other.folder != project.folder
        });
        let more = needed
            .flat_map(|other| dependencies_of(self.view, other))
            .collect();
        let day = (&project.language.catalogue(), self.today);
        let reading = read_with(&view, &project.language, (&said, more), day);
        for note in view.notes() {
            self.view.note(note);
        }
        reading
    }

    /// The folder's own name, with those above it where that is taken.
    fn name(&self, folder: &str, language: &Language) -> String {
        let top = self.view.top();
        let whole = match folder {
            "." => top.to_owned(),
            folder => folder.to_owned(),
        };
        let parts: Vec<_> = whole.split('/').collect();
        let reserved = &language.manifest.name.reserved;
        for count in 1..=parts.len() {
            let mut text = name::slug(&parts[parts.len() - count..].join("-")).replace('.', "-");
            if reserved.contains(&text) {
                text.push_str("-app");
            }
            if !text.is_empty() && !self.names.contains(&text) {
                return text;
            }
        }
        let numbers = 2..;
        let text = name::slug(&parts.join("-")).replace('.', "-");
        let base = if text.is_empty() {
            "app".to_owned()
        } else {
            text
        };
        let mut free = numbers.map(|number| format!("{base}-{number}"));
        free.find(|text| !self.names.contains(text)).unwrap_or(base)
    }

    /// What is no service without a word, and others are built with, is a part of those.
    fn parts(&mut self) {
        let used: BTreeMap<String, String> = (self.found.iter())
            .flat_map(|one| {
                let members = one.members().into_iter();
                members.map(|member| (member.to_owned(), one.folder.clone()))
            })
            .filter(|(member, folder)| member != folder)
            .collect();
        for one in &mut self.found {
            let user = used.get(&one.folder);
            if let Some(user) = user.filter(|_| one.standing == Standing::Perhaps) {
                one.standing = Standing::Not(format!("it is a part of what {user} is built from"));
            }
        }
    }

    /// Folders that hold no services by their name.
    fn aside(&mut self, aside: Vec<(String, String)>, languages: &[Language]) {
        for (folder, part) in aside {
            let Some(language) = languages.first() else {
                return;
            };
            self.found.push(Proposal {
                name: String::new(),
                place: Place::new(&Document::file(folder.as_str(), ""), 0..0),
                folder,
                language: language.clone(),
                is_joined: false,
                standing: Standing::Not(format!("it lies in {part}/")),
                reading: Reading::nothing(),
                values: Vec::new(),
            });
        }
    }
}

impl Proposal {
    /// The folders that it is built from, where more than its own is known to be needed.
    pub fn members(&self) -> Vec<&str> {
        let members = self.values.iter().find(|(key, _)| key == "members");
        let members = members.map(|(_, sourced)| sourced.value.texts());
        members.unwrap_or_default()
    }
}

fn proposal(project: &Project, reading: Reading, standing: Standing) -> Proposal {
    Proposal {
        name: String::new(),
        folder: project.folder.clone(),
        language: project.language.clone(),
        place: project.place(),
        is_joined: project.root.is_some(),
        standing,
        reading,
        values: placed(project),
    }
}

/// The top's folder is called as somebody liked when cloning; its manifest knows better.
fn own_name(project: &Project, reading: &Reading) -> Option<String> {
    let decision = reading.decision("name").filter(|_| project.folder == ".");
    let finding = decision?.finding.as_ref()?;
    let name = name::slug(&finding.value.display()).replace('.', "-");
    (!name.is_empty()).then_some(name)
}

/// The folder of a program, for its name.
fn clean_program(program: &str, folder: &str) -> String {
    match program.trim_start_matches("./") {
        "" | "." => folder.to_owned(),
        inner => inner.to_owned(),
    }
}

/// What a project of the workspace depends on: what needs it depends on that too.
fn dependencies_of(view: &View, project: &Project) -> Vec<Dependency> {
    let inner = view.below(&project.folder, &[], ".");
    let manifest = &project.language.manifest;
    let scope = Scope::new(&inner, &manifest.detect);
    let all = dependencies::collect(&scope, &manifest.detect, &manifest.dependencies);
    all.into_iter()
        .map(|one| Dependency {
            direct: false,
            ..one
        })
        .collect()
}

fn standing(
    language: &Language,
    reading: &Reading,
    said: Option<&BTreeMap<String, Value>>,
) -> Standing {
    let value = |key: &str| {
        let said = said.and_then(|said| said.get(key));
        said.or_else(|| {
            let decision = reading.decision(key)?;
            let first = decision.finding.as_ref().or(decision.alternatives.first());
            Some(&first?.value)
        })
    };
    let workspace = &language.manifest.workspace;
    if said.is_some_and(|said| said.contains_key("path"))
        || workspace.service.iter().any(|when| holds(when, value))
    {
        return Standing::Sure;
    }
    if workspace.perhaps.iter().any(|when| holds(when, value)) {
        return Standing::Perhaps;
    }
    let reason = reading.needs.iter().find(|need| need.key.is_some());
    let reason = reason.or(reading.needs.first());
    let reason = reason.map_or("nothing in it can be started", |need| need.reason.as_str());
    Standing::Not(reason.to_owned())
}
