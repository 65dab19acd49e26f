//! A plan as templates see it.
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::plan::Plan;
use crate::spec::Value;

/// The variables of a template.
pub(super) fn context(plan: &Plan) -> Json {
    let mut root = Map::new();
    for (key, sourced) in &plan.values {
        insert(&mut root, key, sourced.value.to_json());
    }
    let user = plan
        .value("production.user")
        .map(Value::display)
        .unwrap_or_default();
    insert(
        &mut root,
        "production.user",
        json!(format!("{user}:{user}")),
    );
    insert(&mut root, "production.uid", json!(user));
    insert(&mut root, "production.gid", json!(user));
    insert(&mut root, "build.image", json!(plan.build));
    insert(&mut root, "production.image", json!(plan.production));
    insert(&mut root, "build.packages", json!(plan.build_packages));
    insert(
        &mut root,
        "production.packages",
        json!(plan.production_packages),
    );
    insert(&mut root, "production.labels", json!(labels(plan)));
    insert(&mut root, "tools", json!(plan.tools));
    insert(&mut root, "ignore", ignore(plan));
    let folders = plan.folders();
    insert(&mut root, "context", json!(plan.context()));
    insert(&mut root, "path", json!(folders.own));
    insert(&mut root, "members", json!(folders.members));
    root.entry("options").or_insert_with(|| json!({}));
    Json::Object(root)
}

/// `a.b` goes into the object `a`.
fn insert(root: &mut Map<String, Json>, key: &str, value: Json) {
    match key.split_once('.') {
        None => {
            root.insert(key.to_owned(), value);
        }
        Some((table, rest)) => {
            let table = root.entry(table).or_insert_with(|| json!({}));
            if let Some(table) = table.as_object_mut() {
                table.insert(rest.to_owned(), value);
            }
        }
    }
}

/// The image's title and what the spec adds
/// (<https://github.com/opencontainers/image-spec/blob/main/annotations.md>).
fn labels(plan: &Plan) -> BTreeMap<String, Json> {
    let mut labels = BTreeMap::new();
    labels.insert(
        "org.opencontainers.image.title".to_owned(),
        json!(plan.text("name")),
    );
    if let Some(Value::Map(own)) = plan.value("production.labels") {
        labels.extend(
            own.iter()
                .map(|(key, value)| (key.clone(), value.to_json())),
        );
    }
    labels
}

fn ignore(plan: &Plan) -> Json {
    let groups = plan.ignore.iter();
    groups
        .map(|(title, entries)| json!({ "title": title, "entries": entries }))
        .collect()
}
