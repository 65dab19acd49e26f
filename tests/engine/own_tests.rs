//! The project's own tests, run in a stage upon its build stage, with the same cache mounts, from a context that leaves
//! nothing out: tests are no business of the image, so its `.dockerignore` may hide them.
use std::time::Duration;

use stagewright::engine::build::Build;
use stagewright::engine::copy::write;
use stagewright::engine::error::ensure;
use stagewright::engine::report::Step;
use stagewright::engine::{Report, Result, Subject};

use super::bases::Provider;

const PASS: Step = Step {
    id: "tests",
    title: "the project's own tests pass",
};

/// Runs them by a Dockerfile in which `{build}` is the image of the build stage.
pub(crate) fn prove(
    subject: &Subject<'_>,
    dockerfile: &str,
    provider: &Provider,
    report: &mut Report<'_>,
) {
    report.step(PASS, || pass(subject, dockerfile, provider));
}

fn pass(subject: &Subject<'_>, dockerfile: &str, provider: &Provider) -> Result<()> {
    let folder = &subject.project.folder;
    let stage = subject.engine.build(&Build {
        target: Some("build"),
        ..subject.again(folder)
    })?;
    let place = subject.engine.folder()?;
    let file = place.path().join("Dockerfile");
    write(
        &file,
        dockerfile.replace("{build}", &stage.image.tag).as_bytes(),
    )?;
    write(&place.path().join("Dockerfile.dockerignore"), b".git\n")?;
    provider.provide(&file)?;
    let build = Build {
        file: Some(&file),
        ..subject.again(folder)
    };
    let took: Duration = subject.engine.build(&build)?.took;
    ensure(!took.is_zero(), "a run of the tests", "none")
}
