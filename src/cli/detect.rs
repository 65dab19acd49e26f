//! `scaffold detect`: what a repository is, and why.
use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use serde_json::{Value as Json, json};

use super::failure::Failure;
use super::several::describe;
use super::{library, session};
use crate::context::Context;
use crate::detect::services::{self, Proposal, Standing, Wishes};
use crate::detect::{self, Candidate, Considered, Decision, Finding, Reading, View};
use crate::exit::Exit;
use crate::language::rules::Need;
use crate::report::{Diagnostic, Place, Printer};
use crate::workspace::Lock;

/// Show what a repository is and why: candidates, evidence, what was rejected
#[derive(Args, Debug)]
pub(super) struct Detect {
    /// The repository's folder
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// Exit with 1 when two candidates are close or a value is not sure
    #[arg(long)]
    strict: bool,
    /// Print as JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Detect {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let root = session::existing(context, &self.dir)?;
        library::prepare(context, printer);
        let view = view(&root, &session::read_lock(&root)?);
        let said = BTreeMap::new();
        let languages = library::all(context)?;
        let candidates = detect::candidates(&view, languages.clone());
        let read: Vec<_> = candidates
            .iter()
            .map(|candidate| {
                let catalogue = candidate.language.catalogue();
                let day = (&catalogue, context.today.as_str());
                detect::read(&view, &candidate.language, &said, day)
            })
            .collect();
        let all: Vec<_> = candidates.iter().zip(&read).collect();
        let close = detect::is_close(&candidates);
        let wishes = Wishes::default();
        let projects = services::find_several(&view, &languages, &wishes, &context.today);
        let text = if self.json {
            let mut object = to_json(&all, close, &view);
            object["projects"] = projects.iter().map(project_json).collect();
            format!("{object:#}\n")
        } else {
            to_text(&all, close, &view, &projects) + &of_projects(&projects)
        };
        printer.data(&text);
        Ok(self.exit(&all, close))
    }

    fn exit(&self, all: &[(&Candidate, &Reading)], close: bool) -> Exit {
        let sure = all.first().is_some_and(|(_, reading)| {
            reading.needs.is_empty() && !reading.decisions.iter().any(Decision::is_open)
        });
        if self.strict && (close || !sure) {
            Exit::Findings
        } else {
            Exit::Done
        }
    }
}

/// The repository, without the files that we wrote.
pub(super) fn view(root: &Utf8Path, lock: &Lock) -> View {
    let mut ours: BTreeSet<String> = lock.files.keys().cloned().collect();
    ours.insert(crate::spec::FILE.to_owned());
    ours.insert(crate::workspace::lock::FILE.to_owned());
    detect::look(root, ours)
}

fn to_text(
    all: &[(&Candidate, &Reading)],
    close: bool,
    view: &View,
    projects: &[Proposal],
) -> String {
    let mut text = String::new();
    for (candidate, reading) in all {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&of_candidate(candidate, reading));
    }
    if all.is_empty() {
        text.push_str(if projects.is_empty() {
            "no language is recognised\n"
        } else {
            "the top itself is no project\n"
        });
    }
    if close {
        text.push_str("\nnot sure: the first two are close\n");
    }
    for note in view.notes() {
        text.push_str(&format!("note: {}\n", note.escape_debug()));
    }
    text
}

/// What the folders below the top are, where there are projects.
fn of_projects(projects: &[Proposal]) -> String {
    if projects.is_empty() {
        return String::new();
    }
    let mut text = String::from("\nProjects\n");
    for project in projects {
        let line = match &project.standing {
            Standing::Sure => format!("service {}", describe(project)),
            Standing::Perhaps => format!("perhaps {}", describe(project)),
            Standing::Not(reason) => format!("no service: {}: {reason}", project.folder),
        };
        text.push_str(&format!("  {}\n", line.escape_debug()));
    }
    text
}

fn project_json(project: &Proposal) -> Json {
    let (standing, reason) = match &project.standing {
        Standing::Sure => ("service", ""),
        Standing::Perhaps => ("perhaps", ""),
        Standing::Not(reason) => ("none", reason.as_str()),
    };
    let values = project.values.iter();
    json!({
        "name": project.name,
        "folder": project.folder,
        "standing": standing,
        "reason": reason,
        "placed": values.map(|(key, sourced)| json!({ "key": key, "value": sourced.value.to_json(), "source": sourced.source.describe() })).collect::<Vec<_>>(),
        "values": project.reading.shown().map(decision_json).collect::<Vec<_>>(),
        "needs": project.reading.needs.iter().map(need_json).collect::<Vec<_>>(),
    })
}

