//! An example is built as its case says, and looked at: whatever comes of it is told as text.
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use stagewright::dockerfile::rules::{Rule, Words};
use stagewright::engine::build::{Build, Built};
use stagewright::engine::copy::{tree, write};
use stagewright::engine::error::refuted;
use stagewright::engine::http;
use stagewright::engine::image::{Archive, Elf, Needles};
use stagewright::engine::made::{Container, Image};
use stagewright::engine::{Engine, Result};
use tempfile::TempDir;

use super::Side;
use super::case::{At, Case, Sight};
use super::prepared::Prepared;

/// Cache mounts and what builds leave go by this name.
pub(crate) const SPACE: &str = "faults";
/// The longest that a container may take to start, or to come to its end.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is to be seen of one of a rule's examples.
pub(crate) fn look(
    engine: &Engine,
    prepared: &Prepared,
    rule: &Rule,
    case: &Case,
    side: Side,
) -> Result<String> {
    let Some(sight) = &case.sight else {
        return Ok(String::new());
    };
    let context = context(engine, prepared, &rule.words(), case, side)?;
    let space = engine.name_of(SPACE);
    let build = Build {
        folder: context.path(),
        file: None,
        space: &space,
        target: None,
        platform: None,
        cold: false,
        further: &arguments(prepared, case, context.path())?,
    };
    let built = match engine.build(&build) {
        Ok(built) => built,
        Err(error) => return Ok(format!("failed: {error}")),
    };
    match sight.at {
        At::Build => Ok("built".to_owned()),
        At::Again => again(engine, &build, &sight.ask),
        At::Shell => shell(engine, &built.image, &case.options, &sight.ask),
        At::Configuration => inspect(engine, &built.image, &sight.ask),
        At::History => history(engine, &built.image),
        At::Layers => layers(engine, &built.image),
        At::File => file(engine, &built.image, &sight.ask),
        At::Run | At::Stop | At::Health | At::Port => started(engine, &built, case, sight),
    }
}

/// The folder that is built: what all examples share, and over it the files of the rule and of the case.
fn context(
    engine: &Engine,
    prepared: &Prepared,
    words: &Words,
    case: &Case,
    side: Side,
) -> Result<TempDir> {
    let folder = engine.folder()?;
    tree(prepared.project.path(), folder.path())?;
    let (example, own) = match side {
        Side::Bad => (&words.bad, None),
        Side::Good => (&words.good, Some(&words.good_files)),
    };
    if let Some(useless) = case.useless_swap(&format!("{}{}", words.bad, words.good)) {
        return Err(refuted(
            format!("{useless:?} in an example"),
            "neither has it",
        ));
    }
    let files = words.files.iter().chain(&case.files);
    for (name, text) in files.chain(own.into_iter().flatten()) {
        write(&folder.path().join(name), text.as_bytes())?;
    }
    let dockerfile = case.swapped(example);
    write(&folder.path().join("Dockerfile"), dockerfile.as_bytes())?;
    Ok(folder)
}

fn arguments(prepared: &Prepared, case: &Case, folder: &Path) -> Result<Vec<String>> {
    let folder = folder.display().to_string();
    let own = case
        .build
        .iter()
        .map(|word| word.replace("{folder}", &folder));
    let mut arguments: Vec<_> = own.collect();
    for (image, name) in &case.bases {
        let tag = prepared.bases.get(name);
        let tag = tag.ok_or_else(|| refuted("a folder of tests/faults/bases", name))?;
        arguments.push(format!("--build-context={image}=docker-image://{tag}"));
    }
    Ok(arguments)
}

/// Edits a file and builds once more.
fn again(engine: &Engine, build: &Build<'_>, edited: &str) -> Result<String> {
    let path = build.folder.join(edited);
    let text = fs_err::read_to_string(&path)?;
    write(&path, format!("{text}\n").as_bytes())?;
    let built = engine.build(build)?;
    let steps = built.progress.steps();
    let told = steps.iter().map(|step| {
        let word = if step.cached { "kept" } else { "ran" };
        format!("{word}: {}\n", step.instruction)
    });
    Ok(told.collect())
}

fn shell(engine: &Engine, image: &Image<'_>, options: &[String], words: &str) -> Result<String> {
    let options = [options, &["--entrypoint=/bin/sh".to_owned()]].concat();
    let output = engine.run(image, &options, &["-c", words], "")?;
    let code = output.status.code().unwrap_or(-1);
    Ok(format!("{}{}exit: {code}", output.stdout, output.stderr))
}

