//! A platform variable, used in a stage that does not ask for it.
use super::Finding;
use crate::dockerfile::view::{PLATFORM, View};

rule!("platform-argument-undeclared", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let globals = |name: &str| {
        view.globals
            .iter()
            .any(|variable| variable.name.value == name)
    };
    let found = view
        .unset()
        .into_iter()
        .filter(|used| PLATFORM.contains(&used.name.as_str()) && !globals(&used.name));
    let found = found.map(|used| {
        Finding::new(&used.span, format!("`{}` is empty here", used.name))
            .because("the builder sets it only for a stage that declares it")
            .help(format!("ARG {} in this stage, without a value", used.name))
    });
    found.collect()
}
