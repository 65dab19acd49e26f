//! A here-document whose failures nobody notices.
use super::Finding;
use crate::dockerfile::shell;
use crate::dockerfile::view::View;

rule!("script-without-set-e", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (stage, instruction) in view.all() {
        let Some(run) = instruction.as_run() else {
            continue;
        };
        let by_shell = stage.shell.as_ref().is_some_and(|words| {
            words
                .iter()
                .any(|word| word.starts_with('-') && word.contains('e'))
        });
        let flagged = run.command.commands().iter().any(|command| {
            shell::is_shell(command.program())
                && command
                    .arguments()
                    .iter()
                    .any(|word| word.value.starts_with('-') && word.value.contains('e'))
        });
        for script in &run.documents {
            let first = script.value.lines().next().unwrap_or_default();
            let foreign = first.starts_with("#!")
                && !["sh", "bash", "ash"]
                    .iter()
                    .any(|name| first.trim_end().split(['/', ' ']).any(|part| part == *name));
            let stops = shell::commands(&script.value, 0).iter().any(|command| {
                command.program() == "set"
                    && command.arguments().iter().any(|word| {
                        word.value.starts_with('-') && word.value.contains('e')
                            || word.value == "errexit"
                    })
            }) || (first.starts_with("#!") && first.contains(" -e"));
            let several = shell::commands(&script.value, 0)
                .iter()
                .filter(|command| command.after == "\n" || command.after == ";")
                .count()
                > 1;
            if several && !foreign && !stops && !by_shell && !flagged {
                found.push(
                    Finding::new(
                        &instruction.keyword,
                        "a command that fails here does not stop the build",
                    )
                    .because("only the last one's status counts")
                    .help("set -e in the first line"),
                );
            }
        }
    }
    found
}
