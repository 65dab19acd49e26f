//! Several services whose files stand beside each other: names that would mean two things in one of them.
use std::collections::BTreeMap;

use super::Plan;
use crate::report::Diagnostic;

/// All that cannot be.
pub fn judge(plans: &[Plan]) -> Vec<Diagnostic> {
    let mut found = images(plans);
    for plan in plans {
        found.extend(beside(plan, plans));
        found.extend(target(plan, plans));
    }
    found
}

fn is_on(plan: &Plan, key: &str) -> bool {
    plan.value(key).is_some_and(crate::spec::Value::is_present)
}

fn name(plan: &Plan) -> &str {
    plan.service
        .as_ref()
        .map_or("", |service| service.name.as_str())
}

fn fault(plan: &Plan, key: &str, message: String) -> Diagnostic {
    let place = plan.values.get(key).and_then(|value| value.source.place());
    Diagnostic::error("cannot-go-together", message).at_maybe(place, "")
}

/// compose.yaml starts what services need under the need's own name.
fn beside(plan: &Plan, plans: &[Plan]) -> Option<Diagnostic> {
    let own = name(plan);
    let taken =
        is_on(plan, "files.compose") && plans.iter().any(|other| other.needs.contains_key(own));
    taken.then(|| {
        let message = format!(
            "compose.yaml cannot hold the service `{own}` beside the `{own}` that is needed"
        );
        fault(plan, "files.compose", message).help("another name for the service")
    })
}

/// docker-bake.hcl has a target and a release of each service, and a group of both.
fn target(plan: &Plan, plans: &[Plan]) -> Option<Diagnostic> {
    let own = name(plan);
    let is_release = own
        .strip_suffix("-release")
        .is_some_and(|other| plans.iter().any(|plan| name(plan) == other));
    let taken = ["default", "release"].contains(&own) || is_release;
    (is_on(plan, "files.bake") && taken).then(|| {
        let message =
            format!("docker-bake.hcl cannot hold a service `{own}`: it means something else there");
        fault(plan, "files.bake", message).help("another name for the service")
    })
}

/// Files that build all services give each image its name.
fn images(plans: &[Plan]) -> Vec<Diagnostic> {
    let building = [
        "files.compose",
        "files.bake",
        "files.github",
        "files.gitlab",
    ];
    let Some(key) = plans
        .iter()
        .flat_map(|plan| building.iter().filter(|key| is_on(plan, key)))
        .next()
    else {
        return Vec::new();
    };
    let mut named: BTreeMap<&str, &Plan> = BTreeMap::new();
    let mut found = Vec::new();
    for plan in plans {
        let image = plan.text("name");
        if let Some(other) = named.insert(image, plan) {
            let (one, two) = (name(other), name(plan));
            let message = format!("`{one}` and `{two}` would both be the image `{image}`");
            found.push(fault(plan, "name", message).because(format!("{key} builds both")));
        }
    }
    found
}
