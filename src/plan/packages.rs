//! System packages of both stages: what the user names, what a combination needs, what native dependencies need.
use std::collections::BTreeSet;

use super::Draft;
use super::stages::Stages;
use crate::image::Reference;
use crate::language::manifest::{BySuite, Native};
use crate::report::Diagnostic;
use crate::spec::Source;

/// Packages by stage, sorted.
pub(super) struct Packages {
    pub(super) build: Vec<String>,
    pub(super) production: Vec<String>,
}

/// Collects them; says what a stage's base cannot install.
pub(super) fn collect(
    draft: &Draft<'_>,
    stages: &Stages,
    diagnostics: &mut Vec<Diagnostic>,
) -> Packages {
    let manifest = &draft.inputs.language.manifest;
    let mut build = Shelf::new("build", &stages.build);
    let mut production = Shelf::new("production", &stages.production);
    for rule in manifest
        .packages
        .iter()
        .filter(|rule| draft.holds(&rule.when))
    {
        build.needed(&rule.build);
        production.needed(&rule.run);
    }
    for native in chosen(draft, &manifest.native) {
        if build.native(draft, native, &native.build, diagnostics) {
            build.needed(&manifest.toolchain);
        }
        production.native(draft, native, &native.run, diagnostics);
    }
    for shelf in [&mut build, &mut production] {
        shelf.leave_out_held();
        shelf.said(draft);
        diagnostics.extend(shelf.refusal(draft));
    }
    Packages {
        build: build.packages.into_iter().collect(),
        production: production.packages.into_iter().collect(),
    }
}

fn chosen<'a>(draft: &Draft<'_>, all: &'a [Native]) -> Vec<&'a Native> {
    let names = draft.texts("native");
    all.iter()
        .filter(|native| names.contains(&native.dependency.as_str()))
        .collect()
}

/// The packages of one stage.
struct Shelf<'a> {
    stage: &'a str,
    image: &'a Reference,
    packages: BTreeSet<String>,
}

impl<'a> Shelf<'a> {
    fn new(stage: &'a str, image: &'a Reference) -> Self {
        Self {
            stage,
            image,
            packages: BTreeSet::new(),
        }
    }

    /// A suite's own names win over its family's.
    fn names<'b>(&self, by_suite: &'b BySuite) -> Option<&'b Vec<String>> {
        by_suite
            .get(&self.image.suite)
            .or_else(|| by_suite.get(&self.image.family))
    }

    fn needed(&mut self, by_suite: &BySuite) {
        let names = self.names(by_suite).cloned().unwrap_or_default();
        self.packages.extend(names);
    }

    /// Adds what a native dependency needs; whether there was anything to add.
    fn native(
        &mut self,
        draft: &Draft<'_>,
        native: &Native,
        by_suite: &BySuite,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> bool {
        match self.names(by_suite) {
            Some(names) => {
                let any = !names.is_empty();
                self.packages.extend(names.iter().cloned());
                any
            }
            None if by_suite.is_empty() => false,
            None => {
                diagnostics.push(self.unknown_names(draft, native));
                false
            }
        }
    }

    fn unknown_names(&self, draft: &Draft<'_>, native: &Native) -> Diagnostic {
        let on = if self.image.suite.is_empty() {
            &self.image.reference
        } else {
            &self.image.suite
        };
        let message = format!("no packages of {on} are known for `{}`", native.dependency);
        Diagnostic::error("cannot-go-together", message)
            .at_maybe(draft.source("native").and_then(Source::place), "")
            .help(format!(
                "choose another runtime, or leave it out of `native` and name its packages in `{}.packages`",
                self.stage
            ))
    }

    /// What the base has by itself is not installed again.
    fn leave_out_held(&mut self) {
        self.packages
            .retain(|package| !self.image.packages.contains(package));
    }

    fn said(&mut self, draft: &Draft<'_>) {
        let said = draft.texts(&format!("{}.packages", self.stage));
        self.packages
            .extend(said.into_iter().map(ToOwned::to_owned));
    }

    fn refusal(&self, draft: &Draft<'_>) -> Option<Diagnostic> {
        if self.packages.is_empty() || !self.image.manager.is_empty() {
            return None;
        }
        let names: Vec<_> = self.packages.iter().map(String::as_str).collect();
        let key = format!("{}.packages", self.stage);
        let source = draft
            .source(&key)
            .filter(|source| source.place().is_some())
            .or_else(|| draft.source("native"));
        let message = format!(
            "{} cannot install {}",
            self.image.reference,
            names.join(", ")
        );
        Some(
            Diagnostic::error("cannot-go-together", message)
                .at_maybe(source.and_then(Source::place), "needs a package manager")
                .because(format!(
                    "the {} base has neither a package manager nor a shell",
                    self.stage
                ))
                .help(format!(
                    "--set runtime={}",
                    able(draft).join(" or --set runtime=")
                )),
        )
    }
}

/// Runtimes whose production base installs packages.
fn able<'a>(draft: &'a Draft<'_>) -> Vec<&'a str> {
    let catalogue = draft.inputs.catalogue;
    let runtimes = draft.inputs.language.manifest.runtimes.0.iter();
    runtimes
        .filter(|(_, runtime)| {
            let pair = runtime.stages.iter().find(|pair| draft.holds(&pair.when));
            pair.and_then(|pair| {
                let variants = &catalogue.image(&pair.production.image)?.variants;
                variants.get(&pair.production.variant)
            })
            .is_some_and(|variant| !variant.bare)
        })
        .map(|(name, _)| name.as_str())
        .collect()
}
