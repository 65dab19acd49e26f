//! A health check by a program that the image does not have.
use super::Finding;
use crate::dockerfile::artefact::lacks;
use crate::dockerfile::view::View;

rule!("health-tool-missing", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let Some((_, command)) = view.health() else {
        return Vec::new();
    };
    if last.facts.shell == Some(false) && command.is_shell() {
        return Vec::new();
    }
    let commands = command.commands();
    let first = commands
        .iter()
        .find(|simple| !crate::dockerfile::shell::is_shell(simple.program()));
    let absolute = |program: &str| {
        program.starts_with('/')
            && !program.starts_with("/bin/")
            && !program.starts_with("/usr/bin/")
    };
    let missing = first.filter(|simple| {
        simple
            .words
            .first()
            .is_some_and(|word| !absolute(&word.value) && !word.value.contains('$'))
            && lacks(view, last, simple.program())
    });
    let found = missing.map(|simple| {
        Finding::new(
            &simple.words[0].span,
            format!("{} has no `{}`", last.resolved, simple.program()),
        )
        .because("the container stays unhealthy for ever, and runs")
        .help("ask with what the image has: the program itself, or its interpreter")
    });
    found.into_iter().collect()
}
