//! A server: answers, is healthy, stops; as itself, as any other user, on another port.
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::{container, process};
use crate::engine::claims::Claims;
use crate::engine::error::{Result, ensure, refuted};
use crate::engine::http::{Answer, get, get_when_ready};
use crate::engine::made::Container;
use crate::engine::proof::Subject;
use crate::engine::report::{Report, seconds};

/// A port that no image names.
const OTHER_PORT: u16 = 9999;
/// What is not proven where nobody says how to keep a request in flight.
const NO_SLOW_ROUTE: &str =
    "that a request in flight completes is not proven: no slow route is known (--slow PATH)";

/// Runs it three times.
pub(super) fn prove(subject: &Subject<'_>, port: u16, report: &mut Report<'_>) {
    let own = [
        super::ANSWER,
        super::HEALTHY,
        super::PROCESS,
        super::POWERS,
        super::STOP,
        super::START,
    ];
    if own.iter().any(|step| report.selection.wants(step)) {
        as_itself(subject, port, report);
    }
    as_anybody(subject, port, report);
    if subject.claims.heeds_port {
        elsewhere(subject, report);
    }
}

fn as_itself(subject: &Subject<'_>, port: u16, report: &mut Report<'_>) {
    let claims = subject.claims;
    let began = Instant::now();
    let Some(container) = report.need(super::START, || start(subject, port, &[])) else {
        return;
    };
    // Of a container that does not answer, or is gone, nothing else is worth asking.
    if report
        .need(super::ANSWER, || answers(subject, &container, port))
        .is_none()
    {
        return;
    }
    report.figures.answer_s = Some(seconds(began.elapsed()));
    if subject.has_health() {
        report.step(super::HEALTHY, || container::healthy(&container, claims));
    }
    report.step(super::PROCESS, || {
        process::is_program(&container, claims.program.as_deref())
    });
    report.step(super::POWERS, || process::is_powerless(&container, None));
    let mut took = None;
    report.noted(super::STOP, |notes| {
        took = Some(if let Some(slow) = &claims.slow {
            stops_in_flight(&container, port, slow)?
        } else {
            notes.push(NO_SLOW_ROUTE.to_owned());
            stops_with_a_guest(&container, port)?
        });
        Ok(())
    });
    report.figures.stop_s = took.map(seconds);
}

fn as_anybody(subject: &Subject<'_>, port: u16, report: &mut Report<'_>) {
    report.step(super::ANY_USER, || {
        let user = format!("--user={}:0", container::OTHER_USER);
        let container = start(subject, port, &[&user])?;
        well(subject, &container, port)?;
        process::is_powerless(&container, Some(container::OTHER_USER))?;
        container::stops(&container)
    });
}

/// `PORT` is the one truth that the server, its health check and the operator share.
fn elsewhere(subject: &Subject<'_>, report: &mut Report<'_>) {
    report.step(super::PORT, || {
        let names = subject.claims.port_names.iter().map(String::as_str);
        let said: Vec<_> = std::iter::once("PORT")
            .chain(names)
            .map(|name| format!("--env={name}={OTHER_PORT}"))
            .collect();
        let said: Vec<_> = said.iter().map(String::as_str).collect();
        let container = start(subject, OTHER_PORT, &said)?;
        well(subject, &container, OTHER_PORT)
    });
}

/// The image's own health check, only asked more often.
fn start<'a>(subject: &Subject<'a>, port: u16, extra: &[&str]) -> Result<Container<'a>> {
    let mut options = container::hardened(subject);
    options.push(format!("--publish=127.0.0.1::{port}"));
    if subject.has_health() {
        options.extend(
            subject
                .engine
                .kind
                .quick_health()
                .iter()
                .map(ToString::to_string),
        );
    }
    options.extend(extra.iter().map(ToString::to_string));
    subject.engine.start(&subject.first.image, &options)
}

/// It answers, and its health check agrees.
fn well(subject: &Subject<'_>, container: &Container<'_>, port: u16) -> Result<()> {
    answers(subject, container, port)?;
    if subject.has_health() {
        container::healthy(container, subject.claims)
    } else {
        Ok(())
    }
}

fn answers(subject: &Subject<'_>, container: &Container<'_>, port: u16) -> Result<()> {
    let claims = subject.claims;
    let body = ask(subject, container, port)?.body;
    if let Some(exact) = &claims.answer {
        ensure(
            body.trim() == exact,
            format!("exactly {exact:?}"),
            format!("{body:?}"),
        )?;
    }
    let words = claims.contains.as_deref().unwrap_or_default();
    ensure(
        body.contains(words),
        format!("an answer with {words:?}"),
        format!("{body:?}"),
    )
}

/// A container that is already gone says why; its silence on the port would not.
fn ask(subject: &Subject<'_>, container: &Container<'_>, port: u16) -> Result<Answer> {
    let claims = subject.claims;
    let address = published(subject, container, port)?;
    let answer = get_when_ready(
        address,
        &claims.path,
        |answer| good(claims, answer),
        container::patience(container, claims),
    );
    answer.map_err(|last| {
        let logs = container::last_words(subject, container);
        let wanted = if claims.must_be_ok {
            "status 200"
        } else {
            "an HTTP answer"
        };
        refuted(
            format!("{wanted} at {} within {} s", claims.path, claims.patience),
            format!("{last}; the container's log: {logs}"),
        )
    })
}

fn good(claims: &Claims, answer: &Answer) -> bool {
    answer.status == 200 || (!claims.must_be_ok && answer.status != 0)
}

fn published(subject: &Subject<'_>, container: &Container<'_>, port: u16) -> Result<SocketAddr> {
    match container.address(port) {
        Ok(address) => Ok(address),
        Err(error) if container::is_running(container)? => Err(error),
        Err(_) => {
            let logs = container::last_words(subject, container);
            Err(refuted(
                "a running container",
                format!("it has ended: {logs}"),
            ))
        }
    }
}

/// A guest that has connected and asks for nothing must not keep the server from stopping.
fn stops_with_a_guest(container: &Container<'_>, port: u16) -> Result<Duration> {
    let address = container.address(port)?;
    let mut guest = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    // One answer on a connection that stays open, as browsers and proxies keep it.
    let _ = write!(guest, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    std::thread::sleep(Duration::from_millis(300));
    container::stops(container)
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
