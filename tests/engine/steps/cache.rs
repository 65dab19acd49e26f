//! Rebuilds: nothing that has not changed is done again. This is what makes a person's day with the file.

use crate::engine::case::Edit;
use crate::engine::error::{Result, ensure, refuted};
use crate::engine::progress::Step;
use crate::engine::proof::Subject;
use crate::engine::report::{Report, seconds};

/// The same again, and again with one more line of source.
pub(crate) fn prove(subject: &Subject<'_>, report: &mut Report) {
    report.step("second build is all cached", || {
        undisturbed(|| unchanged(subject))
    });
    if let Some(edit) = &subject.case.edit {
        let took = report.step("an edit re-runs no dependency step", || {
            undisturbed(|| edited(subject, edit))
        });
        report.figures.edit_build_s = took;
    }
}

/// A neighbour on the same engine who builds without the cache makes equal steps of ours run again, now and then. What
/// runs again every time is our own fault.
fn undisturbed<T>(prove: impl Fn() -> Result<T>) -> Result<T> {
    prove().or_else(|_| prove()).or_else(|_| prove())
}

fn unchanged(subject: &Subject<'_>) -> Result<()> {
    let built = subject
        .docker
        .build(&subject.build(&subject.project.folder))?;
    let steps = built.progress.steps();
    let ran: Vec<_> = steps.iter().filter(|step| !step.cached).map(name).collect();
    ensure(
        ran.is_empty(),
        "every step from the cache",
        format!("{ran:?} ran again"),
    )
}

/// The steps that fetch dependencies must exist, come before the first step that ran again, and not be among those.
fn edited(subject: &Subject<'_>, edit: &Edit) -> Result<f64> {
    let copy = subject.project.copy()?;
    // What an earlier run built must not pass for this one's.
    copy.append(
        &edit.file,
        &edit.line.replace("{unique}", &subject.unique()),
    )?;
    let built = subject.docker.build(&subject.build(&copy.folder))?;
    let steps = built.progress.steps();
    let ran: Vec<_> = steps.iter().filter(|step| !step.cached).collect();
    ensure(
        !ran.is_empty(),
        "a build that sees the edit",
        "every step came from the cache",
    )?;
    subject
        .case
        .dependencies
        .iter()
        .try_for_each(|words| stayed(&steps, words))?;
    Ok(seconds(built.took))
}

fn stayed(steps: &[Step], words: &str) -> Result<()> {
    let mut named = steps
        .iter()
        .filter(|step| step.instruction.contains(words))
        .peekable();
    if named.peek().is_none() {
        let all: Vec<_> = steps.iter().map(name).collect();
        return Err(refuted(
            format!("a step with `{words}`"),
            format!("{all:?}"),
        ));
    }
    named.try_for_each(|step| before_first_run(steps, step))
}

fn before_first_run(steps: &[Step], step: &Step) -> Result<()> {
    let shown = name(step);
    ensure(
        step.cached,
        format!("`{shown}` from the cache"),
        "it ran again",
    )?;
    let first = steps
        .iter()
        .filter(|other| other.stage == step.stage && !other.cached)
        .map(|other| other.number)
        .min();
    let first = first.unwrap_or(usize::MAX);
    ensure(
        step.number < first,
        format!("`{shown}` before the first step that ran again"),
        format!("that is step {first}"),
    )
}

fn name(step: &Step) -> String {
    format!("{} {}: {}", step.stage, step.number, step.instruction)
}
