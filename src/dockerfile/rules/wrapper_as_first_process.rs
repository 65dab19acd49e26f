//! A package manager or build tool as process 1.
use super::Finding;
use crate::dockerfile::shell::{Simple, unfold};
use crate::dockerfile::tables::{matching, tables};
use crate::dockerfile::view::View;

rule!("wrapper-as-first-process", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let started = view.started();
    let Some((_, command)) = started.first() else {
        return Vec::new();
    };
    let mut words = command.words().to_vec();
    // CMD is the arguments of ENTRYPOINT, both as JSON arrays.
    if let Some((_, arguments)) = started.get(1) {
        words.extend(arguments.words().iter().cloned());
    }
    let commands = if words.is_empty() {
        command.commands()
    } else {
        unfold(Simple::of_words(&words))
    };
    // A development server is told by the rule about that.
    let wrapper = commands.iter().rev().find_map(|command| {
        let development = matching(&tables().processes.development, command).is_some();
        let pattern = matching(&tables().processes.wrappers, command).filter(|_| !development)?;
        Some((command, pattern))
    });
    let found = wrapper.map(|(command, pattern)| {
        Finding::new(
            &command.span,
            format!("`{pattern}` starts the program as its child"),
        )
        .because("signals stop at the wrapper: docker stop waits ten seconds and kills")
        .because("and the wrapper, with all it needs, is in the image for nothing")
        .help("the command that it would run, as a JSON array")
    });
    found.into_iter().collect()
}
