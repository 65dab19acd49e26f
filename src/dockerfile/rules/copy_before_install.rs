//! The whole source copied before the dependencies are installed.
use super::Finding;
use crate::dockerfile::tables::installs;
use crate::dockerfile::view::View;

rule!("copy-before-install", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for stage in &view.stages {
        let Some(at) = stage.instructions.iter().position(|instruction| {
            instruction
                .as_copy()
                .is_some_and(crate::dockerfile::Copy::is_broad)
        }) else {
            continue;
        };
        let earlier = stage.instructions[..at]
            .iter()
            .flat_map(crate::dockerfile::Instruction::commands)
            .any(installs);
        let later = stage.instructions[at..].iter().filter(|instruction| {
            instruction
                .as_run()
                .is_some_and(|run| !run.mounts.iter().any(|mount| mount.kind == "cache"))
        });
        let install = later
            .flat_map(crate::dockerfile::Instruction::commands)
            .find(|command| installs(command));
        if let Some(install) = install.filter(|_| !earlier) {
            let copy = &stage.instructions[at];
            found.push(
                Finding::new(
                    &copy.span,
                    "any edit of any file installs all dependencies again",
                )
                .label(format!(
                    "before `{}`",
                    install
                        .words
                        .iter()
                        .take(3)
                        .map(|word| word.value.as_str())
                        .collect::<Vec<_>>()
                        .join(" ")
                ))
                .help("COPY the lock file, install, and then COPY the rest"),
            );
        }
    }
    found
}
