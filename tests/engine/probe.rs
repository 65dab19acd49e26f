//! Whether the production image can speak HTTPS and knows the world's time zones: a program finds out only by trying,
//! and often first in production.

use std::path::Path;

use stagewright::engine::copy::tree;
use stagewright::engine::error::{ensure, refuted};
use stagewright::engine::http::get_when_ready;
use stagewright::engine::made::Image;
use stagewright::engine::report::Step;
use stagewright::engine::{Report, Result, Subject, steps};

use super::case::Probe;
use super::project;

const RUNS: Step = Step {
    id: "probe",
    title: "probe of HTTPS and time zones runs",
};
const HTTPS_WORKS: Step = Step {
    id: "https",
    title: "HTTPS works",
};
const ZONES: Step = Step {
    id: "zones",
    title: "time zones are known",
};

/// Tokyo is nine hours ahead of UTC all year.
const ZONE: &str = "zone 9";
/// A public address answered, and its certificate was found good.
const HTTPS: &str = "https 200";

/// By a script in the image as it is, or by a server built in its place.
pub(crate) fn prove(
    subject: &Subject<'_>,
    probe: &Probe,
    repository: &Path,
    report: &mut Report<'_>,
) {
    let source = repository.join("tests/engine/probes").join(&probe.source);
    let said = report.step(RUNS, || {
        if probe.run.is_empty() {
            ask_server(subject, probe, &source)
        } else {
            run_script(subject, probe, &source)
        }
    });
    let Some(said) = said else { return };
    report.step(HTTPS_WORKS, || ensure(said.contains(HTTPS), HTTPS, &said));
    report.step(ZONES, || ensure(said.contains(ZONE), ZONE, &said));
}

fn run_script(subject: &Subject<'_>, probe: &Probe, source: &Path) -> Result<String> {
    let script = fs_err::read_to_string(source)?;
    let mut options = options(subject, probe);
    let (interpreter, args) = (&probe.run[0], &probe.run[1..]);
    options.push(format!("--entrypoint={interpreter}"));
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let output = subject
        .engine
        .run(&subject.first.image, &options, &args, &script)?;
    Ok(format!("{}{}", output.stdout, output.stderr)
        .trim()
        .to_owned())
}

fn ask_server(subject: &Subject<'_>, probe: &Probe, source: &Path) -> Result<String> {
    let copy = subject.copy()?;
    project::remove(&copy.folder, &probe.remove)?;
    tree(source, &copy.folder.join(&probe.into))?;
    let built = subject.engine.build(&subject.again(&copy.folder))?;
    ask(subject, probe, &built.image)
}

/// The probe listens on a port of its own choice: the project may have none.
fn ask(subject: &Subject<'_>, probe: &Probe, image: &Image<'_>) -> Result<String> {
    let mut options = options(subject, probe);
    options.extend(["--publish=127.0.0.1::9998", "--env=PORT=9998"].map(str::to_owned));
    let server = subject.engine.start(image, &options)?;
    let go_on = steps::patience(&server, subject.claims);
    match get_when_ready(
        server.address(9998)?,
        "/",
        |answer| answer.status == 200,
        go_on,
    ) {
        Ok(answer) => Ok(answer.body.trim().to_owned()),
        Err(last) => Err(refuted(
            "an answer from the probe",
            format!("{last}; {}", server.logs()?.trim()),
        )),
    }
}

fn options(subject: &Subject<'_>, probe: &Probe) -> Vec<String> {
    let mut options = steps::hardened(subject);
    options.extend(probe.env.iter().map(|pair| format!("--env={pair}")));
    options
}
