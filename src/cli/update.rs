//! `scaffold update` and `scaffold diff`: the project as it would be made today, the user's edits kept.
use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use clap::Args;

use super::arguments::{Conflict, Writing};
use super::failure::Failure;
use super::report::{self, Outcome};
use super::session::{self, Session};
use super::{generate, pinning, policies, services, upkeep};
use crate::context::Context;
use crate::exit::Exit;
use crate::language::Origin;
use crate::plan::Plan;
use crate::render::Entry;
use crate::report::{Diagnostic, Printer};
use crate::spec;
use crate::workspace::{
    self, Action, Change, Lock, OnConflict, State, apply, classify, history, lock,
};

/// Behind the name of a file whose text version control could not give back.
const BACKUP: &str = ".before-update";

/// Bring versions and files up to date, keeping your edits
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Update {
    /// The project's folder
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// Move to newer version lines too, not only to newer patches
    #[arg(long)]
    major: bool,
    /// Fail where scaffold.lock would change
    #[arg(long)]
    locked: bool,
    /// Show what would be done, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Show the changes as a diff
    #[arg(long)]
    diff: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// Show what update would change; exit 1 when there is something
#[derive(Args, Debug)]
pub(super) struct Diff {
    /// The project's folder
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// Move to newer version lines too, not only to newer patches
    #[arg(long)]
    major: bool,
}

/// What an update would do.
struct Step<'a> {
    session: Session<'a>,
    plans: Vec<Plan>,
    changes: Vec<Change>,
    /// Edited files that nothing makes any more.
    released: Vec<String>,
    lock: Option<String>,
    /// Templates that moved: address, the commit before, the one now.
    moved: BTreeSet<(String, String, String)>,
}

impl Update {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let step = Step::new(context, &self.dir, self.major)?;
        if self.locked {
            pinning::refuse_change(step.lock.as_deref())?;
        }
        if !self.json {
            step.tell(printer);
        }
        let undo = if self.dry_run { None } else { step.write()? };
        let writing = Writing {
            dry_run: self.dry_run,
            diff: self.diff,
            json: self.json,
            on_conflict: Some(Conflict::Merge),
            no_input: true,
            ..Writing::default()
        };
        let outcome = Outcome {
            plans: &step.plans,
            changes: &step.changes,
            lock: step.lock.is_some(),
            next: Vec::new(),
        };
        report::tell(&outcome, &step.session, &writing, printer);
        if let Some(undo) = undo.filter(|_| !self.json) {
            printer.say(&format!("\nUndo:\n  {undo}"));
        }
        Ok(generate::exit(&step.changes))
    }
}

impl Diff {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let step = Step::new(context, &self.dir, self.major)?;
        step.tell(printer);
        printer.data(&report::diffs(&step.changes));
        let idle = step
            .changes
            .iter()
            .all(|change| matches!(change.action, Action::None | Action::Skip));
        Ok(if idle && step.lock.is_none() {
            Exit::Done
        } else {
            Exit::Findings
        })
    }
}

impl<'a> Step<'a> {
    fn new(context: &'a Context, dir: &Utf8PathBuf, major: bool) -> Result<Self, Failure> {
        let mut session =
            session::open(context, dir)?.ok_or_else(|| nothing_here(dir, spec::FILE))?;
        let old = session.lock.clone();
        // Templates move to what their versions are now.
        session.lock.resolved.template = None;
        for resolved in session.lock.services.values_mut() {
            resolved.template = None;
        }
        let before = session.documents[0].text.clone();
        let now = session.plans()?;
        let spec = upkeep::move_on(&mut session, &now, major);
        let first = session.lock.files.is_empty();
        let plans = pinning::plans(&mut session, context.offline)?;
        policies::refuse(&plans)?;
        // With digests the first run is this one: `generate` asks no registry.
        if first && plans.iter().all(|plan| plan.pins.wanted.is_empty()) {
            return Err(nothing_here(dir, lock::FILE));
        }
        let mut step = Self::compare(session, plans)?;
        step.moved = moved(&old, &step.plans);
        if let Some(text) = spec {
            step.changes.push(spec_change(before, text));
        }
        step.refuse_open_conflicts()?;
        Ok(step)
    }

    fn compare(session: Session<'a>, plans: Vec<Plan>) -> Result<Self, Failure> {
        let files = session.files(&plans)?;
        let mut changes = session.changes(&files)?;
        for change in &mut changes {
            // What somebody put where a new file goes has no common origin with it: nothing could be merged.
            let foreign = change.state == State::Foreign;
            change.decide(
                if foreign {
                    OnConflict::New
                } else {
                    OnConflict::Merge
                },
                &session.lock,
            );
        }
        let lock = workspace::lock_text(&session.root, &changes, &session.lock, &plans)?;
        let (removed, released) = classify::leftovers(&session.root, &files, &session.lock)?;
        changes.extend(removed);
        Ok(Self {
            session,
            plans,
            changes,
            released,
            lock,
            moved: BTreeSet::new(),
        })
    }

