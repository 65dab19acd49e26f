//! An entry script that does not give its place to the program.
use super::Finding;
use crate::dockerfile::shell;
use crate::dockerfile::view::View;

rule!("entry-script-without-exec", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let Some((_, command)) = view.first_process() else {
        return Vec::new();
    };
    let Some(word) = command
        .words()
        .iter()
        .find(|word| !shell::is_shell(&word.value))
    else {
        return Vec::new();
    };
    let Some((name, text)) = view.script(&word.value) else {
        return Vec::new();
    };
    let is_script = text.lines().next().is_some_and(|line| {
        line.starts_with("#!")
            && shell::is_shell(line.split(['/', ' ']).next_back().unwrap_or_default())
    });
    let commands = shell::commands(&text, 0);
    let handled =
        text.contains("exec ") || commands.iter().any(|command| command.program() == "trap");
    if !is_script || handled {
        return Vec::new();
    }
    let last = commands
        .last()
        .map(|command| command.program().to_owned())
        .unwrap_or_default();
    let finding = Finding::new(&word.span, format!("{name} starts `{last}` without `exec`"))
        .because("the script stays process 1 and keeps the signals: docker stop waits ten seconds and kills")
        .help(format!("exec {last} … in its last line; exec \"$@\" where CMD says what to start"));
    vec![finding]
}
