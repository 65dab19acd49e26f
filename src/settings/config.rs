//! `config.toml`: a person's own defaults. They shape what `new` and `init` write into a spec, and nothing after that:
//! the same spec gives the same files on every machine.
use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use serde::Deserialize;
use toml::Spanned;

use crate::report::{Diagnostic, Document, Place};
use crate::spec::{Source, Sourced, Value, check, core_fields};

/// The label that names the licence of what is in an image.
pub const LICENSE: &str = "org.opencontainers.image.licenses";

/// A person's defaults.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The folder that it is in, also where it is missing; relative paths start there. Empty when none is to be read.
    pub folder: Utf8PathBuf,
    /// Beginnings of addresses whose templates are taken without a question.
    pub trusted: Vec<String>,
    /// Language folders by name, with where each is said.
    pub templates: BTreeMap<String, (String, Place)>,
    /// Values of the spec, by key.
    pub defaults: Vec<(String, Sourced)>,
    /// The licence, which is a label beside others.
    pub license: Option<Sourced>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    registry: Option<Spanned<String>>,
    license: Option<Spanned<String>>,
    runtime: Option<Spanned<String>>,
    trusted: Vec<String>,
    templates: BTreeMap<String, Spanned<String>>,
}

impl Config {
    /// Reads the text of a configuration.
    pub fn parse(document: &Arc<Document>, folder: Utf8PathBuf) -> Result<Self, Vec<Diagnostic>> {
        let file: File = toml::from_str(&document.text).map_err(|error| {
            let place = Place::new(document, error.span().unwrap_or(0..0));
            let message = "the configuration cannot be read";
            vec![Diagnostic::error("broken-config", message).at(&place, error.message())]
        })?;
        let sourced = |text: &Spanned<String>| Sourced {
            value: Value::Text(text.get_ref().clone()),
            source: Source::Setting(Place::new(document, text.span())),
        };
        let places = |(name, address): (String, Spanned<String>)| {
            let place = Place::new(document, address.span());
            (name, (address.into_inner(), place))
        };
        let keys = [
            ("images.registry", &file.registry),
            ("runtime", &file.runtime),
        ];
        let said = keys
            .iter()
            .filter_map(|(key, text)| Some((*key, text.as_ref()?)));
        let config = Self {
            folder,
            defaults: said
                .map(|(key, text)| (key.to_owned(), sourced(text)))
                .collect(),
            license: file.license.as_ref().map(sourced),
            trusted: file.trusted,
            templates: file.templates.into_iter().map(places).collect(),
        };
        let wrong = config.wrong();
        if wrong.is_empty() {
            Ok(config)
        } else {
            Err(wrong)
        }
    }

    /// Values that the spec would not take.
    fn wrong(&self) -> Vec<Diagnostic> {
        let fields = core_fields();
        let mut wrong = Vec::new();
        for (key, sourced) in &self.defaults {
            let field = fields.iter().find(|field| field.key == *key);
            // Runtimes differ from language to language: where there is none of that name, the default stays.
            let field = field.filter(|_| key != "runtime");
            if let Some(Err(refusal)) = field.map(|field| check::check(field, &sourced.value)) {
                let message = format!("`{key}` cannot be this");
                let diagnostic = Diagnostic::error("wrong-value", message);
                wrong.push(diagnostic.at_maybe(sourced.source.place(), refusal.message));
            }
        }
        for (name, (_, place)) in &self.templates {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if name.is_empty() || !name.chars().all(plain) || name.starts_with('-') {
                let message = format!("`{}` cannot name a template", name.escape_debug());
                let label = "small letters, digits and dashes";
                wrong.push(Diagnostic::error("wrong-value", message).at(place, label));
            }
        }
        wrong
    }
}
