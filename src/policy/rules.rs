//! What a policy finds wrong with a plan.
use super::file::{Policy, Said, Wanted};
use super::words;
use crate::dockerfile::view::days_between;
use crate::image::ends::End;
use crate::plan::Plan;
use crate::report::{Diagnostic, Place, Severity};
use crate::spec::value::toml_text;
use crate::spec::{Source, Value, check};

/// The label that every generated image has: its name.
const TITLE: &str = "org.opencontainers.image.title";

/// A finding of a rule: at a place of the project, if there is one, against a place of the policy.
pub(super) fn finding(
    id: &str,
    message: String,
    (at, policy): (Option<&Place>, &Place),
) -> Diagnostic {
    let Some(rule) = words::find(id) else {
        unreachable!("templates/policy.toml has no rule {id}");
    };
    let found = match rule.severity() {
        Severity::Warning => Diagnostic::warning(&rule.id, message),
        _ => Diagnostic::error(&rule.id, message),
    };
    // A value that the policy itself gave has no place in the project.
    let at = at.filter(|at| at.document != policy.document);
    found.at_maybe(at, "").against(policy, rule.id.as_str())
}

/// All that is wrong with a plan.
pub(super) fn judge(policy: &Policy, plan: &Plan, today: &str) -> Vec<Diagnostic> {
    let mut found = images(policy, plan, today);
    found.extend(labels(policy, plan));
    found.extend(user(policy, plan));
    found.extend(required(policy, plan));
    found.extend(forbidden(policy, plan));
    found
}

/// Where the spec says one of these keys, or else what it is about: something that it lacks has no line.
fn place<'a>(plan: &'a Plan, keys: &[&str]) -> Option<&'a Place> {
    let sources = keys.iter().filter_map(|key| plan.values.get(*key));
    let said = sources
        .map(|sourced| &sourced.source)
        .find_map(Source::place);
    let spec = plan.values.get("lang").map(|sourced| &sourced.source);
    said.or_else(|| match spec? {
        Source::Spec(place) => Some(place),
        _ => None,
    })
}

fn images(policy: &Policy, plan: &Plan, today: &str) -> Vec<Diagnostic> {
    let bases = [&plan.build, &plan.production]
        .into_iter()
        .chain(plan.tools.values());
    let bases: Vec<_> = bases.map(|image| image.reference.as_str()).collect();
    let others = plan.needs.values().chain(plan.further.values());
    let others = others.map(|image| image.reference.as_str());
    let frontend = plan.value("syntax").and_then(Value::as_text);
    let pulled = bases.iter().copied().chain(others).chain(frontend);
    let registry = place(plan, &["images.registry"]);
    let mut found: Vec<_> = pulled
        .filter_map(|image| foreign(policy, image, registry))
        .collect();
    let base = place(plan, &["runtime", "version"]);
    for image in bases {
        found.extend(unlisted(policy, image, base));
        // No line of the spec is at fault: `check` has the one of the Dockerfile.
        found.extend(ending(policy, image, (None, today)));
    }
    let mut kept: Vec<Diagnostic> = Vec::new();
    for one in found {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

/// An image from a registry that is not allowed.
pub(super) fn foreign(policy: &Policy, image: &str, at: Option<&Place>) -> Option<Diagnostic> {
    if is_none(image) {
        return None;
    }
    let host = policy.foreign_registry(image)?;
    let mirror = policy.mirror.as_ref();
    let said = policy.registries.as_ref().map(|said| &said.place);
    let against = mirror.map(|said| &said.place).or(said)?;
    let allowed = mirror.map(|said| &said.value).into_iter();
    let listed = policy.registries.iter().flat_map(|said| &said.value);
    let allowed: Vec<_> = allowed.chain(listed).map(String::as_str).collect();
    let message = format!("{image} comes from {host}, which is not allowed");
    let found = finding("policy/registry", message, (at, against));
    let found = found.because(format!("allowed: {}", allowed.join(", ")));
    Some(match mirror {
        Some(mirror) => found.help(format!("images.registry = \"{}\"", mirror.value)),
        None => found,
    })
}

/// A base that is not on the list.
pub(super) fn unlisted(policy: &Policy, image: &str, at: Option<&Place>) -> Option<Diagnostic> {
    let allow = policy.allow.as_ref()?;
    if is_none(image) || policy.allows(image) {
        return None;
    }
    let message = format!("{image} is not an allowed base image");
    let found = finding("policy/image", message, (at, &allow.place));
    Some(found.because(format!("allowed: {}", allow.value.join(", "))))
}

/// `scratch` is no image.
fn is_none(image: &str) -> bool {
    image == "scratch"
}

/// What a base is made of that has too little support left.
pub(super) fn ending(
    policy: &Policy,
    image: &str,
    (at, today): (Option<&Place>, &str),
) -> Vec<Diagnostic> {
    let Some(days) = &policy.support_days else {
        return Vec::new();
    };
    let ends = policy.ends(image, today).into_iter();
    let found = ends.filter_map(|end| too_soon(&end, days, (at, today)));
    found.collect()
}

fn too_soon(
    end: &End,
    days: &Said<i64>,
    (at, today): (Option<&Place>, &str),
) -> Option<Diagnostic> {
    let left = days_between(today, &end.date)?;
    if left >= days.value {
        return None;
    }
    let (what, date, wanted) = (&end.what, &end.date, days.value);
    let message = if left < 0 {
        format!("the support of {what} ended {date}")
    } else {
        format!("the support of {what} ends {date}, in {left} days; the policy wants {wanted}")
    };
    let found = finding("policy/end-of-life", message, (at, &days.place));
    Some(match &end.next {
        Some(next) => found.help(format!("{next} is supported longer")),
        None => found,
    })
}

/// What stands behind a line that a spec is to have.
pub const IN_SPEC: &str = ", in scaffold.toml";

fn labels(policy: &Policy, plan: &Plan) -> Vec<Diagnostic> {
    let at = place(plan, &["production.labels"]);
    let said = match plan.value("production.labels") {
        Some(Value::Map(entries)) => Some(entries),
        _ => None,
    };
    let wanted = policy.labels.iter().filter_map(|(name, wanted)| {
        let value = said.and_then(|entries| entries.get(name)?.as_text());
        let value = value.or_else(|| (name == TITLE).then(|| plan.text("name")));
        label(name, wanted, (value, at)).map(|found| match value {
            None => found.help(as_spec(name, &wanted.value) + IN_SPEC),
            Some(_) => found,
        })
    });
    wanted.collect()
}

fn as_spec(name: &str, wanted: &Wanted) -> String {
    let value = match wanted {
        Wanted::Value(value) => toml_text(value),
        Wanted::Pattern(..) => "\"…\"".to_owned(),
    };
    format!("production.labels.{} = {value}", toml_text(name))
}

/// A label that is missing or has another value.
pub(super) fn label(
    name: &str,
    wanted: &Said<Wanted>,
    (value, at): (Option<&str>, Option<&Place>),
) -> Option<Diagnostic> {
    let Some(value) = value else {
        let message = format!("the label {name} is missing");
        return Some(finding(
            "policy/label-missing",
            message,
            (at, &wanted.place),
        ));
    };
    let what = unfit(&wanted.value, value)?;
    let message = format!("the label {name} is {value:?} and {what}");
    Some(finding("policy/label-value", message, (at, &wanted.place)))
}

/// Why a label may not have this value.
pub(super) fn unfit(wanted: &Wanted, value: &str) -> Option<String> {
    match wanted {
        Wanted::Value(only) => (only != value).then(|| format!("must be {only:?}")),
        // What only the build knows is not compared.
        Wanted::Pattern(_, _) if value.contains('$') => None,
        Wanted::Pattern(pattern, regex) => {
            (!regex.is_match(value)).then(|| format!("must match {pattern}"))
        }
    }
}

/// The labels with a pattern that a plan lacks.
pub(super) fn missing_labels<'a>(policy: &'a Policy, plan: &Plan) -> Vec<&'a str> {
    let labels = plan.value("production.labels");
    let has = |name: &str| match labels {
        Some(Value::Map(entries)) => entries.contains_key(name),
        _ => false,
    };
    let wanted = policy.labels.iter();
    let wanted = wanted.filter(|(_, said)| matches!(said.value, Wanted::Pattern(..)));
    let names = wanted.map(|(name, _)| name.as_str());
    names.filter(|name| !has(name) && *name != TITLE).collect()
}

