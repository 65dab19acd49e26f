//! A platform variable with a default.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::view::{PLATFORM, View};

rule!("platform-argument-default", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let in_stages = view
        .all()
        .filter_map(|(_, instruction)| match &instruction.kind {
            Kind::Arg(variables) => Some(variables),
            _ => None,
        });
    let all = in_stages.flatten();
    let fixed = all
        .filter(|variable| PLATFORM.contains(&variable.name.value.as_str()))
        .filter_map(|variable| Some((variable, variable.value.as_ref()?)));
    let found = fixed.map(|(variable, value)| {
        Finding::new(
            &value.span,
            format!("`{}` has this value on every platform", variable.name.value),
        )
        .because("a default in a stage wins over what the builder says")
        .help(format!("ARG {}", variable.name.value))
    });
    found.collect()
}
