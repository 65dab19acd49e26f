//! The production image at rest: its configuration, its files, its size.
use std::collections::BTreeMap;

use serde_json::Value;

use crate::dockerfile::{shell, tables};
use crate::engine::claims::{Claims, Health};
use crate::engine::contents::Contents;
use crate::engine::error::{Result, all, ensure, refuted};
use crate::engine::image::{
    Content, Entry, Found, Needles, Node, Start, Starter, literal_words, starts,
};
use crate::engine::proof::Subject;
use crate::engine::report::{Added, Report, megabytes};

/// What only a build reads.
const BUILD_ONLY: [&str; 2] = ["Dockerfile", ".dockerignore"];
/// Whole names of what no image may hold. Bases may hold folders of these names' kind in their libraries, so only what
/// is over the base counts.
const NEVER: [&str; 6] = [".git", ".env", ".netrc", "id_rsa", "id_ed25519", "id_ecdsa"];
/// How many paths are told of a fault that many have.
const TOLD: usize = 10;

/// Looks at the image without running it.
pub(super) fn prove(subject: &Subject<'_>, report: &mut Report<'_>) {
    report.step(super::CONFIG, || configured(subject));
    report.step(super::COMMANDS, || commands(subject.contents()?));
    report.noted(super::LIBRARIES, |notes| {
        libraries(subject.contents()?, notes)
    });
    report.step(super::MACHINE, || machine(subject));
    report.step(super::LEAN, || lean(subject));
    report.step(super::TOOLS, || tools(subject.contents()?));
    report.step(super::SECRETS, || secrets(subject));
    if let Some((added, layers)) = report.step(super::SIZE, || added(subject)) {
        report.figures.added_mb = Some(added);
        report.figures.layers = layers;
    }
}

/// Everything that is wrong with it, not the first fault only: each is mended in another line.
fn configured(subject: &Subject<'_>) -> Result<()> {
    let contents = subject.contents()?;
    let config = &contents.archive.config["config"];
    let claims = subject.claims;
    let user = config["User"].as_str().unwrap_or_default();
    let numeric = ensure(
        is_plain_user(user),
        "a numeric user other than root",
        format!("{user:?}"),
    );
    let mut proofs = vec![numeric];
    proofs.extend(exec_form(&contents.archive.config));
    proofs.push(ports(claims, config));
    proofs.push(labels(claims, config));
    proofs.push(health_check(claims, config));
    all(proofs)
}

fn ports(claims: &Claims, config: &Value) -> Result<()> {
    let ports = keys(&config["ExposedPorts"]);
    let expected: Vec<_> = claims
        .port()
        .map(|port| format!("{port}/tcp"))
        .into_iter()
        .collect();
    ensure(
        !claims.exposes || ports == expected,
        format!("exposed ports {expected:?}"),
        format!("{ports:?}"),
    )
}

