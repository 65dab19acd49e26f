//! A shell by name that the image does not have.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::artefact::lacks;
use crate::dockerfile::shell::is_shell;
use crate::dockerfile::view::View;

rule!("shell-missing", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let named = view.all().filter_map(|(stage, instruction)| {
        let word = match &instruction.kind {
            Kind::Shell(words) => words.first(),
            Kind::Run(run) => run.command.words().first(),
            Kind::Cmd(command) | Kind::Entrypoint(command) => command.words().first(),
            _ => None,
        }?;
        Some((stage, word))
    });
    let missing = named.filter(|(stage, word)| {
        stage.facts.shell == Some(true)
            && is_shell(&word.value)
            && lacks(
                view,
                stage,
                crate::dockerfile::shell::base_name(&word.value),
            )
    });
    let found = missing.map(|(stage, word)| {
        Finding::new(
            &word.span,
            format!("{} has no `{}`", stage.resolved, word.value),
        )
        .because("it has sh")
        .help("sh, or install it")
    });
    found.collect()
}
