//! The JSON Schema (draft 7, which TOML editors read) of `scaffold.toml`, from the same fields that check it.
use serde_json::{Map, Value, json};

use super::field::{Field, Kind};

/// The schema: `core` fields for every language, and the fields of each language by its name.
pub fn schema(core: &[Field], languages: &[(String, Vec<Field>)]) -> Value {
    let mut properties = properties(core);
    properties.insert(
        "options".to_owned(),
        json!({ "type": "object", "description": "The language's own keys." }),
    );
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "scaffold.toml",
        "type": "object",
        "required": ["lang"],
        "additionalProperties": false,
        "properties": properties,
        "allOf": languages.iter().map(of_language).collect::<Vec<_>>(),
    })
}

fn of_language((id, fields): &(String, Vec<Field>)) -> Value {
    let own = |field: &&Field| {
        field.key.starts_with("options.")
            || ["framework", "runtime", "native"].contains(&field.key.as_str())
    };
    let own: Vec<_> = fields.iter().filter(own).cloned().collect();
    json!({
        "if": { "properties": { "lang": { "const": id } }, "required": ["lang"] },
        "then": { "properties": properties(&own) },
    })
}

/// Fields as properties; those of a table are joined into one object.
fn properties(fields: &[Field]) -> Map<String, Value> {
    let mut properties = Map::new();
    for field in fields {
        match field.key.split_once('.') {
            None => {
                properties.insert(field.key.clone(), property(field));
            }
            Some((table, key)) => {
                let object = properties.entry(table).or_insert_with(
                    || json!({ "type": "object", "additionalProperties": false, "properties": {} }),
                );
                object["properties"][key] = property(field);
            }
        }
    }
    properties
}

fn property(field: &Field) -> Value {
    let mut schema = base(field);
    if field.or_false {
        schema = json!({ "anyOf": [schema, { "const": false }] });
    }
    let about = [field.title.as_str(), field.help.as_str()].join(". ");
    schema["description"] = json!(about.trim_end_matches(". "));
    if let Some(default) = &field.default {
        schema["default"] = serde_json::to_value(default).unwrap_or_default();
    }
    schema
}

fn base(field: &Field) -> Value {
    match field.kind {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Integer => json!({ "type": "integer", "minimum": field.min, "maximum": field.max }),
        Kind::String | Kind::Path => text(field),
        Kind::Choice => choice(field),
        Kind::List if !field.choices.is_empty() => {
            json!({ "type": "array", "items": choice(field) })
        }
        Kind::List | Kind::Paths => json!({ "type": "array", "items": text(field) }),
        Kind::Map => json!({ "type": "object", "additionalProperties": text(field) }),
    }
}

fn text(field: &Field) -> Value {
    match &field.pattern {
        Some(pattern) => json!({ "type": "string", "pattern": format!("^(?:{pattern})$") }),
        None => json!({ "type": "string" }),
    }
}

/// Before the language is known, a choice such as the framework is any text.
fn choice(field: &Field) -> Value {
    if field.choices.is_empty() {
        return json!({ "type": "string" });
    }
    let values = field.choices.iter().map(|choice| &choice.value);
    json!({ "type": "string", "enum": values.collect::<Vec<_>>() })
}
