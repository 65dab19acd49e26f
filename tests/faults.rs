//! What each rule warns of, seen: its bad example is built and run on an engine and shows the fault, its good one does
//! not. `tests/faults/cases/RULE.toml` says where to look and what is there, or why it cannot be seen in a test.
//!
//! `SCAFFOLD_TEST_ENGINE=docker cargo test --test faults` switches it on; `SCAFFOLD_TEST_BASES` is the command that makes
//! base images exist. That every rule has its case is tested without an engine, too.

#[path = "faults/case.rs"]
mod case;
#[path = "faults/look.rs"]
mod look;
#[path = "faults/prepared.rs"]
mod prepared;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Failed, Trial};
use stagewright::dockerfile::rules::{RULES, Rule};
use stagewright::engine::Engine;

use case::{Case, Sight};
use prepared::Prepared;

/// Said when there is nothing to do, so that nobody takes an empty run for a proof.
const OFF: &str = "faults are not looked for; SCAFFOLD_TEST_ENGINE=docker switches that on\n";
/// Which of its examples is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Bad,
    Good,
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(2);
    let mut trials = vec![Trial::test("every rule has a case", every_rule_has_a_case)];
    let Some(program) = variable("SCAFFOLD_TEST_ENGINE") else {
        say(OFF);
        return libtest_mimic::run(&arguments, trials).exit_code();
    };
    let engine = match Engine::open(&program) {
        Ok(engine) => Arc::new(engine),
        Err(error) => {
            say(&format!("faults cannot be looked for: {error}\n"));
            return ExitCode::FAILURE;
        }
    };
    engine.on_interrupt();
    let prepared = Arc::new(OnceLock::new());
    for rule in RULES {
        let (engine, prepared) = (Arc::clone(&engine), Arc::clone(&prepared));
        if Case::of(rule.id).is_ok_and(|case| case.sight.is_some()) {
            trials.push(Trial::test(rule.id, move || seen(rule, &engine, &prepared)));
        }
    }
    let code = libtest_mimic::run(&arguments, trials).exit_code();
    // What the builds left in the builder's cache.
    drop(engine.space(look::SPACE, true));
    code
}

/// A rule without a case would never be looked at, and neither would a case without a rule.
fn every_rule_has_a_case() -> Result<(), Failed> {
    for rule in RULES {
        let case = Case::of(rule.id)?;
        if case.sight.is_some() == case.unseen.is_some() {
            return Err(format!("{}: either `see` or `unseen`", rule.id).into());
        }
    }
    for entry in fs_err::read_dir(case::folder())? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if stagewright::dockerfile::rules::find(&name).is_none() {
            return Err(format!("{}: no rule of that name", path.display()).into());
        }
    }
    Ok(())
}

/// Both examples, the bad one first.
fn seen(
    rule: &Rule,
    engine: &Arc<Engine>,
    prepared: &OnceLock<Result<Prepared, String>>,
) -> Result<(), Failed> {
    let case = Case::of(rule.id)?;
    let Some(sight) = &case.sight else {
        return Ok(());
    };
    let prepared = prepared.get_or_init(|| {
        Prepared::make(engine, &repository().join("tests/faults"))
            .map_err(|error| error.to_string())
    });
    let prepared = prepared.as_ref().map_err(Clone::clone)?;
    let look = |side| look::look(engine, prepared, rule, &case, side).map_err(|e| e.to_string());
    let (bad, good) = (look(Side::Bad)?, look(Side::Good)?);
    compare(sight, &bad, &good).map_err(Failed::from)
}

/// Each shows its own, and the good one nothing of the fault.
fn compare(sight: &Sight, bad: &str, good: &str) -> Result<(), String> {
    let told = |what: &str| {
        Err(format!(
            "{what}\n--- the bad example:\n{bad}\n--- the good example:\n{good}"
        ))
    };
    if !bad.contains(&sight.bad) {
        return told(&format!("the bad example does not show {:?}", sight.bad));
    }
    if good.contains(&sight.bad) {
        return told(&format!("the good example shows {:?}, too", sight.bad));
    }
    if !good.contains(&sight.good) {
        return told(&format!("the good example does not show {:?}", sight.good));
    }
    Ok(())
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test harness has no context.rs; these are its only settings"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
