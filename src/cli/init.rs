//! `scaffold init`: the container files of a repository that exists already, and why they are so.
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::arguments::Writing;
use super::asking;
use super::detection::Detection;
use super::failure::Failure;
use super::generate::{self, finish};
use super::library;
use super::session::{self, Session};
use super::several::Several;
use super::several_asking;
use crate::context::Context;
use crate::detect::Reading;
use crate::exit::Exit;
use crate::language::Language;
use crate::language::rules::Confidence;
use crate::plan::Plan;
use crate::report::Printer;
use crate::spec::{self, Value};

/// Containerise a repository that exists: detects, then writes scaffold.toml, Dockerfile, .dockerignore
#[derive(Args, Debug)]
pub(super) struct Init {
    /// The repository's folder
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// A language folder of your own: ./folder, gh:owner/repository/folder@version, a git URL, or a name
    #[arg(long, value_name = "ADDRESS")]
    template: Option<String>,
    /// One service for each project, and for each of several programs of a project
    #[arg(long)]
    services: bool,
    #[command(flatten)]
    pub(super) writing: Writing,
}

impl Init {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let root = session::existing(context, &self.dir)?;
        let mut documents = self.writing.documents().map_err(Failure::spec)?;
        if let Some(template) = &self.template {
            documents.push(library::document(context, template, &self.dir)?);
        }
        if session::read_text(&root, spec::FILE)?.is_some() {
            printer.say(&format!(
                "{} is there: it decides; `scaffold detect` shows what the repository says",
                spec::FILE
            ));
            return generate::of(&self.dir, &self.writing, (context, printer));
        }
        library::prepare(context, printer);
        let detection = Detection::open(&self.dir, documents, context, self.writing.yes)?;
        let teller = if self.writing.json {
            silent(printer)
        } else {
            printer
        };
        let asks = context.can_ask;
        let detection = match Several::open(detection, self.services, teller)? {
            Ok(several) if asks => return several_asking::run(several, &self.writing, printer),
            Ok(several) => {
                let (session, plans) = several.settle(teller)?;
                return finish(&session, &plans, &self.writing, printer);
            }
            Err(detection) => detection,
        };
        if asks {
            return asking::run(detection, &self.writing, printer);
        }
        let (session, plan) = detection.settle(teller)?;
        finish(&session, &[plan], &self.writing, printer)
    }
}

/// What `init` would decide for a folder, for those who only want to know.
pub(super) fn planned<'a>(
    dir: &Utf8Path,
    writing: &Writing,
    (context, printer): (&'a Context, Printer),
) -> Result<(Session<'a>, Vec<Plan>), Failure> {
    let documents = writing.documents().map_err(Failure::spec)?;
    let detection = Detection::open(dir, documents, context, writing.yes)?;
    let printer = silent(printer);
    match Several::open(detection, false, printer)? {
        Ok(several) => several.settle(printer),
        Err(detection) => {
            let (session, plan) = detection.settle(printer)?;
            Ok((session, vec![plan]))
        }
    }
}

fn silent(printer: Printer) -> Printer {
    let verbosity = crate::report::printer::Verbosity::Quiet;
    Printer {
        verbosity,
        ..printer
    }
}

/// What was found, with its evidence, for the person.
pub(super) fn tell(
    language: &Language,
    reading: &Reading,
    detection: &Detection<'_>,
    printer: Printer,
) {
    let mut parts = vec![language.manifest.title.clone()];
    for decision in reading.shown() {
        let first = decision
            .alternatives
            .first()
            .filter(|_| detection.yes && decision.finding.is_none());
        let Some(finding) = decision.finding.as_ref().or(first) else {
            continue;
        };
        if detection.is_said(&decision.key) || finding.value == Value::Bool(false) {
            continue;
        }
        let sure = match finding.confidence {
            _ if first.is_some() => ", the first of several",
            Confidence::Certain => "",
            Confidence::Likely => ", likely",
            Confidence::Guess => ", a guess",
        };
        let place = finding.place.short();
        parts.push(format!(
            "  {} {} ({place}{sure})",
            decision.key,
            finding.value.display()
        ));
    }
    printer.say(&format!("Found: {}", printable(&parts.join("\n"))));
    printer.diagnostics(&reading.warnings);
    for note in detection.view.notes() {
        printer.detail(&format!("note: {}", note.escape_debug()));
    }
}

/// Control characters of file names must not reach the terminal; line feeds here are ours.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_control() && c != '\n' {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}
