//! What a policy finds wrong with a Dockerfile, whoever wrote it.
use std::collections::BTreeMap;
use std::ops::Range;

use super::file::Policy;
use super::rules;
use crate::dockerfile::view::expand;
use crate::dockerfile::{Kind, View};
use crate::report::Diagnostic;

/// All that is wrong with it.
pub(super) fn judge(policy: &Policy, view: &View<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some((image, span)) = frontend(&view.document.text) {
        found.extend(rules::foreign(policy, image, Some(&view.place(&span))));
    }
    for (image, span) in images(view) {
        let at = view.place(&span);
        found.extend(rules::foreign(policy, &image, Some(&at)));
        found.extend(rules::unlisted(policy, &image, Some(&at)));
        found.extend(rules::ending(
            policy,
            &image,
            (Some(&at), view.around.today),
        ));
    }
    found.extend(labels(policy, view));
    found.extend(user(policy, view));
    for one in &mut found {
        // What to write into a spec helps nobody who has none.
        if one.code == "policy/registry" {
            one.help = None;
        }
    }
    found
}

/// The image of a `# syntax=` line, which stands before everything else
/// (<https://docs.docker.com/reference/dockerfile/#parser-directives>).
fn frontend(text: &str) -> Option<(&str, Range<usize>)> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let (name, value) = line.trim().strip_prefix('#')?.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("syntax") {
            let value = value.trim();
            let at = start + line.find(value)?;
            return Some((value, at..at + value.len()));
        }
        start += line.len();
    }
    None
}

/// The images that stages stand on, and those that something is copied or mounted from.
fn images(view: &View<'_>) -> Vec<(String, Range<usize>)> {
    let bases = view.stages.iter().filter(|stage| stage.parent.is_none());
    let bases = bases.map(|stage| (stage.resolved.clone(), stage.image.span.clone()));
    let mut all: Vec<_> = bases.collect();
    let is_image = |name: &str| view.stage(name).is_none() && name.parse::<usize>().is_err();
    for (_, instruction) in view.all() {
        let copied = instruction.as_copy().and_then(|copy| copy.from());
        let copied = copied.map(|from| (from.value.clone(), from.span.clone()));
        let mounts = instruction.as_run().map(|run| run.mounts.as_slice());
        let mounts = mounts.unwrap_or_default().iter();
        let mounted = mounts.filter_map(|mount| Some((mount.from.clone()?, mount.span.clone())));
        let named = copied.into_iter().chain(mounted);
        all.extend(named.filter(|(name, _)| is_image(name)));
    }
    all
}

fn labels(policy: &Policy, view: &View<'_>) -> Vec<Diagnostic> {
    let last = view.last();
    let mut labels = BTreeMap::new();
    for (stage, instruction) in view.instructions(last) {
        let Kind::Label(entries) = &instruction.kind else {
            continue;
        };
        for entry in entries {
            let value = entry.value.as_ref();
            let text = value.map(|value| expand(&value.value, |name| stage.env.get(name).cloned()));
            let span = value.map_or(&entry.name.span, |value| &value.span);
            labels.insert(entry.name.value.as_str(), (text.unwrap_or_default(), span));
        }
    }
    let wanted = policy.labels.iter().filter_map(|(name, wanted)| {
        let own = labels.get(name.as_str());
        let at = view.place(own.map_or(&last.from, |(_, span)| *span));
        let value = own.map(|(value, _)| value.as_str());
        rules::label(name, wanted, (value, Some(&at)))
    });
    wanted.collect()
}

fn user(policy: &Policy, view: &View<'_>) -> Option<Diagnostic> {
    let last = view.last();
    let own = view.find(last, |instruction| match &instruction.kind {
        Kind::User(user) => Some(&user.span),
        _ => None,
    });
    let said = last.user.as_deref().unwrap_or("the base's user");
    let name = said.split(':').next().unwrap_or_default();
    let known = last.facts.users.iter().find(|user| user.name == name);
    let number = known.map_or_else(|| name.to_owned(), |user| user.uid.to_string());
    let at = view.place(own.unwrap_or(&last.image.span));
    rules::user_out_of_range(policy, &number, Some(&at))
}
