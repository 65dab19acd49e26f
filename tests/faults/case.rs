//! A case: where to look at a rule's examples, and what is to be seen there.
use std::collections::BTreeMap;
use std::path::PathBuf;

use libtest_mimic::Failed;
use serde::Deserialize;

/// A file of `tests/faults/cases`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// Where to look, and what is there.
    #[serde(rename = "see")]
    pub(crate) sight: Option<Sight>,
    /// Why the fault cannot be seen in a test.
    pub(crate) unseen: Option<String>,
    /// Files of the context, beside those of `tests/faults/project` and those that the rule names; they win.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// Texts of both examples in whose place another stands: addresses, packages, bases that a test cannot have.
    #[serde(default)]
    swap: BTreeMap<String, String>,
    /// Images in whose place one stands that `tests/faults/bases` makes, by its folder.
    #[serde(default)]
    pub(crate) bases: BTreeMap<String, String>,
    /// Further arguments of the build; `{folder}` is the context.
    #[serde(default)]
    pub(crate) build: Vec<String>,
    /// Further options of the container.
    #[serde(default)]
    pub(crate) options: Vec<String>,
}

/// Where to look, and what is to be seen.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sight {
    /// What is looked at.
    pub(crate) at: At,
    /// What is asked there: a command, a path, a port.
    #[serde(default)]
    pub(crate) ask: String,
    /// The bad example shows this, and the good one must not.
    pub(crate) bad: String,
    /// The good example shows this.
    pub(crate) good: String,
}

/// What may be looked at.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum At {
    /// `built`, or `failed` and what the build said.
    Build,
    /// Which steps ran again after an edit of the file that is asked for: `ran: …` or `kept: …`.
    Again,
    /// What the container says, and `running` or its exit code.
    Run,
    /// The exit code after it was asked to stop.
    Stop,
    /// What became of the health check.
    Health,
    /// The answer at a port.
    Port,
    /// What a command says that a shell in the container runs.
    Shell,
    /// The image's configuration, by the engine's format.
    Configuration,
    /// The image's history.
    History,
    /// The paths of each layer, with the instruction that made it.
    Layers,
    /// A file of the image: its text, or the machine that a program is for.
    File,
}

/// Where the cases are.
pub(crate) fn folder() -> PathBuf {
    crate::repository().join("tests/faults/cases")
}

impl Case {
    /// The case of a rule.
    pub(crate) fn of(rule: &str) -> Result<Self, Failed> {
        let path = folder().join(format!("{rule}.toml"));
        let text = fs_err::read_to_string(&path)?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// An example as it is built.
    pub(crate) fn swapped(&self, example: &str) -> String {
        let swap = |text: String, (from, to): (&String, &String)| text.replace(from, to);
        self.swap.iter().fold(example.trim_start().to_owned(), swap)
    }

    /// What is to be swapped and stands in neither example.
    pub(crate) fn useless_swap(&self, examples: &str) -> Option<&String> {
        self.swap.keys().find(|from| !examples.contains(*from))
    }
}
