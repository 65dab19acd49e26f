//! The lists of packages fetched in a layer of their own.
use super::Finding;
use crate::dockerfile::view::View;

rule!("package-index-alone", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let runs = view
        .all()
        .filter_map(|(stage, instruction)| Some((stage, instruction, instruction.as_run()?)));
    let alone = runs.filter_map(|(stage, instruction, run)| {
        let update = run.commands.iter().find(|command| {
            matches!(command.program(), "apt-get" | "apt") && command.has("update")
        })?;
        let used = run.commands.iter().any(|command| {
            matches!(command.program(), "apt-get" | "apt")
                && !command.has("update")
                && !command.has("clean")
        });
        let other = run
            .commands
            .iter()
            .any(|command| !matches!(command.program(), "apt-get" | "apt" | "rm" | "set" | "echo"));
        let later = stage
            .instructions
            .iter()
            .skip_while(|other| other.span != instruction.span)
            .skip(1)
            .flat_map(crate::dockerfile::Instruction::commands)
            .any(|command| {
                matches!(command.program(), "apt-get" | "apt") && command.has("install")
            });
        (!used && !other && later).then_some(update)
    });
    let found = alone.map(|update| {
        Finding::new(
            &update.span,
            "this layer is kept while the packages behind it change",
        )
        .because("weeks later the install asks for versions that the mirror no longer has")
        .help("apt-get update && apt-get install in one RUN")
    });
    found.collect()
}
