//! `scaffold check`: for CI. What is no longer as it should be: files, bases, and what the rules find.
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::Failure;
use super::{drift, session};
use crate::context::Context;
use crate::dockerfile::{Surroundings, View, rules};
use crate::exit::Exit;
use crate::report::{Diagnostic, Document, Printer, Severity, github, sarif};
use crate::workspace;

/// Names under which a Dockerfile is looked for.
const NAMES: [&str; 2] = ["Dockerfile", "Containerfile"];
/// The longest file of the context that a rule reads.
const LONGEST: usize = 1 << 20;

/// Find drift, ended support and faults; exit 1 when there are any
#[derive(Args, Debug)]
pub(super) struct Check {
    /// The project's folder, or the build context of a Dockerfile of your own
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// Judge this Dockerfile instead, whoever wrote it
    #[arg(long, value_name = "PATH")]
    dockerfile: Option<Utf8PathBuf>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    format: Format,
    /// Print the report as JSON
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Leave out a finding by its name (repeatable)
    #[arg(long, value_name = "ID")]
    skip: Vec<String>,
    /// Tell about one rule, with a bad and a good example
    #[arg(long, value_name = "ID", conflicts_with_all = ["dockerfile", "json", "skip"])]
    explain: Option<String>,
    /// List all rules
    #[arg(long, conflicts_with_all = ["dockerfile", "json", "skip", "explain"])]
    list: bool,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations in GitHub's workflows
    Github,
}

impl Check {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        if self.list {
            return Ok(list(printer));
        }
        if let Some(id) = &self.explain {
            return explain(id, printer);
        }
        let mut found = self.find(context)?;
        found.retain(|diagnostic| !self.skip.iter().any(|id| id == diagnostic.code));
        self.print(&found, printer);
        Ok(exit(&found))
    }

    /// Whether a failure should be told as JSON.
    pub(super) fn wants_json(&self) -> bool {
        self.json || self.format == Format::Json
    }

    fn find(&self, context: &Context) -> Result<Vec<Diagnostic>, Failure> {
        let root = session::target(context, &self.dir)?;
        let mut found = Vec::new();
        let session = if self.dockerfile.is_none() {
            session::open(context, &self.dir)?
        } else {
            None
        };
        let generated = session.is_some();
        if let Some(session) = session {
            found.extend(drift::find(session, &self.dir)?);
        }
        match self.document(context, &root)? {
            Some(document) => found.extend(self.judge(&document, &root, context)),
            // Its absence is drift, and was told.
            None if generated => {}
            None => return Err(self.nothing()),
        }
        Ok(found)
    }

    fn document(
        &self,
        context: &Context,
        root: &Utf8Path,
    ) -> Result<Option<std::sync::Arc<Document>>, Failure> {
        if let Some(path) = &self.dockerfile {
            let folder = session::target(
                context,
                path.parent()
                    .filter(|parent| !parent.as_str().is_empty())
                    .unwrap_or(Utf8Path::new(".")),
            )?;
            let text = session::read_text(&folder, path.file_name().unwrap_or_default())?;
            return match text {
                Some(text) => Ok(Some(Document::file(path.as_str(), text))),
                None => Err(Failure::usage(Diagnostic::error(
                    "no-dockerfile",
                    format!("no file {path}"),
                ))),
            };
        }
        for name in NAMES {
            if let Some(text) = session::read_text(root, name)? {
                return Ok(Some(Document::file(session::shown(&self.dir, name), text)));
            }
        }
        Ok(None)
    }

    fn judge(
        &self,
        document: &std::sync::Arc<Document>,
        root: &Utf8Path,
        context: &Context,
    ) -> Vec<Diagnostic> {
        let read = |path: &str| {
            let inside = !path.is_empty()
                && !path.starts_with('/')
                && !path.split('/').any(|part| part == "..");
            let bytes = workspace::tree::read(root, path)
                .ok()
                .flatten()
                .filter(|_| inside)?;
            String::from_utf8(bytes)
                .ok()
                .filter(|text| text.len() <= LONGEST)
        };
        let around = Surroundings {
            today: &context.today,
            read: &read,
            has_context: true,
        };
        match View::new(document, around) {
            Ok(view) => rules::check(&view, &self.skip),
            Err(diagnostic) => vec![*diagnostic],
        }
    }

    fn nothing(&self) -> Failure {
        let message = format!(
            "no {} and no {} in {}",
            crate::spec::FILE,
            NAMES[0],
            self.dir
        );
        Failure::usage(
            Diagnostic::error("nothing-to-check", message)
                .help("scaffold check DIR, or scaffold check --dockerfile PATH"),
        )
    }

    fn print(&self, found: &[Diagnostic], printer: Printer) {
        match self.format {
            Format::Human if !self.json => {
                printer.diagnostics(found);
                printer.say(&summary(found));
            }
            Format::Human | Format::Json => {
                let all: Vec<_> = found.iter().map(Diagnostic::to_json).collect();
                let object = json!({ "schema": 1, "exit": exit(found).code(), "diagnostics": all });
                printer.data(&format!("{object:#}\n"));
            }
            Format::Sarif => {
                let about = |code: &str| {
                    rules::find(code)
                        .map(rules::Rule::words)
                        .map(|words| (words.title, words.reason))
                };
                printer.data(&format!("{:#}\n", sarif::log(found, about)));
            }
            Format::Github => printer.data(&github::annotations(found)),
        }
    }
}

fn list(printer: Printer) -> Exit {
    let longest = rules::RULES
        .iter()
        .map(|rule| rule.id.len())
        .max()
        .unwrap_or_default();
    let lines = rules::RULES.iter().map(|rule| {
        let words = rule.words();
        format!(
            "{:longest$}  {:7}  {}\n",
            rule.id, words.severity, words.title
        )
    });
    printer.data(&lines.collect::<String>());
    Exit::Done
}

fn explain(id: &str, printer: Printer) -> Result<Exit, Failure> {
    let Some(rule) = rules::find(id) else {
        let mut diagnostic =
            Diagnostic::error("unknown-rule", format!("no rule `{}`", id.escape_debug()));
        diagnostic.help = Some(rules::near(id).map_or_else(
            || "scaffold check --list".to_owned(),
            |id| format!("did you mean `{id}`?"),
        ));
        return Err(Failure::usage(diagnostic));
    };
    printer.data(&rule.explain());
    Ok(Exit::Done)
}

/// Notes are worth knowing and stop nobody.
fn exit(found: &[Diagnostic]) -> Exit {
    if found
        .iter()
        .any(|diagnostic| diagnostic.severity > Severity::Note)
    {
        Exit::Findings
    } else {
        Exit::Done
    }
}

fn summary(found: &[Diagnostic]) -> String {
    if found.is_empty() {
        return "clean".to_owned();
    }
    let count = |severity, one: &str| {
        let number = found
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count();
        (number > 0).then(|| format!("{number} {one}{}", if number == 1 { "" } else { "s" }))
    };
    let counts = [
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note"),
    ];
    let mut codes: Vec<_> = found
        .iter()
        .map(|diagnostic| diagnostic.code)
        .filter(|code| rules::find(code).is_some())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if codes.is_empty() {
        counts
    } else {
        format!(
            "{counts}: {}\nscaffold check --explain ID tells about one",
            codes.join(", ")
        )
    }
}
