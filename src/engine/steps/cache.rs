//! Rebuilds: nothing that has not changed is done again. This is what makes a person's day with the file.
use crate::engine::build::Built;
use crate::engine::claims::Edit;
use crate::engine::error::{Result, ensure, refuted, unproven};
use crate::engine::progress::Step;
use crate::engine::proof::Subject;
use crate::engine::report::{Report, seconds};

/// The same again, and again with one more line of source, and with another lock file.
pub(super) fn prove(subject: &Subject<'_>, report: &mut Report<'_>) {
    report.step(super::REBUILD, || {
        undisturbed(subject, || unchanged(subject))
    });
    let took = report.step(super::EDIT, || match &subject.claims.edit {
        Ok(edit) => undisturbed(subject, || edited(subject, edit)),
        Err(reason) => Err(unproven(reason.as_str())),
    });
    report.figures.edit_build_s = took;
    if let Some(lock) = &subject.claims.lock {
        let mut took = None;
        report.noted(super::LOCK, |notes| {
            took = Some(locked(subject, lock, notes)?);
            Ok(())
        });
        report.figures.lock_build_s = took;
    }
}

/// A neighbour on the same engine who builds without the cache makes equal steps of ours run again, now and then, and a
/// step that a neighbour's build under way has run counts as run in ours. What runs again every time is our own fault.
fn undisturbed<T>(subject: &Subject<'_>, prove: impl Fn() -> Result<T>) -> Result<T> {
    prove().or_else(|_| prove()).or_else(|_| {
        subject.engine.wait_for_others();
        prove()
    })
}

fn unchanged(subject: &Subject<'_>) -> Result<()> {
    let built = subject
        .engine
        .build(&subject.again(&subject.project.folder))?;
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
    let built = changed(subject, edit)?;
    let steps = built.progress.steps();
    let ran: Vec<_> = steps.iter().filter(|step| !step.cached).collect();
    ensure(
        !ran.is_empty(),
        format!("a build that sees the edit of {}", edit.file),
        "every step came from the cache",
    )?;
    subject
        .claims
        .dependencies
        .iter()
        .try_for_each(|words| stayed(&steps, words))?;
    Ok(seconds(built.took))
}

/// The steps that fetch dependencies run again, and come to their end.
fn locked(subject: &Subject<'_>, lock: &Edit, notes: &mut Vec<String>) -> Result<f64> {
    let built = changed(subject, lock)?;
    let steps = built.progress.steps();
    let mut fetching = steps.iter().filter(|step| {
        let dependencies = &subject.claims.dependencies;
        dependencies
            .iter()
            .any(|words| step.instruction.contains(words.as_str()))
    });
    ensure(
        fetching.clone().any(|step| !step.cached),
        format!("a dependency step that sees {}", lock.file),
        "all of them came from the cache",
    )?;
    if !fetching.any(|step| step.instruction.contains("type=cache")) {
        notes.push("the dependency step has no cache mount: all is fetched again".to_owned());
    }
    Ok(seconds(built.took))
}

/// A build of a copy with one file changed. What an earlier run built must not pass for this one's.
fn changed<'a>(subject: &Subject<'a>, edit: &Edit) -> Result<Built<'a>> {
    let copy = subject.copy()?;
    let line = match &edit.line {
        Some(line) => line.replace("{unique}", &subject.unique()),
        None => blanks(&subject.unique()),
    };
    copy.append(&edit.file, &line)?;
    subject.engine.build(&subject.again(&copy.folder))
}

/// A word as empty lines, which no language minds.
fn blanks(unique: &str) -> String {
    let digits = unique.bytes().filter(u8::is_ascii_digit);
    let number = digits.fold(0_usize, |sum, digit| (sum * 31 + usize::from(digit)) % 97);
    "\n".repeat(number)
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
