//! The JSON Schema of a policy, from the same fields that check it.
use serde_json::{Map, Value, json};

use super::file::requirable;
use super::words;
use crate::spec::core_fields;
use crate::spec::schema::properties;

/// The schema (draft 7, which TOML editors read).
pub fn schema() -> Value {
    let mut all = properties(words::fields());
    let mut forbidden = properties(&core_fields());
    forbidden.values_mut().for_each(loosen);
    below(&mut all, "require", properties(&requirable()));
    below(&mut all, "forbid", forbidden);
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": super::FILE,
        "type": "object",
        "additionalProperties": false,
        "properties": all,
    })
}

/// Puts the keys of a spec below a table; those of a language are not known here.
fn below(all: &mut Map<String, Value>, table: &str, mut keys: Map<String, Value>) {
    let options = json!({ "type": "object", "description": "The language's own keys." });
    keys.insert("options".to_owned(), options);
    if let Some(Value::Object(schema)) = all.get_mut(table) {
        schema.insert("additionalProperties".to_owned(), json!(false));
        schema.insert("properties".to_owned(), Value::Object(keys));
    }
}

/// A key's schema, or those of a table's keys, as what may be said of its values: one, several, any, any other.
fn loosen(schema: &mut Value) {
    if let Some(Value::Object(keys)) = schema.get_mut("properties") {
        keys.values_mut().for_each(loosen);
        return;
    }
    let scalar = json!({ "type": ["string", "integer", "boolean"] });
    let several = json!({ "type": "array", "minItems": 1, "items": scalar });
    let other = json!({
        "type": "object",
        "required": ["not"],
        "additionalProperties": false,
        "properties": { "not": { "anyOf": [scalar, several] } },
    });
    let about = schema["description"].take();
    *schema = json!({ "description": about, "anyOf": [scalar, several, other] });
}
