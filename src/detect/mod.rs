//! A repository → what it is, with evidence. One walk for all languages, rules as data of each language's manifest,
//! findings with file, line and rule. Pure over a read-only view: nothing of the repository is run, nothing is written,
//! no network, and the same tree gives the same result on every machine.
use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

mod convert;
pub mod data;
pub mod dependencies;
mod fill;
pub mod finding;
mod hits;
mod json;
mod lines;
mod links;
mod maker;
pub mod node;
mod pattern;
mod placed;
mod projects;
mod reader;
mod resolve;
mod scope;
pub mod services;
mod store;
mod tracked;
pub mod tree;
pub mod view;

pub use finding::{Candidate, Considered, Decision, Finding, Reading, Sign};
pub use projects::is_apart;
pub use tree::walk;
pub use view::View;

use crate::image::Catalogue;
use crate::language::{self, Language};
use crate::spec::Value;
use convert::Versions;
use dependencies::Dependency;
use reader::Look;
use resolve::Resolver;
use scope::Scope;

/// What is there, without the files that this program wrote.
pub fn look(root: &Utf8Path, ours: BTreeSet<String>) -> View {
    View::new(walk(root), ours)
}

/// The languages that show a sign, the strongest first.
pub fn candidates(view: &View, languages: Vec<Language>) -> Vec<Candidate> {
    let mut found: Vec<_> = languages
        .into_iter()
        .map(|language| candidate(view, language))
        .filter(|candidate| candidate.score > 0)
        .collect();
    prefer_the_more_special(&mut found);
    found.sort_by(|a, b| (b.score, &a.language.id).cmp(&(a.score, &b.language.id)));
    found
}

/// A folder that extends another one shows all of that one's signs. With a sign of its own it stands in for it, without
/// one it is not meant.
fn prefer_the_more_special(found: &mut Vec<Candidate>) {
    let scores: BTreeMap<String, u32> = found
        .iter()
        .map(|candidate| (candidate.language.id.clone(), candidate.score))
        .collect();
    let bases = |candidate: &Candidate| -> Vec<String> {
        let bases = candidate.language.bases();
        bases.map(|base| base.id.clone()).collect()
    };
    found.retain(|candidate| {
        let bases = bases(candidate);
        let mut scores = bases.iter().filter_map(|base| scores.get(base));
        scores.all(|score| candidate.score > *score)
    });
    let replaced: Vec<_> = found.iter().flat_map(bases).collect();
    found.retain(|candidate| !replaced.contains(&candidate.language.id));
}

/// The least score that makes a language more than a stray file.
pub const ENOUGH: u32 = 10;

/// Whether its signs are more than a stray file.
pub fn is_enough(candidate: &Candidate) -> bool {
    candidate.score >= ENOUGH
}

/// Folders below the top that have the manifest of a language: where to look when the top has none.
pub fn elsewhere(view: &View, languages: &[Language]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for language in languages {
        let signals = &language.manifest.detect.signals;
        let strong = signals
            .iter()
            .filter(|signal| u32::try_from(signal.weight).is_ok_and(|weight| weight >= ENOUGH));
        for name in strong.flat_map(|signal| signal.file.all()) {
            for pattern in [format!("*/{name}"), format!("*/*/{name}")] {
                for id in view.glob(&pattern).iter() {
                    let folder = view.path(*id).trim_end_matches(name.as_str());
                    let folder = folder.trim_end_matches('/').to_owned();
                    if !found.iter().any(|(known, _)| *known == folder) {
                        found.push((folder, language.manifest.title.clone()));
                    }
                }
            }
        }
    }
    found.sort();
    let folders: Vec<_> = found
        .iter()
        .map(|(folder, _)| format!("{folder}/"))
        .collect();
    found.retain(|(folder, _)| !folders.iter().any(|above| folder.starts_with(above)));
    found
}

fn candidate(view: &View, language: Language) -> Candidate {
    let detect = &language.manifest.detect;
    let scope = Scope::new(view, detect);
    let mut signs = Vec::new();
    for signal in &detect.signals {
        let look = Look::from(signal);
        let files = if signal.regex.is_some() {
            let hits = look.hits(&scope).into_iter();
            hits.map(|hit| hit.place.short()).collect()
        } else {
            let files = look.files(&scope).into_iter();
            files.map(|id| view.path(id).to_owned()).collect::<Vec<_>>()
        };
        let Some(first) = files.first() else {
            continue;
        };
        let counted = files.len().min(signal.up_to as usize);
        let counted = i32::try_from(counted).unwrap_or(i32::MAX);
        let what = match files.len() {
            1 => first.clone(),
            many => format!("{first} and {} more", many - 1),
        };
        signs.push(Sign {
            what,
            weight: counted.saturating_mul(signal.weight),
        });
    }
    let score: i32 = signs.iter().map(|sign| sign.weight).sum();
    Candidate {
        score: u32::try_from(score).unwrap_or_default(),
        signs,
        language,
    }
}

/// Whether nothing decides between the first two languages.
pub fn is_close(candidates: &[Candidate]) -> bool {
    match candidates {
        [first, second, ..] => second.score * 4 > first.score * 3,
        _ => false,
    }
}

/// Reads the repository as one of `language`; `said` is what the user said already.
pub fn read(
    view: &View,
    language: &Language,
    said: &BTreeMap<String, Value>,
    day: (&Catalogue, &str),
) -> Reading {
    read_with(view, language, (said, Vec::new()), day)
}

/// The same with what else the program depends on.
fn read_with(
    view: &View,
    language: &Language,
    (said, more): (&BTreeMap<String, Value>, Vec<Dependency>),
    (catalogue, today): (&Catalogue, &str),
) -> Reading {
    let manifest = &language.manifest;
    let scope = Scope::new(view, &manifest.detect);
    let own = dependencies::collect(&scope, &manifest.detect, &manifest.dependencies);
    let dependencies = own.into_iter().chain(more).collect();
    let resolver = Resolver {
        scope: &scope,
        language,
        fields: language::fields(Some(language)),
        dependencies,
        versions: Versions {
            image: catalogue.image(&manifest.version.image),
            compatible: manifest.version.compatible,
            today,
        },
        said,
        decisions: Vec::new(),
        warnings: Vec::new(),
    };
    resolver.run()
}
