//! The proof on a real engine: every project that `scaffold` makes is built, run, stopped and rebuilt.
//!
//! `SCAFFOLD_TEST_ENGINE=docker cargo test --test engine` switches it on; then nothing is skipped. Further variables:
//! `SCAFFOLD_TEST_BASES`, a command that makes base images exist (`COMMAND --of Dockerfile`), for networks without a
//! registry; cases that need the real ones are then not listed. `SCAFFOLD_TEST_FIGURES`, a file to which the
//! measurements are added, one JSON object a line.

#[path = "engine/mod.rs"]
mod engine;

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use stagewright::engine::report::{Figures, Outcome, Verdict};
use stagewright::engine::{Engine, Report, steps};

use engine::bases::Provider;
use engine::case::{self, Case};
use engine::interrupted;
use engine::proof::{Surroundings, prove};
use engine::several;
use engine::shared::Shared;

/// Said when there is nothing to do, so that nobody takes an empty run for a proof.
const OFF: &str = "engine tests are off; SCAFFOLD_TEST_ENGINE=docker switches them on\n";

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // A build uses all cores by itself; a second case fills the pauses while containers start and stop.
    arguments.test_threads.get_or_insert(2);
    let Some(program) = variable("SCAFFOLD_TEST_ENGINE") else {
        say(OFF);
        return libtest_mimic::run(&arguments, Vec::new()).exit_code();
    };
    match cases(&program) {
        // The engine goes with the last trial, and with it all that was made.
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            say(&format!("engine tests cannot run: {error:#}\n"));
            ExitCode::FAILURE
        }
    }
}

fn cases(program: &str) -> anyhow::Result<Vec<Trial>> {
    let engine = Arc::new(Engine::open(program)?);
    let provider = Arc::new(Provider::new(variable("SCAFFOLD_TEST_BASES")));
    engine.on_interrupt();
    engine.remove_leftovers();
    let cases = case::read_all(&repository().join("tests/engine/cases"))?;
    let (real, cases): (Vec<_>, Vec<_>) = cases
        .into_iter()
        .partition(|case| case.real && provider.is_local());
    let left_out: Vec<_> = real.iter().map(|case| case.name.as_str()).collect();
    if !left_out.is_empty() {
        say(&format!(
            "not listed, they need the registries' own base images: {}\n",
            left_out.join(", ")
        ));
    }
    let shared = Arc::new(Shared::new(&cases));
    let trial = |case: Case| {
        let (engine, provider) = (Arc::clone(&engine), Arc::clone(&provider));
        let shared = Arc::clone(&shared);
        Trial::test(case.name.clone(), move || {
            run(&engine, &provider, &shared, &case)
        })
    };
    let mut trials: Vec<_> = cases.into_iter().map(trial).collect();
    let (one, bases) = (Arc::clone(&engine), Arc::clone(&provider));
    trials.push(Trial::test("several", move || {
        several::are_told_apart(&one, &bases)
    }));
    for signal in ["INT", "TERM", "HUP"] {
        let (engine, provider) = (Arc::clone(&engine), Arc::clone(&provider));
        trials.push(Trial::test(format!("interrupted::{signal}"), move || {
            interrupted::leaves_nothing(&engine, &provider, signal)
        }));
    }
    Ok(trials)
}

fn run(engine: &Engine, provider: &Provider, shared: &Shared, case: &Case) -> Result<(), Failed> {
    let around = Surroundings {
        engine,
        provider,
        shared,
        scaffold: Path::new(env!("CARGO_BIN_EXE_scaffold")),
        repository: &repository(),
    };
    let report = prove(case, &around);
    // In one piece: cases run side by side.
    say(&text(&case.name, &report));
    if let Some(file) =
        variable("SCAFFOLD_TEST_FIGURES").filter(|_| case.measured && case.fails.is_empty())
    {
        keep_figures(&report.figures, &case.name, Path::new(&file))?;
    }
    verdict(case, &report)
}

/// A line for each step, and the figures.
fn text(case: &str, report: &Report<'_>) -> String {
    let lines: String = report.steps.iter().map(line).collect();
    format!("{case}\n{lines}  {}\n", report.figures.text())
}

fn line(outcome: &Outcome) -> String {
    let (word, reason) = match &outcome.verdict {
        Verdict::Proven => ("ok", None),
        Verdict::Failed(reason) => ("FAILED", Some(reason)),
        Verdict::Unproven(reason) => ("-", Some(reason)),
    };
    let seconds = outcome.took.as_secs_f64();
    let told = reason.into_iter().chain(&outcome.notes);
    let told: Vec<_> = told.map(|text| text.replace('\n', "\n      ")).collect();
    let told = told.join("\n      ");
    let told = if told.is_empty() {
        told
    } else {
        format!("      {told}\n")
    };
    format!(
        "  {:<42} {word:<6} {seconds:>6.1} s\n{told}",
        outcome.step.title
    )
}

/// Adds the figures to a file, one JSON object a line.
fn keep_figures(figures: &Figures, case: &str, file: &Path) -> anyhow::Result<()> {
    let mut line = serde_json::to_value(figures)?;
    line["case"] = case.into();
    let mut file = fs_err::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)?;
    Ok(file.write_all(format!("{line}\n").as_bytes())?)
}

/// A damaged project must fail at exactly the steps that its damage is about; all others at none.
fn verdict(case: &Case, report: &Report<'_>) -> Result<(), Failed> {
    let failed: Vec<_> = report.failures().map(|(step, _)| step.title).collect();
    let untold = untold(case, report);
    if failed == case.fails && untold.is_empty() {
        return Ok(());
    }
    let list = |names: &[&str]| match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    let expected: Vec<_> = case.fails.iter().map(String::as_str).collect();
    let reasons: Vec<_> = report
        .failures()
        .map(|(step, reason)| format!("{}: {reason}", step.title))
        .collect();
    Err(format!(
        "must fail: {}\nfailed: {}\nnot told: {}\n{}",
        list(&expected),
        list(&failed),
        list(&untold),
        reasons.join("\n")
    )
    .into())
}

/// What could not be told: here, nothing may be left open but what the case leaves open.
fn untold(case: &Case, report: &Report<'_>) -> Vec<&'static str> {
    let open = |outcome: &&Outcome| {
        let by_case = outcome.step == steps::EDIT && case.edit.is_none();
        matches!(outcome.verdict, Verdict::Unproven(_)) && !by_case
    };
    let steps = report.steps.iter().filter(open);
    steps.map(|outcome| outcome.step.title).collect()
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test harness has no context.rs; these are its only settings"
)]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
