//! Image references with the digest that an earlier run recorded. Which digest a tag points at, only a registry knows:
//! nothing is asked here, and what is not recorded is listed.
use std::collections::BTreeMap;

use super::Draft;
use super::stages::Stages;

/// What `images.pin = "digest"` comes to; empty with tags.
#[derive(Clone, Debug, Default)]
pub struct Pins {
    /// The references, as tags, each once.
    pub wanted: Vec<String>,
    /// Those of them that have no digest yet.
    pub missing: Vec<String>,
    /// The digests that are used, by reference.
    pub digests: BTreeMap<String, String>,
}

/// Puts the recorded digests behind all references.
pub(super) fn pin(draft: &Draft<'_>, stages: &mut Stages) -> Pins {
    let mut pins = Pins::default();
    if draft
        .value("images.pin")
        .and_then(crate::spec::Value::as_text)
        != Some("digest")
    {
        return pins;
    }
    let known = &draft.inputs.lock.digests;
    for image in stages.all_mut().filter(|image| !image.tag.is_empty()) {
        let reference = image.reference.clone();
        match known.get(&reference) {
            Some(digest) => {
                image.reference = format!("{reference}@{digest}");
                pins.digests.insert(reference.clone(), digest.clone());
            }
            None => pins.missing.push(reference.clone()),
        }
        pins.wanted.push(reference);
    }
    for list in [&mut pins.wanted, &mut pins.missing] {
        list.sort();
        list.dedup();
    }
    pins
}
