//! Several projects in one repository: how a language's manifest says what a project is, what joins projects into a
//! workspace, and which of them need which. The room `detect` reads them.
//!
//! ```toml
//! [workspace]
//! project = ["x.mod",                       # a folder with one of these is a project of its own, or …
//!            { file = "x.build", regex = '(?m)^project\b' }]     # … with one in which this is found
//! service = [{ port = true }]               # findings that make a project a service; any of them
//! perhaps = [{ framework = "tool" }]        # the same of what is only taken when it is asked for
//! inherit = [".x-version", "../x.mod"]      # files of the workspace's root that hold for its members; `../` gives those
//!                                           # that members have too another name, by which rules can read them
//! programs = "options.package"              # the key whose values are programs of one project
//! name = [{ file = "x.mod", regex = '(?m)^module (\S+)' }]       # how other projects call it
//! needs = [{ file = "x.mod", regex = '(?m)^require (\S+)' },     # what it needs, by name, or …
//!          { file = "x.mod", regex = '=> (\.\S+)', path = true }, # … by folder, or …
//!          { file = "x.build", regex = 'project\("(\S+)"\)', top = true, divider = ":" }] # … by folder, from the root's
//!
//! [[workspace.root]]                        # a file whose patterns of folders are the members
//! file = "x.work"                           # or a pattern of its name
//! within = '(?s)use\((.*?)\)'              # only what this captures is read
//! regex = '"(\S+)"'
//! divider = ":"                             # what stands between folders where it is no slash
//! nested = true                             # such a file of a member adds members to the same workspace
//! except = "exclude[]"                      # a path in the same data: patterns of folders that are none
//! set = { "options.x" = true }              # what is so for every member
//! ```
use std::collections::BTreeMap;

use serde::Deserialize;

use super::part::before;
use super::rules::Texts;
use crate::spec::When;

/// What the Dockerfile of one of several services knows to build from.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Any folder that holds the service's own.
    #[default]
    Above,
    /// The same, with the folders that are needed named under `members`.
    Members,
    /// The service's own folder.
    Own,
}

/// What a language knows of several projects in one repository.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workspace {
    /// Files that make a folder a project of its own.
    #[serde(default)]
    pub project: Vec<Mark>,
    /// Findings that make a project a service: any of them.
    #[serde(default)]
    pub service: Vec<When>,
    /// Findings that make it something that may be meant as one.
    #[serde(default)]
    pub perhaps: Vec<When>,
    /// Files of the root, or of a folder between, that hold for a member that has none of its own. Behind `../` stand those that it has too: rules
    /// read them by that name.
    #[serde(default)]
    pub inherit: Vec<String>,
    /// The key whose values are programs of one project.
    #[serde(default)]
    pub programs: String,
    /// How other projects call a project.
    #[serde(default)]
    pub name: Vec<Pull>,
    /// Which projects it needs.
    #[serde(default)]
    pub needs: Vec<Pull>,
    /// What joins projects.
    #[serde(default)]
    pub root: Vec<Root>,
    /// What is so for a service that needs other folders although nothing joins them; without it, none can.
    pub loose: Option<BTreeMap<String, toml::Value>>,
}

/// A file that makes a folder a project.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Mark {
    /// Its name, or a pattern of it.
    Named(String),
    /// Only when something is found in it.
    Saying(Saying),
}

/// A file in which something is found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saying {
    /// Its name, or a pattern of it.
    pub file: String,
    /// What is found in it.
    pub regex: String,
}

impl Mark {
    /// The file's name, or a pattern of it.
    pub fn file(&self) -> &str {
        match self {
            Self::Named(file) => file,
            Self::Saying(saying) => &saying.file,
        }
    }
}

impl Workspace {
    /// Puts what several languages have in common before a language's own.
    pub(super) fn join(self, own: &mut Self) {
        before(&mut own.project, self.project);
        before(&mut own.service, self.service);
        before(&mut own.perhaps, self.perhaps);
        before(&mut own.inherit, self.inherit);
        before(&mut own.name, self.name);
        before(&mut own.needs, self.needs);
        before(&mut own.root, self.root);
        own.loose = own.loose.take().or(self.loose);
        if own.programs.is_empty() {
            own.programs = self.programs;
        }
    }
}

/// Texts that are read from a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "keys of a manifest")]
pub struct Pull {
    /// Exact paths.
    #[serde(default)]
    pub file: Texts,
    /// Patterns of paths.
    #[serde(default)]
    pub glob: Texts,
    /// Captures the parts of the file that `regex` reads.
    pub within: Option<String>,
    /// Captures the text; over the file, or over what a path found.
    pub regex: Option<String>,
    /// Path in TOML.
    pub toml: Option<String>,
    /// Path in JSON.
    pub json: Option<String>,
    /// Path in YAML.
    pub yaml: Option<String>,
    /// Path in XML.
    pub xml: Option<String>,
    /// The entries at the path are named by their keys.
    #[serde(default)]
    pub keys: bool,
    /// The text may be longer than the name of what is meant: what stands behind a slash is a part of it.
    #[serde(default)]
    pub part: bool,
    /// The text is a folder, from the file's own.
    #[serde(default)]
    pub path: bool,
    /// The text is a folder, from that of what joins the projects.
    #[serde(default)]
    pub top: bool,
    /// What stands between folders where it is no slash.
    #[serde(default)]
    pub divider: String,
}

/// A file that joins projects.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// The file's name, or a pattern of it.
    pub file: String,
    /// Captures the parts of the file that `regex` reads.
    pub within: Option<String>,
    /// Captures a pattern; over the file, or over what a path found.
    pub regex: Option<String>,
    /// Path in TOML.
    pub toml: Option<String>,
    /// Path in JSON.
    pub json: Option<String>,
    /// Path in YAML.
    pub yaml: Option<String>,
    /// Path in XML.
    pub xml: Option<String>,
    /// A path in the same data: patterns of folders that are no members.
    pub except: Option<String>,
    /// What stands between folders where it is no slash.
    #[serde(default)]
    pub divider: String,
    /// Such a file of a member adds members to the workspace that the member is in.
    #[serde(default)]
    pub nested: bool,
    /// What is so for every member.
    #[serde(default)]
    pub set: BTreeMap<String, toml::Value>,
}

impl Root {
    /// How its patterns are read.
    pub fn pull(&self) -> Pull {
        let name = Texts::One(self.file.clone());
        let (file, glob) = if self.file.contains('*') {
            (Texts::None, name)
        } else {
            (name, Texts::None)
        };
        Pull {
            file,
            glob,
            within: self.within.clone(),
            divider: self.divider.clone(),
            regex: self.regex.clone(),
            toml: self.toml.clone(),
            json: self.json.clone(),
            yaml: self.yaml.clone(),
            xml: self.xml.clone(),
            keys: false,
            part: false,
            path: false,
            top: false,
        }
    }

    /// How the patterns of what is left out are read.
    pub fn pull_except(&self) -> Option<Pull> {
        let except = self.except.clone()?;
        let own = |path: &Option<String>| path.as_ref().map(|_| except.clone());
        Some(Pull {
            within: None,
            regex: None,
            toml: own(&self.toml),
            json: own(&self.json),
            yaml: own(&self.yaml),
            xml: own(&self.xml),
            ..self.pull()
        })
    }
}
