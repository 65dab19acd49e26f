//! A RUN that needs a program which the base does not have.
use super::Finding;
use crate::dockerfile::artefact::lacks;
use crate::dockerfile::shell::is_shell;
use crate::dockerfile::view::View;

rule!("program-missing", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let used = view.ran().filter(|(stage, instruction, command)| {
        let here = stage.facts.shell == Some(true)
            && stage
                .facts
                .lacks
                .iter()
                .any(|lacked| lacked == command.program());
        let bare = command
            .words
            .first()
            .is_some_and(|word| !word.value.contains('/'));
        let tried = command.after == "||"
            || instruction
                .commands()
                .iter()
                .any(|other| other.program() == "command" || other.program() == "which");
        here && bare
            && !tried
            && !is_shell(command.program())
            && lacks(view, stage, command.program())
    });
    let found = used.map(|(stage, _, command)| {
        Finding::new(
            &command.words[0].span,
            format!("{} has no `{}`", stage.resolved, command.program()),
        )
        .because("the build ends with: not found")
        .help("install it before, in this stage")
    });
    found.collect()
}
