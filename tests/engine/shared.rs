//! Layers and cache mounts that the cases of one file share: what one of them has installed and compiled helps the next,
//! and it stays until the last of them is done.
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use stagewright::engine::Engine;
use stagewright::engine::made::CacheSpace;

use super::case::Case;

/// How many cases of each file are still to come.
pub(crate) struct Shared(Mutex<BTreeMap<String, usize>>);

impl Shared {
    /// Of all cases that may run.
    pub(crate) fn new(cases: &[Case]) -> Self {
        let mut left = BTreeMap::new();
        for case in cases.iter().filter(|case| !case.fresh_caches) {
            *left.entry(file(case).to_owned()).or_default() += 1;
        }
        Self(Mutex::new(left))
    }

    /// Cache mounts for a case: its own, or those of its file.
    pub(crate) fn space<'a>(case: &Case, engine: &'a Engine) -> CacheSpace<'a> {
        let name = if case.fresh_caches {
            &case.name
        } else {
            file(case)
        };
        engine.space(name, case.fresh_caches)
    }

    /// Ends the use by a case.
    pub(crate) fn done(&self, case: &Case, space: CacheSpace<'_>) {
        if !case.fresh_caches && self.more_to_come(file(case)) {
            space.keep();
        }
    }

    fn more_to_come(&self, file: &str) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = left.get_mut(file) else {
            return false;
        };
        *count = count.saturating_sub(1);
        *count > 0
    }
}

fn file(case: &Case) -> &str {
    case.name.split(':').next().unwrap_or_default()
}
