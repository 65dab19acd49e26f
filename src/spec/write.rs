//! Values → the text of a `scaffold.toml`.
use std::collections::BTreeMap;

use super::field::Field;
use super::services;
use super::value::{Source, Sourced, Value};

/// Head of a spec that `new` writes.
const HEAD: &str =
    "# scaffold.toml: what the Dockerfile is made from. Change it, then run `scaffold generate`.\n";

/// The text: top-level keys first, then one table a prefix, both in the order of the fields. What was seen in the
/// repository has its place behind it. A project with a name is one of several services, with a table of its own.
pub fn to_text<'a>(
    projects: impl Iterator<Item = (Option<&'a str>, BTreeMap<String, Sourced>, &'a [Field])>,
) -> String {
    let mut text = HEAD.to_owned();
    let mut is_first = true;
    for (name, values, fields) in projects {
        let (once, own): (Vec<_>, Vec<_>) = fields
            .iter()
            .partition(|field| name.is_some() && field.once);
        if std::mem::take(&mut is_first) {
            project(&mut text, None, &values, &once);
        }
        let base = name.map(|name| format!("{}.{name}", services::TABLE));
        if let Some(base) = &base {
            text.push_str(&format!("\n[{base}]\n"));
        }
        project(&mut text, base.as_deref(), &values, &own);
    }
    text
}

fn project(
    text: &mut String,
    base: Option<&str>,
    values: &BTreeMap<String, Sourced>,
    fields: &[&Field],
) {
    for field in fields.iter().filter(|field| !field.key.contains('.')) {
        if let Some(value) = values.get(&field.key) {
            push(text, &field.key, value);
        }
    }
    for table in tables(fields) {
        let below = |field: &&Field| field.key.starts_with(&format!("{table}."));
        let present: Vec<_> = fields
            .iter()
            .copied()
            .filter(below)
            .filter_map(|field| Some((field, values.get(&field.key)?)))
            .collect();
        if !present.is_empty() {
            let base = base.map(|base| format!("{base}.")).unwrap_or_default();
            text.push_str(&format!("\n[{base}{table}]\n"));
        }
        for (field, value) in present {
            push(text, &field.key[table.len() + 1..], value);
        }
    }
}

fn tables<'a>(fields: &[&'a Field]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for (table, _) in fields.iter().filter_map(|field| field.key.split_once('.')) {
        if !names.contains(&table) {
            names.push(table);
        }
    }
    names
}

fn push(text: &mut String, key: &str, sourced: &Sourced) {
    text.push_str(&format!("{key} = {}", sourced.value.to_toml()));
    // That something is not there has no place.
    if let Source::Evidence { place, .. } = &sourced.source
        && sourced.value != Value::Bool(false)
    {
        // A file's name may hold anything, also a line break.
        text.push_str(&format!("  # {}", place.short().escape_debug()));
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::{core_fields, parse};
    use super::*;
    use crate::report::Document;

    #[test]
    fn what_is_written_is_read_again() {
        let mut values = BTreeMap::new();
        values.insert("name".to_owned(), Value::Text("a\"b\\".into()));
        values.insert("port".to_owned(), Value::Integer(80));
        let labels = [("a.b".to_owned(), Value::Text("x".into()))];
        values.insert("production.labels".to_owned(), Value::Map(labels.into()));
        let mut fields = core_fields();
        for field in &mut fields {
            field.pattern = None;
        }
        let sourced = |(key, value): (&String, &Value)| {
            let (value, source) = (value.clone(), Source::Answer);
            (key.clone(), Sourced { value, source })
        };
        let values_again = values.iter().map(sourced).collect();
        let text = to_text([(None, values_again, fields.as_slice())].into_iter());
        let layer = parse::read(&Document::file("f", text.as_str()), &fields);
        assert!(
            layer.diagnostics.is_empty(),
            "{text}\n{:?}",
            layer.diagnostics
        );
        let again: BTreeMap<_, _> = layer
            .values
            .into_iter()
            .map(|(key, sourced)| (key, sourced.value))
            .collect();
        assert_eq!(again, values);
    }
}
