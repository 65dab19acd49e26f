//! Values → the text of a `scaffold.toml`.
use std::collections::BTreeMap;

use super::field::Field;
use super::services;
use super::value::{Source, Sourced, Value};

/// Head of a spec that `new` writes.
const HEAD: &str =
    "# scaffold.toml: what the Dockerfile is made from. Change it, then run `scaffold generate`.\n";

/// A project by the name that it has as one of several services, its values, and its keys.
pub type Project<'a> = (Option<&'a str>, BTreeMap<String, Sourced>, &'a [Field]);

/// The text: top-level keys first, then one table a prefix, both in the order of the fields. What was seen in the
/// repository has its place behind it. A project with a name is one of several services, with a table of its own; what
/// was said of all of them stands once, before those tables.
pub fn to_text(projects: &[Project<'_>]) -> String {
    let mut text = HEAD.to_owned();
    let shared = shared(projects);
    if let [(Some(_), values, fields), ..] = projects {
        let above = |field: &&Field| field.once || shared.contains(&field.key.as_str());
        let above: Vec<_> = fields.iter().filter(above).collect();
        project(&mut text, None, values, &above);
    }
    for (name, values, fields) in projects {
        let own = |field: &&Field| {
            name.is_none() || !(field.once || shared.contains(&field.key.as_str()))
        };
        let own: Vec<_> = fields.iter().filter(own).collect();
        let base = name.map(|name| format!("{}.{name}", services::TABLE));
        if let Some(base) = &base {
            text.push_str(&format!("\n[{base}]\n"));
        }
        project(&mut text, base.as_deref(), values, &own);
    }
    text
}

/// The keys whose value is the same for all of several services, and was seen in none of them.
fn shared<'a>(projects: &'a [Project<'_>]) -> Vec<&'a str> {
    let [(_, first, fields), others @ ..] = projects else {
        return Vec::new();
    };
    let is_same = |key: &str| {
        let value = first.get(key).filter(|sourced| !is_seen(sourced));
        let like = |other: &Sourced| Some(&other.value) == value.map(|sourced| &sourced.value);
        value.is_some()
            && others.iter().all(|(_, values, _)| {
                values
                    .get(key)
                    .is_some_and(|other| like(other) && !is_seen(other))
            })
    };
    let may_be = fields.iter().filter(|field| field.shared);
    let keys = may_be.map(|field| field.key.as_str());
    keys.filter(|key| !others.is_empty() && is_same(key))
        .collect()
}

fn is_seen(sourced: &Sourced) -> bool {
    matches!(sourced.source, Source::Evidence { .. })
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
        let text = to_text(&[(None, values_again, fields.as_slice())]);
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
