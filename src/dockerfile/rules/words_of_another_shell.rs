//! Words that the stage's shell does not know.
use super::Finding;
use crate::dockerfile::Form;
use crate::dockerfile::shell;
use crate::dockerfile::view::View;

rule!("words-of-another-shell", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (stage, instruction) in view.all() {
        let Some(run) = instruction.as_run() else {
            continue;
        };
        let plain = stage.shell.as_ref().is_none_or(|words| {
            words
                .first()
                .is_some_and(|word| matches!(shell::base_name(word), "sh" | "dash"))
        });
        // dash, the sh of Debian and Ubuntu, knows none of these; busybox knows some.
        let dash = stage.facts.family.as_deref() == Some("debian");
        let named = matches!(run.command.form, Form::Exec(_))
            || run
                .commands
                .first()
                .is_some_and(|command| shell::is_shell(command.program()));
        let shebang = run
            .documents
            .iter()
            .any(|script| script.value.starts_with("#!"));
        if !plain || !dash || named || shebang {
            continue;
        }
        // `set -o pipefail` is not among them: dash of Debian 13 has learnt it.
        let word = run.commands.iter().find(|command| {
            matches!(
                command.program(),
                "source" | "[[" | "pushd" | "popd" | "shopt" | "mapfile" | "declare"
            )
        });
        found.extend(word.map(|command| {
            Finding::new(
                &command.span,
                format!(
                    "sh of {} does not know `{}`",
                    stage.resolved,
                    command.program()
                ),
            )
            .because("it is dash; bash knows it")
            .help("SHELL [\"/bin/bash\", \"-c\"] before it, or the words of sh")
        }));
    }
    found
}
