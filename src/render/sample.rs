//! The sample project: layers of the language folder laid over each other.
use std::collections::BTreeMap;

use super::{Entry, Error, FileSet, Renderer, fill_path};
use crate::plan::Plan;

/// A file whose name ends so is rendered; the suffix is dropped.
pub(super) const RENDERED: &str = ".tera";

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
    for (target, (path, bytes)) in chosen {
        if !is_below(&target) {
            return Err(Error::BadPath(target));
        }
        let bytes = if path.ends_with(RENDERED) {
            let text = std::str::from_utf8(&bytes).map_err(|_| Error::NotText(path.clone()))?;
            renderer.named(&path, text)?.into_bytes()
        } else {
            bytes.into_owned()
        };
        files.insert(target, Entry::once(bytes));
    }
    Ok(())
}

fn is_below(path: &str) -> bool {
    let mut parts = path.split('/');
    !path.contains('\\') && parts.all(|part| !matches!(part, "" | "." | ".." | ".git"))
}
