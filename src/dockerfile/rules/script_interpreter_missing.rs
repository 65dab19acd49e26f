//! An entry script whose interpreter the image does not have.
use super::Finding;
use crate::dockerfile::artefact::lacks;
use crate::dockerfile::shell;
use crate::dockerfile::view::View;

rule!("script-interpreter-missing", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let started = view.started();
    let words = started
        .iter()
        .flat_map(|(_, command)| command.words())
        .take(2);
    let found = words.filter_map(|word| {
        let (name, text) = view.script(&word.value)?;
        let first = text.lines().next()?.strip_prefix("#!")?.trim();
        if first.ends_with('\r') {
            return None;
        }
        let mut parts = first.split_whitespace();
        let path = parts.next()?;
        let program = if path.ends_with("/env") {
            parts.next()?
        } else {
            path
        };
        let program = shell::base_name(program);
        lacks(view, last, program).then(|| {
            Finding::new(
                &word.span,
                format!(
                    "{name} begins with #!{first}, and {} has no `{program}`",
                    last.resolved
                ),
            )
            .because("it starts with: no such file or directory")
            .help("#!/bin/sh where the base has one, or install it")
        })
    });
    found.collect()
}
