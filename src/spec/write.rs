//! Values → the text of a `scaffold.toml`.
use std::collections::BTreeMap;

use super::field::Field;
use super::value::{Source, Sourced, Value};

/// Head of a spec that `new` writes.
const HEAD: &str =
    "# scaffold.toml: what the Dockerfile is made from. Change it, then run `scaffold generate`.\n";

/// The text: top-level keys first, then one table a prefix, both in the order of `fields`. What was seen in the
/// repository has its place behind it.
pub fn to_text(values: &BTreeMap<String, Sourced>, fields: &[Field]) -> String {
    let mut text = HEAD.to_owned();
    for field in fields.iter().filter(|field| !field.key.contains('.')) {
        if let Some(value) = values.get(&field.key) {
            push(&mut text, &field.key, value);
        }
    }
    for table in tables(fields) {
        let below = |field: &&Field| field.key.starts_with(&format!("{table}."));
        let present: Vec<_> = fields
            .iter()
            .filter(below)
            .filter_map(|field| Some((field, values.get(&field.key)?)))
            .collect();
        if !present.is_empty() {
            text.push_str(&format!("\n[{table}]\n"));
        }
        for (field, value) in present {
            push(&mut text, &field.key[table.len() + 1..], value);
        }
    }
    text
}

fn tables(fields: &[Field]) -> Vec<&str> {
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
        let text = to_text(&values.iter().map(sourced).collect(), &fields);
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
