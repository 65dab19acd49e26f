//! The stages before the last: each builds alone, and what they got of the folder holds no secret and no history.
use crate::engine::build::Build;
use crate::engine::copy::{CANARY, PLANTED, PLANTED_SIZE};
use crate::engine::error::{Error, Result, ensure, refuted, unproven};
use crate::engine::made::Image;
use crate::engine::proof::Subject;
use crate::engine::report::Report;

/// Builds each named stage, one of them from a copy with planted secrets, which are looked for.
pub(super) fn prove(subject: &Subject<'_>, report: &mut Report<'_>) {
    let claims = subject.claims;
    let searched = claims.build_stage.as_deref();
    let others = claims
        .targets
        .iter()
        .filter(|name| Some(name.as_str()) != searched);
    let looks = report.selection.wants(&super::CONTEXT);
    let mut build = None;
    if !claims.targets.is_empty() {
        report.step(super::TARGETS, || {
            others
                .into_iter()
                .try_for_each(|target| stage(subject, target).map(drop))?;
            let Some(name) = searched else { return Ok(()) };
            // What is planted may break a build that sees it: then the stage is built without, and the plants are blamed.
            let found = planted(subject, name);
            if found.is_err() {
                stage(subject, name)?;
            }
            build = Some(found);
            Ok(())
        });
    }
    let Some(name) = searched.filter(|_| looks) else {
        return;
    };
    report.step(super::CONTEXT, || {
        let build = build.unwrap_or_else(|| planted(subject, name));
        let blamed = |error: Error| {
            refuted(
                format!("a build that never sees {PLANTED:?}"),
                format!("with them it fails: {error}"),
            )
        };
        holds_no_secret(subject, &build.map_err(blamed)?)
    });
}

fn stage<'a>(subject: &Subject<'a>, target: &str) -> Result<Image<'a>> {
    let again = subject.again(&subject.project.folder);
    let build = Build {
        target: Some(target),
        ..again
    };
    Ok(subject.engine.build(&build)?.image)
}

fn planted<'a>(subject: &Subject<'a>, target: &str) -> Result<Image<'a>> {
    let copy = subject.copy()?;
    copy.plant_secrets()?;
    let build = Build {
        target: Some(target),
        ..subject.again(&copy.folder)
    };
    Ok(subject.engine.build(&build)?.image)
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
    if !subject.engine.kind.runs() {
        let name = subject.engine.kind.name();
        return Err(unproven(format!(
            "with {name} nothing can search the stage"
        )));
    }
    let limits = subject.engine.kind.limits().iter();
    let options = ["--network=none", "--user=0", "--entrypoint=find"]
        .iter()
        .chain(limits);
    let options: Vec<_> = options.map(ToString::to_string).collect();
    let output = subject.engine.run(build, &options, &search, "")?;
    let found: Vec<_> = output.stdout.lines().collect();
    ensure(
        found.is_empty(),
        format!("none of {PLANTED:?}"),
        format!("{found:?}"),
    )?;
    // `grep` without a match ends with 1, and `find` passes that on; a `find` that cannot run ends higher.
    let searched =
        output.status.code().is_some_and(|code| code <= 1) && output.stderr.trim().is_empty();
    if searched {
        return Ok(());
    }
    Err(unproven(format!(
        "the stage could not be searched: {}: {}",
        output.status,
        output.stderr.trim()
    )))
}
