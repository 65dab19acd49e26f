//! A build for another machine: the builder runs natively, and what it makes runs there.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::engine::case::Foreign;
use crate::engine::docker::Build;
use crate::engine::elf;
use crate::engine::error::{Error, Result, ensure, refuted};
use crate::engine::http::get_when_ready;
use crate::engine::proof::Subject;
use crate::engine::report::Report;

/// Builds the build stage for the other platform, takes the program out and runs it in an emulator.
pub(crate) fn prove(subject: &Subject<'_>, report: &mut Report) {
    let Some(foreign) = &subject.case.foreign else {
        return;
    };
    let Ok(place) = tempfile::tempdir() else {
        return;
    };
    let program = place.path().join("program");
    if report
        .step("builds for another platform", || {
            take(subject, foreign, &program)
        })
        .is_some()
    {
        report.step("answers on the other platform", || {
            answers(subject, foreign, &program)
        });
    }
}

fn take(subject: &Subject<'_>, foreign: &Foreign, to: &Path) -> Result<()> {
    let whole = subject.build(&subject.project.folder);
    let stage = Build {
        target: Some("build"),
        platform: Some(&foreign.platform),
        ..whole
    };
    let built = subject.docker.build(&stage)?;
    subject
        .docker
        .lay_out(&built.image)?
        .copy(&foreign.binary, to)?;
    let machine = elf::machine(&fs_err::read(to)?);
    ensure(
        foreign.platform.ends_with(&machine),
        format!("a program for {}", foreign.platform),
        machine,
    )
}

fn answers(subject: &Subject<'_>, foreign: &Foreign, program: &Path) -> Result<()> {
    let address = free_address()?;
    let server = Emulated::start(&foreign.emulator, program, address)?;
    let deadline = Instant::now() + Duration::from_secs(subject.case.patience);
    let answer = get_when_ready(address, &subject.case.path, || Instant::now() < deadline);
    drop(server);
    let words = subject
        .case
        .answer
        .as_ref()
        .or(subject.case.contains.as_ref());
    let words = words.map(String::as_str).unwrap_or_default();
    let body = answer
        .map_err(|last| refuted(format!("an answer from {}", foreign.emulator), last))?
        .body;
    ensure(
        body.contains(words),
        format!("an answer with {words:?}"),
        body,
    )
}

/// A port that was free a moment ago.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

/// A foreign program that ends when this value goes.
struct Emulated(Child);

impl Emulated {
    fn start(emulator: &str, program: &Path, address: SocketAddr) -> Result<Self> {
        let mut command = Command::new(emulator);
        command.arg(program).env("PORT", address.port().to_string());
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        child.map(Self).map_err(|source| Error::Start {
            command: emulator.to_owned(),
            source,
        })
    }
}

impl Drop for Emulated {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
