//! Spec → Plan: everything decided, each value with where it came from. Defaults come last. Pure: no disk, no clock.
use std::collections::BTreeMap;

mod checks;
mod packages;
mod pins;
mod resolver;
pub mod service;
mod stages;
pub mod together;

use crate::image::{Catalogue, Reference};
use crate::language::{Language, Origin};
use crate::report::Diagnostic;
use crate::spec::services::clean;
use crate::spec::{Field, Source, Sourced, Spec, Value};

pub use pins::Pins;
pub use resolver::substitute;
pub use service::Service;

/// What an earlier run resolved: kept until `update` moves it, so that a newer catalogue changes no file by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The language's version.
    pub version: Option<String>,
    /// Version lines by image repository.
    pub lines: BTreeMap<String, String>,
    /// Digests by image reference.
    pub digests: BTreeMap<String, String>,
    /// Where the language folder was taken from, when it is not a built-in one.
    pub template: Option<Origin>,
}

/// All that a plan is made from.
#[derive(Clone, Debug)]
pub struct Inputs<'a> {
    /// The language.
    pub language: Language,
    /// What the user said.
    pub spec: Spec,
    /// What an earlier run resolved.
    pub lock: Resolved,
    /// The base images.
    pub catalogue: &'a Catalogue,
    /// The project folder's own name, for `name`.
    pub folder: &'a str,
    /// Today, `YYYY-MM-DD`; decides about end-of-life warnings and nothing else.
    pub today: &'a str,
    /// Whether the language's sample is written too.
    pub with_sample: bool,
    /// Which of several services it is.
    pub service: Option<Service>,
}

/// Everything decided.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The language.
    pub language: Language,
    /// Which of several services it is.
    pub service: Option<Service>,
    /// The keys that there are.
    pub fields: Vec<Field>,
    /// Every key's value.
    pub values: BTreeMap<String, Sourced>,
    /// The base of the build stage.
    pub build: Reference,
    /// The base of the production stage.
    pub production: Reference,
    /// Further images by the name that the template gives them.
    pub tools: BTreeMap<String, Reference>,
    /// The images of what the program needs beside it, by need.
    pub needs: BTreeMap<String, Reference>,
    /// The images that files beside the Dockerfile name, by the name that their templates give them.
    pub further: BTreeMap<String, Reference>,
    /// System packages of the build stage, sorted.
    pub build_packages: Vec<String>,
    /// System packages of the production stage, sorted.
    pub production_packages: Vec<String>,
    /// `.dockerignore`: headings and patterns.
    pub ignore: Vec<(String, Vec<String>)>,
    /// Which images are to be named by digest, and which cannot be yet.
    pub pins: Pins,
    /// What was resolved, for the lock.
    pub resolved: Resolved,
    /// Warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Decides everything, or says all that stands against it.
pub fn plan(inputs: Inputs<'_>) -> Result<Plan, Vec<Diagnostic>> {
    let mut diagnostics = inputs.spec.diagnostics.clone();
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostics);
    }
    let (values, fields) = resolver::resolve(&inputs, &mut diagnostics);
    let mut draft = Draft {
        inputs: &inputs,
        values,
    };
    let stages = stages::resolve(&mut draft, &mut diagnostics);
    let Some(mut stages) = stages else {
        return Err(diagnostics);
    };
    let packages = packages::collect(&draft, &stages, &mut diagnostics);
    let ignore = ignore_groups(&draft);
    checks::run(&draft, &stages, &ignore, &mut diagnostics);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostics);
    }
    let pins = pins::pin(&draft, &mut stages);
    let values = draft.values;
    let origin = inputs.language.origin.clone();
    Ok(Plan {
        resolved: Resolved {
            template: Some(origin).filter(|origin| !origin.address.is_empty()),
            ..stages.resolved(&values, &pins)
        },
        pins,
        build: stages.build,
        production: stages.production,
        tools: stages.tools,
        needs: stages.needs,
        further: stages.further,
        build_packages: packages.build,
        production_packages: packages.production,
        ignore,
        fields,
        values,
        diagnostics,
        service: inputs.service,
        language: inputs.language,
    })
}

/// The values so far, with what they were made from.
struct Draft<'a> {
    inputs: &'a Inputs<'a>,
    values: BTreeMap<String, Sourced>,
}

impl Draft<'_> {
    fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key).map(|sourced| &sourced.value)
    }

    fn texts(&self, key: &str) -> Vec<&str> {
        self.value(key).map(Value::texts).unwrap_or_default()
    }

    fn source(&self, key: &str) -> Option<&Source> {
        self.values.get(key).map(|sourced| &sourced.source)
    }

    fn holds(&self, when: &crate::spec::When) -> bool {
        crate::spec::field::holds(when, |key| self.value(key))
    }
}

fn ignore_groups(draft: &Draft<'_>) -> Vec<(String, Vec<String>)> {
    let folders = service::folders(|key| draft.value(key));
    let groups = draft.inputs.language.manifest.ignore.iter();
    let mut groups: Vec<_> = groups
        .filter(|group| draft.holds(&group.when))
        .map(|group| {
            let entries = service::below(&folders, &group.entries);
            (group.title.clone(), entries)
        })
        .collect();
    let further = crate::language::further().iter();
    // They lie at the root, which a service's own folder does not show.
    let context = draft.value("context").and_then(Value::as_text);
    let at_root = context.is_none_or(|context| clean(context) == ".");
    let further: Vec<_> = further
        .filter(|file| at_root && draft.holds(&file.when))
        .flat_map(|file| file.ignore.iter().cloned())
        .collect();
    if !further.is_empty() {
        groups.push(("Further files of scaffold.toml".to_owned(), further));
    }
    if draft.inputs.service.is_some() {
        groups.push(service::own_files());
    }
    // Last, because the last line that fits decides.
    let own: Vec<_> = draft.texts("build.ignore");
    if !own.is_empty() {
        let own: Vec<_> = own.into_iter().map(str::to_owned).collect();
        let entries = service::below(&folders, &own);
        groups.push(("Of scaffold.toml".to_owned(), entries));
    }
    groups
}

impl Plan {
    /// The value of a key.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key).map(|sourced| &sourced.value)
    }

    /// The value of a key as text; empty when there is none.
    pub fn text(&self, key: &str) -> &str {
        self.value(key).and_then(Value::as_text).unwrap_or_default()
    }

    /// Whether a condition holds.
    pub fn holds(&self, when: &crate::spec::When) -> bool {
        crate::spec::field::holds(when, |key| self.value(key))
    }

    /// What a container of the development stage is given, where there is such a stage.
    pub fn development(&self) -> Option<&crate::language::Development> {
        let mut known = self.language.manifest.development.iter();
        known.find(|development| self.holds(&development.when))
    }

    /// `{key}` in `text` replaced by values.
    pub fn substitute(&self, text: &str) -> String {
        substitute(text, |key| self.value(key).map(Value::display))
    }
}
