//! `$VAR` in a JSON array.
use super::Finding;
use crate::dockerfile::shell;
use crate::dockerfile::view::View;

rule!("variable-in-exec-form", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let words = view.exec_forms().flat_map(literal);
    let found = words.filter_map(|word| {
        let used = shell::uses(&word.value, 0).into_iter().next()?;
        let is_variable = used.name.chars().all(|c| !c.is_lowercase());
        is_variable.then(|| {
            Finding::new(
                &word.span,
                format!("the program gets `{}` as it stands here", word.value),
            )
            .because("a JSON array is started without a shell: nothing fills variables in")
            .help(format!(
                "let the program read {} itself, or [\"sh\", \"-c\", \"exec …\"]",
                used.name
            ))
        })
    });
    found.collect()
}

/// The words that a program takes literally: not a script behind `-c` or `-e`, whose language may know `$` itself.
fn literal(command: &crate::dockerfile::Command) -> Vec<&crate::dockerfile::Text> {
    let words = command.words();
    // An entry script or a tool that starts through a shell may expand its arguments: only the program's own are sure.
    let script = words.first().is_some_and(|word| {
        shell::is_script_name(&word.value) || word.value.contains("entrypoint")
    });
    if script {
        return Vec::new();
    }
    let after_code = |at: usize| {
        at > 0 && words[at - 1].value.starts_with('-') && words[at - 1].value.len() <= 3
    };
    words
        .iter()
        .enumerate()
        .filter(|(at, word)| !after_code(*at) || !word.value.contains(' '))
        .map(|(_, word)| word)
        .filter(|word| !word.value.contains(' '))
        .collect()
}
