//! How a language is recognised in a repository: the rules of a `language.toml`, as data; the room `detect` runs
//! them.
//!
//! ```toml
//! [detect]                       # is a folder of this language?
//! signals = [{ file = "x.mod", weight = 20 }, { glob = "**/*.x", weight = 1, up_to = 5 }]
//! aside = ["**/tests/**"]        # paths that no rule with a glob looks at
//!
//! [[dependencies]]               # where dependencies are listed
//! file = "x.lock"
//! toml = "package[]"
//! name = "name"
//!
//! [[find]]                       # how a key of the spec is filled; the first rule of a key that gives a value wins
//! key = "version"
//! id = "directive"
//! file = "x.mod"
//! regex = '(?m)^x (\d+\.\d+)'
//! as = "minimum"
//! ```
//!
//! A rule looks at files (`file`: exact paths, `glob`: patterns) or at dependencies (`dependency`, `native`), or at
//! nothing but earlier findings (`when` alone). In a file it takes what `regex` captures, or what `toml`, `json`,
//! `yaml`, `xml` find at a path (`a.b[].c`; `*` is any key; a key that holds a dot is quoted), or a `variable` of
//! `KEY=value` lines, a `process` of a Procfile, an `instruction` of a Dockerfile; `regex` then reads what was found.
//! Without any of these, the file's being there is enough.
//!
//! A `value` is made of `{1}`, `{name}` (captures), `{file}`, `{dir}`, `{stem}`, `{module}` (the path as dotted names,
//! from the source root), `{root}` (that source root), `{KEY}` (an earlier finding) and `{KEY@capture}` (what the rule
//! captured that found it); behind a colon stand `path` (dots become slashes), `first` (the part before the first
//! slash), `last`, `lower`. Keys that begin with `facts.` are for other rules only.
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::spec::When;

/// One text or several.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(untagged)]
pub enum Texts {
    /// None.
    #[default]
    None,
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Texts {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Self::None => &[],
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

/// What makes a folder one of this language.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// Each that holds adds its weight.
    #[serde(default)]
    pub signals: Vec<Signal>,
    /// Patterns of paths that are not the program: no rule with a glob looks there.
    #[serde(default)]
    pub aside: Vec<String>,
    /// Files that make a folder below the root a project of its own: rules with a glob stay out of it.
    #[serde(default)]
    pub boundary: Vec<String>,
    /// Files at the top that join such projects into one: then nothing is left out.
    #[serde(default)]
    pub joined: Texts,
    /// Folders that modules are named from.
    #[serde(default)]
    pub root: Vec<Root>,
    /// How a comment of one line begins: no rule reads such lines, unless it says so.
    #[serde(default)]
    pub comment: String,
    /// Names of files, without what stands behind the dot, that are the module of their folder.
    #[serde(default)]
    pub folder_files: Vec<String>,
    /// How dependency names are compared: `lower`, or `dashes` (lower, and `-`, `_`, `.` are one).
    #[serde(default)]
    pub normalize: String,
    /// Values that a key never means, such as the ports of databases.
    #[serde(default)]
    pub never: BTreeMap<String, Vec<toml::Value>>,
    /// Values that must be known.
    #[serde(default)]
    pub need: Vec<Need>,
}

/// A folder that modules are named from, beside the top one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// Patterns of files; the folder that holds one is a root.
    pub beside: Texts,
    /// How many folders above that one.
    #[serde(default)]
    pub up: usize,
    /// What none of those files may hold.
    pub without: Option<String>,
    /// None of these may be in the folder.
    #[serde(default)]
    pub missing: Texts,
    /// What one of its files must hold; `{1}` makes the paths of `siblings`.
    pub regex: Option<String>,
    /// One of these must be in the folder, and not at the top: then the name was meant from here.
    #[serde(default)]
    pub siblings: Texts,
}

/// One sign of a language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// Exact paths.
    #[serde(default)]
    pub file: Texts,
    /// Patterns.
    #[serde(default)]
    pub glob: Texts,
    /// What must be in it.
    pub regex: Option<String>,
    /// What it counts; below nothing, it speaks against the language.
    pub weight: i32,
    /// How many files count, each with the weight.
    #[serde(default = "one")]
    pub up_to: u32,
}

fn one() -> u32 {
    1
}

/// A value that must be known, or something that stands against any result.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The key; without one, nothing but the repository itself can mend it.
    pub key: Option<String>,
    /// Only then.
    #[serde(default)]
    pub when: When,
    /// Why, in one line.
    pub reason: String,
    /// What to do.
    pub help: String,
}

