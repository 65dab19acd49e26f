//! One case, from its folder to its report.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::bases::{self, Bases};
use super::case::Case;
use super::docker::{Build, Built, Docker};
use super::made::CacheSpace;
use super::project::Project;
use super::report::{Report, seconds};
use super::steps;

/// What every step may look at.
pub(crate) struct Subject<'a> {
    /// The engine.
    pub(crate) docker: &'a Docker,
    /// What is known of the project.
    pub(crate) case: &'a Case,
    /// The project.
    pub(crate) project: Project,
    /// Arguments that put patched base images in the place of their originals.
    pub(crate) bases: Bases<'a>,
    /// Where its cache mounts live.
    pub(crate) space: &'a CacheSpace<'a>,
    /// The first build, from nothing.
    pub(crate) cold: Built<'a>,
}

/// The two places outside that a case needs.
pub(crate) struct Surroundings<'a> {
    /// The product.
    pub(crate) scaffold: &'a Path,
    /// The repository, for examples and probes.
    pub(crate) repository: &'a Path,
}

impl Subject<'_> {
    /// A word that no build has seen.
    pub(crate) fn unique(&self) -> String {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        format!("{}-{}", self.space.name, now.as_nanos())
    }

    /// A build of the whole project from a folder, with whatever is cached.
    pub(crate) fn build<'a>(&'a self, folder: &'a Path) -> Build<'a> {
        Build {
            folder,
            file: None,
            space: &self.space.name,
            target: None,
            platform: None,
            cold: false,
            further: &self.bases.arguments,
        }
    }
}

/// Proves one case. Steps that do not build on each other all run, so that one report tells everything.
pub(crate) fn prove(docker: &Docker, case: &Case, around: &Surroundings<'_>) -> Report {
    let mut report = Report::default();
    let space = docker.cache_space(case);
    let project = report.step("project is made", || {
        Project::make(case, around.scaffold, around.repository)
    });
    let Some(project) = project else {
        return report;
    };
    let bases = report.step("base images are there", || {
        let patches = around.repository.join("tests/engine/patches");
        bases::provide(docker, case, &project.dockerfile(), &patches)
    });
    let Some(bases) = bases else { return report };
    let cold = report.step("builds from nothing", || {
        let further = &bases.arguments;
        docker.build(&Build {
            further,
            ..from_nothing(&project, &space)
        })
    });
    let Some(cold) = cold else { return report };
    report.figures.cold_build_s = case.fresh_caches.then(|| seconds(cold.took));
    let subject = Subject {
        docker,
        case,
        project,
        bases,
        space: &space,
        cold,
    };
    steps::image::prove(&subject, &mut report);
    match (case.port, case.exits) {
        (Some(port), _) => steps::server::prove(&subject, port, &mut report),
        (None, false) => steps::worker::prove(&subject, &mut report),
        (None, true) => steps::tool::prove(&subject, &mut report),
    }
    steps::cache::prove(&subject, &mut report);
    steps::context::prove(&subject, &mut report);
    steps::probe::prove(&subject, around.repository, &mut report);
    steps::foreign::prove(&subject, &mut report);
    report
}

fn from_nothing<'a>(project: &'a Project, space: &'a CacheSpace<'_>) -> Build<'a> {
    Build {
        folder: &project.folder,
        file: None,
        space: &space.name,
        target: None,
        platform: None,
        cold: true,
        further: &[],
    }
}
