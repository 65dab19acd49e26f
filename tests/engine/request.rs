//! What a server answers to further requests: status, headers, body.

use std::net::SocketAddr;
use std::time::Duration;

use regex::Regex;
use stagewright::engine::error::{ensure, refuted};
use stagewright::engine::http::{get, get_when_ready, get_with};
use stagewright::engine::report::Step;
use stagewright::engine::{Report, Result, Subject, steps};

use super::case::Request;

const ANSWERS: Step = Step {
    id: "requests",
    title: "answers each request as it should",
};
/// Of a server that is up.
const LIMIT: Duration = Duration::from_secs(10);

/// Asks one after the other.
pub(crate) fn prove(
    subject: &Subject<'_>,
    port: u16,
    requests: &[Request],
    report: &mut Report<'_>,
) {
    report.step(ANSWERS, || {
        let mut options = steps::hardened(subject);
        options.push(format!("--publish=127.0.0.1::{port}"));
        let server = subject.engine.start(&subject.first.image, &options)?;
        let address = server.address(port)?;
        let go_on = steps::patience(&server, subject.claims);
        let path = &subject.claims.path;
        get_when_ready(address, path, |answer| answer.status == 200, go_on)
            .map_err(|last| refuted("an answer", last))?;
        let mut requests = requests.iter();
        requests.try_for_each(|request| answered(address, request))
    });
}

fn answered(address: SocketAddr, request: &Request) -> Result<()> {
    let path = match &request.follow {
        Some(pattern) => followed(address, &request.path, pattern)?,
        None => request.path.clone(),
    };
    let answer = get_with(address, &path, &request.send, LIMIT)?;
    ensure(
        answer.status == request.status,
        format!("status {} at {path}", request.status),
        format!("{}: {}", answer.status, answer.body.trim()),
    )?;
    let missing = |header: &&String| !answer.headers.contains(header);
    if let Some(header) = request.headers.iter().find(missing) {
        let seen = answer.headers.join(", ");
        return Err(refuted(format!("`{header}` at {path}"), seen));
    }
    ensure(
        answer.body.contains(&request.contains),
        format!("{:?} in the answer at {path}", request.contains),
        &answer.body,
    )
}

/// The path that a pattern captures in an answer, such as that of a file whose name has a hash in it.
fn followed(address: SocketAddr, path: &str, pattern: &str) -> Result<String> {
    let body = get(address, path, LIMIT)?.body;
    let captured = Regex::new(pattern)
        .ok()
        .and_then(|regex| Some(regex.captures(&body)?.get(1)?.as_str().to_owned()));
    captured.ok_or_else(|| refuted(format!("a match of {pattern:?} at {path}"), body))
}
