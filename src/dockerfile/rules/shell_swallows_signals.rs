//! A start command in shell form: the shell is process 1.
use super::Finding;
use crate::dockerfile::view::View;

rule!("shell-swallows-signals", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let Some((instruction, command)) = view.first_process() else {
        return Vec::new();
    };
    let last = view.last();
    if !command.is_shell() || last.facts.shell == Some(false) {
        return Vec::new();
    }
    let Some(script) = command.script() else {
        return Vec::new();
    };
    // `exec`, the script's own handling, or somebody else in front of it: the signal arrives.
    let arrives = ["exec ", "exec\t", "trap ", "tini", "dumb-init", "s6-", "$@"]
        .iter()
        .any(|word| script.value.contains(word));
    if arrives || (last.facts.family.as_deref() == Some("alpine") && gives_its_place(&script.value))
    {
        return Vec::new();
    }
    let finding = Finding::new(
        &instruction.span,
        "a shell is process 1, and keeps the signals",
    )
    .because("docker stop waits ten seconds and kills: open requests are lost")
    .help("the program as a JSON array, or `exec` before it");
    vec![finding]
}

/// Whether the shell of busybox starts the last command in its own place, as it does where nothing is left to do behind
/// it. dash, the shell of Debian and Ubuntu, never does.
fn gives_its_place(script: &str) -> bool {
    let ends = ["done", "fi", "esac", "wait"];
    let last = script.split_whitespace().next_back().unwrap_or_default();
    !script
        .replace("&&", " ")
        .contains(['|', '&', '(', '{', '\n'])
        && !ends.contains(&last)
}
