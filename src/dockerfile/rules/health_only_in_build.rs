//! A health check in a stage that is not the last one.
use super::Finding;
use crate::dockerfile::Kind;
use crate::dockerfile::view::View;

rule!("health-only-in-build", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let own = view.find(last, |instruction| {
        matches!(instruction.kind, Kind::Healthcheck(_)).then_some(())
    });
    if own.is_some() {
        return Vec::new();
    }
    let lost = view
        .all()
        .filter(|(_, instruction)| matches!(instruction.kind, Kind::Healthcheck(Some(_))));
    let lost = lost.filter(|(stage, _)| view.needed().contains(&stage.index));
    let found = lost.map(|(stage, instruction)| {
        Finding::new(
            &instruction.keyword,
            format!(
                "only stage {} has it; the image has no health check",
                stage.title()
            ),
        )
        .because("each FROM starts anew")
        .help("HEALTHCHECK in the last stage")
    });
    found.collect()
}