fn inspect(engine: &Engine, image: &Image<'_>, format: &str) -> Result<String> {
    let words = ["image", "inspect", "--format", format, &image.tag];
    engine.call(words).stdout()
}

fn history(engine: &Engine, image: &Image<'_>) -> Result<String> {
    let words = [
        "history",
        "--no-trunc",
        "--format",
        "{{.CreatedBy}}",
        &image.tag,
    ];
    engine.call(words).stdout()
}

fn layers(engine: &Engine, image: &Image<'_>) -> Result<String> {
    let archive = engine
        .call(["save", &image.tag])
        .stream(|stream| Archive::read(stream, &Needles::new()))??;
    let mut told = String::new();
    // The lowest is the base's.
    for (maker, layer) in archive.makers().iter().zip(&archive.layers).skip(1) {
        for entry in &layer.entries {
            let _ = writeln!(told, "{maker}: /{}", entry.path);
        }
    }
    Ok(told)
}

fn file(engine: &Engine, image: &Image<'_>, path: &str) -> Result<String> {
    let folder = engine.folder()?;
    let to = folder.path().join("file");
    take(engine, image, path, &to)?;
    let bytes = fs_err::read(to)?;
    Ok(match Elf::read(&bytes) {
        Some(elf) => format!("a program for {}", elf.machine),
        None => String::from_utf8_lossy(&bytes).into_owned(),
    })
}

/// Copies a file out of an image.
pub(crate) fn take(engine: &Engine, image: &Image<'_>, path: &str, to: &Path) -> Result<()> {
    let container = engine.lay_out(image)?;
    let from = format!("{}:{path}", container.id);
    let call = engine.call(["cp", "--follow-link", &from]);
    call.args([to]).stdout().map(drop)
}

/// What is seen of a container that is started as its image says.
fn started(engine: &Engine, built: &Built<'_>, case: &Case, sight: &Sight) -> Result<String> {
    let mut options = case.options.clone();
    match sight.at {
        At::Health => options.extend(
            [
                "--health-interval=500ms",
                "--health-retries=2",
                "--health-start-period=1ms",
            ]
            .map(str::to_owned),
        ),
        At::Port => options.push(format!("--publish=127.0.0.1::{}", sight.ask)),
        _ => {}
    }
    // That it cannot be started is seen as well.
    let container = match engine.start(&built.image, &options) {
        Ok(container) => container,
        Err(error) => return Ok(format!("not started: {error}")),
    };
    match sight.at {
        At::Health => health(&container),
        At::Port => answer(&container, &sight.ask),
        At::Stop => stop(engine, &container),
        _ => said(&container, sight),
    }
}

/// Waits for what is to be seen, or the end.
fn said(container: &Container<'_>, sight: &Sight) -> Result<String> {
    let mut told = String::new();
    until(|| {
        let state = container.inspect(".State.Status")?;
        let code = container.inspect(".State.ExitCode")?;
        told = container.logs()?;
        let state = if state == "exited" {
            format!("exit: {code}")
        } else {
            state
        };
        let _ = write!(told, "\n{state}");
        let is_seen = [&sight.bad, &sight.good]
            .iter()
            .any(|text| told.contains(*text));
        Ok(is_seen || state.starts_with("exit"))
    })?;
    Ok(told)
}

/// Asks it to stop once it has started, with two seconds to do so.
fn stop(engine: &Engine, container: &Container<'_>) -> Result<String> {
    until(|| Ok(container.logs()?.contains("listening")))?;
    engine.call(["stop", "-t", "2", &container.id]).stdout()?;
    Ok(format!("exit: {}", container.inspect(".State.ExitCode")?))
}

fn health(container: &Container<'_>) -> Result<String> {
    let mut state = String::new();
    until(|| {
        state = container.inspect(".State.Health.Status")?;
        Ok(state != "starting")
    })?;
    let log = container.inspect("json .State.Health.Log")?;
    Ok(format!("health: {state}\n{log}"))
}

fn answer(container: &Container<'_>, port: &str) -> Result<String> {
    until(|| Ok(container.logs()?.contains("Listening")))?;
    let port = port.parse().map_err(|_| refuted("a port to ask", port))?;
    let address: SocketAddr = container.address(port)?;
    Ok(match http::get(address, "/", Duration::from_secs(5)) {
        Ok(answer) => format!("answer: {} {}", answer.status, answer.body),
        Err(error) => format!("no answer: {error}"),
    })
}

/// Looks again and again until `seen`, or for as long as the patience lasts.
fn until(mut seen: impl FnMut() -> Result<bool>) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !seen()? && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}
