//! A time zone in an image that knows none.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::artefact::installs;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("time-zone-without-data", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    // Only of these bases it is known: the rest may bring the data along.
    let empty = matches!(
        last.facts.name.repository.as_str(),
        "scratch" | "alpine" | "busybox" | "debian"
    ) && !last.resolved.contains("distroless");
    let copied = view
        .between()
        .iter()
        .any(|between| between.to.index == last.index && between.source.contains("zoneinfo"));
    let zone = view.find(last, |instruction| match &instruction.kind {
        Kind::Env(variables) => variables
            .iter()
            .find(|variable| variable.name.value == "TZ")
            .and_then(|variable| variable.value.as_ref()),
        _ => None,
    });
    let embedded = view.ran().any(|(_, _, command)| {
        command
            .words
            .iter()
            .any(|word| word.value.contains("timetzdata"))
    });
    let zone = zone.filter(|zone| {
        !matches!(zone.value.as_str(), "" | "UTC" | "Etc/UTC" | "GMT") && !zone.value.contains('$')
    });
    let found = zone.filter(|_| {
        empty
            && !copied
            && !embedded
            && !installs(view, last, "tzdata")
            && !tables().names.tags.releases.is_empty()
    });
    found
        .map(|zone| {
            Finding::new(
                &zone.span,
                format!("{} has no data of time zones", last.resolved),
            )
            .because(format!(
                "times are UTC, or the program ends with: unknown time zone {}",
                zone.value
            ))
            .help("install tzdata, or COPY /usr/share/zoneinfo from the build stage")
        })
        .into_iter()
        .collect()
}
