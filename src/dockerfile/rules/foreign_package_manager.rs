//! The package manager of another distribution.
use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("foreign-package-manager", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let foreign = view.ran().filter_map(|(stage, instruction, command)| {
        let wanted = tables().names.managers.get(command.program())?;
        let family = stage.facts.family.as_ref()?;
        // A script that asks which one there is may name both.
        let asks = instruction
            .commands()
            .iter()
            .any(|other| matches!(other.program(), "command" | "which" | "[" | "test" | "type"));
        (family != wanted && !asks).then_some((stage, command, family))
    });
    let found = foreign.map(|(stage, command, family)| {
        Finding::new(
            &command.words[0].span,
            format!("{} has no `{}`", stage.resolved, command.program()),
        )
        .because(format!("its packages are those of {family}"))
    });
    found.collect()
}
