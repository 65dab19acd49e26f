//! `scaffold verify`: builds the image, runs it with everything taken away, stops and rebuilds it, and tells what held.
use camino::Utf8PathBuf;
use clap::Args;
use serde_json::{Value as Json, json};

use super::asked::Asked;
use super::claims;
use super::failure::Failure;
use crate::context::Context;
use crate::engine::client::PROGRAMS;
use crate::engine::report::{Outcome, Selection, Verdict};
use crate::engine::steps::{BUILD, START, STEPS};
use crate::engine::{Engine, Report, Subject};
use crate::exit::Exit;
use crate::report::{Diagnostic, Printer, nearest};

/// Build the image and prove it on an engine; exit 1 when something does not hold
#[derive(Args, Debug)]
pub(super) struct Verify {
    /// The project's folder, or the build context of a Dockerfile of your own
    #[arg(default_value = ".", value_name = "DIR")]
    dir: Utf8PathBuf,
    /// The container engine [default: docker, podman or buildah, whichever answers first]
    #[arg(long, value_name = "PROGRAM")]
    engine: Option<String>,
    #[command(flatten)]
    asked: Asked,
    /// Take only this step (repeatable)
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Leave out a step (repeatable)
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
    /// List the steps
    #[arg(long, conflicts_with_all = ["only", "skip", "json"])]
    list: bool,
    /// The longest that a build may take
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    time_limit: u64,
    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Verify {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        if self.list {
            let line =
                |step: &crate::engine::report::Step| format!("{:10} {}\n", step.id, step.title);
            printer.data(&STEPS.iter().map(line).collect::<String>());
            return Ok(Exit::Done);
        }
        let selection = self.selection()?;
        let cases = claims::read(&self.asked, &self.dir, context)?;
        let mut engine = open(self.engine.as_deref())?;
        engine.build_limit = std::time::Duration::from_secs(self.time_limit);
        let proven: Vec<_> = cases
            .iter()
            .map(|case| {
                let (exit, told) = prove(&engine, case, selection.clone(), printer);
                (case.service.as_deref(), exit, told)
            })
            .collect();
        let failed = proven.iter().any(|(_, exit, _)| *exit != Exit::Done);
        let exit = if failed { Exit::Findings } else { Exit::Done };
        if let [_, _, ..] = proven.as_slice() {
            printer.say(&together(&proven));
        }
        if self.json {
            printer.data(&format!("{:#}\n", report(proven, exit)));
        }
        Ok(exit)
    }

    fn selection(&self) -> Result<Selection, Failure> {
        for id in self.only.iter().chain(&self.skip) {
            if STEPS.iter().any(|step| step.id == id) {
                continue;
            }
            let message = format!("no step `{}`", id.escape_debug());
            let near = nearest(id, STEPS.iter().map(|step| step.id));
            let help = near.map_or_else(
                || "scaffold verify --list".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Failure::usage(
                Diagnostic::error("unknown-step", message).help(help),
            ));
        }
        if let Some(step) = [BUILD, START]
            .iter()
            .find(|step| self.skip.iter().any(|id| id == step.id))
        {
            let message = format!("`{}` cannot be left out: other steps stand on it", step.id);
            return Err(Failure::usage(
                Diagnostic::error("wrong-use", message).help("scaffold verify --only STEP"),
            ));
        }
        Ok(Selection {
            only: self.only.clone(),
            skip: self.skip.clone(),
        })
    }
}

/// How each service came out.
fn together(proven: &[(Option<&str>, Exit, Json)]) -> String {
    let lines = proven.iter().map(|(service, exit, _)| {
        let name = service.unwrap_or_default();
        let word = if *exit == Exit::Done {
            "holds"
        } else {
            "fails"
        };
        format!("\n{name}: {word}")
    });
    lines.collect()
}

/// One report: of the project, or of its services.
fn report(mut proven: Vec<(Option<&str>, Exit, Json)>, exit: Exit) -> Json {
    if let [(None, _, told)] = proven.as_mut_slice() {
        told["schema"] = json!(1);
        return told.take();
    }
    let services = proven.into_iter().map(|(service, _, mut told)| {
        told["service"] = json!(service);
        told
    });
    json!({ "schema": 1, "exit": exit.code(), "services": services.collect::<Vec<_>>() })
}

