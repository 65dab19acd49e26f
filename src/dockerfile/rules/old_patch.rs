//! A tag that names a patch which is not the newest.
use super::Finding;
use crate::dockerfile::view::View;
use crate::image::Version;

rule!("old-patch", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let found = view
        .stages
        .iter()
        .filter(|stage| stage.parent.is_none())
        .filter_map(|stage| {
            let facts = &stage.facts;
            let (version, line) = (facts.version.as_ref()?, facts.line.as_ref()?);
            let (own, latest) = (Version::parse(version)?, Version::parse(&line.latest)?);
            // Only a version as exact as the newest one names a patch.
            let names_a_patch = version.split('.').count() == line.latest.split('.').count()
                && version != &line.version;
            (names_a_patch && own < latest).then(|| {
                Finding::new(
                    &stage.image.span,
                    format!("{version} is behind {}", line.latest),
                )
                .because(format!(
                    "the fixes since then are not in it; the line is {}",
                    line.version
                ))
                .help(format!(
                    "{} instead of {version}, or {} to follow the line",
                    line.latest, line.version
                ))
            })
        });
    found.collect()
}
