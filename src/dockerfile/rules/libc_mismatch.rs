//! A native program copied to a base with another libc.
use super::Finding;
use crate::dockerfile::artefact;
use crate::dockerfile::view::View;
use crate::image::Libc;

rule!("libc-mismatch", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let between = view.between();
    let foreign = between.iter().filter(|between| {
        let (from, to) = (between.from.facts.libc, between.to.facts.libc);
        from.is_some() && to.is_some() && from != to && to != Some(Libc::None)
    });
    let found = foreign.filter_map(|between| {
        let command = artefact::native(view, between)?;
        let word = |libc: Option<Libc>| libc.map_or("", Libc::word);
        let (from, to) = (word(between.from.facts.libc), word(between.to.facts.libc));
        Some(
            Finding::new(
                &between.span,
                format!("a program linked with {from} goes to a base with {to}"),
            )
            .label(format!(
                "made by `{}` in stage {}",
                command.program(),
                between.from.title()
            ))
            .because(format!(
                "{} has {from}, {} has {to}: the kernel finds no loader for it",
                between.from.resolved, between.to.resolved
            ))
            .help("build and run on the same distribution, or link it statically"),
        )
    });
    found.collect()
}
