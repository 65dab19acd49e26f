//! A stage that nothing can reach.
use super::Finding;
use crate::dockerfile::view::View;

rule!("unreachable-stage", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let needed = view.needed();
    // One with a name can be asked for by --target.
    let lost = view
        .stages
        .iter()
        .filter(|stage| stage.name.is_none() && !needed.contains(&stage.index));
    let found = lost.map(|stage| {
        Finding::new(&stage.from, "the last stage takes nothing from this one")
            .because("the builder skips it: whatever it should do is not done")
            .help("AS NAME, for docker build --target NAME; or COPY --from it")
    });
    found.collect()
}
