//! Installed modules copied to a base with another libc.
use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("modules-of-another-libc", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let between = view.between();
    let modules = &tables().names.modules;
    let foreign = between.iter().filter(|between| {
        let (from, to) = (between.from.facts.libc, between.to.facts.libc);
        from.is_some()
            && to.is_some()
            && from != to
            && between
                .source
                .split('/')
                .any(|part| modules.iter().any(|name| name == part))
    });
    let found = foreign.map(|between| {
        let word = |libc: Option<crate::image::Libc>| libc.map_or("", crate::image::Libc::word);
        let (from, to) = (word(between.from.facts.libc), word(between.to.facts.libc));
        Finding::new(&between.span, format!("modules installed on {from} go to a base with {to}"))
            .label(format!("from stage {} on {}", between.from.title(), between.from.resolved))
            .because("a module with compiled parts does not load there; one without hides that until the first one comes")
            .help("the same distribution in both stages")
    });
    found.collect()
}
