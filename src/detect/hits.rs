//! What a rule looks at: files, dependencies, or earlier findings alone.
use std::collections::BTreeMap;

use super::dependencies::{Dependency, normalize};
use super::fill::{clean, fill};
use super::reader::{Hit, Look, being_there};
use super::resolve::Resolver;
use crate::image::{Version, range};
use crate::language::rules::Find;

impl Resolver<'_> {
    /// All hits of a rule.
    pub(super) fn hits(&self, rule: &Find) -> Vec<Hit> {
        let hits = self.all_hits(rule);
        match &rule.per {
            Some(per) => least_of_greatest(hits, per).into_iter().collect(),
            None => hits,
        }
    }

    fn all_hits(&self, rule: &Find) -> Vec<Hit> {
        let look = Look::from(rule);
        if let Some(except) = &rule.native {
            return self.native(except);
        }
        if !rule.dependency.all().is_empty() {
            return self.of_dependencies(rule);
        }
        if look.has_files() {
            let nowhere = being_there(self.scope, "");
            let lookup = |name: &str| self.lookup(name, &nowhere);
            let near = rule.near.as_ref().and_then(|near| fill(near, &lookup));
            // Where no such folder is known, nothing is far from it.
            return match near {
                Some(folder) => look.hits_near(self.scope, &clean(&folder)),
                None if rule.near.is_some() => look.hits_near(self.scope, ""),
                None => look.hits(self.scope),
            };
        }
        // Nothing but earlier findings: the evidence is that of the first one.
        let earlier = rule.when.keys().find_map(|key| {
            let mut decisions = self.decisions.iter();
            let decision = decisions.find(|decision| decision.key == *key)?;
            let finding = decision.finding.as_ref()?;
            Some(Hit {
                captures: finding.captures.clone(),
                text: finding.value.display(),
                place: finding.place.clone(),
            })
        });
        vec![earlier.unwrap_or_else(|| being_there(self.scope, ""))]
    }

    fn of_dependencies(&self, rule: &Find) -> Vec<Hit> {
        let how = &self.language.manifest.detect.normalize;
        let names = rule.dependency.all().iter();
        let names: Vec<_> = names.map(|name| normalize(how, name)).collect();
        let found = names.iter().filter_map(|name| {
            let mut all = self.dependencies.iter();
            all.find(|one| one.name == *name && (one.direct || !rule.direct))
        });
        found
            .map(|one| self.of_dependency(one, &one.name))
            .filter(|hit| self.extras_fit(rule, hit))
            .collect()
    }

    /// `regex` of a dependency rule reads its extras.
    fn extras_fit(&self, rule: &Find, hit: &Hit) -> bool {
        let Some(pattern) = &rule.regex else {
            return true;
        };
        let regex = self.scope.view.regex(pattern);
        let extras = hit.captures.get("extras");
        regex
            .zip(extras)
            .is_some_and(|(regex, extras)| regex.is_match(extras))
    }

    fn of_dependency(&self, dependency: &Dependency, text: &str) -> Hit {
        let mut captures = {
            let path = self.scope.view.relative(&dependency.place.document.name);
            self.scope.captures(path)
        };
        captures.insert("name".to_owned(), dependency.name.clone());
        captures.insert("version".to_owned(), dependency.version.clone());
        captures.insert("extras".to_owned(), dependency.extras.clone());
        Hit {
            captures,
            text: text.to_owned(),
            place: dependency.place.clone(),
        }
    }

    /// Dependencies that need system packages, by the names that `[[native]]` gives them.
    fn native(&self, except: &[String]) -> Vec<Hit> {
        let how = &self.language.manifest.detect.normalize;
        let known = self.language.manifest.native.iter();
        let known = known.filter(|native| !except.contains(&native.dependency));
        known
            .filter_map(|native| {
                let name = normalize(how, &native.dependency);
                let found = self.dependencies.iter().find(|one| one.name == name)?;
                Some(self.of_dependency(found, &native.dependency))
            })
            .collect()
    }
}

/// Of each group the greatest version, of those the least: what all of them have.
fn least_of_greatest(hits: Vec<Hit>, per: &str) -> Option<Hit> {
    let mut groups: BTreeMap<String, Option<(Version, Hit)>> = BTreeMap::new();
    for hit in hits {
        let group = hit.captures.get(per).cloned().unwrap_or_default();
        let version = hit.captures.get("version").map(|text| range::leading(text));
        match (version.flatten(), groups.get(&group)) {
            (None, _) => groups.insert(group, None),
            (Some(_), Some(None)) => None,
            (Some(version), Some(Some((known, _)))) if *known >= version => None,
            (Some(version), _) => groups.insert(group, Some((version, hit))),
        };
    }
    let bounds = groups.into_values().flatten();
    let least = bounds.min_by(|(a, _), (b, _)| a.cmp(b));
    least.map(|(_, hit)| hit)
}
