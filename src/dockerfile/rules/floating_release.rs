//! A tag with a version, whose distribution moves under it.
use super::Finding;
use crate::dockerfile::view::View;

rule!("floating-release", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let bases = view
        .stages
        .iter()
        .filter(|stage| stage.parent.is_none() && !stage.facts.name.pinned);
    let moving = bases.filter(|stage| {
        let facts = &stage.facts;
        facts.known
            && facts.suite.is_none()
            && facts.version.is_some()
            && facts.family.is_some()
            && facts.shell == Some(true)
    });
    // One that installs nothing from the distribution hardly notices.
    let moving = moving.filter(|stage| {
        stage
            .instructions
            .iter()
            .flat_map(crate::dockerfile::Instruction::commands)
            .any(|command| {
                crate::dockerfile::tables::matching(
                    &crate::dockerfile::tables::tables().names.installers,
                    command,
                )
                .is_some()
            })
    });
    let found = moving.map(|stage| {
        Finding::new(
            &stage.image.span,
            "the tag does not say which release of the distribution",
        )
        .because(
            "the day the image moves to a new one, the packages installed here are others, or gone",
        )
        .help("the release in the tag: VERSION-trixie, VERSION-alpine3.24")
    });
    found.collect()
}
