//! What an organisation settled for all its projects: `scaffold-policy.toml`. It shapes what `new` and `init` write into
//! a spec, and judges specs and Dockerfiles ever after; it changes no output by itself, so that the same spec gives the
//! same files also where the policy is not at hand.
use std::sync::Arc;

mod dockerfile;
mod file;
pub mod find;
mod forbid;
mod images;
mod rules;
mod schema;
mod shape;
mod words;

pub use file::Policy;
pub use rules::IN_SPEC;
pub use schema::schema;
pub use words::{Words, all as rules, find as rule};

use crate::dockerfile::View;
use crate::plan::Plan;
use crate::report::{Diagnostic, Place};
use crate::spec::{Field, Sourced, Spec};

/// The file's name.
pub const FILE: &str = "scaffold-policy.toml";

/// All policies that hold for a project. Each holds by itself, so that the strictest wins; where they propose different
/// values to `new` and `init`, the first does.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// Those of the repository, the nearest first.
    pub repository: Vec<Arc<Policy>>,
    /// Those beside the template.
    pub template: Vec<Arc<Policy>>,
    /// The one beside the person's configuration.
    pub person: Option<Arc<Policy>>,
}

impl Policies {
    /// Each once, the strongest in what it proposes first.
    fn all(&self) -> Vec<&Policy> {
        let all = self.repository.iter().chain(&self.template);
        let mut kept: Vec<&Policy> = Vec::new();
        for policy in all.chain(&self.person) {
            // The same file may be found under two names, and a copy says the same.
            let is_known = |known: &&Policy| known.document.text == policy.document.text;
            if !kept.iter().any(is_known) {
                kept.push(policy);
            }
        }
        kept
    }

    /// What is wrong with a plan.
    pub fn judge(&self, plan: &Plan, today: &str) -> Vec<Diagnostic> {
        let each = self.all().into_iter();
        each.flat_map(|policy| rules::judge(policy, plan, today))
            .collect()
    }

    /// What is wrong with a Dockerfile, whoever wrote it.
    pub fn judge_dockerfile(&self, view: &View<'_>) -> Vec<Diagnostic> {
        let each = self.all().into_iter();
        each.flat_map(|policy| dockerfile::judge(policy, view))
            .collect()
    }

    /// Writes what they want into a spec with these fields, where nobody said otherwise.
    pub fn shape(&self, fields: &[Field], spec: &mut Spec) {
        shape::shape(&self.all(), fields, spec);
    }

    /// Choices in the place of defaults that are forbidden, by key: those that are not, in the order of the field.
    pub fn alternatives(&self, plan: &Plan) -> Vec<(String, Vec<Sourced>)> {
        shape::alternatives(&self.all(), plan)
    }

    /// The labels that a plan lacks and that only a person can say.
    pub fn missing_labels(&self, plan: &Plan) -> Vec<String> {
        let all = self.all().into_iter();
        let mut missing: Vec<_> = all
            .flat_map(|policy| rules::missing_labels(policy, plan))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing.into_iter().map(ToOwned::to_owned).collect()
    }

    /// Whether a label may have this value, or why not.
    pub fn accept_label(&self, name: &str, value: &str) -> Result<(), String> {
        let each = self.all().into_iter();
        let refused = each.flat_map(|policy| policy.labels.iter().filter(|(own, _)| own == name));
        let mut refused = refused.filter_map(|(_, wanted)| rules::unfit(&wanted.value, value));
        refused.next().map_or(Ok(()), Err)
    }

    /// The languages' own keys that they speak of, `options.…`, with their places.
    pub fn options(&self) -> Vec<(&str, &Place)> {
        let each = self.all().into_iter();
        each.flat_map(Policy::options).collect()
    }

    /// Where they speak of a key of the spec.
    pub fn places(&self, key: &str) -> Vec<&Place> {
        let each = self.all().into_iter();
        each.flat_map(|policy| policy.places(key)).collect()
    }
}

#[cfg(test)]
mod tests;
