//! The sample project: layers of the language folder laid over each other.
use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Error, FileSet, Renderer, fill_path};
use crate::plan::Plan;
use crate::spec;

/// A file whose name ends so is rendered; the suffix is dropped.
pub(super) const RENDERED: &str = ".tera";

/// As many bytes as a sample may become.
const LARGEST: usize = 64 << 20;

/// Adds the sample's files. A later layer's file replaces an earlier one of the same path.
pub(super) fn add(plan: &Plan, renderer: &mut Renderer, files: &mut FileSet) -> Result<(), Error> {
    let mut chosen = BTreeMap::new();
    let layers = plan.language.manifest.sample.layers.iter();
    for layer in layers.filter(|layer| plan.holds(&layer.when())) {
        for (path, bytes) in plan.language.sample(&fill_path(plan, layer.path())) {
            let target = fill_path(plan, path.strip_suffix(RENDERED).unwrap_or(&path));
            chosen.insert(target, (path, bytes));
        }
    }
    let mut folded = BTreeSet::new();
    let mut written = 0;
    for (target, (path, bytes)) in chosen {
        if let Some(reason) = unfit(&target, files) {
            return Err(Error::BadPath(target, reason));
        }
        if !folded.insert(target.to_lowercase()) {
            return Err(Error::BadPath(
                target,
                "differs from another file in case only",
            ));
        }
        let bytes = if path.ends_with(RENDERED) {
            let text = std::str::from_utf8(&bytes).map_err(|_| Error::NotText(path.clone()))?;
            renderer.named(&path, text)?.into_bytes()
        } else {
            bytes.into_owned()
        };
        written += bytes.len();
        if written > LARGEST {
            return Err(Error::BadPath(
                target,
                "with it the project has more than 64 MiB",
            ));
        }
        files.insert(target, Entry::once(bytes));
    }
    Ok(())
}

/// Why a file may not have this path.
fn unfit(path: &str, files: &FileSet) -> Option<&'static str> {
    let mut parts = path.split('/');
    if path.contains('\\') || path.contains(':') || path.chars().any(char::is_control) {
        return Some("a path has no backslash, colon or control character");
    }
    if path.starts_with('/') || parts.clone().any(|part| matches!(part, "" | "." | "..")) {
        return Some("not a path below the project");
    }
    if parts.any(|part| part.eq_ignore_ascii_case(".git")) {
        return Some("a name that belongs to version control");
    }
    let ours = files.get(path).is_some() || [spec::FILE, "scaffold.lock"].contains(&path);
    ours.then_some("a file that the program writes itself")
}
