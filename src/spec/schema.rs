//! The JSON Schema (draft 7, which TOML editors read) of `scaffold.toml`, from the same fields that check it.
use serde_json::{Map, Value, json};

use super::field::{Field, Kind};
use super::services::TABLE;

/// The schema: `core` fields for every language, those that only a `service` of several has, and the fields of each
/// language by its name.
pub fn schema(core: &[Field], service: &[Field], languages: &[(String, Vec<Field>)]) -> Value {
    let by_language: Vec<_> = languages.iter().map(of_language).collect();
    let mut own = service.to_vec();
    let of_one = |field: &&Field| !field.alone && !field.once;
    own.extend(core.iter().filter(of_one).cloned());
    let mut properties = with_options(core);
    properties.insert(
        TABLE.to_owned(),
        json!({
            "type": "object",
            "description": "Several services in one repository, by name: each a spec of its own.",
            "minProperties": 1,
            "additionalProperties": { "$ref": "#/definitions/service" },
        }),
    );
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "scaffold.toml",
        "type": "object",
        "if": { "required": [TABLE] },
        "then": { "propertyNames": { "enum": shared(core) } },
        "else": { "anyOf": [{ "required": ["lang"] }, { "required": ["template"] }] },
        "additionalProperties": false,
        "properties": properties,
        "allOf": [{ "$ref": "#/definitions/language" }],
        "definitions": {
            "language": { "allOf": by_language },
            "service": {
                "type": "object",
                "required": ["path"],
                "additionalProperties": false,
                "properties": with_options(&own),
                "allOf": [{ "$ref": "#/definitions/language" }],
            },
        },
    })
}

fn with_options(fields: &[Field]) -> Map<String, Value> {
    let mut properties = properties(fields);
    properties.insert(
        "options".to_owned(),
        json!({ "type": "object", "description": "The language's own keys." }),
    );
    properties
}

/// What may stand beside the services.
fn shared(core: &[Field]) -> Vec<&str> {
    let shared = core.iter().filter(|field| field.shared || field.once);
    let tops = shared.filter_map(|field| field.key.split('.').next());
    let mut tops: Vec<_> = tops.chain([TABLE]).collect();
    tops.dedup();
    tops
}

fn of_language((id, fields): &(String, Vec<Field>)) -> Value {
    let own = |field: &&Field| {
        field.key.starts_with("options.")
            || ["framework", "runtime", "native"].contains(&field.key.as_str())
    };
    let own: Vec<_> = fields.iter().filter(own).cloned().collect();
    json!({
        "if": {
            "properties": { "lang": { "const": id } },
            "required": ["lang"],
            // A folder of one's own has its own keys, whatever it is called.
            "not": { "required": ["template"] },
        },
        "then": { "properties": properties(&own) },
    })
}

/// Fields as properties; those of a table are joined into one object.
pub fn properties(fields: &[Field]) -> Map<String, Value> {
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

/// What a folder of one's own may be called, beside the built-in ones.
const NAME: &str = "^[a-z0-9][a-z0-9-]*$";

fn base(field: &Field) -> Value {
    match field.kind {
        Kind::Choice if field.key == "lang" => {
            json!({ "anyOf": [choice(field), { "type": "string", "pattern": NAME }] })
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Choice, core_fields, service_keys};

    #[test]
    fn an_editor_completes_the_built_in_names_and_takes_a_teams_own() {
        let mut core = core_fields();
        for field in core.iter_mut().filter(|field| field.key == "lang") {
            let (value, title) = ("known".to_owned(), String::new());
            field.choices = vec![Choice { value, title }];
        }
        let schema = schema(&core, &service_keys(), &[]);
        for at in ["/properties", "/definitions/service/properties"] {
            let ways = schema.pointer(&format!("{at}/lang/anyOf")).unwrap();
            assert_eq!(ways[0]["enum"], json!(["known"]));
            let pattern = regex::Regex::new(ways[1]["pattern"].as_str().unwrap()).unwrap();
            assert!(pattern.is_match("go-service") && !pattern.is_match("Go Service"));
            assert!(schema.pointer(&format!("{at}/template")).is_some());
        }
    }
}
