//! `templates/policy.toml`: the keys of a policy, and what its rules say of themselves.
use std::sync::OnceLock;

use serde::Deserialize;

use crate::prepared;
use crate::report::Severity;
use crate::spec::Field;

/// What a rule says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Its stable name, `policy/…`.
    pub id: String,
    /// How bad it is: `warning` or `error`.
    pub severity: String,
    /// One line.
    pub title: String,
    /// One paragraph.
    pub reason: String,
    /// A policy that has it.
    pub policy: String,
    /// What the two examples are: a `Dockerfile` or a `scaffold.toml`.
    pub file: String,
    /// One that breaks it.
    pub bad: String,
    /// The same, mended.
    pub good: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    key: Vec<Field>,
    rule: Vec<Words>,
}

fn read() -> &'static File {
    static FILE: OnceLock<File> = OnceLock::new();
    FILE.get_or_init(|| prepared::read(prepared::POLICY))
}

/// The keys of a policy, but for those below `require` and `forbid`.
pub(super) fn fields() -> &'static [Field] {
    &read().key
}

/// All rules, sorted by name.
pub fn all() -> &'static [Words] {
    &read().rule
}

/// The rule of that name.
pub fn find(id: &str) -> Option<&'static Words> {
    all().iter().find(|rule| rule.id == id)
}

impl Words {
    /// How bad what it finds is.
    pub(super) fn severity(&self) -> Severity {
        match self.severity.as_str() {
            "warning" => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// All that it says, as a text for people.
    pub fn explain(&self) -> String {
        let example = |name: &str, text: &str| {
            let lines = text.trim_end().lines();
            let lines: Vec<_> = lines
                .map(|line| format!("    {line}").trim_end().to_owned())
                .collect();
            format!("{name}:\n\n{}\n", lines.join("\n"))
        };
        format!(
            "{} ({})\n\n{}.\n\n{}\n\n{}\n{}\n{}",
            self.id,
            self.severity,
            self.title,
            self.reason,
            example("With this policy", &self.policy),
            example("Bad", &self.bad),
            example("Good", &self.good),
        )
    }
}
