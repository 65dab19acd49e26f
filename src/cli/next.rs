//! Next steps: true for this plan, and ready to be pasted.
use std::collections::BTreeSet;

use camino::Utf8Path;

use super::session::{Session, shown};
use crate::plan::{Plan, substitute};
use crate::render::quote;
use crate::spec::{NextStep, Value, core_next_steps};

/// The most that is shown of one project.
const MOST: usize = 5;
/// The same of each of several services: how it is built, and how it is run.
const MOST_OF_SERVICE: usize = 2;

/// The steps of these plans.
pub(super) fn steps(plans: &[Plan], session: &Session<'_>) -> Vec<NextStep> {
    let of_each = plans.iter().flat_map(|plan| of(plan, session));
    of_each.chain(of_all(plans, session)).collect()
}

/// What services are given together, after the steps of each.
fn of_all(plans: &[Plan], session: &Session<'_>) -> Vec<NextStep> {
    let steps = core_next_steps().into_iter().filter(|step| step.once);
    let steps = steps.filter_map(|step| {
        let plan = plans
            .iter()
            .find(|plan| plan.service.is_some() && plan.holds(&step.when))?;
        let run = substitute(&step.run, |key| match key {
            "passwords" => Some(passwords(plans, session)),
            _ => value(key, plan, session),
        });
        Some(NextStep { run, ..step })
    });
    steps.collect()
}

fn of(plan: &Plan, session: &Session<'_>) -> Vec<NextStep> {
    let own = plan.language.manifest.next.iter().cloned();
    let most = match plan.service {
        // Compose runs it, with all others.
        Some(_) if plan.value("files.compose") == Some(&Value::Bool(true)) => 1,
        Some(_) => MOST_OF_SERVICE,
        None => MOST,
    };
    core_next_steps()
        .into_iter()
        .chain(own)
        .filter(|step| plan.holds(&step.when) && (session.with_sample || !step.sample))
        .filter(|step| plan.service.is_none() || !step.once)
        .take(most)
        .map(|step| NextStep {
            run: substitute(&step.run, |key| value(key, plan, session)),
            ..step
        })
        .collect()
}

fn value(key: &str, plan: &Plan, session: &Session<'_>) -> Option<String> {
    match key {
        "root" => Some(quote::shell(&session.shown)),
        "dir" => Some(folder(plan, session)),
        "secrets" => Some(secrets(plan)),
        "development" => Some(development(plan, session)),
        "passwords" => Some(passwords(std::slice::from_ref(plan), session)),
        "platforms" => Some(plan.value(key)?.texts().join(",")),
        _ => plan.value(key).map(Value::display),
    }
}

/// What `docker build` is given: the folder, and the Dockerfile where it would not find it there.
fn folder(plan: &Plan, session: &Session<'_>) -> String {
    let dir = Utf8Path::new(&session.shown);
    let context = match plan.context().as_str() {
        "." => session.shown.clone(),
        context => shown(dir, context),
    };
    let context = quote::shell(&context);
    if plan.is_plain() {
        return context;
    }
    let dockerfile = quote::shell(&shown(dir, &plan.dockerfile()));
    format!("-f {dockerfile} {context}")
}

/// How a container of the development stage is given the source, as the user who edits it; group 0 may write where the
/// image has caches.
fn development(plan: &Plan, session: &Session<'_>) -> String {
    let Some(stage) = plan.development() else {
        return String::new();
    };
    let keep = stage.keep.iter();
    let keep = keep.map(|path| format!(" -v {}/{path}", stage.folder));
    let port = match plan.value("port") {
        Some(Value::Integer(port)) => format!("-p {port}:{port} "),
        _ => String::new(),
    };
    format!(
        "-u \"$(id -u):$(id -g)\" --group-add 0 {port}-v \"$(cd {root} && pwd)\":{folder}{keep}",
        root = quote::shell(&session.shown),
        folder = stage.folder,
        keep = keep.collect::<String>(),
    )
}

/// The flags that hand in the secrets which the Dockerfile mounts, with a blank behind each. Where a secret of the
/// spec lies, only the user knows: a file of its name stands for it.
fn secrets(plan: &Plan) -> String {
    let own = plan.language.manifest.secret.iter();
    let own = own
        .filter(|secret| plan.holds(&secret.when))
        .map(|secret| format!("--secret id={},src={} ", secret.id, secret.source));
    let ids = plan.value("build.secrets").map(Value::texts);
    let said = ids.unwrap_or_default().into_iter();
    own.chain(said.map(|id| format!("--secret id={id},src={id} ")))
        .collect()
}

/// What makes up a password for each need that has one.
fn passwords(plans: &[Plan], session: &Session<'_>) -> String {
    let needs: BTreeSet<_> = plans.iter().flat_map(|plan| plan.needs.keys()).collect();
    let needs = needs.into_iter();
    let needs = needs.filter_map(|name| crate::language::needs().get(name));
    let secrets = needs.map(|need| need.secret.as_str());
    let commands: Vec<_> = secrets
        .filter(|secret| !secret.is_empty())
        .map(|secret| {
            let path = shown(Utf8Path::new(&session.shown), &format!(".secrets/{secret}"));
            format!("openssl rand -hex 32 > {}", quote::shell(&path))
        })
        .collect();
    commands.join(" && ")
}
