//! ADD of an address without a checksum.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::view::View;

rule!("download-without-checksum", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let adds = view
        .all()
        .filter_map(|(_, instruction)| match &instruction.kind {
            Kind::Add(add) if add.flag("checksum").is_none() => Some(add),
            _ => None,
        });
    let fetched = adds.flat_map(|add| &add.sources).filter(|source| {
        source.value.starts_with("http://") || source.value.starts_with("https://")
    });
    let found = fetched
        .filter(|source| !source.value.contains(".git"))
        .map(|source| {
            Finding::new(&source.span, "nobody checks what comes")
                .help("ADD --checksum=sha256:… , so that it is the same tomorrow")
        });
    found.collect()
}
