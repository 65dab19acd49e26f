//! The production image at rest: its configuration, its files, its size.

use serde_json::Value;

use crate::engine::case::Case;
use crate::engine::dockerfile::production_base;
use crate::engine::error::{Result, ensure, refuted};
use crate::engine::proof::Subject;
use crate::engine::report::Report;

/// What no production image may hold, whatever its language. Base images may hold folders of these names' kind in
/// their libraries, so only whole names count.
const NEVER: [&str; 5] = [".git", ".env", "id_rsa", "Dockerfile", ".dockerignore"];

/// Looks at the image without running it.
pub(crate) fn prove(subject: &Subject<'_>, report: &mut Report) {
    report.step("image is configured well", || configured(subject));
    report.step("image holds only what it needs", || lean(subject));
    if let Some(added) = report.step("size over its base is known", || added(subject)) {
        report.figures.added_mb = Some(added);
    }
}

fn configured(subject: &Subject<'_>) -> Result<()> {
    let config = subject.cold.image.config()?;
    let case = subject.case;
    ensure(
        is_plain_user(text(&config["User"])),
        "a numeric user other than root",
        text(&config["User"]),
    )?;
    exec_form(&config)?;
    let ports = keys(&config["ExposedPorts"]);
    let expected = case
        .port
        .map_or_else(Vec::new, |port| vec![format!("{port}/tcp")]);
    ensure(
        ports == expected,
        format!("exposed ports {expected:?}"),
        format!("{ports:?}"),
    )?;
    let labels = keys(&config["Labels"]);
    let missing: Vec<_> = case
        .labels
        .iter()
        .filter(|label| !labels.contains(label))
        .collect();
    ensure(
        missing.is_empty(),
        format!("labels {missing:?}"),
        format!("{labels:?}"),
    )?;
    health_check(case, &config)
}

/// `10001`, `65532:65532`. A name would need the image's passwd, and an orchestrator cannot tell it from root.
fn is_plain_user(user: &str) -> bool {
    let mut parts = user.split(':');
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts
        .next()
        .is_some_and(|uid| number(uid) && !uid.trim_start_matches('0').is_empty())
        && parts.all(number)
}

/// A shell form shows as a call of the shell, which then is process 1 and passes no signal on.
fn exec_form(config: &Value) -> Result<()> {
    let words = |key: &str| config[key].as_array().cloned().unwrap_or_default();
    let line: Vec<_> = [words("Entrypoint"), words("Cmd")].concat();
    let shown = Value::Array(line.clone()).to_string();
    ensure(!line.is_empty(), "ENTRYPOINT or CMD", "neither")?;
    let shell =
        text(&line[0]).ends_with("/sh") && line.get(1).is_some_and(|word| text(word) == "-c");
    ensure(!shell, "ENTRYPOINT and CMD in exec form", shown)
}

fn health_check(case: &Case, config: &Value) -> Result<()> {
    let test = &config["Healthcheck"]["Test"];
    match text(&test[0]) {
        "CMD" if case.health => Ok(()),
        "NONE" if !case.health => Ok(()),
        _ if case.health => Err(refuted("a health check in exec form", test.to_string())),
        _ => Err(refuted("`HEALTHCHECK NONE`, said aloud", test.to_string())),
    }
}

fn lean(subject: &Subject<'_>) -> Result<()> {
    let paths = subject.docker.lay_out(&subject.cold.image)?.paths()?;
    let never = |path: &str| {
        path.trim_end_matches('/')
            .split('/')
            .any(|part| NEVER.contains(&part))
    };
    let unwanted = |path: &str| {
        subject
            .case
            .absent
            .iter()
            .any(|end| path.trim_end_matches('/').ends_with(end.as_str()))
    };
    let found: Vec<_> = paths
        .iter()
        .filter(|path| never(path) || unwanted(path))
        .take(10)
        .collect();
    ensure(
        found.is_empty(),
        "none of what only the build needs",
        format!("{found:?}"),
    )
}

/// In MB; against the limit, if the case has one.
#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of images are far below 2^52 bytes"
)]
fn added(subject: &Subject<'_>) -> Result<f64> {
    let dockerfile = fs_err::read_to_string(subject.project.dockerfile())?;
    let base = production_base(&dockerfile).map_or(Ok(0), |base| {
        subject.docker.size(subject.bases.in_place_of(base))
    })?;
    let size = subject.docker.size(&subject.cold.image.tag)?;
    let added = (size.saturating_sub(base) as f64 / 1e4).round() / 1e2;
    let limit = subject.case.adds_at_most.unwrap_or(f64::INFINITY);
    ensure(
        added <= limit,
        format!("at most {limit} MB over the base"),
        format!("{added} MB"),
    )?;
    Ok(added)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn keys(value: &Value) -> Vec<String> {
    value
        .as_object()
        .map_or_else(Vec::new, |map| map.keys().cloned().collect())
}
