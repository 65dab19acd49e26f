//! TOML text → values with places. All faults of a text are found at once, not one by one.
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::check::check;
use super::field::{Field, Kind};
use super::value::{Source, Sourced, Value};
use crate::report::{Diagnostic, Document, Place, nearest};

/// What one text gave: its good values by dotted key, and everything wrong with it.
#[derive(Debug, Default)]
pub struct Layer {
    /// Values by dotted key.
    pub values: BTreeMap<String, Sourced>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a text against the fields it may have.
pub fn read(document: &Arc<Document>, fields: &[Field]) -> Layer {
    let (table, errors) = DeTable::parse_recoverable(&document.text);
    // What the parser recovered of a broken text is not what the user meant: only the breaks are told.
    if errors.is_empty() {
        return read_table(document, "", table.get_ref(), fields);
    }
    let diagnostics = errors.iter().map(|error| syntax(document, error));
    Layer {
        diagnostics: diagnostics.collect(),
        ..Layer::default()
    }
}

/// Reads one table of a text; `base` is the table's own dotted name.
pub fn read_table(
    document: &Arc<Document>,
    base: &str,
    table: &DeTable<'_>,
    fields: &[Field],
) -> Layer {
    let mut reader = Reader {
        document,
        base,
        fields,
        layer: Layer::default(),
    };
    reader.table("", table);
    reader.layer
}

/// What the parser says of a broken text.
pub fn syntax(document: &Arc<Document>, error: &toml::de::Error) -> Diagnostic {
    let place = Place::new(document, error.span().unwrap_or(0..0));
    Diagnostic::error("syntax", format!("not TOML: {}", error.message())).at(&place, "")
}

/// The text of one top-level key, without any other check: needed before the fields are known.
pub fn peek(document: &Document, key: &str) -> Option<String> {
    peek_span(document, key).map(|(text, _)| text)
}

/// The same, with where it stands.
pub fn peek_span(document: &Document, key: &str) -> Option<(String, Range<usize>)> {
    let (table, _) = DeTable::parse_recoverable(&document.text);
    let value = table.get_ref().get(key)?;
    Some((value.get_ref().as_str()?.to_owned(), value.span()))
}

struct Reader<'a> {
    document: &'a Arc<Document>,
    /// The dotted name of the table that `fields` are the keys of; empty for the text itself.
    base: &'a str,
    fields: &'a [Field],
    layer: Layer,
}