fn need_json(need: &Need) -> Json {
    json!({ "key": need.key, "reason": need.reason, "help": need.help })
}

fn of_candidate(candidate: &Candidate, reading: &Reading) -> String {
    let manifest = &candidate.language.manifest;
    let signs = candidate.signs.iter();
    let signs: Vec<_> = signs
        .map(|sign| format!("{} {}", sign.what.escape_debug(), sign.weight))
        .collect();
    let mut text = format!(
        "{}: {} ({})\n",
        manifest.title,
        candidate.score,
        signs.join(", ")
    );
    let shown: Vec<_> = reading.shown().collect();
    let width = shown
        .iter()
        .map(|decision| decision.key.len())
        .max()
        .unwrap_or(0);
    for decision in &shown {
        for line in lines(decision) {
            text.push_str(&format!("  {:width$}  {line}\n", decision.key));
        }
    }
    for warning in &reading.warnings {
        let place = warning.place.as_ref().map(Place::short);
        text.push_str(&format!(
            "  warning: {}{}\n",
            warning.message.escape_debug(),
            place.map(|place| format!(" ({place})")).unwrap_or_default()
        ));
    }
    for need in &reading.needs {
        let key = need.key.as_deref().unwrap_or("the repository");
        text.push_str(&format!("  not sure: {key}: {}\n", need.reason));
    }
    text
}

/// What was chosen, what may be meant as well, what was not taken.
fn lines(decision: &Decision) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(finding) = &decision.finding {
        let reason = bracket(&finding.reason);
        lines.push(format!(
            "{}  {}{reason}",
            value(finding),
            because(finding, finding.confidence.word())
        ));
    }
    for other in &decision.alternatives {
        let word = if decision.finding.is_some() {
            "or"
        } else {
            "open"
        };
        lines.push(format!("{}  {}", value(other), because(other, word)));
    }
    lines.extend(decision.considered.iter().map(|considered| {
        let shown = considered.value.display();
        let place = considered.place.short();
        let rule = &considered.rule;
        format!(
            "not {}  ({}, {rule}): {}",
            shown.escape_debug(),
            place.escape_debug(),
            considered.reason.escape_debug()
        )
    }));
    lines
}

fn value(finding: &Finding) -> String {
    finding.value.display().escape_debug().to_string()
}

fn because(finding: &Finding, word: &str) -> String {
    format!(
        "({}, {}, {word})",
        finding.place.short().escape_debug(),
        finding.rule
    )
}

fn bracket(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(": {}", reason.escape_debug())
    }
}

fn to_json(all: &[(&Candidate, &Reading)], close: bool, view: &View) -> Json {
    let candidates = all.iter().map(|(candidate, reading)| {
        let signs = candidate.signs.iter();
        json!({
            "lang": candidate.language.id,
            "score": candidate.score,
            "signs": signs.map(|sign| json!({ "what": sign.what, "weight": sign.weight })).collect::<Vec<_>>(),
            "values": reading.shown().map(decision_json).collect::<Vec<_>>(),
            "needs": reading.needs.iter().map(need_json).collect::<Vec<_>>(),
            "warnings": reading.warnings.iter().map(Diagnostic::to_json).collect::<Vec<_>>(),
        })
    });
    json!({
        "schema": 1,
        "close": close,
        "candidates": candidates.collect::<Vec<_>>(),
        "notes": view.notes(),
    })
}

/// One key as JSON.
pub(super) fn decision_json(decision: &Decision) -> Json {
    let alternatives = decision.alternatives.iter().map(finding_json);
    let considered = decision.considered.iter().map(considered_json);
    json!({
        "key": decision.key,
        "open": decision.is_open(),
        "found": decision.finding.as_ref().map(finding_json),
        "alternatives": alternatives.collect::<Vec<_>>(),
        "considered": considered.collect::<Vec<_>>(),
    })
}

fn finding_json(finding: &Finding) -> Json {
    json!({
        "value": finding.value.to_json(),
        "confidence": finding.confidence.word(),
        "file": finding.place.document.name,
        "line": line(&finding.place),
        "rule": finding.rule,
        "reason": finding.reason,
    })
}

fn considered_json(considered: &Considered) -> Json {
    json!({
        "value": considered.value.to_json(),
        "file": considered.place.document.name,
        "line": line(&considered.place),
        "rule": considered.rule,
        "reason": considered.reason,
    })
}

/// The line, unless the file's being there is the evidence.
fn line(place: &Place) -> Option<usize> {
    (!place.document.text.is_empty()).then(|| place.line_column().0)
}
