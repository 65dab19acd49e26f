//! The images of the stages, and the language's version, which depends on them.
use std::collections::BTreeMap;

use super::{Draft, Pins, Resolved};
use crate::image::{self, Reference};
use crate::language::manifest::{Runtime, StageImage, Stages as StagePair};
use crate::report::Diagnostic;
use crate::spec::{Source, Sourced, Value};

/// The resolved images.
pub(super) struct Stages {
    pub(super) build: Reference,
    pub(super) production: Reference,
    pub(super) tools: BTreeMap<String, Reference>,
    pub(super) needs: BTreeMap<String, Reference>,
    pub(super) further: BTreeMap<String, Reference>,
    /// None where the language's version has no meaning.
    pub(super) version: Option<Sourced>,
    lines: BTreeMap<String, String>,
}

impl Stages {
    /// What the lock keeps.
    pub(super) fn resolved(&self, values: &BTreeMap<String, Sourced>, pins: &Pins) -> Resolved {
        let version = values.get("version").map(|version| version.value.display());
        Resolved {
            version,
            lines: self.lines.clone(),
            digests: pins.digests.clone(),
            template: None,
        }
    }

    /// Every image that some file names.
    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Reference> {
        let further = [&mut self.tools, &mut self.needs, &mut self.further];
        let further = further.into_iter().flat_map(BTreeMap::values_mut);
        [&mut self.build, &mut self.production]
            .into_iter()
            .chain(further)
    }

    /// All images, with what each is for.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Reference)> {
        let two = [("build", &self.build), ("production", &self.production)];
        two.into_iter().chain(
            self.tools
                .iter()
                .map(|(name, image)| (name.as_str(), image)),
        )
    }
}

