//! What policies write into a spec that `new` and `init` make: the mirror, the labels, the user, what is required.
//! Whoever says something else for this very project keeps it, and is told that it does not go.
use std::collections::{BTreeMap, BTreeSet};

use super::file::{Policy, Wanted};
use super::rules::meets;
use crate::plan::Plan;
use crate::report::Place;
use crate::spec::{Field, Source, Sourced, Spec, Value, check};

const LABELS: &str = "production.labels";
const USER: &str = "production.user";

/// The policies come with the strongest first.
pub(super) fn shape(policies: &[&Policy], fields: &[Field], spec: &mut Spec) {
    let mut proposed = BTreeSet::new();
    for policy in policies {
        let mirror = policy.mirror.as_ref();
        let mirror = mirror.map(|said| {
            let value = Value::Text(said.value.clone());
            ("images.registry", value, &said.place)
        });
        let required = policy.require.iter().filter(|(key, said)| {
            let field = fields.iter().find(|field| field.key == **key);
            field.is_some_and(|field| check::check(field, &said.value).is_ok())
        });
        let required = required.map(|(key, said)| (key.as_str(), said.value.clone(), &said.place));
        for (key, value, place) in mirror.into_iter().chain(required) {
            let is_first = proposed.insert(key.to_owned());
            set(spec, (key, value, place), is_first);
        }
    }
    user(policies, fields, spec);
    labels(policies, spec);
}

/// Puts a value in the place of what was found or is usual; adds it to a list or a table. What a stronger policy put
/// there stays.
fn set(spec: &mut Spec, (key, wanted, place): (&str, Value, &Place), is_first: bool) {
    let source = Source::Setting(place.clone());
    let Some(old) = spec.values.remove(key) else {
        let value = wanted;
        spec.overlay(key.to_owned(), Sourced { value, source });
        return;
    };
    let sourced = if meets(&old.value, &wanted) || old.source.is_said() {
        old
    } else {
        match (old.value, wanted) {
            (Value::List(mut items), Value::List(more)) => {
                let new: Vec<_> = more
                    .into_iter()
                    .filter(|item| !items.contains(item))
                    .collect();
                items.extend(new);
                let value = Value::List(items);
                let source = old.source.and(source);
                Sourced { value, source }
            }
            (Value::Map(old_entries), Value::Map(more)) => {
                let (mut weak, strong) = if is_first {
                    (old_entries, more)
                } else {
                    (more, old_entries)
                };
                weak.extend(strong);
                let value = Value::Map(weak);
                let source = old.source.and(source);
                Sourced { value, source }
            }
            (_, value) if is_first => Sourced { value, source },
            (value, _) => Sourced { value, ..old },
        }
    };
    spec.overlay(key.to_owned(), sourced);
}

/// The usual number where it is in the range of all, otherwise the lowest that is.
fn user(policies: &[&Policy], fields: &[Field], spec: &mut Spec) {
    // Of equal ones the last is taken: the strongest.
    let ranges = policies.iter().rev();
    let ranges = ranges.filter_map(|policy| policy.users.as_ref());
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
        set(spec, (USER, value, &lowest.place), true);
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

/// Choices in the place of defaults that some policy forbids.
pub(super) fn alternatives(policies: &[&Policy], plan: &Plan) -> Vec<(String, Vec<Sourced>)> {
    let forbidden = policies.iter().flat_map(|policy| &policy.forbid);
    let found = forbidden.clone().filter_map(|one| {
        let field = plan.fields.iter().find(|field| field.key == one.key)?;
        let now = plan.values.get(&one.key)?;
        let is_default = matches!(now.source, Source::Default(_) | Source::Sample);
        if !is_default || !plan.holds(&field.when) || !one.forbids(&now.value) {
            return None;
        }
        let all = forbidden.clone().filter(|other| other.key == one.key);
        let choices = field.choices.iter();
        let choices = choices.map(|choice| Value::Text(choice.value.clone()));
        let free = choices.filter(|value| !all.clone().any(|other| other.forbids(value)));
        let free = free.map(|value| Sourced {
            value,
            source: Source::Setting(one.place.clone()),
        });
        Some((one.key.clone(), free.collect()))
    });
    found.collect()
}