    /// Marks of an earlier merge would be merged once more, into something that nobody can read.
    fn refuse_open_conflicts(&self) -> Result<(), Failure> {
        let marked = |change: &&Change| {
            let text = change
                .before
                .as_deref()
                .map(String::from_utf8_lossy)
                .unwrap_or_default();
            text.lines().any(|line| line.starts_with("<<<<<<< yours"))
        };
        let open: Vec<_> = self
            .changes
            .iter()
            .filter(marked)
            .map(|change| change.path.as_str())
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let diagnostic = Diagnostic::error(
            "conflicts-left",
            format!(
                "{} still has the marks of an earlier merge",
                open.join(", ")
            ),
        )
        .because("nothing was changed by this run")
        .help("choose between the marked lines, take the marks out, and run it again");
        Err(Failure::new(Exit::Findings, vec![diagnostic]))
    }

    fn tell(&self, printer: Printer) {
        for (address, from, to) in &self.moved {
            printer.say(&format!("{address} moves from {from:.12} to {to:.12}"));
        }
        printer.diagnostics(&services::diagnostics(&self.plans));
        for path in &self.released {
            let note = Diagnostic::note(
                "no-longer-made",
                format!("{path} is no longer made, and you changed it: it is yours from now on"),
            );
            printer.diagnostics(&[note.help(format!("delete {path} if nothing needs it"))]);
        }
    }

    /// Writes everything, and gives the command that takes it back.
    fn write(&self) -> Result<Option<String>, Failure> {
        let root = &self.session.root;
        let old_lock = workspace::tree::read(root, lock::FILE)?.filter(|_| self.lock.is_some());
        let mut touched: Vec<(&str, &[u8])> = self
            .changes
            .iter()
            .filter(|change| change.after().is_some() || change.action == Action::Remove)
            .filter_map(|change| Some((change.path.as_str(), change.before.as_deref()?)))
            .collect();
        touched.extend(old_lock.as_deref().map(|bytes| (lock::FILE, bytes)));
        let made: Vec<_> = self.changes.iter().filter_map(made).collect();
        let paths: Vec<_> = touched.iter().map(|(path, _)| *path).collect();
        let by_git = !paths.is_empty() && history::can_restore(root, &paths);
        let backups: Vec<_> = touched
            .iter()
            .filter(|_| !by_git)
            .map(|(path, bytes)| (format!("{path}{BACKUP}"), *bytes))
            .collect();
        let mut jobs: Vec<_> = backups
            .iter()
            .map(|(path, bytes)| apply::Job::write(path, bytes))
            .collect();
        jobs.extend(self.changes.iter().filter_map(workspace::job));
        jobs.extend(
            self.lock
                .as_ref()
                .map(|text| apply::Job::write(lock::FILE, text.as_bytes())),
        );
        workspace::run(root, &jobs)?;
        let at = |path: &str| {
            crate::render::quote::shell(&session::shown(
                camino::Utf8Path::new(&self.session.shown),
                path,
            ))
        };
        let mut parts = Vec::new();
        if by_git {
            let files: Vec<_> = paths.iter().map(|path| at(path)).collect();
            parts.push(format!("git restore -- {}", files.join(" ")));
        }
        let moves = backups
            .iter()
            .zip(&paths)
            .map(|((backup, _), path)| format!("mv -- {} {}", at(backup), at(path)));
        parts.extend(moves);
        if !made.is_empty() {
            let files: Vec<_> = made.iter().map(|path| at(path)).collect();
            parts.push(format!("rm -- {}", files.join(" ")));
        }
        Ok((!parts.is_empty()).then(|| parts.join(" && ")))
    }
}

/// The templates that are at another commit than the lock says.
fn moved(old: &Lock, plans: &[Plan]) -> BTreeSet<(String, String, String)> {
    let pairs = plans.iter().filter_map(|plan| {
        let before = match &plan.service {
            None => &old.resolved,
            Some(service) => old.services.get(&service.name)?,
        };
        Some((before.template.as_ref()?, plan.resolved.template.as_ref()?))
    });
    let moved = pairs.flat_map(|(before, now)| {
        let before = commits(before);
        let now = commits(now).into_iter();
        now.filter_map(move |(address, to)| {
            let from = *before.get(address).filter(|from| **from != to)?;
            Some((address.to_owned(), from.to_owned(), to.to_owned()))
        })
    });
    moved.collect()
}

/// The commits of a template and of those that it extends, by address.
fn commits(origin: &Origin) -> BTreeMap<&str, &str> {
    let own = origin.commit.as_deref();
    let own = own.map(|commit| (origin.address.as_str(), commit));
    let below = origin.extends.iter();
    let below = below.map(|(address, commit)| (address.as_str(), commit.as_str()));
    own.into_iter().chain(below).collect()
}

/// The path of a file that was not there before.
fn made(change: &Change) -> Option<String> {
    match change.action {
        Action::Beside(_) => Some(format!("{}.new", change.path)),
        Action::Write(_) if change.before.is_none() => Some(change.path.clone()),
        _ => None,
    }
}

/// The user's spec, with one value changed.
fn spec_change(before: String, after: String) -> Change {
    let bytes = after.into_bytes();
    Change {
        path: spec::FILE.to_owned(),
        state: State::Ours,
        before: Some(before.into_bytes()),
        entry: Entry::once(bytes.clone()),
        action: Action::Write(bytes),
    }
}

fn nothing_here(dir: &Utf8PathBuf, what: &str) -> Failure {
    let message = format!("no {what} in {dir}: nothing to bring up to date");
    Failure::usage(
        Diagnostic::error("nothing-generated", message).help(format!(
            "scaffold generate {dir}, where there is a {}",
            spec::FILE
        )),
    )
}
