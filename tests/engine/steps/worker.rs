//! A program without a port that runs until it is told to stop.

use std::time::Duration;

use super::{container, process};
use crate::engine::case::Case;
use crate::engine::error::{Result, ensure};
use crate::engine::made::Container;
use crate::engine::proof::Subject;
use crate::engine::report::{Report, seconds};

/// Runs it as itself and as anybody.
pub(crate) fn prove(subject: &Subject<'_>, report: &mut Report) {
    let case = subject.case;
    let options = container::hardened(case);
    let start = || subject.docker.start(&subject.cold.image, &options);
    let Some(worker) = report.step("starts hardened", start) else {
        return;
    };
    report.step("works", || works(&worker, case));
    report.step("process 1 is the program", || {
        process::is_program(&worker, &case.program)
    });
    report.step("process 1 has no powers", || {
        process::is_powerless(&worker, None)
    });
    report.figures.stop_s = report
        .step("stops on SIGTERM", || container::stops(&worker))
        .map(seconds);
    report.step("runs as any user of group 0", || {
        let options = [options.clone(), vec!["--user=12345:0".to_owned()]].concat();
        let worker = subject.docker.start(&subject.cold.image, &options)?;
        works(&worker, case)?;
        process::is_powerless(&worker, Some("12345"))?;
        container::stops(&worker)
    });
}

/// It says what it should, and is still there.
fn works(worker: &Container<'_>, case: &Case) -> Result<()> {
    let words = case.contains.as_deref().unwrap_or_default();
    let go_on = container::patience(worker, case);
    while !worker.logs()?.contains(words) {
        ensure(go_on(), format!("{words:?} in the log"), worker.logs()?)?;
        std::thread::sleep(Duration::from_millis(200));
    }
    std::thread::sleep(Duration::from_millis(500));
    ensure(
        container::is_running(worker)?,
        "a program that keeps running",
        worker.logs()?,
    )
}
