//! One text of a spec with several services: what holds for all of them, and the part of each.
use std::borrow::Cow;
use std::sync::Arc;

use regex::Regex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::parse::{self, Layer};
use super::TABLE;
use crate::report::{Diagnostic, Document, Place};
use crate::spec::Field;

/// What a service may be called: it names an image, a file and a key.
const NAME: &str = "^[a-z0-9]+(?:[_-]+[a-z0-9]+)*$";

type Key<'a> = Spanned<Cow<'a, str>>;

/// A text with what TOML makes of it.
pub(super) struct Text<'a> {
    document: &'a Arc<Document>,
    table: Spanned<DeTable<'a>>,
    errors: Vec<toml::de::Error>,
}

/// What one text says of one service.
pub(super) struct Part<'a> {
    pub(super) document: &'a Arc<Document>,
    pub(super) name: &'a str,
    pub(super) place: Place,
    pub(super) table: &'a DeTable<'a>,
}

impl<'a> Text<'a> {
    pub(super) fn parse(document: &'a Arc<Document>) -> Self {
        let (table, errors) = DeTable::parse_recoverable(&document.text);
        Self {
            document,
            table,
            errors,
        }
    }

    /// What holds for all services.
    pub(super) fn shared(&self, core: &[Field]) -> Layer {
        if !self.errors.is_empty() {
            let errors = self.errors.iter();
            return Layer {
                diagnostics: errors
                    .map(|error| parse::syntax(self.document, error))
                    .collect(),
                ..Layer::default()
            };
        }
        let mut rest = self.table.get_ref().clone();
        rest.remove(TABLE);
        let fields: Vec<_> = core
            .iter()
            .filter(|field| field.shared || field.once)
            .cloned()
            .collect();
        let mut layer = parse::read_table(self.document, "", &rest, &fields);
        for diagnostic in &mut layer.diagnostics {
            explain(diagnostic, core);
        }
        layer
    }

    pub(super) fn services(&'a self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Part<'a>> {
        let Some(value) = self.table.get_ref().get(TABLE) else {
            return Vec::new();
        };
        let (true, Some(table)) = (self.errors.is_empty(), value.get_ref().as_table()) else {
            if self.errors.is_empty() {
                diagnostics.push(self.not_a_table(TABLE, value));
            }
            return Vec::new();
        };
        let parts = table.iter().map(|(key, value)| self.part(key, value));
        let (good, bad): (Vec<_>, Vec<_>) = parts.partition(Result::is_ok);
        diagnostics.extend(bad.into_iter().filter_map(Result::err));
        good.into_iter().filter_map(Result::ok).collect()
    }

    fn part(
        &'a self,
        key: &'a Key<'a>,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Result<Part<'a>, Diagnostic> {
        let name = key.get_ref().as_ref();
        let place = Place::new(self.document, key.span());
        if !Regex::new(NAME).is_ok_and(|regex| regex.is_match(name)) {
            let message = format!("`{}` cannot be a service's name", name.escape_debug());
            return Err(Diagnostic::error("wrong-value", message).at(
                &place,
                "expected small letters and digits, with `-` or `_` between them",
            ));
        }
        match value.get_ref() {
            DeValue::Table(table) => Ok(Part {
                document: self.document,
                name,
                place,
                table,
            }),
            _ => Err(self.not_a_table(&parse::join(TABLE, name), value)),
        }
    }

    fn not_a_table(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Diagnostic {
        Diagnostic::error("wrong-type", format!("`{name}` is a table"))
            .at(&Place::new(self.document, value.span()), "expected a table")
            .help("[services.api], with path = \"services/api\" and lang = \"…\"")
    }
}

/// A key that is known but belongs to a service says so.
fn explain(diagnostic: &mut Diagnostic, core: &[Field]) {
    let name = diagnostic.message.trim_start_matches("unknown key `");
    let name = name.trim_end_matches('`');
    let table = name.split('.').next().unwrap_or_default();
    let known = table == "options" || core.iter().any(|field| field.key == name);
    if diagnostic.code == "unknown-key" && known {
        diagnostic.help = Some(format!("it belongs to a service: services.NAME.{name}"));
        diagnostic.message = format!("`{name}` cannot hold for all services");
        "of one service".clone_into(&mut diagnostic.label);
    }
}
