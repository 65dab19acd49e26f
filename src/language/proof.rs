//! What the engine tests of this project measured of a built-in language: `proven.toml` in its folder, written by
//! `.ci/figures`. A runtime that is not in it was not built.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Language;
use super::error::Error;
use super::reading::parsed;
use crate::report::Document;

const FILE: &str = "proven.toml";

/// What was measured of one runtime, over all projects that were built with it. Spans are the lowest and the highest;
/// empty where nothing was measured.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// How many projects were built and run.
    pub projects: usize,
    /// The frameworks that they are made with.
    pub frameworks: Vec<String>,
    /// What the image has over its base, in 10⁶ bytes.
    #[serde(default)]
    pub added_mb: Vec<f64>,
    /// The first build, with empty caches, in seconds.
    #[serde(default)]
    pub cold_build_s: Vec<f64>,
    /// A build after an edit of one source file, in seconds.
    #[serde(default)]
    pub edit_build_s: Vec<f64>,
}

impl Language {
    /// By runtime, what was measured of the folder itself; what extends it is another one, of which nothing is known.
    pub fn proofs(&self) -> Result<BTreeMap<String, Proof>, Error> {
        match self.text(FILE) {
            Some(text) if self.is_built_in() => parsed(&Document::file(FILE, text)),
            _ => Ok(BTreeMap::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::folder::load_all;

    #[test]
    fn what_is_proven_is_there() {
        for language in load_all().unwrap() {
            let manifest = &language.manifest;
            for (runtime, proof) in language.proofs().unwrap() {
                let name = format!("{}: {runtime}", language.id);
                assert!(
                    manifest.runtimes.names().any(|own| own == runtime),
                    "{name}"
                );
                assert!(proof.projects > 0, "{name}");
                for framework in &proof.frameworks {
                    let mut own = manifest.frameworks.names();
                    assert!(own.any(|own| own == framework), "{name}: {framework}");
                }
            }
        }
    }
}
