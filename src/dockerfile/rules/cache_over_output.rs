//! A cache mount over a path that is needed afterwards.
use super::Finding;
use crate::dockerfile::view::{View, covers, expand, join};

rule!("cache-over-output", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let between = view.between();
    let mut found = Vec::new();
    for (stage, instruction) in view.all() {
        let mounts = instruction
            .as_run()
            .map(|run| run.mounts.as_slice())
            .unwrap_or_default();
        for mount in mounts.iter().filter(|mount| mount.kind == "cache") {
            let target = mount.target.as_deref().unwrap_or_default();
            let target = join(
                &instruction.workdir,
                &expand(target, |name| stage.env.get(name).cloned()),
            );
            let lost = between.iter().find(|between| {
                between.from.index == stage.index
                    && target.starts_with('/')
                    && target.len() > 1
                    && covers(&target, &between.source)
            });
            found.extend(lost.map(|between| {
                Finding::new(
                    &between.span,
                    format!(
                        "{} is not in that stage: a cache was mounted over it",
                        between.source
                    ),
                )
                .because(format!(
                    "{target} is a cache mount: what is written there is in no layer"
                ))
                .help("in the same RUN, copy the result out of the cache's folder")
            }));
        }
    }
    found
}
