//! Next steps: true for this plan, and ready to be pasted.
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
    let all = plans.iter().flat_map(|plan| of(plan, session));
    all.collect()
}

fn of(plan: &Plan, session: &Session<'_>) -> Vec<NextStep> {
    let own = plan.language.manifest.next.iter().cloned();
    let most = match plan.service {
        Some(_) => MOST_OF_SERVICE,
        None => MOST,
    };
    core_next_steps()
        .into_iter()
        .chain(own)
        .filter(|step| plan.holds(&step.when) && (session.with_sample || !step.sample))
        .take(most)
        .map(|step| NextStep {
            run: fill(&step.run, plan, session),
            ..step
        })
        .collect()
}

fn fill(text: &str, plan: &Plan, session: &Session<'_>) -> String {
    substitute(text, |key| match key {
        "dir" => Some(folder(plan, session)),
        "secrets" => Some(secrets(plan)),
        "passwords" => Some(passwords(plan, session)),
        "platforms" => Some(plan.value(key)?.texts().join(",")),
        _ => plan.value(key).map(Value::display),
    })
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
fn passwords(plan: &Plan, session: &Session<'_>) -> String {
    let needs = plan.needs.keys();
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