/// Where dependencies are listed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DependencyList {
    /// Exact paths.
    #[serde(default)]
    pub file: Texts,
    /// Patterns.
    #[serde(default)]
    pub glob: Texts,
    /// Patterns of paths that are left out.
    #[serde(default)]
    pub except: Vec<String>,
    /// Captures `name`, `version`, `extras`; over the file, or over what a path found.
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
    /// Key of the name within an entry.
    pub name: Option<String>,
    /// Key of the version within an entry.
    pub version: Option<String>,
    /// The list holds dependencies of dependencies too.
    #[serde(default)]
    pub transitive: bool,
}

/// How a value is read.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum As {
    /// As it stands.
    #[default]
    Text,
    /// A whole number.
    Integer,
    /// Items between commas or blanks.
    List,
    /// The words of a command.
    Words,
    /// A version: the line it belongs to.
    Exact,
    /// A version: the line it belongs to, while that is supported.
    Supported,
    /// The least version that will do: the newest supported line from there on.
    Minimum,
    /// A range of versions: the newest supported line within.
    Range,
    /// A range that no line is in: the usual line, as a guess.
    Outside,
}

/// How sure a rule is.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Not taken without a word: it is asked, or must be said.
    Guess,
    /// Taken, and shown as likely.
    Likely,
    /// Taken.
    #[default]
    Certain,
}

impl Confidence {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// What decides between several values of one rule.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Pick {
    /// Nothing: they are alternatives, and it is asked.
    #[default]
    Ask,
    /// The shallowest path, then the first.
    First,
    /// Nothing: several mean that none is meant.
    Only,
    /// All of them: they are items of a list.
    All,
}

/// A rule that fills a key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of its own")]
pub struct Find {
    /// The key.
    pub key: String,
    /// The rule's name within the key.
    pub id: String,
    /// Exact paths.
    #[serde(default)]
    pub file: Texts,
    /// Patterns.
    #[serde(default)]
    pub glob: Texts,
    /// Patterns of paths that are left out.
    #[serde(default)]
    pub except: Vec<String>,
    /// A folder whose files come first; what they give is all that counts, and `except` does not concern them.
    pub near: Option<String>,
    /// Whether `aside` and `boundary` of the language are not heeded.
    #[serde(default)]
    pub everywhere: bool,
    /// Whether comments are read too.
    #[serde(default)]
    pub comments: bool,
    /// What must be in it; captures make the value.
    pub regex: Option<String>,
    /// What must be somewhere in the file as well.
    pub with: Option<String>,
    /// What must not be in the file.
    pub without: Option<String>,
    /// Path in TOML.
    pub toml: Option<String>,
    /// Path in JSON.
    pub json: Option<String>,
    /// Path in YAML.
    pub yaml: Option<String>,
    /// Path in XML.
    pub xml: Option<String>,
    /// Name of a variable in `KEY=value` lines.
    pub variable: Option<String>,
    /// Name of a process in a Procfile.
    pub process: Option<String>,
    /// An instruction of a Dockerfile's last stage, `FROM` of any, or `START`: what its image starts.
    pub instruction: Option<String>,
    /// One of these dependencies.
    #[serde(default)]
    pub dependency: Texts,
    /// Only those that the project names itself.
    #[serde(default)]
    pub direct: bool,
    /// All dependencies that `[[native]]` knows, less these.
    pub native: Option<Vec<String>>,
    /// The value; without one, the first capture, or what was found.
    pub value: Option<toml::Value>,
    /// How it is read.
    #[serde(default, rename = "as")]
    pub kind: As,
    /// Other values for some of those that are found.
    #[serde(default)]
    pub map: BTreeMap<String, toml::Value>,
    /// One of these paths, files or folders, must be there.
    #[serde(default)]
    pub exists: Texts,
    /// None of these paths may be there.
    #[serde(default)]
    pub missing: Texts,
    /// Regular expressions over values that are not meant.
    #[serde(default)]
    pub not: Vec<String>,
    /// Regular expressions over values: only those that fit one are meant.
    #[serde(default)]
    pub fit: Vec<String>,
    /// Whether values count that the language's `never` has.
    #[serde(default)]
    pub ever: bool,
    /// Regular expressions over values: the first that fits one decides.
    #[serde(default)]
    pub prefer: Vec<String>,
    /// What decides where `prefer` does not.
    #[serde(default)]
    pub pick: Pick,
    /// A capture that groups what is found: of each group the greatest capture `version` counts, of those the least; a
    /// group in which something has none sets no bound.
    pub per: Option<String>,
    /// Adds to what earlier rules of the key gave.
    #[serde(default)]
    pub add: bool,
    /// Whether the build needs the file that it was found in.
    #[serde(default)]
    pub used: bool,
    /// How sure it is.
    #[serde(default)]
    pub confidence: Confidence,
    /// How sure it is of what is not in the folder of `near`.
    pub far: Option<Confidence>,
    /// It only shows what is not taken, for this reason.
    pub reject: Option<String>,
    /// Said with the finding, as a warning.
    pub warn: Option<String>,
    /// Only then; keys are earlier findings.
    #[serde(default)]
    pub when: When,
}
