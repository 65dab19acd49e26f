//! Installed modules copied to another version of their interpreter.
use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::{Stage, View};

rule!("interpreter-version-differs", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let between = view.between();
    let modules = &tables().names.modules;
    let found = between.iter().filter_map(|between| {
        if !between.source.split('/').any(|part| modules.iter().any(|name| name == part)) {
            return None;
        }
        let (from, to) = (line(between.from)?, line(between.to)?);
        let same = between.from.facts.holds == between.to.facts.holds;
        (same && from != to).then(|| {
            Finding::new(&between.span, format!("installed for {from}, run by {to}"))
                .label(format!("from stage {} on {}", between.from.title(), between.from.resolved))
                .because("the new interpreter looks for its modules elsewhere, and compiled ones do not load")
                .help("the same version in both stages; one ARG before the first FROM says it once")
        })
    });
    found.collect()
}

fn line(stage: &Stage) -> Option<String> {
    let facts = &stage.facts;
    let holds = facts.holds.as_ref()?;
    let version = facts
        .line
        .as_ref()
        .map(|line| line.version.clone())
        .or_else(|| facts.version.clone())?;
    Some(format!("{holds} {version}"))
}
