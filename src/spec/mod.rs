//! What the user said: `scaffold.toml`, flags and answers, each value with its place. Small; everything but the
//! language may be left out.
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

pub mod argument;
pub mod check;
pub mod edit;
pub mod field;
pub mod name;
pub mod parse;
pub mod schema;
pub mod services;
pub mod value;
pub mod write;

pub use field::{Choice, Field, Kind, When};
pub use value::{Source, Sourced, Value};

use crate::prepared;
use crate::report::{Diagnostic, Document, Place};

/// The file's name in a project.
pub const FILE: &str = "scaffold.toml";

/// A step to take after writing, printed and never run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextStep {
    /// The command, with `{key}` for values.
    pub run: String,
    /// What it is for.
    pub why: String,
    /// Only after `new`, which wrote the sample.
    #[serde(default)]
    pub sample: bool,
    /// Whether it is of all services together.
    #[serde(default)]
    pub once: bool,
    /// Only then is it shown.
    #[serde(default)]
    pub when: When,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoreFile {
    key: Vec<Field>,
    service: Vec<Field>,
    next: Vec<NextStep>,
}

/// Read once a run: it is asked for by every room that knows fields.
fn core_file() -> &'static CoreFile {
    static FILE: OnceLock<CoreFile> = OnceLock::new();
    FILE.get_or_init(|| prepared::read(prepared::SPEC))
}

/// The keys that every language has, as `templates/spec.toml` describes them.
pub fn core_fields() -> Vec<Field> {
    core_file().key.clone()
}

/// The keys that only a service of several has.
pub fn service_keys() -> Vec<Field> {
    core_file().service.clone()
}

/// The next steps that every language has.
pub fn core_next_steps() -> Vec<NextStep> {
    core_file().next.clone()
}

/// All values that were said, the strongest source winning, and what was wrong with the texts.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    /// Values by dotted key.
    pub values: BTreeMap<String, Sourced>,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl Spec {
    /// Reads the documents, weakest first. Tables of texts are joined key by key, everything else is replaced.
    pub fn read(documents: &[Arc<Document>], fields: &[Field]) -> Self {
        let mut spec = Self::default();
        spec.read_more(documents, fields);
        spec
    }

    /// Lets the documents win over what is there.
    pub fn read_more(&mut self, documents: &[Arc<Document>], fields: &[Field]) {
        for document in documents {
            self.add(parse::read(document, fields));
        }
    }

    /// Lets what one text gave win over what is there.
    pub fn add(&mut self, layer: parse::Layer) {
        self.diagnostics.extend(layer.diagnostics);
        for (key, sourced) in layer.values {
            self.overlay(key, sourced);
        }
    }

    /// Lets `sourced` win over what is there.
    pub fn overlay(&mut self, key: String, sourced: Sourced) {
        let old = self.values.remove(&key).map(|old| old.value);
        let value = match (old, sourced.value) {
            (Some(Value::Map(mut old)), Value::Map(new)) => {
                old.extend(new);
                Value::Map(old)
            }
            (_, new) => new,
        };
        let source = sourced.source;
        self.values.insert(key, Sourced { value, source });
    }
}

/// The last text that `key` has in the documents, before any other check.
pub fn peek(documents: &[Arc<Document>], key: &str) -> Option<String> {
    documents
        .iter()
        .rev()
        .find_map(|document| parse::peek(document, key))
}

/// The same, with its place.
pub fn peek_place(documents: &[Arc<Document>], key: &str) -> Option<(String, Place)> {
    documents.iter().rev().find_map(|document| {
        let (text, span) = parse::peek_span(document, key)?;
        Some((text, Place::new(document, span)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let spec = Spec::read(&[Document::file(FILE, text)], &core_fields());
        spec.diagnostics.into_iter().map(|d| d.message).collect()
    }

    #[test]
    fn all_faults_of_a_file_are_found_at_once() {
        let found = messages(
            "prot = 1\nport = 'x'\n[production]\nuser = 0\nenv = 3\nlabel = 1\n[build.x]\n",
        );
        assert_eq!(found.len(), 6, "{found:?}");
    }

    #[test]
    fn an_unquoted_version_is_told_how_to_be_written() {
        let spec = Spec::read(&[Document::file(FILE, "version = 3.10")], &core_fields());
        let help = spec.diagnostics[0].help.clone().unwrap();
        assert_eq!(help, "put it in quotes: \"3.10\"");
    }

    #[test]
    fn arguments_win_and_keep_a_version_as_text() {
        let documents = [
            Document::file(FILE, "version = '3.9'\n[production.env]\nA = '1'"),
            argument::from_assignment("--set", "version=3.10").unwrap(),
            argument::from_assignment("--set", "production.env.B=2").unwrap(),
        ];
        let spec = Spec::read(&documents, &core_fields());
        assert!(spec.diagnostics.is_empty(), "{:?}", spec.diagnostics);
        assert_eq!(spec.values["version"].value, Value::Text("3.10".into()));
        assert_eq!(spec.values["production.env"].value.display(), "A=1 B=2");
    }
}
