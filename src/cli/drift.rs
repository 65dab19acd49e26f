//! Files that are not what the spec gives: edited by hand, or made from another spec, by another version of this
//! program, or before the catalogue moved. Each has its own word, because each has its own remedy.
use std::collections::BTreeMap;

use camino::Utf8Path;

use super::failure::Failure;
use super::session::Session;
use super::{pinning, services, session, upkeep};
use crate::plan::Plan;
use crate::render::FileSet;
use crate::report::{Diagnostic, Document, Place};
use crate::workspace::{Change, State, classify, lock};

/// All drift of a project.
pub(super) fn find(
    session: &mut Session<'_>,
    dir: &Utf8Path,
    plans: &[Plan],
) -> Result<Vec<Diagnostic>, Failure> {
    let files = session.files(plans)?;
    // Ended support is told by the rules, at the FROM line.
    let mut found = services::diagnostics(plans);
    found.retain(|diagnostic| diagnostic.code != "end-of-life");
    found.extend(pinning::missing(session, plans));
    if session.lock.files.is_empty() {
        let message = format!("no {}: nothing was generated here yet", lock::FILE);
        found.push(
            Diagnostic::error("never-generated", message).help(format!("scaffold generate {dir}")),
        );
        return Ok(found);
    }
    let judge = Judge {
        dir,
        tool: tool(session)?,
        session,
        owners: owners(plans),
        has_template: plans.iter().any(|plan| plan.resolved.template.is_some()),
    };
    let changes = session.changes(&files)?;
    found.extend(changes.iter().filter_map(|change| judge.file(change)));
    found.extend(judge.leftovers(&files)?);
    upkeep::move_on(session, plans, false);
    let moved = session.files(&session.plans()?)?;
    let newer: Vec<_> = moved
        .iter()
        .filter(|(path, entry)| files.get(path).map(|old| &old.bytes) != Some(&entry.bytes))
        .map(|(path, _)| session::shown(dir, path))
        .collect();
    if !newer.is_empty() {
        found.push(catalogue_moved(dir, plans, &newer));
    }
    Ok(found)
}

fn catalogue_moved(dir: &Utf8Path, plans: &[Plan], newer: &[String]) -> Diagnostic {
    let message = "newer versions are known than those that were resolved";
    let mut diagnostic = Diagnostic::warning("catalogue-moved", message).because(format!(
        "in the same version lines, by {}",
        env!("CARGO_PKG_VERSION")
    ));
    if plans.iter().any(|plan| plan.service.is_some()) {
        diagnostic = diagnostic.because(format!("for {}", newer.join(", ")));
    }
    diagnostic.help(format!("scaffold update {dir}"))
}

/// The service that a file is of, by its path.
fn owners(plans: &[Plan]) -> BTreeMap<String, String> {
    let named = plans.iter().filter_map(|plan| {
        let name = &plan.service.as_ref()?.name;
        Some([plan.dockerfile(), plan.ignore_file()].map(|path| (path, name.clone())))
    });
    named.flatten().collect()
}

/// The version of this program that wrote the lock.
fn tool(session: &Session<'_>) -> Result<String, Failure> {
    let text = session::read_text(&session.root, lock::FILE)?.unwrap_or_default();
    Ok(lock::tool(&text).unwrap_or_default())
}

struct Judge<'a, 'b> {
    dir: &'a Utf8Path,
    tool: String,
    session: &'a Session<'b>,
    /// Services by the paths of their files.
    owners: BTreeMap<String, String>,
    /// Whether any of it is made by a folder of somebody's own, which changes without this program.
    has_template: bool,
}

impl Judge<'_, '_> {
    fn file(&self, change: &Change) -> Option<Diagnostic> {
        let dir = self.dir;
        let path = self.name(&change.path);
        let (code, message, help) = match change.state {
            State::Same => return None,
            State::New => (
                "missing-file",
                format!("{path} is missing"),
                format!("scaffold generate {dir}"),
            ),
            State::Kept => (
                "edited",
                format!("{path} was edited by hand"),
                format!(
                    "say it in scaffold.toml, or leave this out: scaffold check {dir} --skip edited"
                ),
            ),
            State::Foreign => (
                "foreign-file",
                format!("{path} was not written by scaffold"),
                format!("scaffold generate {dir} --on-conflict merge, or skip"),
            ),
            State::Ours | State::Edited => return Some(self.outdated(change, &path)),
        };
        Some(
            self.place(Diagnostic::warning(code, message), change)
                .help(help),
        )
    }

    /// A file as the user would type it, and whose it is.
    fn name(&self, path: &str) -> String {
        let shown = session::shown(self.dir, path);
        match self.owners.get(path) {
            Some(service) => format!("service `{service}`: {shown}"),
            None => shown,
        }
    }

    /// The spec gives something else than what was written: because of the spec, or of this program.
    fn outdated(&self, change: &Change, path: &str) -> Diagnostic {
        let now = env!("CARGO_PKG_VERSION");
        let (code, why) = if self.tool == now {
            let who = if self.has_template {
                "scaffold.toml, or the template that it names,"
            } else {
                "scaffold.toml"
            };
            ("spec-changed", format!("{who} says something else now"))
        } else {
            (
                "tool-changed",
                format!("scaffold {} wrote it, this is {now}", self.tool),
            )
        };
        let edited = if change.state == State::Edited {
            "; and it was edited by hand"
        } else {
            ""
        };
        let diagnostic = Diagnostic::warning(code, format!("{path} is outdated: {why}{edited}"));
        self.place(diagnostic, change)
            .help(format!("scaffold update {}", self.dir))
    }

    /// The first line that differs.
    fn place(&self, diagnostic: Diagnostic, change: &Change) -> Diagnostic {
        let Some(text) = change
            .before
            .as_deref()
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
        else {
            return diagnostic;
        };
        let ours = String::from_utf8_lossy(&change.entry.bytes);
        let common: usize = text
            .split_inclusive('\n')
            .zip(ours.split_inclusive('\n'))
            .take_while(|(disk, ours)| disk.trim_end() == ours.trim_end())
            .map(|(line, _)| line.len())
            .sum();
        let line = text
            .get(common..)
            .and_then(|rest| rest.lines().next())
            .unwrap_or_default();
        let document = Document::file(session::shown(self.dir, &change.path), text);
        diagnostic.at(
            &Place::new(&document, common..common + line.len()),
            "here first",
        )
    }

    fn leftovers(&self, files: &FileSet) -> Result<Vec<Diagnostic>, Failure> {
        let (removed, kept) = classify::leftovers(&self.session.root, files, &self.session.lock)?;
        let paths = removed.into_iter().map(|change| change.path).chain(kept);
        let told = paths.map(|path| {
            Diagnostic::warning(
                "no-longer-made",
                format!("{} is no longer made", self.name(&path)),
            )
            .help(format!("scaffold update {}", self.dir))
        });
        Ok(told.collect())
    }
}
