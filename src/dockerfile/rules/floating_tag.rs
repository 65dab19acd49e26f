//! A base whose tag names no version.
use std::ops::Range;

use super::Finding;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;
use crate::image::{Facts, facts};

rule!("floating-tag", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let bases = view
        .stages
        .iter()
        .filter(|stage| stage.parent.is_none())
        .map(|stage| (stage.resolved.clone(), stage.image.span.clone()));
    let copied = view.all().filter_map(|(stage, instruction)| {
        let from = instruction.as_copy()?.from()?;
        let name =
            crate::dockerfile::view::expand(&from.value, |name| stage.env.get(name).cloned());
        (view.stage(&name).is_none() && name.contains([':', '/', '.']))
            .then(|| (name, from.span.clone()))
    });
    bases
        .chain(copied)
        .filter_map(|(image, span)| finding(&image, &span))
        .collect()
}

fn finding(image: &str, span: &Range<usize>) -> Option<Finding> {
    let names = &tables().names.tags;
    let facts = Facts::of(image);
    let name = &facts.name;
    let unversioned = names
        .unversioned
        .iter()
        .any(|prefix| name.repository.starts_with(prefix.as_str()));
    if image == "scratch"
        || image.contains('$')
        || name.pinned
        || (unversioned && !name.tag.is_empty())
    {
        return None;
    }
    let finding = if name.tag.is_empty() {
        Finding::new(
            span,
            "no tag: the newest version, whatever that is on the day of the build",
        )
    } else if floats(&facts) {
        Finding::new(
            span,
            format!(
                "`{}` names no version: it is another image tomorrow",
                name.tag
            ),
        )
    } else {
        return None;
    };
    Some(finding.help("a version line and the release it stands on, such as NAME:VERSION-RELEASE; an update tool can move it"))
}

/// Whether no part of a tag says a version.
fn floats(facts: &Facts) -> bool {
    let names = &tables().names.tags;
    let moving = |piece: &str| names.floating.iter().any(|word| word == piece);
    let mut pieces = facts.name.tag.split('-');
    if names.releases.contains(&facts.name.repository) {
        return pieces.next().is_some_and(moving);
    }
    // A release of the distribution is no version of what stands on it.
    let versioned = facts.newest_line("").is_some();
    pieces.all(|piece| moving(piece) || versioned && facts::suite(piece).is_some())
}
