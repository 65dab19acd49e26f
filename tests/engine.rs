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

use engine::case::{self, Case};
use engine::cleanup;
use engine::docker::Docker;
use engine::error::Result;
use engine::proof::{Surroundings, prove};
use engine::report::Report;

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
    let name = cleanup::run_name();
    let code = match trials(&program, &name) {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            say(&format!("engine tests cannot run: {error}\n"));
            ExitCode::FAILURE
        }
    };
    cleanup::remove(&program, &name);
    code
}

fn trials(program: &str, name: &str) -> Result<Vec<Trial>> {
    let bases = variable("SCAFFOLD_TEST_BASES");
    let docker = Arc::new(Docker::new(program.to_owned(), name.to_owned(), bases)?);
    cleanup::on_interrupt(program, name);
    cleanup::remove_leftovers(program);
    let cases = case::read_all(&repository().join("tests/engine/cases"))?;
    let (real, cases): (Vec<_>, Vec<_>) = cases
        .into_iter()
        .partition(|case| case.real && docker.has_own_bases());
    let left_out: Vec<_> = real.iter().map(|case| case.name.as_str()).collect();
    if !left_out.is_empty() {
        say(&format!(
            "not listed, they need the registries' own base images: {}\n",
            left_out.join(", ")
        ));
    }
    Ok(cases.into_iter().map(|case| trial(&docker, case)).collect())
}

fn trial(docker: &Arc<Docker>, case: Case) -> Trial {
    let docker = Arc::clone(docker);
    Trial::test(case.name.clone(), move || run(&docker, &case))
}

fn run(docker: &Docker, case: &Case) -> std::result::Result<(), Failed> {
    let around = Surroundings {
        scaffold: Path::new(env!("CARGO_BIN_EXE_scaffold")),
        repository: &repository(),
    };
    let report = prove(docker, case, &around);
    report.print(&case.name);
    if let Some(file) = variable("SCAFFOLD_TEST_FIGURES").filter(|_| case.fails.is_empty()) {
        report.keep_figures(&case.name, Path::new(&file))?;
    }
    verdict(case, &report)
}

/// A damaged project must fail at exactly the steps that its damage is about; all others at none.
fn verdict(case: &Case, report: &Report) -> std::result::Result<(), Failed> {
    let failed = report.failed();
    if failed == case.fails {
        return Ok(());
    }
    let expected = if case.fails.is_empty() {
        "none"
    } else {
        &case.fails.join(", ")
    };
    let seen = if failed.is_empty() {
        "none"
    } else {
        &failed.join(", ")
    };
    Err(format!(
        "must fail: {expected}\nfailed: {seen}\n{}",
        report.failures()
    )
    .into())
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
