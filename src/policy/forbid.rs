//! `[forbid]`: keys of the spec with the values that they may not have.
use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::file::not_a_table;
use crate::report::{Diagnostic, Document, Place, nearest};
use crate::spec::field::{When, holds};
use crate::spec::parse::{from_toml, join};
use crate::spec::{Field, Kind, Value, check, core_fields};

/// What stands for a value: see [`holds`].
const FORMS: &str = "a value, a list of values, `true` for any value, or { not = … } for any other";

/// A key and what it may not be.
#[derive(Clone, Debug)]
pub(super) struct Forbidden {
    pub(super) key: String,
    pub(super) place: Place,
    when: When,
}

impl Forbidden {
    /// Whether a value is forbidden.
    pub(super) fn forbids(&self, value: &Value) -> bool {
        holds(&self.when, |_| Some(value))
    }

    /// What it may not be, for people.
    pub(super) fn words(&self) -> String {
        let wanted = self.when.values().map(ToString::to_string);
        format!("forbid.{} = {}", self.key, wanted.collect::<String>())
    }
}

/// Reads the table, and tells what is wrong with it.
pub(super) fn read(
    document: &Arc<Document>,
    value: &DeValue<'_>,
    span: Range<usize>,
) -> (Vec<Forbidden>, Vec<Diagnostic>) {
    let mut reader = Reader {
        document,
        fields: core_fields(),
        forbidden: Vec::new(),
        wrong: Vec::new(),
    };
    match value.as_table() {
        Some(table) => reader.table("", table),
        None => reader
            .wrong
            .push(not_a_table("forbid", &reader.place(span))),
    }
    (reader.forbidden, reader.wrong)
}

struct Reader<'a> {
    document: &'a Arc<Document>,
    fields: Vec<Field>,
    forbidden: Vec<Forbidden>,
    wrong: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        Place::new(self.document, span)
    }

    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = join(prefix, key.get_ref());
            let field = self.fields.iter().find(|field| field.key == path).cloned();
            let is_option = path.starts_with("options.");
            match value.get_ref().as_table() {
                Some(inner) if field.is_none() && self.has_below(&path) => self.table(&path, inner),
                _ if field.is_some() || is_option => {
                    self.value(path, field.as_ref(), value.get_ref(), value.span());
                }
                _ => self.unknown(prefix, key.get_ref(), key.span()),
            }
        }
    }

    fn has_below(&self, path: &str) -> bool {
        let below = format!("{path}.");
        path == "options"
            || self
                .fields
                .iter()
                .any(|field| field.key.starts_with(&below))
    }

    fn value(
        &mut self,
        key: String,
        field: Option<&Field>,
        value: &DeValue<'_>,
        span: Range<usize>,
    ) {
        let place = self.place(span);
        let converted = from_toml(value);
        let refusal = match (&converted, field) {
            (None, _) => Some(format!("expected {FORMS}")),
            (Some(value), field) => refusal(value, field),
        };
        match (refusal, converted) {
            (None, Some(value)) => self.forbidden.push(Forbidden {
                when: [(key.clone(), value.into())].into(),
                key,
                place,
            }),
            (refusal, _) => {
                let message = format!("`forbid.{}` cannot be this", key.escape_debug());
                let wrong = Diagnostic::error("wrong-value", message);
                self.wrong
                    .push(wrong.at(&place, refusal.unwrap_or_default()));
            }
        }
    }

    fn unknown(&mut self, prefix: &str, key: &str, span: Range<usize>) {
        let names = self.fields.iter().filter_map(|field| match prefix {
            "" => field.key.split('.').next(),
            _ => field.key.strip_prefix(prefix)?.strip_prefix('.'),
        });
        let mut names: Vec<_> = names
            .chain((prefix.is_empty()).then_some("options"))
            .collect();
        names.dedup();
        let path = join("forbid", &join(prefix, key));
        let message = format!("unknown key `{}`", path.escape_debug());
        let mut wrong = Diagnostic::error("unknown-key", message)
            .at(&self.place(span), "nothing has this name")
            .because(format!("allowed here: {}", names.join(", ")));
        wrong.help = nearest(key, names).map(|name| {
            let path = join("forbid", &join(prefix, name));
            format!("did you mean `{path}`?")
        });
        self.wrong.push(wrong);
    }
}

/// Why a condition could never hold.
fn refusal(value: &Value, field: Option<&Field>) -> Option<String> {
    match value {
        Value::Bool(_) => None,
        Value::Map(entries) => match entries.get("not") {
            Some(inner) if entries.len() == 1 && !matches!(inner, Value::Map(_)) => {
                refusal(inner, field)
            }
            _ => Some(format!("expected {FORMS}")),
        },
        Value::List(items) if items.is_empty() => {
            Some("it is empty and forbids nothing".to_owned())
        }
        Value::List(items) => items.iter().find_map(|item| match item {
            Value::List(_) | Value::Map(_) => Some(format!("expected {FORMS}")),
            item => refusal(item, field),
        }),
        one => fits(one, field?),
    }
}

/// Whether a field could have this value, or this item.
fn fits(value: &Value, field: &Field) -> Option<String> {
    let whole = match field.kind {
        // Choices of a language are not known here.
        Kind::Choice if field.choices.is_empty() => return None,
        Kind::List | Kind::Paths => Value::List(vec![value.clone()]),
        Kind::Map => return Some("expected `true`: a table is forbidden as a whole".to_owned()),
        _ => value.clone(),
    };
    check::check(field, &whole)
        .err()
        .map(|refusal| refusal.message)
}
