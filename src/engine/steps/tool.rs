//! A command-line tool: does its work under the same restrictions, and ends well.
use std::time::{Duration, Instant};

use super::container;
use crate::engine::error::{Result, ensure};
use crate::engine::proof::Subject;
use crate::engine::report::Report;

/// What has not ended by then is no tool.
const LONG_ENOUGH: Duration = Duration::from_secs(5);

/// Whether it ends by itself.
pub(super) fn ends(subject: &Subject<'_>) -> bool {
    let options = container::hardened(subject);
    let Ok(tool) = subject.engine.start(&subject.first.image, &options) else {
        return false;
    };
    let deadline = Instant::now() + LONG_ENOUGH;
    while Instant::now() < deadline {
        if !container::is_running(&tool).unwrap_or(true) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    false
}

/// Runs it as itself and as anybody.
pub(super) fn prove(subject: &Subject<'_>, report: &mut Report<'_>) {
    report.step(super::END, || {
        ends_well(subject, &container::hardened(subject))
    });
    report.step(super::ANY_USER, || {
        ends_well(subject, &container::as_anybody(subject))
    });
}

fn ends_well(subject: &Subject<'_>, options: &[String]) -> Result<()> {
    let output = subject.engine.run(&subject.first.image, options, &[], "")?;
    let said = format!("{}{}", output.stdout, output.stderr);
    ensure(
        output.status.success(),
        "exit code 0",
        format!("{}: {}", output.status, said.trim()),
    )?;
    let words = subject.claims.contains.as_deref().unwrap_or_default();
    ensure(
        said.contains(words),
        format!("{words:?} in its output"),
        said.trim(),
    )
}
