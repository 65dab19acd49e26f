//! What only development needs, in the image.
use super::{Finding, lock_ignored};
use crate::dockerfile::tables::{matching, tables};
use crate::dockerfile::view::View;

rule!("development-dependencies", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let commands = view.instructions(last).flat_map(|(stage, instruction)| {
        instruction
            .commands()
            .iter()
            .map(move |command| (stage, instruction, command))
    });
    let all: Vec<_> = commands.collect();
    // One that is pruned afterwards leaves nothing.
    let pruned = all.iter().any(|(_, _, command)| {
        command.has("prune")
            || command
                .arguments()
                .iter()
                .any(|word| word.value.starts_with("--omit") || word.value.starts_with("--prod"))
    });
    let is_development = last.name.as_ref().is_some_and(|name| {
        tables()
            .processes
            .test_stages
            .iter()
            .any(|stage| name.value.eq_ignore_ascii_case(stage))
    }) || view.started().iter().any(|(_, command)| {
        command
            .commands()
            .iter()
            .any(|command| matching(&tables().processes.development, command).is_some())
    });
    if pruned || is_development {
        return Vec::new();
    }
    let found = all.into_iter().filter_map(|(stage, instruction, command)| {
        let better = tables()
            .development
            .iter()
            .find(|better| lock_ignored::applies(better, stage, instruction, command))?;
        Some(
            Finding::new(&command.span, "the image gets what only development needs")
                .because("more to download, more to attack")
                .help(better.instead.clone()),
        )
    });
    found.collect()
}
