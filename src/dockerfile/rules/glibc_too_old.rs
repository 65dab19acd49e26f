//! A program built on a newer glibc than the one it runs on.
use super::Finding;
use crate::dockerfile::artefact;
use crate::dockerfile::view::View;

rule!("glibc-too-old", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let between = view.between();
    let older = between.iter().filter(|between| matches!((between.from.facts.glibc(), between.to.facts.glibc()), (Some(from), Some(to)) if from > to));
    let found = older.filter_map(|between| {
        let command = artefact::native(view, between)?;
        let release = |stage: &crate::dockerfile::Stage| {
            stage
                .facts
                .release
                .clone()
                .map(|release| {
                    format!(
                        "{} (glibc {})",
                        release.title,
                        release.glibc.unwrap_or_default()
                    )
                })
                .unwrap_or_default()
        };
        Some(
            Finding::new(&between.span, "built on a newer glibc than it runs on")
                .label(format!(
                    "made by `{}` in stage {}",
                    command.program(),
                    between.from.title()
                ))
                .because(format!(
                    "built on {}, run on {}",
                    release(between.from),
                    release(between.to)
                ))
                .because("it starts with: version `GLIBC_…' not found")
                .help("the same release in both stages"),
        )
    });
    found.collect()
}
