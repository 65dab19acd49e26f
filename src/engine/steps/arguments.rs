//! Arguments of the build that are secrets by their names: each is given a made-up value, and that is looked for in all of
//! the image. Builds of an image write arguments down in its history, whatever the Dockerfile does with them.
use super::image;
use crate::engine::build::Build;
use crate::engine::contents::Contents;
use crate::engine::error::{Error, Result, unproven};
use crate::engine::image::Needles;
use crate::engine::proof::Subject;
use crate::engine::report::Report;

/// Builds once more, with the values.
pub(super) fn prove(subject: &Subject<'_>, report: &mut Report<'_>) {
    if !subject.claims.canaries.is_empty() {
        report.step(super::ARGUMENTS, || leaves_no_trace(subject));
    }
}

fn leaves_no_trace(subject: &Subject<'_>) -> Result<()> {
    let word = subject.unique();
    let names = subject.claims.canaries.iter().enumerate();
    let values: Vec<_> = names
        .map(|(at, name)| (name, format!("made-up-{at}-{word}")))
        .collect();
    let given = values
        .iter()
        .map(|(name, value)| format!("--build-arg={name}={value}"));
    let further: Vec<_> = subject
        .project
        .arguments
        .iter()
        .cloned()
        .chain(given)
        .collect();
    let whole = subject.again(&subject.project.folder);
    let built = subject.engine.build(&Build {
        further: &further,
        ..whole
    });
    let built = built.map_err(|error| refused(&subject.claims.canaries, error))?;
    let needles: Needles = values
        .into_iter()
        .map(|(name, value)| (name.clone(), value.into_bytes()))
        .collect();
    let instructions = subject.claims.instructions;
    let contents = Contents::read(
        subject.engine,
        &built,
        subject.project,
        instructions,
        &needles,
    )?;
    image::traces(&contents, &needles)
}

/// Who asks a server with a made-up password is turned away: that says nothing of the image.
fn refused(names: &[String], error: Error) -> Error {
    let Error::Failed { output, .. } = error else {
        return error;
    };
    let names = names.join(", ");
    let last = output.trim().lines().last().unwrap_or_default();
    unproven(format!(
        "it does not build with a made-up {names} (--build-arg NAME=VALUE gives the real one, which is then looked for): {last}"
    ))
}
