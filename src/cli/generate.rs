//! `scaffold generate`: from `scaffold.toml` to the container files.
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::arguments::Writing;
use super::conflicts;
use super::failure::Failure;
use super::next;
use super::report::{self, Outcome};
use super::session::{self, Session};
use crate::context::Context;
use crate::exit::Exit;
use crate::plan::Plan;
use crate::report::{Diagnostic, Printer};
use crate::spec::{self, Source};
use crate::workspace::{self, Action, Change};

/// Make or update the container files from scaffold.toml
#[derive(Args, Debug)]
pub(super) struct Generate {
    /// The project's folder
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    #[command(flatten)]
    pub(super) writing: Writing,
}

impl Generate {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        of(&self.dir, &self.writing, (context, printer))
    }
}

/// From the spec of a folder to its container files.
pub(super) fn of(
    dir: &Utf8Path,
    writing: &Writing,
    (context, printer): (&Context, Printer),
) -> Result<Exit, Failure> {
    let (session, plan) = planned(dir, writing, context)?;
    let exit = finish(&session, &plan, writing, printer)?;
    if !writing.json {
        remind(&plan, printer);
    }
    Ok(exit)
}

/// What the spec of a folder comes to.
pub(super) fn planned<'a>(
    dir: &Utf8Path,
    writing: &Writing,
    context: &'a Context,
) -> Result<(Session<'a>, Plan), Failure> {
    let mut session = session::open(context, dir)?.ok_or_else(|| no_spec(dir))?;
    session
        .documents
        .extend(writing.documents().map_err(Failure::spec)?);
    let language = session.language()?.ok_or_else(|| no_language(&session))?;
    let plan = session.plan(language)?;
    Ok((session, plan))
}

fn no_spec(dir: &Utf8Path) -> Failure {
    let message = format!("no {} in {dir}", spec::FILE);
    Failure::usage(Diagnostic::error("no-spec", message).help(format!(
        "scaffold init, for a repository that exists; scaffold new, for a new project; or write one line into {}: lang = \"…\"",
        spec::FILE
    )))
}

/// What only a flag says is gone with the next run.
fn remind(plan: &Plan, printer: Printer) {
    for (key, sourced) in &plan.values {
        if matches!(sourced.source, Source::Flag(_)) && key != "name_snake" {
            let value = sourced.value.to_toml();
            printer.say(&format!(
                "\nOnly for this run: {key} = {value}; written into {}, it stays",
                spec::FILE
            ));
        }
    }
}

pub(super) fn no_language(session: &Session<'_>) -> Failure {
    let ids = crate::language::ids().join(", ");
    let place = session
        .documents
        .first()
        .map(|document| crate::report::Place::new(document, 0..0));
    Failure::spec(vec![
        Diagnostic::error("missing-key", "`lang` is missing")
            .at_maybe(place.as_ref(), "")
            .because(format!("there are {ids}"))
            .help("lang = \"…\""),
    ])
}

/// From a plan to the disk; `new` ends the same way.
pub(super) fn finish(
    session: &Session<'_>,
    plan: &Plan,
    writing: &Writing,
    printer: Printer,
) -> Result<Exit, Failure> {
    if !writing.json {
        printer.diagnostics(&plan.diagnostics);
        for line in crate::wizard::lines(plan, true) {
            printer.detail(&line);
        }
    }
    let files = session.files(plan)?;
    let mut changes = session.changes(&files)?;
    conflicts::decide(
        &mut changes,
        &session.lock,
        writing,
        (session.context, printer),
    )?;
    let lock = workspace::lock_text(
        &session.root,
        &changes,
        &session.lock,
        plan.resolved.clone(),
    )?;
    if !writing.dry_run {
        if let Some(refusal) = conflicts::refusal(&changes) {
            return Err(refusal);
        }
        workspace::write(&session.root, &changes, lock.as_deref())?;
    }
    let outcome = Outcome {
        plan,
        changes: &changes,
        lock: lock.is_some(),
        next: next::steps(plan, session),
    };
    report::tell(&outcome, session, writing, printer);
    Ok(exit(&changes))
}

/// How a run with these changes ends.
pub(super) fn exit(changes: &[Change]) -> Exit {
    let left =
        |change: &Change| matches!(change.action, Action::Merge(_, conflicts) if conflicts > 0);
    if changes.iter().any(|change| change.action == Action::Refuse) {
        Exit::Refused
    } else if changes.iter().any(left) {
        Exit::Findings
    } else {
        Exit::Done
    }
}