/// The engine of that name, or the first that answers; what earlier runs left on it is removed.
pub(super) fn open(program: Option<&str>) -> Result<Engine, Failure> {
    let found = match program {
        Some(program) => Engine::open(program).map_err(|error| vec![error.to_string()]),
        None => Engine::find(),
    };
    let engine = found.map_err(|reasons| {
        let diagnostic =
            Diagnostic::error("no-engine", "no container engine answers").help(format!(
                "install one of {}, start its service, or name it: --engine PROGRAM",
                PROGRAMS.join(", ")
            ));
        Failure::usage(reasons.into_iter().fold(diagnostic, Diagnostic::because))
    })?;
    engine.on_interrupt();
    engine.remove_leftovers();
    Ok(engine)
}

/// Takes the steps, tells each, and gives how it ended with the report for programs.
pub(super) fn prove(
    engine: &Engine,
    case: &claims::Case,
    selection: Selection,
    printer: Printer,
) -> (Exit, Json) {
    let service = case.service.as_deref();
    let whose = service.map_or_else(String::new, |name| format!("service {name}: "));
    printer.say(&format!(
        "{whose}{} with {} {}",
        case.shown, engine.program, engine.version
    ));
    let listener = |outcome: &Outcome| printer.say(line(outcome, printer).trim_end());
    let mut report = Report::told_to(selection, &listener);
    let space = engine.space(service.unwrap_or("verify"), true);
    if let Some(subject) =
        Subject::build_first(engine, &case.claims, &case.project, &space, &mut report)
    {
        subject.prove(&mut report);
    }
    drop(space);
    let exit = if report.failures().next().is_some() {
        Exit::Findings
    } else {
        Exit::Done
    };
    printer.say(&summary(&report, &case.open));
    (exit, to_json(&report, engine, case, exit))
}

/// A line of progress, with the reasons below it.
fn line(outcome: &Outcome, printer: Printer) -> String {
    let (word, reason, colour) = match &outcome.verdict {
        Verdict::Proven => ("holds", None, anstyle::AnsiColor::Green),
        Verdict::Failed(reason) => ("FAILS", Some(reason), anstyle::AnsiColor::Red),
        Verdict::Unproven(reason) => ("open", Some(reason), anstyle::AnsiColor::Yellow),
    };
    let style = if printer.colour {
        colour.on_default()
    } else {
        anstyle::Style::new()
    };
    let seconds = outcome.took.as_secs_f64();
    let step = &outcome.step;
    let mut text = format!(
        "  {style}{word:<5}{style:#}  {:<10} {:<38} {seconds:>6.1} s\n",
        step.id, step.title
    );
    for told in reason.into_iter().chain(&outcome.notes) {
        text.push_str(&format!("         {}\n", told.replace('\n', "\n         ")));
    }
    text
}

fn summary(report: &Report<'_>, open: &[String]) -> String {
    let count = |is: fn(&Verdict) -> bool| {
        report
            .steps
            .iter()
            .filter(|outcome| is(&outcome.verdict))
            .count()
    };
    let counts = [
        (count(|verdict| *verdict == Verdict::Proven), "hold"),
        (
            count(|verdict| matches!(verdict, Verdict::Failed(_))),
            "fail",
        ),
        (
            count(|verdict| matches!(verdict, Verdict::Unproven(_))),
            "open",
        ),
    ];
    let counts: Vec<_> = counts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    let figures = report.figures.text();
    let open = open.iter().fold(String::new(), |told, text| {
        told + "
not proven: "
            + text
    });
    let figures = if figures.is_empty() {
        figures
    } else {
        format!("\n{figures}")
    };
    format!("{}{figures}{open}", counts.join(", "))
}

fn to_json(report: &Report<'_>, engine: &Engine, case: &claims::Case, exit: Exit) -> Json {
    let steps = report.steps.iter().map(|outcome| {
        let (verdict, reason) = match &outcome.verdict {
            Verdict::Proven => ("holds", None),
            Verdict::Failed(reason) => ("fails", Some(reason)),
            Verdict::Unproven(reason) => ("open", Some(reason)),
        };
        json!({
            "step": outcome.step.id,
            "title": outcome.step.title,
            "verdict": verdict,
            "reason": reason,
            "notes": outcome.notes,
            "seconds": crate::engine::report::seconds(outcome.took),
        })
    });
    json!({
        "exit": exit.code(),
        "engine": { "name": engine.kind.name(), "program": engine.program, "version": engine.version },
        "dockerfile": case.shown,
        "platform": case.project.platform,
        "steps": steps.collect::<Vec<_>>(),
        "figures": report.figures,
        "open": case.open,
    })
}
