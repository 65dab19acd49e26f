//! Next steps: true for this plan, and ready to be pasted.
use camino::Utf8Path;

use super::session::{Session, shown};
use crate::plan::{Plan, substitute};
use crate::render::quote;
use crate::spec::{NextStep, Value, core_next_steps};

/// The most that is shown.
const MOST: usize = 5;

/// The steps of this plan.
pub(super) fn steps(plan: &Plan, session: &Session<'_>) -> Vec<NextStep> {
    let own = plan.language.manifest.next.iter().cloned();
    core_next_steps()
        .into_iter()
        .chain(own)
        .filter(|step| plan.holds(&step.when) && (session.with_sample || !step.sample))
        .take(MOST)
        .map(|step| NextStep {
            run: fill(&step.run, plan, session),
            ..step
        })
        .collect()
}

fn fill(text: &str, plan: &Plan, session: &Session<'_>) -> String {
    substitute(text, |key| match key {
        "dir" => Some(quote::shell(&session.shown)),
        "secrets" => Some(secrets(plan)),
        "passwords" => Some(passwords(plan, session)),
        "platforms" => Some(plan.value(key)?.texts().join(",")),
        _ => plan.value(key).map(Value::display),
    })
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
