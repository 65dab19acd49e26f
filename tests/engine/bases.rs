//! The base images of a case: made to exist, and patched where a local provider's lack something that the registries'
//! have. Without a provider nothing is patched: then the real images are what is proven.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use stagewright::engine::build::Build;
use stagewright::engine::command::Call;
use stagewright::engine::copy::write;
use stagewright::engine::made::Image;
use stagewright::engine::{Engine, Result};

use super::case::{Case, Patch};

/// Building a base from packages takes a while.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Where base images come from: a command that makes them exist, or, without one, their registries.
pub(crate) struct Provider {
    command: Option<String>,
    providing: Mutex<()>,
}

impl Provider {
    /// A provider behind a command.
    pub(crate) fn new(command: Option<String>) -> Self {
        Self {
            command,
            providing: Mutex::new(()),
        }
    }

    /// Whether base images come from a command rather than from their registries.
    pub(crate) fn is_local(&self) -> bool {
        self.command.is_some()
    }

    /// Makes the base images of a Dockerfile exist, one Dockerfile at a time: two would build the same image twice.
    pub(crate) fn provide(&self, dockerfile: &Path) -> Result<()> {
        let Some(command) = &self.command else {
            return Ok(());
        };
        let _one_at_a_time = self
            .providing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let call = Call::new(command)
            .args(["--of".as_ref(), dockerfile.as_os_str()])
            .limit(LIMIT);
        call.stdout().map(drop)
    }
}

/// What stands in the place of base images for as long as this value lives.
#[derive(Default)]
pub(crate) struct Bases<'a> {
    patched: Vec<(String, Image<'a>)>,
    /// Arguments for each build of the case.
    pub(crate) arguments: Vec<String>,
}

impl Bases<'_> {
    /// The image that stands in the place of `original`: itself, unless it was patched.
    pub(crate) fn in_place_of<'b>(&'b self, original: &'b str) -> &'b str {
        let patched = self.patched.iter().find(|(name, _)| name == original);
        patched.map_or(original, |(_, image)| image.tag.as_str())
    }
}

/// Makes the base images of a Dockerfile ready.
pub(crate) fn provide<'a>(
    engine: &'a Engine,
    provider: &Provider,
    case: &Case,
    dockerfile: &Path,
    patches: &Path,
) -> Result<Bases<'a>> {
    let mut bases = Bases::default();
    let Some(patch) = case.patch.as_ref().filter(|_| provider.is_local()) else {
        provider.provide(dockerfile)?;
        return Ok(bases);
    };
    let text = fs_err::read_to_string(dockerfile)?;
    if patch.whole {
        provide_others(engine, provider, &text, patch)?;
        provider.provide(&patches.join(&patch.folder).join("Dockerfile"))?;
    } else {
        provider.provide(dockerfile)?;
    }
    for original in patch
        .images
        .iter()
        .filter(|image| text.contains(image.as_str()))
    {
        let image = patched(engine, original, &patches.join(&patch.folder))?;
        let context = format!("--build-context={original}=docker-image://{}", image.tag);
        bases.arguments.push(context);
        bases.patched.push((original.clone(), image));
    }
    Ok(bases)
}

/// What the Dockerfile names beside the images that the provider does not know.
fn provide_others(engine: &Engine, provider: &Provider, text: &str, patch: &Patch) -> Result<()> {
    let others = patch.images.iter().fold(text.to_owned(), |text, image| {
        text.replace(image, "scratch")
    });
    let place = engine.folder()?;
    let file = place.path().join("Dockerfile");
    write(&file, others.as_bytes())?;
    provider.provide(&file)
}

fn patched<'a>(engine: &'a Engine, original: &str, folder: &Path) -> Result<Image<'a>> {
    let built = engine.build(&Build {
        folder,
        file: None,
        space: &engine.name_of("patches"),
        target: None,
        platform: None,
        cold: false,
        further: &[format!("--build-arg=BASE={original}")],
    })?;
    Ok(built.image)
}

/// The base image of a Dockerfile's last stage, however many stages lie between; `scratch` has none. Deliberately not by
/// the product's own parser: a proof that shares code with what it proves shares its mistakes.
pub(crate) fn of_production(text: &str) -> Option<&str> {
    let stages = text
        .lines()
        .rev()
        .filter_map(|line| line.strip_prefix("FROM "));
    let base = stages.fold(None, |base, stage| {
        let mut words = stage
            .split_whitespace()
            .filter(|word| !word.starts_with("--"));
        let (of, name) = (words.next(), words.nth(1));
        if base.is_none() || base == name {
            of
        } else {
            base
        }
    });
    base.filter(|base| *base != "scratch")
}
