//! A virtual environment copied to another path.
use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::{Between, View, join};

rule!("environment-moved", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let environments = &tables().names.environments;
    let between = view.between();
    let moved = between.iter().filter(|between| {
        let is_environment = between
            .source
            .rsplit('/')
            .next()
            .is_some_and(|last| environments.iter().any(|name| name == last));
        is_environment
            && between.from.facts.holds.is_some()
            && between.target.starts_with('/')
            && join("/", &between.target) != between.source
            && !starts_its_interpreter(view, between)
    });
    let found = moved.map(|between| {
        Finding::new(
            &between.span,
            format!(
                "the environment moves from {} to {}",
                between.source, between.target
            ),
        )
        .because("the scripts in its bin/ begin with the path that it was made at")
        .help(format!(
            "COPY --from={} {} {}",
            between.from.name.as_ref().map_or("…", |name| &name.value),
            between.source,
            between.source
        ))
    });
    found.collect()
}

/// An interpreter that is called by its path in the environment finds what lies around it, wherever that is.
fn starts_its_interpreter(view: &View<'_>, between: &Between<'_>) -> bool {
    let Some(interpreter) = &between.from.facts.holds else {
        return false;
    };
    let path = join(&between.target, &format!("bin/{interpreter}"));
    let program = view
        .started()
        .into_iter()
        .find_map(|(_, command)| command.words().first().map(|word| word.value.clone()));
    program.is_some_and(|program| program.starts_with(&path))
}