fn labels(claims: &Claims, config: &Value) -> Result<()> {
    let labels = keys(&config["Labels"]);
    let missing: Vec<_> = claims
        .labels
        .iter()
        .filter(|label| !labels.contains(label))
        .collect();
    ensure(
        missing.is_empty(),
        format!("labels {missing:?}"),
        format!("{labels:?}"),
    )
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
fn exec_form(config: &Value) -> Vec<Result<()>> {
    let starts = starts(config);
    starts.iter().flat_map(exec_form_of).collect()
}

fn exec_form_of(start: &Start) -> [Result<()>; 3] {
    let shown = format!("{} {:?}", start.from, start.words);
    let is_entry = !start.from.starts_with("HEALTH");
    let strange = literal_words(start);
    [
        ensure(!start.words.is_empty(), start.from, "neither"),
        ensure(
            !(is_entry && start.by_shell),
            "ENTRYPOINT and CMD in exec form",
            shown.as_str(),
        ),
        ensure(
            strange.is_empty(),
            "no word in an exec form that only a shell understands",
            format!("{strange:?} in {shown}"),
        ),
    ]
}

fn health_check(claims: &Claims, config: &Value) -> Result<()> {
    let test = &config["Healthcheck"]["Test"];
    match (test[0].as_str().unwrap_or_default(), claims.health) {
        (_, Health::Unsaid) | ("CMD", Health::Checked) | ("NONE", Health::None) => Ok(()),
        (_, Health::Checked) => Err(refuted("a health check in exec form", test.to_string())),
        (_, Health::None) => Err(refuted("`HEALTHCHECK NONE`, said aloud", test.to_string())),
    }
}

fn commands(contents: &Contents) -> Result<()> {
    let starter = Starter::new(&contents.root, &contents.archive.config);
    for start in starts(&contents.archive.config) {
        let word = start.words.first().map(String::as_str).unwrap_or_default();
        if let Err(why) = starter.follow(word) {
            return Err(refuted(
                format!("a program to start for {}", start.from),
                why,
            ));
        }
    }
    Ok(())
}

/// The programs that the image starts, with their interpreters; those that are not there are another step's.
fn programs(contents: &Contents) -> Vec<Found<'_>> {
    let starter = Starter::new(&contents.root, &contents.archive.config);
    let starts = starts(&contents.archive.config);
    let words = starts.iter().filter_map(|start| start.words.first());
    words
        .flat_map(|word| starter.follow(word).unwrap_or_default())
        .collect()
}

fn libraries(contents: &Contents, notes: &mut Vec<String>) -> Result<()> {
    let libraries = contents.libraries();
    let mut faults = Vec::new();
    let programs = programs(contents);
    for found in &programs {
        if let Node::File(Content::Elf(elf)) = &found.entry.node {
            faults.extend(libraries.faults(found.path, elf));
        }
    }
    let own = contents
        .root
        .all()
        .filter(|found| found.layer >= contents.base);
    for found in own.filter(|found| programs.iter().all(|program| program.path != found.path)) {
        let Node::File(Content::Elf(elf)) = &found.entry.node else {
            continue;
        };
        if let Some(fault) = libraries.module_fault(found.path, elf, contents.machine()) {
            faults.push(fault);
        } else if elf.machine == contents.machine() && !libraries.nowhere(elf).is_empty() {
            let missing = libraries.nowhere(elf).join(", ");
            notes.push(format!(
                "/{} names {missing}, which is nowhere in the image",
                found.path
            ));
        }
    }
    notes.truncate(TOLD);
    faults.dedup();
    let more = faults.len().saturating_sub(3);
    faults.truncate(3);
    if more > 0 {
        faults.push(format!("and {more} more"));
    }
    ensure(
        faults.is_empty(),
        "loaders and libraries of the right libc",
        faults.join("; "),
    )
}

fn machine(subject: &Subject<'_>) -> Result<()> {
    let contents = subject.contents()?;
    let machine = contents.machine();
    if let Some(platform) = &subject.project.platform {
        let wanted = platform.split('/').nth(1).unwrap_or_default();
        ensure(
            wanted == machine,
            format!("an image for {platform}"),
            machine,
        )?;
    }
    for found in programs(contents) {
        if let Node::File(Content::Elf(elf)) = &found.entry.node {
            ensure(
                elf.machine == machine,
                format!("/{} for {machine}", found.path),
                elf.machine.as_str(),
            )?;
        }
    }
    Ok(())
}

fn lean(subject: &Subject<'_>) -> Result<()> {
    let contents = subject.contents()?;
    let ends = |path: &str| {
        let absent = &subject.claims.absent;
        absent
            .iter()
            .any(|end| format!("/{path}").ends_with(end.as_str()))
    };
    let own = |found: &Found<'_>| found.layer >= contents.base && is_named(found.path, &BUILD_ONLY);
    let found = contents
        .root
        .all()
        .filter(|found| own(found) || ends(found.path));
    none(
        found.map(|found| format!("/{}", found.path)),
        "none of what only the build needs",
    )
}

