//! What several languages have in common: a file of `shared/` that holds parts of a manifest, for manifests to include.
use serde::Deserialize;

use super::manifest::{BySuite, ConditionalDefault, IgnoreGroup, Manifest, Refusal, Table};
use super::rules::{DependencyList, Find, Need};
use super::workspace::Workspace;
use crate::spec::field::{Field, When};

/// Parts of a manifest; each key means what it means there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Part {
    options: Table<Field>,
    default: Vec<ConditionalDefault>,
    toolchain: BySuite,
    refuse: Vec<Refusal>,
    ignore: Vec<IgnoreGroup>,
    need: Vec<Need>,
    dependencies: Vec<DependencyList>,
    find: Vec<Find>,
    workspace: Workspace,
}

impl Part {
    /// The same, with a further condition on whatever has one.
    pub(super) fn under(mut self, when: &When) -> Self {
        let options = self.options.0.iter_mut().map(|(_, field)| &mut field.when);
        let ignore = self.ignore.iter_mut().map(|group| &mut group.when);
        let need = self.need.iter_mut().map(|need| &mut need.when);
        for own in options.chain(ignore).chain(need) {
            own.extend(when.clone());
        }
        self
    }

    /// Puts the parts before the manifest's own, whose defaults thereby win.
    pub(super) fn join(self, manifest: &mut Manifest) {
        before(&mut manifest.options.0, self.options.0);
        before(&mut manifest.default, self.default);
        before(&mut manifest.refuse, self.refuse);
        before(&mut manifest.ignore, self.ignore);
        before(&mut manifest.detect.need, self.need);
        before(&mut manifest.dependencies, self.dependencies);
        before(&mut manifest.find, self.find);
        self.workspace.join(&mut manifest.workspace);
        for (suite, packages) in self.toolchain {
            manifest.toolchain.entry(suite).or_insert(packages);
        }
    }
}

pub(super) fn before<T>(own: &mut Vec<T>, mut shared: Vec<T>) {
    shared.append(own);
    *own = shared;
}
