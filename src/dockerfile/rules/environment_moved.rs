//! A virtual environment copied to another path.
use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::{View, join};

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
