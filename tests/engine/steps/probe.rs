//! Whether the production image can speak HTTPS and knows the world's time zones: a program finds out only by trying,
//! and often first in production.

use std::path::Path;

use super::container;
use crate::engine::case::Probe;
use crate::engine::error::{Result, ensure, refuted};
use crate::engine::http::get_when_ready;
use crate::engine::made::Image;
use crate::engine::proof::Subject;
use crate::engine::report::Report;

/// Tokyo is nine hours ahead of UTC all year.
const ZONE: &str = "zone 9";
/// A public address answered, and its certificate was found good.
const HTTPS: &str = "https 200";

/// By a script in the image as it is, or by a server built in its place.
pub(crate) fn prove(subject: &Subject<'_>, repository: &Path, report: &mut Report) {
    let Some(probe) = &subject.case.probe else {
        return;
    };
    let source = repository.join("tests/engine/probes").join(&probe.source);
    let said = report.step("probe of HTTPS and time zones runs", || {
        if probe.run.is_empty() {
            ask_server(subject, probe, &source)
        } else {
            run_script(subject, probe, &source)
        }
    });
    let Some(said) = said else { return };
    report.step("HTTPS works", || ensure(said.contains(HTTPS), HTTPS, &said));
    report.step("time zones are known", || {
        ensure(said.contains(ZONE), ZONE, &said)
    });
}

fn run_script(subject: &Subject<'_>, probe: &Probe, source: &Path) -> Result<String> {
    let script = fs_err::read_to_string(source)?;
    let mut options = options(subject, probe);
    let (interpreter, args) = (&probe.run[0], &probe.run[1..]);
    options.push(format!("--entrypoint={interpreter}"));
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let output = subject
        .docker
        .run(&subject.cold.image, &options, &args, &script)?;
    Ok(format!("{}{}", output.stdout, output.stderr)
        .trim()
        .to_owned())
}

fn ask_server(subject: &Subject<'_>, probe: &Probe, source: &Path) -> Result<String> {
    let copy = subject.project.copy()?;
    copy.remove(&probe.remove)?;
    copy.lay_over(source, &probe.into)?;
    let built = subject.docker.build(&subject.build(&copy.folder))?;
    ask(subject, probe, &built.image)
}

/// The probe listens on a port of its own choice: the project may have none.
fn ask(subject: &Subject<'_>, probe: &Probe, image: &Image<'_>) -> Result<String> {
    let mut options = options(subject, probe);
    options.extend(["--publish=127.0.0.1::9998", "--env=PORT=9998"].map(str::to_owned));
    let server = subject.docker.start(image, &options)?;
    let go_on = container::patience(&server, subject.case);
    match get_when_ready(server.address(9998)?, "/", go_on) {
        Ok(answer) => Ok(answer.body.trim().to_owned()),
        Err(last) => Err(refuted(
            "an answer from the probe",
            format!("{last}; {}", server.logs()?.trim()),
        )),
    }
}

fn options(subject: &Subject<'_>, probe: &Probe) -> Vec<String> {
    let mut options = container::hardened(subject.case);
    options.extend(probe.env.iter().map(|pair| format!("--env={pair}")));
    options
}
