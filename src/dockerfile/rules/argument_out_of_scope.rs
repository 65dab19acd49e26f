//! A variable of the top of the file, used in a stage that does not ask for it.
use std::collections::BTreeSet;

use super::Finding;
use crate::dockerfile::view::View;

rule!("argument-out-of-scope", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let globals: BTreeSet<_> = view
        .globals
        .iter()
        .map(|variable| variable.name.value.as_str())
        .collect();
    let found = view
        .unset()
        .into_iter()
        .filter(|used| globals.contains(used.name.as_str()));
    let found = found.map(|used| {
        Finding::new(&used.span, format!("`{}` is empty here", used.name))
            .because("an ARG before the first FROM holds for the FROM lines only")
            .help(format!("ARG {} in this stage, without a value", used.name))
    });
    found.collect()
}