impl Reader<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        Place::new(self.document, span)
    }

    /// A key as it is called in the whole text.
    fn shown(&self, key: &str) -> String {
        join(self.base, key)
    }

    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = join(prefix, key.get_ref());
            let below = format!("{path}.");
            if let Some(field) = self.fields.iter().find(|field| field.key == path) {
                self.field(field, value);
            } else if self
                .fields
                .iter()
                .any(|field| field.key.starts_with(&below))
            {
                match value.get_ref() {
                    DeValue::Table(inner) => self.table(&path, inner),
                    _ => self.not_a_table(&path, value.span()),
                }
            } else {
                self.unknown(prefix, key);
            }
        }
    }

    fn not_a_table(&mut self, path: &str, span: Range<usize>) {
        let shown = self.shown(path);
        let diagnostic = Diagnostic::error("wrong-type", format!("`{shown}` is a table"))
            .at(&self.place(span), "expected a table")
            .because(format!("its keys: {}", self.siblings(path).join(", ")));
        self.layer.diagnostics.push(diagnostic);
    }

    fn unknown(&mut self, prefix: &str, key: &Spanned<std::borrow::Cow<'_, str>>) {
        let path = join(prefix, key.get_ref());
        let siblings = self.siblings(prefix);
        let mut diagnostic = Diagnostic::error(
            "unknown-key",
            format!("unknown key `{}`", self.shown(&path).escape_debug()),
        )
        .at(&self.place(key.span()), "nothing has this name")
        .because(format!("allowed here: {}", siblings.join(", ")));
        if let Some(name) = nearest(key.get_ref(), siblings.iter().copied()) {
            let name = self.shown(&join(prefix, name));
            diagnostic = diagnostic.help(format!("did you mean `{name}`?"));
        }
        self.layer.diagnostics.push(diagnostic);
    }

    /// The keys that may stand directly below `prefix`.
    fn siblings(&self, prefix: &str) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .fields
            .iter()
            .filter_map(|field| match prefix {
                "" => Some(field.key.as_str()),
                _ => field.key.strip_prefix(prefix)?.strip_prefix('.'),
            })
            .filter_map(|rest| rest.split('.').next())
            .collect();
        names.dedup();
        names
    }

    fn field(&mut self, field: &Field, value: &Spanned<DeValue<'_>>) {
        // A dotted key's table has no place of its own on the command line.
        let whole = self.document.is_argument && field.kind == Kind::Map;
        let place = self.place(if whole { 0..usize::MAX } else { value.span() });
        let converted = match self.convert(field, value, &place) {
            Ok(converted) => converted,
            Err(help) => {
                let expected = format!("expected {}", field.allowed());
                return self.refuse(field, &place, expected, Some(help));
            }
        };
        match check(field, &converted) {
            Ok(()) => self.accept(field, converted, place),
            Err(refusal) => self.refuse(field, &place, refusal.message, refusal.help),
        }
    }

    fn accept(&mut self, field: &Field, value: Value, place: Place) {
        let source = if self.document.is_argument {
            Source::Flag(place)
        } else {
            Source::Spec(place)
        };
        let sourced = Sourced { value, source };
        self.layer.values.insert(field.key.clone(), sourced);
    }

    fn refuse(&mut self, field: &Field, place: &Place, label: String, help: Option<String>) {
        let shown = self.shown(&field.key);
        let mut diagnostic =
            Diagnostic::error("wrong-value", format!("`{shown}` cannot be this")).at(place, label);
        diagnostic.help = help;
        self.layer.diagnostics.push(diagnostic);
    }

    /// A value of the command line is a text until its field says otherwise: `--set version=3.10` must not become the
    /// number 3.1, and `--set production.copy=a,b` is a list.
    fn convert(
        &self,
        field: &Field,
        value: &Spanned<DeValue<'_>>,
        place: &Place,
    ) -> Result<Value, String> {
        let scalar = !matches!(value.get_ref(), DeValue::Array(_) | DeValue::Table(_));
        if self.document.is_argument && scalar {
            let text = value.get_ref().as_str().unwrap_or_else(|| place.text());
            match field.kind {
                Kind::List | Kind::Paths => return Ok(split(text)),
                Kind::String | Kind::Choice | Kind::Path if !is_false(field, text) => {
                    return Ok(Value::Text(text.to_owned()));
                }
                _ => {}
            }
        }
        match value.get_ref() {
            DeValue::Table(entries) if self.document.is_argument && field.kind == Kind::Map => {
                Ok(self.texts(entries))
            }
            other => {
                from_toml(other).ok_or_else(|| format!("put it in quotes: \"{}\"", place.text()))
            }
        }
    }

    /// `--set production.env.RETRIES=3`: the table's values as they were typed.
    fn texts(&self, entries: &DeTable<'_>) -> Value {
        let text = |value: &Spanned<DeValue<'_>>| match value.get_ref().as_str() {
            Some(text) => text.to_owned(),
            None => self.place(value.span()).text().to_owned(),
        };
        let entry = |(key, value): (&Spanned<_>, &Spanned<_>)| {
            let key: &std::borrow::Cow<'_, str> = key.get_ref();
            (key.to_string(), Value::Text(text(value)))
        };
        Value::Map(entries.iter().map(entry).collect())
    }
}

fn is_false(field: &Field, text: &str) -> bool {
    field.or_false && text == "false"
}

fn split(text: &str) -> Value {
    let items = text.split(',').filter(|item| !item.is_empty());
    Value::List(items.map(|item| Value::Text(item.to_owned())).collect())
}

/// A key below a table's dotted name.
pub fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_owned()
    } else {
        format!("{prefix}.{key}")
    }
}

/// `None` for floats and dates, anywhere in the value, and for numbers beyond 64 bits.
pub fn from_toml(value: &DeValue<'_>) -> Option<Value> {
    Some(match value {
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()?)
        }
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| from_toml(item.get_ref()))
                .collect::<Option<_>>()?,
        ),
        DeValue::Table(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, value)| Some((key.get_ref().to_string(), from_toml(value.get_ref())?)))
                .collect::<Option<_>>()?,
        ),
        DeValue::Float(_) | DeValue::Datetime(_) => return None,
    })
}
