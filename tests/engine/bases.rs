//! The base images of a case: made to exist, and patched where a local provider's lack something that the registries'
//! have. Without a provider nothing is patched: then the real images are what is proven.

use std::path::Path;

use super::case::Case;
use super::docker::{Build, Docker};
use super::error::Result;
use super::made::Image;

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
    docker: &'a Docker,
    case: &Case,
    dockerfile: &Path,
    patches: &Path,
) -> Result<Bases<'a>> {
    docker.provide_bases(dockerfile)?;
    let mut bases = Bases::default();
    let Some(patch) = case.patch.as_ref().filter(|_| docker.has_own_bases()) else {
        return Ok(bases);
    };
    let text = fs_err::read_to_string(dockerfile)?;
    for original in patch
        .images
        .iter()
        .filter(|image| text.contains(image.as_str()))
    {
        let image = patched(docker, original, &patches.join(&patch.folder))?;
        let context = format!("--build-context={original}=docker-image://{}", image.tag);
        bases.arguments.push(context);
        bases.patched.push((original.clone(), image));
    }
    Ok(bases)
}

fn patched<'a>(docker: &'a Docker, original: &str, folder: &Path) -> Result<Image<'a>> {
    let built = docker.build(&Build {
        folder,
        file: None,
        space: &docker.shared_space("patches"),
        target: None,
        platform: None,
        cold: false,
        further: &[format!("--build-arg=BASE={original}")],
    })?;
    Ok(built.image)
}
