//! A command-line tool: does its work under the same restrictions, and ends well.

use super::container;
use crate::engine::error::{Result, ensure};
use crate::engine::proof::Subject;
use crate::engine::report::Report;

/// Runs it as itself and as anybody.
pub(crate) fn prove(subject: &Subject<'_>, report: &mut Report) {
    report.step("runs hardened and ends well", || ends_well(subject, &[]));
    report.step("runs as any user of group 0", || {
        ends_well(subject, &["--user=12345:0"])
    });
}

fn ends_well(subject: &Subject<'_>, extra: &[&str]) -> Result<()> {
    let mut options = container::hardened(subject.case);
    options.extend(extra.iter().map(ToString::to_string));
    let output = subject.docker.run(&subject.cold.image, &options, &[], "")?;
    let said = format!("{}{}", output.stdout, output.stderr);
    ensure(
        output.status.success(),
        "exit code 0",
        format!("{}: {}", output.status, said.trim()),
    )?;
    let words = subject.case.contains.as_deref().unwrap_or_default();
    ensure(
        said.contains(words),
        format!("{words:?} in its output"),
        said.trim(),
    )
}
