//! Which values an instruction of the Dockerfile comes from, found out by trying: the template is rendered again with one
//! value changed, and an instruction that is not there any more depends on that value. So nothing has to be declared, a
//! user's own template is explained as well as ours, and what is said is true of the very file.
use std::collections::BTreeSet;

use super::{Error, Renderer, context};
use crate::dockerfile::instructions::{Instruction, instructions};
use crate::image::Reference;
use crate::plan::Plan;
use crate::spec::{Field, Value};

/// An instruction and the keys that shape it; none when it is the template's own.
#[derive(Clone, Debug)]
pub struct Traced {
    /// The instruction.
    pub instruction: Instruction,
    /// Keys of the spec, in the order of the summary.
    pub keys: Vec<String>,
}

/// Traces every instruction of the plan's Dockerfile.
pub fn trace(plan: &Plan) -> Result<Vec<Traced>, Error> {
    let mut renderer = Renderer::new(plan)?;
    let name = renderer.dockerfile(plan)?;
    let text = renderer.shared(&name)?;
    let mut traced: Vec<_> = instructions(&text)
        .into_iter()
        .map(|instruction| Traced {
            instruction,
            keys: Vec::new(),
        })
        .collect();
    for (keys, changed) in variations(plan) {
        // A combination that the template does not know says nothing.
        let Ok(context) = tera::Context::from_serialize(&context::context(&changed)) else {
            continue;
        };
        let Ok(text) = renderer.engine.render(&name, &context) else {
            continue;
        };
        let left = instructions(&text);
        let left: BTreeSet<_> = left.iter().map(|one| one.text.as_str()).collect();
        for one in &mut traced {
            if !left.contains(one.instruction.text.as_str()) {
                add(&mut one.keys, &keys);
            }
        }
    }
    Ok(traced)
}

fn add(keys: &mut Vec<String>, more: &[&str]) {
    for key in more {
        if !keys.iter().any(|known| known == key) {
            keys.push((*key).to_owned());
        }
    }
}

/// Plans that differ from this one in one point, and the keys that the point belongs to.
fn variations(plan: &Plan) -> Vec<(Vec<&str>, Plan)> {
    let mut all = Vec::new();
    for field in &plan.fields {
        let Some(value) = plan.value(&field.key) else {
            continue;
        };
        for other in others(field, value) {
            let mut changed = plan.clone();
            if let Some(sourced) = changed.values.get_mut(&field.key) {
                sourced.value = other;
            }
            all.push((vec![field.key.as_str()], changed));
        }
    }
    all.extend(images(plan));
    all.extend(packages(plan));
    all
}

/// Values that differ: the other choices, the opposite, nothing, a little more.
fn others(field: &Field, value: &Value) -> Vec<Value> {
    let mut others: Vec<_> = match value {
        Value::Bool(value) => vec![Value::Bool(!value)],
        Value::Integer(number) => vec![Value::Integer(number + 1)],
        Value::Text(_) if !field.choices.is_empty() => field
            .choices
            .iter()
            .map(|choice| Value::Text(choice.value.clone()))
            .filter(|choice| choice != value)
            .collect(),
        Value::Text(text) => vec![Value::Text(format!("{text}x"))],
        Value::List(items) => {
            let more = Value::Text("another".to_owned());
            let more = items.iter().cloned().chain([more]).collect();
            vec![Value::List(more), Value::List(Vec::new())]
        }
        Value::Map(entries) => {
            let mut more = entries.clone();
            more.insert("ANOTHER".to_owned(), Value::Text("1".to_owned()));
            vec![Value::Map(more), Value::Map([].into())]
        }
    };
    if field.or_false && *value != Value::Bool(false) {
        others.push(Value::Bool(false));
    }
    others
}

/// The bases follow from the runtime and the version, and from the prefix of the registry.
fn images(plan: &Plan) -> Vec<(Vec<&str>, Plan)> {
    let keys = |image: &Reference| {
        let mut keys = match image.version.as_str() {
            "" => vec!["runtime", "images.registry"],
            _ => vec!["version", "runtime", "images.registry"],
        };
        if image.reference.contains('@') {
            keys.push("images.pin");
        }
        keys
    };
    let mut build = plan.clone();
    build.build.reference.push('x');
    let mut production = plan.clone();
    production.production.reference.push('x');
    let tools = plan.tools.keys().map(|name| {
        let mut changed = plan.clone();
        if let Some(tool) = changed.tools.get_mut(name) {
            tool.reference.push('x');
        }
        (vec!["images.registry"], changed)
    });
    let mut all = vec![
        (keys(&plan.build), build),
        (keys(&plan.production), production),
    ];
    all.extend(tools);
    all
}

/// System packages follow from native dependencies and from what is named.
fn packages(plan: &Plan) -> Vec<(Vec<&str>, Plan)> {
    let mut build = plan.clone();
    build.build_packages.push("another".to_owned());
    let mut production = plan.clone();
    production.production_packages.push("another".to_owned());
    vec![
        (vec!["native", "build.packages"], build),
        (vec!["native", "production.packages"], production),
    ]
}
