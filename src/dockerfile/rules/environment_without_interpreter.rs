//! A virtual environment whose interpreter is elsewhere in the base that gets it.
use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("environment-without-interpreter", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let between = view.between();
    let environments = &tables().names.environments;
    let found = between.iter().filter_map(|between| {
        let is_environment = between.source.rsplit('/').next().is_some_and(|last| environments.iter().any(|name| name == last));
        let from = between.from.facts.interpreter.as_ref()?;
        // A known base that holds nothing has no interpreter unless somebody installs it: then its path is not known.
        let to = &between.to.facts;
        let elsewhere = match &to.interpreter {
            Some(path) => path.rsplit_once('/').map(|(folder, _)| folder) != from.rsplit_once('/').map(|(folder, _)| folder),
            None => to.known && to.shell == Some(false),
        };
        let made_for_it = view.instructions(between.from).any(|(_, instruction)| instruction.commands().iter().any(|command| command.words.iter().any(|word| to.interpreter.as_deref().is_some_and(|path| word.value.contains(path) || path.starts_with(word.value.as_str()) && word.value.contains('/')))));
        (is_environment && elsewhere && !made_for_it).then(|| {
            Finding::new(&between.span, format!("its interpreter is {from}, which {} does not have", between.to.resolved))
                .label(format!("made on {}", between.from.resolved))
                .because("bin/ of an environment holds links and scripts with the interpreter's path")
                .help("make the environment with the interpreter of the last stage's base, or run on the image it was made on")
        })
    });
    found.collect()
}
