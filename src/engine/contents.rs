//! The production image, read once: its layers, and which of them are its base's.
use super::build::Built;
use super::client::Engine;
use super::error::{Result, refuted};
use super::image::{Archive, Libraries, Needles, Root};
use super::proof::Project;

/// A built image, read.
pub struct Contents {
    /// Its layers and configuration.
    pub archive: Archive,
    /// Its root file system.
    pub root: Root,
    /// How many of its layers are the base's.
    pub base: usize,
}

impl Contents {
    /// Reads it from the engine's stream. The base is told by its layers where the engine knows it by name, else by
    /// the number of instructions over it.
    pub(super) fn read(
        engine: &Engine,
        built: &Built<'_>,
        project: &Project,
        instructions: usize,
        needles: &Needles,
    ) -> Result<Self> {
        let save = engine.kind.save(engine, &built.image.tag);
        let archive = save
            .limit(engine.build_limit)
            .stream(|stream| Archive::read(stream, needles))?
            .map_err(|error| refuted("an image that can be read", error.to_string()))?;
        let base = match &project.base {
            None => 0,
            Some(name) => match engine.layers(name) {
                Some(layers) => archive.shared(&layers),
                None => archive.below(instructions),
            },
        };
        Ok(Self {
            root: Root::of(&archive.layers),
            archive,
            base,
        })
    }

    /// Its libraries.
    pub fn libraries(&self) -> Libraries<'_> {
        Libraries::new(&self.root, &self.archive.config)
    }

    /// The machine that its configuration names.
    pub fn machine(&self) -> &str {
        self.archive.config["architecture"]
            .as_str()
            .unwrap_or_default()
    }
}
