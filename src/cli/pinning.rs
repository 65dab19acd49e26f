//! Base images by digest: what only a registry knows, asked by `update` and `diff` and by nothing else.
use std::collections::{BTreeMap, BTreeSet};

use super::failure::Failure;
use super::session::Session;
use crate::exit::Exit;
use crate::plan::Plan;
use crate::registry;
use crate::report::Diagnostic;
use crate::workspace::lock;

/// The plans with the digests that the registries give today; with `offline`, with those of the lock.
pub(super) fn plans(session: &mut Session<'_>, offline: bool) -> Result<Vec<Plan>, Failure> {
    let plans = session.plans()?;
    if offline || plans.iter().all(|plan| plan.pins.wanted.is_empty()) {
        refuse_missing(session, &plans)?;
        return Ok(plans);
    }
    let mut known = BTreeMap::new();
    for plan in &plans {
        for reference in &plan.pins.wanted {
            if !known.contains_key(reference) {
                let digest = registry::digest(reference).map_err(|error| failure(&error))?;
                known.insert(reference.clone(), digest);
            }
        }
    }
    for plan in &plans {
        let resolved = match &plan.service {
            None => &mut session.lock.resolved,
            Some(service) => session
                .lock
                .services
                .entry(service.name.clone())
                .or_default(),
        };
        resolved.digests.clone_from(&known);
    }
    session.plans()
}

fn failure(error: &registry::Error) -> Failure {
    let diagnostic = Diagnostic::error("no-digest", error.to_string());
    let diagnostic = match error {
        registry::Error::NoClient { known, .. } => {
            diagnostic.help(format!("install one of these: {}", known.join(", ")))
        }
        registry::Error::Failed { reasons, .. } => {
            let told = reasons.iter().cloned();
            told.fold(diagnostic, Diagnostic::because)
                .help("log in or mend the connection; --offline takes the digests of scaffold.lock")
        }
    };
    Failure::new(
        Exit::Refused,
        vec![diagnostic.because("nothing was changed by this run")],
    )
}

/// Without a digest there is nothing to write.
pub(super) fn refuse_missing(session: &Session<'_>, plans: &[Plan]) -> Result<(), Failure> {
    match missing(session, plans) {
        Some(diagnostic) => Err(Failure::usage(diagnostic)),
        None => Ok(()),
    }
}

/// The images that the spec wants by digest and the lock does not know.
pub(super) fn missing(session: &Session<'_>, plans: &[Plan]) -> Option<Diagnostic> {
    let missing = plans.iter().flat_map(|plan| plan.pins.missing.clone());
    let missing: BTreeSet<_> = missing.collect();
    if missing.is_empty() {
        return None;
    }
    let dir = &session.shown;
    let help = if session.with_spec {
        "make it with tags; then images.pin = \"digest\" in scaffold.toml, and scaffold update"
            .to_owned()
    } else {
        format!("scaffold update {dir}, which asks the registry")
    };
    let message = format!(
        "no digest is recorded in {} for {}",
        lock::FILE,
        missing.into_iter().collect::<Vec<_>>().join(", ")
    );
    let mut pins = plans
        .iter()
        .filter_map(|plan| plan.values.get("images.pin"));
    let place = pins.find_map(|pin| pin.source.place());
    Some(
        Diagnostic::error("no-digest", message)
            .at_maybe(place, "")
            .help(help),
    )
}

/// With `--locked`, the lock says what is meant.
pub(super) fn refuse_change(lock: Option<&str>) -> Result<(), Failure> {
    if lock.is_none() {
        return Ok(());
    }
    let message = format!(
        "{} would change, and --locked says that it must not",
        lock::FILE
    );
    let diagnostic = Diagnostic::error("lock-would-change", message)
        .because("nothing was changed by this run")
        .help("run it without --locked, look at the change, and commit it");
    Err(Failure::new(Exit::Findings, vec![diagnostic]))
}
