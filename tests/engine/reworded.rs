//! An edit that changes what the project answers. The stage `development`, with the project mounted over its folder by a
//! user who is not root, serves it; the stage `test` fails, as the project's tests know the old answer.
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use stagewright::engine::build::Build;
use stagewright::engine::copy::{tree, write};
use stagewright::engine::error::{ensure, refuted};
use stagewright::engine::http::get_when_ready;
use stagewright::engine::made::Container;
use stagewright::engine::report::Step;
use stagewright::engine::{Report, Result, Subject, steps};

use super::case::{Case, Mount, Reworded};

const FAILS: Step = Step {
    id: "test-stage",
    title: "test stage fails when tests do",
};
const SERVES: Step = Step {
    id: "development-stage",
    title: "development stage serves an edit",
};
/// Any user but root, as people are on their own machines.
const SOMEBODY: u32 = 12345;
/// A watcher may begin to watch only after the first answer; nobody edits a file as quickly as a test.
const BREATH: Duration = Duration::from_secs(3);

/// Looks at those of the two stages that there are.
pub(crate) fn prove(subject: &Subject<'_>, case: &Case, report: &mut Report<'_>) {
    let Some(reworded) = &case.reworded else {
        return;
    };
    let has = |name: &str| subject.claims.targets.iter().any(|stage| stage == name);
    if has("test") {
        report.step(FAILS, || fails(subject, reworded));
    }
    if let Some(port) = subject.claims.port().filter(|_| has("development")) {
        report.step(SERVES, || serves(subject, port, &case.mount, reworded));
    }
}

fn fails(subject: &Subject<'_>, reworded: &Reworded) -> Result<()> {
    let copy = subject.copy()?;
    reword(&copy.folder, reworded)?;
    let built = subject.engine.build(&Build {
        target: Some("test"),
        ..subject.again(&copy.folder)
    });
    ensure(
        built.is_err(),
        "a failed build",
        "the tests of an older answer pass",
    )
}

/// Starts the stage as the next steps say it, and edits a file below it.
fn serves(subject: &Subject<'_>, port: u16, mount: &Mount, reworded: &Reworded) -> Result<()> {
    let place = subject.engine.folder()?;
    let folder = place.path().join("project");
    tree(&subject.project.folder, &folder)?;
    let built = subject.engine.build(&Build {
        target: Some("development"),
        ..subject.again(&folder)
    })?;
    let user = hand_over(place.path())?;
    let mut options = vec![
        format!("--user={user}:{user}"),
        "--group-add=0".to_owned(),
        format!("--publish=127.0.0.1::{port}"),
        format!("--volume={}:{}", folder.display(), mount.folder),
    ];
    let keep = mount.keep.iter();
    options.extend(keep.map(|path| format!("--volume={}/{path}", mount.folder)));
    options.extend(
        subject
            .claims
            .env
            .iter()
            .map(|pair| format!("--env={pair}")),
    );
    let server = subject.engine.start(&built.image, &options)?;
    let address = server.address(port)?;
    let path = reworded.path.as_ref().unwrap_or(&subject.claims.path);
    let answers = |text| answers(subject, &server, (address, path), text);
    answers(&reworded.find)?;
    std::thread::sleep(BREATH);
    reword(&folder, reworded)?;
    answers(&reworded.with)
}

fn reword(folder: &Path, reworded: &Reworded) -> Result<()> {
    let file = folder.join(&reworded.file);
    let text = fs_err::read_to_string(&file)?;
    let edited = text.replace(&reworded.find, &reworded.with);
    ensure(
        edited != text,
        format!("{:?} in {}", reworded.find, reworded.file),
        "no such text",
    )?;
    write(&file, edited.as_bytes())
}

/// Asks until the answer holds the text.
fn answers(
    subject: &Subject<'_>,
    server: &Container<'_>,
    (address, path): (SocketAddr, &str),
    text: &str,
) -> Result<()> {
    let go_on = steps::patience(server, subject.claims);
    match get_when_ready(address, path, |answer| answer.body.contains(text), go_on) {
        Ok(_) => Ok(()),
        Err(last) => Err(refuted(
            format!("{text:?} in the answer"),
            format!("{last}; {}", server.logs()?.trim()),
        )),
    }
}

/// Gives the files to somebody, where whoever runs this may do so, and says whose they are.
#[cfg(unix)]
fn hand_over(folder: &Path) -> Result<u32> {
    use std::os::unix::fs::{MetadataExt, chown};
    let own = fs_err::metadata(folder)?.uid();
    if own != 0 {
        return Ok(own);
    }
    let mut pending = vec![folder.to_owned()];
    while let Some(path) = pending.pop() {
        chown(&path, Some(SOMEBODY), Some(SOMEBODY))?;
        if path.is_dir() {
            let entries = fs_err::read_dir(&path)?;
            pending.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        }
    }
    Ok(SOMEBODY)
}

#[cfg(not(unix))]
fn hand_over(_: &Path) -> Result<u32> {
    Ok(SOMEBODY)
}