/// What our layers bring that only helps an intruder. A newer one of what the base has, as of an upgrade, brings nothing.
fn tools(contents: &Contents) -> Result<()> {
    let layers = contents.archive.layers.iter().take(contents.base);
    let entries = layers.flat_map(|layer| &layer.entries);
    let before: BTreeMap<_, _> = entries.map(|entry| (entry.path.as_str(), entry)).collect();
    let own = contents
        .root
        .all()
        .filter(|found| found.layer >= contents.base);
    let found = own.filter_map(|found| {
        let before = before.get(found.path);
        if is_setuid(found.entry) && !before.is_some_and(|entry| is_setuid(entry)) {
            return Some(format!("/{} is setuid or setgid", found.path));
        }
        let (folder, name) = found.path.rsplit_once('/')?;
        let is_program =
            ["bin", "sbin"].contains(&shell::base_name(folder)) && found.entry.node != Node::Folder;
        let kind = tables::brought(name).filter(|_| is_program && before.is_none())?;
        Some(format!("/{} is a {kind}", found.path))
    });
    none(
        found,
        "no shell, compiler, package manager or setuid file over the base",
    )
}

fn is_setuid(entry: &Entry) -> bool {
    matches!(entry.node, Node::File(_)) && entry.mode & 0o6000 != 0
}

/// In any layer, not only in what is left at the end: a file that a later layer removes is still sent along.
fn secrets(subject: &Subject<'_>) -> Result<()> {
    let contents = subject.contents()?;
    let layers = contents.archive.layers.iter().skip(contents.base);
    let named = layers.flat_map(|layer| &layer.entries).filter(|entry| {
        is_named(&entry.path, &NEVER)
            || (entry.node == Node::File(Content::Key) && !tables::is_module(&entry.path))
    });
    none(
        named.map(|entry| format!("/{}", entry.path)),
        "no key, .env or .git in a layer",
    )?;
    traces(contents, &subject.needles())
}

/// What was given to the build stands in no layer, no line of the history and no variable.
pub(super) fn traces(contents: &Contents, needles: &Needles) -> Result<()> {
    let layers = contents.archive.layers.iter().skip(contents.base);
    let leaked = layers.flat_map(|layer| &layer.secrets);
    none(
        leaked.map(|(path, secret)| format!("{secret} in /{path}")),
        "no secret of the build in a layer",
    )?;
    let config = contents.archive.config.to_string();
    let told = needles
        .iter()
        .filter(|(_, needle)| config.contains(&*String::from_utf8_lossy(needle)));
    none(
        told.map(|(name, _)| name.clone()),
        "no secret of the build in the history or the environment",
    )
}

fn none(found: impl Iterator<Item = String>, wanted: &str) -> Result<()> {
    let mut found: Vec<_> = found.take(TOLD + 1).collect();
    if found.len() > TOLD {
        "and more".clone_into(&mut found[TOLD]);
    }
    ensure(found.is_empty(), wanted, found.join(", "))
}

fn is_named(path: &str, names: &[&str]) -> bool {
    path.split('/').any(|part| names.contains(&part))
}

/// In MB, and by layer; against the limit, if there is one.
fn added(subject: &Subject<'_>) -> Result<(f64, Vec<Added>)> {
    let contents = subject.contents()?;
    let makers = contents.archive.makers();
    let layers = contents
        .archive
        .layers
        .iter()
        .enumerate()
        .skip(contents.base);
    let added = megabytes(layers.clone().map(|(_, layer)| layer.bytes()).sum());
    let limit = subject.claims.adds_at_most.unwrap_or(f64::INFINITY);
    ensure(
        added <= limit,
        format!("at most {limit} MB over the base"),
        format!("{added} MB"),
    )?;
    let layers = layers.map(|(at, layer)| Added {
        instruction: makers
            .get(at)
            .copied()
            .unwrap_or_default()
            .trim_end_matches(" # buildkit")
            .to_owned(),
        mb: megabytes(layer.bytes()),
    });
    Ok((added, layers.collect()))
}

fn keys(value: &Value) -> Vec<String> {
    value
        .as_object()
        .map_or_else(Vec::new, |map| map.keys().cloned().collect())
}
