//! One `scaffold-policy.toml`, read.
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use toml::de::{DeTable, DeValue};

use super::forbid::{self, Forbidden};
use super::words;
use crate::report::{Diagnostic, Document, Place};
use crate::spec::parse::{self, Layer};
use crate::spec::{Field, Source, Sourced, Value, core_fields};

/// Keys of a spec that have a word of their own in a policy, or are each project's own.
const NOT_REQUIRED: [&str; 6] = [
    "lang",
    "template",
    "name",
    "images.registry",
    "production.labels",
    "production.user",
];
/// As many labels as a policy may name.
const MOST_LABELS: usize = 100;
/// As much as a pattern of a label may take when it is compiled, in bytes.
const LARGEST_PATTERN: usize = 1 << 20;

/// Something that a policy says, with its place.
#[derive(Clone, Debug)]
pub(super) struct Said<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// What a label must be.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// This.
    Value(String),
    /// Something that matches from end to end; the pattern as it was written, and compiled.
    Pattern(String, Regex),
}

/// A policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its text.
    pub document: Arc<Document>,
    pub(super) mirror: Option<Said<String>>,
    pub(super) registries: Option<Said<Vec<String>>>,
    pub(super) allow: Option<Said<Vec<String>>>,
    pub(super) support_days: Option<Said<i64>>,
    pub(super) labels: Vec<(String, Said<Wanted>)>,
    pub(super) users: Option<Said<RangeInclusive<i64>>>,
    pub(super) require: BTreeMap<String, Said<Value>>,
    pub(super) forbid: Vec<Forbidden>,
}

impl Policy {
    /// Reads a text; all that is wrong with it is told at once.
    pub fn parse(document: &Arc<Document>) -> Result<Self, Vec<Diagnostic>> {
        let (table, errors) = DeTable::parse_recoverable(&document.text);
        if !errors.is_empty() {
            let errors = errors.iter();
            return Err(errors.map(|error| parse::syntax(document, error)).collect());
        }
        let mut rest = table.get_ref().clone();
        let mut below = |name: &str| rest.remove(name);
        let (require, forbid) = (below("require"), below("forbid"));
        let mut layer = parse::read_table(document, "", &rest, words::fields());
        let required = require.map(|value| required(document, value.get_ref(), value.span()));
        let required = required.unwrap_or_default();
        layer.diagnostics.extend(required.diagnostics);
        let forbid = forbid.map(|value| forbid::read(document, value.get_ref(), value.span()));
        let (forbid, wrong) = forbid.unwrap_or_default();
        layer.diagnostics.extend(wrong);
        let mut reader = Reader {
            table: table.get_ref(),
            document,
            layer,
        };
        let policy = Self {
            document: Arc::clone(document),
            mirror: reader.text("images.mirror"),
            registries: reader.texts("images.registries"),
            allow: reader.texts("images.allow"),
            support_days: reader.number("images.support-days"),
            labels: reader.labels(),
            users: reader.users(),
            require: said(required.values),
            forbid,
        };
        let wrong = reader.layer.diagnostics;
        if wrong.is_empty() {
            Ok(policy)
        } else {
            Err(wrong)
        }
    }

    /// The languages' own keys that it speaks of, with their places.
    pub(super) fn options(&self) -> impl Iterator<Item = (&str, &Place)> {
        let required = self.require.iter();
        let required = required.map(|(key, said)| (key.as_str(), &said.place));
        let forbidden = self.forbid.iter().map(|one| (one.key.as_str(), &one.place));
        let all = required.chain(forbidden);
        all.filter(|(key, _)| key.starts_with("options."))
    }

    /// Where it speaks of a key of the spec.
    pub(super) fn places<'a>(&'a self, key: &str) -> Vec<&'a Place> {
        let own: Vec<&Place> = match key {
            "images.registry" => self.mirror.iter().map(|said| &said.place).collect(),
            "production.user" => self.users.iter().map(|said| &said.place).collect(),
            "production.labels" => self.labels.iter().map(|(_, said)| &said.place).collect(),
            _ => self
                .require
                .get(key)
                .map(|said| &said.place)
                .into_iter()
                .collect(),
        };
        let forbidden = self.forbid.iter().filter(|one| one.key == key);
        own.into_iter()
            .chain(forbidden.map(|one| &one.place))
            .collect()
    }
}

/// The keys of a spec that a policy can require.
pub(super) fn requirable() -> Vec<Field> {
    let mut fields = core_fields();
    fields.retain(|field| !NOT_REQUIRED.contains(&field.key.as_str()));
    fields
}

fn said(values: BTreeMap<String, Sourced>) -> BTreeMap<String, Said<Value>> {
    let values = values.into_iter().filter_map(|(key, sourced)| {
        let place = sourced.source.place()?.clone();
        let value = sourced.value;
        Some((key, Said { value, place }))
    });
    values.collect()
}

