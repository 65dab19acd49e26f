//! `scaffold check`: for CI. What is no longer as it should be: files, bases, and what the rules find.
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::Failure;
use super::{drift, policies, services, session};
use crate::context::Context;
use crate::dockerfile::{Surroundings, View, rules};
use crate::exit::Exit;
use crate::plan::Plan;
use crate::policy::{self, Policies};
use crate::report::{Diagnostic, Document, Printer, Severity, github, nearest, sarif};
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

/// A Dockerfile under judgement.
struct Target {
    document: Arc<Document>,
    /// The folder that its build sees.
    context: Utf8PathBuf,
    /// The text of an ignore file of its own, which wins over the context's.
    ignore: Option<String>,
    /// Whose it is.
    service: Option<String>,
}

impl Target {
    /// The Dockerfile that was named; the folder is its build context.
    fn named(context: &Context, root: &Utf8Path, path: &Utf8Path) -> Result<Self, Failure> {
        let folder = folder_of(context, path)?;
        let name = path.file_name().unwrap_or_default();
        let text = session::read_text(&folder, name)?.ok_or_else(|| {
            let message = format!("no file {path}");
            Failure::usage(Diagnostic::error("no-dockerfile", message))
        })?;
        Ok(Self {
            document: Document::file(path.as_str(), text),
            context: root.to_owned(),
            ignore: session::read_text(&folder, &format!("{name}.dockerignore"))?,
            service: None,
        })
    }

    /// A text file of the context, as rules read it.
    fn read(&self, path: &str) -> Option<String> {
        if path == ".dockerignore" && self.ignore.is_some() {
            return self.ignore.clone();
        }
        let plain = !path.is_empty() && !path.starts_with('/');
        if !plain || path.split('/').any(|part| part == "..") {
            return None;
        }
        let bytes = workspace::tree::read(&self.context, path).ok().flatten()?;
        let text = String::from_utf8(bytes).ok();
        text.filter(|text| text.len() <= LONGEST)
    }
}

/// The folder that a file lies in.
fn folder_of(context: &Context, path: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let parent = path.parent().filter(|parent| !parent.as_str().is_empty());
    session::target(context, parent.unwrap_or(Utf8Path::new(".")))
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
        if let Some(path) = &self.dockerfile {
            let target = Target::named(context, &root, path)?;
            let mut policies = policies::of_project(context, &root)?;
            let own = policies::of_project(context, &folder_of(context, path)?)?;
            policies.repository.extend(own.repository);
            return Ok(self.judge(&target, (context, &policies)));
        }
        let Some(mut session) = session::open(context, &self.dir)? else {
            let target = self.foreign(&root)?.ok_or_else(|| self.nothing())?;
            let policies = policies::of_project(context, &root)?;
            return Ok(self.judge(&target, (context, &policies)));
        };
        let plans = session.plans()?;
        let mut found = drift::find(&mut session, &self.dir, &plans)?;
        found.extend(policies::unknown_options(
            context,
            &session.policies,
            &plans,
        )?);
        for plan in &plans {
            // The absence of a Dockerfile is drift, and was told.
            let target = match &plan.service {
                None => self.foreign(&root)?,
                Some(_) => self.of_service(&root, plan)?,
            };
            let policies = policies::with_template(&session, &plan.language)?;
            let judged = target.map(|target| self.judge(&target, (context, &policies)));
            policies::merge(&mut found, judged.unwrap_or_default());
        }
        Ok(found)
    }

    /// The folder's Dockerfile, whoever wrote it.
    fn foreign(&self, root: &Utf8Path) -> Result<Option<Target>, Failure> {
        for name in NAMES {
            if let Some(text) = session::read_text(root, name)? {
                return Ok(Some(Target {
                    document: Document::file(session::shown(&self.dir, name), text),
                    context: root.to_owned(),
                    ignore: session::read_text(root, &format!("{name}.dockerignore"))?,
                    service: None,
                }));
            }
        }
        Ok(None)
    }

    fn of_service(&self, root: &Utf8Path, plan: &Plan) -> Result<Option<Target>, Failure> {
        let path = plan.dockerfile();
        let Some(text) = session::read_text(root, &path)? else {
            return Ok(None);
        };
        Ok(Some(Target {
            document: Document::file(session::shown(&self.dir, &path), text),
            context: root.join(plan.context()),
            ignore: session::read_text(root, &plan.ignore_file())?,
            service: plan.service.as_ref().map(|service| service.name.clone()),
        }))
    }

    fn judge(
        &self,
        target: &Target,
        (context, policies): (&Context, &Policies),
    ) -> Vec<Diagnostic> {
        let read = |path: &str| target.read(path);
        let around = Surroundings {
            today: &context.today,
            read: &read,
            has_context: true,
        };
        let found = match View::new(&target.document, around) {
            Ok(view) => {
                let mut found = rules::check(&view, &self.skip);
                found.extend(policies.judge_dockerfile(&view));
                found
            }
            Err(diagnostic) => vec![*diagnostic],
        };
        match &target.service {
            Some(name) => services::told(found, name),
            None => found,
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
                printer.data(&format!("{:#}\n", sarif::log(found, about)));
            }
            Format::Github => printer.data(&github::annotations(found)),
        }
    }
}

fn list(printer: Printer) -> Exit {
    let own = rules::RULES.iter().map(|rule| {
        let words = rule.words();
        (rule.id, words.severity, words.title)
    });
    let of_policies = policy::rules().iter();
    let of_policies =
        of_policies.map(|rule| (rule.id.as_str(), rule.severity.clone(), rule.title.clone()));
    let rows: Vec<_> = own.chain(of_policies).collect();
    let longest = rows.iter().map(|(id, ..)| id.len()).max();
    let longest = longest.unwrap_or_default();
    let lines = rows
        .iter()
        .map(|(id, severity, title)| format!("{id:longest$}  {severity:7}  {title}\n"));
    printer.data(&lines.collect::<String>());
    Exit::Done
}

/// Title and reason of a rule.
fn about(id: &str) -> Option<sarif::About> {
    if let Some(rule) = policy::rule(id) {
        return Some((rule.title.clone(), rule.reason.clone()));
    }
    let words = rules::find(id)?.words();
    Some((words.title, words.reason))
}

/// Tells about one rule.
pub(super) fn explain(id: &str, printer: Printer) -> Result<Exit, Failure> {
    let text = rules::find(id).map(rules::Rule::explain);
    let text = text.or_else(|| policy::rule(id).map(policy::Words::explain));
    let Some(text) = text else {
        let message = format!("no rule `{}`", id.escape_debug());
        let own = rules::RULES.iter().map(|rule| rule.id);
        let ids = own.chain(policy::rules().iter().map(|rule| rule.id.as_str()));
        let help = nearest(id, ids).map_or_else(
            || "scaffold check --list".to_owned(),
            |id| format!("did you mean `{id}`?"),
        );
        return Err(Failure::usage(
            Diagnostic::error("unknown-rule", message).help(help),
        ));
    };
    printer.data(&text);
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
        .filter(|code| about(code).is_some())
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
