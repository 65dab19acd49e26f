//! `scaffold generate`: from `scaffold.toml` to the container files.
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::arguments::Writing;
use super::conflicts;
use super::failure::Failure;
use super::library;
use super::next;
use super::pinning;
use super::policies;
use super::report::{self, Outcome};
use super::services;
use super::session::{self, Session};
use crate::context::Context;
use crate::exit::Exit;
use crate::plan::Plan;
use crate::render::FileSet;
use crate::report::printer::Verbosity;
use crate::report::{Diagnostic, Printer};
use crate::spec::{self, Source, Sourced};
use crate::workspace::{self, Action, Change};

/// Make or update the container files from scaffold.toml
#[derive(Args, Debug)]
pub(super) struct Generate {
    /// The project's folder
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// Fail where scaffold.lock would change: what it says is what is meant
    #[arg(long)]
    locked: bool,
    #[command(flatten)]
    pub(super) writing: Writing,
}

impl Generate {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let writing = Writing {
            locked: self.locked,
            ..self.writing.clone()
        };
        of(&self.dir, &writing, (context, printer))
    }
}

/// From the spec of a folder to its container files.
pub(super) fn of(
    dir: &Utf8Path,
    writing: &Writing,
    (context, printer): (&Context, Printer),
) -> Result<Exit, Failure> {
    let (session, plans) = planned(dir, writing, context)?;
    let exit = finish(&session, &plans, writing, printer)?;
    if !writing.json {
        remind(&plans, printer);
    }
    Ok(exit)
}

/// What the spec of a folder comes to.
pub(super) fn planned<'a>(
    dir: &Utf8Path,
    writing: &Writing,
    context: &'a Context,
) -> Result<(Session<'a>, Vec<Plan>), Failure> {
    let mut session = session::open(context, dir)?.ok_or_else(|| no_spec(dir))?;
    session
        .documents
        .extend(writing.documents().map_err(Failure::spec)?);
    let plans = session.plans()?;
    Ok((session, plans))
}

fn no_spec(dir: &Utf8Path) -> Failure {
    let message = format!("no {} in {dir}", spec::FILE);
    Failure::usage(Diagnostic::error("no-spec", message).help(format!(
        "scaffold init, for a repository that exists; scaffold new, for a new project; or write one line into {}: lang = \"…\"",
        spec::FILE
    )))
}

/// What only a flag says is gone with the next run.
fn remind(plans: &[Plan], printer: Printer) {
    let flag = |plan: &Plan, (key, sourced): (&String, &Sourced)| {
        let Source::Flag(place) = &sourced.source else {
            return None;
        };
        let said = place.document.text.as_str();
        let table = plan.service.as_ref().map(spec_table);
        let table = table.filter(|table| said.starts_with(table.as_str()));
        let line = format!(
            "{}{key} = {}",
            table.unwrap_or_default(),
            sourced.value.to_toml()
        );
        (key != "name_snake").then_some(line)
    };
    let all = plans.iter().flat_map(|plan| {
        plan.values
            .iter()
            .filter_map(move |value| flag(plan, value))
    });
    // A key that holds for all services is one line.
    let lines: std::collections::BTreeSet<_> = all.collect();
    for line in lines {
        printer.say(&format!(
            "\nOnly for this run: {line}; written into {}, it stays",
            spec::FILE
        ));
    }
}

fn spec_table(service: &crate::plan::Service) -> String {
    format!("{}.{}.", spec::services::TABLE, service.name)
}

pub(super) fn no_language(session: &Session<'_>) -> Failure {
    let ids = library::names(session.context).join(", ");
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
    plans: &[Plan],
    writing: &Writing,
    printer: Printer,
) -> Result<Exit, Failure> {
    policies::refuse(plans)?;
    if !writing.json {
        printer.diagnostics(&services::diagnostics(plans));
        detail(plans, printer);
    }
    pinning::refuse_missing(session, plans)?;
    let files = session.files(plans)?;
    let mut changes = session.changes(&files)?;
    changes.extend(leftovers(session, &files)?);
    conflicts::decide(
        &mut changes,
        &session.lock,
        writing,
        (session.context, printer),
    )?;
    let lock = workspace::lock_text(&session.root, &changes, &session.lock, plans)?;
    if writing.locked {
        pinning::refuse_change(lock.as_deref())?;
    }
    if !writing.dry_run {
        if let Some(refusal) = conflicts::refusal(&changes) {
            return Err(refusal);
        }
        workspace::write(&session.root, &changes, lock.as_deref())?;
    }
    let outcome = Outcome {
        plans,
        changes: &changes,
        lock: lock.is_some(),
        next: next::steps(plans, session),
    };
    report::tell(&outcome, session, writing, printer);
    Ok(exit(&changes))
}

/// Files that an earlier run made and this spec does not: they stay until `update` takes them away.
fn leftovers(session: &Session<'_>, files: &FileSet) -> Result<Vec<Change>, Failure> {
    let (mut removed, _) = workspace::classify::leftovers(&session.root, files, &session.lock)?;
    for change in &mut removed {
        change.action = Action::Skip;
    }
    Ok(removed)
}

/// Every value with where it came from.
fn detail(plans: &[Plan], printer: Printer) {
    if printer.verbosity != Verbosity::Verbose {
        return;
    }
    for plan in plans {
        if let Some(service) = &plan.service {
            printer.detail(&format!("{}:", service.name));
        }
        for line in crate::wizard::lines(plan, true) {
            printer.detail(&line);
        }
    }
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
