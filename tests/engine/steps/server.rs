//! A server: answers, is healthy, stops; as itself, as any other user, on another port.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::{container, process};
use crate::engine::case::Case;
use crate::engine::error::{Result, ensure, refuted};
use crate::engine::http::{Answer, get, get_when_ready};
use crate::engine::made::Container;
use crate::engine::proof::Subject;
use crate::engine::report::{Report, seconds};

/// A port that no image names.
const OTHER_PORT: u16 = 9999;
/// A user that no image names; platforms that pick one at random put it into group 0.
const OTHER_USER: &str = "12345";

/// Runs it three times.
pub(crate) fn prove(subject: &Subject<'_>, port: u16, report: &mut Report) {
    as_itself(subject, port, report);
    as_anybody(subject, port, report);
    elsewhere(subject, report);
}

fn as_itself(subject: &Subject<'_>, port: u16, report: &mut Report) {
    let case = subject.case;
    let began = Instant::now();
    let Some(container) = report.step("starts hardened", || start(subject, port, &[])) else {
        return;
    };
    // Of a container that does not answer, or is gone, nothing else is worth asking.
    if report
        .step("answers", || answers(&container, case, port))
        .is_none()
    {
        return;
    }
    report.figures.answer_s = Some(seconds(began.elapsed()));
    if case.health {
        report.step("turns healthy", || container::healthy(&container, case));
    }
    report.step("process 1 is the program", || {
        process::is_program(&container, &case.program)
    });
    report.step("process 1 has no powers", || {
        process::is_powerless(&container, None)
    });
    let stopped = report.step("stops on SIGTERM", || match &case.slow {
        Some(slow) => stops_in_flight(&container, port, slow),
        None => container::stops(&container),
    });
    report.figures.stop_s = stopped.map(seconds);
}

fn as_anybody(subject: &Subject<'_>, port: u16, report: &mut Report) {
    report.step("runs as any user of group 0", || {
        let container = start(subject, port, &[&format!("--user={OTHER_USER}:0")])?;
        well(&container, subject.case, port)?;
        process::is_powerless(&container, Some(OTHER_USER))?;
        container::stops(&container)
    });
}

/// `PORT` is the one truth that the server, its health check and the operator share.
fn elsewhere(subject: &Subject<'_>, report: &mut Report) {
    report.step("listens where PORT says", || {
        let container = start(subject, OTHER_PORT, &[&format!("--env=PORT={OTHER_PORT}")])?;
        well(&container, subject.case, OTHER_PORT)
    });
}

/// The image's own health check, only asked more often: its interval is meant for a life of months.
fn start<'a>(subject: &Subject<'a>, port: u16, extra: &[&str]) -> Result<Container<'a>> {
    let mut options = container::hardened(subject.case);
    options.push(format!("--publish=127.0.0.1::{port}"));
    if subject.case.health {
        options.extend(["--health-interval=1s", "--health-start-period=1ms"].map(str::to_owned));
    }
    options.extend(extra.iter().map(ToString::to_string));
    subject.docker.start(&subject.cold.image, &options)
}

/// It answers, and its health check agrees.
fn well(container: &Container<'_>, case: &Case, port: u16) -> Result<()> {
    answers(container, case, port)?;
    if case.health {
        container::healthy(container, case)
    } else {
        Ok(())
    }
}

fn answers(container: &Container<'_>, case: &Case, port: u16) -> Result<()> {
    let body = ask(container, case, port)?.body;
    if let Some(exact) = &case.answer {
        ensure(
            body.trim() == exact,
            format!("exactly {exact:?}"),
            format!("{body:?}"),
        )?;
    }
    let words = case.contains.as_deref().unwrap_or_default();
    ensure(
        body.contains(words),
        format!("an answer with {words:?}"),
        format!("{body:?}"),
    )
}

/// A container that is already gone says why; its silence on the port would not.
fn ask(container: &Container<'_>, case: &Case, port: u16) -> Result<Answer> {
    let address = published(container, port)?;
    let answer = get_when_ready(address, &case.path, container::patience(container, case));
    answer.map_err(|last| {
        let logs = container.logs().unwrap_or_default();
        let seen = format!("{last}; the container's log: {}", logs.trim());
        refuted(
            format!("status 200 at {} within {} s", case.path, case.patience),
            seen,
        )
    })
}

fn published(container: &Container<'_>, port: u16) -> Result<SocketAddr> {
    match container.address(port) {
        Ok(address) => Ok(address),
        Err(error) if container::is_running(container)? => Err(error),
        Err(_) => {
            let logs = container.logs()?;
            Err(refuted(
                "a running container",
                format!("it has ended: {}", logs.trim()),
            ))
        }
    }
}

/// A request that is being answered when the signal comes must still be answered.
fn stops_in_flight(container: &Container<'_>, port: u16, path: &str) -> Result<Duration> {
    let address = container.address(port)?;
    let path = path.to_owned();
    let request = std::thread::spawn(move || get(address, &path, Duration::from_secs(20)));
    // Long enough for the request to have arrived, short against its answer.
    std::thread::sleep(Duration::from_millis(300));
    let took = container::stops(container)?;
    let lost = |seen: String| refuted("an answer to the request in flight", seen);
    let answer = request.join().map_err(|_| lost("a panic".to_owned()))?;
    let answer = answer.map_err(|error| lost(error.to_string()))?;
    ensure(
        answer.status == 200,
        "an answer to the request in flight",
        format!("{answer:?}"),
    )?;
    Ok(took)
}
