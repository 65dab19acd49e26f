//! A health check that takes an error page for an answer.
use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("health-ignores-status", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let Some((_, command)) = view.health() else {
        return Vec::new();
    };
    let commands = command.commands();
    let deaf = commands.iter().find(|simple| {
        let flags = tables().processes.status.get(simple.program());
        let short = simple.arguments().iter().any(|word| {
            word.value.starts_with('-') && !word.value.starts_with("--") && word.value.contains('f')
        });
        simple.after != "|"
            && !short
            && flags.is_some_and(|flags| !flags.iter().any(|flag| simple.has_flag(flag)))
    });
    let found = deaf.map(|simple| {
        Finding::new(
            &simple.span,
            format!(
                "`{}` is content with any answer, also with 500",
                simple.program()
            ),
        )
        .help("-f makes it fail on a status of 400 and above")
    });
    found.into_iter().collect()
}
