//! One project, from its first build to its report.
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::build::{Build, Built};
use super::claims::{Claims, Health, Secret};
use super::client::{Engine, is_native};
use super::contents::Contents;
use super::copy::Copy;
use super::error::{Result, refuted};
use super::image::{Needles, starts};
use super::made::CacheSpace;
use super::report::{Report, seconds};
use super::steps;

/// What is built, and how.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The context.
    pub folder: PathBuf,
    /// The Dockerfile, when it is not the context's own.
    pub file: Option<PathBuf>,
    /// Further arguments of each build.
    pub arguments: Vec<String>,
    /// Another platform than the engine's.
    pub platform: Option<String>,
    /// The base of the last stage, by a name that the engine knows; none: `scratch`.
    pub base: Option<String>,
    /// Whether its first build takes nothing from a cache, and its time is a figure. Otherwise steps and mounts that other
    /// projects have filled may help.
    pub fresh: bool,
}

/// What every step may look at.
pub struct Subject<'a> {
    /// The engine.
    pub engine: &'a Engine,
    /// What must be so.
    pub claims: &'a Claims,
    /// The project.
    pub project: &'a Project,
    /// Where its cache mounts live.
    pub space: &'a CacheSpace<'a>,
    /// The first build.
    pub first: Built<'a>,
    contents: OnceCell<std::result::Result<Contents, String>>,
}

impl<'a> Subject<'a> {
    /// Builds a project for the first time; all else stands on that.
    pub fn build_first(
        engine: &'a Engine,
        claims: &'a Claims,
        project: &'a Project,
        space: &'a CacheSpace<'a>,
        report: &mut Report<'_>,
    ) -> Option<Self> {
        let build = Build {
            cold: project.fresh,
            ..from(project, &project.folder, &space.name)
        };
        let first = report.need(steps::BUILD, || engine.build(&build))?;
        report.figures.cold_build_s = project.fresh.then(|| seconds(first.took));
        Some(Self {
            engine,
            claims,
            project,
            space,
            first,
            contents: OnceCell::new(),
        })
    }

    /// Takes all steps. Those that do not build on each other all run, so that one report tells everything.
    pub fn prove(&self, report: &mut Report<'_>) {
        steps::prove(self, report);
    }

    /// The image, read when it is first asked for.
    pub fn contents(&self) -> Result<&Contents> {
        let read = || {
            let count = self.claims.instructions;
            let contents = Contents::read(
                self.engine,
                &self.first,
                self.project,
                count,
                &self.needles(),
            );
            contents.map_err(|error| error.to_string())
        };
        let contents = self.contents.get_or_init(read).as_ref();
        contents.map_err(|why| refuted("an image that can be read", why.as_str()))
    }

    /// What must be nowhere in the image.
    pub(super) fn needles(&self) -> Needles {
        self.claims.secrets.iter().flat_map(needles).collect()
    }

    /// Whether the image has a health check that must turn healthy.
    pub(super) fn has_health(&self) -> bool {
        match self.claims.health {
            Health::Checked => true,
            Health::None => false,
            Health::Unsaid => self
                .contents()
                .is_ok_and(|contents| starts(&contents.archive.config).len() > 1),
        }
    }

    /// A word that no build has seen.
    pub fn unique(&self) -> String {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        format!("{}-{}", self.space.name, now.as_nanos())
    }

    /// A build of the whole project from a folder, with whatever is cached.
    pub fn again<'b>(&'b self, folder: &'b Path) -> Build<'b> {
        from(self.project, folder, &self.space.name)
    }

    /// A copy of the context to try something on.
    pub fn copy(&self) -> Result<Copy> {
        Copy::of(&self.project.folder, self.engine.folder()?)
    }

    /// Whether containers of this image can be run here, or why not.
    pub(super) fn can_run(&self) -> std::result::Result<(), String> {
        if !self.engine.kind.runs() {
            return Err(format!(
                "not proven with {}: it builds images and runs none as an orchestrator does",
                self.engine.kind.name()
            ));
        }
        match &self.project.platform {
            Some(platform) if !is_native(platform) => {
                Err(format!("this engine runs no {platform} programs by itself"))
            }
            _ => Ok(()),
        }
    }
}

/// A secret as a whole, line by line, and what stands behind an equals sign: a tool may write any of them down. What is
/// short is found by chance.
fn needles(secret: &Secret) -> Vec<(String, Vec<u8>)> {
    let text = String::from_utf8_lossy(&secret.content);
    let lines = text
        .lines()
        .flat_map(|line| [Some(line), line.split_once('=').map(|(_, value)| value)]);
    let parts = lines.flatten().map(|part| part.trim().trim_matches('"'));
    let mut parts: Vec<_> = parts
        .chain([text.trim()])
        .filter(|part| part.len() >= 8)
        .collect();
    parts.sort_unstable();
    parts.dedup();
    parts
        .into_iter()
        .map(|part| (secret.id.clone(), part.as_bytes().to_vec()))
        .collect()
}

fn from<'b>(project: &'b Project, folder: &'b Path, space: &'b str) -> Build<'b> {
    Build {
        folder,
        file: project.file.as_deref(),
        space,
        target: None,
        platform: project.platform.as_deref(),
        cold: false,
        further: &project.arguments,
    }
}
