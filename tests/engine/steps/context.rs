//! What the build stage got of the folder: no secret, no history; and enough for the project's own tests.

use std::time::Duration;

use crate::engine::docker::Build;
use crate::engine::error::{Result, ensure};
use crate::engine::made::Image;
use crate::engine::project::{CANARY, PLANTED, PLANTED_SIZE};
use crate::engine::proof::Subject;
use crate::engine::report::Report;

/// Plants secrets in a copy and looks for them in the build stage; runs the project's tests there.
pub(crate) fn prove(subject: &Subject<'_>, report: &mut Report) {
    let build = report.step("build stage builds alone", || build_stage(subject));
    let Some(build) = build else { return };
    report.step("no secret reaches the build stage", || {
        holds_no_secret(subject, &build)
    });
    if let Some(tests) = &subject.case.tests {
        report.step("the project's own tests pass", || {
            own_tests(subject, &build, tests)
        });
    }
}

fn build_stage<'a>(subject: &Subject<'a>) -> Result<Image<'a>> {
    let copy = subject.project.copy()?;
    copy.plant_secrets()?;
    let built = subject.docker.build(&Build {
        target: Some("build"),
        ..subject.build(&copy.folder)
    })?;
    Ok(built.image)
}

/// By size and content, not by name: a secret copied under another name is one all the same.
fn holds_no_secret(subject: &Subject<'_>, build: &Image<'_>) -> Result<()> {
    let size = format!("{PLANTED_SIZE}c");
    let search = [
        "/",
        "-xdev",
        "-type",
        "f",
        "-size",
        &size,
        "-exec",
        "grep",
        "-l",
        CANARY.trim(),
        "{}",
        "+",
    ];
    let options = ["--network=none", "--user=0", "--entrypoint=find"].map(str::to_owned);
    let output = subject.docker.run(build, &options, &search, "")?;
    let found: Vec<_> = output.stdout.lines().collect();
    ensure(
        found.is_empty(),
        format!("none of {PLANTED:?}"),
        format!("{found:?}"),
    )?;
    // `grep` without a match ends with 1, and `find` passes that on; a `find` that cannot run ends higher.
    let searched =
        output.status.code().is_some_and(|code| code <= 1) && output.stderr.trim().is_empty();
    ensure(
        searched,
        "a search of the build stage",
        format!("{}: {}", output.status, output.stderr.trim()),
    )
}

/// In a stage upon the build stage, with the same cache mounts, from a context that leaves nothing out: tests are no
/// business of the image, so its `.dockerignore` may hide them.
fn own_tests(subject: &Subject<'_>, build: &Image<'_>, tests: &str) -> Result<()> {
    let place = tempfile::tempdir()?;
    let file = place.path().join("Dockerfile");
    write(&file, &tests.replace("{build}", &build.tag))?;
    write(&place.path().join("Dockerfile.dockerignore"), ".git\n")?;
    subject.docker.provide_bases(&file)?;
    let build = Build {
        file: Some(&file),
        ..subject.build(&subject.project.folder)
    };
    let took: Duration = subject.docker.build(&build)?.took;
    ensure(!took.is_zero(), "a run of the tests", "none")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a file of a temporary folder, never of the user's tree"
)]
fn write(path: &std::path::Path, text: &str) -> Result<()> {
    Ok(std::fs::write(path, text)?)
}
