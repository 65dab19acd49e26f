//! A start command that needs a shell, on a base that has none.
use super::Finding;
use crate::dockerfile::artefact::lacks;
use crate::dockerfile::view::View;

rule!("command-without-shell", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    if last.facts.shell != Some(false) || !lacks(view, last, "sh") {
        return Vec::new();
    }
    let started = view.started().into_iter().enumerate();
    // Behind an entry point that is a program, CMD is its arguments.
    let needing = started.filter(|(at, (_, command))| {
        command.is_shell() && (*at == 0 || command.words().is_empty())
    });
    let found = needing.map(|(_, (instruction, _))| {
        Finding::new(
            &instruction.span,
            format!("{} has no shell to start this", last.resolved),
        )
        .because("the container ends with: exec: \"/bin/sh\": no such file or directory")
        .help("the program itself, as a JSON array: [\"/app/server\", \"--flag\"]")
    });
    found.collect()
}