/// Picks the pair of images for the runtime and fills in the version. `None` after an error.
pub(super) fn resolve(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Stages> {
    let pair = pick(draft, diagnostics)?;
    let version = if draft.holds(&draft.inputs.language.manifest.version.when) {
        Some(version(draft, &pair, diagnostics)?)
    } else {
        None
    };
    if let Some(version) = &version {
        draft.values.insert("version".to_owned(), version.clone());
    }
    let mut maker = Maker {
        draft,
        version: version.as_ref().map(|version| version.value.display()),
        lines: BTreeMap::new(),
    };
    match maker.stages(&pair, version) {
        Ok(stages) => Some(stages),
        Err(error) => {
            diagnostics.push(Diagnostic::error("broken-template", error.to_string()));
            None
        }
    }
}

struct Maker<'a, 'b> {
    draft: &'a Draft<'b>,
    version: Option<String>,
    lines: BTreeMap<String, String>,
}

impl Maker<'_, '_> {
    fn stages(
        &mut self,
        pair: &StagePair,
        version: Option<Sourced>,
    ) -> Result<Stages, image::reference::Error> {
        let build = self.image(&pair.build)?;
        let production = self.image(&pair.production)?;
        let mut tools = BTreeMap::new();
        for (name, tool) in &self.draft.inputs.language.manifest.tools {
            if self.draft.holds(&tool.when) {
                let wanted = StageImage {
                    image: tool.image.clone(),
                    variant: tool.variant.clone(),
                };
                tools.insert(name.clone(), self.image(&wanted)?);
            }
        }
        Ok(Stages {
            build,
            production,
            tools,
            needs: self.needs()?,
            further: self.further()?,
            version,
            lines: std::mem::take(&mut self.lines),
        })
    }

    fn needs(&mut self) -> Result<BTreeMap<String, Reference>, image::reference::Error> {
        let mut images = BTreeMap::new();
        for (name, need) in &crate::language::needs().0 {
            if self.draft.texts("needs").contains(&name.as_str()) {
                let wanted = StageImage {
                    image: need.image.clone(),
                    variant: need.variant.clone(),
                };
                images.insert(name.clone(), self.image(&wanted)?);
            }
        }
        Ok(images)
    }

    fn further(&mut self) -> Result<BTreeMap<String, Reference>, image::reference::Error> {
        let mut images = BTreeMap::new();
        let files = crate::language::further().iter();
        for file in files.filter(|file| self.draft.holds(&file.when)) {
            for (name, wanted) in &file.images {
                images.insert(name.clone(), self.image(wanted)?);
            }
        }
        Ok(images)
    }

    fn image(&mut self, wanted: &StageImage) -> Result<Reference, image::reference::Error> {
        let inputs = self.draft.inputs;
        let rule = &inputs.language.manifest.version;
        let is_along = rule.also.contains(&wanted.image);
        let own = is_along || rule.image == wanted.image;
        let version = self.version.as_deref();
        let version = if is_along {
            let image = inputs.catalogue.image(&wanted.image);
            let line = image.and_then(|image| image.line_of(version?));
            line.map(|line| line.version.as_str()).or(version)
        } else if own {
            version
        } else {
            inputs.lock.lines.get(&wanted.image).map(String::as_str)
        };
        let reference = image::resolve(inputs.catalogue, &wanted.image, &wanted.variant, version)?;
        if !own && let Some(image) = inputs.catalogue.image(&wanted.image) {
            let line = version.or_else(|| image.default_line().map(|line| line.version.as_str()));
            self.lines
                .extend(line.map(|line| (wanted.image.clone(), line.to_owned())));
        }
        let whole = inputs
            .catalogue
            .image(&wanted.image)
            .is_some_and(|image| image.whole);
        let prefix = self.draft.value("images.registry").and_then(Value::as_text);
        Ok(match prefix.filter(|_| !whole) {
            Some(prefix) => reference.behind(prefix),
            None => reference,
        })
    }
}

fn pick(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<StagePair> {
    let manifest = &draft.inputs.language.manifest;
    let name = draft
        .value("runtime")
        .and_then(Value::as_text)
        .unwrap_or_default();
    let runtime = manifest.runtimes.get(name)?;
    if let Some(pair) = matching(draft, runtime) {
        return Some(pair.clone());
    }
    let able: Vec<_> = manifest
        .runtimes
        .0
        .iter()
        .filter(|(_, runtime)| matching(draft, runtime).is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    let culprit = culprits(runtime).into_iter().find(|key| {
        draft
            .source(key)
            .is_some_and(|source| source.place().is_some())
    });
    let source = culprit
        .and_then(|key| draft.source(key))
        .or(draft.source("runtime"));
    let with = culprit
        .and_then(|key| Some(format!("`{key} = {}`", draft.value(key)?.display())))
        .unwrap_or_else(|| "these options".to_owned());
    diagnostics.push(
        Diagnostic::error(
            "cannot-go-together",
            format!("runtime `{name}` cannot go with {with}"),
        )
        .at_maybe(source.and_then(Source::place), "")
        .because(runtime.note.clone())
        .help(format!("--set runtime={}", able.join(" or --set runtime="))),
    );
    None
}

fn matching<'a>(draft: &Draft<'_>, runtime: &'a Runtime) -> Option<&'a StagePair> {
    runtime.stages.iter().find(|pair| draft.holds(&pair.when))
}

fn culprits(runtime: &Runtime) -> Vec<&str> {
    let keys = runtime.stages.iter().flat_map(|pair| pair.when.keys());
    keys.map(String::as_str).collect()
}

fn version(
    draft: &Draft<'_>,
    pair: &StagePair,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Sourced> {
    let inputs = draft.inputs;
    let manifest = &inputs.language.manifest;
    let runtime = draft
        .value("runtime")
        .map(Value::display)
        .unwrap_or_default();
    let given = inputs.spec.values.get("version");
    if let (Some(given), Some(only)) = (given, &pair.version)
        && given.value.display() != *only
    {
        diagnostics.push(fixed_version(manifest, &runtime, given, only));
        return None;
    }
    if let Some(given) = given {
        return Some(given.clone());
    }
    let locked = inputs.lock.version.clone();
    let (value, source) = match (&pair.version, locked) {
        (Some(only), _) => (only.clone(), Source::Default(runtime)),
        (None, Some(locked)) => (locked, Source::Lock),
        (None, None) => {
            let image = inputs.catalogue.image(&manifest.version.image)?;
            let line = image.default_line()?.version.clone();
            (line, Source::Default("the catalogue".to_owned()))
        }
    };
    Some(Sourced {
        value: Value::Text(value),
        source,
    })
}

fn fixed_version(
    manifest: &crate::language::Manifest,
    runtime: &str,
    given: &Sourced,
    only: &str,
) -> Diagnostic {
    let free: Vec<_> = manifest
        .runtimes
        .0
        .iter()
        .filter(|(_, runtime)| runtime.stages.iter().any(|pair| pair.version.is_none()))
        .map(|(name, _)| format!("--set runtime={name}"))
        .collect();
    let message = format!("runtime `{runtime}` has {} {only} only", manifest.title);
    Diagnostic::error("cannot-go-together", message)
        .at_maybe(given.source.place(), "another version")
        .help(format!("--set version={only}, or {}", free.join(" or ")))
}

/// Whether a version is beyond its end of life or unknown, as a warning or note.
pub(super) fn judge_version(draft: &Draft<'_>, stages: &Stages) -> Option<Diagnostic> {
    let inputs = draft.inputs;
    let manifest = &inputs.language.manifest;
    let image = inputs.catalogue.image(&manifest.version.image)?;
    let Sourced { value, source } = stages.version.as_ref()?;
    let (version, place) = (value.display(), source.place());
    let newest = image
        .newest_supported(inputs.today)
        .map(|line| line.version.clone());
    let title = &manifest.title;
    match image.line_of(&version) {
        None => {
            let known: Vec<_> = image
                .lines
                .iter()
                .map(|line| line.version.as_str())
                .collect();
            Some(
                Diagnostic::note(
                    "unknown-version",
                    format!("{title} {version} is not in the catalogue; taken as it is"),
                )
                .at_maybe(place, "")
                .because(format!("known: {}", known.join(", "))),
            )
        }
        Some(line) if line.is_over(inputs.today) => {
            let eol = line.eol.clone().unwrap_or_default();
            let warning = Diagnostic::warning(
                "end-of-life",
                format!("{title} {} is past its end of life ({eol})", line.version),
            )
            .at_maybe(place, "gets no more fixes");
            Some(match newest {
                Some(newest) => warning.help(format!("version = \"{newest}\"")),
                None => warning,
            })
        }
        Some(_) => None,
    }
}

/// The suites of the stages that are past their end of life.
pub(super) fn judge_suites(draft: &Draft<'_>, stages: &Stages) -> Vec<Diagnostic> {
    let catalogue = draft.inputs.catalogue;
    let mut names: Vec<_> = stages
        .all()
        .map(|(_, image)| image.suite.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| catalogue.suites.get(name))
        .filter_map(|suite| {
            let eol = suite
                .eol
                .as_deref()
                .filter(|eol| *eol < draft.inputs.today)?;
            let next = suite
                .next
                .as_ref()
                .and_then(|next| catalogue.suites.get(next));
            let message = format!("{} is past its end of life ({eol})", suite.title);
            let warning = Diagnostic::warning("end-of-life", message);
            Some(match next {
                Some(next) => warning.because(format!("next: {}", next.title)),
                None => warning,
            })
        })
        .collect()
}

/// Version lines of what the program needs that are past their end of life.
pub(super) fn judge_needs(draft: &Draft<'_>, stages: &Stages) -> Vec<Diagnostic> {
    let inputs = draft.inputs;
    let ended = |reference: &Reference| {
        let image = inputs.catalogue.image(&reference.name)?;
        let line = image.line_of(&reference.version)?;
        let eol = line.eol.as_ref().filter(|_| line.is_over(inputs.today))?;
        let message = format!(
            "{} {} is past its end of life ({eol})",
            image.title, line.version
        );
        let warning = Diagnostic::warning("need-end-of-life", message);
        Some(warning.help("scaffold update --major, after a look at how its data moves along"))
    };
    stages.needs.values().filter_map(ended).collect()
}

/// Platforms that an image does not exist for.
pub(super) fn judge_platforms(draft: &Draft<'_>, stages: &Stages) -> Vec<Diagnostic> {
    let wanted = draft.texts("platforms");
    let place = draft.source("platforms").and_then(Source::place);
    let mut found = Vec::new();
    for (_, reference) in stages.all() {
        let Some(image) = draft.inputs.catalogue.image(&reference.name) else {
            continue;
        };
        let missing = image::missing_platforms(image, &wanted);
        if !missing.is_empty() {
            let message = format!(
                "{} does not exist for {}",
                reference.reference,
                missing.join(", ")
            );
            found.push(
                Diagnostic::error("no-such-platform", message)
                    .at_maybe(place, "")
                    .because(format!("it exists for {}", image.platforms.join(", "))),
            );
        }
    }
    found
}
