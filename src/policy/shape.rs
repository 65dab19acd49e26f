//! What policies write into a spec that `new` and `init` make: the mirror, the labels, the user, what is required.
//! Whoever says something else for this very project keeps it, and is told that it does not go.
use std::collections::BTreeMap;

use super::file::{Policy, Wanted};
use super::rules::meets;
use crate::report::Place;
use crate::spec::{Field, Source, Sourced, Spec, Value, check};

const LABELS: &str = "production.labels";
const USER: &str = "production.user";

/// The policies come with the strongest first.
pub(super) fn shape(policies: &[&Policy], fields: &[Field], spec: &mut Spec) {
    for policy in policies.iter().rev() {
        if let Some(mirror) = &policy.mirror {
            let value = Value::Text(mirror.value.clone());
            set(spec, "images.registry", value, &mirror.place);
        }
        for (key, said) in &policy.require {
            let field = fields.iter().find(|field| field.key == *key);
            if field.is_some_and(|field| check::check(field, &said.value).is_ok()) {
                set(spec, key, said.value.clone(), &said.place);
            }
        }
    }
    user(policies, fields, spec);
    labels(policies, spec);
}

/// Puts a value in the place of what was found or is usual; adds it to a list or a table.
fn set(spec: &mut Spec, key: &str, wanted: Value, place: &Place) {
    let source = Source::Setting(place.clone());
    let Some(old) = spec.values.get(key) else {
        let sourced = Sourced {
            value: wanted,
            source,
        };
        spec.overlay(key.to_owned(), sourced);
        return;
    };
    if meets(&old.value, &wanted) || old.source.is_said() {
        return;
    }
    let joined = matches!(wanted, Value::List(_) | Value::Map(_));
    let value = match (old.value.clone(), wanted) {
        (Value::List(mut items), Value::List(more)) => {
            let new: Vec<_> = more
                .into_iter()
                .filter(|item| !items.contains(item))
                .collect();
            items.extend(new);
            Value::List(items)
        }
        // `overlay` joins tables.
        (_, wanted) => wanted,
    };
    let source = if joined {
        old.source.clone().and(source)
    } else {
        source
    };
    spec.overlay(key.to_owned(), Sourced { value, source });
}

/// The usual number where it is in the range of all, otherwise the lowest that is.
fn user(policies: &[&Policy], fields: &[Field], spec: &mut Spec) {
    let ranges = policies.iter().filter_map(|policy| policy.users.as_ref());
    let lowest = ranges.clone().max_by_key(|said| *said.value.start());
    let usual = fields.iter().find(|field| field.key == USER);
    let usual = usual.and_then(|field| field.default.as_ref()?.as_integer());
    let now = match spec.values.get(USER).map(|sourced| &sourced.value) {
        Some(Value::Integer(number)) => Some(*number),
        _ => usual,
    };
    let fits = |number: i64| ranges.clone().all(|said| said.value.contains(&number));
    if let Some(lowest) = lowest
        && !now.is_some_and(fits)
    {
        let value = Value::Integer(*lowest.value.start());
        set(spec, USER, value, &lowest.place);
    }
}

fn labels(policies: &[&Policy], spec: &mut Spec) {
    let mut wanted = BTreeMap::new();
    for (name, said) in policies.iter().rev().flat_map(|policy| &policy.labels) {
        if let Wanted::Value(value) = &said.value {
            wanted.insert(name, (value, &said.place));
        }
    }
    let before = spec.values.get(LABELS).cloned();
    let is_said = before
        .as_ref()
        .is_some_and(|labels| labels.source.is_said());
    for (name, (value, place)) in wanted {
        let old = match before.as_ref().map(|labels| &labels.value) {
            Some(Value::Map(entries)) => entries.get(name),
            _ => None,
        };
        let same = old.and_then(Value::as_text) == Some(value);
        if same || (old.is_some() && is_said) {
            continue;
        }
        let setting = Source::Setting(place.clone());
        let source = match spec.values.get(LABELS) {
            Some(labels) => labels.source.clone().and(setting),
            None => setting,
        };
        let value = Value::Map([(name.clone(), Value::Text(value.clone()))].into());
        spec.overlay(LABELS.to_owned(), Sourced { value, source });
    }
}
