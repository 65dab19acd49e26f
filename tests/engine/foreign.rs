//! A build for another machine: the builder runs natively, and what it makes runs there.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use stagewright::engine::build::Build;
use stagewright::engine::error::{ensure, refuted};
use stagewright::engine::http::get_when_ready;
use stagewright::engine::image::Elf;
use stagewright::engine::report::Step;
use stagewright::engine::{Error, Report, Result, Subject};

use super::case::Foreign;

const BUILDS: Step = Step {
    id: "foreign-build",
    title: "builds for another platform",
};
const ANSWERS: Step = Step {
    id: "foreign-answer",
    title: "answers on the other platform",
};

/// Builds the build stage for the other platform, takes the program out and runs it in an emulator.
pub(crate) fn prove(subject: &Subject<'_>, foreign: &Foreign, report: &mut Report<'_>) {
    let Ok(place) = subject.engine.folder() else {
        return;
    };
    let program = place.path().join("program");
    if report
        .step(BUILDS, || take(subject, foreign, &program))
        .is_some()
    {
        report.step(ANSWERS, || answers(subject, foreign, &program));
    }
}

fn take(subject: &Subject<'_>, foreign: &Foreign, to: &Path) -> Result<()> {
    let whole = subject.again(&subject.project.folder);
    let stage = Build {
        target: Some("build"),
        platform: Some(&foreign.platform),
        ..whole
    };
    let engine = subject.engine;
    let built = engine.build(&stage)?;
    let container = engine.lay_out(&built.image)?;
    let from = format!("{}:{}", container.id, foreign.binary);
    let words = ["cp", "--follow-link", &from];
    engine.call(words).args([to]).stdout()?;
    let elf = Elf::read(&fs_err::read(to)?);
    let machine = elf.map_or_else(|| "no ELF file".to_owned(), |elf| elf.machine);
    ensure(
        foreign.platform.ends_with(&machine),
        format!("a program for {}", foreign.platform),
        machine,
    )
}

fn answers(subject: &Subject<'_>, foreign: &Foreign, program: &Path) -> Result<()> {
    let address = free_address()?;
    let server = Emulated::start(&foreign.emulator, program, address)?;
    let deadline = Instant::now() + Duration::from_secs(subject.claims.patience);
    let answer = get_when_ready(
        address,
        &subject.claims.path,
        |answer| answer.status == 200,
        || Instant::now() < deadline,
    );
    drop(server);
    let words = subject
        .claims
        .answer
        .as_ref()
        .or(subject.claims.contains.as_ref());
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