/// `[require]`: the core's keys as in a spec; a language's own are not known yet and are compared when they are.
fn required(document: &Arc<Document>, value: &DeValue<'_>, span: std::ops::Range<usize>) -> Layer {
    let Some(table) = value.as_table() else {
        return Layer {
            diagnostics: vec![not_a_table("require", &Place::new(document, span))],
            ..Layer::default()
        };
    };
    let mut table = table.clone();
    let options = table.remove("options");
    let mut layer = parse::read_table(document, "require", &table, &requirable());
    let options = options
        .as_ref()
        .and_then(|options| options.get_ref().as_table());
    for (key, value) in options.into_iter().flatten() {
        let place = Place::new(document, value.span());
        let key = format!("options.{}", key.get_ref());
        match parse::from_toml(value.get_ref()) {
            Some(value) => {
                let source = Source::Setting(place);
                layer.values.insert(key, Sourced { value, source });
            }
            None => layer.diagnostics.push(
                Diagnostic::error("wrong-type", format!("`require.{key}` cannot be this")).at(
                    &place,
                    "expected what an option can be: true or false, a number, a text, a list",
                ),
            ),
        }
    }
    layer
}

pub(super) fn not_a_table(name: &str, place: &Place) -> Diagnostic {
    Diagnostic::error("wrong-type", format!("`{name}` is a table"))
        .at(place, "expected a table")
        .because("its keys: those of scaffold.toml")
}

/// Takes values out of what was read.
struct Reader<'a> {
    table: &'a DeTable<'a>,
    document: &'a Arc<Document>,
    layer: Layer,
}

impl Reader<'_> {
    fn take(&self, key: &str) -> Option<Said<Value>> {
        let sourced = self.layer.values.get(key)?;
        let (value, place) = (sourced.value.clone(), sourced.source.place()?.clone());
        Some(Said { value, place })
    }

    fn text(&self, key: &str) -> Option<Said<String>> {
        let Said { value, place } = self.take(key)?;
        let value = value.as_text()?.to_owned();
        Some(Said { value, place })
    }

    fn number(&self, key: &str) -> Option<Said<i64>> {
        let Said { value, place } = self.take(key)?;
        let Value::Integer(value) = value else {
            return None;
        };
        Some(Said { value, place })
    }

    /// An empty list would allow nothing at all.
    fn texts(&mut self, key: &str) -> Option<Said<Vec<String>>> {
        let Said { value, place } = self.take(key)?;
        let value: Vec<_> = value.texts().into_iter().map(str::to_owned).collect();
        if value.is_empty() {
            let message = format!("`{key}` allows nothing");
            let wrong = Diagnostic::error("wrong-value", message).at(&place, "it is empty");
            self.layer
                .diagnostics
                .push(wrong.help("leave it out to allow everything"));
        }
        Some(Said { value, place })
    }

    fn users(&mut self) -> Option<Said<RangeInclusive<i64>>> {
        let (min, max) = (self.number("user.min"), self.number("user.max"));
        let place = min.as_ref().or(max.as_ref())?.place.clone();
        let low = min.map_or(1, |said| said.value);
        let high = max.map_or(4_294_967_294, |said| said.value);
        if low > high {
            let message = format!("no number is from {low} to {high}");
            let wrong = Diagnostic::error("wrong-value", message).at(&place, "above `user.max`");
            self.layer.diagnostics.push(wrong);
        }
        Some(Said {
            value: low..=high,
            place,
        })
    }

    fn labels(&mut self) -> Vec<(String, Said<Wanted>)> {
        let mut labels = Vec::new();
        for table in ["labels", "label-patterns"] {
            let Some(Said {
                value: Value::Map(entries),
                place,
            }) = self.take(table)
            else {
                continue;
            };
            if entries.len() > MOST_LABELS {
                let message = format!("`{table}` has more than {MOST_LABELS} labels");
                let wrong = Diagnostic::error("wrong-value", message).at(&place, "");
                self.layer.diagnostics.push(wrong);
                continue;
            }
            for (name, value) in entries {
                let place = self.entry(table, &name).unwrap_or_else(|| place.clone());
                let text = value.as_text().unwrap_or_default();
                match wanted(table, text) {
                    Ok(value) => labels.push((name, Said { value, place })),
                    Err(why) => self.layer.diagnostics.push(
                        Diagnostic::error("wrong-value", format!("`{table}.{name}` is no pattern"))
                            .at(&place, why),
                    ),
                }
            }
        }
        labels
    }

    /// The place of one entry of a table.
    fn entry(&self, table: &str, key: &str) -> Option<Place> {
        let value = self.table.get(table)?.get_ref().as_table()?.get(key)?;
        Some(Place::new(self.document, value.span()))
    }
}

fn wanted(table: &str, text: &str) -> Result<Wanted, String> {
    if table == "labels" {
        return Ok(Wanted::Value(text.to_owned()));
    }
    let whole = format!("^(?:{text})$");
    let regex = RegexBuilder::new(&whole)
        .size_limit(LARGEST_PATTERN)
        .build();
    let regex = regex.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it would take too much memory".to_owned(),
        error => error
            .to_string()
            .lines()
            .last()
            .unwrap_or_default()
            .to_owned(),
    })?;
    Ok(Wanted::Pattern(text.to_owned(), regex))
}
