//! One case, from its folder to its report.

use std::path::Path;

use stagewright::engine::made::CacheSpace;
use stagewright::engine::report::Step;
use stagewright::engine::{self, Engine, Report, Subject};

use super::bases::{self, Bases, Provider};
use super::case::Case;
use super::project::Project;
use super::shared::Shared;
use super::{elsewhere, foreign, own_tests, probe, request, reworded};

const MADE: Step = Step {
    id: "made",
    title: "project is made",
};
const BASES: Step = Step {
    id: "bases",
    title: "base images are there",
};

/// What a case needs from outside.
pub(crate) struct Surroundings<'a> {
    /// The engine.
    pub(crate) engine: &'a Engine,
    /// Where base images come from.
    pub(crate) provider: &'a Provider,
    /// What cases share.
    pub(crate) shared: &'a Shared,
    /// The product.
    pub(crate) scaffold: &'a Path,
    /// The repository, for examples and probes.
    pub(crate) repository: &'a Path,
}

/// Proves one case.
pub(crate) fn prove(case: &Case, around: &Surroundings<'_>) -> Report<'static> {
    let mut report = Report::default();
    let project = report.step(MADE, || {
        Project::make(case, around.scaffold, around.repository)
    });
    let Some(project) = project else {
        return report;
    };
    let bases = report.step(BASES, || {
        let patches = around.repository.join("tests/engine/patches");
        let file = project.dockerfile();
        bases::provide(around.engine, around.provider, case, &file, &patches)
    });
    if let Some(bases) = bases {
        let space = Shared::space(case, around.engine);
        prove_built(case, around, &project, (&bases, &space), &mut report);
        around.shared.done(case, space);
    }
    report
}

fn prove_built(
    case: &Case,
    around: &Surroundings<'_>,
    project: &Project,
    (bases, space): (&Bases<'_>, &CacheSpace<'_>),
    report: &mut Report<'_>,
) {
    let claims = case.claims();
    let dockerfile = fs_err::read_to_string(project.dockerfile()).unwrap_or_default();
    let base = bases::of_production(&dockerfile).map(|base| bases.in_place_of(base).to_owned());
    let built = engine::Project {
        folder: project.folder.clone(),
        arguments: [bases.arguments.clone(), project.secrets(case)].concat(),
        file: case.service.is_some().then(|| project.dockerfile()),
        base,
        fresh: case.fresh_caches,
        ..engine::Project::default()
    };
    let subject = Subject::build_first(around.engine, &claims, &built, space, report);
    let Some(subject) = subject else { return };
    subject.prove(report);
    if let Some(edit) = &case.elsewhere {
        elsewhere::prove(&subject, edit, report);
    }
    if let Some(port) = case.port.filter(|_| !case.request.is_empty()) {
        request::prove(&subject, port, &case.request, report);
    }
    reworded::prove(&subject, case, report);
    if let Some(tests) = &case.tests {
        own_tests::prove(&subject, tests, around.provider, report);
    }
    if let Some(probe) = &case.probe {
        probe::prove(&subject, probe, around.repository, report);
    }
    if let Some(foreign) = &case.foreign {
        foreign::prove(&subject, foreign, report);
    }
}
