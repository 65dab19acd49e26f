//! `language.toml`: everything the core needs to know of a language, as data.
use std::collections::BTreeMap;

use serde::Deserialize;

use super::development::Development;
use super::rules::{DependencyList, Detect, Find};
use super::workspace::{Reach, Workspace};
use crate::spec::NextStep;
use crate::spec::field::{Field, When};

/// A language folder's manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The built-in language that this folder is laid over.
    pub extends: Option<String>,
    /// As people call the language.
    pub title: String,
    /// One line for `scaffold list`.
    pub summary: String,
    /// Parts that other languages have too; they come before this manifest's own.
    #[serde(default)]
    pub include: Vec<Include>,
    /// The keys that the wizard asks after name and language.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Command lines for `--help`.
    #[serde(default)]
    pub examples: Vec<String>,
    /// How project names must be.
    #[serde(default)]
    pub name: NameRule,
    /// Where versions come from.
    pub version: VersionRule,
    /// Defaults by dotted key.
    #[serde(default)]
    pub defaults: Values,
    /// The language's own keys.
    #[serde(default)]
    pub options: Table<Field>,
    /// Frameworks by name.
    pub frameworks: Table<Framework>,
    /// Production bases by name.
    pub runtimes: Table<Runtime>,
    /// Further images that the Dockerfile names.
    #[serde(default)]
    pub tools: BTreeMap<String, Tool>,
    /// Defaults under a condition; later ones win.
    #[serde(default)]
    pub default: Vec<ConditionalDefault>,
    /// System packages under a condition.
    #[serde(default)]
    pub packages: Vec<ConditionalPackages>,
    /// What any native dependency needs to be compiled, by family or suite.
    #[serde(default)]
    pub toolchain: BySuite,
    /// Dependencies that need system packages.
    #[serde(default)]
    pub native: Vec<Native>,
    /// Combinations that cannot be.
    #[serde(default)]
    pub refuse: Vec<Refusal>,
    /// Files that the Dockerfile copies and that are generated with it.
    #[serde(default)]
    pub file: Vec<CompanionFile>,
    /// Secrets that the Dockerfile mounts beside those of `build.secrets`.
    #[serde(default)]
    pub secret: Vec<Secret>,
    /// What a container of the development stage is given.
    #[serde(default)]
    pub development: Vec<Development>,
    /// Entries for `.dockerignore`.
    #[serde(default)]
    pub ignore: Vec<IgnoreGroup>,
    /// The sample project.
    pub sample: Sample,
    /// Steps to take after writing.
    #[serde(default)]
    pub next: Vec<NextStep>,
    /// What makes a folder one of this language.
    #[serde(default)]
    pub detect: Detect,
    /// What a service may be built from.
    #[serde(default)]
    pub context: Reach,
    /// What it knows of several projects in one repository.
    #[serde(default)]
    pub workspace: Workspace,
    /// Where dependencies are listed.
    #[serde(default)]
    pub dependencies: Vec<DependencyList>,
    /// How keys are filled from a repository.
    #[serde(default)]
    pub find: Vec<Find>,
}

/// Values by dotted key.
pub type Values = BTreeMap<String, toml::Value>;

/// Package names by family (`debian`) or suite (`bookworm`).
pub type BySuite = BTreeMap<String, Vec<String>>;

/// A table that keeps the order of the file: it is the order of menus and of `scaffold show`.
#[derive(Clone, Debug)]
pub struct Table<T>(pub Vec<(String, T)>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Table<T> {
    /// The entry of that name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, entry)| entry)
    }

    /// Names, in the file's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Entries<T> {
            type Value = Table<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Table(entries))
            }
        }
        deserializer.deserialize_map(Entries(std::marker::PhantomData))
    }
}

/// How project names must be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameRule {
    /// Names that break in this language, as they would be written in code; `-app` is put behind them.
    #[serde(default)]
    pub reserved: Vec<String>,
}

/// Parts of a manifest that several languages have in common.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Include {
    /// A file of `shared/`, without its ending.
    pub part: String,
    /// Only then have its options a meaning, its needs a reason and its `.dockerignore` entries a place.
    #[serde(default)]
    pub when: When,
}

