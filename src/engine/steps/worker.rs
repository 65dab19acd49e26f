//! A program without a port that runs until it is told to stop.
use std::time::Duration;

use super::{container, process};
use crate::engine::error::{Result, ensure};
use crate::engine::made::Container;
use crate::engine::proof::Subject;
use crate::engine::report::{Report, seconds};

/// Runs it as itself and as anybody.
pub(super) fn prove(subject: &Subject<'_>, report: &mut Report<'_>) {
    let options = container::hardened(subject);
    let start = || subject.engine.start(&subject.first.image, &options);
    let Some(worker) = report.need(super::START, start) else {
        return;
    };
    report.step(super::WORK, || works(subject, &worker));
    report.step(super::PROCESS, || {
        process::is_program(&worker, subject.claims.program.as_deref())
    });
    report.step(super::POWERS, || process::is_powerless(&worker, None));
    report.figures.stop_s = report
        .step(super::STOP, || container::stops(&worker))
        .map(seconds);
    report.step(super::ANY_USER, || {
        let options = container::as_anybody(subject);
        let worker = subject.engine.start(&subject.first.image, &options)?;
        works(subject, &worker)?;
        process::is_powerless(&worker, Some(container::OTHER_USER))?;
        container::stops(&worker)
    });
}

/// It says what it should, and is still there.
fn works(subject: &Subject<'_>, worker: &Container<'_>) -> Result<()> {
    let words = subject.claims.contains.as_deref().unwrap_or_default();
    let go_on = container::patience(worker, subject.claims);
    while !worker.logs()?.contains(words) {
        ensure(go_on(), format!("{words:?} in the log"), worker.logs()?)?;
        std::thread::sleep(Duration::from_millis(200));
    }
    std::thread::sleep(Duration::from_millis(500));
    ensure(
        container::is_running(worker)?,
        "a program that keeps running",
        container::last_words(subject, worker),
    )
}