fn user(policy: &Policy, plan: &Plan) -> Option<Diagnostic> {
    let Value::Integer(user) = plan.value("production.user")? else {
        return None;
    };
    let at = place(plan, &["production.user"]);
    user_out_of_range(policy, &user.to_string(), at).map(|found| {
        let low = policy.users.as_ref().map(|range| *range.value.start());
        found.help(format!("production.user = {}{IN_SPEC}", low.unwrap_or(1)))
    })
}

/// A user that is not a number in the range.
pub(super) fn user_out_of_range(
    policy: &Policy,
    user: &str,
    at: Option<&Place>,
) -> Option<Diagnostic> {
    let range = policy.users.as_ref()?;
    let number = user.parse::<i64>().ok();
    if number.is_some_and(|number| range.value.contains(&number)) {
        return None;
    }
    let (low, high) = (range.value.start(), range.value.end());
    let message =
        format!("the program runs as {user}; the policy wants a number from {low} to {high}");
    Some(finding("policy/user", message, (at, &range.place)))
}

fn required(policy: &Policy, plan: &Plan) -> Vec<Diagnostic> {
    let found = policy.require.iter().filter_map(|(key, wanted)| {
        let field = plan.fields.iter().find(|field| field.key == *key)?;
        let applies = plan.holds(&field.when) && check::check(field, &wanted.value).is_ok();
        let value = plan.value(key);
        if !applies || value.is_some_and(|value| meets(value, &wanted.value)) {
            return None;
        }
        let shown = |value: &&Value| value.is_present() || **value == Value::Bool(false);
        let is = value.filter(shown).map(Value::to_toml);
        let is = is.map_or_else(|| "is not there".to_owned(), |value| format!("is {value}"));
        let message = format!(
            "`{key}` {is}, and the policy requires {}",
            wanted.value.to_toml()
        );
        let at = place(plan, &[key]);
        let found = finding("policy/required", message, (at, &wanted.place));
        Some(found.help(format!("{key} = {}{IN_SPEC}", wanted.value.to_toml())))
    });
    found.collect()
}

/// Whether a value is the wanted one, or holds at least what the wanted one does.
pub(super) fn meets(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::List(items), Value::List(wanted)) => wanted.iter().all(|item| items.contains(item)),
        (Value::Map(entries), Value::Map(wanted)) => wanted
            .iter()
            .all(|(key, item)| entries.get(key) == Some(item)),
        (value, wanted) => value == wanted,
    }
}

fn forbidden(policy: &Policy, plan: &Plan) -> Vec<Diagnostic> {
    let found = policy.forbid.iter().filter_map(|one| {
        let field = plan.fields.iter().find(|field| field.key == one.key)?;
        let value = plan.value(&one.key).filter(|_| plan.holds(&field.when))?;
        let message = format!("`{} = {}` is forbidden", one.key, value.to_toml());
        let at = place(plan, &[&one.key]);
        let found = || finding("policy/forbidden", message, (at, &one.place));
        one.forbids(value).then(|| found().because(one.words()))
    });
    found.collect()
}