/// Where versions come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionRule {
    /// The catalogue image whose lines are the language's versions.
    pub image: String,
    /// Further images that are released with it: they have the same lines, and patches of their own.
    #[serde(default)]
    pub also: Vec<String>,
    /// Whether newer lines run what was written for older ones: a line that has ended then gives way without a question.
    #[serde(default)]
    pub compatible: bool,
    /// Only then has a version a meaning.
    #[serde(default)]
    pub when: When,
}

/// A framework.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// As people call it.
    pub title: String,
    /// What it changes, by dotted key.
    #[serde(default)]
    pub defaults: Values,
}

/// A production base.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// One line for people.
    pub title: String,
    /// What it cannot do, and why; shown when a combination is refused.
    #[serde(default)]
    pub note: String,
    /// What it changes, by dotted key.
    #[serde(default)]
    pub defaults: Values,
    /// Pairs of images; the first whose condition holds is taken.
    pub stages: Vec<Stages>,
}

/// The images of the two stages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stages {
    /// Only then.
    #[serde(default)]
    pub when: When,
    /// The base of the build stage.
    pub build: StageImage,
    /// The base of the production stage.
    pub production: StageImage,
    /// The only language version this pair gives.
    pub version: Option<String>,
}

/// An image of the catalogue in one of its variants.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageImage {
    /// Repository.
    pub image: String,
    /// Variant.
    pub variant: String,
}

/// A further image that the Dockerfile names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Repository.
    pub image: String,
    /// Variant.
    #[serde(default = "plain")]
    pub variant: String,
    /// Only then.
    #[serde(default)]
    pub when: When,
}

fn plain() -> String {
    "plain".to_owned()
}

/// Defaults under a condition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionalDefault {
    /// Only then.
    pub when: When,
    /// Values by dotted key.
    pub set: Values,
}

/// System packages under a condition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionalPackages {
    /// Only then.
    pub when: When,
    /// For the build stage.
    #[serde(default)]
    pub build: BySuite,
    /// For the production stage.
    #[serde(default)]
    pub run: BySuite,
}

/// A dependency that needs system packages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Native {
    /// Its name in the language's registry.
    pub dependency: String,
    /// To be compiled.
    #[serde(default)]
    pub build: BySuite,
    /// To run.
    #[serde(default)]
    pub run: BySuite,
}

/// A combination that cannot be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// When it is there.
    #[serde(default)]
    pub when: When,
    /// And then not, when this holds.
    #[serde(default)]
    pub unless: Option<When>,
    /// Only with the sample, that is for `new`.
    #[serde(default)]
    pub sample: bool,
    /// It can be, but is seldom meant: a warning.
    #[serde(default)]
    pub warn: bool,
    /// Why it cannot be.
    pub reason: String,
    /// What to type instead.
    pub help: String,
}

/// A file beside the Dockerfile, such as the configuration of a server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanionFile {
    /// Where in the project.
    pub path: String,
    /// The template in the language's folder.
    pub template: String,
    /// Only then.
    #[serde(default)]
    pub when: When,
}

/// A secret that the build must be given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Its id in the Dockerfile.
    pub id: String,
    /// Where people have it, as a shell word.
    pub source: String,
    /// Only then.
    #[serde(default)]
    pub when: When,
}

/// Entries for `.dockerignore` under one heading.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IgnoreGroup {
    /// The heading, a comment in the file.
    pub title: String,
    /// Patterns.
    pub entries: Vec<String>,
    /// Only then.
    #[serde(default)]
    pub when: When,
}

/// The sample project.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Folders below `sample/`, laid over each other; a missing one is skipped.
    pub layers: Vec<Layer>,
    /// Values that `new` writes into `scaffold.toml` because the sample is made so.
    #[serde(default)]
    pub spec: Values,
}

/// A folder of the sample.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Layer {
    /// Always there.
    Plain(String),
    /// Only then.
    Conditional {
        /// The folder.
        layer: String,
        /// The condition.
        when: When,
    },
}

impl Layer {
    /// The folder's path, with `{key}` for values.
    pub fn path(&self) -> &str {
        match self {
            Self::Plain(path) | Self::Conditional { layer: path, .. } => path,
        }
    }

    /// Its condition; an empty one always holds.
    pub fn when(&self) -> When {
        match self {
            Self::Plain(_) => When::new(),
            Self::Conditional { when, .. } => when.clone(),
        }
    }
}
